"""Invitations: the officers' list and batch, the printed slips, and the page where a body opens its account."""

from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, sessions
from liaoyuan.core.actions import invitations
from liaoyuan.core.choices import Level, Permission
from liaoyuan.core.documents import slips as sheets
from liaoyuan.core.files import sending
from liaoyuan.core.forms.accounts import AcceptForm, InvitationCodeForm
from liaoyuan.core.forms.grants import InvitationQueryForm, InviteAreaForm
from liaoyuan.core.models import Area, Invitation
from liaoyuan.core.params import INVITATION_DAYS, PASSWORD
from liaoyuan.core.queries import accounts as queries
from liaoyuan.kit.files.kinds import MEDIA_TYPES
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState


@doors.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """First the code alone, which says how things stand; then the account. Guessing codes is slowed down by address."""
    if request.method == "POST" and not ratelimit.consume(request, app="allauth.account", action="signup"):
        return HttpResponse(status=429)
    if request.method != "POST" or "username" not in request.POST:
        return _ask_code(request)
    form = AcceptForm(request.POST)
    told: list[Finding] = []
    if form.is_valid():
        given = form.cleaned_data
        try:
            invitations.accept(
                code=given["code"],
                username=given["username"],
                display_name=given["display_name"],
                password=given["password"],
                at=clock.now(),
            )
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("账号已开通，请登录。"))
            return redirect("core:login")
    return _accept_page(request, form, told, status=422)


def _ask_code(request: HttpRequest) -> HttpResponse:
    """The field of the code; an open invitation leads to the form of the account."""
    form = InvitationCodeForm(request.POST or None)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            found = invitations.find(code=form.cleaned_data["code"], at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            opening = AcceptForm(initial={"code": form.cleaned_data["code"]})
            return _accept_page(request, opening, [], label=found.label)
    faulty = bool(form.errors) or any(finding.severity == Severity.BLOCK for finding in told)
    return _accept_page(request, form, told, status=422 if faulty else 200)


def _accept_page(
    request: HttpRequest, form: InvitationCodeForm, told: list[Finding], *, label: str = "", status: int = 200
) -> HttpResponse:
    rule = _("至少 {min_length} 个字符，含大写、小写、数字、其他符号中的至少 {classes} 类").format(**PASSWORD)
    return render(
        request,
        "core/invitation_accept.html",
        {
            "title": _("开通账号"),
            "label": label,
            "fields": describe(form, told, rules={"password": rule}),
            "problems": problems(form, told),
            "notices": [f for f in told if f.severity != Severity.BLOCK],
            "last_step": isinstance(form, AcceptForm),
        },
        status=status,
    )


def _state(row: Invitation) -> tuple[str, str]:
    if row.used_at:
        return "ok", _("已使用")
    if row.revoked_at:
        return "closed", _("已撤回")
    if row.expires_at <= clock.now():
        return "closed", _("已过期")
    return "info", _("未使用")


def _streets(user: Any) -> list[tuple[str, str]]:
    """Streets and towns within the user's reach."""
    allowed = access.reach(user, Permission.INVITE)
    rows = Area.objects.live().filter(level=Level.STREET)
    if not allowed.everything:
        condition = Q(pk__in=[])
        for path in allowed.paths:
            condition |= Q(path__startswith=path)
        rows = rows.filter(condition)
    return list(rows.order_by("code").values_list("code", "name"))


@doors.needs(Permission.INVITE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Invitations within the user's reach."""
    columns = (
        Column("label", _("组织"), sortable=True, fixed=True),
        Column("state", _("状态"), kind="verdict", value=_state),
        Column("created_at", _("发出"), sortable=True, kind="datetime"),
        Column("created_by", _("发出人")),
        Column("expires_at", _("有效至"), kind="datetime"),
        Column("used_at", _("使用"), kind="datetime"),
        Column("used_by.username", _("账号"), value=lambda row: row.used_by.username if row.used_by else ""),
    )
    asked = InvitationQueryForm(request.GET)
    rows = queries.visible_invitations(request.user)
    if asked.is_valid():
        now = clock.now()
        rows = rows.filter(label__icontains=asked.cleaned_data["q"]) if asked.cleaned_data["q"] else rows
        unused = Q(used_at__isnull=True, revoked_at__isnull=True)
        wanted = {
            "open": unused & Q(expires_at__gt=now),
            "used": Q(used_at__isnull=False),
            "gone": Q(revoked_at__isnull=False) | (unused & Q(expires_at__lte=now)),
        }
        if asked.cleaned_data["state"]:
            rows = rows.filter(wanted[asked.cleaned_data["state"]])
    state = TableState.from_request(request, columns, default_sort="-created_at")
    return render(
        request,
        "core/invitation_list.html",
        {
            "title": _("开户邀请"),
            "fields": list(describe(asked).values()),
            "table": state.table(
                rows.order_by(*state.order_by()),
                ops=lambda row: (
                    [(_("撤回"), reverse("core:invitation_revoke", args=[row.pk]))] if _state(row)[0] == "info" else []
                ),
            ),
            "batch": describe(InviteAreaForm(areas=_streets(request.user))),
            "days": INVITATION_DAYS,
        },
    )


@doors.needs(Permission.INVITE)
@require_POST
def batch(request: HttpRequest) -> HttpResponseBase:
    """Invite all organizations of a street; the answer is the sheet of slips, the only place that shows the codes.

    `form` = docx gives a Word sheet, four slips a page, instead of the page.
    """
    form = InviteAreaForm(request.POST, areas=_streets(request.user))
    if not form.is_valid():
        messages.error(request, _("请选择街道（镇）。"))
        return redirect("core:invitation_list")
    area = get_object_or_404(Area, code=form.cleaned_data["area"])
    targets = queries.organizations_in(area.path)
    if not targets:
        messages.info(request, _("这个街道（镇）没有可邀请的组织。"))
        return redirect("core:invitation_list")
    slips = invitations.invite_area(path=area.path, targets=targets, by=request.user, at=clock.now())  # type: ignore[arg-type]
    address = request.build_absolute_uri(reverse("core:invitation_accept"))
    if request.POST.get("form") == "docx":
        demo = "（演示数据）" if sessions.installation().offset is not None else ""
        data = sheets.sheet(slips, area.name, address, clock.now(), demo=demo)
        name = _("开户邀请单") + f"-{area.name}.docx"
        return sending.made(request, data, media_type=MEDIA_TYPES["docx"], name=name)
    return render(
        request,
        "core/invitation_slips.html",
        {"title": _("开户邀请单"), "place": area.name, "slips": slips, "address": address},
    )


@doors.needs(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an unused invitation back."""
    row = get_object_or_404(queries.visible_invitations(request.user), pk=pk)
    if request.method != "POST":
        return render(
            request,
            "core/invitation_revoke.html",
            {"title": _("撤回邀请"), "crumbs": [(_("开户邀请"), reverse("core:invitation_list"))], "invitation": row},
        )
    try:
        invitations.revoke(invitation=row, by=request.user, at=clock.now())  # type: ignore[arg-type]
        messages.success(request, _("邀请已撤回。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:invitation_list")
