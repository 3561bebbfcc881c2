"""任务: one's own jobs with progress, results to fetch, what failed; and the administrator's view of all of them."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import clock, doors, shelf
from liaoyuan.core.actions import jobs as actions
from liaoyuan.core.choices import Permission
from liaoyuan.core.models import Job
from liaoyuan.core.queries import due
from liaoyuan.core.queries import jobs as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render

_PER_PAGE = 20


def _job(request: HttpRequest, pk: int) -> Job:
    job = queries.own(request.user).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


@doors.login
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The user's jobs, newest first."""
    page: Page[Job] = paginate(
        queries.own(request.user), Query(request), whole_number(request.GET.get("page"), 1), _PER_PAGE
    )
    return render(
        request,
        "core/job_list.html",
        {
            "title": _("任务"),
            "page": page,
            "jobs": [queries.shown(job) for job in page.items],
            "result_days": settings.RESULT_DAYS,
        },
    )


@doors.login
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; while it runs its bar asks again by itself."""
    job = _job(request, pk)
    told = queries.shown(job)
    context = {
        "title": told.label or told.title,
        "crumbs": [(_("任务"), "/jobs/")],
        "job": told,
        "may_fetch": queries.may_fetch(request.user, job),
    }
    return render(request, "core/job_detail.html", context, block="progress")


@doors.login
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel, repeat, or put the notice away; `do` says which."""
    job, by, at = _job(request, pk), doors.person(request), clock.now()
    word = request.POST.get("do", "")
    try:
        if word == "cancel":
            actions.cancel(job=job, by=by, at=at)
            messages.success(request, _("已取消。"))
        elif word == "repeat":
            job = actions.repeat(job=job, by=by, at=at)
            messages.success(request, _("已重新排队。"))
        elif word == "notice":
            actions.notice(job=job, by=by, at=at)
            due.forget()
            return redirect("core:job_list")
    except Refused as refused:
        messages.error(request, str(refused))
    due.forget()
    return redirect("core:job_detail", pk=job.pk)


@doors.login
@require_POST
def result(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the result to the person who asked for it, as long as his permission and scope are what they were."""
    job = _job(request, pk)
    if not queries.may_fetch(request.user, job):
        told = (
            _("结果已过保留期限，请重新导出。")
            if not shelf.stands(job.result_file)
            else _("您的权限或范围已有变化，不能再下载这份结果。")
        )
        messages.error(request, told)
        return redirect("core:job_detail", pk=pk)
    actions.notice(job=job, by=doors.person(request), at=clock.now())
    due.forget()
    answer = StreamingHttpResponse(shelf.pieces(job.result_file), content_type="application/octet-stream")
    answer["Content-Length"] = job.result_bytes
    answer["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(job.result_name)}"
    return answer


@doors.needs(Permission.JOB_VIEW)
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """All jobs and workers: states and times, nothing of their contents."""
    page: Page[Job] = paginate(queries.console_rows(), Query(request), whole_number(request.GET.get("page"), 1), 50)
    counts = queries.counts()
    return render(
        request,
        "core/job_console.html",
        {
            "title": _("后台任务"),
            "page": page,
            "rows": [(job, queries.title_of(job.code), *queries.state_of(job)) for job in page.items],
            "workers": queries.workers(),
            "cards": [(_(word), counts[state], "", "", "") for state, word in queries.STATE_TITLES.items()],
        },
    )
