"""Adjusting and dissolving party organizations: kinds, who asks, how far it came. No Django here."""

from enum import StrEnum

from liaoyuan.party.choices.organizations import FoundingState


class Change(StrEnum):
    """What an application asks for (支部工作条例 art. 7)."""

    ADJUST = "adjust"
    DISSOLVE = "dissolve"


CHANGE_TITLES = {Change.ADJUST: "调整党组织", Change.DISSOLVE: "撤销党组织"}


class Origin(StrEnum):
    """Who asks: the party organization, one of its units, or the superior decides by itself."""

    BRANCH = "branch"
    UNIT = "unit"
    SUPERIOR = "superior"


ORIGIN_TITLES = {
    Origin.BRANCH: "党组织申请",
    Origin.UNIT: "成员单位申请",
    Origin.SUPERIOR: "上级党委直接决定",
}


class ChangeState(StrEnum):
    """How far an application came. That its case was refused or withdrawn stands with the case."""

    DRAFT = "draft"
    APPLIED = "applied"
    CARRIED = "carried"
    FILED = "filed"


CHANGE_STATE_TITLES = {
    ChangeState.DRAFT: "拟申请",
    ChangeState.APPLIED: "待批复",
    ChangeState.CARRIED: "已批复，待备案",
    ChangeState.FILED: "已备案",
}

#: States of foundings and changes as the common list asks for them.
STAGE_OF_WORK_TITLES: dict[str, str] = {
    "draft": "拟申请",
    "applied": "待批复",
    "after": "已批复，待成立、选举或备案",
    "filed": "已备案",
    "over": "不予批准或已撤回",
}
#: Which states of each model a stage of the list means.
STAGES_OF_WORK: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "draft": ((str(FoundingState.DRAFT),), (str(ChangeState.DRAFT),)),
    "applied": ((str(FoundingState.APPLIED),), (str(ChangeState.APPLIED),)),
    "after": ((str(FoundingState.APPROVED), str(FoundingState.FOUNDED)), (str(ChangeState.CARRIED),)),
    "filed": ((str(FoundingState.FILED),), (str(ChangeState.FILED),)),
}
#: Kinds of the common list.
WORK_TITLES: dict[str, str] = {
    "found": "设立党支部",
    Change.ADJUST: CHANGE_TITLES[Change.ADJUST],
    Change.DISSOLVE: CHANGE_TITLES[Change.DISSOLVE],
}
