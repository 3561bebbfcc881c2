"""Kinds, states, permission and event codes of the party floor. No Django here.

Words as in 《中国共产党支部工作条例（试行）》, 《党员教育管理工作条例》 and handbook §2.
"""

from enum import StrEnum


class Form(StrEnum):
    """What a party organization is: 党委（党工委、综合党委）, 党总支, 党支部."""

    COMMITTEE = "committee"
    GENERAL = "general"
    BRANCH = "branch"


FORM_TITLES = {Form.COMMITTEE: "党委（党工委）", Form.GENERAL: "党总支", Form.BRANCH: "党支部"}


class BranchKind(StrEnum):
    """How a branch is formed (支部工作条例 arts. 4, 5, 8; handbook §2.1, §2.8)."""

    INDEPENDENT = "independent"
    JOINT = "joint"
    ATTACHED = "attached"
    FUNCTIONAL = "functional"
    TEMPORARY = "temporary"
    FLOATING = "floating"


BRANCH_KIND_TITLES = {
    BranchKind.INDEPENDENT: "单独组建",
    BranchKind.JOINT: "联合组建",
    BranchKind.ATTACHED: "依托组建（行业、区域）",
    BranchKind.FUNCTIONAL: "功能型党支部",
    BranchKind.TEMPORARY: "临时党支部",
    BranchKind.FLOATING: "流动党员党支部",
}

#: Branches that exist for a task: no admission, discipline, dues, election (支部工作条例 art. 8).
TASK_KINDS = (BranchKind.TEMPORARY, BranchKind.FUNCTIONAL)


class MemberStatus(StrEnum):
    """预备党员 from the admitting meeting on, 正式党员 from the day on which probation ended."""

    PROBATIONARY = "probationary"
    FULL = "full"


MEMBER_STATUS_TITLES = {MemberStatus.PROBATIONARY: "预备党员", MemberStatus.FULL: "正式党员"}


class LeftReason(StrEnum):
    """Why somebody is no member of a party organization of this register any more; nothing else is kept of it."""

    MOVED = "moved"
    DIED = "died"
    OTHER = "other"


LEFT_REASON_TITLES = {LeftReason.MOVED: "转出本系统", LeftReason.DIED: "去世", LeftReason.OTHER: "其他"}


class AffiliationKind(StrEnum):
    """Why a member belongs to a party organization (handbook §2.8). Only FORMAL counts, votes and pays."""

    FORMAL = "formal"
    TEMPORARY = "temporary"
    DOUBLE = "double"
    FLOATING = "floating"
    ON_DUTY = "on_duty"
    RESIDENT = "resident"


AFFILIATION_TITLES = {
    AffiliationKind.FORMAL: "正式组织关系",
    AffiliationKind.TEMPORARY: "临时双隶属",
    AffiliationKind.DOUBLE: "双重管理",
    AffiliationKind.FLOATING: "流动党员",
    AffiliationKind.ON_DUTY: "在职党员报到",
    AffiliationKind.RESIDENT: "入住老党员",
}

#: Kinds that end in a transfer or in staying apart: they pass through the stages of sorting out.
SORTED = (AffiliationKind.TEMPORARY, AffiliationKind.DOUBLE)


class Stage(StrEnum):
    """Sorting out: 排查登记 → 双隶属 → 转接中 → 已转入, or 不转（兼职）."""

    SURVEYED = "surveyed"
    DUAL = "dual"
    MOVING = "moving"
    MOVED = "moved"
    KEPT = "kept"


STAGE_TITLES = {
    Stage.SURVEYED: "排查登记",
    Stage.DUAL: "双隶属",
    Stage.MOVING: "转接中",
    Stage.MOVED: "已转入",
    Stage.KEPT: "不转（兼职）",
}
#: From which stage to which.
STAGE_STEPS = {
    Stage.SURVEYED: (Stage.DUAL, Stage.KEPT),
    Stage.DUAL: (Stage.MOVING, Stage.KEPT),
    Stage.MOVING: (Stage.MOVED, Stage.DUAL),
    Stage.MOVED: (),
    Stage.KEPT: (Stage.DUAL,),
}


class TransferState(StrEnum):
    """Life of a transfer (组织关系转接). Past its validity an ISSUED letter is expired, which is computed."""

    DRAFT = "draft"
    ISSUED = "issued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


TRANSFER_TITLES = {
    TransferState.DRAFT: "拟转出",
    TransferState.ISSUED: "转出中",
    TransferState.ACCEPTED: "已接收",
    TransferState.REFUSED: "退回",
    TransferState.REPLACED: "已重开",
    TransferState.CANCELLED: "撤销",
}


class FoundingState(StrEnum):
    """How far a founding came. That its case was refused or withdrawn stands with the case."""

    DRAFT = "draft"
    APPLIED = "applied"
    APPROVED = "approved"
    FOUNDED = "founded"
    FILED = "filed"


FOUNDING_TITLES = {
    FoundingState.DRAFT: "拟申请",
    FoundingState.APPLIED: "待批复",
    FoundingState.APPROVED: "已批复，待成立",
    FoundingState.FOUNDED: "已成立，待备案",
    FoundingState.FILED: "已备案",
}


class Standing(StrEnum):
    """As whom a member stands on the roster of an application to found (handbook §2.8, "three numbers")."""

    FORMAL = "formal"
    COMMITTED = "committed"
    DUAL = "dual"


STANDING_TITLES = {
    Standing.FORMAL: "组织关系在本组织",
    Standing.COMMITTED: "书面同意转入（专职）",
    Standing.DUAL: "双隶属（不转入）",
}


class OfficerKind(StrEnum):
    """Posts in a party organization (支部工作条例 ch. 5)."""

    SECRETARY = "secretary"
    VICE = "vice"
    ORGANIZATION = "organization"
    PUBLICITY = "publicity"
    DISCIPLINE = "discipline"
    MEMBER = "member"


OFFICER_TITLES = {
    OfficerKind.SECRETARY: "书记",
    OfficerKind.VICE: "副书记",
    OfficerKind.ORGANIZATION: "组织委员",
    OfficerKind.PUBLICITY: "宣传委员",
    OfficerKind.DISCIPLINE: "纪检委员",
    OfficerKind.MEMBER: "委员",
}


class OfficerHow(StrEnum):
    """How an officer came to the post."""

    ELECTED = "elected"
    APPOINTED = "appointed"


OFFICER_HOW_TITLES = {OfficerHow.ELECTED: "选举", OfficerHow.APPOINTED: "任命"}


class MeetingKind(StrEnum):
    """三会一课, 主题党日, 组织生活会, 民主评议 (handbook §2.5)."""

    MEMBERS = "members"
    COMMITTEE = "committee"
    GROUP = "group"
    LECTURE = "lecture"
    THEME_DAY = "theme_day"
    LIFE = "life"
    REVIEW = "review"


MEETING_TITLES = {
    MeetingKind.MEMBERS: "支部党员大会",
    MeetingKind.COMMITTEE: "支部委员会会议",
    MeetingKind.GROUP: "党小组会",
    MeetingKind.LECTURE: "党课",
    MeetingKind.THEME_DAY: "主题党日",
    MeetingKind.LIFE: "组织生活会",
    MeetingKind.REVIEW: "民主评议党员",
}


class DecisionKind(StrEnum):
    """What is put to the vote; each has its own quorum and majority (handbook §2.4)."""

    ORDINARY = "ordinary"
    ADMISSION = "admission"
    CONFIRMATION = "confirmation"
    COMMITTEE = "committee"
    ELECTION = "election"


DECISION_TITLES = {
    DecisionKind.ORDINARY: "一般事项",
    DecisionKind.ADMISSION: "接收预备党员",
    DecisionKind.CONFIRMATION: "预备党员转正",
    DecisionKind.COMMITTEE: "委员会决定事项",
    DecisionKind.ELECTION: "选举",
}


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


class MeetingState(StrEnum):
    """Life of a meeting. From HELD on E is frozen; what is CLOSED does not change any more."""

    PLANNED = "planned"
    NOTICED = "noticed"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


MEETING_STATE_TITLES = {
    MeetingState.PLANNED: "已计划",
    MeetingState.NOTICED: "已通知",
    MeetingState.HELD: "已召开",
    MeetingState.CLOSED: "已办结",
    MeetingState.CANCELLED: "已取消",
}
#: Meetings that took place.
HELD_STATES = (MeetingState.HELD, MeetingState.CLOSED)


class Presence(StrEnum):
    """How a member stands on the sheet of a meeting. PRESENT and ABSENT make E; EXCLUDED is out of E for a reason."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCLUDED = "excluded"
    OBSERVER = "observer"


PRESENCE_TITLES = {
    Presence.PRESENT: "到会",
    Presence.ABSENT: "缺席",
    Presence.EXCLUDED: "不计入应到会",
    Presence.OBSERVER: "列席",
}


class Method(StrEnum):
    """How it is voted: 举手, or 无记名投票."""

    HANDS = "hands"
    SECRET = "secret"  # noqa: S105 - 无记名


METHOD_TITLES = {Method.HANDS: "举手表决", Method.SECRET: "无记名投票"}


class ElectionState(StrEnum):
    """An election is opened, counted, and confirmed by the superior; or it did not come about."""

    OPEN = "open"
    COUNTED = "counted"
    CONFIRMED = "confirmed"
    VOID = "void"


ELECTION_STATE_TITLES = {
    ElectionState.OPEN: "待计票",
    ElectionState.COUNTED: "待上级批复",
    ElectionState.CONFIRMED: "已批复",
    ElectionState.VOID: "选举无效",
}
#: What may be elected, and by which meeting: the members elect the committee, or the secretary where there is none.
ELECTED_POSTS = (OfficerKind.MEMBER, OfficerKind.SECRETARY, OfficerKind.VICE)
ELECTED_TITLES = {
    OfficerKind.MEMBER: "支部委员会委员",
    OfficerKind.SECRETARY: "书记",
    OfficerKind.VICE: "副书记",
}


class Pair(StrEnum):
    """Between whom a 谈心谈话 is held (支部工作条例 art. 19)."""

    COMMITTEE = "committee"
    MIXED = "mixed"
    MEMBERS = "members"


PAIR_TITLES = {
    Pair.COMMITTEE: "委员之间",
    Pair.MIXED: "委员和党员之间",
    Pair.MEMBERS: "党员之间",
}


class Duty(StrEnum):
    """The three duties of a social organization's branch: headings of its yearly plan (支部工作条例 art. 10)."""

    GUIDE = "guide"
    UNITE = "unite"
    SERVE = "serve"


DUTY_TITLES = {
    Duty.GUIDE: "引导和监督依法执业、诚信从业",
    Duty.UNITE: "教育引导职工群众增强政治认同",
    Duty.SERVE: "引导和支持有序参与社会治理、提供公共服务、承担社会责任",
}


class Grade(StrEnum):
    """Results of 民主评议党员."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


GRADE_TITLES = {Grade.EXCELLENT: "优秀", Grade.GOOD: "合格", Grade.FAIR: "基本合格", Grade.POOR: "不合格"}


class Gap(StrEnum):
    """Why an organization is not covered, or only on paper (handbook §2.10)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


GAP_TITLES = {Gap.A: "应建未建", Gap.B: "有党员未覆盖", Gap.C: "无党员", Gap.D: "形式覆盖"}


class InstructorKind(StrEnum):
    """党建工作指导员 is sent from outside, 联络员 sits in the body."""

    INSTRUCTOR = "instructor"
    LIAISON = "liaison"


INSTRUCTOR_TITLES = {InstructorKind.INSTRUCTOR: "指导员", InstructorKind.LIAISON: "联络员"}


class InstructorSource(StrEnum):
    """Where instructors come from (handbook §2.10)."""

    STREET = "street"
    INDUSTRY = "industry"
    RETIRED = "retired"
    GRADUATE = "graduate"
    VETERAN = "veteran"
    OTHER = "other"


SOURCE_TITLES = {
    InstructorSource.STREET: "街道（镇）干部",
    InstructorSource.INDUSTRY: "行业主管部门干部",
    InstructorSource.RETIRED: "离退休、退居二线干部",
    InstructorSource.GRADUATE: "选调生、大学生",
    InstructorSource.VETERAN: "退役军人",
    InstructorSource.OTHER: "其他",
}

#: What a visit looks at (走访清单).
LOOKED_TITLES: dict[str, str] = {
    "organization": "党组织设置或组建意向",
    "members": "党员登记情况",
    "meetings": "“三会一课”和主题党日记录",
    "place": "活动阵地",
    "charter": "章程写入党的建设",
    "activists": "入党积极分子培养计划",
    "needs": "需要帮助解决的困难",
}

#: Answers at a check in step: about the body alone.
ANSWER_TITLES: dict[str, str] = {"yes": "有", "no": "没有", "later": "正在办理"}


class PilotState(StrEnum):
    """How a pilot stands."""

    TRYING = "trying"
    SPREAD = "spread"
    STOPPED = "stopped"


PILOT_TITLES = {PilotState.TRYING: "试点中", PilotState.SPREAD: "成熟，可推开", PilotState.STOPPED: "停止"}


class Permission(StrEnum):
    """Permissions of the party floor. `OWN_…` are over one's own party organization or, where said, one's own body."""

    VIEW = "party.view"
    EDIT = "party.edit"
    APPROVE = "party.approve"
    STATS = "party.stats"
    MEMBERS_VIEW = "party.members.view"
    MEMBERS_EDIT = "party.members.edit"
    IMPORT = "party.import"
    EXPORT = "party.export"
    LETTER_ISSUE = "party.letter.issue"
    OWN_APPLY = "party.own.apply"
    OWN_VIEW = "party.own.view"
    LIFE_EDIT = "party.life.edit"
    VISIT = "party.visit"


class Event(StrEnum):
    """Event codes of the party floor."""

    ORGANIZATION_ENTERED = "party.entered"
    ORGANIZATION_CHANGED = "party.changed"
    ORGANIZATION_DISSOLVED = "party.dissolved"
    UNITS_CHANGED = "party.units_changed"
    JOINED = "member.joined"
    LEFT = "member.left"
    STAGE_CHANGED = "member.stage_changed"
    FOUNDING_DRAFTED = "founding.drafted"
    CEREMONY_SET = "founding.meeting_set"
    BRANCH_FOUNDED = "founding.founded"
    BRANCH_FILED = "founding.filed"
    TRANSFER_PLANNED = "transfer.planned"
    LETTER_ISSUED = "transfer.issued"
    TRANSFER_ACCEPTED = "transfer.accepted"
    TRANSFER_REFUSED = "transfer.refused"
    TRANSFER_CANCELLED = "transfer.cancelled"
    RECEIPT_BACK = "transfer.receipt"
    MEMBER_ENTERED = "member.entered"
    MEMBER_CORRECTED = "member.corrected"
    MEMBER_GONE = "member.gone"
    VOTING_PAUSED = "member.voting_paused"
    VOTING_RESUMED = "member.voting_resumed"
    MEMBER_CARRIED = "member.carried"
    ACCOUNT_LINKED = "member.account_linked"
    ACCOUNT_UNLINKED = "member.account_unlinked"
    MEETING_PLANNED = "meeting.planned"
    MEETING_CHANGED = "meeting.changed"
    MEETING_NOTICED = "meeting.noticed"
    MEETING_BEGUN = "meeting.begun"
    MEETING_SIGN_IN = "meeting.sign_in"
    MEETING_SIGNED = "meeting.signed"
    MEETING_ATTENDANCE = "meeting.attendance"
    MEETING_MINUTES = "meeting.minutes"
    MEETING_CLOSED = "meeting.closed"
    MEETING_CANCELLED = "meeting.cancelled"
    MEETING_TASK = "meeting.task"
    DECISION_PUT = "decision.put"
    DECISION_CLOSED = "decision.closed"
    ELECTION_OPENED = "election.opened"
    ELECTION_COUNTED = "election.counted"
    ELECTION_CONFIRMED = "election.confirmed"
    GROUP_SET = "party.group_set"
    PLAN_SAVED = "party.plan_saved"
    TALK_NOTED = "party.talk_noted"
    TRAINING_NOTED = "party.training_noted"
    REVIEW_NOTED = "party.review_noted"
    APPLICANT_ENTERED = "development.applied"
    APPLICANT_CORRECTED = "development.corrected"
    APPLICANT_MOVED = "development.moved"
    APPLICANT_CLOSED = "development.closed"
    STEP_MADE = "development.step"
    STEP_CORRECTED = "development.step_corrected"
    STEP_TAKEN_BACK = "development.step_taken_back"
    MENTORS_SET = "development.mentors"
    EXAMINED = "development.examined"
    DEVELOPMENT_VOTED = "development.voted"
    DEVELOPMENT_MARKED = "development.marked"
    PROBATION_EXTENDED = "development.extended"
    MEMBERSHIP_BEGAN = "member.admitted"
    MEMBERSHIP_CONFIRMED = "member.confirmed"
    MEMBERSHIP_CANCELLED = "member.cancelled"
    QUOTA_SET = "development.quota"
    INSTRUCTOR_ENTERED = "instructor.entered"
    INSTRUCTOR_CHANGED = "instructor.changed"
    INSTRUCTOR_ASSIGNED = "instructor.assigned"
    ASSIGNMENT_ENDED = "instructor.assignment_ended"
    VISITED = "instructor.visited"
    FOLLOWED_UP = "instructor.followed_up"
    SYNC_ANSWERED = "party.sync_answered"
    PILOT_CHOSEN = "pilot.chosen"
    PILOT_CLOSED = "pilot.closed"
    TABLE_EXPORTED = "party.table_exported"
    OFFICER_APPOINTED = "officer.appointed"
    OFFICER_ENDED = "officer.ended"
    OFFICER_CORRECTED = "officer.corrected"
    TERM_BEGUN = "party.term_begun"
    TERM_EXTENDED = "party.term_extended"
    DUES_BASE_SET = "dues.base_set"
    DUES_BUILT = "dues.built"
    DUES_PAID = "dues.paid"
    DUES_UNPAID = "dues.unpaid"
    DUES_WAIVED = "dues.waived"
    DUES_EXTRA = "dues.extra"
    DUES_USED = "dues.used"
    DUES_USE_VOIDED = "dues.use_voided"
    VENUE_ENTERED = "venue.entered"
    VENUE_CHANGED = "venue.changed"
    VENUE_CLOSED = "venue.closed"
    VENUE_BOOKED = "venue.booked"
    VENUE_CANCELLED = "venue.cancelled"
