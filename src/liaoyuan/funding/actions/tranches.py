"""Instalments: prepared with an approval sheet (F22), approved by signing it, given back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import documents
from liaoyuan.core.choices import Event as Core
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Document, User
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.awards import TRANCHE_STATE_TITLES, AgreementState, TrancheState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES
from liaoyuan.funding.models import Agreement, Tranche
from liaoyuan.funding.queries import letters, limits, money
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.kit.money import format_yuan


def locked(tranche: Tranche, version: int | None = None) -> tuple[Tranche, Agreement]:
    """The instalment and its agreement under the lock of the round."""
    round_ = Agreement.objects.values_list("project__round", flat=True).get(pk=tranche.agreement_id)
    entering.lock(rounds=[round_])
    row = Tranche.objects.select_for_update(of=("self",)).select_related(
        "prepared_by", "approved_by", "sheet", "batch"
    ).get(pk=tranche.pk)  # fmt: skip
    if version is not None and row.version != version:
        raise entering.refusal("TRANCHE-STALE", _("您打开页面之后，别人办理了这一期。请核对后再办。"))
    row.agreement = entering.living_agreement(Agreement(pk=tranche.agreement_id))
    return row, row.agreement


def in_state(row: Tranche, *states: TrancheState) -> None:
    """Refuse an instalment in another state."""
    if row.state not in states:
        told = _("第 {no} 期现为“{state}”，不能这样办理。")
        raise entering.refusal("TRANCHE-STATE", told, no=row.no, state=_(TRANCHE_STATE_TITLES[row.state]))
    if row.agreement.state != AgreementState.SIGNED:
        raise entering.refusal("TRANCHE-ENDED", _("协议没有签订，或已终止，不能拨付。"))


def judged(row: Tranche, on: date, *, approver: str = "", payer: str = "") -> list[Finding]:
    """What the rules say of the instalment; what no draft of a figure softens is refused here.

    The condition is met, earlier instalments are out, and all together stay within the agreement.
    """
    agreement = row.agreement
    read = money.facts_of(agreement, on, row, approver=approver, payer=payer)
    found = list(policy.evaluate(Moment.TRANCHE_APPROVE, read, limits.limits_of(agreement.project.round), on))
    if not any(one.trigger == row.trigger for one in read.met):
        told = _("第 {no} 期的拨付条件“{trigger}”还没有具备。")
        raise entering.refusal("GV-PAY-01", told, "met", no=row.no, trigger=_(TRANCHE_TRIGGER_TITLES[row.trigger]))
    waiting = agreement.tranches.filter(no__lt=row.no).exclude(
        state__in=[TrancheState.PAID.value, TrancheState.CANCELLED.value]
    )
    if waiting.exists():
        raise entering.refusal("TRANCHE-ORDER", _("前面的各期还没有付清。"))
    if (read.paid_fen or 0) + row.amount_fen > agreement.amount_fen:
        told = _("累计拨付 {sum} 元，超过协议金额 {contract} 元。")
        raise entering.refusal("GV-PAY-01", told, "tranche_fen", contract=format_yuan(agreement.amount_fen),
                               sum=format_yuan((read.paid_fen or 0) + row.amount_fen))  # fmt: skip
    return found


def other_hand(by: Actor, *others: User | None) -> User:
    """The account that acts, which is none of the others (GV-PAY-04). The command line is nobody's second hand."""
    person = entering.recorder(by)
    if person is None or any(other is not None and other.pk == person.pk for other in others):
        raise entering.refusal("GV-PAY-04", _("经办、审批、付款须由三个不同的人办理。"))
    return person


@transaction.atomic
def prepare(*, tranche: Tranche, evidence: str, version: int | None = None, by: Actor, at: datetime) -> Tranche:
    """Prepare an instalment: its condition is met and shown; the approval sheet (F22) is drafted."""
    access.require(by, Permission.EDIT, Agreement.objects.get(pk=tranche.agreement_id).project)
    row, _agreement = locked(tranche, version)
    in_state(row, TrancheState.PLANNED)
    if not evidence.strip():
        raise entering.refusal("TRANCHE-EVIDENCE", _("请写明佐证材料。"), "evidence")
    refuse_if_blocked(judged(row, localdate(at)), confirmed=True)
    row.state, row.evidence, row.note = str(TrancheState.PREPARED), evidence.strip()[:200], ""
    row.prepared_at, row.prepared_by = at, other_hand(by)
    row.sheet = None
    entering.touched(row, "state", "evidence", "note", "prepared_at", "prepared_by", "sheet")
    fields = {"evidence": row.evidence}
    row.sheet = documents.draft(code="tranche_sheet", subject=row, fields=fields, by=by, at=at)
    row.save(update_fields=["sheet"])
    _told(Event.TRANCHE_PREPARED, row, by=by, at=at)
    return row


def approve(*, tranche: Tranche, by: Actor, at: datetime) -> Tranche:
    """A second person signs the approval sheet; the facts it rests on are frozen."""
    if tranche.sheet is None:
        raise entering.refusal("TRANCHE-STATE", _("这一期还没有经办。"))
    documents.issue(document=tranche.sheet, by=by, at=at)
    return Tranche.objects.select_related("agreement", "sheet").get(pk=tranche.pk)


@transaction.atomic
def back(*, tranche: Tranche, reason: str, by: Actor, at: datetime) -> Tranche:
    """Give an instalment back that is in no payment file: the sheet is given up, or withdrawn when it was signed. Who
    signs the sheet may give the draft up, too.
    """
    if tranche.sheet is None or tranche.state not in (TrancheState.PREPARED, TrancheState.APPROVED):
        raise entering.refusal("TRANCHE-STATE", _("这一期不在经办或待付款，不能退回。"))
    project = tranche.agreement.project
    if tranche.state == TrancheState.APPROVED:
        documents.withdraw(document=tranche.sheet, reason=reason, by=by, at=at)
    elif access.covers(by, Permission.EDIT, project, write=True):
        documents.discard(document=tranche.sheet, reason=reason, by=by, at=at)
    else:
        access.require(by, Permission.CONFIRM, project)
        with access.mandate(by, {Permission.EDIT}, project.round.programme.area.path):
            documents.discard(document=tranche.sheet, reason=reason, by=by, at=at)
    return Tranche.objects.select_related("agreement").get(pk=tranche.pk)


def ready(document: Document, by: Actor, at: datetime) -> None:
    """Asked before an approval sheet is signed."""
    row, _agreement = locked(letters.subject_of(document))
    in_state(row, TrancheState.PREPARED)
    if row.sheet_id != document.pk:
        raise entering.refusal("TRANCHE-STATE", _("这张审批表已作废。"))
    person = other_hand(by, row.prepared_by)
    refuse_if_blocked(judged(row, localdate(at), approver=person.username), confirmed=True)


def follow(document: Document, step: str, by: Actor, at: datetime) -> None:
    """What the steps of an approval sheet do to the instalment."""
    if step == Core.DOCUMENT_ISSUED:
        row, _agreement = locked(letters.subject_of(document))
        person = other_hand(by, row.prepared_by)
        findings = judged(row, localdate(at), approver=person.username)
        read = money.facts_of(row.agreement, localdate(at), row, approver=person.username)
        row.state, row.facts = str(TrancheState.APPROVED), money.plain(read)
        row.findings = [finding.as_dict() for finding in findings]
        row.approved_at, row.approved_by = at, person
        entering.touched(row, "state", "facts", "findings", "approved_at", "approved_by")
        _told(Event.TRANCHE_APPROVED, row, by=by, at=at)
    elif step in (Core.DOCUMENT_WITHDRAWN, Core.DOCUMENT_DISCARDED):
        row, _agreement = locked(letters.subject_of(document))
        if row.state not in (TrancheState.PREPARED, TrancheState.APPROVED):
            raise entering.refusal("TRANCHE-STATE", _("这一期已列入付款文件或已拨付，不能退回。"))
        row.state, row.note = str(TrancheState.PLANNED), (document.withdrawn_because or document.note)[:200]
        row.facts, row.findings, row.sheet = {}, [], None
        row.prepared_at = row.prepared_by = row.approved_at = row.approved_by = None
        entering.touched(row, "state", "note", "facts", "findings", "sheet", "prepared_at", "prepared_by",
                         "approved_at", "approved_by")  # fmt: skip
        _told(Event.TRANCHE_BACK, row, by=by, at=at)


def _told(event: Event, row: Tranche, *, by: Actor, at: datetime) -> None:
    payload = {"agreement": row.agreement_id, "no": row.no, "amount_fen": row.amount_fen, "note": row.note}
    events.record(event, row.agreement.project, by=by, at=at, payload=payload)
