"""States and kinds of published lists, objections, agreements, instalments, changes. No Django here."""

from enum import StrEnum


class ListState(StrEnum):
    """A list of the round that shall be published. Whether its days are over follows from its dates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


LIST_STATE_TITLES: dict[str, str] = {
    ListState.DRAFT: "起草",
    ListState.PUBLISHED: "已公示",
    ListState.WITHDRAWN: "已撤下",
}


class ObjectionState(StrEnum):
    """Where an objection stands. Received and taken ones are open: nothing is approved over them."""

    RECEIVED = "received"
    TAKEN = "taken"
    DECLINED = "declined"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


OBJECTION_STATE_TITLES: dict[str, str] = {
    ObjectionState.RECEIVED: "已收到",
    ObjectionState.TAKEN: "已受理",
    ObjectionState.DECLINED: "不予受理",
    ObjectionState.UPHELD: "成立",
    ObjectionState.DISMISSED: "不成立",
}
OPEN_OBJECTIONS = (ObjectionState.RECEIVED, ObjectionState.TAKEN)


class Remedy(StrEnum):
    """What becomes of a project when an objection to it is upheld."""

    REFUSED = "refused"
    CHANGED = "changed"


REMEDY_TITLES: dict[str, str] = {Remedy.REFUSED: "不予立项", Remedy.CHANGED: "改变资助金额"}


class AgreementState(StrEnum):
    """Where an agreement stands. A draft holds its money already."""

    DRAFT = "draft"
    SIGNED = "signed"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


AGREEMENT_STATE_TITLES: dict[str, str] = {
    AgreementState.DRAFT: "起草",
    AgreementState.SIGNED: "已签订",
    AgreementState.CANCELLED: "已取消",
    AgreementState.TERMINATED: "已终止",
}


class TrancheState(StrEnum):
    """Where an instalment stands: each step by another person."""

    PLANNED = "planned"
    PREPARED = "prepared"
    APPROVED = "approved"
    ORDERED = "ordered"
    PAID = "paid"
    CANCELLED = "cancelled"


TRANCHE_STATE_TITLES: dict[str, str] = {
    TrancheState.PLANNED: "未到期",
    TrancheState.PREPARED: "待审批",
    TrancheState.APPROVED: "待付款",
    TrancheState.ORDERED: "已列入付款文件",
    TrancheState.PAID: "已拨付",
    TrancheState.CANCELLED: "不再拨付",
}
#: On its way: the money is not out yet, and the agreement's sum must not move under it.
MOVING_TRANCHES = (TrancheState.PREPARED, TrancheState.APPROVED, TrancheState.ORDERED)


class EntryKind(StrEnum):
    """What an entry of a pool's ledger tells."""

    COMMITTED = "committed"
    RELEASED = "released"
    PAID = "paid"
    RETURNED = "returned"


ENTRY_TITLES: dict[str, str] = {
    EntryKind.COMMITTED: "协议占用",
    EntryKind.RELEASED: "释放",
    EntryKind.PAID: "拨付",
    EntryKind.RETURNED: "退回",
}


class AmendmentState(StrEnum):
    """What became of a wish for a change."""

    ASKED = "asked"
    AGREED = "agreed"
    KEPT = "kept"


AMENDMENT_STATE_TITLES: dict[str, str] = {
    AmendmentState.ASKED: "待批准",
    AmendmentState.AGREED: "已同意",
    AmendmentState.KEPT: "不同意",
}


class RefundKind(StrEnum):
    """Why money came back."""

    UNUSED = "unused"
    RECOVERED = "recovered"


REFUND_TITLES: dict[str, str] = {RefundKind.UNUSED: "结余退回", RefundKind.RECOVERED: "追回"}


class RulingKind(StrEnum):
    """What needs two persons: to end an agreement early, to take money back."""

    TERMINATE = "terminate"
    RECOVER = "recover"


RULING_TITLES: dict[str, str] = {RulingKind.TERMINATE: "终止协议", RulingKind.RECOVER: "追回资金"}


class Waiting(StrEnum):
    """What an instalment waits for, and so whose turn it is."""

    AGREEMENT = "agreement"
    CONDITION = "condition"
    PREPARE = "prepare"
    APPROVE = "approve"
    ORDER = "order"
    PAY = "pay"
    NOTHING = "nothing"


WAITING_TITLES: dict[str, str] = {
    Waiting.AGREEMENT: "等待签订协议",
    Waiting.CONDITION: "等待拨付条件具备",
    Waiting.PREPARE: "等待承办单位经办",
    Waiting.APPROVE: "等待主办单位审批",
    Waiting.ORDER: "等待财务制作付款文件",
    Waiting.PAY: "等待财务付款",
    Waiting.NOTHING: "没有待拨付的资金",
}


class Turn(StrEnum):
    """Whose turn it is."""

    BODY = "body"
    ORGANIZER = "organizer"
    HOST = "host"
    FINANCE = "finance"
    NOBODY = "nobody"


TURN_TITLES: dict[str, str] = {
    Turn.BODY: "项目组织",
    Turn.ORGANIZER: "承办单位",
    Turn.HOST: "主办单位",
    Turn.FINANCE: "财务",
    Turn.NOBODY: "无",
}
