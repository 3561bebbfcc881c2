"""Two districts alike: the home of the accounts that ask, and one whose every name is a canary.

Keys are strides: every table counts in a range of its own, at home and beyond alike, so that a number in a page says
which table it belongs to, and a key of the other district is a canary by itself.
"""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from liaoyuan.conf.roles import ROLES
from liaoyuan.core import clock, registries, search, staging
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import calendar, comparing, document_numbers, documents, parameters
from liaoyuan.core.actions import files as file_actions
from liaoyuan.core.models import Area, AuditEvent, Job, User
from liaoyuan.core.queries import files as file_queries
from liaoyuan.party.actions import (
    accounts,
    applicants,
    attending,
    deciding,
    development,
    elections,
    founding,
    life,
    meetings,
)
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import (
    Attendance,
    Due,
    DuesUse,
    Founding,
    Instructor,
    InstructorAssignment,
    Pilot,
    Quota,
    Venue,
    VenueBooking,
    Visit,
)
from liaoyuan.party.params import letters
from liaoyuan.party.queries import secrets
from liaoyuan.people.models import Person
from liaoyuan.people.queries import secrets as numbers
from tests.core import file_ground
from tests.core.factories import AT, user
from tests.core.factories import area as area_of
from tests.party import factories as make
from tests.people import factories as people
from tests.registry import factories as registry

BY = Operator("house")
HOME, BEYOND = "家", "鸩"
ROSTERS = {HOME: "home", BEYOND: "beyond"}
#: Of the members beyond: parts of what is sealed, as shown and as masked.
NUMBER, MOBILE, ADDRESS = people.ric("19870723", 731, division="329971"), "13977557391", "鸩路七三九一号"
SECRETS = (NUMBER, NUMBER[-6:], MOBILE, "****7391", "7755")
#: Who holds a post, counted from one: their names are told to whoever sees the branch.
POSTS = (1, 3)
STRIDE = 100_000
MISSING = 99_999_999


@dataclass
class Place:
    """One district: its branch, the keys of its rows by kind (the words of role_matrix.json), what its members are
    called."""

    mark: str
    area: Area
    folder: Path
    keys: dict[str, Any] = field(default_factory=dict)
    members: list[Any] = field(default_factory=list)
    body: Any = None
    branch: Any = None
    committee: Any = None


def stride(offset: int) -> dict[int, str]:
    """Let every table go on at a range of its own; range → table."""
    ranges = {}
    with connection.cursor() as cursor:
        for place, model in enumerate(sorted(apps.get_models(), key=lambda one: one._meta.label), 1):
            table, key = model._meta.db_table, model._meta.pk
            ranges[place] = model._meta.label
            if key.get_internal_type() not in ("AutoField", "BigAutoField"):
                continue
            first = place * STRIDE + offset
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, key.column, first])
    return ranges


def member(mark: str, number: int, **told: Any) -> Any:
    """A member whose every word carries the mark; beyond with number, telephone and address."""
    person = Person.objects.create(created_at=AT)
    if mark == BEYOND and number == 2:
        person.id_number, person.id_index = numbers.seal("id_number", NUMBER), numbers.index(NUMBER)
        person.save()
        told |= {
            "numbered": True,
            "mobile": secrets.seal("mobile", MOBILE),
            "birth": secrets.seal("birth", "1987-07-23"),
        }
        told |= {"address": secrets.seal("home_address", ADDRESS)}
    words = {"job": f"{mark}岗", "native_place": f"{mark}籍", "note": f"{mark}注", "evidence": f"{mark}档"}
    first = "任" if number in POSTS else "魑"
    return make.member(f"{first}{mark}{'一二三四五六七八九'[number - 1]}", person=person, **words, **told)


def lay(mark: str, area: Area, street: Area, folder: Path) -> Place:
    """A committee, a branch with eight members, and every kind of row once."""
    place = Place(mark, area, folder)
    keys, at, today = place.keys, clock.now(), clock.today()
    above = place.committee = make.committee(area, f"{mark}综合党委")
    branch = place.branch = make.party(f"{mark}党支部", area=street, superior=above)
    body = place.body = registry.organization(f"{area.name}丁{mark}服务中心", registrar_area=area, street=street)
    who = place.members = [member(mark, n) for n in range(1, 9)]
    for one in who[:7]:
        make.affiliate(one, branch, organization=body)
    make.affiliate(who[7], None, outside_name=f"{mark}外支部")
    tie = make.affiliate(who[7], branch, "temporary", stage="surveyed", start=date(2026, 5, 1),
                         consented_on=date(2026, 5, 1), transfer_due_on=date(2026, 11, 1))  # fmt: skip
    make.unit(branch, body, evidence=f"{mark}文1号")
    post = make.post(branch, who[0], evidence=f"{mark}任1号")
    make.post(branch, who[2], "publicity")
    make.term(branch, number=9, due_on=date(2027, 1, 1))
    listed = [(one, "formal", {"organization": body}) for one in who[:3]]
    draft = make.founding(above, body, f"{mark}申请党支部", roster=listed)
    keys |= {"inside": body.pk, "branch": branch.pk, "mtg_branch": branch.pk, "committee": above.pk,
             "member": who[0].pk, "dual": who[7].pk, "tie": tie.pk, "post": post.pk, "founding": draft.pk,
             "ceremony": make.ceremony(area, title=f"{mark}成立大会").pk}  # fmt: skip
    keys["letter"] = make.transfer(
        who[1], branch, None, "issued", issuer=above, number=f"{mark}介1号", valid_days=30, target_name=f"{mark}处",
        issued_on=date(2026, 10, 1), expires_on=date(2026, 10, 31),
    ).pk  # fmt: skip
    keys["transfer"] = make.transfer(who[7], None, branch).pk
    _dues(place, today)
    _meetings(place, at, today)
    _development(place, at, today)
    _coverage(place, area, at)
    _papers(place, area, at)
    return place


def _dues(place: Place, today: date) -> None:
    branch, who, mark = place.branch, place.members[0], place.mark
    make.dues_base(who, 7391)
    told = {"party_organization": branch, "member": who, "category": "monthly", "rate": 150, "due_fen": 7502,
            "recorded_at": AT}  # fmt: skip
    owed = Due.objects.create(month=date(2026, 9, 1), **told)
    paid = Due.objects.create(month=date(2026, 8, 1), paid_on=date(2026, 8, 20), paid_fen=7502, payee=mark, **told)
    use = DuesUse.objects.create(party_organization=branch, on=date(2026, 8, 25), purpose=f"{mark}报", amount_fen=5000,
                                 approved_by=f"{mark}会", recorded_at=AT)  # fmt: skip
    venue = Venue.objects.create(party_organization=branch, name=f"{mark}驿站", address=f"{mark}路1号", made_at=AT)
    start = clock.now() + timedelta(days=20)
    booking = VenueBooking.objects.create(venue=venue, party_organization=branch, starts_at=start, made_at=AT,
                                          ends_at=start + timedelta(hours=1), purpose=f"{mark}日")  # fmt: skip
    place.keys |= {"due": owed.pk, "paid": paid.pk, "dues_use": use.pk, "venue": venue.pk, "booking": booking.pk}


def _meetings(place: Place, at: Any, today: date) -> None:
    branch, mark, told = place.branch, place.mark, {"by": BY, "at": at}
    plan = {"party": branch, "kind": "members", "held_on": today, **told}
    planned = meetings.plan(**plan, fields={"topic": f"{mark}计划"})
    held = attending.begin(meeting=meetings.plan(**plan, fields={"topic": f"{mark}召开"}), **told)
    open_ = attending.begin(meeting=meetings.plan(**plan, fields={"topic": f"{mark}签到"}), **told)
    attending.open_sign_in(meeting=open_, open=True, **told)
    marks = {pk: Mark("present") for pk in Attendance.objects.filter(meeting=held).values_list("member", flat=True)}
    held = attending.save(meeting=held, marks=marks, **told)
    vote = deciding.put(meeting=held, kind="ordinary", subject=f"{mark}事项", method="secret", **told)
    one = {"meeting": held, "seats": 1, "candidates": place.members[:1], "tellers": f"{mark}监票", **told}
    counted = elections.start(**one, post="vice", confirmed=True)
    elections.count(election=counted, issued=7, returned=7, spoiled=0, sums={place.members[0].pk: 7}, **told)
    election = elections.start(**one, post="secretary", confirmed=True)
    task = meetings.set_task(meeting=held, what=f"{mark}事", who=f"{mark}委", until=today + timedelta(days=3), **told)
    group = life.set_group(party=branch, name=f"{mark}小组", leader=place.members[0], members=place.members[:3],
                           on=today - timedelta(days=1), **told)  # fmt: skip
    place.keys |= {"mtg": held.pk, "mtg_new": planned.pk, "mtg_open": open_.pk, "vote": vote.pk, "group": group.pk,
                   "election": election.pk, "counted": counted.pk, "mtg_task": task.pk}  # fmt: skip


def _development(place: Place, at: Any, today: date) -> None:
    told = {"by": BY, "at": at}
    one = applicants.apply(party=place.branch, fields={"name": f"魑{place.mark}申", "birth": date(1990, 1, 1)},
                           on=today - timedelta(days=400), **told)  # fmt: skip
    given = {"applicant": one, **told}
    development.record(step=2, on=today - timedelta(days=390), **given)
    development.record(step=3, on=today - timedelta(days=300), **given)
    development.record(step=4, on=today - timedelta(days=290), **given)
    development.set_mentors(kind="contact", members=place.members[:1], on=today - timedelta(days=290), **given)
    examined = development.examine(on=today - timedelta(days=100), result="continue", **given)
    Quota.objects.create(party_organization=place.committee, year=today.year, number=3, recorded_at=AT)
    place.keys |= {"applicant": one.pk, "examination": examined.pk}


def _coverage(place: Place, area: Area, at: Any) -> None:
    mark, body = place.mark, place.body
    who = Instructor.objects.create(area=area, name=f"{mark}指导", source="street", made_at=AT)
    days = {"letter_from": date(2026, 1, 1), "letter_until": date(2027, 12, 31), "valid_from": date(2026, 1, 1)}
    row = InstructorAssignment.objects.create(instructor=who, organization=body, kind="instructor",
                                              letter=f"{mark}聘1号", recorded_at=AT, **days)  # fmt: skip
    visit = Visit.objects.create(organization=body, instructor=who, on=date(2026, 10, 8), looked=["place"],
                                 follow_up=f"{mark}补", made_at=AT)  # fmt: skip
    pilot = Pilot.objects.create(area=area, organization=body, criteria=f"{mark}愿", chosen_on=date(2026, 3, 1),
                                 tried=f"{mark}试", made_at=AT)  # fmt: skip
    place.keys |= {"instructor": who.pk, "assignment": row.pk, "visit": visit.pk, "pilot": pilot.pk}


def _papers(place: Place, area: Area, at: Any) -> None:
    """Files, a case of founding with its draft of a document, a roster that waits for import, a comparison, a job."""
    mark, keys = place.mark, place.keys
    for name, kind, key in (("file", "partyorganization", "branch"), ("file_meeting", "meeting", "mtg")):
        subject = file_queries.place_of(BY, kind, str(keys[key]))
        purpose = next(p for p in registries.file_purposes.values() if p.kinds_of_subject == (kind,) and not p.photo)
        taken = file_actions.take_in(place=subject, purpose=purpose, chunks=[file_ground.pdf()], by=BY, at=at,
                                     name=f"{mark}卷.pdf")  # fmt: skip
        row = file_actions.attach(place=subject, purpose=purpose, paper=purpose.title, taken=taken, by=BY, at=at)
        keys[name] = row.pk
    draft = Founding.objects.get(pk=keys["founding"])
    keys["case"] = founding.submit(founding=draft, by=BY, at=at, confirmed=True).case_id
    code = next(kind.code for kind in letters.KINDS)
    told = {"title": f"{mark}请示", "reason": f"{mark}理由", "writer": f"{mark}落款"}
    document_numbers.open_issuer(area=area, name=f"{mark}党工委", mark=mark, by=BY, at=at)
    document = documents.draft(code=code, subject=Founding.objects.get(pk=draft.pk), fields=told, by=BY, at=at)
    keys["document"] = document.pk
    sheet = place.folder / f"{ROSTERS[mark]}.csv"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("姓名", "党支部"), (f"魑{mark}导", f"{mark}党支部")])
    order = staging.Order(kind="members", path=sheet, file_name=f"{mark}册.csv", area=area, as_of=AT.date())
    keys["batch"] = staging.stage(order, by=BY, at=AT).pk
    keys["compare"] = comparing.compare_file(order=order, by=BY, at=AT)[0].pk
    keys["event"] = AuditEvent.objects.filter(subject_kind="applicant").latest("pk").pk
    keys["job"] = Job.objects.create(
        code="party.statutory", label=f"{mark}表", state="done", result_name=f"{mark}表.xlsx", requested_at=at,
        run_after=at, finished_at=at,
    ).pk  # fmt: skip


#: Who asks: login → role, kind of scope, and over what. `over` the home, `near` the other district without its roster.
OVER = {
    "registry_officer": "area", "registry_head": "area", "party_lead": "area", "party_head": "area",
    "street_office": "street", "branch_secretary": "branch", "organization_head": "body", "instructor": "body",
    "project_manager": "body", "leadership": "area", "evaluator": "area", "grants_office": "area", "finance": "area",
    "expert": "area",
}  # fmt: skip
NEAR = {
    "registry_officer": "area", "registry_head": "area", "leadership": "area", "evaluator": "area",
    "grants_office": "area", "street_office": "next", "branch_secretary": "sister", "organization_head": "body",
    "instructor": "body", "accountant": "body", "finance": "area", "expert": "area",
}  # fmt: skip


@dataclass
class World:
    """Both places and the accounts: `over_…` at home, `near_…` beyond without the roster, and administrators."""

    home: Place
    beyond: Place
    ranges: dict[int, str]
    users: dict[str, User] = field(default_factory=dict)


def build(folder: Path) -> World:
    """Everything, once."""
    areas = registry.binhu()
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    ranges = stride(0)
    home = lay(HOME, areas["district"], areas["heli"], folder)
    stride(STRIDE // 2)
    beyond = lay(BEYOND, areas["other"], areas["other_street"], folder)
    world = World(home, beyond, ranges)
    stride(STRIDE // 4)  # what is made from here on belongs to nobody
    sister = make.party("邻党支部", area=areas["other"], superior=beyond.committee)
    next_street = area_of("320213004", "邻街道", areas["other"])
    for side, place, roles in (("over", home, OVER), ("near", beyond, NEAR)):
        scopes = {
            "area": ("area", place.area.code), "street": ("area", areas["heli"].code),
            "next": ("area", next_street.code),
            "branch": ("party", str(place.branch.pk)), "sister": ("party", str(sister.pk)),
            "body": ("organization", str(place.body.pk)),
        }  # fmt: skip
        for role, over in roles.items():
            name = f"{side}_{role}"
            world.users[name] = user(name, (role, *scopes[over]), is_demo=True, office=str(ROLES[role].office))
    accounts.link(member=home.members[0], username="over_project_manager", by=BY, at=AT)
    for role in ("system_administrator", "security_administrator", "audit_administrator"):
        world.users[role] = user(role, (role, "all", ""), is_demo=True, office=str(ROLES[role].office))
    search.refresh("organization")
    search.refresh("partyorganization")
    return world
