"""The jobs of this floor: the examination of all applications of a round. Ids in, one action an application."""

from django.utils.translation import gettext as _

from liaoyuan.core import clock
from liaoyuan.core.jobs import Progress
from liaoyuan.core.registries import JobKind
from liaoyuan.funding.actions import eligibility, examining
from liaoyuan.funding.models import Round
from liaoyuan.funding.queries import examining as queries
from liaoyuan.kit.findings import Refused


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
