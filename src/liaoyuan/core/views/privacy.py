"""数据分区 and 我的信息: what may be stored where, what is stored about oneself and who read it, requests, answers."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors, policy, retention, zones
from liaoyuan.core.actions import privacy
from liaoyuan.core.choices import Permission, RequestKind, RequestState
from liaoyuan.core.forms.privacy import KIND_TITLES, DecisionForm, RequestForm
from liaoyuan.core.models import PersonalRequest
from liaoyuan.core.queries import accounts
from liaoyuan.core.queries import privacy as queries
from liaoyuan.core.queries.timeline import event_title
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_STATE_TITLES: dict[str, tuple[str, str]] = {
    RequestState.OPEN: ("review", "办理中"),
    RequestState.GRANTED: ("ok", "已同意"),
    RequestState.REFUSED: ("closed", "未同意"),
}
_BADGES = {zones.Say.YES: "ok", zones.Say.NO: "reject"}


@doors.login
@require_safe
def zone_table(request: HttpRequest) -> HttpResponse:
    """Which field of a person may be stored, shown, exported, imported, searched in which zone; how long data stay."""
    limits = policy.limits(clock.today(), policy.chain("national"))
    rows = [
        (field, [
            (zone, [(_BADGES.get(cell, "review"), _(zones.SAY_TITLES[cell]), _(zones.OP_TITLES[op]))
                    for op, cell in zip(zones.Op, cells, strict=True)])
            for zone, cells in ((zones.Zone.GOV, field.gov), (zones.Zone.INTERNET, field.internet))
        ])
        for field in zones.FIELDS.values()
    ]  # fmt: skip
    kept = [(entry, limits.get(entry.key, entry.days)) for entry in retention.TABLE.values()]
    return render(
        request,
        "core/zone_table.html",
        {
            "title": _("数据分区"),
            "here": settings.ZONE,
            "zones": zones.ZONE_TITLES,
            "ops": zones.OP_TITLES,
            "classes": [(c, zones.CLASS_TITLES[c], zones.CLASS_MEANINGS[c]) for c in zones.Class],
            "rows": rows,
            "kept": kept,
            "by_clock": limits.get(retention.BY_CLOCK, False),
        },
    )


@doors.login
@require_http_methods(["GET", "HEAD", "POST"])
def about_me(request: HttpRequest) -> HttpResponse:
    """What is stored about oneself and who read it; a POST asks for a correction or an erasure."""
    user = doors.person(request)
    known = {f"{kind}:{key}": (kind, key, label) for kind, key, label in queries.subjects(user)}
    choices = [(code, _("我的账号") if subject[0] == "user" else subject[2]) for code, subject in known.items()]
    form = RequestForm(request.POST if request.method == "POST" else None, subjects=choices)
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            row = privacy.ask(
                user=user, kind=RequestKind(given["kind"]), subject=known[given["subject"]], text=given["text"],
                at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已提交，{day}前答复。").format(day=row.due_on.isoformat()))
            return redirect("core:about_me")
    grants = list(accounts.open_grants(user, clock.today()))
    labels = accounts.scope_labels(grants)
    table = access.roles()
    return render(
        request,
        "core/about_me.html",
        {
            "title": _("我的信息"),
            "crumbs": [(_("我的账号"), reverse("core:profile")), (_("我的信息"), "")],
            "account": user,
            "grants": [
                (table[g.role].title if g.role in table else g.role, labels.get((g.scope_kind, g.scope_id), g.scope_id),
                 g.granted_at) for g in grants
            ],
            "has_totp": accounts.has_totp(user),
            "named": queries.named(user),
            "readings": queries.readings(user),
            "sign_ins": [(row, event_title(row.code)) for row in queries.sign_ins(user)],
            "sessions": queries.sessions_of(user, clock.real_now()),
            "requests": [_told(row) for row in queries.own_requests(user)],
            "fields": describe(form, told),
            "problems": problems(form, told),
            "days": policy.limits(clock.today(), policy.chain("national"))["privacy.request_workdays"],
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _told(row: PersonalRequest) -> dict[str, Any]:
    """A request in words, with its text and answer in clear: only for its author and who answers it."""
    badge, title = _STATE_TITLES[row.state]
    return {
        "row": row,
        "kind": KIND_TITLES[RequestKind(row.kind)],
        "state": (badge, _(title)),
        "office": queries.office(row),
        **privacy.told(row),
    }


@doors.needs(Permission.REQUEST_DECIDE, Permission.USER_MANAGE)
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """The requests that this officer's office answers, by the day on which the answer is due."""
    columns = (
        Column("due_on", _("应答复日"), kind="date", fixed=True, link=link_to("core:request_detail")),
        Column("kind", _("要求"), value=lambda row: KIND_TITLES[RequestKind(row.kind)]),
        Column("subject_label", _("对象")),
        Column("user", _("申请人")),
        Column(
            "state",
            _("状态"),
            kind="verdict",
            value=lambda row: (_STATE_TITLES[row.state][0], _(_STATE_TITLES[row.state][1])),
        ),
        Column("asked_at", _("提出"), kind="datetime"),
        Column("decided_at", _("答复"), kind="datetime"),
    )
    rows = queries.to_decide(request.user)
    if request.GET.get("state") != "all":
        rows = rows.open()
    state = TableState.from_request(request, columns)
    return render(
        request,
        "core/request_list.html",
        {"title": _("个人信息请求"), "table": state.table(rows), "all": request.GET.get("state") == "all"},
    )


@doors.needs(Permission.REQUEST_DECIDE, Permission.USER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request; a POST answers it. A granted erasure is done with the answer."""
    row = get_object_or_404(queries.to_decide(request.user), pk=pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            privacy.decide(
                request=row, granted=given["granted"] == "yes", answer=given["answer"], by=doors.person(request),
                at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已答复。"))
            return redirect("core:request_list")
    return render(
        request,
        "core/request_detail.html",
        {
            "title": _("个人信息请求"),
            "crumbs": [(_("个人信息请求"), reverse("core:request_list"))],
            **_told(row),
            "erases": row.kind == RequestKind.ERASE and row.subject_kind != "user",
            "open": row.state == RequestState.OPEN and row.user_id != getattr(request.user, "pk", None),
            "fields": describe(form, told),
            "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )
