"""Ending an agreement early and taking money back: brought up by one person, decided by a second one."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, ledger, moving
from liaoyuan.funding.choices.awards import MOVING_TRANCHES, AgreementState, AmendmentState, RulingKind, TrancheState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.states import Requirement
from liaoyuan.funding.models import Agreement, Ruling
from liaoyuan.funding.queries import money
from liaoyuan.kit.money import format_yuan

_MET = (Requirement.REASON, Requirement.SECOND_PERSON)


@transaction.atomic
def ask(
    *, agreement: Agreement, kind: str, reason: str, amount_fen: int = 0, due_on: date | None = None, by: Actor,
    at: datetime,
) -> Ruling:  # fmt: skip
    """Bring up that an agreement be ended, or that so much be taken back by a day."""
    if not any(access.covers(by, one, agreement.project, write=True) for one in (Permission.EDIT, Permission.CONFIRM)):
        raise PermissionDenied(str(Permission.EDIT))
    entering.lock(rounds=[agreement.project.round_id])
    row = entering.living_agreement(agreement)
    if kind not in {str(one) for one in RulingKind}:
        raise entering.refusal("RULING-KIND", _("请选择终止或追回。"), "kind")
    if len(reason.strip()) < 2:
        raise entering.refusal("RULING-REASON", _("请写明事由和依据。"), "reason")
    if row.rulings.filter(kind=kind, decided_at__isnull=True).exists():
        raise entering.refusal("RULING-OPEN", _("已有一件在等待决定。"))
    if kind == RulingKind.TERMINATE and row.state != AgreementState.SIGNED:
        raise entering.refusal("RULING-STATE", _("协议没有签订，或已经终止。"))
    if kind == RulingKind.RECOVER:
        _recoverable(row, amount_fen)
        if due_on is None or due_on < localdate(at):
            raise entering.refusal("RULING-DUE", _("请填写退回期限，不早于今天。"), "due_on")
    made = Ruling.objects.create(
        agreement=row, kind=kind, reason=reason.strip()[:400], due_on=due_on, asked_at=at,
        amount_fen=amount_fen if kind == RulingKind.RECOVER else 0, asked_by=entering.recorder(by),
    )  # fmt: skip
    payload = {"agreement": row.pk, "kind": kind, "amount_fen": made.amount_fen, "note": made.reason[:200]}
    events.record(Event.RULING_ASKED, row.project, by=by, at=at, payload=payload)
    return made


def _recoverable(row: Agreement, amount_fen: int) -> None:
    sums = money.of_agreement(row)
    if not 0 < amount_fen <= sums.paid - sums.returned:
        told = _("追回金额须大于零，不超过已拨未退的 {most} 元。")
        raise entering.refusal("RULING-AMOUNT", told, "amount_fen", most=format_yuan(sums.paid - sums.returned))


def _decided(ruling: Ruling, kind: RulingKind, by: Actor, at: datetime) -> tuple[Ruling, Agreement]:
    access.require(by, Permission.CONFIRM, ruling.agreement.project)
    entering.lock(rounds=[ruling.agreement.project.round_id])
    row = Ruling.objects.select_for_update().get(pk=ruling.pk)
    if row.kind != kind or row.decided_at is not None:
        raise entering.refusal("RULING-DECIDED", _("这件已作出决定。"))
    person = entering.recorder(by)
    if person is None or row.asked_by_id == person.pk:
        raise entering.refusal("RULING-SECOND", _("须由提出人以外的人决定。"))
    row.decided_at, row.decided_by = at, person
    row.save(update_fields=["decided_at", "decided_by"])
    return row, entering.living_agreement(ruling.agreement)


@transaction.atomic
def terminate(*, ruling: Ruling, by: Actor, at: datetime) -> Agreement:
    """End the agreement early; nothing more is paid."""
    row, agreement = _decided(ruling, RulingKind.TERMINATE, by, at)
    moving.move(agreement.project, "terminate", by=by, met=_MET)
    entering.touched(agreement.project, "state")
    end(agreement, note=_("协议终止"), reason=row.reason, by=by, at=at)
    return agreement


def end(agreement: Agreement, *, note: str, reason: str, by: Actor, at: datetime) -> None:
    """Nothing more is paid on an agreement: what is left goes back to its pools. Inside the transaction of an action;
    refused while an instalment is on its way.
    """
    on_its_way = agreement.tranches.filter(state__in=[str(one) for one in MOVING_TRANCHES])
    if on_its_way.exists():
        raise entering.refusal("RULING-MOVING", _("有一期正在拨付，请先退回或作废付款文件，或等付款以后再办理。"))
    sums = money.of_agreement(agreement)
    if sums.left:
        ledger.release(agreement, sums.left, reason=note, by=by, at=at)
    for tranche in agreement.tranches.filter(state=TrancheState.PLANNED.value):
        tranche.state = str(TrancheState.CANCELLED)
        entering.touched(tranche, "state")
    person = entering.recorder(by)
    agreement.amendments.filter(state=AmendmentState.ASKED.value).update(
        state=AmendmentState.KEPT.value, decided_at=at, decided_by=person, opinion=note
    )
    agreement.state, agreement.amount_fen = str(AgreementState.TERMINATED), sums.paid
    agreement.ended_at, agreement.ended_by, agreement.ended_reason = at, person, reason[:200]
    entering.touched(agreement, "state", "amount_fen", "ended_at", "ended_by", "ended_reason")
    payload = {"agreement": agreement.pk, "released_fen": sums.left, "note": agreement.ended_reason}
    events.record(Event.AGREEMENT_TERMINATED, agreement.project, by=by, at=at, payload=payload)


@transaction.atomic
def recover(*, ruling: Ruling, by: Actor, at: datetime) -> Agreement:
    """Decide that money is taken back by a day; what arrives is entered as a refund."""
    row, agreement = _decided(ruling, RulingKind.RECOVER, by, at)
    _recoverable(agreement, row.amount_fen)
    moving.move(agreement.project, "recover", by=by, met=_MET)
    entering.touched(agreement.project, "state")
    payload = {"agreement": agreement.pk, "amount_fen": row.amount_fen, "note": row.reason[:200],
               "due": row.due_on.isoformat() if row.due_on is not None else ""}  # fmt: skip
    events.record(Event.AGREEMENT_RECOVERING, agreement.project, by=by, at=at, payload=payload)
    return agreement
