"""From cells to fields: one row of F01 or F02, with every doubt named. No database here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import geo, identifiers, text
from liaoyuan.kit.cells import Parsed
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.geo import Datum
from liaoyuan.registry.choices import DISTRICT_FIELD_OF
from liaoyuan.registry.imports import columns
from liaoyuan.registry.queries.standings import POINT, SECRET


class RowReader:
    """Reads rows of one form. `unit` is the unit of money of the column ("万元", "元") or None when nobody knows.

    The cells of a column repeat (streets, types, days, counts), so what was read of the last ones is remembered.
    """

    def __init__(self, table: Mapping[str, tuple[str, Any, tuple[str, ...]]], *, unit: str | None) -> None:
        self.table = table
        self.readers = {name: entry[1] for name, entry in table.items()}
        if "capital_fen" in self.readers:
            self.readers["capital_fen"] = columns.read_money(unit)
        if "code" in self.readers:
            self.readers["code"] = identifiers.parse_uscc
        self.is_filing = "category" in table
        self._read: dict[str, dict[Any, Parsed[Any]]] = {}

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Normalised fields and findings; blank cells are left out."""
        row = ReadRow(number)
        for name, cell in cells.items():
            if cell is None:
                continue
            if name == "code" and self._is_filing_number(cell, cells):
                self._take(row, "filing_no", cell)
            else:
                self._take(row, name, cell)
        if self.is_filing:
            row.fields["kind"] = "BA"
        self._settle(row)
        return row

    def _is_filing_number(self, cell: Any, cells: Mapping[str, Any]) -> bool:
        """A combined column 统一社会信用代码/备案号 holds a filing number in the row of a filed body."""
        if isinstance(cell, str) and cell.startswith(_CODES):
            return False
        if parsing.is_blank(cell) or not parsing.is_blank(cells.get("filing_no")):
            return False
        kind = text.parse_choice(cells.get("kind"), columns.KINDS).value
        given = text.half_width(text.cell_text(cell)).strip().upper()
        return (kind == "BA" and not given.startswith(_CODES)) or given.startswith("BA-")

    def _take(self, row: ReadRow, name: str, cell: Any) -> None:
        if name in SECRET and "***" in text.cell_text(cell):  # the mask of an export says nothing
            row.findings.append(
                note("IMP-MASKED", Severity.INFO, _("“{title}”是打码的，没有读入。"), field_name=name,
                     title=self.table[name][0])
            )  # fmt: skip
            return
        known = self._read.get(name)
        if known is None:
            known = self._read[name] = {}
        key = cell if type(cell) is str else (type(cell), cell)  # 1, 1.0 and True are equal and read differently
        read = known.get(key)
        if read is None:
            read = _BLANK if parsing.is_blank(cell) else self._reader(name)(cell)
            if type(cell) is not str or len(cell) <= _SHORT:
                if len(known) >= _REMEMBERED:
                    known.clear()
                known[key] = read
        if read.value is not None:
            if name in _SPREAD or name.startswith("annual:"):
                self._spread(row, name, read.value)
            else:
                row.fields[name] = read.value
        if read.doubt or read.error:
            self._doubt(row, name, read, cell)

    def _reader(self, name: str) -> columns.Reader:
        if name.startswith("annual:"):
            return columns.read_result
        return self.readers.get(name) or columns.as_written

    def _spread(self, row: ReadRow, name: str, value: Any) -> None:
        """A cell that fills several fields, or one year of many."""
        if name == "point":
            row.fields["longitude"], row.fields["latitude"] = value
        elif name == "certificate":
            for field_name, side in zip(("certificate_from", "certificate_to"), value, strict=True):
                if side is not None:
                    row.fields[field_name] = side
        elif name == "annual_results":
            row.fields.setdefault("annual_results", {}).update(value)
        else:
            row.fields.setdefault("annual_results", {})[name.removeprefix("annual:")] = value

    def _doubt(self, row: ReadRow, name: str, read: Parsed[Any], cell: Any) -> None:
        code = read.code or ""
        if name == "code":
            row.fields["code_as_given"] = text.cell_text(cell).strip()[:60]
            if code == "number_cell_lost_digits":
                row.fields.pop("code", None)  # what is left of it must never become a code
            elif code in _SAID_BY_RULES:
                return
        severity = Severity.BLOCK if read.error and code != "uscc_not_a_code" else Severity.CONFIRM
        given = "…" if name in SECRET else text.cell_text(cell)[:60]
        row.findings.append(
            note(
                f"IMP-{code.upper().replace('_', '-')}",
                severity,
                _(parsing.MESSAGES[code]),
                field_name=name,
                given=given,
            )
        )

    def _settle(self, row: ReadRow) -> None:
        fields = row.fields
        row.label = str(fields.get("name", ""))
        if not fields.get("name"):
            row.findings.append(note("IMP-NAME-MISSING", Severity.BLOCK, _("没有名称，无法登记。"), field_name="name"))
        elif len(fields["name"]) > 120:
            row.findings.append(
                note(
                    "IMP-TOO-LONG",
                    Severity.BLOCK,
                    _("“{title}”超过 {limit} 个字。"),
                    field_name="name",
                    title=self.table["name"][0],
                    limit=120,
                )
            )
            fields["name"] = row.label = f"{row.label[:120]}…"
        if not fields.get("kind") and not any(f.field == "kind" for f in row.findings):
            kind = identifiers.uscc_kind(str(fields.get("code", "")))
            if kind:
                fields["kind"] = kind
                row.findings.append(
                    note(
                        "IMP-KIND-FROM-CODE",
                        Severity.CONFIRM,
                        _("没有类型，按信用代码推断，请确认。"),
                        field_name="kind",
                    )
                )
            else:
                row.findings.append(
                    note("IMP-KIND-MISSING", Severity.BLOCK, _("没有类型，无法登记。"), field_name="kind")
                )
        if fields.get("field") and not fields.get("district_field") and fields["field"] in DISTRICT_FIELD_OF:
            fields["district_field"] = DISTRICT_FIELD_OF[fields["field"]]
        if (fields.get("rated_on") or fields.get("rating_until")) and not fields.get("rating"):
            row.findings.append(
                note(
                    "IMP-RATING-MISSING", Severity.WARN, _("有评估时间而没有等级，评估没有保存。"), field_name="rating"
                )
            )
        self._settle_point(row)
        self._check_lengths(row)
        self._check_order(row)
        row.key = key_of(row)

    def _settle_point(self, row: ReadRow) -> None:
        """Longitude, latitude and datum become one point in WGS-84; half a point is not kept."""
        fields = row.fields
        x, y, datum = (fields.pop(name, None) for name in POINT)
        if x is None and y is None:
            return
        if x is None or y is None:
            if not any(f.field in POINT for f in row.findings):
                row.findings.append(
                    note("IMP-POINT-HALF", Severity.CONFIRM, _("只有经度或只有纬度，坐标没有读入。"),
                         field_name="latitude" if y is None else "longitude")
                )  # fmt: skip
            return
        if datum is None:
            if any(f.field == "point_datum" for f in row.findings):
                return  # an unreadable datum was told: the degrees alone would be a guess
            row.findings.append(
                note("IMP-POINT-DATUM", Severity.WARN, _("没有写明坐标系，按 WGS-84 读入。"), field_name="point_datum")
            )
        fields["longitude"], fields["latitude"] = geo.to_wgs84((x, y), datum or Datum.WGS84)
        fields["point_datum"] = str(datum or Datum.WGS84)

    def _check_lengths(self, row: ReadRow) -> None:
        for name, limit in LONGEST.items():
            value = row.fields.get(name)
            if isinstance(value, str) and len(value) > limit:
                row.findings.append(
                    note(
                        "IMP-TOO-LONG",
                        Severity.BLOCK,
                        _("“{title}”超过 {limit} 个字。"),
                        field_name=name,
                        title=self.table[name][0],
                        limit=limit,
                    )
                )
                row.fields[name] = f"{value[:limit]}…"  # of a refused row nobody needs to see more

    def _check_order(self, row: ReadRow) -> None:
        for earlier, later in (
            ("registered_on", "closed_on"),
            ("rated_on", "rating_until"),
            ("certificate_from", "certificate_to"),
            ("registered_on", "rated_on"),
        ):
            first, second = row.fields.get(earlier), row.fields.get(later)
            if first and second and _before(second, first):
                row.findings.append(
                    note(
                        "IMP-DATES-REVERSED",
                        Severity.CONFIRM,
                        _("“{later}”早于“{earlier}”，请核对。"),
                        field_name=later,
                        later=self._title(later),
                        earlier=self._title(earlier),
                    )
                )

    def _title(self, name: str) -> str:
        return self.table[name][0] if name in self.table else name


_CODES = ("51", "52", "53")
_SPREAD = frozenset({"certificate", "annual_results", "point"})
_BLANK: Parsed[Any] = parsing.accept(None)
_REMEMBERED = 2048  # cells of one column
_SHORT = 500  # a longer text does not come again
#: Doubts of the code's reader that ORG-ID-01 and -02 say again, with their source.
_SAID_BY_RULES = frozenset({"uscc_check", "uscc_17", "uscc_length", "uscc_alphabet"})
#: Longest text the columns of the database hold.
LONGEST = {
    "registrar": 60,
    "supervisor": 80,
    "industry_regulator": 80,
    "party_lead": 80,
    "legal_representative": 60,
    "address": 200,
    "street": 60,
    "community": 60,
    "scope": 20000,
    "note": 20000,
    "filing_no": 40,
    "phone": 60,
    "guidance_unit": 80,
}


def key_of(row: ReadRow) -> str:
    """What a row is known by: its whole code, else its filing number, else name and street."""
    code = str(row.fields.get("code", ""))
    if len(code) == 18:
        return code
    if row.fields.get("filing_no"):
        return str(row.fields["filing_no"])
    return f"{text.match_key(row.label)}@{text.match_key(str(row.fields.get('street', '')))}"


def _before(one: str, other: str) -> bool:
    """Whether a normalised day is earlier than another; ISO texts of whole days are in order as texts."""
    return one < other if len(one) == len(other) == 10 else day(one) < day(other)


def day(value: str) -> date:
    """The date of a normalised text; a month or a year counts from its first day."""
    parts = [int(p) for p in value.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def precision(value: str) -> str:
    """D, M or Y: how exactly the text names a day."""
    return {10: "D", 7: "M", 4: "Y"}[len(value)]
