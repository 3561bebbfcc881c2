"""Claims: what may be submitted, who decides where, once, and what the code says to who keeps it."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core import access, vault
from liaoyuan.core.actions import calendar as calendars
from liaoyuan.core.actions import invitations
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.core.models import AuditEvent, Grant, Invitation, SeparationSetting
from liaoyuan.core.queries import due
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import claims
from liaoyuan.registry.choices import ClaimState
from liaoyuan.registry.models import Claim
from liaoyuan.registry.params.claims import CLAIM_OPEN
from liaoyuan.registry.queries import claims as queries
from liaoyuan.registry.rules import claims as rules
from tests.core.factories import user
from tests.registry import factories as make

NOW = make.AT
TODAY = date(2026, 10, 26)
MOBILE = "13800138000"
PASSWORD = "Jiuse-2026-xx"


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def body(areas):
    return make.organization("滨湖区甲示例服务中心", street=areas["heli"])


@pytest.fixture
def filed(areas):
    return make.organization("河埒乙示例互助社", "BA", street=areas["heli"])


@pytest.fixture
def officer(areas):
    return make.officer()


@pytest.fixture
def street(areas):
    return user("jiedao", ("street_office", "area", "320211001"))


def submit(body, at=NOW, **more):
    return claims.submit(organization=body.pk, told=make.claim_words(**more), at=at)


def said(code, at=NOW):
    with pytest.raises(Refused) as refused:
        invitations.find(code=code, at=at)
    return refused.value.findings


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"claimant": ""}, ["claimant"]),
        ({"claimant": "长" * 40}, []),
        ({"claimant": "长" * 41}, ["claimant"]),
        ({"post": "emperor"}, ["post"]),
        ({"mobile": ""}, ["mobile"]),
        ({"mobile": "1380013800"}, ["mobile"]),
        ({"mobile": "138001380000"}, ["mobile"]),
        ({"mobile": "12800138000"}, ["mobile"]),
        ({"words": "打"}, ["words"]),
        ({"words": "话" * 200}, []),
        ({"words": "话" * 201}, ["words"]),
        ({"notice": "1999-1"}, ["notice"]),
        ({"claimant": "", "notice": ""}, ["claimant", "notice"]),
    ],
)
def test_what_may_be_submitted(changes, fields):
    told = rules.may_submit(make.claim_words(**changes), needs_mobile=True)
    assert [finding.field for finding in told] == fields
    assert all(finding.text for finding in told)


def test_a_claim_waits_until_the_end_of_its_thirtieth_day():
    last = TODAY + timedelta(days=30)
    assert rules.state("", TODAY, last) == ClaimState.OPEN
    assert rules.state("", TODAY, last + timedelta(days=1)) == ClaimState.EXPIRED
    assert rules.state("returned", TODAY, last + timedelta(days=1)) == ClaimState.RETURNED


@pytest.mark.parametrize("clock_time", ["00:00:00", "12:30:00", "23:59:59"])
def test_the_database_counts_the_days_as_the_rule_does(body, clock_time):
    made = submit(body, at=datetime.fromisoformat(f"2026-10-26T{clock_time}").replace(tzinfo=SHANGHAI)).claim
    for days in (0, 29, 30, 31, 60):
        on = TODAY + timedelta(days=days)
        expected = rules.state("", TODAY, on)
        for state in (ClaimState.OPEN, ClaimState.EXPIRED):
            assert Claim.objects.in_state(state, on).filter(pk=made.pk).exists() == (state == expected)


def test_only_hash_and_ciphertext_are_kept(body):
    receipt = submit(body)
    row = Claim.objects.get()
    assert receipt.code not in str(vars(row)) and MOBILE not in str(vars(row))
    assert vault.decrypt(row.mobile, purpose="claim.mobile") == MOBILE
    event = AuditEvent.objects.get(code="claim.made")
    assert (event.subject_kind, event.subject_label, event.actor_name) == ("claim", "滨湖区甲示例服务中心", "system")
    assert MOBILE not in str(event.payload) and "赵某" not in str(event.payload)


def test_closed_external_and_unknown_bodies_cannot_be_claimed(areas):
    closed = make.organization(closed_on=date(2024, 1, 1))
    external = make.organization(is_external=True, registrar_area=areas["other"])
    for key in (closed.pk, external.pk, 10**9):
        with pytest.raises(Refused):
            claims.submit(organization=key, told=make.claim_words(), at=NOW)
    assert not Claim.objects.exists()


def test_too_many_open_claims_of_one_body(body, officer):
    for _number in range(CLAIM_OPEN):
        submit(body)
    with pytest.raises(Refused):
        submit(body)
    claims.send_back(claim=Claim.objects.first(), reason="重复", by=officer, at=NOW)
    assert submit(body)
    with pytest.raises(Refused):
        submit(body)
    assert submit(body, at=NOW + timedelta(days=31))  # the old ones are out of date


def test_an_approved_code_opens_the_account_once_within_thirty_days(body, officer):
    other = invitations.invite(subject=body, label="甲", by=officer, at=NOW)
    receipt = submit(body)
    row = claims.approve(claim=receipt.claim, reason="电话核实", by=officer, at=NOW)
    assert (row.decision, row.decided_by, row.mobile, row.reason) == ("approved", officer, "", "电话核实")
    assert row.invitation == Invitation.objects.get(revoked_at__isnull=True)
    assert row.invitation.expires_at == NOW + timedelta(days=30)
    with pytest.raises(Refused):
        invitations.find(code=other.code, at=NOW)
    made = invitations.accept(code=receipt.code, username="zhao", display_name="赵某", password=PASSWORD, at=NOW)
    grant = Grant.objects.get(user=made)
    assert (grant.role, grant.scope_id, grant.granted_by) == ("organization_head", str(body.pk), officer)
    assert access.reach(made, "registry.own.view").organizations == [body.pk]
    assert [f.code for f in said(receipt.code)] == ["INVITATION"]


def test_an_approved_code_that_nobody_used_ends(body, officer):
    receipt = submit(body)
    claims.approve(claim=receipt.claim, by=officer, at=NOW)
    assert invitations.find(code=receipt.code, at=NOW + timedelta(days=30, seconds=-1))
    assert [f.code for f in said(receipt.code, NOW + timedelta(days=30))] == ["INVITATION"]


def test_the_code_says_how_things_stand(body, officer):
    calendars.sync_calendar(at=NOW)
    receipt = submit(body)
    waiting = said(receipt.code)
    assert [(f.severity, f.args["due"]) for f in waiting] == [("info", "2026-11-02")]
    assert "2026-11-02" in waiting[0].text and "暂定" not in waiting[0].text
    late = said(receipt.code, NOW + timedelta(days=31))
    assert "已过期" in late[0].text
    claims.send_back(claim=receipt.claim, reason="登记的电话无人知情。", by=officer, at=NOW)
    told = said(receipt.code.lower().replace("-", " "))
    assert told[0].severity == "warn" and "理由：登记的电话无人知情。补充" in told[0].text
    assert [f.code for f in said("ABCD-EFGH-JKLM")] == ["INVITATION"]


def test_an_unknown_year_makes_the_day_provisional(body):
    receipt = submit(body)  # no calendar at all
    assert queries.answer_by(receipt.claim).provisional
    assert "暂定" in said(receipt.code)[0].text


def test_sending_back_needs_a_reason(body, officer):
    claim = submit(body).claim
    for reason in ("", "  ", "无"):
        with pytest.raises(Refused) as refused:
            claims.send_back(claim=claim, reason=reason, by=officer, at=NOW)
        assert refused.value.findings[0].field == "reason"
    claim.refresh_from_db()
    assert claim.decision == ""


def test_a_second_decision_is_refused(body, officer):
    claim = submit(body).claim
    claims.send_back(claim=claim, reason="查无此人", by=officer, at=NOW)
    for act in (claims.approve, claims.send_back):
        with pytest.raises(Refused) as refused:
            act(claim=claim, reason="再办一次", by=officer, at=NOW)
        assert str(officer) in str(refused.value) and "已退回" in str(refused.value)
    assert not Invitation.objects.exists()
    assert AuditEvent.objects.filter(code__in=["claim.approved", "claim.returned"]).count() == 1


def test_an_expired_claim_and_one_of_a_closed_body_are_not_approved(body, officer):
    claim = submit(body).claim
    with pytest.raises(Refused):
        claims.approve(claim=claim, by=officer, at=NOW + timedelta(days=31))
    with pytest.raises(Refused):
        claims.reveal(claim=claim, reason="核实", by=officer, at=NOW + timedelta(days=31))
    body.live = False
    body.save()
    with pytest.raises(Refused):
        claims.approve(claim=claim, by=officer, at=NOW)
    assert claims.send_back(claim=claim, reason="组织已注销", by=officer, at=NOW).decision == "returned"


def test_who_decides_where(areas, body, filed, officer, street):
    district, mine = submit(body).claim, submit(filed).claim
    other = submit(make.organization("蠡园丙示例队", "BA", street=areas["liyuan"])).claim
    outside = submit(make.organization("外区丁示例中心", registrar_area=areas["other"])).claim
    assert set(Claim.objects.visible_to(officer)) == {district, mine, other}
    assert set(Claim.objects.visible_to(street)) == {mine}
    assert not Claim.objects.visible_to(user("ling", ("leadership", "area", "320211"))).exists()
    for who, claim in [(street, district), (street, other), (officer, outside)]:
        for act in (
            lambda who=who, claim=claim: claims.approve(claim=claim, by=who, at=NOW),
            lambda who=who, claim=claim: claims.send_back(claim=claim, reason="不归我管", by=who, at=NOW),
            lambda who=who, claim=claim: claims.reveal(claim=claim, reason="好奇", by=who, at=NOW),
        ):
            with pytest.raises(PermissionDenied):
                act()
    assert claims.approve(claim=mine, by=street, at=NOW).decision == "approved"


def test_a_number_is_shown_for_a_reason_and_deleted_with_the_decision(body, officer):
    claim = submit(body).claim
    with pytest.raises(Refused):
        claims.reveal(claim=claim, reason=" ", by=officer, at=NOW)
    assert not AuditEvent.objects.filter(code="read.revealed").exists()
    assert claims.reveal(claim=claim, reason="电话核实", by=officer, at=NOW) == MOBILE
    event = AuditEvent.objects.get(code="read.revealed")
    assert (event.subject_kind, event.subject_id, event.actor) == ("claim", str(claim.pk), officer)
    assert event.payload == {"field": "mobile", "reason": "电话核实"}
    claims.approve(claim=claim, by=officer, at=NOW)
    with pytest.raises(Refused):
        claims.reveal(claim=claim, reason="电话核实", by=officer, at=NOW)


def test_numbers_of_expired_claims_go_with_the_next_claim(body, filed):
    old = submit(body).claim
    fresh = submit(filed, at=NOW + timedelta(days=20)).claim
    submit(filed, at=NOW + timedelta(days=31))
    old.refresh_from_db(), fresh.refresh_from_db()
    assert (old.mobile, bool(fresh.mobile)) == ("", True)


def test_open_claims_stand_in_the_todo_list_by_their_day(body, filed, officer, street):
    calendars.sync_calendar(at=NOW)
    submit(body, at=NOW - timedelta(days=10))
    submit(filed)
    done = submit(filed).claim
    claims.send_back(claim=done, reason="重复申请", by=officer, at=NOW)
    submit(body, at=NOW - timedelta(days=31))  # out of date
    found = due.todo(officer, TODAY)
    lines = [(item.title, item.due_on, item.provisional) for item in found.items if item.code == "claim"]
    # Monday 26 October + 5 working days = 2 November; 16 October + 5 = 23 October, after the National Day weeks
    assert lines == [
        ("“滨湖区甲示例服务中心”的账号认领申请待核实", date(2026, 10, 23), False),
        ("“河埒乙示例互助社”的账号认领申请待核实", date(2026, 11, 2), False),
    ]
    assert due.todo(officer, TODAY, limit=1).total == due.todo(officer, TODAY).total
    assert [item.code for item in due.todo(street, TODAY).items] == ["claim"]
    assert due.todo(user("ling", ("leadership", "area", "320211")), TODAY).total == 0


@pytest.mark.parametrize("mobile", ["", MOBILE])
def test_at_trial_no_number_is_taken_and_none_is_asked(body, mobile):
    SeparationSetting.objects.create(level="trial", valid_from=date(2020, 1, 1), set_at=NOW)
    if not mobile:
        assert submit(body, mobile="").claim.mobile == ""
        return
    with pytest.raises(Refused) as refused:
        submit(body, mobile=mobile)
    assert [(f.code, f.field) for f in refused.value.findings] == [("SEC-04", "mobile")]
    assert "手机号" in str(refused.value)
    assert not Claim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_officers_deciding_at_once_one_decides():
    areas = make.binhu()
    body = make.organization("滨湖区甲示例服务中心", street=areas["heli"])
    claim = submit(body).claim
    people = [user(f"officer{n}", ("registry_officer", "area", "320211")) for n in range(4)]
    start, answers = threading.Barrier(len(people)), []

    def decide(number):
        try:
            start.wait()
            act = claims.approve if number % 2 else claims.send_back
            answers.append(act(claim=claim, reason="同时办理", by=people[number], at=NOW).decision)
        except Refused as refused:
            answers.append(refused.findings[0].message)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decided = [answer for answer in answers if answer in ("approved", "returned")]
    refused = [answer for answer in answers if answer.startswith("这份申请已由")]
    assert (len(decided), len(refused)) == (1, 3)
    claim.refresh_from_db()
    assert claim.decision == decided[0]
    assert Invitation.objects.count() == (decided[0] == "approved")
    assert AuditEvent.objects.filter(code__startswith="claim.", subject_id=str(claim.pk)).count() == 2
