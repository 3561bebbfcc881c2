"""Paying: a file of approved instalments for the finance office is made once; payments are entered with vouchers."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import files
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import StoredFile
from liaoyuan.funding.actions import entering, ledger, tranches
from liaoyuan.funding.choices.awards import TrancheState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.models import PaymentBatch, Round, Tranche
from liaoyuan.funding.queries import money, payment_file
from liaoyuan.kit.files.kinds import FileKind
from liaoyuan.kit.findings import refuse_if_blocked


@transaction.atomic
def make_file(*, round_: Round, chosen: Sequence[Tranche] | None = None, by: Actor, at: datetime) -> PaymentBatch:
    """Make the payment file of approved instalments, all or the chosen ones. Rows, states and both files come into
    being together or not at all; an instalment stands in one living file only.
    """
    access.require(by, Permission.PAY, round_)
    entering.lock(rounds=[round_.pk])
    rows = Tranche.objects.select_for_update(of=("self",)).filter(
        agreement__project__round=round_, state=TrancheState.APPROVED.value
    )
    if chosen is not None:
        rows = rows.filter(pk__in=[one.pk for one in chosen])
    found = list(
        rows.select_related("agreement__project", "sheet")
        .prefetch_related("agreement__shares__pool")
        .order_by("agreement__project__number", "no")
    )
    if not found or (chosen is not None and len(found) != len({one.pk for one in chosen})):
        raise entering.refusal("PAYMENT-NONE", _("没有可付款的期次，或有的已列入付款文件。"), "chosen")
    csv, xlsx = payment_file.files(payment_file.rows(found))
    batch = PaymentBatch.objects.create(
        round=round_, number=PaymentBatch.objects.filter(round=round_).count() + 1, count=len(found),
        total_fen=sum(row.amount_fen for row in found),
        csv=files.keep_made(csv, FileKind.CSV, sensitivity="C3", at=at),
        xlsx=files.keep_made(xlsx, FileKind.XLSX, sensitivity="C3", at=at), made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    for row in found:
        row.state, row.batch = str(TrancheState.ORDERED), batch
        entering.touched(row, "state", "batch")
    payload = {"batch": batch.pk, "number": batch.number, "count": batch.count, "amount_fen": batch.total_fen}
    events.record(Event.PAYMENT_FILE_MADE, round_, by=by, at=at, payload=payload)
    return batch


@transaction.atomic
def void_file(*, batch: PaymentBatch, reason: str, by: Actor, at: datetime) -> PaymentBatch:
    """Void a file of which nothing was paid: its instalments wait for payment again."""
    access.require(by, Permission.PAY, batch.round)
    entering.lock(rounds=[batch.round_id])
    row = PaymentBatch.objects.select_for_update(of=("self",)).select_related("round__programme__area").get(pk=batch.pk)
    if len(reason.strip()) < 2:
        raise entering.refusal("PAYMENT-REASON", _("请写明作废的原因。"), "reason")
    if row.voided_at is not None or row.tranches.filter(state=TrancheState.PAID.value).exists():
        raise entering.refusal("PAYMENT-PAID", _("这份付款文件已作废，或已有付款，不能作废。"))
    row.voided_at, row.voided_by, row.voided_because = at, entering.recorder(by), reason.strip()[:200]
    row.save(update_fields=["voided_at", "voided_by", "voided_because"])
    for one in row.tranches.all():
        one.state, one.batch = str(TrancheState.APPROVED), None
        entering.touched(one, "state", "batch")
    payload = {"batch": row.pk, "number": row.number, "note": row.voided_because}
    events.record(Event.PAYMENT_FILE_VOIDED, row.round, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def pay(
    *, tranche: Tranche, paid_on: date, voucher_no: str, voucher: StoredFile | None = None, version: int | None = None,
    by: Actor, at: datetime,
) -> Tranche:  # fmt: skip
    """A third person enters that an instalment of a payment file was paid."""
    row, agreement = tranches.locked(tranche, version)
    access.require(by, Permission.PAY, agreement.project)
    tranches.in_state(row, TrancheState.ORDERED)
    person = tranches.other_hand(by, row.prepared_by, row.approved_by)
    return _paid(row, paid_on, person.username, voucher_no, voucher, by, at)


@transaction.atomic
def pay_outside(
    *, tranche: Tranche, payer: str, paid_on: date, voucher_no: str, voucher: StoredFile, version: int | None = None,
    by: Actor, at: datetime,
) -> Tranche:  # fmt: skip
    """Enter a payment of a finance office outside the system by its voucher: the office is the third hand."""
    row, agreement = tranches.locked(tranche, version)
    if not any(access.covers(by, one, agreement.project, write=True) for one in (Permission.PAY, Permission.EDIT)):
        raise PermissionDenied(str(Permission.PAY))
    tranches.in_state(row, TrancheState.APPROVED, TrancheState.ORDERED)
    if not payer.strip():
        raise entering.refusal("PAYMENT-PAYER", _("请填写付款的财务单位。"), "payer")
    row.outside = True
    return _paid(row, paid_on, payer.strip()[:80], voucher_no, voucher, by, at)


def _paid(
    row: Tranche, paid_on: date, payer: str, voucher_no: str, voucher: StoredFile | None, by: Actor, at: datetime
) -> Tranche:
    today, agreement = localdate(at), row.agreement
    if row.approved_at is None or not localdate(row.approved_at) <= paid_on <= today:
        raise entering.refusal("PAYMENT-DAY", _("付款日期不能早于审批、晚于今天。"), "paid_on")
    if not voucher_no.strip():
        raise entering.refusal("PAYMENT-VOUCHER", _("请填写付款凭证号。"), "voucher_no")
    findings = refuse_if_blocked(tranches.judged(row, today, payer=payer), confirmed=True)
    row.paid_facts = money.plain(money.facts_of(agreement, today, row, payer=payer)) | {
        "account_tail": agreement.account_tail, "account_bank": agreement.account_bank,
    }  # fmt: skip
    row.state, row.payer, row.voucher_no, row.voucher = str(TrancheState.PAID), payer, voucher_no.strip()[:60], voucher
    row.paid_on, row.paid_at, row.paid_by = paid_on, at, entering.recorder(by)
    entering.touched(row, "state", "outside", "payer", "voucher_no", "voucher", "paid_facts", "paid_on", "paid_at",
                     "paid_by")  # fmt: skip
    if row.amount_fen:
        reason = _("第 {no} 期").format(no=row.no)
        ledger.pay(agreement, row.amount_fen, tranche_no=row.no, reason=reason, by=by, at=at)
    payload = {"agreement": agreement.pk, "no": row.no, "amount_fen": row.amount_fen, "on": paid_on.isoformat(),
               "voucher": row.voucher_no, "outside": row.outside}  # fmt: skip
    events.record(Event.TRANCHE_PAID, agreement.project, by=by, at=at, findings=findings, payload=payload)
    return row
