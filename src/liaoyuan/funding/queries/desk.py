"""The desk of an expert: what he reads, how far he is, a project as he may see it with its budget and what the rules
say of it. While names are hidden nothing here holds one: every text of a project goes through `rules.hiding`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.desk import SCORE_HINT_TITLES
from liaoyuan.funding.choices.review import SCORE_ITEM_TITLES, STAGE_KIND_TITLES, CardState
from liaoyuan.funding.choices.rounds import RoundState
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import (
    BudgetLine,
    ExpertDeclaration,
    GrantExpert,
    Reading,
    ReviewStage,
    Round,
    Score,
    ScoreCard,
    ScoreSheet,
)
from liaoyuan.funding.params.application_form import SECTION_TITLES
from liaoyuan.funding.queries import blind, bodies, facts, limits
from liaoyuan.funding.queries import projects as amounts
from liaoyuan.funding.rules import hiding
from liaoyuan.funding.rules.reviews import BONUS_TITLES

_NUMBERED = re.compile(r"([0-9]+) (.+)", re.DOTALL)
_SIGNED = str(CardState.SIGNED)


def readings(user: Any) -> Any:
    """One's own readings in stages that have begun, each with `card_state`, `points` (the sum so far, hundredths),
    `given` (items that have points) and `kept_at`.
    """
    cards = ScoreCard.objects.living().filter(reading=OuterRef("pk"))
    given = Score.objects.filter(card__reading=OuterRef("pk")).exclude(card__state=str(CardState.ANNULLED))
    scores = given.order_by().values("card")
    return (
        Reading.objects.of(user)
        .filter(stage__begun_at__isnull=False)
        .select_related("stage__round", "stage__sheet", "project")
        .defer("stage__round__figures", "project__answers", "project__findings")
        .annotate(
            card_state=Subquery(cards.values("state")[:1]),
            kept_at=Subquery(cards.values("saved_at")[:1]),
            points=Subquery(scores.annotate(n=Sum("hundredths")).values("n")[:1]),
            given=Subquery(scores.annotate(n=Count("pk")).values("n")[:1]),
        )
        .order_by("stage__closed_at", "stage", "label", "pk")
    )


def reads_still(row: Reading) -> bool:
    """Whether the sheet of a reading can still be filled in."""
    return row.stage.closed_at is None and row.project.state == ProjectState.IN_REVIEW


def left(row: Any) -> bool:
    """Whether a reading still waits for its signature."""
    return reads_still(row) and row.card_state != _SIGNED


def progress(row: Any) -> tuple[str, str]:
    """Mark and words of how far a reading is."""
    if row.card_state == _SIGNED:
        return "ok", _("已签字")
    if not reads_still(row):
        return "closed", _("评审已结束")
    return ("review", _("已打 {n} 项").format(n=row.given)) if row.given else ("review", _("还没有打分"))


def name(row: Reading) -> str:
    """What a reading is called: its label, and where names are not hidden the project's title."""
    return row.label if row.stage.blind else row.project.title


def body_of(row: Reading) -> str:
    """The applicant's present name, for a stage in which names are not hidden."""
    return bodies.names([row.project.organization_id]).get(row.project.organization_id, "")


def last_day(stage: ReviewStage) -> date | None:
    """Until when a stage is to be read: the day of defence, else the round's plan."""
    return stage.held_on or stage.round.review_by


@dataclass(slots=True)
class Stage:
    """A stage on the desk: how many readings there are, how many still wait."""

    stage: ReviewStage
    title: str
    due_on: date | None
    count: int = 0
    left: int = 0


def stages(rows: Iterable[Any]) -> list[Stage]:
    """The stages of readings, in their order."""
    found: dict[int, Stage] = {}
    for row in rows:
        stage = row.stage
        one = found.setdefault(stage.pk, Stage(stage, _(STAGE_KIND_TITLES[stage.kind]), last_day(stage)))
        one.count += 1
        one.left += left(row)
    return list(found.values())


def of_label(user: Any, stage: int, label: str) -> Reading | None:
    """One's own reading of a stage by its label."""
    rows = Reading.objects.of(user).filter(stage=stage, label=label, stage__begun_at__isnull=False)
    related = ("stage__sheet", "stage__round__programme__area", "expert__user", "project__organization",
               "project__sponsor", "project__area", "project__round__programme__area")  # fmt: skip
    return rows.select_related(*related).order_by("pk").first()


def card_of(row: Reading) -> tuple[ScoreCard | None, dict[str, int]]:
    """The living card of a reading with its points by item."""
    card = ScoreCard.objects.living().filter(reading=row).select_related("signed_by").first()
    return card, dict(card.scores.values_list("item", "hundredths")) if card is not None else {}


def declared(row: Reading) -> bool:
    """Whether the reader has signed his declaration for the round."""
    return ExpertDeclaration.objects.filter(round=row.stage.round_id, expert=row.expert_id).exists()


def expert_for(user: Any, round_: Round) -> GrantExpert | None:
    """As whom a user may read in a round."""
    rows = GrantExpert.objects.active().filter(user=user.pk).select_related("area", "user").order_by("pk")
    return next((row for row in rows if round_.programme.area.path.startswith(row.area.path)), None)


def open_rounds() -> Any:
    """Rounds that have been called and are not over."""
    return Round.objects.filter(state=str(RoundState.OPEN)).select_related("programme__area")


def to_declare(user: Any) -> list[Round]:
    """Rounds whose review is to come and for which the user has not yet declared what ties him to whom."""
    mine = list(GrantExpert.objects.active().filter(user=user.pk).select_related("area"))
    if not mine:
        return []
    rows = open_rounds().exclude(stages__closed_at__isnull=False)
    done = set(ExpertDeclaration.objects.filter(expert__in=mine).values_list("round", "expert"))
    return [
        row for row in rows.order_by("review_by", "pk")
        if any(row.programme.area.path.startswith(one.area.path) for one in mine)
        and not any((row.pk, one.pk) in done for one in mine)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a score sheet as the desk shows it; `most` in whole points."""

    code: str
    title: str
    hint: str
    most: int
    bonus: bool


def item_title(code: str) -> str:
    """What an item is called; one of a round's own is called as the office wrote it."""
    return _(SCORE_ITEM_TITLES.get(code) or BONUS_TITLES.get(code) or code)


def items(sheet: ScoreSheet) -> list[Item]:
    """The items of a sheet in the usual order, those of the round's own behind them, those that add a bonus last."""
    usual = {str(code): place for place, code in enumerate(SCORE_ITEM_TITLES)}
    return [
        Item(code, item_title(code), _(SCORE_HINT_TITLES[code]) if code in SCORE_HINT_TITLES else "", most, bonus)
        for given, bonus in ((sheet.items, False), (sheet.bonus, True))
        for code, most in sorted(given.items(), key=lambda pair: usual.get(pair[0], len(usual)))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is read: texts with their headings, and a table of its repeated rows."""

    code: str
    title: str
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def parts(fields: Iterable[blind.Field]) -> list[Part]:
    """Fields that an expert may see, section by section; the budget is shown with its sums, see `budget`."""
    found: dict[str, Part] = {}
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for one in fields:
        if one.section == "budget":
            continue
        part = found.setdefault(one.section, Part(one.section, _(SECTION_TITLES[one.section])))
        numbered = _NUMBERED.fullmatch(one.title)
        if numbered is None:
            part.texts.append((_(one.title), one.text, ""))
        else:
            tables.setdefault(one.section, {}).setdefault(numbered[1], {})[numbered[2]] = one.text
    for section, rows in tables.items():
        heads = list(dict.fromkeys(head for row in rows.values() for head in row))
        found[section].heads.extend(_(head) for head in heads)
        found[section].rows.extend([row.get(head, "") for head in heads] for row in rows.values())
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of the budget, without names."""

    severity: str
    message: str
    source: str
    code: str


@dataclass(frozen=True, slots=True)
class Material:
    """A project as its reader sees it. Money in fen; `money` is what the meter shows."""

    title: str
    parts: list[Part]
    lines: list[tuple[str, BudgetLine]]
    money: dict[str, Any]
    says: list[Said]


def material(row: Reading, on: date) -> Material:
    """What the reader of a project sees of it. In a stage with names its texts stand as they were written."""
    project, hidden = row.project, row.stage.blind
    terms = blind.terms(project) if hidden else []

    def plain(text: str) -> str:
        return hiding.hide(text, terms).text if hidden else text

    lines = []
    for line in project.lines.order_by("position", "pk"):
        line.title, line.basis, line.note = plain(line.title), plain(line.basis), plain(line.note)
        line.unit = plain(line.unit)
        lines.append((_(BUDGET_CLASS_TITLES.get(line.budget_class, line.budget_class)), line))
    held = limits.limits_of(project.round)
    found = policy.evaluate(Moment.BUDGET_SUBMIT, facts.of_budget(project, on), held, on)
    says = [Said(str(f.severity), plain(f.text), f.source, f.code) for f in found]
    told = parts(blind.sight(project, row.label).fields) if hidden else []
    return Material(name(row), told, lines, amounts.money(project), says)


def whole_of(user: Any, stage: int) -> list[tuple[Reading, ScoreCard | None, dict[str, int]]]:
    """One's own readings of a stage with card and points, in the order of their labels."""
    rows = list(readings(user).filter(stage=stage).order_by("label", "pk"))
    cards = {card.reading_id: card for card in ScoreCard.objects.living().filter(reading__in=rows)}
    points: dict[int, dict[str, int]] = {}
    scores = Score.objects.filter(card__in=cards.values())
    for key, item, hundredths in scores.values_list("card", "item", "hundredths"):
        points.setdefault(key, {})[item] = hundredths
    return [(row, card := cards.get(row.pk), points.get(card.pk, {}) if card is not None else {}) for row in rows]


def stage_of(user: Any, pk: int) -> ReviewStage | None:
    """A begun stage in which the user reads."""
    rows = Reading.objects.of(user).filter(stage=pk, stage__begun_at__isnull=False)
    found = rows.select_related("stage__round__programme__area", "stage__sheet").order_by("pk").first()
    return found.stage if found is not None else None
