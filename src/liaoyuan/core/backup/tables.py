"""The rows of a database as text that does not depend on which database it is: PostgreSQL's COPY format.

On PostgreSQL the text comes from COPY and goes back by COPY. SQLite's values are written the same way, so that a backup
of one can be restored into the other and compared by the same hashes.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

NULL = rb"\N"
#: Tables that are not kept: sessions end with a restore.
LEFT_OUT = frozenset({"django_session"})
#: Columns that a database fills by itself: the number of the writing transaction means nothing in another one.
_OWN_COLUMNS = frozenset({("core_auditevent", "txid")})
_ESCAPED = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ESCAPES = str.maketrans(_ESCAPED)
_PLAIN = {value[1]: key for key, value in _ESCAPED.items()}
_NAMED = re.compile(r"\\(.)", re.DOTALL)
_KINDS = {
    models.BooleanField: "bool", models.DateTimeField: "moment", models.DateField: "plain", models.FloatField: "float",
    models.JSONField: "json", models.UUIDField: "uuid", models.IntegerField: "plain", models.CharField: "plain",
    models.TextField: "plain", models.AutoField: "plain", models.TimeField: "time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table to keep: its columns with their kinds, ordered by its key.

    Kinds are plain, bool, moment, time, float, json, uuid, and decimal with its places ("decimal:1").
    """

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    key: str

    @property
    def listed(self) -> str:
        """The columns for a statement."""
        return ", ".join(f'"{name}"' for name in self.columns)

    @property
    def select(self) -> str:
        """All rows in the fixed order."""
        return f'SELECT {self.listed} FROM "{self.name}" ORDER BY "{self.key}"'  # noqa: S608 - names of our own models


def tables() -> list[Table]:
    """All tables of the product and its libraries that hold rows of their own, by name."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.proxy or not options.managed or options.db_table in LEFT_OUT:
            continue
        fields = [f for f in options.local_concrete_fields if (options.db_table, f.column) not in _OWN_COLUMNS]
        key = options.pk
        if key is None:
            raise TypeError(f"{options.db_table} has no primary key")
        found.append(
            Table(
                str(options.db_table),
                tuple(str(f.column) for f in fields),
                tuple(_kind(f) for f in fields),
                str(key.column),
            )
        )
    return sorted(found, key=lambda table: table.name)


def _kind(field: "models.Field[Any, Any]") -> str:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.DecimalField):
        return f"decimal:{target.decimal_places}"
    for kind, word in _KINDS.items():
        if isinstance(target, kind):
            return word
    raise TypeError(f"no form for {field}")


def line_of(table: Table, row: Sequence[Any]) -> bytes:
    """One row of SQLite as a line of COPY text, without its end."""
    return "\t".join(map(_written, table.kinds, row)).encode()


def _written(kind: str, value: Any) -> str:
    if value is None:
        return r"\N"
    if kind == "bool":
        return "t" if value else "f"
    if kind in ("moment", "time"):
        return _moment(value) if kind == "moment" else _trimmed(value)
    if kind == "float":
        return _float(value)
    if kind.startswith("decimal:"):
        return f"{Decimal(str(value)):.{kind.partition(':')[2]}f}"
    if kind == "uuid":
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return str(value).translate(_ESCAPES)


def _moment(text: str) -> str:
    """PostgreSQL writes a moment in UTC with its offset and without trailing zeros of the second."""
    return _trimmed(text.removesuffix("+00:00")) + "+00"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _float(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def values_of(table: Table, line: bytes) -> list[Any]:
    """The values of a line as SQLite holds them."""
    return [_read(kind, cell) for kind, cell in zip(table.kinds, line.decode().split("\t"), strict=True)]


def _read(kind: str, cell: str) -> Any:
    if cell == r"\N":
        return None
    if kind == "bool":
        return 1 if cell == "t" else 0
    if kind in ("moment", "time"):
        bare = cell.removesuffix("+00")
        if "." in bare:
            whole, part = bare.split(".")
            return f"{whole}.{part:0<6}"
        return bare
    if kind == "float":
        return float(cell)
    if kind == "uuid":
        return cell.replace("-", "")
    return _unescaped(cell)


def _unescaped(cell: str) -> str:
    return _NAMED.sub(lambda found: _PLAIN.get(found[1], found[1]), cell) if "\\" in cell else cell


class Counted:
    """Counts lines and hashes what they say: equal rows give equal hashes on whichever database."""

    def __init__(self, table: Table) -> None:
        self.rows = 0
        self._json = [i for i, kind in enumerate(table.kinds) if kind == "json"]
        self._digest = hashlib.sha256()

    def add(self, line: bytes) -> None:
        """One more row, without the end of the line."""
        self.rows += 1
        self._digest.update((self._canonical(line) if self._json else line) + b"\n")

    def _canonical(self, line: bytes) -> bytes:
        """The databases order the keys of JSON differently, and blanks."""
        cells = line.split(b"\t")
        for index in self._json:
            if cells[index] != NULL:
                told = json.loads(_unescaped(cells[index].decode()))
                cells[index] = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
        return b"\t".join(cells)

    @property
    def digest(self) -> str:
        """SHA-256 over all rows so far (hex)."""
        return self._digest.hexdigest()


def lines(parts: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    """The lines of a stream that comes in parts."""
    rest = b""
    for part in parts:
        *whole, rest = (rest + bytes(part)).split(b"\n")
        yield from whole
    if rest:
        yield rest


type Reader = Callable[[Table], Iterator[bytes]]
