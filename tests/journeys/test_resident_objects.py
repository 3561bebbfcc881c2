"""A resident objects to a published list on a phone, without an account, and follows it by the query number."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SIZES, log_in, no_sideways_scroll
from tests.journeys.look import Looker

pytestmark = pytest.mark.journey
NAME, PHONE = "钱示例", "13812345678"
TEXT = "申报书里写的合作社区并没有同意合作。"
#: The demo's open round has one application: it is proposed, and its list is published today.
_LISTED = """
import django
django.setup()
from liaoyuan.core import clock
from liaoyuan.core.models import User
from liaoyuan.funding.actions import publicity
from liaoyuan.funding.models import Project
row = Project.objects.filter(state="submitted", round__practice=False).order_by("-pk")[0]
Project.objects.filter(pk=row.pk).update(state="proposed")
row = Project.objects.select_related("round__programme__area", "organization", "area").get(pk=row.pk)
at = clock.now()
made = publicity.draft(round_=row.round, lines=[(row, row.grant_fen)], title="拟立项公示（演示）",
                       receiver="社会组织科", channel="演示信箱", by=User.objects.get(username="chuangtou"), at=at)
publicity.publish(award_list=made, by=User.objects.get(username="kezhang"), at=at)
"""


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """The address of a demo district in which a list stands."""
    from tests.journeys.conftest import served

    with served(tmp_path_factory.mktemp("objecting") / "home", before=_LISTED) as address:
        yield address


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_resident_objects_on_a_phone_and_follows_it(visit, listed, script, tmp_path):
    page = visit(*SIZES["phone"], script=script)
    faults, looker = {}, Looker(tmp_path / "looked")

    def looked(about):
        if script:
            assert no_sideways_scroll(page)
            faults.update(looker.look(page, about))
            page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"{listed}/notices/")
    page.get_by_role("main").get_by_role("link", name="拟立项公示（演示）").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("拟立项公示（演示）")
    expect(page.get_by_text("公示期 5 个工作日")).to_be_visible()
    looked("list")
    page.goto(page.url)
    page.get_by_role("link", name="提出异议").first.click()
    looked("form")
    page.goto(page.url)
    # First without saying who: the form says what is missing and loses nothing.
    page.get_by_label("对哪个项目").select_option(index=1)
    page.get_by_label("申报内容不实").check()
    page.get_by_label("事实和理由").fill(TEXT)
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_text("请填写姓名或单位，或选择匿名。").first).to_be_visible()
    expect(page.get_by_label("事实和理由")).to_have_value(TEXT)
    page.get_by_label("姓名或单位").fill(NAME)
    page.get_by_label("联系方式").fill(PHONE)
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("异议已提交")
    number = page.locator("code").first.inner_text()
    if script:
        assert no_sideways_scroll(page)
    page.get_by_role("main").get_by_role("link").filter(has_text="/notices/objection/").click()
    page.get_by_label("查询码").fill(number)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("正在办理")).to_be_visible()
    assert NAME not in page.content() and PHONE not in page.content()
    looked("followed")
    assert faults == {}

    office = visit(*SIZES["phone"])
    log_in(office, listed, "chuangtou")
    office.goto(f"{listed}/todo/")
    office.get_by_role("link", name=re.compile("^去受理.*社区老人陪伴")).first.click()
    expect(office.get_by_text(TEXT)).to_be_visible()
    assert NAME not in office.content() and PHONE not in office.content()
    office.get_by_role("button", name="受理").click()
    expect(office.get_by_text("已受理", exact=True)).to_be_visible()
    assert no_sideways_scroll(office)
