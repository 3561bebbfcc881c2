"""Invented persons for a part of the demo's invented bodies: representatives, councils, staff, volunteers.

The article's organizations get none. Names, telephone and identity numbers belong to nobody: the numbers' division is
329911, which no table of divisions holds. The same seed and day give the same persons.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, bulk, events
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event, ScopeKind
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Grant
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.text import match_key
from liaoyuan.people.actions import entering, honours
from liaoyuan.people.choices import Permission
from liaoyuan.people.models import Certificate, Employment, Person, Post, Profile, Volunteer, VolunteerService
from liaoyuan.people.queries import secrets
from liaoyuan.registry.actions.demo_words import DIVISION, phone, words
from liaoyuan.registry.models import OPEN, Organization, Standing

#: One body of so many gets persons.
ONE_OF = 4
_MOST_STAFF = 9
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_POSITIONS = ("社工", "护理员", "项目专员", "行政", "会计", "督导助理", "活动策划")
_FIELDS = ("养老", "青少年", "社区治理", "助残", "婚姻家庭", "就业")
_ACTIVITIES = ("敬老探访", "社区清洁", "亲子阅读", "应急宣传", "环湖巡护")
#: So many bodies have a list of honoured volunteers.
_HONOURING = 12
_EVIDENCE = "同意书（演示）"
_TALLY = {"persons": 0, "posts": 0, "employments": 0, "certificates": 0, "volunteers": 0, "services": 0}


@dataclass
class Batch:
    """Rows on their way into the tables, in the order of their columns."""

    persons: list[tuple[Any, ...]] = field(default_factory=list)
    profiles: list[tuple[Any, ...]] = field(default_factory=list)
    posts: list[tuple[Any, ...]] = field(default_factory=list)
    employments: list[tuple[Any, ...]] = field(default_factory=list)
    certificates: list[tuple[Any, ...]] = field(default_factory=list)
    volunteers: list[tuple[Any, ...]] = field(default_factory=list)
    services: list[tuple[Any, ...]] = field(default_factory=list)


def _number(born: date, serial: int) -> str:
    body = f"{DIVISION}{born:%Y%m%d}{serial % 1000:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


class _Maker:
    """Invents persons body by body."""

    def __init__(self, seed: int, today: date, at: datetime, user_id: int | None) -> None:
        self.draw = Random(seed + 18)  # noqa: S311 - an invented district, no secret
        self.today, self.at, self.user = today, at, user_id
        self.made = 0
        self.due = 0
        self.batch = Batch()
        self.taken: set[str] = set()

    def name(self) -> str:
        """A person who plainly does not exist: a surname and two signs of the calendar."""
        table, place = words(), self.draw.randrange(60)
        return self.draw.choice(table["surnames"]) + table["stems"][place % 10] + table["branches"][place % 12]

    def person(self, organization: int, name: str = "", *, numbered: bool = True, at_work: bool = False) -> int:
        """One person told of by the body; returns his place in the batch."""
        draw = self.draw
        self.made += 1
        born, free = self.birth()
        number = free if numbered else ""
        self.taken.add(number)
        place = len(self.batch.persons)
        shown = name or self.name()
        self.batch.persons.append((secrets.seal("id_number", number), secrets.index(number)))
        gender = ("m" if int(number[16]) % 2 else "f") if number else draw.choice(("m", "f"))
        self.batch.profiles.append((
            place, organization, shown, match_key(shown), gender,
            secrets.seal("birth", born.isoformat() if numbered else f"{born:%Y-%m}"),
            secrets.seal("mobile", phone(self.made)) if draw.random() < 0.7 else "",
            draw.choices(("secondary", "college", "bachelor", "master"), (2, 4, 6, 1))[0],
            draw.choice(("社会工作", "护理", "教育学", "会计", "管理学", "")),
            2008 + draw.randrange(16) if at_work else None, "duty", numbered,
        ))  # fmt: skip
        return place

    def birth(self) -> tuple[date, str]:
        """A birthday and an identity number of it which nobody else of this demo has."""
        while True:
            born = date(1962 + self.draw.randrange(40), self.draw.randrange(1, 13), self.draw.randrange(1, 29))
            for serial in range(self.made, self.made + 1000):
                number = _number(born, serial)
                if number not in self.taken:
                    return born, number

    def body(self, row: Standing, began: date) -> None:
        """The persons of one body."""
        draw = self.draw
        since = max(began, add_months(self.today, -draw.randrange(6, 40)))
        head = self.person(row.organization_id, row.legal_representative)
        legal = "principal" if row.kind == "BA" else "legal"
        self._post(head, row, legal, began, assumed=True)
        if row.kind != "BA":
            self._post(head, row, "chair", since)
            wanted = min((row.council_count or 3) - 1, 6)
            for _n in range(wanted):
                self._post(self.person(row.organization_id, numbered=draw.random() < 0.5), row, "director", since)
            self._post(self.person(row.organization_id, numbered=False), row, "supervisor", since)
            for index in range(min(row.full_time or 0, _MOST_STAFF)):
                self._work(row, "part" if index % 5 == 4 else "full", began)
        if draw.random() < 0.4:
            self._volunteers(row)

    def _post(self, person: int, row: Standing, kind: str, since: date, *, assumed: bool = False) -> None:
        term = 1 + self.draw.randrange(3) if not assumed else None
        self.batch.posts.append((person, row.organization_id, kind, since, OPEN, assumed, term, False))

    def _work(self, row: Standing, time: str, began: date) -> None:
        draw = self.draw
        person = self.person(row.organization_id, numbered=draw.random() < 0.6, at_work=True)
        since = max(began, date(2012 + draw.randrange(14), draw.randrange(1, 13), draw.randrange(1, 28)))
        since = min(since, self.today - timedelta(days=20))
        leaves = draw.random() < 0.12 and (self.today - since).days > 400
        end = since + timedelta(days=draw.randrange(200, (self.today - since).days)) if leaves else OPEN
        contract = add_months(self.today, -draw.randrange(1, 24))
        self.batch.employments.append((
            person, row.organization_id, time, draw.choice(_POSITIONS), draw.choice(_FIELDS), since, end,
            max(contract, since), add_months(contract, 36), draw.random() < 0.9,
        ))  # fmt: skip
        if draw.random() < 0.35:
            self._certificate(person, row.organization_id)

    def _certificate(self, person: int, organization: int) -> None:
        draw = self.draw
        level = draw.choices(("assistant", "worker", "senior"), (5, 4, 1))[0]
        approved = date(2012 + draw.randrange(13), 6, draw.randrange(1, 28))
        self.due += 1
        left = 7 + self.due * 9 if self.due <= 8 else 120 + draw.randrange(900)
        last = self.today + timedelta(days=left)
        registered = add_months(last, -36) + timedelta(days=1)
        approved = min(approved, registered)
        self.batch.certificates.append((
            person, organization, level, f"DEMO{approved.year}{self.made:08d}", approved, "演示发证机关", registered,
            last,
        ))  # fmt: skip

    def _volunteers(self, row: Standing) -> None:
        draw = self.draw
        for _n in range(draw.randrange(1, 4)):
            person = self.person(row.organization_id, numbered=False)
            began = self.today - timedelta(days=draw.randrange(60, 1200))
            consent = (began, _EVIDENCE) if self.made % 3 else (None, "")
            self.batch.volunteers.append((person, row.organization_id, f"DEMOV{self.made:07d}", began, *consent))
            for turn in range(draw.randrange(1, 6)):
                on = self.today - timedelta(days=7 * turn + draw.randrange(1, 7))
                self.batch.services.append((
                    person, row.organization_id, on, draw.choice(_ACTIVITIES), draw.choice((60, 90, 120, 180)),
                    draw.choice(("老年人", "儿童", "社区居民", "残疾人")),
                ))  # fmt: skip


@transaction.atomic
def build(*, seed: int, by: Actor, at: datetime, say: Callable[[str], None]) -> list[str]:
    """Add persons to the bodies of a demo that has just been built; returns the line to print."""
    access.require(by, Permission.IMPORT)
    user = entering.recorder(by)
    user_id = user.pk if user else None
    maker = _Maker(seed, localdate(at), at, user_id)
    tally = dict(_TALLY)
    accounts = set(Grant.objects.filter(scope_kind=ScopeKind.ORGANIZATION).values_list("scope_id", flat=True))
    say(_("正在写入人员……"))
    for number, row in enumerate(_bodies()):
        if (number % ONE_OF == 0 or str(row.organization_id) in accounts) and row.legal_representative:
            maker.body(row, row.organization.registered_on or date(2015, 1, 1))
        if len(maker.batch.persons) >= 5000:
            _load(maker, tally)
    _load(maker, tally)
    _honour(by=by, at=at)
    events.record(Event.DEMO_BUILT, None, by=by, at=at, payload={"seed": seed, "counts": tally})
    told = _("演示人员 {persons} 人：任职 {posts} 条，从业 {employments} 条，证书 {certificates} 本。")
    return [told.format(**tally)]


def _honour(*, by: Actor, at: datetime) -> None:
    """Some bodies have published their volunteers of this year: those who consented."""
    today = localdate(at)
    since = add_months(today, -12)
    told = Volunteer.objects.consenting(today).order_by("organization_id", "pk")
    bodies: dict[int, list[int]] = {}
    for key, person in told.values_list("organization_id", "person_id").iterator(chunk_size=2000):
        if key not in bodies and len(bodies) == _HONOURING:
            break
        bodies.setdefault(key, []).append(person)
    for organization in Organization.objects.filter(pk__in=bodies).order_by("pk"):
        title = _("{year} 年度优秀志愿者").format(year=today.year)
        honours.publish(organization=organization, title=title, since=since, until=today,
                        persons=bodies[organization.pk], by=by, at=at)  # fmt: skip


def _bodies() -> Iterator[Standing]:
    """Live invented bodies in order: those of the article stay without persons."""
    named = [told["name"] for told in words()["article"]]
    rows = Standing.objects.now_open().live().exclude(name__in=named).select_related("organization")
    return iter(rows.order_by("organization_id").iterator(chunk_size=2000))


def _load(maker: _Maker, tally: dict[str, int]) -> None:
    batch, maker.batch = maker.batch, Batch()
    if not batch.persons:
        return
    at, user = maker.at, maker.user
    ids = bulk.reserve_ids(Person, len(batch.persons))
    bulk.load(Person, ("id", "id_number", "id_index", "version", "created_at", "created_by_id"),
              ((pk, *row, 1, at, user) for pk, row in zip(ids, batch.persons, strict=True)))  # fmt: skip
    for model, rows, columns, rest in (
        (Profile, batch.profiles, ("organization_id", "name", "name_key", "gender", "birth", "mobile", "education",
                                   "major", "practice_since", "basis", "numbered"), {"consent_no": "", "note": ""}),
        (Post, batch.posts, ("organization_id", "kind", "valid_from", "valid_to", "assumed", "term_no", "is_paid"),
         {"evidence": "演示数据", "relative_note": "", "cadre_approval": "", "age_approval": "", "end_reason": ""}),
        (Employment, batch.employments, ("organization_id", "work_time", "job", "service_field", "valid_from",
                                         "valid_to", "contract_from", "contract_to", "insured"),
         {"assumed": False, "mentor": "", "is_finance": False, "end_reason": ""}),
        (Certificate, batch.certificates, ("organization_id", "level", "number", "approved_on", "issuer",
                                           "registered_on", "registered_until"), {"registration_no": ""}),
        (Volunteer, batch.volunteers, ("organization_id", "number", "registered_on", "consented_on",
                                       "consent_evidence"), {"fields": ""}),
        (VolunteerService, batch.services, ("organization_id", "on", "activity", "minutes", "category"),
         {"content": "", "place": "", "recorder": "", "confirmer": ""}),
    ):  # fmt: skip
        fixed = (*rest, "recorded_at", "recorded_by_id")
        values = (*rest.values(), at, user)
        bulk.load(model, ("person_id", *columns, *fixed), ((ids[row[0]], *row[1:], *values) for row in rows))
    for name, rows in zip(tally, (batch.persons, batch.posts, batch.employments, batch.certificates, batch.volunteers,
                                  batch.services), strict=True):  # fmt: skip
        tally[name] += len(rows)
