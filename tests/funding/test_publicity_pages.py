"""公示 through the pages: drafted, looked at as the public will, published by another, taken down, then approved."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from liaoyuan.core import registries
from liaoyuan.core.models import Document
from liaoyuan.funding.actions import objections, ranking, selecting, stages
from liaoyuan.funding.models import AwardLine, AwardList, Project, Reading
from liaoyuan.funding.queries import awards
from tests.core.factories import AT
from tests.funding import granting, ground
from tests.funding import ground_review as lay
from tests.funding.paging import NAME, PHONE, address, at, look, post, statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "shipped")]
WAN = granting.WAN


@pytest.fixture
def today(monkeypatch):
    at(monkeypatch, AT)
    cache.clear()


@pytest.fixture
def listed(desk, round_, proposed):
    return granting.listed(desk, round_, [(proposed, 8 * WAN)])


def due(code, who, on=ground.TODAY):
    items, total = registries.due_sources[f"funding.{code}"].items(user=who, on=on, limit=20)
    assert total == len(items)
    return [item.title for item in items]


def drafted(client, round_, project, **told):
    fields = {"title": "2026 年拟立项公示", "text": "经评审，拟立项。", "receiver": "社会组织科", "mail": "a@b.example",
              "box": "河埒口信箱", f"take_{project.pk}": "on", f"fen_{project.pk}": "80000", **told}  # fmt: skip
    return post(client, "award_new", round_.pk, status=told.pop("status", 302), **{
        k: v for k, v in fields.items() if k != "status"})  # fmt: skip


def test_a_list_is_drafted_seen_as_the_public_will_and_published_by_another(client, desk, round_, proposed):
    client.force_login(desk.officer)
    page = look(client, "award_list", round_.pk)
    assert "银发陪伴" in page and "100,000.00" in page and "起草公示名单" in page
    assert 'value="100,000.00"' in look(client, "award_new", round_.pk) or 'value="100000.00"' in look(
        client, "award_new", round_.pk
    )
    assert due("lists", desk.host) == []
    drafted(client, round_, proposed)
    row = AwardList.objects.get()
    assert row.channel == "邮箱 a@b.example；信箱 河埒口信箱"
    page = look(client, "award_detail", row.pk)
    assert "公众将看到的内容" in page and "2026年11月2日" in page and "80,000.00" in page
    assert "由起草人以外" in page and "发文机关没有登记电话" in page
    assert client.get(address("portal:award", row.pk)).status_code == 404
    assert client.post(address("award_publish", row.pk)).status_code == 403
    assert due("lists", desk.host) == ["“2026 年拟立项公示”待发布公示"] and due("lists", desk.officer) == []
    client.force_login(desk.host)
    post(client, "award_publish", row.pk)
    row.refresh_from_db()
    assert (row.state, row.closes_on.isoformat()) == ("published", "2026-11-02")
    page = look(client, "award_detail", row.pk)
    assert "公示中，还剩 7 天" in page
    # The public reads the very same words.
    client.logout()
    shown = look(client, "portal:award", row.pk)
    for words in ("银发陪伴", "80,000.00", "社会组织科", "a@b.example", "河埒口信箱", "2026年11月2日", "可以不署名"):
        assert words in page and words in shown, words
    assert "2026 年拟立项公示" in look(client, "portal:notice_list")
    assert "演示甲" not in shown and "fuze" not in shown


def test_what_cannot_be_published_is_told_in_words_and_nothing_is_lost(client, desk, round_, proposed, body, head):
    client.force_login(desk.officer)
    page = drafted(client, round_, proposed, text="咨询 13912345678", status=422).content.decode()
    assert "不能有手机号" in page and "咨询 13912345678" in page and "河埒口信箱" in page
    page = drafted(client, round_, proposed, status=422, **{f"fen_{proposed.pk}": "100000.01"}).content.decode()
    assert "不超过申请的 100,000.00 元" in page
    page = drafted(client, round_, proposed, status=422, **{f"take_{proposed.pk}": None}).content.decode()
    assert "请选择拟立项的项目" in page
    page = drafted(client, round_, proposed, status=422, **{f"fen_{proposed.pk}": ""}).content.decode()
    assert "请填写“银发陪伴”的拟资助金额" in page
    assert not AwardList.objects.exists()
    for nobody, status in ((head, 403), (desk.finance, 403), (desk.host, 403)):
        client.force_login(nobody)
        assert client.get(address("award_new", round_.pk)).status_code == status
    client.force_login(head)
    assert client.get(address("award_list", round_.pk)).status_code == 403


def test_a_list_with_a_mistake_is_taken_down_with_a_reason(client, desk, round_, proposed, listed):
    client.force_login(desk.officer)
    page = look(client, "award_withdraw", listed.pk, status=302)
    client.force_login(desk.host)
    page = post(client, "award_withdraw", listed.pk, reason="", status=422).content.decode()
    assert "撤下公示" in page
    post(client, "award_withdraw", listed.pk, reason="金额有误")
    assert granting.project(proposed).state == "proposed"
    assert "金额有误" in look(client, "award_detail", listed.pk)
    client.logout()
    assert client.get(address("portal:award", listed.pk)).status_code == 404
    client.force_login(desk.officer)
    drafted(client, round_, proposed)
    draft = AwardList.objects.get(state="draft")
    post(client, "award_withdraw", draft.pk, reason="重写")
    draft.refresh_from_db()
    assert draft.state == "withdrawn"


def test_projects_are_approved_after_the_days_and_without_open_objections(
    client, monkeypatch, desk, round_, proposed, body, head
):
    other = granting.proposed(round_, body, head, title="邻里议事")
    listed = granting.listed(desk, round_, [(proposed, 8 * WAN), (other, 5 * WAN)])
    first, second = listed.lines.order_by("position")
    client.force_login(desk.officer)
    page = post(client, "approval_new", listed.pk, line=[first.pk], status=422).content.decode()
    assert "期满后才能" in page
    objection = objections.lodge(award_list=listed, line=second, kind="facts", text="申报内容与事实不符。",
                                 anonymous=True, by=None, at=AT)  # fmt: skip
    over = granting.over(listed)
    at(monkeypatch, over)
    on = granting.day(over)
    page = look(client, "award_detail", listed.pk)
    assert "公示期满" in page and "1 件异议待答复" in page
    assert due("approvals", desk.officer, on) == ["“2026 年拟立项公示”公示期满，待起草立项批复"]
    page = post(client, "approval_new", listed.pk, line=[first.pk, second.pk], status=422).content.decode()
    assert "“邻里议事”还有 1 件异议没有答复" in page
    post(client, "approval_new", listed.pk, status=422)
    post(client, "approval_new", listed.pk, line=[first.pk])
    document = Document.objects.get(code="award_approval")
    assert due("approving", desk.host, on) == ["“2026 年拟立项公示”的立项批复待签发"]
    assert due("approvals", desk.officer, on) == [], "the other one is held back by its objection"
    assert client.post(address("approval_sign", document.pk)).status_code == 403
    post(client, "approval_drop", document.pk, reason="名称有误")
    assert AwardLine.objects.get(pk=first.pk).approval_id is None
    post(client, "approval_new", listed.pk, line=[first.pk])
    document = Document.objects.get(code="award_approval", state="draft")
    client.force_login(desk.host)
    post(client, "approval_sign", document.pk)
    assert Project.objects.get(pk=proposed.pk).state == "approved"
    assert Project.objects.get(pk=other.pk).state == "published"
    page = look(client, "award_detail", listed.pk)
    assert "已立项" in page
    answer = client.get(address("letter", document.pk, "pdf"))
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"
    client.force_login(head)
    assert client.get(address("letter", document.pk, "pdf")).status_code == 404
    page = look(client, "project_publicity", proposed.pk)
    assert "已立项" in page and "80,000.00" in page
    assert "件异议" not in page
    page = look(client, "project_publicity", other.pk)
    assert "申报内容不实" in page and "申报内容与事实不符" not in page, "that there is one, not its words"
    assert objection.pk


def test_nothing_of_a_practice_round_is_shown_to_the_public(client, desk, round_, listed):
    assert look(client, "portal:award", listed.pk)
    round_.practice = True
    round_.save()
    assert client.get(address("portal:award", listed.pk)).status_code == 404
    assert "拟立项公示" not in look(client, "portal:notice_list")


def test_the_page_is_gone_when_the_days_are_over(client, monkeypatch, desk, listed):
    at(monkeypatch, granting.over(listed) - timedelta(seconds=1))
    assert "今天最后一天" in look(client, "portal:award", listed.pk)
    at(monkeypatch, granting.over(listed))
    assert client.get(address("portal:award", listed.pk)).status_code == 404
    assert client.get(address("portal:award_object", listed.pk)).status_code == 404


def test_pages_take_the_same_statements_however_many_projects_and_lists(client, desk, round_, body, head, listed):
    def everything():
        told = []
        client.force_login(desk.officer)
        told += [statements(client, page, key) for page, key in (
            ("award_list", round_.pk), ("award_detail", listed.pk), ("objection_list", round_.pk),
            ("award_new", round_.pk))]  # fmt: skip
        client.logout()
        return [*told, statements(client, "portal:award", listed.pk), statements(client, "portal:notice_list")]

    other = granting.proposed(round_, body, head, title="甲项目")
    granting.listed(desk, round_, [(other, WAN)])
    objections.lodge(award_list=listed, kind="facts", text="不实内容一处。", anonymous=True, by=None, at=AT)
    held = ground.body("滨湖区丁示例服务中心")
    granting.proposed(round_, held, ground.head(held, "ding"), title="乙项目")
    before = everything()
    for number in range(2):
        held = ground.body(f"滨湖区戊{number}示例服务中心")
        one = ground.head(held, f"h{number}")
        granting.proposed(round_, held, one, title=f"项目{number}")
        granting.listed(desk, round_, [(granting.proposed(round_, held, one), WAN)])
        objections.lodge(award_list=listed, line=listed.lines.get(), kind="facts", text="不实内容一处。",
                         objector=NAME, contact=PHONE, by=None, at=AT)  # fmt: skip
    assert everything() == before


def test_the_reserve_stands_in_the_order_of_the_ranking_with_decided_amounts(client, desk, round_, areas, office):
    """Three projects of 10 万; the first gets 7 万, the others wait, the better one first."""
    projects = lay.eligible(round_, lay.bodies(3, areas["heli"]), office)
    pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(5)]
    stage = lay.staged(round_, pool, office)
    for row in Reading.objects.select_related("expert__user", "project"):
        lay.signed(row, need=2000 - 100 * projects.index(row.project))
    stages.close(stage=stage, by=office, at=AT)
    ranking.rank(round_=round_, by=office, at=AT)
    selecting.select(round_=round_, by=office, at=AT)
    selecting.decide(project=projects[0], outcome="proposed", amount_fen=7 * WAN, by=desk.host, at=AT)
    for row in (projects[2], projects[1]):
        selecting.decide(project=row, outcome="reserve", reason="资金不够。", by=desk.host, at=AT)
    assert [(one.place, one.project.pk) for one in awards.reserve(round_)] == [(2, projects[1].pk), (3, projects[2].pk)]
    assert [one.fen for one in awards.proposed(round_)] == [7 * WAN]
    client.force_login(desk.officer)
    page = look(client, "award_list", round_.pk)
    assert page.index("第 2 名") < page.index("第 3 名") and "70,000.00" in page and "候补" in page
    assert "70,000.00" in look(client, "award_new", round_.pk)
