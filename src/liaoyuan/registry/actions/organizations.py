"""Changing one organization by hand: register or file it, change or correct facts, close it, let it succeed another."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, policy, search, sensitive
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import invitations
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.queries import areas as area_names
from liaoyuan.core.rules import areas as area_rules
from liaoyuan.core.staging import note
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.findings import Finding, Refused, Severity, only_new, refuse_if_blocked
from liaoyuan.kit.periods import Period
from liaoyuan.registry.actions import records, secrets, standings, values
from liaoyuan.registry.choices import LIVE, REGISTERED, STATUS_TITLES, Event, Kind, Permission, Status
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.queries.standings import COLUMN_OF, POINT, SECRET, SECRET_TITLES, periods_of

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
    longitude, latitude = fields.get("longitude"), fields.get("latitude")
    if longitude is not None and latitude is not None:
        for finding in area_rules.point_findings((longitude, latitude), area.code, area_names.province_of(area)):
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
    secrets.refuse_unstorable(fields)
    locks.one_at_a_time("registry.code", fields.get("code") or fields.get("filing_no") or "")
    moments = (Moment.SAVE, Moment.NAMING, Moment.REGISTRATION) if kind in REGISTERED else (Moment.SAVE,)
    told = refuse_if_blocked(
        sensitive.findings(fields, SECRET_TITLES, localdate(at))
        + asked(fields, area=area, moments=moments, on=localdate(at), organization=None),
        confirmed=confirmed,
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
    set_aside: str = "",
) -> Organization:
    """Change facts from the day `on`, or with `correction` replace what was never true.

    `fields` holds only what differs, `before` what is stored; `version` refuses when somebody was faster. Only findings
    that the change brings about can refuse it: an old fault does not keep a telephone number from being mended. A
    change of head takes the accounts of the former one with it (`head_change` of the result). `set_aside` tells the
    texts of two who wrote at once that were not taken: they stay in the timeline.
    """
    organization = _locked(organization, version)
    row = _open_row(organization)
    _require_own(by, row)
    secrets.refuse_unstorable(fields)
    if fields.get("kind"):
        access.require_area(by, _permission(str(fields["kind"])), row.registrar_area.path)
    for number in {fields.get("code"), fields.get("filing_no")} - {None, ""}:
        locks.one_at_a_time("registry.code", number)
    told = refuse_if_blocked(
        sensitive.findings(fields, SECRET_TITLES, localdate(at)) + brought_about(organization, row, before, fields, on),
        confirmed=confirmed,
    )
    same = values.identity(fields)
    same.update({name: None for name in ("registered_on", "closed_on") if name in fields and not fields[name]})
    began, ended = organization.registered_on, organization.closed_on
    for name, value in same.items():
        setattr(organization, name, value)
    rows = list(Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from"))
    history = periods_of(rows)
    if correction and "registered_on" in same:
        history = begun(history, began, same["registered_on"])
    if correction and "status" not in fields and same.get("closed_on"):
        history = _end_moved(history, ended, same["closed_on"])
    start = max(same.get("closed_on") or on, history[0].start)
    facts = values.facts(fields, places)
    marks = _marks(history, start, fields)
    if marks is not None:
        facts["precision"] = marks
    point = {name: facts.pop(name) for name in POINT if name in facts}
    if point:  # one fact: what was not named stays as it is over the same stretch
        here = arithmetic.at(history, start)
        point = {name: point[name] if name in point else here.values[name] for name in POINT if here is not None}
        history = arithmetic.change_as_one(history, point, on=start, backwards=correction)
    write = arithmetic.correct if correction else arithmetic.change
    written = write(history, facts, on=start)
    standings.replace_history(organization=organization, periods=written, by=by, at=at)
    records.write_records(organization, fields, as_of=on, by=standings.recorder(by), at=at)
    code = Event.FACTS_CORRECTED if correction else Event.FACTS_CHANGED
    payload = {"changes": public_changes(before, fields), "on": start.isoformat(), "note": set_aside[:2000]}
    events.record(code, (SUBJECT, str(organization.pk), row.name), by=by, at=at, findings=told, on_behalf=on_behalf,
                  payload={name: value for name, value in payload.items() if value})  # fmt: skip
    if not correction and standings.head_changed(history, written):
        organization.head_change = invitations.revoke_head(organization=organization.pk, on=start, by=by, at=at)
    search.refresh(SUBJECT, [organization.pk])
    return organization


def brought_about(
    organization: Organization, row: Standing, before: Mapping[str, Any], fields: Mapping[str, Any], on: date
) -> list[Finding]:
    """What the rules say after the change and did not say before it."""
    moments = (Moment.SAVE, Moment.NAMING) if "name" in fields or "kind" in fields else (Moment.SAVE,)
    was, now = (
        asked(known, area=row.registrar_area, moments=moments, on=on, organization=organization)
        for known in (before, {**before, **fields})
    )
    return only_new(now, was)


def _open_row(organization: Organization) -> Standing:
    return Standing.objects.select_related("registrar_area").get(
        organization=organization, superseded_at__isnull=True, valid_to=standings.OPEN
    )


def begun(history: list[Period], was: date | None, start: date | None) -> list[Period]:
    """The history from another beginning: a corrected registration date moves the first period's start."""
    first = history[0]
    if start is None or start == first.start or (was is not None and first.start != was):
        return history
    if start >= first.end:
        raise Refused([
            note("ORG-BEGIN", Severity.BLOCK, _("成立日期不能晚于已记录的第一次变更（{day}）。"),
                 field_name="registered_on", day=first.end.isoformat())
        ])  # fmt: skip
    return [Period(start, first.end, first.values), *history[1:]]


def _end_moved(history: list[Period], was: date | None, now: date) -> list[Period]:
    """The history of a closed body whose end was on another day: its last state begins then."""
    state = history[-1].values["status"]
    if state in {str(s) for s in LIVE}:
        return history
    start = was or next(p.start for p in reversed(history) if p.values["status"] == state)
    now = max(now, history[0].start)
    if now > start:
        return arithmetic.put(history, {"status": str(Status.ACTIVE)}, start=start, end=now)
    return arithmetic.put(history, {"status": state}, start=now, end=start) if now < start else history


def _marks(history: list[Period], on: date, fields: Mapping[str, Any]) -> dict[str, str] | None:
    """Precision marks after dates were entered anew, or None when they stay as they are."""
    here = arithmetic.at(history, on)
    kept = dict(here.values["precision"]) if here else {}
    dates = {COLUMN_OF.get(name, name) for name in fields}
    found = {name: mark for name, mark in kept.items() if name not in dates} | values.precision(fields)
    return None if found == kept else found


@transaction.atomic
def close(
    *,
    organization: Organization,
    status: Status,
    on: date,
    reason: str = "",
    version: int | None = None,
    by: Actor,
    at: datetime,
    on_behalf: str = "",
) -> Organization:
    """Let a live body end on the day `on`, or go into liquidation from then on.

    The end of a body ends its head's access and its open invitations (`head_change` of the result). Refused for a body
    that is not live, for a day before its registration or after today.
    """
    organization = _locked(organization, version)
    row = _open_row(organization)
    _require_own(by, row)
    if row.status not in {str(s) for s in LIVE} or row.status == status:
        raise Refused([note("ORG-CLOSED", Severity.BLOCK, _("这个组织已经是“{state}”状态。"), field_name="status",
                            state=_(STATUS_TITLES[Status(row.status)]))])  # fmt: skip
    if organization.registered_on and on < organization.registered_on:
        raise Refused([note("ORG-CLOSE-EARLY", Severity.BLOCK, _("日期不能早于成立日期 {day}。"), field_name="on",
                            day=organization.registered_on.isoformat())])  # fmt: skip
    if on > localdate(at):
        raise Refused([note("ORG-CLOSE-LATE", Severity.BLOCK, _("日期不能晚于今天。"), field_name="on")])
    rows = list(Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from"))
    if status not in LIVE:
        organization.closed_on = on
    history = arithmetic.change(periods_of(rows), {"status": str(status)}, on=on)
    history = _ended(history, {"status": str(status)}, on) if status not in LIVE else history
    standings.replace_history(organization=organization, periods=history, by=by, at=at)
    events.record(
        Event.CLOSED, (SUBJECT, str(organization.pk), row.name), by=by, at=at, on_behalf=on_behalf,
        payload={"changes": {"status": [row.status, str(status)]}, "on": on.isoformat(),
                 "reason": reason.strip()[:200]},
    )  # fmt: skip
    if status not in LIVE:
        organization.head_change = invitations.revoke_head(organization=organization.pk, on=on, by=by, at=at)
    search.refresh(SUBJECT, [organization.pk])
    return organization


def _ended(history: list[Period], values_: Mapping[str, Any], on: date) -> list[Period]:
    """An end holds for good: later stretches that say otherwise are replaced too."""
    return arithmetic.put(history, values_, start=max(on, history[0].start), end=standings.OPEN)


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
    if not filed.live:
        raise Refused([note("ORG-CLOSED", Severity.BLOCK, _("这个备案组织已经终止，不能再转为登记。"))])
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
    row = _open_row(organization)
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


def entered(organization: Organization, permission: Permission, *, by: Actor) -> tuple[Organization, Standing]:
    """Lock the body and check the permission over its registrar's area; for the actions on its dated records."""
    organization = _locked(organization, None)
    row = _open_row(organization)
    if permission == Permission.EDIT:
        permission = _permission(row.kind)
    access.require_area(by, permission, row.registrar_area.path)
    row.organization = organization
    return organization, row


def touched(organization: Organization) -> None:
    """A dated record changed: a comparison made before does not hold any more."""
    organization.version += 1
    organization.save(update_fields=["version"])


def subject(organization: Organization, row: Standing) -> tuple[str, str, str]:
    """The body as the subject of an event."""
    return SUBJECT, str(organization.pk), row.name
