"""Members in the one search box: for whoever sees their roster, and for nobody else, not even as a number."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import search
from liaoyuan.core.models import AuditEvent
from tests.core.factories import user
from tests.party import factories as make
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
NAMES = ("演示张小三", "演示张三丰", "演示李四")


@pytest.fixture
def ground(areas, committee):
    """Members in two branches of the district and one of another; a body whose name has the same character."""
    places = {"甲": ("district", committee), "乙": ("district", committee), "外": ("other", None)}
    branches = {name: make.party(f"演示{name}党支部", area=areas[place], superior=superior)
                for name, (place, superior) in places.items()}  # fmt: skip
    for branch, name in zip(branches.values(), NAMES, strict=True):
        make.affiliate(make.member(name), branch)
    registry.organization("演示张家服务中心", street=areas["heli"])
    return branches


def _asked(client, text):
    told = {}
    for page in ("/search/", "/search/suggest/"):
        answer = client.get(page, {"q": text})
        assert answer.status_code == 200
        told[page] = answer.content.decode()
    return told["/search/"], told["/search/suggest/"]


def _found(client, text):
    page, suggested = _asked(client, text)
    return {name for name in NAMES if f">{name}</a>" in page}, {name for name in NAMES if name in suggested}


def test_a_superior_finds_his_own_by_name_and_by_initials(ground, client):
    client.force_login(make.lead())
    assert _found(client, "张") == ({"演示张小三", "演示张三丰"},) * 2
    assert _found(client, "zxs") == ({"演示张小三"},) * 2
    assert _found(client, "ＺＳＦ") == ({"演示张三丰"},) * 2
    assert _found(client, "李四") == (set(), set())
    page, _suggested = _asked(client, "张")
    assert "党员：共 2 条" in page


def test_a_secretary_finds_the_members_of_his_branch_alone(ground, client):
    client.force_login(user("shu", ("branch_secretary", "party", str(ground["乙"].pk)), is_demo=True))
    assert _found(client, "张") == ({"演示张三丰"},) * 2
    assert "党员：共 1 条" in _asked(client, "张")[0]


@pytest.mark.parametrize(("role", "scope"), [
    ("registry_officer", ("area", "320211")), ("leadership", ("area", "320211")), ("evaluator", ("area", "320211")),
    ("finance", ("area", "320211")), ("instructor", ("organization", "1")),
    ("organization_head", ("organization", "1")),
])  # fmt: skip
def test_nobody_else_gets_a_hit_a_count_or_a_statement(ground, client, role, scope):
    client.force_login(user("someone", (role, *scope), is_demo=True))
    client.get("/search/", {"q": "无人"})
    kept = {}
    for text in ("张小三", "王二麻"):  # one of whom there is, one of whom there is not
        with CaptureQueriesContext(connection) as queries:
            page, suggested = _asked(client, text)
        kept[text] = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
        assert "党员" not in re.sub(r"<nav.*?</nav>", "", page, flags=re.S)
        assert not suggested.strip()
        assert not [sql for sql in kept[text] if "party_member" in sql or "party_affiliation" in sql]
    assert len(kept["张小三"]) == len(kept["王二麻"])


def test_who_sees_a_roster_is_asked_the_same_whoever_lives_outside(ground, client):
    client.force_login(user("shu", ("branch_secretary", "party", str(ground["乙"].pk)), is_demo=True))
    client.get("/search/", {"q": "无人"})
    shapes = []
    for text in ("张小三", "王二麻"):
        with CaptureQueriesContext(connection) as queries:
            page, _suggested = _asked(client, text)
        shapes.append([re.sub(r"'[^']*'|\d+", "?", q["sql"]) for q in queries if "party_" in q["sql"]])
        assert not [q["sql"] for q in queries if "party_memberrecord" in q["sql"] and text in q["sql"]]
        assert "党员：" not in page
    assert shapes[0] == shapes[1]


def test_neither_the_interface_nor_the_command_line_finds_a_member(ground):
    lead = make.lead()
    assert {hit.kind for hit in search.find("演示", user=lead, limit=50).hits} <= {"organization", "partyorganization"}
    assert search.find("张小三", user=lead).total == 0


def test_on_the_internet_names_are_not_searched(ground, client, settings):
    settings.ZONE = "internet"
    client.force_login(make.lead())
    assert _found(client, "张") == (set(), set())


def test_opening_a_hit_is_the_read_event_of_the_roster(ground, client):
    client.force_login(make.lead())
    page, _suggested = _asked(client, "张三丰")
    href = re.search(r'href="(/party/members/\d+/)">演示张三丰', page).group(1)
    before = AuditEvent.objects.count()
    assert client.get(href).status_code == 200
    assert AuditEvent.objects.count() == before + 1
