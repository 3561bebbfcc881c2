"""What differs between a plan and the one it was bent from."""

from dataclasses import dataclass

from liaoyuan.planning.models import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """Groups that stayed as they were, of how many; bodies that stand elsewhere, with their former group's number (0 =
    none) and the present one; by how much the cost changed.
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
    stood = {unit: units for units in then for unit in units}
    stands = {unit: units for units in now for unit in units}
    hosts_then, hosts_now = _hosts(plan.earlier), _hosts(plan)
    elsewhere = [
        (unit, then.get(stood.get(unit, frozenset()), 0), now.get(stands.get(unit, frozenset()), 0))
        for unit in sorted(stood.keys() | stands.keys() | hosts_then.keys() | hosts_now.keys())
        if stood.get(unit) != stands.get(unit) or hosts_then.get(unit) != hosts_now.get(unit)
    ]
    return Difference(len(then.keys() & now.keys()), len(then), tuple(elsewhere), plan.cost - plan.earlier.cost)


def _groups(plan: Plan) -> dict[frozenset[int], int]:
    """The groups of a plan by their units, with their numbers."""
    found: dict[int, set[int]] = {}
    for number, unit in plan.bodies.filter(group__isnull=False).values_list("group__number", "organization_id"):
        found.setdefault(number, set()).add(unit)
    return {frozenset(units): number for number, units in found.items()}


def _hosts(plan: Plan) -> dict[int, int | None]:
    return dict(plan.bodies.filter(host__isnull=False).values_list("organization_id", "host_id"))
