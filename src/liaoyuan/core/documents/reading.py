"""A filled Word document as plain blocks, from which the PDF is set: so that both say the same words.

Read are paragraphs with alignment, indents, sizes, bold and colour, tables with joined cells, and page breaks.
Pictures, text boxes, headers and footers of a template stay in the Word file only.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from liaoyuan.core.documents.shipped import SEAL_STYLE

_ALIGN = {
    WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right", WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
    WD_ALIGN_PARAGRAPH.DISTRIBUTE: "justify",
}  # fmt: skip
_NORMAL = 12.0


def blocks(data: bytes) -> list[dict[str, Any]]:
    """The body of a document in order."""
    document = docx.Document(io.BytesIO(data))
    return list(_blocks(document.element.body, document))


def _blocks(parent: Any, owner: Any) -> Iterator[dict[str, Any]]:
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            yield from _paragraph(Paragraph(child, owner))
        elif child.tag == qn("w:tbl"):
            yield _table(Table(child, owner))
        elif child.tag == qn("w:sdt"):
            inner = child.find(qn("w:sdtContent"))
            if inner is not None:
                yield from _blocks(inner, owner)


def _inherited(style: Any, read: Callable[[Any], Any]) -> Any:
    while style is not None:
        found = read(style)
        if found is not None:
            return found
        style = style.base_style
    return None


def _points(value: Any) -> float:
    return round(value.pt, 2) if value is not None else 0.0


def _paragraph(paragraph: Paragraph) -> Iterator[dict[str, Any]]:
    style, own = paragraph.style, paragraph.paragraph_format

    def shape(name: str) -> Any:
        found = getattr(own, name)
        return found if found is not None else _inherited(style, lambda s: getattr(s.paragraph_format, name))

    runs: list[dict[str, Any]] = []
    broken = False
    for run in paragraph.iter_inner_content():
        for one in getattr(run, "runs", [run]):  # a hyperlink holds runs
            broken = broken or bool(one._r.findall(f"{qn('w:br')}[@{qn('w:type')}='page']"))
            runs += _run(one, style)
    if broken and not any(run["text"].strip() for run in runs):
        yield {"kind": "break"}
        return
    yield {
        "kind": "paragraph", "runs": runs, "align": _ALIGN.get(shape("alignment"), "left"),
        "first": _points(shape("first_line_indent")), "left": _points(shape("left_indent")),
        "before": _points(shape("space_before")), "after": _points(shape("space_after")),
        "seal": style is not None and style.name == SEAL_STYLE,
        "size": _size(None, style),
    }  # fmt: skip


def _size(run: Any, style: Any) -> float:
    own = run.font.size if run is not None else None
    found = own if own is not None else _inherited(style, lambda s: s.font.size)
    return _points(found) or _NORMAL


def _run(run: Any, style: Any) -> Iterator[dict[str, Any]]:
    bold = run.bold if run.bold is not None else _inherited(style, lambda s: s.font.bold)
    color = run.font.color.rgb if run.font.color is not None and run.font.color.type is not None else None
    color = color if color is not None else _inherited(style, lambda s: s.font.color.rgb)
    look = {"bold": bool(bold), "size": _size(run, style), "color": f"#{color}" if color is not None else "#000000"}
    for number, line in enumerate(run.text.split("\n")):
        if number:
            yield {"text": "\n", **look}
        if line:
            yield {"text": line.replace("\t", "　　"), **look}


def _table(table: Table) -> dict[str, Any]:
    """Cells with their place and how many columns and rows they take."""
    widths = [int(c.get(qn("w:w")) or 0) or 1 for c in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    cells: list[dict[str, Any]] = []
    above: dict[int, dict[str, Any]] = {}
    for y, row in enumerate(table._tbl.tr_lst):
        x = 0
        for cell in row.tc_lst:
            span = int(cell.grid_span)
            if cell.vMerge == "continue" and x in above:
                above[x]["rows"] += 1
            else:
                made = {"x": x, "y": y, "columns": span, "rows": 1, "blocks": list(_blocks(cell, _Cell(cell, table)))}
                cells.append(made)
                above[x] = made
            x += span
    head = [tr for tr in table._tbl.tr_lst if tr.trPr is not None and tr.trPr.find(qn("w:tblHeader")) is not None]
    return {"kind": "table", "widths": widths or [1], "cells": cells, "head": len(head)}
