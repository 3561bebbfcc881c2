"""What tests need because events cannot be deleted: taking the triggers down as an attacker would, and for a flush."""

from contextlib import contextmanager

from django.db import connection

from liaoyuan.core import seal

TABLES = ("core_auditevent", "core_audithead")


@contextmanager
def unguarded(using=connection):
    """Inside, events and heads may be changed and deleted by SQL, as by somebody who owns the schema."""
    with using.cursor() as cursor:
        if using.vendor == "postgresql":
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'core_audit_%'")
        kept = cursor.fetchall()
        for name, _sql in kept:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in kept:
            cursor.execute(sql)


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
