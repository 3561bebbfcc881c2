"""Making a backup: one file with all rows of one snapshot, the documents, the keys (wrapped), and the log of heads.

The file is a ZIP with `tables/<name>.copy`, `files/<path>`, `audit/heads.log` and `manifest.json`, which counts and
hashes everything and is signed. It is written under a temporary name and renamed at the end.
"""

import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from liaoyuan.core.backup import keys
from liaoyuan.core.backup.failure import BackupError
from liaoyuan.core.backup.tables import Counted, Reader, Table, line_of, lines, tables
from liaoyuan.core.chain.heads import from_line

FORMAT = "liaoyuan-backup-1"
MANIFEST = "manifest.json"
HEADS = "audit/heads.log"
_PIECE = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
type Told = Callable[[int, int], None]


def files_folder() -> Path:
    """Where the documents lie, by hash."""
    return Path(settings.FILES)


@contextmanager
def snapshot() -> Iterator[Reader]:
    """All rows as committed at one moment, through a connection of its own that only reads."""
    if connection.vendor == "postgresql":
        yield from _postgresql()
    else:
        yield from _sqlite()


def _sqlite() -> Iterator[Reader]:
    path = Path(str(connection.settings_dict["NAME"])).resolve()
    there = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=20)
    try:
        there.execute("BEGIN")
        there.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it is this moment

        def read(table: Table) -> Iterator[bytes]:
            for row in there.execute(table.select):
                yield line_of(table, row)

        yield read
    finally:
        there.close()


def _postgresql() -> Iterator[Reader]:
    import psycopg

    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    params.pop("context", None)
    there = psycopg.connect(**params, autocommit=True)
    try:
        for statement in (
            "SET TIME ZONE 'UTC'",
            "SET datestyle = 'ISO, YMD'",
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ):
            there.execute(statement)

        def read(table: Table) -> Iterator[bytes]:
            with there.cursor() as cursor, cursor.copy(f"COPY ({table.select}) TO STDOUT".encode()) as copy:
                yield from lines(copy)

        yield read
    finally:
        there.close()


def create(path: Path, *, at: datetime, passphrase: str = "", progress: Told | None = None) -> dict[str, Any]:
    """Write the backup and return its manifest. Raises BackupError; then nothing is left at `path`.

    `progress` is told how many of how many parts are done.
    """
    if path.exists():
        raise BackupError(_("{path} 已经存在，请换一个文件名。").format(path=path))
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            manifest = _fill(file, at, passphrase, progress or (lambda done, total: None))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _settle(path.parent)
    except OSError as error:
        with suppress(OSError):  # the folder itself may be the reason
            draft.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise BackupError(_("备份没有写成：{reason}（{path}）。").format(reason=reason, path=path)) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return manifest


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fill(file: Any, at: datetime, passphrase: str, progress: Told) -> dict[str, Any]:
    wanted = tables()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        with snapshot() as read:
            kept = {}
            for number, table in enumerate(wanted):
                progress(number, len(wanted) + 1)
                kept[table.name] = _table(archive, table, read(table))
            heads = _heads(next(t for t in wanted if t.name == "core_audithead"), read)
        documents = [_document(archive, HEADS, heads)] if heads else []
        documents += [_document(archive, name, _pieces(path)) for path, name in _documents()]
        content, wrapped = keys.wrap(_key_files(), code=keys.own_code(), passphrase=passphrase)
        manifest = {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "database": connection.vendor,
            "zone": settings.ZONE,
            "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
            "tables": kept,
            "files": documents,
            "keys": wrapped,
        }
        manifest["signature"] = keys.signature(content, statement(manifest))
        archive.writestr(_member(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1))
        progress(len(wanted) + 1, len(wanted) + 1)
    return manifest


def statement(manifest: dict[str, Any]) -> bytes:
    """What is signed: everything but the signature."""
    told = {name: value for name, value in manifest.items() if name != "signature"}
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _member(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    return info


def _table(archive: zipfile.ZipFile, table: Table, rows: Iterator[bytes]) -> dict[str, Any]:
    counted = Counted(table)
    with archive.open(_member(f"tables/{table.name}.copy"), "w", force_zip64=True) as member:
        buffer = bytearray()
        for line in rows:
            counted.add(line)
            buffer += line + b"\n"
            if len(buffer) >= _PIECE:
                member.write(buffer)
                buffer.clear()
        member.write(buffer)
    return {
        "columns": list(table.columns),
        "kinds": list(table.kinds),
        "key": table.key,
        "rows": counted.rows,
        "sha256": counted.digest,
    }


def _heads(table: Table, read: Reader) -> list[bytes]:
    """The log of heads as far as the snapshot goes: a head signed meanwhile would look like a cut tail."""
    seq = table.columns.index("seq")
    last = max((int(line.split(b"\t")[seq]) for line in read(table)), default=0)
    log = Path(settings.HOME) / HEADS
    if not log.is_file():
        return []
    kept = []
    with log.open("rb") as file:
        for line in file:
            head = from_line(line.decode("utf-8", "replace"))  # None: a torn line of a crash
            if head is not None and head.seq <= last:
                kept.append(line)
    return kept


def _documents() -> Iterator[tuple[Path, str]]:
    """(path, name in the backup) of every document. Drafts begin with a point."""
    folder = files_folder()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield path, f"files/{relative.as_posix()}"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece


def _document(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with archive.open(_member(name, packed=name == HEADS), "w", force_zip64=True) as member:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return {"name": name, "size": size, "sha256": digest.hexdigest()}


def _key_files() -> dict[str, bytes]:
    folder = Path(settings.HOME) / "keys"
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file() and p.name != keys.OWN}
