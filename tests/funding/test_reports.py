"""Mid-term and final reports: figures to the fen, who hands in, assesses, decides, and what follows for the money."""

from datetime import timedelta
from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.funding.actions import agreements, assessing, expenses, reports, tranches
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.models import Assessment, ProjectReport, TrancheCondition
from liaoyuan.funding.queries import money, running
from liaoyuan.funding.queries import reports as reading
from liaoyuan.funding.rules import settling
from liaoyuan.kit.findings import Refused
from tests.core.factories import user
from tests.funding import granting, ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
DAY = timedelta(1)
WAN = granting.WAN
TEXTS = {"changes": "老人不再孤单。", "problems": "人手少，请了志愿者。", "ahead": "继续走访。"}
FULL = {"progress": 3000, "quality": 2500, "finance": 2500, "satisfaction": 1000, "archive": 1000}


def codes(refused):
    return {finding.code for finding in refused.value.findings}


@pytest.fixture
def contract(desk, round_, proposed):
    return granting.running(desk, proposed)


@pytest.fixture
def project(contract):
    return granting.project(contract[0].project)


@pytest.fixture
def manager(body):
    return ground.manager(body, "xiangmu")


@pytest.fixture
def evaluator(areas):
    return user("pinggu", ("evaluator", "area", "320211"))


def spend(row, by, at, budget_class, fen, no):
    values = {"voucher_no": no, "payee": "演示商店", "title": "支出", "budget_class": budget_class, "amount_fen": fen,
              "grant_fen": fen, "spent_on": granting.day(at)}  # fmt: skip
    return expenses.enter(agreement=row, values=values, file=granting.paper(no), by=by, at=at)


def mid(project, by, at):
    reports.write(project=project, kind="mid", values=TEXTS, by=by, at=at)
    return reports.hand_in(project=project, kind="mid", by=by, at=at)


def final(project, manager, head, at):
    values = {**TEXTS, "asked": 30, "satisfaction": 9_250}
    reports.write(project=project, kind="final", values=values, by=manager, at=at)
    return reports.hand_in(project=project, kind="final", by=head, at=at)


def test_the_figures_of_a_report_are_those_of_records_and_vouchers_to_the_fen(contract, project, manager):
    row, at = contract
    target = project.indicators.get()
    draw, spent, done = Random(3), dict.fromkeys(BUDGET_CLASS_TITLES, 0), 0
    for n in range(9):
        code, fen, count = draw.choice(("B01", "B06", "B07")), draw.randint(1, 99_999), draw.randint(1, 70)
        spent[code] += fen
        done += count
        spend(row, manager, at + n * DAY, code, fen, f"V{n}")
        granting.worked(project, manager, granting.day(at) + n * DAY, at=at + n * DAY, counts={target.pk: count})
    later = at + 120 * DAY
    held = mid(project, manager, later)
    assert held.state == "handed" and granting.project(project).state == "mid_check"
    assert held.figures["indicators"] == [["服务人次", "人次", 600, done, done * 100 // 600]]
    assert {row[0]: row[3] for row in held.figures["money"] if row[3]} == {k: v for k, v in spent.items() if v}
    assert {row[0]: row[1] for row in held.figures["money"] if row[1]} == {"B01": 4 * WAN, "B06": 6 * WAN}
    assert held.figures["spent_grant_fen"] == sum(spent.values())
    assert (held.figures["records"], held.figures["served"], len(held.figures["activities"])) == (9, 90, 9)
    spend(row, manager, later, "B06", 12_345, "nach")
    assert ProjectReport.objects.get().figures == held.figures, "frozen"


def test_a_report_lacks_nothing_and_is_handed_in_by_the_right_person(contract, project, manager, head, desk, evaluator):
    _row, at = contract
    later = at + 100 * DAY
    with pytest.raises(Refused) as refused:
        reports.hand_in(project=project, kind="mid", by=manager, at=later)
    assert codes(refused) == {"REPORT-DRAFT"}
    reports.write(project=project, kind="mid", values={"changes": "有"}, by=manager, at=later)
    with pytest.raises(Refused) as refused:
        reports.hand_in(project=project, kind="mid", by=manager, at=later)
    assert codes(refused) == {"REPORT-MISSING"}
    for by in (evaluator, desk.host):
        with pytest.raises(PermissionDenied):
            reports.write(project=project, kind="mid", values=TEXTS, by=by, at=later)
    reports.write(project=project, kind="final", values={**TEXTS, "asked": 3, "satisfaction": 9_000}, by=manager,
                  at=later)  # fmt: skip
    with pytest.raises(Refused) as refused:
        reports.hand_in(project=project, kind="final", by=manager, at=later)
    assert codes(refused) == {"MOVE"}
    assert reports.hand_in(project=project, kind="final", by=head, at=later).state == "handed"


def test_the_office_hands_in_on_somebodys_word_only(contract, project, desk):
    _row, at = contract
    reports.write(project=project, kind="mid", values=TEXTS, by=desk.officer, at=at)
    with pytest.raises(Refused) as refused:
        reports.hand_in(project=project, kind="mid", by=desk.officer, at=at)
    assert codes(refused) == {"MOVE"}
    held = reports.hand_in(project=project, kind="mid", on_behalf="负责人送来纸质报告", by=desk.officer, at=at)
    assert held.handed_by == desk.officer


def test_two_who_write_at_once(contract, project, manager, head):
    _row, at = contract
    one = reports.write(project=project, kind="mid", values=TEXTS, by=manager, at=at)
    reports.write(project=project, kind="mid", values={**TEXTS, "ahead": "改了"}, version=one.version, by=head, at=at)
    with pytest.raises(Refused) as refused:
        reports.write(project=project, kind="mid", values=TEXTS, version=one.version, by=manager, at=at)
    assert codes(refused) == {"REPORT-STALE"}
    assert ProjectReport.objects.get().texts["ahead"] == "改了"


@pytest.mark.parametrize(
    ("total", "grade"), [(10_000, "excellent"), (9_000, "excellent"), (8_999, "passed"), (6_000, "passed"),
                         (5_999, "failed"), (0, "failed")],
)  # fmt: skip
def test_the_grade_follows_from_the_total(total, grade):
    assert settling.grade(total, {"excellent": 90, "passed": 60}) == grade


def test_a_mid_check_is_passed_on_the_evaluators_sheet(contract, project, manager, evaluator, desk):
    row, at = contract
    later = at + 100 * DAY
    granting.logged(desk, row, at=later)
    held = mid(project, manager, later)
    with pytest.raises(Refused) as refused:
        reports.pass_(report=held, by=evaluator, at=later)
    assert codes(refused) == {"MOVE"}, "no sheet"
    with pytest.raises(PermissionDenied):
        assessing.sign(report=held, points=FULL, opinion="很好", by=desk.host, at=later)
    with pytest.raises(Refused) as refused:
        assessing.sign(report=held, points={**FULL, "quality": 2_501}, opinion="很好", by=evaluator, at=later)
    assert [(f.code, f.field) for f in refused.value.findings] == [("SHEET-POINTS", "item_quality")]
    sheet = assessing.sign(report=held, points={**FULL, "progress": 1_999}, opinion="进度稍慢", by=evaluator, at=later)
    assert (sheet.total, sheet.grade, sheet.outcome) == (8_999, "passed", "passed")
    with pytest.raises(Refused):
        assessing.sign(report=held, points=FULL, opinion="再签", by=evaluator, at=later)
    assessing.annul(assessment=sheet, reason="看错了项目", by=evaluator, at=later)
    assessing.sign(report=held, points=FULL, opinion="很好", by=evaluator, at=later)
    assert Assessment.objects.count() == 2
    assert reports.pass_(report=held, by=evaluator, at=later).state == "passed"
    assert granting.project(project).state == "running"
    met = TrancheCondition.objects.get(agreement=row, trigger="mid_passed")
    assert met.met_on == granting.day(later)
    tranches.prepare(tranche=granting.tranche(row, 2), evidence="中期评估", by=desk.officer, at=later)
    told = reading.daily(granting.project(project), granting.day(later))
    assert [f.code for f in told] == ["GV-MID-01"], "day 100 of 270 is before 45 percent"


def test_a_rectification_holds_the_money_back_until_the_next_report_passes(contract, project, manager, evaluator, desk):
    row, at = contract
    later = at + 100 * DAY
    granting.logged(desk, row, at=later)
    held = mid(project, manager, later)
    day = granting.day(later) + 10 * DAY
    with pytest.raises(Refused) as refused:
        reports.give_back(report=held, reason="补材料", again_by=granting.day(later) - DAY, by=evaluator, at=later)
    assert codes(refused) == {"REPORT-DUE"}
    reports.give_back(report=held, reason="补齐签到表", again_by=day, by=evaluator, at=later)
    assert granting.project(project).state == "rectifying"
    facts = money.facts_of(granting.agreement(row), granting.day(later))
    assert (facts.mid_outcome, facts.overdue_reports) == ("rectify", 0)
    overdue = running.of(granting.project(project), day + DAY).overdue
    assert "mid" in overdue
    again = mid(granting.project(project), manager, later)
    assert (again.number, again.due_on, again.texts["changes"]) == (2, day, TEXTS["changes"])
    assessing.sign(report=again, points=FULL, opinion="已补齐", by=evaluator, at=later)
    reports.pass_(report=again, by=desk.host, at=later)
    assert money.facts_of(granting.agreement(row), granting.day(later)).mid_outcome == ""


def test_reports_are_overdue_from_the_day_after_their_last_day(contract, project):
    row, _at = contract
    one = running.of(project, row.ends_on)
    days = (row.ends_on - row.starts_on).days + 1
    by_hand = row.starts_on + DAY * (-(-days * 60 // 100) - 1)
    assert one.due == {"mid": by_hand, "final": row.ends_on + 30 * DAY}
    for kind, day in one.due.items():
        assert kind not in running.of(project, day).overdue
        assert kind in running.of(project, day + DAY).overdue


def test_what_is_settled_is_checked_again_on_what_was_spent(contract, project, manager, head, evaluator, desk):
    """GV-FIN-03: never more than spent; full-time pay no more than half of the approved budget (Binhu)."""
    row, at = contract
    target = project.indicators.get()
    granting.worked(project, manager, granting.day(at), at=at, counts={target.pk: 600})
    spend(row, manager, at, "B01", 45 * WAN // 10, "P1")
    spend(row, manager, at, "B06", 5 * WAN, "P2")
    held = final(project, manager, head, at)
    proposed = reading.proposed(project)
    assert proposed == {"B01": 44 * WAN // 10, "B06": 5 * WAN}, "110 percent of 4, what was spent of 6"
    with pytest.raises(Refused) as refused:
        assessing.sign(report=held, points=FULL, opinion="很好", settled={**proposed, "B06": 5 * WAN + 1}, by=evaluator,
                       at=at)  # fmt: skip
    assert codes(refused) == {"GV-FIN-03"}
    sheet = assessing.sign(report=held, points=FULL, opinion="很好", settled=proposed, by=evaluator, at=at)
    assert sheet.grade == "excellent"
    with pytest.raises(Refused) as refused:
        reports.close(report=held, by=evaluator, at=at)
    assert codes(refused) <= {"MOVE", "REPORT-SECOND"}
    done = reports.close(report=held, by=desk.host, at=at)
    assert (done.state, granting.project(project).state) == ("passed", "accepted")
    assert TrancheCondition.objects.filter(agreement=row, trigger="accepted").exists()


@pytest.mark.parametrize(("other", "passes"), [(44 * WAN // 10, True), (44 * WAN // 10 - 1, False)])
def test_half_to_the_fen_also_of_what_was_really_spent(contract, project, manager, head, evaluator, other, passes):
    row, at = contract
    target = project.indicators.get()
    granting.worked(project, manager, granting.day(at), at=at, counts={target.pk: 600})
    spend(row, manager, at, "B01", 44 * WAN // 10, "P1")
    spend(row, manager, at, "B06", other, "P2")
    held = final(project, manager, head, at)
    told = {
        "points": FULL,
        "opinion": "很好",
        "settled": {"B01": 44 * WAN // 10, "B06": other},
        "by": evaluator,
        "at": at,
    }
    if passes:
        assert assessing.sign(report=held, **told).grade == "excellent"
        return
    with pytest.raises(Refused) as refused:
        assessing.sign(report=held, **told)
    assert codes(refused) == {"GV-BUD-01"}


@pytest.mark.parametrize("seed", range(6))
def test_the_proposal_of_what_is_settled_never_breaks_the_rule(seed):
    draw = Random(seed)
    names = ("B01", "B04", "B06")
    approved = {code: draw.randint(1, 10**7) for code in names}
    spent = {code: draw.randint(0, 2 * 10**7) for code in names}
    found = settling.settle(approved, spent, free=10, staff_percent=50, staff_classes=["B01"])
    for code in names:
        assert 0 <= found[code] <= spent[code]
        assert found[code] * 100 <= approved[code] * 110
    assert found["B01"] * 100 <= sum(approved.values()) * 50
    for code in names:
        tight = found[code] == spent[code] or (found[code] + 1) * 100 > approved[code] * 110
        assert tight or (code == "B01" and (found[code] + 1) * 100 > sum(approved.values()) * 50)


def test_a_shortfall_asks_for_a_reason_and_a_failure_is_the_hosts(contract, project, manager, head, evaluator, desk):
    _row, at = contract
    target = project.indicators.get()
    granting.worked(project, manager, granting.day(at), at=at, counts={target.pk: 479})
    held = final(project, manager, head, at)
    with pytest.raises(Refused) as refused:
        assessing.sign(report=held, points=FULL, opinion="很好", settled={}, by=evaluator, at=at)
    assert [(f.code, f.field) for f in refused.value.findings] == [("SHEET-REASON", "reason")]
    low = dict.fromkeys(FULL, 500)
    sheet = assessing.sign(report=held, points=low, opinion="没有完成", settled={}, by=evaluator, at=at)
    assert (sheet.total, sheet.grade) == (2_500, "failed")
    with pytest.raises(Refused) as refused:
        reports.close(report=held, by=desk.host, at=at)
    assert codes(refused) == {"REPORT-SHEET"}
    before, pool = money.of_agreement(_row), granting.pool(project.round)
    assert before.left > 0
    reports.fail(report=held, reason="指标没有完成", by=desk.host, at=at)
    assert granting.project(project).state == "failed"
    row, sums = granting.agreement(_row), money.of_agreement(_row)
    assert (row.state, sums.left, sums.agreed) == ("terminated", 0, before.paid)
    assert granting.pool(project.round).left_fen == pool.left_fen + before.left
    with pytest.raises(Refused) as refused:
        agreements.meet(agreement=row, trigger="accepted", met_on=at.date(), evidence="评估", by=desk.host, at=at)
    assert codes(refused) == {"CONDITION-KIND"}


def test_an_owed_audit_is_entered_before_the_end(contract, project, manager, head, evaluator, desk):
    """One fen above the place's limit the end waits for the audit; at the limit it does not."""
    row, at = contract
    report = final(project, manager, head, at)
    assessing.sign(report=report, points=FULL, opinion="很好", reason="人手不足", settled={}, by=evaluator, at=at)
    round_ = granting.project(project).round

    def over(fen):
        rows = [[key, fen if key == "gv.audit.over_fen" else value, *rest] for key, value, *rest in
                round_.figures["rows"]]  # fmt: skip
        type(round_).objects.filter(pk=round_.pk).update(figures={**round_.figures, "rows": rows})

    over(row.amount_fen - 1)
    with pytest.raises(Refused) as refused:
        reports.close(report=ProjectReport.objects.get(pk=report.pk), by=desk.host, at=at)
    assert codes(refused) == {"REPORT-AUDIT"}
    over(row.amount_fen)
    assert reports.close(report=ProjectReport.objects.get(pk=report.pk), by=desk.host, at=at).state == "passed"


def test_returned_final_papers_come_back(contract, project, manager, head, desk):
    _row, at = contract
    held = final(project, manager, head, at)
    reports.give_back(report=held, reason="决算表缺凭证", again_by=granting.day(at) + 5 * DAY, by=desk.officer, at=at)
    assert granting.project(project).state == "running"
    again = final(granting.project(project), manager, head, at)
    assert again.number == 2


# The pages


def test_the_way_through_the_pages(client, contract, project, manager, head, evaluator, desk, monkeypatch):
    _row, at = contract
    monkeypatch.setenv("LIAOYUAN_NOW", (at + 60 * DAY).isoformat())
    client.force_login(manager)
    there = reverse("funding:report_write", args=[project.pk, "mid"])
    assert "预算与实际" in client.get(there).text
    kept = client.post(reverse("funding:report_keep", args=[project.pk, "mid"]), {"changes": "写到一半"})
    assert kept.status_code == 200 and kept.json()["version"]
    assert "写到一半" in client.get(there).text
    refused = client.post(there, {"changes": "写了很多", "version": "99"})
    assert refused.status_code == 422 and "写了很多" in refused.text
    version = ProjectReport.objects.get().version
    answer = client.post(there, {**TEXTS, "version": version, "next": "hand_in"})
    assert answer.status_code in (302, 422)


def test_pages_of_reports_open_for_who_works_with_them(
    client, contract, project, manager, head, evaluator, desk, monkeypatch
):
    row, at = contract
    held = final(project, manager, head, at)
    monkeypatch.setenv("LIAOYUAN_NOW", at.isoformat())
    client.force_login(evaluator)
    there = reverse("funding:report_detail", args=[held.pk])
    assert "填评估表" in client.get(there).text
    sheet = reverse("funding:report_assess", args=[held.pk])
    assert "核定" in client.get(sheet).text
    posted = {f"item_{item}": points // 100 for item, points in FULL.items()}
    settled = {f"settled_{code}": "0" for code in reading.proposed(project)}
    told = {"opinion": "写了很长的意见", "reason": "场地停用三个月"}
    refused = client.post(sheet, {**posted, **settled, **told, "item_progress": "31"})
    assert refused.status_code == 422 and "写了很长的意见" in refused.text
    assert client.post(sheet, {**posted, **settled, **told}).status_code == 302
    assert client.post(reverse("funding:report_step", args=[held.pk, "close"])).status_code == 422
    client.force_login(desk.host)
    assert "按评估结项" in client.get(there).text
    assert client.post(reverse("funding:report_step", args=[held.pk, "close"])).status_code == 302
    assert granting.project(project).state == "accepted"
    page = client.get(reverse("funding:project_reports", args=[project.pk])).text
    assert "优秀" in page and "100 分" in page
    assert "已结项" in client.get(reverse("funding:project_running", args=[project.pk])).text
    assert row.pk
