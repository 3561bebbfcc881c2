"""Words of running projects: monthly logs, reports, visits, audits, sanctions. No Django."""

from enum import StrEnum

from liaoyuan.funding.choices.states import ProjectState

#: States in which work is recorded.
AT_WORK = (ProjectState.RUNNING, ProjectState.AMENDING, ProjectState.MID_CHECK, ProjectState.RECTIFYING)


class LogState(StrEnum):
    """Where a monthly log stands."""

    HANDED = "handed"
    RETURNED = "returned"


LOG_STATE_TITLES: dict[str, str] = {LogState.HANDED: "已交", LogState.RETURNED: "退回"}


class MonthStanding(StrEnum):
    """What a month of a project looks like today. Computed, never stored."""

    RUNNING = "running"
    WAITING = "waiting"
    OVERDUE = "overdue"
    HANDED = "handed"
    RETURNED = "returned"


MONTH_TITLES: dict[str, str] = {
    MonthStanding.RUNNING: "进行中",
    MonthStanding.WAITING: "待交",
    MonthStanding.OVERDUE: "逾期",
    MonthStanding.HANDED: "已交",
    MonthStanding.RETURNED: "退回",
}


class ReportKind(StrEnum):
    """The reports of a project (F15)."""

    MID = "mid"
    FINAL = "final"


REPORT_TITLES: dict[str, str] = {ReportKind.MID: "中期报告", ReportKind.FINAL: "结项报告"}


class ReportState(StrEnum):
    """Where a report stands. A returned one stays readable beside the next."""

    DRAFT = "draft"
    HANDED = "handed"
    RETURNED = "returned"
    PASSED = "passed"
    FAILED = "failed"


REPORT_STATE_TITLES: dict[str, str] = {
    ReportState.DRAFT: "填写中",
    ReportState.HANDED: "待评估",
    ReportState.RETURNED: "退回整改",
    ReportState.PASSED: "合格",
    ReportState.FAILED: "不合格",
}


class Overdue(StrEnum):
    """Kinds of papers that a project may owe; the values of `gv.overdue.kinds`."""

    MONTH = "month"
    MID = "mid"
    FINAL = "final"


OVERDUE_TITLES: dict[str, str] = {
    Overdue.MONTH: "月报",
    Overdue.MID: "中期报告",
    Overdue.FINAL: "结项报告",
}


class VisitKind(StrEnum):
    """Why a project is visited."""

    ROUTINE = "routine"
    RANDOM = "random"
    RISK = "risk"


VISIT_TITLES: dict[str, str] = {
    VisitKind.ROUTINE: "日常督导",
    VisitKind.RANDOM: "随机抽查",
    VisitKind.RISK: "按风险抽查",
}


class VisitState(StrEnum):
    """Where a visit stands: planned, recorded (the body may reply), to be mended by a day, concluded."""

    PLANNED = "planned"
    RECORDED = "recorded"
    MENDING = "mending"
    CLOSED = "closed"
    DROPPED = "dropped"


VISIT_STATE_TITLES: dict[str, str] = {
    VisitState.PLANNED: "待走访",
    VisitState.RECORDED: "待回复",
    VisitState.MENDING: "整改中",
    VisitState.CLOSED: "已办结",
    VisitState.DROPPED: "已取消",
}


class VisitResult(StrEnum):
    """What a visit came to, after the body was heard."""

    FINE = "fine"
    MENDED = "mended"
    RECTIFY = "rectify"


VISIT_RESULT_TITLES: dict[str, str] = {
    VisitResult.FINE: "没有问题",
    VisitResult.MENDED: "问题已改正",
    VisitResult.RECTIFY: "须整改",
}


class Risk(StrEnum):
    """Reasons for which a project is looked at more closely; the keys of `gv.sample.risks`."""

    OVERDUE = "overdue"
    BEHIND = "behind"
    SPENDING = "spending"
    PHOTOS = "photos"
    OUTSIDE = "outside"
    SILENT = "silent"


RISK_TITLES: dict[str, str] = {
    Risk.OVERDUE: "报告逾期",
    Risk.BEHIND: "指标落后于进度",
    Risk.SPENDING: "支出快于进度",
    Risk.PHOTOS: "重复使用照片",
    Risk.OUTSIDE: "协议期限、地点以外的活动",
    Risk.SILENT: "近期没有工作记录",
}


class AuditConclusion(StrEnum):
    """What an audit says."""

    CLEAN = "clean"
    REMARKS = "remarks"
    ADVERSE = "adverse"


AUDIT_TITLES: dict[str, str] = {
    AuditConclusion.CLEAN: "没有发现问题",
    AuditConclusion.REMARKS: "有须改进的事项",
    AuditConclusion.ADVERSE: "有重大问题",
}


class SanctionState(StrEnum):
    """Where a sanction stands. Only a decided one has effect; an appeal does not stop it."""

    PROPOSED = "proposed"
    DROPPED = "dropped"
    DECIDED = "decided"
    APPEALED = "appealed"
    KEPT = "kept"
    LIFTED = "lifted"


SANCTION_STATE_TITLES: dict[str, str] = {
    SanctionState.PROPOSED: "拟处理，听取意见",
    SanctionState.DROPPED: "不予处理",
    SanctionState.DECIDED: "已决定",
    SanctionState.APPEALED: "申诉中",
    SanctionState.KEPT: "维持",
    SanctionState.LIFTED: "已撤销",
}
#: States in which a ban holds.
IN_FORCE = (SanctionState.DECIDED, SanctionState.APPEALED, SanctionState.KEPT)
