"""Search: one box for everything, by any substring of one character or more, by pinyin and by initials.

`refresh` writes the documents and their index, `find` reads them. A query's words must all be found, each in one of
the title, the former names, the codes or the readings. Hits stand in one order, whatever way they are collected: exact
code, exact title, beginning of the title, within the title, former name, part of a code, pinyin; then weight, title,
kind and key.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from liaoyuan.core import bulk, registries
from liaoyuan.core.models import SearchDocument
from liaoyuan.core.queries import hits
from liaoyuan.core.queries import search as language
from liaoyuan.core.queries.hits import Found, Hit
from liaoyuan.core.queries.search import Plan
from liaoyuan.kit import pinyin

__all__ = ["Found", "Hit", "find", "first", "refresh", "settle"]

_BASE = ("kind", "object_id", "title", "code", "key", "former", "aliases", "codes", "registrar_path", "domicile_path",
         "is_public", "weight")  # fmt: skip
_COLUMNS = (*_BASE, "sounds", "grams")
_CHUNK = 5000
# A refresh of more records than this leaves the index to `settle`, after the caller's transaction.
_INLINE = 2000
# `settle` indexes so many documents in one transaction, less than a second's work.
_PORTION = 10_000
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
    with transaction.atomic():
        if keys is None:
            SearchDocument.objects.filter(kind=kind).delete()
            count = _load((_base(kind, d) for d in source.documents(None)), later=later)
        else:
            count = sum(
                _replace(kind, source, keys[start : start + _CHUNK], later=later)
                for start in range(0, len(keys), _CHUNK)
            )
        if later:
            transaction.on_commit(settle, robust=True)
    return count


def settle() -> int:
    """Index the documents that large refreshes left to later, in short transactions; returns how many."""
    waiting = SearchDocument.objects.filter(grams="")
    rebuild = connection.vendor == "postgresql" and waiting.count() > _REBUILD
    if rebuild:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS core_search_terms")
    count, found = 0, 1
    while found:
        with transaction.atomic():
            rows = list(waiting.select_for_update().order_by("pk").values_list("pk", *_BASE, "sounds")[:_PORTION])
            found = len(rows)
            bulk.run_many(
                "UPDATE core_searchdocument SET grams = %s WHERE id = %s",
                [(_grams(row[1:-1], row[-1]), row[0]) for row in rows],
            )
            if rows:
                _enter([row[0] for row in rows])
        count += found
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX IF NOT EXISTS core_search_terms ON core_searchdocument USING gin (terms)")
    return count


def _replace(kind: str, source: registries.Searchable, keys: list[int], *, later: bool) -> int:
    """Bring the documents of some records up to date and return how many there are now."""
    stored = SearchDocument.objects.filter(kind=kind, object_id__in=keys)
    old = {row[1]: row for row in stored.values_list(*_BASE).iterator(chunk_size=_CHUNK)}
    new = {d["object_id"]: _base(kind, d) for d in source.documents(keys)}
    gone = [key for key in old if old[key] != new.get(key)]
    if gone:
        SearchDocument.objects.filter(kind=kind, object_id__in=gone).delete()
    _load((row for key, row in new.items() if old.get(key) != row), later=later)
    return len(new)


def _load(rows: Iterable[tuple[Any, ...]], *, later: bool) -> int:
    last = SearchDocument.objects.aggregate(last=Max("pk"))["last"] or 0
    count = bulk.load(SearchDocument, _COLUMNS, _whole(rows, later=later))
    if count and not later:
        _enter(list(SearchDocument.objects.filter(pk__gt=last).values_list("pk", flat=True)))
    return count


def _enter(keys: Sequence[int]) -> None:
    """Enter documents into SQLite's index; PostgreSQL's follows by itself."""
    if connection.vendor == "postgresql":
        return
    with connection.cursor() as cursor:
        # one statement: row by row FTS5 would write its memory out after each
        cursor.execute(
            "INSERT INTO core_searchindex(rowid, grams) SELECT id, grams FROM core_searchdocument"
            " WHERE id IN (SELECT value FROM json_each(%s))",
            [json.dumps(keys)],
        )


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


def _whole(rows: Iterable[tuple[Any, ...]], *, later: bool) -> Iterator[tuple[Any, ...]]:
    """Base rows with readings and, unless that is left to `settle`, index terms."""
    for row in rows:
        names = [row[4], *row[5].split("\n")] if row[5] else [row[4]]
        sounds = "\n".join(dict.fromkeys([text for name in names for pair in pinyin.readings(name) for text in pair]))
        yield (*row, sounds, "" if later else _grams(row, sounds))


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
    plan, scope = Plan(language.words_of(query)), hits.scope_of(user, kind, public=public)
    if not plan.words or scope is None:
        return Found()
    search = hits.Search(plan, scope)
    return Found(search.total(), search.page(limit, offset))


def first(query: str, *, user: Any, kind: str | None = None, limit: int = 8) -> list[Hit]:
    """The first hits without counting the rest, for suggestions while typing."""
    plan, scope = Plan(language.words_of(query)), hits.scope_of(user, kind, public=False)
    return hits.Search(plan, scope).page(limit, 0) if plan.words and scope is not None else []
