"""Assessors (评估人员): who they are, what binds them to bodies (RAT-05), assignment, declaration, their scores."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core import access, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, User
from liaoyuan.kit.findings import Refused, refuse_if_blocked
from liaoyuan.registry.actions import rating_entries, standings
from liaoyuan.registry.actions.rating_entries import Mark
from liaoyuan.registry.choices import EntryState, Event, Permission, TieKind
from liaoyuan.registry.models import Assessor, AssessorTie, Assignment, Organization, RatingEntry
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.registry.rules.rounds import refusal

#: Before the committee has decided; afterwards nobody is assigned, released or scores.
_SCORING = (EntryState.DRAFT, EntryState.SUBMITTED)


@transaction.atomic
def enter(*, area: Area, name: str, employer: str, user: User | None, by: Actor, at: datetime) -> Assessor:
    """Enter a person who may be assigned: name and employer, and his account if he has one. Nothing else is kept."""
    access.require_area(by, Permission.RATING_MANAGE, area.path)
    locks.one_at_a_time("assessors")
    active = Assessor.objects.active()
    if active.filter(area=area, name=name.strip(), employer=employer.strip()).exists():
        raise Refused([refusal("ASSESSOR.twice", "name")])
    if user is not None and active.filter(user=user).exists():
        raise Refused([refusal("ASSESSOR.account", "account")])
    made = Assessor.objects.create(
        area=area, name=name.strip(), employer=employer.strip(), user=user, created_at=at,
        created_by=standings.recorder(by),
    )  # fmt: skip
    events.record(Event.ASSESSOR_ENTERED, made, by=by, at=at, payload={"account": user.username if user else ""})
    return made


@transaction.atomic
def end(*, assessor: Assessor, by: Actor, at: datetime) -> Assessor:
    """Let nobody assign the person any more; what he has scored stays."""
    row = _entered(assessor, by=by)
    row.ended_on = localdate(at)
    row.save(update_fields=["ended_on"])
    events.record(Event.ASSESSOR_ENTERED, row, by=by, at=at, payload={"ended": row.ended_on.isoformat()})
    return row


def _entered(assessor: Assessor, *, by: Actor) -> Assessor:
    access.require_area(by, Permission.RATING_MANAGE, assessor.area.path)
    locks.one_at_a_time("assessor", assessor.pk)
    row = Assessor.objects.select_for_update(of=("self",)).select_related("area", "user").get(pk=assessor.pk)
    if row.ended_on is not None:
        raise Refused([refusal("ASSESSOR.ended")])
    return row


@transaction.atomic
def tie(
    *, assessor: Assessor, organization: Organization, kind: TieKind, left_on: date | None, by: Actor, at: datetime
) -> AssessorTie:
    """Write down a post or another interest, or the day on which it ended; it replaces what was known of the same."""
    row = _entered(assessor, by=by)
    if left_on is not None and left_on > localdate(at):
        raise Refused([refusal("ASSESSOR.tie", "left_on")])
    known = AssessorTie.objects.filter(assessor=row, organization=organization, kind=kind, superseded_at__isnull=True)
    known.update(superseded_at=at)
    made = AssessorTie.objects.create(
        assessor=row, organization=organization, kind=kind, left_on=left_on, recorded_at=at,
        recorded_by=standings.recorder(by),
    )  # fmt: skip
    _tied(row, organization.pk, kind, left_on, by=by, at=at)
    return made


@transaction.atomic
def untie(*, known: AssessorTie, by: Actor, at: datetime) -> None:
    """Take back a tie that was entered by mistake."""
    row = _entered(known.assessor, by=by)
    AssessorTie.objects.filter(pk=known.pk, superseded_at__isnull=True).update(superseded_at=at)
    _tied(row, known.organization_id, TieKind(known.kind), None, by=by, at=at, removed=True)


def _tied(
    row: Assessor, organization: int, kind: TieKind, left_on: date | None, *, by: Actor, at: datetime,
    removed: bool = False,
) -> None:  # fmt: skip
    told = {"organization": organization, "kind": str(kind), "left_on": left_on.isoformat() if left_on else ""}
    events.record(Event.ASSESSOR_TIED, row, by=by, at=at, payload=told | ({"removed": True} if removed else {}))


@transaction.atomic
def assign(*, entry: RatingEntry, assessor: Assessor, by: Actor, at: datetime, confirmed: bool = False) -> Assignment:
    """Give a body to an assessor. Refused by RAT-05, when he has it already, and outside the round's area."""
    access.require_area(by, Permission.RATING_MANAGE, entry.round.area.path)
    locks.one_at_a_time("assessor", assessor.pk)
    row = rating_entries.locked(entry, *_SCORING)
    person = Assessor.objects.select_related("area").get(pk=assessor.pk)
    if person.ended_on is not None:
        raise Refused([refusal("ASSESSOR.ended", "assessor")])
    if not row.round.area.path.startswith(person.area.path):
        raise Refused([refusal("ASSESSOR.away", "assessor")])
    if Assignment.objects.standing().filter(entry=row, assessor=person).exists():
        raise Refused([refusal("ASSESSOR.assigned", "assessor")])
    told = refuse_if_blocked(queries.recusal(person, row, localdate(at)), confirmed=confirmed)
    try:
        with transaction.atomic():
            made = Assignment.objects.create(
                entry=row, assessor=person, assigned_at=at, assigned_by=standings.recorder(by)
            )
    except IntegrityError as error:
        raise Refused([refusal("ASSESSOR.assigned", "assessor")]) from error
    rating_entries.tell(Event.ASSESSOR_ASSIGNED, row, rating_entries.name_of(row), by=by, at=at, findings=told,
                        assignment=made.pk, assessor=person.pk)  # fmt: skip
    return made


@transaction.atomic
def release(*, assignment: Assignment, reason: str, by: Actor, at: datetime) -> None:
    """Take an assignment back, with the reason; a sheet that was handed in counts no more."""
    access.require_area(by, Permission.RATING_MANAGE, assignment.entry.round.area.path)
    row = rating_entries.locked(assignment.entry, *_SCORING)
    held = _own_row(assignment)
    if not reason.strip():
        raise Refused([refusal("RATING.reason", "reason")])
    held.ended_at, held.reason = at, reason.strip()[:200]
    held.save(update_fields=["ended_at", "reason"])
    _sum(row)
    rating_entries.tell(Event.ASSESSOR_RELEASED, row, rating_entries.name_of(row), by=by, at=at, assignment=held.pk,
                        reason=held.reason)  # fmt: skip


def _own_row(assignment: Assignment) -> Assignment:
    rows = Assignment.objects.standing().select_for_update(of=("self",)).select_related("assessor")
    return rows.get(pk=assignment.pk)


def require_scorer(by: Actor, assignment: Assignment) -> None:
    """The assessor himself, or who runs the round and fills in a paper sheet for him."""
    own = assignment.assessor.user_id is not None and assignment.assessor.user_id == by.pk
    if not (own and access.has(by, Permission.RATING_SCORE)) and not queries.runs(by, assignment.entry.round):
        raise PermissionDenied(str(Permission.RATING_SCORE))


@transaction.atomic
def declare(*, assignment: Assignment, conflict: bool, reason: str, by: Actor, at: datetime) -> Assignment:
    """Declare whether one has a conflict with the body (RAT-05). With one, one scores nothing. It can be told later.

    Refused once the sheet is handed in, and a conflict without words.
    """
    require_scorer(by, assignment)
    row = rating_entries.locked(assignment.entry, *_SCORING)
    held = _own_row(assignment)
    if held.finished_at is not None:
        raise Refused([refusal("ASSESSOR.finished")])
    if conflict and not reason.strip():
        raise Refused([refusal("RATING.reason", "reason")])
    held.declared_at, held.conflict, held.reason = at, conflict, reason.strip()[:200]
    held.save(update_fields=["declared_at", "conflict", "reason"])
    rating_entries.tell(Event.ASSESSOR_DECLARED, row, rating_entries.name_of(row), by=by, at=at, assignment=held.pk,
                        conflict=conflict)  # fmt: skip
    return held


def _scorable(assignment: Assignment, *, by: Actor) -> tuple[RatingEntry, Assignment]:
    require_scorer(by, assignment)
    row = rating_entries.locked(assignment.entry, EntryState.SUBMITTED)
    held = _own_row(assignment)
    if held.conflict is None:
        raise Refused([refusal("ASSESSOR.undeclared")])
    if held.conflict:
        raise Refused([refusal("ASSESSOR.conflict")])
    if held.finished_at is not None:
        raise Refused([refusal("ASSESSOR.finished")])
    return row, held


@transaction.atomic
def save_scores(
    *, assignment: Assignment, marks: Mapping[int, Mark], comment: str, version: int, by: Actor, at: datetime
) -> Assignment:
    """Keep the draft of an expert's sheet; no event before it is handed in. `version` as in `save_self`."""
    row, held = _scorable(assignment, by=by)
    if held.version != version:
        raise Refused([refusal("RATING.stale")])
    points = rating_entries.write_scores(row, held, marks, queries.items_of(row.sheet_id))
    held.tenths, held.comment = sum(v for v in points.values() if v is not None), comment.strip()[:500]
    held.version += 1
    held.save(update_fields=["tenths", "comment", "version"])
    return held


@transaction.atomic
def finish(*, assignment: Assignment, by: Actor, at: datetime, on_behalf: str = "") -> Assignment:
    """Hand in an expert's sheet: every indicator has points, and RAT-05 still has nothing against him."""
    row, held = _scorable(assignment, by=by)
    refuse_if_blocked(queries.recusal(held.assessor, row, localdate(at)), confirmed=True)
    items = queries.items_of(row.sheet_id)
    scored = {pk: score.tenths for pk, score in queries.scores_of(row, held).items()}
    refuse_if_blocked(rules.unscored([(i.pk, i.third, i.bonus) for i in items], scored))
    held.tenths = sum(value for value in scored.values() if value is not None)
    held.finished_at, held.on_behalf = at, on_behalf[:120]
    held.save(update_fields=["tenths", "finished_at", "on_behalf"])
    _sum(row)
    by_number = {item.pk: item.number for item in items}
    rating_entries.tell(
        Event.RATING_SCORED, row, rating_entries.name_of(row), by=by, at=at, on_behalf=on_behalf, assignment=held.pk,
        tenths=held.tenths, scores={str(by_number[pk]): value for pk, value in sorted(scored.items())},
    )  # fmt: skip
    return held


def _sum(entry: RatingEntry) -> None:
    """The sheets that count, added up."""
    rows = Assignment.objects.standing().filter(entry=entry, finished_at__isnull=False)
    points = list(rows.values_list("tenths", flat=True))
    entry.expert_sum, entry.expert_count = sum(value or 0 for value in points), len(points)
    entry.save(update_fields=["expert_sum", "expert_count"])
