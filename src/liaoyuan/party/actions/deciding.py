"""Votes: put when enough are there, closed with totals, carried or not by the parameters of the day (handbook §2.4).

What a member voted is not told to any action: the totals come at once and together (product.md 1).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Limits, refuse_if_blocked
from liaoyuan.party.actions import entering, meetings
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.choices.life import DecisionKind, MeetingKind, MeetingState, Method
from liaoyuan.party.models import Applicant, Attendance, Decision, Meeting, Member
from liaoyuan.party.params.way import ConfirmOutcome
from liaoyuan.party.queries import applicants as people
from liaoyuan.party.queries import courses, decided, organizations, voters
from liaoyuan.party.queries import meetings as reading
from liaoyuan.party.rules import votes


def quorum(meeting: Meeting, kind: DecisionKind, limits: Limits) -> tuple[int, int, int]:
    """E, how many of it are there, how many must be. Refused when fewer are, when E is 0, before the sheet is saved."""
    if meeting.present is None or meeting.expected is None:
        raise meetings.refuse("VOTE-SHEET", _("请先登记到会情况，再提交表决。"))
    if meeting.signing:
        raise meetings.refuse("VOTE-SIGNING", _("签到还开着，请先保存到会情况。"))
    if meeting.expected == 0:
        raise meetings.refuse("PB-MTG-11", _("应到会有表决权的党员为 0 名，会议可以记录，但不能表决。"))
    least = votes.quorum(kind, meeting.expected, limits)
    if meeting.present < least:
        told = _("应到会有表决权的党员 {expected} 名，实到 {present} 名，不足 {quorum} 名，不能表决。")
        raise meetings.refuse("QUORUM", told, "kind", expected=meeting.expected, present=meeting.present, quorum=least)
    return meeting.expected, meeting.present, least


@transaction.atomic
def put(
    *, meeting: Meeting, kind: str, subject: str, method: str, member: Member | None = None,
    applicant: Applicant | None = None, step: int | None = None, outcome: str = "", months: int | None = None,
    tellers: str = "", by: Actor, at: datetime,
) -> Decision:  # fmt: skip
    """Put a matter to the vote. Refused without a quorum, at a meeting that does not decide it, for a second person.

    Admission and confirmation are voted on paper, one person at a time. A vote about an `applicant` names the `step` of
    the way into the party that it decides (of step 23 also the `outcome`); refused when that step may not be made yet.
    """
    meeting = meetings.held(meeting, by, MeetingState.HELD)
    party, on = meeting.party_organization, meeting.held_on
    about: dict[str, Any] = {}
    if applicant is not None:
        about = _on_the_way(meeting, applicant, step or 0, outcome, months, at)
        kind, subject = about.pop("kind"), subject.strip() or about.pop("subject")
    about.pop("subject", None)
    asked = DecisionKind(kind)
    if asked not in reading.DECIDES.get(MeetingKind(meeting.kind), ()):
        raise meetings.refuse("VOTE-KIND", _("这类会议不表决这类事项。"), "kind")
    if not subject.strip():
        raise meetings.refuse("VOTE-SUBJECT", _("请写明表决的事项。"), "subject")
    admits = asked in reading.WRITTEN
    if admits:
        if member is None and applicant is None:
            raise meetings.refuse("PB-DEV-11", _("接收和转正须逐人表决，请选择党员。"), "member")
        if member is not None and voters.elsewhere(member, party.pk, on):
            raise meetings.refuse("VOTE-MEMBER", _("这名党员会议当天属于别的党支部，不在这里表决。"), "member")
        if voters.for_a_task(party, on):
            raise meetings.refuse("PB-TMP-01", _("临时党支部、功能型党支部一般不发展党员。"), "kind")
        if method != Method.SECRET:
            raise meetings.refuse("VOTE-SECRET", _("接收和转正须无记名投票。"), "method")
        if member is not None and Decision.objects.filter(meeting=meeting, member=member, kind=asked).exists():
            raise meetings.refuse("VOTE-TWICE", _("这名党员的这件事已提交表决。"), "member")
    expected, present, least = quorum(meeting, asked, organizations.limits(party, on))
    rows = Decision.objects.filter(meeting=meeting)
    written = Attendance.objects.filter(meeting=meeting, voting=True, written=True).count() if admits else 0
    decision = Decision.objects.create(
        meeting=meeting, number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1, kind=asked.value,
        subject=subject.strip()[:200], member=member if admits else None, method=Method(method).value, **about,
        tellers=tellers.strip()[:60], expected=expected, present=present, written=written, quorum=least,
        put_at=at, put_by=entering.recorder(by),
    )  # fmt: skip
    told: dict[str, Any] = {"decision": decision.pk, "kind": kind, "note": decision.subject}
    events.record(Event.DECISION_PUT, reading.subject(meeting), by=by, at=at, payload=told)
    return decision


def _on_the_way(
    meeting: Meeting, applicant: Applicant, step: int, outcome: str, months: int | None, at: datetime
) -> dict[str, Any]:  # fmt: skip
    """What the vote says of an applicant, and its kind. Refused for another branch, a step that this meeting does not
    decide, one that is not lawful on the day, and twice.
    """
    kind, on = decided.kind_of(meeting, step), meeting.held_on
    if kind is None:
        raise meetings.refuse("VOTE-STEP", _("这类会议不表决发展党员的这一步。"), "matter")
    row = Applicant.objects.select_related("party_organization__area", "person").get(pk=applicant.pk)
    if people.place_on(row, on).pk != meeting.party_organization_id or row.closed_on is not None:
        raise meetings.refuse("VOTE-APPLICANT", _("这名申请人会议当天不在本支部培养。"), "matter")
    if Decision.objects.filter(meeting=meeting, applicant=row, step=step).exists():
        raise meetings.refuse("VOTE-TWICE", _("这名申请人的这一步已提交表决。"), "matter")
    if step == 23 and outcome not in list(ConfirmOutcome):
        raise meetings.refuse("VOTE-OUTCOME", _("请选择讨论的结果。"), "outcome")
    months = months if step == 23 and outcome == ConfirmOutcome.EXTEND else None
    if outcome == ConfirmOutcome.EXTEND and months is None:
        raise meetings.refuse("DEVELOPMENT-MONTHS", _("请填写延长的月数。"), "months")
    course = courses.of(row)
    more: dict[str, Any] = {"outcome": outcome, "extend_months": months} if step == 23 else {}
    told = courses.findings(course, step, on, localdate(at), **more)
    refuse_if_blocked([replace(finding, field="matter") for finding in told], confirmed=True)
    outcome = outcome if step == 23 else ""
    return {
        "applicant": row, "step": step, "outcome": outcome, "months": months, "kind": str(kind),
        "subject": decided.subject(course.record.name, step, outcome, months),
    }  # fmt: skip


@transaction.atomic
def close(
    *, decision: Decision, yes: int, no: int, abstain: int, spoiled: int = 0, issued: int | None = None,
    returned: int | None = None, by: Actor, at: datetime,
) -> Decision:  # fmt: skip
    """Enter the totals: carried when more than the share of E said yes, by the parameters of the meeting's day.

    Refused when the totals do not agree with each other or with who was there, and a second time.
    """
    meeting = meetings.held(decision.meeting, by, MeetingState.HELD)
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.closed_at is not None:
        raise meetings.refuse("VOTE-CLOSED", _("这件事的表决结果已登记，不能再改。"))
    reckon(decision, meeting, yes=yes, no=no, abstain=abstain, spoiled=spoiled, issued=issued, returned=returned)
    decision.closed_at, decision.closed_by = at, entering.recorder(by)
    decision.save()
    told_so = {"decision": decision.pk, "carried": decision.carried, "note": decision.subject}
    events.record(Event.DECISION_CLOSED, reading.subject(meeting), by=by, at=at, payload=told_so)
    return decision


def reckon(
    decision: Decision, meeting: Meeting, *, yes: int, no: int, abstain: int, spoiled: int = 0,
    issued: int | None = None, returned: int | None = None,
) -> None:  # fmt: skip
    """Set totals and result on the row, which the caller has locked and saves. Refused where they do not agree."""
    most = decision.present + decision.written
    if decision.method == Method.HANDS:
        issued, returned = most, yes + no + abstain + spoiled
        if returned != most or spoiled:
            told = _("举手表决：赞成、反对、弃权之和为 {sum}，应等于参加表决的 {most} 名。")
            raise meetings.refuse("VOTE-TOTALS", told, "yes", sum=returned, most=most)
    check_papers(issued, returned, most)
    if yes + no + abstain + spoiled != returned or min(yes, no, abstain, spoiled) < 0:
        told = _("赞成、反对、弃权、废票之和为 {sum}，应等于收回的 {returned} 张。")
        raise meetings.refuse("VOTE-TOTALS", told, "yes", sum=yes + no + abstain + spoiled, returned=returned)
    limits = organizations.limits(meeting.party_organization, meeting.held_on)
    kind = DecisionKind(decision.kind)
    found = votes.outcome(kind, decision.expected, decision.present, yes, limits)
    decision.needed, decision.carried = found.needed, found.carried
    decision.issued, decision.returned, decision.spoiled = issued, returned, spoiled
    decision.yes, decision.no, decision.abstain = yes, no, abstain


def check_papers(issued: int | None, returned: int | None, most: int) -> None:
    """Papers given out and come back, against how many may have one."""
    if issued is None or returned is None or not 0 < issued <= most:
        told = _("发出的票须在 1 至 {most} 张之间。")
        raise meetings.refuse("VOTE-ISSUED", told, "issued", most=most)
    if not 0 <= returned <= issued:
        told = _("收回 {returned} 张，发出 {issued} 张：收回多于发出，这次表决无效，请重新投票。")
        raise meetings.refuse("VOTE-RETURNED", told, "returned", returned=returned, issued=issued)
