"""Dues and venues as states and kinds. No Django here."""

from enum import StrEnum


class DuesCategory(StrEnum):
    """By what a member's dues are reckoned (党费规定 arts. 1-7; handbook §2.9)."""

    MONTHLY = "monthly"
    ANNUAL = "annual"
    IRREGULAR = "irregular"
    RETIRED = "retired"
    FARMER = "farmer"
    NONE = "none"


DUES_TITLES = {
    DuesCategory.MONTHLY: "按月领取工资",
    DuesCategory.ANNUAL: "年薪制",
    DuesCategory.IRREGULAR: "不按月取得收入",
    DuesCategory.RETIRED: "离退休",
    DuesCategory.FARMER: "农民",
    DuesCategory.NONE: "学生、下岗失业或没有收入",
}
