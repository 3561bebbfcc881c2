"""Forms of visits and samples."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.running import VISIT_RESULT_TITLES, VISIT_TITLES, VisitKind
from liaoyuan.ui.forms import DateField

_DRAWN = (VisitKind.RANDOM, VisitKind.RISK)


class DrawForm(forms.Form):
    """A sample."""

    kind = forms.ChoiceField(
        label=lazy("方式"), choices=[(str(kind), VISIT_TITLES[kind]) for kind in _DRAWN], widget=forms.RadioSelect
    )
    many = forms.IntegerField(label=lazy("抽取几个"), min_value=1, max_value=10_000)
    planned_on = DateField(label=lazy("计划走访日期"), required=False)


class PlanForm(forms.Form):
    """A visit of one's own."""

    planned_on = DateField(label=lazy("计划走访日期"), required=False)


class RecordForm(forms.Form):
    """What was seen."""

    visited_on = DateField(label=lazy("走访日期"))
    visitors = forms.CharField(label=lazy("走访人"), max_length=80, help_text=lazy("两人以上"))
    seen = forms.CharField(
        label=lazy("看到的情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=lazy("活动、人数、资料、资金；与工作记录是否相符"),
    )  # fmt: skip
    faults = forms.CharField(
        label=lazy("发现的问题"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("没有问题的不填；写了的，组织可以回复"),
    )  # fmt: skip


class ReplyForm(forms.Form):
    """What the body says."""

    text = forms.CharField(label=lazy("回复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class CloseForm(forms.Form):
    """What it comes to."""

    result = forms.ChoiceField(label=lazy("结果"), choices=list(VISIT_RESULT_TITLES.items()), widget=forms.RadioSelect)
    conclusion = forms.CharField(
        label=lazy("结论"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("采纳或不采纳回复的，写明理由"),
    )  # fmt: skip
    mend_by = DateField(label=lazy("整改期限"), required=False, help_text=lazy("结果为须整改的填写"))


def initial(many: int) -> dict[str, Any]:
    """What a form of a sample begins with."""
    return {"kind": str(VisitKind.RANDOM), "many": max(1, many)}
