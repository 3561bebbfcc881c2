"""Meetings as coverage reads them: the last one that a party organization held, or that it held one since a day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from liaoyuan.party.choices.life import HELD_STATES
from liaoyuan.party.models import Meeting

_HELD = [str(state) for state in HELD_STATES]


def _held(on: date, known_at: datetime | None) -> Any:
    rows = Meeting.objects.filter(state__in=_HELD, held_on__lte=on)
    return rows if known_at is None else rows.filter(created_at__lte=known_at)


def parties_that_met(since: date, on: date, known_at: datetime | None = None) -> Any:
    """Keys of party organizations that held a meeting on a day in [`since`, `on`], as a query of one column."""
    return _held(on, known_at).filter(held_on__gte=since).values("party_organization")


def last_meetings(parties: Iterable[int], on: date, known_at: datetime | None = None) -> dict[int, date]:
    """The day of the last meeting up to `on` by party organization."""
    rows = _held(on, known_at).filter(party_organization__in=list(parties)).order_by()
    return dict(rows.values_list("party_organization").annotate(last=Max("held_on")))
