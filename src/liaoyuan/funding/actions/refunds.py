"""Money that comes back: what was left over, what was taken back; money left over that may be kept for a use."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, ledger
from liaoyuan.funding.choices.awards import REFUND_TITLES, RefundKind
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.models import Agreement, Refund
from liaoyuan.funding.queries import money
from liaoyuan.kit.money import format_yuan


@transaction.atomic
def enter(
    *, agreement: Agreement, kind: str, amount_fen: int, received_on: date, voucher_no: str, note: str = "",
    by: Actor, at: datetime,
) -> Refund:  # fmt: skip
    """Enter a refund that has arrived. Refused beyond what the body was paid and has not returned."""
    access.require(by, Permission.PAY, agreement.project)
    entering.lock(rounds=[agreement.project.round_id])
    row = entering.living_agreement(agreement)
    if kind not in {str(one) for one in RefundKind}:
        raise entering.refusal("REFUND-KIND", _("请选择退款的类别。"), "kind")
    if not voucher_no.strip():
        raise entering.refusal("REFUND-VOUCHER", _("请填写凭证号。"), "voucher_no")
    if received_on > localdate(at):
        raise entering.refusal("REFUND-DAY", _("到账日期不能晚于今天。"), "received_on")
    sums = money.of_agreement(row)
    if not 0 < amount_fen <= sums.paid - sums.returned:
        told = _("退款须大于零，不超过已拨未退的 {most} 元。")
        raise entering.refusal("REFUND-AMOUNT", told, "amount_fen", most=format_yuan(sums.paid - sums.returned))
    if row.refunds.filter(voucher_no=voucher_no.strip()).exists():
        raise entering.refusal("REFUND-TWICE", _("这笔退款已登记。"), "voucher_no")
    made = Refund.objects.create(
        agreement=row, kind=kind, amount_fen=amount_fen, received_on=received_on, voucher_no=voucher_no.strip()[:60],
        note=note.strip()[:200], entered_at=at, entered_by=entering.recorder(by),
    )  # fmt: skip
    ledger.give_back(row, amount_fen, reason=_(REFUND_TITLES[kind]), by=by, at=at)
    payload = {"agreement": row.pk, "kind": kind, "amount_fen": amount_fen, "on": received_on.isoformat()}
    events.record(Event.MONEY_RETURNED, row.project, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def agree_reuse(
    *, agreement: Agreement, amount_fen: int, reason: str, version: int | None = None, by: Actor, at: datetime
) -> Agreement:
    """Agree that money left over is kept for a named use (GV-FIN-04), no more than is left over."""
    access.require(by, Permission.CONFIRM, agreement.project)
    entering.lock(rounds=[agreement.project.round_id])
    row = entering.living_agreement(agreement, version)
    most = money.of_agreement(row).held
    if not 0 <= amount_fen <= most or len(reason.strip()) < 2:
        told = _("请写明用途；金额不超过结余的 {most} 元。")
        raise entering.refusal("REUSE-AMOUNT", told, "amount_fen", most=format_yuan(max(0, most)))
    row.reuse_fen, row.reuse_reason = amount_fen, reason.strip()[:200]
    row.reuse_at, row.reuse_by = at, entering.recorder(by)
    entering.touched(row, "reuse_fen", "reuse_reason", "reuse_at", "reuse_by")
    payload = {"agreement": row.pk, "amount_fen": amount_fen, "note": row.reuse_reason}
    events.record(Event.AGREEMENT_REUSE, row.project, by=by, at=at, payload=payload)
    return row
