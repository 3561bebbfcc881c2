"""A sheet of indicators (F17) out of a workbook; a heading that is written once holds for the rows below it."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.kit.sheets import headers, reading
from liaoyuan.kit.text import cell_text
from liaoyuan.registry.actions.rating_rounds import Row
from liaoyuan.registry.params.ratings import SHEET_FAULT_MESSAGES
from liaoyuan.registry.rules.rounds import TENTHS, refusal

SYNONYMS = {
    "first": ("一级指标", "一级", "评估内容"),
    "second": ("二级指标", "二级"),
    "third": ("三级指标", "三级", "指标", "评估指标", "评估标准"),
    "tenths": ("分值", "满分", "标准分", "标准分值", "分数"),
    "bonus": ("加分项", "是否加分", "加分"),
}
_POINTS = re.compile(r"(\d{1,4})(?:\.(\d)0*)?")
_MOST_ROWS = 400
_LONGEST = {"first": 40, "second": 60, "third": 200}
_YES = frozenset({"是", "加分", "加分项", "√", "✓", "Y", "YES", "1", "TRUE"})
_NO = frozenset({"", "否", "不加分", "×", "-", "—", "N", "NO", "0", "FALSE", "无"})
_TOTALS = frozenset({"合计", "总计", "小计", "总分"})


def read(path: Path) -> list[Row]:
    """The indicators in their order. Raises `Unreadable` for no workbook and `Refused` naming each wrong row."""
    table = reading.open_table(path)
    preview = table.preview()
    header = headers.find_header(preview, SYNONYMS, merged=table.merged)
    if header is None or not {"third", "tenths"} <= header.by_field.keys():
        raise Refused([_fault(1, _say("header"))])
    columns = {name: column.index for name, column in header.by_field.items()}
    last = max(header.header_rows)
    found: list[Row] = []
    wrong: list[Finding] = []
    above = {"first": "", "second": ""}
    for number, cells in table.rows():
        if number <= last:
            continue
        texts = {name: cell_text(cells[i]).strip() if i < len(cells) else "" for name, i in columns.items()}
        if not any(texts.values()) or {texts.get("first"), texts.get("second"), texts["third"]} & _TOTALS:
            continue
        if len(found) >= _MOST_ROWS:
            raise Refused([_fault(number, _say("rows", most=_MOST_ROWS))])
        _fill_down(texts, above)
        told = _row(texts, number, wrong)
        if told is not None:
            found.append(told)
    if wrong:
        raise Refused(wrong)
    return found


def _fill_down(texts: dict[str, str], above: dict[str, str]) -> None:
    """Headings are written once for a block; a new first heading ends the second one."""
    if texts.get("first"):
        above["first"], above["second"] = texts["first"], ""
    if texts.get("second"):
        above["second"] = texts["second"]
    texts.update(above)


def _row(texts: dict[str, str], number: int, wrong: list[Finding]) -> Row | None:
    read_ = _POINTS.fullmatch(texts["tenths"].removesuffix("分").strip())
    points = int(read_[1]) * TENTHS + int(read_[2] or 0) if read_ else 0
    more = texts.get("bonus", "").upper()
    fault = ""
    if not texts["third"]:
        fault = _say("unnamed")
    elif points <= 0:
        fault = _say("tenths", given=texts["tenths"][:20])
    elif any(len(texts[name]) > longest for name, longest in _LONGEST.items()):
        fault = _say("long")
    elif more not in _YES | _NO:
        fault = _say("bonus", given=more[:20])
    if fault:
        wrong.append(_fault(number, fault))
        return None
    return Row(texts["first"], texts["second"], texts["third"], points, more in _YES)


def _say(which: str, **args: object) -> str:
    return _(SHEET_FAULT_MESSAGES[which]).format(**args)


def _fault(row: int, fault: str) -> Finding:
    return refusal("SHEET.row", "file", row=row, fault=fault)
