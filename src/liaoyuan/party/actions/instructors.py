"""Instructors: entered, assigned to bodies on a letter (PB-INS-01), their visits and what follows from these."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor, require_area
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, User
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import entering
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.coverage import LOOKED_TITLES, AppraisalKind, AppraisalResult, InstructorKind
from liaoyuan.party.models import Instructor, InstructorAppraisal, InstructorAssignment, Visit
from liaoyuan.party.queries import instructors as reading
from liaoyuan.party.queries.coverage import limits_on
from liaoyuan.party.rules.facts.coverage import CoverageFacts
from liaoyuan.registry.models import Organization

FIELDS = ("name", "source", "unit", "sender")


@transaction.atomic
def enter(*, area: Area, fields: dict[str, Any], user: User | None = None, by: Actor, at: datetime) -> Instructor:
    """Enter an instructor of an area. Refused when the account is another instructor's."""
    require_area(by, Permission.EDIT, area.path)
    _free(user, None)
    made = Instructor.objects.create(
        area=area, user=user, made_at=at, made_by=entering.recorder(by), **{name: fields[name] for name in FIELDS}
    )
    events.record(Event.INSTRUCTOR_ENTERED, reading.subject(made), by=by, at=at, payload={"area": area.code})
    return made


@transaction.atomic
def change(
    *, instructor: Instructor, fields: dict[str, Any], user: User | None, ended_on: date | None = None,
    version: int | None = None, by: Actor, at: datetime,
) -> Instructor:  # fmt: skip
    """Correct what is kept of an instructor, or let him stop: then his assignments end that day."""
    require_area(by, Permission.EDIT, instructor.area.path)
    row = _locked(instructor, version)
    _free(user, row)
    if ended_on is not None and ended_on > localdate(at):
        raise entering.refusal("INSTRUCTOR-FUTURE", _("停止日期不能晚于今天。"), "ended_on")
    told = {**{name: fields[name] for name in FIELDS}, "user_id": user.pk if user else None, "ended_on": ended_on}
    changes = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in told.items()
               if getattr(row, name) != value}  # fmt: skip
    for name, value in told.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    if ended_on is not None:
        for one in InstructorAssignment.objects.current().filter(instructor=row, valid_to__gt=ended_on):
            end_row(one, ended_on, at, by, end_reason=_("指导员停止"))
    events.record(Event.INSTRUCTOR_CHANGED, reading.subject(row), by=by, at=at, payload={"changes": changes})
    return row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _free(user: User | None, but: Instructor | None) -> None:
    if user is None:
        return
    others = Instructor.objects.serving().filter(user=user)
    if (others.exclude(pk=but.pk) if but is not None else others).exists():
        raise entering.refusal("INSTRUCTOR-ACCOUNT", _("这个账号已是另一名指导员。"), "user")


def _locked(instructor: Instructor, version: int | None) -> Instructor:
    row = Instructor.objects.select_for_update(of=("self",)).select_related("area").get(pk=instructor.pk)
    if version is not None and row.version != version:
        raise entering.refusal("INSTRUCTOR-STALE", _("您打开页面之后，别人修改了这名指导员。请核对最新内容后再保存。"))
    return row


@transaction.atomic
def assign(
    *, instructor: Instructor, organization: Organization, kind: str, letter: str, letter_from: date,
    letter_until: date, start: date, by: Actor, at: datetime, confirmed: bool = False,
) -> InstructorAssignment:  # fmt: skip
    """Let an instructor look after a body from the day `start` on.

    PB-INS-01 is asked with the bodies he would then look after. Refused for a body he looks after already, for one
    outside the scope, for an instructor who has stopped, and for a start after today.
    """
    require_area(by, Permission.EDIT, instructor.area.path)
    if not access.covers(by, Permission.EDIT, organization, write=False):
        raise entering.refusal("INSTRUCTOR-BODY", _("这个组织不在您的管辖范围。"), "organization")
    entering.lock(bodies=[organization.pk])
    row = _locked(instructor, None)
    if row.ended_on is not None:
        raise entering.refusal("INSTRUCTOR-ENDED", _("这名指导员已停止。"), "instructor")
    if start > localdate(at):
        raise entering.refusal("INSTRUCTOR-FUTURE", _("起日不能晚于今天。"), "start")
    if letter_until < letter_from:
        raise entering.refusal("INSTRUCTOR-LETTER", _("聘期止不能早于聘期起。"), "letter_until")
    held = InstructorAssignment.objects.current().filter(instructor=row, organization=organization, kind=kind)
    if held.filter(valid_to__gt=start).exists():
        raise entering.refusal("INSTRUCTOR-TWICE", _("这名指导员已联系这个组织。"), "organization")
    found = refuse_if_blocked(
        asked(row, organization, letter=letter, letter_from=letter_from, letter_until=letter_until, on=start),
        confirmed=confirmed,
    )
    made = InstructorAssignment.objects.create(
        instructor=row, organization=organization, kind=InstructorKind(kind).value, letter=letter.strip()[:80],
        letter_from=letter_from, letter_until=letter_until, valid_from=start, recorded_at=at,
        recorded_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.INSTRUCTOR_ASSIGNED, reading.subject(row), by=by, at=at, findings=found,
        payload={"organization": organization.pk, "on": start.isoformat(), "note": made.letter, "kind": made.kind},
    )  # fmt: skip
    return made


def asked(
    instructor: Instructor, organization: Organization | None, *, letter: str, letter_from: date, letter_until: date,
    on: date,
) -> list[Finding]:  # fmt: skip
    """PB-INS-01 of an assignment as it would be."""
    bodies = reading.bodies_of(instructor, on) | ({organization.pk} if organization is not None else set())
    facts = CoverageFacts(letter=letter.strip(), letter_from=letter_from, letter_until=letter_until, bodies=len(bodies))
    return policy.evaluate(Moment.INSTRUCTOR_ASSIGN, facts, limits_on(instructor.area, on), on)


@transaction.atomic
def end(*, assignment: InstructorAssignment, on: date, reason: str, by: Actor, at: datetime) -> None:
    """The instructor no longer looks after the body, from the day `on`."""
    require_area(by, Permission.EDIT, assignment.instructor.area.path)
    _locked(assignment.instructor, None)
    row = InstructorAssignment.objects.now_open().filter(pk=assignment.pk).select_related("instructor").first()
    if row is None:
        raise entering.refusal("ASSIGNMENT-STALE", _("这条联系关系已被修改，请刷新后再试。"))
    if not row.valid_from < on <= localdate(at):
        told = _("结束日期须晚于 {first}，不晚于今天。")
        raise entering.refusal("ASSIGNMENT-DAY", told, "on", first=row.valid_from.isoformat())
    instructor, organization = row.instructor, row.organization_id
    end_row(row, on, at, by, end_reason=reason.strip()[:100])
    events.record(
        Event.ASSIGNMENT_ENDED, reading.subject(instructor), by=by, at=at,
        payload={"organization": organization, "on": on.isoformat(), "reason": reason.strip()[:100]},
    )  # fmt: skip


@transaction.atomic
def appraise(
    *, instructor: Instructor, kind: str, year: int, on: date, result: str, words: str, evidence: str = "", by: Actor,
    at: datetime,
) -> InstructorAppraisal:  # fmt: skip
    """Keep how an instructor did his duty in a year or term; the same kind and year again corrects it.

    Refused in the future, for a year after the day, without words on what he did, and for one's own work.
    """
    require_area(by, Permission.EDIT, instructor.area.path)
    row = _locked(instructor, None)
    if row.user_id is not None and isinstance(by, User) and row.user_id == by.pk:
        raise entering.refusal("APPRAISAL-OWN", _("不能考核自己。"))
    if on > localdate(at) or year > on.year:
        raise entering.refusal("APPRAISAL-DAY", _("考核日期不能晚于今天，年度不能晚于考核日期。"), "on")
    if len(words.strip()) < 2:
        raise entering.refusal("APPRAISAL-WORDS", _("请写明履职情况。"), "words")
    InstructorAppraisal.objects.current().filter(instructor=row, kind=kind, year=year).update(superseded_at=at)
    made = InstructorAppraisal.objects.create(
        instructor=row, kind=AppraisalKind(kind).value, year=year, on=on, result=AppraisalResult(result).value,
        words=words.strip()[:500], evidence=evidence.strip()[:120], recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    payload = {"on": on.isoformat(), "kind": made.kind, "year": year, "note": made.evidence}
    events.record(Event.INSTRUCTOR_APPRAISED, reading.subject(row), by=by, at=at, payload=payload)
    return made


@transaction.atomic
def visit(
    *, organization: Organization, on: date, looked: Sequence[str], findings: str = "", follow_up: str = "",
    follow_due_on: date | None = None, by: Actor, at: datetime,
) -> Visit:  # fmt: skip
    """Record a visit to a body; the visitor is the instructor whose account records it, if it is one's.

    Refused without anything looked at or found, in the future, and before the month before the last.
    """
    if not access.covers(by, Permission.VISIT, organization, write=False) and not reading.looks_after(by, organization):
        access.require(by, Permission.VISIT, organization)
    today = localdate(at)
    if on > today:
        raise entering.refusal("VISIT-FUTURE", _("走访日期不能晚于今天。"), "on")
    wanted = [code for code in LOOKED_TITLES if code in looked]
    if not wanted and len(findings.strip()) < 2:
        raise entering.refusal("VISIT-EMPTY", _("请勾选看了什么，或写明情况。"), "looked")
    if follow_due_on is not None and not follow_up.strip():
        raise entering.refusal("VISIT-DUE", _("写了办理期限，还须写明需要办理的事。"), "follow_up")
    made = Visit.objects.create(
        organization=organization, instructor=reading.of_account(by), on=on, looked=wanted,
        findings=findings.strip()[:2000], follow_up=follow_up.strip()[:300], follow_due_on=follow_due_on, made_at=at,
        made_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.VISITED, reading.body_subject(organization), by=by, at=at,
        payload={"visit": made.pk, "on": on.isoformat(), "note": made.follow_up},
    )  # fmt: skip
    return made


@transaction.atomic
def follow(*, visit: Visit, on: date, note: str, by: Actor, at: datetime) -> Visit:
    """What a visit asked for is done. Refused twice, before the visit, after today, without a word of the outcome."""
    organization = visit.organization
    if not access.covers(by, Permission.VISIT, organization, write=False) and not reading.looks_after(by, organization):
        access.require(by, Permission.VISIT, organization)
    row = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not row.follow_up or row.done_on is not None:
        raise entering.refusal("VISIT-DONE", _("这次走访没有待办的事。"))
    if not row.on <= on <= localdate(at):
        told = _("办结日期须在 {first} 至今天之间。")
        raise entering.refusal("VISIT-DONE-DAY", told, "on", first=row.on.isoformat())
    if len(note.strip()) < 2:
        raise entering.refusal("VISIT-DONE-NOTE", _("请写明办理结果。"), "note")
    row.done_on, row.done_note, row.version = on, note.strip()[:300], row.version + 1
    row.save(update_fields=["done_on", "done_note", "version"])
    events.record(
        Event.FOLLOWED_UP, reading.body_subject(organization), by=by, at=at,
        payload={"visit": row.pk, "on": on.isoformat(), "note": row.done_note},
    )  # fmt: skip
    return row
