"""Rounds: opened from last year's dates in some few statements, once; the board counts what a plain count counts."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from liaoyuan.core.actions import calendar as calendar_actions
from liaoyuan.core.actions import parameters
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import annual
from liaoyuan.registry.models import AnnualReport, AnnualRound, AnnualTerm, Standing
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries.annual import Term
from tests.registry import factories as make

AT = datetime(2026, 1, 12, 2, 0, tzinfo=UTC)
YEAR = 2025


@pytest.fixture
def areas(db):
    found = make.binhu()
    calendar_actions.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    return found


def opened(areas, year: int = YEAR, at=AT, terms=None, by=make.OPERATOR, **more) -> AnnualRound:
    """A round with the dates it would have."""
    found, _before = queries.proposed(areas["district"], year, at.date())
    return annual.open_round(area=areas["district"], year=year, terms=terms or found, by=by, at=at, **more)


def test_the_law_s_dates_hold_without_a_year_before(areas):
    told, before = queries.proposed(areas["district"], YEAR, AT.date())
    assert before is None
    assert [(t.kind, t.cutoff_on, t.supervisor_due, t.review_due, t.registrar_due) for t in told] == [
        ("ST", date(2025, 12, 31), date(2026, 3, 31), date(2026, 5, 31), date(2026, 5, 31)),
        ("MF", date(2025, 6, 30), date(2026, 3, 31), date(2026, 5, 31), date(2026, 5, 31)),
        ("JJ", date(2025, 12, 31), None, None, date(2026, 3, 31)),
    ]


def test_last_year_s_dates_are_moved_a_year(areas):
    make.organization(kind="ST", registered_on=date(2010, 1, 1))
    own = [Term("ST", date(2024, 2, 29), date(2025, 3, 14), date(2025, 4, 30), date(2025, 6, 15))]
    opened(areas, 2024, terms=own)
    told, before = queries.proposed(areas["district"], YEAR, AT.date())
    assert before is not None
    assert told == [Term("ST", date(2025, 2, 28), date(2026, 3, 14), date(2026, 4, 30), date(2026, 6, 15), True)]
    assert opened(areas).copied_from == before


def test_who_takes_part(areas):
    scope = {
        make.organization("示例一", "MF", registered_on=date(2025, 6, 30)).pk,
        make.organization("示例二", "ST", registered_on=date(2025, 12, 31)).pk,
        make.organization("示例三", "JJ", registered_on=None).pk,
    }
    make.organization("晚一", "MF", registered_on=date(2025, 7, 1))
    make.organization("晚二", "ST", registered_on=date(2026, 1, 1))
    make.organization("备案", "BA", street=areas["heli"])
    make.organization("注销", "MF", closed_on=date(2025, 9, 1))
    make.organization("邻区", "MF", registrar_area=areas["other"])
    round_ = opened(areas)
    assert set(AnnualReport.objects.filter(round=round_).values_list("organization", flat=True)) == scope


def test_the_form_follows_the_body(areas):
    made = {
        "check": make.organization("甲", "MF", supervisor="滨湖区教育局"),
        "direct": make.organization("乙", "ST", supervisor="直接登记"),
        "foundation": make.organization("丙", "JJ", supervisor="滨湖区民政局"),
        "charity": make.organization("丁", "MF", supervisor="滨湖区民政局", is_charity=True),
    }
    opened(areas)
    found = {row.organization_id: (row.track, row.supervised) for row in AnnualReport.objects.all()}
    assert {name: found[body.pk] for name, body in made.items()} == {
        "check": ("check", True), "direct": ("check", False), "foundation": ("foundation", False),
        "charity": ("charity", False),
    }  # fmt: skip


@pytest.mark.parametrize("scale", [1, 4])
def test_a_round_opens_in_some_few_statements(areas, scale):
    make.many(scale, registrar=areas["district"], streets=[areas["heli"], areas["liyuan"]])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        round_ = opened(areas)
    wanted = Standing.objects.filter(
        superseded_at=None, valid_to=date(9999, 12, 31), status__in=["active", "liquidating"],
    ).filter(
        kind="MF", organization__registered_on__lte=date(2025, 6, 30)
    ).count() + Standing.objects.filter(
        superseded_at=None, valid_to=date(9999, 12, 31), kind__in=["ST", "JJ"],
        organization__registered_on__lte=date(2025, 12, 31),
    ).count()  # fmt: skip
    assert AnnualReport.objects.filter(round=round_).count() == wanted > 500 * scale
    inserts = [q for q in asked.captured_queries if "registry_annualreport" in q["sql"]]
    assert len(asked.captured_queries) <= 30 + len(inserts)
    assert len(inserts) <= 2 + wanted // 500


def test_a_year_is_opened_once(areas):
    make.organization()
    opened(areas)
    with pytest.raises(Refused, match="已经开启过"):
        opened(areas)
    assert AnnualRound.objects.count() == 1


def test_topping_up_twice_adds_once(areas):
    make.organization()
    round_ = opened(areas)
    late = make.organization("补进来的", registered_on=date(2025, 1, 1))
    assert [annual.top_up(round_=round_, by=make.OPERATOR, at=AT) for _ in range(2)] == [1, 0]
    assert AnnualReport.objects.filter(organization=late).count() == 1


@pytest.mark.parametrize(("changes", "word"), [
    ({"supervisor_due": date(2026, 6, 1)}, "依次不早于"),
    ({"supervisor_due": date(2025, 12, 31)}, "年度结束之后"),
    ({"cutoff_on": date(2026, 1, 1)}, "登记截止日不能晚于"),
    ({"registrar_due": date(2028, 1, 1)}, "不能晚于 2027 年底"),
])  # fmt: skip
def test_dates_that_cannot_be(areas, changes, word):
    make.organization()
    given = {"kind": "MF", "cutoff_on": date(2025, 6, 30), "supervisor_due": date(2026, 3, 31),
             "review_due": date(2026, 4, 30), "registrar_due": date(2026, 5, 31), **changes}  # fmt: skip
    with pytest.raises(Refused, match=word):
        opened(areas, terms=[Term(**given)])
    assert not AnnualRound.objects.exists()


def test_a_year_to_come_and_a_year_without_bodies_are_refused(areas):
    make.organization()
    with pytest.raises(Refused, match="年度应在"):
        opened(areas, 2027)
    with pytest.raises(Refused, match="没有应当参加"):
        opened(areas, 2001)


def test_dates_may_be_moved_later(areas):
    make.organization()
    round_ = opened(areas)
    told = [Term("MF", date(2025, 6, 30), date(2026, 4, 15), date(2026, 5, 31), date(2026, 6, 30))]
    annual.change_terms(round_=round_, terms=told, by=make.OPERATOR, at=AT)
    assert AnnualTerm.objects.get(round=round_).registrar_due == date(2026, 6, 30)


def test_the_board_counts_what_a_plain_count_counts(areas):
    make.many(1, registrar=areas["district"], streets=[areas["heli"], areas["liyuan"]])
    round_ = opened(areas)
    reports = AnnualReport.objects.filter(round=round_)
    for number, row in enumerate(reports.order_by("pk")):
        if number % 3 == 0:
            AnnualReport.objects.filter(pk=row.pk).update(state="draft")
    plain = Counter()
    streets = dict(Standing.objects.values_list("organization", "street__name"))
    for row in reports:
        plain[streets[row.organization_id], row.kind, row.state] += 1
    told = {(c.street, c.kind, c.state): c.many for c in queries.cells(reports)}
    assert told == dict(plain)
    on = date(2026, 4, 1)
    asked = queries.asked(reports, on=on, kind="ST", state="draft").count()
    assert asked == sum(n for (_s, kind, state), n in plain.items() if (kind, state) == ("ST", "draft"))
    assert queries.asked(reports, on=on, late=True).count() == reports.count()
    assert queries.asked(reports, on=date(2026, 3, 31), late=True).count() == 0
    soon = reports.close_to(date(2026, 3, 1), date(2026, 3, 31)).count()
    assert soon == reports.count() == sum(plain.values())
    assert reports.close_to(date(2026, 3, 1), date(2026, 3, 30)).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_officers_open_the_same_year_at_once(transactional_db):
    areas = make.binhu()
    parameters.sync_shipped(at=AT)
    for _ in range(3):
        make.organization()
    outcomes = []
    start = threading.Barrier(2)

    def act():
        try:
            start.wait(timeout=20)
            opened(areas)
            outcomes.append("opened")
        except Refused as refused:
            outcomes.append(refused.findings[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["ANNUAL.twice", "opened"]
    assert AnnualRound.objects.count() == 1
    assert AnnualReport.objects.count() == 3


def test_publicity_over_the_year_s_end_is_provisional(areas):
    body = make.organization()
    round_ = opened(areas)
    AnnualReport.objects.filter(organization=body).update(
        state="concluded", result="missed", concluded_on=date(2026, 12, 28), concluded_at=AT
    )
    at = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    done = annual.publish(round_=round_, begins_on=date(2026, 12, 30), by=make.OPERATOR, at=at)
    day, left = date(2026, 12, 30), 5
    while left:  # the year 2027 is not known: Monday to Friday
        day += timedelta(days=1)
        left -= day.weekday() < 5
    assert (done.publicity_to, done.publicity_provisional) == (day, True) == (date(2027, 1, 6), True)
    with pytest.raises(Refused, match="公示期满"):
        annual.close_round(round_=done, by=make.OPERATOR, at=at)
    over = datetime(2027, 1, 7, 2, 0, tzinfo=UTC)
    assert annual.close_round(round_=done, by=make.OPERATOR, at=over).closed_at == over
    with pytest.raises(Refused, match="已经关闭"):
        annual.top_up(round_=done, by=make.OPERATOR, at=over)


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 31),
                                 date(2026, 6, 1)])  # fmt: skip
def test_the_lines_of_the_office_count_as_the_lists_do(areas, day):
    make.many(1, registrar=areas["district"], streets=[areas["heli"]])
    for number in range(6):
        make.organization(f"直接{number}", supervisor="直接登记", code=make.code("MF", 990000 + number))
    round_ = opened(areas)
    reports = AnnualReport.objects.filter(round=round_)
    ids = list(reports.order_by("pk").values_list("pk", flat=True))
    dated = {"submitted_on": date(2026, 3, 1), "submitted_at": AT}
    reports.filter(pk__in=ids[::7], supervised=True).update(state="submitted", **dated)
    reports.filter(pk__in=ids[1::7], supervised=False).update(state="filed", filed_on=date(2026, 3, 1), filed_at=AT)
    told = queries.line_counts([round_.pk], day, {round_.pk: 30})[round_.pk]
    assert told.late == reports.late(day).count()
    assert told.soon == reports.close_to(day, day + timedelta(days=30)).count()
    assert told.waiting == reports.filter(state="filed").count()
