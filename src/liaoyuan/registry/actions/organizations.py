"""Changing one organization by hand: register or file it, change or correct facts, close it, let it succeed another."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, policy, search
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.staging import note
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.findings import Finding, Refused, Severity, refuse_if_blocked
from liaoyuan.registry.actions import records, standings, values
from liaoyuan.registry.choices import REGISTERED, Event, Kind, Permission
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.queries.standings import SECRET, periods_of

SUBJECT = "organization"


def _permission(kind: str) -> Permission:
    return Permission.FILING_EDIT if kind == Kind.BA else Permission.EDIT


def asked(
    fields: Mapping[str, Any], *, area: Area, moments: tuple[Moment, ...], on: date, organization: Organization | None
) -> list[Finding]:
    """The findings of the rules about one body as it would be after the change."""
    limits = policy.limits(on, policy.chain(area.path))
    facts = fact_queries.of_form(fields, area, organization=organization)
    found: dict[tuple[str, str], Finding] = {}
    for moment in moments:
        for finding in policy.evaluate(moment, facts, {"registrar": limits, "domicile": limits}, on):
            found.setdefault((finding.code, finding.field), finding)
    return list(found.values())


@transaction.atomic
def create(
    *,
    fields: Mapping[str, Any],
    places: Mapping[str, Any],
    area: Area,
    by: Actor,
    at: datetime,
    confirmed: bool = False,
    on_behalf: str = "",
    predecessor: Organization | None = None,
) -> Organization:
    """Enter a registered or filed body. `fields` are normalised (design/cli.md), secrets already sealed; `places` the
    resolved areas. Refused by the rules of the moments save, naming and registration.
    """
    kind = str(fields.get("kind", ""))
    access.require_area(by, _permission(kind), area.path)
    locks.one_at_a_time("registry.code", fields.get("code") or fields.get("filing_no") or "")
    moments = (Moment.SAVE, Moment.NAMING, Moment.REGISTRATION) if kind in REGISTERED else (Moment.SAVE,)
    told = refuse_if_blocked(
        asked(fields, area=area, moments=moments, on=localdate(at), organization=None), confirmed=confirmed
    )
    same = values.identity(fields)
    organization = Organization.objects.create(
        created_at=at, created_by=standings.recorder(by), version=0, predecessor=predecessor, **same
    )
    known = values.facts(fields, places)
    known["registrar_area_id"] = places.get("registrar_area_id") or area.pk
    history = values.first_periods(
        known,
        start=same.get("registered_on"),
        closed_on=same.get("closed_on"),
        as_of=localdate(at),
        marks=values.precision(fields),
    )
    standings.replace_history(organization=organization, periods=history, by=by, at=at, assumed=["*"])
    records.write_records(organization, fields, as_of=localdate(at), by=standings.recorder(by), at=at)
    events.record(
        Event.CREATED,
        (SUBJECT, str(organization.pk), str(fields.get("name", ""))[:120]),
        by=by,
        at=at,
        payload={"changes": public_changes({}, fields)},
        findings=told,
        on_behalf=on_behalf,
    )
    search.refresh(SUBJECT, [organization.pk])
    return organization


def public_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [old, new]} for an event; secret fields say only that they changed."""
    return {
        name: ["***", "***"] if name in SECRET else [before.get(name), value]
        for name, value in after.items()
        if name in SECRET or before.get(name) != value
    }


@transaction.atomic
def change(
    *,
    organization: Organization,
    fields: Mapping[str, Any],
    places: Mapping[str, Any],
    before: Mapping[str, Any],
    on: date,
    correction: bool = False,
    version: int | None = None,
    by: Actor,
    at: datetime,
    confirmed: bool = False,
    on_behalf: str = "",
) -> Organization:
    """Change facts from the day `on`, or with `correction` replace what was never true.

    `fields` holds only what differs, `before` what the user saw; `version` refuses when somebody was faster.
    """
    organization = _locked(organization, version)
    row = Standing.objects.select_related("registrar_area").get(
        organization=organization, superseded_at__isnull=True, valid_to=standings.OPEN
    )
    _require_own(by, row)
    after = {**before, **fields}
    moments = (Moment.SAVE, Moment.NAMING) if "name" in fields else (Moment.SAVE,)
    told = refuse_if_blocked(
        asked(after, area=row.registrar_area, moments=moments, on=on, organization=organization), confirmed=confirmed
    )
    same = values.identity(fields)
    for name, value in same.items():
        setattr(organization, name, value)
    rows = list(Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from"))
    history = periods_of(rows)
    facts = values.facts(fields, places)
    write = arithmetic.correct if correction else arithmetic.change
    history = write(history, facts, on=same.get("closed_on") or on)
    standings.replace_history(organization=organization, periods=history, by=by, at=at)
    records.write_records(organization, fields, as_of=on, by=standings.recorder(by), at=at)
    code = Event.FACTS_CORRECTED if correction else Event.FACTS_CHANGED
    events.record(
        code,
        (SUBJECT, str(organization.pk), row.name),
        by=by,
        at=at,
        findings=told,
        on_behalf=on_behalf,
        payload={"changes": public_changes(before, fields), "on": on.isoformat()},
    )
    search.refresh(SUBJECT, [organization.pk])
    return organization


def _locked(organization: Organization, version: int | None) -> Organization:
    locks.one_at_a_time("organization", organization.pk)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if organization.voided_at is not None:
        raise Refused([note("ORG-VOID", Severity.BLOCK, _("这条记录已作废。"))])
    if version is not None and organization.version != version:
        raise Refused(
            [note("ORG-STALE", Severity.BLOCK, _("您打开页面之后，别人修改了这个组织。请核对最新内容后再保存。"))]
        )
    return organization


def _require_own(by: Actor, row: Standing) -> None:
    access.require_area(by, _permission(row.kind), row.registrar_area.path)


@transaction.atomic
def succeed(
    *,
    filed: Organization,
    fields: Mapping[str, Any],
    places: Mapping[str, Any],
    area: Area,
    on: date,
    by: Actor,
    at: datetime,
    confirmed: bool = False,
) -> Organization:
    """A filed body registers: a new entity linked by `predecessor`; the filed one is closed on the day `on`."""
    filed = _locked(filed, None)
    made = create(fields=fields, places=places, area=area, by=by, at=at, confirmed=confirmed, predecessor=filed)
    rows = list(Standing.objects.filter(organization=filed, superseded_at__isnull=True).order_by("valid_from"))
    filed.closed_on = on
    history = arithmetic.change(periods_of(rows), {"status": "deregistered"}, on=on)
    standings.replace_history(organization=filed, periods=history, by=by, at=at)
    events.record(
        Event.SUCCEEDED,
        (SUBJECT, str(filed.pk), rows[-1].name),
        by=by,
        at=at,
        payload={"successor": made.pk, "on": on.isoformat()},
    )
    search.refresh(SUBJECT, [filed.pk])
    return made


@transaction.atomic
def add_note(*, organization: Organization, text: str, kind: str, by: Actor, at: datetime) -> None:
    """A line in the timeline: a phone call, a visit, a remark (≤ 500 characters)."""
    row = Standing.objects.select_related("registrar_area").get(
        organization=organization, superseded_at__isnull=True, valid_to=standings.OPEN
    )
    _require_own(by, row)
    if not text.strip():
        raise Refused([note("NOTE-EMPTY", Severity.BLOCK, _("请写下内容。"), field_name="text")])
    events.record(
        Event.NOTE,
        (SUBJECT, str(organization.pk), row.name),
        by=by,
        at=at,
        payload={"kind": kind, "text": text.strip()[:500]},
    )
