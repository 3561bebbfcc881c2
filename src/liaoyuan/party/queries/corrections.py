"""Corrections of totals as actions and pages read them: who may make them, what rests on the result, what is unseen."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.access import Operator
from liaoyuan.core.models import User
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import DecisionKind, ElectionState, MeetingKind
from liaoyuan.party.choices.organizations import OFFICER_TITLES, OfficerKind
from liaoyuan.party.models import (
    ApplicantRecord,
    Decision,
    DevelopmentStep,
    DevelopmentVote,
    Election,
    Meeting,
    TotalsCorrection,
)
from liaoyuan.party.queries import meetings, organizations, voters

#: The step of development that a vote of the kind makes.
_STEPS = {DecisionKind.ADMISSION: 15, DecisionKind.CONFIRMATION: 23}


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
    """What has followed from a decision and must be undone before its result may change, in words."""
    meeting, kind = decision.meeting, DecisionKind(decision.kind)
    if kind not in _STEPS:
        return []
    rows = DevelopmentVote.objects.current().filter(
        party_organization=meeting.party_organization_id, on=meeting.held_on, kind=str(kind)
    )
    step = _STEPS[kind]
    made = DevelopmentStep.objects.current().filter(
        number=step, on=meeting.held_on, applicant__in=rows.values("applicant")
    )
    about = Q(applicant__member=decision.member_id)
    if kind == DecisionKind.ADMISSION:
        about |= Q(applicant__member__isnull=True)
    keys = list(made.filter(about).values_list("applicant", flat=True))
    names = ApplicantRecord.objects.current().filter(applicant__in=keys).order_by("applicant")
    told = _("{name}的发展党员进度已登记这次表决（第 {step} 步），请先在“发展党员”里撤销该步骤")
    return [told.format(name=name, step=step) for name in names.values_list("name", flat=True)]


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
