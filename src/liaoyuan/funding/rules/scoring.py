"""Sheets of experts to a ranking: means without the extremes, the spread, fixed ties, bands (handbook §3.5).

Points are hundredths of a point throughout. A mean is told with two decimals, rounded half up, and compared exactly, as
a sum over a number of sheets. Who is a member of the Party is nowhere in a sheet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.kit.findings import Limits

_HUNDREDTHS = 100
_READERS = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """One expert's signed sheet of one project: points by item, bonus included."""

    expert: str
    points: Mapping[str, int]

    @property
    def total(self) -> int:
        """The sum of all items."""
        return sum(self.points.values())


@dataclass(frozen=True, slots=True)
class Result:
    """What the sheets of a project come to. `dropped` are the totals left out, `exact` is compared, `mean` is told."""

    project: str
    totals: tuple[int, ...]
    dropped: tuple[int, ...]
    exact: Fraction
    mean: int
    spread: int
    items: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A project's place. Projects that even the fixed items cannot part share a rank, and a person decides."""

    project: str
    rank: int
    tied: bool
    outcome: ReviewOutcome


def kept(totals: Sequence[int], drop_from: int | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Totals that count and totals that are dropped: one highest and one lowest when there are at least `drop_from`."""
    ordered = tuple(sorted(totals))
    if drop_from is None or len(ordered) < max(drop_from, 3):
        return ordered, ()
    return ordered[1:-1], (ordered[0], ordered[-1])


def mean(values: Sequence[int]) -> Fraction:
    """The exact mean of hundredths. Raises ValueError without a value."""
    if not values:
        raise ValueError("没有可以汇总的评分。")
    return Fraction(sum(values), len(values))


def rounded(value: Fraction) -> int:
    """Hundredths of a point as a sheet tells them, rounded half up."""
    return (value.numerator * 2 + value.denominator) // (2 * value.denominator)


def result(project: str, sheets: Iterable[Sheet], limits: Limits) -> Result:
    """The result of a project. Items are averaged over all sheets: they only break ties. Raises ValueError if none."""
    given = list(sheets)
    totals = tuple(sheet.total for sheet in given)
    counted, dropped = kept(totals, limits["gv.review.drop_from"])
    exact = mean(counted)
    names = sorted({item for sheet in given for item in sheet.points})
    items = {item: mean([sheet.points.get(item, 0) for sheet in given]) for item in names}
    return Result(project, totals, dropped, exact, rounded(exact), max(totals) - min(totals), items)


def needs_talk(found: Result, limits: Limits) -> bool:
    """Whether the totals lie further apart than the place lets stand without a talk and a further reader."""
    return found.spread > most_apart(limits)


def most_apart(limits: Limits) -> int:
    """By how many hundredths of a point the totals of a project may differ."""
    return int(limits["gv.review.spread"] * _HUNDREDTHS)


def third_reader(found: Result, third: int, limits: Limits) -> Result:
    """The result after a third expert read a project on which two differ: his total and the one nearer to it count.

    Where both are equally near, the higher one counts: doubt is not held against the applicant. Raises ValueError when
    not exactly two have read it.
    """
    if len(found.totals) != _READERS:
        raise ValueError("复评只用于两名专家的评分。")
    nearest = min(found.totals, key=lambda total: (abs(total - third), -total))
    exact = mean([nearest, third])
    totals = (*found.totals, third)
    dropped = list(found.totals)
    dropped.remove(nearest)
    return Result(found.project, totals, tuple(dropped), exact, rounded(exact), abs(nearest - third), found.items)


def _key(found: Result, ties: Sequence[str]) -> tuple[Fraction, ...]:
    return (found.exact, *(found.items.get(item, Fraction(0)) for item in ties))


def ranking(results: Iterable[Result], limits: Limits, *, places: int) -> list[Place]:
    """Projects in order: higher mean first, then the items fixed beforehand, one after the other.

    `places` is how many may be funded. Below the pass score nobody is proposed; among those above it the first ones are
    proposed and the others stay in reserve. A tie that would part at the last place leaves all of it in reserve for a
    person to decide, so that no order of entry, no name and no chance decides.
    """
    ties = limits["gv.rank.ties"]
    passing = limits["gv.review.pass_score"]
    keyed = sorted(((tuple(-part for part in _key(one, ties)), one) for one in results),
                   key=lambda pair: (pair[0], pair[1].project))  # fmt: skip
    found: list[Place] = []
    for _level, group in groupby(keyed, key=itemgetter(0)):
        level = [one for _key_, one in group]
        ahead, same = len(found), len(level)
        reached = ReviewOutcome.PROPOSED if ahead + same <= places else ReviewOutcome.RESERVE
        for one in level:
            low = passing is not None and one.exact < passing * _HUNDREDTHS
            found.append(Place(one.project, ahead + 1, same > 1, ReviewOutcome.REFUSED if low else reached))
    return found


def band(points: int, grades: Mapping[str, int], *, otherwise: str) -> str:
    """The grade whose least points (whole) are reached, the highest such; `otherwise` below all of them."""
    reached = [(least, grade) for grade, least in grades.items() if points >= least * _HUNDREDTHS]
    return max(reached)[1] if reached else otherwise


def weighed(results: Sequence[Result], weights: Sequence[int]) -> Result:
    """One result out of the same project's results in several stages, each by its weight. Raises ValueError if none.

    Totals and dropped ones stand one after the other, the spread is the greatest of a stage.
    """
    if not results or len(results) != len(weights):
        raise ValueError("没有可以汇总的评分。")
    whole = sum(weights)

    def mixed(values: Iterable[Fraction]) -> Fraction:
        return sum((value * weight for value, weight in zip(values, weights, strict=True)), Fraction(0)) / whole

    exact = mixed(one.exact for one in results)
    names = sorted({item for one in results for item in one.items})
    items = {item: mixed(one.items.get(item, Fraction(0)) for one in results) for item in names}
    totals = tuple(total for one in results for total in one.totals)
    dropped = tuple(total for one in results for total in one.dropped)
    return Result(results[0].project, totals, dropped, exact, rounded(exact), max(one.spread for one in results), items)
