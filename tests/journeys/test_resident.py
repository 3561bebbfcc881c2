"""A resident looks an organization up without an account."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import no_sideways_scroll

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_resident_looks_an_organization_up(visitor, site, script):
    page = visitor(script=script)
    page.goto(f"{site}/directory/")
    if script:
        assert no_sideways_scroll(page)
    page.get_by_label("名称、代码或拼音首字母").fill("jsgy")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("main").get_by_role("link", name="九色公益服务中心").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("九色公益服务中心")
    expect(page.get_by_text("52329911MJ00000265")).to_be_visible()
    if script:
        assert no_sideways_scroll(page)
    assert not any("session" in cookie["name"] for cookie in page.context.cookies())
