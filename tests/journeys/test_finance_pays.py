"""A signed project gets its money: one prepares, another approves, a third pays; the body sees where the money is,
enters what it spent and asks for a change that the rules judge while it types.
"""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NOW, ROOT, served
from tests.journeys.desk import Desk

pytestmark = pytest.mark.journey
PROJECT = "社区老人陪伴（演示）"
PDF = {
    "name": "凭证.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
}
#: What comes before: the demo's application is proposed, published without objection, approved, signed.
_SIGNED = """
import django
django.setup()
from datetime import timedelta
from liaoyuan.core import clock
from liaoyuan.core.models import User
from liaoyuan.funding.actions import agreements, publicity
from liaoyuan.funding.models import Agreement, Pool, Project
from liaoyuan.funding.queries import facts

day, now = timedelta(days=1), clock.now()
office, host = (User.objects.get(username=name) for name in ("chuangtou", "kezhang"))
key = Project.objects.get(title=PROJECT).pk
Project.objects.filter(pk=key).update(state="proposed")


def project():
    return Project.objects.select_related("round__programme__area", "organization", "sponsor", "area").get(pk=key)


at, fen = now - 20 * day, project().grant_fen
row = publicity.draft(round_=project().round, lines=[(project(), fen)], title="拟立项公示（演示）",
                      receiver="社会组织科", by=office, at=at)
row = publicity.publish(award_list=row, by=host, at=at)
at = now - day
assert row.closes_on < at.date()
paper = publicity.draft_approval(award_list=row, lines=list(row.lines.all()), by=office, at=at)
publicity.approve(document=paper, by=host, at=at)
account = {"name": facts.body_name(project().organization, at.date()), "bank": "滨湖示例银行",
           "number": "6222 0000 1111 2345"}
pool = Pool.objects.filter(round=project().round).order_by("pk").first()
made = agreements.draft(project=project(), shares=[(pool, fen)], account=account, starts_on=at.date(),
                        ends_on=at.date() + 270 * day, by=office, at=at)
agreements.sign(agreement=Agreement.objects.get(pk=made.pk), by=host, at=at)
"""


@pytest.fixture(scope="module")
def granted(tmp_path_factory):
    """A demo district in which an agreement has just been signed."""
    home = tmp_path_factory.mktemp("finance") / "home"
    with served(home) as address:
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "LIAOYUAN_TESTING"}}
        environment = {**kept, "LIAOYUAN_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "LIAOYUAN_NOW": NOW,
                       "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings"}  # fmt: skip
        words = [sys.executable, "-c", f"PROJECT = {PROJECT!r}\n{_SIGNED}"]
        done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        yield address


def test_the_money_goes_its_way(granted, visit):
    desks: dict[str, Desk] = {}

    def of(name: str, size=(1440, 900)) -> Desk:
        if name not in desks:
            desks[name] = Desk(visit(*size), granted, name).log_in()
        return desks[name]

    body = of("fuzeren", (390, 844))
    body.menu("申报项目")
    body.sees("我的钱到哪了", "等待承办单位经办")

    office = of("chuangtou")
    office.due("去经办", PROJECT)
    office.follow("经办")
    office.fill({"佐证": "资助协议书"})
    office.press("提交审批")
    office.sees("待审批")

    host = of("kezhang")
    host.due("去审批", PROJECT)
    host.agree("审批")
    host.sees("已审批，等财务付款", "审批时的事实")

    finance = of("caiwu")
    finance.menu("资金拨付")
    finance.follow("制作付款文件", within=finance.row("2026 年滨湖区公益创投（演示）"))
    finance.press("制作付款文件")
    with finance.page.expect_download() as got:
        finance.main.get_by_role("link", name="下载 Excel").click()
    assert got.value.suggested_filename.endswith(".xlsx")
    finance.sees("尾号 2345")
    finance.missing("6222")
    finance.follow("登记付款")
    finance.fill({"付款凭证号": "记-0031"})
    finance.page.locator("input[type=file]").set_input_files(PDF)
    finance.press("登记付款")
    finance.sees("已拨付", "付款时的事实")
    paid = finance.fact("金额")
    finance.menu("资金拨付")
    finance.follow("2026 年滨湖区公益创投（演示）")
    finance.follow("逐笔")
    finance.sees("与台账一致")
    assert finance.fact("已拨") == paid

    office.page.goto(f"{granted}/funding/projects/")
    office.follow(PROJECT)
    office.follow("资金", within=office.page.get_by_role("navigation", name="这个项目"))
    office.follow("登记开始实施")
    office.press("保存")

    body.menu("申报项目")
    body.follow(PROJECT)
    body.follow("资金", within=body.page.get_by_role("navigation", name="这个项目"))
    body.sees("请核对是否到账", "等待拨付条件具备（中期评估合格）")
    body.follow("登记支出")
    body.fill(
        {
            "凭证号": "FP0001",
            "科目": "场地、设备租赁",
            "收款方": "滨湖示例物业",
            "事由": "场地租赁",
            "金额（元）": "800",
        }
    )
    body.page.locator("input[type=file]").set_input_files(PDF)
    body.press("保存")
    body.sees("FP0001", "预算内")

    manager = of("xiangmu")
    manager.page.goto(body.page.url.replace("expenses", "changes"))
    manager.follow("申请变更")
    manager.main.get_by_label("项目负责人", exact=True).first.check()
    manager.fill({"理由": "原负责人离职", "新的项目负责人": "演示乙"})
    changes = manager.page.locator("#changes")
    manager.main.get_by_label("理由", exact=True).focus()
    expect(changes.locator("ins")).to_have_text(["演示乙"])
    expect(changes).to_contain_text("GV-EXE-02")
    manager.press("申请变更")
    manager.sees("待批准")

    host.due("去审批", PROJECT)
    host.press("同意变更")
    host.sees("已同意，变更生效", "变更后的版本")
    body.follow("变更", within=body.page.get_by_role("navigation", name="这个项目"))
    body.sees("已同意")
