"""Columns of F09 (handbook §8): fields, titles, names people give them, how to read a cell. Amounts are yuan as text.

Field names are part of the contract of the command line; docs/guide/fields.md names them.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from liaoyuan.kit import dates, money, text
from liaoyuan.kit.cells import Parsed, accept, is_blank, reject, review
from liaoyuan.party.choices.dues import DUES_TITLES, DuesCategory
from liaoyuan.party.params.dues_sheets import DONE_TITLES
from liaoyuan.people.imports.columns import Table, choice
from liaoyuan.registry.imports.columns import as_written, name_as_written

#: What is never stored, however the column is called: why somebody is hard up is not asked.
DROPPED = ("政治面貌", "宗教", "信仰", "困难原因", "困难情况", "病", "评价", "积分", "排名")
#: Sentences of the readers below; {given} is the cell as typed.
MESSAGES: Mapping[str, str] = {
    "month_unreadable": "“{given}”读不出年和月，请写成 2026-10 的样子。",
    "month_without_year": "“{given}”没有写年份，已按数据日期补上，请确认。",
    "rate_unreadable": "“{given}”读不出比例，请写成 0.5% 的样子。",
}
CATEGORIES: Mapping[str, str] = {
    **{title: str(code) for code, title in DUES_TITLES.items()}, **{str(code): str(code) for code in DuesCategory},
    "月工资": "monthly", "工资": "monthly", "在职": "monthly", "年薪": "annual", "不按月收入": "irregular",
    "离休": "retired", "退休": "retired", "离退休党员": "retired", "退休金": "retired", "农民党员": "farmer",
    "学生": "none", "下岗失业": "none", "没有收入": "none", "无收入": "none",
}  # fmt: skip
DONE: Mapping[str, str] = {
    **{title: code for code, title in DONE_TITLES.items()}, **{code: code for code in DONE_TITLES},
    "是": "paid", "已缴": "paid", "已交纳": "paid", "否": "unpaid", "未缴": "unpaid", "未交纳": "unpaid",
    "欠交": "unpaid",
}  # fmt: skip
#: A month whose year the sheet leaves to its reader.
_BARE = re.compile(r"(1[0-2]|0?[1-9])(?:月份?)")
_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%|‰)?")
BARE = "0000-"


def read_month(cell: Any) -> Parsed[str]:
    """A month as `2026-10`; one without its year as `0000-10`, which the session fills in. A year alone is none."""
    if is_blank(cell, in_date_column=True):
        return accept(None)
    if isinstance(cell, str):
        bare = _BARE.fullmatch("".join(text.half_width(cell).split()))
        if bare:
            return review(f"{BARE}{int(bare[1]):02d}", "month_without_year")
    found = dates.parse_date(cell, month_ok=True)
    if found.value is None or len(found.value) < 7:
        return reject("month_unreadable")
    return Parsed(found.value[:7], found.doubt, found.error)


def read_yuan(cell: Any) -> Parsed[str]:
    """An amount in yuan as text with two decimals; a dues sheet counts in nothing else."""
    found = money.parse_money(cell, unit="元")
    return Parsed(None if found.value is None else yuan(found.value), found.doubt, found.error)


def yuan(fen: int) -> str:
    """Fen as the sheet writes it: 7502 → 75.02."""
    return f"{fen // 100}.{fen % 100:02d}"


def fen(told: Any) -> int | None:
    """The amount of a normalised text; None when nothing was told."""
    return None if told in (None, "") else int(Decimal(str(told)) * 100)


def read_rate(cell: Any) -> Parsed[str]:
    """A rate of the base as text: 0.5 %, 1.5 ‰, 0.005 (a percent cell) and 0.5 are read; checked against the rule."""
    if is_blank(cell):
        return accept(None)
    match = _RATE.fullmatch("".join(text.half_width(text.cell_text(cell)).split()))
    try:
        number = Decimal(match[1]) if match else None
    except InvalidOperation:
        number = None
    if match is None or number is None or number > 100:
        return reject("rate_unreadable")
    if match[2] == "‰":
        number /= 10
    elif not match[2] and number < Decimal("0.1"):
        number *= 100
    return accept(f"{number.normalize():f}%")


#: F09 党费收缴表, in the order of the form; then what our own export adds.
COLLECTED: Table = {
    "month": ("月份", read_month, ("月份", "所属月份", "党费月份", "交费月份", "缴费月份", "交纳月份", "缴纳月份")),
    "name": ("姓名", name_as_written, ("姓名", "党员姓名", "名字")),
    "dues_base": (
        "计费基数", read_yuan,
        ("计费基数", "党费基数", "交费基数", "缴费基数", "交纳基数", "缴纳基数", "党费计算基数", "党费交纳基数"),
    ),
    "rate": ("比例", read_rate, ("比例", "交纳比例", "缴纳比例", "交费比例", "缴费比例")),
    "due": ("应交", read_yuan, ("应交", "应交党费", "应缴", "应缴党费", "应交金额", "应缴金额", "月应交", "应交数")),
    "paid": ("实交", read_yuan, ("实交", "实交党费", "实缴", "实缴党费", "实交金额", "实缴金额", "实交数")),
    "made_up": ("补交月份", read_month, ("补交月份", "补缴月份", "补交所属月份")),
    "waiver": (
        "减免(批准文号)", as_written, ("减免(批准文号)", "减免（批准文号）", "减免批准文号", "减免文号", "减免"),
    ),
    "paid_on": ("交费日期", dates.parse_date, ("交费日期", "缴费日期", "交纳日期", "缴纳日期", "收款日期", "交纳时间")),
    "payee": ("收款人", name_as_written, ("收款人", "收缴人", "经收人", "经手人")),
    "category": ("交纳标准", choice(CATEGORIES), ("交纳标准", "缴纳标准", "计费类别", "收入类别")),
    "done": ("是否交纳", choice(DONE), ("是否交纳", "是否缴纳", "是否交费", "是否缴费", "交纳情况", "缴纳情况")),
    "branch": ("所在党支部", name_as_written, ("所在党支部", "党支部", "支部", "所在支部", "支部名称", "党支部名称")),
}  # fmt: skip
#: F09 党费使用表.
USED: Table = {
    "on": ("日期", dates.parse_date, ("日期", "使用日期", "支出日期", "时间")),
    "purpose": ("事由", as_written, ("事由", "用途", "使用事由", "支出事由", "支出项目", "使用项目")),
    "amount": ("金额", read_yuan, ("金额", "支出金额", "使用金额", "金额(元)")),
    "approved_by": ("批准人", name_as_written, ("批准人", "审批人", "批准")),
    "voucher_no": ("票据号", as_written, ("票据号", "票据编号", "凭证号", "发票号")),
    "branch": COLLECTED["branch"],
}  # fmt: skip
#: Longest text the columns of the database hold.
LONGEST = {
    "name": 60, "waiver": 80, "payee": 60, "branch": 120, "purpose": 200, "approved_by": 60, "voucher_no": 80,
}  # fmt: skip


def words(name: str, value: Any) -> str:
    """A normalised value as a person reads it."""
    if value is None or value == "":
        return "（空）"
    if name == "category":
        return DUES_TITLES.get(value, str(value))
    return DONE_TITLES.get(value, str(value)) if name == "done" else str(value)
