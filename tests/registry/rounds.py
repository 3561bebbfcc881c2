"""Makers of rounds of ratings for tests: a small sheet, a round, a body that has come as far as wanted."""

from datetime import UTC, date, datetime, timedelta

from liaoyuan.core.models import Area, User
from liaoyuan.registry.actions import assessors, rating_entries, rating_rounds
from liaoyuan.registry.actions.rating_entries import Mark, Votes
from liaoyuan.registry.actions.rating_rounds import Row
from liaoyuan.registry.models import Assessor, Assignment, Organization, RatingEntry, RatingRound, RatingSheet
from liaoyuan.registry.rules.rounds import Dates
from tests.registry import factories as make

BY = make.OPERATOR
CALL = date(2026, 9, 1)
#: A moment within the self-assessment, the visits, on the day of the review.
CALLED = datetime(2026, 9, 10, 2, tzinfo=UTC)
VISITED = datetime(2026, 10, 12, 2, tzinfo=UTC)
REVIEWED = datetime(2026, 10, 20, 2, tzinfo=UTC)
DATES = Dates(CALL, date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 16), date(2026, 10, 20))
#: Four indicators of 250.0 points and one of 10.5 beyond them.
ROWS = (
    *(Row(first, "二级", f"{first}的指标", 2500, False) for first in ("基础条件", "内部治理", "工作绩效", "社会评价")),
    Row("加分项", "二级", "加分的指标", 105, True),
)


def sheet(area: Area, kind: str = "MF", valid_from: date = date(2026, 1, 1)) -> RatingSheet:
    """A sheet of five indicators."""
    return rating_rounds.enter_sheet(
        area=area, kind=kind, title="测试指标", valid_from=valid_from, source="测试", rows=ROWS, by=BY, at=make.AT
    )


def opened(area: Area | None = None, number: int = 1, dates: Dates = DATES, members: int = 9) -> RatingRound:
    """A round of 2026."""
    area = area or make.binhu()["district"]
    if not RatingSheet.objects.filter(area=area).exists():
        for kind in ("MF", "ST", "JJ"):
            sheet(area, kind)
    return rating_rounds.open_round(
        area=area, year=2026, number=number, title=f"2026年第{number}批等级评估", dates=dates, members=members, by=BY,
        at=CALLED,
    )  # fmt: skip


def entered(round_: RatingRound, body: Organization | None = None, by=BY, at: datetime = CALLED) -> RatingEntry:
    """A body that takes part."""
    return rating_entries.enter(round_=round_, organization=body or make.organization(), declared={}, by=by, at=at)


def marks(entry: RatingEntry, points: int = 2400, bonus: int | None = None) -> dict[int, Mark]:
    """The same points for each indicator, others for the bonus."""
    items = entry.sheet.items.order_by("number")
    return {i.pk: Mark(bonus if i.bonus else points, f"第{i.number}页") for i in items}


def submitted(round_: RatingRound, body: Organization | None = None, points: int = 2400) -> RatingEntry:
    """A body that has handed in its own assessment."""
    entry = entered(round_, body)
    rating_entries.save_self(entry=entry, marks=marks(entry, points), version=1, by=BY, at=CALLED)
    return rating_entries.submit(entry=entry, by=BY, at=CALLED)


def assessor(name: str = "甲评", user: User | None = None, area: Area | None = None) -> Assessor:
    """A person who may be assigned."""
    return assessors.enter(
        area=area or make.binhu()["district"], name=name, employer="某大学", user=user, by=BY, at=CALLED
    )


def scored(entry: RatingEntry, person: Assessor, points: int = 2400, bonus: int | None = None) -> Assignment:
    """An expert's sheet, handed in."""
    given = assessors.assign(entry=entry, assessor=person, by=BY, at=VISITED)
    assessors.declare(assignment=given, conflict=False, reason="", by=BY, at=VISITED)
    assessors.save_scores(
        assignment=given, marks=marks(entry, points, bonus), comment="", version=1, by=BY, at=VISITED
    )  # fmt: skip
    return assessors.finish(assignment=given, by=BY, at=VISITED)


def decided(round_: RatingRound, person: Assessor, body: Organization | None = None, level: str = "5A") -> RatingEntry:
    """A body that the committee has decided on, all nine members for it."""
    entry = submitted(round_, body)
    scored(entry, person)
    rating_entries.decide(
        entry=entry, level=level, votes=Votes(9, 9, 0, 0), on=DATES.review_on, words="", by=BY, at=REVIEWED
    )
    entry.refresh_from_db()
    return entry


def day(after: int) -> datetime:
    """A moment so many days after the review."""
    return REVIEWED + timedelta(days=after)
