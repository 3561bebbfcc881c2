"""Finding places by what stands in an address, the tree of areas beside the list, and a user's saved queries.

Plain SQL: these stand on every list page, and the ORM would take ten times as long to build them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db import connection
from django.urls import reverse

from liaoyuan.core import access
from liaoyuan.core.choices import Level
from liaoyuan.core.models import Area, User
from liaoyuan.registry.choices import Permission
from liaoyuan.ui.pager import Query

#: Values of the place criteria that are no place.
NONE, OUTSIDE = "none", "outside"
_COLUMNS = "id, code, name, level, path"


class Place(NamedTuple):
    """An area as the list needs it."""

    pk: int
    code: str
    name: str
    level: str
    path: str


@dataclass(frozen=True, slots=True)
class Places:
    """What an address says of places. `streets`, `communities` are places, NONE or OUTSIDE; `unknown` was not found."""

    area: Place | None = None
    streets: Sequence[Place] | str = ()
    communities: Sequence[Place] | str = ()
    unknown: tuple[str, ...] = ()

    @property
    def chosen(self) -> Place | None:
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
    by_code = {place.code: place for place in _by_code(v for v in asked.values() if v.isascii() and v.isdigit())}
    area = by_code.get(asked["area"])
    unknown = [asked["area"]] if asked["area"] and area is None else []
    found: dict[str, Sequence[Place] | str] = {}
    for name, level in (("street", Level.STREET), ("community", Level.COMMUNITY)):
        value = asked[name]
        if value in (NONE, OUTSIDE, ""):
            found[name] = value or ()
        elif value in by_code:
            found[name] = (by_code[value],)
        else:
            reach = access.reach(user, Permission.VIEW)
            paths = [area.path] if area else [""] if reach.everything else reach.paths
            found[name] = _named(value, level, paths)
            unknown += [] if found[name] else [value]
    return Places(area, found["street"], found["community"], tuple(unknown))


def _by_code(codes: Iterable[str]) -> list[Place]:
    wanted = list(codes)
    return _read(f"code IN ({', '.join(['%s'] * len(wanted))})", wanted) if wanted else []


def _named(name: str, level: Level, paths: Sequence[str]) -> tuple[Place, ...]:
    rows = _read("name = %s AND level = %s", (name, str(level)))
    return tuple(place for place in rows if any(place.path.startswith(path) for path in paths))


def _read(where: str, params: Sequence[Any]) -> list[Place]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM core_area WHERE {where}", params)  # noqa: S608 - conditions of this module
        return sorted((Place._make(row) for row in cursor.fetchall()), key=lambda place: place.code)


@dataclass(slots=True)
class Node:
    """One area of the tree, as the macro `area_tree` prints it."""

    name: str
    href: str
    current: bool = False
    open: bool = False
    count: int | None = None
    children: list["Node"] = field(default_factory=list)


def tree(user: Any, chosen: Place | None, query: Query) -> list[Node]:
    """The areas of the user's reach, opened down to the chosen one; empty for a reach without bounds."""
    paths = access.reach(user, Permission.VIEW).paths
    roots = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    if not roots:
        return []
    tops = [path.strip("/").rsplit("/", 1)[-1] for path in roots]
    opened = set(tops)
    if chosen is not None and any(chosen.path.startswith(path) for path in roots):
        opened |= set(chosen.path.strip("/").split("/"))
    below = f"parent_id IN (SELECT id FROM core_area WHERE code IN ({', '.join(['%s'] * len(opened))}))"  # noqa: S608
    rows = [
        *_read(f"code IN ({', '.join(['%s'] * len(tops))})", tops),
        *_read(f"{below} AND NOT abolished", sorted(opened)),
    ]
    base = query(area=None, street=None, community=None)
    nodes: dict[str, Node] = {}
    found: list[Node] = []
    for place in sorted(set(rows), key=lambda row: row.path):
        if not any(place.path.startswith(root) for root in roots):
            continue
        current = chosen is not None and place.code == chosen.code
        opens = place.path in roots or (chosen is not None and chosen.path.startswith(place.path))
        node = nodes[place.path] = Node(place.name, _href(base, place), current, opens)
        parent = nodes.get(place.path[: -len(place.code) - 1])
        (found if parent is None else parent.children).append(node)
    return found


def _href(base: str, place: Place) -> str:
    sign = "" if base.endswith("?") else "&"
    if place.level == Level.STREET:
        return f"{base}{sign}street={place.code}"
    if place.level == Level.COMMUNITY:
        return f"{base}{sign}street={place.path.strip('/').split('/')[-2]}&community={place.code}"
    return f"{base}{sign}area={quote(place.code)}"


def list_of(area: Area) -> str:
    """The address of the list of organizations of an area."""
    place = Place(area.pk, area.code, area.name, area.level, area.path)
    return _href(f"{reverse('registry:organization_list')}?", place)


def saved_filters(user: User, page: str) -> list[tuple[str, str, int]]:
    """The user's saved queries of a page by name: name, query string, key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, query, id FROM core_savedfilter WHERE user_id = %s AND page = %s ORDER BY name, id",
            (user.pk, page),
        )
        return cursor.fetchall()


class FormPlaces(NamedTuple):
    """What a form offers: registrars' areas, streets and communities within them, streets elsewhere in the city."""

    registrars: list[Area]
    streets: list[Area]
    communities: list[Area]
    elsewhere: list[Area]


def form_places(user: Any, permission: Permission) -> FormPlaces:
    """Places that a form of facts offers to a user, by where his grants let him write."""
    paths = access.reach(user, permission).paths
    codes = [path.strip("/").rsplit("/", 1)[-1] for path in paths]
    return around(list(Area.objects.filter(code__in=codes).order_by("code")))


def around(registrars: Sequence[Area]) -> FormPlaces:
    """Places that a form offers for bodies registered or filed with offices of these areas."""
    streets: dict[str, Area] = {}
    communities: dict[str, Area] = {}
    elsewhere: dict[str, Area] = {}
    for area in registrars:
        rows = Area.objects.within(area.path).live().select_related("parent").order_by("code")
        streets.update((row.code, row) for row in rows.filter(level=Level.STREET))
        communities.update((row.code, row) for row in rows.filter(level=Level.COMMUNITY))
        city = "/".join(area.path.split("/")[:2]) + "/"
        if area.level == Level.DISTRICT:
            near = Area.objects.within(city).live().filter(level=Level.STREET).select_related("parent").order_by("code")
            elsewhere.update((row.code, row) for row in near)
    return FormPlaces(
        list(registrars), list(streets.values()), list(communities.values()),
        [row for code, row in elsewhere.items() if code not in streets],
    )  # fmt: skip
