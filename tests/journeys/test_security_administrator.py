"""The security administrator gives a role; the account can then do what the role says, and no more."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import no_sideways_scroll

pytestmark = pytest.mark.journey


def test_a_role_is_given(logged_in, site, size):
    page = logged_in("anquan")
    page.goto(f"{site}/console/grants/")
    assert no_sideways_scroll(page)
    page.get_by_role("link", name=re.compile("领导")).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_label("角色").select_option(label="党建牵头部门干部")
    page.get_by_role("button", name=re.compile("授予|授权")).click()
    expect(page.get_by_text(re.compile("已授|党建牵头部门干部")).first).to_be_visible()
    page.goto(f"{site}/registry/")
    assert "没有权限" in page.content() or page.get_by_role("heading", level=1).inner_text() != "社会组织名册"
