"""The course of people on the way into the party: their steps, the facts for the rules, what the rules say.

A course is read whole, for many people in a constant number of queries, and answers from memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.models import (
    Applicant,
    ApplicantRecord,
    DevelopmentMark,
    DevelopmentStep,
    DevelopmentVote,
    Examination,
    Extension,
    Mentor,
    PartyOrganization,
)
from liaoyuan.party.params.way import ExaminationKind, MarkKind, MentorKind
from liaoyuan.party.queries import applicants
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.rules import development
from liaoyuan.party.rules.facts.development import DevelopmentFacts
from liaoyuan.party.rules.steps import STEPS

#: Steps that are examinations, asked again and again.
EXAMINATIONS = {6: ExaminationKind.CULTIVATION, 21: ExaminationKind.PROBATION}
#: Steps on which other rows rest: their days stay.
FIXED = (15, 17, 19, 23, 24)
#: Which publicity lies before which meeting.
PUBLICITY = {15: MarkKind.PUBLICITY, 23: MarkKind.CONFIRM_PUBLICITY}
#: After which step a mark may be entered, and which step ends that.
MARK_STEPS = {
    MarkKind.PUBLICITY: (7, 15), MarkKind.RECEIVED: (15, 17), MarkKind.CONFIRM_PUBLICITY: (19, 23),
    MarkKind.CONFIRM_RECEIVED: (23, 24),
}  # fmt: skip


@dataclass(slots=True)
class Course:
    """One applicant with everything told of the way so far, as known now."""

    applicant: Applicant
    record: ApplicantRecord
    steps: dict[int, DevelopmentStep] = field(default_factory=dict)
    marks: dict[str, DevelopmentMark] = field(default_factory=dict)
    examinations: list[Examination] = field(default_factory=list)
    mentors: list[Mentor] = field(default_factory=list)
    votes: list[DevelopmentVote] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)

    @property
    def extended_months(self) -> int:
        """By how many months probation was extended."""
        return sum(row.months for row in self.extensions)

    @property
    def days(self) -> dict[str, date]:
        """The days of the steps made, by the keys of `STEPS`."""
        told = {STEPS[number].key: row.on for number, row in self.steps.items()}
        candidate = told.get("candidate")
        seen = [row.on for row in self.examined(ExaminationKind.CULTIVATION)]
        before = [day for day in seen if candidate is None or day <= candidate]
        if before:
            told["cultivated"] = max(before)
        probation = [row.on for row in self.examined(ExaminationKind.PROBATION)]
        if probation:
            told["probation"] = max(probation)
        return told

    @property
    def dates(self) -> dict[str, date]:
        """The same with the days between steps from which terms run, as `rules.development.window` reads them."""
        told = self.days | {kind: row.on for kind, row in self.marks.items()}
        seen = self.examined(ExaminationKind.CULTIVATION)
        if seen:
            told["reviewed_last"] = max(row.on for row in seen)
        birth = applicants.birth_of(self.record)
        if birth is not None:
            told["birth"] = birth
        return told

    def examined(self, kind: ExaminationKind) -> list[Examination]:
        """The examinations of a kind, by day."""
        return [row for row in self.examinations if row.kind == kind]

    def mentors_now(self, kind: MentorKind) -> list[Mentor]:
        """The contacts or introducers of today."""
        return [row for row in self.mentors if row.kind == kind]

    @property
    def last(self) -> int:
        """The number of the step made last; of several on a day the highest."""
        return max(self.steps, key=lambda number: (self.steps[number].on, number), default=0)

    def open_steps(self) -> list[int]:
        """The steps that may be made now as far as their needs go; examinations while they are asked."""
        if self.applicant.closed_on is not None:
            return []
        days = self.days
        found = [n for n in STEPS if STEPS[n].key not in days and development.may_be_made(n, days)]
        if 5 in self.steps and 15 not in self.steps and 6 not in found:
            found.append(6)
        if 19 in self.steps and 23 not in self.steps and 21 not in found:
            found.append(21)
        return sorted(found)

    def returnable(self, step: int) -> bool:
        """Whether a step may be taken back as a mistake: nothing rests on it, and it is no vote or approval."""
        days = self.days
        later = any(step in one.needs and one.key in days for one in STEPS.values())
        resting = (step == 5 and self.examinations) or (step == 7 and MarkKind.PUBLICITY in self.marks)
        return step in self.steps and step != 1 and step not in FIXED and not later and not resting

    def window(self, step: int, limits: Limits) -> tuple[date | None, date | None]:
        """The earliest and the latest lawful day of a step."""
        return development.window(step, self.dates, limits, extended_months=self.extended_months)


def of_many(rows: Iterable[Applicant]) -> dict[int, Course]:
    """The courses of several applicants, one query a kind of row."""
    people = {row.pk: row for row in rows}
    told = {r.applicant_id: r for r in ApplicantRecord.objects.current().filter(applicant__in=people)}
    found = {key: Course(row, told[key]) for key, row in people.items() if key in told}
    for step in DevelopmentStep.objects.current().filter(applicant__in=people):
        found[step.applicant_id].steps[step.number] = step
    for mark in DevelopmentMark.objects.current().filter(applicant__in=people):
        found[mark.applicant_id].marks[mark.kind] = mark
    for one in Examination.objects.current().filter(applicant__in=people).order_by("on", "pk"):
        found[one.applicant_id].examinations.append(one)
    for mentor in Mentor.objects.now_open().filter(applicant__in=people).order_by("valid_from", "pk"):
        found[mentor.applicant_id].mentors.append(mentor)
    for vote in DevelopmentVote.objects.current().filter(applicant__in=people).order_by("on", "pk"):
        found[vote.applicant_id].votes.append(vote)
    for extension in Extension.objects.current().filter(applicant__in=people):
        found[extension.applicant_id].extensions.append(extension)
    return found


def of(applicant: Applicant) -> Course:
    """The course of one applicant."""
    return of_many([applicant])[applicant.pk]


def limits_for(party: PartyOrganization, on: date, today: date) -> Limits:
    """The parameters of a step's day; of today for a day before the text came into force."""
    found = reading.limits(party, on)
    return found if found.is_on("PB-DEV-18") else reading.limits(party, today)


def facts(course: Course, *, step: int | None = None, on: date | None = None, **more: Any) -> DevelopmentFacts:
    """The course as the rules read it. While a step is asked its own day is not among those made."""
    days = {f"{key}_on": day for key, day in course.days.items() if step is None or key != STEPS[step].key}
    marks = {kind: row.on for kind, row in course.marks.items()}
    shown = PUBLICITY.get(step or 0)
    seen = course.examined(ExaminationKind.CULTIVATION)
    told: dict[str, Any] = {
        **days, "step": step, "step_on": on, "birth": applicants.birth_of(course.record),
        "last_review_on": max((row.on for row in seen), default=None), "leaves_on": course.record.leaves_on,
        "publicity_on": marks.get(shown) if shown else None, "received_on": marks.get(MarkKind.RECEIVED),
        "confirm_received_on": marks.get(MarkKind.CONFIRM_RECEIVED), "extensions": len(course.extensions),
        "extended_months": course.extended_months, **more,
    }  # fmt: skip
    return DevelopmentFacts(**told)


def findings(course: Course, step: int, on: date, today: date, **more: Any) -> list[Finding]:
    """What the rules say of a step on the day `on`, asked today."""
    limits = limits_for(course.applicant.party_organization, on, today)
    return policy.evaluate(Moment.DEVELOPMENT_STEP, facts(course, step=step, on=on, **more), limits, today)


def daily(course: Course, today: date, limits: Limits | None = None) -> list[Finding]:
    """What the rules say today: what is overdue."""
    if course.applicant.closed_on is not None:
        return []
    limits = limits or reading.limits(course.applicant.party_organization, today)
    return policy.evaluate(Moment.DEVELOPMENT_DAILY, facts(course), limits, today)


def again(course: Course, today: date) -> list[tuple[int, Finding]]:
    """What the rules say of every step made, as it stands: after a correction."""
    told = []
    for number, row in sorted(course.steps.items()):
        more: Mapping[str, Any] = {}
        if number == 11:
            more = {"training_days": row.training_days, "training_hours": row.training_hours,
                    "training_exception": row.reason}  # fmt: skip
        elif number == 17:
            more = {"special_reason": row.reason}
        told += [(number, found) for found in findings(course, number, row.on, today, **more)]
    return told
