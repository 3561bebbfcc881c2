"""Restoring a backup into an empty home and an empty database, on whichever of the two databases.

Nothing is half-restored: rows come in one transaction, files under temporary names, and until everything has been
compared with the manifest a marker in the home keeps pages and workers from starting. Killed on the way, the same
command goes on where it was.
"""

import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from liaoyuan.core import search
from liaoyuan.core.backup import keys
from liaoyuan.core.backup.create import FORMAT, MANIFEST, files_folder, snapshot, statement
from liaoyuan.core.backup.failure import BackupError
from liaoyuan.core.backup.tables import Counted, Table, lines, values_of
from liaoyuan.core.migrating import new_models_alone

_PIECE = 1 << 20
_ROWS = 500
_LARGEST_MANIFEST = 256 << 20
#: What reading a damaged archive raises.
_DAMAGED = (OSError, zipfile.BadZipFile, zlib.error, KeyError, EOFError)


class Backup:
    """An opened backup: its manifest, proved to be whole and made by who holds the code or the passphrase."""

    def __init__(self, path: Path, *, code: bytes | None = None, passphrase: str = "") -> None:
        try:
            self.archive = zipfile.ZipFile(path)
            info = self.archive.getinfo(MANIFEST)
            if info.file_size > _LARGEST_MANIFEST:
                raise BackupError(_("{path} 的目录大得不合理，不是燎原的备份。").format(path=path))
            self.manifest: dict[str, Any] = json.loads(self.archive.read(info))
            if self.manifest["format"] != FORMAT:
                raise BackupError(_("备份的格式是 {format}，这个版本读不了。").format(format=self.manifest["format"]))
            content, self.key_files = keys.unwrap(self.manifest["keys"], code=code, passphrase=passphrase)
        except FileNotFoundError as error:
            raise BackupError(_("没有文件 {path}。").format(path=path)) from error
        except (*_DAMAGED, ValueError, NotImplementedError) as error:
            raise BackupError(_("{path} 不是完整的燎原备份。").format(path=path)) from error
        if not hmac.compare_digest(keys.signature(content, statement(self.manifest)), self.manifest["signature"]):
            raise BackupError(_("备份的目录被改动过，不能使用。"))

    @property
    def signature(self) -> str:
        """What tells this backup from any other."""
        return str(self.manifest["signature"])

    def tables(self) -> Iterator[tuple[Table, dict[str, Any]]]:
        """The tables as they were when the backup was made, with what the manifest says of them."""
        for name, told in sorted(self.manifest["tables"].items()):
            yield Table(name, tuple(told["columns"]), tuple(told["kinds"]), told["key"]), told

    def rows(self, table: Table) -> Iterator[bytes]:
        """The lines of a table. Raises BackupError when the file is damaged."""
        try:
            with self.archive.open(f"tables/{table.name}.copy") as member:
                yield from lines(iter(lambda: member.read(_PIECE), b""))
        except _DAMAGED as error:
            raise BackupError(_("备份里的表 {name} 已损坏。").format(name=table.name)) from error


def marker() -> Path:
    """The file that stands in the home while a restore is not finished."""
    return Path(settings.HOME) / "restoring"


def restore(backup: Backup, *, code: bytes | None) -> None:
    """Bring everything back and compare it with the manifest. Raises BackupError; the marker stays until all is well.

    The home must be empty or hold the same restore begun before, the database empty.
    """
    _begin(backup)
    _put_keys(backup, code)
    _put_files(backup)
    _migrate(backup)
    if not _is_loaded():
        with transaction.atomic():
            _load(backup)
    faults = compare(backup)
    if faults:
        raise BackupError(_("恢复后与备份不一致：{faults}").format(faults="；".join(faults)))
    _finish()
    marker().unlink()


def _begin(backup: Backup) -> None:
    home = Path(settings.HOME)
    begun = marker()
    if begun.is_file():
        if begun.read_text() != backup.signature:
            raise BackupError(
                _("{home} 里有另一份备份恢复了一半。请继续恢复那一份，或换一个空的数据文件夹。").format(home=home)
            )
        return
    if (home / "keys").is_dir() and any((home / "keys").iterdir()):
        raise BackupError(_("{home} 里已有密钥。请用空的数据文件夹（不要先运行 init）。").format(home=home))
    try:
        home.mkdir(parents=True, exist_ok=True)  # SQLite's file lies in it
        if connection.introspection.table_names() and _is_loaded():
            raise BackupError(_("数据库里已有数据。请换一个空的数据库。"))
        (home / "static").mkdir(exist_ok=True)
        _write(begun, [backup.signature.encode()])
    except OSError as error:
        raise BackupError(_("写不进 {home}：{reason}").format(home=home, reason=error.strerror)) from error


def _is_loaded() -> bool:
    """Whether rows have been brought in: they come all at once, accounts among them."""
    if "core_user" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM core_user)")
        return bool(cursor.fetchone()[0])


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """A file that is there whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _put_keys(backup: Backup, code: bytes | None) -> None:
    folder = Path(settings.HOME) / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, content in backup.key_files.items():
        if Path(name).name != name:
            raise BackupError(_("备份里有不合理的文件名：{name}").format(name=name))
        _write(folder / name, [content])
    if code is not None:
        keys.keep_code(code)


def _put_files(backup: Backup) -> None:
    home, folder = Path(settings.HOME), files_folder()
    for told in backup.manifest["files"]:
        name = str(told["name"])
        inside = name.removeprefix("files/")
        path = folder / inside if name.startswith("files/") else home / name
        root = folder if name.startswith("files/") else home
        if root.resolve() not in path.resolve().parents:
            raise BackupError(_("备份里有不合理的文件名：{name}").format(name=name))
        if not (path.is_file() and _digest(path) == told["sha256"]):
            _write(path, _pieces(backup, name))
        if _digest(path) != told["sha256"]:
            raise BackupError(_("备份里的文件 {name} 已损坏。").format(name=name))


def _pieces(backup: Backup, name: str) -> Iterator[bytes]:
    try:
        with backup.archive.open(name) as member:
            while piece := member.read(_PIECE):
                yield piece
    except _DAMAGED as error:
        raise BackupError(_("备份里的文件 {name} 已损坏。").format(name=name)) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _migrate(backup: Backup) -> None:
    """The tables as they were then; a backup of a newer version is refused."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    then = {(app, name) for app, name in backup.manifest["migrations"]}
    unknown = [f"{app}.{name}" for app, name in sorted(then) if (app, name) not in graph.nodes]
    if unknown:
        raise BackupError(_("备份来自更新的版本（{name}），请先升级燎原再恢复。").format(name=unknown[0]))
    if executor.loader.applied_migrations.keys() - then:
        if not _is_loaded():
            raise BackupError(_("数据库的结构比备份的新。请换一个空的数据库。"))
        return
    targets = [key for key in then if not any(child.key in then for child in graph.node_map[key].children)]
    with new_models_alone():
        executor.migrate(sorted(targets))


def _load(backup: Backup) -> None:
    """All rows in the caller's transaction; foreign keys are checked at its end."""
    with connection.cursor() as cursor:
        for table, _told in backup.tables():
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table.name}")')  # noqa: S608 - a name of our own
            if cursor.fetchone()[0]:  # what migrations put there by themselves
                cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608
        for table, _told in backup.tables():
            try:
                if connection.vendor == "postgresql":
                    _copy(cursor, table, backup.rows(table))
                else:
                    _insert(cursor, table, backup.rows(table))
            except (DatabaseError, ValueError) as error:
                first = str(error).splitlines()[0]
                raise BackupError(
                    _("表 {name} 装不进数据库：{reason}").format(name=table.name, reason=first)
                ) from error


def _copy(cursor: Any, table: Table, rows: Iterable[bytes]) -> None:
    cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    # COPY passes by Django's own translation of the driver's errors.
    with connection.wrap_database_errors, cursor.copy(f'COPY "{table.name}" ({table.listed}) FROM STDIN') as copy:
        for part in batched(rows, _ROWS):
            copy.write(b"\n".join(part) + b"\n")


def _insert(cursor: Any, table: Table, rows: Iterable[bytes]) -> None:
    places = ", ".join(["%s"] * len(table.columns))
    sql = f'INSERT INTO "{table.name}" ({table.listed}) VALUES ({places})'  # noqa: S608
    for part in batched(rows, _ROWS):
        cursor.executemany(sql, [values_of(table, line) for line in part])


def compare(backup: Backup) -> list[str]:
    """What differs between the database and files here and the manifest, as sentences; empty when all is equal."""
    faults = []
    with snapshot() as read:
        for table, told in backup.tables():
            counted = Counted(table)
            for line in read(table):
                counted.add(line)
            if counted.rows != told["rows"]:
                faults.append(
                    _("表 {name} 有 {here} 行，备份时有 {then} 行").format(
                        name=table.name, here=counted.rows, then=told["rows"]
                    )
                )
            elif counted.digest != told["sha256"]:
                faults.append(_("表 {name} 的内容不同").format(name=table.name))
    return faults


def _finish() -> None:
    """What follows from the rows: newest tables, sequences, search index."""
    executor = MigrationExecutor(connection)
    with new_models_alone():
        executor.migrate(executor.loader.graph.leaf_nodes())
    from django.apps import apps

    with connection.cursor() as cursor:
        for statement_ in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement_)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    search.settle()
