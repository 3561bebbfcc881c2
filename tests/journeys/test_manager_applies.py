"""A project manager applies: from a copy, within the limits of the round, with a correction asked and given."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NOW
from tests.journeys.desk import Desk

pytestmark = pytest.mark.journey
TODAY = date.fromisoformat(NOW[:10])
FIRST, LAST = TODAY + timedelta(days=100), TODAY + timedelta(days=350)


@pytest.fixture
def desks(visit, site):
    """The manager and the head of the demo's body, and the office."""
    return {name: Desk(visit(1440, 900), site, name).log_in() for name in ("xiangmu", "fuzeren", "chuangtou")}


def copied(manager, title):
    """A new application from a copy of an earlier one; only its name and its days are typed."""
    manager.menu("公益创投")
    manager.follow(re.compile(rf"^{TODAY.year} 年.*公益创投"))
    manager.follow("申报一个项目")
    earlier = manager.main.get_by_label("从以前的申报书复制", exact=True)
    label = earlier.locator("option").filter(has_text="社区老人陪伴").first.inner_text()
    manager.fill({"项目名称": title, "从以前的申报书复制": label})
    manager.press("开始填写")
    if manager.main.get_by_role("link", name="基本情况").count() and "/write/" not in manager.page.url:
        manager.follow("基本情况")
    manager.fill({"开始日期": FIRST.isoformat(), "结束日期": LAST.isoformat()})
    manager.press("保存，回到项目")
    return manager.page.url


def paid(manager, address, price):
    """The price of the first line of the budget, the wage of the full-time social worker for one of eight months."""
    manager.page.goto(address)
    manager.follow("项目预算")
    manager.fill({"单价（元）": price})
    manager.press("保存，回到项目")


def certified(desks, address):
    """The head has read it and says so."""
    head = desks["fuzeren"]
    head.page.goto(address)
    head.agree("确认申报书")
    head.sees("负责人已确认")


def handed_in(desks, address):
    """The manager hands in what the head has certified."""
    certified(desks, address)
    manager = desks["xiangmu"]
    manager.page.goto(address)
    tick = manager.main.get_by_label("已核对上面的提示，确认提交")
    if tick.count():
        tick.check()
    manager.press("提交申报")


def test_a_manager_applies_within_the_limits_of_the_round(desks):
    manager, office = desks["xiangmu"], desks["chuangtou"]
    address = copied(manager, "暑期邻里课堂")
    manager.missing("缺 ")
    paid(manager, address, "5200.00")
    manager.sees("49.05", "接近上限")
    paid(manager, address, "5402.16")
    manager.sees("50.01", re.compile("专职人员"))
    expect(manager.main.get_by_role("button", name="提交申报")).to_have_count(0)
    paid(manager, address, "5000.00")
    handed_in(desks, address)
    manager.sees(re.compile(rf"{TODAY.year}-\d{{3}}"))

    office.page.goto(address)
    office.follow("退回补正")
    office.fill({"补正意见": "请写明走访了多少户。", "补正期限": (TODAY + timedelta(days=9)).isoformat()})
    office.press("保存")
    manager.page.goto(address)
    manager.sees("请写明走访了多少户。")
    manager.follow("项目内容")
    manager.fill({"需求分析": "走访 52 户，开座谈会 3 次。"})
    manager.press("保存，回到项目")
    handed_in(desks, address)
    office.page.goto(address)
    office.sees("已提交", "走访 52 户，开座谈会 3 次。", "补正后提交")

    handed_in(desks, copied(manager, "银龄学手机"))
    manager.sees("已提交")
    fourth = copied(manager, "社区花园")
    certified(desks, fourth)
    manager.page.goto(fourth)
    manager.sees("连同本项目共 4 个", "超过每个组织 3 个的上限")
    expect(manager.main.get_by_role("button", name="提交申报")).to_have_count(0)
