"""What waits of instructors: bodies to visit (PB-INS-02), what visits asked for, letters that run out. Computed live.

A month without a visit stays owed until the body is visited. Bodies and letters are told, nobody is ranked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import Area
from liaoyuan.core.queries import due
from liaoyuan.core.registries import DueItem, DueSource, Owing, Reminder
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import InstructorAssignment, Visit
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.coverage import limits_in
from liaoyuan.party.rules.facts.coverage import CoverageFacts
from liaoyuan.party.rules.meetings import month_of


@dataclass(frozen=True, slots=True)
class Owed:
    """A body that is to be visited by the day `last`; `last` lies in the past when a month went without a visit."""

    assignment: InstructorAssignment
    visits: int
    last: date


def owed(found: Iterable[InstructorAssignment], on: date) -> list[Owed]:
    """Which of these assignments, of instructors with their areas, owe a visit on the day; earliest first."""
    rows = list(found)
    first, _last = month_of(on)
    before, past = month_of(first - timedelta(days=1))
    told = Visit.objects.filter(organization__in={row.organization_id for row in rows}, on__gte=before, on__lte=on)
    seen = {key: (now, then) for key, now, then in told.order_by().values_list("organization").annotate(
        now=Count("pk", filter=Q(on__gte=first)), then=Count("pk", filter=Q(on__lt=first)))}  # fmt: skip
    limits = {day: limits_in((row.instructor.area for row in rows), day) for day in (past, on)}

    def asked(row: InstructorAssignment, visits: int, day: date) -> bool:
        facts = CoverageFacts(visits=visits, assigned_on=row.valid_from)
        return bool(policy.evaluate(Moment.INSTRUCTOR_DAILY, facts, limits[day][row.instructor.area_id], day))

    made = []
    for row in rows:
        now, then = seen.get(row.organization_id, (0, 0))
        if not now and asked(row, then, past):
            made.append(Owed(row, then, past))
        elif asked(row, now, on):
            made.append(Owed(row, now, month_of(on)[1]))
    return sorted(made, key=lambda one: (one.last, one.assignment.organization_id, one.assignment.pk))


def _active(on: date) -> Any:
    rows = InstructorAssignment.objects.active(on).filter(instructor__ended_on__isnull=True)
    return rows.select_related("instructor__area")


def mine(user: Any, on: date) -> Any:
    """Assignments of the instructor whose account it is."""
    return _active(on).filter(instructor__user=user.pk)


def led(user: Any, on: date, permission: Permission = Permission.EDIT) -> Any:
    """Assignments of instructors of the areas for which the user holds the permission."""
    reach = access.reach(user, permission)
    rows = _active(on)
    if reach.everything:
        return rows
    within = Q(pk__in=[])
    for path in reach.paths:
        within |= Q(instructor__area__in=Area.objects.within(path))
    return rows.filter(within)


def visits(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Bodies that the instructor himself is to visit."""
    found = owed(mine(user, on), on)
    names = reading.body_names(one.assignment.organization_id for one in found[:limit])
    return [
        DueItem(
            _("走访{body}").format(body=names.get(one.assignment.organization_id, "")), one.last,
            reverse("party:visit_new", args=[one.assignment.organization_id]), _("记录走访"), code="PB-INS-02",
        )
        for one in found[:limit]
    ], len(found)  # fmt: skip


def open_rows(user: Any, on: date) -> Any:
    """What visits asked for and is not done: of the user's own visits, and of bodies he looks after."""
    own = Q(instructor__user=user.pk) | Q(made_by=user.pk)
    own |= Q(organization__in=mine(user, on).values("organization"))
    return Visit.objects.visible_to(user).open().filter(own)


def follow_ups(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """What the user's visits asked for, until it is closed."""
    until = on + timedelta(days=due.DAYS)
    rows = open_rows(user, on).filter(Q(follow_due_on__isnull=True) | Q(follow_due_on__lte=until))
    total = rows.count()
    found = list(rows.order_by("follow_due_on", "pk")[:limit]) if total else []
    names = reading.body_names(row.organization_id for row in found)
    told = _("{body}：{what}")
    return [
        DueItem(
            told.format(body=names.get(row.organization_id, ""), what=row.follow_up), row.follow_due_on,
            reverse("party:visit_follow", args=[row.pk]), _("办结"), code="PB-INS-02",
        )
        for row in found
    ], total  # fmt: skip


def letters(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Letters of appointment that run out within thirty days, or have, of instructors who still look after a body."""
    until = on + timedelta(days=due.DAYS)
    rows = led(user, on).filter(letter_until__lte=until).order_by("letter_until", "pk")
    total = rows.count()
    found = list(rows[:limit]) if total else []
    names = reading.body_names(row.organization_id for row in found)
    told = _("{name}联系{body}的聘书到期")
    return [
        DueItem(
            told.format(name=row.instructor.name, body=names.get(row.organization_id, "")), row.letter_until,
            reverse("party:instructor_detail", args=[row.instructor_id]), _("续聘或结束"), code="PB-INS-01",
        )
        for row in found
    ], total  # fmt: skip


def owing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Bodies within the user's reach whose visit is owed within the span, each with its instructor."""
    rows = led(user, on)
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    found = [one for one in owed(rows, on) if since <= one.last <= until]
    names = reading.body_names(one.assignment.organization_id for one in found)
    told = _("{body}，{month} 月走访 {n} 次")
    return [
        Owing(
            key=str(one.assignment.pk), subject=("instructor", str(one.assignment.instructor_id)),
            name=one.assignment.instructor.name,
            what=told.format(body=names.get(one.assignment.organization_id, ""), month=one.last.month, n=one.visits),
            due_on=one.last, place=one.assignment.instructor.area.name,
            url=reverse("party:instructor_detail", args=[one.assignment.instructor_id]),
        )
        for one in found
    ]  # fmt: skip


SOURCES = (
    DueSource("party.visits", "走访", Permission.VISIT, visits),
    DueSource("party.follow_ups", "走访后要办的事", Permission.VISIT, follow_ups),
    DueSource("party.instructor_letters", "指导员聘书", Permission.EDIT, letters),
)
REMINDER = Reminder(
    "party.visits", "指导员走访", "下列联系的组织到期还没有走访，请抓紧走访并记录：", Permission.EDIT, owing
)  # fmt: skip
