"""A resident looks an organization up without an account."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import no_sideways_scroll

pytestmark = pytest.mark.journey


def test_a_resident_looks_an_organization_up(visitor, site):
    page = visitor()
    page.goto(f"{site}/directory/")
    assert no_sideways_scroll(page)
    page.goto(f"{site}/directory/?q=九色")
    page.get_by_role("main").get_by_role("link", name="九色公益服务中心").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("九色公益服务中心")
    assert no_sideways_scroll(page)
    assert page.context.cookies() == [] or all("session" not in c["name"] for c in page.context.cookies())
