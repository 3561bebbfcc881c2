"""Which part of a plan a user sees: all of it, or the streets that are his."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.models import Plan, PlanGroup, PlanUnit


@dataclass(frozen=True, slots=True)
class Sight:
    """`streets` are the keys of the user's own ones where he does not see the `whole` area."""

    whole: bool
    streets: frozenset[int] = frozenset()

    def covers(self, street: int | None) -> bool:
        """Whether he sees what lies in a street."""
        return self.whole or street in self.streets

    def groups(self, plan: Plan) -> Any:
        """The groups of a plan that he sees: those with a unit of his."""
        rows = PlanGroup.objects.filter(plan=plan)
        if self.whole:
            return rows
        mine = PlanUnit.objects.filter(plan=plan, street__in=self.streets, group__isnull=False)
        return rows.filter(pk__in=mine.values("group"))

    def units(self, plan: Plan) -> Any:
        """The bodies of a plan that he sees."""
        rows = PlanUnit.objects.filter(plan=plan)
        return rows if self.whole else rows.filter(Q(street__in=self.streets))


def of(user: Any, area: Area) -> Sight:
    """The user's sight of plans of an area."""
    reach = access.reach(user, Permission.VIEW)
    if reach.everything or any(area.path.startswith(path) for path in reach.paths):
        return Sight(True)
    inside = [path for path in reach.paths if path.startswith(area.path)]
    found = Area.objects.none()
    for path in inside:
        found = found | Area.objects.within(path)
    return Sight(False, frozenset(found.values_list("pk", flat=True)))


def may_edit(user: Any, area: Area) -> bool:
    """Whether the user makes plans of the area."""
    return _holds(user, Permission.EDIT, area)


def may_approve(user: Any, area: Area) -> bool:
    """Whether the user approves plans of the area."""
    return _holds(user, Permission.APPROVE, area)


def _holds(user: Any, permission: Permission, area: Area) -> bool:
    reach = access.reach(user, permission)
    return reach.everything or any(area.path.startswith(path) for path in reach.paths)


def areas(user: Any) -> Any:
    """Districts and streets of which the user may make plans; the cities above them stand for all their districts."""
    reach = access.reach(user, Permission.EDIT)
    rows = Area.objects.live().filter(level__in=["province", "city", "district", "street"])
    if reach.everything:
        return rows.filter(level__in=["district", "street"])
    found = Area.objects.none()
    for path in reach.paths:
        found = found | Area.objects.within(path).filter(level__in=["province", "city", "district", "street"])
    return found.filter(abolished=False).distinct()
