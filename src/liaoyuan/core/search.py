"""Search: one box for everything, by any substring of one character or more, by pinyin and by initials.

`refresh` writes the documents and their index, `find` reads them. A query's words must all be found, each in one of
the title, the former names, the codes or the readings. Hits stand in one order, whatever way they are collected: exact
code, exact title, beginning of the title, within the title, former name, part of a code, pinyin; then weight, title,
kind and key.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection, transaction

from liaoyuan.core import access, bulk, registries
from liaoyuan.core.models import SearchDocument
from liaoyuan.core.queries import search as language
from liaoyuan.core.queries.search import NOWHERE, Plan, Sql
from liaoyuan.kit import pinyin
from liaoyuan.kit.text import match_key

_COLUMNS = ("kind", "object_id", "title", "code", "key", "former", "aliases", "codes", "sounds", "grams",
            "registrar_path", "domicile_path", "is_public", "weight")  # fmt: skip
_CHUNK = 5000
_ORGANIZATION = "organization"  # the kind whose records grants over one organization name
# Up to this many candidates are ranked and sorted; of more, the standing order is walked until the page is full.
_FEW = 600
# Pages further on than this are cut from the sorted whole.
_FAR = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """One found record. `matched` is the former name it was found by, "" when it was found by what it has now."""

    kind: str
    object_id: int
    title: str
    code: str
    matched: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits and the exact number of all."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)


def refresh(kind: str, ids: Sequence[int] | None = None) -> int:
    """Write the documents of these records anew (None = of all); a record without a document is dropped.

    Runs in the caller's transaction. Returns how many documents there are now.
    """
    source = registries.searchables.get(kind)
    if source is None:
        return 0
    keys = None if ids is None else list(dict.fromkeys(ids))
    with transaction.atomic():
        _drop(kind, keys)
        if connection.vendor == "postgresql":
            return _load(kind, source.documents, keys)
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM core_searchdocument")
            last = cursor.fetchone()[0]
            count = _load(kind, source.documents, keys)
            # one statement: row by row FTS5 would write its memory out after each
            cursor.execute(
                "INSERT INTO core_searchindex(rowid, grams) SELECT id, grams FROM core_searchdocument WHERE id > %s",
                [last],
            )
    return count


def _drop(kind: str, keys: list[int] | None) -> None:
    with connection.cursor() as cursor:
        if keys is None:
            cursor.execute("DELETE FROM core_searchdocument WHERE kind = %s", [kind])
        elif connection.vendor == "postgresql":
            cursor.execute("DELETE FROM core_searchdocument WHERE kind = %s AND object_id = ANY(%s)", [kind, keys])
        else:
            cursor.execute(
                "DELETE FROM core_searchdocument WHERE kind = %s AND object_id IN (SELECT value FROM json_each(%s))",
                [kind, json.dumps(keys)],
            )


def _load(kind: str, documents: Any, keys: list[int] | None) -> int:
    if keys is None:
        return bulk.load(SearchDocument, _COLUMNS, _rows(kind, documents(None)))
    return sum(
        bulk.load(SearchDocument, _COLUMNS, _rows(kind, documents(keys[start : start + _CHUNK])))
        for start in range(0, len(keys), _CHUNK)
    )


def _rows(kind: str, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    fold = match_key.__wrapped__  # names hardly repeat: the memory of match_key would only be turned over
    marks: dict[tuple[str, str, bool], str] = {}
    for d in documents:
        names = d["names"]
        key = fold(names[0])
        former = {text: name for name in names[1:] if (text := fold(name)) and text != key}
        codes = list(dict.fromkeys([text for code in d["codes"] if (text := fold(code))]))
        sounds = [pair for name in (key, *former) for pair in pinyin.readings(name)]
        place = (d["registrar_path"], d["domicile_path"], d["is_public"])
        if place not in marks:
            marks[place] = language.marks(kind, place[0], place[1], is_public=place[2])
        yield (
            kind,
            d["object_id"],
            d["title"],
            d["code"],
            key,
            "\n".join(former),
            "\n".join(former.values()),
            "\n".join(("", *codes, "")),
            "\n".join([f"{full}\n{initials}" for full, initials in sounds]),
            language.grams(key, former, codes, sounds, marks[place]),
            *place,
            d["weight"],
        )


def find(
    query: str, *, user: Any, kind: str | None = None, limit: int = 20, offset: int = 0, public: bool = False
) -> Found:
    """The hits number `offset` to `offset + limit` and the exact total, among what the user may see.

    `public` looks at what everybody may find, whoever asks. Any text is a query; one without a letter or digit finds
    nothing.
    """
    plan, scope = Plan(language.words_of(query)), _scope(user, kind, public=public)
    if not plan.words or scope is None:
        return Found()
    search = _Search(plan, scope)
    return Found(search.total(), search.page(limit, offset))


def first(query: str, *, user: Any, kind: str | None = None, limit: int = 8) -> list[Hit]:
    """The first hits without counting the rest, for suggestions while typing."""
    plan, scope = Plan(language.words_of(query)), _scope(user, kind, public=False)
    return _Search(plan, scope).page(limit, 0) if plan.words and scope is not None else []


@dataclass(slots=True)
class _Scope:
    """Which documents may be found: index terms (None = all, "" = none), the same as SQL, and single records besides
    them by kind and key.
    """

    terms: str | None
    sql: Sql
    own: list[tuple[str, int]] = field(default_factory=list)


def _scope(user: Any, kind: str | None, *, public: bool) -> _Scope | None:
    """What the user may see; None when that is nothing.

    A kind's permission may be several, `a|b`: the first counts over areas and organizations, the others over single
    organizations only (one's own).
    """
    sources = [s for s in registries.searchables.values() if kind is None or s.kind == kind]
    if public:
        if not sources:
            return None
        kinds = [s.kind for s in sources]
        terms = language.some([language.term(language.mark(k, "+")) for k in kinds])
        return _Scope(terms, Sql(f"d.is_public AND d.kind IN ({', '.join(['%s'] * len(kinds))})", [*kinds]))
    marks: list[str] = []
    conditions: list[str] = []
    values: list[Any] = []
    own: list[tuple[str, int]] = []
    whole = 0
    for source in sources:
        permission, *others = source.permission.split("|")
        allowed = access.reach(user, permission)
        if allowed.everything:
            whole += 1
            marks.append(language.mark(source.kind, "*"))
            conditions.append("d.kind = %s")
            values.append(source.kind)
            continue
        for path in allowed.paths:
            marks.append(language.mark(source.kind, path.strip("/").rsplit("/", 1)[-1]))
            inside = f"substr(d.registrar_path, 1, {len(path)}) = %s OR substr(d.domicile_path, 1, {len(path)}) = %s"
            conditions.append(f"(d.kind = %s AND ({inside}))")
            values += [source.kind, path, path]
        if source.kind == _ORGANIZATION:
            keys = [*allowed.organizations, *(k for p in others for k in access.reach(user, p).organizations)]
            own += [(source.kind, key) for key in dict.fromkeys(keys)]
    if whole and whole == len(registries.searchables):
        return _Scope(None, Sql("TRUE"))
    if not marks and not own:
        return None
    terms = language.some([language.term(mark) for mark in dict.fromkeys(marks)]) if marks else ""
    return _Scope(terms, Sql(f"({' OR '.join(conditions)})" if conditions else "FALSE", values), own)


class _Search:
    """One query over one scope. Few candidates are ranked at once; many are walked in their standing order."""

    def __init__(self, plan: Plan, scope: _Scope) -> None:
        self.plan = plan
        self.scope = scope
        self.postgresql = connection.vendor == "postgresql"

    def total(self) -> int:
        """The exact number of hits."""
        if self.scope.own:
            return self._number(self._reread(self._own(), self.plan.holds))
        match, count, exact = self._candidates
        if exact:
            return count if count <= _FEW else self._number(self._index(match))
        return self._number(self._reread(self._documents(match), self.plan.holds))

    def page(self, limit: int, offset: int) -> list[Hit]:
        """The hits from `offset` on, at most `limit`."""
        if limit <= 0:
            return []
        if self.scope.own:
            rows = self._ranked(self._own(), None, limit, offset)
        else:
            match, count, _exact = self._candidates
            if count <= _FEW or offset + limit > _FAR:
                rows = self._ranked(self._documents(match), None, limit, offset)
            else:
                rows = self._walk(offset + limit)[offset:]
        return [Hit(kind, pk, title, code, self._matched(title, code, old)) for kind, pk, title, code, old in rows]

    @cached_property
    def _candidates(self) -> tuple[str, int, bool]:
        """Index terms, how many documents have them (at most `_FEW` + 1), and whether they are exactly the hits."""
        match, exact = self.plan.narrow(), not self.plan.has_long and not self.plan.reread
        count = self._at_most(match)
        if count > _FEW and self.plan.has_long:
            match, exact = self.plan.match(), not self.plan.reread
            count = self._at_most(match)
        return match, count, exact

    def _at_most(self, match: str) -> int:
        some = self._index(match)
        return self._number(Sql(f"{some.text} LIMIT {_FEW + 1}", some.values))

    def _walk(self, need: int) -> list[tuple[Any, ...]]:
        """The first hits, rank by rank: few candidates are sorted, many filtered in the standing order."""
        rows: list[tuple[Any, ...]] = []
        for rank in range(NOWHERE):
            if len(rows) >= need:
                break
            match = self.plan.match(rank)
            count = self._at_most(match)
            if count > _FEW:
                rows += self._ranked(self._in_order(), rank, need - len(rows), 0)
            elif count:
                rows += self._ranked(self._documents(match), rank, need - len(rows), 0)
        return rows

    def _asked(self, match: str) -> str:
        return match if self.scope.terms is None else language.every([f"({match})", self.scope.terms])

    def _index(self, match: str) -> Sql:
        """Candidates counted in the index alone."""
        if self.postgresql:
            return self._documents(match)
        return Sql("FROM core_searchindex WHERE core_searchindex MATCH %s", [self._asked(match)])

    def _documents(self, match: str) -> Sql:
        """Candidates with their documents."""
        if self.postgresql:
            return Sql("FROM core_searchdocument d WHERE d.terms @@ %s::tsquery", [self._asked(match)])
        return Sql(
            "FROM core_searchindex JOIN core_searchdocument d ON d.id = core_searchindex.rowid"
            " WHERE core_searchindex MATCH %s",
            [self._asked(match)],
        )

    def _own(self) -> Sql:
        """Candidates of the scope, if it has areas, and the single records it names."""
        pairs = " OR ".join(["(d.kind = %s AND d.object_id = %s)"] * len(self.scope.own))
        keys: list[Any] = [value for pair in self.scope.own for value in pair]
        if not self.scope.terms:
            return Sql(f"FROM core_searchdocument d WHERE ({pairs})", keys)
        areas = "d.terms @@ %s::tsquery"
        if not self.postgresql:
            areas = "d.id IN (SELECT rowid FROM core_searchindex WHERE core_searchindex MATCH %s)"
        return Sql(f"FROM core_searchdocument d WHERE ({areas} OR {pairs})", [self._asked(self.plan.match()), *keys])

    def _in_order(self) -> Sql:
        """All documents of the scope, read in the standing order."""
        by = "" if self.postgresql else "INDEXED BY core_search_order "
        return Sql(f"FROM core_searchdocument d {by}WHERE {self.scope.sql.text}", self.scope.sql.values)

    @staticmethod
    def _reread(source: Sql, condition: Sql) -> Sql:
        return Sql(f"{source.text} AND {condition.text}", [*source.values, *condition.values])

    @staticmethod
    def _number(source: Sql) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM (SELECT 1 {source.text}) AS found", source.values)  # noqa: S608
            return int(cursor.fetchone()[0])

    def _ranked(self, source: Sql, rank: int | None, limit: int, offset: int) -> list[tuple[Any, ...]]:
        """Rows of a source with one rank, or with all ranks in their order."""
        place = self.plan.rank
        collate = 'COLLATE "C"' if self.postgresql else ""
        order = f"d.weight DESC, d.key {collate}, d.kind {collate}, d.object_id"
        wanted = f"{place.text} = {rank}" if rank is not None else f"{place.text} < {NOWHERE}"
        values = [*source.values, *place.values]
        if rank is None:
            order = f"{place.text}, {order}"
            values += place.values
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT d.kind, d.object_id, d.title, d.code, d.aliases {source.text} AND {wanted}"
                f" ORDER BY {order} LIMIT {int(limit)} OFFSET {int(offset)}",
                values,
            )
            return list(cursor.fetchall())

    def _matched(self, title: str, code: str, aliases: str) -> str:
        """The former name that has the words which title and code lack."""
        if not aliases:
            return ""
        own = [*_texts(title), match_key(code)]
        missing = [word for word in self.plan.words if not any(word in text for text in own)]
        counts = [(sum(any(w in text for text in _texts(name)) for w in missing), name) for name in aliases.split("\n")]
        most = max(counts, key=lambda entry: entry[0])
        return most[1] if most[0] else ""


def _texts(name: str) -> list[str]:
    key = match_key(name)
    return [key, *(text for pair in pinyin.readings(key) for text in pair)]
