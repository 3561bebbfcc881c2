"""The jobs of this floor: F04 of a large area, the pack for an inspection."""

from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, shelf
from liaoyuan.core.jobs import Progress
from liaoyuan.core.models import Area
from liaoyuan.core.registries import JobKind
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import statutory
from liaoyuan.party.queries.coverage import Asked


def _asked(progress: Progress) -> Asked:
    told = progress.order
    area = Area.objects.get(code=told["area"])
    access.require_area(progress.person, Permission.EXPORT, area.path)
    return Asked(area, date.fromisoformat(str(told["on"])))


def table(progress: Progress) -> None:
    """F04 in flat memory."""
    asked, by = _asked(progress), progress.person
    with shelf.work_file(".xlsx") as path:
        count = statutory.write(asked, path, by=by, tell=lambda n, of: progress.at(n, of, _("正在写表格")))
        with progress.finish(_("共 {n} 行").format(n=count), result=path, name=progress.label):
            statutory.log(asked, "F04", rows=count, by=by, at=clock.now())


def pack(progress: Progress) -> None:
    """The pack for an inspection."""
    asked, by = _asked(progress), progress.person
    with shelf.work_file(".zip") as path:
        missing = statutory.pack(asked, path, by=by, tell=lambda n, of: progress.at(n, of, _("正在收集文件")))
        with progress.finish(_("缺项 {n} 条").format(n=missing), result=path, name=progress.label):
            statutory.log(asked, "pack", rows=missing, by=by, at=clock.now())


STATUTORY = JobKind("party.statutory", "党建统计表", table, statutory.may_fetch)
PACK = JobKind("party.pack", "党建迎检包", pack, statutory.may_fetch)
