"""Charity: who is recognised, which campaign may start, what it owes to the public; honours for many."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import charity, honours
from liaoyuan.registry.choices import ReportKind
from liaoyuan.registry.models import Campaign, Honour, Organization, Standing
from liaoyuan.registry.queries import charity as queries
from liaoyuan.registry.queries import duties
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 26)
BY = make.OPERATOR


@pytest.fixture(autouse=True)
def ground():
    make.binhu()
    calendar.sync_calendar(at=make.AT)
    parameters.sync_shipped(at=make.AT)


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def recognise(body: Organization, **more) -> Organization:
    given = {"on": ON, "public_fundraising": False, "penalised_on": None, "evidence": "滨民慈〔2026〕1号", **more}
    return charity.recognise(organization=body, by=BY, at=make.AT, **given)


def plan(body: Organization, **more) -> Campaign:
    given = {
        "title": "助学", "plan_number": "", "plan_filed_on": date(2026, 10, 20), "starts_on": ON, "ends_on": None,
        "emergency": False, **more,
    }  # fmt: skip
    return charity.file_plan(organization=body, by=BY, at=make.AT, **given)


def test_a_recognition_holds_from_its_day_and_not_before():
    body = make.organization()
    recognise(body, on=date(2026, 10, 1), public_fundraising=True)
    rows = Standing.objects.current().filter(organization=body).order_by("valid_from")
    assert [(row.valid_from, row.is_charity, row.public_fundraising) for row in rows] == [
        (date(2015, 5, 4), None, None), (date(2026, 10, 1), True, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "wanted"), [("abnormal", {"CHA-01", "CRD-04"}), ("serious", {"CHA-01", "CRD-04"})])
def test_a_listed_body_is_not_recognised(kind, wanted):
    body = make.organization()
    make.credit(body, kind)
    with pytest.raises(Refused) as refused:
        recognise(body)
    assert set(codes(refused)) == wanted
    assert not Standing.objects.filter(organization=body, is_charity=True).exists()


@pytest.mark.parametrize(("penalised_on", "allowed"), [(date(2024, 10, 26), True), (date(2024, 10, 27), False)])
def test_a_penalty_bars_for_two_years(penalised_on, allowed):
    body = make.organization()
    if allowed:
        assert recognise(body, penalised_on=penalised_on)
        return
    with pytest.raises(Refused) as refused:
        recognise(body, penalised_on=penalised_on)
    assert codes(refused) == ["CHA-01"]


def test_a_campaign_needs_the_qualification_and_the_plan_before_its_start():
    body = make.organization(public_fundraising=False)
    with pytest.raises(Refused) as refused:
        plan(body)
    assert codes(refused) == ["CHA-02"]
    body = make.organization(public_fundraising=True)
    for more in ({"plan_filed_on": date(2026, 10, 26), "starts_on": date(2026, 10, 25)}, {"plan_filed_on": None}):
        with pytest.raises(Refused) as refused:
            plan(body, **more)
        assert codes(refused) == ["CHA-02"]
    assert plan(body).pk
    with pytest.raises(Refused, match="同名募捐"):
        plan(body)


def test_an_emergency_files_its_plan_within_ten_days():
    body = make.organization(public_fundraising=True)
    assert plan(body, emergency=True, starts_on=date(2026, 10, 16), plan_filed_on=None).pk
    with pytest.raises(Refused) as refused:
        plan(body, emergency=True, starts_on=date(2026, 10, 15), plan_filed_on=None)
    assert codes(refused) == ["CHA-02"]


def test_what_a_long_campaign_owes_follows_its_reports():
    body = make.organization(public_fundraising=True)
    made = plan(body, starts_on=date(2026, 1, 10), plan_filed_on=date(2026, 1, 5), ends_on=date(2026, 12, 31))

    def owed(on: date):
        (row,) = queries.owed([Campaign.objects.get(pk=made.pk)], on)
        return row.next, [f.code for f in row.findings]

    assert owed(date(2026, 4, 10)) == (("progress", date(2026, 4, 10)), [])
    assert owed(date(2026, 4, 11)) == (("progress", date(2026, 4, 10)), ["CHA-03"])
    charity.report(campaign=made, kind=ReportKind.PROGRESS, published_on=date(2026, 4, 11), where="慈善中国", by=BY,
                   at=make.AT)  # fmt: skip
    assert owed(date(2026, 4, 12)) == (("progress", date(2026, 7, 11)), [])
    with pytest.raises(Refused, match="结束后才能全面公开"):
        charity.report(campaign=made, kind=ReportKind.FINAL, published_on=ON, where="慈善中国", by=BY, at=make.AT)
    assert owed(date(2027, 1, 5)) == (("final", date(2027, 3, 31)), [])
    assert owed(date(2027, 4, 1)) == (("final", date(2027, 3, 31)), ["CHA-03"])
    later = datetime(2027, 3, 1, tzinfo=UTC)
    charity.report(campaign=made, kind=ReportKind.FINAL, published_on=date(2027, 2, 20), where="慈善中国", by=BY,
                   at=later)  # fmt: skip
    assert owed(date(2027, 4, 1)) == (None, [])


def test_a_report_that_falls_due_stands_in_the_officer_s_list():
    body = make.organization(public_fundraising=True)
    plan(body, starts_on=date(2026, 8, 1), plan_filed_on=date(2026, 7, 1), ends_on=date(2027, 6, 1))
    officer = make.officer()
    items, total = duties.reports(user=officer, on=ON, limit=20)
    assert total == 1
    assert items[0].due_on == date(2026, 11, 1)
    assert duties.reports(user=officer, on=date(2026, 9, 1), limit=20)[1] == 0, "further than thirty days ahead"


def test_an_honour_for_many_is_all_or_none_and_not_twice():
    bodies = [make.organization() for _n in range(3)]
    away = make.organization(registrar_area=make.binhu()["other"])
    officer = make.officer()
    told = {"title": "先进社会组织", "level": "district", "issuer": "区民政局", "given_on": ON, "until": None,
            "evidence": "", "by": officer, "at": make.AT}  # fmt: skip
    with pytest.raises(PermissionDenied):
        honours.award(organizations_=[bodies[0].pk, away.pk], **told)
    assert not Honour.objects.exists()
    assert honours.award(organizations_=[body.pk for body in bodies[:2]], **told) == 2
    assert honours.award(organizations_=[body.pk for body in bodies], **told) == 1
    assert Honour.objects.count() == 3
