"""Two experts at their tablets: they declare, read without names, score with their fingers, see it kept, and sign.

The round with its projects is laid through the actions in the home of the site: bodies, applications, experts, a stage.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NOW, log_in, no_sideways_scroll, served

pytestmark = pytest.mark.journey
UPRIGHT, LYING = (820, 1180), (1180, 820)
#: Runs in the home of the site; prints nothing.
LAY = r"""
import django
django.setup()
from datetime import date, timedelta
from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, Grant, User
from liaoyuan.funding.actions import assigning, eligibility, experts, handing_in, pools, projects, rounds, stages
from liaoyuan.funding.models import GrantExpert, Programme, Project, ExpertDeclaration
from liaoyuan.funding.queries import eligibility as told
from liaoyuan.registry.models import Organization, Standing
at, today, by = clock.now(), clock.today(), User.objects.get(username="chuangtou")
area = Area.objects.get(code="320211")
row = rounds.plan(programme=Programme.objects.first(), by=by, at=at, fields={
    "year": 2026, "title": "专家评审演练", "place": "binhu", "call": "演示", "opens_on": today,
    "closes_on": today + timedelta(days=20), "review_by": today + timedelta(days=40),
    "runs_from": today + timedelta(days=60), "runs_to": today + timedelta(days=400)})
pools.set_pool(round_=row, source="district", title="区级财政", ceiling_fen=20_000_000, by=by, at=at)
row = rounds.open_round(round_=row, by=by, at=at)
street = Area.objects.filter(level="street", path__startswith=area.path).order_by("code").first()
kinds = Standing.objects.now_open().filter(kind="MF", registrar_area__path__startswith=area.path)
bodies = Organization.objects.filter(live=True, pk__in=kinds.values("organization"), registered_on__lt=date(2020, 1, 1))
for number, body in enumerate(bodies.order_by("code")[:2]):
    name = kinds.get(organization=body).name
    one = projects.begin(round_=row, organization=body, title=f"演练项目{number}", by=by, at=at, on_behalf="演示")
    projects.save_basic(project=one, by=by, at=at, values={
        "field": "为老服务", "area": street, "starts_on": row.runs_from,
        "ends_on": row.runs_from + timedelta(days=270)})
    texts = dict.fromkeys(("summary", "need", "goals", "served", "method", "about"), f"{name}为老人服务，每周三。")
    projects.save_texts(project=one, values=texts, by=by, at=at)
    projects.save_team(project=one, by=by, at=at, lines=[
        {"name": "演示甲", "role": "统筹", "lead": True, "full_time": True, "percent": 40}])
    rows = {"plan": [{"period": "第一季度", "content": "走访"}], "risks": [{"title": "天气", "measure": "改期"}],
            "outcomes": [{"title": "人次", "unit": "人次", "target": 600}]}
    for section, lines in rows.items():
        projects.save_rows(project=one, section=section, lines=lines, by=by, at=at)
    line = {"quantity": 100, "times": 1, "own_fen": 0}
    projects.save_budget(project=one, by=by, at=at, lines=[
        {**line, "budget_class": "B01", "title": "社工", "price_fen": 3_000_000, "grant_fen": 3_000_000},
        {**line, "budget_class": "B06", "title": "场地", "price_fen": 5_000_000, "grant_fen": 5_000_000}])
    one = handing_in.submit(project=Project.objects.get(pk=one.pk), confirmed=True, on_paper=today, on_behalf="演示",
                            by=by, at=at)
    for finding in told.findings(eligibility.examine(project=one, by=by, at=at)):
        if finding.open:
            eligibility.answer(project=one, number=finding.number, reason="已核实。", by=by, at=at)
    eligibility.accept(project=one, by=by, at=at)
first = User.objects.get(username="zhuanjia")
second = User(username="pingshen2", display_name="评估专家二（演示）", is_demo=True, created_at=at)
second.password = first.password
second.save()
Grant.objects.create(user=second, role="expert", scope_kind="area", scope_id="320211", valid_from=today, granted_at=at)
for account in (first, second):
    if not GrantExpert.objects.filter(user=account).exists():
        experts.enter(area=area, user=account, name=account.display_name, by=by, at=at)
"""
#: What the office does when both have declared.
BEGIN = r"""
import django
django.setup()
from liaoyuan.core import clock
from liaoyuan.core.models import User
from liaoyuan.funding.actions import assigning, stages
from liaoyuan.funding.models import GrantExpert, Round
by, at = User.objects.get(username="chuangtou"), clock.now()
row = Round.objects.select_related("programme__area").get(title="专家评审演练")
stage = stages.plan(round_=row, readers=2, seed="7", by=by, at=at)
drawn = GrantExpert.objects.filter(user__username__in=["zhuanjia", "pingshen2"])
assigning.assign(stage=stage, drawn=drawn.select_related("area", "user", "person"), by=by, at=at)
stages.begin(stage=stage, by=by, at=at)
"""
#: What came of it, and what no page may have shown.
READ = r"""
import django, json
django.setup()
from liaoyuan.funding.models import Project, ScoreCard
from liaoyuan.registry.models import Standing
rows = Project.objects.filter(round__title="专家评审演练")
names = Standing.objects.filter(organization__in=rows.values("organization")).values_list("name", flat=True)
cards = ScoreCard.objects.filter(reading__project__in=rows)
told = sorted(map(list, cards.values_list("state", "total", "reading__expert__user__username")))
print(json.dumps({"names": list(names), "cards": told, "codes": [row.organization.code for row in rows]}))
"""


def run(home: Path, script: str) -> str:
    """Run a script in the home of the site."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "LIAOYUAN_TESTING", "LIAOYUAN_SECRET_KEY"}}
    told = {**kept, "LIAOYUAN_HOME": str(home), "LIAOYUAN_NOW": NOW,
            "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", script], env=told, check=False, capture_output=True, text=True,
                          timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def declare(page, site: str) -> None:
    """Sign the declaration of the round."""
    page.goto(f"{site}/funding/review/")
    message = page.get_by_role("status").filter(has_text="专家评审演练")
    message.get_by_role("link", name="签署回避声明").tap()
    page.get_by_label("已逐项核对", exact=False).check()
    page.get_by_role("button", name="签署", exact=True).tap()
    expect(page.get_by_role("main")).to_contain_text("已签署回避声明")


def score(page, site: str, points: dict[str, str], seen: list[str]) -> None:
    """Score and sign the first open project of the desk: some items typed, some by the buttons."""
    page.goto(f"{site}/funding/review/")
    mine = page.get_by_role("row").filter(has_text="专家评审演练")
    mine.filter(has_text="还没有打分").first.get_by_role("link").first.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^[0-9A-Z]{7}$"))
    assert no_sideways_scroll(page)
    seen.append(page.content() + page.url + page.title())
    for label, value in points.items():
        page.get_by_label(label, exact=True).fill(value)
    more = page.get_by_role("button", name="党建引领：加 1 分")
    assert min(more.bounding_box()["height"], more.bounding_box()["width"]) >= 44, "large enough for a finger"
    for _tap in range(6):  # the item takes five
        more.tap()
    total = page.locator(".form-actions [data-shown=total]")
    expect(total).to_have_text(f"{sum(map(float, points.values())) + 5:g}")
    expect(page.locator(".draft-status")).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"), timeout=30_000)
    page.get_by_label("评语").fill("需求清楚，可行。")
    page.get_by_role("button", name="核对并签字").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并签字")
    seen.append(page.content())
    page.get_by_role("button", name="签字", exact=True).tap()
    expect(page.get_by_role("main")).to_contain_text("已签字。签字以后不能修改")


@pytest.fixture
def tablet(browser):
    """A tablet held upright or lying, touched with a finger."""
    contexts = []

    def take(width: int, height: int):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", has_touch=True,
                                      reduced_motion="reduce")  # fmt: skip
        contexts.append(context)
        return context.new_page()

    yield take
    for context in contexts:
        context.close()


def test_two_experts_declare_score_and_sign_at_their_tablets(tablet, tmp_path):
    points = {"需求与针对性": "18.5", "目标与可测量": "8", "方案可行与专业": "16", "创新与示范": "8",
              "团队能力与诚信": "12", "预算合理": "12", "可持续、资源整合": "4"}  # fmt: skip
    home = tmp_path / "home"
    seen: list[str] = []
    with served(home) as site:
        run(home, LAY)
        desks = {name: tablet(*size) for name, size in (("zhuanjia", UPRIGHT), ("pingshen2", LYING))}
        for name, page in desks.items():
            log_in(page, site, name)
            declare(page, site)
        run(home, BEGIN)
        for page in desks.values():
            score(page, site, points, seen)
            score(page, site, {**points, "需求与针对性": "10"}, seen)
            page.goto(f"{site}/funding/review/")
            expect(page.get_by_role("main")).to_contain_text("全部签字")
            seen.append(page.content())
        told = json.loads(run(home, READ))
    assert told["cards"] == sorted(["signed", total, name] for name in desks for total in (8350, 7500))
    for text in seen:
        assert not [name for name in (*told["names"], *told["codes"], "演示甲") if name in text]
        assert "为老人服务" in text or "核对并签字" in text or "全部签字" in text
