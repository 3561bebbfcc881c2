"""The map of a plan as a drawing: groups with arms from each unit to its seat, over the outline of the area.

It is drawn on the server in the units of an SVG, for print and for pages without scripts; `mapping` tells the same to
the map one can move.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from liaoyuan.core.models import AreaOutline
from liaoyuan.kit.geo import Point
from liaoyuan.planning.choices.words import Place
from liaoyuan.planning.models import Plan, PlanUnit
from liaoyuan.planning.queries import inputs
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.rules import places
from liaoyuan.planning.rules.naming import branch_id

WIDTH, MARGIN = 640, 24
#: State of a sign → Chinese word. The signs are those of the map of coverage.
SIGN_TITLES: dict[str, str] = {
    "pilot": "一组的所在单位", "covered": "编入一组", "worked": "挂靠现有党支部", "open": "没有覆盖"
}  # fmt: skip
type Sign = tuple[int, int, str, str]
type Arm = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One group: its number and where that is written (None: the seat has no place), its arms and signs."""

    number: int
    at: tuple[int, int] | None
    arms: tuple[Arm, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Groups, then signs (x, y, state, name) and arms (x, y, to x, to y) of the others, counts by state. `outline` is
    the data of an SVG path; `without` are the names that have no place on the map, `rough` those whose street's or
    community's point stands for them.
    """

    width: int
    height: int
    clusters: tuple[Cluster, ...]
    signs: tuple[Sign, ...]
    arms: tuple[Arm, ...]
    sums: tuple[tuple[str, str, int], ...]
    outline: str
    without: tuple[str, ...]
    rough: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has a place."""
        return not self.clusters and not self.signs


def drawable(plan: Plan, sight: Sight) -> list[PlanUnit]:
    """The units in sight that a map shows, or says that it cannot."""
    rows = sight.units(plan).exclude(place__in=[Place.INDEPENDENT, Place.FIXED])
    return list(rows.select_related("group").order_by("organization_id"))


def flat_points(plan: Plan) -> dict[str, tuple[float, float] | None]:
    """Where bodies and hosts of the instance lie, in its metres, by id."""
    raw = plan.input.instance
    return {
        row["id"]: None if row["x"] is None or row["y"] is None else (row["x"], row["y"])
        for row in [*raw["organizations"], *raw["hosts"]]
    }


def outline_of(plan: Plan) -> AreaOutline | None:
    """The outline of the plan's area, if one was uploaded and the plan knows where its metres are counted from."""
    return AreaOutline.objects.filter(area=plan.scenario.area).first() if inputs.origin_of(plan) is not None else None


def of(plan: Plan, rows: Iterable[PlanUnit], names: Mapping[int, str], outline: AreaOutline | None) -> Drawn:
    """The units in sight (`drawable`); a seat outside it is drawn as the end of an arm only."""
    points = flat_points(plan)
    units = list(rows)
    known = [point for point in points.values() if point is not None]
    left, right = min((x for x, _y in known), default=0.0), max((x for x, _y in known), default=0.0)
    low, high = min((y for _x, y in known), default=0.0), max((y for _x, y in known), default=0.0)
    scale = (WIDTH - 2 * MARGIN) / max(right - left, high - low, 1.0)

    def put(point: tuple[float, float]) -> tuple[int, int]:
        return round(MARGIN + (point[0] - left) * scale), round(MARGIN + (high - point[1]) * scale)

    def at(one: str) -> tuple[int, int] | None:
        point = points.get(one)
        return None if point is None else put(point)

    clusters: dict[int, tuple[list[Arm], list[Sign]]] = {}
    seats: dict[int, tuple[int, int] | None] = {}
    loose: list[Sign] = []
    arms: list[Arm] = []
    for row in units:
        here, name = at(str(row.organization_id)), names.get(row.organization_id, "")
        if here is None:
            continue
        if row.group is not None:
            mine = clusters.setdefault(row.group.number, ([], []))
            there = seats[row.group.number] = at(str(row.group.seat_id))
            mine[1].append((*here, state_of(row), name))
            if there is not None and there != here:
                mine[0].append((*here, *there))
            continue
        host = at(branch_id(row.host_id)) if row.host_id else None
        if host is not None and host != here:
            arms.append((*here, *host))
        loose.append((*here, state_of(row), name))
    sums = Counter(state_of(row) for row in units)
    return Drawn(
        WIDTH, round((high - low) * scale) + 2 * MARGIN,
        tuple(Cluster(number, seats[number], tuple(reach), tuple(sorted(inside, key=_seat_last)))
              for number, (reach, inside) in sorted(clusters.items())),
        tuple(sorted(loose)), tuple(sorted(arms)),
        tuple((state, title, sums[state]) for state, title in SIGN_TITLES.items()),
        _path(outline, inputs.origin_of(plan), put),
        tuple(names.get(row.organization_id, "") for row in units if points.get(str(row.organization_id)) is None),
        tuple(names.get(row.organization_id, "") for row in units
              if row.fallback and points.get(str(row.organization_id)) is not None),
    )  # fmt: skip


def _seat_last(sign: Sign) -> tuple[bool, Sign]:
    return sign[2] == "pilot", sign


def _path(
    outline: AreaOutline | None, origin: Point | None, put: Callable[[tuple[float, float]], tuple[int, int]]
) -> str:  # fmt: skip
    if outline is None or origin is None:
        return ""
    rings = (ring for polygon in outline.rings for ring in polygon)
    drawn = (" ".join("{},{}".format(*put(places.metres(origin, (x, y)))) for x, y in ring) for ring in rings)
    return " ".join(f"M{points}Z" for points in drawn)


def state_of(row: PlanUnit) -> str:
    """Which of the signs a unit has."""
    if row.place == Place.GROUP:
        return "pilot" if row.group is not None and row.group.seat_id == row.organization_id else "covered"
    return "worked" if row.place == Place.ATTACHED else "open"
