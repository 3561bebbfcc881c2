"""Making, trying out and restoring backups; each leaves a row and an event."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.backup import create as making
from liaoyuan.core.backup import drill, keys, restore
from liaoyuan.core.backup.create import Told
from liaoyuan.core.choices import BackupWork, Event, Permission
from liaoyuan.core.models import BackupRun, User

_EVENTS = {
    BackupWork.CREATE: Event.BACKUP_MADE,
    BackupWork.VERIFY: Event.BACKUP_VERIFIED,
    BackupWork.RESTORE: Event.BACKUP_RESTORED,
}


def create_backup(
    *, path: Path, by: Actor, at: datetime, passphrase: str = "", progress: Told | None = None
) -> dict[str, Any]:
    """Write a backup to `path` and return its manifest. Raises BackupError, then there is no file."""
    access.require(by, Permission.BACKUP)
    manifest = making.create(path, at=at, passphrase=passphrase, progress=progress)
    _note(BackupWork.CREATE, path, manifest["signature"], ok=True, checks=[], by=by, at=at)
    return manifest


def verify_backup(*, path: Path, by: Actor, at: datetime, code: str = "", passphrase: str = "") -> dict[str, Any]:
    """Restore a backup into a scratch place and compare: `{"ok", "checks"}`. Without a code the home's own is used.

    Raises BackupError when the file is no backup or the code does not open it.
    """
    access.require(by, Permission.BACKUP)
    if not code and not passphrase:
        code = keys.written(keys.own_code())
    opened = restore.Backup(path, code=keys.read(code) if code else None, passphrase=passphrase)
    rows = sum(table["rows"] for table in opened.manifest["tables"].values())
    told = _("{tables} 张表、{rows} 行、{files} 个文件，{at} 制作").format(
        tables=len(opened.manifest["tables"]), rows=rows, files=len(opened.manifest["files"]),
        at=opened.manifest["made_at"],
    )  # fmt: skip
    checks = [{"name": _("目录"), "ok": True, "detail": told, "fix": ""}]
    checks += drill.verify(path, code=code, passphrase=passphrase)
    ok = all(check["ok"] for check in checks)
    _note(BackupWork.VERIFY, path, opened.signature, ok=ok, checks=checks, by=by, at=at)
    return {"ok": ok, "checks": checks}


def restore_backup(*, path: Path, by: Actor, at: datetime, code: str = "", passphrase: str = "") -> dict[str, Any]:
    """Restore a backup into this empty home and database; returns its manifest. Raises BackupError."""
    secret = keys.read(code) if code else None
    opened = restore.Backup(path, code=secret, passphrase=passphrase)
    restore.restore(opened, code=secret)
    _note(BackupWork.RESTORE, path, opened.signature, ok=True, checks=[], by=by, at=at)
    return opened.manifest


@transaction.atomic
def _note(
    work: BackupWork, path: Path, signature: str, *, ok: bool, checks: list[dict[str, Any]], by: Actor, at: datetime
) -> None:
    run = BackupRun.objects.create(
        work=work, file_name=path.name[:200], signature=signature, size=path.stat().st_size, ok=ok, checks=checks,
        done_at=at, done_by=by if isinstance(by, User) else None,
    )  # fmt: skip
    told = {"file": path.name, "signature": signature, "ok": ok}
    events.record(_EVENTS[work], run, by=by, at=at, payload=told)
