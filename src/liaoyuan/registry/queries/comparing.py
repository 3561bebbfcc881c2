"""What the register knows of an area on a day, to set another system's list against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from liaoyuan.core.models import Area
from liaoyuan.kit.text import match_key
from liaoyuan.registry.choices import LIVE, Kind
from liaoyuan.registry.models import OPEN, Rating, Standing
from liaoyuan.registry.queries.matching import until

#: So many years stand in the column 年检结论(近3年).
LATEST_YEARS = 3
_LIVE = {str(s) for s in LIVE}


@dataclass(frozen=True, slots=True)
class Body:
    """One body on the day. `begun` = it existed then; `own` = the area registers it."""

    code: str
    filing_no: str
    name: str
    kind: str
    street: str
    live: bool
    own: bool
    begun: bool

    @property
    def key(self) -> str:
        """What it is called by in a list of differences."""
        return self.code or self.filing_no or f"{match_key(self.name)}@{match_key(self.street)}"

    @property
    def sort(self) -> tuple[bool, bool, bool]:
        """Filed, live, own: what lists usually hold whole or not at all."""
        return self.kind == Kind.BA, self.live, self.own


def bodies(area: Area, on: date, kind: str = "") -> dict[int, Body]:
    """All bodies that the area registers or that live in it, by key; of one kind, or of all."""
    areas = Area.objects.within(area.path)
    within = Q(registrar_area__in=areas) | Q(street__in=areas) | Q(community__in=areas)
    rows = Standing.objects.current().filter(within)
    if kind:
        rows = rows.filter(kind=kind)
    found: dict[int, Body] = {}
    for pk, start, name, kind_, status, path, street, given, code, filing_no, external in (
        rows.order_by("organization_id", "valid_from")
        .values_list(
            "organization_id", "valid_from", "name", "kind", "status", "registrar_area__path", "street__name",
            "street_as_given", "organization__code", "organization__filing_no", "organization__is_external",
        )
        .iterator(chunk_size=5000)
    ):  # fmt: skip
        if pk in found and start > on:
            continue
        own = path.startswith(area.path) and not external
        found[pk] = Body(code, filing_no, name, kind_, street or given, status in _LIVE, own, start <= on)
    return found


class Rated(NamedTuple):
    """The rating of a body on the day, as a list names it; `expired` when the last one was over by then."""

    level: str | None
    on: str | None
    until: str | None
    expired: bool


def ratings(ids: Iterable[int], on: date) -> dict[int, Rated]:
    """The rating that held on the day (the highest), else the last one before it; for every body asked."""
    best: dict[int, tuple[bool, str, date, Rating]] = {}
    wanted = list(ids)
    for row in Rating.objects.current().filter(organization__in=wanted, valid_from__lte=on).order_by("valid_from"):
        holds = row.valid_to > on
        kept = best.get(row.organization_id)
        if kept is None or (holds, row.level if holds else "") >= (kept[0], kept[1]):
            best[row.organization_id] = (holds, row.level if holds else "", row.valid_from, row)
    found = {pk: Rated(None, None, None, expired=False) for pk in wanted}
    for pk, (holds, _level, _start, row) in best.items():
        start = None if row.assumed else row.valid_from.isoformat()
        found[pk] = Rated(row.level, start, None if row.valid_to == OPEN else until(row.valid_to), expired=not holds)
    return found
