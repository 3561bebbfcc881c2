"""Meetings, votes, elections and the daily life of branches as states and kinds. No Django here."""

from enum import StrEnum

from liaoyuan.party.choices.organizations import OfficerKind


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


class NoticeWay(StrEnum):
    """How a member was told of a meeting: by his own account, in the group, by telephone, or by an outlet."""

    SITE = "site"
    GROUP = "group"
    PHONE = "phone"
    FILE = "file"
    WEBHOOK = "webhook"
    SMTP = "smtp"


NOTICE_TITLES = {
    NoticeWay.SITE: "站内通知",
    NoticeWay.GROUP: "群里通知",
    NoticeWay.PHONE: "电话通知",
    NoticeWay.FILE: "发件箱文件夹",
    NoticeWay.WEBHOOK: "群机器人",
    NoticeWay.SMTP: "邮件",
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
