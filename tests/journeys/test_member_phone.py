"""On the phone: a member signs in by the link of the code and sees his own page; a street officer files a visit."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD, no_sideways_scroll
from tests.journeys.desk import Desk

pytestmark = pytest.mark.journey

OWN = "Liaoyuan-2027"
PHONE = (390, 844)


@pytest.fixture
def desk(visit, site):
    """Somebody who has logged in, at a desk or on a phone."""
    return lambda name, size=(1440, 900), password=PASSWORD: Desk(visit(*size), site, name).log_in(password)


def account(desk) -> str:
    """The system administrator makes an account without any role; returns the password that holds once."""
    system = desk("xitong")
    system.menu("账号")
    system.follow("新建账号")
    system.fill({"登录名": "dangyuan", "姓名": "演示党员11"})
    system.press("建立账号")
    return system.fact("一次性密码")


def opened(secretary) -> str:
    """The secretary links the account to the member, holds a meeting today and opens the code; returns its address."""
    secretary.menu("党员名册")
    secretary.follow("演示党员11")
    secretary.main.get_by_text("办理", exact=True).click()
    secretary.follow("关联本人账号")
    secretary.fill({"登录名": "dangyuan"})
    secretary.press("保存")
    secretary.menu("本月组织生活")
    secretary.follow("安排会议")
    secretary.fill({"会议类型": "主题党日", "日期": "2026-10-26", "议题": "重阳敬老"})
    secretary.press("保存")
    secretary.agree("会议召开")
    secretary.press("打开扫码签到")
    secretary.sees("已签到 0 人，名单上共")
    return secretary.main.get_by_role("link", name=re.compile("sign-in")).get_attribute("href")


def test_a_member_signs_in_by_the_link_and_sees_his_own_page(desk, visit, site):
    once = account(desk)
    secretary = desk("shuji")
    address = opened(secretary)
    member = Desk(visit(*PHONE), site, "dangyuan")
    member.page.goto(address)
    member.fill({"登录名": "dangyuan", "密码": once})
    member.press("登录")
    member.fill({"当前密码": once, "新密码": OWN, "再输一次新密码": OWN})
    member.press("修改密码")
    member.page.goto(address)
    member.sees("重阳敬老", "演示党员11", "不记录时间、位置和设备")
    assert no_sideways_scroll(member.page)
    member.press("签到")
    member.sees("已签到。")
    member.menu("首页")
    member.sees("演示党员11", "正式组织关系", "转接", "党费")
    member.missing("演示党员12")
    assert no_sideways_scroll(member.page)
    secretary.follow("登记到会情况")
    expect(secretary.row("演示党员11").get_by_role("combobox").first).to_have_value("present")


def test_a_street_officer_files_a_visit_on_the_phone(desk):
    officer = desk("liyuan", PHONE)
    officer.menu("覆盖情况")
    assert no_sideways_scroll(officer.page)
    officer.follow(re.compile("^应统计组织"))
    body = officer.main.locator("tbody tr").first.get_by_role("link").first.inner_text()
    officer.follow(body)
    officer.follow("记录走访")
    assert no_sideways_scroll(officer.page)
    officer.press("保存")
    officer.sees("请勾选看了什么，或写明情况。")
    officer.main.get_by_label("活动阵地").check()
    officer.fill({"情况和问题": "活动室可以共享。"})
    officer.press("保存")
    officer.sees("走访已记录。", "活动阵地", "活动室可以共享。")
    assert no_sideways_scroll(officer.page)
