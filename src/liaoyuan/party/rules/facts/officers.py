"""The facts of officers, terms and elections (PB-OFF, PB-ELE)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.rules.facts.reading import read


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """What is known of a committee, an appointment, a term or an election. None and empty mean unknown.

    `seats` and `candidates` are of the committee alone. `expected` is E: who should attend and may vote; `roster` is E
    as the roster of the day gives it. Of votes only totals are told: `yes` is the fewest that one elected got.
    """

    formal: int | None = None
    has_committee: bool | None = None
    seats: int | None = None
    candidates: int | None = None
    post: str = ""
    how: str = ""
    confirmed_on: date | None = None
    probationary: bool | None = None
    appointed_on: date | None = None
    affiliation: str = ""
    in_transfer: bool | None = None
    term_from: date | None = None
    term_to: date | None = None
    village: bool | None = None
    asked_to: date | None = None
    approval: str = ""
    expected: int | None = None
    roster: int | None = None
    present: int | None = None
    yes: int | None = None
    issued: int | None = None
    returned: int | None = None
    voters_probationary: int | None = None
    voters_barred: int | None = None
    voters_elsewhere: int | None = None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "OfficerFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be.
        """
        return cls(**read(given, SHAPES, TITLES))


SHAPES: dict[str, str] = plain.shapes_of(OfficerFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "formal": "正式党员数",
    "has_committee": "设支部委员会",
    "seats": "应选委员数",
    "candidates": "委员候选人数",
    "post": "职务（secretary 书记，vice 副书记，organization 组织委员，publicity 宣传委员，discipline 纪检委员，"
    "member 委员）",
    "how": "产生方式（elected 选举，appointed 任命）",
    "confirmed_on": "转正日期",
    "probationary": "是预备党员",
    "appointed_on": "任职日期",
    "affiliation": "在本支部的组织关系（formal 正式，temporary 临时双隶属，double 双重管理，floating 流动，"
    "on_duty 在职报到，resident 入住老党员）",
    "in_transfer": "支部成立后正在转接组织关系",
    "term_from": "任期起日",
    "term_to": "任期届满日",
    "village": "村、社区党组织",
    "asked_to": "拟延期或提前到的日期",
    "approval": "上级党组织批准文号",
    "expected": "应到会有选举权的党员数",
    "roster": "名册算出的应到会人数",
    "present": "实到会有选举权的党员数",
    "yes": "当选者中最少的得票",
    "issued": "发出的选票",
    "returned": "收回的选票",
    "voters_probationary": "选举人名册中的预备党员数",
    "voters_barred": "名册中留党察看或停止行使选举权的党员数",
    "voters_elsewhere": "名册中组织关系不在本支部的党员数",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
