"""The list page: doors, filters in the address, saved queries, selection, constant number of statements."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liaoyuan.core.models import SavedFilter
from tests.core.factories import user
from tests.registry import factories as make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
URL = "/registry/"


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas, client):
    who = make.officer()
    client.force_login(who, backend=BACKEND)
    return who


def _names(page) -> set[str]:
    return set(re.findall(r'<a href="/registry/\d+/(?:\?[^"]*)?">([^<]+)</a>', page.content.decode()))


def test_doors(areas, client):
    assert client.get(URL).status_code == 302
    client.force_login(user("nobody", is_demo=True), backend=BACKEND)
    assert client.get(URL).status_code == 403
    client.force_login(user("finance", ("finance", "area", "320211"), is_demo=True), backend=BACKEND)
    assert client.get(URL).status_code == 403
    client.force_login(user("leader", ("leadership", "area", "320211"), is_demo=True), backend=BACKEND)
    page = client.get(URL)
    assert page.status_code == 200
    assert "新增登记" not in page.content.decode()
    assert client.post(URL).status_code == 405


def test_a_row_just_outside_the_scope_is_not_listed(areas, officer, client):
    make.organization("本区示例中心", street=areas["heli"])
    make.organization("邻区示例中心", street=areas["other_street"], registrar_area=areas["other"])
    assert _names(client.get(URL)) == {"本区示例中心"}
    client.force_login(user("s", ("street_office", "area", "320211004"), is_demo=True), backend=BACKEND)
    assert _names(client.get(URL)) == set()


def test_filters_stand_in_the_address(areas, officer, client):
    make.organization("甲示例中心", "MF", street=areas["heli"])
    make.organization("乙示例协会", "ST", street=areas["liyuan"])
    make.organization("丙示例队", "BA", street=areas["heli"])
    make.organization("丁示例中心", "MF", street=areas["heli"], closed_on=make.AT.date())
    assert _names(client.get(URL)) == {"甲示例中心", "乙示例协会", "丙示例队"}
    assert _names(client.get(URL, {"kind": "MF"})) == {"甲示例中心"}
    assert _names(client.get(URL, {"group": "registered"})) == {"甲示例中心", "乙示例协会"}
    assert _names(client.get(URL, {"group": "filed"})) == {"丙示例队"}
    assert _names(client.get(URL, {"street": "河埒街道"})) == {"甲示例中心", "丙示例队"}
    assert _names(client.get(URL, {"status": "all", "kind": "MF"})) == {"甲示例中心", "丁示例中心"}
    assert _names(client.get(URL, {"as_of": "2020-01-01", "kind": "MF"})) == {"甲示例中心", "丁示例中心"}
    page = client.get(URL, {"q": "没有这样的名称"})
    assert "没有符合条件的组织" in page.content.decode()
    chip = re.search(r'<li class="chip">([^<]+)<a class="chip__remove" href="([^"]+)"', page.content.decode())
    assert chip and chip[1].strip() == "名称或代码：没有这样的名称" and chip[2] == "?"


def test_a_faulty_value_asks_nothing_and_is_told(areas, officer, client):
    make.organization("甲示例中心", street=areas["heli"])
    page = client.get(URL, {"since": "去年", "kind": "XX", "street": "天上街道"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "“成立日期从”没有起作用" in text and "没有找到“天上街道”这个地方" in text
    assert client.get(URL, {"page": "99999999999", "per": "7", "sort": "--x", "cols": "zzz"}).status_code == 200
    assert _names(client.get(URL, {"since": "去年"})) == {"甲示例中心"}


def test_an_empty_register_says_how_to_begin(areas, officer, client):
    text = client.get(URL).content.decode()
    assert "还没有组织" in text and "从导入一张台账开始" in text


def test_the_number_of_statements_does_not_grow_with_the_rows(areas, officer, client):
    client.get(URL)
    for _ in range(3):
        make.rating(make.organization(street=areas["heli"]))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(URL, {"per": "100"})
    for _ in range(40):
        make.rating(make.organization(street=areas["liyuan"]))
    with CaptureQueriesContext(connection) as many:
        page = client.get(URL, {"per": "100"})
    assert len(_names(page)) == 43
    assert len(many) == len(few)


def test_columns_and_masked_telephone(areas, officer, client):
    make.organization("甲示例中心", street=areas["heli"], phone="13800001234")
    text = client.get(URL, {"cols": ["phone", "address"]}).content.decode()
    assert "138****1234" in text and "13800001234" not in text
    assert 'data-label="住所"' in text and 'data-label="街道"' not in text
    assert "138****1234" not in client.get(URL).content.decode()


def test_htmx_gets_the_list_alone(areas, officer, client):
    make.organization("甲示例中心", street=areas["heli"])
    part = client.get(URL, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="list"')
    assert _names(part) == {"甲示例中心"}


def test_saved_queries_belong_to_their_user(areas, officer, client):
    other = user("other", ("leadership", "area", "320211"), is_demo=True)
    SavedFilter.objects.create(user=other, page="registry:organization_list", name="别人的", query="kind=ST")
    answer = client.post(reverse("registry:filter_save"), {"name": "民非", "query": "?kind=MF&page=3&q="})
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query)["kind"] == ["MF"]
    kept = SavedFilter.objects.get(user=officer)
    assert (kept.name, kept.query) == ("民非", "kind=MF")
    text = client.get(URL, {"kind": "MF"}).content.decode()
    assert '<a href="?kind=MF" aria-current="true">民非</a>' in text and "别人的" not in text
    client.post(reverse("registry:filter_save"), {"name": "民非", "query": "?kind=ST"})
    assert SavedFilter.objects.get(user=officer).query == "kind=ST"
    client.post(reverse("registry:filter_delete", args=[SavedFilter.objects.get(user=other).pk]))
    assert SavedFilter.objects.filter(user=other).exists()
    client.post(reverse("registry:filter_delete", args=[kept.pk]))
    assert not SavedFilter.objects.filter(user=officer).exists()
    assert client.post(reverse("registry:filter_save"), {"name": " ", "query": "kind=MF"}).status_code == 302
    assert not SavedFilter.objects.filter(user=officer).exists()


def test_call_list_shows_the_selected_within_the_scope_with_masked_numbers(areas, officer, client):
    first = make.organization("甲示例中心", street=areas["heli"], phone="13800001234", legal_representative="张某")
    make.organization("乙示例中心", street=areas["heli"])
    outside = make.organization("邻区示例中心", street=areas["other_street"], registrar_area=areas["other"])
    url = reverse("registry:organization_calls")
    text = client.post(url, {"ids": [first.pk, outside.pk, "x", "9" * 30]}, follow=True).content.decode()
    assert "甲示例中心" in text and "138****1234" in text and "张某" in text
    assert "乙示例中心" not in text and "邻区" not in text and "13800001234" not in text
    chat = text.split("<textarea")[1].split("</textarea>")[0]
    assert "1. 甲示例中心" in chat and "张某" not in chat and "138" not in chat  # names and dates only
    text = client.post(f"{url}?kind=MF", {"all_matching": "1"}, follow=True).content.decode()
    assert "甲示例中心" in text and "乙示例中心" in text and "邻区" not in text
    assert client.get(url).status_code == 405


def test_row_operations_only_where_one_may_write(areas, client):
    registered = make.organization("甲示例中心", street=areas["heli"])
    filed = make.organization("丙示例队", "BA", street=areas["heli"])
    client.force_login(user("s", ("street_office", "area", "320211001"), is_demo=True), backend=BACKEND)
    text = client.get(URL).content.decode()
    assert f"/registry/{filed.pk}/change/" in text and f"/registry/{registered.pk}/change/" not in text
