"""The facts of one member's dues (PB-FEE, PB-REL-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.rules.facts.reading import read


@dataclass(frozen=True, slots=True)
class DuesFacts:
    """What is known of the dues of one member and month. Amounts in fen; None and empty mean unknown."""

    category: str = ""
    base_fen: int | None = None
    due_fen: int | None = None
    waived: bool | None = None
    affiliation: str = ""
    admitted_on: date | None = None
    month: date | None = None
    base_set_on: date | None = None
    base_signed: bool | None = None
    pay_changed_on: date | None = None
    branch_agreed_on: date | None = None
    committee_approval: str = ""
    extra_fen: int | None = None
    handed_up: bool | None = None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "DuesFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be.
        """
        return cls(**read(given, SHAPES, TITLES))


SHAPES: dict[str, str] = plain.shapes_of(DuesFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "category": "交纳标准（monthly 月工资，annual 年薪，irregular 不按月收入，retired 离退休，farmer 农民，"
    "none 没有收入）",
    "base_fen": "基数（分）",
    "due_fen": "每月应交（分）",
    "waived": "已批准减免",
    "affiliation": "在本支部的组织关系（formal 正式，temporary 临时双隶属，double 双重管理，floating 流动，"
    "on_duty 在职报到，resident 入住老党员）",
    "admitted_on": "通过接收的支部大会日期",
    "month": "党费所属月份的任一天",
    "base_set_on": "核定基数的日期",
    "base_signed": "基数由本人签字",
    "pay_changed_on": "工资变动日期",
    "branch_agreed_on": "党支部讨论同意减免的日期",
    "committee_approval": "上级基层党委批准减免的文件",
    "extra_fen": "一次多交的数额（分）",
    "handed_up": "已全部上缴并取得收据",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
