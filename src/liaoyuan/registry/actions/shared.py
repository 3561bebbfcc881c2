"""One field of many bodies in one change set: one transaction, one event per body, taken back as a whole."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, search
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import AuditEvent
from liaoyuan.core.staging import note
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.registry.actions import organizations, standings
from liaoyuan.registry.choices import DISTRICT_FIELD_TITLES, MOST_AT_ONCE, SHARED_FIELDS, Event, Permission
from liaoyuan.registry.models import OPEN, Organization, Standing
from liaoyuan.registry.queries.shared import events_of, is_undone
from liaoyuan.registry.queries.standings import periods_of


def _refusal(code: str, sentence: str, field: str = "", **args: object) -> Refused:
    return Refused([note(code, Severity.BLOCK, sentence, field_name=field, **args)])


def _check(versions: Mapping[int, int], field: str, value: str, on: date, today: date) -> None:
    """Refuse what no body could take."""
    if not versions:
        raise _refusal("MANY-NONE", _("没有要修改的组织。"))
    if len(versions) > MOST_AT_ONCE:
        raise _refusal(
            "MANY-MOST", _("一次最多修改 {most} 家，现有 {n} 家，请缩小范围。"), most=MOST_AT_ONCE, n=len(versions)
        )
    if field not in SHARED_FIELDS:
        raise _refusal("MANY-FIELD", _("这一项不能批量修改。"), "field")
    if field == "district_field" and value and value not in DISTRICT_FIELD_TITLES:
        raise _refusal("MANY-VALUE", _("请从所属领域中选择。"), "district")
    if on > today:
        raise _refusal("MANY-LATE", _("日期不能晚于今天。"), "on")


@transaction.atomic
def change(
    *, versions: Mapping[int, int], field: str, value: str, on: date, by: Actor, at: datetime
) -> list[AuditEvent]:
    """Set one of `SHARED_FIELDS` to `value` from the day `on` for every body in `versions` (key → version seen).

    All or none: refused when one was changed by somebody else meanwhile, has ended or has no such field; forbidden when
    one lies outside the area of the user's grants. No rule reads these fields, so none is asked. Returns the events.
    """
    _check(versions, field, value, on, localdate(at))
    key = uuid.uuid4().hex
    told, stale = [], []
    for pk in sorted(versions):
        organization, row = organizations.entered(Organization(pk=pk), Permission.EDIT, by=by)
        if organization.version != versions[pk]:
            stale.append(row.name)
            continue
        if row.kind not in SHARED_FIELDS[field] or not organization.live:
            raise _refusal("MANY-UNFIT", _("“{name}”已经终止，或者没有这一项。"), name=row.name)
        rows = _known(organization)
        before = periods_of(rows)
        history = arithmetic.change(before, {field: value}, on=on)
        old = str((arithmetic.at(before, on) or before[0]).values[field])
        standings.replace_history(organization=organization, periods=history, by=by, at=at)
        told.append(
            events.record(
                Event.FACTS_CHANGED, organizations.subject(organization, row), by=by, at=at,
                payload={"changes": {field: [old, value]}, "on": on.isoformat(), "set": key,
                         "version": organization.version, "rows": [known.pk for known in rows]},
            )
        )  # fmt: skip
    _refuse_stale(stale)
    search.refresh(organizations.SUBJECT, list(versions))
    return told


@transaction.atomic
def undo(*, first: int, by: Actor, at: datetime) -> int:
    """Take back the change set that begins with the event `first`; returns how many bodies have their old history.

    Refused as a whole when one of them was changed since, or when it was taken back before.
    """
    told = events_of(first)
    if not told:
        raise _refusal("MANY-UNKNOWN", _("没有这次批量修改。"))
    if is_undone(told):
        raise _refusal("MANY-UNDONE", _("这次批量修改已经撤销过。"))
    stale = []
    for event in told:
        organization, row = organizations.entered(Organization(pk=int(event.subject_id)), Permission.EDIT, by=by)
        if organization.version != event.payload["version"]:
            stale.append(row.name)
            continue
        old = list(Standing.objects.filter(pk__in=event.payload["rows"]).order_by("valid_from"))
        standings.replace_history(organization=organization, periods=periods_of(old), by=by, at=at)
        changes = {field: [now, was] for field, (was, now) in event.payload["changes"].items()}
        events.record(
            Event.FACTS_CORRECTED, organizations.subject(organization, row), by=by, at=at,
            payload={"changes": changes, "on": event.payload["on"], "undoes": event.payload["set"]},
        )  # fmt: skip
    _refuse_stale(stale)
    search.refresh(organizations.SUBJECT, [int(event.subject_id) for event in told])
    return len(told)


def _known(organization: Organization) -> list[Standing]:
    rows = Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from")
    found = list(rows)
    assert found[-1].valid_to == OPEN  # noqa: S101 - a constraint holds it
    return found


def _refuse_stale(names: Sequence[str]) -> None:
    """Somebody was faster: say for which bodies."""
    told: list[Finding] = [
        note("MANY-STALE", Severity.BLOCK, _("“{name}”在此期间被修改过；整批没有写入。"), name=name)
        for name in names[:20]
    ]
    if told:
        raise Refused(told)
