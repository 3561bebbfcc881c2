"""Reading areas: the list and one area's page, names on a day, and finding areas by the names that people write."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from liaoyuan.core import access, registries
from liaoyuan.core.choices import Level, Permission
from liaoyuan.core.models import Area, AreaOutline, FormerName
from liaoyuan.kit.text import match_key

_STREET_END = re.compile(r"(街道办事处|街道办|街道|镇人民政府|镇|乡)$")
_COMMUNITY_END = re.compile(r"(社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|社区|村)$")


class AreaNames:
    """Streets and communities of one city by name, for thousands of look-ups. Built once per import or form."""

    def __init__(self, area: Area) -> None:
        self.area = area
        city = area if area.level == Level.CITY else _ancestor(area, Level.CITY) or area
        rows = list(Area.objects.within(city.path).live().order_by("code"))
        rows += [a for a in Area.objects.filter(code__in=area.path.strip("/").split("/")) if a not in rows]
        self.by_id = {row.pk: row for row in rows}
        self._streets: dict[str, list[Area]] = {}
        self._communities: dict[str, list[Area]] = {}
        self._former_streets: dict[str, list[Area]] = {}
        self._former_communities: dict[str, list[Area]] = {}
        for row in rows:
            if row.level == Level.STREET:
                self._enter(self._streets, row, _STREET_END, row.name)
            elif row.level == Level.COMMUNITY:
                self._enter(self._communities, row, _COMMUNITY_END, row.name)
        former = FormerName.objects.filter(area__in=Area.objects.within(city.path).live()).order_by("area", "valid_to")
        for pk, name in former.values_list("area", "name"):  # an older sheet still calls it so
            row = self.by_id[pk]
            if row.level == Level.STREET:
                self._enter(self._former_streets, row, _STREET_END, name)
            elif row.level == Level.COMMUNITY:
                self._enter(self._former_communities, row, _COMMUNITY_END, name)
        self._upper = [r for r in rows if r.level in (Level.PROVINCE, Level.CITY, Level.DISTRICT)]

    @staticmethod
    def _enter(table: dict[str, list[Area]], row: Area, ending: re.Pattern[str], name: str) -> None:
        whole = match_key(name)
        for key in {whole, ending.sub("", whole)}:
            if key:
                table.setdefault(key, []).append(row)

    def street(self, text: str) -> tuple[Area | None, bool]:
        """(street, sure): inside the own area first; a name that only another district has, or several, is not sure."""
        key = match_key(text)
        found = _bearers(key, _STREET_END, self._streets, self._former_streets)
        own = [a for a in found if a.path.startswith(self.area.path)]
        if len({a.pk for a in own}) == 1:
            return own[0], True
        if not own and len({a.pk for a in found}) == 1:
            return found[0], False
        return None, False

    def community(self, text: str, street: Area | None) -> tuple[Area | None, bool]:
        """(community, sure): below the street when that is known, else unique in the own area."""
        key = match_key(text)
        found = _bearers(key, _COMMUNITY_END, self._communities, self._former_communities)
        within = street.path if street is not None else self.area.path
        own = {a.pk: a for a in found if a.path.startswith(within)}
        if len(own) == 1:
            return next(iter(own.values())), True
        return None, False

    def registrar(self, text: str) -> Area:
        """The area whose office a registrar's name speaks of: the longest area name in it, else the own area."""
        hits = [a for a in self._upper if len(a.name) > 1 and (a.name in text or a.name.rstrip("省市区县") in text)]
        hits = [a for a in hits if a.name != "市辖区"]
        return max(hits, key=lambda a: (len(a.path), len(a.name)), default=self.area)


def _bearers(key: str, ending: re.Pattern[str], *tables: dict[str, list[Area]]) -> list[Area]:
    """Areas of the first table that knows the name: present names go before former ones."""
    for table in tables:
        found = table.get(key) or table.get(ending.sub("", key))
        if found:
            return found
    return []


def _ancestor(area: Area, level: str) -> Area | None:
    return Area.objects.filter(code__in=area.path.strip("/").split("/"), level=level).first()


def listing(*, under: Area | None, text: str = "", level: str = "", state: str = "", point: str = "") -> QuerySet[Area]:
    """Areas for the list. Without a text: what stands directly below `under` (None = the provinces); with one: all
    below it whose name, former name or code holds the text. `state` is live, abolished or "" for both; `point` is yes,
    no or "".
    """
    rows = Area.objects.all()
    if text:
        rows = rows.within(under.path) if under is not None else rows
        found = Q(name__icontains=text) | Q(pk__in=FormerName.objects.filter(name__icontains=text).values("area"))
        rows = rows.filter(found | Q(code__startswith=text) if text.isascii() else found)
    else:
        rows = rows.filter(parent=under)
    if level:
        rows = rows.filter(level=level)
    if state:
        rows = rows.filter(abolished=state == "abolished")
    if point:
        rows = rows.filter(longitude__isnull=point == "no")
    return rows.select_related("parent").annotate(has_below=Exists(Area.objects.filter(parent=OuterRef("pk"))))


def above(area: Area) -> list[Area]:
    """The areas that hold this one, from the province down, itself left out."""
    codes = area.path.strip("/").split("/")[:-1]
    return list(Area.objects.filter(code__in=codes).order_by("path"))


def own_area(user: Any) -> Area | None:
    """Where a reader begins: the area of his first grant over one, None for the whole country."""
    grant = next((g for g in access.grants_of(user) if g.path), None)
    return Area.objects.filter(code=grant.scope_id).first() if grant is not None else None


def may_edit(user: Any, area: Area) -> bool:
    """Whether a grant of the user lets him edit this area."""
    found = access.reach(user, Permission.AREA_EDIT)
    return found.everything or any(area.path.startswith(path) for path in found.paths)


def uses(area: Area, user: Any) -> list[tuple[str, int, str]]:
    """What hangs on the area or below: (title, number of live rows, address of their list or "")."""
    told = []
    for use in registries.area_uses.values():
        seen = access.any_of(user, use.permission.split("|"))
        told.append((use.title, use.count(area.path), use.href(area) if seen else ""))
    return told


def outline_of(area: Area) -> AreaOutline | None:
    """The outline of an area, or None."""
    return AreaOutline.objects.filter(area=area).select_related("set_by").first()


def province_of(area: Area) -> str:
    """The name of the province an area lies in."""
    return Area.objects.filter(code=area.code[:2]).values_list("name", flat=True).first() or area.code[:2]


def names_on(areas: Iterable[int], day: date) -> dict[int, str]:
    """The names that areas bore on a day, by primary key; only those that differ from the present one."""
    told: dict[int, str] = {}
    for pk, name in FormerName.objects.borne_on(day).filter(area__in=list(areas)).values_list("area", "name"):
        told.setdefault(pk, name)
    return told


def names(areas: Iterable[int]) -> dict[int, str]:
    """Names of areas by primary key."""
    return dict(Area.objects.filter(pk__in=list(areas)).values_list("pk", "name"))
