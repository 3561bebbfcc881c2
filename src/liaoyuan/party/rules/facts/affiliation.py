"""The facts of affiliations, transfers and single members (PB-REL, PB-TRN)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.rules.facts.reading import read


@dataclass(frozen=True, slots=True)
class AffiliationFacts:
    """What is known of a member, an affiliation or a transfer on one day. None and empty mean unknown."""

    open_formal: int | None = None
    away_since: date | None = None
    moved_on: date | None = None
    transfer_open: bool | None = None
    employed_since: date | None = None
    formal_here: bool | None = None
    last_life_on: date | None = None
    last_dues_on: date | None = None
    known_since: date | None = None
    training_hours: int | None = None
    is_secretary: bool | None = None
    kind: str = ""
    started_on: date | None = None
    planned_end: date | None = None
    issuer: str = ""
    issuer_may: bool | None = None
    issued_on: date | None = None
    valid_days: int | None = None
    accepted_on: date | None = None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "AffiliationFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be.
        """
        return cls(**read(given, SHAPES, TITLES))


SHAPES: dict[str, str] = plain.shapes_of(AffiliationFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "open_formal": "没有结束的正式组织关系数",
    "away_since": "外出且地点固定的起日",
    "moved_on": "工作单位或经常居住地变动的日期",
    "transfer_open": "正在转接组织关系",
    "employed_since": "在本组织专职工作的起日",
    "formal_here": "正式组织关系在本组织",
    "last_life_on": "最近一次参加组织生活的日期",
    "last_dues_on": "最近一次交纳党费的日期",
    "known_since": "没有记录时从哪天算起",
    "training_hours": "今年学习培训学时",
    "is_secretary": "是党组织书记",
    "kind": "参加关系（temporary 临时双隶属，double 双重管理，floating 流动，on_duty 在职报到，resident 入住老党员）",
    "started_on": "双隶属起日",
    "planned_end": "双隶属计划结束日期",
    "issuer": "开具介绍信的党组织",
    "issuer_may": "开具者有审批预备党员的权限",
    "issued_on": "介绍信开具日期",
    "valid_days": "介绍信写明的有效期（日）",
    "accepted_on": "接收日期",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
