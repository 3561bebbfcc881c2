"""The public pages: who is in the directory, what is never shown, no cookie, no query per row."""

import re
from datetime import date
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import search
from liaoyuan.core.models import AuditEvent
from liaoyuan.registry.models import Organization, Standing
from tests.portal.conftest import PLANTED
from tests.registry import factories

pytestmark = pytest.mark.django_db
LIVE = {"九色公益服务中心", "河埒合唱队", "青禾文化协会", "河埒合唱协会"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T09:00:00")


def text(path: str, status: int = 200, **headers) -> str:
    answer = Client().get(path, **headers)
    assert answer.status_code == status, path
    return answer.content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'<td class="sticky table-cards__title"><a href="[^"]*">([^<]*)</a>', html)


def total(html: str) -> int:
    return int(re.search(r'pager__total">共 ([\d,]+) 条', html)[1].replace(",", ""))


def every_page(bodies) -> list[str]:
    keys = [b.pk for b in (bodies.live, bodies.filed, bodies.listed, bodies.closed, bodies.heir)]
    return ["/directory/", "/directory/?q=九色", "/directory/?kind=BA", "/directory/?q=合唱&kind=ST",
            "/directory/figures/", "/robots.txt", *[f"/directory/{pk}/" for pk in keys],
            *[f"/directory/{pk}/?lang=en&text=large" for pk in keys]]  # fmt: skip


def test_the_directory_holds_live_bodies_of_the_own_district(bodies):
    html = text("/directory/")
    assert set(names(html)) == LIVE
    assert total(html) == len(LIVE)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=九色", {"九色公益服务中心"}),
        ("q=jsgy", {"九色公益服务中心"}),
        ("q=发展中心", {"九色公益服务中心"}),
        ("q=春风", set()),
        ("q=外区", set()),
        ("q=%25", set()),
        ("q=合唱&kind=ST", {"河埒合唱协会"}),
        ("q=hechang&kind=BA", {"河埒合唱队"}),
        ("q=!!&kind=BA", set()),
        ("kind=BA", {"河埒合唱队"}),
        ("street=320211004", {"青禾文化协会"}),
        ("field=06", {"河埒合唱队", "青禾文化协会", "河埒合唱协会"}),
        ("field=06&street=320211001&kind=ST", {"河埒合唱协会"}),
    ],
)
def test_what_is_asked_is_what_is_shown(bodies, query, expected):
    html = text("/directory/?" + quote(query, safe="=&%"))
    assert set(names(html)) == expected
    assert total(html) == len(expected)


@pytest.mark.parametrize("query", ["kind=XX", "street=1", "field=99", "page=99999999999", "q=" + "长" * 100, "q=%00",
                                   "lang=xx", "text=1", "per=7", "q=%ED%A0%80", "page=-1"])  # fmt: skip
def test_a_faulty_address_is_answered(bodies, query):
    text(f"/directory/?{query}")
    text(f"/directory/{bodies.live.pk}/?{query}")


def test_the_page_of_a_live_body(bodies):
    html = text(f"/directory/{bodies.live.pk}/")
    for word in (
        "九色公益服务中心",
        bodies.live.code,
        "民办非企业单位",
        "滨湖区民政局",
        "欧*",
        "河埒街道 惠河社区居委会",
        "有效期 2024-05-01 至 2029-04-30",
        "先进社会组织",
        "2024-01-01 至 2028-12-31",
        "九色公益发展中心",
        "社区服务",
        "没有列入活动异常名录",
        "慈善组织",
        "信息有误？",
    ):
        assert word in html, word
    assert "<title>九色公益服务中心 - 社会组织名录 · 燎原</title>" in html
    assert f'<link rel="canonical" href="http://testserver/directory/{bodies.live.pk}/">' in html
    assert 'src="data:image/svg+xml' in html


def test_the_qr_code_leads_to_the_page(bodies, monkeypatch):
    import segno

    made = []
    real = segno.make
    monkeypatch.setattr(segno, "make", lambda content, **more: made.append(content) or real(content, **more))
    text(f"/directory/{bodies.live.pk}/?lang=en")
    assert made == [f"http://testserver/directory/{bodies.live.pk}/"]


def test_lists_and_relatives(bodies):
    html = text(f"/directory/{bodies.listed.pk}/")
    assert "列入活动异常名录" in html and "未按规定报送年报" in html
    assert f'/directory/{bodies.filed.pk}/">河埒合唱队</a>' in text(f"/directory/{bodies.heir.pk}/")
    assert f'/directory/{bodies.heir.pk}/">河埒合唱协会</a>' in text(f"/directory/{bodies.filed.pk}/")


def test_a_list_that_ended_is_not_told(bodies):
    factories.credit(bodies.live, "serious", date(2020, 1, 1), valid_to=date(2022, 1, 1), removal_reason="已履行义务")
    assert "严重违法失信名单自" not in text(f"/directory/{bodies.live.pk}/")
    assert "没有列入" in text(f"/directory/{bodies.live.pk}/")


def test_a_closed_body_says_so(bodies):
    html = text(f"/directory/{bodies.closed.pk}/")
    assert "已于 2025年3月1日 终止（已注销）" in html
    assert "5A" not in html and "没有有效的评估" not in html


def test_void_external_and_unknown_bodies_are_not_there(bodies):
    void = factories.organization("误录的中心")
    Standing.objects.filter(organization=void).update(superseded_at=factories.AT)
    Organization.objects.filter(pk=void.pk).update(live=False, voided_at=factories.AT)
    search.refresh("organization")
    future = factories.organization("明年的中心", registered_on=date(2027, 1, 1))
    for pk in (void.pk, bodies.external.pk, future.pk, 10**9, 2**63, 10**30):
        text(f"/directory/{pk}/", 404)
    assert "误录的中心" not in text("/directory/") + text("/directory/?q=误录")


def test_private_values_stand_nowhere(bodies):
    for path in every_page(bodies):
        html = text(path)
        for piece in (
            *PLANTED.values(),
            "139515",
            "510773",
            "19680305",
            "051238",
            "梁溪路",
            "999弄",
            "蠡湖大道",
            "阳示例",
        ):
            assert piece not in html, f"{path} shows {piece}"


def test_no_cookie_no_session_and_cacheable(bodies):
    events = AuditEvent.objects.count()
    for path in every_page(bodies):
        answer = Client().get(path)
        assert not answer.cookies, path
        assert answer["Cache-Control"] == "public, max-age=300"
        assert "Cookie" in answer["Vary"]
        assert Client().post(path).status_code == 405
    assert Session.objects.count() == 0
    assert AuditEvent.objects.count() == events


def test_who_is_logged_in_gets_a_copy_of_one_s_own(bodies):
    client = Client()
    client.force_login(factories.officer())
    answer = client.get("/directory/")
    assert answer["Cache-Control"] == "private, no-store"
    assert "进入工作台" in answer.content.decode()


def test_nothing_is_written(bodies):
    for path in every_page(bodies):
        with CaptureQueriesContext(
            connection,
        ) as told:
            text(path)
        wrote = [q["sql"] for q in told if not q["sql"].lstrip().upper().startswith(("SELECT", "WITH"))]
        assert wrote == []


def test_language_and_text_size_stand_in_the_address(bodies):
    html = text("/directory/?lang=en&text=large&kind=BA")
    assert '<html lang="en" data-text="large">' in html
    assert f'href="/directory/{bodies.filed.pk}/?lang=en&amp;text=large"' in html
    assert '<html lang="zh-CN" data-text="normal">' in text("/directory/?kind=BA")
    assert "noindex" in html and "noindex" not in text("/directory/")


def test_figures_add_up(bodies):
    html = text("/directory/figures/")
    rows = re.findall(r'street=(\d+)">[^<]*</a></th><td class="num">(\d+)</td><td class="num">(\d+)</td>', html)
    assert rows == [("320211001", "2", "1"), ("320211004", "1", "0")]
    for code, registered, filed in rows:
        assert total(text(f"/directory/?street={code}")) == int(registered) + int(filed)


def test_the_number_of_queries_does_not_grow(bodies):
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as told:
            text(path)
        return len(told)

    paths = ("/directory/", "/directory/?q=中心", "/directory/figures/")
    before = [count(path) for path in paths]
    for number in range(15):
        body = factories.organization(f"示例{number}服务中心", street=bodies.areas["heli"], field="09")
        factories.rating(body)
    search.refresh("organization")
    assert [count(path) for path in paths] == before
    assert max(before) <= 12


def test_pages_of_twenty(bodies):
    for number in range(30):
        factories.organization(f"示例{number:02}服务中心", street=bodies.areas["heli"])
    search.refresh("organization")
    for query in ("q=示例", "kind=MF"):
        first, second = (names(text(f"/directory/?{query}&page={n}")) for n in (1, 2))
        found = 30 + (query == "kind=MF")
        assert len(first) == 20 and len(first + second) == len(set(first + second)) == found
        assert total(text(f"/directory/?{query}")) == found
