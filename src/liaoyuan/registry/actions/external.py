"""Bodies of other districts: met in a round of grants, known by name and code, seen only by those who meet them."""

from datetime import datetime

from liaoyuan.core import events, locks, search
from liaoyuan.core.access import Actor
from liaoyuan.core.models import Area
from liaoyuan.kit.identifiers import uscc_division, uscc_kind, uscc_whole
from liaoyuan.kit.periods import Period
from liaoyuan.registry.actions import standings
from liaoyuan.registry.choices import Event, Kind
from liaoyuan.registry.models import BEGINNING, OPEN, Organization, Standing
from liaoyuan.registry.queries.standings import EMPTY

_SOCIETIES = ("协会", "学会", "商会", "联合会", "促进会", "研究会", "志愿者")


def enter(*, name: str, code: str, area: Area, by: Actor, at: datetime) -> Organization:
    """Note a body that `area` meets in a round and does not register. The caller has checked the permission over the
    round and holds the transaction. It never counts among the bodies of the area.

    Its registrar's area is the one that its code names, else the nearest above `area` that is known.
    """
    locks.one_at_a_time("registry.code", code or name)
    whole = uscc_whole(code)
    made = Organization.objects.create(
        code=code if whole else "", code_as_given="" if whole else code[:60], is_external=True, version=0,
        created_at=at, created_by=standings.recorder(by),
    )  # fmt: skip
    values = {**EMPTY, "name": name, "kind": _kind(name, code), "status": "active",
              "registrar_area_id": _registrar(code, area).pk}  # fmt: skip
    standings.replace_history(organization=made, periods=[Period(BEGINNING, OPEN, values)], by=by, at=at, assumed=["*"])
    subject = ("organization", str(made.pk), name[:120])
    events.record(Event.CREATED, subject, by=by, at=at, payload={"external": True})
    search.refresh("organization", [made.pk])
    return made


def void(*, organization: Organization, by: Actor, at: datetime) -> None:
    """Take back what `enter` noted: the body counts nowhere any more. The caller holds the transaction."""
    Standing.objects.filter(organization=organization, superseded_at__isnull=True).update(superseded_at=at)
    organization.voided_at, organization.voided_by, organization.live = at, standings.recorder(by), False
    organization.version += 1
    organization.save(update_fields=["voided_at", "voided_by", "live", "version"])
    search.refresh("organization", [organization.pk])


def _kind(name: str, code: str) -> str:
    told = uscc_kind(code) if code else None
    if told:
        return str(told)
    if "基金会" in name:
        return str(Kind.JJ)
    return str(Kind.ST if any(word in name for word in _SOCIETIES) else Kind.MF)


def _registrar(code: str, area: Area) -> Area:
    division = uscc_division(code) or "" if uscc_whole(code) else ""
    places = [division[:6], division[:4], division[:2]] if division else []
    above = [part for part in area.path.strip("/").split("/") if part != area.code]
    rows = {row.code: row for row in Area.objects.filter(code__in=[*places, *above])}
    for place in (*places, *reversed(above)):
        if place in rows and not rows[place].path.startswith(area.path):
            return rows[place]
    return area
