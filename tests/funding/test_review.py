"""Reviewing: who stands aside, an even draw, sheets kept, signed, annulled, spreads talked over, the ranking kept."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from liaoyuan.core.models import AuditEvent
from liaoyuan.funding.actions import assigning, experts, handing_in, ranking, scoring, stages
from liaoyuan.funding.models import (
    ExpertTie,
    GrantExpert,
    Project,
    Ranking,
    Reading,
    ReviewStage,
    Score,
    ScoreCard,
    ScoreSheet,
)
from liaoyuan.funding.queries import limits, results, ties
from liaoyuan.funding.rules.remarks import Remark
from liaoyuan.kit.findings import Refused
from liaoyuan.people.models import Post
from tests.core.factories import AT, user
from tests.funding import ground
from tests.funding import ground_review as lay
from tests.people import factories as people

pytestmark = pytest.mark.django_db


def codes(refused):
    return {finding.code for finding in refused.value.findings if finding.severity == "block"}


@pytest.fixture
def chief(areas):
    return lay.chief()


@pytest.fixture
def bodies(areas):
    return lay.bodies(4, areas["heli"])


@pytest.fixture
def projects(round_, bodies, office):
    return lay.eligible(round_, bodies, office)


@pytest.fixture
def pool(areas, office, round_):
    return [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(7)]


@pytest.fixture
def stage(round_, projects, pool, office):
    return lay.staged(round_, pool, office)


def test_an_even_draw_that_can_be_made_again(stage, projects, pool):
    readings = list(Reading.objects.filter(stage=stage))
    assert len(readings) == 4 * 5
    loads = [sum(1 for r in readings if r.expert_id == expert.pk) for expert in pool]
    assert sorted(loads) == [2] + [3] * 6
    assert {row.state for row in Project.objects.all()} == {"in_review"}
    drawn = AuditEvent.objects.get(code="review.stage_assigned")
    assert drawn.payload["seed"] == stage.seed == "7"
    assert ScoreSheet.objects.get().frozen_at == AT
    assert len({r.label for r in readings}) == 4


def test_a_late_project_is_drawn_for_without_moving_anybody(stage, round_, areas, office, pool):
    before = set(Reading.objects.values_list("project", "expert"))
    body = ground.body("滨湖区迟来示例服务中心", street=areas["heli"])
    late = lay.passed(ground.submitted(ground.written(round_, body, head := ground.head(body, "chi")), head), office)
    made = assigning.assign(stage=stage, drawn=pool, by=office, at=AT)
    assert {r.project for r in made} == {late}
    assert before < set(Reading.objects.values_list("project", "expert"))
    stages.begin(stage=stage, by=office, at=AT)
    late.refresh_from_db()
    assert late.state == "in_review"
    loads = [Reading.objects.filter(expert=expert).count() for expert in pool]
    assert max(loads) - min(loads) <= 1


def test_too_few_or_an_even_number_or_undeclared_is_refused(round_, projects, areas, office, pool):
    stage = stages.plan(round_=round_, by=office, at=AT)
    with pytest.raises(Refused) as refused:
        stages.begin(stage=stage, by=office, at=AT)
    assert codes(refused) == {"STAGE-EMPTY"}
    fresh = lay.expert(areas["district"], office, "xin")
    with pytest.raises(Refused) as refused:
        assigning.assign(stage=stage, drawn=[*pool, fresh], by=office, at=AT)
    assert codes(refused) == {"STAGE-UNDECLARED"}
    with pytest.raises(Refused) as refused:
        assigning.assign(stage=stage, drawn=pool[:4], by=office, at=AT)
    assert codes(refused) == {"STAGE-FEW"}
    assert Reading.objects.count() == 0


def test_an_even_number_is_told_until_the_rule_is_confirmed(round_, office, monkeypatch):
    """GV-REV-01 ships from memory: it only warns, and what it said stands with the event; confirmed it forbids."""
    stages.plan(round_=round_, readers=6, by=office, at=AT)
    told = AuditEvent.objects.get(code="review.stage_planned").payload["findings"]
    assert [(f["code"], f["severity"]) for f in told] == [("GV-REV-01", "warn")]
    held = limits.limits_of(round_)
    rows = [replace(held.row(key), status="confirmed") for key in ("GV-REV-01", "gv.review.odd")]
    monkeypatch.setattr(limits, "limits_of", lambda _round: held.with_rows(*rows))
    with pytest.raises(Refused) as refused:
        stages.plan(round_=round_, kind="panel", readers=6, by=office, at=AT)
    assert codes(refused) == {"GV-REV-01"}


def test_who_is_tied_reads_nothing_of_the_body(round_, projects, areas, office, pool):
    first, second, third, fourth = projects
    person = people.person(first.organization, "赵甲一")
    GrantExpert.objects.filter(pk=pool[0].pk).update(person=person)
    people.post(person, first.organization, start=date(2020, 1, 1), valid_to=date(2025, 3, 1))
    experts.record_tie(expert=pool[1], kind="contract", organization=second.organization,
                       ended_on=date(2025, 10, 27), by=office, at=AT)  # fmt: skip
    experts.record_tie(expert=pool[2], kind="contract", organization=second.organization,
                       ended_on=date(2025, 10, 25), by=office, at=AT)  # fmt: skip
    experts.record_tie(expert=pool[3], kind="training", project=third, by=office, at=AT)
    stage = stages.plan(round_=round_, seed="1", readers=5, by=office, at=AT)
    pool = list(GrantExpert.objects.select_related("person", "user", "area").order_by("pk"))
    assigning.assign(stage=stage, drawn=pool, by=office, at=AT)
    pairs = set(Reading.objects.values_list("expert", "project"))
    assert (pool[0].pk, first.pk) not in pairs  # left 20 months ago, 24 are asked
    assert (pool[1].pk, second.pk) not in pairs  # the contract ended less than 12 months ago
    assert (pool[3].pk, third.pk) not in pairs
    with pytest.raises(Refused) as refused:
        assigning.add(stage=stage, project=first, expert=pool[0], by=office, at=AT)
    assert codes(refused) == {"GV-REV-02"}
    known = ties.of(pool[2], round_, ground.TODAY)
    assert not ties.bars(ties.findings(pool[2], second, known, ground.TODAY, signed=True))
    Post.objects.update(valid_to=date(2024, 10, 26))
    known = ties.of(pool[0], round_, ground.TODAY)
    assert not ties.bars(ties.findings(pool[0], first, known, ground.TODAY, signed=True))
    assert fourth.pk in {project for _e, project in pairs}


def test_whose_body_applies_or_who_runs_the_round_reads_nothing_of_it(round_, projects, areas, office, pool):
    person = people.person(projects[0].organization, "赵甲一")
    people.employment(person, projects[0].organization)
    GrantExpert.objects.filter(pk=pool[0].pk).update(person=person)
    pool[0].refresh_from_db()
    both = user("jian", ("expert", "area", "320211"), ("grants_office", "area", "320211"))
    insider = experts.enter(area=areas["district"], user=both, name="专家兼", by=office, at=AT)
    for expert in (pool[0], insider):
        known = ties.of(expert, round_, ground.TODAY)
        for project in projects:
            assert ties.bars(ties.findings(expert, project, known, ground.TODAY, signed=True)), (expert, project)
    free = ties.of(pool[1], round_, ground.TODAY)
    assert ties.findings(pool[1], projects[0], free, ground.TODAY, signed=True) == []
    undeclared = ties.findings(pool[1], projects[0], free, ground.TODAY, signed=False)
    assert [f.code for f in undeclared] == ["GV-REV-02"]


def test_a_declaration_names_ties_once_and_by_oneself(round_, areas, office, projects, chief):
    expert = lay.expert(areas["district"], office, "zj", None)
    body = projects[0].organization
    with pytest.raises(PermissionDenied):
        experts.declare(round_=round_, expert=expert, by=office, at=AT)
    with pytest.raises(Refused) as refused:
        experts.declare(round_=round_, expert=expert, ties=[{"kind": "relative"}], by=expert.user, at=AT)
    assert codes(refused) == {"TIE-WHOM"}
    experts.declare(round_=round_, expert=expert, by=expert.user, at=AT,
                    ties=[{"kind": "relative", "organization": body, "note": "负责人的堂兄"}])  # fmt: skip
    assert ExpertTie.objects.get().source == "declared"
    with pytest.raises(Refused) as refused:
        experts.declare(round_=round_, expert=expert, by=expert.user, at=AT)
    assert codes(refused) == {"DECLARED"}
    known = ties.of(expert, round_, ground.TODAY)
    assert ties.bars(ties.findings(expert, projects[0], known, ground.TODAY, signed=True))
    experts.drop_tie(tie=ExpertTie.objects.get(), reason="写错了组织", by=office, at=AT)
    known = ties.of(expert, round_, ground.TODAY)
    assert not ties.bars(ties.findings(expert, projects[0], known, ground.TODAY, signed=True))


def test_a_reader_who_recognizes_somebody_stands_aside(stage, round_, office):
    reading = Reading.objects.select_related("expert__user", "stage__round").first()
    with pytest.raises(PermissionDenied):
        assigning.stand_aside(reading=reading, kind="relative", by=office, at=AT)
    assigning.stand_aside(reading=reading, kind="relative", note="邻居", by=reading.expert.user, at=AT)
    assert ExpertTie.objects.get().project_id == reading.project_id
    with pytest.raises(Refused) as refused:
        assigning.add(stage=stage, project=reading.project, expert=reading.expert, by=office, at=AT)
    assert codes(refused) == {"GV-REV-02"}
    with pytest.raises(PermissionDenied):
        scoring.save(reading=reading, points=lay.SHEET, by=reading.expert.user, at=AT)


def test_a_sheet_is_kept_as_it_grows_and_locked_when_signed(stage, chief, office):
    reading = Reading.objects.select_related("expert__user", "stage__round").first()
    by = reading.expert.user
    card = scoring.save(reading=reading, points={"need": 1850}, remark=Remark(900_00, "需求清楚"), by=by, at=AT)
    with pytest.raises(Refused) as refused:
        scoring.sign(reading=reading, by=by, at=AT)
    assert codes(refused) == {"GV-REV-03"}
    with pytest.raises(Refused) as refused:
        scoring.save(reading=reading, points={"need": 2001}, by=by, at=AT)
    assert codes(refused) == {"GV-REV-03"}
    for wrong in ({"unknown": 1}, {"need": -1}):
        with pytest.raises(Refused):
            scoring.save(reading=reading, points=wrong, by=by, at=AT)
    with pytest.raises(Refused) as refused:
        scoring.save(reading=reading, points={"plan": 1}, version=card.version + 1, by=by, at=AT)
    assert codes(refused) == {"CARD-STALE"}
    card = scoring.save(reading=reading, points={**lay.SHEET, "need": 1850, "matching": 500}, by=by, at=AT)
    assert (card.suggested_fen, card.comment) == (900_00, "需求清楚")
    for wrong in (-1, reading.project.grant_fen + 1):
        with pytest.raises(Refused) as refused:
            scoring.save(reading=reading, points={}, remark=Remark(wrong, ""), by=by, at=AT)
        assert codes(refused) == {"CARD-AMOUNT"}
    card = scoring.save(reading=reading, points={"matching": None}, by=by, at=AT)
    card = scoring.sign(reading=reading, by=by, at=AT)
    assert card.total == sum({**lay.SHEET, "need": 1850}.values()) == 8250
    with pytest.raises(Refused) as refused:
        scoring.save(reading=reading, points={"need": 1}, by=by, at=AT)
    assert codes(refused) == {"GV-REV-03"}
    with pytest.raises(PermissionDenied):
        scoring.annul(card=card, reason="评错项目", by=office, at=AT)
    with pytest.raises(Refused) as refused:
        assigning.take_off(reading=reading, reason="换人", by=office, at=AT)
    assert codes(refused) == {"READING-SIGNED"}
    scoring.annul(card=card, reason="评错项目", by=chief, at=AT)
    lay.signed(reading)
    assert sorted(ScoreCard.objects.values_list("state", "total")) == [("annulled", 8250), ("signed", 8000)]
    assert ScoreCard.objects.signed().get().total == 8000


def test_the_database_itself_refuses_to_change_what_was_signed(stage):
    reading = Reading.objects.select_related("expert__user").first()
    lay.signed(reading)
    card = ScoreCard.objects.get()
    changes = (
        lambda: ScoreCard.objects.filter(pk=card.pk).update(total=9999),
        lambda: ScoreCard.objects.filter(pk=card.pk).update(suggested_fen=1),
        lambda: ScoreCard.objects.filter(pk=card.pk).update(state="draft", signed_at=None, signed_by=None),
        lambda: Score.objects.filter(card=card, item="need").update(hundredths=2000),
        lambda: Score.objects.filter(card=card, item="need").delete(),
        lambda: Score.objects.create(card=card, item="matching", hundredths=500, most=500),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    other = Reading.objects.exclude(pk=reading.pk).select_related("expert__user").first()
    draft = scoring.save(reading=other, points={"need": 100}, by=other.expert.user, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.filter(card=draft).update(hundredths=2001)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreCard.objects.filter(pk=draft.pk).update(state="signed", signed_at=AT)
    assert ScoreCard.objects.get(pk=card.pk).total == 8000


def test_nobody_scores_for_another_or_too_early(round_, projects, pool, office):
    stage = stages.plan(round_=round_, seed="7", by=office, at=AT)
    assigning.assign(stage=stage, drawn=pool, by=office, at=AT)
    reading = Reading.objects.select_related("expert__user").first()
    with pytest.raises(Refused) as refused:
        scoring.save(reading=reading, points={"need": 1}, by=reading.expert.user, at=AT)
    assert codes(refused) == {"STAGE-EARLY"}
    other = next(expert for expert in pool if expert.pk != reading.expert_id)
    for stranger in (other.user, office):
        with pytest.raises(PermissionDenied):
            scoring.save(reading=reading, points={"need": 1}, by=stranger, at=AT)
    assert not Reading.objects.visible_to(projects[0].submitted_by).exists()
    assert set(Reading.objects.visible_to(reading.expert.user)) == set(Reading.objects.filter(expert=reading.expert))


def scored(stage, low=None):
    """Every reader signs: the n-th project gets n points more; the first reader of `low` gives it 30 less."""
    rows = list(Reading.objects.filter(stage=stage).select_related("expert__user", "project").order_by("project", "pk"))
    keys = sorted({row.project_id for row in rows})
    seen = set()
    for row in rows:
        more = {"need": 1600 + 100 * keys.index(row.project_id)}
        if row.project == low and row.project_id not in seen:
            more |= {"plan": 0, "team": 0}
        seen.add(row.project_id)
        lay.signed(row, **more)
    return keys


def test_a_spread_is_talked_over_and_a_further_expert_reads(stage, projects, pool, office, areas, round_):
    with pytest.raises(Refused) as refused:
        stages.close(stage=stage, by=office, at=AT)
    assert codes(refused) == {"STAGE-UNSIGNED"}
    scored(stage, low=projects[0])
    assert list(results.spreads(stage)) == [projects[0].pk]
    with pytest.raises(Refused) as refused:
        stages.close(stage=stage, by=office, at=AT)
    assert codes(refused) == {"STAGE-SPREAD"}
    busy = set(Reading.objects.filter(project=projects[0]).values_list("expert", flat=True))
    further = next(expert for expert in pool if expert.pk not in busy)
    with pytest.raises(Refused) as refused:
        scoring.discuss(stage=stage, project=projects[1], note="没有差距", by=office, at=AT)
    assert codes(refused) == {"SPREAD-NONE"}
    scoring.discuss(stage=stage, project=projects[0], note="请复评。", further=further, by=office, at=AT)
    with pytest.raises(Refused) as refused:
        stages.close(stage=stage, by=office, at=AT)
    assert codes(refused) == {"STAGE-UNSIGNED"}
    lay.signed(Reading.objects.get(role="further"))
    row, findings = stages.close(stage=stage, by=office, at=AT)
    assert (row.closed_at, findings) == (AT, [])
    assert len(results.of_stage(stage)[projects[0].pk].totals) == 6


def test_the_third_reader_counts_with_the_nearer_of_two(round_, projects, pool, office):
    stage = lay.staged(round_, pool, office, readers=5)
    first = projects[0]
    rows = list(Reading.objects.filter(project=first).select_related("expert__user").order_by("pk"))
    for row in rows[2:]:
        assigning.take_off(reading=row, reason="因病", by=office, at=AT)
    lay.signed(rows[0], need=2000)
    lay.signed(rows[1], plan=0, team=0)
    further = next(expert for expert in pool if expert.pk not in {row.expert_id for row in rows})
    scoring.discuss(stage=stage, project=first, note="请第三人评。", further=further, by=office, at=AT)
    lay.signed(Reading.objects.get(role="further"))
    found = results.of_stage(stage)[first.pk]
    assert (found.exact, found.dropped) == (Fraction(8400 + 8000, 2), (5200,))


def test_the_ranking_is_that_of_a_plain_count_and_is_kept(stage, projects, office, round_):
    keys = scored(stage)
    with pytest.raises(Refused) as refused:
        ranking.rank(round_=round_, by=office, at=AT)
    assert codes(refused) == {"RANK-OPEN"}
    stages.close(stage=stage, by=office, at=AT)
    made = ranking.rank(round_=round_, by=office, at=AT)
    lines = list(made.lines.order_by("place"))
    assert [line.project_id for line in lines] == keys[::-1]
    for line in lines:
        totals = sorted(ScoreCard.objects.filter(reading__project=line.project_id).values_list("total", flat=True))
        assert line.totals == totals
        assert line.dropped == [totals[0], totals[-1]]
        assert Fraction(line.exact_num, line.exact_den) == Fraction(sum(totals[1:-1]), 3)
        assert line.outcome == "proposed"
    again = ranking.rank(round_=round_, by=office, at=AT)
    assert (again.number, again.code) == (2, made.code)
    assert Ranking.objects.count() == 2


def test_the_panel_weighs_and_who_was_not_called_stands_behind(stage, projects, pool, office, round_):
    scored(stage)
    stages.close(stage=stage, by=office, at=AT)
    panel = stages.plan(round_=round_, kind="panel", weight=60, readers=5, seed="9", by=office, at=AT)
    ReviewStage.objects.filter(pk=stage.pk).update(weight=40)
    assert not panel.blind
    called = projects[:2]
    assigning.assign(stage=panel, drawn=pool, projects=called, by=office, at=AT)
    stages.begin(stage=panel, by=office, at=AT)
    for row in Reading.objects.filter(stage=panel).select_related("expert__user"):
        lay.signed(row, need=2000 if row.project == called[0] else 1000)
    stages.close(stage=panel, by=office, at=AT)
    made = ranking.rank(round_=round_, by=office, at=AT)
    lines = list(made.lines.order_by("place"))
    assert [line.project for line in lines] == [called[0], called[1], projects[3], projects[2]]
    assert Fraction(lines[0].exact_num, lines[0].exact_den) == Fraction(8000 * 40 + 8400 * 60, 100)
    assert [stage["weight"] for stage in made.method["stages"]] == [40, 60]


def test_who_withdrew_is_waited_for_by_nobody(stage, projects, office, round_, bodies):
    handing_in.withdraw(project=projects[0], reason="人手不足。", by=bodies[0][1], at=AT)
    for row in Reading.objects.exclude(project=projects[0]).select_related("expert__user"):
        lay.signed(row)
    with pytest.raises(Refused) as refused:
        reading = Reading.objects.filter(project=projects[0]).select_related("expert__user", "stage").first()
        scoring.save(reading=reading, points={"need": 1}, by=reading.expert.user, at=AT)
    assert codes(refused) == {"STAGE-CLOSED"}
    stages.close(stage=stage, by=office, at=AT)
    made = ranking.rank(round_=round_, by=office, at=AT)
    assert set(made.lines.values_list("project", flat=True)) == {row.pk for row in projects[1:]}
    assert {line.place for line in made.lines.all()} == {1}
    assert all(line.tied for line in made.lines.all())


def test_a_score_sheet_is_checked_and_another_version_is_a_new_one(round_, office):
    first = stages.draw_up_sheet(round_=round_, by=office, at=AT)
    assert (first.number, sum(first.items.values()), first.ties) == (1, 100, ["need", "budget"])
    for wrong in (
        {"items": {"need": 99}},
        {"items": {"need": 60, "plan": 40}, "ties": ["budget"]},
        {"items": {"need": 89, "party": 11}, "ties": []},
        {"items": {"need": 100, "plan": 0}, "ties": []},
    ):
        with pytest.raises(Refused):
            stages.draw_up_sheet(round_=round_, by=office, at=AT, **wrong)
    second = stages.draw_up_sheet(round_=round_, items={"need": 60, "plan": 40}, bonus={}, ties=["need"], by=office,
                                  at=AT)  # fmt: skip
    assert second.number == 2
    stage = stages.plan(round_=round_, by=office, at=AT)
    assert stage.sheet == second


def test_an_expert_is_entered_with_an_account_that_may_score(areas, office, round_):
    plain = user("meiyou", ("leadership", "area", "320211"))
    with pytest.raises(Refused) as refused:
        experts.enter(area=areas["district"], user=plain, name="无权", by=office, at=AT)
    assert codes(refused) == {"EXPERT-ROLE"}
    row = lay.expert(areas["district"], office, "zj", specialities=["elderly"])
    with pytest.raises(Refused) as refused:
        experts.enter(area=areas["district"], user=row.user, name="又一次", by=office, at=AT)
    assert codes(refused) == {"EXPERT-TWICE"}
    changed = experts.change(expert=row, name="专家改名", employer="某大学", version=row.version, by=office, at=AT)
    with pytest.raises(Refused) as refused:
        experts.change(expert=row, name="旧页面", version=row.version, by=office, at=AT)
    assert codes(refused) == {"EXPERT-STALE"}
    experts.end(expert=changed, by=office, at=AT)
    assert not GrantExpert.objects.active().exists()
    with pytest.raises(PermissionDenied):
        experts.enter(area=areas["other"], user=row.user, name="别处", by=office, at=AT)


def test_an_expert_with_open_work_is_not_ended(stage, office):
    expert = Reading.objects.first().expert
    with pytest.raises(Refused) as refused:
        experts.end(expert=expert, by=office, at=AT)
    assert codes(refused) == {"EXPERT-BUSY"}


def test_a_namesake_is_shown_and_bars_nobody(round_, projects, pool):
    GrantExpert.objects.filter(pk=pool[0].pk).update(name="演示甲")
    pool[0].refresh_from_db()
    assert ties.namesakes(pool[0], round_) == projects
    assert ties.namesakes(pool[1], round_) == []
