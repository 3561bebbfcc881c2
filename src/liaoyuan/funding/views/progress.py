"""How all projects of a round run: time, indicators, logs, money, what is overdue; as a list and as a sheet."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.exports import progress as exports
from liaoyuan.funding.forms.progress import ProgressForm
from liaoyuan.funding.models import Round
from liaoyuan.funding.queries import bodies, progress, running, running_due
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.views import small, tabs
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _percent(value: int | None) -> str:
    return "—" if value is None else f"{value}%"


def late_words(one: running.Standing) -> tuple[str, str] | None:
    """Mark and words of what is owed."""
    return ("reject", running_due.named(one)) if one.overdue else None


COLUMNS = (
    Column("project.title", lazy("项目"), fixed=True,
           link=lambda one: reverse("funding:project_running", args=[one.project.pk])),
    Column("project.number", lazy("编号"), kind="short", default=False),
    Column("state", lazy("状态"), kind="verdict", value=lambda one: queries.state_words(one.project)),
    Column("elapsed", lazy("时间过去"), value=lambda one: _percent(one.elapsed), kind="short"),
    Column("rate", lazy("指标完成"), value=lambda one: _percent(one.rate), kind="short"),
    Column("months", lazy("月报"), value=lambda one: f"{one.handed}/{len(one.months)}", kind="short"),
    Column("records", lazy("工作记录"), kind="number"),
    Column("served", lazy("服务人次"), kind="number", default=False),
    Column("last_on", lazy("最近的记录"), kind="date"),
    Column("spent", lazy("资金支出"), value=lambda one: _percent(one.spent_percent), kind="short"),
    Column("spent_fen", lazy("资助资金支出（元）"), kind="yuan", default=False),
    Column("late", lazy("逾期"), kind="verdict", value=late_words),
)  # fmt: skip


def _told(request: HttpRequest, row: Round, on: date) -> tuple[forms.Form, list[running.Standing]]:
    form = ProgressForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    return form, progress.of_round(
        row, on, q=told.get("q") or "", state=told.get("state") or "", late=bool(told.get("late")),
        order=told.get("order") or "",
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def of_round(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, with the sums above it."""
    row, today = small.seen(request, pk), clock.today()
    form, found = _told(request, row, today)
    state = TableState.from_request(request, COLUMNS)
    title = _("实施")
    return render(request, "funding/round_running.html", {
        "title": row.title, "crumbs": small.crumbs((row.title, small.there(row))), "round": row,
        "heading": title, "table": state.table(found, row_id=lambda one: one.project.pk),
        "fields": list(describe(form).values()), "chips": chips(form, state.query),
        "hidden": state.query.hidden(*form.fields), "clear": state.query(**dict.fromkeys(form.fields)),
        "cards": _cards(found), "file": f"{reverse('funding:round_running_file', args=[pk])}{state.query()}",
        **tabs.of_round(request, row, "running"),
    })  # fmt: skip


def _cards(found: list[running.Standing]) -> list[tuple[str, Any, str, str, str]]:
    agreed, spent = sum(one.agreed_fen for one in found), sum(one.spent_fen for one in found)
    return [
        (_("项目"), len(found), _("个"), "", ""),
        (_("服务"), sum(one.served for one in found), _("人次"), "", ""),
        (_("工作记录"), sum(one.records for one in found), _("条"), "", ""),
        (_("资助资金支出"), f"{spent * 100 // agreed}" if agreed else "—", "%" if agreed else "", "", ""),
        (_("有材料逾期"), sum(1 for one in found if one.overdue), _("个"), "", ""),
    ]


@doors.needs(Permission.VIEW)
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same rows as a sheet."""
    row, today = small.seen(request, pk), clock.today()
    _form, found = _told(request, row, today)
    names = bodies.names([one.project.organization_id for one in found])
    lines = [
        (one, names.get(one.project.organization_id, ""), queries.state_words(one.project)[1]) for one in found
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "progress.xlsx"
        exports.write(lines, path=path, on=today)
        content = path.open("rb")
    return FileResponse(content, as_attachment=True, filename=f"{_('项目进展')}.xlsx", content_type=_XLSX)
