"""The pages of experts and of review stages at the office: entered, tied, drawn, begun, talked over, closed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liaoyuan.core import registries
from liaoyuan.funding.actions import assigning, experts, scoring, stages
from liaoyuan.funding.actions import projects as writing
from liaoyuan.funding.models import (
    ExpertTie,
    GrantExpert,
    Project,
    Reading,
    ReviewStage,
    ScoreCard,
    ScoreSheet,
)
from liaoyuan.funding.queries import blind, ties
from liaoyuan.funding.queries import stages as queries
from tests.core.factories import AT, user
from tests.funding import ground
from tests.funding import ground_review as lay
from tests.people import factories as people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day", "shipped")]


@pytest.fixture
def on_the_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", ground.AT.isoformat())


@pytest.fixture
def chief(areas):
    return lay.chief()


@pytest.fixture
def bodies(areas):
    return lay.bodies(3, areas["heli"])


@pytest.fixture
def projects(round_, bodies, office):
    return lay.eligible(round_, bodies, office)


@pytest.fixture
def pool(areas, office, round_):
    return [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(6)]


@pytest.fixture
def stage(round_, projects, pool, office):
    return lay.staged(round_, pool, office)


def page(client, name, *args, status=200, query=""):
    answer = client.get(reverse(f"funding:{name}", args=args) + query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.text


def post(client, name, /, *args, status=302, **fields):
    answer = client.post(reverse(f"funding:{name}", args=args), {k: v for k, v in fields.items() if v is not None})
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def sheet(**changes):
    """The fields of the release's sheet, 100 points."""
    told = {
        f"item_{code}": points
        for code, points in {
            "need": 20,
            "goals": 10,
            "plan": 20,
            "novelty": 10,
            "team": 15,
            "budget": 15,
            "lasting": 5,
            "party": 5,
        }.items()
    }
    return {**told, "bonus_matching": 5, "tie0": "need", "tie1": "budget", **changes}


def test_an_expert_is_entered_changed_and_ended(client, areas, office):
    client.force_login(office)
    assert "还没有评审专家" in page(client, "expert_list")
    plain = user("putong", ("leadership", "area", "320211"))
    account = user("zhuanjia1", ("expert", "area", "320211"))
    text = page(client, "expert_new")
    assert f'value="{account.pk}"' in text
    assert f'value="{plain.pk}"' not in text
    assert "评估专家" in post(client, "expert_new", status=422, user=plain.pk, name="示例甲").text
    assert GrantExpert.objects.count() == 0
    post(client, "expert_new", user=account.pk, name="示例甲", employer="示例学院", specialities=["为老服务"])
    row = GrantExpert.objects.get()
    assert (row.area, row.user, row.specialities) == (areas["district"], account, ["为老服务"])
    assert f'value="{account.pk}"' not in page(client, "expert_new")
    post(client, "expert_change", row.pk, name="示例甲", employer="示例大学", specialities=["济困救助"], version=1)
    stale = post(client, "expert_change", row.pk, status=422, name="示例乙", employer="又一家", version=1).text
    assert "别人修改了这名专家" in stale
    assert "又一家" in stale
    text = page(client, "expert_list")
    assert "示例大学" in text
    assert "济困救助" in text
    row.refresh_from_db()
    post(client, "expert_end", row.pk, version=row.version)
    assert "示例大学" not in page(client, "expert_list")
    assert "示例大学" in page(client, "expert_list", query="?ended=ended")
    assert client.get(reverse("funding:expert_tie", args=[row.pk])).status_code == 200
    refused = post(client, "expert_tie", row.pk, status=422, kind="organizer").text
    assert "这名专家已停用" in refused


def test_ties_are_shown_with_their_source_and_bar(client, projects, areas, office, round_):
    first, second, third = projects
    expert = lay.expert(areas["district"], office, "zj", None)
    GrantExpert.objects.filter(pk=expert.pk).update(name="赵甲一")
    person = people.person(first.organization, "赵甲一")
    people.post(person, first.organization, start=date(2020, 1, 1), valid_to=date(2025, 3, 1))
    client.force_login(office)
    assert str(person.pk) in page(client, "expert_change", expert.pk)
    assert "没有登记或发现的关系" in page(client, "expert_detail", expert.pk)
    post(client, "expert_change", expert.pk, name="赵甲一", person=person.pk)
    post(client, "expert_tie", expert.pk, status=422, kind="", project=second.number)
    assert "没有编号为“2026-404”的项目" in post(client, "expert_tie", expert.pk, status=422, kind="training",
                                          project="2026-404").text  # fmt: skip
    assert "请写明与哪个组织" in post(client, "expert_tie", expert.pk, status=422, kind="relative").text
    post(client, "expert_tie", expert.pk, kind="training", project=second.number, note="暑期辅导")
    text = page(client, "expert_detail", expert.pk)
    for told in ("组织报的任职和用工", "2025-03-01 结束", "承办单位登记", "暑期辅导", "满 24 个月"):
        assert told in text
    barred = text[text.index("不能评审的项目") :]
    assert first.title in barred
    assert second.title in barred
    assert third.title not in barred
    tie = ExpertTie.objects.get()
    post(client, "tie_drop", tie.pk, status=422, reason="")
    post(client, "tie_drop", tie.pk, reason="写错了")
    assert "暑期辅导" not in page(client, "expert_detail", expert.pk)
    assert client.get(reverse("funding:tie_drop", args=[tie.pk])).status_code == 404


def test_a_namesake_bars_nobody_and_is_told(client, projects, areas, office, round_):
    expert = lay.expert(areas["district"], office, "zj", round_)
    GrantExpert.objects.update(name="演示甲")
    client.force_login(office)
    text = page(client, "expert_detail", expert.pk)
    assert "没有须回避的项目" in text
    assert "同名不等于须回避" in text
    assert all(row.title in text for row in projects)


def test_a_score_sheet_has_versions_and_adds_up(client, round_, office):
    client.force_login(office)
    assert "现在是 90 分" in post(client, "sheet_new", round_.pk, status=422, **sheet(item_need=10)).text
    wrong = post(client, "sheet_new", round_.pk, status=422, **sheet(item_need=10, own0_most=10)).text
    assert "要写名称和满分" in wrong
    post(client, "sheet_new", round_.pk, **sheet(), note="公告附件二")
    own = sheet(item_need=15, item_party="", own0_name="志愿服务", own0_most=10)
    post(client, "sheet_new", round_.pk, **own)
    first, second = ScoreSheet.objects.order_by("number")
    assert (first.items["need"], first.bonus, first.ties) == (20, {"matching": 5}, ["need", "budget"])
    assert (second.items["志愿服务"], sum(second.items.values()), "party" in second.items) == (10, 100, False)
    text = page(client, "round_review", round_.pk)
    assert "评分表第 2 版" in text
    assert "志愿服务" in text
    assert "以前的 1 版" in text
    assert 'value="志愿服务"' in page(client, "sheet_new", round_.pk)
    over = sheet(item_need=10, item_party=15)
    assert "党建引领一项最高" in post(client, "sheet_new", round_.pk, status=422, **over).text


def test_a_stage_from_plan_to_end(client, round_, projects, pool, areas, office, chief):
    client.force_login(office)
    fresh = lay.expert(areas["district"], office, "weiqian", None)
    text = page(client, "round_review", round_.pk)
    assert "已签署本届回避声明的 6 名" in text
    assert fresh.name in text
    post(client, "stage_new", round_.pk, status=422, kind="desk", readers="", weight=100)
    post(client, "stage_new", round_.pk, kind="desk", readers=3, weight=100, blind="on", seed="3141")
    stage = ReviewStage.objects.get()
    assert (stage.seed, stage.blind, stage.readers) == ("3141", True, 3)
    assert 'value="desk"' not in page(client, "stage_new", round_.pk)
    experts.record_tie(expert=pool[0], kind="training", project=projects[0], by=office, at=AT)
    text = page(client, "stage_detail", stage.pk)
    assert "3141" in text
    bars = text[text.index("须回避的") :]
    assert pool[0].name in bars
    assert projects[0].title in bars
    assert projects[1].title not in bars
    assert fresh.name not in page(client, "stage_draw", stage.pk)
    few = post(client, "stage_draw", stage.pk, status=422, experts=[pool[0].pk, pool[1].pk]).text
    assert "专家不够" in few
    assert "不在这个阶段" in post(client, "stage_draw", stage.pk, status=422, experts=[one.pk for one in pool],
                             numbers="2026-999").text  # fmt: skip
    post(client, "stage_draw", stage.pk, experts=[one.pk for one in pool[:3]], numbers=projects[1].number)
    assert set(Reading.objects.values_list("project", flat=True)) == {projects[1].pk}
    post(client, "stage_clear", stage.pk, status=422, reason="")
    post(client, "stage_clear", stage.pk, reason="增加专家")
    assert Reading.objects.standing().count() == 0
    post(client, "stage_draw", stage.pk, experts=[one.pk for one in pool])
    counts = [Reading.objects.standing().filter(expert=one).count() for one in pool]
    assert sum(counts) == 9
    assert max(counts) - min(counts) <= 1
    assert "每名专家 1 至 2 个项目" in page(client, "stage_detail", stage.pk)
    stage.refresh_from_db()
    stale = post(client, "stage_begin", stage.pk, status=422, version=stage.version - 1).text
    assert "别人修改了这个评审阶段" in stale
    post(client, "stage_begin", stage.pk, version=stage.version)
    assert {row.state for row in Project.objects.all()} == {"in_review"}
    refused = post(client, "stage_clear", stage.pk, status=422, reason="重来").text
    assert "只能逐个撤下专家" in refused
    items, _total = registries.due_sources["funding.stages"].items(user=office, on=ground.TODAY, limit=5)
    assert "还有 9 份评分没有签字" in items[0].title
    assert "还有 9 份评分没有签字" in post(client, "stage_close", stage.pk, status=422).text
    for reading in Reading.objects.standing().select_related("expert__user", "stage__round", "project"):
        lay.signed(reading)
    assert "结束评审" in page(client, "stage_detail", stage.pk)
    post(client, "stage_close", stage.pk)
    stage.refresh_from_db()
    assert stage.closed_at is not None
    assert ">80<" in page(client, "stage_project", stage.pk, projects[0].pk)


def test_points_stay_hidden_while_names_are(client, stage, projects, office, chief):
    reading = Reading.objects.select_related("expert__user", "stage__round").filter(project=projects[0]).first()
    lay.signed(reading, need=1234)
    card = ScoreCard.objects.get()
    assert card.total == 7634
    there = [("stage_detail", stage.pk), ("stage_projects", stage.pk), ("stage_project", stage.pk, projects[0].pk),
             ("round_review", stage.round_id)]  # fmt: skip
    for by in (office, chief):
        client.force_login(by)
        for told in there:
            text = page(client, *told)
            assert not any(words in text for words in ("76.34", "7634", "12.34", "1234")), told
    assert "承办看不到分数" in page(client, "stage_detail", stage.pk)
    ReviewStage.objects.update(blind=False)
    assert "76.34" in page(client, "stage_project", stage.pk, projects[0].pk)


def apart(stage, project):
    """Sheets of a project of which one lies far below the others."""
    rows = Reading.objects.filter(project=project).select_related("expert__user", "stage__round").order_by("pk")
    for n, reading in enumerate(rows):
        lay.signed(reading, **({"need": 0, "plan": 0} if n == 0 else {}))


def test_what_lies_far_apart_is_talked_over(client, stage, projects, pool, office):
    apart(stage, projects[0])
    client.force_login(office)
    text = page(client, "stage_detail", stage.pk)
    assert "待讨论" in text
    assert "相差" not in text
    text = page(client, "stage_project", stage.pk, projects[0].pk)
    assert "相差超过 20 分" in text
    assert "没有超过规定" in post(client, "stage_discuss", stage.pk, projects[1].pk, status=422, note="都好").text
    post(client, "stage_discuss", stage.pk, projects[0].pk, status=422, note="")
    reads = set(Reading.objects.filter(project=projects[0]).values_list("expert", flat=True))
    (third,) = [one for one in pool if one.pk not in reads]
    form = page(client, "stage_discuss", stage.pk, projects[0].pk)
    assert f'value="{third.pk}"' in form
    assert not any(f'<option value="{key}"' in form for key in reads)
    post(client, "stage_discuss", stage.pk, projects[0].pk, note="甲认为需求不足。", expert=third.pk)
    assert Reading.objects.get(project=projects[0], expert=third).role == "further"
    text = page(client, "stage_project", stage.pk, projects[0].pk)
    assert "甲认为需求不足。" in text
    assert "复评专家" in text
    assert "已讨论" in page(client, "stage_detail", stage.pk)


def test_a_spread_that_was_not_talked_over_is_confirmed_to_close(client, stage, projects, office):
    apart(stage, projects[0])
    for row in projects[1:]:
        for reading in Reading.objects.filter(project=row).select_related("expert__user", "stage__round"):
            lay.signed(reading)
    client.force_login(office)
    assert projects[0].title in page(client, "stage_close", stage.pk)
    assert "评分差距没有讨论" in post(client, "stage_close", stage.pk, status=422).text
    post(client, "stage_close", stage.pk, confirmed="on")
    assert "相差 32 分" in page(client, "stage_detail", stage.pk)


def test_readers_are_changed_by_hand_and_sheets_annulled(client, stage, projects, pool, office, chief):
    row = projects[0]
    client.force_login(office)
    reading = Reading.objects.filter(project=row).select_related("expert__user", "stage__round").first()
    post(client, "reading_end", reading.pk, status=422, reason="")
    post(client, "reading_end", reading.pk, reason="专家生病")
    text = page(client, "stage_project", stage.pk, row.pk)
    assert "专家生病" in text
    assert client.get(reverse("funding:reading_end", args=[reading.pk])).status_code == 404
    (free,) = [one for one in pool if not Reading.objects.filter(project=row, expert=one).exists()]
    post(client, "reading_add", stage.pk, row.pk, expert=free.pk)
    assert Reading.objects.standing().filter(project=row, expert=free).count() == 1
    text = post(client, "reading_add", stage.pk, row.pk, status=422, expert=free.pk).text
    assert "expert" in text
    other = Reading.objects.standing().filter(project=row).select_related("expert__user", "stage__round").first()
    lay.signed(other)
    card = ScoreCard.objects.get()
    refused = post(client, "reading_end", other.pk, status=422, reason="换人").text
    assert "须先写明理由作废" in refused
    assert client.get(reverse("funding:card_annul", args=[card.pk])).status_code == 403
    client.force_login(chief)
    assert reverse("funding:card_annul", args=[card.pk]) in page(client, "stage_project", stage.pk, row.pk)
    post(client, "card_annul", card.pk, status=422, reason="")
    post(client, "card_annul", card.pk, reason="评错项目", version=card.version)
    assert "评错项目" in page(client, "stage_project", stage.pk, row.pk)
    assert client.get(reverse("funding:stage_draw", args=[stage.pk])).status_code == 403


def test_names_in_texts_are_told_to_the_office_and_hidden_from_experts(client, round_, areas, office, pool):
    body = ground.body("滨湖区红梅示例服务中心", street=areas["heli"])
    head = ground.head(body, "hongmei")
    row = ground.written(round_, body, head, title="夕阳相伴")

    writing.save_texts(
        project=row, values={**ground.TEXTS, "method": "由红梅示例服务中心的演示甲入户。"}, by=head, at=AT
    )
    row.refresh_from_db()
    row = lay.passed(ground.submitted(row, head), office)
    stage = lay.staged(round_, pool, office)
    client.force_login(office)
    for text in (page(client, "stage_leaks", stage.pk), page(client, "stage_project", stage.pk, row.pk)):
        assert "<mark>红梅示例服务中心</mark>" in text
        assert "<mark>演示甲</mark>" in text
    reading = Reading.objects.select_related("expert").first()
    (seen,) = blind.of_readings([reading])
    told = "".join(field.text for field in seen.fields) + seen.label
    assert not any(word in told for word in ("红梅", "演示甲", body.code, row.number))
    assert blind.leaks(stage) == {row.pk: seen.leaks}


def test_experts_and_others_stay_outside(client, stage, projects, areas, pool):
    expert = pool[0]
    names = [("expert_list",), ("expert_detail", expert.pk), ("round_review", stage.round_id),
             ("stage_detail", stage.pk), ("stage_projects", stage.pk), ("stage_project", stage.pk, projects[0].pk),
             ("stage_leaks", stage.pk), ("round_eligibility", stage.round_id),
             ("project_eligibility", projects[0].pk), ("project_detail", projects[0].pk)]  # fmt: skip
    client.force_login(expert.user)
    for told in names:
        page(client, *told, status=403)
    client.force_login(user("andere", ("grants_office", "area", "320213")))
    assert expert.name not in page(client, "expert_list")
    for told in names[1:]:
        page(client, *told, status=404)


def test_pages_cost_no_more_for_more(client, round_, areas, office):
    bodies = lay.bodies(5, areas["heli"])
    experts_ = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(3)]
    few = lay.eligible(round_, bodies[:1], office)
    stage = stages.plan(round_=round_, readers=3, by=office, at=AT)
    assigning.assign(stage=stage, drawn=experts_, by=office, at=AT)
    stages.begin(stage=stage, by=office, at=AT)
    client.force_login(office)
    person = people.person(few[0].organization, "赵甲一")
    GrantExpert.objects.filter(pk=experts_[0].pk).update(person=person)
    there = [("expert_list",), ("expert_detail", experts_[0].pk), ("round_review", round_.pk),
             ("stage_detail", stage.pk), ("stage_projects", stage.pk), ("stage_project", stage.pk, few[0].pk),
             ("stage_leaks", stage.pk), ("stage_draw", stage.pk)]  # fmt: skip

    def counted():
        found = {}
        for told in there:
            page(client, *told)
            with CaptureQueriesContext(connection) as asked:
                page(client, *told)
            found[told[0]] = len(asked)
        return found

    scoring.save(reading=Reading.objects.select_related("expert__user").first(), points=lay.SHEET,
                 by=Reading.objects.first().expert.user, at=AT)  # fmt: skip
    before = counted()
    more = lay.eligible(round_, bodies[1:], office)
    experts_ += [lay.expert(areas["district"], office, f"zk{n}", round_) for n in range(4)]
    for n, row in enumerate(more):
        experts.record_tie(expert=experts_[n], kind="training", project=row, by=office, at=AT)
    assigning.assign(stage=stage, drawn=[GrantExpert.objects.get(pk=one.pk) for one in experts_], by=office, at=AT)
    stages.begin(stage=stage, by=office, at=AT)
    assert counted() == before


def test_ties_of_many_are_those_of_each(round_, projects, pool, areas, office):
    both = user("jian", ("expert", "area", "320211"), ("grants_office", "area", "320211"))
    pool = [*pool, experts.enter(area=areas["district"], user=both, name="专家兼", by=office, at=AT)]
    person = people.person(projects[0].organization, "赵甲一")
    people.employment(person, projects[0].organization)
    GrantExpert.objects.filter(pk=pool[1].pk).update(person=person)
    experts.record_tie(expert=pool[2], kind="contract", organization=projects[1].organization, by=office, at=AT)
    rows = list(GrantExpert.objects.select_related("user", "person").order_by("pk"))
    many = ties.of_many(rows, round_, ground.TODAY)
    assert many == {row.pk: ties.of(row, round_, ground.TODAY) for row in rows}
    barred = {(one.expert.pk, one.project.pk) for one in ties.barred(rows, projects, round_, ground.TODAY)}
    every = {(pool[n].pk, row.pk) for n in (1, 6) for row in projects}
    assert barred == every | {(pool[2].pk, projects[1].pk)}


def test_points_are_written_as_people_do():
    assert [queries.points(n) for n in (0, 5, 50, 8000, 8050, 7634)] == ["0", "0.05", "0.5", "80", "80.5", "76.34"]
