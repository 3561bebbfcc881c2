"""Examining applications: findings of the day kept, each answered; passed by one person, barred by two."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, moving
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.review import EligibilityOutcome
from liaoyuan.funding.choices.states import ProjectState, Requirement
from liaoyuan.funding.models import Examined, Project
from liaoyuan.funding.queries import eligibility
from liaoyuan.kit.findings import Severity

_REASON = 1000


def _submitted(project: Project, version: int | None) -> Project:
    entering.lock(bodies=[(project.round_id, project.organization_id), (project.round_id, project.sponsor_id)])
    row = entering.living_project(project, version)
    if row.state != ProjectState.SUBMITTED:
        raise entering.refusal("PROJECT-STATE", _("这个项目现在不在资格审查。"))
    return row


def _held(row: Project, version: int | None = None) -> Examined:
    """The examination that holds, under the lock. Refused when it changed since the page was opened."""
    found = Examined.objects.select_for_update().current().filter(project=row).first()
    if found is None:
        raise entering.refusal("EXAMINE-FIRST", _("请先核查申报资格。"))
    if version is not None and found.version != version:
        raise entering.refusal("EXAMINE-STALE", _("您打开页面之后，别人办理了这次资格审查。请核对最新内容。"))
    return found


@transaction.atomic
def examine(*, project: Project, by: Actor, at: datetime) -> Examined:
    """Ask all rules by today's facts and keep what they say. Answers to findings that are still there are kept."""
    access.require(by, Permission.EDIT, project)
    row = _submitted(project, None)
    before = eligibility.current(row)
    if before is not None and before.outcome:
        raise entering.refusal("EXAMINE-WAITS", _("资格不通过的意见正等待第二人确认。"))
    told = [finding.as_dict() for finding in eligibility.examine(row, localdate(at))]
    known = {} if before is None else {f.message: f.answer for f in eligibility.findings(before) if f.answer}
    answers = {str(n): known[kept["message"]] for n, kept in enumerate(told) if kept["message"] in known}
    Examined.objects.current().filter(project=row).update(superseded_at=at)
    made = Examined.objects.create(
        project=row, on=localdate(at), seen_version=row.version, findings=told, answers=answers, examined_at=at,
        examined_by=entering.recorder(by),
    )  # fmt: skip
    events.record(Event.PROJECT_EXAMINED, row, by=by, at=at, payload={"codes": sorted({k["code"] for k in told})})
    return made


@transaction.atomic
def answer(
    *, project: Project, number: int, reason: str, version: int | None = None, by: Actor, at: datetime
) -> Examined:
    """Say why a finding that only warns may stand. What blocks is not answered away; an empty reason takes it back."""
    access.require(by, Permission.EDIT, project)
    row = _submitted(project, None)
    found = _held(row, version)
    if found.outcome:
        raise entering.refusal("EXAMINE-WAITS", _("资格不通过的意见正等待第二人确认。"))
    told = eligibility.findings(found)
    if not 0 <= number < len(told):
        raise entering.refusal("EXAMINE-FINDING", _("没有这一条核查结果，请重新打开页面。"))
    if told[number].severity == Severity.BLOCK:
        raise entering.refusal("EXAMINE-BLOCK", _("“{finding}”不能以说明通过。"), finding=told[number].message)
    found.answers = {**found.answers, str(number): reason.strip()[:_REASON]}
    if not reason.strip():
        del found.answers[str(number)]
    entering.touched(found, "answers")
    payload = {"code": told[number].code, "note": reason.strip()[:200]}
    events.record(Event.PROJECT_FINDING_ANSWERED, row, by=by, at=at, payload=payload)
    return found


def _unchanged(row: Project, found: Examined, at: datetime) -> None:
    """Refuse to decide on what is not what was examined: another version, another day's facts."""
    now = eligibility.examine(row, localdate(at))
    if found.seen_version != row.version or not eligibility.same(found, now):
        raise entering.refusal("EXAMINE-AGAIN", _("核查以后情况有变化，请重新核查再决定。"))


@transaction.atomic
def accept(*, project: Project, version: int | None = None, by: Actor, at: datetime) -> Project:
    """The application may be reviewed. The rules are asked again today; every warning has its answer.

    `version` is that of the examination.
    """
    access.require(by, Permission.EDIT, project)
    row = _submitted(project, None)
    found = _held(row, version)
    if found.outcome:
        raise entering.refusal("EXAMINE-WAITS", _("资格不通过的意见正等待第二人确认。"))
    _unchanged(row, found, at)
    waiting = [told for told in eligibility.findings(found) if told.open]
    if waiting:
        told = _("还有 {count} 条核查结果没有说明或者不能通过：{first}")
        raise entering.refusal("EXAMINE-OPEN", told, count=len(waiting), first=waiting[0].message)
    moving.move(row, "accept", by=by, met=(Requirement.RULES,))
    entering.touched(row, "state")
    found.outcome, found.decided_at = str(EligibilityOutcome.ELIGIBLE), at
    found.decided_by = entering.recorder(by)
    entering.touched(found, "outcome", "decided_at", "decided_by")
    events.record(Event.PROJECT_ELIGIBLE, row, by=by, at=at, payload={"number": row.number})
    return row


@transaction.atomic
def propose_bar(*, project: Project, reason: str, version: int | None = None, by: Actor, at: datetime) -> Examined:
    """Propose that the application is barred; the applicant reads the reason after a second person has confirmed."""
    access.require(by, Permission.EDIT, project)
    row = _submitted(project, None)
    found = _held(row, version)
    if not reason.strip():
        raise entering.refusal("EXAMINE-REASON", _("请写明资格不通过的理由，申报组织会看到。"), "reason")
    if found.outcome:
        raise entering.refusal("EXAMINE-WAITS", _("资格不通过的意见正等待第二人确认。"))
    found.outcome, found.reason = str(EligibilityOutcome.INELIGIBLE), reason.strip()[:_REASON]
    found.proposed_at, found.proposed_by = at, entering.recorder(by)
    entering.touched(found, "outcome", "reason", "proposed_at", "proposed_by")
    events.record(Event.PROJECT_BAR_PROPOSED, row, by=by, at=at, payload={"note": found.reason[:200]})
    return found


def _waiting(project: Project, version: int | None, by: Actor) -> tuple[Project, Examined]:
    access.require(by, Permission.CONFIRM, project)
    row = _submitted(project, None)
    found = _held(row, version)
    if found.outcome != EligibilityOutcome.INELIGIBLE:
        raise entering.refusal("EXAMINE-NONE", _("没有等待确认的资格不通过意见。"))
    if entering.recorder(by) is None or found.proposed_by_id == by.pk:
        raise entering.refusal("EXAMINE-SECOND", _("资格不通过须由提出人以外的人确认。"))
    return row, found


@transaction.atomic
def confirm_bar(*, project: Project, version: int | None = None, by: Actor, at: datetime) -> Project:
    """A second person confirms that the application is barred. Its slots are free again."""
    row, found = _waiting(project, version, by)
    moving.move(row, "bar", by=by, met=(Requirement.REASON, Requirement.SECOND_PERSON))
    row.slots.all().delete()
    row.ended_at, row.ended_by, row.ended_reason = at, entering.recorder(by), found.reason[:200]
    entering.touched(row, "state", "ended_at", "ended_by", "ended_reason")
    found.decided_at, found.decided_by = at, entering.recorder(by)
    entering.touched(found, "decided_at", "decided_by")
    payload = {"number": row.number, "note": found.reason[:200]}
    events.record(Event.PROJECT_BARRED, row, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def refuse_bar(*, project: Project, reason: str, version: int | None = None, by: Actor, at: datetime) -> Examined:
    """The second person does not agree: the examination goes on."""
    row, found = _waiting(project, version, by)
    if not reason.strip():
        raise entering.refusal("EXAMINE-REASON", _("请写明不同意的理由。"), "reason")
    found.outcome, found.reason = "", ""
    found.proposed_at = found.proposed_by = None
    entering.touched(found, "outcome", "reason", "proposed_at", "proposed_by")
    events.record(Event.PROJECT_BAR_REFUSED, row, by=by, at=at, payload={"note": reason.strip()[:200]})
    return found
