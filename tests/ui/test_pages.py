"""The frame, fragments, error pages, language and text size."""

import re
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from liaoyuan.ui import pages, samples, views
from liaoyuan.ui.middleware import PageMiddleware
from tests.ui.pages import environment, request


@dataclass(frozen=True)
class Entry:
    title: str
    url_name: str
    icon: str
    permissions: tuple[str, ...] = ()
    area: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    title: str
    entries: tuple[Entry, ...]


MENU = (
    Section("一区", (Entry("组件", "ui:gallery", "home"), Entry("语言", "ui:language", "home", ("a", "b")))),
    Section("二区", (Entry("字号", "ui:text_size", "home", ("c",)),)),
)

AREAS = (Section("三区", (Entry("图", "ui:gallery", "home", ("a", "b"), ("a",)),)),)


@pytest.fixture
def menu(settings):
    settings.MENU = f"{__name__}.MENU"


@pytest.fixture
def urls(settings):
    settings.MIDDLEWARE = [
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "liaoyuan.ui.middleware.PageMiddleware",
    ]


def titles(shell: pages.Shell) -> list[tuple[str, list[str]]]:
    return [(group.title, [link.title for link in group.links]) for group in shell.menu]


def test_menu_shows_only_what_may_be_opened(menu):
    assert titles(pages.Shell(request())) == [("一区", ["组件"])]
    assert titles(pages.Shell(request(permissions=["b"]))) == [("一区", ["组件", "语言"])]
    assert titles(pages.Shell(request(permissions=["c"]))) == [("一区", ["组件"]), ("二区", ["字号"])]
    assert pages.Shell(request(user=AnonymousUser(), permissions=["c"])).menu == []


def test_what_belongs_to_areas_shows_for_what_is_held_over_one(settings):
    settings.MENU = f"{__name__}.AREAS"
    for held, wide, shown in ((["a"], [], []), (["a"], ["a"], ["图"]), (["a", "b"], [], ["图"])):
        asked = request(permissions=held)
        asked.area_permissions = frozenset(wide)
        assert [link.title for group in pages.Shell(asked).menu for link in group.links] == shown


def test_the_present_line_and_the_way_to_it(menu):
    shell = pages.Shell(request("/ui/gallery/7/edit/"))
    assert [link.current for group in shell.menu for link in group.links] == [True]
    assert [step.title for step in shell.trail((), "改")] == ["首页", "一区", "组件", "改"]
    assert [step.title for step in shell.trail([("列表", "/l/")], "改")] == ["首页", "列表", "改"]
    assert [step.title for step in pages.Shell(request("/else/")).trail((), "")] == ["首页"]


def gallery(**options) -> str:
    asked = request(**options)
    return pages.render(asked, "ui/gallery.html", samples.gallery(asked), block="list").content.decode()


def test_the_frame_shows_banners_bell_and_user(menu):
    html = gallery(banners=[("demo", "演示数据"), ("trial", "试用<b>")], bell=7)
    assert '<div class="banner banner--demo">演示数据</div>' in html
    assert "试用&lt;b&gt;" in html
    assert "待办 7 件" in html
    assert "王某某" in html
    assert html.count('aria-current="page">') >= 2
    assert 'lang="zh-CN" data-text="normal"' in html


def test_every_post_form_of_the_frame_carries_the_token():
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", gallery(), re.S):
        assert "csrfmiddlewaretoken" in form, form[:120]


def test_htmx_gets_the_block_alone():
    part = gallery(hx_request="true").strip()
    assert part.startswith('<div id="list"')
    assert part.endswith("</div>")
    assert part.count("<div") == part.count("</div>")
    whole = gallery()
    assert "<!doctype html>" in whole
    for row in re.findall(r'name="ids" value="\d+"', part):
        assert row in whole
    assert "<!doctype html>" in gallery(hx_request="true", hx_history_restore_request="true")


def test_answers_vary_and_are_not_kept():
    asked = request()
    response = pages.render(asked, "ui/gallery.html", samples.gallery(asked), block="list")
    assert "HX-Request" in response["Vary"]
    assert response["Cache-Control"] == "private, no-store"
    stranger = request(user=AnonymousUser())
    assert "Cache-Control" not in pages.render(stranger, "ui/error.html", {"layout": "ui/public.html", "code": 404})


def test_a_block_sees_imports_settings_and_parents():
    env = environment()
    made = env.from_string(
        '{% extends "ui/public.html" %}{% from "ui/macros.html" import button %}{% set word = "字" %}'
        "{% block content %}{% block part %}{{ button(word) }}{{ shell.language }}{{ given }}"
        "{% endblock %}{% endblock %}"
    )
    assert pages.render_block(made, "part", {"request": request(), "given": "<"}) == (
        '<button class="btn btn-outline-secondary">字</button>zh-CN&lt;'
    )
    with pytest.raises(KeyError):
        pages.render_block(made, "nothing", {"request": request(), "given": ""})


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 429])
@pytest.mark.parametrize("known", [True, False])
def test_error_pages_lead_on(code, known):
    response = pages.error_page(request(user=None if known else AnonymousUser()), code)
    html = response.content.decode()
    assert response.status_code == code
    assert 'href="/"' in html
    assert f"错误代码 {code}" in html
    assert ("退出登录" in html) == known
    assert ('href="/login/"' in html) == (not known)


def test_500_asks_for_nothing():
    """No user, no session, no messages: a request with none of them is enough."""
    response = views.server_error(RequestFactory().get("/x/"))
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()


def test_errors_reach_people_as_pages(urls):
    browser = Client(raise_request_exception=False)
    for path, code in (
        ("/nothing/", 404),
        ("/forbidden/", 403),
        ("/broken/", 500),
        ("/post-only/", 405),
        ("/crowded/", 429),
        ("/busy/", 503),
    ):
        response = browser.get(path)
        assert response.status_code == code
        assert f"错误代码 {code}" in response.content.decode()
        assert "default-src 'self'" in response["Content-Security-Policy"]
    assert browser.get("/post-only/")["Allow"] == "POST"
    assert browser.get("/crowded/")["Retry-After"] == "60"
    busy = browser.get("/busy/")
    assert busy["Retry-After"] == "10"
    assert "没有保存" in busy.content.decode()


def test_a_fragment_that_needs_a_login_takes_the_whole_page_there(urls):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/list/?a=1"}
    response = Client().get("/locked/", headers=headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/login/?next=%2Flist%2F%3Fa%3D1"
    foreign = Client().get("/locked/", headers=headers | {"HX-Current-URL": "https://elsewhere.example/x"})
    assert foreign["HX-Redirect"] == "/login/?next=%2F"
    assert Client().get("/locked/").status_code == 302


def test_the_middleware_leaves_other_answers_alone(urls):
    assert Client().get("/things/5/edit/").content == b"5"
    assert PageMiddleware(lambda request: None).get_response is not None


def test_text_size_is_kept_and_leads_back(urls):
    browser = Client()
    response = browser.post("/ui/text-size/", {"large": "1", "next": "/things/5/edit/?a=1"})
    assert response["Location"] == "/things/5/edit/?a=1"
    assert response.cookies["large_text"].value == "1"
    assert 'data-text="large"' in browser.get("/nothing/").content.decode()
    for target in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""):
        assert browser.post("/ui/text-size/", {"next": target})["Location"] == "/"
    assert 'data-text="normal"' in browser.get("/nothing/").content.decode()
    assert browser.get("/ui/text-size/").status_code == 405


def test_language_is_kept(urls, settings):
    settings.MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware", *settings.MIDDLEWARE]
    browser = Client()
    response = browser.post("/ui/language/", {"language": "en", "next": "/nothing/"})
    assert response["Location"] == "/nothing/"
    assert '<html lang="en"' in browser.get("/nothing/").content.decode()
    browser.post("/ui/language/", {"language": "xx", "next": "/"})
    assert '<html lang="en"' in browser.get("/nothing/").content.decode()


def test_wishes_are_handed_to_the_floor_that_knows_accounts():
    kept = []
    for view, data in (
        (views.text_size, {"large": "1"}),
        (views.language, {"language": "en"}),
        (views.language, {"language": "xx"}),
    ):
        asked = RequestFactory().post("/", data)
        asked.remember = lambda **wish: kept.append(wish)
        view(asked)
    assert kept == [{"large_text": True}, {"language": "en"}]


def test_the_account_decides_over_the_browser():
    asked = request()
    asked.COOKIES["large_text"] = "1"
    assert pages.Shell(asked).large_text
    asked.large_text = False
    assert not pages.Shell(asked).large_text


def test_csrf_failure_says_what_to_do():
    response = views.csrf_failure(request(user=AnonymousUser()), reason="x")
    assert response.status_code == 403
    assert "没有保存" in response.content.decode()


def test_the_gallery_is_for_those_who_are_logged_in():
    response = views.gallery(request(user=AnonymousUser()))
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=")
    assert [views.gallery.door, views.language.door, views.text_size.door] == ["login", "public", "public"]


def test_the_gallery_answers_with_a_strict_policy(urls):
    response = Client().get("/ui/gallery/")
    assert response.status_code == 302
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
