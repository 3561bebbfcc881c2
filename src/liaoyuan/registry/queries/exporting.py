"""Rows of an export: one statement, streamed; the same criteria and the same scope door as the list.

Values come as stored: codes, fen, days as the driver gives them, secrets as ciphertext.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from liaoyuan.core import access
from liaoyuan.core.models import Job
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries.listing import Criteria, Listing, as_day
from liaoyuan.registry.queries.lookup import Place
from liaoyuan.registry.queries.standings import POINT

_S = "registry_standing"
_LATEST_YEARS = 3


class Fact(NamedTuple):
    """One body as it is exported. `results` = its latest annual results, newest first: "2024qualified,2023missed"."""

    name: str
    code: str
    code_as_given: str
    filing_no: str
    kind: str
    registrar: str
    supervisor: str
    industry_regulator: str
    party_lead: str
    legal_representative: str
    phone: str
    address: str
    street: str
    community: str
    longitude: float | None
    latitude: float | None
    point_datum: str
    registered_on: Any
    capital_fen: int | None
    scope: str
    field: str
    district_field: str
    certificate_from: Any
    certificate_to: Any
    full_time: int | None
    part_time: int | None
    members_unit: int | None
    members_person: int | None
    council_count: int | None
    supervisors_count: int | None
    party_members_declared: int | None
    rating: str | None
    rated_on: Any
    rating_to: Any
    rating_assumed: bool | None
    results: str | None
    is_charity: bool | None
    public_fundraising: bool | None
    tax_deductible: bool | None
    credit_status: str | None
    status: str
    closed_on: Any
    note: str
    category: str
    filing_until: Any
    guidance_unit: str
    precision: Any


_AGGREGATE = {"sqlite": "group_concat(told, ',')", "postgresql": "string_agg(told, ',')"}
_BINARY = {"sqlite": "", "postgresql": ' COLLATE "C"'}
_PLAIN = (
    "registrar", "supervisor", "industry_regulator", "party_lead", "legal_representative", "phone", "address",
)  # fmt: skip
_COUNTS = (
    "certificate_from", "certificate_to", "full_time", "part_time", "members_unit", "members_person", "council_count",
    "supervisors_count", "party_members_declared",
)  # fmt: skip


def _columns() -> str:
    years = (
        f"(SELECT {_AGGREGATE[connection.vendor]} FROM (SELECT a.year || a.result AS told FROM registry_annualresult a"  # noqa: S608
        f" WHERE a.organization_id = {_S}.organization_id AND a.superseded_at IS NULL"
        f" ORDER BY a.year DESC LIMIT {_LATEST_YEARS}) AS latest)"
    )
    credit = (
        f"(SELECT MAX(c.list_kind) FROM registry_creditentry c WHERE c.organization_id = {_S}.organization_id"  # noqa: S608
        " AND c.superseded_at IS NULL AND c.valid_from <= %s AND c.valid_to > %s)"
    )
    return ", ".join([
        f"{_S}.name", "o.code", "o.code_as_given", "o.filing_no", f"{_S}.kind", *(f"{_S}.{name}" for name in _PLAIN),
        f"CASE WHEN st.id IS NULL THEN {_S}.street_as_given ELSE st.name END",
        f"CASE WHEN cm.id IS NULL THEN {_S}.community_as_given ELSE cm.name END",
        *(f"{_S}.{name}" for name in POINT), "o.registered_on",
        f"{_S}.capital_fen", f"{_S}.scope", f"{_S}.field", f"{_S}.district_field",
        *(f"{_S}.{name}" for name in _COUNTS), "r.level", "r.valid_from", "r.valid_to", "r.assumed", years,
        f"{_S}.is_charity", f"{_S}.public_fundraising", f"{_S}.tax_deductible", credit, f"{_S}.status", "o.closed_on",
        f"{_S}.note", f"{_S}.filing_category", f"{_S}.filing_to", f"{_S}.guidance_unit", f"{_S}.precision",
    ])  # fmt: skip


_JOINS = (
    f" JOIN registry_organization o ON o.id = {_S}.organization_id"  # noqa: S608
    f" LEFT JOIN core_area st ON st.id = {_S}.street_id LEFT JOIN core_area cm ON cm.id = {_S}.community_id"
    " LEFT JOIN registry_rating r ON r.id = (SELECT x.id FROM registry_rating x"
    f" WHERE x.organization_id = {_S}.organization_id AND x.superseded_at IS NULL AND x.valid_from <= %s"
    " AND x.valid_to > %s ORDER BY x.level DESC LIMIT 1)"
)


def rows(listing: Listing) -> Iterator[Sequence[Any]]:
    """All bodies of the listing in a fixed order (code, filing number, name, key), as tuples in the order of `Fact`."""
    where = listing.where()
    if where is None:
        return
    sql, params = where
    binary = _BINARY[connection.vendor]
    on = as_day(listing.criteria.on)
    order = f"o.code{binary}, o.filing_no{binary}, {_S}.name{binary}, o.id"
    statement = f"SELECT {_columns()} FROM {_S}{_JOINS} WHERE {sql} ORDER BY {order}"  # noqa: S608 - constants of this module
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, (on, on, on, on, *params))
        while found := cursor.fetchmany(2000):
            yield from found


class Holder(NamedTuple):
    """A body whose telephone number is about to be exported: its key, name, registrar's area path, ciphertext."""

    key: int
    name: str
    path: str
    phone: str


def holders(keys: Sequence[int]) -> list[Holder]:
    """The present standing of bodies, for who may see their telephone numbers."""
    rows = Standing.objects.now_open().filter(organization__in=keys).order_by("organization_id")
    return [Holder(*told) for told in rows.values_list("organization_id", "name", "registrar_area__path", "phone")]


_DAYS = frozenset({"on", "since", "until", "expires"})
_PLACES = frozenset({"streets", "communities"})


def packed(criteria: Criteria) -> dict[str, Any]:
    """Criteria as plain JSON, for a job that exports later."""
    told: dict[str, Any] = {}
    for name in (entry.name for entry in fields(criteria)):
        value = getattr(criteria, name)
        told[name] = value.isoformat() if isinstance(value, date) else value
    return told


def unpacked(told: Mapping[str, Any]) -> Criteria:
    """What `packed` wrote."""
    given = dict(told)
    for name in _DAYS:
        given[name] = date.fromisoformat(given[name]) if given[name] else None
    for name in _PLACES:
        if not isinstance(given[name], str):
            given[name] = tuple(Place(*place) for place in given[name])
    given["area"] = Place(*given["area"]) if given["area"] else None
    given["traits"] = tuple(given["traits"])
    return Criteria(**given)


def reach_of(user: Any) -> dict[str, Any]:
    """Over which rows the user sees the register, kept beside an export's result."""
    return access.reach_told(user, Permission.VIEW)


def may_fetch(user: Any, job: Job) -> bool:
    """Whether the user may still export, and still sees all that he saw when the result was made."""
    if not access.has(user, Permission.EXPORT) or "reach" not in job.kept:
        return False
    return access.still_reaches(user, Permission.VIEW, job.kept["reach"])
