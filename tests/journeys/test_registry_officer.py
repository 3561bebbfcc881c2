"""A registry officer's working day: import, correct, confirm, find by initials, print, undo."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import no_sideways_scroll
from tests.journeys.workbook import NAMES, write

pytestmark = pytest.mark.journey


def upload(page, site, path):
    page.goto(f"{site}/imports/")
    page.set_input_files("input[type=file]", str(path))
    page.get_by_label("这份文件不涉密").check()
    page.get_by_role("button", name="上传并比对").click()
    page.wait_for_url(re.compile(r"/imports/\d+/"))


def agree(page, text):
    """Press a button that asks first, and agree."""
    page.get_by_role("button", name=text, exact=True).click()
    box = page.locator("dialog[open]")
    if box.count():
        box.get_by_role("button", name=text, exact=True).click()


def test_import_correct_find_print_undo(logged_in, site, tmp_path, picture):
    page = logged_in("dengji")
    picture(page, "todo")
    upload(page, site, write(tmp_path / "台账.xlsx"))
    address = page.url
    expect(page.get_by_text("还有 2 行待核")).to_be_visible()
    assert no_sideways_scroll(page)

    page.goto(f"{address}?show=review")
    page.get_by_role("link", name=NAMES[1]).click()
    expect(page.get_by_text("只有年和月")).to_be_visible()
    page.get_by_label("成立日期").fill("2026-08-15")
    page.get_by_role("button", name="保存并重新判断").click()
    expect(page.get_by_text("已改正，可以导入")).to_be_visible()

    page.goto(f"{address}?show=review")
    page.get_by_role("link", name=NAMES[2]).click()
    page.get_by_role("button", name="内容无误，按读出的确认").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    agree(page, "导入")
    expect(page.get_by_text("已导入：新增 3")).to_be_visible()

    page.goto(f"{site}/search/?q=cxysfwzx")
    hit = page.get_by_role("main").get_by_role("link", name=NAMES[0])
    expect(hit).to_be_visible()
    hit.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAMES[0])
    assert no_sideways_scroll(page)
    picture(page, "record")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="主菜单")).to_be_hidden()
    page.emulate_media(media="screen")

    page.goto(address)
    agree(page, "撤销这次导入")
    expect(page.get_by_text("已撤销这次导入")).to_be_visible()
    page.goto(f"{site}/search/?q=cxysfwzx")
    expect(page.get_by_role("main").get_by_role("link", name=NAMES[0])).to_have_count(0)


def test_the_register_and_its_statistics(logged_in, site, picture):
    page = logged_in("dengji")
    page.goto(f"{site}/registry/")
    expect(page.get_by_text(re.compile("共 [0-9,]+ 条"))).to_be_visible()
    assert no_sideways_scroll(page)
    picture(page, "register")
    page.goto(f"{site}/stats/registry/")
    expect(page.get_by_text("1,572").first).to_be_visible()
    picture(page, "statistics")
    figure = page.locator("tbody tr").first.locator("td a").last
    count = int(figure.inner_text().replace(",", ""))
    figure.click()
    expect(page.get_by_text(f"共 {count:,} 条")).to_be_visible()


def test_by_keyboard_only(logged_in, site, tmp_path, size):
    """Skip link, menu and search are reached with the keyboard, focus is always to be seen."""
    if size == "phone":
        pytest.skip("a phone has no keyboard; the desk's run covers this")
    page = logged_in("dengji")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("跳到")
    page.keyboard.press("Enter")
    search = page.get_by_role("searchbox", name="搜索")
    for _step in range(80):
        page.keyboard.press("Tab")
        if search.evaluate("node => node === document.activeElement"):
            break
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()"
        )
        assert outline
    page.goto(f"{site}/search/?q=jsgy")
    expect(page.get_by_role("main").get_by_role("link", name="九色公益服务中心")).to_be_visible()


def test_without_javascript(logged_in, site, tmp_path, size):
    """Upload, preview and discard work with forms alone."""
    page = logged_in("dengji", script=False)
    upload(page, site, write(tmp_path / "台账.xlsx"))
    expect(page.get_by_text("还有 2 行待核")).to_be_visible()
    page.get_by_role("button", name="放弃", exact=True).click()
    expect(page.get_by_text("已放弃这个批次")).to_be_visible()
