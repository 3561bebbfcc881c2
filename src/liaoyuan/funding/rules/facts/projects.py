"""The facts of a running or finished project: checks, activities, changes, reports, archive (GV-MID, EXE, FIN, SAN)."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.funding.choices.budget import BudgetClass
from liaoyuan.funding.choices.money import AmendmentKind, FinalGrade, Misconduct
from liaoyuan.funding.rules.facts.reading import Record


@dataclass(frozen=True, slots=True)
class ClassChange:
    """One class of cost before and after a change, in fen."""

    budget_class: str = ""
    approved_fen: int | None = None
    new_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the agreement: what it is called, target and what was reached, in its own unit."""

    name: str = ""
    target: int | None = None
    reached: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is known of a project from its start to its archive. None and empty mean unknown; `papers` are unknown
    when None and missing when empty.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    mid_checked_on: date | None = None
    final_received_on: date | None = None
    activity_on: date | None = None
    activity_place: str = ""
    places: tuple[str, ...] = ()
    amended: tuple[str, ...] = ()
    approved: bool | None = None
    classes: tuple[ClassChange, ...] = ()
    same_photos: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    grade: str = ""
    reason: str = ""
    grant_fen: int | None = None
    unused_fen: int | None = None
    unused_since: date | None = None
    reuse_agreed: bool | None = None
    papers: tuple[str, ...] | None = None
    audited: bool | None = None
    misconduct: tuple[str, ...] = ()
    misconduct_on: date | None = None
    credit_recorded: bool | None = None


CLASS_TITLES: dict[str, str] = {
    "budget_class": "科目",
    "approved_fen": "批准的预算（分）",
    "new_fen": "调整后的预算（分）",
}
INDICATOR_TITLES: dict[str, str] = {"name": "指标", "target": "目标数", "reached": "完成数"}
TITLES: dict[str, str] = {
    "starts_on": "协议起日",
    "ends_on": "协议止日",
    "mid_checked_on": "中期评估的日期",
    "final_received_on": "结项材料提交的日期",
    "activity_on": "活动日期",
    "activity_place": "活动地点",
    "places": "协议约定的地点",
    "amended": "变更的内容（leader 负责人，period 期限，target 目标，budget 预算，place 地点）",
    "approved": "变更已经批准",
    "classes": "调整的科目",
    "same_photos": "用了同一张照片的活动、项目",
    "indicators": "指标",
    "grade": "结项等次（excellent 优秀，passed 合格，failed 不合格）",
    "reason": "理由",
    "grant_fen": "资助金额（分）",
    "unused_fen": "没有退回的结余资金（分）",
    "unused_since": "结余资金自何日起没有使用",
    "reuse_agreed": "同意结余资金另作他用",
    "papers": "档案里已有的材料",
    "audited": "有审计报告",
    "misconduct": "认定的情形（fraud 弄虚作假，diverted 挪用资金，breach 违反协议，failed 结项不合格）",
    "misconduct_on": "认定的日期",
    "credit_recorded": "已记入信用信息",
}

PROJECT = Record(
    ProjectFacts, TITLES, {"amended": AmendmentKind, "grade": FinalGrade, "misconduct": Misconduct},
    {
        "classes": Record(ClassChange, CLASS_TITLES, {"budget_class": BudgetClass}),
        "indicators": Record(Indicator, INDICATOR_TITLES),
    },
)  # fmt: skip
