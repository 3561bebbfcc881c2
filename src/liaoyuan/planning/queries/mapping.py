"""The map of a plan as data for `map.js`: groups, attachments, who stays uncovered, the outline, all in one datum.

What a map shows is what the lists beside it show: the same scope, the same masks, sentences in the reader's language.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.kit import outlines
from liaoyuan.kit.geo import Datum, from_wgs84
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.choices.words import FALLBACK_TITLES, REASON_TITLES, Place
from liaoyuan.planning.models import Plan, PlanUnit
from liaoyuan.planning.queries import cores, drawing, inputs, listing
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.rules import places
from liaoyuan.planning.rules.naming import branch_id

#: Latitude, longitude: the order that Leaflet takes.
type Place_ = list[float]


def of(plan: Plan, sight: Sight, datum: Datum) -> dict[str, Any]:
    """Everything of the plan that is in sight and has a place, in a datum; nothing of a plan without an origin."""
    origin = inputs.origin_of(plan)
    outline = drawing.outline_of(plan)
    told: dict[str, Any] = {
        "groups": [], "others": [], "outline": None,
        "words": {"closer": _("放大"), "farther": _("缩小"), "row": _("到表中这一行")},
    }  # fmt: skip
    if outline is not None:
        told["outline"] = {"type": "MultiPolygon", "coordinates": outlines.told_in(outline.rings, datum)}
    if origin is None:
        return told
    points = drawing.flat_points(plan)

    def at(one: str) -> Place_ | None:
        flat = points.get(one)
        if flat is None:
            return None
        east, north = from_wgs84(places.degrees(origin, *flat), datum)
        return [north, east]

    rows = drawing.drawable(plan, sight)
    names = parties.body_names(row.organization_id for row in rows)
    told["groups"] = _groups(plan, sight, rows, names, at)
    told["others"] = _others([row for row in rows if row.group is None], names, at)
    return told


def _groups(
    plan: Plan, sight: Sight, rows: list[PlanUnit], names: Mapping[int, str], at: Callable[[str], Place_ | None]
) -> list[dict[str, Any]]:  # fmt: skip
    found = list(sight.groups(plan).select_related("street", "founding__case", "change__case").order_by("number"))
    lines = {line.pk: line for line in listing.group_lines(found, sight)}
    weighed = cores.of_groups(found)
    inside: dict[int, list[list[Any]]] = {group.pk: [] for group in found}
    for row in rows:
        here = at(str(row.organization_id))
        if row.group is not None and here is not None:
            name = names.get(row.organization_id, "")
            rough = _(FALLBACK_TITLES[row.fallback])
            label = _("{name}（{rough}）").format(name=name, rough=rough) if rough else name
            inside[row.group.pk].append([here, label, row.group.seat_id == row.organization_id, bool(rough)])
    return [
        {
            "number": group.number, "title": _("第 {n} 组").format(n=group.number), "seat": at(str(group.seat_id)),
            "stable": group.pk in weighed and weighed[group.pk].is_stable, "units": inside[group.pk],
            "lines": _group_words(lines[group.pk], weighed.get(group.pk)),
            "href": reverse("planning:group_detail", args=[group.pk]), "word": _("为什么是这几家"),
        }
        for group in found if inside[group.pk]
    ]  # fmt: skip


def _group_words(line: listing.GroupLine, core: Any) -> list[str]:
    members = "*" if line.members is None else line.members
    told = [_("{n} 家，党员 {members} 名：{units}").format(n=line.count, members=members, units=line.units)]
    told.append(_("沿用{name}").format(name=line.label) if line.label else _("新建联合党支部"))
    if core is not None and core.is_stable:
        told.append(_("稳定"))
    return told


def _others(
    rows: list[PlanUnit], names: Mapping[int, str], at: Callable[[str], Place_ | None]
) -> list[dict[str, Any]]:  # fmt: skip
    hosts = parties.names([row.host_id for row in rows])
    found = []
    for row in rows:
        here = at(str(row.organization_id))
        if here is None:
            continue
        attached = row.place == Place.ATTACHED
        why = (
            _("挂靠{host}").format(host=hosts.get(row.host_id or 0, "")) if attached
            else _("没有覆盖：{reason}").format(reason=_(REASON_TITLES.get(row.reason, "")))
        )  # fmt: skip
        rough = _(FALLBACK_TITLES[row.fallback])
        found.append({
            "state": "worked" if attached else "open", "at": here, "title": names.get(row.organization_id, ""),
            "to": at(branch_id(row.host_id)) if row.host_id else None, "lines": [why, rough] if rough else [why],
            "href": reverse("registry:organization_detail", args=[row.organization_id]), "word": _("看档案"),
        })  # fmt: skip
    return found
