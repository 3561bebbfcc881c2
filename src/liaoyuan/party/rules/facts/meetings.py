"""The facts of meetings, organizational life and votes (PB-MTG, PB-DEV-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.rules.facts.reading import read


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What is known of one meeting, one vote, or the organizational life of a branch. None and empty mean unknown.

    `expected` is E: who should attend and may vote (of a committee: its members), `roster` E as the roster of the day
    gives it; `present` and `absent` are of E. The counts from `members_held` on are of the quarter, month or year in
    which the day lies; `active_since` is the first day on which the branch could hold them.
    """

    decision: str = ""
    expected: int | None = None
    roster: int | None = None
    present: int | None = None
    absent: int | None = None
    absent_unexplained: int | None = None
    decisions: int | None = None
    yes: int | None = None
    passed: bool | None = None
    persons: int | None = None
    held_on: date | None = None
    missing: tuple[str, ...] = ()
    active_since: date | None = None
    has_committee: bool | None = None
    groups: int | None = None
    members_held: int | None = None
    committees_held: int | None = None
    groups_held: int | None = None
    lectures_held: int | None = None
    theme_days_held: int | None = None
    life_held: int | None = None
    reviews_held: int | None = None
    review_steps: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "MeetingFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be.
        """
        return cls(**read(given, SHAPES, TITLES))


SHAPES: dict[str, str] = plain.shapes_of(MeetingFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "decision": "表决事项（ordinary 一般事项，admission 接收，confirmation 转正，committee 委员会）",
    "expected": "应到会有表决权的人数",
    "roster": "名册算出的应到会人数",
    "present": "实到会有表决权的人数",
    "absent": "缺席人数",
    "absent_unexplained": "没有写明原因的缺席人数",
    "decisions": "付表决的事项数",
    "yes": "赞成票",
    "passed": "记为通过",
    "persons": "一次表决涉及的人数",
    "held_on": "会议日期",
    "missing": "会议记录缺少的内容",
    "active_since": "党支部成立日期",
    "has_committee": "设支部委员会",
    "groups": "党小组数",
    "members_held": "本季度支部党员大会次数",
    "committees_held": "本月支部委员会会议次数",
    "groups_held": "开会最少的党小组本月开会次数",
    "lectures_held": "本季度党课次数",
    "theme_days_held": "本月主题党日次数",
    "life_held": "今年组织生活会次数",
    "reviews_held": "今年民主评议党员次数",
    "review_steps": "民主评议已完成的步骤（self 个人自评，mutual 党员互评，poll 民主测评）",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
