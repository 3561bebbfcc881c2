"""Editing areas: names from a day on, points, new streets and communities, abolition and its revocation.

One lock for all of them: they are rare, and codes and names must be unique among siblings.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event, Level, Permission
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, AreaOutline, FormerName, User
from liaoyuan.core.queries import areas as queries
from liaoyuan.core.rules import areas as rules
from liaoyuan.kit import geo, outlines
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked
from liaoyuan.kit.geo import Datum, Point

#: What stands in `source` of an area that was entered here.
LOCAL = "本地录入"


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


def _locked(area: Area, *, by: Actor) -> Area:
    """The area under the lock, if a grant of `by` covers it."""
    access.require_area(by, Permission.AREA_EDIT, area.path)
    locks.one_at_a_time("areas")
    return Area.objects.select_for_update(of=("self",)).select_related("parent").get(pk=area.pk)


def _written(
    area: Area,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    findings: list[Finding],
    **more: Any,
) -> Area:
    """Save what was set on the area, mark it as edited here and record the event."""
    area.edited_at, area.edited_by = at, _person(by)
    area.save()
    changes = {name: [was.get(name), value] for name, value in now.items() if was.get(name) != value}
    events.record(
        Event.AREA_EDITED, area, by=by, at=at, findings=findings, payload={"changes": changes, **more}
    )  # fmt: skip
    return area


def _siblings(parent: Area | None, but: int = 0) -> set[str]:
    return set(Area.objects.live().filter(parent=parent).exclude(pk=but).values_list("name", flat=True))


@transaction.atomic
def rename(*, area: Area, name: str, on: date, correction: bool = False, by: Actor, at: datetime) -> Area:
    """Give the area another name from the day `on`; with `correction` the old one was never true and is forgotten.

    Refused: no name, the present one, one that a live sibling bears, a day to come or before the last renaming.
    """
    area, name = _locked(area, by=by), name.strip()
    if name == area.name:
        raise Refused([rules.refusal("same", "name")])
    told = rules.name_findings(name, parent=str(area.parent or ""), siblings=_siblings(area.parent, area.pk))
    if not correction:
        last = FormerName.objects.filter(area=area).order_by("-valid_to").values_list("valid_to", flat=True).first()
        told += rules.rename_findings(on, localdate(at), last)
    refuse_if_blocked(told)
    was = area.name
    if not correction:
        FormerName.objects.create(area=area, name=was, valid_to=on, recorded_at=at, recorded_by=_person(by))
    area.name = name
    if area.level == Level.STREET:
        area.is_town = name.endswith("镇")
    more = {} if correction else {"on": on.isoformat()}
    return _written(area, {"name": was}, {"name": name}, by=by, at=at, findings=[], correction=correction, **more)


@transaction.atomic
def place(
    *, area: Area, point: Point | None, datum: str = Datum.WGS84, confirmed: bool = False, by: Actor, at: datetime
) -> Area:
    """Set the area's point as told in a datum (stored as WGS-84), or take it away with None.

    A point outside the area's province needs `confirmed`. Refused when nothing would change.
    """
    area = _locked(area, by=by)
    new = geo.to_wgs84(point, datum) if point is not None else None
    kept = str(Datum(datum)) if new is not None else str(Datum.WGS84)
    if (area.point, area.datum) == (new, kept):
        raise Refused([rules.refusal("same", "point")])
    told = []
    if new is not None:
        told = rules.point_findings(new, area.code, queries.province_of(area))
        told = refuse_if_blocked(told, confirmed=confirmed)
    was = {"point": _degrees(area.point), "datum": area.datum}
    area.longitude, area.latitude = new or (None, None)
    area.datum = kept
    return _written(area, was, {"point": _degrees(new), "datum": kept}, by=by, at=at, findings=told)


def _degrees(point: Point | None) -> str:
    return f"{point[0]}, {point[1]}" if point is not None else ""


@transaction.atomic
def set_outline(
    *, area: Area, content: bytes, datum: str = Datum.WGS84, source: str, confirmed: bool = False, by: Actor,
    at: datetime,
) -> Area:  # fmt: skip
    """Keep the outline in a GeoJSON file told in a datum (stored as WGS-84) in place of an earlier one.

    Refused: another area than a district or street, a file that holds no outline of it (kit.outlines), no source. One
    outside the province, or that leaves the area's point outside, needs `confirmed`.
    """
    area = _locked(area, by=by)
    if Level(area.level) not in rules.OUTLINED or area.abolished:
        raise Refused([rules.refusal("outline_level")])
    try:
        rings = outlines.parse(content, datum, names=(area.name, area.code, f"156{area.code}"))
    except outlines.BadOutline as fault:
        told = {"size": outlines.MOST_BYTES >> 20, "points": outlines.MOST_POINTS, "name": area.name, "code": area.code}
        raise Refused([rules.refusal(f"outline_{fault.code}", "file", **told)]) from fault
    found = rules.outline_findings(rings, area.code, queries.province_of(area), area.point, source.strip())
    found = refuse_if_blocked(found, confirmed=confirmed)
    earlier = AreaOutline.objects.filter(area=area).first()
    was = _outlined(earlier)
    kept, _made = AreaOutline.objects.update_or_create(area=area, defaults={
        "rings": rings, "datum": str(Datum(datum)), "source": source.strip(), "set_at": at, "set_by": _person(by),
    })  # fmt: skip
    events.record(
        Event.AREA_EDITED, area, by=by, at=at, findings=found, payload={"changes": {"outline": [was, _outlined(kept)]}}
    )
    return area


@transaction.atomic
def drop_outline(*, area: Area, by: Actor, at: datetime) -> Area:
    """Take the area's outline away. Refused when there is none."""
    area = _locked(area, by=by)
    kept = AreaOutline.objects.filter(area=area).first()
    if kept is None:
        raise Refused([rules.refusal("outline_none")])
    was = _outlined(kept)
    kept.delete()
    events.record(Event.AREA_EDITED, area, by=by, at=at, payload={"changes": {"outline": [was, ""]}})
    return area


def _outlined(row: AreaOutline | None) -> str:
    """An outline in a line of the log: its source, how many points, their datum."""
    return f"{row.source}（{sum(1 for _ in outlines.points(row.rings))}，{row.datum}）" if row is not None else ""


@transaction.atomic
def add(*, parent: Area, name: str, code: str = "", by: Actor, at: datetime) -> Area:
    """Enter a street or town below a district, a community or village below a street.

    Without an official code it gets a provisional one (last three digits from 900). Refused: another parent, a name
    that a live sibling bears, a code of wrong shape or already given.
    """
    parent, name, code = _locked(parent, by=by), name.strip(), code.strip()
    level = rules.CHILD.get(Level(parent.level))
    if level is None or parent.abolished:
        raise Refused([rules.refusal("parent")])
    told = rules.name_findings(name, parent=str(parent), siblings=_siblings(parent))
    if code:
        wrong = rules.code_findings(code, parent=parent.code, level=level)
        told += wrong
        holder = Area.objects.filter(code=code).first()
        if holder is not None and not wrong:
            told.append(rules.refusal("code_taken", "code", code=code, name=holder.name))
    refuse_if_blocked(told)
    taken = Area.objects.filter(parent=parent).values_list("code", flat=True)
    given = code or rules.provisional_code(parent.code, set(taken))
    if given is None:
        raise Refused([rules.refusal("full", "code", parent=str(parent))])
    area = Area(
        code=given, name=name, level=str(level), parent=parent, path=f"{parent.path}{given}/",
        is_town=level == Level.STREET and name.endswith("镇"), provisional=not code, source=LOCAL,
    )  # fmt: skip
    return _written(area, {}, {"name": name, "code": given, "parent": str(parent)}, by=by, at=at, findings=[])


@transaction.atomic
def abolish(*, area: Area, on: date, successor: str = "", reason: str = "", by: Actor, at: datetime) -> Area:
    """End the area on the day `on`; `successor` is the code of what it went into, `reason` a note.

    Refused while live children or anything live of the floors above hang on it, with the count.
    """
    area = _locked(area, by=by)
    if area.abolished:
        raise Refused([rules.refusal("abolished")])
    told = [rules.refusal("future", "on")] if on > localdate(at) else []
    told += in_use(area)
    heir = Area.objects.live().filter(code=successor.strip()).first() if successor.strip() else None
    if successor.strip() and heir is None:
        told.append(rules.refusal("successor", "successor", code=successor.strip()))
    elif heir is not None and heir.path.startswith(area.path):
        told.append(rules.refusal("successor_self", "successor"))
    refuse_if_blocked(told)
    area.abolished, area.abolished_on, area.successor = True, on, heir
    now = {"abolished": True, "abolished_on": on.isoformat(), "successor": _named(heir)}
    return _written(
        area, {"abolished": False, "successor": ""}, now, by=by, at=at, findings=[], on=on.isoformat(),
        reason=reason.strip()[:200],
    )  # fmt: skip


def in_use(area: Area) -> list[Finding]:
    """What keeps an area from being abolished."""
    children = Area.objects.live().filter(parent=area).count()
    told = [rules.refusal("children", n=children)] if children else []
    for use in registries.area_uses.values():
        count = use.count(area.path)
        if count:
            told.append(rules.refusal("used", n=count, title=_(use.title)))
    return told


def _named(area: Area | None) -> str:
    return f"{area.name}（{area.code}）" if area is not None else ""


@transaction.atomic
def restore(*, area: Area, reason: str = "", by: Actor, at: datetime) -> Area:
    """Take an abolition back. Refused below an abolished parent and where a live sibling now bears the name."""
    area = _locked(area, by=by)
    if not area.abolished:
        raise Refused([rules.refusal("live")])
    told = rules.name_findings(area.name, parent=str(area.parent or ""), siblings=_siblings(area.parent, area.pk))
    if area.parent is not None and area.parent.abolished:
        told.append(rules.refusal("parent_abolished", parent=area.parent.name))
    refuse_if_blocked(told)
    ended = area.abolished_on.isoformat() if area.abolished_on else None
    was = {"abolished": True, "abolished_on": ended, "successor": _named(area.successor)}
    area.abolished, area.abolished_on, area.successor = False, None, None
    now = {"abolished": False, "abolished_on": None, "successor": ""}
    return _written(area, was, now, by=by, at=at, findings=[], reason=reason.strip()[:200])
