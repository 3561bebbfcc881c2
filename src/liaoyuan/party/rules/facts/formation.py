"""The facts of founding and of the ends of a branch (PB-FORM, PB-TMP)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.rules.facts.reading import read


@dataclass(frozen=True, slots=True)
class FormationFacts:
    """What is known of an organization, an application or a branch on one day. None and empty mean unknown.

    `formal`, `committed` and `dual` are full members (正式党员): affiliation here, full-time with written consent to
    transfer, dual only; of a joint branch those of all units together. `units` goes with `unit_formal` and
    `unit_committed`, one number a unit. `unit_streets` and `unit_fields` are the streets and fields of the units, each
    once. `form` is committee, general or branch, empty for a branch. `has_branch` is asked of an organization alone.
    """

    formal: int | None = None
    committed: int | None = None
    dual: int | None = None
    members: int | None = None
    has_branch: bool | None = None
    qualified_on: date | None = None
    form: str = ""
    branch_kind: str = ""
    transfer_plan: bool | None = None
    units: tuple[str, ...] = ()
    unit_formal: tuple[int, ...] = ()
    unit_committed: tuple[int, ...] = ()
    units_elsewhere: tuple[str, ...] = ()
    unit_streets: tuple[str, ...] = ()
    unit_fields: tuple[str, ...] = ()
    applied_on: date | None = None
    replied_on: date | None = None
    elected_on: date | None = None
    filed_on: date | None = None
    in_transfer: bool | None = None
    transfer_due_on: date | None = None
    below_since: date | None = None
    act: str = ""
    ends_on: date | None = None
    term_from: date | None = None
    term_to: date | None = None
    village: bool | None = None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "FormationFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be.
        """
        found = cls(**read(given, SHAPES, TITLES))
        for name in ("unit_formal", "unit_committed"):
            numbers = getattr(found, name)
            if numbers and len(numbers) != len(found.units):
                raise ValueError(f"事实“{name}”（{TITLES[name]}）须与单位一一对应。")
        return found


SHAPES: dict[str, str] = plain.shapes_of(FormationFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "formal": "组织关系在本组织的正式党员数",
    "committed": "书面同意转入的专职正式党员数",
    "dual": "双隶属的正式党员数",
    "members": "党员总数（含预备党员）",
    "has_branch": "组织已有单独的党支部",
    "qualified_on": "达到应建条件的日期",
    "form": "层级（committee 党委，general 党总支，branch 党支部）",
    "branch_kind": "组建形式（independent 单独，joint 联合，attached 依托，functional 功能型，temporary 临时，"
    "floating 流动）",
    "transfer_plan": "已附转接计划",
    "units": "联合党支部的单位",
    "unit_formal": "各单位组织关系在本单位的正式党员数",
    "unit_committed": "各单位书面同意转入的专职正式党员数",
    "units_elsewhere": "已在另一个存续联合党支部的单位",
    "unit_streets": "各单位所在的街道（不重复）",
    "unit_fields": "各单位的行业（不重复）",
    "applied_on": "申请成立的日期",
    "replied_on": "批复日期",
    "elected_on": "选举（任命）日期",
    "filed_on": "备案日期",
    "in_transfer": "成立后正在转接组织关系",
    "transfer_due_on": "转接组织关系的期限",
    "below_since": "正式党员不足规定人数的起日",
    "act": "要办理的事项（admission 接收党员，discipline 处分处置党员，dues 收缴党费，delegates 选举代表，"
    "reelection 换届）",
    "ends_on": "临时党支部的结束日期",
    "term_from": "任期起日",
    "term_to": "任期届满日",
    "village": "村、社区党组织",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
