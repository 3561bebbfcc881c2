"""The officer's import by keyboard only, from the log-in to the undo; whatever has the focus can be seen to have it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.workbook import NAMES, write

pytestmark = pytest.mark.journey
_MOST = 150
#: Where the focus is: whether it shows, whether it lies in the window and is not covered.
_FOCUS = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return 'nowhere';
  const shown = node.type === 'file' ? node.closest('label') ?? node : node;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const marked = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
  if (!marked) return `no mark: ${node.outerHTML.slice(0, 160)}`;
  const away = box.width < 1 || box.bottom < 1 || box.top > innerHeight - 1;
  if (away) return `out of sight: ${node.outerHTML.slice(0, 160)}`;
  const top = document.elementFromPoint(
    Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), innerWidth - 2),
    Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2));
  if (top && !shown.contains(top) && !top.contains(shown)) return `covered: ${node.outerHTML.slice(0, 160)}`;
  return '';
}"""


class Keys:
    """A page that is used with `page.keyboard` alone."""

    def __init__(self, page) -> None:
        self.page = page

    def to(self, target) -> "Keys":
        """Go on with Tab until the target has the focus; each stop on the way must be visible."""
        target.wait_for(state="attached")
        for _step in range(_MOST):
            if target.evaluate("node => node === document.activeElement"):
                return self
            self.page.keyboard.press("Tab")
            fault = self.page.evaluate(_FOCUS)
            assert fault in ("", "nowhere"), fault
        pytest.fail(f"not reached with the keyboard: {target}")

    def press(self, key: str = "Enter") -> None:
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def link(self, name: str, **options) -> None:
        """Follow a link of the page's main part."""
        self.to(self.page.get_by_role("main").get_by_role("link", name=name, **options).first).press()

    def menu(self, name: str) -> None:
        self.to(self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=name, exact=True)).press()

    def button(self, name: str) -> None:
        self.to(self.page.get_by_role("button", name=name, exact=True).first).press()

    def agree(self, name: str) -> None:
        """Press a button that asks, and say yes: the question has the focus, and gives it back."""
        self.button(name)
        box = self.page.locator("dialog[open]")
        expect(box.get_by_role("button", name="取消")).to_be_focused()
        self.to(box.get_by_role("button", name=name, exact=True)).press()

    def search(self, text: str) -> None:
        self.to(self.page.get_by_role("searchbox", name="搜索"))
        self.write(text)
        self.press()
        self.page.wait_for_url(re.compile(r"/search/\?q="))


def test_the_whole_import_by_keyboard(visit, site, tmp_path):
    page = visit(1440, 900)
    page.add_init_script("window.print = () => { window.printed = true; };")
    keys = Keys(page)
    page.goto(f"{site}/login/")
    keys.to(page.get_by_label("登录名")).write("dengji")
    keys.to(page.get_by_label("密码", exact=True)).write(PASSWORD)
    keys.press()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    keys.press()
    expect(page.locator("main")).to_be_focused()

    keys.menu("导入")
    page.wait_for_url(re.compile(r"/imports/$"))
    keys.to(page.locator("input[type=file]"))
    page.locator("input[type=file]").set_input_files(str(write(tmp_path / "键盘台账.xlsx")))
    keys.to(page.get_by_label("这份文件不涉密")).press("Space")
    keys.button("上传并比对")
    page.wait_for_url(re.compile(r"/imports/\d+/"))

    keys.link("待核")
    page.wait_for_url(re.compile("show=review"))
    keys.link(NAMES[1])
    expect(page.get_by_text("只有年和月")).to_be_visible()
    keys.to(page.get_by_label("成立日期")).write("2026-08-15")
    keys.press()
    expect(page.get_by_text("已改正，可以导入")).to_be_visible()
    keys.link(NAMES[2])
    expect(page.get_by_text("形似的字母")).to_be_visible()
    keys.button("内容无误，按读出的确认")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    keys.agree("导入")
    expect(page.get_by_text("已导入：新增 3")).to_be_visible()

    keys.search("cxysfwzx")
    keys.link(NAMES[0])
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAMES[0])
    keys.button("打印")
    assert page.evaluate("window.printed") is True

    keys.menu("导入")
    page.wait_for_url(re.compile(r"/imports/$"))
    keys.link("键盘台账.xlsx")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    keys.agree("撤销这次导入")
    expect(page.get_by_text("已撤销这次导入")).to_be_visible()
    keys.search("cxysfwzx")
    expect(page.get_by_text("没有找到")).to_be_visible()
