"""The dossier of one person on the way into the party: what each paper tells, which there are, which are missing.

Facts come from the days of the steps. What is not known stays a marked blank; a birth date is kept sealed and therefore
always one. Nothing of talks, reports on thoughts, or the contents of a review is known here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.core.rules.documents import day_text
from liaoyuan.kit.findings import Limits
from liaoyuan.party.models import Applicant, DevelopmentVote, GroupMember
from liaoyuan.party.params.dossier import PAPERS, Paper
from liaoyuan.party.params.dossier_facts import FACT_TITLES, OPTIONAL, STEP_FACTS
from liaoyuan.party.params.dossier_layouts import LAYOUTS
from liaoyuan.party.params.way import (
    CONFIRM_OUTCOME_TITLES,
    EXAMINED_TITLES,
    ConfirmOutcome,
    Examined,
    MarkKind,
    MentorKind,
)
from liaoyuan.party.queries import applicants, courses
from liaoyuan.party.queries import development_lines as coming
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.courses import Course
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules.development import probation_end, publicity_end
from liaoyuan.party.rules.steps import STAGE_TITLES, STEPS
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES

#: How a paper stands: (mark, word) by code; the order is that of the filter.
STATE_TITLES: dict[str, str] = {
    "whole": "齐全", "blank": "有空缺", "late": "已超期", "open": "待办", "later": "未到", "none": "不适用",
}  # fmt: skip
_MARKS = {"whole": "ok", "blank": "review", "late": "reject", "open": "info", "later": "skip", "none": "skip"}
_PLACE = re.compile(r"{{ (\w+) }}")
#: Papers that are made.
MADE = frozenset({"whole", "blank"})


@dataclass(slots=True)
class Line:
    """One paper of one person. `blanks` are the titles of what it lacks; `facts` more texts than all papers share."""

    number: int
    paper: Paper
    state: str
    on: date | None = None
    blanks: list[str] = field(default_factory=list)
    nth: int = 0
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its heading, in the reader's language."""
        told = _(self.paper.title)
        return _("{title}（第 {n} 次）").format(title=told, n=self.nth) if self.nth else told

    @property
    def key(self) -> str:
        """What names it in an address."""
        return f"{self.paper.code}-{self.nth}" if self.nth else self.paper.code

    @property
    def verdict(self) -> tuple[str, str]:
        """(mark, word)."""
        return _MARKS[self.state], _(STATE_TITLES[self.state])

    @property
    def printed(self) -> bool:
        """Whether it goes into the archive: it is made, or may be made now."""
        return self.state in ("whole", "blank", "late", "open")

    @property
    def path(self) -> str:
        """Its name in the archive; Chinese, whatever the reader's language."""
        stage = STEPS[self.paper.step].stage
        nth = f"_第{self.nth}次" if self.nth else ""
        return f"{stage}_{STAGE_TITLES[stage]}/{self.number:02d}_{self.paper.title}{nth}.docx"


@dataclass(slots=True)
class Dossier:
    """The papers of a person in order, and what all of them know."""

    course: Course
    facts: dict[str, str]
    lines: list[Line]

    @property
    def counts(self) -> dict[str, int]:
        """How many papers stand how."""
        return {state: sum(line.state == state for line in self.lines) for state in STATE_TITLES}


def made_here() -> bool:
    """Whether this zone makes papers at all: on the internet there are days only (handbook §7.6)."""
    return applicants.holds(applicants.PAPERS) and applicants.holds(applicants.DAYS, zones.Op.EXPORT)


def may_take(user: Any, applicant: Applicant, on: date) -> bool:
    """Whether the user may have the papers: he records steps of this person, as the branch or as its superior."""
    return any(applicants.may_record(user, applicant.party_organization, step, on) for step in (5, 4, 13))


def read(applicant: Applicant, on: date) -> Dossier:
    """The dossier as of today."""
    course = courses.of(applicant)
    limits = reading.limits(applicant.party_organization, on)
    facts = _facts(course, limits, on)
    found = Dossier(course, facts, [])
    for number, paper in enumerate(PAPERS, 1):
        found.lines += _lines(number, paper, course, facts, limits, on)
    listed = [f"{line.number:02d} {line.paper.title}" for line in found.lines if line.state in MADE]
    facts["index"] = "\n".join(listed)
    return found


def _lines(
    number: int, paper: Paper, course: Course, facts: Mapping[str, str], limits: Limits, on: date
) -> list[Line]:  # fmt: skip
    if paper.each is not None:
        rows = course.examined(paper.each)
        made = [
            _made(Line(number, paper, "", row.on, nth=nth, facts={
                "exam_on": day_text(row.on), "exam_result": EXAMINED_TITLES[Examined(row.result)], "exam_nth": str(nth),
            }), facts)
            for nth, row in enumerate(rows, 1)
        ]  # fmt: skip
        state = _waiting(paper, course, limits, on)
        # After the first, another one is told only when it is due: the examinations go on.
        return made if made and state != "late" else [*made, Line(number, paper, state)]
    if paper.when == "extended" and not course.extensions:
        return [Line(number, paper, "none")]
    if paper.when == "extended":
        return [_made(Line(number, paper, "", course.extensions[-1].approved_on), facts)]
    day = course.marks[str(paper.mark)].on if paper.mark and str(paper.mark) in course.marks else None
    if paper.mark is None and paper.step in course.steps:
        day = course.steps[paper.step].on
    if day is not None:
        return [_made(Line(number, paper, "", day), facts)]
    return [Line(number, paper, _waiting(paper, course, limits, on))]


def _made(line: Line, facts: Mapping[str, str]) -> Line:
    known = {**facts, **line.facts}
    line.blanks = [title_of(name) for name in wanted(line.paper) if not known.get(name)]
    line.state = "blank" if line.blanks else "whole"
    return line


def title_of(name: str) -> str:
    """The title of a fact in the reader's language."""
    told = {f"{step.key}_on": (_("{step}的日期"), step) for step in STEPS.values()}
    told |= {f"{step.key}_no": (_("{step}的文号或编号"), step) for step in STEPS.values()}
    if name in told and name in STEP_FACTS:
        sentence, step = told[name]
        return sentence.format(step=_(step.title))
    return _(FACT_TITLES[name])


def wanted(paper: Paper) -> list[str]:
    """What the shipped paper asks to be known, in its order."""
    places = dict.fromkeys(name for _style, text in LAYOUTS[paper.code] for name in _PLACE.findall(text))
    return [name for name in places if name not in OPTIONAL and name != "index"]


def _waiting(paper: Paper, course: Course, limits: Limits, on: date) -> str:
    """How a paper stands that is not made: late, to be made now, or not yet."""
    if course.applicant.closed_on is not None:
        return "none"
    if paper.step not in course.open_steps():
        return "later"
    line = coming.of_step(course, paper.step, limits)
    if line.late(on):
        return "late"
    return "later" if line.waits(on) and paper.mark is None else "open"


def _facts(course: Course, limits: Limits, on: date) -> dict[str, str]:
    """What all papers know; empty where it is not known. Chinese, whatever the reader's language."""
    row, record = course.applicant, course.record
    party = row.party_organization
    committee = applicants.committee_of(party, on)
    told = dict.fromkeys(FACT_TITLES, "")
    told |= {
        "name": record.name, "gender": GENDER_TITLES.get(record.gender, ""),
        "education": EDUCATION_TITLES.get(record.education, ""), "job": record.job,
        "body": reading.body_names([row.organization_id]).get(row.organization_id or 0, ""),
        "branch": reading.name_of(party), "committee": reading.name_of(committee) if committee.pk != party.pk else "",
        "group": _group(row),
    }  # fmt: skip
    for number, step in course.steps.items():
        told[f"{STEPS[number].key}_on"] = day_text(step.on)
        told[f"{STEPS[number].key}_no"] = step.evidence
    told |= _mentors(course) | _training(course) | _terms(course, limits)
    for prefix, number in (("", 15), ("confirm_", 23)):
        made = course.steps.get(number)
        vote = next((v for v in reversed(course.votes) if v.carried and made and v.on == made.on
                     and (v.kind == "confirmation") == (number == 23)), None)  # fmt: skip
        told |= _totals(prefix, vote)
    return told


def _mentors(course: Course) -> dict[str, str]:
    named = member_names(m.member_id for m in course.mentors)

    def of(kind: MentorKind) -> str:
        return "、".join(named.get(m.member_id, "") for m in course.mentors_now(kind))

    return {"contacts": of(MentorKind.CONTACT), "introducers": of(MentorKind.INTRODUCER)}


def _group(row: Applicant) -> str:
    if row.member_id is None:
        return ""
    here = GroupMember.objects.now_open().filter(member=row.member_id)
    return str(here.values_list("group__name", flat=True).first() or "")


def _training(course: Course) -> dict[str, str]:
    row = course.steps.get(11)
    if row is None:
        return {}
    if row.reason:  # who was let off has neither days nor hours
        return {"training_reason": row.reason, "training_days": "0", "training_hours": "0"}
    known = row.training_days is not None or row.training_hours is not None
    return {
        "training_days": str(row.training_days or 0) if known else "",
        "training_hours": str(row.training_hours or 0) if known else "", "training_reason": "",
    }  # fmt: skip


def _terms(course: Course, limits: Limits) -> dict[str, str]:
    """Publicities, receipts, probation with its extension."""
    told: dict[str, str] = {}
    for kind, prefix in ((MarkKind.PUBLICITY, "notice"), (MarkKind.CONFIRM_PUBLICITY, "confirm_notice")):
        mark = course.marks.get(str(kind))
        if mark is not None:
            told[f"{prefix}_on"] = day_text(mark.on)
            told[f"{prefix}_until"] = day_text(publicity_end(mark.on, limits))
    for kind, name in ((MarkKind.RECEIVED, "received_on"), (MarkKind.CONFIRM_RECEIVED, "confirm_received_on")):
        if str(kind) in course.marks:
            told[name] = day_text(course.marks[str(kind)].on)
    met = course.days.get("meeting")
    if met is not None:
        told["probation_until"] = day_text(probation_end(met, limits, course.extended_months))
    if course.extensions:
        last = course.extensions[-1]
        told |= {"extended_months": str(last.months), "extended_on": day_text(last.approved_on),
                 "extended_no": last.evidence}  # fmt: skip
    return told


def _totals(prefix: str, vote: DevelopmentVote | None) -> dict[str, str]:
    if vote is None:
        return {}
    names = ("expected", "present", "written", "yes", "no", "abstain")
    told: dict[str, Any] = {f"{prefix}{name}": str(getattr(vote, name)) for name in names}
    told[f"{prefix}met_no"] = vote.meeting
    if vote.outcome:
        told["outcome"] = CONFIRM_OUTCOME_TITLES[ConfirmOutcome(vote.outcome)]
    return told
