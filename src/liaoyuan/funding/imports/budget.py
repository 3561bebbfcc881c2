"""Lines of a budget (F13): pasted from a spreadsheet, or out of a filled workbook. Columns may stand in any order."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES, PRICE_KIND_TITLES
from liaoyuan.funding.params.budget_sheet import LINES_SHEET
from liaoyuan.funding.rules.budgets import line_amount
from liaoyuan.kit.money import parse_money
from liaoyuan.kit.sheets.reading import open_table
from liaoyuan.kit.text import match_key

_NAMES: dict[str, tuple[str, ...]] = {
    "budget_class": ("科目", "支出科目", "费用类别", "类别"),
    "title": ("明细", "项目", "内容", "支出明细"),
    "price_fen": ("单价", "单价（元）", "标准"),
    "unit": ("单位", "计量单位"),
    "quantity": ("数量", "人数"),
    "times": ("频次", "次数", "月数"),
    "amount_fen": ("金额", "金额（元）", "小计", "合计", "预算金额"),
    "grant_fen": ("资助资金", "申请资助", "资助资金（元）", "申请资助（元）"),
    "person": ("领取人", "付给谁"),
    "price_kind": ("单价的种类",),
    "note": ("备注",),
    "own_fen": (
        "自筹配套",
        "自筹/配套资金（元）",
        "自筹/配套资金",
        "自筹、配套资金",
        "配套资金",
        "自筹资金",
        "自筹配套（元）",
    ),
    "basis": ("测算依据", "依据", "说明"),
}  # fmt: skip
_KEYS = {match_key(word): name for name, words in _NAMES.items() for word in words}
_CLASSES = {match_key(title): code for code, title in BUDGET_CLASS_TITLES.items()}
_KINDS = {match_key(title): code for code, title in PRICE_KIND_TITLES.items()}
_SUMS = ("合计", "总计", "小计")
#: A budget is no register: what stands further down is not read.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read: lines as the form starts from them, and a sentence for each cell that was not understood."""

    lines: list[dict[str, Any]]
    problems: list[str]


def read(text: str) -> Pasted:
    """Read pasted lines."""
    return read_rows([line.split("\t") for line in text.replace("\r", "").split("\n")])


def read_file(path: Path) -> Pasted:
    """Read a filled workbook: its sheet of lines, else the first with content. Raises `Unreadable`."""
    table = open_table(path)
    if any(sheet.name == LINES_SHEET for sheet in table.sheets):
        table = open_table(path, sheet=LINES_SHEET)
    rows: list[list[str]] = []
    for number, cells in table.rows():
        if number > _MOST:
            break
        rows += [[] for _gap in range(number - 1 - len(rows))]
        rows.append(["" if cell is None else f"{cell:f}".rstrip("0").rstrip(".") if isinstance(cell, float)
                     else str(cell) for cell in cells])  # fmt: skip
    return read_rows(rows)


def read_rows(rows: list[list[str]]) -> Pasted:
    """Lines below the header. Rows of sums and blank rows are left out; one with a fault is told and left out whole."""
    head = next((n for n, row in enumerate(rows[:10]) if _header(row)), None)
    if head is None:
        return Pasted([], [_("没有找到表头。请连同“科目、明细、单价、数量”这一行一起复制。")])
    places = {name: n for n, cell in enumerate(rows[head]) if (name := _KEYS.get(match_key(cell)))}
    found, problems = [], []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        cells = {name: row[n].strip() if n < len(row) else "" for name, n in places.items()}
        told = [cell.strip() for cell in row if cell.strip()]
        if not any(value for name, value in cells.items() if name not in ("amount_fen", "budget_class")) or any(
            told[0].startswith(word) for word in _SUMS
        ):
            continue
        line, faults = _line(cells)
        problems += [_("第 {number} 行：{fault}").format(number=number, fault=fault) for fault in faults]
        if not faults:
            found.append(line)
    return Pasted(found, problems)


def _header(row: list[str]) -> bool:
    names = {_KEYS.get(match_key(cell)) for cell in row}
    return {"title", "price_fen"} <= names or {"title", "amount_fen"} <= names


def _line(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    faults: list[str] = []
    line: dict[str, Any] = {"title": cells.get("title", "")[:80], "unit": cells.get("unit", "")[:10],
                            "basis": cells.get("basis", "")[:200], "note": cells.get("note", "")[:200],
                            "person": cells.get("person", "")[:60],
                            "price_kind": _KINDS.get(match_key(cells.get("price_kind", "")), "")}  # fmt: skip
    line["budget_class"] = class_of(cells.get("budget_class", ""), faults)
    money = {name: _money(cells.get(name, ""), name, faults) for name in
             ("price_fen", "amount_fen", "grant_fen", "own_fen")}  # fmt: skip
    line["quantity"] = _number(cells.get("quantity", ""), 100, _("数量"), faults) or 100
    line["times"] = _number(cells.get("times", ""), 1, _("频次"), faults) or 1
    if not line["title"]:
        faults.append(_("缺少明细。"))
    if money["price_fen"] is None:
        line["quantity"], line["times"] = 100, 1
    line["price_fen"] = money["price_fen"] if money["price_fen"] is not None else money["amount_fen"]
    if line["price_fen"] is None:
        if not faults:
            faults.append(_("缺少单价和金额。"))
        return line, faults
    amount = line_amount(line["price_fen"], line["quantity"], line["times"])
    if money["amount_fen"] is not None and money["amount_fen"] != amount:
        faults.append(_("金额 {given} 元不等于单价×数量×频次 {amount} 元。").format(
            given=f"{money['amount_fen'] / 100:.2f}", amount=f"{amount / 100:.2f}"))  # fmt: skip
    own = money["own_fen"]
    if own is None:
        own = amount - money["grant_fen"] if money["grant_fen"] is not None else 0
    if not 0 <= own <= amount or (money["grant_fen"] is not None and money["grant_fen"] + own != amount):
        faults.append(_("资助资金与自筹配套之和不等于金额 {amount} 元。").format(amount=f"{amount / 100:.2f}"))
    line["own_fen"] = own
    return line, faults


def class_of(text: str, faults: list[str]) -> str:
    """The class of cost by its code or a part of its title; empty, with a fault, for what fits none or several."""
    key = match_key(text)
    if text.strip().upper()[:3] in BUDGET_CLASS_TITLES:
        return text.strip().upper()[:3]
    found = [code for title, code in _CLASSES.items() if key and (key == title or key in title or title in key)]
    if len(found) == 1:
        return found[0]
    told = _("不认识科目“{given}”，请写 B01 至 B13 或科目全称。") if text else _("缺少科目。")
    faults.append(told.format(given=text[:20]))
    return ""


def _money(text: str, name: str, faults: list[str]) -> int | None:
    if not text.strip():
        return None
    told = parse_money(text, unit="元")
    if told.code or told.value is None:
        faults.append(_("“{name}”里的“{given}”不是金额。").format(name=_NAMES[name][0], given=text[:20]))
        return None
    return int(told.value)


def _number(text: str, scale: int, name: str, faults: list[str]) -> int | None:
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip().replace(",", "")) * scale
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0 or value != value.to_integral_value() or value > 10**9:
        faults.append(_("“{name}”里的“{given}”不是数。").format(name=name, given=text[:20]))
        return None
    return int(value)
