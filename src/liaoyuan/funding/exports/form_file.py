"""The application F12 as a file: a Word form whose content stands in tables, or a workbook with a sheet per section.

Both are filled with what is stored, and are read back by `imports.form_file`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.documents import shipped
from liaoyuan.core.models import Area
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES, PRICE_KIND_TITLES
from liaoyuan.funding.exports import budget as workbooks
from liaoyuan.funding.params.application_form import PLEDGE_TITLES, SECTION_TITLES, TEXTS
from liaoyuan.funding.params.budget_sheet import LINES_SHEET
from liaoyuan.funding.params.form_file import (
    BASIC_TITLES,
    BLANK_LINES,
    BUDGET_HEADS,
    FILE_HINTS,
    FORM_TITLE,
    LINE_HEADS,
    SHEET_TITLES,
)
from liaoyuan.funding.rules.facts.budgets import BudgetFacts
from liaoyuan.kit.findings import Limits

_WIDE = 60


def cell(section: str, name: str, value: Any) -> str:
    """A stored value as it stands in the file."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if name.endswith("_fen"):
        return f"{int(value) / 100:.2f}"
    if name == "quantity":
        return f"{int(value) / 100:.2f}".rstrip("0").rstrip(".")
    if name == "budget_class":
        return f"{value} {BUDGET_CLASS_TITLES.get(value, '')}".strip()
    if name == "price_kind":
        return PRICE_KIND_TITLES.get(value, "")
    if section == "pledges" and name == "kind":
        return PLEDGE_TITLES.get(value, str(value))
    return str(value)


def pairs(told: Mapping[str, Any], section: str) -> list[tuple[str, str]]:
    """Label and text of the sections that are no lists."""
    if section == "content":
        return [(text.title, str(told["content"].get(text.key, ""))) for text in TEXTS]
    basic = dict(told["basic"])
    code = str(basic.get("area") or "")
    area = Area.objects.filter(code=code).first() if code else None
    basic["area"] = f"{area.name}（{code}）" if area is not None else ""
    return [(title, cell("basic", name, basic.get(name))) for name, title in BASIC_TITLES.items()]


def lines(told: Mapping[str, Any], section: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a list."""
    heads = BUDGET_HEADS if section == "budget" else LINE_HEADS[section]
    rows = [[cell(section, name, line.get(name)) for name in heads] for line in told.get(section) or []]
    return list(heads.values()), rows


def write_docx(told: Mapping[str, Any], *, body: str, round_title: str, code: str) -> bytes:
    """The Word form: a table for every section, blank lines to go on in."""
    document = shipped.blank_page()
    document.add_paragraph(FORM_TITLE, style=shipped.LOOKS["title"].style)
    head = f"{body}　{round_title}　版本码 {code}"
    document.add_paragraph(head, style=shipped.LOOKS["cell"].style)
    note = "只在表格里填写，不要删改表头和左边一栏；填好以后在申报书页面上传，核对以后才写入。"
    document.add_paragraph(note, style=shipped.LOOKS["cell"].style)
    for section, title in SECTION_TITLES.items():
        document.add_paragraph(title, style=shipped.LOOKS["strong"].style)
        if section in FILE_HINTS:
            document.add_paragraph(FILE_HINTS[section], style=shipped.LOOKS["cell"].style)
        if section in ("basic", "content"):
            _table(document, [list(pair) for pair in pairs(told, section)])
        else:
            heads, rows = lines(told, section)
            table = _table(document, [heads, *rows, *([[""] * len(heads)] * BLANK_LINES)])
            shipped.repeat_head(table.rows[0])
    return shipped.saved(document, title=FORM_TITLE)


def _table(document: Any, rows: Sequence[Sequence[str]]) -> Any:
    table = shipped.bordered(document, len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for place, text in zip(row.cells, texts, strict=True):
            place.paragraphs[0].text = text
            place.paragraphs[0].style = shipped.LOOKS["cell"].style
    return table


def write_xlsx(
    path: Path, told: Mapping[str, Any], *, limits: Limits, budget: BudgetFacts, body: str, round_title: str, code: str
) -> None:  # fmt: skip
    """The workbook: a sheet per section, the budget with its formulas. Raises ValueError for more than it takes."""

    def more(book: Any, styles: Mapping[str, Any]) -> None:
        for section, title in SHEET_TITLES.items():
            sheet = book.add_worksheet(title)
            sheet.write_string(0, 0, FORM_TITLE, styles["title"])
            sheet.write_string(1, 0, f"{body}　{round_title}　版本码 {code}", styles["hint"])
            if section in ("basic", "content"):
                sheet.set_column(0, 0, 20)
                sheet.set_column(1, 1, _WIDE)
                for row, (label, text) in enumerate(pairs(told, section), 3):
                    sheet.write_string(row, 0, label, styles["head"])
                    sheet.write_string(row, 1, text, styles["text"])
                continue
            heads, rows = lines(told, section)
            sheet.set_column(0, len(heads) - 1, _WIDE // len(heads) + 6)
            for row, texts in enumerate([heads, *rows, *([[""] * len(heads)] * BLANK_LINES)], 2):
                for column, text in enumerate(texts):
                    sheet.write_string(row, column, text, styles["head" if row == 2 else "text"])
        sheet = book.get_worksheet_by_name(LINES_SHEET)
        for row, line in enumerate(told.get("budget") or [], workbooks.FIRST - 1):
            for column, text in ((4, line["unit"]), (12, line["basis"]), (13, line["note"])):
                sheet.write_string(row, column, text or "", styles["text"])

    workbooks.write_budget(path, limits, budget, more=more)


def file_name(form: str) -> str:
    """What the download is called."""
    return f"{_('项目申报书')}.{form}"
