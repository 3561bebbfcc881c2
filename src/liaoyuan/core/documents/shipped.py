"""The shipped Word templates, made from a kind's layout at run time: nothing binary is kept in the product.

A4 with the margins of GB/T 9704, fonts named as offices have them (Word takes its own where one is missing). Styles of
paragraphs have names, so that staff change a look in one place; 落款 is where the seal is printed in the PDF.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from liaoyuan.core.documents import words

SEAL_STYLE = "落款"
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
_SONG, _FANG, _HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"


class Look(NamedTuple):
    """How a paragraph of the layout looks: style name, font, size in points, alignment, first indent in signs."""

    style: str
    font: str
    size: float
    align: int
    indent: int = 0
    bold: bool = False
    red: bool = False
    after: float = 0


LOOKS: dict[str, Look] = {
    "head": Look("版头", _SONG, 28, WD_ALIGN_PARAGRAPH.CENTER, bold=True, red=True, after=14),
    "number": Look("文号", _FANG, 16, WD_ALIGN_PARAGRAPH.CENTER, after=18),
    "title": Look("文书标题", _SONG, 22, WD_ALIGN_PARAGRAPH.CENTER, bold=True, after=18),
    "to": Look("主送", _FANG, 16, WD_ALIGN_PARAGRAPH.LEFT),
    "body": Look("文书正文", _FANG, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, indent=2),
    "strong": Look("文书小标题", _HEI, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, indent=2),
    "gap": Look("空行", _FANG, 16, WD_ALIGN_PARAGRAPH.LEFT),
    "sign": Look(SEAL_STYLE, _FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT),
    "date": Look("落款日期", _FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT),
    "note": Look("附注", _FANG, 14, WD_ALIGN_PARAGRAPH.LEFT),
    "cell": Look("表格文字", _FANG, 12, WD_ALIGN_PARAGRAPH.LEFT),
}


@lru_cache(maxsize=64)
def template(layout: Sequence[tuple[str, str]]) -> bytes:
    """The template of a layout: pairs of style and text. A text that is one tag (`{%p if … %}`) is its own line."""
    document = blank_page()
    for kind, text in layout:
        if kind == "break":
            document.add_page_break()
        else:
            document.add_paragraph(text, style=LOOKS["body" if kind == "tag" else kind].style)
    return saved(document)


def blank_page() -> Any:
    """A new document with our page and styles and without what its maker left in it."""
    document = docx.Document()
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    package = document.part.package
    for key, link in list(package.rels.items()):
        if link.reltype.endswith("/thumbnail"):
            del package.rels[key]
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    for look in LOOKS.values():
        _style(document, look)
    return document


def _style(document: Any, look: Look) -> None:
    style = document.styles.add_style(look.style, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    font = style.font
    font.name, font.size, font.bold = look.font, Pt(look.size), look.bold
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), look.font)
    if look.red:
        font.color.rgb = RGBColor(0xC0, 0x10, 0x10)
    shape = style.paragraph_format
    shape.alignment = look.align
    shape.space_before, shape.space_after = Pt(0), Pt(look.after)
    shape.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    shape.line_spacing = Pt(max(28.0, look.size * 1.4) if look.size >= 16 else look.size * 1.5)
    if look.indent:
        shape.first_line_indent = Pt(look.size * look.indent)
    if look.style == SEAL_STYLE:
        shape.space_before = Pt(28)
        shape.keep_with_next = True


def bordered(document: Any, rows: int, columns: int) -> Any:
    """A table with thin lines, as wide as the page allows."""
    table = document.add_table(rows, columns)
    table.style = document.styles["Table Grid"]
    table.autofit = False
    return table


def repeat_head(row: Any) -> None:
    """The row stands at the head of every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def saved(document: Any, *, title: str = "", at: datetime = _MADE) -> bytes:
    """The document as bytes that are the same every time."""
    told = document.core_properties
    told.author = told.comments = told.last_modified_by = ""
    told.title = title
    told.created = told.modified = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    out = io.BytesIO()
    document.save(out)
    return words.steady(out.getvalue())
