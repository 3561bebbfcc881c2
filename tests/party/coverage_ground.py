"""Makers of rows for the tests of coverage: bodies with histories, members at them, letters of instructors."""

import calendar
from datetime import date, datetime, timedelta

from liaoyuan.core.clock import SHANGHAI
from liaoyuan.party.models import Instructor, InstructorAssignment, Meeting, Visit
from liaoyuan.registry.models import IdleFinding
from tests.party import factories as make
from tests.registry import factories as registry

OPEN = date(9999, 12, 31)


def days_in(day):
    """How many days the month has."""
    return calendar.monthrange(day.year, day.month)[1]


def body(areas, first, *, kind, place, office, external, began, ended, idle, declared, **_more):
    """A body with a beginning, perhaps an end, findings of idleness."""
    street = areas[place] if place else None
    told = {"registrar_area": areas["other"]} if office == "other" else {}
    made = registry.organization(
        kind=kind, street=street, registered_on=began, is_external=external, party_members_declared=declared, **told
    )
    if ended is not None and ended[0] > began:
        registry.changed(made, ended[0], status=ended[1])
    for number, (day, answer) in enumerate(idle):
        IdleFinding.objects.create(
            organization=made, found_on=day, answer=answer, note="已核实",
            answered_at=datetime(day.year, day.month, day.day, 10, number, tzinfo=SHANGHAI),
        )  # fmt: skip
    return made


def member_of(body, host, other, *, kind, span, admitted, confirmed, left, stage, consented, full_time, twice):
    """A member at a body, in one way, over a span; `twice`: with the other host also as one who has agreed to come."""
    confirmed_on = None if confirmed is None else admitted + timedelta(days=confirmed)
    gone = {"left_on": left, "left_reason": "other"} if left is not None else {}
    who = make.member(admitted_on=admitted, confirmed_on=confirmed_on, **gone)
    start, days = span
    guest = {"stage": stage, "consented_on": consented}
    told = {"start": start, "organization": body, "full_time": full_time,
            "valid_to": OPEN if days == 100000 else start + timedelta(days=days)}  # fmt: skip
    make.affiliate(who, host, kind, **told, **(guest if kind in ("temporary", "double") else {}))
    if twice:
        make.affiliate(who, other, "temporary", **told, **guest)


def meeting(party, on, state="closed", number=1):
    """A meeting of all members of a party organization."""
    return Meeting.objects.create(
        party_organization=party, kind="members", year=on.year, number=number, state=state, held_on=on, topic="演示",
        expected=3, present=3, absent=0, created_at=make.AT,
    )  # fmt: skip


def instructor(area, name="演示指导员", **told):
    """An instructor of an area."""
    told = {"source": "street", "unit": "演示街道", **told}
    return Instructor.objects.create(area=area, name=name, made_at=make.AT, **told)


def letter(area, body, *, span, no, kind="instructor", days=700, visits=(), who=None, **told):
    """An assignment with its letter, and visits of the instructor."""
    who = who or instructor(area)
    start, length = span
    made = InstructorAssignment.objects.create(
        instructor=who, organization=body, kind=kind, letter=no, letter_from=told["from"], recorded_at=make.AT,
        letter_until=told["from"] + timedelta(days=days), valid_from=start,
        valid_to=OPEN if length == 100000 else start + timedelta(days=length),
    )  # fmt: skip
    for day in visits:
        Visit.objects.create(organization=body, instructor=who, on=day, looked=["members"], made_at=make.AT)
    return made
