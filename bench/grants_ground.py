"""The ground of grants at size: one round with so many applications, each read, scored and signed by three experts."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import batched
from random import Random
from typing import Any

from bench.ground import AREA
from bench.w5_inside import Ground

READERS, EXPERTS = 3, 60
_AT_ONCE = 2_000
_FIELDS = ("elderly", "children", "disabled", "community", "charity")
_WORDS = ("银发陪伴", "邻里互助", "儿童成长", "助残就业", "社区营造", "心理关爱", "志愿服务", "环保宣传")
_PARTS = ("TeamMember", "PlanStep", "Indicator", "Risk", "BudgetLine")


def lay(count: int, seed: int) -> dict[str, int]:
    """Write the round; its key, and how many rows of what."""
    from liaoyuan.funding.models import Project, Reading, Score, ScoreCard
    from liaoyuan.registry.models import Organization

    made, draw = Ground(seed, title=f"规模{seed}-"), Random(seed)
    round_ = made.a_round(seed)
    bodies = list(Organization.objects.filter(live=True).order_by("pk").values_list("pk", flat=True))
    keys = []
    for numbers in batched(range(1, count + 1), _AT_ONCE):
        keys += _applications(made, round_, [(number, bodies[number % len(bodies)]) for number in numbers], draw)
    stage = _stage(made, round_)
    for part in batched(_readings(stage, keys, made), _AT_ONCE):
        _scored(list(part), stage, made, draw)
    type(stage).objects.filter(pk=stage.pk).update(closed_at=made.now, closed_by=made.office)
    type(round_).objects.filter(pk=round_.pk).update(last_number=count)
    return {"round": round_.pk, "projects": Project.objects.filter(round=round_).count(),
            "readings": Reading.objects.filter(stage=stage).count(), "cards": ScoreCard.objects.count(),
            "scores": Score.objects.count()}  # fmt: skip


def _applications(made: Ground, round_: Any, wanted: Sequence[tuple[int, int]], draw: Random) -> list[int]:
    """Handed-in applications under review with all their parts, the marks of doubles left out."""
    from liaoyuan.funding import models

    rows = []
    for number, body in wanted:
        row = models.Project.objects.get(pk=made.kinds["lawful"].pk) if not rows else _copy(rows[0])
        row.pk, row.round, row.organization_id, row.state = None, round_, body, "in_review"
        row._state.adding = True
        row.number, row.title = f"{round_.year}-{number:05d}", f"{draw.choice(_WORDS)}{number:05d}"
        row.field, row.grant_fen = draw.choice(_FIELDS), draw.randrange(1_000_000, 10_000_000, 100)
        row.own_fen, row.total_fen, row.base_fen = 0, row.grant_fen, row.grant_fen
        row.pay_fen, row.staff_fen = row.grant_fen // 4, row.grant_fen // 4
        row.share_num, row.share_den, row.staff_num, row.staff_den = 50, 100, 50, 100
        row.submitted_at = made.now + timedelta(seconds=number)
        rows.append(row)
    models.Project.objects.bulk_create(rows)
    for name in _PARTS:
        model: Any = getattr(models, name)
        samples = list(model.objects.filter(project=made.kinds["lawful"]))
        parts = []
        for row in rows:
            for sample in samples:
                part = _copy(sample)
                part.pk, part.project_id = None, row.pk
                if name == "BudgetLine":
                    part.member_id = None
                parts.append(part)
        model.objects.bulk_create(parts)
    return [row.pk for row in rows]


def _copy(row: Any) -> Any:
    return type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})


def _stage(made: Ground, round_: Any) -> Any:
    """A stage on paper that has begun."""
    from liaoyuan.core.access import Operator
    from liaoyuan.funding.actions import stages

    stage = stages.plan(round_=round_, seed="7", by=Operator("bench"), at=made.now)  # type: ignore[arg-type]
    stage.begun_at, stage.begun_by = made.now, made.office
    stage.save(update_fields=["begun_at", "begun_by"])
    type(stage.sheet).objects.filter(pk=stage.sheet_id).update(frozen_at=made.now, frozen_by=made.office)
    return stage


def _readings(stage: Any, keys: Sequence[int], made: Ground) -> Iterator[Any]:
    """Three readers a project, from a pool whose first member may log in as `benchexpert…-0`."""
    from tests.core.factories import user

    from liaoyuan.core.models import Area
    from liaoyuan.funding.models import ExpertDeclaration, GrantExpert, Reading

    area = Area.objects.get(code=AREA)
    users = [user(f"benchexpert{stage.round_id}-{n}", ("expert", "area", AREA), is_demo=True) for n in range(EXPERTS)]
    experts = GrantExpert.objects.bulk_create(
        GrantExpert(area=area, name=f"演示专家{n}", user=one, created_at=made.now) for n, one in enumerate(users)
    )
    ExpertDeclaration.objects.create(round_id=stage.round_id, expert=experts[0], text="声明", signed_at=made.now,
                                     signed_by=users[0])  # fmt: skip
    for number, key in enumerate(keys):
        for place in range(READERS):
            expert = experts[(number * READERS + place) % EXPERTS]
            yield Reading(stage=stage, project_id=key, expert=expert, label=f"L{number:06d}", assigned_at=made.now)


def _scored(readings: list[Any], stage: Any, made: Ground, draw: Random) -> None:
    """A signed sheet for each reading."""
    from liaoyuan.funding.models import Reading, Score, ScoreCard

    items = {code: most for code, most in stage.sheet.items.items()}
    Reading.objects.bulk_create(readings)
    sheets = [{code: draw.randint(most // 2, most) * 100 for code, most in items.items()} for _row in readings]
    cards = ScoreCard.objects.bulk_create(
        ScoreCard(reading=row, total=sum(sheet.values()), saved_at=made.now)
        for row, sheet in zip(readings, sheets, strict=True)
    )
    Score.objects.bulk_create(
        Score(card=card, item=code, hundredths=points, most=items[code] * 100)
        for card, sheet in zip(cards, sheets, strict=True)
        for code, points in sheet.items()
    )
    ScoreCard.objects.filter(pk__in=[card.pk for card in cards]).update(state="signed", signed_at=made.now)
