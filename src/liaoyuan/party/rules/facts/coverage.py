"""The facts of one organization's coverage, and of instructors (PB-COV, PB-INS, gaps)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.rules.facts.reading import read


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """What is known of one organization on one day. None and empty mean unknown or none.

    `formal`, `committed`, `dual` are full members as in `FormationFacts`, `probationary` beside them. `own_branch`,
    `joint_branch` and `area_branch` are live and documented.
    """

    formal: int | None = None
    committed: int | None = None
    dual: int | None = None
    probationary: int | None = None
    own_branch: bool | None = None
    joint_branch: bool | None = None
    area_branch: bool | None = None
    covered_since: date | None = None
    has_instructor: bool | None = None
    instructor_since: date | None = None
    last_meeting_on: date | None = None
    last_visit_on: date | None = None
    claimed: bool | None = None
    document: str = ""
    document_until: date | None = None
    counted: bool | None = None
    status: str = ""
    is_shell: bool | None = None
    is_filed: bool | None = None
    reported: int | None = None
    point: str = ""
    answered: tuple[str, ...] = ()
    letter: str = ""
    letter_from: date | None = None
    letter_until: date | None = None
    bodies: int | None = None
    visits: int | None = None
    assigned_on: date | None = None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "CoverageFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be.
        """
        return cls(**read(given, SHAPES, TITLES))


SHAPES: dict[str, str] = plain.shapes_of(CoverageFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "formal": "组织关系在本组织的正式党员数",
    "committed": "书面同意转入的专职正式党员数",
    "dual": "双隶属的党员数",
    "probationary": "预备党员数",
    "own_branch": "有单独的党支部",
    "joint_branch": "在联合党支部",
    "area_branch": "由区域、行业党支部覆盖",
    "covered_since": "被党组织覆盖的起日",
    "has_instructor": "有现行有效的党建工作指导员或联络员",
    "instructor_since": "指导员聘期起日",
    "last_meeting_on": "最近一次会议的日期",
    "last_visit_on": "指导员最近一次走访的日期",
    "claimed": "计为已覆盖",
    "document": "覆盖依据的文件",
    "document_until": "文件有效期至（当日有效）",
    "counted": "计入覆盖率的分母",
    "status": "组织状态（active 存续，liquidating 清算中，deregistered 已注销，其他）",
    "is_shell": "空壳组织",
    "is_filed": "备案的社区社会组织",
    "reported": "填报的党员数",
    "point": "同步检查的环节（registration 登记，annual 年检年报，rating 评估，其他）",
    "answered": "已填写的同步检查内容",
    "letter": "指导员聘书编号",
    "letter_from": "聘期起日",
    "letter_until": "聘期止日（当日有效）",
    "bodies": "联系的组织数",
    "visits": "本月走访次数",
    "assigned_on": "指导员联系该组织的起日",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
