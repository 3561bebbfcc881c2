"""The security administrator gives a role; the account can then do what the role says; taken back, it cannot."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import no_sideways_scroll

pytestmark = pytest.mark.journey
ROLE = "党建牵头部门干部"


def may_open_parameters(page, site) -> bool:
    """Whether the page of parameters, which this role brings, opens."""
    return page.goto(f"{site}/policy/parameters/").status == 200


def test_a_role_is_given_and_taken_back(logged_in, site):
    leader = logged_in("lingdao")
    assert not may_open_parameters(leader, site)

    page = logged_in("anquan")
    page.goto(f"{site}/console/grants/")
    assert no_sideways_scroll(page)
    page.get_by_label("登录名、姓名或单位").fill("区领导")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("main").get_by_role("link", name="lingdao").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("区领导")
    page.get_by_label("角色", exact=True).select_option(label=ROLE)
    page.get_by_role("button", name="授予").click()
    expect(page.get_by_text("区划代码").first).to_be_visible()  # refused: the scope is missing, what was chosen stays
    assert page.locator(".error-summary").is_visible()
    page.get_by_label("区划代码").fill("320211")
    page.get_by_role("button", name="授予").click()
    row = page.get_by_role("row").filter(has_text=ROLE)
    expect(row).to_contain_text("滨湖区")
    assert no_sideways_scroll(page)
    assert may_open_parameters(leader, site)

    row.get_by_role("button", name="收回").click()
    page.locator("dialog[open]").get_by_role("button", name="收回").click()
    expect(page.get_by_role("row").filter(has_text=ROLE)).to_have_count(0)
    assert not may_open_parameters(leader, site)
    # The administrator of roles has no business in the register.
    assert page.goto(f"{site}/registry/").status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("没有打开这一页的权限"))
