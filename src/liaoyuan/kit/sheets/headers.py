"""Find the header of a roster and say which column is which field.

Headers stand below titles, in one row or in two or three joined by merged cells ("会员数" over "单位" and "个人").
Labels are compared by `match_key`, so width, spaces, line breaks, brackets and required marks do not matter. What a
label means is never guessed from a part of it: a column that no synonym names stays unknown, is reported, and a person
maps it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from liaoyuan.kit.sheets.model import Cell, Merge, Row
from liaoyuan.kit.text import match_key

SEARCHED: Final = 30
"""Rows in which a header is looked for."""
DEEPEST: Final = 3
"""Rows that a joined header may have."""
YEAR: Final = "{year}"
"""In a synonym and its field it stands for a year: `annual:{year}` for `{year}年年检结论`."""

_BRACKETS = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]")
_MONEY = re.compile(r"(?:人民币)?(万元|亿元|千元|元)")
_MONEY_AT_END = re.compile(r"(.{2,}?)(?:人民币)?(万元|亿元|千元|元)")
_COUNTED = re.compile(r"人次?|名|个|家|户|次|岁|年|㎡|m2|平方米")
_HINT = re.compile(
    r"必填|选填|可选|必选|非必填|可不填|单选|多选|下拉.*|请.*|如.*|例.*|格式.*|填.*|按.*|年月日|年[-/.]月([-/.]日)?|y+.*m.*"
)
_UNIT_NOTE = re.compile(r"(?:金额|资金|货币)?单位[:：]?(?:人民币)?(万元|亿元|千元|元)")
_BANNER = re.compile(
    r"(?:社会组织|组织|机构|单位|基本|登记|注册|证书|评估|年检|从业|人员|联系|其他|其它)*(?:信息|情况|资料|内容)"
)
"""Groups that say nothing about the columns under them. Under any other group (监事会) "负责人" is somebody else."""
_LONGEST_GROUP = 10
_OVERRIDE, _WHOLE, _UNIT, _TURNED, _BARE, _UNDER_BANNER = 100, 10, 9, 8, 6, 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: list index, label as it stands there, the field it fills, the unit its label names."""

    index: int
    label: str
    field: str | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two columns for one field: `kept` names the better match, `dropped` the column that is not read."""

    field: str
    kept: Column
    dropped: Column


@dataclass(frozen=True)
class Header:
    """Where the header stands and what it says."""

    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    """In the order of the sheet; columns without label and content are left out."""
    conflicts: tuple[Conflict, ...]
    unit: str | None
    """Unit of money that a note above the header names for the whole table ("单位：万元")."""
    unmatched: tuple[str, ...]
    """Overrides that name no column of the sheet."""
    words: frozenset[str]
    """`match_key` of every text in the header rows, to know a repetition of the header."""

    @cached_property
    def by_field(self) -> dict[str, Column]:
        """The column of each field that has one."""
        return {column.field: column for column in self.columns if column.field}

    @property
    def mapping(self) -> dict[str, str]:
        """Label → field."""
        return {column.label: column.field for column in self.columns if column.field}

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Labelled columns that no synonym and no override names."""
        lost = {conflict.dropped.index for conflict in self.conflicts}
        return tuple(c for c in self.columns if c.label and not c.field and c.index not in lost)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A column could be this field."""

    score: int
    order: int
    index: int
    field: str
    label: str
    unit: str | None


@dataclass(slots=True)
class _Candidate:
    rows: tuple[int, ...]
    labels: dict[int, list[str]]
    claims: list[_Claim]

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Most fields, then most rows that belong together, then the best matches, then the first."""
        best: dict[str, int] = {}
        for claim in self.claims:
            best[claim.field] = max(best.get(claim.field, 0), claim.score)
        return len(best), len(self.rows), sum(best.values()), -self.rows[0]


def find_header(
    preview: Sequence[Row],
    synonyms: Mapping[str, Sequence[str]],
    *,
    merged: Sequence[Merge] = (),
    overrides: Mapping[str, str] | None = None,
) -> Header | None:
    """The header among the first rows, or `None` if no row names two fields (one, in a sheet of one column).

    `overrides` are label → field and win over every synonym; an empty field leaves the column out.
    """
    rows = {number: cells for number, cells in preview if number <= SEARCHED}
    near = [merge for merge in merged if merge.first_row <= SEARCHED and _short(merge)]
    names = _Names(synonyms)
    wanted = {match_key(label): (label, field) for label, field in (overrides or {}).items()}
    candidates: list[_Candidate] = []
    for number in rows:
        for depth in range(1, DEEPEST + 1):
            numbers = tuple(range(number, number + depth))
            if not all(n in rows for n in numbers) or (depth > 1 and not _joined(numbers[-2], rows, near)):
                break
            candidates.append(_candidate(numbers, rows, near, names, wanted))
    ranked = sorted(candidates, key=lambda c: c.rank, reverse=True)
    found = [c for c in ranked if c.rank[0] >= (2 if len(c.labels) > 1 else 1)]
    # Labels under groups mean nothing without them: 负责人 under 监事会 is not the head of the body.
    whole = [c for c in found if c.rows[0] - 1 not in rows or not _joined(c.rows[0] - 1, rows, near)]
    best = next(iter(whole or found), None)
    return _settle(best, preview, rows, wanted) if best else None


def _text(cell: Cell) -> str:
    return "".join(cell.split()) if isinstance(cell, str) else ""


def _joined(upper: int, rows: Mapping[int, Sequence[Cell]], merged: Sequence[Merge]) -> bool:
    """Whether the row below `upper` continues the same header."""
    if any(m.first_row <= upper and m.last_row >= upper + 1 for m in merged):
        return True
    above, below = rows[upper], rows[upper + 1]
    ordinary = grouped = in_group = False
    groups = 0
    for index in range(max(len(above), len(below))):
        label, under = _at(above, index), _at(below, index)
        if under is not None and not isinstance(under, str):
            return False
        if label is not None:
            in_group = under is not None and _at(above, index + 1) is None and _at(below, index + 1) is not None
            if under is not None and not in_group:
                return False  # a column with a label of its own has something below it: the row below holds data
            ordinary = ordinary or under is None
            groups += in_group and _is_group(label)
        elif under is not None:
            if not in_group:
                return False
            grouped = True
        else:
            in_group = False
    return grouped and (ordinary or groups > 1)


def _is_group(label: Cell) -> bool:
    """Whether a text over several columns could be their common label, not a title or a note."""
    text = _text(label)
    return len(text) <= _LONGEST_GROUP and ":" not in text and "：" not in text


def _short(merge: Merge) -> bool:
    return merge.last_row - merge.first_row < DEEPEST


def _at(cells: Sequence[Cell], index: int) -> Cell:
    cell = cells[index] if index < len(cells) else None
    return None if isinstance(cell, str) and not cell.strip() else cell


def _candidate(
    numbers: tuple[int, ...],
    rows: Mapping[int, Sequence[Cell]],
    merged: Sequence[Merge],
    names: "_Names",
    wanted: Mapping[str, tuple[str, str]],
) -> _Candidate:
    labels: dict[int, list[str]] = {}
    width = max(len(rows[number]) for number in numbers)
    for level, number in enumerate(numbers):
        group = ""
        for index in range(width):
            text = _text(_at(rows[number], index))
            covering = next((m for m in merged if m.covers(number, index)), None)
            if covering and covering.first_column < index and covering.last_row >= numbers[-1]:
                labels.pop(index, None)  # one label over several columns: its content stands in the first
                continue
            if covering and not text and covering.first_row in rows:
                text = _text(_at(rows[covering.first_row], covering.first_column))
            elif not text and not covering and level < len(numbers) - 1 and not labels.get(index):
                # Without merged cells a group label is followed by blanks that have a label below them.
                text = group if any(_text(_at(rows[n], index)) for n in numbers[level + 1 :]) else ""
            group = text
            stack = labels.setdefault(index, [])
            if text and text not in stack:
                stack.append(text)
    labels = {index: stack for index, stack in labels.items() if stack}
    claims = [claim for index, stack in labels.items() for claim in names.claims(index, stack, wanted)]
    return _Candidate(numbers, labels, claims)


def _variants(stack: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Label to show, text to look up and score, best first, for a column under its groups."""
    *groups, own = stack
    yield "".join(stack), "".join(stack), _WHOLE
    if groups:
        yield "".join(stack), own + "".join(groups), _TURNED
        if all(_BANNER.fullmatch(group) for group in groups):
            yield own, own, _UNDER_BANNER
        if len(groups) > 1 and _BANNER.fullmatch(groups[0]):
            yield from _variants(stack[1:])


class _Names:
    """Synonyms by `match_key`, with the patterns of those that hold a year."""

    def __init__(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        self.plain: dict[str, list[tuple[int, str]]] = {}
        self.yearly: list[tuple[re.Pattern[str], str]] = []
        for field, words in synonyms.items():
            for order, word in enumerate(words):
                if YEAR in word:
                    pattern = r"(20\d\d)".join(re.escape(match_key(part)) for part in word.split(YEAR))
                    self.yearly.append((re.compile(pattern), field))
                else:
                    self.plain.setdefault(match_key(word), []).append((order, field))

    def find(self, text: str) -> list[tuple[int, str]]:
        """Fields that a text names exactly, each with the place of the synonym."""
        key = match_key(text)
        yearly = [(0, field.replace(YEAR, m[1])) for pattern, field in self.yearly if (m := pattern.fullmatch(key))]
        return self.plain.get(key, []) + yearly

    def claims(self, index: int, stack: Sequence[str], wanted: Mapping[str, tuple[str, str]]) -> list[_Claim]:
        """What a column could be. Only its best way of reading counts."""
        whole = "".join(stack)
        unit = _unit(whole)
        for text in (whole, stack[-1]):
            if match_key(text) in wanted:
                field = wanted[match_key(text)][1].strip()
                return [_Claim(_OVERRIDE, 0, index, field, text, unit)] if field not in ("", "-") else []
        for label, text, score in _variants(stack):
            for reading, less in _readings(text):
                if found := self.find(reading):
                    return [_Claim(score - less, order, index, field, label, unit) for order, field in found]
        return []


def _readings(text: str) -> Iterator[tuple[str, int]]:
    """The text, the text without units and hints, the text without anything in brackets; and how much worse each is."""
    yield text, 0
    plain = _BRACKETS.sub(lambda m: "" if _is_aside(m[1]) else m[0], text)
    if plain != text:
        yield plain, _WHOLE - _UNIT
    if at_end := _MONEY_AT_END.fullmatch(plain):
        yield at_end[1], _WHOLE - _UNIT
    bare = _BRACKETS.sub("", plain)
    if bare != plain and bare:
        yield bare, _WHOLE - _BARE


def _is_aside(inside: str) -> bool:
    return not inside or any(pattern.fullmatch(inside) for pattern in (_MONEY, _COUNTED, _HINT))


def _unit(label: str) -> str | None:
    """The unit of money that a label names."""
    for inside in _BRACKETS.findall(label):
        if found := _MONEY.search(inside):
            return found[1]
    at_end = _MONEY_AT_END.fullmatch(match_key(label))
    return at_end[2] if at_end else None


def _settle(
    best: _Candidate,
    preview: Sequence[Row],
    rows: Mapping[int, Sequence[Cell]],
    wanted: Mapping[str, tuple[str, str]],
) -> Header:
    """Give every field to its best column; what lost is reported."""
    taken: dict[str, _Claim] = {}
    columns: dict[int, Column] = {}
    lost: list[_Claim] = []
    for claim in sorted(best.claims, key=lambda c: (-c.score, c.order, c.index)):
        if claim.index in columns:
            continue
        if claim.field in taken:
            lost.append(claim)
        else:
            taken[claim.field] = claim
            columns[claim.index] = Column(claim.index, claim.label, claim.field, claim.unit)
    filled = {i for number, cells in preview if number > best.rows[-1] for i in range(len(cells)) if _at(cells, i)}
    for index in sorted(set(best.labels) | filled):
        label = "".join(best.labels.get(index, ()))
        columns.setdefault(index, Column(index, label, None, _unit(label)))
    conflicts = {
        claim.index: Conflict(claim.field, columns[taken[claim.field].index], columns[claim.index])
        for claim in lost
        if columns[claim.index].field is None
    }
    labels = {match_key(text) for stack in best.labels.values() for text in ("".join(stack), stack[-1])}
    above = [cell for number, cells in rows.items() if number < best.rows[0] for cell in cells]
    notes = [m[1] for cell in above if (m := _UNIT_NOTE.search(_text(cell)))]
    texts = [_text(cell) for number in best.rows for cell in rows[number]]
    return Header(
        header_rows=best.rows,
        columns=tuple(columns[index] for index in sorted(columns)),
        conflicts=tuple(conflicts[index] for index in sorted(conflicts)),
        unit=notes[0] if notes else None,
        unmatched=tuple(label for key, (label, _) in wanted.items() if key not in labels),
        words=frozenset(match_key(text) for text in texts if text),
    )
