"""Grants at everybody's desk in the demo's rounds: returned and passed, decided by the committee, reported, changed,
archived; a second application out of a copy.
"""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NOW, ROOT, keep_picture, served
from tests.journeys.desk import Desk

pytestmark = pytest.mark.journey
TODAY = date.fromisoformat(NOW[:10])
#: What comes before: every expert of the practice round has read and signed, its stage is closed.
READ = """
import django
django.setup()
from liaoyuan.core import clock
from liaoyuan.core.models import User
from liaoyuan.funding.actions import scoring, stages
from liaoyuan.funding.models import Reading, ReviewStage
at = clock.now()
stage = ReviewStage.objects.select_related("round__programme__area").get(closed_at__isnull=True)
for row in Reading.objects.standing().filter(stage=stage).exclude(cards__state="signed").select_related("expert__user"):
    points = {item: most * 80 for item, most in stage.sheet.items.items()}
    scoring.save(reading=row, points=points, by=row.expert.user, at=at)
    scoring.sign(reading=row, by=row.expert.user, at=at)
stages.close(stage=stage, confirmed=True, by=User.objects.get(username="chuangtou"), at=at)
"""
#: What stands in an application besides its name and its days, and how much the reviewed projects ask for.
TOLD = """
import django, json
django.setup()
from liaoyuan.funding.models import Project

def whole(row):
    rows = {name: list(getattr(row, name).order_by("position").values_list(*fields)) for name, fields in {
        "team": ["name", "role", "full_time", "percent"], "steps": ["period", "content", "frequency", "persons"],
        "indicators": ["title", "unit", "target", "evidence"], "risks": ["title", "measure"],
        "pledges": ["kind", "title"], "lines": ["budget_class", "title", "price_fen", "quantity", "own_fen", "basis"],
    }.items()}
    return {"answers": row.answers, "field": row.field, "area": row.area.code, **rows}

rows = Project.objects.filter(title__in=["社区老人陪伴（演示）", "楼道里的老邻居"]).select_related("area")
print(json.dumps({"copies": {row.title: whole(row) for row in rows},
                  "funded": Project.objects.filter(state__in=["archived"], round__practice=False).count()}))
"""


def told(home) -> dict:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "LIAOYUAN_TESTING", "LIAOYUAN_SECRET_KEY"}}
    environment = {**kept, "LIAOYUAN_HOME": str(home), "LIAOYUAN_NOW": NOW, "PYTHONPATH": str(ROOT / "src"),
                   "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", TOLD], env=environment, check=False, capture_output=True, text=True,
                          timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("grants") / "home"


@pytest.fixture(scope="module")
def season(home):
    """The address of a demo district of its own whose practice round has been read."""
    with served(home, before=READ) as address:
        yield address


@pytest.fixture
def at(visit, season):
    """Somebody's desk."""
    desks: dict[str, Desk] = {}

    def enter(name: str) -> Desk:
        if name not in desks:
            desks[name] = Counting(visit(1440, 900), season, name).log_in()
        return desks[name]

    return enter


class Counting(Desk):
    """A desk that counts what is pressed and which fields are filled in."""

    def __init__(self, page, site: str, name: str) -> None:
        super().__init__(page, site, name)
        self.clicks, self.typed = 0, []

    def menu(self, title) -> None:
        self.clicks += 1
        super().menu(title)

    def follow(self, name, *, within=None) -> None:
        self.clicks += 1
        super().follow(name, within=within)

    def press(self, name, *, within=None) -> None:
        self.clicks += 1
        super().press(name, within=within)

    def fill(self, told, *, within=None) -> None:
        self.typed += list(told)
        super().fill(told, within=within)


def test_the_office_returns_one_application_and_passes_another(at):
    office = at("chuangtou")
    office.due("去审查", "评审演练")
    office.follow("社区花园共建：从堆物角到邻里客厅")
    office.press("核查")
    office.sees("按 2026年10月26日 的情况核查")
    office.follow("退回补正")
    office.fill({"补正意见": "请补充三个点位的业主同意书。", "补正期限": (TODAY + timedelta(days=9)).isoformat()})
    office.press("保存")
    office.sees("退回补正", "请补充三个点位的业主同意书。")
    office.due("去审查", "评审演练")
    office.follow("放学不独行：流动儿童课后陪伴")
    office.agree("资格通过")
    office.sees("资格通过", "创投承办（演示）")

    host = at("kezhang")
    host.due("去确认", "失能老人家庭照护者喘息服务")
    host.sees("服务场地无法核实")
    host.agree("确认资格不通过")
    host.sees("资格不通过", "登记科长（演示）")


def test_the_committee_decides_by_ranking_money_and_pass_score(at):
    office, host = at("chuangtou"), at("kezhang")
    office.menu("公益创投")
    office.follow(re.compile("^评审演练"))
    office.follow("排名")
    office.press("汇总排名")
    office.sees("听障青年咖啡实训", "楼道议事员培养计划", "青春期心理同行", "第 1 版")
    office.follow("立项建议")
    office.press("测算")
    office.sees("3 个项目，200,700.00 元", "未决定 3")
    host.page.goto(office.page.url)
    keep_picture(host.page, "committee")
    host.follow("按名次建议全部列入")
    host.press("记下全部决定")
    host.sees("拟立项 3", "未决定 0", "200,700.00")


def test_a_middle_report_is_mended_a_change_agreed_a_project_accepted_and_its_archive_packed(at):
    evaluator, manager, head, host = (at(name) for name in ("pinggu", "xiangmu", "fuzeren", "kezhang"))
    evaluator.due("去评估", "小微组织财务陪跑")
    evaluator.follow("要求整改")
    evaluator.fill({"原因和要改的地方": "请写明三家组织的建账情况。", "期限": (TODAY + timedelta(days=20)).isoformat()})
    evaluator.press("要求整改")
    manager.due("去填写", "小微组织财务陪跑")
    manager.sees("请写明三家组织的建账情况。")
    manager.fill({"问题与对策": "三家已建账，一家聘了兼职会计。"})
    manager.press("提交")
    manager.sees("待评估", "三家已建账")
    evaluator.due("去评估", "小微组织财务陪跑")
    evaluator.follow("填评估表")
    points = {"进度（30 分）": "27", "质量、成效（25 分）": "22.5", "财务规范（25 分）": "20", "满意度（10 分）": "9",
              "档案（10 分）": "8"}  # fmt: skip
    evaluator.fill({**points, "评估意见": "整改到位。"})
    evaluator.press("签字")
    evaluator.sees("86.5 分")
    keep_picture(evaluator.page, "report")
    evaluator.agree("中期合格")
    evaluator.sees("合格")

    host.due("去审批", "旧衣新生：社区循环站")
    host.sees("变更项目负责人、实施期限须经主办单位批准", "原负责人休产假")
    host.missing("gv.adjust")
    host.fill({"意见": "同意。"})
    host.press("同意变更")
    host.sees("已同意")

    head.menu("申报项目")
    head.sees("我的钱到哪了")
    keep_picture(head.page, "projects")
    head.follow("小微组织财务陪跑", within=head.main.get_by_role("table").last)
    head.follow("报告与评估")
    head.follow("填写结项报告")
    head.fill({"变化与故事": "八家组织会记账了。", "问题与对策": "雇不起会计，改为片区共用。",
               "满意度调查的人数": "12", "满意度平均分": "96.5"})  # fmt: skip
    head.press("提交")
    head.sees("待评估", "八家组织会记账了。")
    host.due("去结项", "困境儿童护航：一户一策")
    host.agree("按评估结项")
    host.sees("合格")

    office = at("chuangtou")
    office.menu("公益创投")
    office.follow(re.compile("^实施演练"))
    office.follow("档案")
    office.follow("银龄数字课堂")
    office.sees("16／16", "已归档")
    office.press("打包下载")
    button = office.main.get_by_role("button", name="下载", exact=True)
    for _attempt in range(30):
        if button.count():
            break
        office.page.wait_for_timeout(500)
        office.page.reload()
    with office.page.expect_download() as waiting:
        button.click()
    with waiting.value.path().open("rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as packed:
        assert packed.testzip() is None
        names = "\n".join(packed.namelist())
    for paper in ("申报书", "评分表", "协议", "结项报告", "评估意见"):
        assert paper in names, names


def test_a_second_application_out_of_a_copy_types_nothing_again(at, home):
    manager = at("xiangmu")
    manager.clicks, manager.typed = 0, []
    manager.menu("公益创投")
    manager.follow(re.compile(rf"^{TODAY.year} 年滨湖区公益创投"))
    manager.follow("申报一个项目")
    earlier = manager.main.get_by_label("从以前的申报书复制", exact=True)
    label = earlier.locator("option").filter(has_text="社区老人陪伴").first.inner_text()
    manager.fill({"项目名称": "楼道里的老邻居", "从以前的申报书复制": label})
    manager.press("开始填写")
    manager.follow("基本情况")
    manager.fill({"开始日期": (TODAY + timedelta(days=100)).isoformat(),
                  "结束日期": (TODAY + timedelta(days=350)).isoformat()})  # fmt: skip
    manager.press("保存，回到项目")
    manager.missing("缺 ")
    manager.sees("与其他项目的内容相似：社区老人陪伴（演示）")
    expect(manager.main.get_by_text("不能通过")).to_have_count(0)
    seen = told(home)
    assert seen["copies"]["楼道里的老邻居"] == seen["copies"]["社区老人陪伴（演示）"]
    # Only what is new was filled in: its name, its days, and out of which application; nothing a second time.
    assert manager.typed == ["项目名称", "从以前的申报书复制", "开始日期", "结束日期"]
    assert manager.clicks == 6
    assert seen["funded"] == 358, "rounds to practise with count nowhere"
