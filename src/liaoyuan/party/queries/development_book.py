"""Rows of F07 as they are stored, by the field names of the import and in the words of its cells."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.kit.findings import Limits
from liaoyuan.kit.text import match_key
from liaoyuan.party.models import Applicant, DevelopmentVote, PartyOrganization
from liaoyuan.party.params import development_sheet as sheet
from liaoyuan.party.params.way import DEVELOPMENT_STAGE_TITLES, DevelopmentStage, ExaminationKind, MentorKind
from liaoyuan.party.queries import applicants, courses
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.courses import Course
from liaoyuan.party.queries.development_due import limits_by_area
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules import votes
from liaoyuan.party.rules.development import probation_end, publicity_end
from liaoyuan.party.rules.steps import STEPS


def find(branch: PartyOrganization, fields: Mapping[str, Any]) -> list[Applicant]:
    """Whom a row may speak of: of this name at this branch; told apart by birth date, or by the day of the application.

    A way that is over is spoken of only by a row with its day.
    """
    rows = Applicant.objects.known().filter(
        party_organization=branch, records__superseded_at__isnull=True,
        records__name_key=match_key(str(fields.get("name", ""))),
    ).select_related("party_organization__area", "person", "member")  # fmt: skip
    applied = str(fields.get("applied_on") or "")
    over = Q(closed_on__isnull=False)
    found = list(rows.filter(~over | Q(applied_on=date.fromisoformat(applied)) if applied else ~over).order_by("pk"))
    if len(found) > 1 and fields.get("birth"):
        told = {key: applicants.birth_of(course.record) for key, course in courses.of_many(found).items()}
        same = [row for row in found if told[row.pk] and told[row.pk].isoformat() == fields["birth"]]  # type: ignore[union-attr]
        found = same or found
    if len(found) > 1 and applied:
        found = [row for row in found if row.applied_on.isoformat() == applied] or found
    return found


def lines(found: list[Applicant], on: date, whole: Mapping[int, bool]) -> Iterable[dict[str, Any]]:
    """The rows of F07; `whole` says of which branches the totals of small votes may be told."""
    told = courses.of_many(found)
    limits = limits_by_area(found, on)
    named = reading.names({row.party_organization_id for row in found})
    bodies = reading.body_names(row.organization_id for row in found)
    people = member_names(m.member_id for course in told.values() for m in course.mentors)
    for row in found:
        course = told[row.pk]
        line = _person(course, named.get(row.party_organization_id, ""), bodies.get(row.organization_id or 0, ""))
        line |= _steps(course, people)
        line |= _terms(course, limits[row.party_organization.area_id])
        line |= _votes(course, limits[row.party_organization.area_id], counting=whole[row.party_organization_id])
        yield line


def _person(course: Course, branch: str, body: str) -> dict[str, Any]:
    record = course.record
    return {
        "name": record.name, "branch": branch, "gender": sheet.WORDS["gender"].get(record.gender, ""),
        "birth": applicants.birth_masked(record), "education": sheet.WORDS["education"].get(record.education, ""),
        "job": record.job, "organization": body,
        "stage": _(DEVELOPMENT_STAGE_TITLES[DevelopmentStage(course.applicant.stage)]),
    }  # fmt: skip


def _steps(course: Course, people: Mapping[int, str]) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for number, row in course.steps.items():
        line[f"{STEPS[number].key}_on"] = row.on.isoformat()
    for cells, kind in ((("contact_1", "contact_2"), MentorKind.CONTACT),
                        (("introducer_1", "introducer_2"), MentorKind.INTRODUCER)):  # fmt: skip
        names = [people.get(m.member_id, "") for m in course.mentors_now(kind)]
        line |= dict(zip(cells, names, strict=False))
    for places, exam in (
        (sheet.EXAMS, ExaminationKind.CULTIVATION),
        (sheet.PROBATION_EXAMS, ExaminationKind.PROBATION),
    ):
        texts = [f"{row.on.isoformat()} {sheet.WORDS['exam'][row.result]}" for row in course.examined(exam)]
        last = len(places) - 1  # what does not fit stands in the last cell
        kept = texts[:last] + (["；".join(texts[last:])] if len(texts) > last else [])
        line |= dict(zip(places, kept, strict=False))
    training = course.steps.get(11)
    if training is not None:
        line |= {"training_days": training.training_days, "training_hours": training.training_hours,
                 "training_reason": training.reason}  # fmt: skip
    for cell, number in (("form_no", 14), ("approved_no", 17), ("confirm_no", 24)):
        line[cell] = course.steps[number].evidence if number in course.steps else ""
    line["special_reason"] = course.steps[17].reason if 17 in course.steps else ""
    return line


def _terms(course: Course, limits: Limits) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for cell, kind in sheet.MARK_OF.items():
        row = course.marks.get(str(kind))
        if row is not None:
            line[cell] = row.on.isoformat()
            if cell in ("publicity", "confirm_publicity"):
                line[f"{cell}_until"] = publicity_end(row.on, limits).isoformat()
    met = course.days.get("meeting")
    if met is not None:
        line["probation_until"] = probation_end(met, limits, course.extended_months).isoformat()
    line["extension"] = "；".join(f"{row.months}个月，{row.approved_on.isoformat()}批准" for row in course.extensions)
    return line


def _votes(course: Course, limits: Limits, *, counting: bool) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for cell, number, kind in (("votes", 15, "admission"), ("confirm_votes", 23, "confirmation")):
        made = course.steps.get(number)
        row = next(
            (v for v in reversed(course.votes) if v.carried and v.kind == kind and made and v.on == made.on), None
        )
        if row is None:
            continue
        if counting or votes.shown_widely(row.expected, limits):
            line[cell] = totals(row)
        if row.outcome:
            months = f"{row.months}个月" if row.months else ""
            line["outcome"] = sheet.WORDS["outcome"][row.outcome] + months
    return line


def totals(row: DevelopmentVote) -> str:
    """The totals of a vote as a cell holds them."""
    return (f"应到{row.expected} 实到{row.present} 书面{row.written} 赞成{row.yes} 反对{row.no} "
            f"弃权{row.abstain}")  # fmt: skip


def exported(name: str) -> bool:
    """Whether this zone lets a column leave."""
    code = applicants.PAPERS if name in sheet.PAPERS else applicants.DAYS
    return applicants.holds(code, zones.Op.EXPORT)
