"""Claiming an account from the public page: what is told before, what the answer shows, that nothing else is learnt."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.core.actions import calendar
from liaoyuan.core.models import AuditEvent, SeparationSetting
from liaoyuan.registry.actions import claims
from liaoyuan.registry.models import Claim
from liaoyuan.registry.params.claims import CLAIM_NOTICE
from tests.core.factories import AT, user
from tests.registry import factories

GOOD = {
    "claimant": "赵某", "post": "head", "mobile": "138 0013-8000", "words": "请拨打登记的联系电话", "notice": "on",
    "version": CLAIM_NOTICE,
}  # fmt: skip
CODE = re.compile(r"<code>([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})</code>")


@pytest.fixture(autouse=True)
def fresh(monkeypatch, db):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    cache.clear()
    calendar.sync_calendar(at=AT)


def address(body):
    return f"/directory/{body.pk}/claim/"


def text(answer):
    return answer.content.decode()


def test_the_way_from_the_public_page_to_the_account(client, bodies):
    page = text(client.get(f"/directory/{bodies.live.pk}/"))
    assert f'href="{address(bodies.live)}"' in page and "这是我们的组织，申请开通账号" in page
    form = client.get(address(bodies.live))
    assert "九色公益服务中心" in text(form) and "手机号在答复时删除" in text(form)
    assert 'name="robots" content="noindex' in text(form)
    assert "no-store" in form["Cache-Control"]
    answer = client.post(address(bodies.live), GOOD)
    assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (200, 1)
    code = CODE.search(text(answer))[1]
    claim = Claim.objects.get()
    assert f"申请编号：{claim.pk}" in text(answer) and "2026年11月2日" in text(answer)
    assert "13800138000" not in text(answer)

    waiting = client.post("/invitation/", {"code": code.lower()})
    assert waiting.status_code == 200 and "2026-11-02" in text(waiting) and 'name="username"' not in text(waiting)
    claims.approve(claim=claim, by=factories.officer(), at=AT)
    opening = client.post("/invitation/", {"code": code})
    assert "九色公益服务中心" in text(opening) and 'name="username"' in text(opening) and code in text(opening)
    account = {"code": code, "username": "zhao", "display_name": "赵某", "password": "Jiuse-2026-xx",
               "again": "Jiuse-2026-xx"}  # fmt: skip
    assert client.post("/invitation/", account)["Location"] == "/login/"
    client.post("/login/", {"username": "zhao", "password": "Jiuse-2026-xx"})
    assert "九色公益服务中心" in text(client.get("/registry/own/", follow=True))


def test_a_returned_claim_shows_its_reason_and_a_wrong_code_an_error(client, bodies):
    code = CODE.search(text(client.post(address(bodies.filed), GOOD)))[1]
    claims.send_back(claim=Claim.objects.get(), reason="请带证书 <b>到窗口</b>", by=factories.officer(), at=AT)
    told = client.post("/invitation/", {"code": code})
    assert told.status_code == 200 and "请带证书 &lt;b&gt;到窗口" in text(told)
    wrong = client.post("/invitation/", {"code": "AAAA-AAAA-AAAA"})
    assert wrong.status_code == 422 and "邀请码不正确" in text(wrong) and 'name="username"' not in text(wrong)


def test_whether_there_is_an_account_is_not_told(bodies):
    """Page, refusal and answer are the same to the letter, but for what differs between any two answers."""

    def picture(body):
        cache.clear()
        client, told = Client(), []
        for answer in (client.get(f"/directory/{body.pk}/"), client.get(address(body)), client.post(address(body), {}),
                       client.post(address(body), GOOD)):  # fmt: skip
            plain = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(answer))
            plain = re.sub(r"申请编号：\d+", "", CODE.sub("", plain))
            told.append((answer.status_code, sorted(answer.headers), plain))
        return told

    before = picture(bodies.live)
    factories.head_of(bodies.live)
    assert picture(bodies.live) == before


def test_only_live_bodies_of_our_own_can_be_claimed(client, bodies):
    assert "申请开通账号" not in text(client.get(f"/directory/{bodies.closed.pk}/"))
    for key in (bodies.closed.pk, bodies.external.pk, 10**9, 2**63, 10**30):
        assert client.get(f"/directory/{key}/claim/").status_code == 404
        assert client.post(f"/directory/{key}/claim/", GOOD).status_code == 404
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mobile": "1380013800"}, "请填写 11 位手机号"),
        ({"mobile": "12800138000"}, "请填写 11 位手机号"),
        ({"notice": ""}, "须同意个人信息的使用说明"),
        ({"version": "1999-1"}, "须同意个人信息的使用说明"),
        ({"post": "emperor"}, "emperor"),
        ({"words": "电"}, "2 到 200 个字"),
        ({"claimant": "  "}, "您的姓名"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, bodies, changes, sentence):
    answer = client.post(address(bodies.live), {**GOOD, **changes})
    assert answer.status_code == 422 and sentence in text(answer)
    kept = "赵某" if "claimant" not in changes else "请拨打登记的联系电话"
    assert kept in text(answer)
    assert not Claim.objects.exists() and not AuditEvent.objects.filter(code="claim.made").exists()


@pytest.mark.parametrize("mobile", ["１３８００１３８０００", "+86 13800138000", "138-0013-8000"])
def test_a_number_is_understood_however_it_is_grouped(client, bodies, mobile):
    from liaoyuan.core import vault

    assert client.post(address(bodies.live), {**GOOD, "mobile": mobile}).status_code == 200
    assert vault.decrypt(Claim.objects.get().mobile, purpose="claim.mobile") == "13800138000"


def test_sending_is_slowed_down_by_address_and_by_body(client, bodies):
    answers = [client.post(address(bodies.live), GOOD, REMOTE_ADDR=f"10.0.{n}.1").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]
    assert client.post(address(bodies.filed), GOOD, REMOTE_ADDR="10.0.0.1").status_code == 200
    cache.clear()
    others = [bodies.live, bodies.filed, bodies.listed, bodies.heir] * 3
    answers = [client.post(address(body), GOOD, REMOTE_ADDR="10.1.0.1").status_code for body in others[:11]]
    assert answers == [200] * 10 + [429]


def test_a_form_from_elsewhere_is_refused(bodies):
    client = Client(enforce_csrf_checks=True)
    client.get(address(bodies.live))
    assert client.post(address(bodies.live), GOOD).status_code == 403
    token = client.cookies["csrftoken"].value
    assert client.post(address(bodies.live), {**GOOD, "csrfmiddlewaretoken": token}).status_code == 200


def test_the_address_says_the_language(client, bodies):
    page = text(client.get(address(bodies.live) + "?lang=en&text=large"))
    assert 'lang="en"' in page and 'data-text="large"' in page
    assert f'action="{address(bodies.live)}?lang=en&amp;text=large"' in page


def test_at_trial_the_form_asks_no_number_and_takes_none(client, bodies):
    SeparationSetting.objects.create(level="trial", valid_from=date(2020, 1, 1), set_at=AT)
    assert 'name="mobile"' not in text(client.get(address(bodies.live)))
    assert client.post(address(bodies.live), GOOD).status_code == 200  # what no field asked for is not read
    assert Claim.objects.get().mobile == ""


_ANY = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    form=st.fixed_dictionaries(
        {},
        optional={
            "claimant": _ANY | st.just(GOOD["claimant"]),
            "post": _ANY | st.sampled_from(["head", "other"]),
            "mobile": _ANY | st.from_regex(r"[0-9+\- ]{0,20}", fullmatch=True) | st.just(GOOD["mobile"]),
            "words": _ANY | st.just(GOOD["words"]),
            "notice": _ANY | st.just("on"),
            "version": _ANY | st.just(CLAIM_NOTICE),
        },
    ),
    code=_ANY,
    query=st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=30),
)
def test_nothing_that_is_sent_breaks_it(client, bodies, form, code, query):
    cache.clear()
    answer = client.post(address(bodies.live), form, query_params={"lang": query})
    assert answer.status_code in (200, 422)
    assert (answer.status_code == 200) == bool(CODE.search(text(answer)))
    assert client.post("/invitation/", {"code": code}).status_code in (200, 422)


def test_officers_are_sent_the_same_form(client, bodies):
    client.force_login(user("wang", ("registry_officer", "area", "320211"), is_demo=True))
    assert client.get(address(bodies.live)).status_code == 200
