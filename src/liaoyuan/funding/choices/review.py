"""Words of reviewing: items of a score sheet, ties of experts, outcomes, objections. No Django."""

from enum import StrEnum


class ScoreItem(StrEnum):
    """Items of the usual score sheet (handbook §3.5); a place may have others."""

    NEED = "need"
    GOALS = "goals"
    PLAN = "plan"
    NOVELTY = "novelty"
    TEAM = "team"
    BUDGET = "budget"
    LASTING = "lasting"
    PARTY = "party"


SCORE_ITEM_TITLES: dict[str, str] = {
    ScoreItem.NEED: "需求与针对性",
    ScoreItem.GOALS: "目标与可测量",
    ScoreItem.PLAN: "方案可行与专业",
    ScoreItem.NOVELTY: "创新与示范",
    ScoreItem.TEAM: "团队能力与诚信",
    ScoreItem.BUDGET: "预算合理",
    ScoreItem.LASTING: "可持续、资源整合",
    ScoreItem.PARTY: "党建引领",
}


class AcceptItem(StrEnum):
    """Items of the sheet of mid and final checks (handbook §3.5)."""

    PROGRESS = "progress"
    QUALITY = "quality"
    FINANCE = "finance"
    SATISFACTION = "satisfaction"
    ARCHIVE = "archive"


ACCEPT_ITEM_TITLES: dict[str, str] = {
    AcceptItem.PROGRESS: "进度",
    AcceptItem.QUALITY: "质量、成效",
    AcceptItem.FINANCE: "财务规范",
    AcceptItem.SATISFACTION: "满意度",
    AcceptItem.ARCHIVE: "档案",
}


class ConflictKind(StrEnum):
    """What bars an expert from a project (handbook §3.6)."""

    POST = "post"
    RELATIVE = "relative"
    CONTRACT = "contract"
    TRAINING = "training"
    ORGANIZER = "organizer"
    APPLICANT = "applicant"
    DONOR = "donor"


CONFLICT_TITLES: dict[str, str] = {
    ConflictKind.POST: "在申报组织任职、任顾问或理事",
    ConflictKind.RELATIVE: "与申报组织负责人有亲属关系",
    ConflictKind.CONTRACT: "与申报组织有合同往来",
    ConflictKind.TRAINING: "辅导过这个项目",
    ConflictKind.ORGANIZER: "是承办单位的工作人员",
    ConflictKind.APPLICANT: "所在组织同届申报",
    ConflictKind.DONOR: "与项目有关联交易的捐赠人或管理人员",
}
#: Ties that end: how long after their end they still bar an expert is a parameter; the others bar while they stand.
ENDING_CONFLICTS = (ConflictKind.POST, ConflictKind.CONTRACT)


class ReviewOutcome(StrEnum):
    """What the review came to for one project."""

    PROPOSED = "proposed"
    RESERVE = "reserve"
    REFUSED = "refused"


REVIEW_OUTCOME_TITLES: dict[str, str] = {
    ReviewOutcome.PROPOSED: "拟立项",
    ReviewOutcome.RESERVE: "候补",
    ReviewOutcome.REFUSED: "不予立项",
}


class ObjectionKind(StrEnum):
    """What an objection to a published list is about."""

    FACTS = "facts"
    ELIGIBILITY = "eligibility"
    CONFLICT = "conflict"
    PROCEDURE = "procedure"
    OTHER = "other"


OBJECTION_KIND_TITLES: dict[str, str] = {
    ObjectionKind.FACTS: "申报内容不实",
    ObjectionKind.ELIGIBILITY: "不符合申报条件",
    ObjectionKind.CONFLICT: "评审应当回避",
    ObjectionKind.PROCEDURE: "评审程序",
    ObjectionKind.OTHER: "其他",
}


class EligibilityOutcome(StrEnum):
    """What the examination of an application came to."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"


ELIGIBILITY_OUTCOME_TITLES: dict[str, str] = {
    EligibilityOutcome.ELIGIBLE: "资格通过",
    EligibilityOutcome.INELIGIBLE: "资格不通过",
}


class Step(StrEnum):
    """Where the examination of an application stands, as the office's list shows it."""

    NEW = "new"
    AGAIN = "again"
    OPEN = "open"
    READY = "ready"
    BAR = "bar"
    PASSED = "passed"
    BARRED = "barred"
    RETURNED = "returned"


STEP_TITLES: dict[str, str] = {
    Step.NEW: "未核查",
    Step.AGAIN: "须重新核查",
    Step.OPEN: "有待说明",
    Step.READY: "可以通过",
    Step.BAR: "待第二人确认",
    Step.PASSED: "资格通过",
    Step.BARRED: "资格不通过",
    Step.RETURNED: "退回补正",
}


class StageKind(StrEnum):
    """A stage of the review: reading on paper, or the day of defence before the panel."""

    DESK = "desk"
    PANEL = "panel"


STAGE_KIND_TITLES: dict[str, str] = {
    StageKind.DESK: "书面评审",
    StageKind.PANEL: "现场答辩",
}


class ReaderRole(StrEnum):
    """Why an expert reads a project: drawn for it, or called in where the sheets lie far apart."""

    READER = "reader"
    FURTHER = "further"


READER_ROLE_TITLES: dict[str, str] = {
    ReaderRole.READER: "评审专家",
    ReaderRole.FURTHER: "复评专家",
}


class CardState(StrEnum):
    """A score card: being filled in, signed, or annulled with a reason."""

    DRAFT = "draft"
    SIGNED = "signed"
    ANNULLED = "annulled"


CARD_STATE_TITLES: dict[str, str] = {
    CardState.DRAFT: "未签字",
    CardState.SIGNED: "已签字",
    CardState.ANNULLED: "已作废",
}


class TieSource(StrEnum):
    """Who told a tie: the expert in his declaration, the expert when he saw the project, the office."""

    DECLARED = "declared"
    RECUSED = "recused"
    OFFICE = "office"


TIE_SOURCE_TITLES: dict[str, str] = {
    TieSource.DECLARED: "专家声明",
    TieSource.RECUSED: "专家看到项目后申请回避",
    TieSource.OFFICE: "承办单位登记",
}
