"""Finding places by what stands in an address or a form, and the tree of areas beside the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from liaoyuan.core import access
from liaoyuan.core.choices import Level
from liaoyuan.core.models import Area
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.queries.listing import NONE, OUTSIDE
from liaoyuan.ui.pager import Query


@dataclass(frozen=True, slots=True)
class Places:
    """What an address says of places. `streets`, `communities` are areas, NONE or OUTSIDE; `unknown` was not found."""

    area: Area | None = None
    streets: Sequence[Area] | str = ()
    communities: Sequence[Area] | str = ()
    unknown: tuple[str, ...] = ()

    @property
    def chosen(self) -> Area | None:
        """The narrowest place that is chosen."""
        for found in (self.communities, self.streets):
            if found and not isinstance(found, str):
                return found[0]
        return self.area

    def words(self) -> list[tuple[str, str]]:
        """(parameter, name) of every place chosen, for the chips."""
        told = [("area", self.area.name)] if self.area else []
        for name, found in (("street", self.streets), ("community", self.communities)):
            if found:
                told.append((name, found if isinstance(found, str) else found[0].name))
        return told


def places(given: Any, user: Any) -> Places:
    """Read `area`, `street` and `community` of an address: codes, or names within the area or the user's reach."""
    asked = {name: str(given.get(name, ""))[:60] for name in ("area", "street", "community")}
    if not any(asked.values()):
        return Places()
    codes = {value for value in asked.values() if value.isascii() and value.isdigit()}
    by_code = {area.code: area for area in Area.objects.filter(code__in=codes)} if codes else {}
    area = by_code.get(asked["area"])
    unknown = [asked["area"]] if asked["area"] and area is None else []
    found: dict[str, Sequence[Area] | str] = {}
    for name, level in (("street", Level.STREET), ("community", Level.COMMUNITY)):
        value = asked[name]
        if value in (NONE, OUTSIDE, ""):
            found[name] = value or ()
        elif value in by_code:
            found[name] = (by_code[value],)
        else:
            found[name] = tuple(_named(value, level, area, user))
            unknown += [] if found[name] else [value]
    return Places(area, found["street"], found["community"], tuple(unknown))


def _named(name: str, level: Level, area: Area | None, user: Any) -> list[Area]:
    paths = [area.path] if area else access.reach(user, Permission.VIEW).paths
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(pk__in=Area.objects.within(path).values("pk"))
    return list(Area.objects.filter(within, name=name, level=level).order_by("code"))


@dataclass(slots=True)
class Node:
    """One area of the tree, as the macro `area_tree` prints it."""

    name: str
    href: str
    current: bool = False
    open: bool = False
    count: int | None = None
    children: list["Node"] = field(default_factory=list)


def tree(user: Any, chosen: Area | None, query: Query) -> list[Node]:
    """The areas of the user's reach, opened down to the chosen one; empty for a reach without bounds."""
    paths = access.reach(user, Permission.VIEW).paths
    roots = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    if not roots:
        return []
    opened = {path.strip("/").rsplit("/", 1)[-1] for path in roots}
    inside = chosen is not None and any(chosen.path.startswith(path) for path in roots)
    if chosen is not None and inside:
        opened |= set(chosen.path.strip("/").split("/"))
    parents = Area.objects.filter(code__in=opened).values("pk")
    tops_ = [path.strip("/").rsplit("/", 1)[-1] for path in roots]
    rows = Area.objects.filter(Q(parent__in=parents) | Q(code__in=tops_), abolished=False).order_by("code")
    nodes: dict[str, Node] = {}
    tops = []
    for code, name, level, path in rows.values_list("code", "name", "level", "path"):
        if not any(path.startswith(root) for root in roots):
            continue
        current = chosen is not None and code == chosen.code
        opens = code in opened and chosen is not None and chosen.path.startswith(path)
        node = nodes[path] = Node(name, _href(query, path, level), current, opens or path in roots)
        parent = nodes.get(path[: path.rstrip("/").rfind("/") + 1])
        if parent is None:
            tops.append(node)
        else:
            parent.children.append(node)
    return tops


def _href(query: Query, path: str, level: str) -> str:
    codes = path.strip("/").split("/")
    if level == Level.STREET:
        return query(area=None, street=codes[-1], community=None)
    if level == Level.COMMUNITY:
        return query(area=None, street=codes[-2], community=codes[-1])
    return query(area=codes[-1], street=None, community=None)
