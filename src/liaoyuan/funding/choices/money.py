"""Words of agreements, payments, changes, checks and sanctions. No Django."""

from enum import StrEnum


class TrancheTrigger(StrEnum):
    """What makes an instalment payable."""

    SIGNED = "signed"
    STARTED = "started"
    MID_PASSED = "mid_passed"
    ACCEPTED = "accepted"
    AUDITED = "audited"


TRANCHE_TRIGGER_TITLES: dict[str, str] = {
    TrancheTrigger.SIGNED: "协议已签订",
    TrancheTrigger.STARTED: "项目已启动",
    TrancheTrigger.MID_PASSED: "中期评估合格",
    TrancheTrigger.ACCEPTED: "结项评估合格",
    TrancheTrigger.AUDITED: "审计报告已出具",
}
#: Triggers of an instalment that a failed mid check or an overdue report holds back.
LATER_TRIGGERS = (TrancheTrigger.MID_PASSED, TrancheTrigger.ACCEPTED, TrancheTrigger.AUDITED)


class AmendmentKind(StrEnum):
    """What a running project may ask to change."""

    LEADER = "leader"
    PERIOD = "period"
    TARGET = "target"
    BUDGET = "budget"
    PLACE = "place"


AMENDMENT_TITLES: dict[str, str] = {
    AmendmentKind.LEADER: "项目负责人",
    AmendmentKind.PERIOD: "实施期限",
    AmendmentKind.TARGET: "目标和指标",
    AmendmentKind.BUDGET: "预算",
    AmendmentKind.PLACE: "实施地点",
}


class MidOutcome(StrEnum):
    """What the mid check came to."""

    PASSED = "passed"
    RECTIFY = "rectify"
    TERMINATE = "terminate"


MID_OUTCOME_TITLES: dict[str, str] = {
    MidOutcome.PASSED: "合格",
    MidOutcome.RECTIFY: "整改",
    MidOutcome.TERMINATE: "终止",
}


class FinalGrade(StrEnum):
    """How a project ended."""

    EXCELLENT = "excellent"
    PASSED = "passed"
    FAILED = "failed"


FINAL_GRADE_TITLES: dict[str, str] = {
    FinalGrade.EXCELLENT: "优秀",
    FinalGrade.PASSED: "合格",
    FinalGrade.FAILED: "不合格",
}


class Misconduct(StrEnum):
    """Grounds of a sanction; the keys of `gv.sanction.years`."""

    FRAUD = "fraud"
    DIVERTED = "diverted"
    BREACH = "breach"
    FAILED = "failed"


MISCONDUCT_TITLES: dict[str, str] = {
    Misconduct.FRAUD: "弄虚作假",
    Misconduct.DIVERTED: "挪用资金",
    Misconduct.BREACH: "违反协议",
    Misconduct.FAILED: "结项不合格",
}


class Sanction(StrEnum):
    """What follows from a ground."""

    WARNING = "warning"
    RECOVERY = "recovery"
    BAN = "ban"
    CREDIT = "credit"


SANCTION_TITLES: dict[str, str] = {
    Sanction.WARNING: "通报、约谈",
    Sanction.RECOVERY: "追回资金",
    Sanction.BAN: "若干年内不得申报",
    Sanction.CREDIT: "记入信用信息",
}
