"""A round of ratings from the call to the award: who may enter, exact totals, votes of all members, appeals in time."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import appeals, assessors, levels, rating_entries, rating_rounds
from liaoyuan.registry.actions.rating_entries import Mark, Votes
from liaoyuan.registry.choices import EntryState, RoundStage, TieKind
from liaoyuan.registry.models import LevelWeighing, Rating, RatingDecision, RatingEntry, RatingScore
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from tests.registry import factories as make
from tests.registry import rounds

pytestmark = pytest.mark.django_db
BY = make.OPERATOR


@pytest.fixture
def ground():
    make.binhu()
    calendar.sync_calendar(at=make.AT)
    parameters.sync_shipped(at=make.AT)


@pytest.fixture
def round_(ground):
    return rounds.opened()


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_a_round_keeps_the_figures_it_was_opened_with(round_):
    assert round_.levels == {"5A": 950, "4A": 901, "3A": 851, "2A": 801}
    assert (round_.publicity_days, round_.vote_num, round_.vote_den) == (7, 1, 2)
    assert round_.draft_figures, "the borders are from another city and not confirmed"
    assert round_.sheet_mf.kind == "MF"


@pytest.mark.parametrize(("day", "stage"), [
    ("2026-09-30", RoundStage.CALL), ("2026-10-01", RoundStage.VISITS), ("2026-10-19", RoundStage.VISITS),
    ("2026-10-20", RoundStage.REVIEW),
])  # fmt: skip
def test_stages_follow_the_dates(round_, day, stage):
    assert queries.stage(round_, date.fromisoformat(day)) == stage


def test_dates_out_of_order_and_a_second_round_of_the_number_are_refused(round_):
    with pytest.raises(Refused) as refused:
        rounds.opened()
    assert codes(refused) == ["RATING.twice"]
    wrong = rules.Dates(rounds.CALL, rounds.CALL - timedelta(1), rounds.CALL, rounds.CALL, rounds.CALL)
    with pytest.raises(Refused) as refused:
        rounds.opened(number=2, dates=wrong)
    assert codes(refused) == ["RATING.dates"]


def test_who_is_too_young_rated_listed_or_fell_short_may_not_enter(round_):
    young = make.organization(registered_on=date(2024, 9, 11))
    old_enough = make.organization(registered_on=date(2024, 9, 10))
    rated = make.organization()
    make.rating(rated, end=date(2026, 9, 11))
    over = make.organization()
    make.rating(over, end=date(2026, 9, 10))
    listed = make.organization()
    make.credit(listed, "serious")
    missed = make.organization()
    make.result(missed, 2025, "missed")
    basically = make.organization()
    make.result(basically, 2025, "basically")
    make.result(basically, 2024, "basically")
    filed = make.organization(kind="BA", street=make.binhu()["heli"])
    away = make.organization(registrar_area=make.binhu()["other"])
    for body, wanted in (
        (young, {"RAT-01"}), (rated, {"RAT-01"}), (listed, {"RAT-02", "CRD-04"}), (missed, {"RAT-02"}),
        (basically, {"RAT-02"}), (filed, {"RATING.unfit"}), (away, {"RATING.away"}),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            rounds.entered(round_, body)
        assert set(codes(refused)) == wanted
    assert RatingEntry.objects.count() == 0
    for body in (old_enough, over):
        assert rounds.entered(round_, body).state == EntryState.DRAFT


@pytest.mark.parametrize("declared", [
    {"penalised_on": date(2025, 1, 1)}, {"penalty_open": True}, {"investigated": True},
])  # fmt: skip
def test_what_a_body_declares_bars_it(round_, declared):
    with pytest.raises(Refused) as refused:
        rating_entries.enter(round_=round_, organization=make.organization(), declared=declared, by=BY,
                             at=rounds.CALLED)  # fmt: skip
    assert codes(refused) == ["RAT-02"]


def test_a_body_enters_once_and_before_the_last_day(round_):
    body = make.organization()
    rounds.entered(round_, body)
    with pytest.raises(Refused) as refused:
        rounds.entered(round_, body)
    assert codes(refused) == ["RATING.entered"]
    with pytest.raises(Refused) as refused:
        rounds.entered(round_, make.organization(), at=datetime(2026, 9, 30, 16, tzinfo=UTC))  # 1 October in Shanghai
    assert codes(refused) == ["RATING.late"]
    rounds.entered(round_, make.organization(), at=datetime(2026, 9, 30, 15, 59, tzinfo=UTC))


def test_a_head_enters_its_own_body_and_no_other(round_):
    body, other = make.organization(), make.organization()
    head = make.head_of(body)
    assert rounds.entered(round_, body, by=head).created_by == head
    with pytest.raises(PermissionDenied):
        rounds.entered(round_, other, by=head)
    with pytest.raises(PermissionDenied):
        rating_rounds.publish(round_=round_, on=rounds.CALL, by=head, at=rounds.CALLED)


def test_the_total_is_exact_to_the_tenth(round_):
    entry = rounds.entered(round_)
    items = list(entry.sheet.items.order_by("number"))
    given = [Mark(2400), Mark(2375, "第3页"), Mark(0), Mark(2500), Mark(3)]
    rating_entries.save_self(
        entry=entry, marks=dict(zip([i.pk for i in items], given, strict=True)), version=1, by=BY, at=rounds.CALLED
    )
    entry.refresh_from_db()
    told = sum(Fraction(text) for text in ("240", "237.5", "0", "250", "0.3"))
    assert Fraction(entry.self_tenths, 10) == told
    assert RatingScore.objects.get(entry=entry, item=items[1]).page == "第3页"


def test_a_score_above_its_indicator_is_refused_by_action_and_database(round_):
    entry = rounds.entered(round_)
    item = entry.sheet.items.get(number=5)
    with pytest.raises(Refused) as refused:
        rating_entries.save_self(entry=entry, marks={item.pk: Mark(106)}, version=1, by=BY, at=rounds.CALLED)
    assert "加分的指标" in str(refused.value)
    assert "10.5" in str(refused.value)
    assert not RatingScore.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingScore.objects.create(entry=entry, item=item, tenths=106, most=105)


def test_a_stale_draft_does_not_overwrite(round_):
    entry = rounds.entered(round_)
    rating_entries.save_self(entry=entry, marks=rounds.marks(entry), version=1, by=BY, at=rounds.CALLED)
    with pytest.raises(Refused) as refused:
        rating_entries.save_self(entry=entry, marks=rounds.marks(entry, 1), version=1, by=BY, at=rounds.CALLED)
    assert codes(refused) == ["RATING.stale"]
    entry.refresh_from_db()
    assert entry.self_tenths == 4 * 2400


def test_a_sheet_with_gaps_is_not_handed_in(round_):
    entry = rounds.entered(round_)
    some = dict(list(rounds.marks(entry).items())[:2])
    rating_entries.save_self(entry=entry, marks=some, version=1, by=BY, at=rounds.CALLED)
    with pytest.raises(Refused) as refused:
        rating_entries.submit(entry=entry, by=BY, at=rounds.CALLED)
    assert "还有 2 项没有打分，第一项是“工作绩效的指标”" in str(refused.value)


def test_a_body_listed_meanwhile_cannot_hand_in(round_):
    entry = rounds.entered(round_)
    rating_entries.save_self(entry=entry, marks=rounds.marks(entry), version=1, by=BY, at=rounds.CALLED)
    make.credit(entry.organization, "serious", date(2026, 9, 5))
    with pytest.raises(Refused) as refused:
        rating_entries.submit(entry=entry, by=BY, at=rounds.CALLED)
    assert set(codes(refused)) == {"RAT-02", "CRD-04"}


def test_an_assessor_with_a_tie_stands_aside(round_):
    entry = rounds.submitted(round_)
    at = rounds.VISITED  # 12 October 2026
    for name, kind, left_on, allowed in (
        ("甲", TieKind.INTEREST, None, False), ("乙", TieKind.POST, None, False),
        ("丙", TieKind.POST, date(2024, 10, 13), False), ("丁", TieKind.POST, date(2024, 10, 12), True),
    ):  # fmt: skip
        person = rounds.assessor(name)
        assessors.tie(assessor=person, organization=entry.organization, kind=kind, left_on=left_on, by=BY, at=at)
        offered = {choice.assessor.pk: choice.why_not for choice in queries.choices(entry, date(2026, 10, 12))}
        if allowed:
            assert offered[person.pk] == ""
            assert assessors.assign(entry=entry, assessor=person, by=BY, at=at).pk
            continue
        assert offered[person.pk].endswith("应当回避。")
        with pytest.raises(Refused) as refused:
            assessors.assign(entry=entry, assessor=person, by=BY, at=at)
        assert codes(refused) == ["RAT-05"]


def test_an_expert_declares_before_he_scores_and_a_conflict_ends_it(round_):
    entry, person = rounds.submitted(round_), rounds.assessor()
    given = assessors.assign(entry=entry, assessor=person, by=BY, at=rounds.VISITED)
    words = {"marks": rounds.marks(entry), "comment": "", "by": BY, "at": rounds.VISITED}
    with pytest.raises(Refused) as refused:
        assessors.save_scores(assignment=given, version=1, **words)
    assert codes(refused) == ["ASSESSOR.undeclared"]
    with pytest.raises(Refused) as refused:
        assessors.declare(assignment=given, conflict=True, reason=" ", by=BY, at=rounds.VISITED)
    assert codes(refused) == ["RATING.reason"]
    assessors.declare(assignment=given, conflict=True, reason="曾任顾问", by=BY, at=rounds.VISITED)
    with pytest.raises(Refused) as refused:
        assessors.save_scores(assignment=given, version=1, **words)
    assert codes(refused) == ["ASSESSOR.conflict"]
    entry.refresh_from_db()
    assert entry.expert_count == 0


def test_only_the_assessor_himself_or_who_runs_the_round_scores(round_):
    entry = rounds.submitted(round_)
    mine, stranger = (make.user(n, ("expert", "area", "320211"), is_demo=True) for n in ("mine", "stranger"))
    given = assessors.assign(entry=entry, assessor=rounds.assessor(user=mine), by=BY, at=rounds.VISITED)
    with pytest.raises(PermissionDenied):
        assessors.declare(assignment=given, conflict=False, reason="", by=stranger, at=rounds.VISITED)
    assert assessors.declare(assignment=given, conflict=False, reason="", by=mine, at=rounds.VISITED).conflict is False


@pytest.mark.parametrize(("tenths", "level"), [
    ((9500,), "5A"), ((9499,), "4A"), ((9010,), "4A"), ((9009,), "3A"), ((8010,), "2A"), ((8009,), ""),
    ((9499, 9501), "5A"), ((9499, 9500), "4A"), ((9500, 9500, 9499), "4A"), ((), ""),
])  # fmt: skip
def test_the_proposed_level_is_the_mean_s_never_rounded(tenths, level):
    borders = {"5A": 950, "4A": 901, "3A": 851, "2A": 801}
    assert rules.proposed(borders, sum(tenths), len(tenths)) == level
    if tenths:
        mean = Fraction(sum(tenths), 10 * len(tenths))
        assert level == next((name for name, least in borders.items() if mean >= least), "")


def test_sheets_of_several_experts_add_up_and_a_released_one_counts_no_more(round_):
    entry = rounds.submitted(round_)
    first, second = rounds.assessor("甲"), rounds.assessor("乙")
    rounds.scored(entry, first, 2400)
    other = rounds.scored(entry, second, 2100, 105)
    entry.refresh_from_db()
    assert (entry.expert_sum, entry.expert_count) == (4 * 2400 + 4 * 2100 + 105, 2)
    assert rules.mean(entry.expert_sum, 2) == 9053  # 905.25 shown as 905.3
    assessors.release(assignment=other, reason="发现利害关系", by=BY, at=rounds.VISITED)
    entry.refresh_from_db()
    assert (entry.expert_sum, entry.expert_count) == (9600, 1)


@pytest.mark.parametrize("members", range(1, 16))
def test_half_of_all_members_carry(members):
    for yes in range(members + 1):
        carries = Fraction(yes, members) >= Fraction(1, 2)
        told = rules.carried(members=members, present=members, votes=(yes, members - yes, 0), num=1, den=2)
        assert (told == []) == carries


def test_a_decision_needs_scores_votes_that_add_up_and_carry(round_):
    entry = rounds.submitted(round_)
    told = {"entry": entry, "on": rounds.DATES.review_on, "words": "", "by": BY, "at": rounds.REVIEWED, "level": "5A"}
    for votes, code in ((Votes(9, 9, 0, 0), "RATING.no_scores"),):
        with pytest.raises(Refused) as refused:
            rating_entries.decide(votes=votes, **told)
        assert codes(refused) == [code]
    rounds.scored(entry, rounds.assessor())
    for votes, code in ((Votes(8, 8, 1, 0), "RATING.votes"), (Votes(10, 9, 0, 0), "RATING.votes"),
                        (Votes(6, 4, 2, 0), "RATING.not_carried")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            rating_entries.decide(votes=votes, **told)
        assert codes(refused) == [code]
    with pytest.raises(Refused) as refused:
        rating_entries.decide(votes=Votes(6, 5, 1, 0), **{**told, "level": "4A"})
    assert codes(refused) == ["RATING.reason"], "960 points propose 5A; another level wants words"
    rating_entries.decide(votes=Votes(6, 5, 1, 0), **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingDecision.objects.current().update(yes=4)


def test_no_row_tells_who_voted_how(round_):
    entry = rounds.decided(round_, rounds.assessor())
    names = {field.name for field in RatingDecision._meta.get_fields()}
    assert {"yes", "no", "abstain", "present", "members"} <= names
    assert not names & {"voter", "member", "user", "assessor"}
    event = AuditEvent.objects.get(code="rating.decided")
    assert event.payload["votes"] == [9, 9, 0, 0]
    assert event.subject_id == str(entry.organization_id)


def test_publicity_counts_working_days_and_waits_for_every_decision(round_):
    person = rounds.assessor()
    rounds.decided(round_, person)
    late = rounds.submitted(round_)
    with pytest.raises(Refused) as refused:
        rating_rounds.publish(round_=round_, on=date(2026, 10, 21), by=BY, at=rounds.day(1))
    assert codes(refused) == ["RATING.undecided"]
    rating_entries.withdraw(entry=late, reason="组织申请退出", by=BY, at=rounds.day(1))
    told = rating_rounds.publish(round_=round_, on=date(2026, 10, 21), by=BY, at=rounds.day(1))
    # Wed 21 October is the first of seven working days: 21, 22, 23, 26, 27, 28, 29
    assert told.publicity_until == date(2026, 10, 29)
    assert not told.provisional
    assert queries.stage(told, date(2026, 10, 29)) == RoundStage.PUBLICITY
    assert queries.stage(told, date(2026, 10, 30)) == RoundStage.AWARD


def test_publicity_into_a_year_without_a_calendar_is_provisional(ground):
    dates = rules.Dates(date(2033, 1, 3), date(2033, 1, 10), date(2033, 1, 11), date(2033, 1, 12), date(2033, 1, 13))
    round_ = rounds.opened(number=3, dates=dates)
    entry = RatingEntry.objects.create(
        round=round_, organization=make.organization(), sheet=round_.sheet_mf, state="decided", level="3A",
        self_tenths=1, submitted_at=rounds.CALLED, created_at=rounds.CALLED,
    )  # fmt: skip
    told = rating_rounds.publish(round_=round_, on=date(2033, 1, 14), by=BY, at=datetime(2033, 1, 14, tzinfo=UTC))
    assert entry.pk
    assert told.provisional


def published(round_, *levels: str) -> list[RatingEntry]:
    person = rounds.assessor()
    made = []
    for level in levels:
        entry = rounds.submitted(round_)
        rounds.scored(entry, person)
        rating_entries.decide(entry=entry, level=level, votes=Votes(9, 9, 0, 0), on=rounds.DATES.review_on,
                              words="会议意见", by=BY, at=rounds.REVIEWED)  # fmt: skip
        made.append(entry)
    rating_rounds.publish(round_=round_, on=date(2026, 10, 21), by=BY, at=rounds.day(1))
    for entry in made:
        entry.refresh_from_db()
    return made


def test_an_award_makes_a_rating_of_five_years_and_names_who_is_barred(round_):
    good, none, barred, waiting = published(round_, "4A", "", "3A", "2A")
    make.credit(barred.organization, "serious", date(2026, 10, 25))
    appeals.file(
        entry=waiting, filed_on=date(2026, 10, 29), filed_by_body=True, words="请复核", by=BY, at=rounds.day(9)
    )
    with pytest.raises(Refused) as refused:
        rating_rounds.award(round_=round_, on=date(2026, 10, 29), evidence="", by=BY, at=rounds.day(9))
    assert codes(refused) == ["RATING.publicity"]
    told = rating_rounds.award(round_=round_, on=date(2026, 10, 30), evidence="滨民评〔2026〕1号", by=BY,
                               at=rounds.day(10))  # fmt: skip
    assert (told.given, told.without) == (1, 1)
    assert sorted(f.code for _name, found in told.refused for f in found) == ["CRD-04", "RATING.appeals"]
    rating = Rating.objects.get(organization=good.organization)
    assert (rating.level, rating.valid_from, rating.valid_to) == ("4A", date(2026, 10, 30), date(2031, 10, 31))
    assert not Rating.objects.filter(organization=none.organization).exists()
    with pytest.raises(Refused) as refused:
        rating_rounds.close(round_=round_, by=BY, at=rounds.day(11))
    assert codes(refused) == ["RATING.open_entries"]


def test_an_appeal_is_written_within_the_publicity_and_decided_by_all_members(round_):
    (entry,) = published(round_, "4A")
    told = {"entry": entry, "filed_by_body": True, "words": "请复核内部治理的分数", "by": BY}
    for filed_on, at in ((date(2026, 10, 20), rounds.day(2)), (date(2026, 10, 30), rounds.day(12))):
        with pytest.raises(Refused) as refused:
            appeals.file(filed_on=filed_on, at=at, **told)
        assert codes(refused) == ["APPEAL.window"]
    appeal = appeals.file(filed_on=date(2026, 10, 29), at=rounds.day(9), **told)
    with pytest.raises(Refused) as refused:
        appeals.file(filed_on=date(2026, 10, 29), at=rounds.day(9), **told)
    assert codes(refused) == ["APPEAL.open"]
    with pytest.raises(Refused) as refused:
        appeals.decide(appeal=appeal, level="5A", votes=Votes(9, 4, 5, 0), on=date(2026, 11, 2), words="", by=BY,
                       at=rounds.day(14))  # fmt: skip
    assert codes(refused) == ["RATING.not_carried"]
    appeal = appeals.decide(appeal=appeal, level="5A", votes=Votes(7, 5, 2, 0), on=date(2026, 11, 2), words="", by=BY,
                            at=rounds.day(14))  # fmt: skip
    entry.refresh_from_db()
    assert (appeal.outcome, entry.level) == ("changed", "5A")
    assert queries.notice_due(appeal) == date(2026, 11, 17)


@pytest.mark.parametrize(("told_on", "warned"), [("2026-11-17", False), ("2026-11-18", True)])
def test_the_decision_is_told_within_fifteen_days(round_, told_on, warned):
    (entry,) = published(round_, "4A")
    appeal = appeals.file(entry=entry, filed_on=date(2026, 10, 29), filed_by_body=False, words="不同意", by=BY,
                          at=rounds.day(9))  # fmt: skip
    with pytest.raises(Refused) as refused:
        appeals.notify(appeal=appeal, on=date(2026, 11, 2), by=BY, at=rounds.day(14))
    assert codes(refused) == ["APPEAL.undecided"]
    appeals.decide(appeal=appeal, level="4A", votes=Votes(9, 9, 0, 0), on=date(2026, 11, 2), words="", by=BY,
                   at=rounds.day(14))  # fmt: skip
    appeals.notify(appeal=appeal, on=date.fromisoformat(told_on), by=BY, at=rounds.day(30))
    event = AuditEvent.objects.get(code="rating.appeal_notified")
    assert [f["code"] for f in event.payload.get("findings", [])] == (["RAT-06"] if warned else [])


def test_a_level_is_lowered_by_an_officer_only_and_one_step(ground):
    body = make.organization()
    make.rating(body, "4A", date(2024, 3, 1), date(2029, 3, 1))
    assert queries.causes(BY, date(2026, 10, 26)) == []
    make.result(body, 2025, "unqualified")
    (cause,) = queries.causes(BY, date(2026, 10, 26))
    assert (cause.organization, cause.level, cause.about) == (body.pk, "4A", "2025")
    assert Rating.objects.active(date(2026, 10, 26)).get(organization=body).level == "4A", "nothing happens by itself"
    made = levels.weigh(organization=body, penalised_on=None, lowered=True, reason="年检不合格", on=date(2026, 10, 26),
                        by=BY, at=make.AT)  # fmt: skip
    assert (made.level, made.return_due) == ("3A", date(2026, 11, 10))
    history = Rating.objects.current().filter(organization=body).order_by("valid_from")
    assert [(r.level, r.valid_from, r.valid_to) for r in history] == [
        ("4A", date(2024, 3, 1), date(2026, 10, 26)), ("3A", date(2026, 10, 26), date(2029, 3, 1)),
    ]  # fmt: skip
    assert queries.causes(BY, date(2026, 10, 26)) == []
    with pytest.raises(Refused) as refused:
        levels.weigh(organization=body, penalised_on=None, lowered=False, reason="再议", on=date(2026, 10, 26), by=BY,
                     at=make.AT)  # fmt: skip
    assert codes(refused) == ["LEVEL.done"]
    with pytest.raises(Refused):
        levels.returned(weighing=made, on=date(2026, 10, 25), by=BY, at=make.AT)
    assert levels.returned(weighing=made, on=date(2026, 10, 26), by=BY, at=make.AT).returned_on == date(2026, 10, 26)


def test_a_penalty_may_lower_and_may_be_let_pass(ground):
    body = make.organization()
    make.rating(body, "1A", date(2024, 3, 1), date(2029, 3, 1))
    with pytest.raises(Refused) as refused:
        levels.weigh(organization=body, penalised_on=None, lowered=True, reason="无", on=date(2026, 10, 26), by=BY,
                     at=make.AT)  # fmt: skip
    assert codes(refused) == ["LEVEL.none"]
    levels.weigh(organization=body, penalised_on=date(2026, 5, 1), lowered=False, reason="情节轻微",
                 on=date(2026, 10, 26), by=BY, at=make.AT)  # fmt: skip
    assert Rating.objects.active(date(2026, 10, 26)).get(organization=body).level == "1A"
    levels.weigh(organization=body, penalised_on=date(2026, 6, 1), lowered=True, reason="情节严重",
                 on=date(2026, 10, 26), by=BY, at=make.AT)  # fmt: skip
    assert not Rating.objects.active(date(2026, 10, 26)).filter(organization=body).exists()
    assert LevelWeighing.objects.filter(organization=body).count() == 2
