"""Search: one box for everything, by any substring of one character or more, by pinyin and by initials.

`refresh` writes the documents and their index, `find` reads them. A query's words must all be found, each in one of
the title, the former names, the codes or the readings. Hits stand in one order, whatever way they are collected: exact
code, exact title, beginning of the title, within the title, former name, part of a code, pinyin; then weight, title,
kind and key.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from liaoyuan.core import bulk, registries
from liaoyuan.core.models import SearchDocument
from liaoyuan.core.queries import hits
from liaoyuan.core.queries import search as language
from liaoyuan.core.queries.hits import Found, Hit
from liaoyuan.core.queries.search import Plan
from liaoyuan.kit import pinyin

__all__ = ["Found", "Hit", "drop", "find", "first", "make_room", "prepare", "refresh", "settle", "take_over"]

_BASE = ("kind", "object_id", "title", "code", "key", "former", "aliases", "codes", "registrar_path", "domicile_path",
         "is_public", "weight")  # fmt: skip
_COLUMNS = (*_BASE, "sounds")
_CHUNK = 5000
# A refresh of more records than this leaves the index to `settle`, after the caller's transaction.
_INLINE = 2000
# `settle` indexes so many documents in one transaction, less than a second's work and little memory.
_PORTION = 5_000
# PostgreSQL builds the index of this many new documents anew: ten times faster than entering them one by one.
_REBUILD = 20_000


def refresh(kind: str, ids: Sequence[int] | None = None) -> int:
    """Write the documents of these records anew (None = of all); a record without a document is dropped.

    Runs in the caller's transaction and touches only documents that changed. Of a few records the index follows at
    once, of many after the commit: until then `find` reads those documents themselves, so that it never misses one and
    an import does not hold its lock for the index. Returns how many documents the records have now.
    """
    source = registries.searchables.get(kind)
    if source is None:
        return 0
    keys = None if ids is None else list(dict.fromkeys(ids))
    later = keys is None or len(keys) > _INLINE
    # No savepoint: under one, SQLite takes longer for each row the more rows there are (16,000 bodies: 14.6 s for 4.5).
    with transaction.atomic(savepoint=False):
        if keys is None:
            SearchDocument.objects.filter(kind=kind).delete()
            count = _load(_base(kind, d) for d in source.documents(None))
        else:
            count = sum(_replace(kind, source, keys[start : start + _CHUNK]) for start in range(0, len(keys), _CHUNK))
        if later:
            transaction.on_commit(settle, robust=True)
        else:
            _index_portion()
    return count


def prepare(spool: bulk.Spool, kind: str, documents: Iterable[Mapping[str, Any]], *, known: bool) -> None:
    """Let documents wait in a spool until `take_over`, which runs under the caller's lock.

    `known` = the records may have documents already; of these only the ones that differ wait.
    """
    new = {d["object_id"]: _base(kind, d) for d in documents}
    if known:
        stored = SearchDocument.objects.filter(kind=kind, object_id__in=list(new)).values_list(*_BASE)
        old = {row[1]: row for row in stored}
        new = {key: row for key, row in new.items() if old.get(key) != row}
        spool.add("replaced", ((key,) for key in new))
    spool.add("documents", map(_with_sounds, new.values()))


def drop(spool: bulk.Spool, ids: Iterable[int]) -> None:
    """As `prepare`: these records will have no document any more."""
    spool.add("replaced", ((key,) for key in ids))


def make_room(spool: bulk.Spool) -> None:
    """Make the spool's tables for `prepare`."""
    spool.table("documents", SearchDocument, _COLUMNS)
    spool.table("replaced", SearchDocument, ("object_id",))


def take_over(spool: bulk.Spool, kind: str, count: int) -> None:
    """Write the waiting documents; the index follows as after `refresh` of so many records."""
    if spool.has("replaced"):
        spool.run(
            "DELETE FROM core_searchdocument WHERE kind = %s AND object_id IN (SELECT object_id FROM {replaced})",
            [kind],
        )
    spool.write("documents")
    if count > _INLINE:
        transaction.on_commit(settle, robust=True)
    else:
        _index_portion()


def settle() -> int:
    """Index the documents that still wait for it, in short transactions; returns how many."""
    rebuild = connection.vendor == "postgresql" and _waiting() > _REBUILD
    if rebuild:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS core_search_terms")
    count, found = 0, 1
    while found:
        found = _index_portion()
        count += found
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX IF NOT EXISTS core_search_terms ON core_searchindex USING gin (terms)")
    return count


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_searchwaiting")
        return int(cursor.fetchone()[0])


@transaction.atomic
def _index_portion() -> int:
    """Take some waiting documents into the index and return how many."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.id, {', '.join(f'd.{name}' for name in _COLUMNS)}"  # noqa: S608
            " FROM core_searchwaiting w JOIN core_searchdocument d ON d.id = w.id ORDER BY w.id LIMIT %s"
            + (" FOR UPDATE" if postgresql else ""),
            [_PORTION],
        )
        rows = [(row[0], _grams(row[1:-1], row[-1])) for row in cursor.fetchall()]
        keys = [row[0] for row in rows]
        if postgresql:
            cursor.execute(
                "INSERT INTO core_searchindex (id, terms) SELECT id, array_to_tsvector(string_to_array(grams, ' '))"
                " FROM unnest(%s::bigint[], %s::text[]) AS given (id, grams)",
                [keys, [row[1] for row in rows]],
            )
            cursor.execute("DELETE FROM core_searchwaiting WHERE id = ANY(%s)", [keys])
        else:
            given = json.dumps(keys)
            cursor.executemany("INSERT INTO core_searchgrams (id, grams) VALUES (%s, %s)", rows)
            cursor.execute(
                "INSERT INTO core_searchindex (rowid, grams) SELECT id, grams FROM core_searchgrams"
                " WHERE id IN (SELECT value FROM json_each(%s))",
                [given],
            )
            cursor.execute("DELETE FROM core_searchwaiting WHERE id IN (SELECT value FROM json_each(%s))", [given])
    return len(rows)


def _replace(kind: str, source: registries.Searchable, keys: list[int]) -> int:
    """Bring the documents of some records up to date and return how many there are now."""
    stored = SearchDocument.objects.filter(kind=kind, object_id__in=keys)
    old = {row[1]: row for row in stored.values_list(*_BASE).iterator(chunk_size=_CHUNK)}
    new = {d["object_id"]: _base(kind, d) for d in source.documents(keys)}
    gone = [key for key in old if old[key] != new.get(key)]
    if gone:
        SearchDocument.objects.filter(kind=kind, object_id__in=gone).delete()
    _load(row for key, row in new.items() if old.get(key) != row)
    return len(new)


def _load(rows: Iterable[tuple[Any, ...]]) -> int:
    return bulk.load(SearchDocument, _COLUMNS, map(_with_sounds, rows))


def _base(kind: str, d: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is stored of a document, in the order of `_BASE`; everything else follows from it."""
    key = language.fold(d["names"][0])
    former = {text: name for name in d["names"][1:] if (text := language.fold(name)) and text != key}
    codes = dict.fromkeys([text for code in d["codes"] if (text := language.fold(code))])
    return (
        kind,
        d["object_id"],
        d["title"],
        d["code"],
        key,
        "\n".join(former),
        "\n".join(former.values()),
        "\n".join(("", *codes, "")) if codes else "",
        d["registrar_path"],
        d["domicile_path"],
        d["is_public"],
        d["weight"],
    )


def _with_sounds(row: tuple[Any, ...]) -> tuple[Any, ...]:
    key, former = row[4], row[5]
    names = [key, *former.split("\n")] if former else [key]
    return (*row, "\n".join(dict.fromkeys([text for name in names for pair in pinyin.readings(name) for text in pair])))


def _grams(row: Sequence[Any], sounds: str) -> str:
    kind, _object, _title, _code, key, former, _aliases, codes, registrar, domicile, is_public, _weight = row
    return language.grams(
        key,
        former.split(),
        codes.split(),
        sounds.split(),
        language.marks(kind, registrar, domicile, is_public=is_public),
    )


def find(
    query: str, *, user: Any, kind: str | None = None, limit: int = 20, offset: int = 0, public: bool = False
) -> Found:
    """The hits number `offset` to `offset + limit` and the exact total, among what the user may see.

    `public` looks at what everybody may find, whoever asks. Any text is a query; one without a letter or digit finds
    nothing.
    """
    plan, scope = Plan.of(query), hits.scope_of(user, kind, public=public)
    if not plan.words or scope is None:
        return Found()
    search = hits.Search(plan, scope)
    return Found(search.total(), search.page(limit, offset))


def first(query: str, *, user: Any, kind: str | None = None, limit: int = 8) -> list[Hit]:
    """The first hits without counting the rest, for suggestions while typing."""
    plan, scope = Plan.of(query), hits.scope_of(user, kind, public=False)
    return hits.Search(plan, scope).page(limit, 0) if plan.words and scope is not None else []
