"""COV, INS and the gaps A to D: what covers one organization on a day, and which form is lawful (handbook §2.10).

Gaps yield organizations, never persons. Full members are counted as in PB-FORM-01.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.coverage import Gap
from liaoyuan.party.params.coverage import GAP_MESSAGES, QUESTION_TITLES, WAY_MESSAGES
from liaoyuan.party.rules.facts.coverage import CoverageFacts
from liaoyuan.party.rules.formation import founding, obliged
from liaoyuan.party.rules.meetings import month_of


class Way(StrEnum):
    """What may be done for an organization: 单独组建, 先转接, 联合组建, 派指导员."""

    INDEPENDENT = "independent"
    TRANSFER = "transfer"
    JOINT = "joint"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gap or a way with its reason: `code` names the sentence `message`, a Chinese msgid with places for `args`."""

    kind: Gap | Way
    code: str
    message: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The Chinese sentence with its arguments filled in."""
        return self.message.format(**self.args)


def _gap(kind: Gap, variant: str = "", **args: Any) -> Verdict:
    code = f"{kind}.{variant}" if variant else str(kind)
    return Verdict(kind, code, GAP_MESSAGES[code], args)


def covered(facts: CoverageFacts) -> bool:
    """组织覆盖: a branch of its own, a joint branch, or a branch of the trade or area that names it."""
    return bool(facts.own_branch or facts.joint_branch or facts.area_branch)


def worked_on(facts: CoverageFacts) -> bool:
    """工作覆盖: covered, or an instructor or liaison whose letter is valid."""
    return covered(facts) or bool(facts.has_instructor)


def full_members(facts: CoverageFacts) -> int:
    """Full members here: affiliation here and committed; dual ones and probationers never."""
    return obliged(facts.formal, facts.committed)


def gaps(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Verdict]:
    """The gaps of an organization, the first the weightiest: at most one of A, B, C, and D beside it or alone.

    A: enough full members and no branch of its own. B: some members, covered by nothing. C: none, covered by nothing.
    D: covered, but nothing was held, or nobody visited, for long.
    """
    full, least = full_members(facts), limits["pb.form.min_formal"]
    found = []
    if full >= least and not facts.own_branch:
        found.append(_gap(Gap.A, "joint" if covered(facts) else "", full=full, least=least))
    elif not covered(facts):
        found.append(_uncovered(facts, full))
    return found + _on_paper(facts, limits, on)


def _uncovered(facts: CoverageFacts, full: int) -> Verdict:
    if full:
        return _gap(Gap.B, full=full)
    if facts.probationary:
        return _gap(Gap.B, "probationary", probationary=facts.probationary)
    if facts.dual:
        return _gap(Gap.C, "dual", dual=facts.dual)
    return _gap(Gap.C, "instructed" if facts.has_instructor else "")


def _on_paper(facts: CoverageFacts, limits: Limits, on: date) -> list[Verdict]:
    """Gap D: counted from the last meeting or visit, or from the day on which the coverage or the letter began."""
    if not covered(facts):
        return []
    found = []
    months, days = limits["pb.cov.quiet_months"], limits["pb.cov.visit_days"]
    held = max((day for day in (facts.last_meeting_on, facts.covered_since) if day is not None), default=None)
    if held is not None and on > add_months(held, months):
        found.append(_gap(Gap.D, "meeting", since=held.isoformat(), months=months))
    seen = max((day for day in (facts.last_visit_on, facts.instructor_since) if day is not None), default=None)
    if facts.has_instructor and seen is not None and on > seen + timedelta(days=days):
        found.append(_gap(Gap.D, "visit", since=seen.isoformat(), days=days))
    return found


def way(facts: CoverageFacts, limits: Limits) -> Verdict:
    """Which form is lawful for the organization by its members, whatever covers it now."""
    full, least = full_members(facts), limits["pb.form.min_formal"]
    count = founding(facts.formal, facts.committed, limits)
    if count >= least:
        return Verdict(Way.INDEPENDENT, "independent", WAY_MESSAGES["independent"], {"count": count})
    if full >= least:
        return Verdict(Way.TRANSFER, "transfer", WAY_MESSAGES["transfer"], {"full": full, "count": count})
    if full:
        return Verdict(Way.JOINT, "joint", WAY_MESSAGES["joint"], {"count": full, "least": least})
    return Verdict(Way.INSTRUCTOR, "instructor", WAY_MESSAGES["instructor"])


def in_base(facts: CoverageFacts, limits: Limits) -> bool:
    """Whether the organization belongs to D1, the denominator: registered, in a counted state, no shell."""
    return facts.status in limits["pb.cov.states"] and not facts.is_filed and not _shell(facts, limits)


def _shell(facts: CoverageFacts, limits: Limits) -> bool:
    return bool(facts.is_shell) and not limits["pb.cov.count_shells"]


def documented(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-COV-01: a claim of coverage rests on a live document."""
    if not facts.claimed:
        return []
    if not facts.document:
        return [limits.finding("PB-COV-01", field="document")]
    last = facts.document_until
    if last is None or on <= last:
        return []
    return [
        limits.finding("PB-COV-01", field="document_until", variant="over", document=facts.document,
                       last=last.isoformat())
    ]  # fmt: skip


def uncovered_members(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-COV-02: gap B."""
    count = full_members(facts) + (facts.probationary or 0)
    if facts.formal is None or not count or covered(facts) or full_members(facts) >= limits["pb.form.min_formal"]:
        return []
    return [limits.finding("PB-COV-02", field="joint_branch", uses=("pb.form.min_formal",), count=count)]


def without_members(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-COV-03: gap C without an instructor."""
    members = full_members(facts) + (facts.probationary or 0)
    if facts.formal is None or members or worked_on(facts):
        return []
    return [limits.finding("PB-COV-03", field="has_instructor")]


def denominator(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-COV-04: what is no live registered organization is not counted in D1."""
    if not facts.counted or in_base(facts, limits):
        return []
    if facts.is_filed:
        return [limits.finding("PB-COV-04", field="counted", variant="filed")]
    if facts.status in limits["pb.cov.states"]:
        return [limits.finding("PB-COV-04", field="counted", variant="shell", uses=("pb.cov.count_shells",))]
    return [limits.finding("PB-COV-04", field="counted", uses=("pb.cov.states",))]


def never_summed(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-COV-05: members are told by formal affiliation; dual ones stand apart."""
    if facts.reported is None or facts.formal is None or facts.reported <= facts.formal:
        return []
    return [
        limits.finding("PB-COV-05", field="reported", reported=facts.reported, formal=facts.formal,
                       dual=facts.dual or 0)
    ]  # fmt: skip


def in_step(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-COV-06: at a point of checking the questions are answered; answers never bar a registration."""
    if facts.point not in limits["pb.sync.points"]:
        return []
    open_ = [question for question in limits["pb.sync.questions"] if question not in facts.answered]
    if not open_:
        return []
    questions = "、".join(QUESTION_TITLES.get(question, question) for question in open_)
    return [
        limits.finding("PB-COV-06", field="answered", uses=("pb.sync.points", "pb.sync.questions"), questions=questions)
    ]


def assignment(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-INS-01: an instructor's letter is valid and not too long, and he looks after no more than so many bodies."""
    if facts.bodies is None:
        return []
    if not facts.letter:
        return [limits.finding("PB-INS-01", field="letter", variant="letter")]
    found, last = [], facts.letter_until
    if last is not None and on > last:
        found.append(limits.finding("PB-INS-01", field="letter_until", variant="over", last=last.isoformat()))
    months = limits["pb.ins.term_months"]
    if last is not None and facts.letter_from is not None and last > add_months(facts.letter_from, months):
        found.append(
            limits.finding("PB-INS-01", field="letter_until", variant="long", uses=("pb.ins.term_months",),
                           first=facts.letter_from.isoformat(), last=last.isoformat(), months=months)
        )  # fmt: skip
    most = limits["pb.ins.bodies"]
    if facts.bodies > most:
        found.append(
            limits.finding("PB-INS-01", field="bodies", uses=("pb.ins.bodies",), bodies=facts.bodies, most=most)
        )
    return found


def visits(facts: CoverageFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-INS-02: an instructor visits each month, asked when it is about to end."""
    least, (first, last) = limits["pb.ins.visits_per_month"], month_of(on)
    new = facts.assigned_on is not None and facts.assigned_on > first
    if facts.visits is None or facts.visits >= least or new or on < last - timedelta(limits["pb.ins.month_days"]):
        return []
    return [
        limits.finding("PB-INS-02", field="visits", uses=("pb.ins.visits_per_month", "pb.ins.month_days"),
                       visits=facts.visits, last=last.isoformat(), least=least)
    ]  # fmt: skip
