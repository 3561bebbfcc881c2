"""States of a project and its lawful moves: from, to, who, what each needs (handbook §3.1). No Django."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class ProjectState(StrEnum):
    """Where a project stands, from the first draft of its application to the archive."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    IN_REVIEW = "in_review"
    REFUSED = "refused"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    OBJECTED = "objected"
    APPROVED = "approved"
    SIGNED = "signed"
    RUNNING = "running"
    AMENDING = "amending"
    MID_CHECK = "mid_check"
    RECTIFYING = "rectifying"
    FINAL_CHECK = "final_check"
    ACCEPTED = "accepted"
    FAILED = "failed"
    TERMINATED = "terminated"
    RECOVERING = "recovering"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


PROJECT_STATE_TITLES: dict[str, str] = {
    ProjectState.DRAFT: "草稿",
    ProjectState.SUBMITTED: "已提交",
    ProjectState.RETURNED: "退回补正",
    ProjectState.ELIGIBLE: "资格通过",
    ProjectState.INELIGIBLE: "资格不通过",
    ProjectState.IN_REVIEW: "评审中",
    ProjectState.REFUSED: "不予立项",
    ProjectState.PROPOSED: "拟立项",
    ProjectState.PUBLISHED: "公示中",
    ProjectState.OBJECTED: "异议处理中",
    ProjectState.APPROVED: "立项",
    ProjectState.SIGNED: "已签约",
    ProjectState.RUNNING: "实施中",
    ProjectState.AMENDING: "变更审批中",
    ProjectState.MID_CHECK: "中期评估中",
    ProjectState.RECTIFYING: "整改中",
    ProjectState.FINAL_CHECK: "待结项",
    ProjectState.ACCEPTED: "已结项",
    ProjectState.FAILED: "结项不合格",
    ProjectState.TERMINATED: "已终止",
    ProjectState.RECOVERING: "追回中",
    ProjectState.WITHDRAWN: "已撤回",
    ProjectState.ARCHIVED: "已归档",
}

#: States that count into a body's quota in a round: submitted … funded (handbook §9.3, "How the caps count").
COUNTED = frozenset(ProjectState) - {
    ProjectState.DRAFT, ProjectState.RETURNED, ProjectState.INELIGIBLE, ProjectState.WITHDRAWN,
}  # fmt: skip
#: States of a project that money is promised to and that is not over: its team's time counts (GV-BUD-09).
LIVE = frozenset({
    ProjectState.APPROVED, ProjectState.SIGNED, ProjectState.RUNNING, ProjectState.AMENDING, ProjectState.MID_CHECK,
    ProjectState.RECTIFYING, ProjectState.FINAL_CHECK,
})  # fmt: skip
#: From here nothing moves on.
ENDS = frozenset({ProjectState.INELIGIBLE, ProjectState.WITHDRAWN, ProjectState.ARCHIVED})


class Actor(StrEnum):
    """Who moves a project on."""

    APPLICANT = "applicant"
    HEAD = "head"
    ORGANIZER = "organizer"
    HOST = "host"
    EVALUATOR = "evaluator"


ACTOR_TITLES: dict[str, str] = {
    Actor.APPLICANT: "申报组织的项目负责人",
    Actor.HEAD: "申报组织负责人",
    Actor.ORGANIZER: "承办",
    Actor.HOST: "主办",
    Actor.EVALUATOR: "评估",
}
#: Roles that act as each, by their codes in `conf.roles`.
ACTOR_ROLES: dict[str, tuple[str, ...]] = {
    Actor.APPLICANT: ("project_manager", "organization_head"),
    Actor.HEAD: ("organization_head",),
    Actor.ORGANIZER: ("grants_office", "registry_officer"),
    Actor.HOST: ("registry_head",),
    Actor.EVALUATOR: ("evaluator",),
}


class Requirement(StrEnum):
    """What a move needs beside the right person and the right state."""

    WINDOW = "window"
    RULES = "rules"
    PLEDGE = "pledge"
    REASON = "reason"
    DEADLINE = "deadline"
    EXPERTS = "experts"
    RANKING = "ranking"
    LIST = "list"
    PUBLICITY_OVER = "publicity_over"
    NO_OBJECTION = "no_objection"
    OBJECTION = "objection"
    ANSWER = "answer"
    DOCUMENT = "document"
    AGREEMENT = "agreement"
    FIRST_PAYMENT = "first_payment"
    AMENDMENT = "amendment"
    SECOND_PERSON = "second_person"
    MID_REPORT = "mid_report"
    MID_SHEET = "mid_sheet"
    FINAL_REPORT = "final_report"
    FINAL_SHEET = "final_sheet"
    SETTLED = "settled"
    ARCHIVE = "archive"


REQUIREMENT_TITLES: dict[str, str] = {
    Requirement.WINDOW: "在申报期内",
    Requirement.RULES: "规则没有禁止",
    Requirement.PLEDGE: "承诺书",
    Requirement.REASON: "书面理由",
    Requirement.DEADLINE: "补正期限",
    Requirement.EXPERTS: "评审专家已到位并声明回避",
    Requirement.RANKING: "评分已汇总并排名",
    Requirement.LIST: "拟立项名单",
    Requirement.PUBLICITY_OVER: "公示期满",
    Requirement.NO_OBJECTION: "没有未答复的异议",
    Requirement.OBJECTION: "登记的异议",
    Requirement.ANSWER: "异议的书面答复",
    Requirement.DOCUMENT: "批复文书",
    Requirement.AGREEMENT: "各方签署的协议",
    Requirement.FIRST_PAYMENT: "首期资金已安排",
    Requirement.AMENDMENT: "变更申请",
    Requirement.SECOND_PERSON: "由第二人批准",
    Requirement.MID_REPORT: "中期报告和财务表",
    Requirement.MID_SHEET: "中期评估表",
    Requirement.FINAL_REPORT: "结项报告和决算表",
    Requirement.FINAL_SHEET: "结项评估表",
    Requirement.SETTLED: "尾款付清或应退资金退清",
    Requirement.ARCHIVE: "档案清单齐全",
}


class Move(NamedTuple):
    """One lawful move. `rules` names the moments whose rules are asked."""

    code: str
    source: tuple[ProjectState, ...]
    target: ProjectState
    who: tuple[Actor, ...]
    needs: tuple[Requirement, ...] = ()
    rules: tuple[str, ...] = ()


_S, _A, _R = ProjectState, Actor, Requirement
_STAFF = (_A.ORGANIZER, _A.HOST)

_MOVES: tuple[Move, ...] = (
    Move("submit", (_S.DRAFT, _S.RETURNED), _S.SUBMITTED, (_A.APPLICANT, _A.HEAD), (_R.WINDOW, _R.PLEDGE, _R.RULES),
         ("grant_submit", "budget_submit")),
    Move("withdraw", (_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.ELIGIBLE, _S.IN_REVIEW, _S.PROPOSED), _S.WITHDRAWN,
         (_A.HEAD,), (_R.REASON,)),
    Move("return", (_S.SUBMITTED,), _S.RETURNED, _STAFF, (_R.REASON, _R.DEADLINE)),
    Move("accept", (_S.SUBMITTED,), _S.ELIGIBLE, _STAFF, (_R.RULES,), ("grant_submit", "budget_submit")),
    Move("bar", (_S.SUBMITTED,), _S.INELIGIBLE, _STAFF, (_R.REASON, _R.SECOND_PERSON)),
    Move("review", (_S.ELIGIBLE,), _S.IN_REVIEW, _STAFF, (_R.EXPERTS, _R.RULES), ("review_open",)),
    Move("propose", (_S.IN_REVIEW,), _S.PROPOSED, (_A.HOST,), (_R.RANKING, _R.RULES), ("review_rank", "review_close")),
    Move("refuse", (_S.IN_REVIEW, _S.PROPOSED, _S.OBJECTED, _S.APPROVED), _S.REFUSED, (_A.HOST,), (_R.REASON,)),
    Move("restore", (_S.REFUSED,), _S.PROPOSED, (_A.HOST,), (_R.ANSWER,)),
    Move("publish", (_S.PROPOSED,), _S.PUBLISHED, (_A.HOST,), (_R.LIST, _R.RULES), ("list_publish",)),
    Move("retract", (_S.PUBLISHED, _S.OBJECTED), _S.PROPOSED, (_A.HOST,), (_R.REASON,)),
    Move("object", (_S.PUBLISHED,), _S.OBJECTED, _STAFF, (_R.OBJECTION,)),
    Move("answer", (_S.OBJECTED,), _S.PUBLISHED, (_A.HOST,), (_R.ANSWER,)),
    Move("approve", (_S.PUBLISHED,), _S.APPROVED, (_A.HOST,),
         (_R.PUBLICITY_OVER, _R.NO_OBJECTION, _R.DOCUMENT, _R.RULES), ("list_approve",)),
    Move("sign", (_S.APPROVED,), _S.SIGNED, (_A.HOST,), (_R.AGREEMENT, _R.RULES),
         ("agreement_sign", "budget_contract")),
    Move("decline", (_S.APPROVED,), _S.WITHDRAWN, (_A.HEAD,), (_R.REASON,)),
    Move("start", (_S.SIGNED,), _S.RUNNING, _STAFF, (_R.FIRST_PAYMENT,)),
    Move("amend", (_S.RUNNING,), _S.AMENDING, (_A.APPLICANT, _A.HEAD), (_R.AMENDMENT,)),
    Move("agree", (_S.AMENDING,), _S.RUNNING, (_A.HOST,), (_R.SECOND_PERSON, _R.RULES),
         ("project_amend", "budget_change")),
    Move("keep", (_S.AMENDING,), _S.RUNNING, (_A.HOST,), (_R.REASON,)),
    Move("check", (_S.RUNNING, _S.RECTIFYING), _S.MID_CHECK, (_A.APPLICANT, _A.HEAD), (_R.MID_REPORT,)),
    Move("pass", (_S.MID_CHECK,), _S.RUNNING, (_A.EVALUATOR, _A.HOST), (_R.MID_SHEET,)),
    Move("rectify", (_S.MID_CHECK, _S.RUNNING), _S.RECTIFYING, (_A.EVALUATOR, _A.HOST),
         (_R.REASON, _R.DEADLINE)),
    Move("finish", (_S.RUNNING,), _S.FINAL_CHECK, (_A.HEAD,), (_R.FINAL_REPORT,)),
    Move("reopen", (_S.FINAL_CHECK,), _S.RUNNING, (_A.EVALUATOR, *_STAFF), (_R.REASON, _R.DEADLINE)),
    Move("close", (_S.FINAL_CHECK,), _S.ACCEPTED, (_A.HOST,), (_R.FINAL_SHEET, _R.RULES),
         ("project_accept", "budget_final")),
    Move("fail", (_S.FINAL_CHECK,), _S.FAILED, (_A.HOST,), (_R.FINAL_SHEET, _R.REASON)),
    Move("terminate", (_S.SIGNED, _S.RUNNING, _S.AMENDING, _S.MID_CHECK, _S.RECTIFYING), _S.TERMINATED,
         (_A.HOST,), (_R.REASON, _R.SECOND_PERSON)),
    Move("recover", (_S.TERMINATED, _S.FAILED, _S.ACCEPTED), _S.RECOVERING, (_A.HOST,),
         (_R.REASON, _R.SECOND_PERSON)),
    Move("archive", (_S.ACCEPTED, _S.FAILED, _S.TERMINATED, _S.RECOVERING), _S.ARCHIVED, _STAFF,
         (_R.SETTLED, _R.ARCHIVE, _R.RULES), ("project_close",)),
)  # fmt: skip

MOVES: Mapping[str, Move] = {move.code: move for move in _MOVES}
#: The words of the moves, as buttons and the course of a project show them.
MOVE_TITLES: dict[str, str] = {
    "submit": "提交",
    "withdraw": "撤回",
    "return": "退回补正",
    "accept": "资格通过",
    "bar": "资格不通过",
    "review": "进入评审",
    "propose": "列入拟立项",
    "refuse": "不予立项",
    "restore": "申诉成立，恢复拟立项",
    "publish": "公示",
    "retract": "撤下公示",
    "object": "受理异议",
    "answer": "答复异议",
    "approve": "立项",
    "sign": "签约",
    "decline": "放弃立项",
    "start": "开始实施",
    "amend": "申请变更",
    "agree": "同意变更",
    "keep": "不同意变更",
    "check": "提交中期报告",
    "pass": "中期合格",
    "rectify": "要求整改",
    "finish": "申请结项",
    "reopen": "退回结项材料",
    "close": "结项（优秀、合格）",
    "fail": "结项不合格",
    "terminate": "终止",
    "recover": "追回资金",
    "archive": "归档",
}
