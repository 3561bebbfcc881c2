"""Proposals for the lists: one at a time, letters, the right to be heard, a decision that alone lists a body."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from liaoyuan.core import policy
from liaoyuan.core.actions import calendar as calendar_actions
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import AuditEvent, CalendarDay
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import credit
from liaoyuan.registry.actions import listings as actions
from liaoyuan.registry.choices import Ground, Listing
from liaoyuan.registry.models import CreditEntry, ListingProposal
from liaoyuan.registry.queries import listings as queries
from tests.registry import factories as make

AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
BY = make.OPERATOR


@pytest.fixture
def areas(db):
    found = make.binhu()
    calendar_actions.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    return found


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-11-02T10:00:00")


def proposed(body, wants=Listing.ABNORMAL, ground=Ground.ANNUAL, **more) -> ListingProposal:
    given = {"reason": "未按规定报送年度报告", "arisen_on": date(2026, 6, 1), "by": BY, "at": AT, **more}
    return actions.propose(organization=body, wants=wants, ground=ground, **given)


def noticed(on: date) -> ListingProposal:
    return actions.tell_rights(proposal=proposed(make.organization("甲")), number="1号", on=on, by=BY, at=AT)


def working(start: date, days: int) -> tuple[date, bool]:
    """The n-th working day after a day and whether a year without rows was entered, by the table alone."""
    rows = {row.date: row.is_workday for row in CalendarDay.objects.all()}
    known = {day.year for day in rows}
    day, guessed = start, False
    while days:
        day += timedelta(days=1)
        guessed |= day.year not in known
        days -= rows.get(day, day.weekday() < 5)
    return day, guessed


def test_one_proposal_at_a_time(areas):
    body = make.organization("甲")
    first = proposed(body)
    with pytest.raises(Refused, match="已有一件没有办结的建议"):
        proposed(body, Listing.SERIOUS)
    actions.decide(proposal=first, listing=False, number="", on=AT.date(), note="已补报", by=BY, at=AT)
    assert proposed(body).pk != first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        ListingProposal.objects.filter(pk=first.pk).update(
            decided_at=None, decided_on=None, decision="", decision_no="", decided_by=None
        )


def test_a_listed_body_is_not_proposed_again(areas):
    body = make.organization("甲")
    make.credit(body)
    with pytest.raises(Refused, match="已经在这份名单上"):
        proposed(body)


@pytest.mark.parametrize("told", [date(2026, 6, 1), date(2026, 9, 21), date(2026, 10, 1)])
def test_the_term_for_being_heard(areas, told):
    row = noticed(told)
    assert (row.heard_until, row.heard_provisional) == working(told, 10)
    assert not row.heard_provisional


def test_a_term_over_the_year_s_end_is_provisional(areas):
    at = datetime(2026, 12, 25, 2, 0, tzinfo=UTC)
    row = actions.tell_rights(
        proposal=proposed(make.organization("甲")), number="滨民告〔2026〕9号", on=date(2026, 12, 24), by=BY, at=at
    )
    assert (row.heard_until, row.heard_provisional) == (*working(date(2026, 12, 24), 10)[:1], True)


def test_letters_lie_apart_as_they_should(areas):
    row = proposed(make.organization("甲"), ground=Ground.ADDRESS)
    row = actions.send_letter(proposal=row, number="1号", on=date(2026, 6, 1), by=BY, at=AT)
    row = actions.deliver(proposal=row, result="unsigned", on=date(2026, 6, 5), by=BY, at=AT)
    step = queries.next_step(row, policy.limits(AT.date(), ["national"]))
    assert (step.first_on, step.last_on) == (date(2026, 6, 16), date(2026, 7, 1))
    actions.send_letter(proposal=row, number="2号", on=date(2026, 6, 10), by=BY, at=AT)
    told = AuditEvent.objects.filter(code="listing.letter_sent").order_by("pk").last().payload["findings"]
    assert [(f["code"], f["severity"]) for f in told] == [("LST-01", "warn")]


def test_who_cannot_be_reached_needs_two_letters_nobody_signed_for(areas):
    row = proposed(make.organization("甲"), ground=Ground.ADDRESS)
    row = actions.send_letter(proposal=row, number="1号", on=date(2026, 6, 1), by=BY, at=AT)
    row = actions.deliver(proposal=row, result="unsigned", on=date(2026, 6, 5), by=BY, at=AT)
    row = actions.send_letter(proposal=row, number="2号", on=date(2026, 6, 20), by=BY, at=AT)
    row = actions.deliver(proposal=row, result="signed", on=date(2026, 6, 22), by=BY, at=AT)
    row = actions.tell_rights(proposal=row, number="3号", on=date(2026, 7, 1), by=BY, at=AT)
    with pytest.raises(Refused, match="两次信函都无人签收"):
        actions.decide(proposal=row, listing=True, number="4号", on=date(2026, 8, 1), by=BY, at=AT)
    assert not CreditEntry.objects.exists()


@pytest.mark.parametrize(("given", "word"), [
    ({"number": ""}, "文号"), ({"on": date(2026, 11, 3)}, "不能晚于今天"), ({"on": date(2026, 6, 30)}, "上一步"),
])  # fmt: skip
def test_a_decision_needs_number_and_day(areas, given, word):
    row = noticed(date(2026, 7, 1))
    told = {"listing": True, "number": "2号", "on": date(2026, 8, 1), **given}
    with pytest.raises(Refused, match=word):
        actions.decide(proposal=row, by=BY, at=AT, **told)


def test_nobody_is_listed_without_notice(areas):
    row = proposed(make.organization("甲"))
    with pytest.raises(Refused, match="告知陈述申辩的权利"):
        actions.decide(proposal=row, listing=True, number="1号", on=date(2026, 8, 1), by=BY, at=AT)


def test_a_decision_before_the_term_is_over_is_told(areas):
    row = noticed(date(2026, 8, 3))
    done = actions.decide(proposal=row, listing=True, number="2号", on=row.heard_until, by=BY, at=AT)
    told = AuditEvent.objects.get(code="listing.decided").payload["findings"]
    assert [(f["code"], f["severity"]) for f in told] == [("LST-02", "warn")]
    assert (done.entry.valid_from, done.entry.evidence) == (row.heard_until, "2号")


def test_the_whole_procedure_at_the_pages(areas, client):
    body = make.organization("甲服务中心", street=areas["heli"])
    client.force_login(make.officer())
    add = reverse("registry:proposal_add", args=[body.pk])
    post = {"wants": "abnormal", "ground": "annual", "reason": "未报 2025 年度报告", "arisen_on": "2026-06-01"}
    address = client.post(add, post).url
    act = reverse("registry:proposal_act", args=[ListingProposal.objects.get().pk])
    for step in (
        {"do": "letter", "number": "滨民函〔2026〕1号", "on": "2026-06-10"},
        {"do": "deliver", "result": "unsigned", "on": "2026-06-15"},
        {"do": "letter", "number": "滨民函〔2026〕2号", "on": "2026-06-29"},
        {"do": "deliver", "result": "unsigned", "on": "2026-07-03"},
        {"do": "notice", "number": "滨民告〔2026〕1号", "on": "2026-07-06"},
        {"do": "hear", "words": "已在补报", "on": "2026-07-08"},
        {"do": "decide", "listing": "1", "number": "滨民决〔2026〕1号", "on": "2026-07-10"},
    ):
        answer = client.post(act, step)
        assert (answer.status_code, answer.url) == (302, address), answer.text[:3000]
    entry = CreditEntry.objects.current().get(organization=body)
    assert (entry.list_kind, entry.valid_from, entry.evidence) == ("abnormal", date(2026, 7, 10), "滨民决〔2026〕1号")
    html = client.get(address).text
    for word in ("同意建议", "已在补报", "无人签收", "滨民告〔2026〕1号"):
        assert word in html
    assert client.post(act, {"do": "letter", "number": "9", "on": "2026-07-11"}).status_code == 422
    assert "甲服务中心" in client.get(reverse("registry:proposal_list"), {"state": "done"}).text
    assert "甲服务中心" not in client.get(reverse("registry:proposal_list")).text


@pytest.mark.parametrize(("removed", "complied", "codes"), [
    (date(2026, 9, 2), False, []), (date(2026, 9, 1), False, ["LST-03"]), (date(2026, 4, 1), True, []),
])  # fmt: skip
def test_leaving_the_abnormal_list(areas, removed, complied, codes):
    body = make.organization("甲")
    entry = make.credit(body, start=date(2026, 3, 2))
    credit.remove(entry=entry, removed_on=removed, reason="已补报", complied=complied, by=BY, at=AT)
    told = AuditEvent.objects.get(code="organization.credit_removed").payload.get("findings", [])
    assert [f["code"] for f in told] == codes
    assert {f["severity"] for f in told} <= {"warn"}


def test_two_years_on_the_abnormal_list_call_for_a_proposal(areas, client):
    long, almost, busy = (make.organization(name) for name in ("满两年", "差一天", "已提出"))
    make.credit(long, start=date(2024, 11, 2))
    make.credit(almost, start=date(2024, 11, 3))
    make.credit(busy, start=date(2024, 1, 1))
    proposed(busy, Listing.SERIOUS)
    officer = make.officer()
    assert [one.name for one in queries.long_listed(officer, date(2026, 11, 2))] == ["满两年"]
    client.force_login(officer)
    html = client.get(reverse("registry:proposal_list")).text
    assert "可提出列入严重违法失信名单的建议（1 家）" in html
    ids = list(CreditEntry.objects.values_list("pk", flat=True))
    assert client.post(reverse("registry:proposal_list"), {"ids": ids}).status_code == 302
    made = ListingProposal.objects.get(organization=long)
    assert (made.wants, made.ground, made.decision) == ("serious", "long", "")
    assert not ListingProposal.objects.filter(organization=almost).exists()
    assert queries.long_listed(officer, date(2026, 11, 2)) == []


@pytest.mark.django_db(transaction=True)
def test_two_officers_propose_at_once(transactional_db):
    make.binhu()
    parameters.sync_shipped(at=AT)
    body = make.organization("甲")
    start, outcomes = threading.Barrier(2), []

    def act():
        try:
            start.wait(timeout=20)
            proposed(body)
            outcomes.append("made")
        except Refused as refused:
            outcomes.append(refused.findings[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["LISTING.twice", "made"]
