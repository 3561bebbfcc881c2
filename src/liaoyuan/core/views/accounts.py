"""The system administrator's console: accounts are made, unlocked, reset and closed; roles are given elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.actions import accounts
from liaoyuan.core.choices import Permission
from liaoyuan.core.forms.accounts import OFFICE_TITLES, AccountForm, AccountQueryForm
from liaoyuan.core.models import User
from liaoyuan.core.queries import accounts as queries
from liaoyuan.core.rules.accounts import is_locked
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState


def _state(user: User) -> tuple[str, str]:
    """Verdict of an account: closed, locked, waiting for its first password, open."""
    if not user.is_active:
        return "closed", _("停用")
    if is_locked(user.locked_until, clock.now()):
        return "reject", _("已锁定")
    if user.must_change_password:
        return "review", _("待改密码")
    return "ok", _("启用")


def _columns() -> tuple[Column, ...]:
    return (
        Column(
            "username", _("登录名"), sortable=True, fixed=True,
            link=lambda user: reverse("core:account_detail", args=[user.pk]),
        ),
        Column("display_name", _("姓名"), sortable=True),
        Column("unit", _("单位"), sortable=True),
        Column("office", _("岗位"), value=lambda user: OFFICE_TITLES.get(user.office, "")),
        Column("state", _("状态"), kind="verdict", value=_state),
        Column("last_login", _("上次登录"), sortable=True, kind="datetime"),
        Column("created_at", _("建立"), sortable=True, kind="datetime", default=False),
    )  # fmt: skip


@doors.needs(Permission.USER_MANAGE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All accounts."""
    roles = [(role.code, role.title) for role in access.roles().values()]
    asked = AccountQueryForm(request.GET, roles=roles)
    given = asked.cleaned_data if asked.is_valid() else {}
    rows = queries.accounts_by(
        request.user,
        text=given.get("q", ""),
        state=given.get("state", ""),
        role=given.get("role", ""),
        on=clock.today(),
    )
    state = TableState.from_request(request, _columns(), default_sort="username")
    return render(
        request,
        "core/account_list.html",
        {
            "title": _("账号"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, Query(request)),
            "table": state.table(rows.order_by(*state.order_by())),
        },
    )


@doors.needs(Permission.USER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new account; the answer shows the one-time password, once."""
    form = AccountForm(request.POST or None)
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        try:
            user, shown = accounts.create_user(**form.cleaned_data, by=request.user, at=clock.now())  # type: ignore[arg-type]
        except Refused as refused:
            told = refused.findings
        else:
            return _password_page(request, user, shown, _("账号已建立"))
    return render(
        request,
        "core/account_new.html",
        {
            "title": _("新建账号"),
            "crumbs": [(_("账号"), reverse("core:account_list"))],
            "fields": describe(form, told),
            "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )


def _password_page(request: HttpRequest, user: User, shown: str, title: str) -> HttpResponse:
    return render(
        request,
        "core/account_password.html",
        {
            "title": title,
            "crumbs": [(_("账号"), reverse("core:account_list"))],
            "account": user,
            "shown": shown,
            "address": request.build_absolute_uri(reverse("core:login")),
        },
    )


@doors.needs(Permission.USER_MANAGE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its facts and grants, and what the system administrator may do with it."""
    user = get_object_or_404(queries.visible_accounts(request.user), pk=pk)
    table = access.roles()
    grants = list(queries.open_grants(user, clock.today()))
    labels = queries.scope_labels(grants)
    return render(
        request,
        "core/account_detail.html",
        {
            "title": user.display_name,
            "crumbs": [(_("账号"), reverse("core:account_list"))],
            "account": user,
            "state": _state(user),
            "locked": is_locked(user.locked_until, clock.now()),
            "office": OFFICE_TITLES.get(user.office, ""),  # type: ignore[call-overload]
            "has_totp": queries.has_totp(user),
            "grants": [
                (
                    _(table[g.role].title) if g.role in table else g.role,
                    labels.get((g.scope_kind, g.scope_id), g.scope_id),
                    g.valid_from,
                    g.valid_to,
                )
                for g in grants
            ],
            "own": user.pk == request.user.pk,
        },
    )


@doors.needs(Permission.USER_MANAGE)
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift the lock."""
    user = get_object_or_404(queries.visible_accounts(request.user), pk=pk)
    accounts.unlock(user=user, by=request.user, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("账号已解锁。"))
    return redirect("core:account_detail", pk=pk)


@doors.needs(Permission.USER_MANAGE)
@never_cache
@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A one-time password, shown once."""
    user = get_object_or_404(queries.visible_accounts(request.user), pk=pk)
    try:
        shown = accounts.reset_password(user=user, by=request.user, at=clock.now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("core:account_detail", pk=pk)
    return _password_page(request, user, shown, _("密码已重置"))


@doors.needs(Permission.USER_MANAGE)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account; its grants end."""
    user = get_object_or_404(queries.visible_accounts(request.user), pk=pk)
    try:
        accounts.close_user(user=user, by=request.user, at=clock.now(), reason=request.POST.get("reason", "")[:100])  # type: ignore[arg-type]
        messages.success(request, _("账号已停用，授权已收回。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:account_detail", pk=pk)
