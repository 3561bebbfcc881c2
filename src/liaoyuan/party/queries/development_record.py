"""One person's page: twenty-five steps in five stages, what comes next, mentors, examinations, votes, what is late."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import DECISION_TITLES, DecisionKind
from liaoyuan.party.models import Affiliation, Applicant, ApplicantPlace, DevelopmentVote
from liaoyuan.party.params.way import (
    CONFIRM_OUTCOME_TITLES,
    EXAMINED_TITLES,
    MARK_TITLES,
    MENTOR_TITLES,
    ConfirmOutcome,
    ExaminationKind,
    Examined,
    MarkKind,
    MentorKind,
)
from liaoyuan.party.queries import applicants, counts, courses, development_list
from liaoyuan.party.queries import development_lines as coming
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.courses import MARK_STEPS, Course
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules import development, votes
from liaoyuan.party.rules.steps import STAGE_TITLES, STEPS
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES
from liaoyuan.ui.texts import date_long, date_short


@dataclass(slots=True)
class StepLine:
    """One step on the line of twenty-five: made on a day, may be made, or not yet."""

    number: int
    title: str
    who: str
    on: date | None
    note: str
    state: tuple[str, str]
    edit: str = ""
    back: str = ""


@dataclass(slots=True)
class NextLine:
    """A step that may come next, and the address of its form for who records it."""

    line: coming.Next
    state: tuple[str, str]
    href: str = ""


@dataclass(slots=True)
class Record:
    """What the page shows. `mentors` are (name, as what, since); `examinations` (day, conclusion, kind, key to take it
    back or 0); `votes` (day, what, totals, verdict); `places` (branch, from, to or None).
    """

    course: Course
    branch: str
    stages: list[tuple[str, list[StepLine]]] = field(default_factory=list)
    nexts: list[NextLine] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    mentors: list[tuple[str, str, date]] = field(default_factory=list)
    examinations: list[tuple[date, str, str, int]] = field(default_factory=list)
    votes: list[tuple[date, str, str, tuple[str, str]]] = field(default_factory=list)
    places: list[tuple[str, date, date | None]] = field(default_factory=list)
    marks: list[tuple[str, date | None, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read(applicant: Applicant, on: date, user: Any) -> Record:
    """The page as of today."""
    course = courses.of(applicant)
    party = applicant.party_organization
    limits = reading.limits(party, on)
    may = {n: applicants.may_record(user, party, n, on) for n in (5, 4, 13)}

    def records(step: int) -> bool:
        sort = 13 if step in applicants.DECIDED else 4 if step in applicants.SUPERIOR else 5
        return applicant.closed_on is None and may[sort]

    found = Record(course, reading.name_of(party))
    found.nexts = [
        NextLine(line, line.state(on), _form(applicant, line.step) if records(line.step) else "")
        for line in coming.nexts(course, limits)
    ]
    found.stages = _stages(course, records)
    found.facts = _facts(course)
    keys = [row.member_id for row in course.mentors]
    named = member_names(keys)
    found.mentors = [(named.get(m.member_id, ""), _(MENTOR_TITLES[MentorKind(m.kind)]), m.valid_from)
                     for m in course.mentors]  # fmt: skip
    kinds = {ExaminationKind.CULTIVATION: _("培养考察"), ExaminationKind.PROBATION: _("预备期考察")}
    found.examinations = [
        (e.on, _(EXAMINED_TITLES[Examined(e.result)]), kinds[ExaminationKind(e.kind)], e.pk if records(6) else 0)
        for e in course.examinations
    ]
    whole = any(may.values())
    found.votes = [(v.on, _about(v), totals(v, limits, counting=whole), _verdict(v)) for v in course.votes]
    found.places = _places(applicant)
    found.marks = _marks(course, {True: may[4], False: may[5]}) if applicant.closed_on is None else []
    found.findings = courses.daily(course, on, limits)
    return found


def _form(applicant: Applicant, step: int) -> str:
    return reverse("party:applicant_step", args=[applicant.pk, step])


def _stages(course: Course, records: Any) -> list[tuple[str, list[StepLine]]]:
    told: dict[int, list[StepLine]] = {stage: [] for stage in STAGE_TITLES}
    open_, days = set(course.open_steps()), course.days
    for number, step in STEPS.items():
        row = course.steps.get(number)
        on = days.get(step.key)
        state = ("ok", _("已办")) if on else ("review", _("待办")) if number in open_ else ("skip", _("未到"))
        editable = row is not None and records(number)
        told[step.stage].append(StepLine(
            number, _(step.title), _(step.who), on, _note(course, number), state,
            reverse("party:applicant_step_correct", args=[course.applicant.pk, number]) if editable else "",
            reverse("party:applicant_step_back", args=[course.applicant.pk, number])
            if editable and course.returnable(number) else "",
        ))  # fmt: skip
    return [(f"{stage} {_(STAGE_TITLES[stage])}", lines) for stage, lines in told.items()]


def _note(course: Course, number: int) -> str:
    row = course.steps.get(number)
    if row is None:
        return ""
    told = [row.evidence]
    if number == 10:
        told.append(_("已形成结论"))
    if row.training_days:
        told.append(_("{n} 天").format(n=row.training_days))
    if row.training_hours:
        told.append(_("{n} 学时").format(n=row.training_hours))
    told.append(row.reason)
    return "，".join(word for word in told if word)


def _facts(course: Course) -> list[tuple[str, str]]:
    record, row = course.record, course.applicant
    body = reading.body_names([row.organization_id]).get(row.organization_id or 0, "")
    told = [
        (_("性别"), _(GENDER_TITLES[record.gender]) if record.gender in GENDER_TITLES else ""),
        (_("出生日期"), applicants.birth_masked(record)),
        (_("学历"), _(EDUCATION_TITLES[record.education]) if record.education in EDUCATION_TITLES else ""),
        (_("单位及职务"), record.job), (_("所在组织"), body),
        (_("申请日期"), date_short(row.applied_on)), (_("将离开单位的日期"), date_short(record.leaves_on)),
        (_("结束日期"), date_short(row.closed_on)), (_("结束事由"), (development_list.closed_word(row) or ("", ""))[1]),
    ]  # fmt: skip
    return [line for line in told if line[1]]


def _about(row: DevelopmentVote) -> str:
    kind = _(DECISION_TITLES[DecisionKind(row.kind)])
    outcome = _(CONFIRM_OUTCOME_TITLES[ConfirmOutcome(row.outcome)]) if row.outcome else ""
    months = _("{n} 个月").format(n=row.months) if row.months else ""
    return " ".join(word for word in (kind, outcome, months) if word)


def totals(row: DevelopmentVote, limits: Limits, *, counting: bool) -> str:
    """The totals in words. With few voters they tell who voted how: then only for who counted and the superior."""
    if not counting and not votes.shown_widely(row.expected, limits):
        return _("人数较少，票数只供计票人和上级党组织查看")
    told = _("应到 {expected}，实到 {present}，书面意见 {written}，赞成 {yes}，反对 {no}，弃权 {abstain}")
    return told.format(expected=row.expected, present=row.present, written=row.written, yes=row.yes, no=row.no,
                       abstain=row.abstain)  # fmt: skip


def _verdict(row: DevelopmentVote) -> tuple[str, str]:
    return ("ok", _("通过")) if row.carried else ("reject", _("未获通过"))


def _places(applicant: Applicant) -> list[tuple[str, date, date | None]]:
    rows = list(ApplicantPlace.objects.current().filter(applicant=applicant).order_by("valid_from"))
    named = reading.names(row.party_organization_id for row in rows)
    return [
        (named.get(row.party_organization_id, ""), row.valid_from, row.valid_to if row.valid_to.year < 9999 else None)
        for row in rows
    ]


def _marks(course: Course, may: dict[bool, bool]) -> list[tuple[str, date | None, str]]:
    """The days between steps that stand, or may be entered now: (title, day, address of its form or "")."""
    told = []
    for kind, (after, until) in MARK_STEPS.items():
        row = course.marks.get(str(kind))
        asked = after in course.steps and until not in course.steps
        by_superior = kind in (MarkKind.RECEIVED, MarkKind.CONFIRM_RECEIVED)
        href = reverse("party:applicant_mark", args=[course.applicant.pk, str(kind)])
        if row is not None or asked:
            told.append((_(MARK_TITLES[kind]), row.on if row else None, href if asked and may[by_superior] else ""))
    return told


def candidates(applicant: Applicant, on: date) -> list[tuple[int, str]]:
    """Members of the branch who may be chosen as contacts or introducers on the day, by name."""
    branch = applicants.place_on(applicant, on)
    here = Affiliation.objects.active(on).formal().filter(party_organization=branch)
    return sorted(member_names(here.values_list("member_id", flat=True)).items(), key=lambda pair: pair[1])


def expected(applicant: Applicant, on: date) -> int:
    """E at a meeting of the branch on the day."""
    return counts.voters(applicants.place_on(applicant, on).pk, on).count()


def told_before(course: Course, step: int, limits: Limits) -> str:
    """What a form says before one types: between which days, and why."""
    line = coming.of_step(course, step, limits)
    told = []
    if line.earliest is not None:
        told.append(_("最早 {day}。").format(day=date_long(line.earliest)))
    if line.latest is not None:
        told.append(_("最迟 {day}。").format(day=date_long(line.latest)))
    told.append(line.why)
    if line.missing:
        told.append(_("还缺：{what}。").format(what="、".join(line.missing)))
    return "".join(told)


def probation_ends(course: Course, limits: Limits) -> date | None:
    """The day on which probation is over."""
    met = course.days.get("meeting")
    return development.probation_end(met, limits, course.extended_months) if met is not None else None


def may_edit(user: Any, applicant: Applicant) -> bool:
    """Whether the user writes what is told of the applicant."""
    party = applicant.party_organization
    return applicant.closed_on is None and access.covers(user, Permission.MEMBERS_EDIT, party, write=False)
