"""The database itself refuses to change or delete events and heads; the sealer alone may number an event, once.

Whoever may change the schema can drop these triggers: they stop mistakes and ordinary accounts, the chain finds the
rest. On PostgreSQL a third trigger notes the writing transaction, whoever writes.
"""

from django.db import migrations

EVENT = "core_auditevent"
HEAD = "core_audithead"
CONTENT = (
    "id",
    "code",
    "at",
    "recorded_at",
    "actor_id",
    "actor_name",
    "channel",
    "on_behalf",
    "subject_kind",
    "subject_id",
    "subject_label",
    "payload",
    "txid",
)


def _same(operator):
    return " AND ".join(f'OLD."{name}" {operator} NEW."{name}"' for name in CONTENT)


def _sealing(operator):
    """The one change that is allowed: number and hashes of an event that has none."""
    once = """OLD.seq IS NULL AND OLD.hash = '' AND OLD.prev_hash = '' AND NEW.seq IS NOT NULL AND NEW.hash <> ''"""
    return f"{once} AND {_same(operator)}"


SQLITE = (
    f"""CREATE TRIGGER core_audit_event_update BEFORE UPDATE ON {EVENT} WHEN NOT ({_sealing("IS")})
    BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END""",
    f"""CREATE TRIGGER core_audit_event_delete BEFORE DELETE ON {EVENT}
    BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END""",
    f"""CREATE TRIGGER core_audit_head_update BEFORE UPDATE ON {HEAD}
    BEGIN SELECT RAISE(ABORT, 'audit heads are never changed'); END""",
    f"""CREATE TRIGGER core_audit_head_delete BEFORE DELETE ON {HEAD}
    BEGIN SELECT RAISE(ABORT, 'audit heads are never deleted'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit rows are never changed or deleted' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE FUNCTION core_audit_note_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.txid := pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END $$""",
    f"""CREATE TRIGGER core_audit_event_insert BEFORE INSERT ON {EVENT}
    FOR EACH ROW EXECUTE FUNCTION core_audit_note_transaction()""",
    f"""CREATE TRIGGER core_audit_event_update BEFORE UPDATE ON {EVENT}
    FOR EACH ROW WHEN (NOT ({_sealing("IS NOT DISTINCT FROM")})) EXECUTE FUNCTION core_audit_refuse()""",
    f"""CREATE TRIGGER core_audit_event_delete BEFORE DELETE ON {EVENT}
    FOR EACH ROW EXECUTE FUNCTION core_audit_refuse()""",
    f"""CREATE TRIGGER core_audit_event_truncate BEFORE TRUNCATE ON {EVENT}
    FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse()""",
    f"""CREATE TRIGGER core_audit_head_change BEFORE UPDATE OR DELETE ON {HEAD}
    FOR EACH ROW EXECUTE FUNCTION core_audit_refuse()""",
    f"""CREATE TRIGGER core_audit_head_truncate BEFORE TRUNCATE ON {HEAD}
    FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse()""",
)
EVENT_TRIGGERS = ("insert", "update", "delete", "truncate")
HEAD_TRIGGERS = {"sqlite": ("update", "delete"), "postgresql": ("change", "truncate")}


def put_up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement, params=None)


def take_down(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table, noun, names in ((EVENT, "event", EVENT_TRIGGERS), (HEAD, "head", HEAD_TRIGGERS[vendor])):
        for name in names:
            of = f" ON {table}" if vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS core_audit_{noun}_{name}{of}", params=None)
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS core_audit_refuse()", params=None)
        schema_editor.execute("DROP FUNCTION IF EXISTS core_audit_note_transaction()", params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
