"""The map of a plan: units as signs, an arm from each to its seat, in the units of an SVG, without tiles."""

from collections import Counter
from dataclasses import dataclass

from liaoyuan.planning.choices.words import Place
from liaoyuan.planning.models import Plan
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.rules.naming import branch_id, key_of

WIDTH, MARGIN = 640, 16
#: State of a sign → Chinese word. The signs are those of the map of coverage.
SIGN_TITLES: dict[str, str] = {
    "pilot": "一组的所在单位", "covered": "编入一组", "worked": "挂靠现有党支部", "open": "没有覆盖"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """Signs (x, y, state, name), arms (x, y, to x, to y), counts by state, how many have no place on it."""

    width: int
    height: int
    signs: tuple[tuple[int, int, str, str], ...]
    arms: tuple[tuple[int, int, int, int], ...]
    sums: tuple[tuple[str, str, int], ...]
    without: int


def of(plan: Plan, sight: Sight, names: dict[int, str]) -> Drawn:
    """The units in sight; a seat outside it is drawn as the end of an arm only."""
    raw = plan.input.instance
    points = {row["id"]: (row["x"], row["y"]) for row in raw["organizations"]}
    points |= {row["id"]: (row["x"], row["y"]) for row in raw["hosts"]}
    rows = list(sight.units(plan).exclude(place__in=[Place.INDEPENDENT, Place.FIXED]).select_related("group"))
    known = [point for point in points.values() if point[0] is not None]
    if not known:
        return Drawn(WIDTH, WIDTH // 2, (), (), _sums(Counter()), len(rows))
    left, right = min(x for x, _y in known), max(x for x, _y in known)
    low, high = min(y for _x, y in known), max(y for _x, y in known)
    scale = (WIDTH - 2 * MARGIN) / max(right - left, high - low, 1.0)

    def at(one: str) -> tuple[int, int] | None:
        x, y = points[one]
        return None if x is None else (round(MARGIN + (x - left) * scale), round(MARGIN + (high - y) * scale))

    signs, arms, sums, without = [], [], Counter[str](), 0
    for row in rows:
        key = str(row.organization_id)
        state = _state(row.place, row.group is not None and row.group.seat_id == row.organization_id)
        sums[state] += 1
        here = at(key)
        if here is None:
            without += 1
            continue
        there = (
            at(str(row.group.seat_id)) if row.group is not None else at(branch_id(row.host_id)) if row.host_id else None
        )
        if there is not None and there != here:
            arms.append((*here, *there))
        signs.append((*here, state, names.get(key_of(key), "")))
    order = list(SIGN_TITLES)[::-1]
    signs.sort(key=lambda sign: (order.index(sign[2]), sign))
    height = round((high - low) * scale) + 2 * MARGIN
    return Drawn(WIDTH, height, tuple(signs), tuple(sorted(arms)), _sums(sums), without)


def _state(place: str, is_seat: bool) -> str:
    if place == Place.GROUP:
        return "pilot" if is_seat else "covered"
    return "worked" if place == Place.ATTACHED else "open"


def _sums(counts: Counter[str]) -> tuple[tuple[str, str, int], ...]:
    return tuple((state, title, counts[state]) for state, title in SIGN_TITLES.items())
