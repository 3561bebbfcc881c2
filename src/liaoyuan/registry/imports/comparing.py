"""对账 of organizations (F01) and filed bodies (F02): our side as of a day, and when two cells say the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.core.actions.comparing import RAW, Found
from liaoyuan.core.choices import DifferenceSort
from liaoyuan.core.models import Area
from liaoyuan.core.registries import CompareKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.cells import is_blank
from liaoyuan.kit.text import cell_text, half_width, match_key
from liaoyuan.registry.choices import Kind
from liaoyuan.registry.imports import columns
from liaoyuan.registry.queries import comparing as queries
from liaoyuan.registry.queries import matching
from liaoyuan.registry.queries.comparing import Body
from liaoyuan.registry.queries.standings import PERSONAL, SECRET

#: Cells that fill several fields.
_SPREAD = {"certificate": ("certificate_from", "certificate_to"), "point": ("longitude", "latitude")}
_DATES = frozenset({"registered_on", "closed_on", "certificate_from", "certificate_to", "filing_until", "rated_on",
                    "rating_until"})  # fmt: skip
_DEGREES = 0.00002  # two metres: what turning a point from one datum into another and back costs at most
#: Fields that a change of other fields does not need beside it (see `Book.basis`).
_APART = frozenset({*SECRET, "street", "community", "registrar", "rating", "rated_on", "rating_until",
                    "annual_results", "credit_status", "code_as_given"})  # fmt: skip
_RATED = ("rating", "rated_on", "rating_until")


class OrganizationBook:
    """The bodies of an area as they were on the day: those it registers, and those that live in it."""

    IDENTITY = ("name", "code", "filing_no")

    def __init__(self, *, area: Area, as_of: date, table: Mapping[str, Any], kind: str = "") -> None:
        self.area = area
        self.as_of = as_of
        self.table = table
        self.bodies = queries.bodies(area, as_of, kind)
        self._by_code: dict[str, int] = {}
        self._by_filing: dict[str, int] = {}
        for pk, body in sorted(self.bodies.items(), key=lambda one: (not one[1].live, one[0])):
            if body.code:
                self._by_code.setdefault(body.code, pk)
            if body.filing_no:
                self._by_filing.setdefault(body.filing_no, pk)
        self._stored: dict[int, matching.Stored] = {}
        self._expired: set[int] = set()
        self._told: set[str] = set()
        self._years: set[str] = set()
        self._empty: dict[str, int] = {}

    def find(self, row: ReadRow) -> int | None:
        """Our body with the row's code, else with its filing number."""
        code, filing_no = str(row.fields.get("code", "")), str(row.fields.get("filing_no", ""))
        return self._by_code.get(code) or self._by_filing.get(filing_no)

    def find_by_name(self, rows: Sequence[ReadRow], taken: set[int]) -> Mapping[int, int]:
        """Rows and bodies that are the only ones of their name on either side; with several, of their street too."""
        found: dict[int, int] = {}
        for by_street in (False, True):
            ours: dict[tuple[str, ...], list[int]] = {}
            for pk, body in self.bodies.items():
                if pk not in taken:
                    ours.setdefault(_name_key(body.name, body.kind, body.street if by_street else ""), []).append(pk)
            theirs: dict[tuple[str, ...], list[int]] = {}
            for place, row in enumerate(rows):
                if place not in found and row.label:
                    street = str(row.fields.get("street", "")) if by_street else ""
                    theirs.setdefault(_name_key(row.label, row.fields.get("kind"), street), []).append(place)
            for key, places in theirs.items():
                same = ours.get(key, [])
                if len(places) == len(same) == 1:
                    found[places[0]] = same[0]
                    taken = {*taken, same[0]}
        return found

    def load(self, ids: Iterable[int]) -> None:
        """Read what was stored about the bodies on the day."""
        wanted = list(ids)
        self._stored = matching.stored(wanted, self.as_of, self.area)
        for pk, rated in queries.ratings(wanted, self.as_of).items():
            self._stored[pk].fields.update(zip(_RATED, rated[:3], strict=True))
            if rated.expired:
                self._expired.add(pk)
        for stored in self._stored.values():
            stored.fields["code"] = stored.fields["code"] or stored.fields["code_as_given"]

    def differing(self, row: ReadRow, pk: int, columns_: Mapping[str, int]) -> list[Found]:
        """The cells of the row that say something else than the body."""
        ours = self._stored[pk].fields
        body = self.bodies[pk]
        found = []
        for name, index in columns_.items():
            cell = row.raw[index] if index < len(row.raw) else None
            blank = is_blank(cell)
            if not blank:
                self._told.add(name)
            if name == "point_datum" or (name in SECRET and "***" in cell_text(cell)):
                continue
            sides = self._sides(name, row, ours, blank=blank, columns_=columns_)
            if pk in self._expired and name in _RATED and not sides[0].get(name):
                continue  # a list names no rating that is over, or names it still
            told = [f.as_dict() for f in row.findings if f.field in (name, *_SPREAD.get(name, ()))]
            if not blank and told and not any(sides[0].values()) and name not in SECRET:
                sides = {RAW: half_width(cell_text(cell))[:200]}, sides[1]
            if _same(*sides):
                continue
            found.append(
                Found(
                    DifferenceSort.CELL, body.key, body.name, name, *sides, doubts=told, number=row.number, object_id=pk
                )
            )
        return found

    def _sides(
        self, name: str, row: ReadRow, ours: Mapping[str, Any], *, blank: bool, columns_: Mapping[str, int]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the cell says and what we say, by field."""
        there = {} if blank else row.fields
        if name.startswith("annual:"):
            year = name.removeprefix("annual:")
            mine, theirs = ((side.get("annual_results") or {}).get(year) for side in (ours, there))
            return ({"annual_results": {year: theirs}} if theirs else {}), (
                {"annual_results": {year: mine}} if mine else {}
            )
        if name == "annual_results":
            told = dict(there.get(name) or {})
            self._years |= set(told)
            latest = sorted(ours.get(name) or {}, reverse=True)[: queries.LATEST_YEARS]
            wanted = {*told, *latest}
            kept = {year: result for year, result in (ours.get(name) or {}).items() if year in wanted}
            return ({name: told} if told else {}), ({name: kept} if kept else {})
        if name == "code":
            code = there.get("code") or there.get("code_as_given") or ""
            mine = ours.get("code") or ""
            if "filing_no" not in columns_:  # one column for both numbers
                code, mine = code or there.get("filing_no") or "", mine or ours.get("filing_no") or ""
            return {name: code} if code else {}, {name: mine} if mine else {}
        names = _SPREAD.get(name, (name,))
        return (
            {n: there[n] for n in names if there.get(n) not in (None, "")},
            {n: ours[n] for n in names if ours.get(n) not in (None, "")},
        )

    def settle(self, found: list[Found]) -> list[Found]:
        """Without columns that are empty from top to bottom, and years of which the file says nothing."""
        kept = []
        for one in found:
            if one.sort == DifferenceSort.CELL and one.field not in self._told:
                self._empty[one.field] = self._empty.get(one.field, 0) + 1
                continue
            if one.field == "annual_results" and one.here:
                told = one.there.get("annual_results") or {}
                mine = {y: r for y, r in one.here["annual_results"].items() if y in self._years}
                one.here = {"annual_results": mine} if mine else {}
                if told == mine:
                    continue
            kept.append(one)
        return kept

    def rest(self, matched: set[int]) -> tuple[list[Found], list[str]]:
        """Bodies of those sorts that the file holds, and how many of other sorts were left out.

        A file of registered bodies need not name the filed ones, one of live bodies not the ended ones.
        """
        sorts = {self.bodies[pk].sort for pk in matched}
        found: list[Found] = []
        left: dict[tuple[bool, bool, bool], int] = {}
        for pk, body in self.bodies.items():
            if pk in matched or not body.begun:
                continue
            if body.sort in sorts:
                found.append(Found(DifferenceSort.HERE, body.key, body.name, object_id=pk))
            else:
                left[body.sort] = left.get(body.sort, 0) + 1
        notes = [
            _("“{title}”列在文件里全是空的，没有比；我方有 {n} 家填了。").format(title=_(self._title(name)), n=count)
            for name, count in self._empty.items()
        ]
        for (filed, live, own), count in sorted(left.items()):
            what = _("备案组织") if filed else _("登记组织")
            state = _("存续") if live else _("已终止")
            whose = "" if own else _("、外区登记")
            notes.append(
                _("文件里没有{state}的{what}{whose}，我方的 {n} 家没有列入“只有我方有”。").format(
                    state=state, what=what, whose=whose, n=count
                )
            )
        return found, notes

    def _title(self, name: str) -> str:
        base = "annual_results" if name.startswith("annual:") else name
        return str(self.table[base][0]) if base in self.table else base

    def basis(self, pk: int, decided: Iterable[str]) -> dict[str, Any]:
        """What is stored about a body, in the fields of the import, to put the decided cells in.

        A rating is one record: with one of its cells decided the others come too.
        """
        stored = self._stored[pk].fields
        apart = _APART - set(_RATED) if set(decided) & set(_RATED) else _APART
        names = [name for name in (*self.table, "kind") if name not in apart]
        return {name: stored[name] for name in names if stored.get(name) not in (None, "")}

    def shown(self, pk: int) -> dict[str, Any]:
        """What is stored about a body, for a sheet that leaves the house: telephone masked, no identity number."""
        fields = dict(self._stored[pk].fields)
        for name in SECRET:
            code = PERSONAL[name]
            fields[name] = zones.mask(code, fields.get(name) or "") if name == "phone" else ""
        return fields


def _name_key(name: str, kind: Any, street: str) -> tuple[str, ...]:
    return match_key(name), "filed" if kind == Kind.BA else "registered", match_key(street)


def _same(there: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """Whether two cells say the same after normalisation."""
    if RAW in there:
        return False
    return all(_equal(name, there.get(name), here.get(name)) for name in {*there, *here})


def _equal(name: str, there: Any, here: Any) -> bool:
    if name == "credit_status":
        there, here = there or "normal", here or "normal"
    if there in (None, "") or here in (None, ""):
        return there in (None, "") and here in (None, "")
    if name in ("longitude", "latitude"):
        return abs(there - here) < _DEGREES
    if name in _DATES:  # known to the month on one side, to the day on the other
        return str(there).startswith(str(here)) or str(here).startswith(str(there))
    if name == "phone":
        return _digits(there) == _digits(here)
    if isinstance(there, str) and isinstance(here, str):
        return match_key(there) == match_key(here)
    return bool(there == here)


def _digits(text: str) -> str:
    return "".join(c for c in half_width(text) if c.isdigit()) or match_key(text)


def cell(name: str, fields: Mapping[str, Any], unit: str) -> Any:
    """A field of a body as the other system's sheet would hold it."""
    if name in _SPREAD:
        sides = [fields.get(n) for n in _SPREAD[name]]
        if not any(sides):
            return None
        return ("至" if name == "certificate" else ",").join("" if s is None else str(s) for s in sides)
    if name.startswith("annual:"):
        year = name.removeprefix("annual:")
        result = (fields.get("annual_results") or {}).get(year)
        return columns.words("annual_results", {year: result}).removeprefix(f"{year}年") if result else None
    value = fields.get(name)
    if name == "code":
        value = value or fields.get("code_as_given") or fields.get("filing_no")
    if name == "credit_status":
        value = value or "normal"
    if value in (None, "", {}):
        return None
    if name == "capital_fen":
        amount = Decimal(value) / (1_000_000 if unit == "万元" else 100)
        return int(amount) if amount == amount.to_integral_value() else float(amount)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else columns.words(name, value)


def _book(table: Mapping[str, Any], kind: str = "") -> Callable[..., OrganizationBook]:
    return lambda **given: OrganizationBook(table=table, kind=kind, **given)


KINDS = (
    CompareKind("organizations", "社会组织台账", _book(columns.ORGANIZATION), cell),
    CompareKind("filings", "备案社区社会组织登记表", _book(columns.FILING, Kind.BA), cell),
)

__all__ = ["KINDS", "Body", "OrganizationBook"]
