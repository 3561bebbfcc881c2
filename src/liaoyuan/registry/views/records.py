"""One organization: facts on any day as known at any moment, timeline, history, ratings, credit; values unmasked."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors, policy, registries, zones
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.kit.dates import parse_date
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import secrets
from liaoyuan.registry.choices import (
    ANNUAL_RESULT_TITLES,
    CONFIRMATION_TITLES,
    CREDIT_TITLES,
    HONOUR_LEVEL_TITLES,
    LIVE,
    Kind,
    Permission,
)
from liaoyuan.registry.models import BEGINNING, OPEN, Organization
from liaoyuan.registry.queries import annual_late, charity, merging, papers
from liaoyuan.registry.queries import record as queries
from liaoyuan.registry.queries.matching import until
from liaoyuan.registry.queries.standings import PERSONAL, SECRET
from liaoyuan.ui.pages import render

_SEEN = (Permission.VIEW, Permission.OWN_VIEW)
_LINES = 30


def seen_by(user: Any, pk: int) -> Organization:
    """The organization, if the user may see it; else 404, as if there were none."""
    return get_object_or_404(Organization.objects.visible_to(user).select_related("predecessor"), pk=pk)


def may_write(user: Any, organization: Organization, kind: str) -> bool:
    """Whether the user may change its facts."""
    permission = Permission.FILING_EDIT if kind == Kind.BA else Permission.EDIT
    return access.covers(user, permission, organization, write=True)


def _day(request: HttpRequest, name: str, wrong: list[str]) -> date | None:
    given = request.GET.get(name, "")[:20]
    if not given:
        return None
    read = parse_date(given)
    if read.value is None or read.code or len(read.value) != 10:
        wrong.append(_("“{given}”不是明确的日期，请写成 2018-10-26 的样子。").format(given=given))
        return None
    return date.fromisoformat(read.value)


@doors.needs(*_SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The record page. `as_of` = on which day, `known_at` = as recorded by the end of which day, `tab`, `before`."""
    try:
        organization = seen_by(request.user, pk)
    except Http404:
        into = merging.successor(pk)
        if into is None:
            raise
        seen_by(request.user, into)
        messages.info(request, _("这条记录已并入本组织。"))
        return redirect("registry:organization_detail", pk=into)
    return _page(request, organization, {})


def _page(request: HttpRequest, organization: Organization, clear: dict[str, str], **more: Any) -> HttpResponse:
    wrong: list[str] = []
    today = clock.today()
    on = _day(request, "as_of", wrong) or today
    known_on = _day(request, "known_at", wrong)
    known_at = datetime.combine(known_on, time.max, tzinfo=clock.SHANGHAI) if known_on else None
    record = queries.read(organization, on, known_at=known_at)
    if record is None and known_on is not None:
        wrong.append(_("到 {day} 为止还没有录入这个组织，以下是现在的记录。").format(day=known_on.isoformat()))
        known_on, record = None, queries.read(organization, on)
    if record is None:
        raise Http404
    user = request.user
    write = may_write(user, organization, record.standing.kind)
    tabs = _tabs(request, organization.pk)
    tab = next((code for code, _title, _url in tabs if code == request.GET.get("tab")), "timeline")
    return render(
        request,
        "registry/organization_detail.html",
        {
            "title": record.standing.name,
            "crumbs": _crumbs(user, record.standing.name),
            "organization": organization,
            "record": record,
            "on": on,
            "today": today,
            "known_on": known_on,
            "wrong": wrong,
            "badges": queries.badges(record),
            "groups": queries.groups(record),
            "clear": clear,
            "revealable": _revealable(user, organization),
            "judged": queries.judged(record),
            "relatives": queries.relatives(organization, user),
            "rating_until": _last(record.rating.valid_to) if record.rating else "",
            "credit_titles": CREDIT_TITLES,
            "write": write,
            "may_list": access.covers(user, Permission.CREDIT_EDIT, organization, write=True),
            "live": record.rows[-1].status in {str(s) for s in LIVE},
            "filed": record.standing.kind == Kind.BA,
            "tab": tab,
            "tabs": [
                (title, _tab_href(request, organization.pk, code), code == tab, None) for code, title, _url in tabs
            ],
            "panel_url": next((url for code, _title, url in tabs if code == tab), ""),
            **_tab(request, record, tab),
            **more,
        },
    )


def _crumbs(user: Any, name: str) -> list[tuple[str, str]]:
    first = [(_("社会组织"), reverse("registry:organization_list"))] if access.has(user, Permission.VIEW) else []
    return [*first, (name, "")]


def _revealable(user: Any, organization: Organization) -> set[str]:
    """Which masked fields the user may have shown."""
    shown = set(SECRET) - zones.refused(settings.ZONE, PERSONAL, zones.Op.SHOW)
    if access.covers(user, Core.REVEAL, organization, write=True):
        return shown
    return {"phone"} if organization.pk in access.reach(user, Permission.OWN_VIEW).organizations else set()


def _tabs(request: HttpRequest, pk: int) -> list[tuple[str, str, str]]:
    """(code, title, address of a panel of another floor or "")."""
    own = [("timeline", _("大事记")), ("history", _("登记沿革")), ("awards", _("评估与荣誉"))]
    own.append(("credit", _("信用与年检")))
    told = [(code, title, "") for code, title in own]
    for panel in registries.panels.get("organization", []):
        if access.any_of(request.user, panel.permission.split("|")):
            told.append((panel.code, _(panel.title), reverse(panel.url_name, args=[*panel.before, pk])))
    return told


def _tab_href(request: HttpRequest, pk: int, code: str) -> str:
    base = reverse("registry:organization_detail", args=[pk])
    kept = request.GET.copy()
    for name in ("before", "tab"):
        kept.pop(name, None)
    if code != "timeline":
        kept["tab"] = code
    return f"{base}{'?' if kept else ''}{kept.urlencode()}#tab"


def _tab(request: HttpRequest, record: queries.Record, tab: str) -> dict[str, Any]:
    """What the tab shows."""
    if tab == "timeline":
        before = request.GET.get("before", "")[:80]
        also = merging.absorbed(record.organization.pk)
        try:
            entries = timeline("organization", record.organization.pk, request.user, _LINES, before, also)
        except ValueError:
            before, entries = "", timeline("organization", record.organization.pk, request.user, _LINES, also=also)
        return {"entries": entries, "more": entries[-1].cursor if len(entries) == _LINES else "", "before": before}
    if tab == "history":
        return {"history": queries.history(record)}
    if tab == "awards":
        evidence = papers.evidence(record.ratings, record.honours)
        beside = charity.beside(record.organization)
        return {"last": _last, "first": _first, "honour_levels": HONOUR_LEVEL_TITLES, "evidence": evidence,
                "may_weigh": access.has(request.user, Permission.RATING_MANAGE), "vias": CONFIRMATION_TITLES,
                **beside}  # fmt: skip
    late = annual_late.by_year(record.organization.pk, record.known_at) if tab == "credit" else {}
    return {"last": _last, "first": _first, "result_titles": ANNUAL_RESULT_TITLES, "late": late}


def _first(day: date) -> str:
    """The first day of a period as text; empty where the beginning is open."""
    return "" if day == BEGINNING else day.isoformat()


def _last(exclusive: date) -> str:
    """The last day of a period as text; empty when it is open."""
    return "" if exclusive == OPEN else until(exclusive)


@doors.needs(*_SEEN)
@require_POST
def reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Show a masked value for a reason; the value stands in this answer only."""
    organization = seen_by(request.user, pk)
    if field not in ("phone", "representative_id") or not zones.allowed(settings.ZONE, PERSONAL[field], zones.Op.SHOW):
        raise Http404
    try:
        value = secrets.reveal(
            organization=organization,
            field=field,
            reason=request.POST.get("reason", ""),
            by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )
    except Refused as refused:
        return _page(request, organization, {}, refused=str(refused))
    if zones.FIELDS[PERSONAL[field]].cls is not zones.Class.C4:
        return _page(request, organization, {field: value})
    seconds = policy.limits(clock.today(), policy.chain("national"))["privacy.reveal_seconds"]
    response = _page(request, organization, {field: value}, shown_for=seconds)
    response["Refresh"] = f"{seconds}; url={reverse('registry:organization_detail', args=[pk])}"
    response["Cache-Control"] = "private, no-store, max-age=0"
    return response


@doors.needs(Permission.OWN_VIEW)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The file of one's own organization; with several of them a choice."""
    keys = access.reach(request.user, Permission.OWN_VIEW).organizations
    rows = list(Organization.objects.visible_to(request.user).filter(pk__in=keys).order_by("pk")[:100])
    if len(rows) == 1:
        return redirect("registry:organization_detail", rows[0].pk)
    names = [(row.pk, record.standing.name) for row in rows if (record := queries.read(row, clock.today()))]
    return render(request, "registry/organization_own.html", {"title": _("本组织"), "names": names})
