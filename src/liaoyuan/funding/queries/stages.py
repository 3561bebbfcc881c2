"""The review of a round as the office sees it: sheets, stages, who reads how much, what lies far apart, what waits.

Points are told only when a stage is closed, or where names stand open: until then the office sees who has signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.funding.choices.review import (
    CARD_STATE_TITLES,
    SCORE_ITEM_TITLES,
    STAGE_KIND_TITLES,
    CardState,
    StageKind,
)
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import (
    Discussion,
    ExpertDeclaration,
    GrantExpert,
    Project,
    Reading,
    ReviewStage,
    Round,
    ScoreCard,
    ScoreSheet,
)
from liaoyuan.funding.queries import limits, projects, results, ties
from liaoyuan.funding.rules.reviews import BONUS_TITLES

_SIGNED = str(CardState.SIGNED)
_MARKS = {CardState.DRAFT: "review", CardState.SIGNED: "ok", CardState.ANNULLED: "closed"}


def item_title(code: str) -> str:
    """What an item of a sheet is called; a place's own item is its own name."""
    return _(SCORE_ITEM_TITLES.get(code) or BONUS_TITLES.get(code) or code)


def kind_title(stage: ReviewStage) -> str:
    """What a stage is called."""
    return _(STAGE_KIND_TITLES[stage.kind])


def sheet_lines(sheet: ScoreSheet) -> list[tuple[str, int, str]]:
    """The items of a sheet with their full points, then the bonus; what parts equal means is told beside."""
    places = {code: _("并列时第 {n} 个比较").format(n=n) for n, code in enumerate(sheet.ties, 1)}
    order = {code: place for place, code in enumerate(SCORE_ITEM_TITLES)}
    items = sorted(sheet.items.items(), key=lambda item: order.get(item[0], len(order)))
    own = [(item_title(code), most, places.get(code, "")) for code, most in items]
    return own + [(item_title(code), most, _("加分")) for code, most in sheet.bonus.items()]


def sheets(round_: Round) -> list[ScoreSheet]:
    """The versions of the round's score sheet, the latest first."""
    return list(round_.sheets.select_related("made_by").order_by("-number"))


def of_round(round_: Round) -> QuerySet[ReviewStage]:
    """The stages of a round with `total` readings and `signed` ones of them, on paper first."""
    standing = Q(readings__ended_at__isnull=True)
    return (
        ReviewStage.objects.filter(round=round_)
        .select_related("sheet")
        .annotate(
            total=Count("readings", filter=standing, distinct=True),
            signed=Count("readings", filter=standing & Q(readings__cards__state=_SIGNED), distinct=True),
        )
        .order_by("kind")
    )


def state_words(stage: ReviewStage) -> tuple[str, str]:
    """Mark and word of where a stage stands."""
    if stage.closed_at is not None:
        return "closed", _("已结束")
    return ("ok", _("评审中")) if stage.begun_at is not None else ("review", _("准备中"))


def shows_points(stage: ReviewStage) -> bool:
    """Whether the office may see points: not while names are hidden and experts still read."""
    return stage.closed_at is not None or not stage.blind


def pool(round_: Round) -> QuerySet[GrantExpert]:
    """Experts who may be drawn for a round: of its area and of those above it, with `signed_round`."""
    codes = round_.programme.area.path.strip("/").split("/")
    signed = ExpertDeclaration.objects.filter(round=round_, expert=OuterRef("pk"))
    rows = GrantExpert.objects.active().filter(area__code__in=codes).select_related("user", "person", "area")
    return rows.annotate(signed_round=Exists(signed)).order_by("name", "pk")


def has_signed(row: GrantExpert) -> bool:
    """Whether an expert of `pool` has signed his declaration for the round."""
    return bool(row.signed_round)  # type: ignore[attr-defined]


def due(stage: ReviewStage) -> QuerySet[Project]:
    """The projects that a stage may read: on paper those that are eligible, too."""
    states = [str(ProjectState.IN_REVIEW)]
    if stage.kind == StageKind.DESK:
        states.append(str(ProjectState.ELIGIBLE))
    rows = Project.objects.filter(round=stage.round_id, state__in=states)
    return rows.select_related("round__programme__area").order_by("number", "pk")


def waiting(stage: ReviewStage) -> dict[str, int]:
    """How many projects a stage may read, how many of them lack readers, how many have some and are not begun."""
    standing = Q(readings__stage=stage, readings__ended_at__isnull=True)
    rows = due(stage).annotate(n=Count("readings", filter=standing, distinct=True))
    counts = list(rows.order_by().values_list("n", "state"))
    eligible = str(ProjectState.ELIGIBLE)
    return {
        "due": len(counts), "short": sum(1 for n, _state in counts if n < stage.readers),
        "late": sum(1 for n, state in counts if n and state == eligible),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one expert is: how many projects he reads, of how many his sheet is begun, of how many signed."""

    expert: GrantExpert
    total: int
    begun: int
    signed: int
    left: int


def progress(stage: ReviewStage) -> list[Progress]:
    """How far each expert of a stage is, by name; nobody's points."""
    rows = Reading.objects.standing().filter(stage=stage).order_by().values("expert")
    told = rows.annotate(
        total=Count("pk", distinct=True),
        begun=Count("pk", filter=Q(cards__state=str(CardState.DRAFT)), distinct=True),
        signed=Count("pk", filter=Q(cards__state=_SIGNED), distinct=True),
    )
    experts = GrantExpert.objects.in_bulk([row["expert"] for row in told])
    found = [
        Progress(experts[row["expert"]], row["total"], row["begun"], row["signed"], row["total"] - row["signed"])
        for row in told
    ]
    return sorted(found, key=lambda one: (one.expert.name, one.expert.pk))


def loads(found: Iterable[Progress]) -> tuple[int, int]:
    """The smallest and the greatest number of projects that an expert reads."""
    counts = [one.total for one in found]
    return (min(counts), max(counts)) if counts else (0, 0)


@dataclass(frozen=True, slots=True)
class Bars:
    """An expert with the projects that he must not read; `whole` when these are all."""

    expert: GrantExpert
    projects: list[ties.Barred]
    whole: bool
    reasons: tuple[str, ...]


def bars(stage: ReviewStage, on: date) -> list[Bars]:
    """Who must not read what in a stage, by expert."""
    rows = list(due(stage))
    by_expert: dict[int, list[ties.Barred]] = {}
    for one in ties.barred(list(pool(stage.round)), rows, stage.round, on):
        by_expert.setdefault(one.expert.pk, []).append(one)
    return [
        Bars(held[0].expert, held, len(held) == len(rows), tuple(dict.fromkeys(r for one in held for r in one.reasons)))
        for held in by_expert.values()
    ]


@dataclass(frozen=True, slots=True)
class Spread:
    """A project whose first readers' totals lie far apart; `points` only where they may be seen."""

    project: Project
    points: str
    discussed: bool


def points(hundredths: int) -> str:
    """Points as people write them: 85.5."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def spreads(stage: ReviewStage) -> list[Spread]:
    """The projects that must be talked over, by number."""
    found = results.spreads(stage)
    told = set(Discussion.objects.filter(stage=stage).values_list("project", flat=True))
    rows = Project.objects.filter(pk__in=found).order_by("number", "pk")
    seen = shows_points(stage)
    return [Spread(row, points(found[row.pk].spread) if seen else "", row.pk in told) for row in rows]


def most_spread(stage: ReviewStage) -> int:
    """From how many points of difference a project is talked over."""
    return int(limits.limits_of(stage.round)["gv.review.spread"])


def listed(user: Any, stage: ReviewStage, q: str = "", only: str = "") -> QuerySet[Project]:
    """The projects of a stage, each with its standing readings as `held`: `only` those that lack readers, or
    signatures.
    """
    mine = Reading.objects.standing().filter(stage=stage, project=OuterRef("pk"))
    rows = projects.listed(user, q, stage.round_id)
    rows = rows.filter(Q(pk__in=due(stage).order_by().values("pk")) | Q(Exists(mine)))
    signed = mine.filter(cards__state=_SIGNED)
    rows = rows.annotate(readers=_number(mine), signed=_number(signed))
    if only == "short":
        rows = rows.filter(readers__lt=stage.readers)
    elif only == "unsigned":
        rows = rows.filter(Exists(mine.exclude(cards__state=_SIGNED)))
    held = Reading.objects.standing().filter(stage=stage).select_related("expert").order_by("expert__name", "pk")
    return rows.prefetch_related(Prefetch("readings", held, to_attr="held"))


def _number(readings: QuerySet[Reading]) -> Coalesce:
    """How many of the readings a project has."""
    counted = readings.order_by().values("project").annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


def readers(row: Project) -> str:
    """Who reads a row of `listed`."""
    return "、".join(one.expert.name for one in row.held)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of a project: his sheet's state, its points where they may be seen, those annulled before."""

    reading: Reading
    card: ScoreCard | None
    state: tuple[str, str]
    points: str
    annulled: list[ScoreCard] = field(default_factory=list)


def reading_list(stage: ReviewStage, project: Project) -> list[Reader]:
    """The standing readers of a project in a stage with their sheets."""
    rows = Reading.objects.standing().filter(stage=stage, project=project).select_related("expert")
    cards = ScoreCard.objects.order_by("pk")
    found, seen = [], shows_points(stage)
    for row in rows.prefetch_related(Prefetch("cards", cards, to_attr="all_cards")).order_by("expert__name", "pk"):
        every: list[ScoreCard] = row.all_cards
        card = next((one for one in every if one.state != CardState.ANNULLED), None)
        state = ("review", _("未打分")) if card is None else (
            _MARKS[CardState(card.state)], _(CARD_STATE_TITLES[card.state]))  # fmt: skip
        told = points(card.total) if seen and card is not None and card.total is not None else ""
        found.append(Reader(row, card, state, told, [one for one in every if one.state == CardState.ANNULLED]))
    return found


def ended(stage: ReviewStage, project: Project) -> list[Reading]:
    """Who was taken off a project, with the reasons."""
    rows = Reading.objects.filter(stage=stage, project=project, ended_at__isnull=False).select_related("expert")
    return list(rows.order_by("-ended_at", "pk"))


def free(stage: ReviewStage, project: Project, on: date) -> list[tuple[int, str]]:
    """Experts who have declared, do not read the project yet and are not barred from it."""
    rows = [one for one in pool(stage.round).exclude(
        pk__in=Reading.objects.standing().filter(stage=stage, project=project).values("expert")
    ) if has_signed(one)]  # fmt: skip
    out = {one.expert.pk for one in ties.barred(rows, [project], stage.round, on)}
    return [(one.pk, one.name) for one in rows if one.pk not in out]


def discussions(stage: ReviewStage, project: Project) -> list[Discussion]:
    """What was said of a project."""
    rows = Discussion.objects.filter(stage=stage, project=project).select_related("held_by")
    return list(rows.order_by("-held_at", "pk"))
