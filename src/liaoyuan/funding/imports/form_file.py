"""The application F12 out of a filled file: its tables, what each cell says, what could not be understood."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.queries.areas import AreaNames
from liaoyuan.funding.imports import budget as budgets
from liaoyuan.funding.models import Project
from liaoyuan.funding.params.application_form import PLEDGE_TITLES, SECTION_TITLES, TEXTS
from liaoyuan.funding.params.budget_sheet import LINES_SHEET
from liaoyuan.funding.params.form_file import BASIC_TITLES, LINE_HEADS, MOST_BYTES, SHEET_TITLES
from liaoyuan.funding.rules.budgets import line_amount
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import dates, text
from liaoyuan.kit.cells import Parsed, accept, reject
from liaoyuan.kit.sheets import archive
from liaoyuan.kit.sheets.model import ReadLimits
from liaoyuan.kit.sheets.reading import open_table
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.kit.text import match_key

type Rows = list[list[str]]
_LIMITS = ReadLimits(max_bytes=MOST_BYTES, max_inflated=60 * 2**20, max_rows=2_000, max_columns=60)
_CODE = re.compile(r"[（(]([0-9]{9,12})[）)]")
_WORD = re.compile(r"版本码[\s:：]*([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})")
_KINDS = {match_key(title): code for code, title in PLEDGE_TITLES.items()}


@dataclass(slots=True)
class Told:
    """What a file says: sections in the shape of a kept version, a sentence for each cell that was not understood, the
    version that the file was filled from.
    """

    content: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    code: str = ""


def read(path: Path, name: str, row: Project) -> Told:
    """Read a filled form. Raises `Unreadable` for a file that is none."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("too_large", size=path.stat().st_size // 2**20 + 1, limit=MOST_BYTES // 2**20)
    tables, words = _word(path) if name.lower().endswith(".docx") else _book(path)
    told = Told()
    found = _WORD.search(words)
    told.code = found[1] if found else ""
    for section, rows in _placed(tables).items():
        if section == "basic":
            told.content[section] = _basic(rows, row, told)
        elif section == "content":
            titles = {match_key(one.title): one.key for one in TEXTS}
            told.content[section] = {titles[match_key(line[0])]: line[1].strip() for line in rows
                                     if len(line) > 1 and match_key(line[0]) in titles}  # fmt: skip
        elif section == "budget":
            told.content[section] = _budget(rows, told)
        else:
            told.content[section] = _lines(section, rows, told)
    if not told.content:
        told.problems.append(("", _("没有找到申报书的表格。请用这个页面下载的表填写，不要改表头。")))
    return told


def _word(path: Path) -> tuple[list[Rows], str]:
    """The tables of a Word file, and its first words."""
    try:
        with archive.open_archive(path, _LIMITS) as opened:
            tree = archive.small_xml(opened, "word/document.xml")
    except (OSError, KeyError, ValueError, archive.zipfile.BadZipFile, archive.ET.ParseError) as error:
        raise Unreadable("damaged") from error
    tables = []
    for table in (one for one in tree.iter() if archive.local(one.tag) == "tbl"):
        rows = [one for one in table if archive.local(one.tag) == "tr"]
        tables.append([[_text(place) for place in one if archive.local(place.tag) == "tc"] for one in rows])
    return tables, _text(tree)[:4000]


def _text(element: Any) -> str:
    """The words of an element, a line for each paragraph."""
    paragraphs = []
    for one in element.iter():
        if archive.local(one.tag) == "p":
            words = []
            for part in one.iter():
                kind = archive.local(part.tag)
                words.append(
                    part.text or "" if kind == "t" else "\t" if kind == "tab" else "\n" if kind == "br" else ""
                )
            paragraphs.append("".join(words))
    return "\n".join(paragraphs).strip()


def _book(path: Path) -> tuple[list[Rows], str]:
    """The sheets of a workbook."""
    first = open_table(path, limits=_LIMITS)
    wanted = {*SHEET_TITLES.values(), LINES_SHEET}
    tables, words = [], ""
    for name in [sheet.name for sheet in first.sheets if sheet.name in wanted]:
        rows: Rows = []
        for number, cells in open_table(path, sheet=name, limits=_LIMITS).rows():
            rows += [[] for _gap in range(number - 1 - len(rows))]
            rows.append([_plain(cell) for cell in cells])
        tables.append(rows)
        words = words or "\n".join(" ".join(line) for line in rows[:3])
        if name != LINES_SHEET:
            words += "\n".join(" ".join(line) for line in rows[:3])
    return tables, words


def _plain(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:f}".rstrip("0").rstrip(".")
    return "" if cell is None else text.cell_text(cell)


def _placed(tables: Sequence[Rows]) -> dict[str, Rows]:
    """Which table is which section, by its head or its left column."""
    found: dict[str, Rows] = {}
    labels = {"basic": {match_key(title) for title in BASIC_TITLES.values()},
              "content": {match_key(one.title) for one in TEXTS}}  # fmt: skip
    heads = {section: [match_key(title) for title in titles.values()] for section, titles in LINE_HEADS.items()}
    for rows in tables:
        left = {match_key(line[0]) for line in rows if line}
        section = next((name for name, known in labels.items() if len(left & known) > len(known) // 2), "")
        first = 0
        for number, line in enumerate(rows[:6]):
            if section:
                break
            keys = [match_key(cell) for cell in line if cell.strip()]
            section = next((name for name, known in heads.items() if keys == known), "")
            if not section and {match_key("科目"), match_key("明细")} <= set(keys):
                section = "budget"
            first = number if section else 0
        if section:
            found.setdefault(section, rows[first:])
    return {section: found[section] for section in SECTION_TITLES if section in found}


def _basic(rows: Rows, row: Project, told: Told) -> dict[str, Any]:
    titles = {match_key(title): name for name, title in BASIC_TITLES.items()}
    given = {titles[match_key(line[0])]: line[1].strip() for line in rows
             if len(line) > 1 and match_key(line[0]) in titles}  # fmt: skip
    found: dict[str, Any] = dict(given)
    for name in ("starts_on", "ends_on"):
        if name in given:
            place = f"{_('基本情况')} {_(BASIC_TITLES[name])}"
            found[name] = (_cell(told, place, given[name], _day) if given[name] else None) or ""
    if "area" in given:
        code = _CODE.search(given["area"])
        found["area"] = code[1] if code else _named(given["area"], row, told)
    return found


def _named(given: str, row: Project, told: Told) -> str:
    """The code of a street or community that is written by its name alone."""
    if not given:
        return ""
    names = AreaNames(row.round.programme.area)
    for place, sure in (names.street(given), names.community(given, None)):
        if place is not None and sure:
            return str(place.code)
    sentence = _("本区没有叫“{given}”的街道或社区。").format(given=given[:40])
    told.problems.append((f"{_('基本情况')} {_(BASIC_TITLES['area'])}", sentence))
    return ""


def _day(cell: str) -> Parsed[str]:
    read = dates.parse_date(cell, earliest=date(2000, 1, 1), latest=date(2100, 12, 31))
    return reject(read.code) if read.code else read


def _flag(cell: str) -> Parsed[bool]:
    read = text.parse_bool(cell)
    return read if read.value is not None or read.code else accept(False)


def _kind(cell: str) -> Parsed[str]:
    code = _KINDS.get(match_key(cell))
    return accept(code) if code else reject("choice_unknown")


_READERS: Mapping[str, Callable[[str], Parsed[Any]]] = {
    "lead": _flag, "full_time": _flag, "percent": text.parse_int, "persons": text.parse_int, "target": text.parse_int,
    "planned_on": _day, "kind": _kind,
}  # fmt: skip


def _cell(told: Told, place: str, given: str, reader: Callable[[str], Parsed[Any]]) -> Any:
    """One cell by its reader; a guess is not good enough here, the person is there to write it clearly."""
    read = reader(given)
    if read.code:
        told.problems.append((place, _(parsing.MESSAGES[read.code]).format(given=given[:40])))
        return None
    return read.value


def _lines(section: str, rows: Rows, told: Told) -> list[dict[str, Any]]:
    heads = LINE_HEADS[section]
    found: list[dict[str, Any]] = []
    for cells in rows[1:]:
        given = {name: cells[n].strip() if n < len(cells) else "" for n, name in enumerate(heads)}
        if not any(given.values()):
            continue
        number = len(found) + 1
        line: dict[str, Any] = dict(given)
        for name in heads:
            if name in _READERS:
                place = _("{section} 第 {number} 行 {title}")
                place = place.format(section=_(SECTION_TITLES[section]), number=number, title=_(heads[name]))
                value = _cell(told, place, given[name], _READERS[name]) if given[name] else None
                line[name] = {"percent": value or 0, "lead": bool(value), "full_time": bool(value)}.get(name, value)
                if name == "planned_on":
                    line[name] = value or ""
        found.append(line)
    return found


def _budget(rows: Rows, told: Told) -> list[dict[str, Any]]:
    read = budgets.read_rows(rows)
    found: list[dict[str, Any]] = []
    told.problems += [(_(SECTION_TITLES["budget"]), problem) for problem in read.problems]
    for line in read.lines:
        amount = line_amount(line["price_fen"], line["quantity"], line["times"])
        person = line.pop("person")
        found.append({**line, "amount_fen": amount, "grant_fen": amount - line["own_fen"], "member": person})
    return found
