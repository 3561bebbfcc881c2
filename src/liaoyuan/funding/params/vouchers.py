"""Files of agreements: vouchers of what was spent and paid, what shows that a condition of payment is met."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.funding.choices.codes import Permission

VOUCHER, PAYMENT, EVIDENCE = "grant_voucher", "grant_payment", "grant_evidence"
_AGREEMENT = ("agreement",)
_VIEW = (Permission.VIEW, Permission.OWN_VIEW)
PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        FilePurpose(VOUCHER, "支出凭证", _AGREEMENT, _VIEW, (Permission.OWN_MONEY, Permission.EDIT)),
        FilePurpose(PAYMENT, "付款凭证", _AGREEMENT, _VIEW, (Permission.PAY, Permission.EDIT)),
        FilePurpose(EVIDENCE, "拨付条件的佐证", _AGREEMENT, _VIEW, (Permission.EDIT, Permission.CONFIRM),
                    own=(Permission.OWN_MONEY,), general=True),
    )
}  # fmt: skip
