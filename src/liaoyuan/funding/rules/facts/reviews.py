"""The facts of reviewing: experts and their ties, a score sheet, totals of a project, publicity (GV-REV, GV-PUB)."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.funding.choices.review import ConflictKind, ObjectionKind
from liaoyuan.funding.rules.facts.reading import Record


@dataclass(frozen=True, slots=True)
class Conflict:
    """A tie of the expert with the applicant; without an end it still stands."""

    kind: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one item in hundredths: 18.5 points = 1850."""

    item: str = ""
    points: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A review as opened, assigned, scored, ranked or closed. `totals` are the experts' sums of one project, in
    hundredths of a point.
    """

    experts: int | None = None
    declared: bool | None = None
    conflicts: tuple[Conflict, ...] = ()
    scores: tuple[Score, ...] = ()
    signed_on: date | None = None
    annulled: bool | None = None
    changed: bool | None = None
    ties_announced: bool | None = None
    totals: tuple[int, ...] = ()
    discussed: bool | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to the list: received, reviewed by the organizer, answered by the host."""

    kind: str = ""
    received_on: date | None = None
    reviewed_on: date | None = None
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicityFacts:
    """A list of so many projects: first and last day of its publicity, names of its columns, objections to it."""

    projects: int | None = None
    published_on: date | None = None
    ends_on: date | None = None
    columns: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()


CONFLICT_FACT_TITLES: dict[str, str] = {"kind": "关系的种类", "ended_on": "关系结束的日期（空为仍有）"}
SCORE_TITLES: dict[str, str] = {"item": "评分项", "points": "得分（百分之一分）"}
OBJECTION_TITLES: dict[str, str] = {
    "kind": "异议的内容",
    "received_on": "收到的日期",
    "reviewed_on": "复核的日期",
    "answered_on": "答复的日期",
}
REVIEW_TITLES: dict[str, str] = {
    "experts": "评审专家人数",
    "declared": "专家已签署回避声明",
    "conflicts": "专家与申报组织的关系",
    "scores": "一份评分表",
    "signed_on": "签字的日期",
    "annulled": "已写明理由作废",
    "changed": "签字以后改动了分数",
    "ties_announced": "并列时的次序已事先公布",
    "totals": "各专家的总分（百分之一分）",
    "discussed": "已讨论并复评",
}
PUBLICITY_TITLES: dict[str, str] = {
    "projects": "名单上的项目数",
    "published_on": "公示的第一天",
    "ends_on": "公示的最后一天",
    "columns": "公示名单的栏目",
    "objections": "异议",
}

CONFLICT = Record(Conflict, CONFLICT_FACT_TITLES, {"kind": ConflictKind})
SCORE = Record(Score, SCORE_TITLES)
REVIEW = Record(ReviewFacts, REVIEW_TITLES, parts={"conflicts": CONFLICT, "scores": SCORE})
OBJECTION = Record(Objection, OBJECTION_TITLES, {"kind": ObjectionKind})
PUBLICITY = Record(PublicityFacts, PUBLICITY_TITLES, parts={"objections": OBJECTION})
