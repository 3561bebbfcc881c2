"""What is known of backups: runs, files that lie here, and whether backup and restore drill are recent enough."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import clock
from liaoyuan.core.choices import BackupWork, Permission
from liaoyuan.core.models import BackupRun
from liaoyuan.core.params import BACKUP_HOURS, DRILL_DAYS
from liaoyuan.core.registries import DueItem, DueSource

CREATE_JOB, VERIFY_JOB = "core.backup", "core.backup_drill"


@dataclass(frozen=True, slots=True)
class Lying:
    """A backup file in the backups folder; `size` in bytes, `drilled` None while it was never restored for proof."""

    name: str
    size: int
    made_at: datetime
    drilled: BackupRun | None


@dataclass(frozen=True, slots=True)
class State:
    """The last backup, the last drill that held, and whether each is recent enough (SEC-06)."""

    made: BackupRun | None
    drilled: BackupRun | None
    made_ok: bool
    drilled_ok: bool


def runs() -> QuerySet[BackupRun]:
    """All runs, newest first."""
    return BackupRun.objects.select_related("done_by")


def state(now: datetime) -> State:
    """How old the last good backup and the last good drill are. `now` is the real moment, not a practice clock's."""
    good = BackupRun.objects.filter(ok=True)
    made = good.filter(work=BackupWork.CREATE).first()
    drilled = good.filter(work=BackupWork.VERIFY).first()
    return State(
        made,
        drilled,
        made is not None and now - made.done_at <= timedelta(hours=BACKUP_HOURS),
        drilled is not None and now - drilled.done_at <= timedelta(days=DRILL_DAYS),
    )


def folder() -> Path:
    """Where backups that are made by themselves lie: `LIAOYUAN_BACKUPS`, else `backups` in the home."""
    return Path(settings.BACKUPS)


def lying() -> list[Lying]:
    """The backup files in the folder, newest first."""
    if not folder().is_dir():
        return []
    found = sorted(folder().glob("*.zip"), reverse=True)
    made = {run.file_name: run for run in BackupRun.objects.filter(work=BackupWork.CREATE)[:500]}
    proofs: dict[str, BackupRun] = {}
    for run in BackupRun.objects.filter(work=BackupWork.VERIFY)[:500]:
        proofs.setdefault(run.signature, run)
    lines = []
    for path in found:
        told = path.stat()
        run_ = made.get(path.name)
        at = run_.done_at if run_ else datetime.fromtimestamp(told.st_mtime, clock.SHANGHAI)
        lines.append(Lying(path.name, told.st_size, at, proofs.get(run_.signature) if run_ else None))
    return lines


def to_try(now: datetime) -> str:
    """The newest backup that has stood for an hour, when the last drill that held is seven days old; else ""."""
    last = state(now).drilled
    if last is not None and now - last.done_at < timedelta(days=7) - timedelta(hours=1):
        return ""
    return next((line.name for line in lying() if now - line.made_at >= timedelta(hours=1)), "")


def due(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """待办 of the system administrator: a backup or a drill that is overdue. `on` is not asked: machines live now."""
    told = state(clock.real_now())
    items = []
    if not told.made_ok:
        items.append(DueItem(_("最近一天没有备份"), None, reverse("core:backups"), _("去备份"), code="SEC-06"))
    elif not told.drilled_ok:
        title = _("恢复演练已超过 {days} 天").format(days=DRILL_DAYS) if told.drilled else _("还没有做过恢复演练")
        items.append(DueItem(title, None, reverse("core:backups"), _("去演练"), code="SEC-06"))
    return items[:limit], len(items)


DUE = DueSource("core.backups", "备份与演练", str(Permission.BACKUP), due)
