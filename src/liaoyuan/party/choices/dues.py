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


class RequestState(StrEnum):
    """Where an application for a reduction stands: with the branch, with the basic committee, at its end."""

    ASKED = "asked"
    AGREED = "agreed"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REQUEST_TITLES = {
    RequestState.ASKED: "待党支部讨论",
    RequestState.AGREED: "待上级党委批准",
    RequestState.GRANTED: "已批准",
    RequestState.REFUSED: "未同意",
    RequestState.WITHDRAWN: "已撤回",
}


class StudyOutcome(StrEnum):
    """What a branch came to that looked into months that were not paid. Nothing follows from it by itself."""

    RESUMED = "resumed"
    HELP = "help"
    UPWARD = "upward"


OUTCOME_TITLES = {
    StudyOutcome.RESUMED: "已恢复交纳",
    StudyOutcome.HELP: "教育帮助，限期改正",
    StudyOutcome.UPWARD: "报上级党委",
}
