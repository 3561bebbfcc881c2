"""Votes of branch meetings on one person, the committee's approvals, the membership that follows (handbook §2.6).

Only totals are stored. E is the roster of the meeting's day; quorum and majority are PB-DEV-11.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import affiliations, applicants, decided, developing, entering, life
from liaoyuan.party.actions.development import write_mark
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    Decision,
    DevelopmentMark,
    DevelopmentStep,
    DevelopmentVote,
    Extension,
    MemberRecord,
)
from liaoyuan.party.params.way import (
    CONFIRM_OUTCOME_TITLES,
    CloseReason,
    ConfirmOutcome,
    DevelopmentStage,
    MarkKind,
    MentorKind,
)
from liaoyuan.party.queries import applicants as reading
from liaoyuan.party.queries import counts, courses
from liaoyuan.party.queries import organizations as naming
from liaoyuan.party.rules import votes
from liaoyuan.party.rules.development import probation_end
from liaoyuan.party.rules.facts.meetings import MeetingFacts

#: The step that a vote of the kind makes.
STEP_OF = {DecisionKind.ADMISSION: 15, DecisionKind.CONFIRMATION: 23}


@transaction.atomic
def vote(
    *, applicant: Applicant, kind: str, on: date, present: int, yes: int, no: int = 0, abstain: int = 0,
    written: int = 0, introducers_present: bool = True, outcome: str = "", months: int | None = None,
    meeting: str = "", version: int | None = None, by: Actor, at: datetime, confirmed: bool = False,
) -> DevelopmentVote:  # fmt: skip
    """Record the vote of a branch meeting about this person alone; carried, it makes step 15 or 23.

    Where the branch keeps its meetings here it rests on the meeting's decision and says nothing else (`decided`).
    Refused out of order or too early (PB-DEV-18, -13, -15), without a quorum or with more votes than there can be
    (PB-DEV-11), by a branch that does not admit (PB-TMP-01). A vote that is not carried is kept and makes no step.
    """
    what = DecisionKind(kind)
    step = STEP_OF[what]
    if outcome == ConfirmOutcome.EXTEND and months is None:
        raise entering.refusal("DEVELOPMENT-MONTHS", _("请填写延长的月数。"), "months")
    months = months if outcome == ConfirmOutcome.EXTEND else None
    course = developing.opened(applicant, step, on, version, by=by)
    branch = reading.place_on(course.applicant, on)
    entering.lock(parties=[branch.pk])
    more: dict[str, Any] = {"outcome": outcome, "extend_months": months} if step == 23 else {}
    found = [*developing.asked(course, step, on, at, **more), *developing.admits(branch, on)]
    rests = None
    if not any(finding.severity == "block" for finding in found):
        given = {"present": present, "written": written, "yes": yes, "no": no, "abstain": abstain}
        given_words = {"outcome": outcome, "months": months} if step == 23 else {}
        rests = _rests(course, step, on, {**given, **given_words})
    expected = counts.voters(branch.pk, on).count() if rests is None else rests.expected
    limits = courses.limits_for(branch, on, localdate(at))
    facts = MeetingFacts(decision=str(what), expected=expected, roster=expected, present=present, yes=yes, persons=1)
    found += policy.evaluate(Moment.VOTE_CLOSE, facts, limits, on)
    if step == 15 and not introducers_present:
        told = _("入党介绍人没有全部到会，请核对。")
        found.append(entering.doubt("DEVELOPMENT-INTRODUCERS", told, "introducers_present"))
    if not any(finding.severity == "block" for finding in found):
        _adds_up(course, expected, present, yes, no, abstain, written, what, outcome)
    found = refuse_if_blocked(found, confirmed=confirmed)
    verdict = votes.outcome(what, expected, present, yes, limits)
    if not verdict.quorate:
        raise entering.refusal("PB-DEV-11", _("到会人数不足，不能表决。"), "present")
    meeting = meeting.strip() or (str(rests.meeting.number) if rests is not None else "")
    row = DevelopmentVote.objects.create(
        applicant=course.applicant, kind=str(what), on=on, party_organization=branch, meeting=meeting[:40],
        expected=expected, present=present, written=written, yes=yes, no=no, abstain=abstain, carried=verdict.carried,
        outcome=outcome, months=months, decision=rests, recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    if verdict.carried:
        developing.write(course, step, on, by=by, at=at, decision=rests)
    told = _("通过") if verdict.carried else _("未获通过")
    title = _(CONFIRM_OUTCOME_TITLES[ConfirmOutcome(outcome)]) if outcome else _("接收预备党员")
    developing.done(course, Event.DEVELOPMENT_VOTED, by=by, at=at, found=found, on=on, step=step,
                    note=f"{title} {told}")  # fmt: skip
    return row


def _rests(course: courses.Course, step: int, on: date, given: dict[str, Any]) -> Decision | None:
    """The meeting's decision, which says the same as was typed and is told once."""
    found = decided.of(course, step, on)
    if found is not None:
        decided.agree(found, given)
        if any(vote.decision_id == found.pk for vote in course.votes):
            raise entering.refusal("DEVELOPMENT-TWICE", _("这次会议的表决已登记。"), "on")
    return found


def _adds_up(
    course: courses.Course, expected: int, present: int, yes: int, no: int, abstain: int, written: int,
    kind: DecisionKind, outcome: str,
) -> None:  # fmt: skip
    """Refused where totals cannot be."""
    if min(present, yes, no, abstain, written) < 0 or present + written > expected:
        told = _("到会 {present} 名加书面意见 {written} 份，多于应到会有表决权的 {expected} 名。")
        raise entering.refusal("DEVELOPMENT-PRESENT", told, "present", present=present, written=written,
                               expected=expected)  # fmt: skip
    if yes + no + abstain > present + written:  # fewer where papers were spoiled or not handed in
        told = _("赞成、反对、弃权共 {sum} 票，多于到会和书面意见共 {all} 名。")
        raise entering.refusal("DEVELOPMENT-SUM", told, "yes", sum=yes + no + abstain, all=present + written)
    if kind == DecisionKind.CONFIRMATION and outcome not in list(ConfirmOutcome):
        raise entering.refusal("DEVELOPMENT-OUTCOME", _("请选择讨论的结果。"), "outcome")
    if kind == DecisionKind.ADMISSION and len(course.mentors_now(MentorKind.INTRODUCER)) == 0:
        raise entering.refusal("DEVELOPMENT-ORDER", _("还没有入党介绍人。"), "on")


@transaction.atomic
def approve(
    *, applicant: Applicant, on: date, received_on: date | None = None, evidence: str = "", special_reason: str = "",
    version: int | None = None, by: Actor, at: datetime, confirmed: bool = False,
) -> DevelopmentStep:  # fmt: skip
    """The committee approves the admission (step 17), within its term from the day it received it (PB-DEV-12)."""
    course = developing.opened(applicant, 17, on, version, by=by)
    _received(course, MarkKind.RECEIVED, received_on, on, by=by, at=at)
    found = developing.asked(course, 17, on, at, special_reason=special_reason)
    found = refuse_if_blocked(found, confirmed=confirmed)
    told = developing.papers(evidence=evidence.strip()[:80], reason=special_reason.strip()[:100])
    row = developing.write(course, 17, on, by=by, at=at, **told)
    developing.done(course, Event.STEP_MADE, by=by, at=at, found=found, on=on, step=17, note=developing.title(17))
    return row


def _received(
    course: courses.Course, kind: MarkKind, given: date | None, on: date, *, by: Actor, at: datetime
) -> None:  # fmt: skip
    if given is not None:
        write_mark(course, kind, given, by=by, at=at)
    row = course.marks.get(str(kind))
    if row is None:
        raise entering.refusal("DEVELOPMENT-RECEIVED", _("请填写上级党委收到决议的日期。"), "received_on")
    if on < row.on:
        told = _("审批日期不能早于收到决议的日期 {received}。")
        raise entering.refusal("DEVELOPMENT-RECEIVED", told, "on", received=row.on.isoformat())


@transaction.atomic
def assign(
    *, applicant: Applicant, on: date, evidence: str = "", version: int | None = None, by: Actor, at: datetime,
    confirmed: bool = False,
) -> Applicant:  # fmt: skip
    """编入党支部 (step 19): discussed, approved and placed, the applicant is a probationary member from the meeting's
    day, with a formal affiliation to the branch. Refused by a branch that does not admit (PB-TMP-01).
    """
    course = developing.opened(applicant, 19, on, version, by=by)
    found = [*developing.asked(course, 19, on, at), *developing.admits(course.applicant.party_organization, on)]
    found = refuse_if_blocked(found, confirmed=confirmed)
    met, target = course.steps[15].on, course.applicant
    party = target.party_organization
    member, known = applicants.admitted(course, party, met, by=by, at=at)
    affiliations.write(
        member=member, party=party, kind=str(AffiliationKind.FORMAL), organization=target.organization, start=met,
        assumed=False, fields={"evidence": course.steps[17].evidence}, by=by, at=at,
    )  # fmt: skip
    target.member, target.stage = member, str(DevelopmentStage.PROBATIONER)
    developing.write(course, 19, on, by=by, at=at, **developing.papers(evidence=evidence.strip()[:80]))
    developing.done(course, Event.STEP_MADE, by=by, at=at, found=found, on=on, step=19, note=developing.title(19))
    if known:
        entering.touched(member)
    events.record(
        Event.MEMBERSHIP_BEGAN, entering.member_subject(member, course.record.name), by=by, at=at,
        payload={"party": party.pk, "on": met.isoformat(), "note": naming.name_of(party)},
    )  # fmt: skip
    return target


@transaction.atomic
def decide(
    *, applicant: Applicant, on: date, received_on: date | None = None, evidence: str = "",
    version: int | None = None, by: Actor, at: datetime, confirmed: bool = False,
) -> Applicant:  # fmt: skip
    """The committee approves what the branch decided when probation was over (step 24): confirmed from the day on which
    probation ended; extended, so that the meeting is held again then; or cancelled.
    """
    course = developing.opened(applicant, 24, on, version, by=by)
    _received(course, MarkKind.CONFIRM_RECEIVED, received_on, on, by=by, at=at)
    found = refuse_if_blocked(developing.asked(course, 24, on, at), confirmed=confirmed)
    met = course.steps[23].on
    last = [v for v in course.votes if v.kind == DecisionKind.CONFIRMATION and v.carried and v.on == met][-1]
    if last.outcome == ConfirmOutcome.EXTEND:
        _extend(course, last, on, evidence, found, by=by, at=at)
    else:
        told = developing.papers(evidence=evidence.strip()[:80])
        developing.write(course, 24, on, by=by, at=at, **told)
        if last.outcome == ConfirmOutcome.CANCEL:
            _cancel(course, on, found, by=by, at=at)
        else:
            _confirm(course, on, found, by=by, at=at)
    return course.applicant


def _extend(
    course: courses.Course, row: DevelopmentVote, on: date, evidence: str, found: list[Finding], *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """The meeting is open again, with a publicity and a receipt of its own; what was stays superseded."""
    target = course.applicant
    Extension.objects.create(applicant=target, months=row.months or 0, on=row.on, approved_on=on, recorded_at=at,
                             recorded_by=entering.recorder(by),
                             **developing.papers(evidence=evidence.strip()[:80]))  # fmt: skip
    DevelopmentStep.objects.current().filter(applicant=target, number=23).update(superseded_at=at)
    again = [str(MarkKind.CONFIRM_PUBLICITY), str(MarkKind.CONFIRM_RECEIVED)]
    DevelopmentMark.objects.current().filter(applicant=target, kind__in=again).update(superseded_at=at)
    told = _("延长 {months} 个月").format(months=row.months)
    developing.done(course, Event.PROBATION_EXTENDED, by=by, at=at, found=found, on=on, note=told)


def _confirm(course: courses.Course, on: date, found: list[Finding], *, by: Actor, at: datetime) -> None:
    target = course.applicant
    limits = courses.limits_for(target.party_organization, on, localdate(at))
    ended = probation_end(course.steps[15].on, limits, course.extended_months)
    _told(target, at, by, confirmed_on=ended)
    target.stage = str(DevelopmentStage.CONFIRMED)
    developing.done(course, Event.STEP_MADE, by=by, at=at, found=found, on=on, step=24, note=developing.title(24))
    _member_event(course, Event.MEMBERSHIP_CONFIRMED, ended, by=by, at=at)


def _cancel(course: courses.Course, on: date, found: list[Finding], *, by: Actor, at: datetime) -> None:
    target = course.applicant
    _told(target, at, by, left_on=on, left_reason="other")
    rows = Affiliation.objects.now_open().filter(member=target.member)
    for row in rows:
        end_row(row, on, at, by, end_reason=_("不再是党员"))
    if target.member is not None:
        life.leave_groups(target.member, None, on, by=by, at=at)
    target.closed_on, target.closed_reason = on, str(CloseReason.CANCELLED)
    developing.done(course, Event.STEP_MADE, by=by, at=at, found=found, on=on, step=24, note=developing.title(24))
    _member_event(course, Event.MEMBERSHIP_CANCELLED, on, by=by, at=at)


def _told(applicant: Applicant, at: datetime, by: Actor, **columns: Any) -> None:
    """What is told of the member, with the columns changed: a new row."""
    row = MemberRecord.objects.current().get(member=applicant.member)
    MemberRecord.objects.filter(pk=row.pk).update(superseded_at=at)
    row.pk, row._state.adding, row.recorded_at, row.recorded_by = None, True, at, entering.recorder(by)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def _member_event(course: courses.Course, event: Event, on: date, *, by: Actor, at: datetime) -> None:
    member = course.applicant.member
    if member is not None:
        entering.touched(member)
        events.record(event, entering.member_subject(member, course.record.name), by=by, at=at,
                      payload={"party": course.applicant.party_organization_id, "on": on.isoformat()})  # fmt: skip
