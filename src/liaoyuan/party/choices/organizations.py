"""Party organizations, founding, officers and terms as states and kinds. No Django here."""

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
