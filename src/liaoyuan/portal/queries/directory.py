"""The public directory: live organizations of the own district, and only what everybody may read of them (C1).

Everything starts from `listed`; closed, void and external bodies are not in it. Telephone, identity number, address and
note are read nowhere on this floor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL

from liaoyuan.core import search
from liaoyuan.core.models import Area
from liaoyuan.core.queries.search import Plan
from liaoyuan.registry.choices import Kind
from liaoyuan.registry.models import Rating, Standing
from liaoyuan.registry.queries.matching import dated

_SUBJECT = "organization"
_COLUMNS = (
    "organization_id", "name", "organization__code", "organization__filing_no", "kind", "street__name", "field",
    "status", "organization__registered_on", "precision",
)  # fmt: skip


class Line(NamedTuple):
    """One organization of the directory. `registered_on` is ISO text as far as the day is known."""

    pk: int
    name: str
    number: str
    kind: str
    street: str
    field: str
    status: str
    registered_on: str
    rating: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. Empty text asks nothing; `street` is an area code, `field` one of the 14 codes."""

    q: str = ""
    kind: str = ""
    street: str = ""
    field: str = ""

    @property
    def only_text(self) -> bool:
        """Whether a text is all that is asked: then the best hits stand first."""
        return bool(self.q.strip()) and not (self.kind or self.street or self.field)


def listed(on: date) -> QuerySet[Standing]:
    """The facts of every listed organization on the day."""
    return Standing.objects.active(on).live()


class Directory:
    """The listed organizations that fulfil what is asked: an exact total and slices."""

    ordered = True

    def __init__(self, asked: Asked, on: date) -> None:
        self.asked, self.on = asked, on
        self._found: search.Found | None = None
        self._rows = listed(on)
        if asked.kind:
            self._rows = self._rows.filter(kind=asked.kind)
        if asked.street:
            self._rows = self._rows.filter(street__code=asked.street)
        if asked.field:
            self._rows = self._rows.filter(field=asked.field)
        if asked.q.strip() and not asked.only_text:
            self._rows = self._rows.filter(organization__in=_hits(asked.q))

    def count(self) -> int:
        """How many there are."""
        return self._find(0, 0).total if self.asked.only_text else self._rows.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        start, stop = part.start or 0, part.stop
        if not self.asked.only_text:
            return _lines(self._rows.order_by("name", "organization_id")[start:stop], self.on)
        keys = [hit.object_id for hit in self._find(stop - start, start).hits]
        lines = {line.pk: line for line in _lines(self._rows.filter(organization__in=keys).order_by(), self.on)}
        return [lines[key] for key in keys if key in lines]

    def _find(self, limit: int, offset: int) -> search.Found:
        return search.find(self.asked.q, user=AnonymousUser(), kind=_SUBJECT, limit=limit, offset=offset, public=True)


def _hits(text: str) -> Any:
    """Keys of the organizations that `search.find` would find for everybody, as a subquery."""
    plan = Plan.of(text)
    if not plan.words:
        return []
    return RawSQL(  # noqa: S611 - the condition is written by the search, the words are parameters
        f"SELECT d.object_id FROM core_searchdocument d WHERE d.kind = %s AND d.is_public AND {plan.holds.text}",  # noqa: S608
        [_SUBJECT, *plan.holds.values],
    )


def _lines(rows: QuerySet[Standing], on: date) -> list[Line]:
    values = list(rows.values_list(*_COLUMNS))
    levels = ratings([row[0] for row in values], on)
    return [
        Line(pk, name, code or filing_no, kind, street or "", field, status,
             dated(day, precision, "registered_on") or "", levels.get(pk, ""))
        for pk, name, code, filing_no, kind, street, field, status, day, precision in values
    ]  # fmt: skip


def ratings(keys: Sequence[int], on: date) -> dict[int, str]:
    """The rating that holds on the day, by organization."""
    found = Rating.objects.active(on).filter(organization__in=keys).order_by("organization", "-level")
    return dict(found.values_list("organization_id", "level"))


def streets(on: date) -> list[tuple[str, str]]:
    """Streets and towns in which a listed organization has its domicile: code and name."""
    keys = listed(on).filter(street__isnull=False).order_by().values("street").distinct()
    return list(Area.objects.filter(pk__in=keys).order_by("code").values_list("code", "name"))


def by_kind(on: date) -> dict[str, int]:
    """Listed organizations by kind."""
    return dict(listed(on).order_by().values_list("kind").annotate(n=Count("pk")))


class Counts(NamedTuple):
    """One row of a table of figures: registered and filed bodies."""

    code: str
    name: str
    registered: int
    filed: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.registered + self.filed


def by_street(on: date) -> list[Counts]:
    """Listed organizations by the street of their domicile; those without a known street under an empty code."""
    rows = listed(on).order_by().values_list("street__code", "street__name", "kind").annotate(n=Count("pk"))
    return _counts(rows)


def by_field(on: date) -> list[Counts]:
    """Listed organizations by the ministry's fourteen fields; unknown ones under an empty code."""
    rows = listed(on).order_by().values_list("field", "field", "kind").annotate(n=Count("pk"))
    return _counts(rows)


def _counts(rows: QuerySet[Any, Any]) -> list[Counts]:
    sums: dict[tuple[str, str], list[int]] = {}
    for code, name, kind, count in rows:
        pair = sums.setdefault((code or "", name or ""), [0, 0])
        pair[kind == Kind.BA] += count
    return [Counts(code, name, *sums[code, name]) for code, name in sorted(sums, key=lambda key: (key[0] == "", key))]
