"""Trials of parameters: the same as judging each application from scratch, to the fen, in bounded memory, kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.core import jobs
from liaoyuan.core.models import AuditEvent, Job
from liaoyuan.funding.actions import trials as actions
from liaoyuan.funding.models import Project, Trial, TrialLine
from liaoyuan.funding.queries import trial_results, trials
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT, user
from tests.funding import ground, trying

pytestmark = pytest.mark.django_db
WAN = 1_000_000


@pytest.fixture
def by(areas):
    return trying.trier()


def lines(trial):
    return {line.project_id: line for line in trial.lines.all()}


def test_a_lower_share_bars_exactly_those_that_lie_between_to_the_fen(round_, body, by):
    """50 % → 30 % of 100,000 yuan: from 30,000.01 on, and whatever was above 50,000 was barred before."""
    total = 10 * WAN
    pays = [0, 2_999_999, 3_000_000, 3_000_001, 4_999_999, 5_000_000, 5_000_001, total]
    rows = [trying.put(round_, body, n, total, pay, state="returned") for n, pay in enumerate(pays)]
    found = lines(trying.tried([round_], {"gv.staff.percent": 30}, by))
    kinds = {row.pay_fen: found[row.pk].kind for row in rows if row.pk in found}
    assert kinds == {3_000_001: "barred", 4_999_999: "barred", 5_000_000: "barred", 5_000_001: "told", total: "told"}
    between = next(found[row.pk] for row in rows if row.pay_fen == 3_000_001)
    assert (between.before, between.after) != ("block", "block") and between.after == "block"
    new = [one for one in between.findings if one["way"] == "new"]
    assert [one["code"] for one in new] == ["GV-BUD-01"]
    assert ["gv.staff.percent", 50, 30] in new[0]["figures"] and "0.01 元" in new[0]["message"] and new[0]["source"]
    assert between.grant_fen == total - total // 10


def test_a_higher_share_frees_exactly_those_that_lie_between(round_, body, by):
    rows = [trying.put(round_, body, n, 10 * WAN, pay, state="ineligible")
            for n, pay in enumerate((5_000_000, 5_000_001, 6_000_000, 6_000_001))]  # fmt: skip
    found = lines(trying.tried([round_], {"gv.staff.percent": 60}, by))
    assert {row.pay_fen: found[row.pk].kind for row in rows if row.pk in found} == {
        5_000_001: "freed", 6_000_000: "freed", 6_000_001: "told"
    }  # fmt: skip


_VALUES = st.fixed_dictionaries({}, optional={
    "gv.staff.percent": st.sampled_from([None, 0, 30, 45, 50, 51, 100]),
    "gv.cap_project_fen": st.sampled_from([None, 5 * WAN, 9 * WAN, 9 * WAN - 1, 30 * WAN]),
    "gv.grant_max_percent": st.sampled_from([None, 80, 90, 91]), "gv.own_min_percent": st.sampled_from([None, 10, 11]),
    "gv.max_apply": st.sampled_from([1, 3, 9]), "gv.types": st.sampled_from([["MF"], ["ST"], ["ST", "MF", "JJ"]]),
    "gv.period_max_months": st.sampled_from([None, 6, 12]), "gv.min_age_months": st.sampled_from([None, 12, 600]),
    "gv.similar.percent": st.sampled_from([1, 60, 100]), "gv.fields": st.sampled_from([[], ["elderly"], ["youth"]]),
})  # fmt: skip


@pytest.fixture
def many(areas, round_, body):
    """Applications of three bodies with shares on both sides of every border."""
    bodies = [body, *(ground.body(f"滨湖区{n}示例服务中心", street=areas["heli"]) for n in "乙丙")]
    shares = [(10 * WAN, 3 * WAN), (10 * WAN, 3 * WAN + 1), (10 * WAN, 5 * WAN), (20 * WAN, 11 * WAN), (3, 1), (7, 3)]
    return [trying.put(round_, bodies[n % 3], n, *money, state="returned") for n, money in enumerate(shares)]


@settings(max_examples=12, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(values=_VALUES)
def test_a_trial_equals_judging_each_application_from_scratch(many, round_, by, values):
    trial = Trial(rounds=[round_.pk], values=values)
    found, judged = trials.chunk(trial, 0, {})
    assert judged == [row.pk for row in many]
    told = {line.project_id: line for line in found}
    for row in many:
        before, after = trying.plain(row, values)
        line = told.get(row.pk)
        assert (line is None) == (before == after), (values, before ^ after)
        if line is None:
            continue
        assert {(f["code"], f["severity"], f["message"]) for f in line.findings if f["way"] == "gone"} == before - after
        assert {(f["code"], f["severity"], f["message"]) for f in line.findings if f["way"] == "new"} == after - before
        blocked = [any(severity == "block" for _code, severity, _text in side) for side in (before, after)]
        kind = {(False, True): "barred", (True, False): "freed"}.get(tuple(blocked), "told")
        assert line.kind == kind


def test_the_value_that_holds_already_changes_nothing(many, round_, by):
    held = {key: trial_results.value_in(round_, key) for key in trials.tryable()}
    trial = trying.tried([round_], held, by)
    assert trial.judged == len(many) and trial.lines.count() == 0
    assert trial.changed == {"barred": 0, "freed": 0, "told": 0}
    reversed_list = {"gv.types": list(reversed(held["gv.types"]))}
    assert trying.tried([round_], reversed_list, by).lines.count() == 0


def test_one_application_under_the_figures_of_two_years_gets_two_explained_answers(areas, office, body, by):
    """Each year's round judges by what it was opened with; the other year's figures answer with their own article."""
    programme = ground.programme(areas["district"], office)
    from liaoyuan.funding.actions import rounds

    years = {}
    for year, percent in ((2025, 50), (2026, 40)):
        row = ground.planned(programme, office, year=year, title=f"{year} 年公益创投")
        second = user(f"erren{year}", ("registry_head", "area", "320211"))
        rounds.propose_figures(round_=row, values={"gv.staff.percent": percent}, reason=f"{year} 年会议纪要", by=office,
                               at=AT)  # fmt: skip
        rounds.confirm_figures(round_=row, by=second, at=AT)
        row.refresh_from_db()
        years[year] = rounds.open_round(round_=row, by=office, at=AT)
    one = trying.put(years[2025], body, 1, 10 * WAN, 4_500_000)
    two = trying.put(years[2026], body, 2, 10 * WAN, 4_500_000, state="returned")
    trial = trying.tried(years.values(), {"gv.staff.percent": 40}, by)
    found = lines(trial)
    assert two.pk not in found, "40 % holds there already"
    assert found[one.pk].kind == "barred"
    told = trying.tried(years.values(), {"gv.staff.percent": 50}, by)
    again = lines(told)
    assert one.pk not in again and again[two.pk].kind == "freed"
    gone = [f for f in again[two.pk].findings if f["way"] == "gone"]
    assert "2026 年会议纪要" in gone[0]["source"] and "45" in gone[0]["message"]


def test_the_figures_of_another_place_stand_in_for_all(round_, body, by, shipped):
    """Guangzhou's of 2020 in place of Binhu's: as judged by the whole other set of figures."""
    from datetime import date

    from liaoyuan.core import policy
    from liaoyuan.funding.queries import completeness

    row = trying.put(round_, body, 1, 60 * WAN, 29 * WAN)
    day = date(2020, 5, 1)
    place = next(code for code, _title in _places() if code not in ("binhu", "national", "jiangsu"))
    trial = trying.tried([round_], {}, by, place=place, place_on=day)
    whole = Project.objects.select_related("round__programme__area", "organization", "area").get(pk=row.pk)
    there = policy.limits(day, policy.chain(place))
    new = {one.text for one in completeness.asked(whole, AT.date(), there, late_agreed=True, every=True)}
    old = {one.text for one in completeness.asked(whole, AT.date(), late_agreed=True, every=True)}
    line = lines(trial).get(row.pk)
    assert (line is None) == (new == old)
    if line is not None:
        assert {f["message"] for f in line.findings if f["way"] == "new"} == new - old


def _places():
    from liaoyuan.funding.queries import rounds as reading

    return reading.places()


def test_nothing_is_written_to_applications_and_the_amounts_add_up(many, round_, by):
    before = list(Project.objects.order_by("pk").values())
    trial = trying.tried([round_], {"gv.staff.percent": 30, "gv.cap_project_fen": 5 * WAN}, by)
    assert list(Project.objects.order_by("pk").values()) == before
    rows = list(trial.lines.all())
    for one in trial_results.sums(trial):
        mine = [row for row in rows if row.kind == one.kind]
        assert (one.count, one.grant_fen) == (len(mine), sum(row.grant_fen for row in mine))
    by_body = list(trial_results.by_body(trial))
    assert sum(row["grant"] for row in by_body) == sum(row.grant_fen for row in rows)
    assert sum(row["barred"] for row in by_body) == sum(row.kind == "barred" for row in rows)
    assert all(row["body_name"] for row in by_body)
    event = AuditEvent.objects.get(code="trial.asked")
    assert event.payload["values"] == {"gv.staff.percent": 30, "gv.cap_project_fen": 5 * WAN}


def test_a_trial_goes_on_behind_its_last_chunk_and_counts_nobody_twice(many, round_, by, monkeypatch):
    """The worker is stopped after each chunk; another one goes on. Statements do not grow with the chunk before."""
    monkeypatch.setattr(trials, "CHUNK", 2)
    made = actions.ask(rounds=[round_], values={"gv.staff.percent": 30}, by=by, at=AT)
    real, calls = trials.chunk, []

    def stopping(trial, after, judges):
        calls.append(after)
        if len(calls) in (2, 4):
            raise jobs.HandedBack
        return real(trial, after, judges)

    monkeypatch.setattr(trials, "chunk", stopping)
    trying.worked()
    made.refresh_from_db()
    assert made.judged == len(many) and len(calls) == 6
    quiet = trying.tried([round_], {"gv.staff.percent": 30}, by)
    pick = ("project", "kind", "before", "after", "findings", "grant_fen")
    assert list(made.lines.order_by("project").values_list(*pick)) == list(
        quiet.lines.order_by("project").values_list(*pick)
    )
    assert Job.objects.filter(state="done").count() == 2


def test_what_is_held_at_a_time_is_one_chunk(many, round_, monkeypatch):
    monkeypatch.setattr(trials, "CHUNK", 2)
    trial = Trial(rounds=[round_.pk], values={"gv.staff.percent": 30})
    with CaptureQueriesContext(connection) as asked:
        found, judged = trials.chunk(trial, many[1].pk, {})
    assert judged == [many[2].pk, many[3].pk] and len(found) <= 2
    assert any("LIMIT 2" in query["sql"] for query in asked.captured_queries)


def test_drafts_withdrawn_and_practice_are_left_out(round_, body, by):
    trying.put(round_, body, 1, 10 * WAN, 4 * WAN, state="withdrawn")
    trying.put(round_, body, 2, 10 * WAN, 4 * WAN, state="draft")
    row = trying.put(round_, body, 3, 10 * WAN, 4 * WAN)
    trial = trying.tried([round_], {"gv.staff.percent": 30}, by)
    assert trial.judged == 1 and set(lines(trial)) == {row.pk}
    round_.practice = True
    round_.save()
    assert list(trials.rounds(by)) == []


def test_who_may_try_and_what_is_refused(areas, round_, office, by):
    ask = {"rounds": [round_], "values": {"gv.staff.percent": 30}, "at": AT}
    for name, role, scope, key in (("q1", "finance", "area", "320211"), ("q2", "registry_officer", "area", "320213")):
        with pytest.raises(Refused):
            actions.ask(**ask, by=user(name, (role, scope, key)))
    for told, sentence in (
        ({"rounds": []}, "至少一届"), ({"values": {}}, "至少一个"), ({"values": {"gv.score.items": {}}}, "不能试算"),
        ({"values": {"gv.staff.percent": "三成"}}, "不对"), ({"values": {"GV-BUD-01": False}}, "不能试算"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            actions.ask(**{**ask, **told, "by": by})
        assert sentence in str(refused.value)
    head = user("kezhang", ("registry_head", "area", "320211"))
    made = actions.ask(**ask, by=head)
    away = user("waiqu", ("registry_officer", "area", "320213"))
    assert list(Trial.objects.visible_to(by)) == [made] and not Trial.objects.visible_to(away).exists()
    assert not TrialLine.objects.visible_to(away).exists()


def test_who_lost_the_permission_gets_no_result(round_, body, by):
    made = actions.ask(rounds=[round_], values={"gv.staff.percent": 30}, by=by, at=AT)
    by.grants.all().delete()
    trying.worked()
    made.refresh_from_db()
    assert made.finished_at is None and Job.objects.get().state == "failed"


def test_no_table_of_the_party_is_read(many, round_, by, party_refused):
    with party_refused() as asked:
        trials.chunk(Trial(rounds=[round_.pk], values={"gv.staff.percent": 30}), 0, {})
    assert asked
