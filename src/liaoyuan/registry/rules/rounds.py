"""Rounds of ratings: stages by dates, totals, the proposed level, votes. Points are tenths; nothing is divided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.registry.choices import RATINGS, RoundStage
from liaoyuan.registry.params.ratings import RATING_MESSAGES

#: A point is ten units.
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a round; the publicity's are None before it."""

    called_on: date
    assess_until: date
    visits_from: date
    visits_until: date
    review_on: date
    publicity_from: date | None = None
    publicity_until: date | None = None
    closed: bool = False


def refusal(code: str, field: str = "", severity: Severity = Severity.BLOCK, **args: object) -> Finding:
    """A finding of a round, worded in `registry.params.ratings`."""
    return Finding(code, severity, RATING_MESSAGES[code], field=field, args=args)


def in_order(dates: Dates) -> list[Finding]:
    """The dates follow each other as the procedure does."""
    lawful = (
        dates.called_on <= dates.assess_until
        and dates.called_on <= dates.visits_from <= dates.visits_until
        and dates.visits_from <= dates.review_on
    )
    return [] if lawful else [refusal("RATING.dates", "called_on")]


def stage(dates: Dates, on: date) -> RoundStage:
    """Where the round stands on the day; the last day of each stretch belongs to it."""
    if dates.closed:
        return RoundStage.CLOSED
    if dates.publicity_until is not None:
        return RoundStage.PUBLICITY if on <= dates.publicity_until else RoundStage.AWARD
    if on <= dates.assess_until:
        return RoundStage.CALL
    return RoundStage.VISITS if on < dates.review_on else RoundStage.REVIEW


def proposed(levels: Mapping[str, Any], points: int, sheets: int) -> str:
    """The level that the experts' result reaches: `points` tenths over all `sheets`; "" below every level.

    The mean is never formed: points of one sheet ≥ least is points of all ≥ least × sheets.
    """
    if sheets <= 0:
        return ""
    for level in RATINGS:
        least = levels.get(level)
        if least is not None and points >= int(least) * TENTHS * sheets:
            return level
    return ""


def mean(points: int, sheets: int) -> int | None:
    """The mean of the experts' sheets in tenths, half up, for showing; None without a sheet."""
    return (2 * points + sheets) // (2 * sheets) if sheets > 0 else None


def least_votes(members: int, num: int, den: int) -> int:
    """How many votes are num/den of *all* members, rounded up."""
    return -(-members * num // den)


def carried(*, members: int, present: int, votes: tuple[int, int, int], num: int, den: int) -> list[Finding]:
    """What is wrong with a vote told by totals (yes, no, abstain); nothing when it carries."""
    yes = votes[0]
    if min(votes) < 0 or sum(votes) > present or present > members:
        return [refusal("RATING.votes", "present", members=members)]
    least = least_votes(members, num, den)
    if yes < least:
        return [refusal("RATING.not_carried", "yes", members=members, num=num, den=den, least=least, yes=yes)]
    return []


def unscored(items: Iterable[tuple[int, str, bool]], scored: Mapping[int, int | None]) -> list[Finding]:
    """The indicators (key, name, bonus) that still have no points; bonus ones may stay empty."""
    missing = [name for key, name, bonus in items if not bonus and scored.get(key) is None]
    return [refusal("RATING.missing", n=len(missing), item=missing[0])] if missing else []


def written(tenths: int | None) -> str:
    """Points as people write them: 237.5, 240; "" when there are none."""
    if tenths is None:
        return ""
    whole, rest = divmod(tenths, TENTHS)
    return f"{whole}.{rest}" if rest else str(whole)


def lower(level: str) -> str:
    """The level one step down; "" below 1A."""
    place = RATINGS.index(level) + 1
    return RATINGS[place] if place < len(RATINGS) else ""
