"""Making, trying out and restoring backups; each leaves a row and an event."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, jobs
from liaoyuan.core.access import Actor
from liaoyuan.core.backup import create as making
from liaoyuan.core.backup import drill, keys, restore
from liaoyuan.core.backup.create import Told
from liaoyuan.core.choices import BackupWork, Event, Permission
from liaoyuan.core.files import store
from liaoyuan.core.models import BackupRun, Job, StoredFile, User
from liaoyuan.core.queries import backups as queries
from liaoyuan.kit.findings import Finding, Refused, Severity

#: How long a content may wait to be attached.
_WAITING = timedelta(days=1)
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


def ask(*, work: BackupWork, file_name: str = "", by: User, at: datetime) -> Job:
    """Have a backup made, or one of those in the backups folder tried out, by the background worker."""
    access.require(by, Permission.BACKUP)
    if work == BackupWork.CREATE:
        return jobs.enqueue_on_commit(queries.CREATE_JOB, key=queries.CREATE_JOB, by=by, at=at, label=_("制作备份"))
    if file_name not in {line.name for line in queries.lying()}:
        raise Refused([Finding("BACKUP-GONE", Severity.BLOCK, _("这份备份已不在备份文件夹里。"))])
    return jobs.enqueue_on_commit(
        queries.VERIFY_JOB, key=f"{queries.VERIFY_JOB}:{file_name}", by=by, at=at, order={"file": file_name},
        label=_("恢复演练：{name}").format(name=file_name),
    )  # fmt: skip


def thin_out(*, keep: int) -> list[str]:
    """Remove the oldest backups of the folder beyond `keep`; the newest that a drill has proved always stays."""
    lines = queries.lying()
    proved = next((line.name for line in lines if line.drilled is not None and line.drilled.ok), "")
    gone = [line.name for line in lines[max(keep, 1) :] if line.name != proved]
    for name in gone:
        (queries.folder() / name).unlink(missing_ok=True)
    return gone


def drop_uncited(*, by: Actor, at: datetime) -> int:
    """Let contents go that nobody ever attached, once they stand in a backup that a drill has proved.

    Contents that something was attached to stay, also when the attachment was removed: only retention ends those.
    Returns how many went. A content taken in within the last day may still be attached; it stays. The row goes first,
    the content is put aside and ended a day later: if it is wanted again meanwhile, it is put back.
    """
    access.require(by, Permission.BACKUP)
    drills = BackupRun.objects.filter(work=BackupWork.VERIFY, ok=True).values_list("signature", flat=True)
    proved = BackupRun.objects.filter(work=BackupWork.CREATE, ok=True, signature__in=list(drills[:200])).first()
    if proved is None:
        return 0
    count = 0
    for file in StoredFile.objects.never_attached():
        if not store.rests(file.name, since=proved.done_at - _WAITING):
            continue
        with transaction.atomic():
            row = StoredFile.objects.select_for_update().never_attached().filter(pk=file.pk).first()
            if row is None:
                continue
            told = {"sha256": row.sha256, "size": row.size, "signature": proved.signature}
            events.record(Event.FILE_DROPPED, ("storedfile", str(row.pk), ""), by=by, at=at, payload=told)
            row.delete()
        for name in filter(None, (file.name, file.copy_name, file.thumb_name)):
            store.put_aside(name)
            if StoredFile.objects.naming(name).exists():
                store.put_back(name)
        count += 1
    return count


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
