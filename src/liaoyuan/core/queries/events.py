"""Reads over events: the chain as it is stored, what may be sealed, traces of removal, and the auditor's list.

The chain is read as the database holds it, by plain SQL in pages along the number: flat memory, and a value that
somebody forced into a column comes out as it is instead of stopping the check.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from liaoyuan.core import clock
from liaoyuan.core.chain.heads import Head
from liaoyuan.core.chain.links import FIELDS, Link, moment, payload
from liaoyuan.core.models import AuditEvent, AuditHead

_PAGE = 2000
#: Stored names in the order of reading; the chain calls `actor_id` `actor`.
_NAMES = tuple("actor_id" if name == "actor" else name for name in FIELDS)
_MOMENTS = ("at", "recorded_at")


def _columns() -> str:
    """The content's columns. PostgreSQL writes moments as texts itself: it may hold some that Python cannot."""
    text = """to_char("{0}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    written = connection.vendor == "postgresql"
    return ", ".join(text.format(name) if written and name in _MOMENTS else f'"{name}"' for name in _NAMES)


def sealable(limit: int) -> list[tuple[int, dict[str, Any]]]:
    """The oldest events that may be sealed now, in order of id: (id, content).

    On PostgreSQL only what no transaction still running can precede: written below the oldest of them. Transaction
    numbers are the 64-bit ones that never wrap. A number at or above the snapshot's end comes from another cluster (a
    restored dump): it is surely committed. A row of our own transaction is ours to seal.
    """
    rows = AuditEvent.objects.filter(seq__isnull=True, hash="").order_by("pk")
    if connection.vendor == "postgresql":
        snapshot = "pg_snapshot_{}(pg_current_snapshot())::text::bigint"
        below = RawSQL(snapshot.format("xmin"), ())  # noqa: S611 - a constant
        beyond = RawSQL(snapshot.format("xmax"), ())  # noqa: S611 - a constant
        own = RawSQL("pg_current_xact_id_if_assigned()::text::bigint", ())
        rows = rows.filter(Q(txid__isnull=True) | Q(txid__lt=below) | Q(txid__gte=beyond) | Q(txid=own))
    picked = list(rows.values_list("pk", flat=True)[:limit])
    if not picked:
        return []
    sql = f"SELECT {_columns()} FROM core_auditevent WHERE seq IS NULL AND id BETWEEN %s AND %s ORDER BY id"  # noqa: S608
    wanted = set(picked)
    with connection.cursor() as cursor:
        cursor.execute(sql, [picked[0], picked[-1]])
        return [(row[0], _content(row)) for row in cursor.fetchall() if row[0] in wanted]


def links(upto: int | None = None) -> Iterator[Link]:
    """The numbered events in order of their number, then of id; `upto` is the last number wanted."""
    sql = f"""SELECT {_columns()}, "seq", "prev_hash", "hash" FROM core_auditevent
        WHERE seq >= %s AND (seq > %s OR id > %s) AND seq <= %s
        ORDER BY seq, id LIMIT {_PAGE}"""  # noqa: S608 - constants only
    lowest = -(2**63)
    seq, key, end = lowest, lowest, 2**63 - 1 if upto is None else upto
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [seq, seq, key, end])
            rows = cursor.fetchall()
        for row in rows:
            yield Link(row[-3], str(row[-2]), str(row[-1]), _content(row))
        if len(rows) < _PAGE:
            return
        seq, key = rows[-1][-3], rows[-1][0]


def unsealed_contents(after: int) -> Iterator[dict[str, Any]]:
    """Contents of the events that have no number, or one above `after`, in order of id."""
    sql = f"""SELECT {_columns()} FROM core_auditevent WHERE (seq IS NULL OR seq > %s) AND id > %s
        ORDER BY id LIMIT {_PAGE}"""  # noqa: S608 - constants only
    key = -(2**63)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [after, key])
            rows = cursor.fetchall()
        yield from (_content(row) for row in rows)
        if len(rows) < _PAGE:
            return
        key = rows[-1][0]


def _content(row: Any) -> dict[str, Any]:
    told = dict(zip(_NAMES, row, strict=False))
    told["actor"] = told.pop("actor_id")
    told["at"], told["recorded_at"] = _moment(told["at"]), _moment(told["recorded_at"])
    told["payload"] = payload(told["payload"])
    return told


def _moment(stored: Any) -> str:
    """A stored moment as the chain writes it; what is none stays as it is."""
    if isinstance(stored, datetime):  # what SQLite's driver makes of a column of moments, in UTC
        return moment(stored if stored.tzinfo else stored.replace(tzinfo=UTC))
    if not isinstance(stored, str) or stored.endswith("Z"):
        return str(stored)
    if len(stored) in (19, 26) and stored[10] == " ":  # SQLite: UTC, the decimals left out when they are zero
        return f"{stored[:10]}T{stored[11:]}{'' if len(stored) == 26 else '.000000'}Z"
    try:
        read = datetime.fromisoformat(stored)
    except ValueError:
        return stored
    return moment(read if read.tzinfo else read.replace(tzinfo=UTC))


def as_head(row: AuditHead) -> Head:
    """A stored head as the chain's checker knows it."""
    return Head(row.seq, row.hash, moment(row.at), row.algorithm, row.key_id, row.signature)


def heads(upto: int | None = None, after: int = 0) -> Iterator[Head]:
    """The signed heads in order of their number, above `after` and not above `upto`."""
    while True:
        rows = AuditHead.objects.filter(seq__gt=after).order_by("seq")
        if upto is not None:
            rows = rows.filter(seq__lte=upto)
        page = list(rows[:_PAGE])
        yield from map(as_head, page)
        if len(page) < _PAGE:
            return
        after = page[-1].seq


def last_head() -> Head | None:
    """The newest signed head, or None."""
    row = AuditHead.objects.order_by("-seq").first()
    return as_head(row) if row is not None else None


def has_head(head: Head) -> bool:
    """Whether the database knows this head."""
    return AuditHead.objects.filter(seq=head.seq, hash=head.hash).exists()


def last_link() -> tuple[int, str] | None:
    """Number and hash of the event with the highest number, or None."""
    row = AuditEvent.objects.filter(seq__isnull=False).order_by("-seq", "-pk").only("seq", "hash").first()
    return (row.seq, row.hash) if row is not None and row.seq is not None else None


def counts() -> dict[str, int]:
    """How many events there are, and how many of them are sealed."""
    sql = "SELECT count(*), count(seq), count(CASE WHEN seq IS NULL AND hash <> '' THEN 1 END) FROM core_auditevent"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        events, sealed, half = cursor.fetchone()
    return {"events": events, "sealed": sealed, "half_sealed": half}


def unsealed() -> int:
    """How many events wait for the sealer."""
    return AuditEvent.objects.filter(seq__isnull=True).count()


def beyond_heads() -> bool:
    """Whether numbered events stand above the last head; the sealer never leaves any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM core_auditevent"
            " WHERE seq > (SELECT coalesce(max(seq), 0) FROM core_audithead))"
        )
        return bool(cursor.fetchone()[0])


def removal_traces() -> list[str]:
    """Signs inside the database that events or heads were deleted, where nobody may delete any.

    SQLite remembers the highest id it ever gave (a rollback takes it back); PostgreSQL counts deleted rows.
    They can be wiped by who owns the database; their absence proves nothing.
    """
    told = []
    for table, title in (("core_auditevent", "event"), ("core_audithead", "head")):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_stat_force_next_flush()")
                cursor.execute("SELECT pg_stat_get_tuples_deleted(%s::regclass)", [table])
                gone = cursor.fetchone()[0] > 0
            else:
                cursor.execute(
                    f"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0)"  # noqa: S608
                    f" > coalesce((SELECT max(id) FROM {table}), 0)",
                    [table],
                )
                gone = bool(cursor.fetchone()[0])
        if gone:
            told.append(f"{title}s were deleted")
    return told


def guarded() -> bool:
    """Whether the triggers that refuse changes stand in the database and are switched on."""
    if connection.vendor == "postgresql":
        sql = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'core\\_audit\\_%%' AND tgenabled <> 'D'"
        wanted = 6
    else:
        sql = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'core\\_audit\\_%%' ESCAPE '\\'"
        wanted = 4
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
        return cursor.fetchone()[0] >= wanted


def listed(filters: Mapping[str, Any]) -> QuerySet[AuditEvent]:
    """The auditor's list, newest first. Known filters: person (name or login), code, start and end (days in China, by
    real time of recording), subject (its name or number), subject_kind, channel, unsealed (true).
    """
    rows = AuditEvent.objects.select_related("actor").order_by("-pk")
    if person := filters.get("person"):
        rows = rows.filter(Q(actor_name__icontains=person) | Q(actor__display_name__icontains=person))
    for name in ("code", "channel", "subject_kind"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if subject := filters.get("subject"):
        rows = rows.filter(Q(subject_label__icontains=subject) | Q(subject_id=subject))
    if start := filters.get("start"):
        rows = rows.filter(recorded_at__gte=_midnight(start))
    if end := filters.get("end"):
        rows = rows.filter(recorded_at__lt=_midnight(end + timedelta(days=1)))
    if filters.get("unsealed"):
        rows = rows.filter(seq__isnull=True)
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)


def lag_since() -> datetime | None:
    """When the oldest unsealed event was recorded, or None."""
    return AuditEvent.objects.filter(seq__isnull=True).order_by("pk").values_list(F("recorded_at"), flat=True).first()
