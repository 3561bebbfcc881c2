"""Pages of party building ask as many statements of ten times as many members, branches and bodies."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import sessions
from liaoyuan.core.access import Operator
from liaoyuan.party.queries import coverage_stats, secrets
from tests.party import coverage_ground as ground
from tests.party import factories as make
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
PAGES = (
    "/party/coverage/?by=street", "/party/coverage/?by=type", "/party/coverage/bodies/?shown=A",
    "/party/coverage/bodies/?shown=B", "/party/coverage/bodies/?shown=C", "/party/coverage/bodies/?shown=D",
    "/party/coverage/bodies/?shown=base", "/party/coverage/spread/", "/party/statutory/", "/party/members/",
    "/party/members/?sort=party", "/party/members/?kind=temporary", "/party/members/?status=full&q=演示",
    "/party/life/frequency/", "/party/", "/",
)  # fmt: skip
DAY = date(2026, 10, 26)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The day, and no bell: it is counted anew every half a minute, whatever page is opened."""
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
    monkeypatch.setattr(sessions, "_counters", [])


def grow(areas, committee, bodies, members):
    """So many bodies with branches of every kind, members of every sort, letters, meetings, posts."""
    chance, birth = random.Random(bodies), secrets.seal("birth", "1995-05-05")
    for number in range(bodies):
        body = registry.organization(street=(areas["heli"], areas["liyuan"])[number % 2])
        kind = ("independent", "joint", "attached")[number % 3]
        branch = make.party(area=areas["district"], superior=committee, kind=kind, evidence="滨组〔2026〕9号")
        if number % 4:
            make.unit(branch, body, joint=kind == "joint")
        for _n in range(members // bodies):
            who = make.member(confirmed_on=None if chance.random() < 0.1 else date(2016, 6, 1), birth=birth)
            make.affiliate(who, branch, chance.choice(["formal", "formal", "temporary"]), organization=body)
        make.post(branch, who)
        make.term(branch)
        ground.meeting(branch, DAY - timedelta(days=30))
        if number % 2:
            ground.letter(areas["district"], body, span=(DAY - timedelta(days=99), 100000), no="滨聘1号",
                          **{"from": DAY - timedelta(days=99)})  # fmt: skip


def asked(client, path):
    """How many statements a page asks when it is opened for the second time."""
    client.get(path)
    with CaptureQueriesContext(connection) as told:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(told)


def test_the_number_of_statements_does_not_grow_with_members(areas, committee, client):
    client.force_login(make.lead())
    grow(areas, committee, 6, 18)
    before = {path: asked(client, path) for path in PAGES}
    grow(areas, committee, 60, 240)
    assert {path: asked(client, path) for path in PAGES} == before


def test_the_published_figure_asks_the_same_whatever_the_size_and_the_dimensions(areas, committee):
    def statements(*dims):
        with CaptureQueriesContext(connection) as told:
            coverage_stats.stats(by=Operator("test"), as_of=DAY, known_at=make.AT, area=areas["district"], dims=dims)
        return len(told)

    grow(areas, committee, 6, 18)
    statements()
    before = [statements(), statements("street"), statements("street", "type", "field", "district_field")]
    grow(areas, committee, 60, 240)
    assert [statements(), statements("street"), statements("street", "type", "field", "district_field")] == before
    assert len(set(before)) == 1 and before[0] <= 12, before
