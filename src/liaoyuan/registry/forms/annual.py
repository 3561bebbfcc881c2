"""Forms of annual reports: a round's dates, the query of its list, one step of the report, an office's words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.models import Area
from liaoyuan.registry.choices import ANNUAL_RESULT_TITLES, FIELD_TITLES, KIND_TITLES, REGISTERED
from liaoyuan.registry.models.annual import JUDGED
from liaoyuan.registry.params.annual_form import PARTY_FORM_TITLES, FormField, Step
from liaoyuan.registry.params.annual_words import ANNUAL_STATE_TITLES
from liaoyuan.registry.queries.annual import NO_STREET, Term
from liaoyuan.ui.forms import DateField, MoneyField

_MOST_COUNT = 10_000_000
_MOST_FEN = 10**15
_DAYS = ("cutoff_on", "supervisor_due", "review_due", "registrar_due")
_DAY_TITLES = {
    "cutoff_on": lazy("登记截止日"), "supervisor_due": lazy("报主管单位截止日"),
    "review_due": lazy("主管单位初审截止日"), "registrar_due": lazy("报登记机关截止日"),
}  # fmt: skip


class TermsForm(forms.Form):
    """The dates of a round, one set per type; foundations have no step at a supervising authority."""

    notice = forms.CharField(label=lazy("通知文号"), max_length=120, required=False,
                             help_text=lazy("当年年检通知的文号或标题"))  # fmt: skip
    audit_fields = forms.MultipleChoiceField(
        label=lazy("须附审计报告的民办非企业单位行业"), choices=list(FIELD_TITLES.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, terms: Sequence[Term], audit: Sequence[str] = (), notice: str = "",
                 whole: bool = True, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.terms = list(terms)
        self.initial.setdefault("audit_fields", list(audit))
        self.initial.setdefault("notice", notice)
        if not whole:
            del self.fields["notice"], self.fields["audit_fields"]
        for term in self.terms:
            for name in _DAYS:
                day = getattr(term, name)
                if name in ("supervisor_due", "review_due") and day is None:
                    continue
                self.fields[f"{term.kind}_{name}"] = DateField(label=_DAY_TITLES[name])
                self.initial.setdefault(f"{term.kind}_{name}", day)

    @property
    def groups(self) -> list[tuple[str, list[str]]]:
        """(words of a type, names of its fields)."""
        return [
            (
                _(KIND_TITLES[next(k for k in REGISTERED if str(k) == term.kind)]),
                [f"{term.kind}_{name}" for name in _DAYS if f"{term.kind}_{name}" in self.fields],
            )
            for term in self.terms
        ]

    def chosen(self) -> list[Term]:
        """The dates as they were fixed."""
        told = self.cleaned_data
        return [
            Term(
                term.kind, told[f"{term.kind}_cutoff_on"], told.get(f"{term.kind}_supervisor_due"),
                told.get(f"{term.kind}_review_due"), told[f"{term.kind}_registrar_due"], term.copied,
            )
            for term in self.terms
        ]  # fmt: skip


class YearForm(forms.Form):
    """For which registrar and year a round is opened."""

    area = forms.ChoiceField(label=lazy("登记机关所在区划"))
    year = forms.IntegerField(label=lazy("年度"), min_value=2000, max_value=2100,
                              help_text=lazy("报告所说的年度，次年报送"))  # fmt: skip

    def __init__(self, *args: Any, areas: Sequence[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [(a.code, a.name) for a in areas]  # type: ignore[attr-defined]


class ReportQueryForm(forms.Form):
    """The query above the reports of a round."""

    q = forms.CharField(label=lazy("名称、代码或主管单位"), max_length=60, required=False)
    state = forms.ChoiceField(label=lazy("状态"), required=False)
    kind = forms.ChoiceField(label=lazy("类型"), required=False)
    street = forms.ChoiceField(label=lazy("街道"), required=False)
    result = forms.ChoiceField(label=lazy("结论"), required=False)
    due = forms.ChoiceField(label=lazy("期限"), required=False)

    def __init__(self, *args: Any, streets: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("全部"))]
        kinds = [(str(k), _(KIND_TITLES[k])) for k in REGISTERED]
        for name, choices in (
            ("state", [(str(k), _(v)) for k, v in ANNUAL_STATE_TITLES.items()]),
            ("kind", kinds),
            ("street", [*((str(pk), name) for pk, name in streets), (NO_STREET, _("未填"))]),
            ("result", [(k, _(v)) for k, v in ANNUAL_RESULT_TITLES.items()]),
            ("due", [("late", _("已逾期")), ("soon", _("30 日内到期")), ("made_up", _("补报"))]),
        ):
            self.fields[name].choices = every + choices  # type: ignore[attr-defined]


class WordForm(forms.Form):
    """On whose word an office fills a form in (代填)."""

    word_via = forms.ChoiceField(
        label=lazy("代填方式"), choices=[("phone", lazy("电话")), ("paper", lazy("纸质材料")), ("visit", lazy("当面"))]
    )
    word_by = forms.CharField(label=lazy("按谁的说法"), max_length=60)

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        if own:
            del self.fields["word_via"], self.fields["word_by"]

    def on_behalf(self) -> str:
        """As the event keeps it; empty for the body itself."""
        if self.own:
            return ""
        words = dict(self.fields["word_via"].choices)  # type: ignore[attr-defined]
        return f"{words[self.cleaned_data['word_via']]}：{self.cleaned_data['word_by']}"


def _made(field: FormField) -> forms.Field:
    label, text = _(field.title), _(field.help) if field.help else ""
    if field.shape == "count":
        return forms.IntegerField(label=label, help_text=text, required=False, min_value=0, max_value=_MOST_COUNT)
    if field.shape == "fen":
        return BoundedMoney(label=label, required=False, help_text=text or _("单位：元"))
    if field.shape == "yes":
        return forms.TypedChoiceField(
            label=label, help_text=text, required=False, choices=[("", _("请选择")), ("1", _("是")), ("0", _("否"))],
            coerce=lambda value: value == "1", empty_value=None,
        )  # fmt: skip
    if field.shape == "day":
        return DateField(label=label, help_text=text, required=False)
    if field.shape == "party":
        choices = [("", _("请选择")), *((code, _(title)) for code, title in PARTY_FORM_TITLES.items())]
        return forms.ChoiceField(label=label, help_text=text, required=False, choices=choices)
    if field.shape == "pledge":
        return forms.BooleanField(label=label, help_text=text, required=False)
    return forms.CharField(label=label, help_text=text, required=False, max_length=4000,
                           widget=forms.Textarea(attrs={"rows": 4}))  # fmt: skip


class BoundedMoney(MoneyField):
    """Money that a database column takes; debts are written in their own field, so nothing is negative."""

    def to_python(self, value: Any) -> int | None:
        """The amount in fen, or None when left out."""
        fen = super().to_python(value)
        if fen is not None and not 0 <= fen <= _MOST_FEN:
            raise forms.ValidationError(_("金额应在 0 与 10 万亿元之间。"))
        return fen


class StepForm(WordForm):
    """One step of the report. What was kept while typing is shown again as it was typed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = []
        for field in step.of(kind):
            self.fields[field.name] = _made(field)
            self.names.append(field.name)

    def values(self) -> dict[str, Any]:
        """What the step says, in the columns' own shapes."""
        return {name: self.cleaned_data.get(name) for name in self.names}


class DayForm(WordForm):
    """The day on which a step happened."""

    on = DateField(label=lazy("日期"))


class ReviewForm(DayForm):
    """The supervising authority's first review."""

    passed = forms.ChoiceField(label=lazy("初审结果"), choices=[("1", lazy("通过")), ("0", lazy("退回修改"))])
    opinion = forms.CharField(label=lazy("初审意见"), max_length=200, required=False,
                              widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class ReturnForm(forms.Form):
    """What a body has to correct."""

    reason = forms.CharField(label=lazy("补正内容"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ConcludeForm(forms.Form):
    """The conclusion, on whose day it stands."""

    result = forms.ChoiceField(label=lazy("结论"))
    on = DateField(label=lazy("结论日期"))
    note = forms.CharField(label=lazy("说明"), max_length=300, required=False,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip

    def __init__(self, *args: Any, judged: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = JUDGED if judged else ("exempt", "missed")
        self.fields["result"].choices = [(c, _(ANNUAL_RESULT_TITLES[c])) for c in codes]  # type: ignore[attr-defined]


class LateForm(forms.Form):
    """Until when a late report (补报) is taken in, and why."""

    due_on = DateField(label=lazy("补报截止日"))
    note = forms.CharField(label=lazy("说明"), max_length=200, required=False,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class PublishForm(forms.Form):
    """From which day the conclusions are published."""

    begins_on = DateField(label=lazy("公示开始日期"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("begins_on", today)
