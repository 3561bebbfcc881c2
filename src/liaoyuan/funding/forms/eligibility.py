"""Forms of the examination: the list's questions, reasons."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.review import STEP_TITLES

_ALL = ("", lazy("全部"))
_MOST = 1000


class ExaminationsForm(forms.Form):
    """What one may ask of the list of applications to examine."""

    q = forms.CharField(label=lazy("项目、组织或编号"), required=False, max_length=60)
    step = forms.ChoiceField(label=lazy("审查情况"), required=False, choices=[_ALL, *STEP_TITLES.items()])


class AnswerForm(forms.Form):
    """Why a finding may stand; empty takes the answer back."""

    reason = forms.CharField(label=lazy("说明"), required=False, max_length=_MOST)


class BarForm(forms.Form):
    """Why an application is barred, as its applicant reads it."""

    reason = forms.CharField(
        label=lazy("书面理由"), max_length=_MOST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=lazy("申报组织看到的就是这段话：不符合哪一条、依据是什么"),
    )  # fmt: skip


class DisagreeForm(forms.Form):
    """Why the second person does not agree."""

    reason = forms.CharField(label=lazy("不同意的理由"), max_length=200)
