"""整理清单: gaps and what the rules say of stored bodies, by street; mended and new are told from the beginning."""

from datetime import date, timedelta

import pytest

from liaoyuan.core import policy
from liaoyuan.core.models import ImportBatch, ImportRow, Parameter
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries import baseline as queries
from liaoyuan.registry.queries import facts
from tests.core.factories import AT
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)
LATER = AT + timedelta(days=10)


@pytest.fixture
def areas():
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer("officer")


WHOLE = {"legal_representative": "赵甲子", "capital_fen": 3_000_000, "field": "09"}


def whole(areas, **facts):
    """A body that lacks nothing."""
    return make.organization(
        street=areas["heli"], community_id=areas["huihe"].pk, **{**WHOLE, **facts}
    )  # fmt: skip


def found(user, areas, on=TODAY):
    return queries.baseline(user, areas["district"], on)


def codes(user, areas, on=TODAY):
    return sorted((line.organization, line.code) for line in found(user, areas, on).lines)


def test_a_whole_body_has_nothing_to_mend(officer, areas):
    whole(areas)
    assert codes(officer, areas) == []
    assert (found(officer, areas).initial, found(officer, areas).bodies) == (0, 1)


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("DATA-PERSON", {"legal_representative": ""}),
        ("DATA-CAPITAL", {"capital_fen": None}),
        ("DATA-FIELD", {"field": ""}),
        ("DATA-BEGIN", {"registered_on": None}),
        ("DATA-CERTIFICATE", {"certificate_to": TODAY - timedelta(days=1)}),
        ("GOV-05", {"term_to": TODAY - timedelta(days=1)}),
        ("ORG-ID-01", {"code": ""}),
    ],
)
def test_each_gap_is_found_where_it_is(officer, areas, code, facts):
    whole(areas)
    made = whole(areas, **facts)
    assert codes(officer, areas) == [(made.pk, code)]
    (line,) = found(officer, areas).lines
    assert line.column == "320211001"
    assert line.text
    assert queries.title_of(code)


def test_unknown_places_stand_in_a_column_of_their_own(officer, areas):
    make.organization(**WHOLE)
    make.organization(street=areas["heli"], **WHOLE)
    make.organization(street=areas["other_street"], **WHOLE)
    counts = found(officer, areas).counts
    assert counts == {
        ("DATA-STREET", "none"): 1, ("DATA-COMMUNITY", "320211001"): 1, ("DATA-COMMUNITY", "outside"): 1,
    }  # fmt: skip
    assert [key for key, _title in found(officer, areas).columns] == ["320211001", "320211004", "outside", "none"]


def test_closed_void_and_external_bodies_are_not_asked(officer, areas):
    whole(areas, capital_fen=None, closed_on=date(2020, 1, 1))
    whole(areas, capital_fen=None, is_external=True)
    assert codes(officer, areas) == []


def test_a_street_sees_its_own_bodies_by_community(areas):
    make.organization(street=areas["heli"], community_id=areas["huihe"].pk, **{**WHOLE, "field": ""})
    make.organization(street=areas["liyuan"], community_id=areas["dongyuan"].pk, **{**WHOLE, "field": ""})
    make.organization(kind="BA", street=areas["heli"], community_id=areas["huihe"].pk)
    office = make.user("heli", ("street_office", "area", "320211001"), is_demo=True)
    told = queries.baseline(office, areas["heli"], TODAY)
    assert told.counts == {("DATA-FIELD", "320211001004"): 1, ("DATA-PERSON", "320211001004"): 1}
    assert told.bodies == 2
    assert queries.baseline(office, areas["liyuan"], TODAY).bodies == 0


def test_mending_is_counted_from_what_was_known_at_the_beginning(officer, areas):
    one, two = whole(areas, capital_fen=None, field=""), whole(areas, field="")
    assert (found(officer, areas).initial, found(officer, areas).fixed) == (3, 0)
    make.changed(one, TODAY, at=LATER, correction=True, capital_fen=5_000_000)
    told = found(officer, areas)
    assert (told.initial, told.fixed, told.new, len(told.lines)) == (3, 1, 0, 2)
    make.changed(two, TODAY, at=LATER, legal_representative="")
    told = found(officer, areas)
    assert (told.initial, told.fixed, told.new, len(told.lines)) == (3, 1, 1, 3)


def test_a_day_that_passes_later_is_new_and_was_not_there_at_the_beginning(officer, areas):
    whole(areas, certificate_to=date(2026, 12, 1))
    whole(areas, certificate_to=date(2026, 10, 1))
    assert (found(officer, areas).initial, found(officer, areas).new) == (1, 0)
    told = found(officer, areas, on=date(2026, 12, 2))
    assert (told.initial, told.fixed, told.new, len(told.lines)) == (1, 0, 1, 2)


def test_a_code_that_the_importer_doubted_counts_as_mended_once_it_is_right(officer, areas):
    made = whole(areas)
    batch = ImportBatch.objects.create(
        kind="organizations", state="applied", file_name="a.xlsx", sha256="0" * 64, file_key="k", as_of=TODAY,
        area=areas["district"], created_at=AT, created_by=officer, applied_at=AT, applied_by=officer,
    )  # fmt: skip
    ImportRow.objects.create(
        batch=batch, number=5, verdict="review", action="create", confirmed=True, object_id=made.pk,
        findings=[{"code": "ORG-ID-02", "severity": "confirm"}, {"code": "CELL", "severity": "confirm"}],
    )  # fmt: skip
    make.changed(made, TODAY, at=LATER, note="已核对证书")
    told = found(officer, areas)
    assert (told.initial, told.fixed, len(told.lines)) == (1, 1, 0)


def test_a_rule_switched_off_says_nothing(officer, areas):
    made = whole(areas, code=make.code("MF", 7, "320299"))
    assert codes(officer, areas) == [(made.pk, "ORG-ID-04")]
    Parameter.objects.create(
        key="registrar.divisions", jurisdiction="320211", valid_from=date(2020, 1, 1), severity="warn",
        value={"320211": ["320299"]}, status="confirmed", origin="local", source="撤并", edited_at=AT,
        edited_by=officer, confirmed_at=AT, confirmed_by=make.user("second"),
    )  # fmt: skip
    policy.forget()
    assert codes(officer, areas) == []


def test_bulk_facts_say_what_the_rules_say_one_by_one(officer, areas):
    """The same findings as asking `facts.of_stored` for each body, on a register full of faults."""
    make.many(1, registrar=areas["district"], streets=[areas["heli"], areas["liyuan"]])
    twin = whole(areas, name="滨湖区同名服务中心", code=make.code("MF", 900_001))
    whole(areas, name="滨湖区同名服务中心", code=make.code("MF", 900_002))
    make.rating(twin, start=date(2023, 1, 1), end=date(2028, 1, 1))
    limits = policy.limits(TODAY, policy.chain("320211"))
    wanted = set()
    for standing in Standing.objects.now_open().live().select_related("organization", "registrar_area")[:400]:
        told = policy.evaluate("save", facts.of_stored(standing, TODAY), limits, TODAY)
        wanted |= {(standing.organization_id, f.code) for f in told if f.severity != "info"}
        daily = policy.evaluate("daily", facts.of_stored(standing, TODAY), limits, TODAY)
        wanted |= {(standing.organization_id, f.code) for f in daily if "last" not in f.args}
    first = {pk for pk, _code in wanted}
    table = {
        (line.organization, line.code)
        for line in found(officer, areas).lines
        if not line.code.startswith("DATA-") and line.code != "ORG-ID-05" and line.organization in first
    }
    assert table == {(pk, code) for pk, code in wanted if code != "ORG-ID-05"}
    assert [line.code for line in found(officer, areas).lines if line.organization == twin.pk] == ["ORG-ID-05"]
