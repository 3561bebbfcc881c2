"""What somebody wants to know by tomorrow, from the log-in on, in few steps; the same answer at two offices."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SIZES, log_in

pytestmark = pytest.mark.journey


class Hand:
    """A person's hand: every click, entry and choice is a step."""

    def __init__(self, page) -> None:
        self.page = page
        self.steps = 0

    def click(self, role: str, name: str, **more) -> None:
        self.page.get_by_role(role, name=name, **more).first.click()
        self.steps += 1

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)
        self.steps += 1

    def choose(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=text)
        self.steps += 1


def table(page) -> list[list[str]]:
    """The texts of the first table of the page, row by row."""
    rows = page.get_by_role("main").get_by_role("table").first.get_by_role("row")
    return [row.locator("th,td").all_inner_texts() for row in rows.all()]


@pytest.fixture
def hand(visit, site):
    """Somebody who logs in as a person does."""

    def enter(name: str) -> Hand:
        page = visit(*SIZES["desk"])
        log_in(page, site, name)
        return Hand(page)

    return enter


def test_how_many_of_each_rating_by_street_on_30_june(hand):
    """Registry, party lead and leadership ask for themselves; six steps after the log-in they have the same table."""
    answers = []
    for name in ("dengji", "dangjian", "lingdao"):
        officer = hand(name)
        officer.click("link", "登记统计", exact=True)
        officer.fill("统计日期", "2026-06-30")
        officer.choose("行", "街道")
        officer.choose("列", "评估等级")
        officer.click("button", "查询", exact=True)
        expect(officer.page.get_by_text("2026年6月30日").first).to_be_visible()
        answers.append(table(officer.page))
        assert officer.steps <= 6
    assert answers[0] == answers[1] == answers[2]
    head, *rows, total = answers[0]
    assert "4A" in head and len(rows) >= 9
    for column in range(1, len(head)):
        numbers = [int(row[column].replace(",", "").replace("—", "0") or 0) for row in (*rows, total)]
        assert sum(numbers[:-1]) == numbers[-1] > 0, head[column]


def test_the_monthly_table_in_one_step(hand, tmp_path):
    """The figures of the table that one click brings are those of the page of that day."""
    officer = hand("dengji")
    with officer.page.expect_download() as given:
        officer.click("link", "9 月统计表")
    assert officer.steps == 1
    given.value.save_as(tmp_path / "monthly.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "monthly.xlsx").active
    cells = [[str("" if cell is None else cell) for cell in row] for row in sheet.values]
    officer.click("link", "登记统计", exact=True)
    officer.fill("统计日期", "2026-09-30")
    officer.click("button", "查询", exact=True)
    expect(officer.page.get_by_text("2026年9月30日").first).to_be_visible()
    total = [text.replace(",", "").replace("—", "0") for text in table(officer.page)[-1]]
    assert int(total[-1]) > 400
    found = [row for row in cells if row[0] == total[0]]
    assert [cell or "0" for cell in found[0][: len(total)]] == total, cells


def test_the_call_list_of_late_bodies_in_one_step(hand, tmp_path):
    """Who is late stands on one list, a click after the log-in; a whole export, filtered by hand, names the same."""
    officer = hand("dengji")
    line = officer.page.get_by_role("main").get_by_role("listitem").filter(has_text=re.compile("2025 年度年报：.*逾期"))
    told = int(re.search(r"(\d+) 家逾期", line.inner_text())[1])
    line.get_by_role("link", name="催报名单").click()
    officer.steps += 1
    expect(officer.page.get_by_role("heading", name="催报名单")).to_be_visible()
    called = [cell.inner_text() for cell in officer.page.locator("main tbody th[scope=row]").all()]
    assert officer.steps == 1
    assert len(called) == told > 0

    officer.page.goto(officer.page.url.split("calls/")[0] + "reports/")
    with officer.page.expect_download() as given:
        officer.click("link", "导出 Excel")
    given.value.save_as(tmp_path / "reports.xlsx")
    head, *rows = [list(row) for row in openpyxl.load_workbook(tmp_path / "reports.xlsx").active.values]
    name, filed, result = (head.index(title) for title in ("名称", "报登记机关", "结论"))
    # On 26 October the last day of every step has passed: late is whoever has neither filed nor a conclusion.
    assert len(rows) > 400
    assert sorted(called) == sorted(row[name] for row in rows if not row[filed] and not row[result])


def test_the_board_and_the_life_of_a_branch(logged_in, site, picture):
    """Gaps of the district with the way to their bodies; a secretary sees what the month asks for."""
    page = logged_in("dangjian")
    page.goto(f"{site}/party/coverage/")
    expect(page.get_by_role("link", name=re.compile("缺口 A")).first).to_be_visible()
    picture(page, "coverage")
    page = logged_in("shuji")
    page.goto(f"{site}/party/life/")
    expect(page.get_by_role("heading", name="应开展的组织生活")).to_be_visible()
    picture(page, "life")
