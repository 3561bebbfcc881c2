"""The jobs of this floor: F04 of a large area, the pack for an inspection, the papers of one person."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, shelf
from liaoyuan.core.jobs import Progress
from liaoyuan.core.models import Area
from liaoyuan.core.registries import JobKind
from liaoyuan.party.actions import dossiers
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import dossier, statutory
from liaoyuan.party.models import Applicant
from liaoyuan.party.queries import applicants, development_dossier
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


def papers(progress: Progress, pk: int) -> None:
    """The papers of one person on the way into the party, as an archive."""
    by, on = progress.person, date.fromisoformat(str(progress.order["on"]))
    applicant = Applicant.objects.visible_to(by).select_related("party_organization__area").get(pk=pk)
    dossiers.permitted(applicant, by=by, on=on)
    found = development_dossier.read(applicant, on)
    with shelf.work_file(".zip") as path:
        count = dossier.write(found, path, on=on, tell=lambda n, of: progress.at(n, of, _("正在生成材料")))
        with progress.finish(_("共 {n} 份").format(n=count), result=path, name=f"{progress.label}.zip"):
            dossier.log(found, papers=count, by=by, at=clock.now())


def _may_fetch_papers(user: Any, job: Any) -> bool:
    applicant = applicants.find(str(job.args[0]))
    return applicant is not None and development_dossier.may_take(user, applicant, clock.today())


STATUTORY = JobKind("party.statutory", "党建统计表", table, statutory.may_fetch)
PACK = JobKind("party.pack", "党建迎检包", pack, statutory.may_fetch)
PAPERS = JobKind(dossiers.CODE, "发展党员材料", papers, _may_fetch_papers)
