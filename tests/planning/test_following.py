"""A plan followed by the quarter: against a plain count over rows, late things, 待办, what a street sees, the sheet."""

import csv
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.core.actions import cases, deciding
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.party.actions import ceremonies, reorganizing
from liaoyuan.party.models import Founding
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.planning.actions import accepting, plans, proposing
from liaoyuan.planning.models import Plan, PlanUnit
from liaoyuan.planning.queries import following, sight
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.rules.following import is_late, quarter_of, quarters
from tests.planning import planning_ground as ground
from tests.planning.test_instructors import LETTER, instructor, proposed
from tests.planning.test_planning_accepting import fresh_group

WHOLE = Sight(True)
#: An instructor is sent; the day on which all is looked at.
SENT, TODAY = date(2027, 4, 20), date(2027, 4, 26)


def moment(on):
    return datetime(on.year, on.month, on.day, 12, tzinfo=SHANGHAI)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-200, 900))
def test_quarters_hold_every_day_once(first, length):
    last = first + timedelta(days=length)
    told = list(quarters(first, last))
    days = [first + timedelta(days=n) for n in range(max(0, length + 1))]
    assert all(sum(one.holds(day) for one in told) == 1 for day in days)
    assert len(told) == len({(day.year, (day.month - 1) // 3) for day in days})
    assert all((one.year, one.number) == (one.last.year, (one.last.month + 2) // 3) for one in told)
    assert quarter_of(first).first.day == 1 and (quarter_of(first).last + timedelta(days=1)).day == 1


def test_a_quarter_without_a_step_is_late_on_the_day_after():
    assert not is_late(date(2026, 1, 31), date(2026, 4, 30)) and is_late(date(2026, 1, 31), date(2026, 5, 1))


def approved_on(district, lead, head, on):
    plan = ground.planned(district, lead)
    plan = plans.move(plan=plan, code="review", by=lead, at=moment(on))
    return plans.move(plan=plan, code="approve", by=head, at=moment(on))


def decide(made, on, head, lead, decision="approved"):
    case = made.case
    at = moment(on)
    if names := list(case.materials.values_list("name", flat=True)):
        cases.take_papers(case=case, names=names, on=on, by=lead, at=at)
    cases.opine(case=case, outcome="agree", text="同意", by=lead, at=at)
    deciding.decide(case=case, decision=decision, on=on, decision_no="滨社工〔2026〕8号", text="理由", by=head, at=at)


def found(made, area, on, lead):
    made = Founding.objects.select_related("party_organization__area", "area", "ceremony", "case").get(pk=made.pk)
    meeting = ceremonies.convene(area=area, fields={"title": "成立大会", "on": on}, by=lead, at=moment(on))
    ceremonies.found(founding=made, ceremony=meeting, secretary=made.members.first().member, how="appointed", by=lead,
                     at=moment(on))  # fmt: skip


@pytest.fixture
def course(district, lead, head, monkeypatch):
    """Approved in October: a group founded in January, one refused in February, one waiting since November, an
    attachment adjusted in March, an instructor in April.
    """
    plan = approved_on(district, lead, head, date(2026, 10, 27))
    area = district.areas["district"]
    fresh = plan.groups.filter(label=None).exclude(bodies__branch__isnull=False).order_by("number").distinct()
    rows = [*fresh[:2], fresh.last()]
    made = []
    for number, (row, on) in enumerate(
        zip(rows, (date(2026, 11, 6), date(2027, 1, 5), date(2026, 11, 8)), strict=True)
    ):
        got = accepting.accept_group(group=row, superior=district.committee, name=f"演示第{number}联合党支部",
                                     submit=True, confirmed=True, by=lead, at=moment(on))  # fmt: skip
        made.append(Founding.objects.select_related("case").get(pk=got.founding_id))
    decide(made[0], date(2026, 12, 3), head, lead)
    found(made[0], area, date(2027, 1, 9), lead)
    decide(made[1], date(2027, 2, 4), head, lead, decision="refused")
    unit = PlanUnit.objects.get(plan=plan, place="attached", organization=district.lone)
    taken = accepting.accept_unit(unit=unit, submit=False, by=lead, at=moment(date(2027, 3, 1)))
    change = reorganizing.submit(row=taken.change, by=lead, at=moment(date(2027, 3, 1)), confirmed=True)
    decide(change, date(2027, 3, 3), head, lead)
    instructor(area, lead, "甲指导员", unit="河埒街道党建办")
    row = proposed(plan, lead, moment(SENT))
    line = row.lines.filter(instructor__isnull=False).first()
    told = proposing.accept(proposal=row, lines=[line.pk], by=lead, at=moment(SENT),
                             **{**LETTER, "start": SENT})  # fmt: skip
    assert told.done
    monkeypatch.setenv("LIAOYUAN_NOW", "2027-04-26T12:00:00")
    return Plan.objects.select_related("scenario__area").get(pk=plan.pk), rows, made, unit


@pytest.mark.django_db
def test_quarters_are_a_plain_count(course, district):
    plan, rows, _made, unit = course
    told = {line.pk: line for line in following.lines(plan, WHOLE, TODAY)}
    assert list(told) == ["2027-2", "2027-1", "2026-4"]
    got = {
        key: (line.accepted, line.approved, line.founded, line.refused, line.waiting, line.unfounded, line.instructors)
        for key, line in told.items()
    }
    assert got == {"2026-4": (2, 1, 0, 0, 1, 1, 0), "2027-1": (2, 1, 2, 1, 1, 0, 0), "2027-2": (0, 0, 0, 0, 1, 0, 1)}
    area = district.areas["district"]
    bodies = set(plan.bodies.values_list("organization_id", flat=True))
    for key, line in told.items():
        whole = figures.figures(Asked(area, line.on))[0]
        assert (line.base, line.live, line.worked) == (whole.base, whole.covered, whole.worked), key

    def live(on):
        return set(figures.covers(Asked(area, on)).values_list("organization_id", flat=True)) & bodies

    joined = set(rows[0].bodies.values_list("organization_id", flat=True)) | {unit.organization_id}
    assert live(date(2027, 3, 31)) - live(date(2026, 12, 31)) == joined
    assert [told[key].covered for key in ("2026-4", "2027-1", "2027-2")] == [0, len(joined), 0]
    assert told["2027-2"].worked == told["2027-2"].live + 1


@pytest.mark.django_db
def test_what_is_late_and_its_next_step(client, course, lead, district):
    plan, _rows, made, _unit = course
    (late,) = [one for one in following.late(plan, WHOLE, TODAY) if "形式覆盖" not in one.why]
    assert late.url == reverse("party:founding_detail", args=[made[2].pk])
    assert (late.since, late.next) == (date(2026, 11, 8), "上级党组织批复")
    items, total = following.todo(user=lead, on=TODAY, limit=5)
    assert total == 1 and items[0].due_on == date(2027, 2, 8)
    assert items[0].url == reverse("planning:plan_follow", args=[plan.pk])
    assert following.todo(user=lead, on=date(2027, 2, 8), limit=5) == ([], 0)
    # the branch of January has held nothing for more than three months by April; in March nobody asks
    assert not [one for one in following.late(plan, WHOLE, date(2027, 3, 1)) if "形式覆盖" in one.why]
    quiet = [one for one in following.late(plan, WHOLE, TODAY) if "形式覆盖" in one.why]
    assert [one.url for one in quiet] == [
        reverse("party:organization_detail", args=[Founding.objects.get(pk=made[0].pk).party_organization_id])
    ]
    client.force_login(lead)
    text = client.get(reverse("planning:plan_follow", args=[plan.pk])).text
    assert "2027 年第 1 季度" in text and "超过一个季度没有进展" in text and late.name in text
    rows = client.get(reverse("planning:follow_export", args=[plan.pk, "csv"]))
    lines = list(csv.reader(b"".join(rows.streaming_content).decode("utf-8-sig").splitlines()))
    assert [line[0] for line in lines[1:]] == ["2026 年第 4 季度", "2027 年第 1 季度", "2027 年第 2 季度"]
    assert lines[2][2:8] == ["2", "1", "2", "1", "1", "0"]


@pytest.mark.django_db
def test_a_street_counts_its_own_part_and_others_see_nothing(client, course, street, district):
    plan = course[0]
    seen = sight.of(street, plan.scenario.area)
    mine = following.lines(plan, seen, TODAY)
    whole = following.lines(plan, WHOLE, TODAY)
    groups = seen.groups(plan).filter(accepted_at__isnull=False).count()
    units = seen.units(plan).filter(accepted_at__isnull=False).count()
    assert sum(line.accepted for line in mine) == groups + units < sum(line.accepted for line in whole)
    assert [line.live for line in mine] == [line.live for line in whole]
    assert following.todo(user=street, on=TODAY, limit=5) == ([], 0)
    client.force_login(street)
    assert "只计本街道" in client.get(reverse("planning:plan_follow", args=[plan.pk])).text


@pytest.mark.django_db
def test_a_plan_that_is_not_approved_has_no_quarters(client, district, lead):
    plan = ground.planned(district, lead)
    client.force_login(lead)
    assert client.get(reverse("planning:plan_follow", args=[plan.pk])).status_code == 404
    assert following.lines(plan, WHOLE, TODAY) == []


@pytest.mark.django_db
def test_an_approved_plan_without_anything_accepted(client, district, lead, head):
    plan = approved_on(district, lead, head, ground.DAY)
    client.force_login(lead)
    text = client.get(reverse("planning:plan_follow", args=[plan.pk])).text
    assert "没有逾期的" in text and "2026 年第 4 季度" in text
    (line,) = following.lines(Plan.objects.get(pk=plan.pk), WHOLE, ground.DAY)
    assert (line.accepted, line.covered, line.instructors) == (0, 0, 0)
    assert fresh_group(plan) is not None
