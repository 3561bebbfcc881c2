"""Forms of audits, sanctions and commendations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.money import MISCONDUCT_TITLES, SANCTION_TITLES
from liaoyuan.funding.choices.running import AUDIT_TITLES
from liaoyuan.ui.forms import DateField

_MOST_BYTES = 20 * 2**20


class AuditForm(forms.Form):
    """An audit with its report."""

    auditor = forms.CharField(label=lazy("审计机构"), max_length=80)
    reported_on = DateField(label=lazy("报告日期"))
    conclusion = forms.ChoiceField(label=lazy("结论"), choices=list(AUDIT_TITLES.items()))
    note = forms.CharField(label=lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=lazy("审计报告"), max_length=120, help_text=lazy("PDF 或扫描图片，最大 20 MB"))

    def clean_file(self) -> Any:
        """No larger than a report may be."""
        file = self.cleaned_data["file"]
        if file.size > _MOST_BYTES:
            raise ValidationError(_("文件超过 20 MB。"))
        return file


class SanctionForm(forms.Form):
    """A proposed sanction."""

    grounds = forms.MultipleChoiceField(
        label=lazy("情形"), choices=list(MISCONDUCT_TITLES.items()), widget=forms.CheckboxSelectMultiple
    )
    found_on = DateField(label=lazy("认定日期"))
    measures = forms.MultipleChoiceField(
        label=lazy("处理"), choices=list(SANCTION_TITLES.items()), widget=forms.CheckboxSelectMultiple
    )
    facts = forms.CharField(label=lazy("事实和依据"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class TextForm(forms.Form):
    """What the body says."""

    text = forms.CharField(label=lazy("内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class DecideForm(forms.Form):
    """The decision of the second person."""

    agreed = forms.TypedChoiceField(
        label=lazy("决定"), choices=[("1", lazy("同意处理")), ("0", lazy("不予处理"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "1",
    )  # fmt: skip
    opinion = forms.CharField(label=lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    lifted = forms.TypedChoiceField(
        label=lazy("答复"), choices=[("0", lazy("维持处理")), ("1", lazy("撤销处理"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "1",
    )  # fmt: skip
    answer = forms.CharField(label=lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class CreditForm(forms.Form):
    """When it was entered into the credit record."""

    credit_on = DateField(label=lazy("记入日期"))


class CommendForm(forms.Form):
    """A commendation."""

    title = forms.CharField(label=lazy("称号"), max_length=60)
    reason = forms.CharField(label=lazy("事迹"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    given_on = DateField(label=lazy("表扬日期"))
