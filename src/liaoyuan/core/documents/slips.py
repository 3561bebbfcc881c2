"""Invitation slips as a Word sheet, four on an A4 page, to be cut apart and handed out (decisions: Accounts)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from liaoyuan.core.clock import localdate
from liaoyuan.core.documents import shipped
from liaoyuan.core.rules.documents import day_text

PER_PAGE = 4


def sheet(slips: Sequence[Any], place: str, address: str, at: datetime, *, demo: str = "") -> bytes:
    """The slips (label, code, expires_at) as a document; codes stand nowhere else."""
    document = shipped.blank_page()
    page = document.sections[0]
    page.top_margin = page.bottom_margin = page.left_margin = page.right_margin = Mm(12)
    for start in range(0, len(slips), PER_PAGE):
        if start:
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        part = slips[start : start + PER_PAGE]
        table = shipped.bordered(document, len(part), 1)
        for row, slip in zip(table.rows, part, strict=True):
            row.height, row.height_rule = Mm(64), WD_ROW_HEIGHT_RULE.EXACTLY
            _whole(row)
            _write(row.cells[0], slip, address, demo)
        document.add_paragraph("")
        tail = document.paragraphs[-1].paragraph_format
        tail.space_before = tail.space_after = Mm(0)
    return shipped.saved(document, title=place, at=at)


def _whole(row: Any) -> None:
    """A slip is not torn by the end of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(cell: Any, slip: Any, address: str, demo: str) -> None:
    lines = [
        (slip.label, True, 14), ("请贵单位负责人在电脑或手机上打开下面的网址，凭邀请码开通本单位账号。", False, 11),
        (address, False, 11), (f"邀请码：{slip.code}", True, 16),
        (f"有效至 {day_text(localdate(slip.expires_at))}，只能使用一次，请勿转交他人。{demo}", False, 11),
    ]  # fmt: skip
    for number, (text, bold, size) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.style = shipped.LOOKS["cell"].style
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, shipped.Pt(size)
        if bold:
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
