"""What waits of organizational life: a secretary's 待办, a superior's 催办. Branches, never persons."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.registries import DueItem, DueSource, Owing, Reminder
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import MeetingState
from liaoyuan.party.models import Meeting, PartyOrganization
from liaoyuan.party.queries import life, meetings, organizations
from liaoyuan.party.rules.facts.meetings import MeetingFacts


def mine(user: Any) -> list[PartyOrganization]:
    """Branches whose life the user keeps by a grant over the branch itself: a secretary's, not a superior's."""
    paths = access.reach(user, Permission.LIFE_EDIT).parties
    if not paths:
        return []
    rows = life.branches(PartyOrganization.objects.living().filter(path__in=paths))
    return list(rows.select_related("area").order_by("path"))


def activities(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """What the rules remind the user's own branches of."""
    found = life.owed(mine(user), on)
    names = organizations.names(party.pk for party, _need in found)
    items = [
        DueItem(
            _("{branch}：{period}的{what}（{held}/{least}）").format(
                branch=names.get(party.pk, ""), period=need.period, what=need.title, held=need.held, least=need.least
            ),
            need.last, f"{reverse('party:meeting_new', args=[party.pk])}?kind={need.duty.kind}", _("安排会议"),
            code=need.duty.code,
        )
        for party, need in sorted(found, key=lambda one: (one[1].last, one[0].pk))[:limit]
    ]  # fmt: skip
    return items, len(found)


def unfinished(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Minutes of the user's own branches that are past their days (PB-MTG-10)."""
    parties = mine(user)
    rows = (
        Meeting.objects.filter(party_organization__in=[party.pk for party in parties], state=MeetingState.HELD)
        .select_related("party_organization__area").order_by("held_on", "pk")
    )  # fmt: skip
    limits = life.limits_by_area(parties, on)
    found = []
    for meeting in rows if parties else ():
        told = MeetingFacts(held_on=meeting.held_on, missing=("",))
        if policy.evaluate("PB-MTG-10", told, limits[meeting.party_organization_id], on):
            found.append(meeting)
    items = [
        DueItem(
            _("补全会议记录：{title}（{day}）").format(title=meetings.title(one), day=one.held_on.isoformat()),
            one.held_on, reverse("party:meeting_detail", args=[one.pk]), _("补全"), code="PB-MTG-10",
        )
        for one in found[:limit]
    ]  # fmt: skip
    return items, len(found)


def owing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Branches within the user's reach that a rule reminds of something whose period ends in that span."""
    rows = life.branches(PartyOrganization.objects.living().reached_by(user, Permission.LIFE_EDIT))
    if keys is not None:
        wanted = {int(key.split("-")[0]) for key in keys if key.split("-")[0].isdecimal()}
        rows = rows.filter(pk__in=wanted)
    found = [(p, n) for p, n in life.owed(list(rows.select_related("area").order_by("path")), on)
             if since <= n.last <= until]  # fmt: skip
    names = organizations.names(party.pk for party, _need in found)
    lines = [
        Owing(
            key=f"{party.pk}-{need.duty.kind}", subject=(organizations.SUBJECT, str(party.pk)),
            name=names.get(party.pk, ""),
            what=_("{period}的{what}，已开展 {held} 次，应 {least} 次").format(
                period=need.period, what=need.title, held=need.held, least=need.least
            ),
            due_on=need.last, place=party.area.name, url=f"{reverse('party:life_home')}?branch={party.pk}",
        )
        for party, need in found
    ]  # fmt: skip
    if keys is not None:
        lines = [line for line in lines if line.key in set(keys)]
    return sorted(lines, key=lambda line: (line.due_on or until, line.key))


SOURCES = (
    DueSource("party.life", "组织生活", Permission.LIFE_EDIT, activities),
    DueSource("party.minutes", "会议记录", Permission.LIFE_EDIT, unfinished),
)
REMINDER = Reminder(
    "party.life", "组织生活", "下列党支部的组织生活快到期还没有开展，请抓紧安排：", Permission.LIFE_EDIT, owing,
)  # fmt: skip
