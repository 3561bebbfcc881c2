"""Finding areas by the names that people write."""

import re
from collections.abc import Iterable

from liaoyuan.core.choices import Level
from liaoyuan.core.models import Area
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
        for row in rows:
            if row.level == Level.STREET:
                self._enter(self._streets, row, _STREET_END)
            elif row.level == Level.COMMUNITY:
                self._enter(self._communities, row, _COMMUNITY_END)
        self._upper = [r for r in rows if r.level in (Level.PROVINCE, Level.CITY, Level.DISTRICT)]

    @staticmethod
    def _enter(table: dict[str, list[Area]], row: Area, ending: re.Pattern[str]) -> None:
        whole = match_key(row.name)
        for key in {whole, ending.sub("", whole)}:
            if key:
                table.setdefault(key, []).append(row)

    def street(self, text: str) -> tuple[Area | None, bool]:
        """(street, sure): inside the own area first; a name that only another district has, or several, is not sure."""
        key = match_key(text)
        found = self._streets.get(key) or self._streets.get(_STREET_END.sub("", key)) or []
        own = [a for a in found if a.path.startswith(self.area.path)]
        if len({a.pk for a in own}) == 1:
            return own[0], True
        if not own and len({a.pk for a in found}) == 1:
            return found[0], False
        return None, False

    def community(self, text: str, street: Area | None) -> tuple[Area | None, bool]:
        """(community, sure): below the street when that is known, else unique in the own area."""
        key = match_key(text)
        found = self._communities.get(key) or self._communities.get(_COMMUNITY_END.sub("", key)) or []
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


def _ancestor(area: Area, level: str) -> Area | None:
    return Area.objects.filter(code__in=area.path.strip("/").split("/"), level=level).first()


def names(areas: Iterable[int]) -> dict[int, str]:
    """Names of areas by primary key."""
    return dict(Area.objects.filter(pk__in=list(areas)).values_list("pk", "name"))
