"""One report: begun with what the register holds, kept while typing, handed in, reviewed, examined, concluded."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from liaoyuan.core.actions import calendar as calendar_actions
from liaoyuan.core.actions import files as file_actions
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.core.queries import files as file_queries
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import annual_drafts as drafts
from liaoyuan.registry.actions import annual_reports as actions
from liaoyuan.registry.choices import Track
from liaoyuan.registry.models import AnnualContent, AnnualReport, AnnualResult, ListingProposal
from liaoyuan.registry.params.annual_form import STEPS
from tests.core import file_ground
from tests.core.factories import user
from tests.registry import factories as make
from tests.registry.test_annual_rounds import AT, opened

BY = make.OPERATOR
ON = date(2026, 3, 10)
LATER = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)
#: A whole private unit's report: money in yuan as one types it.
TYPED = {
    "people": {"members_unit": "20", "members_person": "31", "members_total": "51", "officers_count": "3",
               "council_count": "5", "supervisors_count": "1", "full_time": "6", "part_time": "2", "insured_count": "6",
               "branches_count": "0"},
    "meetings": {"council_meetings": "2", "assembly_meetings": "1", "re_elected": "0"},
    "party": {"charter_changed": "0", "charter_party": "1", "party_form": "joint", "party_members_count": "3"},
    "money": {"assets_fen": "50万", "liabilities_fen": "12.5万", "income_donation_fen": "1000",
              "income_government_fen": "30万", "income_service_fen": "0", "income_dues_fen": "5,000",
              "income_other_fen": "0", "expense_business_fen": "200000.50", "expense_admin_fen": "3万",
              "expense_fundraising_fen": "0", "expense_other_fen": "0", "public_benefit_fen": "15万"},
    "work": {"activities_count": "12", "activities": "1月 敬老活动 60人", "purchases_count": "1",
             "purchases_fen": "30万"},
    "credit": {},
    "pledge": {"pledged": "on"},
}  # fmt: skip


@pytest.fixture
def areas(db):
    found = make.binhu()
    calendar_actions.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    return found


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-03-20T10:00:00")


def report_of(body) -> AnnualReport:
    return AnnualReport.objects.select_related("round__area", "organization").get(organization=body)


def whole(report: AnnualReport, by=BY, at=AT, on_behalf="电话：赵某") -> AnnualReport:
    """The report filled in, past the form."""
    values = {
        "people": {name: int(v) for name, v in TYPED["people"].items()},
        "meetings": {"council_meetings": 2, "assembly_meetings": 1, "re_elected": False},
        "party": {"charter_changed": False, "charter_party": True, "party_form": "none"},
        "money": dict.fromkeys(TYPED["money"], 0),
        "work": {"activities_count": 1, "activities": "敬老活动", "purchases_count": 0, "purchases_fen": 0},
        "pledge": {"pledged": True},
    }
    for step in STEPS:
        drafts.save(report=report, step=step.code, values=values.get(step.code, {}), by=by, at=at, on_behalf=on_behalf)
    return report_of(report.organization)


def attach(report: AnnualReport, purpose: str, by=BY) -> None:
    place = file_queries.place_of(by, "annualreport", str(report.pk))
    found = next(p for p in file_queries.purposes_of(place, write=True) if p.code == purpose)
    taken = file_actions.take_in(place=place, purpose=found, name="a.pdf", chunks=[file_ground.pdf()], by=by, at=AT)
    file_actions.attach(place=place, purpose=found, paper=found.title, taken=taken, by=by, at=AT)


def page(client, name, *args, post=None, **query):
    address = reverse(f"registry:{name}", args=args)
    return client.get(address, query) if post is None else client.post(address, post)


def test_a_head_writes_a_report_and_retypes_nothing(areas, client):
    body = make.organization(
        "甲协会", "ST", members_unit=20, members_person=31, council_count=5, supervisors_count=1, full_time=6,
        part_time=2, party_members_declared=3, supervisor="滨湖区教育局", address="示例路 1 号",
    )  # fmt: skip
    opened(areas)
    report = report_of(body)
    client.force_login(make.head_of(body))
    html = page(client, "annual_fill", report.pk, "people").text
    for name, value in (("members_unit", 20), ("members_total", 51), ("council_count", 5), ("full_time", 6)):
        assert f'name="{name}" value="{value}"' in html
    assert html.count("来自登记档案</p>") >= 4
    assert "示例路 1 号" in html  # from the register, no field
    assert 'name="address"' not in html
    assert AnnualContent.objects.count() == 0  # looking writes nothing
    for number, step in enumerate(STEPS):
        version = report_of(body).version
        answer = page(client, "annual_fill", report.pk, step.code, post={**TYPED[step.code], "version": version})
        after = reverse("registry:annual_report", args=[report.pk])
        if number + 1 < len(STEPS):
            after = reverse("registry:annual_fill", args=[report.pk, STEPS[number + 1].code])
        assert (answer.status_code, answer.url) == (302, after), answer.text
    content = AnnualContent.objects.get(report=report)
    assert (content.assets_fen, content.liabilities_fen, content.expense_business_fen) == (
        50_000_000, 12_500_000, 20_000_050,
    )  # fmt: skip
    html = page(client, "annual_report", report.pk).text
    assert "375,000.00" in html  # net assets
    assert "306,000.00" in html  # 1,000 + 300,000 + 0 + 5,000 + 0
    assert "230,000.50" in html
    answer = page(client, "annual_act", report.pk, post={"do": "submit", "on": "2026-03-20"})
    assert answer.status_code == 302, answer.text
    assert report_of(body).state == "submitted"
    assert report_of(body).submitted_on == date(2026, 3, 20)
    assert page(client, "annual_fill", report.pk, "people").text.count("不能再改") == 1


def test_what_is_typed_is_kept_as_it_is_typed(areas, client):
    body = make.organization()
    opened(areas)
    report = report_of(body)
    client.force_login(make.head_of(body))
    told = page(client, "annual_keep", report.pk, "money", post={"assets_fen": "大约五十", "version": "1", "x": "y"})
    assert told.json() == {"saved": "10:00"}
    content = AnnualContent.objects.get(report=report)
    assert content.typed == {"money": {"assets_fen": "大约五十"}}
    assert content.assets_fen is None
    html = page(client, "annual_fill", report.pk, "money").text
    assert 'value="大约五十"' in html
    assert "自动保存的草稿" in html
    post = {**TYPED["money"], "assets_fen": "大约五十", "version": report_of(body).version}
    answer = page(client, "annual_fill", report.pk, "money", post=post)
    assert answer.status_code == 422
    assert 'value="大约五十"' in answer.text
    assert page(client, "annual_fill", report.pk, "money", post={**post, "assets_fen": "50万"}).status_code == 302
    assert AnnualContent.objects.get(report=report).typed == {}


def test_members_must_add_up_at_the_page_and_in_the_database(areas, client):
    body = make.organization("甲协会", "ST")
    opened(areas)
    report = report_of(body)
    client.force_login(make.head_of(body))
    post = {**TYPED["people"], "members_total": "50", "version": 1}
    answer = page(client, "annual_fill", report.pk, "people", post=post)
    assert answer.status_code == 422
    assert "合计 51，与会员总数 50 不符" in answer.text
    assert not AnnualContent.objects.exists()
    assert page(client, "annual_fill", report.pk, "people", post={**post, "members_total": "51"}).status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        AnnualContent.objects.filter(report=report).update(members_total=50)


def test_two_who_save_at_once(areas, client):
    body = make.organization()
    opened(areas)
    report = report_of(body)
    client.force_login(make.head_of(body))
    first = {**TYPED["meetings"], "version": 1}
    assert page(client, "annual_fill", report.pk, "meetings", post=first).status_code == 302
    late = page(client, "annual_fill", report.pk, "meetings", post={**first, "council_meetings": "9"})
    assert late.status_code == 422
    assert "别人保存了这份年报" in late.text
    assert 'value="9"' in late.text
    assert AnnualContent.objects.get(report=report).council_meetings == 2


def test_a_street_writes_for_a_body_and_says_on_whose_word(areas, client):
    inside = make.organization("甲", street=areas["heli"])
    outside = make.organization("乙", street=areas["liyuan"])
    opened(areas)
    client.force_login(user("street", ("street_office", "area", "320211001"), is_demo=True))
    report = report_of(inside)
    post = {**TYPED["meetings"], "version": 1}
    answer = page(client, "annual_fill", report.pk, "meetings", post=post)
    assert answer.status_code == 422  # nobody's word
    post |= {"word_via": "phone", "word_by": "赵会长"}
    assert page(client, "annual_fill", report.pk, "meetings", post=post).status_code == 302
    event = AuditEvent.objects.filter(code="annual.saved").get()
    assert event.on_behalf == "电话：赵会长"
    assert event.subject_id == str(inside.pk)
    assert page(client, "annual_fill", report_of(outside).pk, "meetings").status_code == 404
    with pytest.raises(Refused, match="按谁的说法"):
        drafts.save(report=report, step="meetings", values={}, by=BY, at=AT)


def test_an_incomplete_report_is_not_taken(areas):
    body = make.organization()
    opened(areas)
    drafts.save(report=report_of(body), step="meetings", values={"council_meetings": 1}, by=BY, at=AT, on_behalf="当面")
    with pytest.raises(Refused, match=r"会员与机构.*还没有填完"):
        actions.submit(report=report_of(body), on=ON, by=BY, at=LATER, on_behalf="当面")
    report = whole(report_of(body))
    drafts.save(report=report, step="pledge", values={"pledged": False}, by=BY, at=AT, on_behalf="当面")
    with pytest.raises(Refused, match="承诺"):
        actions.submit(report=report, on=ON, by=BY, at=LATER, on_behalf="当面")


@pytest.mark.parametrize(("facts", "word", "purpose"), [
    ({"kind": "MF", "field": "04"}, "教育、卫生类", "audit"),
    ({"kind": "MF", "is_charity": True}, "慈善组织的年报应当附财务会计报告", "financial"),
    ({"kind": "ST", "last": "unqualified"}, "不合格，应当附整改报告", "rectification"),
])  # fmt: skip
def test_papers_that_must_be_attached(areas, facts, word, purpose):
    facts = dict(facts)
    last = facts.pop("last", "")
    body = make.organization("甲", facts.pop("kind"), **facts)
    if last:
        make.result(body, 2024, last)
    opened(areas, audit_fields=["04", "05"])
    report = whole(report_of(body))
    with pytest.raises(Refused, match=word):
        actions.submit(report=report, on=ON, by=BY, at=LATER, on_behalf="当面")
    assert report_of(body).state == "draft"
    attach(report, purpose)
    assert actions.submit(report=report, on=ON, by=BY, at=LATER, on_behalf="当面").state == "filed"


def test_a_foundation_without_an_audit_is_warned(areas):
    body = make.organization("甲基金会", "JJ")
    opened(areas)
    done = actions.submit(report=whole(report_of(body)), on=ON, by=BY, at=LATER, on_behalf="当面")
    assert done.state == "filed"
    told = AuditEvent.objects.get(code="annual.filed").payload["findings"]
    assert [(f["code"], f["severity"]) for f in told] == [("ANN-02", "warn")]


def test_the_wrong_form_is_refused_and_can_be_changed(areas):
    body = make.organization("甲", "MF", supervisor="滨湖区教育局")
    opened(areas)
    report = whole(report_of(body))
    with pytest.raises(Refused, match="与登记情况不符"):
        actions.change_track(report=report, track=Track.CHARITY, by=BY, at=AT, on_behalf="当面")
    make.changed(body, date(2026, 2, 1), is_charity=True)
    with pytest.raises(Refused, match="不参加年检"):
        actions.submit(report=report, on=ON, by=BY, at=LATER, on_behalf="当面")
    done = actions.change_track(report=report, track=Track.CHARITY, by=BY, at=AT, on_behalf="当面")
    assert (done.track, done.supervised) == ("charity", False)
    attach(done, "financial")
    assert actions.submit(report=done, on=ON, by=BY, at=LATER, on_behalf="当面").state == "filed"


def test_the_whole_way_to_a_conclusion(areas, client):
    body = make.organization("甲", "MF", supervisor="滨湖区教育局", field="06")
    opened(areas)
    report = whole(report_of(body))
    client.force_login(make.officer())
    word = {"word_via": "paper", "word_by": "赵某"}
    steps = (
        ({"do": "submit", "on": "2026-03-10", **word}, "submitted"),
        ({"do": "review", "on": "2026-03-09", "passed": "1", **word}, None),  # before it was handed in
        ({"do": "review", "on": "2026-03-12", "passed": "0", "opinion": "数字有误", **word}, "draft"),
        ({"do": "submit", "on": "2026-03-13", **word}, "submitted"),
        ({"do": "review", "on": "2026-03-14", "passed": "1", "opinion": "同意", **word}, "reviewed"),
        ({"do": "file", "on": "2026-03-21", **word}, None),  # a day to come
        ({"do": "file", "on": "2026-03-16", **word}, "filed"),
        ({"do": "conclude", "result": "qualified", "on": "2026-03-18"}, None),  # not examined
        ({"do": "examine"}, "examining"),
        ({"do": "return", "reason": "少一页"}, "returned"),
        ({"do": "submit", "on": "2026-03-20", **word}, "filed"),
        ({"do": "examine"}, "examining"),
        ({"do": "conclude", "result": "qualified", "on": "2026-03-20"}, "concluded"),
    )
    for post, wanted in steps:
        before = report_of(body).state
        answer = page(client, "annual_act", report.pk, post=post)
        assert answer.status_code == (302 if wanted else 422), answer.text[:3000]
        assert report_of(body).state == (wanted or before)
    done = report_of(body)
    assert (done.submitted_on, done.reviewed_on, done.filed_on) == (
        date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 16),
    )  # fmt: skip
    assert AnnualResult.objects.current().get(organization=body).result == "qualified"
    assert "合格" in page(client, "organization_detail", body.pk, tab="credit").text
    codes = list(AuditEvent.objects.filter(subject_kind="organization", subject_id=str(body.pk), code__startswith=
                                           "annual.").order_by("pk").values_list("code", flat=True))  # fmt: skip
    assert codes[-1] == "annual.concluded"
    assert codes.count("annual.reviewed") == 2


def test_corrections_are_due_after_ten_working_days(areas):
    body = make.organization()
    opened(areas)
    report = actions.submit(report=whole(report_of(body)), on=ON, by=BY, at=LATER, on_behalf="当面")
    done = actions.send_back(report=report, reason="缺数据", by=BY, at=datetime(2026, 4, 20, 2, 0, tzinfo=UTC))
    # 2026: 5-1 to 5-5 is the holiday, Saturday 5-9 is worked; ten working days after Monday 4-20.
    rest = {date(2026, 5, day) for day in range(1, 6)}
    worked = {date(2026, 5, 9)}
    day, left = date(2026, 4, 20), 10
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        left -= day in worked or (day.weekday() < 5 and day not in rest)
    assert done.return_due == day


@pytest.mark.parametrize(("changes", "name"), [
    ({"state": "filed"}, "annual_state_steps"),
    ({"state": "concluded"}, "annual_state_concluded"),
    ({"submitted_on": ON}, "annual_submitted_paired"),
    ({"result": "qualified", "concluded_on": ON, "concluded_at": AT, "state": "concluded"}, "annual_judged"),
    ({"return_reason": "x"}, "annual_returned_paired"),
])  # fmt: skip
def test_the_database_holds_who_and_when(areas, changes, name):
    body = make.organization()
    opened(areas)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        AnnualReport.objects.filter(organization=body).update(**changes)


def test_missed_years_bring_proposals_and_no_verdict(areas, client):
    once, twice, good = (make.organization(name) for name in ("一次", "两次", "好"))
    make.result(twice, 2024, "missed")
    make.result(once, 2023, "missed")
    make.result(once, 2024, "qualified")
    round_ = opened(areas)
    actions.submit(report=whole(report_of(good)), on=ON, by=BY, at=LATER, on_behalf="当面")
    client.force_login(make.officer())
    ids = [report_of(body).pk for body in (once, twice, good)]
    first = page(client, "annual_missed", round_.pk, post={"ids": ids})
    assert first.status_code == 200
    assert "列入活动异常名录" in first.text
    assert "撤销登记" in first.text
    assert not AnnualResult.objects.filter(year=2025).exists()
    assert page(client, "annual_missed", round_.pk, post={"ids": ids, "do": "apply"}).status_code == 302
    told = {p.organization_id: (p.wants, p.ground, p.decision) for p in ListingProposal.objects.all()}
    assert told == {once.pk: ("abnormal", "annual", ""), twice.pk: ("revocation", "annual", "")}
    assert report_of(good).state == "filed"  # who has complied dropped out
    assert not once.creditentrys.exists()
    assert {r.organization_id: r.result for r in AnnualResult.objects.filter(year=2025)} == {
        once.pk: "missed", twice.pk: "missed",
    }  # fmt: skip


def test_exemption_needs_a_reason(areas):
    body = make.organization()
    opened(areas)
    with pytest.raises(Refused, match="理由"):
        actions.conclude(report=report_of(body), result="exempt", on=ON, by=BY, at=LATER)
    done = actions.conclude(report=report_of(body), result="exempt", on=ON, note="4A 简化", by=BY, at=LATER)
    assert (done.state, done.result) == ("concluded", "exempt")


@pytest.mark.django_db(transaction=True)
def test_two_officers_conclude_one_report_at_once(transactional_db):
    found = make.binhu()
    parameters.sync_shipped(at=AT)
    body = make.organization()
    opened(found)
    report = actions.submit(report=whole(report_of(body)), on=ON, by=BY, at=LATER, on_behalf="当面")
    actions.examine(report=report, by=BY, at=LATER)
    start, outcomes = threading.Barrier(2), []

    def act(result):
        try:
            mine = report_of(body)
            start.wait(timeout=20)
            actions.conclude(report=mine, result=result, on=ON, by=BY, at=LATER)
            outcomes.append(result)
        except Refused as refused:
            outcomes.append(refused.findings[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(word,)) for word in ("qualified", "basically")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert "ANNUAL.state" in outcomes
    (won,) = set(outcomes) - {"ANNUAL.state"}
    assert report_of(body).result == AnnualResult.objects.current().get(organization=body).result == won
