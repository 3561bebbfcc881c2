"""Policy rows are written here: by one officer as drafts, confirmed by another, and shipped ones by an upgrade."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from liaoyuan.core import access, events, locks, registries
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event, ParameterOrigin, ParameterStatus
from liaoyuan.core.models import Parameter, User
from liaoyuan.core.params import NATIONAL
from liaoyuan.core.queries import parameters as queries
from liaoyuan.core.rules.parameters import edit_findings, refusal
from liaoyuan.kit.findings import Refused, Severity


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


def _require(by: Actor, permission: str, jurisdiction: str) -> None:
    path = queries.path_of(jurisdiction)
    if path is None:
        raise Refused([refusal("PARAMETER", "place", "jurisdiction", place=jurisdiction)])
    access.require_area(by, permission, path)


@transaction.atomic
def edit(
    *,
    key: str,
    jurisdiction: str,
    valid_from: date,
    value: Any,
    source: str,
    by: Actor,
    at: datetime,
    severity: str = Severity.WARN,
    valid_to: date | None = None,
    note: str = "",
) -> Parameter:
    """Write a local draft. The draft of the same key, jurisdiction and first day that it replaces is withdrawn.

    The key's owner says who may (`registries.owner_of`).
    Shipped and confirmed rows stay as they are; a draft warns at most until a second person confirms it. Refused for
    an unknown key or place, a value of another shape, a missing source, or when nothing would change.
    """
    _require(by, registries.owner_of(key).edit, jurisdiction)
    locks.one_at_a_time("parameter", key, jurisdiction)
    found = edit_findings(
        key=key, value=value, severity=severity, source=source, valid_from=valid_from, valid_to=valid_to,
        samples=queries.samples(key),
    )  # fmt: skip
    if found:
        raise Refused(found)
    content: dict[str, Any] = {
        "valid_to": valid_to, "value": value, "severity": severity, "source": source.strip(), "note": note.strip(),
    }  # fmt: skip
    present = Parameter.objects.in_force().local().filter(key=key, jurisdiction=jurisdiction, valid_from=valid_from)
    if any(all(getattr(row, name) == wanted for name, wanted in content.items()) for row in present):
        raise Refused([refusal("PARAMETER", "same")])
    drafts = [row for row in present if row.status == ParameterStatus.DRAFT]
    for row in drafts:
        _end(row, by=by, at=at)
    made = Parameter.objects.create(
        key=key, jurisdiction=jurisdiction, valid_from=valid_from, status=ParameterStatus.DRAFT,
        origin=ParameterOrigin.LOCAL, edited_at=at, edited_by=_person(by), **content,
    )  # fmt: skip
    events.record(
        Event.PARAMETER_EDITED, made, by=by, at=at,
        payload={**_payload(made), "replaces": [row.pk for row in drafts]},
    )  # fmt: skip
    return made


@transaction.atomic
def confirm(*, parameter: Parameter, by: Actor, at: datetime) -> Parameter:
    """Confirm a local draft as a second person; the confirmed row of the same first day ends with it.

    Never its editor and never the command line's operator.
    """
    _require(by, registries.owner_of(parameter.key).confirm, parameter.jurisdiction)
    locks.one_at_a_time("parameter", parameter.key, parameter.jurisdiction)
    row = _draft(parameter.pk)
    person = _person(by)
    if person is None:
        raise Refused([refusal("PARAMETER", "person")])
    if row.edited_by_id == person.pk:
        raise Refused([refusal("PARAMETER", "editor")])
    replaced = (
        Parameter.objects.in_force()
        .local()
        .filter(key=row.key, jurisdiction=row.jurisdiction, valid_from=row.valid_from, status=ParameterStatus.CONFIRMED)
    )
    ended = list(replaced)
    for old in ended:
        _end(old, by=by, at=at)
    row.status, row.confirmed_at, row.confirmed_by = ParameterStatus.CONFIRMED, at, person
    row.save(update_fields=["status", "confirmed_at", "confirmed_by"])
    events.record(
        Event.PARAMETER_CONFIRMED, row, by=by, at=at, payload={**_payload(row), "replaces": [old.pk for old in ended]}
    )
    return row


@transaction.atomic
def withdraw(*, parameter: Parameter, by: Actor, at: datetime) -> Parameter:
    """Take a local draft back. A confirmed row is not withdrawn: another dated row, twice looked at, follows it."""
    path = queries.path_of(parameter.jurisdiction) or ""
    owner = registries.owner_of(parameter.key)
    if not _covers_any(by, (owner.edit, owner.confirm), path):
        access.require_area(by, owner.edit, path)
    locks.one_at_a_time("parameter", parameter.key, parameter.jurisdiction)
    row = _draft(parameter.pk)
    _end(row, by=by, at=at)
    events.record(Event.PARAMETER_WITHDRAWN, row, by=by, at=at, payload=_payload(row))
    return row


def _covers_any(by: Actor, permissions: tuple[str, ...], path: str) -> bool:
    found = [access.reach(by, permission) for permission in permissions]
    return any(r.everything or any(path.startswith(own) for own in r.paths) for r in found)


def _draft(pk: int) -> Parameter:
    row = Parameter.objects.in_force().filter(pk=pk).first()
    if row is None or row.origin != ParameterOrigin.LOCAL or row.status != ParameterStatus.DRAFT:
        raise Refused([refusal("PARAMETER", "state")])
    return row


def _end(row: Parameter, *, by: Actor, at: datetime) -> None:
    row.withdrawn_at, row.withdrawn_by = at, _person(by)
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _payload(row: Parameter) -> dict[str, Any]:
    return {
        "key": row.key, "jurisdiction": row.jurisdiction, "from": row.valid_from.isoformat(),
        "to": row.valid_to.isoformat() if row.valid_to else None, "value": row.value, "severity": row.severity,
        "source": row.source,
    }  # fmt: skip


@dataclass(slots=True)
class Shipped:
    """What an upgrade did to the shipped rows. `conflicts`: local rows whose shipped counterpart changed."""

    created: int = 0
    updated: int = 0
    removed: int = 0
    conflicts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = f"新增 {self.created} 行，更新 {self.updated} 行，删去 {self.removed} 行。"
        if self.conflicts:
            told += f"与本地参数有出入，请核对：{'；'.join(self.conflicts)}。"
        return told


@transaction.atomic
def sync_shipped(*, at: datetime) -> Shipped:
    """Bring the shipped rows to this release; local rows are never touched. Running it again changes nothing.

    A changed row is written anew, so that what processes remember of the table is noticed to be old.
    """
    locks.one_at_a_time("parameters")
    wanted = {_place(entry): _columns(entry) for entry in registries.parameters}
    if len(wanted) != len(registries.parameters):
        raise ValueError("two shipped parameter rows have the same key, jurisdiction and first day")
    present = {
        (row.key, row.jurisdiction, row.valid_from): row
        for row in Parameter.objects.filter(origin=ParameterOrigin.SHIPPED)
    }
    report = Shipped()
    stale, fresh, touched = [], [], []
    for place, columns in wanted.items():
        row = present.get(place)
        if row is not None and all(getattr(row, name) == value for name, value in columns.items()):
            continue
        if row is None:
            report.created += 1
        else:
            report.updated += 1
            stale.append(row.pk)
        key, jurisdiction, valid_from = place
        fresh.append(
            Parameter(
                key=key, jurisdiction=jurisdiction, valid_from=valid_from, origin=ParameterOrigin.SHIPPED, **columns
            )
        )
        touched.append(place)
    gone = [place for place in present if place not in wanted]
    report.removed = len(gone)
    stale += [present[place].pk for place in gone]
    Parameter.objects.filter(pk__in=stale).delete()
    Parameter.objects.bulk_create(fresh)
    report.conflicts = _conflicts([*touched, *gone])
    if fresh or stale:
        events.record(
            Event.PARAMETERS_SHIPPED, None, by=None, at=at,
            payload={
                "created": report.created, "updated": report.updated, "removed": report.removed,
                "conflicts": report.conflicts,
            },
        )  # fmt: skip
    return report


def _place(entry: Mapping[str, Any]) -> tuple[str, str, date]:
    return str(entry["key"]), str(entry.get("jurisdiction", NATIONAL)), date.fromisoformat(entry["valid_from"])


def _columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "valid_to": date.fromisoformat(entry["valid_to"]) if entry.get("valid_to") else None,
        "value": entry["value"],
        "severity": str(entry.get("severity", Severity.WARN)),
        "status": str(entry.get("status", ParameterStatus.CONFIRMED)),
        "source": str(entry.get("source", "")),
        "note": str(entry.get("note", "")),
    }


def _conflicts(places: Collection[tuple[str, str, date]]) -> list[str]:
    """Local rows that stand in front of a shipped row: the same key, its own or a narrower jurisdiction."""
    local = queries.shadowing(key for key, _jurisdiction, _day in places)
    return sorted(
        {
            f"{row.key}（{row.jurisdiction}，{row.valid_from.isoformat()} 起）"
            for key, jurisdiction, _day in places
            for row in local.get(key, ())
            if jurisdiction == NATIONAL or queries.owner(row.jurisdiction).startswith(queries.owner(jurisdiction))
        }
    )
