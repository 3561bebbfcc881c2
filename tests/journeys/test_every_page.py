"""Every page of every role: axe finds nothing and nothing scrolls sideways, at a desk, on a phone, in large text.

The addresses are taken from the menu as it is rendered and from the pages themselves, so that a new page is looked at
without being named here.
"""

import re
from urllib.parse import urljoin

import pytest

from liaoyuan.core.actions.demo import OFFICES, PEOPLE
from tests.home import SHARED
from tests.journeys.look import Looker
from tests.journeys.workbook import write

pytestmark = pytest.mark.journey
ACCOUNTS = [person[0] for person in PEOPLE] + [office[0] for office in OFFICES]
DESK = (1440, 900)


@pytest.fixture(scope="module")
def looker():
    """One memory for all roles and processes: what several of them see alike is looked at once."""
    return Looker(SHARED / "looked")


def hrefs(page, selector: str) -> list[str]:
    """Addresses of links, as they are on the page, each once."""
    return list(dict.fromkeys(page.eval_on_selector_all(selector, "links => links.map(a => a.getAttribute('href'))")))


def visit_all(page, site, looker, addresses) -> dict:
    """Faults of these addresses."""
    told = {}
    for address in addresses:
        page.goto(f"{site}{address}")
        told |= looker.look(page)
    return told


@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_menu_of_each_role(entered, site, looker, name):
    page = entered(name, *DESK)
    menu = hrefs(page, ".menu__link")
    assert menu
    told = visit_all(page, site, looker, [*menu, "/account/", "/account/password/", "/search/?q=养老"])
    assert told == {}


def test_the_record_and_everything_one_can_do_with_it(entered, site, looker):
    """A registered and a filed body with all tabs and forms; a listed and an ended one as they stand."""
    page = entered("dengji", *DESK)
    told = {}
    known = set()  # what can be done with a body, by the last part of its address: the same form is looked at once
    for query in ("rating=any", "group=filed", "credit=listed", "status=deregistered"):
        page.goto(f"{site}/registry/?{query}")
        record = hrefs(page, "main tbody td.sticky a")[0]
        page.goto(f"{site}{record}")
        told |= looker.look(page)
        tabs = [urljoin(record, a.split("#")[0]) for a in hrefs(page, "main .tabs a")]
        forms = [a for a in hrefs(page, "main a") if a.startswith(record) and a != record]
        assert len(tabs) > 2
        if query in ("rating=any", "group=filed"):
            told |= visit_all(page, site, looker, [*tabs, f"{record}?as_of=2020-05-01"])
            new = [a for a in forms if a.removeprefix(record) not in known or a.endswith(("/change/", "/correct/"))]
            told |= visit_all(page, site, looker, new)
            known |= {a.removeprefix(record) for a in forms}
    assert known
    page.goto(f"{site}{record}")
    page.locator("details.pop > summary", has_text="办理").first.click()
    told |= looker.look(page, "opened menu")
    assert told == {}


def test_forms_that_come_back_with_faults(entered, site, looker):
    page = entered("dengji", *DESK)
    told = {}
    for address, control in (("/registry/new/", "名称"), ("/registry/filings/new/", "名称")):
        page.goto(f"{site}{address}")
        page.locator("main form").first.get_by_label(control, exact=True).fill("中国第一示范中心")
        page.get_by_role("button", name="保存").click()
        assert page.locator(".error-summary").is_visible()
        told |= looker.look(page, f"faults {address}")
    page.goto(f"{site}/registry/?since=abc")
    told |= looker.look(page, "faulty query")
    assert told == {}


def test_empty_and_error_pages(entered, site, looker):
    page = entered("dengji", *DESK)
    nothing = "没有这样的名字"
    told = visit_all(page, site, looker, (
        f"/registry/?q={nothing}", f"/search/?q={nothing}", "/search/", f"/policy/rules/?q={nothing}",
        f"/policy/parameters/?q={nothing}", f"/invitations/?q={nothing}", "/no-such-page/", "/console/audit/",
        "/ui/gallery/", "/account/totp/", "/api/v1/docs/", "/policy/calendar/?year=2031",
    ))  # fmt: skip
    for address in ("/policy/rules/", "/policy/parameters/", "/policy/calendar/", "/baseline/"):
        page.goto(f"{site}{address}")
        inside = [a for a in hrefs(page, "main table a") if a.startswith("/")][:2]
        told |= visit_all(page, site, looker, inside)
    assert told == {}


def test_consoles_one_level_down(entered, site, looker):
    told = {}
    for name in ("xitong", "anquan", "shenji"):
        page = entered(name, *DESK)
        for address in hrefs(page, ".menu__link"):
            page.goto(f"{site}{address}")
            inside = [a for a in hrefs(page, "main a") if re.match(r"/console/", a)][:3]
            told |= visit_all(page, site, looker, inside)
    assert told == {}


def test_an_import_from_the_faulty_upload_to_a_row(entered, site, looker, tmp_path):
    page = entered("liyuan", *DESK)
    page.goto(f"{site}/imports/")
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook at all")
    page.set_input_files("input[type=file]", str(tmp_path / "坏.xlsx"))
    page.get_by_label("这份文件不涉密").check()
    page.get_by_role("button", name="上传并比对").click()
    page.locator(".error-summary").wait_for()
    told = looker.look(page, "upload that cannot be read")
    page.set_input_files("input[type=file]", str(write(tmp_path / "台账.xlsx")))
    page.get_by_label("这份文件不涉密").check()
    page.get_by_role("button", name="上传并比对").click()
    page.wait_for_url(re.compile(r"/imports/\d+/"))
    told |= looker.look(page)
    rows = [a for a in hrefs(page, "main tbody a") if re.match(r"/imports/", a)]
    tabs = [f"{re.search(r'/imports/[0-9]+/', page.url)[0]}{a}" for a in hrefs(page, "main .tabs a")]
    told |= visit_all(page, site, looker, [*rows[:2], *tabs])
    page.goto(f"{site}{tabs[0].split('?')[0]}")
    page.get_by_role("button", name="放弃", exact=True).click()
    told |= looker.look(page, "a question")
    page.locator("dialog[open]").get_by_role("button", name="放弃", exact=True).click()
    page.wait_for_url(re.compile(r"/imports/$"))
    assert told == {}


def test_public_pages(visit, site, looker):
    page = visit(*DESK)
    told = visit_all(page, site, looker, (
        "/login/", "/directory/", "/directory/?q=没有这样的名字", "/directory/figures/", "/invitation/",
        "/no-such-page/",
    ))  # fmt: skip
    page.goto(f"{site}/directory/?q=九色")
    told |= visit_all(page, site, looker, hrefs(page, "main tbody a")[:1])
    page.goto(f"{site}/notices/")
    (conclusions,) = [a for a in hrefs(page, "main a") if a.startswith("/notices/annual/")]
    told |= visit_all(page, site, looker, ("/notices/", conclusions, f"{conclusions}?q=没有这样的名字"))
    page.goto(f"{site}/login/")
    page.get_by_label("登录名").fill("nobody")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录").click()
    page.locator(".error-summary").wait_for()
    told |= looker.look(page, "wrong password")
    assert told == {}


def test_in_english_nothing_scrolls_sideways(entered, site, looker):
    """English words are long: the same pages on a phone, in large text."""
    page = entered("kezhang", 360, 780)
    page.goto(f"{site}/account/")
    page.get_by_label("语言").select_option("en")
    page.get_by_label("大字模式").check()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="My account").wait_for()
    assert page.evaluate("document.documentElement.dataset.text") == "large"
    menu = hrefs(page, ".menu__link")
    page.goto(f"{site}/registry/")
    told = visit_all(page, site, looker, [*menu, hrefs(page, "main tbody td.sticky a")[0], "/account/", "/search/?q=a"])
    page.goto(f"{site}/account/")
    page.get_by_label("Language").select_option("zh-hans")
    page.get_by_label("Large-text mode").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="我的账号").wait_for()
    assert told == {}
