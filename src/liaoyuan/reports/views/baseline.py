"""整理清单: findings about the stored register by rule and street, with progress, lines and an export."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.models import Area
from liaoyuan.kit.sheets import writing
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.queries import baseline as queries
from liaoyuan.reports.forms.baseline import BaselineForm
from liaoyuan.reports.queries.areas import chosen
from liaoyuan.reports.queries.statistics import areas_for
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINES = (
    Column("name", gettext_lazy("名称"), fixed=True, link=link_to("registry:organization_detail", "organization")),
    Column("number", gettext_lazy("信用代码或备案号")),
    Column("place", gettext_lazy("所在"), fixed=True),
    Column("title", gettext_lazy("事项"), fixed=True),
    Column("text", gettext_lazy("说明"), fixed=True),
)


def _area(request: HttpRequest) -> tuple[Area, BaselineForm]:
    asked = request.GET.get("area", "")
    area = chosen(request.user, asked)
    if area is None or (asked and area.code != asked):
        raise Http404
    return area, BaselineForm({"area": area.code}, areas=areas_for(request.user))


@doors.needs(Permission.VIEW)
@require_safe
def baseline(request: HttpRequest) -> HttpResponse:
    """The table of rules and streets; every figure opens its lines."""
    area, form = _area(request)
    today = clock.today()
    found = queries.baseline(request.user, area, today)
    sums = queries.totals(found)
    return render(request, "reports/baseline.html", {
        "title": _("整理清单"), "area": area, "today": today, "found": found,
        "form": shown.describe(form), "heads": [title for _key, title in found.columns],
        "rows": [
            (
                code if not code.startswith("DATA-") else "", queries.title_of(code),
                [(found.counts.get((code, key), 0), _lines_of(area, code, key)) for key, _title in found.columns],
                (sums[code], _lines_of(area, code, "")),
            )
            for code in found.codes
        ],
        "totals": [
            (sum(n for (_code, column), n in found.counts.items() if column == key), _lines_of(area, "", key))
            for key, _title in found.columns
        ],
        "whole": (len(found.lines), _lines_of(area, "", "")),
        "export": access.has(request.user, Permission.EXPORT),
    })  # fmt: skip


def _lines_of(area: Area, code: str, column: str) -> str:
    told = {name: value for name, value in (("area", area.code), ("code", code), ("place", column)) if value}
    return f"{reverse('reports:baseline_lines')}?{urlencode(told)}"


def _asked(request: HttpRequest, area: Area) -> tuple[queries.Baseline, str, str, list[dict[str, Any]]]:
    """The baseline, the rule and the place asked for, and their lines with words in place of codes."""
    found = queries.baseline(request.user, area, clock.today())
    code, place = request.GET.get("code", ""), request.GET.get("place", "")
    places = dict(found.columns)
    titles = {known: queries.title_of(known) for known in found.codes}
    lines = [
        {**line._asdict(), "place": places.get(line.column, ""), "title": titles[line.code]}
        for line in queries.drill(found, code=code, column=place)
    ]
    return found, titles.get(code, ""), places.get(place, ""), lines


@doors.needs(Permission.VIEW)
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """The bodies behind a figure, each with a link to its record."""
    area, _form = _area(request)
    _found, title, place, told = _asked(request, area)
    state = TableState.from_request(request, _LINES, per_page=50)
    back = f"{reverse('reports:baseline')}?{urlencode({'area': area.code})}"
    return render(request, "reports/baseline_lines.html", {
        "title": title or _("全部事项"), "place": place or area.name, "table": state.table(told, row_id="organization"),
        "export": access.has(request.user, Permission.EXPORT), "asked": request.GET.urlencode(),
        "crumbs": [(_("整理清单"), back)],
    })  # fmt: skip


@doors.needs(Permission.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The lines as a workbook, to be worked through and sent on."""
    area, _form = _area(request)
    _found, title, place, asked = _asked(request, area)
    columns = [writing.Column(str(name)) for name in (
        _("名称"), _("信用代码或备案号"), _("所在"), _("规则"), _("事项"), _("说明"),
    )]  # fmt: skip

    def rows() -> Iterator[tuple[str, ...]]:
        for line in asked:
            yield line["name"], line["number"], line["place"], line["code"], line["title"], line["text"]

    name = "".join(("整理清单", place or area.name, title, clock.today().isoformat()))
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "baseline.xlsx"
        writing.write_xlsx(path, columns, rows(), sheet="整理清单")
        content = path.read_bytes()
    told = {"Content-Disposition": content_disposition_header(True, f"{name}.xlsx") or "attachment"}
    return HttpResponse(content, content_type=_XLSX, headers=told)
