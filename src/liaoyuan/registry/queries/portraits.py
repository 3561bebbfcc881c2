"""Facts of many stored organizations at once, for the rules: some few statements whatever the number of bodies.

`facts.of_stored` says the same of one. Here a rating that has ended still speaks (RAT-03 says since when), so that
整理清单 can name it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from liaoyuan.core import policy
from liaoyuan.core.policy import Plan
from liaoyuan.kit.findings import Limits
from liaoyuan.registry.models import OPEN, CreditEntry, Rating, Standing
from liaoyuan.registry.rules.facts import OrganizationFacts

_DAY = timedelta(days=1)
_CHUNK = 500


class Row(NamedTuple):
    """What is read of one standing."""

    organization: int
    name: str
    kind: str
    status: str
    code: str
    code_as_given: str
    filing_no: str
    registered_on: date | None
    created_at: datetime
    version: int
    registrar_path: str
    street_path: str | None
    community_path: str | None
    legal_representative: str
    field: str
    capital_fen: int | None
    members_unit: int | None
    members_person: int | None
    council_count: int | None
    term_from: date | None
    term_to: date | None
    certificate_to: date | None
    filing_to: date | None
    public_fundraising: bool | None

    @property
    def filed(self) -> bool:
        """Whether the body is only filed."""
        return self.kind == "BA"

    @property
    def place(self) -> str:
        """Path of the domicile as far as it is known."""
        return self.community_path or self.street_path or ""


_COLUMNS = (
    "organization_id", "name", "kind", "status", "organization__code", "organization__code_as_given",
    "organization__filing_no", "organization__registered_on", "organization__created_at", "organization__version",
    "registrar_area__path", "street__path", "community__path", "legal_representative", "field", "capital_fen",
    "members_unit", "members_person", "council_count", "term_from", "term_to", "certificate_to", "filing_to",
    "public_fundraising",
)  # fmt: skip


class Portrait(NamedTuple):
    """One organization with its facts."""

    row: Row
    facts: OrganizationFacts


class Records(NamedTuple):
    """Ratings and credit entries by organization, and namesakes by name: what stands beside the standing."""

    ratings: Mapping[int, tuple[str, date | None, date | None]]
    credits: Mapping[int, tuple[str, date]]
    namesakes: Mapping[str, list[tuple[int, str]]]


def rows_of(standings: QuerySet[Standing]) -> list[Row]:
    """The standings as plain rows, in the order of the organizations."""
    return [Row(*values) for values in standings.order_by("organization_id").values_list(*_COLUMNS)]


def portraits(rows: Iterable[Row], records: Records) -> Iterator[Portrait]:
    """The rows with their facts."""
    none = ("", None, None)
    for row in rows:
        level, rated_on, until = records.ratings.get(row.organization, none)
        entry = records.credits.get(row.organization)
        others = records.namesakes.get(row.name, ()) if row.code else ()
        other = next((code for pk, code in others if pk != row.organization and code and code != row.code), "")
        yield Portrait(
            row,
            OrganizationFacts(
                name=row.name, kind=row.kind, code=row.code, code_as_given=row.code_as_given, filing_no=row.filing_no,
                status=row.status, registrar_division=_division(row.registrar_path), same_name_other_code=other,
                registered_on=row.registered_on, capital_fen=row.capital_fen, members_unit=row.members_unit,
                members_person=row.members_person, member_count=row.members_person if row.filed else None,
                council_count=row.council_count, term_from=row.term_from, term_to=row.term_to, rating=level,
                rated_on=rated_on, rating_until=until, filing_until=row.filing_to,
                public_fundraising=row.public_fundraising, credit_status=entry[0] if entry else "normal",
                listed_on=entry[1] if entry else None,
            ),
        )  # fmt: skip


@lru_cache(maxsize=4096)
def _division(path: str) -> str:
    return path.strip("/").rsplit("/", 1)[-1][:6]


def records_on(on: date, ids: Iterable[int] | None = None, *, namesakes: bool = True) -> Records:
    """As known now: the latest rating begun by the day, list entries of the day, names borne more than once."""
    wanted = None if ids is None else list(ids)
    ratings: dict[int, tuple[str, date | None, date | None]] = {}
    for rating in _of(Rating.objects.current().filter(valid_from__lte=on), wanted).order_by("valid_from", "pk"):
        ratings[rating.organization_id] = _rating(rating)
    entries = _of(CreditEntry.objects.active(on), wanted).order_by("list_kind", "valid_from")
    credits_ = {entry.organization_id: (entry.list_kind, entry.valid_from) for entry in entries}
    return Records(ratings, credits_, _namesakes() if namesakes else {})


def _of[M: (Rating, CreditEntry)](rows: QuerySet[M], ids: list[int] | None) -> QuerySet[M]:
    return rows if ids is None else rows.filter(organization__in=ids)


def _rating(rating: Rating) -> tuple[str, date | None, date | None]:
    until = rating.valid_to - _DAY if rating.valid_to != OPEN else None
    return rating.level, None if rating.assumed else rating.valid_from, until


def _namesakes() -> dict[str, list[tuple[int, str]]]:
    """Live bodies whose name another live body bears too."""
    live = Standing.objects.now_open().live()
    twice = live.order_by().values("name").annotate(n=Count("pk")).filter(n__gt=1).values("name")
    found: dict[str, list[tuple[int, str]]] = {}
    rows = live.filter(name__in=twice).values_list("name", "organization_id", "organization__code")
    for name, pk, code in rows.order_by("organization_id"):
        found.setdefault(name, []).append((pk, code))
    return found


def entered(ids: Iterable[int]) -> tuple[list[Row], Records]:
    """The organizations as they were known when they were entered; identity numbers as they are now."""
    wanted = list(ids)
    rows: list[Row] = []
    ratings: dict[int, tuple[str, date | None, date | None]] = {}
    credits_: dict[int, tuple[str, date]] = {}
    first = Q(recorded_at__lte=F("organization__created_at")) & (
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("organization__created_at"))
    )
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        rows += rows_of(Standing.objects.filter(first, organization__in=part, valid_to=OPEN))
        for rating in Rating.objects.filter(first, organization__in=part).order_by("valid_from", "pk"):
            ratings[rating.organization_id] = _rating(rating)
        for entry in CreditEntry.objects.filter(first, organization__in=part, valid_to=OPEN).order_by("list_kind"):
            credits_[entry.organization_id] = (entry.list_kind, entry.valid_from)
    return rows, Records(ratings, credits_, {})


def changed_since_entered(rows: Iterable[Row]) -> set[int]:
    """Organizations among the rows of which something was written after they had been entered."""
    versions = {row.organization: row.version for row in rows}
    found = {pk for pk, version in versions.items() if version > 1}
    for model in (Rating, CreditEntry):
        later = model.objects.filter(recorded_at__gt=F("organization__created_at")).order_by()
        found |= versions.keys() & set(later.values_list("organization_id", flat=True).distinct())
    return found


class Judge:
    """The plans of some moments or rules for each pair of registrar's and domicile's district, made when needed."""

    def __init__(self, on: date, *what: str) -> None:
        self.on, self.what = on, what
        self._plans: dict[tuple[str, str], list[Plan]] = {}
        self._limits: dict[str, Limits] = {}

    def limits(self, path: str) -> Limits:
        """The parameters of a place on the day."""
        code = _division(path)
        if code not in self._limits:
            self._limits[code] = policy.limits(self.on, policy.chain(code))
        return self._limits[code]

    def plans(self, row: Row) -> list[Plan]:
        """One plan for each moment or rule asked. A body without a known domicile is judged by its registrar's."""
        registrar, domicile = _division(row.registrar_path), _division(row.place or row.registrar_path)
        found = self._plans.get((registrar, domicile))
        if found is None:
            by = {
                "registrar": self.limits(row.registrar_path),
                "domicile": self.limits(row.place or row.registrar_path),
            }
            found = self._plans[registrar, domicile] = [policy.plan(one, by) for one in self.what]
        return found
