"""The steps on the way into the party: recorded, corrected, taken back; mentors, examinations, days that start terms.

The votes and what follows from them stand in `actions.admissions`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import locks
from liaoyuan.core.access import Actor, require
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import decided, developing, entering
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    DevelopmentMark,
    DevelopmentStep,
    Examination,
    Member,
    Mentor,
    VotingPause,
)
from liaoyuan.party.params.way import (
    EXAMINED_TITLES,
    MARK_TITLES,
    MENTOR_TITLES,
    VOTED_STEPS,
    DevelopmentStage,
    ExaminationKind,
    Examined,
    MarkKind,
    MentorKind,
)
from liaoyuan.party.queries import applicants, courses, quotas
from liaoyuan.party.queries.courses import FIXED, MARK_STEPS
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules.steps import STEPS
from liaoyuan.registry.models import OPEN

#: Steps that `record` makes; the others have actions of their own.
PLAIN = (2, 3, 4, 7, 8, 10, 11, 12, 13, 14, 16, 18, 20, 22, 25)


@transaction.atomic
def record(
    *, applicant: Applicant, step: int, on: date, evidence: str = "", training_days: int | None = None,
    training_hours: int | None = None, reason: str = "", leaves_on: date | None = None, version: int | None = None,
    by: Actor, at: datetime, confirmed: bool = False, on_behalf: str = "",
) -> DevelopmentStep:  # fmt: skip
    """Record one of `PLAIN`; 3 and 7 rest on the vote of a meeting where the branch keeps its meetings here.

    Refused by the rules of the step (PB-DEV-…), above all out of order or too early, and where the vote is missing.
    Of the political review (10) day and number alone are kept: that the conclusion is there. Raises ValueError for
    another step.
    """
    if step not in PLAIN:
        raise ValueError(f"step {step} has an action of its own")
    course = developing.opened(applicant, step, on, version, by=by)
    more: dict[str, Any] = {}
    if step == 11:
        more = {"training_days": training_days, "training_hours": training_hours, "training_exception": reason}
        if training_days is None and training_hours is None and not reason and applicants.holds(applicants.PAPERS):
            raise entering.refusal("DEVELOPMENT-TRAINING", _("请填写培训的天数或学时。"), "training_days")
    elif step == 13:
        locks.one_at_a_time("party.quota", on.year)
        number, used = quotas.tightest(course.applicant.party_organization, on)
        more = {"quota": number, "quota_used": used, "leaves_on": leaves_on or course.record.leaves_on}
    found = refuse_if_blocked(developing.asked(course, step, on, at, **more), confirmed=confirmed)
    rests = decided.of(course, step, on) if step in VOTED_STEPS else None
    decided.carried(rests, step)
    told: dict[str, Any] = {"evidence": evidence.strip()[:80]}
    if step == 11:
        told |= {"training_days": training_days, "training_hours": training_hours, "reason": reason.strip()[:100]}
    row = developing.write(course, step, on, by=by, at=at, decision=rests, **developing.papers(**told))
    developing.done(course, Event.STEP_MADE, by=by, at=at, found=found, on_behalf=on_behalf, on=on, step=step,
                    note=developing.title(step))  # fmt: skip
    return row


@transaction.atomic
def correct(
    *, applicant: Applicant, step: int, on: date, evidence: str = "", version: int | None = None, by: Actor,
    at: datetime,
) -> DevelopmentStep:  # fmt: skip
    """Correct the day of a step that was entered wrongly, and the number of its paper. Every step made is asked again.

    The days of meetings, approvals and of what followed from them stay: of those the number alone may change.
    """
    course = developing.opened(applicant, step, on, version, by=by)
    old = course.steps.get(step)
    if old is None:
        raise entering.refusal("DEVELOPMENT-NOT-MADE", _("这一步还没有办理。"), "on")
    if on != old.on and (step in FIXED or (step < 19 and 19 in course.steps)):
        raise entering.refusal("DEVELOPMENT-FIXED", _("表决、审批和已成为党员以前的日期不能更正。"), "on")
    if on != old.on and old.decision_id is not None:
        raise entering.refusal("DEVELOPMENT-FIXED", _("这一步凭会议的表决办理，日期以会议为准，不能更正。"), "on")
    if on != old.on and step in VOTED_STEPS:
        decided.carried(decided.of(course, step, on), step)
    DevelopmentStep.objects.filter(pk=old.pk).update(superseded_at=at)
    row = DevelopmentStep.objects.create(
        applicant=applicant, number=step, on=on, party_organization=old.party_organization,
        training_days=old.training_days, training_hours=old.training_hours, reason=old.reason, decision=old.decision,
        recorded_at=at,
        recorded_by=entering.recorder(by), **developing.papers(evidence=evidence.strip()[:80]),
    )  # fmt: skip
    course.steps[step] = row
    _still_lawful(course, step, at)
    target = course.applicant
    if step == 1:
        target.applied_on = on
        target.save(update_fields=["applied_on"])
    elif step in developing.STAGES:
        setattr(target, developing.STAGES[step][1], on)
    changes = {"on": [old.on.isoformat(), on.isoformat()], "evidence": [old.evidence, row.evidence]}
    developing.done(course, Event.STEP_CORRECTED, by=by, at=at, step=step, note=developing.title(step),
                    changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]})  # fmt: skip
    return row


def _still_lawful(course: courses.Course, step: int, at: datetime) -> None:
    """Refused when, with the corrected day, any step would have been out of order, too early, or in the future."""
    today, days = localdate(at), course.days
    told: list[Finding] = [found for _n, found in courses.again(course, today) if found.severity == "block"]
    refuse_if_blocked(told)
    for number, row in course.steps.items():
        needs = [STEPS[need].key for need in STEPS[number].needs]
        if row.on > today or any(key not in days or days[key] > row.on for key in needs):
            raise entering.refusal("DEVELOPMENT-DAY", _("更正后，第 {step} 步的日期先后不对。"), "on", step=number)
    if step == 5 and any(one.on < course.steps[5].on for one in course.examinations):
        raise entering.refusal("DEVELOPMENT-DAY", _("指定联系人的日期不能晚于已登记的考察。"), "on")
    for kind, mark in course.marks.items():
        after = course.steps.get(MARK_STEPS[MarkKind(kind)][0])
        if after is not None and mark.on < after.on:
            raise entering.refusal("DEVELOPMENT-DAY", _("更正后，公示或收到决议的日期先后不对。"), "on")


@transaction.atomic
def take_back(*, applicant: Applicant, step: int, version: int | None = None, by: Actor, at: datetime) -> None:
    """A step was entered by mistake: it counts as not made. Only one on which nothing rests yet."""
    course = developing.opened(applicant, step, localdate(at), version, by=by)
    row = course.steps.get(step)
    if row is None or not course.returnable(step):
        raise entering.refusal("DEVELOPMENT-LATER", _("后面的步骤已经办理，或者这一步不能撤销。"))
    DevelopmentStep.objects.filter(pk=row.pk).update(superseded_at=at)
    del course.steps[step]
    target = course.applicant
    if step == 3:
        target.stage, target.activist_on = str(DevelopmentStage.APPLICANT), None
    elif step == 7:
        target.stage, target.candidate_on = str(DevelopmentStage.ACTIVIST), None
    kind = {5: MentorKind.CONTACT, 9: MentorKind.INTRODUCER}.get(step)
    if kind is not None:
        Mentor.objects.now_open().filter(applicant=target, kind=str(kind)).update(superseded_at=at)
    developing.done(course, Event.STEP_TAKEN_BACK, by=by, at=at, step=step, note=developing.title(step))


@transaction.atomic
def set_mentors(
    *, applicant: Applicant, kind: str, members: Sequence[Member], on: date, version: int | None = None, by: Actor,
    at: datetime, confirmed: bool = False,
) -> list[Mentor]:  # fmt: skip
    """培养联系人 (step 5) or 入党介绍人 (step 9) from the day `on`; later days change who they are.

    Refused by PB-DEV-03 and PB-DEV-06: their number, full members, no voting right suspended, not the person himself.
    """
    role = MentorKind(kind)
    step = 5 if role == MentorKind.CONTACT else 9
    course = developing.opened(applicant, step, on, version, by=by)
    made = step in course.steps
    if made and 15 in course.steps:
        raise entering.refusal("DEVELOPMENT-MEETING", _("支部大会已经讨论，不再更换。"), "members")
    more = _mentor_facts(course, role, members, on)
    if made:
        found = [f for f in courses.findings(course, step, on, localdate(at), **more) if f.code != "PB-DEV-18"]
        if not course.steps[step].on <= on <= localdate(at):
            raise entering.refusal("DEVELOPMENT-DAY", _("更换的日期不能早于首次确定，也不能晚于今天。"), "on")
    else:
        found = developing.asked(course, step, on, at, **more)
    found = refuse_if_blocked(found, confirmed=confirmed)
    wished = {member.pk: member for member in members}
    kept = set()
    for row in course.mentors_now(role):
        if row.member_id in wished and row.valid_from <= on:
            kept.add(row.member_id)
        else:
            end_row(row, on, at, by)
    rows = [
        Mentor.objects.create(applicant=course.applicant, member=member, kind=str(role), valid_from=on, valid_to=OPEN,
                              recorded_at=at, recorded_by=entering.recorder(by))
        for key, member in wished.items() if key not in kept
    ]  # fmt: skip
    if not made:
        developing.write(course, step, on, by=by, at=at)
    named = "、".join(member_names(wished).values())
    developing.done(course, Event.MENTORS_SET, by=by, at=at, found=found, on=on,
                    note=f"{_(MENTOR_TITLES[role])} {named}"[:200])  # fmt: skip
    return rows


def _mentor_facts(course: courses.Course, role: MentorKind, members: Sequence[Member], on: date) -> dict[str, Any]:
    """What the rules ask about the chosen members; they belong to the branch of the papers, formally, on the day."""
    keys = [member.pk for member in members]
    branch = applicants.place_on(course.applicant, on)
    here = Affiliation.objects.active(on).formal().filter(party_organization=branch, member__in=keys)
    if set(here.values_list("member_id", flat=True)) != set(keys):
        raise entering.refusal("DEVELOPMENT-MENTOR", _("须从本支部的党员中选择。"), "members")
    full = Member.objects.known().full(on).filter(pk__in=keys).count()
    own = any(member.person_id == course.applicant.person_id for member in members)
    if role == MentorKind.CONTACT:
        return {"contacts": len(set(keys)), "contacts_not_full": len(set(keys)) - full, "contact_is_self": own}
    barred = VotingPause.objects.active(on).filter(member__in=keys).values("member").distinct().count()
    return {"introducers": len(keys), "introducers_not_full": len(set(keys)) - full, "introducers_barred": barred,
            "introducers_same": own or len(set(keys)) < len(keys)}  # fmt: skip


@transaction.atomic
def examine(
    *, applicant: Applicant, on: date, result: str, version: int | None = None, by: Actor, at: datetime
) -> Examination:
    """An examination (steps 6 and 21): its day and its conclusion by code."""
    probation = applicant.stage == DevelopmentStage.PROBATIONER
    step = 21 if probation else 6
    course = developing.opened(applicant, step, on, version, by=by)
    after, until = (19, 23) if probation else (5, 15)
    first, last = course.steps.get(after), course.steps.get(until)
    if first is None:
        raise entering.refusal("DEVELOPMENT-ORDER", _("指定培养联系人以后才登记考察。"), "on")
    if not first.on <= on <= localdate(at) or (last is not None and on > last.on):
        told = _("考察日期须在 {first} 至今天之间，不晚于支部大会。")
        raise entering.refusal("DEVELOPMENT-DAY", told, "on", first=first.on.isoformat())
    if any(one.on == on for one in course.examinations):
        raise entering.refusal("DEVELOPMENT-TWICE", _("这一天的考察已登记。"), "on")
    row = Examination.objects.create(
        applicant=course.applicant, kind=str(ExaminationKind.PROBATION if probation else ExaminationKind.CULTIVATION),
        on=on, result=str(Examined(result)), recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    note = _(EXAMINED_TITLES[Examined(result)])
    developing.done(course, Event.EXAMINED, by=by, at=at, on=on, step=step, note=note)
    return row


@transaction.atomic
def mark(
    *, applicant: Applicant, kind: str, on: date, evidence: str = "", version: int | None = None, by: Actor,
    at: datetime,
) -> DevelopmentMark:  # fmt: skip
    """The first day of a publicity, or the day on which the committee received a decision. Entering it again corrects
    it, as long as the step that rests on it is not made.
    """
    what = MarkKind(kind)
    after, until = MARK_STEPS[what]
    party = applicant.party_organization
    received = what in (MarkKind.RECEIVED, MarkKind.CONFIRM_RECEIVED)
    over = applicants.committee_of(party, on) if received else party
    require(by, Permission.MEMBERS_EDIT, over)
    entering.lock(parties=[applicant.party_organization_id])
    developing.lock(applicant)
    course = courses.of(developing.again(applicant, version))
    row = write_mark(course, what, on, evidence, by=by, at=at)
    if until in course.steps or after not in course.steps:
        raise entering.refusal("DEVELOPMENT-ORDER", _("现在不能登记这个日期。"), "on")
    note = _(MARK_TITLES[what])
    developing.done(course, Event.DEVELOPMENT_MARKED, by=by, at=at, on=on, note=note)
    return row


def write_mark(
    course: courses.Course, kind: MarkKind, on: date, evidence: str = "", *, by: Actor, at: datetime
) -> DevelopmentMark:
    """The writing part; the caller holds the locks and records the event."""
    first = course.steps.get(MARK_STEPS[kind][0])
    if first is None:
        raise entering.refusal("DEVELOPMENT-ORDER", _("现在不能登记这个日期。"), "on")
    if not first.on <= on <= localdate(at):
        told = _("日期须在 {first} 至今天之间。")
        raise entering.refusal("DEVELOPMENT-DAY", told, "on", first=first.on.isoformat())
    DevelopmentMark.objects.current().filter(applicant=course.applicant, kind=str(kind)).update(superseded_at=at)
    row = DevelopmentMark.objects.create(
        applicant=course.applicant, kind=str(kind), on=on, recorded_at=at, recorded_by=entering.recorder(by),
        **developing.papers(evidence=evidence.strip()[:80]),
    )  # fmt: skip
    course.marks[str(kind)] = row
    return row


@transaction.atomic
def take_back_examination(*, row: Examination, version: int | None = None, by: Actor, at: datetime) -> None:
    """An examination was entered by mistake. Not the last one that the step of the candidate rests on."""
    step = 21 if row.kind == ExaminationKind.PROBATION else 6
    course = developing.opened(row.applicant, step, row.on, version, by=by)
    found = next((one for one in course.examinations if one.pk == row.pk), None)
    if found is None:
        raise entering.refusal("DEVELOPMENT-NOT-MADE", _("这次考察已被撤销，请刷新后再试。"))
    course.examinations.remove(found)
    if 7 in course.steps and "cultivated" not in course.days:
        raise entering.refusal("DEVELOPMENT-LATER", _("确定发展对象以前须有一次考察，不能撤销。"))
    Examination.objects.filter(pk=found.pk).update(superseded_at=at)
    note = _(EXAMINED_TITLES[Examined(found.result)])
    developing.done(course, Event.STEP_TAKEN_BACK, by=by, at=at, on=found.on, step=step, note=note)
