"""The list of organizations: criteria, exact total, one page, in a constant number of statements.

The statements are written by hand because a page of fifty rows may cost three milliseconds and building the same by the
ORM costs two of them. What a user may see is not written again: the conditions of `Standing.objects.active(on)
.visible_to(user)` are compiled once per reach and day and put in front.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.kit.text import half_width
from liaoyuan.registry.choices import LIVE, RATINGS, REGISTERED, Kind, Permission
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries.lookup import NONE, OUTSIDE, Place

type Part = tuple[str, tuple[Any, ...]]

_KEPT = 256
_S = "registry_standing"
_NUMBER = "CASE WHEN o.code <> '' THEN o.code WHEN o.filing_no <> '' THEN o.filing_no ELSE o.code_as_given END"
_RATING = (
    "(SELECT r.level FROM registry_rating r WHERE r.organization_id = registry_standing.organization_id"
    " AND r.superseded_at IS NULL AND r.valid_from <= %s AND r.valid_to > %s ORDER BY r.level DESC LIMIT 1)"
)
_CREDIT = (
    "(SELECT MAX(c.list_kind) FROM registry_creditentry c WHERE c.organization_id = registry_standing.organization_id"
    " AND c.superseded_at IS NULL AND c.valid_from <= %s AND c.valid_to > %s)"
)


class Line(NamedTuple):
    """One organization of the list as of the day asked. `phone` is ciphertext, `credit` the gravest list or None.

    Days are dates or ISO text, as the database's driver gives them; money in fen.
    """

    pk: int
    standing_id: int
    name: str
    number: str
    kind: str
    status: str
    street: str | None
    community: str | None
    registrar: str
    supervisor: str
    legal_representative: str
    phone: str
    address: str
    registered_on: Any
    precision: Any
    capital_fen: int | None
    field: str
    district_field: str
    certificate_to: Any
    filing_to: Any
    full_time: int | None
    is_charity: bool | None
    registrar_path: str
    rating: str | None
    credit: str | None


_COLUMNS = (
    f"o.id, {_S}.id, {_S}.name, {_NUMBER}, {_S}.kind, {_S}.status,"
    f" CASE WHEN st.id IS NULL THEN {_S}.street_as_given ELSE st.name END,"
    f" CASE WHEN cm.id IS NULL THEN {_S}.community_as_given ELSE cm.name END,"
    f" {_S}.registrar, {_S}.supervisor, {_S}.legal_representative, {_S}.phone, {_S}.address, o.registered_on,"
    f" {_S}.precision, {_S}.capital_fen, {_S}.field, {_S}.district_field, {_S}.certificate_to, {_S}.filing_to,"
    f" {_S}.full_time, {_S}.is_charity, ra.path, {_RATING}, {_CREDIT}"
)
_JOINS = (
    f" JOIN registry_organization o ON o.id = {_S}.organization_id"
    f" JOIN core_area ra ON ra.id = {_S}.registrar_area_id"
    f" LEFT JOIN core_area st ON st.id = {_S}.street_id LEFT JOIN core_area cm ON cm.id = {_S}.community_id"
)
#: Sort key → expressions to order by; `o` is joined where one of them names it.
_ORDERS: dict[str, tuple[str, ...]] = {
    "name": (f"{_S}.name",),
    "number": (_NUMBER,),
    "kind": (f"{_S}.kind", f"{_S}.name"),
    "status": (f"{_S}.status", f"{_S}.name"),
    "street": (f"{_S}.street_id", f"{_S}.community_id", f"{_S}.name"),
    "legal_representative": (f"{_S}.legal_representative", f"{_S}.name"),
    "registered_on": ("o.registered_on",),
    "capital_fen": (f"{_S}.capital_fen",),
    "full_time": (f"{_S}.full_time",),
    "field": (f"{_S}.field", f"{_S}.name"),
    "certificate_to": (f"{_S}.certificate_to",),
    "filing_to": (f"{_S}.filing_to",),
}
_NULLABLE = frozenset({
    "street_id", "community_id", "registered_on", "capital_fen", "full_time", "certificate_to", "filing_to",
})  # fmt: skip
SORTS = tuple(_ORDERS)
_JOINED = re.compile(r"\bo\.")
_DISTRICT = 3  # slashes in a district's path
_MANY = 2000
_NOT_EXTERNAL = {  # as the partial index of either database is written
    "sqlite": f"{_S}.organization_id NOT IN (SELECT id FROM registry_organization WHERE is_external = 1)",  # noqa: S608
    "postgresql": f"{_S}.organization_id NOT IN (SELECT id FROM registry_organization WHERE is_external)",  # noqa: S608
}
_IN_RATINGS = "IN (SELECT organization_id FROM registry_rating WHERE superseded_at IS NULL AND {period}{named})"
_IN_CREDIT = "IN (SELECT organization_id FROM registry_creditentry WHERE superseded_at IS NULL AND {period}{named})"
_PERIOD = "valid_from <= %s AND valid_to > %s"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list. Empty text and None ask nothing.

    `group` ∈ registered, filed; `status` empty = the live ones, "all" = any; `area` is the registrar's, `streets` and
    `communities` the domicile's (places, NONE or OUTSIDE); `rating` a level, a level with "+", "any" or NONE; `credit`
    ∈ normal, listed, abnormal, serious; `expires` = certificate or filing ends on that day or before; `traits` are the
    yes-or-no facts that must be yes; `external` lets bodies of other districts in; `ids` narrows to organizations.
    """

    on: date
    q: str = ""
    group: str = ""
    kind: str = ""
    status: str = ""
    area: Place | None = None
    streets: Sequence[Place] | str = ()
    communities: Sequence[Place] | str = ()
    field: str = ""
    district_field: str = ""
    rating: str = ""
    credit: str = ""
    since: date | None = None
    until: date | None = None
    expires: date | None = None
    traits: tuple[str, ...] = ()
    external: bool = False
    ids: Sequence[int] | None = None


TRAITS = ("is_charity", "public_fundraising", "tax_deductible")
_doors: dict[tuple[Any, ...], Part | None] = {}


def _conditions(rows: QuerySet[Any]) -> Part | None:
    """The WHERE of a QuerySet over standings as SQL; None when nothing can fulfil it."""
    try:
        sql, params = rows.query.get_compiler(connection=connection).compile(rows.query.where)
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def _door(user: Any, criteria: Criteria) -> Part | None:
    """The conditions of the scope door on the day asked; None when the user may see nothing.

    A street that lies in the user's reach implies the scope. SQLite would collect a wide scope from three indexes row
    by row; the plus keeps it from that.
    """
    seen, own = access.reach(user, Permission.VIEW), access.reach(user, Permission.OWN_VIEW)
    streets = criteria.streets if isinstance(criteria.streets, tuple | list) else ()
    implied = bool(streets) and all(any(s.path.startswith(p) for p in seen.paths) for s in streets)
    scope = (seen.everything, tuple(seen.paths), tuple(seen.organizations), tuple(own.organizations))
    key = (connection.vendor, criteria.on, implied or scope)
    if key not in _doors:
        if len(_doors) >= _KEPT:
            _doors.clear()
        active = Standing.objects.active(criteria.on)
        base = _conditions(active)
        whole = base if implied or seen.everything else _conditions(Standing.objects.all().visible_to(user))
        if base is None or whole is None or whole is base:
            _doors[key] = whole
        else:
            wide = connection.vendor == "sqlite" and any(path.count("/") <= _DISTRICT for path in seen.paths)
            _doors[key] = (f"{base[0]} AND {'+' if wide else ''}({whole[0]})", base[1] + whole[1])
    return _doors[key]


class Listing:
    """The organizations that fulfil the criteria and that the user may see: a total, slices, and their keys.

    `orders` are keys of `SORTS`, with "-" falling; equal rows keep the order of their primary keys.
    """

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, orders: Sequence[str] = ("name",)) -> None:
        self.criteria = criteria
        self.orders = [order for order in orders if order.lstrip("-") in _ORDERS] or ["name"]
        self._total: int | None = None
        self._parts: list[Part] = []
        self._kinds: list[Part] = []
        door = _door(user, criteria)
        self._nothing = door is None
        if door is not None:
            self._parts.append(door)
            self._add_place()
            self._add_kind()
            self._add_facts()
            self._add_records()
            self._add_text()

    def count(self) -> int:
        """How many there are."""
        if self._total is None:
            rows = [] if self._nothing else _run(f"SELECT COUNT(*){self._from()}", self._params())
            self._total = rows[0][0] if rows else 0
        return self._total

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        if self._nothing:
            return []
        order = self._order()
        inner = f"SELECT {_S}.id AS standing_id{self._from(order, walk=True)} ORDER BY {order} LIMIT %s OFFSET %s"
        on = as_day(self.criteria.on)
        start = part.start or 0
        sql = (
            f"WITH page AS ({inner}) SELECT {_COLUMNS} FROM page JOIN {_S} ON {_S}.id = page.standing_id{_JOINS}"  # noqa: S608
            f" ORDER BY {order}"
        )
        return [Line._make(row) for row in _run(sql, (*self._params(), part.stop - start, start, on, on, on, on))]

    def ids(self) -> list[int]:
        """Primary keys of all organizations, in order."""
        if self._nothing:
            return []
        order = self._order()
        sql = f"SELECT {_S}.organization_id{self._from(order)} ORDER BY {order}"
        return [row[0] for row in _run(sql, self._params())]

    def where(self) -> Part | None:
        """The conditions and their parameters, for statements that select other columns; `o` is the organization."""
        if self._nothing:
            return None
        wheres = [sql for sql, _params in (*self._parts, *self._kinds)]
        return " AND ".join(wheres), self._params()

    def _order(self) -> str:
        told = []
        for order in self.orders:
            falling = " DESC" if order.startswith("-") else ""
            for text in _ORDERS[order.lstrip("-")]:
                last = " NULLS LAST" if text.rsplit(".", 1)[-1] in _NULLABLE else ""
                told.append(f"{text}{falling}{last}")
        return ", ".join([*told, f"{_S}.organization_id"])

    def _from(self, order: str = "", *, walk: bool = False) -> str:
        """FROM and WHERE. `walk` = rows are taken in order of their names until the page is full.

        SQLite plans without statistics and would sort all bodies of a type; the total that was just counted is the
        statistic: of many, the page is filled sooner along the index of names, and the plus takes the other index away.
        """
        along = walk and connection.vendor == "sqlite" and order.startswith(f"{_S}.name") and not self.criteria.streets
        plus = "+" if along and (self._total or 0) > _MANY else ""
        wheres = [sql for sql, _params in self._parts] + [plus + sql for sql, _params in self._kinds]
        where = " AND ".join(wheres)
        join = f" JOIN registry_organization o ON o.id = {_S}.organization_id" if _JOINED.search(where + order) else ""
        return f" FROM {_S}{join} WHERE {where}"

    def _params(self) -> tuple[Any, ...]:
        return tuple(value for _sql, params in (*self._parts, *self._kinds) for value in params)

    def _add(self, sql: str, *params: Any) -> None:
        self._parts.append((sql, params))

    def _add_kind(self) -> None:
        asked = self.criteria
        if asked.kind:
            self._kinds.append((f"{_S}.kind = %s", (asked.kind,)))
        elif asked.group == "filed":
            self._kinds.append((f"{_S}.kind = %s", (str(Kind.BA),)))
        if asked.group == "registered" and asked.kind not in REGISTERED:
            self._kinds.append((f"{_S}.kind IN (%s, %s, %s)", tuple(str(k) for k in REGISTERED)))
        elif asked.group == "filed" and asked.kind not in ("", Kind.BA):
            self._add("1 = 0")

    def _add_place(self) -> None:
        asked = self.criteria
        if asked.area is not None:
            sql, params = _within(asked.area)
            self._add(f"{_S}.registrar_area_id IN ({sql})", *params)
        for column, given in (("street_id", asked.streets), ("community_id", asked.communities)):
            if given == NONE:
                self._add(f"{_S}.{column} IS NULL")
            elif given == OUTSIDE:
                sql, params = _within(asked.area) if asked.area else ("0", ())
                self._add(f"{_S}.{column} NOT IN ({sql})", *params)
            elif isinstance(given, str):
                continue
            elif given and len(given) == 1:
                self._add(f"{_S}.{column} = %s", given[0].pk)
            elif given:
                keys = [area.pk for area in given]
                self._add(f"{_S}.{column} IN ({', '.join(['%s'] * len(keys))})", *keys)

    def _add_facts(self) -> None:
        asked = self.criteria
        if not asked.status:
            self._add(f"{_S}.status IN (%s, %s)", *(str(s) for s in LIVE))
        elif asked.status != "all":
            self._add(f"{_S}.status = %s", asked.status)
        if not asked.external:
            self._add(_NOT_EXTERNAL[connection.vendor])
        for column in ("field", "district_field"):
            value = getattr(asked, column)
            if value:
                self._add(f"{_S}.{column} = %s", "" if value == NONE else value)
        for name in asked.traits:
            if name in TRAITS:
                self._add(f"{_S}.{name} = %s", True)
        if asked.expires:
            day = as_day(asked.expires)
            self._add(f"({_S}.certificate_to <= %s OR {_S}.filing_to <= %s)", day, day)
        if asked.since:
            self._add("o.registered_on >= %s", as_day(asked.since))
        if asked.until:
            self._add("o.registered_on <= %s", as_day(asked.until))
        if asked.ids is not None:
            self._add(f"{_S}.organization_id IN ({', '.join(['%s'] * len(asked.ids)) or 'NULL'})", *asked.ids)

    def _add_records(self) -> None:
        asked = self.criteria
        on = as_day(asked.on)
        if asked.rating:
            levels = [a for a in RATINGS if asked.rating == a or (asked.rating.endswith("+") and a >= asked.rating[:2])]
            named = f" AND level IN ({', '.join(['%s'] * len(levels))})" if levels else ""
            sign = "NOT " if asked.rating == NONE else ""
            within = _IN_RATINGS.format(period=_PERIOD, named=named)
            self._add(f"{_S}.organization_id {sign}{within}", on, on, *levels)
        if asked.credit:
            lists = [asked.credit] if asked.credit in ("abnormal", "serious") else []
            sign = "NOT " if asked.credit == "normal" else ""
            within = _IN_CREDIT.format(period=_PERIOD, named=" AND list_kind = %s" if lists else "")
            self._add(f"{_S}.organization_id {sign}{within}", on, on, *lists)

    def _add_text(self) -> None:
        given = half_width(self.criteria.q).strip()
        if not given:
            return
        for sign in ("\\", "%", "_"):
            given = given.replace(sign, "\\" + sign)
        like = "LIKE %s ESCAPE '\\'" if connection.vendor == "sqlite" else "ILIKE %s"
        columns = (f"{_S}.name", "o.code", "o.filing_no", "o.code_as_given")
        self._add(f"({' OR '.join(f'{column} {like}' for column in columns)})", *([f"%{given}%"] * len(columns)))


def _within(area: Place) -> Part:
    sql, params = Area.objects.within(area.path).order_by().values("pk").query.sql_with_params()
    return sql, tuple(params)


def as_day(day: date) -> Any:
    """A day as a parameter of plain SQL."""
    return connection.ops.adapt_datefield_value(day)


def marks_of(precision: Any) -> dict[str, str]:
    """Precision marks as a driver gives them: JSON text or what it says."""
    if isinstance(precision, str):
        return {} if precision == "{}" else json.loads(precision)
    return precision or {}


def _run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
