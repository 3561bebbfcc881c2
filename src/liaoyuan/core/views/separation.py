"""The separation level: its page, its signature, and the bootstrap account's only page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import access, clock, doors
from liaoyuan.core.actions import separation
from liaoyuan.core.actions.separation import Appointee
from liaoyuan.core.choices import Office, Permission, Separation
from liaoyuan.core.forms.accounts import SetupLevelForm, SetupPeopleForm
from liaoyuan.core.forms.grants import LEVEL_TITLES, LevelForm
from liaoyuan.core.models import SeparationSetting
from liaoyuan.core.queries import accounts as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render


@doors.needs(Permission.SEPARATION_SET, Permission.AUDIT_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The level in force, its history, what is missing; a POST of the security administrator sets a level."""
    today = clock.today()
    level = queries.effective_level(today)
    form = LevelForm(request.POST or None, initial={"level": level})
    told: list[Any] = []
    if request.method == "POST":
        access.require(request.user, Permission.SEPARATION_SET)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = separation.set_level(
                level=Separation(given["level"]),
                valid_from=given["valid_from"] or today,
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已提交，待审计管理员签字后生效。") if made.lowers else _("已设定。"))
            return redirect("core:separation")
    return render(
        request,
        "core/separation_page.html",
        {
            "title": _("职责分离"),
            "level": LEVEL_TITLES[level],
            "history": [(row, LEVEL_TITLES[Separation(row.level)]) for row in queries.separation_history()[:50]],
            "missing": queries.missing_administrators(today),
            "faults": queries.separation_faults(level, today),
            "may_set": access.has(request.user, Permission.SEPARATION_SET),
            "may_sign": getattr(request.user, "office", "") == Office.AUDIT,
            "fields": describe(form, told),
            "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )


@doors.needs(Permission.AUDIT_VIEW)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The audit administrator signs a lowering."""
    setting = get_object_or_404(SeparationSetting, pk=pk)
    try:
        separation.sign_level(setting=setting, by=request.user, at=clock.now())  # type: ignore[arg-type]
        messages.success(request, _("已签字。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:separation")


@doors.login
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The bootstrap account makes the first administrators; then it is closed and logged out."""
    user: Any = request.user
    if not user.is_bootstrap:
        raise PermissionDenied
    level_form = SetupLevelForm(request.POST or None, initial={"level": Separation.SMALL_OFFICE})
    if not (level_form.is_bound and level_form.is_valid()):
        fields = describe(level_form)
        return render(
            request, "core/setup_page.html", {"title": _("初装"), "step": 1, "fields": fields, "problems": []}
        )
    level = Separation(level_form.cleaned_data["level"])
    offices = separation.seats(level)
    form = SetupPeopleForm(request.POST if "people" in request.POST else None, offices=offices)
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        people = {office: Appointee(given[f"{office}_username"], given[f"{office}_name"]) for office in offices}
        try:
            made = separation.set_up(level=level, people=people, by=user, at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            end_session(request)
            return render(request, "core/setup_done.html", {"title": _("初装完成"), "made": made})
    return render(
        request,
        "core/setup_page.html",
        {
            "title": _("初装"),
            "step": 2,
            "level": level,
            "level_title": LEVEL_TITLES[level],
            "fields": describe(form, told),
            "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )
