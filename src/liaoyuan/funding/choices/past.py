"""What a sheet of a past round tells of a project's end and of whose money it was. No Django here."""

from enum import StrEnum

from liaoyuan.funding.choices.rounds import PoolSource
from liaoyuan.funding.choices.states import ProjectState


class PastOutcome(StrEnum):
    """How a project of a past round ended, as the office's sheet told it."""

    REFUSED = "refused"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    EXCELLENT = "excellent"
    PASSED = "passed"
    FAILED = "failed"
    TERMINATED = "terminated"
    RECOVERING = "recovering"


PAST_OUTCOME_TITLES: dict[str, str] = {
    PastOutcome.REFUSED: "不予立项",
    PastOutcome.INELIGIBLE: "资格不通过",
    PastOutcome.WITHDRAWN: "已撤回",
    PastOutcome.CLOSED: "已结项",
    PastOutcome.EXCELLENT: "优秀",
    PastOutcome.PASSED: "合格",
    PastOutcome.FAILED: "不合格",
    PastOutcome.TERMINATED: "已终止",
    PastOutcome.RECOVERING: "追回中",
}
#: The lawful state in which each of them leaves a project.
PAST_STATES: dict[PastOutcome, ProjectState] = {
    PastOutcome.REFUSED: ProjectState.REFUSED,
    PastOutcome.INELIGIBLE: ProjectState.INELIGIBLE,
    PastOutcome.WITHDRAWN: ProjectState.WITHDRAWN,
    PastOutcome.CLOSED: ProjectState.ARCHIVED,
    PastOutcome.EXCELLENT: ProjectState.ARCHIVED,
    PastOutcome.PASSED: ProjectState.ARCHIVED,
    PastOutcome.FAILED: ProjectState.FAILED,
    PastOutcome.TERMINATED: ProjectState.TERMINATED,
    PastOutcome.RECOVERING: ProjectState.RECOVERING,
}
#: Ends to which no money was promised.
UNFUNDED = frozenset({PastOutcome.REFUSED, PastOutcome.INELIGIBLE, PastOutcome.WITHDRAWN})
#: Words under which offices write the ends.
PAST_OUTCOME_WORDS: dict[str, str] = {
    "不予立项": PastOutcome.REFUSED, "未立项": PastOutcome.REFUSED, "不立项": PastOutcome.REFUSED,
    "落选": PastOutcome.REFUSED, "未入选": PastOutcome.REFUSED, "未入围": PastOutcome.REFUSED,
    "淘汰": PastOutcome.REFUSED, "未通过": PastOutcome.REFUSED,
    "资格不通过": PastOutcome.INELIGIBLE, "资格不符": PastOutcome.INELIGIBLE, "不符合条件": PastOutcome.INELIGIBLE,
    "资格审查不通过": PastOutcome.INELIGIBLE, "资格审查未通过": PastOutcome.INELIGIBLE,
    "已撤回": PastOutcome.WITHDRAWN, "撤回": PastOutcome.WITHDRAWN, "放弃": PastOutcome.WITHDRAWN,
    "退出": PastOutcome.WITHDRAWN, "放弃立项": PastOutcome.WITHDRAWN, "主动放弃": PastOutcome.WITHDRAWN,
    "已结项": PastOutcome.CLOSED, "结项": PastOutcome.CLOSED, "完成": PastOutcome.CLOSED,
    "已完成": PastOutcome.CLOSED, "已归档": PastOutcome.CLOSED, "归档": PastOutcome.CLOSED,
    "立项": PastOutcome.CLOSED, "已立项": PastOutcome.CLOSED, "通过": PastOutcome.CLOSED,
    "优秀": PastOutcome.EXCELLENT, "优": PastOutcome.EXCELLENT, "结项优秀": PastOutcome.EXCELLENT,
    "合格": PastOutcome.PASSED, "良好": PastOutcome.PASSED, "结项合格": PastOutcome.PASSED,
    "不合格": PastOutcome.FAILED, "结项不合格": PastOutcome.FAILED,
    "已终止": PastOutcome.TERMINATED, "终止": PastOutcome.TERMINATED, "中止": PastOutcome.TERMINATED,
    "追回": PastOutcome.RECOVERING, "追回中": PastOutcome.RECOVERING,
    **{code: code for code in PAST_OUTCOME_TITLES},
}  # fmt: skip
#: Words under which offices write whose money it was.
POOL_SOURCE_WORDS: dict[str, str] = {
    "区级": PoolSource.DISTRICT, "区级财政": PoolSource.DISTRICT, "区财政": PoolSource.DISTRICT,
    "区": PoolSource.DISTRICT, "区级资金": PoolSource.DISTRICT, "财政": PoolSource.DISTRICT,
    "街道": PoolSource.TOWN, "镇": PoolSource.TOWN, "镇街": PoolSource.TOWN, "街道配套": PoolSource.TOWN,
    "镇（街道）": PoolSource.TOWN, "镇（街道）配套": PoolSource.TOWN, "街道资金": PoolSource.TOWN,
    "镇街配套": PoolSource.TOWN, "街道（镇）": PoolSource.TOWN, "镇级": PoolSource.TOWN,
    "福彩": PoolSource.LOTTERY, "福彩公益金": PoolSource.LOTTERY, "福利彩票公益金": PoolSource.LOTTERY,
    "市级": PoolSource.UPPER, "省级": PoolSource.UPPER, "上级": PoolSource.UPPER, "上级资金": PoolSource.UPPER,
    "捐赠": PoolSource.DONATION, "社会捐赠": PoolSource.DONATION, "企业": PoolSource.DONATION,
    "其他": PoolSource.OTHER,
    **{str(code): str(code) for code in PoolSource},
}  # fmt: skip
