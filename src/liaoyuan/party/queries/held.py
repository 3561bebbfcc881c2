"""Meetings as coverage reads them: the one place where the model of meetings is plugged in.

Until it exists here nothing was ever held, so that what is covered for longer than `pb.cov.quiet_months` is gap D.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from liaoyuan.party.models import PartyOrganization


def parties_that_met(since: date, on: date, known_at: datetime | None = None) -> Any:
    """Keys of party organizations that held a meeting on a day in [`since`, `on`], as a query of one column."""
    return PartyOrganization.objects.none().values("pk")


def last_meetings(parties: Iterable[int], on: date, known_at: datetime | None = None) -> dict[int, date]:
    """The day of the last meeting up to `on` by party organization."""
    return {}
