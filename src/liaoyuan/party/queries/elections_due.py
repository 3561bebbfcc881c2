"""Elections that wait for the superior: counted, somebody elected, not yet approved (handbook §2.3)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import ELECTED_TITLES, ElectionState
from liaoyuan.party.models import Candidate, Election
from liaoyuan.party.models.base import within_reach
from liaoyuan.party.queries import organizations


def waiting(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Results that the user approves, the oldest first; no law names a day."""
    reach = within_reach(user, Permission.APPROVE, "meeting__party_organization")
    elected = Candidate.objects.filter(elected=True).values("election")
    rows = Election.objects.filter(state=ElectionState.COUNTED.value, pk__in=elected)
    if reach is not None:
        rows = rows.filter(reach)
    total = rows.count()
    found = list(rows.select_related("meeting").order_by("meeting__held_on", "pk")[:limit]) if total else []
    names = organizations.names(row.meeting.party_organization_id for row in found)
    items = [
        DueItem(
            _("{branch}选举{post}的结果待批复（{day}）").format(
                branch=names.get(row.meeting.party_organization_id, ""), post=_(ELECTED_TITLES[row.post]),  # type: ignore[index]
                day=row.meeting.held_on.isoformat(),
            ),
            None, reverse("party:election_detail", args=[row.pk]), _("去批复"),
        )
        for row in found
    ]  # fmt: skip
    return items, total


SOURCES: Sequence[DueSource] = (DueSource("party.elections", "选举结果", Permission.APPROVE, waiting),)
