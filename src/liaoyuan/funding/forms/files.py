"""Forms of what comes in as a file: the application that was filled in offline."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.params.form_file import MOST_BYTES


class FilledForm(forms.Form):
    """A filled form, Word or workbook."""

    file = forms.FileField(label=lazy("填好的申报书"), help_text=lazy("docx 或 xlsx，最大 5 MB"), max_length=120)

    def clean_file(self) -> Any:
        """One of the two kinds, no larger than a form may be."""
        file = self.cleaned_data["file"]
        if not str(file.name).lower().endswith((".docx", ".xlsx")):
            raise ValidationError(_("请上传 docx 或 xlsx 文件。"))
        if file.size > MOST_BYTES:
            raise ValidationError(_("文件超过 5 MB。"))
        return file


class TakenForm(forms.Form):
    """What was read and is confirmed: signed, so that nothing else is written than what was shown."""

    told = forms.CharField(max_length=400_000, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ScanForm(forms.Form):
    """The stamped print, scanned, with the code of its version."""

    file = forms.FileField(label=lazy("扫描件"), help_text=lazy("PDF 或 JPG、PNG"), max_length=120)
    code = forms.CharField(
        label=lazy("版本码"), max_length=20, required=False,
        help_text=lazy("打印页上的版本码，如 ABCD-2345；带文字的 PDF 可以不填"),
    )  # fmt: skip
