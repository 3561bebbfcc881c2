"""Forms of what a project spends."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.forms.paying import voucher
from liaoyuan.ui.forms import DateField, MoneyField

_ALL = ("", lazy("全部"))
_MOST_BYTES = 5 * 2**20


class ExpensesForm(forms.Form):
    """What one may ask of the vouchers."""

    q = forms.CharField(label=lazy("凭证号、收款方或事由"), required=False, max_length=60)
    budget_class = forms.ChoiceField(label=lazy("科目"), required=False, choices=[_ALL, *BUDGET_CLASS_TITLES.items()])


class _WithVoucher(forms.Form):
    """A file, or the one that was taken in when the form came back (`kept`, signed)."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not office:
            del self.fields["on_behalf"]

    def clean(self) -> dict[str, Any]:
        """One of the two is there."""
        told = super().clean() or {}
        if "uploads" not in self.errors and not told.get("uploads") and not told.get("kept"):
            self.add_error("uploads", _("请上传凭证。"))
        return told


_BEHALF: dict[str, Any] = {
    "label": lazy("代填：按谁的说法"), "max_length": 60, "help_text": lazy("谁、电话还是到场、还是纸质材料"),
}  # fmt: skip


class ExpenseForm(_WithVoucher):
    """One voucher."""

    voucher_no = forms.CharField(label=lazy("凭证号"), max_length=60, help_text=lazy("发票号码或记账凭证号"))
    spent_on = DateField(label=lazy("日期"))
    budget_class = forms.ChoiceField(label=lazy("科目"), choices=list(BUDGET_CLASS_TITLES.items()))
    payee = forms.CharField(label=lazy("收款方"), max_length=120)
    title = forms.CharField(label=lazy("事由"), max_length=120)
    amount_fen = MoneyField(label=lazy("金额（元）"))
    grant_fen = MoneyField(label=lazy("其中资助资金（元）"), required=False, help_text=lazy("不填就是全部"))
    uploads = voucher(lazy("凭证"), required=False)
    on_behalf = forms.CharField(**_BEHALF)

    def clean(self) -> dict[str, Any]:
        """All of it is the grant's where nothing else is said."""
        told = super().clean()
        if told.get("grant_fen") is None and "grant_fen" not in self.errors:
            told["grant_fen"] = told.get("amount_fen")
        return told


class ExpensePasteForm(_WithVoucher):
    """Vouchers as copied from a spreadsheet, with one file of all their papers."""

    text = forms.CharField(
        label=lazy("粘贴自表格"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 8, "wrap": "off"}),
        help_text=lazy("连同表头一起复制：凭证号、日期、科目、收款方、事由、金额、其中资助资金"), required=False,
    )  # fmt: skip
    file = forms.FileField(
        label=lazy("或者上传填好的表格"), required=False, help_text=lazy("xlsx、xls、ods、csv，最大 5 MB"),
        max_length=120,
    )  # fmt: skip
    uploads = voucher(lazy("这些支出的凭证"), required=False)
    on_behalf = forms.CharField(**_BEHALF)

    def clean_file(self) -> Any:
        """No larger than such a sheet may be."""
        file = self.cleaned_data.get("file")
        if file is not None and file.size > _MOST_BYTES:
            raise ValidationError(_("文件超过 5 MB。"))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two ways."""
        told = super().clean()
        if "file" not in self.errors and not told.get("text") and not told.get("file"):
            self.add_error("text", _("请粘贴或上传。"))
        return told
