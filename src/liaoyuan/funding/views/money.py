"""Money and quotas of a round."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import pools as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import rounds as forms
from liaoyuan.funding.models import Pool, Round
from liaoyuan.funding.views import rounds, small
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def pool_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a pool."""
    return _pool(request, rounds.run_by(request, pk), None)


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def pool_change(request: HttpRequest, key: int) -> HttpResponse:
    """Change a pool."""
    pool = get_object_or_404(Pool.objects.visible_to(request.user), pk=key)
    return _pool(request, rounds.run_by(request, pool.round_id), pool)


def _pool(request: HttpRequest, row: Round, pool: Pool | None) -> HttpResponse:
    names = ("source", "title", "ceiling_fen", "document")
    form = forms.PoolForm(
        small.posted(request), initial={name: getattr(pool, name) for name in names} if pool is not None else {}
    )
    if pool is not None:
        del form.fields["title"]

    def write() -> Pool:
        told = {"title": pool.title if pool is not None else "", **form.cleaned_data}
        return actions.set_pool(round_=row, **told, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("资金池"), form, write, name=pool.title if pool is not None else row.title, back=small.there(row),
        steps=((row.title, small.there(row)),), note=_("签约时从资金池里扣；总额不能低于已签约的金额。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def pool_drop(request: HttpRequest, key: int) -> HttpResponse:
    """Take a pool away before the round is opened."""
    pool = get_object_or_404(Pool.objects.visible_to(request.user), pk=key)
    row = rounds.run_by(request, pool.round_id)
    try:
        actions.drop_pool(pool=pool, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, "；".join(finding.text for finding in refused.findings))
    else:
        messages.success(request, _("已删除资金池。"))
    return redirect(small.there(row))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def quotas(request: HttpRequest, pk: int) -> HttpResponse:
    """All quotas of a round in one table."""
    row = rounds.run_by(request, pk)
    names = ("kind", "value", "least", "most", "most_fen")
    initial = [{name: getattr(line, name) for name in names} for line in row.quotas.all()]
    lines = forms.QuotaLines(small.posted(request), initial=initial, prefix="line")
    told: list[Finding] = []
    if lines.is_bound and lines.is_valid():
        given: list[dict[str, Any]] = [line.cleaned_data for line in lines if line.cleaned_data.get("kind")]
        try:
            actions.set_quotas(round_=row, lines=given, by=doors.person(request), at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return redirect(small.there(row))
    title = _("名额")
    return render(request, "funding/round_quotas.html", {
        "title": title, "crumbs": small.crumbs((row.title, small.there(row)), (title, "")), "name": row.title,
        "lines": [list(describe(line).values()) for line in lines],
        "problems": [p for line in lines for p in problems(line)] + problems(forms.ReasonForm(), told),
        "back": small.there(row), "management": list(describe(lines.management_form).values()),
    }, status=422 if lines.is_bound else 200)  # fmt: skip
