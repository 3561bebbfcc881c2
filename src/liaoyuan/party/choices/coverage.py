"""Coverage, instructors and pilots as states and kinds. No Django here."""

from enum import StrEnum


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


class AppraisalKind(StrEnum):
    """Instructors are appraised by the year and at the end of their term (handbook §2.10)."""

    YEAR = "year"
    TERM = "term"


APPRAISAL_TITLES = {AppraisalKind.YEAR: "年度考核", AppraisalKind.TERM: "聘期考核"}


class AppraisalResult(StrEnum):
    """Whether the duty was done; nobody is scored or ranked."""

    DONE = "done"
    PARTLY = "partly"
    NOT = "not"


RESULT_TITLES = {AppraisalResult.DONE: "履职到位", AppraisalResult.PARTLY: "基本到位", AppraisalResult.NOT: "没有到位"}

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
