"""The officer's desk of claims: list, number for a reason, decision, 待办 and bell, scope."""

import re
from datetime import timedelta

import pytest

from liaoyuan.core.models import AuditEvent
from liaoyuan.registry.actions import claims
from liaoyuan.registry.models import Claim
from tests.core.factories import user
from tests.registry import factories as make

MOBILE = "13800138000"


@pytest.fixture
def areas(db, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    return make.binhu()


@pytest.fixture
def body(areas):
    return make.organization("滨湖区甲示例服务中心", street=areas["heli"], phone="13912345678",
                             legal_representative="张某")  # fmt: skip


@pytest.fixture
def claim(body):
    return claims.submit(organization=body.pk, told=make.claim_words(), at=make.AT).claim


@pytest.fixture
def officer(areas, client):
    who = user("wang", ("registry_officer", "area", "320211"), is_demo=True)
    client.force_login(who)
    return who


def text(answer):
    return answer.content.decode()


def test_from_the_bell_to_the_decision(client, officer, claim):
    home = text(client.get("/todo/"))
    assert "“滨湖区甲示例服务中心”的账号认领申请待核实" in home and f"/registry/claims/{claim.pk}/" in home
    listing = text(client.get("/registry/claims/"))
    assert "138****8000" in listing and MOBILE not in listing and "待核" in listing
    page = text(client.get(f"/registry/claims/{claim.pk}/"))
    assert MOBILE not in page and "13912345678" not in page and "139****5678" in page and "张某" in page
    done = client.post(f"/registry/claims/{claim.pk}/decide/", {"do": "approve", "reason": "电话核实"}, follow=True)
    assert "已同意" in text(done) and "滨湖区甲示例服务中心" not in text(done)
    after = text(client.get(f"/registry/claims/{claim.pk}/"))
    assert "尚未开通" in after and "不再保存" in after and 'name="do"' not in after
    assert "认领申请待核实" not in text(client.get("/todo/"))


def test_other_claims_of_the_same_body_are_pointed_out(client, officer, body, claim):
    page = text(client.get(f"/registry/claims/{claim.pk}/"))
    assert "另有待核的申请" not in page
    other = claims.submit(organization=body.pk, told=make.claim_words(claimant="钱某"), at=make.AT).claim
    page = text(client.get(f"/registry/claims/{claim.pk}/"))
    assert "另有待核的申请" in page and f'href="/registry/claims/{other.pk}/"' in page
    claims.send_back(claim=other, reason="查无此人", by=officer, at=make.AT)
    assert "另有待核的申请" not in text(client.get(f"/registry/claims/{claim.pk}/"))


def test_the_number_for_a_reason(client, officer, claim):
    address = f"/registry/claims/{claim.pk}/reveal/"
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422 and MOBILE not in text(refused) and "事由" in text(refused)
    shown = client.post(address, {"reason": "电话核实"})
    assert MOBILE in text(shown) and "no-store" in shown["Cache-Control"]
    assert AuditEvent.objects.get(code="read.revealed").payload["reason"] == "电话核实"
    assert MOBILE not in text(client.get(f"/registry/claims/{claim.pk}/"))
    assert client.get(address).status_code == 405


def test_sending_back_and_the_second_decision(client, officer, claim):
    address = f"/registry/claims/{claim.pk}/decide/"
    for wrong in (
        {"do": "return"},
        {"do": "emperor", "reason": "理由充分"},
        {},
        {"do": "return", "reason": "长" * 201},
    ):
        assert client.post(address, wrong).status_code == 422
    assert Claim.objects.get().decision == ""
    assert client.post(address, {"do": "return", "reason": "查无此人"}).status_code == 302
    again = client.post(address, {"do": "approve"})
    assert again.status_code == 422 and "这份申请已由wang于 2026-10-26 办理（已退回）" in text(again)
    assert "查无此人" in text(again)


def test_the_list_by_state_and_words(client, officer, body, areas):
    filed = make.organization("河埒乙示例互助社", "BA", street=areas["heli"])
    old = claims.submit(organization=body.pk, told=make.claim_words(claimant="钱某"), at=make.AT - timedelta(days=40))
    done = claims.submit(organization=filed.pk, told=make.claim_words(claimant="孙某"), at=make.AT)
    claims.send_back(claim=done.claim, reason="查无此人", by=officer, at=make.AT)
    claims.submit(organization=filed.pk, told=make.claim_words(claimant="李某"), at=make.AT)
    seen = {}
    for state in ("", "open", "returned", "approved", "expired", "all", "nonsense"):
        page = text(client.get("/registry/claims/", {"state": state} if state else {}))
        seen[state] = set(re.findall(r"(钱某|孙某|李某)", page))
    assert seen == {
        "": {"李某"}, "open": {"李某"}, "nonsense": {"李某"}, "returned": {"孙某"}, "approved": set(),
        "expired": {"钱某"}, "all": {"钱某", "孙某", "李某"},
    }  # fmt: skip
    found = text(client.get("/registry/claims/", {"state": "all", "q": "乙示例"}))
    assert "孙某" in found and "钱某" not in found
    assert "没有符合条件的认领申请" in text(client.get("/registry/claims/", {"q": "没有"}))
    late = client.post(f"/registry/claims/{old.claim.pk}/decide/", {"do": "approve"})
    assert late.status_code == 422 and "已过期" in text(late)


def test_just_outside_the_scope_there_is_nothing(client, areas, body, claim):
    """A registered body of the district, seen by the street of its domicile: 404, as if there were no claim."""
    client.force_login(user("jiedao", ("street_office", "area", "320211001"), is_demo=True))
    for address, data in (("", None), ("reveal/", {"reason": "好奇"}), ("decide/", {"do": "approve"})):
        path = f"/registry/claims/{claim.pk}/{address}"
        assert (client.get(path) if data is None else client.post(path, data)).status_code == 404
    assert "甲示例" not in text(client.get("/registry/claims/?state=all"))
    claim.refresh_from_db()
    assert claim.decision == "" and not AuditEvent.objects.filter(code="read.revealed").exists()
