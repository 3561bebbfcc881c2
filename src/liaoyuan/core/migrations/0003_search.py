"""The full-text index beside the search documents, and their standing order.

The terms are made by the product (pairs of characters with a sigil for the kind of text), so neither database splits
words. A new document first stands in `core_searchwaiting`, put there by a trigger, whoever wrote it; `core.search`
takes it from there into the index. A deleted one leaves index and waiting room by triggers too, so that no ghost stays
behind. On SQLite the index is FTS5 with external content, filled by one statement for many documents (a trigger per row
costs ten times as much); on PostgreSQL a stored tsvector with GIN, in a table of its own so that the documents stay
small. A later migration that makes SQLite remake the table has to put triggers and order up again.
"""

from django.db import migrations

TABLE = "core_searchdocument"
INDEX = "core_searchindex"
GRAMS = "core_searchgrams"
WAITING = "core_searchwaiting"

SQLITE = (
    f"CREATE TABLE {WAITING} (id INTEGER PRIMARY KEY)",
    f"CREATE TABLE {GRAMS} (id INTEGER PRIMARY KEY, grams TEXT NOT NULL)",
    f"""CREATE VIRTUAL TABLE {INDEX} USING fts5(grams, content='{GRAMS}', content_rowid='id', columnsize=0,
    tokenize="ascii tokenchars '^$<#~@:*+._-'")""",
    # Pairs are collected in up to 16 MB of memory before they are written, so that an import of 100,000 rows does not
    # spend its time merging small pieces.
    f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('hashsize', 16777216)",  # noqa: S608
    f"""CREATE TRIGGER core_search_written AFTER INSERT ON {TABLE}
    BEGIN INSERT INTO {WAITING} (id) VALUES (NEW.id); END""",  # noqa: S608
    f"""CREATE TRIGGER core_search_gone AFTER DELETE ON {TABLE}
    BEGIN
        INSERT INTO {INDEX}({INDEX}, rowid, grams) SELECT 'delete', id, grams FROM {GRAMS} WHERE id = OLD.id;
        DELETE FROM {GRAMS} WHERE id = OLD.id;
        DELETE FROM {WAITING} WHERE id = OLD.id;
    END""",  # noqa: S608
    f"CREATE INDEX core_search_order ON {TABLE} (weight DESC, key, kind, object_id)",
    f"INSERT INTO {WAITING} SELECT id FROM {TABLE}",  # noqa: S608
)
SQLITE_DOWN = (
    "DROP INDEX core_search_order",
    "DROP TRIGGER core_search_written",
    "DROP TRIGGER core_search_gone",
    f"DROP TABLE {INDEX}",
    f"DROP TABLE {GRAMS}",
    f"DROP TABLE {WAITING}",
)
POSTGRESQL = (
    f"CREATE TABLE {WAITING} (id bigint PRIMARY KEY)",
    f"CREATE TABLE {INDEX} (id bigint PRIMARY KEY, terms tsvector NOT NULL)",
    # Without statistics the planner always asks the index; reading every row's terms is the slowest way there is.
    f"ALTER TABLE {INDEX} ALTER COLUMN terms SET STATISTICS 0",
    f"CREATE INDEX core_search_terms ON {INDEX} USING gin (terms)",
    f"""CREATE FUNCTION core_search_written() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO {WAITING} (id) SELECT id FROM written;
        RETURN NULL;
    END $$""",  # noqa: S608
    f"""CREATE FUNCTION core_search_gone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM {INDEX} USING gone WHERE {INDEX}.id = gone.id;
        DELETE FROM {WAITING} USING gone WHERE {WAITING}.id = gone.id;
        RETURN NULL;
    END $$""",  # noqa: S608
    f"""CREATE FUNCTION core_search_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        TRUNCATE {INDEX}, {WAITING};
        RETURN NULL;
    END $$""",
    f"""CREATE TRIGGER core_search_written AFTER INSERT ON {TABLE} REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION core_search_written()""",
    f"""CREATE TRIGGER core_search_gone AFTER DELETE ON {TABLE} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION core_search_gone()""",
    f"""CREATE TRIGGER core_search_emptied AFTER TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION core_search_emptied()""",
    f'CREATE INDEX core_search_order ON {TABLE} (weight DESC, key COLLATE "C", kind COLLATE "C", object_id)',
    f"INSERT INTO {WAITING} SELECT id FROM {TABLE}",  # noqa: S608
)
POSTGRESQL_DOWN = (
    "DROP INDEX core_search_order",
    f"DROP TRIGGER core_search_written ON {TABLE}",
    f"DROP TRIGGER core_search_gone ON {TABLE}",
    f"DROP TRIGGER core_search_emptied ON {TABLE}",
    "DROP FUNCTION core_search_written()",
    "DROP FUNCTION core_search_gone()",
    "DROP FUNCTION core_search_emptied()",
    f"DROP TABLE {INDEX}",
    f"DROP TABLE {WAITING}",
)


def put_up(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def take_down(apps, schema_editor):
    for statement in {"sqlite": SQLITE_DOWN, "postgresql": POSTGRESQL_DOWN}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_guard")]
    operations = [migrations.RunPython(put_up, take_down)]
