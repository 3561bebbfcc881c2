"""Sheets of indicators (F17): the list, one sheet, a workbook out and in, the examples of the release."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, staging
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.kit.sheets.writing import Column as SheetColumn
from liaoyuan.kit.sheets.writing import write_xlsx
from liaoyuan.registry.actions import rating_rounds as actions
from liaoyuan.registry.choices import KIND_TITLES, Kind, Permission
from liaoyuan.registry.forms import ratings as forms
from liaoyuan.registry.imports import rating_sheets as sheets
from liaoyuan.registry.models import RatingSheet
from liaoyuan.registry.params.rating_sheets import EXAMPLES
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.registry.views.rounds import METHODS, crumb
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def sheet_list(request: HttpRequest) -> HttpResponse:
    """The sheets of indicators; a workbook brings a new one, an example may be adopted."""
    places = queries.places(request.user)
    options = [(area.code, area.name) for area in places]
    posted = request.method == "POST"
    form = forms.SheetForm(request.POST if posted else None, request.FILES if posted else None, areas=options)
    told: list[Finding] = []
    if posted and form.is_valid():
        try:
            made = _entered(request, form, places)
        except Refused as refused:
            told = refused.findings
        except Unreadable as error:
            form.add_error("file", staging.sentence_of(error))
        else:
            messages.success(request, _("已录入指标表。"))
            return redirect("registry:sheet_detail", made.pk)
    rows = RatingSheet.objects.visible_to(request.user).select_related("area")
    state = TableState.from_request(request, SHEET_COLUMNS, default_sort="-valid_from")
    return render(
        request,
        "registry/sheet_list.html",
        {
            "title": _("评估指标表"), "crumbs": [crumb()], "fields": describe(form, told),
            "problems": problems(form, told),
            "table": state.table(rows.order_by(*state.order_by())),
            "examples": [(kind, _(KIND_TITLES[Kind(kind)]), len(lines)) for kind, lines in EXAMPLES.items()],
            "places": options,
        },
        status=422 if posted else 200,
    )  # fmt: skip


SHEET_COLUMNS = (
    Column("title", lazy("名称"), sortable=True, fixed=True, link=link_to("registry:sheet_detail")),
    Column("kind", lazy("类型"), sortable=True, value=lambda sheet: _(KIND_TITLES[Kind(sheet.kind)])),
    Column("area.name", lazy("区划"), kind="short"),
    Column("valid_from", lazy("起用日期"), sortable=True, kind="date"),
    Column("source", lazy("依据")),
)


def _entered(request: HttpRequest, form: forms.SheetForm, places: list[Area]) -> RatingSheet:
    given = form.cleaned_data
    with tempfile.NamedTemporaryFile(prefix="liaoyuan-") as kept:
        for chunk in given["file"].chunks():
            kept.write(chunk)
        kept.flush()
        rows = sheets.read(Path(kept.name))
    return actions.enter_sheet(
        area=next(a for a in places if a.code == given["area"]), kind=given["kind"], title=given["title"],
        valid_from=given["valid_from"], source=given["source"], rows=rows, by=doors.person(request), at=clock.now(),
    )  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Keep an example of the release as a sheet of one's area."""
    area = next((a for a in queries.places(request.user) if a.code == request.POST.get("area")), None)
    kind = request.POST.get("kind", "")
    if area is None or kind not in EXAMPLES:
        messages.error(request, _("请选择类型和区划。"))
        return redirect("registry:sheet_list")
    try:
        made = actions.adopt_example(area=area, kind=kind, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("registry:sheet_list")
    return redirect("registry:sheet_detail", made.pk)


@doors.needs(Permission.VIEW)
@require_safe
def sheet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet of indicators; `xlsx` in the query gives it as a workbook to be changed and brought back."""
    sheet = get_object_or_404(RatingSheet.objects.visible_to(request.user).select_related("area"), pk=pk)
    items = queries.items_of(sheet.pk)
    if "xlsx" in request.GET:
        return _workbook(sheet, items)
    return render(
        request,
        "registry/sheet_detail.html",
        {
            "title": sheet.title, "crumbs": [crumb(), (_("评估指标表"), reverse("registry:sheet_list"))],
            "sheet": sheet,
            "kind": _(KIND_TITLES[Kind(sheet.kind)]), "rows": queries.headed(items),
            "total": rules.written(sum(i.tenths for i in items if not i.bonus)),
            "bonus": rules.written(sum(i.tenths for i in items if i.bonus)),
        },
    )  # fmt: skip


def _workbook(sheet: RatingSheet, items: Sequence[Any]) -> HttpResponse:
    columns = (
        SheetColumn("一级指标", width=16), SheetColumn("二级指标", width=20), SheetColumn("三级指标", width=48),
        SheetColumn("分值", kind="number", width=8), SheetColumn("加分项", width=8, choices=("是", "否")),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "sheet.xlsx"
        write_xlsx(
            path, columns, ((i.first, i.second, i.third, _cell(i.tenths), "是" if i.bonus else "否") for i in items),
            sheet="评估指标",
        )  # fmt: skip
        content = path.read_bytes()
    told = {"Content-Disposition": content_disposition_header(True, f"{sheet.title}.xlsx") or "attachment"}
    return HttpResponse(content, content_type=_XLSX, headers=told)


def _cell(tenths: int) -> int | float:
    whole, rest = divmod(tenths, rules.TENTHS)
    return tenths / rules.TENTHS if rest else whole
