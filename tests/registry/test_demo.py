"""The demo, counted by plain SQL and checked by arithmetic of its own: it shares nothing with the generator."""

import re
from argparse import Namespace
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection, transaction

from liaoyuan.conf.cli import data
from liaoyuan.conf.cli.main import Unusable
from liaoyuan.conf.roles import ROLES
from liaoyuan.core import policy, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import demo as grounds
from liaoyuan.core.actions import install, parameters
from liaoyuan.core.models import AuditEvent, Parameter, PracticeClock, User
from liaoyuan.core.rules.accounts import password_findings
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import demo
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries import facts

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
TODAY = "2026-10-26"
OPERATOR = Operator("tests")
ARTICLE = ("社会组织发展中心", "九色公益服务中心", "合德婚姻家庭心理服务中心", "蓝天养老院", "金夕延年")
FANCY = re.compile("子虚|乌有|亡是|无何|南柯|黄粱|蜃楼|海市|镜花|水月|虚舟|浮槎")


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """The demo, built once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        install.load_areas(at=AT)
        parameters.sync_shipped(at=AT)
        lines = demo.build(scale=1, seed=1026, by=OPERATOR, at=AT, say=lambda text: None)
        yield lines
        transaction.set_rollback(True)


def sql(statement: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


def bodies(columns: str = "s.name", where: str = "1 = 1"):
    """The latest standing of each body."""
    return sql(
        f"SELECT {columns} FROM registry_standing s JOIN registry_organization o ON o.id = s.organization_id "
        f"WHERE s.superseded_at IS NULL AND s.valid_to = '9999-12-31' AND {where}"
    )


def test_counts_are_the_newspapers(district):
    live = Counter(k for (k,) in bodies("s.kind", "s.status IN ('active', 'liquidating')"))
    assert live == {"MF": 381, "ST": 131, "JJ": 1, "BA": 1059}
    closed = bodies("s.kind, o.closed_on", "s.status NOT IN ('active', 'liquidating')")
    assert len(closed) > 50
    assert all(end is not None for _kind, end in closed)
    assert len(bodies()) == 1572 + len(closed)
    assert len(bodies(where="o.live")) == 1572


def test_every_street_and_community_is_used(district):
    streets = {r[0] for r in sql("SELECT id FROM core_area WHERE code LIKE '320211___'")}
    communities = {r[0] for r in sql("SELECT id FROM core_area WHERE code LIKE '320211______'")}
    assert (len(streets), len(communities)) == (9, 122)
    live = bodies("s.street_id, s.community_id", "o.live")
    assert {s for s, _ in live} - {None} == streets
    assert {c for _, c in live} - {None} == communities
    wrong = sql(
        "SELECT count(*) FROM registry_standing s JOIN core_area a ON a.id = s.community_id "
        "WHERE s.street_id IS NOT NULL AND a.parent_id <> s.street_id"
    )
    assert wrong == [(0,)]


def check_character(code: str) -> str:
    """GB 32100-2015: weights 3^i mod 31 over an alphabet without I, O, S, V, Z."""
    signs = [c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in "IOSVZ"]
    total = sum(signs.index(c) * (3**i % 31) for i, c in enumerate(code[:17]))
    return signs[(31 - total % 31) % 31]


def organization_check(body: str) -> str:
    """GB 11714: weights 3 7 9 10 5 8 4 2, modulo 11."""
    total = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    rest = (11 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def test_codes_are_whole_and_of_the_demo_registrar(district):
    prefix = {"MF": "52", "ST": "51", "JJ": "53"}
    codes = bodies("s.kind, o.code, o.filing_no")
    for kind, code, filing_no in codes:
        if kind == "BA":
            assert code == ""
            assert re.fullmatch(r"BA-329911-\d{3}-\d{4}-\d{4}", filing_no)
            continue
        assert code[:8] == prefix[kind] + "329911"
        assert organization_check(code[8:16]) == code[16]
        assert check_character(code) == code[17]
    numbers = [code or filing_no for _kind, code, filing_no in codes]
    assert len(set(numbers)) == len(numbers)
    assert sql("SELECT count(*) FROM core_area WHERE code = '329911'") == [(0,)]


def test_names_are_never_given_twice(district):
    names = Counter(sql("SELECT DISTINCT organization_id, name FROM registry_standing"))
    borne = Counter(name for _pk, name in names)
    assert [name for name, n in borne.items() if n > 1] == []
    assert len(borne) > len(bodies()) + 20  # former names
    assert sql("SELECT count(*) FROM registry_organization WHERE predecessor_id IS NOT NULL") == [(5,)]


def test_the_articles_bodies_carry_only_its_facts(district):
    rows = bodies("s.*", "s.name IN ('" + "','".join(ARTICLE) + "')")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_standing LIMIT 1")
        columns = [c[0] for c in cursor.description]
    assert len(rows) == 5
    free = {
        "id", "organization_id", "valid_from", "valid_to", "recorded_at", "recorded_by_id", "superseded_at", "assumed",
        "name", "kind", "status", "registrar_area_id", "precision", "traits",
    }  # fmt: skip
    kept = set()
    for row in rows:
        told = {c: v for c, v in zip(columns, row, strict=True) if c not in free and v not in (None, "", [], {})}
        assert set(told) <= {"note"}
        kept.add(row[columns.index("organization_id")])
    marks = ",".join(map(str, kept))
    assert sql(f"SELECT level FROM registry_rating WHERE organization_id IN ({marks})") == [("4A",)]
    for table in ("annualresult", "creditentry", "honour"):
        assert sql(f"SELECT count(*) FROM registry_{table} WHERE organization_id IN ({marks})") == [(0,)]


def test_failures_are_told_only_of_bodies_of_the_fancy(district):
    bad = sql(
        "SELECT DISTINCT s.name FROM registry_standing s WHERE s.organization_id IN (SELECT organization_id FROM "
        "registry_creditentry) OR s.organization_id IN (SELECT organization_id FROM registry_annualresult WHERE result "
        "IN ('missed', 'unqualified')) OR s.status IN ('revoked', 'certificate_revoked', 'banned')"
    )
    assert len(bad) >= 20
    assert [name for (name,) in bad if not FANCY.search(name)] == []


def test_persons_and_telephones_cannot_exist(district):
    people = {r[0] for r in sql("SELECT DISTINCT legal_representative FROM registry_standing")} - {""}
    assert all(re.fullmatch("[\u4e00-\u9fff][甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]", name) for name in people)
    sealed = [r[0] for r in sql("SELECT phone FROM registry_standing WHERE phone <> ''")]
    clear = {vault.decrypt(value, purpose="organization.phone") for value in sealed}
    assert len(clear) > 1000
    assert all(re.fullmatch(r"1540\d{7}", number) for number in clear)
    assert sql("SELECT count(*) FROM registry_standing WHERE representative_id <> ''") == [(0,)]


def test_histories_have_no_gap_and_no_future(district):
    rows = sql(
        "SELECT organization_id, valid_from, valid_to FROM registry_standing ORDER BY organization_id, valid_from"
    )
    for (one, _start, end), (other, start, _end) in pairwise(rows):
        assert str(end) == (str(start) if one == other else "9999-12-31")
    assert all(str(start) <= TODAY for _pk, start, _end in rows)
    born = sql("SELECT registered_on FROM registry_organization WHERE registered_on IS NOT NULL")
    assert "2003-01-01" < min(str(r[0]) for r in born) < "2008-01-01"
    rated = sql("SELECT valid_from, valid_to FROM registry_rating WHERE NOT assumed")
    assert all(int(str(end)[:4]) - int(str(start)[:4]) == 5 for start, end in rated)


def test_there_is_an_account_for_each_role_and_the_password_is_lawful(district):
    held = dict(sql("SELECT u.username, g.role FROM core_grant g JOIN core_user u ON u.id = g.user_id"))
    assert set(held.values()) == set(ROLES) - {"party_head"}, "that account comes with the party organizations"
    for username in held:
        account = User.objects.get(username=username)
        assert account.is_demo
        assert account.check_password(grounds.PASSWORD)
        assert not account.must_change_password
        assert password_findings(grounds.PASSWORD, username=username, reused=False) == []
        assert any(line.split()[0] == username for line in district[2:])
    assert sorted(User.objects.exclude(office="").values_list("office", flat=True)) == ["audit", "security", "system"]
    assert PracticeClock.objects.count() == 1
    street = sql("SELECT scope_id FROM core_grant WHERE role = 'street_office'")
    assert street == [("320211003",)]


def test_the_demo_code_satisfies_the_registrars_rule(district):
    row = Standing.objects.now_open().filter(kind="MF").exclude(organization__code="").first()
    on = date(2026, 10, 26)
    limits = policy.limits(on, policy.chain("320211"))
    assert policy.evaluate("ORG-ID-04", facts.of_stored(row, on), limits, on) == []
    elsewhere = policy.limits(on, policy.chain("320213"))
    assert policy.evaluate("ORG-ID-04", facts.of_stored(row, on), elsewhere, on) != []
    kept = Parameter.objects.get(key="registrar.divisions", origin="local")
    assert (kept.status, kept.value) == ("confirmed", {"320211": ["329911"]})


def test_one_event_tells_of_the_whole_and_search_finds_it(district):
    event = AuditEvent.objects.get(code="system.demo_built")
    assert event.payload["counts"] == {"MF": 381, "ST": 131, "JJ": 1, "BA": 1059, "closed": len(bodies()) - 1572}
    assert re.fullmatch("[0-9a-f]{64}", event.payload["digest"])
    assert sql("SELECT count(*) FROM core_searchdocument WHERE title = '九色公益服务中心'") == [(1,)]


def test_points_lie_in_the_district(district):
    points = sql("SELECT longitude, latitude FROM core_area WHERE code LIKE '320211___%' AND longitude IS NOT NULL")
    assert len(points) == 9 + 122
    assert all(120.0 < x < 120.4 and 31.3 < y < 31.65 for x, y in points)


def test_a_second_build_is_refused_and_says_why(district):
    assert not demo.is_empty()
    with pytest.raises(Refused, match="空库"):
        demo.build(scale=1, seed=1, by=OPERATOR, at=AT, say=lambda text: None)


def test_the_command_leaves_a_used_database_alone(district, capsys):
    command = {"scale": 1, "seed": 1, "login": None}
    assert data.make_demo(Namespace(if_empty=True, **command)) == 0
    assert capsys.readouterr().out == ""
    with pytest.raises(Unusable, match="空库"):
        data.make_demo(Namespace(if_empty=False, **command))
    assert len(bodies(where="o.live")) == 1572
