"""How many queries each page asks, kept in query_counts.json, and the same number for five rows as for fifty.

`python3 dev.py counts` writes the file anew; its diff is read before it is committed. A page is opened once to warm up
what a process remembers, then counted. What the bell asks is counted once for each person and added to every page with
a bell. Counts are SQLite's; that they do not grow is tested on both databases.
"""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from liaoyuan.api.models import ApiToken
from liaoyuan.core import clock, events, search
from liaoyuan.core.actions import invitations
from liaoyuan.core.choices import Event
from liaoyuan.core.models import Area, Attachment, Job, SavedFilter
from liaoyuan.core.queries import due
from liaoyuan.people.models import Person
from liaoyuan.registry.actions import claims
from liaoyuan.registry.choices import Event as Registry
from tests.core.factories import AT, user
from tests.house import ground as laying
from tests.house import (
    matrix,
    more_funding,
    more_funding_arch,
    more_funding_award,
    more_funding_desk,
    more_funding_elig,
    more_funding_moni,
    more_funding_pay,
    more_party,
    more_planning,
)
from tests.people import factories as people
from tests.registry import factories as make

KEPT = Path(__file__).parent / "query_counts.json"
#: Pages that may ask more the more they show, each with its reason. The list may only shrink.
GROWING: dict[str, str] = {}


def more(ground, folder, count: int) -> None:
    """Let everything that a list shows have `count` rows more."""
    officer = ground.users["registry_officer"]
    heli = Area.objects.get(code=laying.STREET)
    today = clock.today()
    bodies = []
    for number in range(count):
        body = make.organization(kind="BA" if number % 2 else "MF", street=heli, phone="13900001234",
                                 certificate_to=today + timedelta(days=10 + number % 50))  # fmt: skip
        make.rating(body, end=today + timedelta(days=5 + number % 60))
        make.honour(body)
        make.credit(body)
        make.result(body)
        one = people.person(body, f"员{count}之{number}", mobile="13900001234")
        inside = make.Organization.objects.get(pk=ground.keys["inside"])
        two = people.person(inside, f"内员{count}之{number}", birth="1980-01")
        for person, place in ((one, body), (two, inside)):
            people.employment(person, place)
            people.post(person, place)
            people.certificate(person, place, registered_until=today + timedelta(days=5 + number % 60))
        main = Person.objects.get(pk=ground.keys["person_inside"])
        people.service(main, inside, date(2025, 1, 1) + timedelta(days=count + number))
        bodies.append(body)
        claims.submit(organization=body.pk, told=make.claim_words(), at=clock.now())
        invitations.invite(subject=body, label=f"邀请{number}", by=laying.BY, at=clock.now())
        events.record(Event.LOGIN, officer, by=officer, at=AT)
        user(f"more{count}-{number}", ("leadership", "area", laying.DISTRICT))
        SavedFilter.objects.create(user=officer, page="registry:organization_list", name=f"存{number}-{count}",
                                   query="kind=MF")  # fmt: skip
        ApiToken.objects.create(user=officer, name=f"令牌{number}", token_hash=f"{count}-{number}", hint="lyt_more",
                                permissions=[], created_at=AT, expires_at=AT + timedelta(days=30))  # fmt: skip
        Job.objects.create(code="registry.export", requested_at=AT, requested_by=officer, run_after=AT, finished_at=AT,
                           state="failed", error="没有写完。", label=f"台账{count}-{number}")  # fmt: skip
        events.record(Registry.NOTE, ("organization", str(ground.keys["inside"]), "甲"), by=officer, at=AT)
        _attach(ground, number)
    search.refresh("organization", [body.pk for body in bodies])
    more_party.more(ground.keys, bodies)
    more_planning.more(ground.keys, bodies)
    more_funding.more(ground.keys, bodies)
    more_funding_desk.more(ground.keys, bodies)
    more_funding_arch.more(ground.keys, bodies)
    more_funding_moni.more(ground.keys, bodies)
    more_funding_pay.more(ground.keys, bodies)
    more_funding_award.more(ground.keys, bodies)
    more_funding_elig.more(ground.keys, bodies)
    _batches(ground, folder, officer, count)


def _attach(ground, number: int) -> None:
    """One more attachment beside those of the body inside: a charter, a photo, a removed or a replaced one."""
    row = Attachment.objects.get(pk=ground.keys["file_photo" if number % 2 else "file_inside"])
    row.pk, row.name = None, f"又{number}"
    if number % 5 == 0:
        row.removed_at, row.removed_because = AT, "误传"
    elif number % 5 == 1:
        row.replaced_at = AT
    row.save()


def _batches(ground, folder, officer, count: int) -> None:
    """A sheet with as many rows, and as many batches like it of the officer's."""
    rows = [
        (f"行{count}之{n}中心", make.code("MF", 800000 + count * 100 + n), "民办非企业单位", "2015-03", n)
        for n in range(count)
    ]
    batch = laying.stage(laying.sheet(folder / f"rows{count}.csv", *rows), "organizations", laying.DISTRICT)
    ground.keys["batch"] = batch.pk
    waiting = list(batch.rows.exclude(verdict="skip").order_by("number"))
    ground.keys["batch_row"] = waiting[0].number
    for number in range(count):
        batch.pk, batch.created_by, batch.file_key = None, officer, f"{count}-{number}"
        batch.save()
        row = waiting[number]
        row.pk, row.batch = None, batch
        row.save()


class Bell:
    """Stands for the bell: remembers how many statements it asks for a person, tells who was asked for last."""

    def __init__(self) -> None:
        self.real = due._count
        self.asked: dict[int, int] = {}
        self.rung: int | None = None

    def __call__(self, user, on) -> int:
        if user.pk not in self.asked:
            self.real(user, on)  # what a process remembers
            with CaptureQueriesContext(connection) as asked:
                self.real(user, on)
            self.asked[user.pk] = len(asked)
        self.rung = user.pk
        return 7

    def statements(self) -> int:
        """Those of the bell of the page just opened; none when it has no bell."""
        rung, self.rung = self.rung, None
        return 0 if rung is None else self.asked[rung]


def counted(ground, fewer: dict[str, int] | None = None) -> dict[str, int]:
    """Queries of each page that is opened by GET, by who works there: the officer, else the first role that may.

    With `fewer`, known counts, a page is warmed up only where the first opening asked more than that: what is within
    them at once is not more afterwards.
    """
    found: dict[str, int] = {}
    clients: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patched:
        bell = Bell()
        patched.setattr(due, "_KEPT_SECONDS", 0)
        patched.setattr(due, "_count", bell)
        for case in matrix.cases():
            able = [role for role, told in case.expected.items() if told == "200"]
            if case.post is not None or not able:
                continue
            role = "registry_officer" if "registry_officer" in able else able[0]
            client = clients.setdefault(role, ground.client(role))
            for _opened in range(2):
                reset_queries()
                with CaptureQueriesContext(connection) as asked:
                    response = client.get(case.address(ground), headers=case.headers(ground, role))
                    assert response.status_code == 200, case
                    matrix.text_of(response)
                told = [q["sql"] for q in asked.captured_queries]
                own = sum(not sql.startswith(("SAVEPOINT", "RELEASE")) for sql in told)
                found[str(case)] = own + bell.statements()
                if fewer is not None and found[str(case)] <= fewer[str(case)]:
                    break
    return found


@pytest.fixture(scope="module")
def counts(ground, tmp_path_factory):
    """Counts with about five rows in every list, and with about fifty."""
    folder = tmp_path_factory.mktemp("counts")
    more(ground, folder, 5)
    few = counted(ground)
    more(ground, folder, 45)
    return few, counted(ground, few)


def test_fifty_rows_ask_no_more_than_five(counts):
    few, many = counts
    grown = {page: (few[page], many[page]) for page in few if many[page] > few[page] and page not in GROWING}
    assert grown == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the kept counts are SQLite's")
def test_counts_are_those_kept(counts):
    few, _many = counts
    if os.environ.get("LIAOYUAN_REWRITE_COUNTS"):
        KEPT.write_text(json.dumps(few, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert few == json.loads(KEPT.read_text(encoding="utf-8"))
