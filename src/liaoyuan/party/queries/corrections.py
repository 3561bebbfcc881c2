"""Corrections of totals as actions and pages read them: who may make them, what rests on the result, what is unseen."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.access import Operator
from liaoyuan.core.models import User
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import ElectionState, MeetingKind
from liaoyuan.party.choices.organizations import OFFICER_TITLES, OfficerKind
from liaoyuan.party.models import (
    Decision,
    Election,
    Extension,
    Meeting,
    TotalsCorrection,
)
from liaoyuan.party.queries import courses, meetings, organizations, voters
from liaoyuan.party.rules.steps import STEPS

#: Steps of the way into the party that are the vote itself: recorded with it, taken back with it.
MADE_BY_VOTE = (15, 23)


def counted_by(row: Decision | Election) -> set[int]:
    """Accounts that counted this vote, now or before a correction."""
    now = row.closed_by_id if isinstance(row, Decision) else row.counted_by_id
    return {key for key in (now, *row.corrections.values_list("counted_by", flat=True)) if key is not None}


def may_correct(user: Any, row: Decision | Election) -> bool:
    """Whether the user counted it and still keeps the branch's meetings, or is its superior who does."""
    party = row.meeting.party_organization
    if not access.covers(user, Permission.LIFE_EDIT, party, write=True):
        return False
    if isinstance(user, Operator) or meetings.superior(user, party):
        return True
    return isinstance(user, User) and user.pk in counted_by(row)


def rests_on_decision(decision: Decision) -> list[str]:
    """What has followed from a decision and must be undone before its result may change, in words.

    A step that is itself the vote (15, 23) goes with it, as long as no later step or mark rests on that one.
    """
    if decision.applicant is None or decision.step is None:
        return []
    course, number = courses.of(decision.applicant), decision.step
    name, row = course.record.name, course.steps.get(number)
    if row is None or row.decision_id != decision.pk:
        extended = Extension.objects.current().filter(applicant=decision.applicant, on=decision.meeting.held_on)
        if number == 23 and decision.carried and extended.exists():
            return [_("{name}已据此延长预备期，请先由上级党委撤销审批").format(name=name)]
        return []
    if number not in MADE_BY_VOTE:
        told = _("{name}的发展党员进度已据此办理第 {step} 步，请先在“发展党员”里撤销该步骤")
        return [told.format(name=name, step=number)]
    later = sorted(n for n in course.steps if number in STEPS[n].needs)
    marked = [kind for kind, (after, _until) in courses.MARK_STEPS.items() if after == number and kind in course.marks]
    if later or marked:
        told = _("{name}的发展党员进度在第 {step} 步以后已报上级，请先由上级党委退回")
        return [told.format(name=name, step=number)]
    return []


def rests_on_election(election: Election) -> list[str]:
    """The same of an election: an approval by which people took office, an election or meeting that came after it."""
    meeting, party = election.meeting, election.meeting.party_organization_id
    told = []
    if election.state == ElectionState.CONFIRMED:
        names = voters.names(election.candidates.filter(elected=True).values_list("member", flat=True))
        word = _("{names}已按批复就任{post}，请先由上级撤销批复")
        told.append(word.format(names="、".join(names.values()), post=_(OFFICER_TITLES[OfficerKind(election.post)])))
    if election.state == ElectionState.VOID:
        again = Election.objects.filter(meeting=meeting, post=election.post, pk__gt=election.pk)
        if again.exists():
            told.append(_("同一次会议已重新选举，请先更正后一次"))
    if election.post == OfficerKind.MEMBER and election.state == ElectionState.COUNTED:
        later = Meeting.objects.held().filter(
            party_organization=party, kind=MeetingKind.COMMITTEE, held_on__gte=meeting.held_on,
            created_at__gte=election.counted_at,
        )  # fmt: skip
        told += [_("新一届委员会已开过“{title}”，请先取消").format(title=meetings.title(one)) for one in later[:3]]
    return told


def of_meeting(rows: Iterable[Decision | Election], model: str) -> dict[int, list[TotalsCorrection]]:
    """Corrections by the row they are of; `model` is decision or election."""
    found: dict[int, list[TotalsCorrection]] = {}
    told = TotalsCorrection.objects.filter(**{f"{model}__in": [row.pk for row in rows]}).order_by("pk")
    for row in told.select_related("counted_by", "made_by", "seen_by"):
        found.setdefault(getattr(row, f"{model}_id"), []).append(row)
    return found


def to_see(user: Any) -> Any:
    """Late corrections that the user, as the branch's superior, has not looked at."""
    rows = TotalsCorrection.objects.unseen()
    condition = meetings.above(user, "party_organization")
    return rows if condition is None else rows.filter(condition)


def items(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """待办 of a superior: totals that were corrected after the minutes had been confirmed."""
    found = list(to_see(user).select_related("decision__meeting", "election__meeting").order_by("made_at", "pk"))
    names = organizations.names({row.party_organization_id for row in found[:limit]}) if found[:limit] else {}
    told = []
    for row in found[:limit]:
        counted = row.decision or row.election
        if counted is None:
            continue  # one of them is there by the table's constraint; said again for the type
        address = (
            reverse("party:meeting_detail", args=[counted.meeting_id])
            if row.decision is not None
            else reverse("party:election_detail", args=[counted.pk])
        )
        told.append(DueItem(
            _("{branch}：{title}的票数在办结后作了更正").format(
                branch=names.get(row.party_organization_id, ""), title=meetings.title(counted.meeting)
            ),
            None, address, _("查看"), code="party.correction",
        ))  # fmt: skip
    return told, len(found)


SOURCE = DueSource("party.correction", "票数更正", "", items)
