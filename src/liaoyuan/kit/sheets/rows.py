"""Which rows below a header are data, and what a row inherits from merged cells and section titles.

A data row is never taken for anything else: whatever stands in its name, a row with a code is data, and a row that no
pattern explains as a whole is data too, so that the importer reports it rather than this module hiding it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from liaoyuan.kit.sheets.headers import Header
from liaoyuan.kit.sheets.model import Cell, Merge, Row
from liaoyuan.kit.text import match_key

type RowKind = Literal["data", "blank", "title", "section", "repeated_header", "subtotal", "footer"]

KEYS: Final = ("code", "filing_no", "id_number")
"""Fields that only a data row fills."""
_SHORTEST_KEY = 6
_FEW = 3
"""Filled cells that a title or a section may have: its text and counts."""
_TOTAL = re.compile(
    r"(?:本页|本表|全区|全市|全县|全街道|全镇|以上|社会组织)?(?:合计|小计|总计|共计|累计|总数)[:：]?"
    r"(?:共?[0-9,.]+)?(?:家|个|人|名|条|户|万元|元)?|.{1,16}(?:小计|合计|总计|共计)[:：]?|共[0-9]+(?:家|个|人|名|条)"
)
_AMOUNT = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?(?:%|家|个|人|名|条|户|万元|元)?|[-—－/／]+")
_FOOTER = re.compile(
    r"(?:填表|制表|填报|报送|上报|审核|审批|复核|校对|经办|统计|联系|负责|单位负责|主管领导|分管领导|单位|填报单位|制表单位|报送单位)"
    r"(?:人|单位|日期|时间|领导|电话)?(?:[(（](?:签字|签名|签章|盖章|公章)+[)）])?[:：].*"
    r"|(?:填表|制表|填报|报送|审核|审批)(?:人|单位|日期|时间)"
    r"|(?:日期|时间|联系电话|电话|盖章|备注|说明|附注|填表说明|注|注意)[:：].*|注[0-9一二三][:：.、].*"
)
_DAY = re.compile(r"[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[0-9]{4}[-./][0-9]{1,2}([-./][0-9]{1,2})?|年月日")
_NUMBERED_NOTE = re.compile(r"[(（]?[0-9]{1,2}[)）.．、].{4,}")
_SENTENCE = re.compile(r"※.*|.*[。；;].*")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_ENUMERATED = re.compile(rf"(?:[(（]{_NUMERAL}[)）]|{_NUMERAL}[、.．:：]|第{_NUMERAL}(?:类|部分)[、:：]?)(.*)")
_COUNT_BEHIND = re.compile(r"[(（]?共?[:：]?[0-9]+(?:家|个|人|名)?[)）]?$")
_PAGE_TITLE = re.compile(r".*(?:台账|一览表|登记表|花名册|名册|汇总表|统计表|明细表|情况表)(?:[(（].*[)）])?")


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a row has from elsewhere: the text, the row it stands in, and why."""

    value: Cell
    row: int
    how: Literal["merged", "section", "above"]


@dataclass(frozen=True, slots=True)
class Line:
    """A row below the header: what it is, its cells with inherited ones filled in, and which those are by field.

    A section may set a field for which the sheet has no column; its value then stands in `given` alone.
    """

    number: int
    kind: RowKind
    cells: list[Cell]
    given: Mapping[str, Given] = field(default_factory=dict)


def _plain(cell: Cell) -> str:
    return "".join(cell.split()) if isinstance(cell, str) else ""


def is_blank(cell: Cell) -> bool:
    """Nothing but white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def classify(cells: Sequence[Cell], header: Header, *, keys: Collection[str] = KEYS) -> RowKind:
    """What a row is. `keys` are the fields that only data rows fill."""
    columns = header.by_field
    for name in keys:
        column = columns.get(name)
        key = cells[column.index] if column and column.index < len(cells) else None
        if isinstance(key, str) and len(key) >= _SHORTEST_KEY and key.isascii() and not key.isspace():
            return "data"
    filled = [(index, cell) for index, cell in enumerate(cells) if not is_blank(cell)]
    if not filled:
        return "blank"
    if _repeats(filled, header):
        return "repeated_header"
    if any(_is_key(cells, columns[name].index) for name in keys if name in columns):
        return "data"
    return _without_key(filled, header)


def _is_key(cells: Sequence[Cell], index: int) -> bool:
    cell = cells[index] if index < len(cells) else None
    if isinstance(cell, bool) or cell is None:
        return False
    text = _plain(cell) if isinstance(cell, str) else str(cell)
    return len(text) >= _SHORTEST_KEY and any(c.isdigit() for c in text)


def _repeats(filled: Sequence[tuple[int, Cell]], header: Header) -> bool:
    texts = [match_key(cell) for _, cell in filled if isinstance(cell, str)]
    hits = sum(text in header.words for text in texts)
    # A lower header row of groups holds few texts, a data row next to none of them.
    return hits * 5 >= len(filled) * 4 and hits >= min(2, len(header.words))


def _without_key(filled: Sequence[tuple[int, Cell]], header: Header) -> RowKind:
    index, first = filled[0]
    mapped = {column.index for column in header.by_field.values()}
    if all(i not in mapped and _is_amount(cell) for i, cell in filled):
        return "blank"  # numbered in advance and never filled in
    if not isinstance(first, str):
        if len(filled) == 1 and isinstance(first, date):
            return "footer"
        named = header.by_field.get("name")
        at_name = next((cell for i, cell in filled if named and i == named.index), None)
        total = isinstance(at_name, str) and _is_total(at_name, [c for _, c in filled if c is not at_name])
        return "subtotal" if total else "data"
    text, others = _plain(first), [cell for _, cell in filled[1:]]
    if _is_total(text, others):
        return "subtotal"
    if _FOOTER.fullmatch(text) and all(_fits_footer(cell) for cell in others):
        return "footer"
    if all(_is_amount(cell) for cell in others) and _ENUMERATED.fullmatch(text):
        return "title"
    if others:
        return "data"
    if _NUMBERED_NOTE.fullmatch(text) or _SENTENCE.fullmatch(text) or _DAY.fullmatch(text):
        return "footer"
    column = next((c for c in header.columns if c.index == index), None)
    if _PAGE_TITLE.fullmatch(text) or column is None or column.field is None:
        return "title"
    return "data"


def _is_total(text: str, others: Sequence[Cell]) -> bool:
    """A total word with nothing beside it but amounts and further totals."""
    plain = _plain(text)
    if not _TOTAL.fullmatch(plain):
        return False
    return all(_is_amount(cell) or (isinstance(cell, str) and _TOTAL.fullmatch(_plain(cell))) for cell in others)


def _is_amount(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_AMOUNT.fullmatch(_plain(cell)))
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _fits_footer(cell: Cell) -> bool:
    """A signature line holds further labels, names and a day; a data row has longer texts or amounts in it."""
    if not isinstance(cell, str):
        return not isinstance(cell, bool | int | float) or len(str(cell)) == 11
    text = _plain(cell)
    return bool(_FOOTER.fullmatch(text) or _DAY.fullmatch(text)) or len(text) <= 4 or text.isdigit()


def heading(text: str) -> str:
    """A section title without its number and count: "一、社会团体（131家）" is 社会团体."""
    plain = _plain(text)
    if numbered := _ENUMERATED.fullmatch(plain):
        plain = numbered[1]
    return _COUNT_BEHIND.sub("", plain).rstrip(":：")


def walk(
    rows: Iterable[Row],
    header: Header,
    *,
    merged: Sequence[Merge] = (),
    choices: Mapping[str, Mapping[str, str]] | None = None,
    above: Collection[str] = (),
    keys: Collection[str] = KEYS,
) -> Iterator[Line]:
    """Every row below the header, classified, data rows with what they inherit.

    A cell of a vertically merged range has the value of its first row. A row that holds nothing but a text of
    `choices[field]` (numbered, counted or not) is a section: it gives the field to the data rows below until the next
    section of that field, where their own cell is blank. The fields `above` are also filled from the row above; a total
    or a title ends that. Nothing else is filled: a blank cell in a list without merged cells is a blank.
    """
    sections = {match_key(word): name for name, table in (choices or {}).items() for word in table}
    blocks = _Blocks(merged, header.header_rows[-1])
    current: dict[str, Given] = {}
    last: dict[str, Given] = {}
    for number, cells in rows:
        merged_in = blocks.at(number, cells)
        kind = classify(cells, header, keys=keys)
        if kind in ("data", "title") and len(cells) - cells.count(None) <= _FEW:
            filled = [cell for cell in cells if not is_blank(cell)]
            if found := _section(filled, sections):
                name, word = found
                current[name] = Given(word, number, "section")
                kind = "section"
            elif len(filled) == 1 and blocks.is_wide(number, len(header.columns)):
                kind = "title"
        if kind != "data":
            if kind in ("subtotal", "title", "section"):
                last.clear()
            yield Line(number, kind, cells)
            continue
        yield _with_inherited(number, cells, header, merged_in, current, last, above)


def _with_inherited(
    number: int,
    cells: list[Cell],
    header: Header,
    merged_in: Mapping[int, Given],
    current: Mapping[str, Given],
    last: dict[str, Given],
    above: Collection[str],
) -> Line:
    given: dict[str, Given] = {}
    own = cells
    columns = header.by_field
    inherited = (
        [(column.index, name, merged_in.get(column.index)) for name, column in columns.items()] if merged_in else []
    )
    inherited += [(columns[name].index if name in columns else -1, name, value) for name, value in current.items()]
    inherited += [(columns[name].index, name, last.get(name)) for name in above if name in columns]
    for index, name, value in inherited:
        if value is None or name in given or (0 <= index < len(cells) and not is_blank(cells[index])):
            continue
        given[name] = value
        if index >= 0:
            if cells is own:
                cells = [*cells, *[None] * (max(c.index for c in header.columns) + 1 - len(cells))]
            cells[index] = value.value
    for name in above:
        if name in columns and columns[name].index < len(cells) and not is_blank(cells[columns[name].index]):
            row = given[name].row if name in given else number
            last[name] = Given(cells[columns[name].index], row, "above")
    return Line(number, "data", cells, given)


def _section(filled: Sequence[Cell], sections: Mapping[str, str]) -> tuple[str, str] | None:
    """Field and word, if the row says nothing but a word of the choices, perhaps with a count beside it."""
    first = filled[0]
    if not sections or not isinstance(first, str) or not all(map(_is_amount, filled[1:])):
        return None
    word = heading(first)
    name = sections.get(match_key(word))
    return (name, word) if name else None


class _Blocks:
    """Merged ranges below the header, as the rows pass by."""

    def __init__(self, merged: Sequence[Merge], last_header_row: int) -> None:
        below = [m for m in merged if m.first_row > last_header_row]
        self._tall = sorted((m for m in below if m.last_row > m.first_row), key=lambda m: -m.first_row)
        self._wide: dict[int, int] = {}
        for m in below:
            width = m.last_column - m.first_column + 1
            self._wide[m.first_row] = max(width, self._wide.get(m.first_row, 0))
        self._open: dict[int, tuple[int, Given]] = {}

    def at(self, number: int, cells: Sequence[Cell]) -> Mapping[int, Given]:
        """Values that the row has from ranges begun above it, by column."""
        if not self._tall and not self._open:
            return {}
        self._open = {column: entry for column, entry in self._open.items() if entry[0] >= number}
        inherited = {column: value for column, (_, value) in self._open.items()}
        while self._tall and self._tall[-1].first_row <= number:
            block = self._tall.pop()
            column = block.first_column
            value = cells[column] if block.first_row == number and column < len(cells) else None
            if not is_blank(value):
                self._open[column] = (block.last_row, Given(value, number, "merged"))
        return inherited

    def is_wide(self, number: int, columns: int) -> bool:
        """Whether a range begins here that spans more than half of the table."""
        return self._wide.get(number, 0) * 2 > columns
