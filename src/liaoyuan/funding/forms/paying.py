"""Forms of instalments, payment files, refunds, rulings, hand-overs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.awards import REFUND_TITLES, RULING_TITLES, RulingKind
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES, TrancheTrigger
from liaoyuan.ui.forms import DateField, MoneyField


def _text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def voucher(label: Any, *, required: bool) -> forms.FileField:
    """One voucher as a file. It is judged by what it is when it is taken in."""
    return forms.FileField(
        label=label, required=required, max_length=150, help_text=lazy("PDF、OFD 或照片，一个文件，最大 20 MB")
    )


class PrepareForm(forms.Form):
    """What shows that the condition of an instalment is met."""

    evidence = forms.CharField(
        label=lazy("佐证"), max_length=200, help_text=lazy("协议、评估意见、审计报告的名称和文号；写进审批表")
    )


class PayForm(forms.Form):
    """A payment."""

    paid_on = DateField(label=lazy("付款日期"), help_text=lazy("不早于审批、不晚于今天"))
    voucher_no = forms.CharField(label=lazy("付款凭证号"), max_length=60)
    uploads = voucher(lazy("付款凭证"), required=False)


class PayOutsideForm(PayForm):
    """A payment of a finance office outside the system, which needs its voucher."""

    payer = forms.CharField(label=lazy("付款的财务单位"), max_length=80, help_text=lazy("如“滨湖区财政支付中心”"))
    uploads = voucher(lazy("付款凭证"), required=True)
    field_order = ("payer", "paid_on", "voucher_no", "uploads")


class ConditionForm(forms.Form):
    """A condition of payment that is met."""

    trigger = forms.ChoiceField(label=lazy("拨付条件"))
    met_on = DateField(label=lazy("具备日期"), help_text=lazy("不早于签约、不晚于今天"))
    evidence = forms.CharField(label=lazy("佐证"), max_length=200, help_text=lazy("评估结论、报告的名称和文号"))

    def __init__(self, *args: Any, met: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [one for one in TrancheTrigger if one not in (TrancheTrigger.SIGNED, TrancheTrigger.STARTED, *met)]
        self.fields["trigger"].choices = [(str(one), TRANCHE_TRIGGER_TITLES[one]) for one in left]  # type: ignore[attr-defined]


class StartForm(forms.Form):
    """The day on which a project begins to run."""

    started_on = DateField(label=lazy("开始实施的日期"), help_text=lazy("不早于签约、不晚于今天"))


class RefundForm(forms.Form):
    """Money that came back."""

    kind = forms.ChoiceField(label=lazy("类别"), choices=list(REFUND_TITLES.items()))
    amount_fen = MoneyField(label=lazy("金额（元）"))
    received_on = DateField(label=lazy("到账日期"))
    voucher_no = forms.CharField(label=lazy("凭证号"), max_length=60)
    note = forms.CharField(label=lazy("说明"), max_length=200, required=False)


class ReuseForm(forms.Form):
    """Money left over that may be kept for a use."""

    amount_fen = MoneyField(label=lazy("留用金额（元）"))
    reason = _text(lazy("用途"), max_length=200)


class RulingForm(forms.Form):
    """Ending an agreement, or taking money back."""

    kind = forms.ChoiceField(label=lazy("提出"), choices=list(RULING_TITLES.items()))
    amount_fen = MoneyField(label=lazy("追回金额（元）"), required=False, help_text=lazy("终止协议不用填"))
    due_on = DateField(label=lazy("退回期限"), required=False, help_text=lazy("终止协议不用填"))
    reason = _text(lazy("事由和依据"), max_length=400)

    def clean(self) -> dict[str, Any]:
        """Money and day belong to taking back alone."""
        told = super().clean() or {}
        told["amount_fen"] = told.get("amount_fen") or 0
        if told.get("kind") == RulingKind.TERMINATE:
            told["amount_fen"], told["due_on"] = 0, None
        return told


class HandOverForm(forms.Form):
    """From whom to whom a project is handed."""

    gives = forms.CharField(label=lazy("移交人"), max_length=60)
    takes = forms.CharField(label=lazy("接收人"), max_length=60)
    reason = forms.CharField(label=lazy("原因"), max_length=200)


class ChosenForm(forms.Form):
    """Which approved instalments go into a payment file."""

    chosen = forms.TypedMultipleChoiceField(
        label=lazy("列入付款文件的期次"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("请至少选一期。")},
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = list(rows)  # type: ignore[attr-defined]
