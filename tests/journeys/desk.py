"""Somebody at work in the browser: menu entries, links, buttons and fields as a person names them."""

import os
import re
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect

PASSWORD = "Liaoyuan-1026"
#: Where pictures of the way are left for who wants to look at them (LIAOYUAN_LOOK=folder).
_LOOK = os.environ.get("LIAOYUAN_LOOK")


class Desk:
    """One person with a page of his own."""

    def __init__(self, page, site: str, name: str) -> None:
        self.page, self.site, self.name, self.count = page, site, name, 0

    @property
    def main(self):
        """The content of the page."""
        return self.page.get_by_role("main")

    @contextmanager
    def turned(self):
        """A page follows."""
        with self.page.expect_navigation(wait_until="load"):
            yield
        self._look()

    def _look(self) -> None:
        if not _LOOK:
            return
        self.count += 1
        size = self.page.viewport_size
        for width in (1440, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.wait_for_timeout(100)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            mark = f"{self.name}-{self.count:03}-{width}{'-WIDE' if wide > width + 1 else ''}"
            self.page.screenshot(path=Path(_LOOK) / f"{mark}.png", full_page=True)
        self.page.set_viewport_size(size)

    def log_in(self, password: str = PASSWORD):
        """Fill in the form of the log-in page."""
        self.page.goto(f"{self.site}/login/")
        self.fill({"登录名": self.name, "密码": password})
        self.press("登录")
        return self

    def menu(self, title: str | re.Pattern[str]) -> None:
        """An entry of the menu."""
        if self.page.viewport_size["width"] < 700:
            self.page.get_by_role("button", name="菜单").click()
        with self.turned():
            self.page.get_by_role("navigation", name="主菜单").get_by_role(
                "link", name=title, exact=isinstance(title, str)
            ).click()

    def follow(self, name: str | re.Pattern[str], *, within=None) -> None:
        """A link of the page."""
        with self.turned():
            (within or self.main).get_by_role("link", name=name, exact=isinstance(name, str)).first.click()

    def due(self, button: str, about: str) -> None:
        """The button of a line of 待办."""
        self.menu("待办")
        self.follow(re.compile(f"^{button}.*{re.escape(about)}"))

    def press(self, name: str, *, within=None) -> None:
        """A button of the page."""
        with self.turned():
            (within or self.main).get_by_role("button", name=name, exact=True).first.click()

    def agree(self, name: str) -> None:
        """A button of the page that asks first, and agree."""
        self.main.get_by_role("button", name=name, exact=True).first.click()
        with self.turned():
            self.page.locator("dialog[open] .btn-primary").click()

    def fill(self, told: dict[str, str], *, within=None) -> None:
        """Fields by their label: texts are typed, of a choice the word is chosen."""
        for label, value in told.items():
            field = (within or self.main).get_by_label(label, exact=True).first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Words that stand on the page."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def missing(self, text: str) -> None:
        """Words that do not stand there."""
        expect(self.main).not_to_contain_text(text)

    def row(self, text: str):
        """The row of a table that says this."""
        return self.main.get_by_role("row").filter(has_text=text).first

    def fact(self, title: str) -> str:
        """The value beside a title."""
        line = self.main.locator("dl > div").filter(has=self.page.locator("dt", has_text=title)).first
        return line.locator("dd").inner_text()
