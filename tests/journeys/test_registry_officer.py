"""A registry officer's working day: import, correct, confirm, find by initials, print, undo; lists, batch changes."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import no_sideways_scroll
from tests.journeys.workbook import NAMES, write

pytestmark = pytest.mark.journey
PHONE = (390, 844)


def upload(page, site, path):
    page.goto(f"{site}/imports/")
    page.set_input_files("input[type=file]", str(path))
    page.get_by_label("这份文件不涉密").check()
    page.get_by_role("button", name="上传并比对").click()
    page.wait_for_url(re.compile(r"/imports/\d+/"))


def agree(page, text):
    """Press a button that asks first, and agree."""
    page.get_by_role("button", name=text, exact=True).click()
    page.locator("dialog[open]").get_by_role("button", name=text, exact=True).click()


def hits(page, site, initials):
    """The links that a search shows."""
    page.goto(f"{site}/search/?q={initials}")
    return page.get_by_role("main").get_by_role("link", name=NAMES[0])


def test_import_correct_find_print_undo(logged_in, site, tmp_path):
    page = logged_in("dengji")
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

    page.get_by_role("link", name=NAMES[2]).click()
    expect(page.get_by_text("形似的字母")).to_be_visible()
    page.get_by_role("button", name="内容无误，按读出的确认").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    agree(page, "导入")
    expect(page.get_by_text("已导入：新增 3")).to_be_visible()

    hit = hits(page, site, "cxysfwzx")
    expect(hit).to_be_visible()
    hit.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAMES[0])
    assert no_sideways_scroll(page)
    page.emulate_media(media="print")
    for nothing in (page.get_by_role("navigation", name="主菜单"), page.get_by_role("link", name="变更"),
                    page.get_by_role("searchbox", name="搜索")):  # fmt: skip
        expect(nothing.first).to_be_hidden()
    expect(page.get_by_text("2026年9月3日").or_(page.get_by_text("2026-09-03")).first).to_be_visible()
    expect(page.get_by_text("演示数据").first).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="screen")

    page.goto(address)
    agree(page, "撤销这次导入")
    expect(page.get_by_text("已撤销这次导入")).to_be_visible()
    expect(hits(page, site, "cxysfwzx")).to_have_count(0)


def test_the_register_and_its_statistics(logged_in, site, picture):
    page = logged_in("dengji")
    page.goto(f"{site}/todo/")
    picture(page, "todo")
    page.goto(f"{site}/registry/")
    expect(page.get_by_text("共 1,572 家")).to_be_visible()
    assert no_sideways_scroll(page)
    picture(page, "register")
    page.goto(f"{site}/stats/registry/")
    expect(page.get_by_text("1,572").first).to_be_visible()
    expect(page.locator(".chart svg")).to_be_visible()
    picture(page, "statistics")
    figure = page.locator("tbody tr").first.locator("td a").last
    count = int(figure.inner_text().replace(",", ""))
    figure.click()
    expect(page.get_by_text(f"共 {count:,} 家")).to_be_visible()


def test_a_list_keeps_its_state_in_the_address(logged_in, site, visit, logins):
    """Query, area, order, columns and a saved search: what one sees another sees under the same address."""
    page = logged_in("dengji")
    page.goto(f"{site}/registry/?group=registered")
    page.get_by_label("评估等级").select_option("4A+")
    page.get_by_role("main").get_by_role("button", name="查询", exact=True).click()
    page.wait_for_url(re.compile("rating=4A"))
    page.get_by_role("navigation", name="按区域").get_by_role("link", name="太湖街道").click()
    page.wait_for_url(re.compile("street="))
    total = page.get_by_text(re.compile("^共 [0-9]+ 家$")).inner_text()
    page.locator("summary", has_text="列").last.click()
    page.locator("details.pop[open]").get_by_label("所属领域").click()
    page.wait_for_url(re.compile("cols="))
    expect(page.get_by_text(total, exact=True)).to_be_visible()
    other = visit(*PHONE, state=logins["dengji"])
    other.goto(page.url)
    expect(other.get_by_text(total, exact=True)).to_be_visible()
    expect(other.locator("td[data-label='所属领域']").first).to_be_attached()
    page.locator("summary", has_text="常用查询").click()
    page.get_by_label("把现在的条件存为").fill("太湖 4A")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("link", name="太湖 4A")).to_have_attribute("aria-current", "true")
    page.locator("summary", has_text="常用查询").click()
    page.get_by_role("button", name="删除“太湖 4A”").click()
    expect(page.get_by_role("link", name="太湖 4A")).to_have_count(0)


def test_one_field_of_several_is_changed_and_taken_back(logged_in, site):
    page = logged_in("dengji")
    page.goto(f"{site}/registry/?group=registered&district_field=culture")
    boxes = page.locator("input[data-row]")
    names = [boxes.nth(place).get_attribute("aria-label") for place in (0, 1)]
    for place in (0, 1):
        boxes.nth(place).check()
    page.get_by_role("button", name="批量修改").click()
    page.get_by_label("新的所属领域").select_option("sports")
    page.get_by_role("button", name="看看会怎样").click()
    for name in names:
        expect(page.get_by_role("row").filter(has_text=name).locator("ins")).to_have_text("体育")
    assert no_sideways_scroll(page)
    page.get_by_role("button", name="写入：修改 2 家").click()
    expect(page.get_by_text("已修改 2 家")).to_be_visible()
    assert no_sideways_scroll(page)
    agree(page, "整批撤销")
    expect(page.get_by_text("已撤销：2 家")).to_be_visible()
    page.goto(f"{site}/registry/?group=registered&district_field=culture")
    expect(page.get_by_role("main").get_by_role("link", name=names[0], exact=True)).to_be_visible()


def test_a_record_and_its_why(logged_in, site, picture):
    page = logged_in("dengji")
    page.goto(f"{site}/registry/?credit=listed&group=registered")
    page.locator("main tbody td.sticky a").first.click()
    expect(page.get_by_role("heading", name="基本情况")).to_be_visible()
    page.get_by_text("为什么").first.click()
    expect(page.get_by_role("link", name=re.compile("^规则 ")).first).to_be_visible()
    assert no_sideways_scroll(page)
    page.goto(f"{site}/registry/?rating=4A&field=06")
    page.locator("main tbody td.sticky a").first.click()
    page.get_by_role("main").get_by_role("link", name="登记沿革").click()
    expect(page.get_by_role("region", name="登记沿革")).to_be_visible()
    picture(page, "record")


def test_without_javascript(logged_in, site, tmp_path):
    """Upload, preview and discard work with forms alone."""
    page = logged_in("dengji", script=False)
    upload(page, site, write(tmp_path / "台账.xlsx"))
    expect(page.get_by_text("还有 2 行待核")).to_be_visible()
    page.get_by_role("button", name="放弃", exact=True).click()
    expect(page.get_by_text("已放弃这个批次")).to_be_visible()
