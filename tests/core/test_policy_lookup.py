"""The look-up equals a naive reading of its rule; the remembered answers follow every change of the table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.core import policy, registries
from liaoyuan.core.models import CalendarDay, Parameter
from liaoyuan.kit.findings import Limit, Limits, Severity, only_new
from liaoyuan.kit.workdays import Calendar
from tests.core import factories

AT = datetime(2026, 10, 26, 2, tzinfo=UTC)
ON = date(2026, 10, 26)
BINHU = ["national", "32", "3202", "320211", "programme:320211-venture"]

days = st.integers(0, 12).map(lambda n: date(2026, 1, 1) + timedelta(30 * n))
places = st.sampled_from([*BINHU, "31", "320213", "programme:other"])


@st.composite
def rows(draw):
    found = {}
    for number in range(draw(st.integers(0, 14))):
        start = draw(days)
        end = draw(st.none() | days.filter(lambda d, s=start: d > s))
        row = policy.Row(
            key=draw(st.sampled_from("ab")), jurisdiction=draw(places), valid_from=start, valid_to=end, value=number,
            severity="warn", status=draw(st.sampled_from(["draft", "confirmed"])),
            origin=draw(st.sampled_from(["shipped", "local"])), source="",
        )  # fmt: skip
        found[row.key, row.jurisdiction, row.origin, row.valid_from, row.status] = row  # the table's own uniqueness
    return draw(st.permutations(list(found.values())))


def naive(table, on, chain, key):
    """Valid on the day → most specific jurisdiction → local before shipped → latest, one step after the other."""
    valid = [r for r in table if r.key == key and r.valid_from <= on and (r.valid_to is None or on < r.valid_to)]
    for jurisdiction in reversed(chain):
        here = [r for r in valid if r.jurisdiction == jurisdiction]
        for origin in ("local", "shipped"):
            candidates = [r for r in here if r.origin == origin]
            latest = [r for r in candidates if all(r.valid_from >= other.valid_from for other in candidates)]
            if latest:  # a confirmed row and the draft of its correction begin on the same day
                return next((r for r in latest if r.status == "confirmed"), latest[0])
    return None


@given(rows(), days, st.sampled_from([BINHU, BINHU[:4], BINHU[:2], BINHU[:1], ["national", "31"]]))
def test_look_up_equals_the_naive_reading(table, on, chain):
    picked = policy.pick(table, on, chain)
    for key in "ab":
        assert picked.get(key) == naive(table, on, chain, key)


def row(key="k", jurisdiction="national", start="2020-01-01", end=None, origin="shipped", **extra):
    return policy.Row(
        key, jurisdiction, date.fromisoformat(start), date.fromisoformat(end) if end else None, extra.get("value", 1),
        extra.get("severity", "block"), extra.get("status", "confirmed"), origin, extra.get("source", "甲"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "value"),
    [("2019-12-31", None), ("2020-01-01", 1), ("2021-12-31", 1), ("2022-01-01", 2), ("2023-01-01", None)],
)
def test_borders_of_validity_are_half_open(on, value):
    table = [row(end="2022-01-01"), row(start="2022-01-01", end="2023-01-01", value=2)]
    picked = policy.pick(table, date.fromisoformat(on), ["national"])
    assert (picked["k"].value if picked else None) == value


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("national", ["national"]),
        ("jiangsu", ["national", "32"]),
        ("binhu", BINHU),
        ("", ["national"]),
        ("32/3202/320211/320211004/", ["national", "32", "3202", "320211"]),
        ("32/3202/320211/320211004/320211004001/", ["national", "32", "3202", "320211"]),
        ("3210", ["national", "32", "3210"]),
        ("110101", ["national", "11", "1101", "110101"]),
    ],
)
def test_chains(place, expected):
    assert policy.chain(place) == expected


def test_a_programme_ends_the_chain():
    assert policy.chain("320211", "venture-2026")[-1] == "programme:venture-2026"
    assert policy.chain("jiangsu", "programme:x") == ["national", "32", "programme:x"]


@pytest.mark.parametrize("place", ["beijing", "32a", "３２"])
def test_an_unknown_place_is_refused(place):
    with pytest.raises(ValueError, match="没有这个参数方案或区划"):
        policy.chain(place)


MESSAGES = {"X-1": "甲{n}", "X-1.soft": "乙"}


def limits(**rows_by_key):
    return Limits({key: Limit(key=key, **values) for key, values in rows_by_key.items()}, MESSAGES)


@pytest.mark.parametrize(
    ("rule", "param", "told"),
    [("confirmed", "confirmed", "block"), ("draft", "confirmed", "warn"), ("confirmed", "draft", "warn")],
)
def test_a_draft_warns_at_most(rule, param, told):
    held = Limits(
        {"X-1": Limit("X-1", True, Severity.BLOCK, "源甲", rule), "p": Limit("p", 3, Severity.WARN, "源乙", param)},
        MESSAGES,
    )
    finding = held.finding("X-1", uses=("p",), n=2)
    assert (str(finding.severity), finding.text, finding.source) == (told, "甲2", "源甲；源乙")
    assert finding.params_used == {"p": 3}


def test_a_variant_weighs_by_its_own_row():
    held = Limits(
        {"X-1": Limit("X-1", True, Severity.BLOCK), "X-1.soft": Limit("X-1.soft", True, Severity.INFO)}, MESSAGES
    )
    assert held.finding("X-1", variant="soft").severity == Severity.INFO
    assert held.finding("X-1", n=1).severity == Severity.BLOCK


def test_a_moment_has_its_own_row():
    held = Limits(
        {"X-1": Limit("X-1", True, Severity.BLOCK), "X-1@import": Limit("X-1@import", True, Severity.CONFIRM)}, MESSAGES
    )
    assert held.at("import").finding("X-1", n=1).severity == Severity.CONFIRM
    assert held.at("save").finding("X-1", n=1).severity == Severity.BLOCK
    assert held.at("import") is held.at("import")


def test_only_new_findings_are_told():
    held = Limits({"X-1": Limit("X-1", True, Severity.WARN)}, MESSAGES)
    old, new = held.finding("X-1", n=1), held.finding("X-1", n=2)
    assert only_new([old, new], [old]) == [new]


def test_no_calendar_means_provisional():
    held = Limits({}, {})
    assert held.calendar.add_workdays(ON, 1).provisional
    assert Limits({}, {}, lambda: Calendar([(ON, True, "")])).calendar.years == {2026}


def write(key, value, jurisdiction="national", start="2020-01-01", **extra):
    extra.setdefault("origin", "shipped")
    return Parameter.objects.create(
        key=key, value=value, jurisdiction=jurisdiction, valid_from=date.fromisoformat(start), **extra
    )


@pytest.mark.django_db
class TestTable:
    def test_an_empty_table_holds_the_release(self):
        assert policy.limits(ON, policy.chain("binhu"))["uscc.len"] == 18
        assert len(policy.rows_in_force()) == len(registries.parameters)

    def test_local_rows_join_the_release_where_init_has_not_run(self):
        who = factories.user("e"), factories.user("c")
        write("uscc.len", 17, "320211", origin="local", status="confirmed", edited_at=AT, edited_by=who[0],
              confirmed_at=AT, confirmed_by=who[1])  # fmt: skip
        assert policy.limits(ON, policy.chain("320211"))["uscc.len"] == 17
        assert policy.limits(ON, policy.chain("320213"))["uscc.len"] == 18

    def test_changes_are_noticed(self, django_assert_num_queries):
        write("t.a", 1)
        first = policy.limits(ON, ["national", "32"])
        assert first["t.a"] == 1
        with django_assert_num_queries(1):
            assert policy.limits(ON, ["national", "32"]) is first
        made = write("t.a", 2, "32", origin="local", status="draft", edited_at=AT, edited_by=factories.user("e"))
        assert policy.limits(ON, ["national", "32"])["t.a"] == 2
        made.withdrawn_at = AT
        made.save()
        assert policy.limits(ON, ["national", "32"])["t.a"] == 1
        assert policy.limits(ON, ["national", "32"], keys=["t.b"]).names() == []
        assert policy.limits(ON, ["national", "32"], keys=["t.a"]).names() == ["t.a"]

    def test_a_rolled_back_change_leaves_nothing(self):
        from django.db import transaction

        write("t.a", 1)
        assert policy.limits(ON, ["national"])["t.a"] == 1

        class Stop(Exception):
            pass

        for number in (2, 3):
            with pytest.raises(Stop), transaction.atomic():
                write("t.a", number, start=f"2021-01-0{number}", edited_at=AT + timedelta(number))
                assert policy.limits(ON, ["national"])["t.a"] == number
                raise Stop
        assert policy.limits(ON, ["national"])["t.a"] == 1

    def test_the_calendar_follows_its_table(self, django_assert_num_queries):
        day = CalendarDay.objects.create(date=date(2027, 10, 1), is_workday=False, label="国庆节")
        calendar = policy.calendar.workdays()
        assert calendar.label(date(2027, 10, 1)) == "国庆节"
        with django_assert_num_queries(1):
            assert policy.calendar.workdays() is calendar
        day.label, day.edited_at = "中秋节", AT
        day.save()
        assert policy.calendar.workdays().label(date(2027, 10, 1)) == "中秋节"

    def test_a_rule_is_switched_off_for_one_office_from_a_day(self):
        who = factories.user("e"), factories.user("c")
        write("ORG-ID-06", False, "320211", "2026-11-01", origin="local", severity="block", status="confirmed",
              edited_at=AT, edited_by=who[0], confirmed_at=AT, confirmed_by=who[1])  # fmt: skip
        day = date(2026, 10, 31)
        assert policy.limits(day, policy.chain("320211")).is_on("ORG-ID-06")
        assert not policy.limits(day + timedelta(1), policy.chain("320211")).is_on("ORG-ID-06")
        assert policy.limits(day + timedelta(1), policy.chain("320213")).is_on("ORG-ID-06")


def test_an_unknown_moment_is_refused():
    with pytest.raises(ValueError, match="lunch"):
        policy.evaluate("lunch", None, Limits({}, {}), ON)


def test_rules_are_judged_by_their_own_jurisdiction():
    rows_ = policy.shipped_rows()
    registrar = policy.build(rows_, ON, policy.chain("national"))
    domicile = policy.build(rows_, ON, policy.chain("binhu"))
    spec = registries.rules["FIL-01"]
    facts = spec.parse({"kind": "BA", "filing_no": "1", "member_count": 4})
    by = {"registrar": registrar, "domicile": domicile}
    assert [f.code for f in policy.evaluate("save", facts, by, ON)] == ["FIL-01"]
    assert policy.evaluate("save", facts, {"registrar": domicile, "domicile": registrar}, ON) == []
