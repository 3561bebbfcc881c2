"""Members, their affiliations and transfers as states and kinds. No Django here."""

from enum import StrEnum


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
