"""Retention: what is older than its class allows is deleted or emptied, without being asked (`vault retention`).

The days of a class are a dated parameter (`core.retention`). A subject under a legal hold is left alone and counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from liaoyuan.core import access, events, policy, registries, retention
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import privacy
from liaoyuan.core.choices import BatchState, CompareState, Event, Permission
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Comparison, Difference, ImportBatch, ImportRow, PersonalRequest
from liaoyuan.core.registries import Retained
from liaoyuan.kit.findings import Refused

_CHUNK = 500


def run(*, at: datetime, by: Actor, dry_run: bool = False) -> list[dict[str, Any]]:
    """Run every class of this release: {"code", "title", "days", "before", "due", "ended", "kept"} each.

    `dry_run` only counts. Each chunk of keys is a transaction of its own; running it twice ends nothing twice.
    """
    access.require(by, Permission.USER_MANAGE)
    told: list[dict[str, Any]] = []
    for entry, days, before in _classes(at):
        job = registries.retained[entry.code]
        keys, ended = list(job.due(before)), 0
        for part in () if dry_run else batched(keys, _CHUNK):
            with transaction.atomic():
                ended += job.end(part, by=by, at=at)
        told.append({"code": entry.code, "title": entry.title, "days": days, "before": localdate(before),
                     "due": len(keys), "ended": ended, "kept": 0 if dry_run else len(keys) - ended})  # fmt: skip
    with transaction.atomic():
        tell({line["code"]: line["ended"] for line in told}, by=by, at=at)
    return told


def _classes(at: datetime) -> Iterator[tuple[retention.Kept, int, datetime]]:
    """Each class that ends: its days, and the moment before which its data are due."""
    limits = policy.limits(localdate(at), policy.chain("national"))
    for entry in retention.TABLE.values():
        days = limits.get(entry.key, entry.days)
        if entry.built and days is not None and entry.code in registries.retained:
            yield entry, int(days), at - timedelta(days=int(days))


def due_by_clock(at: datetime) -> Iterator[tuple[str, str, Sequence[int]]]:
    """(code, title, some keys) of what is due, for the job; nothing where the district has not said so."""
    if policy.limits(localdate(at), policy.chain("national")).get(retention.BY_CLOCK, False):
        for entry, _days, before in _classes(at):
            for part in batched(list(registries.retained[entry.code].due(before)), _CHUNK):
                yield entry.code, entry.title, part


def end(*, code: str, keys: Sequence[int], by: Actor, at: datetime) -> int:
    """Delete or empty some of what is due, in the caller's transaction; how many were not held back."""
    access.require(by, Permission.USER_MANAGE)
    return registries.retained[code].end(keys, by=by, at=at)


def tell(ended: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    """One line in the log about a run that ended something."""
    counts = {code: count for code, count in ended.items() if count}
    if counts:
        events.record(Event.RETENTION_RUN, None, by=by, at=at, payload={"ended": counts})


def erase_each(kind: str, keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Erase subjects one by one for a class of a higher floor; those under a legal hold stay. Returns how many."""
    ended = 0
    for key in keys:
        try:
            privacy.erase(subject=(kind, str(key), ""), reason="保存期限届满", by=by, at=at)
            ended += 1
        except Refused:
            continue
    return ended


def _sessions_due(before: datetime) -> list[str]:
    rows = Session.objects.filter(expire_date__lt=before).order_by("session_key")
    return list(rows.values_list("session_key", flat=True))


def _end_sessions(keys: Sequence[str], *, by: Actor, at: datetime) -> int:
    return Session.objects.filter(pk__in=keys).delete()[0]


def _raw_due(before: datetime) -> list[int]:
    """Batches imported before the moment that still hold cells of the sheet: of rows, or above and in the header."""
    rows = ImportRow.objects.filter(batch=OuterRef("pk")).exclude(raw="")
    done = ImportBatch.objects.filter(~Q(top="") | Exists(rows), applied_at__lt=before)
    return list(done.order_by("pk").values_list("pk", flat=True))


def _end_raw(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    ImportRow.objects.filter(batch__in=keys).exclude(raw="").update(raw="")
    return ImportBatch.objects.filter(pk__in=keys).update(top="")


def _discarded_due(before: datetime) -> list[int]:
    rows = ImportRow.objects.filter(batch__state=BatchState.DISCARDED, batch__created_at__lt=before)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _end_discarded(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    return ImportRow.objects.filter(pk__in=keys).delete()[0]


def _differences_due(before: datetime) -> list[int]:
    """Comparisons of the moment's past that still hold their differences."""
    rows = Difference.objects.filter(comparison=OuterRef("pk"))
    old = Comparison.objects.filter(Exists(rows), created_at__lt=before)
    return list(old.order_by("pk").values_list("pk", flat=True))


def _end_differences(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    """The rows go, with the names and values in them; what was decided of them is kept by a hash alone."""
    Difference.objects.filter(comparison__in=keys).delete()
    return Comparison.objects.filter(pk__in=keys).update(state=str(CompareState.ENDED))


def _requests_due(before: datetime) -> list[int]:
    rows = PersonalRequest.objects.filter(decided_at__lt=before).exclude(text="", answer="")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _end_requests(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    return PersonalRequest.objects.filter(pk__in=keys).update(text="", answer="")


#: The classes of this floor.
CLASSES = (
    Retained("sessions", _sessions_due, _end_sessions),
    Retained("staging_raw", _raw_due, _end_raw),
    Retained("staging_discarded", _discarded_due, _end_discarded),
    Retained("comparisons", _differences_due, _end_differences),
    Retained("requests", _requests_due, _end_requests),
)
