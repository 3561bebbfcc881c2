"""The expert's desk: the declaration comes first, blind means blind on every page and in every file, sheets save
themselves, a stale page is refused with both texts, what is signed is locked, nobody else gets in.
"""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liaoyuan.core.queries import due
from liaoyuan.funding.actions import scoring, stages
from liaoyuan.funding.models import (
    BudgetLine,
    ExpertDeclaration,
    ExpertTie,
    Project,
    Reading,
    ReviewStage,
    Round,
    ScoreCard,
    TeamMember,
)
from liaoyuan.funding.queries import desk as queries
from liaoyuan.funding.queries import due_desk
from liaoyuan.funding.rules import remarks
from liaoyuan.funding.rules.similarity import plain
from liaoyuan.kit.sheets.reading import open_table
from tests.core.factories import AT
from tests.funding import ground
from tests.funding import ground_review as lay
from tests.funding.test_blind import NAME, assert_blind, body, sown

__all__ = ["body"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
#: A whole sheet as a form posts it, 80 points.
POSTED = {f"item-{code}": str(given / 100) for code, given in lay.SHEET.items()}


@pytest.fixture
def on_the_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", AT.isoformat())


@pytest.fixture
def stage(round_, body, areas, office):
    """One project full of names and one without, read by two experts each; the round's figures are the release's."""
    head = ground.head(body, "fuze")
    told = lay.passed(ground.submitted(ground.written(round_, body, head), head), office)
    sown(Project.objects.get(pk=told.pk), 7)
    lay.eligible(round_, lay.bodies(1, areas["heli"]), office)
    pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(2)]
    return lay.staged(round_, pool, office, readers=2)


@pytest.fixture
def reading(stage, body):
    return Reading.objects.filter(project__organization=body).select_related("expert__user", "project").first()


@pytest.fixture
def desk(client, reading):
    """The browser of the reader."""
    client.force_login(reading.expert.user)
    return client


def at(page, reading, *more):
    return reverse(f"funding:{page}", args=[reading.stage_id, reading.label, *more])


def text_of(answer):
    """Everything that reaches the reader: page with its addresses, or all parts of a workbook and the file's name."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = " ".join(f"{name}: {value}" for name, value in answer.items())
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return heads + "".join(part + book.read(part).decode("utf-8") for part in book.namelist())
    return heads + body.decode("utf-8")


def test_blind_means_blind_everywhere(desk, stage, reading):
    """Every page, every refusal, every file of an expert, for a project whose texts are strewn with names."""
    project = reading.project
    TeamMember.objects.create(project=project, position=9, name="演示甲", role="负责")
    line = BudgetLine.objects.filter(project=project).first()
    BudgetLine.objects.filter(pk=line.pk).update(title="彩虹桥老师讲课费", basis="付给欧阳三七，13987654321")
    other = reverse("funding:desk_declare", args=[stage.round_id])
    answers = [
        desk.get(reverse("funding:desk")), desk.get(f"{reverse('funding:desk')}?stage={stage.pk}"), desk.get(other),
        desk.get(at("desk_sheet", reading)), desk.get(at("desk_aside", reading)), desk.get(at("desk_sign", reading)),
        desk.post(at("desk_sheet", reading), {**POSTED, "item-need": "99", "version": "0"}),
        desk.post(at("desk_keep", reading), {**POSTED, "comment": "好", "version": "0"}),
        desk.post(at("desk_sheet", reading), {**POSTED, "version": "0"}),  # stale by now
        desk.post(at("desk_sign", reading), {"version": "99"}), desk.post(at("desk_aside", reading), {}),
        desk.post(at("desk_sign", reading), {"version": "1"}, follow=True), desk.get(at("desk_sheet", reading)),
        desk.get(reverse("funding:desk_materials", args=[stage.pk])),
        desk.get(reverse("funding:desk_own_sheets", args=[stage.pk])), desk.get("/todo/"), desk.get("/"),
        desk.get(reverse("funding:project_detail", args=[project.pk])),
        desk.get(reverse("funding:project_print", args=[project.pk])),
        desk.get(reverse("funding:round_detail", args=[stage.round_id])),
        desk.get("/search/?q=彩虹"), desk.get("/notices/"), desk.get("/account/"),
    ]  # fmt: skip
    statuses = [answer.status_code for answer in answers]
    assert statuses[:16] == [200, 200, 200, 200, 200, 200, 422, 200, 422, 422, 422, 200, 200, 200, 200, 200], statuses
    assert {answer.status_code for answer in answers[17:20]} == {403}
    for answer in answers:
        text = text_of(answer).replace("/search/?q=", "").replace('value="彩虹"', "").replace("“彩虹”", "")
        assert_blind(text, project)
        assert project.number not in text
        assert str(project.submitted_at.date()) not in re.sub(r'"version".*', "", text) or project.submitted_at == AT
    for label in (reading.label, "〔隐去〕"):
        assert label in text_of(answers[3])
    title = re.search(r"<title>(.*?)</title>", text_of(answers[3]), re.DOTALL)[1]
    assert reading.label in title
    assert str(project.pk) not in at("desk_sheet", reading).replace(str(stage.pk), "")


def test_what_is_read_is_whole_without_the_names(desk, stage, reading):
    page = desk.get(at("desk_sheet", reading)).text
    assert "为老人服务" in page
    assert "单位简介" not in page
    for words in ("100,000.00", "40,000.00", "需求与针对性", "0–20", "配套资金", "预算的规则核查", "实施计划"):
        assert words in page, words
    assert "项目团队" in page


@pytest.mark.usefixtures("shipped")
def test_the_rules_of_the_budget_are_shown_to_the_reader(desk, stage, reading):
    project = reading.project
    assert "没有问题" in desk.get(at("desk_sheet", reading)).text
    BudgetLine.objects.filter(project=project, budget_class="B01").update(
        price_fen=70_000_00, amount_fen=70_000_00, grant_fen=70_000_00, title="彩虹桥社工工资"
    )
    Project.objects.filter(pk=project.pk).update(share_num=0, share_den=0, pay_fen=70_000_00)
    page = desk.get(at("desk_sheet", reading)).text
    assert "GV-BUD-01" in page
    assert "彩虹桥" not in plain(page)


def test_a_declaration_comes_before_the_names(desk, stage, reading, round_):
    ExpertDeclaration.objects.filter(expert=reading.expert).delete()
    there = reverse("funding:desk_declare", args=[round_.pk])
    assert desk.get(at("desk_sheet", reading))["Location"] == there
    assert "签署回避声明" in desk.get(reverse("funding:desk")).text
    lines = {"line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0", "line-0-kind": "", "line-0-organization": ""}
    assert "请核对后勾选" in desk.post(there, lines).text
    wrong = desk.post(there, {**lines, "agreed": "on", "line-0-kind": "relative", "line-0-organization": ""})
    assert (wrong.status_code, "请写明是哪个组织" in wrong.text) == (422, True)
    body = Project.objects.exclude(pk=reading.project_id).get().organization
    told = {**lines, "agreed": "on", "line-0-kind": "relative", "line-0-organization": body.code}
    assert desk.post(there, told).status_code == 302
    tie = ExpertTie.objects.get()
    assert (tie.organization, tie.source, tie.expert) == (body, "declared", reading.expert)
    assert "您已于" in desk.get(there).text
    assert (desk.post(there, told).status_code, ExpertTie.objects.count()) == (422, 1)
    assert desk.get(at("desk_sheet", reading)).status_code == 200


def test_a_sheet_saves_itself_and_says_when(desk, reading):
    first = desk.post(at("desk_keep", reading), {"item-need": "18.5", "item-plan": "", "version": "0"}).json()
    assert first == {"version": 1, "shown": {"total": "18.5", "given": "1"}, "saved": first["saved"],
                     "said": f"已保存 {first['saved']}"}  # fmt: skip
    assert re.fullmatch(r"\d\d:\d\d", first["saved"])
    again = desk.post(
        at("desk_keep", reading), {**POSTED, "amount_fen": "8万元", "comment": "需求清楚。", "version": "1"}
    )
    assert again.json()["shown"] == {"total": "80", "given": "8"}
    card = ScoreCard.objects.get()
    assert dict(card.scores.values_list("item", "hundredths")) == lay.SHEET
    assert card.remark == remarks.Remark(80_000_00, "需求清楚。")
    page = desk.get(at("desk_sheet", reading)).text
    assert re.search(r'name="amount_fen" value="80,?000(\.00)?"', page)
    assert "需求清楚。" in page
    for wrong in ({"item-need": "20.01"}, {"item-need": "-1"}, {"item-need": "x"}, {"amount_fen": "100000.01"}):
        answer = desk.post(at("desk_keep", reading), {**POSTED, **wrong, "version": "2"})
        assert (answer.status_code, bool(answer.json()["problem"])) == (422, True), wrong
    emptied = desk.post(at("desk_keep", reading), {**POSTED, "item-need": "", "version": "2"}).json()
    assert (emptied["version"], emptied["shown"]["given"]) == (3, "7")


def test_the_list_tells_how_far_each_reading_is(desk, stage, reading):
    others = Reading.objects.exclude(expert=reading.expert).select_related("expert__user")
    for row in others:
        lay.signed(row)
    rows = {row.label: row for row in queries.readings(reading.expert.user)}
    assert len(rows) == 2
    for row in rows.values():
        assert (row.points, row.given, row.card_state) == (None, None, None)
        assert queries.progress(row)[1] == "还没有打分"
    scoring.save(reading=reading, points={"need": 1850, "plan": 100}, by=reading.expert.user, at=AT)
    found = queries.readings(reading.expert.user).get(label=reading.label)
    assert (found.points, found.given, queries.progress(found)[1]) == (1950, 2, "已打 2 项")
    lay.signed(reading)
    scoring.annul(card=ScoreCard.objects.get(reading=reading), reason="评错了。", by=lay.chief(), at=AT)
    scoring.save(reading=reading, points={"need": 300}, by=reading.expert.user, at=AT)
    found = queries.readings(reading.expert.user).get(label=reading.label)
    assert (found.points, found.given, queries.left(found)) == (300, 1, True)


def test_a_stale_page_is_refused_with_both_texts_kept(desk, reading):
    first = {**POSTED, "item-need": "18", "comment": "甲窗口的评语", "version": "0"}
    assert desk.post(at("desk_keep", reading), first).json()["version"] == 1
    late = {**POSTED, "item-need": "12", "comment": "乙窗口的评语", "version": "0"}
    refused = desk.post(at("desk_keep", reading), late)
    assert (refused.status_code, "别的窗口" in refused.json()["problem"]) == (409, True)
    page = desk.post(at("desk_sheet", reading), late)
    assert page.status_code == 422
    for text in ("甲窗口的评语", "乙窗口的评语", "这里 12；已保存的 18", 'value="12"'):
        assert text in page.text, text
    assert ScoreCard.objects.get().comment == "甲窗口的评语"
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    assert desk.post(at("desk_sheet", reading), {**late, "version": version}).status_code == 302
    assert ScoreCard.objects.get().comment == "乙窗口的评语"


def test_what_is_signed_is_locked_until_it_is_annulled(desk, reading, areas):
    desk.post(at("desk_sheet", reading), {**POSTED, "item-need": "", "version": "0"})
    page = desk.get(at("desk_sign", reading)).text
    assert "还没有打分：需求与针对性" in page
    assert desk.post(at("desk_sign", reading), {"version": "1"}).status_code == 422
    gone = desk.post(at("desk_sheet", reading), {**POSTED, "do": "check", "version": "1"})
    assert gone["Location"] == at("desk_sign", reading)
    assert desk.post(at("desk_sign", reading), {"version": "1"}).status_code == 422, "an older page signs nothing"
    assert desk.post(at("desk_sign", reading), {"version": "2"}).status_code == 302
    card = ScoreCard.objects.get()
    assert (card.state, card.total, card.signed_by) == ("signed", 8000, reading.expert.user)
    assert desk.post(at("desk_keep", reading), {**POSTED, "version": "3"}).status_code == 409
    assert desk.post(at("desk_sheet", reading), {**POSTED, "version": "3"}).status_code == 422
    page = desk.get(at("desk_sheet", reading)).text
    assert "已签字" in page
    assert 'name="item-need"' not in page
    assert desk.post(at("desk_aside", reading), {"kind": "relative", "note": "亲属"}).status_code == 422
    scoring.annul(card=card, reason="评错了项目。", by=lay.chief(), at=AT)
    assert 'name="item-need"' in desk.get(at("desk_sheet", reading)).text
    assert desk.post(at("desk_keep", reading), {"item-need": "3", "version": "0"}).status_code == 200


def test_standing_aside_closes_the_project(desk, reading):
    assert desk.post(at("desk_aside", reading), {"kind": "relative", "note": ""}).status_code == 422
    assert desk.post(at("desk_aside", reading), {"kind": "relative", "note": "负责人的表弟"}).status_code == 302
    for page in ("desk_sheet", "desk_sign", "desk_aside"):
        assert desk.get(at(page, reading)).status_code == 404
    assert reading.label not in desk.get(reverse("funding:desk")).text
    tie = ExpertTie.objects.get()
    assert (tie.source, tie.project_id) == ("recused", reading.project_id)


def test_own_sheets_are_taken_along(desk, stage, reading, tmp_path):
    desk.post(at("desk_keep", reading), {**POSTED, "amount_fen": "50000", "comment": "可行。", "version": "0"})
    path = tmp_path / "own.xlsx"
    answer = desk.get(reverse("funding:desk_own_sheets", args=[stage.pk]))
    path.write_bytes(b"".join(answer.streaming_content))
    rows = [row for _number, row in open_table(path).rows()]
    head, line = rows[0], next(row for row in rows if row[0] == reading.label)
    told = dict(zip(head, line, strict=False))
    assert (float(told["总分"]), float(told["建议资助金额（元）"]), told["评语"]) == (80, 50_000, "可行。")
    assert len(rows) == 3


def test_at_the_defence_names_are_read(desk, stage, reading, body):
    ReviewStage.objects.filter(pk=stage.pk).update(blind=False)
    page = desk.get(at("desk_sheet", reading)).text
    for words in (NAME, reading.project.title, "演示甲", "需求与针对性"):
        assert words in page, words
    assert "已经隐去" not in page
    assert reading.project.title in desk.get(reverse("funding:desk")).text


def test_nobody_else_gets_in(client, stage, reading, office, body):
    others = Reading.objects.exclude(expert=reading.expert).exclude(label=reading.label).select_related("expert__user")
    foreign = others.get()
    Reading.objects.filter(expert=foreign.expert, label=reading.label).delete()
    client.force_login(foreign.expert.user)
    for page in ("desk_sheet", "desk_sign", "desk_aside"):
        assert client.get(at(page, reading)).status_code == 404
    assert client.post(at("desk_keep", reading), POSTED).status_code == 404
    for one in (office, ground.head(body, "another")):
        client.force_login(one)
        for address in (reverse("funding:desk"), at("desk_sheet", reading),
                        reverse("funding:desk_materials", args=[stage.pk])):  # fmt: skip
            assert client.get(address).status_code == 403


def test_a_stage_that_is_over_is_only_read(desk, stage, reading, office):
    for row in Reading.objects.select_related("expert__user"):
        lay.signed(row)
    assert due_desk.readings(user=reading.expert.user, on=ground.TODAY, limit=9) == ([], 0)
    stages.close(stage=stage, by=office, at=AT)
    page = desk.get(at("desk_sheet", reading)).text
    assert 'name="item-need"' not in page
    assert "评审已结束" in desk.get(reverse("funding:desk")).text


def test_what_waits_of_an_expert_names_no_project(desk, stage, reading, round_, areas, office):
    user = reading.expert.user
    items, total = due_desk.readings(user=user, on=ground.TODAY, limit=9)
    assert (total, [item.code for item in items]) == (1, ["grant_reading"])
    assert "还有 2 个项目没有签字" in items[0].title
    assert due_desk.readings(user=user, on=ground.TODAY, limit=0) == ([], 1)
    lay.signed(reading)
    assert "还有 1 个" in due_desk.readings(user=user, on=ground.TODAY, limit=9)[0][0].title
    days = {"opens_on": ground.TODAY - timedelta(days=30), "closes_on": ground.TODAY - timedelta(days=1)}
    Round.objects.filter(pk=round_.pk).update(**days)
    assert due_desk.declarations(user=user, on=ground.TODAY, limit=9) == ([], 0)
    late = lay.expert(areas["district"], office, "wan")
    items, total = due_desk.declarations(user=late.user, on=ground.TODAY, limit=9)
    assert (total, items[0].url) == (1, reverse("funding:desk_declare", args=[round_.pk]))
    due.forget()
    assert "项目没有签字" in desk.get("/todo/").text


def test_the_desk_asks_as_much_for_many_readings_as_for_few(desk, stage, reading, round_, areas, office):
    def asked(address):
        text_of(desk.get(address))
        with CaptureQueriesContext(connection) as told:
            assert reading.label in text_of(desk.get(address))
        return len(told)

    scoring.save(reading=reading, points={"need": 100}, by=reading.expert.user, at=AT)
    addresses = [
        reverse("funding:desk"),
        at("desk_sheet", reading),
        reverse("funding:desk_own_sheets", args=[stage.pk]),
    ]
    few = [asked(address) for address in addresses]
    first = Reading.objects.get(pk=reading.pk)
    for n in range(12):
        project = Project.objects.get(pk=reading.project_id)
        project.pk, project.number = None, f"X{n}"
        project.save(force_insert=True)
        row = Reading(stage=stage, project=project, expert=reading.expert, label=f"LABEL{n}", assigned_at=AT)
        row.save()
        scoring.save(reading=row, points={"need": 100}, by=reading.expert.user, at=AT)
        BudgetLine.objects.create(project=first.project, position=20 + n, budget_class="B06", title="又", price_fen=0,
                                  amount_fen=0, grant_fen=0)  # fmt: skip
    assert [asked(address) for address in addresses] == few


def test_a_remark_in_print():
    assert remarks.words(remarks.Remark(None, "好。")) == "好。"
    assert remarks.words(remarks.Remark(1_50, "好")) == "建议资助 1.50 元。好"
    assert remarks.words(remarks.Remark(80_000_00, "")) == "建议资助 80000 元。"
