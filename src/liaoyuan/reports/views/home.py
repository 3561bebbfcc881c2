"""What opens first: 待办 for who works, 本月组织生活 for a secretary, figures for who reads, the own file for a body,
the own page for a member, a console for 三员.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.core import access, clock, doors, registries
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.choices import ScopeKind
from liaoyuan.core.queries import due, notices, reminders
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.party.queries import life_due, own
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.queries import due as ends
from liaoyuan.reports.queries import overview as figures
from liaoyuan.reports.queries import party_desk
from liaoyuan.reports.queries.areas import chosen
from liaoyuan.ui import charts
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

#: How far ahead the list of what ends can look, in days.
WINDOWS = (30, 90, 180)
_WORK = frozenset({Permission.EDIT, Permission.FILING_EDIT})
#: Whoever leads party building of an area; a street's office does so beside its filings.
_LEADS = frozenset({Party.EDIT, Party.APPROVE})
_READ = frozenset({Permission.VIEW, Permission.STATS})
_SOON = timedelta(days=7)


class DueRow(NamedTuple):
    """One line of the list of what ends, as its table shows it."""

    pk: int
    name: str
    kind: str
    last: Any


COLUMNS = (
    Column("name", gettext_lazy("名称"), fixed=True, link=link_to("registry:organization_detail")),
    Column("kind", gettext_lazy("事项"), fixed=True),
    Column("last", gettext_lazy("到期日"), fixed=True, kind="date"),
)


@doors.login
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page of the role; whoever has another one is sent there."""
    held = access.permissions_of(request.user)
    table = access.roles()
    homes = [table[grant.role].home for grant in access.grants_of(request.user)]
    if homes and "/" not in homes:
        return redirect(homes[0])
    if Party.STATS in held and held & _LEADS:
        return _party(request)
    if held & _WORK:
        return _desk(request)
    if Party.LIFE_EDIT in held and life_due.mine(request.user):
        return redirect("party:life_home")
    if held & _READ:
        return _overview(request)
    if Party.VISIT in held:
        return redirect("party:instructor_own")
    if Permission.OWN_VIEW in held:
        return redirect("registry:organization_own")
    if not held and own.members_of(request.user):
        return redirect("party:me")
    return render(request, "reports/home_none.html", {"title": _("首页")})


def _desk(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    waiting = _todo(request)
    found = ends.ends(request.user, today, WINDOWS[-1])
    month = today.replace(day=1) - timedelta(days=1)
    return render(request, "reports/home_desk.html", {
        "title": _("工作台"), "todo": waiting, "today": today, "soon": today + _SOON, "windows": WINDOWS,
        "news": notices.unread_first(request.user, today),
        "ahead": _ahead(found, today), "month": month, "stats": access.has(request.user, Permission.STATS),
        "imports": access.any_of(request.user, (Permission.IMPORT, Permission.FILING_EDIT)),
    })  # fmt: skip


def _party(request: HttpRequest) -> HttpResponse:
    """Party building of the user's own area first; a street's filings that end stand beneath."""
    today, area = clock.today(), party_desk.area_of(request.user)
    if area is None:  # who approves for one committee has no figures of an area
        return redirect("reports:todo")
    waiting = _todo(request)
    works = bool(access.permissions_of(request.user) & _WORK)
    return render(request, "reports/home_party.html", {
        "title": _("党建工作台"), "area": area, "today": today, "soon": today + _SOON, "todo": waiting,
        "news": notices.unread_first(request.user, today), "cards": party_desk.cards(area, today),
        "waiting": party_desk.waiting(request.user, today), "windows": WINDOWS,
        "ahead": _ahead(ends.ends(request.user, today, WINDOWS[-1]), today) if works else [],
        "visits": access.has(request.user, Party.VISIT), "files": access.has(request.user, Permission.FILING_EDIT),
        "imports": access.any_of(request.user, (Permission.IMPORT, Party.IMPORT)),
    })  # fmt: skip


def _todo(request: HttpRequest) -> due.Todo:
    waiting = due.todo(request.user, clock.today())
    due.remember(request, waiting.total)
    return waiting


def _ahead(found: Sequence[ends.End], today: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """For each kind its counts within the windows, each with the address of its list."""
    lines = []
    for kind, title in ends.TITLES.items():
        of_kind = [end for end in found if end.kind == kind]
        if not of_kind:
            continue
        cells = []
        for days in WINDOWS:
            count = sum(end.last <= today + timedelta(days=days) for end in of_kind)
            cells.append((count, f"{reverse('reports:todo')}?{urlencode({'kind': kind, 'days': days})}#ends"))
        lines.append((_(title), cells))
    return lines


def _overview(request: HttpRequest) -> HttpResponse:
    area = chosen(request.user, request.GET.get("area", ""))
    waiting = _todo(request)
    if area is None and any(grant.scope_kind == ScopeKind.PARTY for grant in access.grants_of(request.user)):
        return redirect("reports:todo")
    if area is None:
        return render(request, "reports/home_none.html", {"title": _("首页")})
    today = clock.today()
    told = figures.overview(area, today)
    opens = access.has(request.user, Permission.VIEW)
    return render(request, "reports/home_overview.html", {
        "title": _("社会组织概况"), "news": notices.unread_first(request.user, today),
        "area": area, "today": today, "soon": today + _SOON, "todo": waiting,
        "cards": [
            (_(f.label), f.count, _("家"), f.href(told.base) if opens else "", _(f.note) if f.note else "")
            for f in told.figures
        ],
        "streets": charts.Chart(
            "bar", _("各街道社会组织"), [name for name, _r, _f in told.streets],
            {_("登记"): [r for _n, r, _f in told.streets], _("备案"): [f for _n, _r, f in told.streets]},
            unit=_("家"), axis=_("街道"), stacked=True,
            links=[told.street_href(name) for name, _r, _f in told.streets] if opens else (),
        ),
        "fields": charts.Chart(
            "bar", _("登记的组织按领域"), [_(title) for _code, title, _n in told.fields],
            {_("登记"): [n for _code, _title, n in told.fields]}, unit=_("家"), axis=_("领域"), horizontal=True,
            links=[
                figures.Figure(title, n, {"group": "registered", "district_field": code}).href(told.base)
                for code, title, n in told.fields
            ] if opens else (),
        ),
    })  # fmt: skip


@doors.login
@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """待办, at most twenty lines, and beneath it everything that ends within half a year."""
    today = clock.today()
    asked = request.GET.get("kind", "")
    kind = asked if asked in ends.TITLES else ""
    days = next((n for n in WINDOWS if str(n) == request.GET.get("days")), WINDOWS[0])
    within = ends.ends(request.user, today, days) if access.permissions_of(request.user) & _WORK else []
    rows = [
        DueRow(end.organization, end.name, f"{end.detail} {_(ends.TITLES[end.kind])}".strip(), end.last)
        for end in within
        if not kind or end.kind == kind
    ]
    state = TableState.from_request(request, COLUMNS)
    return render(request, "reports/todo.html", {
        "title": _("待办"), "todo": _todo(request), "today": today, "soon": today + _SOON, "days": days,
        "ends": state.table(rows) if rows else None, "works": bool(access.permissions_of(request.user) & _WORK),
        "remind": _source(request, kind), "reminds": access.has(request.user, Core.REMIND),
        "kinds": [
            (_("全部"), _address("", days), not kind, len(within)),
            *(
                (_(title), _address(code, days), kind == code, sum(end.kind == code for end in within))
                for code, title in ends.TITLES.items()
            ),
        ],
        "spans": [(_("%(n)s 日内") % {"n": n}, _address(kind, n), n == days, None) for n in WINDOWS],
    })  # fmt: skip


def _source(request: HttpRequest, kind: str) -> str:
    """The code of the reminder for a kind of end, if the user may open it."""
    found = registries.reminders.get(f"registry.{kind}")
    opens = found is not None and access.has(request.user, Core.REMIND) and reminders.may(request.user, found)
    return found.code if found is not None and opens else ""


def _address(kind: str, days: int) -> str:
    told = {name: str(value) for name, value in (("kind", kind), ("days", days)) if value}
    return f"?{urlencode(told)}#ends"
