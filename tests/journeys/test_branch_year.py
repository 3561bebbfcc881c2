"""A year of a joint branch of invented bodies, with the practice clock: application, 批复, election, dual, transfer,
meetings, an activist, dues, a visit; and the board shows it.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import served
from tests.journeys.desk import PASSWORD, Desk

pytestmark = pytest.mark.journey

STREET, COMMITTEE = "荣巷街道", "滨湖区社会组织综合党委（演示）"
APPLY = re.compile("^(设立党支部|党组织设立调整)$")
OWN = ("Liaoyuan-2027", "Liaoyuan-2028", "Liaoyuan-2029")


@pytest.fixture(scope="module")
def moving(tmp_path_factory):
    """A demo district whose time is that of its practice clock."""
    with served(tmp_path_factory.mktemp("year") / "home", now="") as address:
        yield address


@pytest.fixture
def people(visit, moving):
    """Persons at their desks, logged in when first asked for."""
    known: dict[str, Desk] = {}

    def of(name: str, password: str = PASSWORD) -> Desk:
        if name not in known:
            known[name] = Desk(visit(1440, 900), moving, name).log_in(password)
        return known[name]

    return of


class Year:
    """What the parts of the year share: the people, the bodies, the branch's name."""

    def __init__(self, people, visit, site) -> None:
        self.people, self.visit, self.site = people, visit, site
        self.bodies: list[str] = []

    @property
    def branch(self) -> str:
        return f"{self.bodies[0]}等三家联合党支部"

    def turn_to(self, day: str, hour: int = 9) -> None:
        """The administrator moves the practice clock."""
        desk = self.people("xitong")
        desk.menu("练习时钟")
        desk.fill({"业务日期": day, "时（0–23）": str(hour)})
        desk.press("调整时钟")
        desk.sees("练习时钟已调整")

    def board(self) -> dict[str, str]:
        """The street's line of the coverage board, by column."""
        lead = self.people("dangjian")
        lead.menu("覆盖情况")
        table = lead.main.locator("table").first
        heads = table.locator("thead th").all_inner_texts()
        return dict(zip(heads, lead.row(STREET).locator("th, td").all_inner_texts(), strict=True))


def test_a_year_of_a_joint_branch(people, visit, moving):
    year = Year(people, visit, moving)
    year.turn_to("2026-11-02")
    before = year.board()
    find_bodies(year)
    head = open_account(year)
    apply(year, head)
    check_roster(year)
    approve(year)
    found(year)
    elect(year)
    transfer(year)
    meet(year)
    cultivate(year)
    pay_dues(year)
    instruct(year)
    after = year.board()
    assert int(after["组织覆盖"]) == number(before["组织覆盖"]) + 3
    assert number(before["C 无党员"]) - number(after["C 无党员"]) == 3
    admit_on_the_day(year)


def number(text: str) -> int:
    return 0 if text.strip() == "—" else int(text.replace(",", ""))


def find_bodies(year: Year) -> None:
    """The party lead finds three bodies without a member on the board."""
    lead = year.people("dangjian")
    lead.menu("覆盖情况")
    lead.follow(re.compile("缺口 C"))
    lead.fill({"区划": STREET})
    lead.press("查询")
    rows = lead.main.locator("tbody tr")
    year.bodies = [rows.nth(n).get_by_role("link").first.inner_text() for n in range(3)]
    lead.follow(year.bodies[0])
    lead.sees("这一天没有党组织覆盖，也没有指导员、联络员。", "没有党员")


def open_account(year: Year) -> Desk:
    """The register's officer prints invitations of the street; the body's head opens an account with his code."""
    officer = year.people("dengji")
    officer.menu("开户邀请")
    officer.fill({"街道（镇）": STREET})
    officer.agree("生成邀请单")
    slips = officer.main.inner_text()
    code = re.search(r"邀请码：(\S+)", slips[slips.index(f"\n{year.bodies[0]}\n") :])
    head = Desk(year.visit(1440, 900), year.site, "lianhe")
    head.page.goto(f"{year.site}/invitation/")
    head.fill({"邀请码或申请码": code[1]})
    head.press("下一步")
    head.sees(year.bodies[0])
    head.fill({"登录名": "lianhe", "姓名": "演示负责人", "密码": PASSWORD, "再输一次密码": PASSWORD})
    head.press("开通账号")
    return head.log_in()


def apply(year: Year, head: Desk) -> None:
    """The head applies; what is wrong is told beside the field; handed in, the next step is told."""
    head.menu(APPLY)
    head.follow("申请设立党支部")
    expect(head.main.get_by_label("拟设党支部名称")).to_have_value(f"{year.bodies[0]}党支部")
    head.fill({
        "拟设党支部名称": year.branch, "组建形式": "联合组建", "依托单位": "荣巷街道社会组织服务中心",
        "成员单位": "\n".join([*year.bodies[:2], "不存在的协会"]), "设立理由": "三家单位相距不远，都从事文体服务。",
    })  # fmt: skip
    head.press("保存")
    head.sees("成员单位：没有找到，或不止一个：不存在的协会")
    head.fill({"成员单位": "\n".join(year.bodies)})
    head.press("保存")
    head.sees("提交申请以后，由党建牵头部门核对党员名册。", "党员名册由党建牵头部门核对，不在这里显示。")
    head.press("提交申请")
    head.sees("已提交。", "待批复", "在“办理过程”里交齐材料")
    head.follow("办理过程")
    head.sees("待收件", "已有 0／4")


def enter_member(year: Year, name: str, kind: str, body: str, **more: str) -> None:
    lead = year.people("dangjian")
    lead.menu("党员名册")
    lead.follow("新增党员")
    lead.fill({"党组织": COMMITTEE})
    lead.press("下一步")
    lead.fill({
        "姓名": name, "入党时间": "2012-07-01", "转正时间": "2013-07-01", "依据": "党员档案", "类别": kind,
        "起日": "2026-06-01", "所在组织": body, "在该组织专职": "是", **more,
    })  # fmt: skip
    lead.press("保存")
    lead.sees("已保存。", name, "13 年")


def check_roster(year: Year) -> None:
    """Members are sorted out and put on the roster; the case is received and its papers are taken."""
    first, second, third = year.bodies
    for name, body in (("演示联合甲", first), ("演示联合乙", second), ("演示联合丙", third)):
        enter_member(year, name, "正式组织关系", body)
    home = {"正式组织关系所在党组织": "演示社区第一党支部"}
    enter_member(year, "演示联合丁", "临时双隶属", third, **home)
    lead = year.people("dangjian")
    lead.menu(APPLY)
    lead.follow(year.branch)
    lead.follow("办理过程")
    lead.press("收件")
    for box in lead.main.get_by_role("checkbox").all():
        box.check()
    lead.press("保存材料情况")
    lead.sees("已有 4／4")
    lead.follow("修改内容")
    lead.follow("核对名册")
    lead.press("保存名册")
    assert [lead.fact(name) for name in ("组织关系在本组织", "书面同意转入", "双隶属")] == ["3", "0", "1"]
    lead.follow("办理过程")
    lead.main.get_by_text("建议准予", exact=True).click()
    lead.fill({"审查意见": "符合条件，建议批准设立。"})
    lead.press("签署意见")
    lead.sees("意见已签署，等待决定。")


def approve(year: Year) -> None:
    """批复: a document of the committee with its own number, on which the branch rests."""
    year.turn_to("2026-11-09")
    head = year.people("dangwei")
    head.due("去决定", year.branch)
    head.main.get_by_text("准予", exact=True).click()
    expect(head.main.get_by_label("准予的同时制发批复，文号自动取得")).to_be_checked()
    head.press("决定")
    head.sees(f"关于同意设立{year.branch}的批复")
    assert head.fact("决定文号") == "滨社党〔2026〕1号"


def found(year: Year) -> None:
    """The founding meeting; the secretary is to be elected."""
    lead = year.people("dangjian")
    lead.menu(APPLY)
    lead.follow(year.branch)
    lead.sees("先安排成立大会，开会以后登记成立。", "滨社党〔2026〕1号")
    lead.follow("安排成立大会")
    lead.fill({"日期": "2026-11-16", "地点": "荣巷街道会议室"})
    lead.press("保存")
    lead.follow("登记成立")
    lead.sees("2026-11-09 批复以来还没有已经召开的成立大会")
    year.turn_to("2026-11-16", 16)
    lead.menu(APPLY)
    lead.follow(year.branch)
    lead.follow("登记成立")
    lead.fill({"首任书记": "选举", "书记人选": "演示联合丁"})
    lead.press("保存")
    lead.sees("书记人选：临时双隶属的党员组织关系不在本支部，不能在本支部任职。")
    lead.fill({"书记人选": "（未定）"})
    lead.press("保存")
    lead.sees("党支部已成立。", f"2026-11-16 {year.branch}成立大会")


def give_account(year: Year) -> Desk:
    """The system administrator makes the secretary's account, the security administrator gives the role."""
    system, security = year.people("xitong"), year.people("anquan")
    system.menu("账号")
    system.follow("新建账号")
    system.fill({"登录名": "lhshuji", "姓名": "演示联合甲"})
    system.press("建立账号")
    once = system.fact("一次性密码")
    security.menu("授权")
    security.follow("lhshuji")
    security.fill({"角色": "党支部书记", "范围类别": "一个党组织（含下级）"})
    security.fill({"组织或党组织全称，或统一社会信用代码": year.branch})
    security.press("授予")
    security.sees("已授权。")
    desk = year.people("lhshuji", once)
    desk.fill({"当前密码": once, "新密码": OWN[0], "再输一次新密码": OWN[0]})
    desk.press("修改密码")
    desk.sees("密码已修改")
    return desk


def plan(year: Year, kind: str, day: str, topic: str) -> Desk:
    """A meeting from its plan to who came."""
    desk = year.people("lhshuji")
    desk.menu("本月组织生活")
    desk.follow("安排会议")
    desk.fill({
        "会议类型": kind, "日期": day, "开始时间": "14:00", "结束时间": "15:30", "地点": "荣巷街道会议室",
        "主持人": "演示联合甲", "记录人": "演示联合乙", "议题": topic, "学习内容": topic,
    })  # fmt: skip
    desk.press("保存")
    desk.agree("会议召开")
    desk.follow("登记到会情况")
    for choice in desk.main.locator("tbody select").all():
        choice.select_option(index=0)
    desk.press("保存")
    return desk


def close(desk: Desk, words: str) -> None:
    """Minutes, and done."""
    desk.follow("会议记录")
    desk.main.get_by_label("会议记录", exact=True).fill(words)
    desk.main.get_by_label("主持人、记录人已在纸质记录上签名").check()
    desk.press("保存")
    desk.press("办结")
    desk.sees("会议已办结。")


def elect(year: Year) -> None:
    """The members elect the secretary; the superior finds the result among what waits and approves it."""
    give_account(year)
    desk = plan(year, "支部党员大会", "2026-11-16", "选举支部书记")
    desk.sees("实到", "到会", "3 名", "列席", "1 名：演示联合丁")
    desk.follow("开始选举")
    desk.main.get_by_label("演示联合甲", exact=True).check()
    desk.fill({"监票人、计票人": "演示联合甲"})
    desk.press("开始选举")
    desk.sees("候选人不能担任监票人、计票人：演示联合甲。")
    desk.fill({"监票人、计票人": "演示联合乙、演示联合丙"})
    desk.press("开始选举")
    desk.follow("登记选举结果")
    desk.fill({"发出选票": "3", "收回选票": "3", "废票": "0", "演示联合甲：得票": "2"})
    desk.press("保存")
    desk.sees("待上级批复", "当选")
    desk.follow("会议页面")
    close(desk, "到会三名有选举权的党员，以无记名投票选举演示联合甲任支部书记。")
    head = year.people("dangwei")
    head.due("去批复", year.branch)
    head.follow("批复选举结果")
    head.fill({"批复文号": "滨社党〔2026〕2号", "批复日期": "2026-11-16"})
    head.press("批复")
    head.sees("已批复", "滨社党〔2026〕2号")
    lead = year.people("dangjian")
    lead.menu(APPLY)
    lead.follow(year.branch)
    lead.follow("登记备案")
    lead.press("保存")
    lead.follow("党支部页面")
    lead.sees("演示联合甲", "2029-11-16")
    assert lead.fact("批复文号") == "滨社党〔2026〕1号"


def transfer(year: Year) -> None:
    """Who is in dual affiliation agrees to move; the letter of his home branch is noted and accepted."""
    year.turn_to("2026-12-01")
    desk = year.people("lhshuji")
    desk.menu("党员名册")
    desk.follow("演示联合丁")
    desk.follow(re.compile("^组织关系"))
    desk.follow("变更阶段")
    expect(desk.main.get_by_label("日期", exact=True)).to_have_value("2026-12-01")
    desk.fill({"变更为": "转接中", "书面同意转入的日期": "2026-11-30"})
    desk.press("保存")
    desk.sees("双隶属阶段：转接中")
    desk.missing("组织关系止")
    desk.main.get_by_text("办理", exact=True).click()
    desk.follow("转接组织关系")
    expect(desk.main.get_by_label("转入后所在组织")).to_have_value(year.bodies[2])
    desk.press("保存")
    desk.follow("登记收到的介绍信")
    desk.fill({"开具日期": "2026-11-30", "有效期（天）": "91", "党费交至": "2026-11", "编号": "演社〔2026〕3号"})
    desk.fill({"开具介绍信的党委": "演示社区党委"})
    desk.press("保存")
    desk.sees("最长 90 日")
    desk.fill({"有效期（天）": "30"})
    desk.press("保存")
    assert (desk.fact("有效期至"), desk.fact("党费交至")) == ("2026-12-30", "2026-11")
    desk.follow("接收")
    desk.press("保存")
    desk.sees("已接收")
    desk.follow("党员资料")
    desk.follow(re.compile("^组织关系"))
    expect(desk.row("正式组织关系").first).to_contain_text(f"{year.branch}")
    lead = year.people("dangjian")
    lead.menu("双隶属转接进度")
    lead.sees("逐步转入率")


def meet(year: Year) -> None:
    """Each month a theme day; a text that is nearly last month's is shown before it is saved."""
    words = "与会党员学习党章，交流体会，明确下一步分工，讨论结对社区的志愿服务安排，会后清点物资。"
    for day, topic in (("2026-12-10", "学习党章"), ("2027-01-11", "敬老服务"), ("2027-02-10", "环湖清洁")):
        year.turn_to(day, 18)
        desk = plan(year, "主题党日", day, topic)
        desk.sees("实到", "4 名")
        if day < "2027-02":
            close(desk, f"{day}，{topic}。{words}" if day < "2027" else f"走访三户老人，{topic}。")
            continue
        desk.follow("会议记录")
        desk.main.get_by_label("会议记录", exact=True).fill(f"2026-12-10，学习党章。{words}")
        desk.press("保存")
        desk.sees("相同")
        desk.main.get_by_label("会议记录", exact=True).fill("清理湖岸两公里，分类装袋。")
        desk.main.get_by_label("主持人、记录人已在纸质记录上签名").check()
        desk.press("保存")
        desk.press("办结")
        desk.sees("会议已办结。")
    desk = year.people("lhshuji")
    desk.menu("本月组织生活")
    expect(desk.row("主题党日")).to_contain_text("1／1")
    expect(desk.row("支部委员会会议")).to_contain_text("不适用")


def step(desk: Desk, name: str, day: str, **more: str) -> None:
    desk.menu("发展党员")
    desk.follow("演示申请人丙")
    desk.follow(name)
    desk.fill({"日期": day, **more})
    desk.press("保存")


def decide(year: Year, day: str, matter: str, words: str) -> None:
    """The members' meeting of the day votes about a person on the way; the step rests on that vote."""
    desk = plan(year, "支部党员大会", day, "讨论发展党员")
    desk.follow("提交表决")
    desk.fill({"发展党员的事项": matter})
    desk.press("提交表决")
    desk.follow("登记表决结果")
    most = re.search(r"参加表决 (\d+) 名", desk.main.inner_text()).group(1)
    desk.fill({"赞成": most, "反对": "0", "弃权": "0"})
    desk.press("保存")
    desk.sees("通过")
    close(desk, words)


def cultivate(year: Year) -> None:
    """An application of his own, a talk, an activist with two contacts."""
    desk = year.people("lhshuji")
    desk.menu("发展党员")
    desk.follow("登记入党申请")
    if desk.main.get_by_role("link", name=year.branch).count():
        desk.follow(year.branch)
    desk.fill({"姓名": "演示申请人丙", "递交入党申请书的日期": "2027-02-10", "出生日期": "1996-03-08"})
    desk.press("保存")
    desk.sees("2027-03-10")
    step(desk, "2 派人谈话", "2027-02-11")
    desk.sees("日期：第 2 步“派人谈话”的日期 2027-02-11 晚于今天。")
    step(desk, "2 派人谈话", "2027-02-10")
    step(desk, "3 推荐和确定入党积极分子", "2027-02-10")
    desk.sees("须凭 2027-02-10 会议上关于本人的表决办理")
    decide(year, "2027-02-10", "演示申请人丙：3 推荐和确定入党积极分子", "党员推荐丙为积极分子，举手表决，一致同意。")
    step(desk, "3 推荐和确定入党积极分子", "2027-02-10")
    step(year.people("dangjian"), "4 上级党委备案", "2027-02-10")
    desk.menu("发展党员")
    desk.follow("演示申请人丙")
    desk.follow("5 指定培养联系人")
    for name in ("演示联合乙", "演示联合丙"):
        desk.main.get_by_label(name, exact=True).check()
    desk.press("保存")
    desk.sees("培养联系人", "2027-08-10", "自2027年2月10日起每 6 个月考察一次。")


def pay_dues(year: Year) -> None:
    """Bases signed by each member, the month reckoned, all paid: the rate holds for the whole base."""
    desk = year.people("lhshuji")
    for n, base in enumerate(("3000", "3000.01", "5000.01", "10000.01")):
        desk.menu("党费")
        desk.follow("党费基数")
        desk.follow("核定", within=desk.main.locator("tbody tr").nth(n))
        desk.fill({"党费基数（元）": base, "本人签字日期": "2027-02-10"})
        desk.press("保存")
    desk.menu("党费")
    if desk.main.get_by_role("button", name="核定本月党费").count():
        desk.press("核定本月党费")
    cells = " ".join(desk.main.locator("tbody tr").all_inner_texts())
    assert re.findall(r"\b\d+\.\d\d\b", cells) == ["15.00", "30.00", "75.00", "200.00"]
    desk.main.locator("thead").get_by_role("checkbox").check()
    desk.press("选中的已交")
    desk.sees("登记了 4 人已交党费。")
    desk.follow("全年情况")
    desk.sees("320.00 元")


def instruct(year: Year) -> None:
    """The lead sends an instructor with a letter; he visits, and what he asked for is done."""
    lead = year.people("dangjian")
    lead.menu("指导员")
    lead.follow("指派指导员")
    expect(lead.main.get_by_label("聘期止（当日有效）")).to_have_value("2028-02-09")
    lead.main.get_by_label("指导员或联络员").select_option(index=1)
    lead.fill({"联系组织": year.bodies[0], "聘书编号": "滨社工聘〔2027〕2号"})
    lead.press("保存")
    lead.sees(year.bodies[0], "2028-02-09")
    year.turn_to("2027-02-20", 15)
    visitor = year.people("zhidao")
    visitor.menu("我联系的组织")
    visitor.follow("记录走访", within=visitor.row(year.bodies[0]))
    visitor.press("保存")
    visitor.sees("看了什么：请勾选看了什么，或写明情况。")
    visitor.main.get_by_label("“三会一课”和主题党日记录").check()
    visitor.fill({"情况和问题": "按时开展主题党日。", "需要办理的事": "制度上墙", "办理期限": "2027-03-20"})
    visitor.press("保存")
    visitor.sees("走访已记录。", "滨社工聘〔2027〕2号", "没有缺口。")


def renew(desk: Desk, old: str, new: str) -> None:
    """A password of more than 90 days is changed before anything else."""
    desk.menu("待办")
    desk.sees("密码已超过 90 天，请更换后继续。")
    desk.fill({"当前密码": old, "新密码": new, "再输一次新密码": new})
    desk.press("修改密码")
    desk.sees("密码已修改")


def admit_on_the_day(year: Year) -> None:
    """A candidate for admission a year after he became an activist: refused the day before, done on the day."""
    desk = year.people("lhshuji")
    year.turn_to("2027-08-10")
    renew(desk, OWN[0], OWN[1])
    desk.due("办理", "演示申请人丙")
    desk.follow("6 培养教育考察")
    expect(desk.main.get_by_label("考察日期")).to_have_value("2027-08-10")
    desk.press("保存")
    desk.sees("已保存。")
    year.turn_to("2028-02-09")
    renew(desk, OWN[1], OWN[2])
    desk.menu("发展党员")
    desk.follow("演示申请人丙")
    desk.follow("6 培养教育考察")
    desk.fill({"结论": "基本具备条件"})
    desk.press("保存")
    desk.sees("2028-02-10")
    step(desk, "7 确定发展对象", "2028-02-09")
    desk.sees("日期：", "2028-02-10")
    quiet = number(year.board()["D 形式覆盖"])
    assert quiet >= 3  # no meeting in a quarter: covered on paper only
    year.turn_to("2028-02-10", 18)
    decide(year, "2028-02-10", "演示申请人丙：7 确定发展对象", "听取培养联系人和群众意见，讨论确定发展对象。")
    step(desk, "7 确定发展对象", "2028-02-10")
    desk.sees("已保存。", "8 报上级党委备案")
    after = year.board()
    assert number(after["D 形式覆盖"]) <= quiet
