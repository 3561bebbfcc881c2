"""Short forms about a body: note, rating, honour, credit list."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.choices import ContactKind, Outcome
from liaoyuan.core.queries.reminders import CONTACT_TITLES, OUTCOME_TITLES
from liaoyuan.registry.choices import CREDIT_TITLES, HONOUR_LEVEL_TITLES, NOTE_TITLES, RATINGS, CreditStatus
from liaoyuan.ui.forms import DateField

#: What one mostly writes down after a call: one tap each.
OUTCOMES = (
    (Outcome.TOLD, lazy("已接，已告知"), "circle-check"),
    (Outcome.NO_ANSWER, lazy("未接"), "phone"),
    (Outcome.WRONG_NUMBER, lazy("号码有误"), "ban"),
)
#: Days that are promised mostly, counted from today: one tap each.
PROMISES = ((lazy("3 日内"), 3), (lazy("7 日内"), 7), (lazy("15 日内"), 15), (lazy("30 日内"), 30))


class CallForm(forms.Form):
    """What came of a call or a visit."""

    outcome = forms.ChoiceField(label=lazy("结果"), choices=list(OUTCOME_TITLES.items()))
    kind = forms.ChoiceField(label=lazy("方式"), choices=list(CONTACT_TITLES.items()), required=False)
    promised_on = DateField(label=lazy("承诺在哪一天前办理"), required=False)
    text = forms.CharField(label=lazy("备注（可以不填）"), required=False, max_length=100,
                           help_text=lazy("只写事实，不写对人的看法"))  # fmt: skip

    def clean_kind(self) -> str:
        """A call unless it says a visit."""
        return self.cleaned_data.get("kind") or ContactKind.CALL


class NoteForm(forms.Form):
    """A line for the timeline."""

    kind = forms.ChoiceField(label=lazy("类别"), choices=list(NOTE_TITLES.items()), initial="call")
    text = forms.CharField(label=lazy("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class RatingForm(forms.Form):
    """A rating with its end."""

    level = forms.ChoiceField(label=lazy("等级"), choices=[(level, level) for level in RATINGS])
    rated_on = DateField(label=lazy("评估时间"))
    until = DateField(label=lazy("有效期至"), required=False, help_text=lazy("不填则按有效年限推算"))
    evidence = forms.CharField(label=lazy("依据"), required=False, max_length=200, help_text=lazy("文号或公告"))


class HonourForm(forms.Form):
    """An honour."""

    title = forms.CharField(label=lazy("荣誉名称"), max_length=120)
    level = forms.ChoiceField(label=lazy("级别"), choices=list(HONOUR_LEVEL_TITLES.items()), initial="district")
    issuer = forms.CharField(label=lazy("颁发单位"), required=False, max_length=80)
    given_on = DateField(label=lazy("日期"))
    until = DateField(label=lazy("有效期至"), required=False, help_text=lazy("长期有效的不填"))
    evidence = forms.CharField(label=lazy("依据"), required=False, max_length=200)


class CreditForm(forms.Form):
    """An entry in a credit list."""

    list_kind = forms.ChoiceField(
        label=lazy("名单"), choices=[(k, v) for k, v in CREDIT_TITLES.items() if k != CreditStatus.NORMAL]
    )
    listed_on = DateField(label=lazy("列入日期"))
    arisen_on = DateField(label=lazy("信息产生日期"), required=False)
    reason = forms.CharField(label=lazy("列入事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(label=lazy("依据"), required=False, max_length=200, help_text=lazy("决定书文号"))


class RemovalForm(forms.Form):
    """The removal from a credit list."""

    removed_on = DateField(label=lazy("移出日期"))
    complied = forms.BooleanField(label=lazy("已履行义务或者改正（有证明材料）"), required=False)
    last_breach_on = DateField(label=lazy("列入后最近一次违法失信的日期"), required=False, help_text=lazy("没有的不填"))
    reason = forms.CharField(label=lazy("移出事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RemovalLetterForm(forms.Form):
    """The decision that takes a body off a list; its day is the day it is signed."""

    reason = forms.CharField(
        label=lazy("移出事由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("写入决定书，如：已补报 2025 年度工作报告"),
    )  # fmt: skip
    complied = forms.BooleanField(label=lazy("已履行义务或者改正（有证明材料）"), required=False)
    last_breach_on = DateField(label=lazy("列入后最近一次违法失信的日期"), required=False, help_text=lazy("没有的不填"))


def today(form: forms.Form, name: str, on: date) -> Any:
    """The form with today in a field that is still empty."""
    form.initial.setdefault(name, on.isoformat())
    return form
