"""The jobs of this floor: examining a round, a trial of parameters, the archive of projects as one file."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, shelf
from liaoyuan.core.documents import pdf
from liaoyuan.core.jobs import Failed, Progress
from liaoyuan.core.registries import JobKind
from liaoyuan.funding.actions import archiving, eligibility, examining
from liaoyuan.funding.actions import trials as trying
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.exports import archive
from liaoyuan.funding.models import Project, Round, Trial
from liaoyuan.funding.queries import examining as queries
from liaoyuan.funding.queries import trials
from liaoyuan.kit.findings import Refused


def try_out(progress: Progress, pk: int) -> None:
    """Judge the applications of a trial a chunk at a time; a later attempt goes on behind the last one."""
    trial = Trial.objects.visible_to(progress.person).filter(pk=pk).first()
    if trial is None:
        raise PermissionDenied
    total = trials.applications(trial.rounds).count()
    after, done = int(progress.kept.get("after", 0)), int(progress.kept.get("done", 0))
    judges: dict[int, trials.Judge] = {}
    while True:
        progress.at(done, total, _("正在试算"))
        lines, judged = trials.chunk(trial, after, judges)
        if not judged:
            break
        after, done = judged[-1], done + len(judged)
        with progress.commit(after=after, done=done):
            trying.keep(trial=trial, lines=lines)
    with progress.finish(_("共试算 {n} 个项目").format(n=done), notice=True):
        trying.finish(trial=trial, judged=done, at=clock.now())


TRIAL = JobKind(trying.JOB, "参数试算", try_out)


def pack(progress: Progress, pk: int) -> None:
    """Write the archive of some projects of a round; half an archive was never seen by anybody."""
    by, keys, on = progress.person, progress.order["projects"], date.fromisoformat(str(progress.order["on"]))
    round_ = Round.objects.select_related("programme__area").get(pk=pk)
    access.require(by, Permission.EDIT, round_)
    rows = Project.objects.handed_in().visible_to(by).filter(round=round_, pk__in=keys).order_by("number", "pk")
    projects = list(rows.select_related("round__programme__area", "organization", "sponsor", "area"))
    with shelf.work_file(".zip") as path:
        try:
            count = archive.write(
                round_, projects, path, on=on, tell=lambda n, of: progress.at(n, of, _("正在打包"))
            )  # fmt: skip
        except pdf.NoFont as error:
            raise Failed(_("服务器没有中文字体，不能生成 PDF。请联系系统管理员。")) from error
        with progress.finish(_("共 {n} 个文件").format(n=count), result=path, name=progress.label):
            archive.log(round_=round_, projects=projects, count=count, by=by, at=clock.now())


def _may_fetch(user: Any, job: Any) -> bool:
    """As long as the user still keeps the round's archive."""
    round_ = Round.objects.select_related("programme__area").filter(pk=job.args[0]).first()
    return round_ is not None and access.covers(user, Permission.EDIT, round_, write=True)


ARCHIVE = JobKind(archiving.JOB, "打包项目档案", pack, _may_fetch)


def examine(progress: Progress, round_: int) -> None:
    """Examine what waits, one application a chunk; whatever moved on meanwhile is left alone. A later attempt finds
    those that an earlier one left unexamined.
    """
    row, by, done = Round.objects.get(pk=round_), progress.person, 0
    waiting = list(queries.unexamined(row).select_related("round__programme__area", "organization", "sponsor", "area"))
    for number, project in enumerate(waiting):
        progress.at(number, len(waiting), _("正在核查"))
        with progress.commit():
            try:
                eligibility.examine(project=project, by=by, at=clock.now())
            except Refused:
                continue
            done += 1
    with progress.finish(_("已核查 {n} 个申报。").format(n=done), notice=True):
        pass


EXAMINE = JobKind(examining.JOB, "资格核查", examine)
