"""Words of the way into the party (handbook §2.6): stages, mentors, examinations, what a meeting decides. No Django."""

from enum import StrEnum


class DevelopmentStage(StrEnum):
    """How far a person has come on the way into the party (handbook §2.6). A member only from PROBATIONER on."""

    APPLICANT = "applicant"
    ACTIVIST = "activist"
    CANDIDATE = "candidate"
    PROBATIONER = "probationer"
    CONFIRMED = "confirmed"


DEVELOPMENT_STAGE_TITLES = {
    DevelopmentStage.APPLICANT: "入党申请人",
    DevelopmentStage.ACTIVIST: "入党积极分子",
    DevelopmentStage.CANDIDATE: "发展对象",
    DevelopmentStage.PROBATIONER: "预备党员",
    DevelopmentStage.CONFIRMED: "已转正",
}


class CloseReason(StrEnum):
    """Why the way into the party ended before it was done. Nothing else is kept of it."""

    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    REFUSED = "refused"
    GONE = "gone"
    CANCELLED = "cancelled"


CLOSE_REASON_TITLES = {
    CloseReason.WITHDRAWN: "本人撤回申请",
    CloseReason.STOPPED: "不再列为培养对象",
    CloseReason.REFUSED: "接收未获通过或批准",
    CloseReason.GONE: "转往系统外或去世",
    CloseReason.CANCELLED: "取消预备党员资格",
}


class MentorKind(StrEnum):
    """Members who look after somebody: 培养联系人, 入党介绍人."""

    CONTACT = "contact"
    INTRODUCER = "introducer"


MENTOR_TITLES = {MentorKind.CONTACT: "培养联系人", MentorKind.INTRODUCER: "入党介绍人"}


class ExaminationKind(StrEnum):
    """考察: half-yearly before the admitting meeting, and during probation."""

    CULTIVATION = "cultivation"
    PROBATION = "probation"


class Examined(StrEnum):
    """What an examination concluded; a code, never a text about anybody's thoughts."""

    CONTINUE = "continue"
    READY = "ready"
    NOT_YET = "not_yet"


EXAMINED_TITLES = {
    Examined.CONTINUE: "继续培养考察",
    Examined.READY: "基本具备条件",
    Examined.NOT_YET: "暂不具备条件",
}


class MarkKind(StrEnum):
    """Days between two steps from which a term runs; their codes are those of `rules.development.window`."""

    PUBLICITY = "publicity"
    RECEIVED = "received"
    CONFIRM_PUBLICITY = "confirm_publicity"
    CONFIRM_RECEIVED = "confirm_received"


MARK_TITLES = {
    MarkKind.PUBLICITY: "接收前公示起日",
    MarkKind.RECEIVED: "上级党委收到接收决议",
    MarkKind.CONFIRM_PUBLICITY: "转正前公示起日",
    MarkKind.CONFIRM_RECEIVED: "上级党委收到转正决议",
}


class ConfirmOutcome(StrEnum):
    """What a branch decides when probation is over."""

    CONFIRM = "confirm"
    EXTEND = "extend"
    CANCEL = "cancel"


CONFIRM_OUTCOME_TITLES = {
    ConfirmOutcome.CONFIRM: "按期转正",
    ConfirmOutcome.EXTEND: "延长预备期",
    ConfirmOutcome.CANCEL: "取消预备党员资格",
}

#: Steps that a meeting decides; the first two may be decided by the committee.
VOTED_STEPS = (3, 7, 15, 23)
