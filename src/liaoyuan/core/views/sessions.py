"""The doors: login, second factor, logout, own password, TOTP, own profile. Thin over the login library's flows."""

from dataclasses import replace
from typing import Any

import segno
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, sessions, vault
from liaoyuan.core.actions import accounts, factors
from liaoyuan.core.adapters import SecondFactorStage
from liaoyuan.core.forms.accounts import CodeForm, EnrolForm, LoginForm, PasswordForm, PreferencesForm
from liaoyuan.core.params import LOCK, PASSWORD
from liaoyuan.core.queries import accounts as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render


def _safe_next(request: HttpRequest) -> str:
    """The address to go to after login, when it is one of ours."""
    wished = request.POST.get("next") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wished, {request.get_host()}, require_https=request.is_secure())
    return wished if allowed and wished.startswith("/") else ""


def _wrong() -> str:
    """One sentence for a wrong password, an unknown name, a lock and a closed account."""
    return _("登录名或密码不正确，或账号已被锁定。连续 {failures} 次输错将锁定 {minutes} 分钟。").format(**LOCK)


@doors.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The login page. A GET writes nothing, not even a session."""
    if request.user.is_authenticated:
        return redirect(_safe_next(request) or get_adapter(request).get_login_redirect_url(request))
    form = LoginForm(request.POST or None)
    failure = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        at = clock.now()
        try:
            found = get_adapter(request).authenticate(request, username=given["username"], password=given["password"])
        except ValidationError as limited:
            return _login_page(request, form, " ".join(limited.messages), status=429)
        account = accounts.judge_password(username=given["username"], user=found, at=at)
        if account is None:
            failure = _wrong()
        else:
            begun = Login(user=account, redirect_url=_safe_next(request) or None)
            response = perform_password_login(request, {"username": account.username}, begun)
            return _finish(request, response, sessions.PASSWORD_ONLY)
    return _login_page(request, form, failure, status=422 if request.method == "POST" else 200)


def _login_page(request: HttpRequest, form: LoginForm, failure: str, *, status: int) -> HttpResponse:
    idle = bool(request.GET.get("idle")) and request.method != "POST"
    return render(
        request,
        "core/login.html",
        {"title": _("登录"), "fields": describe(form), "failure": failure, "next": _safe_next(request), "idle": idle},
        status=status,
    )


def _finish(request: HttpRequest, response: HttpResponse, factor: str) -> HttpResponse:
    """Mark the session of a login that is complete; one that waits for its second factor goes on unmarked."""
    user: Any = request.user
    if user.is_authenticated:
        request.session[sessions.FACTOR] = factor
        request.session["seen"] = int(clock.real_now().timestamp())
        accounts.note_login(user=user, factor=factor, at=clock.now())
    return response


@doors.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code page between password and session."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    if request.user.is_authenticated or stage is None or stage.login.user is None:
        return redirect("core:login")
    form = CodeForm(request.POST or None)
    failure = ""
    if request.method == "POST" and form.is_valid():
        if factors.check_code(user=stage.login.user, code=form.cleaned_data["code"], at=clock.now()):
            return _finish(request, stage.exit(), sessions.SECOND_FACTOR)
        failure = _("动态口令不正确或已用过，或账号已被锁定。")
    return render(
        request,
        "core/mfa_login.html",
        {"title": _("动态口令"), "fields": describe(form), "failure": failure},
        status=422 if request.method == "POST" else 200,
    )


@doors.login
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Leave."""
    accounts.note_logout(user=request.user, at=clock.now())  # type: ignore[arg-type]
    end_session(request)
    return redirect("core:login")


@doors.login
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; whoever owes a new one sees only this page."""
    user: Any = request.user
    form = PasswordForm(request.POST or None)
    told = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            changed = accounts.change_password(user=user, current=given["current"], new=given["new"], at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("密码已修改，其他设备上的登录已失效。"))
            return redirect("core:profile")
    rule = _(
        "至少 {min_length} 个字符，含大写、小写、数字、其他符号中的至少 {classes} 类；不能用最近 {history} 次的密码。"
    )
    return render(
        request,
        "core/password_change.html",
        {
            "title": _("修改密码"),
            "fields": describe(form, [_at(f) for f in told], rules={"new": rule.format(**PASSWORD)}),
            "problems": problems(form, [_at(f) for f in told]),
            "due": sessions.password_is_due(user),
            "first": user.must_change_password,
            "days": PASSWORD["days"],
        },
        status=422 if form.is_bound else 200,
    )


def _at(finding: Any) -> Any:
    """SEC-01 speaks of the field `password`; on this page it is called `new`."""
    return replace(finding, field="new") if finding.field == "password" else finding


def _token(user: Any, secret: str) -> str:
    """The secret sealed for this account, carried by the page: a GET writes no session."""
    return vault.encrypt(secret, purpose=f"totp-setup:{user.pk}")


@doors.login
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def totp(request: HttpRequest) -> HttpResponse:
    """Switch the second factor on: a QR code, a first code, then the recovery codes, shown once."""
    user: Any = request.user
    if queries.has_totp(user):
        return redirect("core:profile")
    form = EnrolForm(request.POST or None)
    told = []
    secret = ""
    if form.is_bound:
        try:
            secret = vault.decrypt(request.POST.get("token", ""), purpose=f"totp-setup:{user.pk}")
        except vault.VaultError:
            return redirect("core:totp")
    if form.is_bound and form.is_valid():
        try:
            codes = factors.enable_totp(user=user, secret=secret, code=form.cleaned_data["code"], at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            request.session[sessions.FACTOR] = sessions.SECOND_FACTOR
            return render(request, "core/mfa_codes.html", {"title": _("恢复码"), "codes": codes})
    secret = secret or generate_totp_secret()
    address = get_factor_adapter().build_totp_url(user, secret)
    context = {
        "title": _("设置动态口令"),
        "fields": describe(form, told),
        "problems": problems(form, told),
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=4),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "token": _token(user, secret),
        "due": sessions.needs_second_factor(user),
    }
    return render(request, "core/mfa_enrol.html", context, status=422 if form.is_bound else 200)


@doors.login
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """The own account: what one may do, password, second factor, language and text size."""
    return _profile(request)


def _profile(request: HttpRequest, *, told: list | None = None, status: int = 200) -> HttpResponse:
    user: Any = request.user
    today = clock.today()
    grants = list(queries.open_grants(user, today))
    labels = queries.scope_labels(grants)
    table = access.roles()
    lines = [
        (
            _(table[g.role].title) if g.role in table else g.role,
            labels.get((g.scope_kind, g.scope_id), g.scope_id),
            g.valid_from,
            g.valid_to,
            g.deputy_for,
        )
        for g in grants
    ]
    taste = PreferencesForm(initial={"language": user.language or "zh-hans", "large_text": user.large_text})
    context = {
        "title": _("我的账号"),
        "crumbs": [],
        "account": user,
        "grants": lines,
        "has_totp": queries.has_totp(user),
        "must_totp": sessions.needs_second_factor(user),
        "code": describe(CodeForm(), told or [])["code"],
        "told": told or [],
        "taste": describe(taste),
    }
    return render(request, "core/profile_page.html", context, status=status)


@doors.login
@require_POST
def totp_off(request: HttpRequest) -> HttpResponse:
    """Switch the own second factor off."""
    try:
        factors.disable_totp(user=request.user, code=request.POST.get("code", ""), at=clock.now())  # type: ignore[arg-type]
    except Refused as refused:
        return _profile(request, told=refused.findings, status=422)
    messages.success(request, _("动态口令已停用。"))
    return redirect("core:profile")


@doors.login
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes; the new ones are shown once."""
    try:
        codes = factors.new_recovery_codes(user=request.user, code=request.POST.get("code", ""), at=clock.now())  # type: ignore[arg-type]
    except Refused as refused:
        return _profile(request, told=refused.findings, status=422)
    return render(request, "core/mfa_codes.html", {"title": _("恢复码"), "codes": codes})


@doors.login
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language and text size with the account."""
    form = PreferencesForm(request.POST)
    if form.is_valid():
        sessions.remember(request.user, **form.cleaned_data)
    return redirect("core:profile")
