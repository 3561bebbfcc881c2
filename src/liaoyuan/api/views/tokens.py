"""One's own tokens, and the console in which the security administrator ends anyone's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.api.actions import tokens as actions
from liaoyuan.api.choices import Permission
from liaoyuan.api.forms.tokens import TokenForm, TokenQueryForm
from liaoyuan.api.models import ApiToken
from liaoyuan.api.params import TOKEN_DAYS
from liaoyuan.api.queries import tokens as queries
from liaoyuan.core import clock, doors, registries
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState


def _state(row: ApiToken) -> tuple[str, str]:
    if row.revoked_at is not None:
        return "closed", _("已收回")
    return ("ok", _("有效")) if row.expires_at > clock.now() else ("closed", _("已过期"))


def _words(row: ApiToken) -> str:
    return "、".join(_word(code) for code in row.permissions)


def _word(code: str) -> str:
    return _(registries.permission_titles.get(code, code))


def _columns(*, owner: bool) -> tuple[Column, ...]:
    whose = (Column("user.username", _("账号"), value=lambda row: row.user.username, sortable="user__username"),)
    return (
        Column("name", _("用途"), fixed=True),
        *(whose if owner else ()),
        Column("hint", _("令牌开头"), value=lambda row: f"{row.hint}…"),
        Column("permissions", _("权限"), value=_words),
        Column("state", _("状态"), kind="verdict", value=_state),
        Column("created_at", _("建立"), kind="datetime"),
        Column("expires_at", _("有效至"), kind="datetime", sortable=True),
    )


@doors.needs(Permission.TOKEN_USE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one is shown in the answer to its form, and never again."""
    user: Any = request.user
    offered = [(code, _word(code)) for code in queries.offered(user)]
    form = TokenForm(request.POST or None, offered=offered)
    told: list[Any] = []
    shown = ""
    if form.is_bound and form.is_valid():
        try:
            _made, shown = actions.create(**form.cleaned_data, by=user, at=clock.now())
            form = TokenForm(offered=offered)
        except Refused as refused:
            told = refused.findings
    state = TableState.from_request(request, _columns(owner=False))
    return render(request, "api/token_list.html", {
        "title": _("接口令牌"),
        "shown": shown,
        "fields": describe(form, told, rules={
            "permissions": _("只列出您自己持有的权限；令牌能看到的范围与您的授权范围相同。"),
            "days": _("最长 %(n)s 天。到期后请另建。") % {"n": TOKEN_DAYS},
        }),
        "problems": problems(form, told),
        "table": state.table(queries.own(user), ops=lambda row: _operations(row, "api:token_revoke")),
        "example": request.build_absolute_uri("/api/v1/me"),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _operations(row: ApiToken, page: str) -> list[tuple[str, str]]:
    return [(_("收回"), reverse(page, args=[row.pk]))] if row.revoked_at is None else []


@doors.needs(Permission.TOKEN_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end one of one's own tokens."""
    row = get_object_or_404(queries.own(request.user), pk=pk)  # type: ignore[arg-type]
    return _revoke(request, row, "api:token_list")


@doors.needs(Permission.TOKEN_REVOKE)
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """Everybody's tokens."""
    asked = TokenQueryForm(request.GET)
    text = asked.cleaned_data["q"] if asked.is_valid() else ""
    state = TableState.from_request(request, _columns(owner=True))
    rows = queries.everybodys(text)
    rows = rows.order_by(*state.order_by()) if state.sort else rows
    return render(request, "api/token_console.html", {
        "title": _("全部接口令牌"),
        "fields": list(describe(asked).values()),
        "table": state.table(rows, ops=lambda row: _operations(row, "api:token_end")),
    })  # fmt: skip


@doors.needs(Permission.TOKEN_REVOKE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end anyone's token."""
    return _revoke(request, get_object_or_404(queries.everybodys(), pk=pk), "api:token_console")


def _revoke(request: HttpRequest, row: ApiToken, back: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "api/token_revoke.html", {
            "title": _("收回令牌"), "token": row, "words": _words(row), "back": reverse(back),
            "crumbs": [(_("接口令牌"), reverse(back))],
        })  # fmt: skip
    try:
        actions.revoke(token=row, by=request.user, at=clock.now())  # type: ignore[arg-type]
        messages.success(request, _("令牌已收回，使用它的程序从现在起不能再访问。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(back)
