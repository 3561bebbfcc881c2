"""The register's jobs: exports of many bodies. Ids in, one action out."""

from django.utils.translation import gettext as _

from liaoyuan.core import clock, shelf
from liaoyuan.core.jobs import Progress
from liaoyuan.core.registries import JobKind
from liaoyuan.registry.actions import idle
from liaoyuan.registry.exports import organizations as exports
from liaoyuan.registry.queries import exporting
from liaoyuan.registry.queries.listing import Listing


def export(progress: Progress) -> None:
    """Write an export in flat memory; its result and its line in the log stand together.

    A later attempt writes it anew: half a workbook cannot be gone on with, and nobody ever saw it.
    """
    asked, by = progress.order, progress.person
    kind, form = str(asked["kind"]), str(asked["form"])
    listing = Listing(by, exporting.unpacked(asked["criteria"]))
    total = listing.count()
    reach = exporting.reach_of(by)
    progress.at(0, total, _("正在写表格"))
    with shelf.work_file(f".{form}") as path:
        count = exports.write(
            listing, kind, path=path, form=form, by=by, tell=lambda n: progress.at(n, total, _("正在写表格"))
        )
        told = _("共 {n} 行").format(n=count)
        with progress.finish(told, result=path, name=progress.label, reach=reach):
            exports.log(listing, kind, rows=count, form=form, by=by, at=clock.now(), filters=asked["filters"])


def check_idle(progress: Progress) -> None:
    """Every thirty days: bodies without a trace of activity for a year (ORG-IDLE-01)."""
    with progress.finish():
        idle.check(on=clock.today(), at=clock.real_now())


IDLE = JobKind("registry.idle", "检查长期无活动的组织", check_idle)
EXPORT = JobKind("registry.export", "导出台账", export, exporting.may_fetch)
