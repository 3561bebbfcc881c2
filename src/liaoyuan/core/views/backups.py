"""备份: what was backed up and proved, when the next ones come, and having one made or tried out now."""

import shutil

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.core import clock, doors
from liaoyuan.core.actions import backups as actions
from liaoyuan.core.choices import BackupWork, Permission
from liaoyuan.core.models import BackupRun
from liaoyuan.core.params import BACKUP_HOURS, DRILL_DAYS
from liaoyuan.core.queries import backups as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render

_PER_PAGE = 20


@doors.needs(Permission.BACKUP)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The page; a POST asks for a backup (`do=create`) or for trying out one of the folder (`do=verify`, `file`)."""
    if request.method == "POST":
        work = BackupWork.VERIFY if request.POST.get("do") == "verify" else BackupWork.CREATE
        try:
            job = actions.ask(
                work=work, file_name=request.POST.get("file", ""), by=doors.person(request), at=clock.now()
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("core:backups")
        return redirect("core:job_detail", pk=job.pk)
    runs: Page[BackupRun] = paginate(
        queries.runs(), Query(request), whole_number(request.GET.get("page"), 1), _PER_PAGE
    )
    folder = queries.folder()
    above = next(path for path in (folder, *folder.parents) if path.exists())
    return render(
        request,
        "core/backup_page.html",
        {
            "title": _("备份"),
            "state": queries.state(clock.real_now()),
            "lying": queries.lying(),
            "page": runs,
            "folder": folder,
            "free": shutil.disk_usage(above).free,
            "keep": settings.BACKUP_KEEP,
            "hours": BACKUP_HOURS,
            "days": DRILL_DAYS,
            "works": {"create": _("制作"), "verify": _("恢复演练"), "restore": _("恢复")},
        },
    )
