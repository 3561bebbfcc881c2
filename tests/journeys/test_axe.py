"""axe finds nothing on the main pages: full, empty, error, phone and large-text states."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.journey
PAGES = ("/", "/registry/", "/registry/?q=没有这样的名字", "/stats/registry/", "/imports/", "/search/?q=养老",
         "/search/?q=没有这样的名字", "/baseline/", "/policy/rules/", "/no-such-page/")  # fmt: skip


def faults(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found]


def test_pages_of_an_officer(logged_in, site, visitor):
    page = logged_in("dengji")
    told = {}
    for path in PAGES:
        page.goto(site + path)
        if faults(page):
            told[path] = faults(page)
    assert told == {}


def test_large_text(logged_in, site):
    page = logged_in("lingdao")
    page.goto(f"{site}/stats/registry/")
    page.evaluate("document.documentElement.dataset.text = 'large'")
    assert faults(page) == []


def test_public_pages(visitor, site):
    page = visitor()
    told = {}
    for path in ("/login/", "/directory/", "/directory/?q=没有这样的名字", "/invitation/"):
        page.goto(site + path)
        if faults(page):
            told[path] = faults(page)
    assert told == {}
