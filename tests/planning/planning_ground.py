"""A small district for the planner: bodies with a few members near each other, and what covers some of them already."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from liaoyuan.core import jobs
from liaoyuan.planning.actions import scenarios
from liaoyuan.planning.models import Plan
from tests.core.factories import AT
from tests.party import factories as make
from tests.registry import factories as registry

DAY = date(2026, 10, 26)
AGREED = date(2026, 9, 20)
#: Degrees of the middle of the district; bodies lie some hundred metres apart around the middles of two streets.
EAST, NORTH = 120.27, 31.53


@dataclass
class District:
    """What was laid, told while it is laid: body → (formal, committed, branch of today); `out` = not in play."""

    areas: dict
    committee: object
    heads: dict = field(default_factory=dict)
    branch: dict = field(default_factory=dict)
    out: set = field(default_factory=set)
    bodies: list = field(default_factory=list)
    fallback: dict = field(default_factory=dict)
    lone: object = None


def point(number, street):
    """Where the body of this number in a street lies."""
    east = EAST + (0.05 if street else 0.0) + 0.002 * (number % 5)
    return {"longitude": round(east, 6), "latitude": round(NORTH + 0.002 * (number // 5), 6), "point_datum": "wgs84"}


def body(told, number, *, formal=0, committed=0, street=0, placed=True, **facts):
    """A body with members whose formal affiliation is here, and others who have agreed to come."""
    place = told.areas[("heli", "liyuan")[street]]
    facts = {"district_field": ("culture", "education")[number % 2], **facts}
    made = registry.organization(f"演示{'河埒' if street == 0 else '蠡园'}{number:02d}号服务中心", "MF", street=place,
                                 **{**(point(number, street) if placed else {}), **facts})  # fmt: skip
    for _ in range(formal):
        make.affiliate(make.member(), told.committee, "formal", organization=made)
    for _ in range(committed):
        who = make.member()
        make.affiliate(who, None)
        make.affiliate(who, told.committee, "temporary", organization=made, start=date(2026, 9, 1), full_time=True,
                       consented_on=AGREED, transfer_due_on=date(2027, 3, 20))  # fmt: skip
    told.heads[made.pk] = (formal, committed)
    told.bodies.append(made)
    return made


def lay(areas, committee):
    """Twenty bodies with one or two members in two streets, and whatever the planner must leave out or take over."""
    told = District(areas, committee)
    for number in range(10):
        for street in (0, 1):
            body(told, number, formal=number % 2, committed=1 + (number % 6 == 0), street=street)
    district = areas["district"]
    alone = body(told, 20, formal=3)  # a branch of its own
    make.unit(make.party("演示独立党支部", area=district, superior=committee), alone)
    due = body(told, 21, formal=2, committed=1)  # ought to have one
    told.bodies.remove(due)
    joint = make.party("演示联合党支部", area=district, superior=committee, kind="joint")
    for number in (22, 23):
        there = body(told, number, committed=1, street=1)
        make.unit(joint, there, joint=True)
        told.branch[there.pk] = joint.pk
    host = make.party("演示园区党支部", area=district, superior=committee, kind="attached")
    far = {"longitude": EAST + 0.4, "latitude": NORTH}  # beyond the radius of everybody but the host
    named = body(told, 24, committed=1, **far)
    make.unit(host, named)
    told.lone = body(told, 30, formal=1, **far)
    waits = body(told, 25, formal=1)
    make.founding(committee, waits, "演示拟设党支部", state="draft")
    told.out = {alone.pk, named.pk, waits.pk}
    near = body(told, 26, committed=1, placed=False)
    street = areas["heli"]
    street.longitude, street.latitude = EAST, NORTH
    street.save(update_fields=["longitude", "latitude"])
    lost = body(told, 27, committed=1, placed=False, street=1)
    told.fallback = {near.pk: "street", lost.pk: "none"}
    body(told, 28)  # nobody there
    gone = body(told, 29, formal=1, closed_on=date(2026, 1, 1), status="deregistered")
    told.out.add(gone.pk)
    told.due, told.host, told.joint, told.lost, told.near = due, host, joint, lost, near
    return told


def begun(told, by, **more):
    """A scenario of the district."""
    return scenarios.begin(area=told.areas["district"], on=DAY, by=by, at=AT + timedelta(hours=1), **more)


def work():
    """Do all the work that waits."""
    while (job := jobs.claim("probe")) is not None:
        jobs.run(job)


def planned(told, by, **more):
    """A plan of the district, computed by its job."""
    return anew(begun(told, by, **more), by)


def anew(scenario, by):
    """The next plan of a scenario, computed by its job."""
    plan = scenarios.ask(scenario=scenario, by=by, at=AT + timedelta(hours=1))
    work()
    return Plan.objects.select_related("scenario__area", "input").get(pk=plan.pk)
