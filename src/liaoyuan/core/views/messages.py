"""消息: one's own with what became of them, and the administrator's outlets."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.actions import messages as actions
from liaoyuan.core.choices import Permission
from liaoyuan.core.forms.messages import FORMS
from liaoyuan.core.models import Message
from liaoyuan.core.queries import due, outlets
from liaoyuan.core.queries import messages as queries
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render


@doors.needs(Permission.REMIND)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The user's messages by state, newest first."""
    asked = request.GET.get("state", "")
    state = asked if asked in outlets.STATE_TITLES else ""
    page: Page[Message] = paginate(
        queries.own(request.user, state), Query(request), whole_number(request.GET.get("page"), 1), 50
    )
    counts = queries.counts(request.user)
    titles = outlets.STATE_TITLES
    return render(request, "core/message_list.html", {
        "title": _("消息"), "crumbs": [(_("催办"), reverse("core:reminder_home")), (_("消息"), "")], "page": page,
        "state": state,
        "rows": [(m, _(outlets.KIND_TITLES[m.outlet]), outlets.MARKS.get(m.state, "review"), _(titles[m.state]))
                 for m in page.items],
        "tabs": [(_("全部"), "?", not state, sum(counts.values())),
                 *((_(word), f"?state={one}", state == one, counts[one]) for one, word in titles.items())],
        "troubled": counts["failed"] + counts["unsure"],
    })  # fmt: skip


@doors.needs(Permission.REMIND)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Send the chosen messages again, or give them up; `do` says which."""
    ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 16]
    by, at = doors.person(request), clock.now()
    if request.POST.get("do") == "drop":
        n = actions.drop(ids=ids, by=by, at=at)
        told = _("已放弃 %(n)s 条。") % {"n": n}
    else:
        n = actions.repeat(ids=ids, by=by, at=at, unsure="unsure" in request.POST)
        told = _("已重新排队 %(n)s 条。") % {"n": n}
    due.forget()
    if n:
        messages.success(request, told)
    else:
        messages.error(request, _("没有选中可以处理的消息。“可能已发出”的须先勾选“可能重复也要发”。"))
    state = request.POST.get("state", "")
    return redirect(f"{reverse('core:message_list')}{f'?state={state}' if state in outlets.STATE_TITLES else ''}")


@doors.needs(Permission.OUTLET_SET)
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """All outlets: how they are set up and how their messages fare, without names and texts."""
    return render(request, "core/outlet_console.html", {
        "title": _("发送渠道"),
        "outlets": [(one, _(outlets.KIND_TITLES[one.kind])) for one in outlets.console()],
        "states": [(state, _(word)) for state, word in outlets.STATE_TITLES.items()],
    })  # fmt: skip


@doors.needs(Permission.OUTLET_SET)
@require_http_methods(["GET", "HEAD", "POST"])
def outlet(request: HttpRequest, kind: str) -> HttpResponse:
    """Set one outlet up."""
    if kind not in FORMS:
        raise Http404
    row = outlets.row_of(kind)
    initial = {**(row.options if row else {}), "is_active": outlets.is_open(kind), "version": row.version if row else 0}
    form = FORMS[kind](request.POST or None, initial=initial)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            actions.set_outlet(
                kind=kind, is_active=form.cleaned_data["is_active"], options=form.options(), secret=form.given_secret(),
                version=form.cleaned_data["version"] or 0, by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。请发送一次测试。"))
            return redirect("core:outlet_console")
    return render(request, "core/outlet_edit.html", {
        "title": _(outlets.KIND_TITLES[kind]), "crumbs": [(_("发送渠道"), reverse("core:outlet_console")),
                                                         (_(outlets.KIND_TITLES[kind]), "")],
        "fields": list(describe(form, told).values()), "problems": problems(form, told),
        "has_secret": bool(row and row.secret), "kind": kind,
    }, status=422 if form.is_bound else 200)  # fmt: skip


@doors.needs(Permission.OUTLET_SET)
@require_POST
def outlet_do(request: HttpRequest, kind: str) -> HttpResponse:
    """Send a test, or have all failed messages of the outlet sent again; `do` says which."""
    if kind not in FORMS:
        raise Http404
    by, at = doors.person(request), clock.now()
    try:
        if request.POST.get("do") == "repeat":
            n = actions.repeat_failed(outlet=kind, by=by, at=at)
            messages.success(request, _("已重新排队 %(n)s 条。") % {"n": n})
        else:
            actions.send_test(kind=kind, by=by, at=at)
            messages.success(request, _("测试消息已交给后台发送，请稍后刷新本页看结果。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:outlet_console")
