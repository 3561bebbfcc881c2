"""Ratings of the demo: a round that is closed, one that runs, three assessors; invented bodies and persons alone.

Part of the demo's one batch, like its bodies: no events of its own.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from liaoyuan.core import policy
from liaoyuan.core.models import Area, User
from liaoyuan.registry.actions.demo_bodies import Body
from liaoyuan.registry.choices import EntryState
from liaoyuan.registry.models import (
    Assessor,
    Assignment,
    Rating,
    RatingDecision,
    RatingEntry,
    RatingItem,
    RatingRound,
    RatingScore,
    RatingSheet,
)
from liaoyuan.registry.params import ratings as params
from liaoyuan.registry.params.rating_sheets import EXAMPLES, SOURCE
from liaoyuan.registry.rules.rounds import TENTHS

#: Bodies in each of the two rounds.
COUNT = 4
_NAMES = ("专家甲（演示）", "专家乙（演示）", "专家丙（演示）")
_EXPERT = "zhuanjia"
_DAY = timedelta(days=1)


def build(*, area: Area, bodies: Sequence[Body], seed: int, today: date, at: datetime) -> None:
    """Lay the rounds out; nothing where too few bodies fit."""
    draw = Random(seed)  # noqa: S311 - invented points, no secret
    sheet = _sheet(area, today, at)
    people = [
        Assessor.objects.create(
            area=area, name=name, employer="某大学（演示）", created_at=at,
            user=User.objects.filter(username=_EXPERT).first() if name == _NAMES[0] else None,
        )
        for name in _NAMES
    ]  # fmt: skip
    plain = [b for b in bodies if b.plain and b.kind == "MF" and b.live and not b.credits]
    rated = sorted((b for b in plain if b.ratings), key=lambda b: b.pk or 0)[:COUNT]
    old = today - timedelta(days=3 * 366)
    fresh = [b for b in plain if not b.ratings and b.registered_on and b.registered_on < old and _passed(b)]
    done = _round(area, sheet, today - timedelta(days=400), at, today.year - 1)
    for body in rated:
        _awarded(done, sheet, body, draw, people, at)
    done.publicity_from = done.review_on + _DAY
    done.publicity_until = done.review_on + 11 * _DAY
    done.closed_at = at
    done.save(update_fields=["publicity_from", "publicity_until", "closed_at"])
    running = _round(area, sheet, today - timedelta(days=20), at, today.year)
    for number, body in enumerate(sorted(fresh, key=lambda b: b.pk or 0)[:COUNT]):
        state = EntryState.DRAFT if number == COUNT - 1 else EntryState.SUBMITTED
        entry = _entry(running, sheet, body, state, draw, at)
        if state == EntryState.SUBMITTED:
            Assignment.objects.create(entry=entry, assessor=people[0], assigned_at=at)
            Assignment.objects.create(entry=entry, assessor=people[1 + number % 2], assigned_at=at)


def _passed(body: Body) -> bool:
    """Whether nothing of its annual results bars a rating (RAT-02)."""
    return not set(body.results.values()) - {"qualified"}


def _sheet(area: Area, today: date, at: datetime) -> RatingSheet:
    made = RatingSheet.objects.create(
        area=area, kind="MF", title="民办非企业单位示例指标", valid_from=today - timedelta(days=800), source=SOURCE,
        origin="example", created_at=at,
    )  # fmt: skip
    RatingItem.objects.bulk_create(
        [
            RatingItem(sheet=made, number=number, first=line.first, second=line.second, third=line.third,
                       tenths=line.points * TENTHS, bonus=line.bonus)
            for number, line in enumerate(EXAMPLES["MF"], 1)
        ]
    )  # fmt: skip
    return made


def _round(area: Area, sheet: RatingSheet, called: date, at: datetime, year: int) -> RatingRound:
    limits = policy.limits(called, policy.chain(area.path))
    num, den = limits[params.VOTES]
    return RatingRound.objects.create(
        area=area, year=year, title=f"{year}年社会组织等级评估（演示）", called_on=called, sheet_mf=sheet, opened_at=at,
        assess_until=called + timedelta(days=25), visits_from=called + timedelta(days=26),
        visits_until=called + timedelta(days=40), review_on=called + timedelta(days=45), members=9,
        levels=limits[params.LEVELS], publicity_days=limits[params.PUBLICITY], vote_num=num, vote_den=den,
        draft_figures=True,
    )  # fmt: skip


def _entry(
    round_: RatingRound, sheet: RatingSheet, body: Body, state: EntryState, draw: Random, at: datetime
) -> RatingEntry:
    entry = RatingEntry.objects.create(
        round=round_, organization_id=body.pk, sheet=sheet, created_at=at, on_behalf="纸质材料：组织负责人（演示）"
    )
    entry.self_tenths = _scores(entry, None, draw, half=state == EntryState.DRAFT)
    entry.state = str(state)
    entry.submitted_at = None if state == EntryState.DRAFT else at
    entry.save(update_fields=["self_tenths", "state", "submitted_at"])
    return entry


def _scores(entry: RatingEntry, assignment: Assignment | None, draw: Random, *, half: bool = False) -> int:
    items = [item for item in entry.sheet.items.order_by("number") if not item.bonus]
    items = items[: len(items) // 2] if half else items
    rows = [
        RatingScore(entry=entry, assignment=assignment, item=item, most=item.tenths, page=f"第{item.number}页",
                    tenths=item.tenths - TENTHS * draw.randrange(0, 1 + item.tenths // (8 * TENTHS)))
        for item in items
    ]  # fmt: skip
    RatingScore.objects.bulk_create(rows)
    return sum(row.tenths or 0 for row in rows)


def _awarded(
    round_: RatingRound, sheet: RatingSheet, body: Body, draw: Random, people: Sequence[Assessor], at: datetime
) -> None:
    """A body with the level that it has in the register: sheets, the vote, the award."""
    rating = Rating.objects.current().filter(organization=body.pk).order_by("valid_from").last()
    if rating is None:
        return
    entry = _entry(round_, sheet, body, EntryState.SUBMITTED, draw, at)
    for person in people[:2]:
        held = Assignment.objects.create(entry=entry, assessor=person, assigned_at=at, declared_at=at, conflict=False)
        held.tenths = _scores(entry, held, draw)
        held.finished_at = at
        held.save(update_fields=["tenths", "finished_at"])
        entry.expert_sum, entry.expert_count = entry.expert_sum + held.tenths, entry.expert_count + 1
    RatingDecision.objects.create(
        entry=entry, level=rating.level, decided_on=round_.review_on, members=9, present=8, yes=7, no=1, abstain=0,
        least=5, words="演示数据", recorded_at=at,
    )  # fmt: skip
    entry.level, entry.rating, entry.state = rating.level, rating, EntryState.AWARDED.value
    entry.save(update_fields=["expert_sum", "expert_count", "level", "rating", "state"])
