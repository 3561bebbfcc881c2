"""Checks in step (N同步): points, questions, what a body answered, what is open (PB-COV-06)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.coverage import ANSWER_TITLES
from liaoyuan.party.models import SyncAnswer
from liaoyuan.party.params.coverage import POINT_TITLES, QUESTION_TITLES
from liaoyuan.party.queries.coverage import limits_on
from liaoyuan.party.rules.facts.coverage import CoverageFacts
from liaoyuan.registry.models import Organization, Standing


def limits_of(organization: Organization, on: date) -> Limits:
    """The figures that hold for a body: those of its registrar's area."""
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=organization)
    return limits_on(row.registrar_area, on)


def point_word(point: str) -> str:
    """A point of checking as people read it; one of a place's own is its own name."""
    return _(POINT_TITLES[point]) if point in POINT_TITLES else point


@dataclass(frozen=True, slots=True)
class Point:
    """One point with the last answer: (question, answer) pairs in words, what PB-COV-06 says, what is not answered."""

    code: str
    title: str
    on: date | None
    answers: tuple[tuple[str, str], ...]
    note: str
    findings: tuple[Finding, ...]
    missing: str


def points(organization: Organization, on: date, limits: Limits) -> list[Point]:
    """All points that hold on the day with the last answers up to it."""
    rows = SyncAnswer.objects.current().filter(organization=organization, on__lte=on).order_by("on", "pk")
    last = {row.point: row for row in rows}
    found = []
    for code in limits["pb.sync.points"]:
        row = last.get(code)
        told = row.answers if row is not None else {}
        facts = CoverageFacts(point=code, answered=tuple(told))
        pairs = tuple(
            (_(QUESTION_TITLES.get(question, question)), _(ANSWER_TITLES.get(told.get(question, ""), "")))
            for question in limits["pb.sync.questions"]
            if question in told
        )
        said = tuple(policy.evaluate(Moment.SYNC_POINT, facts, limits, on))
        open_ = [_(QUESTION_TITLES.get(name, name)) for name in limits["pb.sync.questions"] if name not in told]
        day, note = (row.on, row.note) if row else (None, "")
        found.append(Point(code, point_word(code), day, pairs, note, said, "、".join(open_)))
    return found
