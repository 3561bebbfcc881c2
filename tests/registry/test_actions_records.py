"""Ratings, honours and credit lists by hand, with the rules at their moments."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.models import AuditEvent, Parameter
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import credit, honours, ratings
from liaoyuan.registry.choices import Event
from liaoyuan.registry.models import OPEN, CreditEntry, Honour, Organization, Rating
from tests.core.factories import user
from tests.registry import factories as make

NOW = make.AT
TODAY = date(2026, 10, 26)


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


@pytest.fixture
def made(areas):
    return make.organization("甲示例中心", street=areas["heli"], registered_on=date(2015, 5, 4))


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def rate(made, officer, level="4A", on=date(2023, 6, 1), until=None, **more):
    return ratings.add(
        organization=made, level=level, rated_on=on, until=until, evidence="", by=officer, at=NOW, **more
    )


def spans(made):
    return [(r.level, r.valid_from, r.valid_to) for r in Rating.objects.current().filter(organization=made)]


def test_a_rating_without_an_end_lasts_sixty_months(made, officer):
    rate(made, officer)
    assert spans(made) == [("4A", date(2023, 6, 1), date(2028, 6, 2))]
    version = made.version
    made.refresh_from_db()
    assert made.version == version + 1
    assert AuditEvent.objects.get(code=Event.RATED).payload["on"] == "2023-06-01"


def test_a_new_rating_ends_the_one_before_and_ends_where_a_later_one_begins(made, officer):
    rate(made, officer, "3A", date(2020, 1, 1), date(2024, 12, 31))
    rate(made, officer, "5A", date(2025, 1, 1), date(2029, 12, 31))
    rate(made, officer, "4A", date(2022, 1, 1), date(2026, 12, 31))
    assert spans(made) == [
        ("3A", date(2020, 1, 1), date(2022, 1, 1)), ("4A", date(2022, 1, 1), date(2025, 1, 1)),
        ("5A", date(2025, 1, 1), date(2030, 1, 1)),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        rate(made, officer, "2A", date(2022, 1, 1))
    assert codes(refused) == {"RAT-TWICE"}


def test_dates_of_a_rating(made, officer):
    with pytest.raises(Refused) as refused:
        rate(made, officer, until=date(2023, 5, 31))
    assert codes(refused) == {"RAT-DATES"}
    with pytest.raises(Refused) as refused:
        rate(made, officer, on=date(2015, 5, 3))
    assert codes(refused) == {"RAT-EARLY"}
    assert spans(made) == []


def test_on_the_serious_list_there_is_no_rating(made, officer):
    make.credit(made, "serious", date(2024, 1, 1))
    with pytest.raises(Refused) as refused:
        rate(made, officer, on=date(2024, 1, 1))
    assert "CRD-04" in codes(refused)
    rate(made, officer, on=date(2023, 12, 31))
    assert len(spans(made)) == 1


def test_a_slip_is_taken_back_once(made, officer):
    row = rate(made, officer)
    ratings.remove(rating=row, by=officer, at=NOW)
    assert spans(made) == []
    with pytest.raises(Refused):
        ratings.remove(rating=row, by=officer, at=NOW)


def test_honours_are_entered_and_taken_back(made, officer):
    given = {"organization": made, "title": "示例荣誉", "level": "city", "issuer": "无锡市", "evidence": "",
             "by": officer, "at": NOW}  # fmt: skip
    row = honours.add(**given, given_on=date(2024, 3, 5), until=date(2025, 3, 4))
    assert (row.valid_from, row.valid_to) == (date(2024, 3, 5), date(2025, 3, 5))
    assert honours.add(**given, given_on=date(2024, 3, 5), until=None).valid_to == OPEN
    with pytest.raises(Refused):
        honours.add(**given, given_on=date(2024, 3, 5), until=date(2024, 3, 4))
    honours.remove(honour=row, by=officer, at=NOW)
    assert Honour.objects.current().count() == 1


def enter(made, by, kind="abnormal", on=date(2026, 10, 20), arisen=None):
    given = {"organization": made, "list_kind": kind, "reason": "未报送年报", "evidence": ""}
    return credit.enter(**given, listed_on=on, arisen_on=arisen, by=by, at=NOW)


def test_late_entry_of_credit_information_is_remarked(made, officer):
    enter(made, officer, arisen=date(2026, 9, 1))
    event = AuditEvent.objects.get(code=Event.LISTED)
    assert [finding["code"] for finding in event.payload["findings"]] == ["CRD-01"]
    other = make.organization("乙示例中心")
    enter(other, officer, arisen=date(2026, 10, 20))
    assert "findings" not in AuditEvent.objects.filter(code=Event.LISTED).latest("pk").payload


def test_nobody_stands_twice_on_one_list(made, officer):
    enter(made, officer)
    with pytest.raises(Refused) as refused:
        enter(made, officer)
    assert codes(refused) == {"CRD-TWICE"}
    enter(made, officer, "serious")
    with pytest.raises(Refused) as refused:
        enter(make.organization(), officer, on=TODAY + timedelta(days=1))
    assert codes(refused) == {"CRD-LATE"}


def test_the_serious_list_is_left_after_two_clean_years_only(made, officer):
    entry = make.credit(made, "serious", date(2024, 10, 26))
    given = {"entry": entry, "reason": "已整改", "by": officer, "at": NOW}
    with pytest.raises(Refused) as refused:
        credit.remove(**given, removed_on=date(2026, 10, 25))
    assert codes(refused) == {"CRD-03"}
    with pytest.raises(Refused) as refused:
        credit.remove(**given, removed_on=date(2026, 10, 26), last_breach_on=date(2025, 1, 1))
    assert codes(refused) == {"CRD-03"}
    ended = credit.remove(**given, removed_on=date(2026, 10, 26))
    assert (ended.valid_from, ended.valid_to, ended.removal_reason) == (date(2024, 10, 26), TODAY, "已整改")
    assert CreditEntry.objects.current().count() == 1
    with pytest.raises(Refused) as refused:
        credit.remove(**given, removed_on=date(2026, 10, 26))
    assert codes(refused) == {"CRD-GONE"}


def test_the_border_of_the_serious_list_follows_its_parameter(made, officer):
    entry = make.credit(made, "serious", date(2025, 10, 26))
    Parameter.objects.create(
        key="credit.serious_months", jurisdiction="320211", valid_from=date(2020, 1, 1), value=12, status="confirmed",
        origin="local", confirmed_at=NOW, confirmed_by=user("second"),
    )  # fmt: skip
    credit.remove(entry=entry, removed_on=TODAY, reason="已整改", by=officer, at=NOW)
    assert Organization.objects.get(pk=made.pk).version == made.version + 1


def test_permissions(made, areas):
    leader = user("leader", ("leadership", "area", "320211"))
    street = user("street", ("street_office", "area", "320211001"))
    for who in (leader, street):
        with pytest.raises(PermissionDenied):
            enter(made, who)
        with pytest.raises(PermissionDenied):
            rate(made, who)
    filed = make.organization("丙示例队", "BA", street=areas["heli"])
    honours.add(organization=filed, title="示例", level="district", issuer="", given_on=TODAY, until=None, evidence="",
                by=street, at=NOW)  # fmt: skip
