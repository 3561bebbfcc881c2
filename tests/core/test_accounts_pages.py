"""The two consoles through the client: who gets in, what they do, and that a GET writes nothing."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection

from liaoyuan.core import clock
from liaoyuan.core.models import Grant, User
from tests.core import factories
from tests.core.test_login_pages import NoWrites

pytestmark = pytest.mark.django_db

SYSTEM_PAGES = ["/console/accounts/", "/console/accounts/new/", "/console/accounts/{pk}/"]
SECURITY_PAGES = ["/console/grants/", "/console/grants/{pk}/"]
SYSTEM_POSTS = ["/console/accounts/{pk}/unlock/", "/console/accounts/{pk}/reset/", "/console/accounts/{pk}/close/"]
SECURITY_POSTS = [
    "/console/grants/{pk}/appoint/", "/console/grants/{pk}/relieve/", "/console/grants/{pk}/hand-over/",
    "/console/grants/{pk}/factor-off/", "/console/grants/{pk}/{grant}/end/",
]  # fmt: skip


@pytest.fixture
def people():
    factories.binhu()
    return {
        "system": factories.user("xitong", ("system_administrator", "all", ""), office="system"),
        "security": factories.user("anquan", ("security_administrator", "all", ""), office="security"),
        "audit": factories.user("shenji", ("audit_administrator", "all", ""), office="audit"),
        "officer": factories.user("wang", ("registry_officer", "area", "320211"), unit="社会组织科"),
        "nobody": factories.user("nobody"),
    }


@pytest.mark.parametrize("who", ["", "system", "security", "audit", "officer", "nobody"])
def test_who_gets_in(client, people, who):
    if who:
        client.force_login(people[who])
        client.get("/account/")  # the session row is touched once
    target = people["officer"]
    grant = Grant.objects.get(user=target)
    for kind, gets, posts in (("system", SYSTEM_PAGES, SYSTEM_POSTS), ("security", SECURITY_PAGES, SECURITY_POSTS)):
        wanted = 302 if not who else 200 if who == kind else 403
        for page in gets:
            with connection.execute_wrapper(NoWrites()):
                assert client.get(page.format(pk=target.pk)).status_code == wanted, (who, page)
        for page in posts:
            address = page.format(pk=target.pk, grant=grant.pk)
            assert client.get(address).status_code == (405 if wanted == 200 else wanted), (who, page)
            if wanted != 200:
                assert client.post(address).status_code == wanted, (who, page)
    target.refresh_from_db()
    assert target.is_active


def test_accounts_are_made_reset_unlocked_and_closed(client, people):
    client.force_login(people["system"])
    bad = client.post("/console/accounts/new/", {"username": "wang", "display_name": "王"})
    assert bad.status_code == 422
    assert "已被使用" in bad.content.decode()
    made = client.post("/console/accounts/new/", {"username": "liming", "display_name": "李明", "unit": "河埒街道"})
    shown = re.search(r"<dt>一次性密码</dt><dd>([^<]+)</dd>", made.content.decode())[1]
    user = User.objects.get(username="liming")
    assert check_password(shown, user.password)
    page = client.get("/console/accounts/?q=李明").content.decode()
    assert "liming" in page
    assert "xitong" not in page.split("<main")[1]
    again = client.post(f"/console/accounts/{user.pk}/reset/").content.decode()
    other = re.search(r"<dt>一次性密码</dt><dd>([^<]+)</dd>", again)[1]
    assert other != shown
    assert shown not in client.get(f"/console/accounts/{user.pk}/").content.decode()
    client.post(f"/console/accounts/{user.pk}/unlock/")
    client.post(f"/console/accounts/{user.pk}/close/")
    user.refresh_from_db()
    assert not user.is_active
    assert "停用" in client.get(f"/console/accounts/{user.pk}/").content.decode()
    assert client.post(f"/console/accounts/{people['system'].pk}/close/").status_code == 302
    assert User.objects.get(pk=people["system"].pk).is_active
    assert client.get("/console/accounts/999999/").status_code == 404


def test_a_role_is_given_and_taken(client, people):
    client.force_login(people["security"])
    user = people["nobody"]
    address = f"/console/grants/{user.pk}/"
    bad = client.post(address, {"role": "registry_officer", "scope_kind": "area", "area": "999"})
    assert bad.status_code == 422
    assert "没有这个区划" in bad.content.decode()
    assert client.post(address, {"role": "system_administrator", "scope_kind": "all"}).status_code == 422
    good = {"role": "street_office", "scope_kind": "area", "area": "320211001", "valid_to": "2099年1月1日"}
    assert client.post(address, good).status_code == 302
    grant = Grant.objects.get(user=user)
    assert (grant.scope_id, grant.valid_to.isoformat(), grant.granted_by) == (
        "320211001",
        "2099-01-01",
        people["security"],
    )
    assert "河埒街道" in client.get(address).content.decode()
    assert client.post(f"/console/grants/{people['officer'].pk}/{grant.pk}/end/").status_code == 404
    client.post(f"{address}{grant.pk}/end/")
    grant.refresh_from_db()
    assert grant.ended_by == people["security"]


def test_organization_scope_by_name_or_code(client, people):
    from liaoyuan.core.models import SearchDocument

    SearchDocument.objects.create(kind="organization", object_id=42, title="九色示例中心", code="52320211MJ60000192")
    client.force_login(people["security"])
    address = f"/console/grants/{people['nobody'].pk}/"
    form = {"role": "organization_head", "scope_kind": "organization"}
    unknown = client.post(address, {**form, "organization": "没有的组织"})
    assert "没有找到这个组织" in unknown.content.decode()
    assert client.post(address, {**form, "organization": "52320211mj60000192"}).status_code == 302
    assert Grant.objects.get(user=people["nobody"]).scope_id == "42"
    assert "九色示例中心" in client.get(address).content.decode()


def test_appointment_relief_and_hand_over(client, people):
    client.force_login(people["security"])
    user = people["nobody"]
    assert client.post(f"/console/grants/{user.pk}/appoint/", {"office": "emperor"}).status_code == 400
    client.post(f"/console/grants/{user.pk}/appoint/", {"office": "audit"})
    user.refresh_from_db()
    assert user.office == "audit"
    page = client.post(f"/console/grants/{people['officer'].pk}/appoint/", {"office": "audit"}, follow=True)
    assert "不能兼任" in page.content.decode()
    client.post(f"/console/grants/{user.pk}/relieve/")
    client.post(f"/console/grants/{people['officer'].pk}/hand-over/", {"to": "NOBODY"})
    assert Grant.objects.get(user=user, ended_at__isnull=True).role == "registry_officer"


def test_a_deputy_for_a_time_and_hand_over_of_what_is_one_s_own(client, people):
    """代理 has an end, stays within the other's grant and is shown; 交接 hands over one's own roles, not a deputy's."""
    client.force_login(people["security"])
    user, officer = people["nobody"], people["officer"]
    own = Grant.objects.get(user=officer)
    address = f"/console/grants/{user.pk}/"
    form = {
        "role": own.role,
        "scope_kind": own.scope_kind,
        "area": own.scope_id,
        "deputy_for": officer.username.upper(),
    }
    day = clock.today() + timedelta(days=14)
    for wrong, sentence in (
        ({}, "代理须有止日"),
        ({"valid_to": day.isoformat(), "deputy_for": "nobody.there"}, "被代理人在这段时间没有"),
        ({"valid_to": day.isoformat(), "role": "leadership"}, "被代理人在这段时间没有"),
    ):
        answer = client.post(address, form | wrong)
        assert answer.status_code == 422 and sentence in answer.content.decode()
    assert client.post(address, form | {"valid_to": day.isoformat()}).status_code == 302
    grant = Grant.objects.get(user=user)
    assert (grant.deputy_for, grant.valid_to) == (officer, day)
    assert f'data-label="代理">{officer}<' in client.get(address).content.decode()
    page = client.post(f"{address}hand-over/", {"to": officer.username}, follow=True).content.decode()
    assert "没有可以交接的授权" in page
    client.post(f"/console/grants/{officer.pk}/hand-over/", {"to": user.username})
    own.refresh_from_db()
    assert own.ended_by == people["security"]
    grant.refresh_from_db()
    assert grant.ended_by == people["security"]  # who was the deputy now holds the role himself
    assert Grant.objects.get(user=user, ended_at__isnull=True).deputy_for is None


def test_lists_filter_and_ask_few_questions(client, people, django_assert_max_num_queries):
    for n in range(30):
        factories.user(f"user{n:02}", ("street_office", "area", "320211001"))
    client.force_login(people["security"])
    client.get("/account/")
    with django_assert_max_num_queries(17):
        page = client.get("/console/grants/?role=street_office&per=50").content.decode()
    assert page.count("街道（镇）干部") >= 30
    assert "user29" in page
    assert "xitong" not in page.split("<table")[1]
    assert client.get("/console/grants/?page=abc&sort=%27--&state=zzz").status_code == 200
