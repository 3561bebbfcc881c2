"""Finding documents: whom they may be shown to, how candidates are collected, ranked and counted.

One query never reads more than it must: few candidates are ranked at once, many are walked in their standing order
until the page is full, and they are counted in the index alone where that is exact.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection

from liaoyuan.core import access, registries
from liaoyuan.core.queries import search as language
from liaoyuan.core.queries.search import BEGINNING, EXACT_CODE, EXACT_TITLE, NOWHERE, Plan, Sql
from liaoyuan.kit import pinyin

_ORGANIZATION = "organization"  # the kind whose records grants over one organization name
# Up to this many candidates are ranked and sorted; of more, the standing order is walked until the page is full.
_FEW = 600
# Pages further on than this are cut from the sorted whole.
_FAR = 300
# PostgreSQL looks at so many documents first; a rank found so often among them is walked for.
_BLOCK = 500
_MANY = 12


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


@dataclass(slots=True)
class Scope:
    """Which documents may be found: index terms (None = all, "" = none), the same as SQL, and single records besides
    them by kind and key.
    """

    terms: str | None
    sql: Sql
    own: list[tuple[str, int]] = field(default_factory=list)


def scope_of(user: Any, kind: str | None, *, public: bool) -> Scope | None:
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
        return Scope(terms, Sql(f"d.is_public AND d.kind IN ({', '.join(['%s'] * len(kinds))})", [*kinds]))
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
        for path in (*allowed.paths, *allowed.parties):
            marks.append(language.mark(source.kind, path.strip("/").rsplit("/", 1)[-1]))
            inside = f"substr(d.registrar_path, 1, {len(path)}) = %s OR substr(d.domicile_path, 1, {len(path)}) = %s"
            conditions.append(f"(d.kind = %s AND ({inside}))")
            values += [source.kind, path, path]
        if source.kind == _ORGANIZATION:
            keys = [*allowed.organizations, *(k for p in others for k in access.reach(user, p).organizations)]
            own += [(source.kind, key) for key in dict.fromkeys(keys)]
    if whole and whole == len(registries.searchables):
        return Scope(None, Sql("TRUE"))
    if not marks and not own:
        return None
    terms = language.some([language.term(mark) for mark in dict.fromkeys(marks)]) if marks else ""
    return Scope(terms, Sql(f"({' OR '.join(conditions)})" if conditions else "FALSE", values), own)


def _waiting() -> bool:
    """Whether documents wait for the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM core_searchwaiting LIMIT 1")
        return cursor.fetchone() is not None


class Search:
    """One query over one scope. Few candidates are ranked at once; many are walked in their standing order."""

    def __init__(self, plan: Plan, scope: Scope) -> None:
        self.plan = plan
        self.scope = scope
        self.postgresql = connection.vendor == "postgresql"
        self._key = "id" if self.postgresql else "rowid"
        self._asks = "terms @@ %s::tsquery" if self.postgresql else "core_searchindex MATCH %s"
        #: Whether more than the index has to be asked: own records, documents that wait for the index.
        self.wide = bool(scope.own) or bool(scope.terms != "" and _waiting())

    def total(self) -> int:
        """The exact number of hits."""
        if self.wide:
            return self._number(self._reread(self._widely(), self.plan.holds))
        match, keys, exact = self._candidates
        if exact:
            return self._number(self._index(match)) if keys is None else len(keys)
        source = self._documents(match) if keys is None else self._these(keys)
        return self._number(self._reread(source, self.plan.holds))

    def page(self, limit: int, offset: int) -> list[Hit]:
        """The hits from `offset` on, at most `limit`."""
        if limit <= 0:
            return []
        if self.wide:
            rows = self._ranked(self._widely(), None, limit, offset)
        else:
            match, keys, _exact = self._candidates
            if keys is not None:
                rows = self._ranked(self._these(keys), None, limit, offset)
            elif offset + limit > _FAR:
                rows = self._ranked(self._documents(match), None, limit, offset)
            else:
                rows = self._walk(offset + limit)[offset:]
        return [Hit(kind, pk, title, code, self._matched(title, code, old)) for kind, pk, title, code, old in rows]

    @cached_property
    def _candidates(self) -> tuple[str, list[int] | None, bool]:
        """Index terms, the documents that have them (None: more than `_FEW`), and whether they are exactly the hits."""
        match, exact = self.plan.narrow(), not self.plan.has_long and not self.plan.reread
        keys = None if self._frequent else self._at_most(match)
        if keys is None and self.plan.has_long:
            match, exact = self.plan.match(), not self.plan.reread
            keys = None if self._frequent else self._at_most(match)
        return match, keys, exact

    @cached_property
    def _frequent(self) -> set[int]:
        """Ranks that so many documents have that walking finds a page soon. PostgreSQL's index always collects all
        candidates, so a block of documents is read first; SQLite's stops by itself and needs no such look.
        """
        if not self.postgresql:
            return set()
        place = self.plan.rank
        block = (
            f"SELECT {place.text} AS place FROM core_searchdocument d"  # noqa: S608
            " WHERE d.id >= (SELECT max(id) / 2 FROM core_searchdocument)"
            f" AND CASE WHEN {self.scope.sql.text} THEN TRUE ELSE FALSE END ORDER BY d.id LIMIT {_BLOCK}"
        )
        often = f"place < {NOWHERE} GROUP BY place HAVING count(*) >= {_MANY}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT place FROM ({block}) AS block WHERE {often}",  # noqa: S608
                [*place.values, *self.scope.sql.values],
            )
            return {row[0] for row in cursor.fetchall()}

    def _at_most(self, match: str) -> list[int] | None:
        """The documents with these terms, None when there are more than `_FEW`."""
        some = self._index(match)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self._key} {some.text} LIMIT {_FEW + 1}", some.values)
            keys = [row[0] for row in cursor.fetchall()]
        return keys if len(keys) <= _FEW else None

    def _these(self, keys: list[int]) -> Sql:
        """A few documents by their keys."""
        if self.postgresql:
            return Sql("FROM core_searchdocument d WHERE d.id = ANY(%s)", [keys])
        return Sql("FROM core_searchdocument d WHERE d.id IN (SELECT value FROM json_each(%s))", [json.dumps(keys)])

    def _walk(self, need: int) -> list[tuple[Any, ...]]:
        """The first hits, rank by rank: few candidates are sorted, many filtered in the standing order."""
        rows: list[tuple[Any, ...]] = []
        for rank in range(NOWHERE):
            wanted = need - len(rows)
            if wanted <= 0:
                break
            if rank in (EXACT_TITLE, BEGINNING):
                rows += self._by_title(rank, wanted)
                continue
            keys = None
            if rank not in self._frequent:
                keys = self._at_most(self.plan.exact_code() if rank == EXACT_CODE else self.plan.match(rank))
                if keys is None and rank == EXACT_CODE:
                    keys = self._at_most(self.plan.match(rank))
            if keys is None:
                rows += self._filtered(rank, self._in_order(), wanted)
            elif keys:
                rows += self._ranked(self._these(keys), rank, wanted, 0)
        return rows

    def _by_title(self, rank: int, need: int) -> list[tuple[Any, ...]]:
        """Titles that are the query, or begin with it, stand together within each weight."""
        rows: list[tuple[Any, ...]] = []
        key = 'd.key COLLATE "C"' if self.postgresql else "d.key"
        if rank == BEGINNING:
            title = Sql(f"{key} > %s AND {key} < %s", [self.plan.whole, self.plan.whole + chr(0x10FFFF)])
        else:
            title = Sql(f"{key} = %s", [self.plan.whole])
        weight = self._next_weight(None)
        while weight is not None and len(rows) < need:
            within = Sql(f"d.weight = %s AND {title.text}", [weight, *title.values])
            rows += self._filtered(rank, self._reread(self._in_order(), within), need - len(rows))
            weight = self._next_weight(weight)
        return rows

    @staticmethod
    def _next_weight(last: int | None) -> int | None:
        below, values = ("", []) if last is None else ("WHERE weight < %s", [last])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(weight) FROM core_searchdocument {below}", values)  # noqa: S608
            found = cursor.fetchone()[0]
        return None if found is None else int(found)

    def _filtered(self, rank: int, source: Sql, need: int) -> list[tuple[Any, ...]]:
        """Rows of one rank in the standing order, most others passed over by the quick condition that comes first."""
        return self._ranked(self._first(self.plan.needs(rank), source), rank, need, 0)

    def _asked(self, match: str) -> str:
        return match if self.scope.terms is None else language.every([f"({match})", self.scope.terms])

    def _index(self, match: str) -> Sql:
        """Candidates counted in the index alone."""
        return Sql(f"FROM core_searchindex WHERE {self._asks}", [self._asked(match)])

    def _documents(self, match: str) -> Sql:
        """Candidates with their documents."""
        return Sql(
            f"FROM core_searchindex JOIN core_searchdocument d ON d.id = core_searchindex.{self._key}"
            f" WHERE {self._asks}",
            [self._asked(match)],
        )

    def _widely(self) -> Sql:
        """Candidates of the index, single records of the scope, documents that wait for the index."""
        asked = [Sql("(d.kind = %s AND d.object_id = %s)", [*record]) for record in self.scope.own]
        if self.scope.terms != "":
            index = f"d.id IN (SELECT {self._key} FROM core_searchindex WHERE {self._asks})"  # noqa: S608
            asked.append(Sql(index, [self._asked(self.plan.match())]))
            waiting = f"(d.id IN (SELECT id FROM core_searchwaiting) AND {self.scope.sql.text})"  # noqa: S608
            asked.append(Sql(waiting, self.scope.sql.values))
        return Sql(
            f"FROM core_searchdocument d WHERE ({' OR '.join(one.text for one in asked)})",
            [value for one in asked for value in one.values],
        )

    def _in_order(self) -> Sql:
        """All documents of the scope, read in the standing order."""
        scope = self.scope.sql
        if self.postgresql:
            # Told nothing about the condition, the planner walks the order instead of sorting what it takes for few.
            return Sql(
                f"FROM core_searchdocument d WHERE CASE WHEN {scope.text} THEN TRUE ELSE FALSE END",
                scope.values,
            )
        return Sql(f"FROM core_searchdocument d INDEXED BY core_search_order WHERE {scope.text}", scope.values)

    @staticmethod
    def _first(condition: Sql, source: Sql) -> Sql:
        """The condition before the source's own: databases ask conditions of one price in their order."""
        table, own = source.text.split(" WHERE ", 1)
        return Sql(f"{table} WHERE {condition.text} AND {own}", [*condition.values, *source.values])

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
        own = [*_texts(title), language.fold(code)]
        missing = [word for word in self.plan.words if not any(word in text for text in own)]
        counts = [(sum(any(w in text for text in _texts(name)) for w in missing), name) for name in aliases.split("\n")]
        most = max(counts, key=lambda entry: entry[0])
        return most[1] if most[0] else ""


def _texts(name: str) -> list[str]:
    key = language.fold(name)
    return [key, *(text for pair in pinyin.readings(key) for text in pair)]
