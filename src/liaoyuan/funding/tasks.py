"""The jobs of this floor: a trial of parameters."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import clock
from liaoyuan.core.jobs import Progress
from liaoyuan.core.registries import JobKind
from liaoyuan.funding.actions import trials as trying
from liaoyuan.funding.models import Trial
from liaoyuan.funding.queries import trials


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
