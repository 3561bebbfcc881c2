"""The security administrator's console: roles, offices, deputies and hand-over. Accounts are made elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, registries
from liaoyuan.core.actions import factors, grants
from liaoyuan.core.choices import Office, Permission, ScopeKind
from liaoyuan.core.forms.accounts import OFFICE_TITLES, AccountQueryForm
from liaoyuan.core.forms.grants import GrantForm
from liaoyuan.core.models import Grant, User
from liaoyuan.core.queries import accounts as queries
from liaoyuan.core.rules.accounts import refusal
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState


def _roles() -> list[tuple[str, str]]:
    """Roles that are given over a scope; the administrators' are given by appointment."""
    return [(role.code, role.title) for role in access.roles().values() if role.office == Office.NONE]


@doors.needs(Permission.GRANT_MANAGE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Accounts with what they hold."""
    table = access.roles()
    asked = AccountQueryForm(request.GET, roles=[(role.code, role.title) for role in table.values()])
    given = asked.cleaned_data if asked.is_valid() else {}
    today = clock.today()
    rows = queries.accounts_by(
        request.user, text=given.get("q", ""), state=given.get("state", ""), role=given.get("role", ""), on=today
    )
    held: dict[int, list[str]] = {}
    columns = (
        Column(
            "username", _("登录名"), sortable=True, fixed=True,
            link=lambda user: reverse("core:grant_account", args=[user.pk]),
        ),
        Column("display_name", _("姓名"), sortable=True),
        Column("unit", _("单位"), sortable=True),
        Column("office", _("岗位"), value=lambda user: OFFICE_TITLES.get(user.office, "")),
        Column("roles", _("角色"), value=lambda user: "、".join(held.get(user.pk, []))),
        Column("is_active", _("启用"), kind="bool"),
    )  # fmt: skip
    state = TableState.from_request(request, columns, default_sort="username")
    page = state.page_of(rows.order_by(*state.order_by()))
    active = Grant.objects.active(today).filter(user__in=[user.pk for user in page.items], ended_at__isnull=True)
    for user_id, role in active.order_by("role").values_list("user_id", "role").distinct():
        held.setdefault(user_id, []).append(_(table[role].title) if role in table else role)
    return render(
        request,
        "core/grant_list.html",
        {
            "title": _("授权"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, Query(request)),
            "table": state.table(page),
        },
    )


@doors.needs(Permission.GRANT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account's grants; a POST gives a role."""
    user = get_object_or_404(queries.visible_accounts(request.user), pk=pk)
    form = GrantForm(request.POST or None, roles=_roles(), initial={"scope_kind": "area"})
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            _give(request, user, form.cleaned_data)
        except Refused as refused:
            organization = form.cleaned_data["scope_kind"] in queries.SEARCHED
            told = [_beside(f, organization=organization) for f in refused.findings]
        else:
            messages.success(request, _("已授权。"))
            return redirect("core:grant_account", pk=pk)
    return _page(request, user, form, told)


def _beside(finding: Finding, *, organization: bool) -> Finding:
    """The action says `scope_id`; the form has a field for an area and one for an organization."""
    if finding.field != "scope_id":
        return finding
    return replace(finding, field="organization" if organization else "area")


def _give(request: HttpRequest, user: User, given: dict[str, Any]) -> None:
    """Turn the form's words into the action's arguments."""
    scope = ""
    if given["scope_kind"] == ScopeKind.AREA:
        scope = given["area"].strip()
    elif given["scope_kind"] in queries.SEARCHED:
        scope = queries.find_scope(given["scope_kind"], given["organization"].strip())
    deputy_for = None
    if given["deputy_for"].strip():
        deputy_for = queries.find_account(given["deputy_for"])
        if deputy_for is None:
            raise Refused([refusal("GRANT", "deputy", "deputy_for")])
    grants.give(
        user=user,
        role=given["role"],
        scope_kind=given["scope_kind"],
        scope_id=scope,
        valid_from=given["valid_from"],
        valid_to=given["valid_to"],
        deputy_for=deputy_for,
        by=request.user,  # type: ignore[arg-type]
        at=clock.now(),
    )


def _page(request: HttpRequest, user: User, form: GrantForm, told: list[Finding]) -> HttpResponse:
    table = access.roles()
    waiting = [(_(entry.title), entry.count(user)) for entry in registries.handovers.values()]
    rows = list(queries.open_grants(user, clock.today()))
    labels = queries.scope_labels(rows)
    return render(
        request,
        "core/grant_account.html",
        {
            "open_work": [(word, n) for word, n in waiting if n],
            "title": user.display_name,
            "crumbs": [(_("授权"), reverse("core:grant_list"))],
            "account": user,
            "office": OFFICE_TITLES.get(user.office, ""),  # type: ignore[call-overload]
            "offices": list(OFFICE_TITLES.items()),
            "has_totp": queries.has_totp(user),
            "grants": [
                (
                    g,
                    _(table[g.role].title) if g.role in table else g.role,
                    labels.get((g.scope_kind, g.scope_id), g.scope_id),
                )
                for g in rows
            ],
            "fields": describe(form, told),
            "problems": problems(form, told),
            "roles": [role for role in table.values() if role.office == Office.NONE],
        },
        status=422 if form.is_bound else 200,
    )


def _did(request: HttpRequest, pk: int, act: Callable[[User], object], done: str) -> HttpResponse:
    """Do one thing with the account, say how it went, and come back to its page."""
    user = get_object_or_404(queries.visible_accounts(request.user), pk=pk)
    try:
        act(user)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:grant_account", pk=pk)


@doors.needs(Permission.GRANT_MANAGE)
@require_POST
def end(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """Take a role back."""
    row = get_object_or_404(Grant, pk=grant, user=pk)
    return _did(request, pk, lambda _user: grants.end(grant=row, by=request.user, at=clock.now()), _("已收回。"))  # type: ignore[arg-type]


@doors.needs(Permission.GRANT_MANAGE)
@require_POST
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Appoint one of the three administrators."""
    wished = request.POST.get("office", "")
    if wished not in {str(office) for office in OFFICE_TITLES}:
        return HttpResponse(status=400)
    return _did(
        request,
        pk,
        lambda user: grants.appoint(user=user, office=Office(wished), by=request.user, at=clock.now()),  # type: ignore[arg-type]
        _("已任命。"),
    )


@doors.needs(Permission.GRANT_MANAGE)
@require_POST
def relieve(request: HttpRequest, pk: int) -> HttpResponse:
    """Relieve an administrator."""
    return _did(request, pk, lambda user: grants.relieve(user=user, by=request.user, at=clock.now()), _("已免去岗位。"))  # type: ignore[arg-type]


@doors.needs(Permission.GRANT_MANAGE)
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand all business roles over to another account."""
    to = queries.find_account(request.POST.get("to", ""))
    if to is None:
        messages.error(request, _("没有这个登录名。"))
        return redirect("core:grant_account", pk=pk)
    return _did(
        request,
        pk,
        lambda user: grants.hand_over(user=user, to=to, by=request.user, at=clock.now()),  # type: ignore[arg-type]
        _("已交接。"),
    )


@doors.needs(Permission.GRANT_MANAGE)
@require_POST
def factor_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second factor off an account whose phone is lost."""
    return _did(
        request,
        pk,
        lambda user: factors.reset_second_factor(user=user, by=request.user, at=clock.now()),  # type: ignore[arg-type]
        _("已停用该账号的动态口令。"),
    )
