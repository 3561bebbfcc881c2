"""What follows: audits, sanctions that two persons decide after the body was heard, commendations."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import files
from liaoyuan.core.clock import localdate
from liaoyuan.core.queries import files as file_queries
from liaoyuan.funding.actions import agreements, entering
from liaoyuan.funding.choices.awards import AgreementState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.money import Misconduct, Sanction, TrancheTrigger
from liaoyuan.funding.choices.running import IN_FORCE, AuditConclusion, SanctionState
from liaoyuan.funding.models import Commendation, Project, ProjectAudit, ProjectSanction
from liaoyuan.funding.params.work_papers import PAPER_TITLES
from liaoyuan.funding.queries import consequences, limits, running

_STAFF = (Permission.EDIT, Permission.CONFIRM)


def _require(by: Actor, row: Project, *wanted: Permission) -> None:
    if not any(access.covers(by, one, row, write=True) for one in wanted):
        raise PermissionDenied(str(wanted[0]))


@transaction.atomic
def audit(
    *, project: Project, auditor: str, reported_on: date, conclusion: str, note: str, name: str,
    chunks: Iterable[bytes], by: Actor, at: datetime,
) -> ProjectAudit:  # fmt: skip
    """Enter an audit with its report, whose bytes are `chunks`; it meets the condition of an instalment (audited)."""
    _require(by, project, Permission.EDIT, Permission.EVALUATE)
    row = entering.living_project(project)
    if not running.started(row):
        raise entering.refusal("AUDIT-STATE", _("项目还没有开始实施。"))
    if not auditor.strip():
        raise entering.refusal("AUDIT-MISSING", _("请填写审计机构。"), "auditor")
    if conclusion not in {str(one) for one in AuditConclusion}:
        raise entering.refusal("AUDIT-CONCLUSION", _("请选择结论。"), "conclusion")
    if reported_on > localdate(at):
        raise entering.refusal("AUDIT-DAY", _("报告日期不能晚于今天。"), "reported_on")
    made = ProjectAudit.objects.create(
        project=row, auditor=auditor.strip()[:80], reported_on=reported_on, conclusion=conclusion,
        note=note.strip()[:500], entered_at=at, entered_by=entering.recorder(by),
    )  # fmt: skip
    place = file_queries.place_of(by, consequences.AUDIT, str(made.pk))
    purpose = file_queries.purpose_for(consequences.AUDIT, PAPER_TITLES["audit_report"])
    if place is None or purpose is None:
        raise PermissionDenied(str(Permission.EDIT))
    taken = files.take_in(place=place, purpose=purpose, name=name, chunks=chunks, by=by, at=at)
    files.attach(place=place, purpose=purpose, paper=purpose.title, taken=taken, by=by, at=at)
    agreement = running.agreement_of(row)
    signed = agreement.signed_on if agreement is not None else None
    if (
        agreement is not None and agreement.state == AgreementState.SIGNED and signed is not None
        and reported_on >= signed and conclusion != AuditConclusion.ADVERSE
    ):  # fmt: skip
        agreement.project = row
        agreements.note(agreement, TrancheTrigger.AUDITED, reported_on, made.auditor, by=by, at=at)
    payload = {"audit": made.pk, "on": reported_on.isoformat(), "conclusion": conclusion, "note": made.note[:200]}
    events.record(Event.AUDIT_ENTERED, row, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def void_audit(*, audit: ProjectAudit, by: Actor, at: datetime) -> ProjectAudit:
    """Take an audit back that was entered wrongly."""
    _require(by, audit.project, Permission.EDIT, Permission.EVALUATE)
    row = ProjectAudit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
    if row.voided_at is not None:
        raise entering.refusal("AUDIT-VOID", _("这份审计报告已作废。"))
    row.voided_at, row.voided_by = at, entering.recorder(by)
    row.save(update_fields=["voided_at", "voided_by"])
    events.record(Event.AUDIT_VOIDED, audit.project, by=by, at=at, payload={"audit": row.pk})
    return row


@transaction.atomic
def propose(
    *, project: Project, grounds: Sequence[str], found_on: date, measures: Sequence[str], facts: str, by: Actor,
    at: datetime,
) -> ProjectSanction:  # fmt: skip
    """Propose a sanction: the body gets so many working days to be heard. A ban lasts as the round's table says."""
    _require(by, project, *_STAFF)
    row = entering.living_project(project)
    today = localdate(at)
    if not running.started(row):
        raise entering.refusal("SANCTION-STATE", _("项目还没有开始实施。"))
    if not grounds or not set(grounds) <= {str(one) for one in Misconduct}:
        raise entering.refusal("SANCTION-GROUNDS", _("请选择情形。"), "grounds")
    if not measures or not set(measures) <= {str(one) for one in Sanction}:
        raise entering.refusal("SANCTION-MEASURES", _("请选择处理。"), "measures")
    if len(facts.strip()) < 2:
        raise entering.refusal("SANCTION-FACTS", _("请写明事实和依据。"), "facts")
    if found_on > today:
        raise entering.refusal("SANCTION-DAY", _("认定日期不能晚于今天。"), "found_on")
    if row.sanctions.filter(state=SanctionState.PROPOSED.value).exists():
        raise entering.refusal("SANCTION-OPEN", _("这个项目已有一件处理在等待决定。"))
    until = consequences.banned_until(row, grounds, found_on) if Sanction.BAN in measures else None
    if Sanction.BAN in measures and until is None:
        raise entering.refusal("SANCTION-BAN", _("本届没有规定这种情形不得申报的年数。"), "measures")
    held = limits.limits_of(row.round)
    due = held.calendar.add_workdays(today, held.get("gv.reply.workdays") or 0).date
    made = ProjectSanction.objects.create(
        project=row, grounds=sorted(grounds), measures=sorted(measures), found_on=found_on,
        facts=facts.strip()[:1000], banned_from=found_on if until is not None else None, banned_until=until,
        reply_by=due, proposed_at=at, proposed_by=entering.recorder(by),
    )  # fmt: skip
    findings = consequences.findings(row, grounds, found_on, credited=None)
    _told(Event.SANCTION_PROPOSED, made, by=by, at=at, note=made.facts[:200], findings=findings)
    return made


def _locked(sanction: ProjectSanction, version: int | None, *states: SanctionState) -> ProjectSanction:
    entering.living_project(sanction.project)
    row = ProjectSanction.objects.select_for_update(of=("self",)).get(pk=sanction.pk)
    if row.state not in states or (version is not None and row.version != version):
        raise entering.refusal("SANCTION-STALE", _("您打开页面之后，处理有变化。您填写的内容还在，请核对后再办。"))
    row.project = sanction.project
    return row


def _words(text: str, name: str) -> str:
    if len(text.strip()) < 2:
        raise entering.refusal("SANCTION-WORDS", _("请写明理由。"), name)
    return text.strip()


@transaction.atomic
def reply(
    *, sanction: ProjectSanction, text: str, version: int | None = None, by: Actor, at: datetime
) -> ProjectSanction:
    """The body is heard before the decision."""
    access.require(by, Permission.OWN_CERTIFY, sanction.project)
    row = _locked(sanction, version, SanctionState.PROPOSED)
    row.reply, row.replied_at, row.replied_by = _words(text, "text")[:1000], at, entering.recorder(by)
    entering.touched(row, "reply", "replied_at", "replied_by")
    _told(Event.SANCTION_REPLIED, row, by=by, at=at, note=row.reply[:200])
    return row


@transaction.atomic
def decide(
    *, sanction: ProjectSanction, agreed: bool, opinion: str, version: int | None = None, by: Actor, at: datetime
) -> ProjectSanction:
    """A second person decides: the sanction holds from now on, or is dropped. Not before the body was heard."""
    access.require(by, Permission.CONFIRM, sanction.project)
    row = _locked(sanction, version, SanctionState.PROPOSED)
    person = entering.recorder(by)
    if person is None or row.proposed_by_id == person.pk:
        raise entering.refusal("SANCTION-SECOND", _("须由提出人以外的人决定。"))
    if agreed and row.replied_at is None and localdate(at) <= row.reply_by:
        told = _("组织还没有陈述，{day} 以后才能决定。")
        raise entering.refusal("SANCTION-HEARING", told, day=row.reply_by.isoformat())
    row.opinion = _words(opinion, "opinion")[:500]
    row.state = str(SanctionState.DECIDED if agreed else SanctionState.DROPPED)
    row.decided_at, row.decided_by = at, person
    entering.touched(row, "opinion", "state", "decided_at", "decided_by")
    event = Event.SANCTION_DECIDED if agreed else Event.SANCTION_DROPPED
    _told(event, row, by=by, at=at, note=row.opinion[:200])
    return row


@transaction.atomic
def appeal(
    *, sanction: ProjectSanction, text: str, version: int | None = None, by: Actor, at: datetime
) -> ProjectSanction:
    """The body appeals once; the sanction holds meanwhile."""
    access.require(by, Permission.OWN_CERTIFY, sanction.project)
    row = _locked(sanction, version, SanctionState.DECIDED)
    row.appeal, row.appealed_at, row.appealed_by = _words(text, "text")[:1000], at, entering.recorder(by)
    row.state = str(SanctionState.APPEALED)
    entering.touched(row, "appeal", "appealed_at", "appealed_by", "state")
    _told(Event.SANCTION_APPEALED, row, by=by, at=at, note=row.appeal[:200])
    return row


@transaction.atomic
def answer(
    *, sanction: ProjectSanction, lifted: bool, answer: str, version: int | None = None, by: Actor, at: datetime
) -> ProjectSanction:
    """Keep or lift a sanction that was appealed; lift one that has no more ground. By another than who decided it."""
    access.require(by, Permission.CONFIRM, sanction.project)
    row = _locked(sanction, version, *IN_FORCE)
    person = entering.recorder(by)
    if person is None or row.decided_by_id == person.pk:
        raise entering.refusal("SANCTION-SECOND", _("须由作出决定以外的人答复。"))
    if row.state != SanctionState.APPEALED and not lifted:
        raise entering.refusal("SANCTION-APPEAL", _("组织没有申诉。"))
    row.answer = _words(answer, "answer")[:500]
    row.state = str(SanctionState.LIFTED if lifted else SanctionState.KEPT)
    row.answered_at, row.answered_by = at, person
    entering.touched(row, "answer", "state", "answered_at", "answered_by")
    _told(Event.SANCTION_ANSWERED, row, by=by, at=at, note=row.answer[:200])
    return row


@transaction.atomic
def credited(
    *, sanction: ProjectSanction, credit_on: date, version: int | None = None, by: Actor, at: datetime
) -> ProjectSanction:
    """Note the day on which the sanction was entered into the credit record (GV-SAN-01)."""
    _require(by, sanction.project, *_STAFF)
    row = _locked(sanction, version, *IN_FORCE)
    if credit_on > localdate(at):
        raise entering.refusal("SANCTION-DAY", _("日期不能晚于今天。"), "credit_on")
    row.credit_on = credit_on
    entering.touched(row, "credit_on")
    _told(Event.SANCTION_CREDITED, row, by=by, at=at, on=credit_on.isoformat())
    return row


def _told(event: Event, row: ProjectSanction, *, by: Actor, at: datetime, findings: Any = (), **more: Any) -> None:
    payload = {"sanction": row.pk, "grounds": row.grounds, "until": entering.day(row.banned_until), **more}
    events.record(event, row.project, by=by, at=at, payload=payload, findings=findings)


@transaction.atomic
def commend(*, project: Project, title: str, reason: str, given_on: date, by: Actor, at: datetime) -> Commendation:
    """Propose a commendation; it is told of once a second person has confirmed it."""
    _require(by, project, *_STAFF)
    row = entering.living_project(project)
    if not title.strip() or len(reason.strip()) < 2:
        raise entering.refusal("COMMENDATION-MISSING", _("请填写称号和事迹。"), "title")
    if row.commendations.filter(title=title.strip()[:60]).exists():
        raise entering.refusal("COMMENDATION-AGAIN", _("这个称号已登记。"), "title")
    made = Commendation.objects.create(
        project=row, title=title.strip()[:60], reason=reason.strip()[:500], given_on=given_on, entered_at=at,
        entered_by=entering.recorder(by),
    )  # fmt: skip
    payload = {"commendation": made.pk, "note": made.title}
    events.record(Event.COMMENDATION_PROPOSED, row, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def confirm_commendation(*, commendation: Commendation, by: Actor, at: datetime) -> Commendation:
    """A second person confirms it."""
    access.require(by, Permission.CONFIRM, commendation.project)
    row = Commendation.objects.select_for_update(of=("self",)).get(pk=commendation.pk)
    person = entering.recorder(by)
    if row.confirmed_at is not None:
        raise entering.refusal("COMMENDATION-DONE", _("已确认。"))
    if person is None or row.entered_by_id == person.pk:
        raise entering.refusal("COMMENDATION-SECOND", _("须由提出人以外的人确认。"))
    row.confirmed_at, row.confirmed_by = at, person
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    payload = {"commendation": row.pk, "note": row.title}
    events.record(Event.COMMENDATION_CONFIRMED, commendation.project, by=by, at=at, payload=payload)
    return row
