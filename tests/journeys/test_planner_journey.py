"""A district is planned and looked at on its map; one group is locked, a pair forbidden, a unit moved; a second person
approves; three groups become applications; when their branches stand the board shows it, and the next planning leaves
them alone.
"""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NOW, ROOT, keep_picture, served
from tests.journeys.desk import Desk

pytestmark = pytest.mark.journey
#: What other journeys do in the browser: three applications are approved, three branches founded at one meeting.
_FOUNDED = """
import django
django.setup()
from liaoyuan.core import clock
from liaoyuan.core.actions import cases, deciding
from liaoyuan.core.models import Area, User
from liaoyuan.party.actions import ceremonies
from liaoyuan.party.models import Founding

at, on = clock.now(), clock.today()
lead, head = (User.objects.get(username=name) for name in ("dangjian", "dangwei"))
meeting = ceremonies.convene(area=Area.objects.get(code="320211"), fields={"title": "成立大会（演示）", "on": on},
                             by=lead, at=at)
rows = Founding.objects.filter(plan_group__isnull=False)
for number, key in enumerate(rows.values_list("pk", flat=True), 1):
    row = Founding.objects.select_related("case").get(pk=key)
    cases.take_papers(case=row.case, names=list(row.case.materials.values_list("name", flat=True)), on=on, by=lead,
                      at=at)
    cases.opine(case=row.case, outcome="agree", text="同意", by=lead, at=at)
    deciding.decide(case=row.case, decision="approved", on=on, decision_no=f"滨社党〔2026〕9{number}号", by=head, at=at)
    row = Founding.objects.select_related("party_organization__area", "area", "case").get(pk=key)
    ceremonies.found(founding=row, ceremony=meeting, secretary=row.members.first().member, how="appointed", by=lead,
                     at=at)
"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A demo district of its own, and its home."""
    home = tmp_path_factory.mktemp("planner") / "home"
    with served(home) as address:
        yield address, home


def run(home, program):
    """A program in the home of the installation that is served."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "LIAOYUAN_TESTING"}}
    environment = {**kept, "LIAOYUAN_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "LIAOYUAN_NOW": NOW,
                   "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False, capture_output=True, text=True,
                          timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr


def computed(desk):
    """The plan's page, once its job has done."""
    expect(desk.main).to_contain_text("编入的单位", timeout=120_000)
    desk._look()


def the_map(desk):
    """The map of the plan, once the script has drawn it; it asks nobody but this host."""
    live = desk.main.locator(".plan-map.is-drawn [data-map-live]")
    expect(live).to_be_visible()
    asked = desk.page.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).origin)")
    assert set(asked) == {desk.site}
    return live


def looked_at(desk):
    """Rows and signs lead to each other by pointer and by keyboard; the caption says what the picture is not."""
    desk.sees("示意图，不作划界依据", "演示轮廓", "坐标系：WGS-84", "没有坐标、图上没有的")
    live = the_map(desk)
    chosen = desk.main.locator("tr.is-selected")
    groups = live.locator(".plan-map__seat")
    assert groups.count() >= 8 and live.locator(".plan-map__open").count() >= 1
    assert desk.main.locator("svg .plan-map__outline").count() == 1
    desk.main.get_by_role("link", name="在图上看").nth(2).click()
    expect(live).to_have_attribute("data-chosen", desk.main.locator(".plan-map__badge").nth(2).inner_text())
    expect(chosen).to_have_count(1)
    desk.page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    desk.main.locator("tbody tr.plan-map__row").nth(4).locator("td").nth(3).click()
    expect(live).to_have_attribute("data-chosen", desk.main.locator(".plan-map__badge").nth(4).inner_text())
    desk.page.keyboard.press("Escape")
    live.focus()
    desk.page.keyboard.press("Tab")
    number = desk.page.evaluate("document.activeElement.textContent")
    desk.page.keyboard.press("Enter")
    expect(live).to_have_attribute("data-chosen", number)
    expect(chosen.locator(".plan-map__badge")).to_have_text(number)
    with desk.turned():
        live.get_by_role("link", name="为什么是这几家").click()
    desk.sees(f"第 {number} 组：为什么是这几家")


def why(desk, place):
    """The page of the group that stands at this place in the list."""
    with desk.turned():
        desk.main.get_by_role("link", name="为什么是这几家").nth(place).click()


def new_branch(desk, plan):
    """Accept the first group that waits for which a branch is to be founded; the name of that branch. A group with a
    unit that must first leave its present branch is refused with the sentence, and the next one is taken.
    """
    for place in range(10):
        desk.page.goto(plan)
        rows = desk.main.locator("tbody tr").filter(has=desk.page.get_by_role("link", name="采纳", exact=True))
        labels = rows.locator("td[data-label='沿用的支部']").all_inner_texts()
        row = rows.nth([number for number, label in enumerate(labels) if not label.strip()][place])
        with desk.turned():
            row.get_by_role("link", name="采纳", exact=True).click()
        name = desk.main.get_by_label("拟设党支部名称", exact=True).input_value()
        desk.press("采纳")
        if "须先退出" not in desk.main.inner_text():
            return name
    raise AssertionError("no group can be accepted")


def covered(desk):
    """How many bodies the board shows in joint branches: the sum line's figure of organizational coverage."""
    desk.menu("覆盖情况")
    table = desk.main.locator("table").first
    heads = table.locator("thead th").all_inner_texts()
    return int(dict(zip(heads, table.locator("tfoot th, tfoot td").all_inner_texts(), strict=True))["组织覆盖"])


def test_a_district_is_planned_bent_approved_and_carried_out(planned, visit):
    site, home = planned
    lead, head = (Desk(visit(1440, 900), site, name).log_in() for name in ("dangjian", "dangwei"))
    before = covered(lead)
    lead.menu("覆盖编组")
    lead.follow("新的编组")
    lead.fill({"名称": "年度编组"})
    lead.press("开始编组")
    computed(lead)
    lead.sees("全部数字由不与求解程序共用代码的核对程序重新计算")
    there = lead.page.url
    looked_at(lead)
    phone = Desk(visit(390, 844), site, "dangjian").log_in()
    phone.page.goto(there)
    the_map(phone)
    plain = visit(1440, 900, script=False, state=lead.page.context.storage_state())
    plain.goto(there)
    expect(plain.locator(".plan-map__plain svg")).to_be_visible()
    expect(plain.locator(".plan-map__live")).to_be_hidden()
    plain.get_by_role("link", name="在图上看").nth(2).click()
    assert re.search(r"#map-group-\d+$", plain.url), "without scripts the row leads to the drawing"
    lead.page.goto(there)
    expect(lead.main).to_contain_text(re.compile("重算 \\d+ 次"), timeout=120_000)
    expect(lead.main.locator(".plan-map.is-drawn [data-map-live]")).to_be_visible()
    keep_picture(lead.page, "planner")

    why(lead, 0)
    kept = lead.main.locator("td.table-cards__title").all_inner_texts()
    lead.press("锁定这一组")
    lead.sees("已锁定这一组")
    lead.follow("返回方案")
    why(lead, 1)
    lead.follow("不采用")
    lead.main.get_by_role("checkbox").first.check()
    lead.fill({"理由": "主管单位不同意"})
    lead.press("锁定为不在一起")
    why(lead, 2)
    lead.follow("移到别处")
    lead.main.get_by_role("radio", name=re.compile("^第")).first.check()
    lead.press("移动")
    lead.sees("与方案 1 相比", "1 家换了地方")
    lead.press("按锁定重新编组")
    computed(lead)
    lead.sees("与方案 2 相比")
    lead.follow("设想和锁定")
    lead.sees("锁定为一组", "不得在一起", "主管单位不同意", "必须在一起")
    lead.follow("方案 3")
    seat = next(one for one in kept if one.endswith("所在单位")).removesuffix("所在单位").strip()
    row = lead.main.locator("tbody tr", has_text=f"{seat}等")  # groups may be numbered anew
    with lead.turned():
        row.get_by_role("link", name="为什么是这几家").click()
    assert lead.main.locator("td.table-cards__title").all_inner_texts() == kept
    lead.follow("返回方案")
    lead.follow("审核通过")
    lead.press("审核通过")
    lead.sees("已审核")

    head.menu("覆盖编组")
    head.follow("年度编组")
    head.follow("方案 3")
    head.follow("批准")
    head.press("批准")
    head.sees("已批准")

    plan = head.page.url
    branches = []
    for _group in range(3):
        branches.append(new_branch(lead, plan))
        lead.sees("待批复", "覆盖编组“年度编组”")
    lead.menu(re.compile("党组织设立调整"))
    lead.sees(*branches)
    head.menu(re.compile("党组织设立调整"))
    head.sees(*branches)

    run(home, _FOUNDED)
    lead.page.goto(plan)
    lead.sees("已成立")
    bodies = [
        int(text) for text in lead.main.locator("tbody tr:has-text('已成立') td[data-label='单位']").all_inner_texts()
    ]
    assert len(bodies) == 3
    assert covered(lead) == before + sum(bodies)
    lead.menu("覆盖编组")
    lead.follow("新的编组")
    lead.fill({"名称": "第二次编组"})
    lead.press("开始编组")
    computed(lead)
    for name in branches:
        lead.missing(name.removesuffix("联合党支部"))
