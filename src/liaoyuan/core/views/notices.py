"""通知公告: what one has to read, and what one has written."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.actions import notices as actions
from liaoyuan.core.choices import Office, Permission
from liaoyuan.core.files import sending
from liaoyuan.core.forms.notices import NoticeForm
from liaoyuan.core.models import Notice
from liaoyuan.core.queries import notices as queries
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render

_METHODS = ["GET", "HEAD", "POST"]


def _find(request: HttpRequest, pk: int) -> Notice:
    found = queries.find(request.user, pk, clock.today())
    if found is None:
        raise Http404
    return found


@doors.login
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Notices for this person: unread, all, and those he keeps."""
    by, today = doors.person(request), clock.today()
    edits = access.has(by, Permission.NOTICE_EDIT)
    tab = request.GET.get("tab", "")
    tab = tab if tab in ("unread", "kept") and (tab != "kept" or edits) else ""
    seen = queries.with_marks(queries.visible(by, today), by)
    rows = queries.kept(by) if tab == "kept" else queries.unread_of(seen, by) if tab == "unread" else seen
    page: Page[Notice] = paginate(rows, Query(request), whole_number(request.GET.get("page"), 1), 20)
    unread = queries.unread(by, today)
    return render(request, "core/notice_list.html", {
        "title": _("通知公告"), "page": page, "tab": tab, "edits": edits,
        "rows": [(n, _(queries.AUDIENCE_TITLES[n.audience]), queries.MARKS.get(n.state, "review"),
                  _(queries.STATE_TITLES[n.state])) for n in page.items],
        "tabs": [(_("全部"), "?", tab == "", None), (_("未读"), "?tab=unread", tab == "unread", unread),
                 *([(_("我们发的"), "?tab=kept", tab == "kept", None)] if edits else [])],
    })  # fmt: skip


@doors.login
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice. Opening it marks nothing; the reader says so himself."""
    by, notice = doors.person(request), _find(request, pk)
    keeps = queries.keeps(by, notice)
    unread = queries.unread_of(queries.visible(by, clock.today()), by).filter(pk=pk).exists()
    return render(request, "core/notice_detail.html", {
        "title": notice.title, "crumbs": [(_("通知公告"), reverse("core:notice_list")), (notice.title, "")],
        "notice": notice, "paragraphs": queries.paragraphs(notice.text), "files": queries.files_of(notice),
        "may_mark": unread,
        "keeps": keeps, "audience": _(queries.AUDIENCE_TITLES[notice.audience]),
        "state": _(queries.STATE_TITLES[notice.state]),
        "mark": queries.MARKS.get(notice.state, "review"), "reads": notice.reads.count() if keeps else 0,
        "roles": [_(access.roles()[r].title) for r in notice.roles.strip(",").split(",") if r in access.roles()],
    })  # fmt: skip


@doors.needs(Permission.NOTICE_EDIT)
@require_http_methods(_METHODS)
def create(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    return _edit(request, None)


@doors.needs(Permission.NOTICE_EDIT)
@require_http_methods(_METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    return _edit(request, _kept(request, pk))


def _kept(request: HttpRequest, pk: int) -> Notice:
    found = _find(request, pk)
    if not queries.keeps(request.user, found):
        raise PermissionDenied
    return found


def _edit(request: HttpRequest, notice: Notice | None) -> HttpResponse:
    areas = {area.code: area for area in queries.areas_of(request.user)}
    roles = [(r.code, _(r.title)) for r in access.roles().values() if r.office == Office.NONE]
    names = ("title", "text", "audience", "valid_from", "valid_until", "pinned", "version")
    initial: dict[str, Any] = {"valid_from": clock.today()}
    if notice is not None:
        told = [code for code in notice.roles.strip(",").split(",") if code]
        initial = {name: getattr(notice, name) for name in names} | {"area": notice.area.code, "roles": told}
    form = NoticeForm(
        request.POST or None, initial=initial, roles=roles, areas=[(code, area.name) for code, area in areas.items()]
    )
    told_: list[Finding] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.save(
                notice=notice, by=doors.person(request), at=clock.now(), area=areas[given.pop("area")],
                version=given.pop("version") or 0, **given,
            )  # fmt: skip
        except Refused as refused:
            told_ = refused.findings
        else:
            messages.success(request, _("草稿已保存；可以添加附件，然后发布。"))
            return redirect("core:notice", made.pk)
    title = _("起草通知") if notice is None else _("修改草稿")
    return render(request, "core/notice_edit.html", {
        "title": title, "crumbs": [(_("通知公告"), reverse("core:notice_list")), (title, "")],
        "fields": list(describe(form, told_, wide=("title", "text", "roles")).values()),
        "problems": problems(form, told_),
        "back": reverse("core:notice", args=[notice.pk]) if notice is not None else reverse("core:notice_list"),
    }, status=422 if form.is_bound else 200)  # fmt: skip


@doors.login
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read, publish, withdraw; `do` says which."""
    notice, by, at = _find(request, pk), doors.person(request), clock.now()
    word = request.POST.get("do", "")
    try:
        if word == "read":
            actions.mark_read(notice=notice, by=by, at=at)
            return redirect(f"{reverse('core:notice_list')}?tab=unread")
        if word == "publish":
            actions.publish(notice=notice, by=by, at=at)
            messages.success(request, _("已发布。"))
        elif word == "withdraw":
            actions.withdraw(notice=notice, reason=request.POST.get("reason", ""), by=by, at=at)
            messages.success(request, _("已撤回。"))
    except Refused as refused:
        messages.error(request, str(refused))
    except Notice.DoesNotExist as error:
        raise Http404 from error
    return redirect("core:notice", pk)


@doors.login
@require_safe
def file(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    """An attachment of a notice that one may read."""
    found = queries.content(_find(request, pk), key)
    if found is None:
        raise Http404
    return sending.send(request, found.content, found.size, media_type=found.media_type, name=found.name, inline=False,
                        mark=found.mark)  # fmt: skip
