"""The full-text index beside the search documents, and their standing order.

The terms are made by the product (pairs of characters with a sigil for the kind of text), so neither database splits
words. SQLite: FTS5 with external content; rows enter by one statement of `core.search`, because a trigger per inserted
row costs ten times as much, and leave by a trigger with the old text, so that no deletion leaves a ghost behind.
PostgreSQL: a stored tsvector, kept out of line so that the rows themselves stay small. A later migration that makes
SQLite remake the table has to put trigger and order index up again.
"""

from django.db import migrations

TABLE = "core_searchdocument"
INDEX = "core_searchindex"
#: Documents that a large refresh wrote and that the index does not have yet.
WAITING = f"CREATE INDEX core_search_waiting ON {TABLE} (id) WHERE grams = ''"

SQLITE = (
    f"""CREATE VIRTUAL TABLE {INDEX} USING fts5(grams, content='{TABLE}', content_rowid='id', columnsize=0,
    tokenize="ascii tokenchars '^$<#~@:*+._-'")""",
    # Pairs are collected in up to 16 MB of memory before they are written, so that an import of 100,000 rows does not
    # spend its time merging small pieces.
    f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('hashsize', 16777216)",  # noqa: S608
    f"""CREATE TRIGGER core_search_gone AFTER DELETE ON {TABLE} WHEN OLD.grams <> ''
    BEGIN INSERT INTO {INDEX}({INDEX}, rowid, grams) VALUES ('delete', OLD.id, OLD.grams); END""",  # noqa: S608
    f"CREATE INDEX core_search_order ON {TABLE} (weight DESC, key, kind, object_id)",
    WAITING,
)
SQLITE_DOWN = (
    "DROP INDEX core_search_waiting",
    "DROP INDEX core_search_order",
    "DROP TRIGGER core_search_gone",
    f"DROP TABLE {INDEX}",
)
POSTGRESQL = (
    f"""ALTER TABLE {TABLE} ADD COLUMN terms tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(grams, ' '))) STORED""",
    f"ALTER TABLE {TABLE} ALTER COLUMN terms SET STORAGE EXTERNAL",
    f"ALTER TABLE {TABLE} SET (toast_tuple_target = 512)",
    f"CREATE INDEX core_search_terms ON {TABLE} USING gin (terms)",
    f'CREATE INDEX core_search_order ON {TABLE} (weight DESC, key COLLATE "C", kind COLLATE "C", object_id)',
    WAITING,
)
POSTGRESQL_DOWN = (
    "DROP INDEX core_search_waiting",
    "DROP INDEX core_search_order",
    f"ALTER TABLE {TABLE} DROP COLUMN terms",
    f"ALTER TABLE {TABLE} RESET (toast_tuple_target)",
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
