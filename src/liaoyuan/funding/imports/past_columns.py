"""Columns of the sheet of a past round: fields, titles, names people give them, how a cell is read.

Field names are part of the contract of the command line; docs/guide/fields.md names them.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from liaoyuan.funding.choices.past import PAST_OUTCOME_WORDS, POOL_SOURCE_WORDS
from liaoyuan.kit import identifiers, text
from liaoyuan.kit.cells import Parsed, accept, is_blank, reject, review
from liaoyuan.people.imports.columns import Table, choice
from liaoyuan.registry.imports.columns import as_written, name_as_written

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SCORE = re.compile(r"(\d{1,3})(?:\.(\d{1,4}))?分?")
_PLACE = re.compile(r"第?(\d{1,4})名?")
_MOST = 100_00
MESSAGES: Mapping[str, str] = {
    "year_unreadable": "“{given}”读不出年份，请写成 2020 的样子。",
    "score_unreadable": "“{given}”读不出得分，请填 0 到 100 的数字。",
    "score_rounded": "“{given}”有两位以上的小数，按四舍五入到百分之一分登记，请确认。",
    "place_unreadable": "“{given}”读不出名次，请填整数。",
}


def read_year(cell: Any) -> Parsed[int]:
    """The year in a text such as 2020, 2020年, 2020年第八届; 第八届 alone names none."""
    if is_blank(cell):
        return accept(None)
    given = text.half_width(text.cell_text(cell)).removesuffix(".0")
    found = _YEAR.findall(given)
    if not found and "届" in given:
        return accept(None)
    return accept(int(found[0])) if len(set(found)) == 1 else reject("year_unreadable")


def read_score(cell: Any) -> Parsed[int]:
    """A score of at most 100 points, in hundredths."""
    if is_blank(cell):
        return accept(None)
    given = text.half_width(text.cell_text(cell)).replace(" ", "")
    if isinstance(cell, float):
        given = f"{cell:.10g}"
    found = _SCORE.fullmatch(given) or (re.fullmatch(r"(\d{1,3})\.(\d+)", given) if isinstance(cell, float) else None)
    if found is None:
        return reject("score_unreadable")
    points = int((Decimal(f"{found[1]}.{found[2] or 0}") * 100 + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))
    if points > _MOST:
        return reject("score_unreadable")
    exact = len((found[2] or "").rstrip("0")) <= 2
    return accept(points) if exact else review(points, "score_rounded")


def read_place(cell: Any) -> Parsed[int]:
    """A place in the ranking: 3, 3.0, 第3名."""
    if is_blank(cell):
        return accept(None)
    found = _PLACE.fullmatch(text.half_width(text.cell_text(cell)).replace(" ", "").removesuffix(".0"))
    return accept(int(found[1])) if found and int(found[1]) else reject("place_unreadable")


def read_money(cell: Any) -> Parsed[Any]:
    """The cell as it is: what it says depends on the unit of the sheet, see `past.read`."""
    return accept(cell)


_YES_NO = {
    "是": "yes", "已立项": "yes", "立项": "yes", "√": "yes", "✓": "yes", "有": "yes", "入围": "yes", "入选": "yes",
    "通过": "yes", "1": "yes", "y": "yes", "yes": "yes", "进入": "yes", "已入围": "yes", "现场": "yes",
    "否": "no", "未立项": "no", "不立项": "no", "不予立项": "no", "×": "no", "✗": "no", "没有": "no", "未入围": "no",
    "未入选": "no", "未通过": "no", "0": "no", "n": "no", "no": "no", "未进入": "no", "落选": "no",
}  # fmt: skip


def read_yes(cell: Any) -> Parsed[str]:
    """Yes or no; 无 and an empty cell say nothing."""
    return text.parse_choice({True: "是", False: "否"}.get(cell, cell) if isinstance(cell, bool) else cell, _YES_NO)


#: Fields of money: read with the unit of the sheet.
MONEY = ("asked", "total", "granted")
COLUMNS: Table = {
    "year": ("年度", read_year, ("年度", "年份", "年度/届", "年度／届", "申报年度", "立项年度", "年")),
    "edition": ("届", as_written, ("届", "届次", "届别", "第几届", "批次")),
    "programme": ("计划", name_as_written, ("计划", "计划名称", "所属计划", "资助计划")),
    "number": ("项目编号", as_written, ("项目编号", "申报编号", "立项编号")),
    "title": ("项目名称", name_as_written, ("项目名称", "项目", "申报项目", "申报项目名称", "创投项目名称")),
    "organization": (
        "申报组织",
        name_as_written,
        ("申报组织", "申报单位", "申请机构", "申请单位", "组织名称", "社会组织名称", "社会组织", "单位名称", "承接组织",
         "实施机构", "申报机构"),
    ),
    "code": (
        "统一社会信用代码",
        identifiers.parse_uscc,
        ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "登记证号"),
    ),
    "field": ("领域", as_written, ("领域", "项目领域", "服务领域", "项目类别", "项目类型", "类别")),
    "street": (
        "落地街道",
        name_as_written,
        ("落地街道", "落地街道（镇）", "落地街道(镇)", "落地镇（街道）", "街道", "镇街", "镇（街道）", "落地社区",
         "实施地点", "落地街道（社区）"),
    ),
    "asked": ("申请金额", read_money, ("申请金额", "申请资金", "申请资助", "申请资助金额", "申报金额", "申请经费")),
    "total": ("预算总额", read_money, ("预算总额", "项目预算", "项目总预算", "总预算", "预算合计", "项目预算总额")),
    "on_site": (
        "是否进入现场评审",
        read_yes,
        ("是否进入现场评审", "现场评审", "进入现场评审", "是否入围", "入围", "是否参加现场评审", "是否现场"),
    ),
    "score": ("评审得分", read_score, ("评审得分", "得分", "评分", "平均分", "最终得分", "评审分数", "综合得分")),
    "place": ("名次", read_place, ("名次", "排名", "排序", "评审名次")),
    "funded": ("是否立项", read_yes, ("是否立项", "立项", "是否入选", "立项情况", "立项结果")),
    "granted": (
        "立项金额",
        read_money,
        ("立项金额", "立项资金", "资助金额", "批准金额", "资助资金", "核定金额", "实际资助金额"),
    ),
    "source": (
        "资金来源",
        choice({**POOL_SOURCE_WORDS}),
        ("资金来源", "资金来源(区级/街道)", "资金来源（区级/街道）", "经费来源", "出资单位"),
    ),
    "outcome": (
        "状态",
        choice({**PAST_OUTCOME_WORDS}),
        ("状态", "结项等级", "结项结果", "结项情况", "状态(结项等级)", "状态（结项等级）", "验收等级", "评估等级",
         "项目状态", "末期评估结果"),
    ),
    "note": ("备注", as_written, ("备注", "说明")),
}  # fmt: skip
