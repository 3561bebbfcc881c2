"""Late reports (补报): taken in beside the conclusion 未参加, which stays; made up for, and yet not in time."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.forms.models import model_to_dict

from liaoyuan.core.actions import calendar as calendar_actions
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.core.queries import due
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import annual, annual_late, credit, listings, merging
from liaoyuan.registry.actions import annual_drafts as drafts
from liaoyuan.registry.actions import annual_reports as actions
from liaoyuan.registry.models import AnnualReport, AnnualResult, CreditEntry, ListingProposal, Organization
from liaoyuan.registry.params.annual_form import STEPS
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries import annual_late as late_queries
from tests.registry import factories as make
from tests.registry.test_annual_reports import TYPED, attach, page
from tests.registry.test_annual_reports import whole as filled
from tests.registry.test_annual_rounds import AT, opened

BY = make.OPERATOR
MISSED = date(2026, 6, 8)
MISSED_AT = datetime(2026, 6, 8, 2, tzinfo=UTC)
NOW = datetime(2026, 10, 20, 2, tzinfo=UTC)
DUE = date(2026, 11, 20)
WORD = {"word_via": "paper", "word_by": "赵某"}


@pytest.fixture
def areas(db):
    found = make.binhu()
    calendar_actions.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    return found


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-20T10:00:00")
    due.forget()


def first_of(body) -> AnnualReport:
    return AnnualReport.objects.select_related("round__area", "organization").get(
        organization=body, makes_up__isnull=True
    )


def late_of(body) -> AnnualReport:
    return AnnualReport.objects.select_related("round__area", "organization").get(
        organization=body, makes_up__isnull=False
    )


def missed(body) -> AnnualReport:
    """The body's report, concluded as missed on 8 June."""
    actions.conclude_missed(reports=[first_of(body)], on=MISSED, by=BY, at=MISSED_AT)
    return first_of(body)


def taken_in(body, due_on=DUE, at=NOW) -> AnnualReport:
    return annual_late.open_late(report=first_of(body), due_on=due_on, by=BY, at=at)


def whole(report: AnnualReport) -> AnnualReport:
    """The late report filled in, past the form."""
    values = {
        "people": {name: int(v) for name, v in TYPED["people"].items()},
        "meetings": {"council_meetings": 2, "assembly_meetings": 1, "re_elected": False},
        "party": {"charter_changed": False, "charter_party": True, "party_form": "none"},
        "money": dict.fromkeys(TYPED["money"], 0),
        "work": {"activities_count": 1, "activities": "敬老活动", "purchases_count": 0, "purchases_fen": 0},
        "pledge": {"pledged": True},
    }
    for step in STEPS:
        drafts.save(report=report, step=step.code, values=values.get(step.code, {}), by=BY, at=NOW, on_behalf="当面")
    return AnnualReport.objects.select_related("round__area").get(pk=report.pk)


def concluded(body, result="qualified", on=date(2026, 10, 20)) -> AnnualReport:
    """The late report handed in and concluded."""
    report = actions.submit(report=whole(late_of(body)), on=on, by=BY, at=NOW, on_behalf="当面")
    actions.examine(report=report, by=BY, at=NOW)
    return actions.conclude(report=report, result=result, on=on, by=BY, at=NOW)


def listed(body) -> CreditEntry:
    """On the abnormal list, by the decision about the proposal that the missed year brought."""
    proposal = ListingProposal.objects.get(organization=body)
    at = datetime(2026, 7, 27, 2, tzinfo=UTC)
    listings.tell_rights(proposal=proposal, number="1号", on=date(2026, 7, 1), by=BY, at=at)
    listings.decide(proposal=proposal, listing=True, number="2号", on=date(2026, 7, 27), by=BY, at=at)
    return CreditEntry.objects.current().get(organization=body)


def test_the_whole_way_at_the_pages(areas, client):
    """From 未参加 in a closed round to a conclusion of the late report; the first row never changes."""
    body = make.organization("甲中心", "MF", supervisor="滨湖区教育局", field="06", full_time=6)
    opened(areas)
    drafts.save(report=first_of(body), step="people", values={"full_time": 9}, by=BY, at=AT, on_behalf="电话")
    first = missed(body)
    result = AnnualResult.objects.current().get(organization=body)
    round_ = annual.publish(round_=first.round, begins_on=date(2026, 6, 9), by=BY, at=MISSED_AT)
    annual.close_round(round_=round_, by=BY, at=datetime(2026, 6, 29, 2, tzinfo=UTC))
    before = model_to_dict(first_of(body))
    officer, head = make.officer(), make.head_of(body)

    client.force_login(head)
    assert page(client, "annual_act", first.pk, post={"do": "late", "due_on": "2026-11-20"}).status_code == 403
    client.force_login(officer)
    html = page(client, "annual_report", first.pk).text
    assert 'value="late"' in html and 'value="2026-11-19"' in html  # thirty days after today
    assert page(client, "annual_act", first.pk, post={"do": "late", "due_on": "2026-11-20"}).status_code == 302
    late = late_of(body)
    assert (late.missed_on, late.late_due, late.state, late.supervised) == (MISSED, DUE, "none", True)
    html = page(client, "annual_report", first.pk).text
    assert "已收补报，截止 2026-11-20" in html and 'value="late"' not in html
    assert "正在收补报" in page(client, "organization_detail", body.pk, tab="credit").text

    client.force_login(head)
    assert 'name="full_time" value="9"' in page(client, "annual_fill", late.pk, "people").text  # as it was typed
    for step in STEPS:
        post = {**TYPED[step.code], "version": late_of(body).version}
        assert page(client, "annual_fill", late.pk, step.code, post=post).status_code == 302
    for on, wanted in (("2026-06-07", 422), ("2026-10-21", 422), ("2026-10-15", 302)):  # before the year was missed …
        assert page(client, "annual_act", late.pk, post={"do": "submit", "on": on}).status_code == wanted
    client.force_login(officer)
    for post in (
        {"do": "review", "on": "2026-10-16", "passed": "1", **WORD}, {"do": "file", "on": "2026-10-19", **WORD},
        {"do": "examine"}, {"do": "conclude", "result": "basically", "on": "2026-10-20"},
    ):  # fmt: skip
        assert page(client, "annual_act", late.pk, post=post).status_code == 302
    late = late_of(body)
    assert (late.state, late.result, late.filed_on) == ("concluded", "basically", date(2026, 10, 19))
    assert "补报：基本合格" in page(client, "annual_report", late.pk).text

    assert model_to_dict(first_of(body)) == before
    assert AnnualResult.objects.get(organization=body) == result and result.superseded_at is None
    html = page(client, "organization_detail", body.pk, tab="credit").text
    assert "未参加" in html and "2026-10-19 补报，基本合格" in html
    AnnualReport.objects.filter(pk=late.pk).update(late_at=datetime(2026, 10, 5, tzinfo=UTC))
    told = [late_queries.by_year(body.pk, datetime(2026, 10, day, tzinfo=UTC)) for day in (4, 6)]
    assert told == [{}, {2025: "正在收补报"}]
    codes = AuditEvent.objects.filter(subject_id=str(body.pk), code__startswith="annual.").order_by("pk")
    told = [row.code for row in codes if row.code == "annual.late_opened" or row.payload.get("late")]
    assert told[0] == "annual.late_opened"
    assert [code for code in told if code not in ("annual.begun", "annual.saved")][1:] == [
        "annual.submitted", "annual.reviewed", "annual.filed", "annual.examined", "annual.concluded",
    ]  # fmt: skip


def test_whom_nothing_is_taken_in_from(areas):
    good, ended, never = (make.organization(name) for name in ("好", "终止", "未结论"))
    opened(areas)
    actions.submit(report=filled(first_of(good)), on=date(2026, 3, 10), by=BY, at=NOW, on_behalf="当面")
    missed(ended)
    make.changed(ended, date(2026, 9, 1), status="deregistered")
    for body, word in ((good, "不是未参加"), (never, "不是未参加"), (ended, "已经终止")):
        with pytest.raises(Refused, match=word):
            taken_in(body)
    body = missed(never).organization
    taken_in(body)
    with pytest.raises(Refused, match="已在收补报"):
        taken_in(body)
    with pytest.raises(Refused, match="不是未参加"):
        annual_late.open_late(report=late_of(body), due_on=DUE, by=BY, at=NOW)


@pytest.mark.parametrize(("due_on", "fine"), [
    (date(2026, 10, 19), False), (date(2026, 10, 20), True), (date(2027, 10, 20), True), (date(2027, 10, 21), False),
])  # fmt: skip
def test_until_when(areas, due_on, fine):
    body = make.organization("甲")
    opened(areas)
    missed(body)
    if fine:
        assert taken_in(body, due_on).late_due == due_on
        return
    with pytest.raises(Refused, match="2027-10-20"):
        taken_in(body, due_on)
    assert not AnnualReport.objects.made_up().exists()


def test_who_may_take_one_in(areas):
    body = make.organization("甲", street=areas["heli"])
    opened(areas)
    first = missed(body)
    street = make.officer("street", ("street_office", "area", areas["heli"].code))
    for who in (street, make.head_of(body)):
        with pytest.raises(PermissionDenied):
            annual_late.open_late(report=first, due_on=DUE, by=who, at=NOW)


def test_a_late_report_is_neither_missed_nor_exempt(areas):
    body = make.organization("甲")
    opened(areas)
    missed(body)
    taken_in(body)
    for word in ("missed", "exempt"):
        with pytest.raises(Refused, match="只能是合格"):
            actions.conclude(report=late_of(body), result=word, on=NOW.date(), note="说明", by=BY, at=NOW)


@pytest.mark.parametrize(("changes", "name"), [
    ({"missed_on": None}, "annual_late"),
    ({"makes_up": None}, "annual_"),
    ({"late_due": date(2026, 6, 7)}, "annual_late_paired"),
    ({"state": "filed", "filed_on": date(2026, 6, 7), "filed_at": NOW}, "annual_late_after_missed"),
    ({"state": "concluded", "result": "exempt", "concluded_on": MISSED, "concluded_at": NOW}, "annual_late_after"),
])  # fmt: skip
def test_the_database_holds_the_order(areas, changes, name):
    body = make.organization("甲")
    opened(areas)
    missed(body)
    late = taken_in(body)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        AnnualReport.objects.filter(pk=late.pk).update(**changes)
    assert AnnualReport.objects.filter(pk=late.pk).update(state="filed", filed_on=MISSED, filed_at=NOW) == 1


def test_taking_one_in_is_undone_until_something_is_written(areas, client):
    """Nothing written: gone without a trace but its events. A step saved, or a paper attached: it stays."""
    one, two, three = (make.organization(name) for name in ("甲", "乙", "丙"))
    opened(areas)
    for body in (one, two, three):
        missed(body)
        taken_in(body)
    client.force_login(make.officer())
    assert page(client, "annual_act", late_of(one).pk, post={"do": "withdraw"}).status_code == 302
    assert set(AnnualReport.objects.made_up().values_list("organization", flat=True)) == {two.pk, three.pk}
    assert AuditEvent.objects.filter(code="annual.late_withdrawn", subject_id=str(one.pk)).count() == 1
    assert taken_in(one).state == "none"  # and may be taken in again
    drafts.save(report=late_of(two), step="people", values={"full_time": 2}, by=BY, at=NOW, on_behalf="当面")
    attach(late_of(three), "signed")
    for body in (two, three):
        with pytest.raises(Refused, match="不能撤销"):
            annual_late.withdraw_late(report=late_of(body), by=BY, at=NOW)
    gone = late_of(one)
    annual_late.withdraw_late(report=gone, by=BY, at=NOW)
    with pytest.raises(Refused, match="已经撤销"):
        drafts.save(report=gone, step="people", values={"full_time": 2}, by=BY, at=NOW, on_behalf="当面")


def test_figures_count_a_late_report_as_missed(areas, client):
    """Board, list, overdue and totals say the same before and after; nothing about the round waits for it."""
    bodies = [make.organization(name) for name in ("甲", "乙", "丙")]
    round_ = opened(areas)
    missed(bodies[0])
    missed(bodies[1])
    officer = make.officer()

    def figures():
        reports = AnnualReport.objects.filter(round=round_)
        on = date(2026, 10, 20)
        row = queries.with_counts(type(round_).objects.filter(pk=round_.pk), officer).get()
        return (
            row.bodies, row.filed, row.done, queries.cells(reports.regular()),
            sorted(queries.asked(reports, on=on).values_list("pk", flat=True)),
            sorted(queries.asked(reports, on=on, late=True).values_list("organization", flat=True)),
            sorted(queries.asked(reports, on=on, result="missed").values_list("organization", flat=True)),
            queries.line_counts([round_.pk], on, {round_.pk: 30}), len(queries.missing(round_, on)),
        )  # fmt: skip

    before = figures()
    assert before[:3] == (3, 0, 2) and before[5] == [bodies[2].pk]
    taken_in(bodies[0])
    taken_in(bodies[1])
    concluded(bodies[1])
    assert figures() == before
    client.force_login(officer)
    html = page(client, "annual_round", round_.pk).text
    assert f'?due=made_up">{2}</a>' in html
    rows = page(client, "annual_reports", round_.pk, due="made_up").text
    assert "共 2 家" in rows and "丙" not in rows.split("<tbody")[1]
    rows = page(client, "annual_reports", round_.pk, result="missed").text
    assert "2026-10-20 补报，合格" in rows and "正在收补报" in rows
    missed(bodies[2])
    assert annual.publish(round_=round_, begins_on=NOW.date(), by=BY, at=NOW).published_at == NOW
    rows = page(client, "annual_publicity", round_.pk).text
    assert rows.count("<li>甲</li>") == rows.count("<li>乙</li>") == 1


def test_what_waits_at_the_office_and_at_the_body(areas, monkeypatch):
    one, two = make.organization("甲"), make.organization("乙")
    opened(areas)
    for body in (one, two):
        missed(body)
    officer, head = make.officer(), make.head_of(one)

    def waiting(user, day):
        monkeypatch.setenv("LIAOYUAN_NOW", f"{day}T10:00:00")
        due.forget()
        return {item.title: item.url for item in due.todo(user, date.fromisoformat(day), limit=50).items}

    def lates(user, day):
        return sorted(title for title in waiting(user, day) if "补报" in title)

    assert lates(officer, "2026-10-20") == lates(head, "2026-10-20") == []
    taken_in(one)
    taken_in(two)
    assert lates(head, "2026-10-20") == ["补报“甲”2025 年度报告"]
    assert lates(officer, "2026-11-20") == []  # the day itself still counts
    assert lates(officer, "2026-11-21") == ["2025 年度补报：2 家逾期未报"]
    actions.submit(report=whole(late_of(one)), on=date(2026, 10, 20), by=BY, at=NOW, on_behalf="当面")
    assert lates(officer, "2026-11-21") == ["2025 年度补报：1 份待审查", "2025 年度补报：1 家逾期未报"]
    assert lates(head, "2026-11-21") == []


def test_the_call_list_of_late_reports(areas, client):
    one, two = make.organization("甲"), make.organization("乙")
    round_ = opened(areas)
    for body in (one, two):
        missed(body)
        taken_in(body)
    concluded(two)
    client.force_login(make.officer())
    html = page(client, "annual_calls", round_.pk, due="made_up").text
    assert "1. 甲（期限 2026-11-20）" in html and "2. " not in html


def test_off_the_list_on_a_late_report(areas, client):
    """LST-04 warns until the late report is concluded; then that is the proof, and the officer is told of it."""
    body = make.organization("甲")
    opened(areas)
    missed(body)
    entry = listed(body)
    row = body.standings.get(superseded_at=None)

    def told(day, complied=False):
        return [(f.code, str(f.severity)) for f in credit.asked_on_removal(row, entry, day, None, complied)]

    soon, later = date(2026, 10, 20), date(2027, 1, 27)
    assert told(soon) == [("LST-03", "warn"), ("LST-04", "warn")]
    assert told(soon, complied=True) == told(later) == [("LST-04", "warn")]
    officer = make.officer()
    taken_in(body)
    actions.submit(report=whole(late_of(body)), on=soon, by=BY, at=NOW, on_behalf="当面")
    assert told(soon, complied=True) == [("LST-04", "warn")]  # handed in is not yet concluded
    assert late_queries.made_up_listed(officer, soon) == []
    actions.examine(report=late_of(body), by=BY, at=NOW)
    actions.conclude(report=late_of(body), result="unqualified", on=soon, by=BY, at=NOW)
    assert told(soon) == []
    assert [one.name for one in late_queries.made_up_listed(officer, soon)] == ["甲"]
    due.forget()
    titles = [item.title for item in due.todo(officer, soon, limit=50).items]
    assert "因年报列入名录的：1 家已补报，可以移出" in titles
    client.force_login(officer)
    assert "自 2026-07-27 列入，2026-10-20 补报有结论" in page(client, "proposal_list").text
    html = page(client, "credit_remove", body.pk, entry.pk).text
    assert "2025 年度报告已补报，2026-10-20 作出结论" in html
    post = {"removed_on": "2026-10-20", "reason": "已补报"}
    assert page(client, "credit_remove", body.pk, entry.pk, post=post).status_code == 302
    assert late_queries.made_up_listed(officer, soon) == []


def test_a_listing_on_another_ground_asks_no_late_report(areas):
    body = make.organization("甲")
    entry = make.credit(body)
    assert late_queries.ground_of(entry) == ("", None)
    row = body.standings.get(superseded_at=None)
    assert credit.asked_on_removal(row, entry, date(2026, 10, 20), None, True) == []


def test_a_merge_carries_a_late_report_with_its_first_one(areas):
    """A body's own report of the year stays with it, and its late report beside it; else both are carried."""
    kept, gone, both = (make.organization(name) for name in ("留", "并", "又并"))
    opened(areas)
    AnnualReport.objects.filter(organization=kept).delete()
    for body in (gone, both):
        missed(body)
        taken_in(body)

    def merge(other):
        versions = dict(Organization.objects.filter(pk__in=[kept.pk, other.pk]).values_list("pk", "version"))
        merging.merge(kept=kept.pk, gone=other.pk, take=(), reason="核实", versions=versions, by=BY, at=NOW)

    merge(gone)
    merge(both)
    assert AnnualReport.objects.filter(organization=kept).count() == 2
    assert AnnualReport.objects.filter(organization=gone).count() == 0
    assert late_of(kept).makes_up_id == first_of(kept).pk
    assert late_of(both).makes_up_id == first_of(both).pk


@pytest.mark.django_db(transaction=True)
def test_two_officers_take_in_one_late_report_at_once(transactional_db):
    found = make.binhu()
    parameters.sync_shipped(at=AT)
    body = make.organization("甲")
    opened(found)
    missed(body)
    start, outcomes = threading.Barrier(2), []

    def act():
        try:
            mine = first_of(body)
            start.wait(timeout=20)
            annual_late.open_late(report=mine, due_on=DUE, by=BY, at=NOW)
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
    assert sorted(outcomes) == ["LATE.twice", "opened"]
    assert AnnualReport.objects.made_up().count() == 1
    assert AuditEvent.objects.filter(code="annual.late_opened").count() == 1
