"""What ends soon: at the borders of the window, in the own scope only, asked of the rules; overdue is never due."""

from datetime import date, timedelta

import pytest

from liaoyuan.core import policy
from liaoyuan.core.models import Parameter
from liaoyuan.core.queries import due as todo
from liaoyuan.registry.queries import baseline, due
from tests.core.factories import AT, area
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)
DAY = timedelta(days=1)


def kinds(user, days=30):
    return [(end.kind, end.organization, end.last) for end in due.ends(user, TODAY, days)]


@pytest.fixture
def areas():
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer("officer")


@pytest.mark.parametrize(("days", "listed"), [(-1, False), (0, True), (30, True), (31, False)])
def test_borders_of_the_window_for_each_kind(officer, areas, days, listed):
    last = TODAY + days * DAY
    certificate = make.organization(certificate_to=last)
    term = make.organization("滨湖区示例促进会", "ST", term_to=last)
    rated = make.organization()
    make.rating(rated, start=date(2021, 1, 1), end=last + DAY)
    filed = make.organization(kind="BA", street=areas["heli"], filing_to=last)
    wanted = {("certificate", certificate.pk), ("term", term.pk), ("rating", rated.pk), ("filing", filed.pk)}
    assert {(kind, pk) for kind, pk, _last in kinds(officer)} == (wanted if listed else set())
    assert all(end == last for _kind, _pk, end in kinds(officer))


def test_a_rating_without_a_printed_end_follows_from_its_day(officer):
    """RAT-03: five years (rating.valid_months = 60) from the day of the rating."""
    soon, later = make.organization(), make.organization()
    make.rating(soon, start=date(2021, 11, 10))
    make.rating(later, start=date(2022, 11, 10))
    assert kinds(officer) == [("rating", soon.pk, date(2026, 11, 10))]


def test_a_renewed_rating_and_closed_bodies_are_not_due(officer):
    renewed = make.organization()
    make.rating(renewed, start=date(2021, 11, 1), end=date(2026, 11, 1))
    make.rating(renewed, "5A", start=date(2026, 10, 1), end=date(2031, 10, 1))
    make.organization(certificate_to=TODAY + 5 * DAY, closed_on=date(2026, 1, 5))
    make.organization(certificate_to=TODAY + 5 * DAY, is_external=True)
    assert kinds(officer) == []


def test_a_rule_that_is_switched_off_reminds_of_nothing(officer):
    made = make.organization(term_to=TODAY + 5 * DAY)
    assert kinds(officer) == [("term", made.pk, TODAY + 5 * DAY)]
    Parameter.objects.create(
        key="GOV-05", jurisdiction="320211", valid_from=TODAY, value=False, severity="warn", status="confirmed",
        origin="local", source="区规程", edited_at=AT, edited_by=officer, confirmed_at=AT,
        confirmed_by=make.user("second"),
    )  # fmt: skip
    policy.forget()
    assert kinds(officer) == []


def test_scope_officer_of_another_district_and_street_office(areas):
    registered = make.organization(certificate_to=TODAY + 5 * DAY, street=areas["heli"])
    here = make.organization(kind="BA", street=areas["heli"], filing_to=TODAY + 6 * DAY)
    there = make.organization(kind="BA", street=areas["liyuan"], filing_to=TODAY + 7 * DAY)
    office = make.user("heli", ("street_office", "area", "320211001"), is_demo=True)
    assert [pk for _kind, pk, _last in kinds(office)] == [here.pk]
    assert [pk for _k, pk, _l in kinds(make.officer("all"))] == [registered.pk, here.pk, there.pk]
    area("320213", "梁溪区", areas["city"])
    assert kinds(make.officer("stranger", ("registry_officer", "area", "320213"))) == []
    reader = make.user("reader", ("leadership", "area", "320211"), is_demo=True)
    assert kinds(reader) == []
    assert todo.todo(reader, TODAY).total == 0


def test_overdue_is_to_be_mended_and_never_due(officer, areas):
    for days in (-400, -30, -1, 0, 1, 30):
        last = TODAY + days * DAY
        make.organization(certificate_to=last, term_to=last)
        make.rating(make.organization(), start=date(2020, 1, 1), end=last + DAY)
        make.organization(kind="BA", street=areas["heli"], filing_to=last)
    due_now = {(kind, pk) for kind, pk, _last in kinds(officer)}
    names = {"RAT-03": "rating", "GOV-05": "term", "FIL-03": "filing", "DATA-CERTIFICATE": "certificate"}
    mend = {
        (names[line.code], line.organization)
        for line in baseline.baseline(officer, areas["district"], TODAY).lines
        if line.code in names
    }
    assert len(due_now) == len(mend) == 12
    assert not due_now & mend


def test_each_line_has_one_button_and_the_day(officer):
    made = make.organization("滨湖区示例甲服务中心", certificate_to=TODAY + 5 * DAY)
    (item,) = todo.todo(officer, TODAY).items
    assert item.url == f"/registry/{made.pk}/"
    assert item.due_on == TODAY + 5 * DAY
    assert item.button
    assert "滨湖区示例甲服务中心" in item.title
