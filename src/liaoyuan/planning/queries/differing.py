"""What differs between a plan and the one it was bent from."""

from collections.abc import Mapping
from dataclasses import dataclass

from liaoyuan.planning.models import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """Groups that stayed as they were, of how many; bodies that stand elsewhere, with their former group's number (0 =
    none) and the present one; by how much the cost changed. A group is the former one that it has most in common with.
    """

    same: int
    before: int
    elsewhere: tuple[tuple[int, int, int], ...]
    cost: int


def of(plan: Plan) -> Difference | None:
    """None for a plan that was made anew."""
    if plan.earlier is None:
        return None
    then, now = _groups(plan.earlier), _groups(plan)
    stood = {unit: number for number, units in then.items() for unit in units}
    stands = {unit: number for number, units in now.items() for unit in units}
    former, hosts = matched(then, now), (_hosts(plan.earlier), _hosts(plan))
    elsewhere = [
        (unit, stood.get(unit, 0), stands.get(unit, 0))
        for unit in sorted(stood.keys() | stands.keys() | hosts[0].keys() | hosts[1].keys())
        if stood.get(unit, 0) != former.get(stands.get(unit, 0), 0) or hosts[0].get(unit) != hosts[1].get(unit)
        or (unit in stands) != (unit in stood)
    ]  # fmt: skip
    same = sum(1 for units in now.values() if units in then.values())
    return Difference(same, len(then), tuple(elsewhere), plan.cost - plan.earlier.cost)


def matched(then: Mapping[int, frozenset[int]], now: Mapping[int, frozenset[int]]) -> dict[int, int]:
    """Present group → the former one with which it has most units in common, each former one once."""
    pairs = sorted((-len(then[old] & now[new]), old, new) for old in then for new in now if then[old] & now[new])
    found: dict[int, int] = {}
    for _common, old, new in pairs:
        if new not in found and old not in found.values():
            found[new] = old
    return found


def _groups(plan: Plan) -> dict[int, frozenset[int]]:
    """The units of each group by its number."""
    found: dict[int, set[int]] = {}
    for number, unit in plan.bodies.filter(group__isnull=False).values_list("group__number", "organization_id"):
        found.setdefault(number, set()).add(unit)
    return {number: frozenset(units) for number, units in found.items()}


def _hosts(plan: Plan) -> dict[int, int | None]:
    return dict(plan.bodies.filter(host__isnull=False).values_list("organization_id", "host_id"))
