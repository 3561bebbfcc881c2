"""What every action about an applicant does first and last: permission, locks, the rules, the row, its event."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Applicant, DevelopmentStep, PartyOrganization
from liaoyuan.party.params.way import DevelopmentStage
from liaoyuan.party.queries import applicants, counts, courses, standing
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.courses import Course
from liaoyuan.party.rules.development import may_be_made
from liaoyuan.party.rules.steps import STEPS

#: Steps that change the stage, and the column that copies their day.
STAGES = {3: (DevelopmentStage.ACTIVIST, "activist_on"), 7: (DevelopmentStage.CANDIDATE, "candidate_on")}


def subject(applicant: Applicant, name: str) -> tuple[str, str, str]:
    """The applicant as the subject of an event. The label is masked: it stands in lists of the audit."""
    return applicants.SUBJECT, str(applicant.pk), f"{name[:1]}*"


def lock(applicant: Applicant) -> None:
    """Wait for everybody else who writes this applicant; after party organizations and members."""
    locks.one_at_a_time("party.applicant", applicant.pk)


def again(applicant: Applicant, version: int | None = None) -> Applicant:
    """The applicant again, under the lock. Refused when void, closed, moved or changed since the page was opened."""
    rows = Applicant.objects.select_for_update(of=("self",)).select_related("party_organization__area", "person")
    found = rows.get(pk=applicant.pk)
    if found.voided_at is not None or found.closed_on is not None:
        raise entering.refusal("DEVELOPMENT-CLOSED", _("这份入党申请已结束培养或作废。"))
    moved = found.party_organization_id != applicant.party_organization_id
    if moved or (version is not None and found.version != version):
        raise entering.refusal("DEVELOPMENT-STALE", _("您打开页面之后，别人修改了这名申请人。请核对最新内容后再办理。"))
    return found


def opened(applicant: Applicant, step: int, on: date, version: int | None, *, by: Actor) -> Course:
    """The course under its locks, for who records the step. Refused for others."""
    permission, over = applicants.authority(applicant.party_organization, step, on)
    access.require(by, permission, over)
    entering.lock(parties=[applicant.party_organization_id], members=[applicant.member_id or 0])
    lock(applicant)
    return courses.of(again(applicant, version))


def asked(course: Course, step: int, on: date, at: datetime, **more: Any) -> list[Finding]:
    """What the rules say of the step. Refused, whatever rules are switched on, when it was made already, when what it
    needs is not made, and for a day before those or after today.
    """
    today = localdate(at)
    told = courses.findings(course, step, on, today, **more)
    if any(finding.severity == "block" for finding in told):
        return told
    days = course.days
    if step in course.steps:
        raise entering.refusal("DEVELOPMENT-TWICE", _("这一步已经办理，要改日期请用“更正”。"), "on")
    if not may_be_made(step, days):
        raise entering.refusal("DEVELOPMENT-ORDER", _("前面的步骤还没有办理。"), "on")
    first = max((days[STEPS[need].key] for need in STEPS[step].needs), default=on)
    if not first <= on <= today:
        told_day = _("日期须在 {first} 至今天之间。")
        raise entering.refusal("DEVELOPMENT-DAY", told_day, "on", first=first.isoformat())
    return told


def papers(**columns: Any) -> dict[str, Any]:
    """What is told of a step besides its day. Refused where the zone holds days only."""
    told = {name: value for name, value in columns.items() if value not in (None, "")}
    if told and not applicants.holds(applicants.PAPERS):
        sentence = _("互联网区只登记发展党员的日期，不存储文号、学时和事由，没有保存。")
        raise entering.refusal("PRIVACY-ZONE", sentence, next(iter(told)))
    return told


def write(course: Course, step: int, on: date, *, by: Actor, at: datetime, **columns: Any) -> DevelopmentStep:
    """Write the step; the stage follows. The caller holds the locks and has asked the rules."""
    applicant = course.applicant
    row = DevelopmentStep.objects.create(
        applicant=applicant, number=step, on=on, party_organization=applicants.place_on(applicant, on),
        recorded_at=at, recorded_by=entering.recorder(by), **columns,
    )  # fmt: skip
    course.steps[step] = row
    if step in STAGES:
        stage, column = STAGES[step]
        applicant.stage = str(stage)
        setattr(applicant, column, on)
    return row


def done(
    course: Course, event: Event, *, by: Actor, at: datetime, found: Iterable[Finding] = (), on_behalf: str = "",
    **payload: Any,
) -> None:  # fmt: skip
    """The applicant's new version, and the event."""
    applicant = course.applicant
    applicant.version += 1
    applicant.save(update_fields=["version", "stage", "activist_on", "candidate_on", "member", "closed_on",
                                  "closed_reason", "party_organization", "organization"])  # fmt: skip
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in payload.items()}
    told = {"party": applicant.party_organization_id, **told}
    events.record(event, subject(applicant, course.record.name), by=by, at=at, findings=found, on_behalf=on_behalf,
                  payload=told)  # fmt: skip


def title(step: int) -> str:
    """The step in words, with its number."""
    return f"{step} {_(STEPS[step].title)}"


def admits(party: PartyOrganization, on: date) -> list[Finding]:
    """Whether the branch may admit on the day (PB-TMP-01). Refused where it is no branch."""
    row = reading.formation(party, on)
    if row.form != Form.BRANCH or party.dissolved_on is not None:
        raise entering.refusal("DEVELOPMENT-BRANCH", _("接收和转正由现有党支部的支部大会讨论，请先转到党支部。"), "on")
    heads = counts.of_branches([party.pk], on)[party.pk]
    facts = replace(standing.facts_of(party, row, heads, on), act="admission")
    return policy.evaluate(Moment.PARTY_ACT, facts, reading.limits(party, on), on)
