"""The way through the pages: a round is planned and opened, a body applies, the office returns, a fourth is refused."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from liaoyuan.core.models import Area
from liaoyuan.funding.imports import budget
from liaoyuan.funding.models import BudgetLine, Need, Pool, Programme, Project, Round, RoundQuota
from tests.core.factories import user
from tests.funding import ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day", "shipped")]
TODAY = ground.TODAY


@pytest.fixture
def on_the_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", ground.AT.isoformat())


def post(client, page, /, *args, status=302, **fields):
    answer = client.post(reverse(f"funding:{page}", args=args), {k: v for k, v in fields.items() if v is not None})
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def lines(rows, start=0):
    """A formset's fields: `start` rows stood there before."""
    told = {"line-TOTAL_FORMS": len(rows), "line-INITIAL_FORMS": start}
    return told | {f"line-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def test_a_round_is_planned_and_opened(client, areas, office):
    client.force_login(office)
    post(client, "programme_new", name="滨湖区公益创投", code="320211-venture", host="滨湖区社会工作部（演示）")
    programme = Programme.objects.get()
    first = {"programme": programme.pk, "year": 2026, "place": "binhu", "opens_on": TODAY.isoformat()}
    there = post(client, "round_begin", **first)["Location"]
    page = client.get(there).text
    assert "无锡市滨湖区 公益创投" in page
    assert "专职" in page
    days = {"opens_on": TODAY, "closes_on": TODAY + timedelta(days=30), "runs_from": date(2027, 1, 1),
            "runs_to": date(2027, 12, 31)}  # fmt: skip
    assert client.post(there, {"title": "", **days}).status_code == 422
    wrong = {**days, "closes_on": TODAY - timedelta(days=1)}
    assert "早于前面的安排" in client.post(there, {"title": "2026 年公益创投", **wrong}).text
    assert client.post(there, {"title": "2026 年公益创投", **days}).status_code == 302
    row = Round.objects.get()
    page = post(client, "round_step", row.pk, "open", status=422)
    assert "请先写好征集公告" in page.text
    post(client, "round_change", row.pk, title=row.title, call="征集公益项目。", version=row.version, **days)
    page = post(client, "pool_new", row.pk, status=422, source="district", title="", ceiling_fen="")
    post(client, "pool_new", row.pk, source="district", title="区级财政", ceiling_fen="300万元")
    assert Pool.objects.get().ceiling_fen == 300_000_000
    quotas = lines([{"kind": "street", "value": "河埒街道", "least": 1, "most": 5}, {"kind": ""}])
    post(client, "round_quotas", row.pk, **quotas)
    assert RoundQuota.objects.get().most == 5
    post(client, "round_figure", row.pk, key="gv.max_apply", value="2", reason="滨社工〔2026〕5号会议纪要")
    page = post(client, "round_step", row.pk, "open", status=422)
    assert "还没有由第二人确认" in page.text
    client.force_login(user("kezhang", ("registry_head", "area", "320211")))
    post(client, "round_step", row.pk, "confirm")
    client.force_login(office)
    post(client, "round_step", row.pk, "open")
    row.refresh_from_db()
    assert (row.state, [r[1] for r in row.figures["rows"] if r[0] == "gv.max_apply"]) == ("open", [2])
    assert "申报中" in client.get(reverse("funding:round_list")).text


def test_needs_come_from_streets_and_are_published(client, areas, office, round_):
    client.force_login(user("jiedao", ("street_office", "area", "320211001")))
    heli, other = Area.objects.get(code="320211001004"), Area.objects.get(code="320211004001")
    told = {"title": "独居老人缺少陪伴", "origin": "community", "collected_on": TODAY.isoformat(), "persons": 40}
    page = post(client, "need_new", round_.pk, status=422, area=other.code, **told)
    assert "area" in page.text
    post(client, "need_new", round_.pk, area=heli.code, **told)
    need = Need.objects.get()
    assert client.post(reverse("funding:need_publish", args=[need.pk])).status_code == 403
    client.force_login(office)
    post(client, "need_publish", need.pk)
    need.refresh_from_db()
    assert need.state == "published"
    assert "独居老人缺少陪伴" in client.get(reverse("funding:need_list")).text


def sections(client, row, pay="40000", rent="60000"):
    """Fill in every section as a manager does, each by its page."""
    member = {"name": "演示甲", "role": "负责", "lead": "on", "full_time": "on", "percent": 30}
    told = {
        "basic": {"title": row.title, "field": "为老服务", "area": Area.objects.get(code="320211001").pk,
                  "starts_on": "2027-01-01", "ends_on": "2027-09-30"},
        "content": ground.TEXTS,
        "team": lines([member]),
        "plan": lines([{"period": "一季度", "content": "入户走访"}, {"period": "", "content": ""}]),
        "outcomes": lines([{"title": "服务人次", "unit": "人次", "target": 600}]),
        "risks": lines([{"title": "人手不足", "measure": "招募志愿者"}]),
        "budget": lines([
            {"budget_class": "B01", "title": "社工工资", "price_fen": pay, "quantity": "1", "times": 1},
            {"budget_class": "B06", "title": "场地", "price_fen": rent, "quantity": "1", "times": 1},
        ]),
    }  # fmt: skip
    for section, fields in told.items():
        row.refresh_from_db()
        post(client, "project_section", row.pk, section, version=row.version, **fields)
    row.refresh_from_db()


def applied(client, round_, manager, title, **told):
    client.force_login(manager)
    post(client, "project_new", round_.pk, title=title, organization=told.pop("organization"))
    row = Project.objects.get(title=title)
    sections(client, row, **told)
    return row


def test_a_body_applies_and_the_office_returns_it(client, round_, body, head, office):
    manager = ground.manager(body, "xiangmu")
    row = applied(client, round_, manager, "银发陪伴", organization=body.pk)
    page = client.get(reverse("funding:project_detail", args=[row.pk])).text
    assert "40.00" in page
    assert "由组织负责人登录确认" in page
    assert client.post(reverse("funding:project_certify", args=[row.pk])).status_code == 403
    client.force_login(head)
    post(client, "project_certify", row.pk)
    client.force_login(manager)
    post(client, "project_submit", row.pk)
    row.refresh_from_db()
    assert (row.state, row.number) == ("submitted", "2026-001")
    assert client.post(reverse("funding:project_section", args=[row.pk, "content"]), ground.TEXTS).status_code == 422
    client.force_login(office)
    due = (TODAY + timedelta(days=5)).isoformat()
    post(client, "project_return", row.pk, status=422, text="", due_on=due)
    post(client, "project_return", row.pk, text="请补充需求数据。", sections="content", due_on=due)
    client.force_login(manager)
    page = client.get(reverse("funding:project_detail", args=[row.pk])).text
    assert "请补充需求数据" in page
    assert "须补正" in page
    row.refresh_from_db()
    post(client, "project_section", row.pk, "content", version=row.version, **{**ground.TEXTS, "need": "走访 45 户。"})
    client.force_login(head)
    post(client, "project_certify", row.pk)
    post(client, "project_submit", row.pk)
    page = client.get(reverse("funding:project_revision", args=[row.pk, 2])).text
    assert "走访 45 户" in page
    assert "走访 30 户" in page
    assert client.get(reverse("funding:project_print", args=[row.pk])).status_code == 200


def test_the_share_of_pay_is_told_and_refused_to_the_fen(client, round_, body, head):
    row = applied(client, round_, head, "银发陪伴", organization=body.pk, pay="49000", rent="51000")
    assert "接近上限" in client.get(reverse("funding:project_detail", args=[row.pk])).text
    over = lines([
        {"budget_class": "B01", "title": "社工工资", "price_fen": "50000.01", "quantity": "1", "times": 1},
        {"budget_class": "B06", "title": "场地", "price_fen": "49999.99", "quantity": "1", "times": 1},
    ])  # fmt: skip
    post(client, "project_section", row.pk, "budget", version=row.version, **over)
    post(client, "project_certify", row.pk)
    page = post(client, "project_submit", row.pk, status=422).text
    assert "GV-BUD-01" in page
    assert "超过上限" in page
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_fourth_project_is_refused_and_a_copy_needs_no_typing(client, round_, body, head):
    client.force_login(head)
    for n in range(3):
        ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head)
    source = Project.objects.get(title="项目0")
    post(client, "project_new", round_.pk, title="项目四", organization=body.pk, copied_from=source.pk)
    row = Project.objects.get(title="项目四")
    assert (row.answers, row.total_fen, row.team.count()) == (source.answers, source.total_fen, 1)
    basic = {"title": "项目四", "field": "elderly", "area": row.area_id, "starts_on": "2027-01-01",
             "ends_on": "2027-09-30"}  # fmt: skip
    page = client.get(reverse("funding:project_detail", args=[row.pk])).text
    assert "GV-APP-01" in page
    post(client, "project_section", row.pk, "basic", status=422, version=row.version, **basic)
    post(client, "project_section", row.pk, "basic", version=row.version, **{**basic, "field": "为老服务"})
    post(client, "project_certify", row.pk)
    assert "GV-APP-01" in post(client, "project_submit", row.pk, status=422).text
    post(client, "project_withdraw", source.pk, reason="改报其他项目")
    post(client, "project_submit", row.pk)


def test_what_is_typed_is_kept_and_an_old_page_is_refused(client, round_, body, head):
    row = ground.written(round_, body, head)
    client.force_login(head)
    address = reverse("funding:project_keep", args=[row.pk, "content"])
    told = client.post(address, {**ground.TEXTS, "goals": "自动保存的目标。", "version": row.version}).json()
    assert told["version"] == row.version + 1
    row.refresh_from_db()
    assert row.answers["goals"] == "自动保存的目标。"
    late = client.post(address, {**ground.TEXTS, "version": row.version - 1})
    assert (late.status_code, "别人修改了" in late.json()["problem"]) == (409, True)
    page = post(client, "project_section", row.pk, "content", status=422, version=row.version - 1, **ground.TEXTS)
    assert "别人修改了这份申报书" in page.text


def test_a_budget_is_pasted_from_a_sheet(client, round_, body, head):
    row = ground.written(round_, body, head)
    client.force_login(head)
    sheet = "\n".join([
        "项目预算表", "科目\t明细\t单价（元）\t单位\t数量\t频次\t金额（元）\t资助资金（元）\t自筹配套（元）\t测算依据",
        "专职人员工资\t社工\t5,000\t月\t2\t4\t40,000.00\t40000\t\t每月", "B06\t场地\t1000\t次\t10\t1\t10000\t\t",
        "合计\t\t\t\t\t\t50000", "B07\t印刷\t12\t份\t100\t1\t1300", "看不懂\t其他\t1\t\t1\t1\t1",
    ])  # fmt: skip
    page = post(client, "project_paste", row.pk, status=200, text=sheet).text
    assert "读到 2 行，代替现在的 2 行" in page
    assert "第 6 行：金额 1300.00 元不等于单价×数量×频次 1200.00 元" in page
    assert "第 7 行：不认识科目" in page
    assert BudgetLine.objects.filter(project=row).count() == 2, "nothing is written before it is saved"
    assert "没有找到表头" in post(client, "project_paste", row.pk, status=422, text="你好").text


def test_who_sees_a_draft(client, areas, round_, body, head, office):
    row = ground.written(round_, body, head)
    address = reverse("funding:project_detail", args=[row.pk])
    other = ground.body("滨湖区乙示例服务中心", street=areas["heli"])
    for one, status in ((head, 200), (office, 404), (ground.head(other, "lingyijia"), 404)):
        client.force_login(one)
        assert client.get(address).status_code == status
    ground.submitted(row, head)
    client.force_login(office)
    assert client.get(address).status_code == 200


def test_the_office_fills_in_what_a_body_brings_on_paper(client, round_, body, office):
    client.force_login(office)
    assert "代填申报" in client.get(reverse("funding:round_detail", args=[round_.pk])).text
    there = post(client, "project_new", round_.pk, title="纸质申报", body=body.code, on_behalf="赵某，纸质材料")[
        "Location"
    ]
    assert client.get(there).status_code == 200
    row = Project.objects.get(title="纸质申报")
    sections(client, row)
    assert "请先由组织负责人确认" in post(client, "project_submit", row.pk, status=422).text
    post(client, "project_submit", row.pk, on_paper=TODAY.isoformat(), on_behalf="赵某，纸质材料", confirmed="on")
    row.refresh_from_db()
    assert (row.state, row.number, row.organization_id) == ("submitted", "2026-001", body.pk)


def test_another_office_user_does_not_see_a_draft_that_was_begun_for_a_body(client, round_, body, office):
    client.force_login(office)
    there = post(client, "project_new", round_.pk, title="纸质申报", body=body.code, on_behalf="赵某")["Location"]
    client.force_login(user("dengji", ("registry_officer", "area", "320211")))
    assert client.get(there).status_code == 404


def test_the_workbook_goes_out_and_comes_back(client, round_, body, head, tmp_path):
    row = ground.written(round_, body, head)
    client.force_login(head)
    book = b"".join(client.get(reverse("funding:project_budget_file", args=[row.pk])).streaming_content)
    path = tmp_path / "b.xlsx"
    path.write_bytes(book)
    told = budget.read_file(path)
    assert told.problems == []
    assert [(line["budget_class"], line["price_fen"], line["quantity"]) for line in told.lines] == [
        ("B01", 4_000_000, 100), ("B06", 6_000_000, 100),
    ]  # fmt: skip
    address = reverse("funding:project_paste", args=[row.pk])
    page = client.post(address, {"text": "", "file": SimpleUploadedFile("b.xlsx", book)}).text
    assert "读到 2 行" in page
    assert "损坏" in client.post(address, {"text": "", "file": SimpleUploadedFile("b.xlsx", book[:500])}).text
