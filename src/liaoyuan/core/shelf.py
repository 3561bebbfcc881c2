"""The shelf: files that wait in the home for a task or for the person who asked, encrypted at rest.

An upload waits here until it is read, a result until it is fetched or too old. A file stands under a temporary name
until it is whole. Its content is cut into pieces, each under the vault with the file's name and the piece's number, and
ends with a count and a hash: a moved, cut or mixed file is refused. Several machines share the folder. Its
names begin with a point: what is here passes, so a backup leaves it out.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from liaoyuan.core import vault

UPLOADS, RESULTS, WORK = ".uploads", ".results", ".work"
_PIECE = 1 << 20


class Kept(NamedTuple):
    """A file on the shelf: its name there, size and SHA-256 of its content."""

    name: str
    size: int
    sha256: str


def root() -> Path:
    """The files folder that all machines of an installation share."""
    return Path(settings.FILES)


def _folder(name: str) -> Path:
    path = root() / name
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def keep(source: Path, name: str) -> Kept:
    """Put a copy of `source` on the shelf as `name` (folder/file); it appears whole or not at all."""
    folder, _sign, file_name = name.partition("/")
    target = _folder(folder) / file_name
    part = target.with_name(f"{file_name}.{secrets.token_hex(4)}.part")
    digest, size, count = hashlib.sha256(), 0, 0
    try:
        with (
            source.open("rb") as given,
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out,
        ):
            while piece := given.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                out.write(vault.encrypt(base64.b64encode(piece).decode(), purpose=f"file:{name}:{count}") + "\n")
                count += 1
            end = json.dumps([count, size, digest.hexdigest()])
            out.write(vault.encrypt(end, purpose=f"file:{name}:end") + "\n")
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Kept(name, size, digest.hexdigest())


def pieces(name: str) -> Iterator[bytes]:
    """The content piece by piece. Raises VaultError when the file is gone, cut or damaged."""
    digest, size, count = hashlib.sha256(), 0, 0
    try:
        with (root() / name).open() as file:
            held: str | None = None
            for line in file:
                if held is not None:
                    piece = base64.b64decode(vault.decrypt(held, purpose=f"file:{name}:{count}"))
                    digest.update(piece)
                    size += len(piece)
                    count += 1
                    yield piece
                held = line.rstrip("\n")
    except FileNotFoundError as error:
        raise vault.VaultError("文件已不在，可能已过保留期限。") from error
    if held is None or json.loads(vault.decrypt(held, purpose=f"file:{name}:end")) != [count, size, digest.hexdigest()]:
        raise vault.VaultError("文件不完整，无法读取。")


@contextmanager
def work_file(ending: str = "") -> Iterator[Path]:
    """A name for a file in clear that only this process uses and that is gone afterwards."""
    path = _folder(WORK) / f"{secrets.token_hex(8)}{ending}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def copy_of(name: str) -> Iterator[Path]:
    """A copy in clear for readers that need a path."""
    with work_file() as path:
        with path.open("wb") as out:
            for piece in pieces(name):
                out.write(piece)
        yield path


def stands(name: str) -> bool:
    """Whether there is a file of this name; a restored database may name some that no backup keeps."""
    return bool(name) and (root() / name).is_file()


def drop(name: str) -> None:
    """Take a file off the shelf; one that is gone already is no fault."""
    if name:
        (root() / name).unlink(missing_ok=True)


def stand() -> Iterator[tuple[str, float]]:
    """Every file on the shelf, also half-written and forgotten ones: its name, and when it was last written to."""
    for folder in (UPLOADS, RESULTS, WORK):
        path = root() / folder
        for file in sorted(path.iterdir()) if path.is_dir() else ():
            try:
                yield f"{folder}/{file.name}", file.stat().st_mtime
            except FileNotFoundError:
                continue
