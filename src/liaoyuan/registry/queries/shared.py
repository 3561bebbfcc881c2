"""One field of many bodies: what a change would do to each, and what a change set did."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from liaoyuan.core import access
from liaoyuan.core.models import AuditEvent
from liaoyuan.registry.choices import DISTRICT_FIELD_TITLES, LIVE, SHARED_FIELDS, Event, Kind, Permission, Status
from liaoyuan.registry.models import Organization, Standing

#: Events of one set stand close together; others may come between them where several write at once.
_NEAR = 20_000


class Planned(NamedTuple):
    """One body before the change. `state`: change, same, unfit (its kind has no such field), ended, forbidden."""

    pk: int
    version: int
    name: str
    old: str
    state: str


def plan(user: Any, ids: Iterable[int], field: str, value: str, on: date) -> list[Planned]:
    """What setting `field` to `value` from the day `on` would do to the bodies that the user may see, by name."""
    seen = Organization.objects.filter(pk__in=list(ids), voided_at__isnull=True).visible_to(user)
    versions = dict(seen.values_list("pk", "version"))
    rows = (
        Standing.objects.filter(organization__in=versions, superseded_at__isnull=True)
        .select_related("registrar_area")
        .order_by("organization_id", "valid_from")
    )
    there: dict[int, Standing] = {}
    last: dict[int, Standing] = {}
    for row in rows:
        last[row.organization_id] = row
        if row.organization_id not in there or row.valid_from <= on:
            there[row.organization_id] = row
    reach = {permission: access.reach(user, permission) for permission in (Permission.EDIT, Permission.FILING_EDIT)}
    found = []
    for pk, row in there.items():
        old, now = str(getattr(row, field)), last[pk]
        own = reach[Permission.FILING_EDIT if now.kind == Kind.BA else Permission.EDIT]
        if not own.everything and not any(now.registrar_area.path.startswith(path) for path in own.paths):
            state = "forbidden"
        elif now.kind not in SHARED_FIELDS[field]:
            state = "unfit"
        elif Status(now.status) not in LIVE:
            state = "ended"
        else:
            state = "same" if old == value else "change"
        found.append(Planned(pk, versions[pk], now.name, old, state))
    return sorted(found, key=lambda one: (one.state != "change", one.name, one.pk))


def events_of(first: int) -> list[AuditEvent]:
    """The events of the change set that begins with the event `first`, in order; none if there is no such set."""
    rows = AuditEvent.objects.filter(code=Event.FACTS_CHANGED, subject_kind="organization")
    head = rows.filter(pk=first).first()
    key = head.payload.get("set") if head else None
    if not key:
        return []
    near = rows.filter(pk__gte=first, pk__lt=first + _NEAR).order_by("pk")
    return [event for event in near if event.payload.get("set") == key]


def is_undone(events: Sequence[AuditEvent]) -> bool:
    """Whether the change set was taken back."""
    after = AuditEvent.objects.filter(
        code=Event.FACTS_CORRECTED, subject_kind="organization", subject_id=events[0].subject_id, pk__gt=events[0].pk
    )
    return any(event.payload.get("undoes") == events[0].payload["set"] for event in after)


def may_undo(user: Any, events: Sequence[AuditEvent]) -> bool:
    """Whether the user may write every body of the set."""
    ids = [int(event.subject_id) for event in events]
    field = next(iter(events[0].payload["changes"]))
    told = plan(user, ids, field, "", date.fromisoformat(events[0].payload["on"]))
    return len(told) == len(ids) and all(one.state != "forbidden" for one in told)


def spoken(field: str, value: str) -> str:
    """A stored value in (untranslated) words."""
    return DISTRICT_FIELD_TITLES.get(value, value) if field == "district_field" else value
