"""What tests of the audit share: events cannot be deleted, so the triggers are taken down as an attacker would, and for
the flush between tests.
"""

import json
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction

from liaoyuan.core import events, seal
from liaoyuan.core.actions import audit
from liaoyuan.core.choices import Event

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
TABLES = ("core_auditevent", "core_audithead")


@contextmanager
def unguarded(using=connection):
    """Inside, events, heads and signed score cards may be changed and deleted by SQL, as by who owns the schema."""
    with using.cursor() as cursor:
        if using.vendor == "postgresql":
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            try:
                yield
            finally:
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND "
                       "(name LIKE 'core_audit_%' OR name LIKE 'funding_score%')")  # fmt: skip
        kept = cursor.fetchall()
        for name, _made in kept:
            cursor.execute(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            for _name, made in kept:
                cursor.execute(made)


def forget_traces(using=connection):
    """Make the database as new after rows were deleted: counters that betray a deletion are set back."""
    with using.cursor() as cursor:
        if using.vendor == "postgresql":
            for table in TABLES:
                cursor.execute("SELECT pg_stat_reset_single_table_counters(%s::regclass)", [table])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name IN (%s, %s)", TABLES)


def allow_flush():
    """Let transactional tests empty the tables between tests; the log of heads is emptied with them."""
    operations = type(connection.ops)
    real = operations.execute_sql_flush

    def flush(self, sql_list):
        with unguarded(self.connection):
            real(self, sql_list)
        forget_traces(self.connection)
        seal.log_path().unlink(missing_ok=True)

    operations.execute_sql_flush = flush


def write(count: int, start: int = 1) -> None:
    with transaction.atomic():
        for number in range(start, start + count):
            payload = {"n": number, "share": 0.25, "名称": "蠡园街道"}
            events.record(Event.LOGIN, ("user", str(number), f"第 {number} 人"), by=None, at=AT, payload=payload)


def sql(statement: str, *params) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def kinds(result) -> set:
    return {fault["kind"] for fault in result["faults"]}


def kept() -> dict:
    """A head as the auditor keeps it: written out and read back."""
    return json.loads(json.dumps(audit.head()))
