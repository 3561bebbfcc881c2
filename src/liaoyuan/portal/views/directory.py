"""The public directory, its figures, and what search engines may read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core import clock
from liaoyuan.portal.forms.directory import DirectoryForm
from liaoyuan.portal.queries import directory as queries
from liaoyuan.portal.views.frame import public_page, show, tastes
from liaoyuan.registry.choices import FIELD_TITLES, KIND_TITLES, REGISTERED, Kind
from liaoyuan.ui import charts
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pager import Query
from liaoyuan.ui.tables import Column, TableState, link_to

_ASKED = ("q", "kind", "street", "field")


def _columns(carried: str) -> tuple[Column, ...]:
    there = link_to("portal:organization")
    return (
        Column("name", gettext_lazy("名称"), fixed=True, link=lambda line: there(line) + carried),
        Column("number", gettext_lazy("信用代码或备案号")),
        Column("kind", gettext_lazy("类型"), value=lambda line: _(KIND_TITLES[line.kind])),
        Column("street", gettext_lazy("街道（镇）")),
        Column("field", gettext_lazy("行业"), value=lambda line: _(FIELD_TITLES.get(line.field, ""))
               if line.field else ""),
        Column("rating", gettext_lazy("评估等级")),
        Column("registered_on", gettext_lazy("成立日期")),
    )  # fmt: skip


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Live organizations of the district, looked up by name, code, pinyin or initials, type, street and field."""
    today = clock.today()
    form = DirectoryForm(request.GET, streets=queries.streets(today))
    form.full_clean()
    asked = queries.Asked(**{name: form.cleaned_data.get(name, "") for name in _ASKED})
    query = Query(request)
    state = TableState.from_request(request, _columns(tastes(query)))
    any_asked = asked != queries.Asked()
    fields = describe(form)
    return show(request, "portal/directory.html", {
        "title": _("社会组织名录"),
        "fields": list(fields.values()),
        "chips": chips(form, query),
        "hidden": query.hidden(*_ASKED),
        "clear": query(**dict.fromkeys(_ASKED)),
        "table": state.table(queries.Directory(asked, today)),
        "cards": [] if any_asked else _cards(queries.by_kind(today), query),
        "any_asked": any_asked,
        "today": today,
    })  # fmt: skip


def _cards(counts: dict[str, int], query: Query, base: str = "") -> list[tuple[str, int, str, str, str]]:
    """Figures in a row, each leading to its organizations."""
    registered = sum(counts.get(kind, 0) for kind in REGISTERED)
    told = [(_("登记的组织"), registered, _("家"), "", "")]
    told += [
        (_(KIND_TITLES[kind]), counts[kind], _("家"), base + query(kind=str(kind)), "")
        for kind in (*REGISTERED, Kind.BA, Kind.NB)
        if counts.get(kind)
    ]
    return told


@public_page
def figures(request: HttpRequest) -> HttpResponse:
    """Figures of the directory by street and field, each leading to its organizations."""
    today = clock.today()
    query = Query(request)
    base = reverse("portal:directory")
    streets, fields = queries.by_street(today), queries.by_field(today)
    named = [row._replace(name=_(FIELD_TITLES[row.code])) for row in fields if row.code]
    return show(request, "portal/figures.html", {
        "title": _("社会组织数据"),
        "today": today,
        "cards": _cards(queries.by_kind(today), query, base),
        "streets": [(row, base + query(street=row.code) if row.code else "") for row in streets],
        "unknown": next((row.total for row in fields if not row.code), 0),
        "chart": _chart(named, [base + query(field=row.code) for row in named]),
    })  # fmt: skip


def _chart(rows: list[queries.Counts], links: list[str]) -> charts.Chart:
    series: dict[str, list[Any]] = {
        _("登记"): [row.registered for row in rows],
        _("备案"): [row.filed for row in rows],
    }
    return charts.Chart(
        "bar", _("各行业的社会组织"), [row.name for row in rows], series, unit=_("家"), axis=_("行业"), stacked=True,
        horizontal=True, links=links,
    )  # fmt: skip


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the directory, and nothing else."""
    text = "User-agent: *\nAllow: /directory/\nAllow: /static/\nDisallow: /\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
