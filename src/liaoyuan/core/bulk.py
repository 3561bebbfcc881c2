"""Bulk loading: COPY on PostgreSQL, `executemany` on SQLite. Ten times faster than `bulk_create` on large tables.

What is too much to be computed while others wait is prepared in a `Spool` and taken over by few statements.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection, models, transaction

_CHUNK = 500
#: Pages that SQLite keeps in memory while a spool is taken over (negative: in KiB); a third less time under the lock.
_ROOM = -40_000
_EMPTY: dict[type, str] = {list: "[]", dict: "{}"}
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows into the model's table and return how many.

    `columns` are field names (attnames for foreign keys, e.g. `parent_id`); values are what the database stores,
    JSON fields as Python objects. Runs in the caller's transaction; constraints apply.
    """
    return _load(connection.ops.quote_name(model._meta.db_table), _fields(model, columns), rows)


def _fields(model: type[models.Model], columns: Sequence[str]) -> list[models.Field]:
    return [next(f for f in model._meta.concrete_fields if name in (f.name, f.attname)) for name in columns]


def _names(fields: Sequence[models.Field], prefix: str = "") -> str:
    return ", ".join(prefix + connection.ops.quote_name(str(f.column)) for f in fields)


def _load(table: str, fields: Sequence[models.Field], rows: Iterable[Sequence[Any]]) -> int:
    as_json = [i for i, f in enumerate(fields) if isinstance(f, models.JSONField)]
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({_names(fields)}) FROM STDIN", _prepared(rows, as_json))
    places = ", ".join(["%s"] * len(fields))
    moments = [i for i, f in enumerate(fields) if isinstance(f, models.DateTimeField)]
    told = _told(_prepared(rows, as_json), moments)
    return _executemany(f"INSERT INTO {table} ({_names(fields)}) VALUES ({places})", told)  # noqa: S608


class Spool:
    """Rows that wait, in tables that only this connection sees, until one short transaction takes them over.

    They are prepared portion by portion while nothing is locked, so neither the memory nor the lock grows with them. On
    SQLite the tables stand in a file of the home without a name, which is gone with the process, however it ends; on
    PostgreSQL and within a transaction they are temporary ones. In statements `{name}` stands for the table `name`.
    """

    def __init__(self) -> None:
        self._tables: dict[str, tuple[type[models.Model], list[models.Field]]] = {}
        self._made: set[str] = set()
        self._attached = False
        self._cache = 0

    def __enter__(self) -> Self:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            handle, path = tempfile.mkstemp(prefix=".spool-", dir=settings.HOME)
            os.close(handle)
            try:
                self._do("ATTACH DATABASE %s AS spool", [path])
            finally:
                with suppress(PermissionError):  # of a system that keeps an open file's name
                    Path(path).unlink()
            self._attached = True
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000"):
                self._do(f"PRAGMA spool.{pragma}")
            self._cache = int(self.ask("PRAGMA main.cache_size")[0][0])
        return self

    def __exit__(self, *_error: object) -> None:
        if self._attached:
            self._do("DETACH DATABASE spool")
            self._do(f"PRAGMA main.cache_size = {self._cache}")
            self._attached = False
        elif not connection.needs_rollback:
            for name in self._made:
                self._do(f"DROP TABLE IF EXISTS {self.of(name)}")
        self._made.clear()

    def of(self, name: str) -> str:
        """The name of one of its tables for a statement."""
        return f"spool.{name}" if self._attached else f"spool_{name}"

    def table(self, name: str, model: type[models.Model], columns: Sequence[str]) -> None:
        """Enter the table `name` for rows with these columns of the model (attnames for foreign keys)."""
        self._tables[name] = (model, _fields(model, columns))

    def has(self, name: str) -> bool:
        """Whether rows wait in this table."""
        return name in self._made

    def _make(self, name: str) -> None:
        model, fields = self._tables[name]
        kind = "TABLE" if self._attached else "TEMPORARY TABLE"
        source = connection.ops.quote_name(model._meta.db_table)
        self._do(f"CREATE {kind} {self.of(name)} AS SELECT {_names(fields)} FROM {source} WHERE 1 = 0")  # noqa: S608
        self._made.add(name)

    def add(self, name: str, rows: Iterable[Sequence[Any]]) -> int:
        """Let rows wait; values as for `load`."""
        fields = self._tables[name][1]
        rows = list(rows)
        if not rows:
            return 0
        if name not in self._made:
            self._make(name)
        if not self._attached:
            return _load(self.of(name), fields, rows)
        self._do("BEGIN DEFERRED")  # touches the spool alone: no other writer waits for it
        try:
            return _load(self.of(name), fields, rows)
        finally:
            self._do("COMMIT")

    def write(self, name: str) -> None:
        """Insert the waiting rows, if there are any, into their model's table."""
        if name not in self._made:
            return
        model, fields = self._tables[name]
        target = connection.ops.quote_name(model._meta.db_table)
        self._do(f"INSERT INTO {target} ({_names(fields)}) SELECT {_names(fields)} FROM {self.of(name)}")  # noqa: S608

    def update(self, name: str) -> None:
        """Write the waiting columns into the rows of the model that bear the waiting `id`."""
        if name not in self._made:
            return
        model, fields = self._tables[name]
        quote = connection.ops.quote_name
        target = quote(model._meta.db_table)
        told = ", ".join(f"{quote(str(f.column))} = s.{quote(str(f.column))}" for f in fields if not f.primary_key)
        self._do(f"UPDATE {target} SET {told} FROM {self.of(name)} AS s WHERE {target}.id = s.id")  # noqa: S608

    def run(self, statement: str, params: Sequence[Any] = ()) -> None:
        """Run one writing statement."""
        self._do(self._named(statement), list(map(_moment, params)) if connection.vendor == "sqlite" else params)

    def ask(self, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of one reading statement."""
        with connection.cursor() as cursor:
            cursor.execute(self._named(statement), params)
            return list(cursor.fetchall())

    def settled(self) -> None:
        """All rows wait: PostgreSQL gets to know how many, or it would plan for none; SQLite gets room for the indexes
        that grow in many places at once.
        """
        if self._attached:
            self._do(f"PRAGMA main.cache_size = {_ROOM}")
        if connection.vendor == "postgresql":
            for name in self._made:
                self._do(f"ANALYZE {self.of(name)}")

    def _named(self, statement: str) -> str:
        return statement.format(**{name: self.of(name) for name in self._tables})

    @staticmethod
    def _do(statement: str, params: Sequence[Any] = ()) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params or None)


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that nobody else will get, whether they are used or not."""
    table = str(model._meta.db_table)
    if count <= 0:
        return []
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = (row[0] if row else 0) + count
        if row:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
        else:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        return list(range(last - count + 1, last + 1))


def tell_planner(*models_: type[models.Model]) -> None:
    """Let PostgreSQL look at tables that have just grown by many rows, in the loading transaction itself.

    Its own look comes a minute later; until then a join of the new rows is planned as one of none and takes minutes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models_:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> int:
    """Run one UPDATE or DELETE statement for many parameter rows; returns how many rows were given."""
    return _executemany(sql, rows if connection.vendor == "postgresql" else (list(map(_moment, row)) for row in rows))


def _moment(value: Any) -> Any:
    """A moment as SQLite's rows hold it: text without an offset, or it would not compare with what Django writes."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _told(rows: Iterable[Sequence[Any]], moments: Sequence[int]) -> Iterator[Sequence[Any]]:
    kept: dict[datetime, str] = {}  # the moments of one load are few
    for row in rows:
        if not moments:
            yield row
            continue
        values = list(row)
        for index in moments:
            value = values[index]
            if isinstance(value, datetime):
                if value not in kept:
                    kept[value] = _moment(value)
                values[index] = kept[value]
        yield values


def _prepared(rows: Iterable[Sequence[Any]], as_json: Sequence[int]) -> Iterator[Sequence[Any]]:
    for row in rows:
        if not as_json:
            yield row
            continue
        values = list(row)
        for index in as_json:
            value = values[index]
            if value is not None:  # most lists and dicts of a row are empty
                values[index] = _JSON.encode(value) if value else _EMPTY.get(type(value)) or _JSON.encode(value)
        yield values


def _copy(statement: str, rows: Iterable[Sequence[Any]]) -> int:
    """COPY in parts, each read before it is sent: rows may themselves be read from this connection."""
    count = 0
    with connection.cursor() as cursor:
        for part in batched(rows, _CHUNK):
            with cursor.copy(statement) as copy:
                for row in part:
                    copy.write_row(row)
            count += len(part)
    return count


def _executemany(statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    chunk: list[Sequence[Any]] = []
    with connection.cursor() as cursor:
        for row in rows:
            chunk.append(row)
            if len(chunk) == _CHUNK:
                cursor.executemany(statement, chunk)
                count += len(chunk)
                chunk = []
        if chunk:
            cursor.executemany(statement, chunk)
            count += len(chunk)
    return count
