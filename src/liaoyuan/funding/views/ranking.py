"""The ranking of a round: made, kept with its code, read line by line, taken along as a workbook."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import ranking as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.exports import ranking as exports
from liaoyuan.funding.models import Ranking, RankingLine, Round
from liaoyuan.funding.queries import ranking as queries
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.queries.narrow import Narrow
from liaoyuan.funding.rules.shares import number
from liaoyuan.funding.views import small, tabs
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

SEEN = (Permission.EDIT, Permission.CONFIRM)


def _totals(row: RankingLine) -> Markup:
    marked = queries.marked(row.totals, row.dropped)
    return Markup(" · ").join(Markup("<del>{}</del>").format(text) if out else text for text, out in marked)


def _outcome(row: RankingLine) -> tuple[str, str]:
    return ("closed", _("没有达到")) if row.outcome == ReviewOutcome.REFUSED else ("ok", _("达到"))


COLUMNS = (
    Column("project.title", lazy("项目"), link=link_to("funding:project_detail", "project_id"), fixed=True),
    Column("place", lazy("名次"), sortable=True, kind="short", fixed=True),
    Column("project.number", lazy("编号"), kind="short"),
    Column("body_name", lazy("申报组织"), default=False),
    Column("totals", lazy("各份总分"), kind="markup", value=_totals),
    Column("mean", lazy("平均分"), sortable=True, kind="short", value=lambda row: number(row.mean)),
    Column("spread", lazy("最大差距"), sortable=True, kind="short", value=lambda row: number(row.spread)),
    Column("parted", lazy("并列")),
    Column("outcome", lazy("最低分"), kind="verdict", value=_outcome),
)  # fmt: skip


def seen(request: HttpRequest, pk: int) -> Round:
    """The round, if the user carries it out or confirms its decisions; 404 and 403 otherwise."""
    row = small.seen(request, pk)
    if not (reading.runs(request.user, row) or reading.confirms(request.user, row)):
        raise PermissionDenied(str(Permission.EDIT))
    return row


def _chosen(request: HttpRequest, kept: list[Ranking]) -> Ranking | None:
    """The ranking asked for by its number, else the one that holds."""
    asked = request.GET.get("n", "")
    return next((one for one in kept if str(one.number) == asked), kept[0] if kept else None)


@doors.needs(*SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The ranking that holds, or an earlier one; which were kept."""
    return _page(request, seen(request, pk))


def _page(request: HttpRequest, row: Round, told: Any = (), status: int = 200) -> HttpResponse:
    kept = queries.kept(request.user, row)
    shown = _chosen(request, kept)
    table, pairs = None, []
    if shown is not None:
        state = TableState.from_request(request, COLUMNS, default_sort="place")
        page = state.page_of(Narrow(queries.lines(shown).order_by(*state.order_by("project__number"))))
        pairs = queries.tied(shown)
        here = {line.project_id for line in page.items}
        parted = queries.parted(shown, [pair for pair in pairs if not here.isdisjoint(pair)])
        for line in page.items:
            line.parted = parted.get(line.project_id, "")
        table = state.table(page)
    return render(request, "funding/round_ranking.html", {
        "title": _("排名"), "crumbs": small.crumbs((row.title, small.there(row)), (_("排名"), "")), "round": row,
        "kept": kept, "shown": shown, "holds": bool(kept) and shown == kept[0], "table": table, "told": told,
        "method": queries.method(shown) if shown is not None else [],
        "ranks": reading.runs(request.user, row) and queries.may_rank(row), "waits": queries.open_stages(row),
        "ties": len({key for pair in pairs for key in pair}),
        **tabs.of_round(request, row, "ranking"),
    }, status=status)  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def rank(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the projects under review into order and keep the order."""
    row = seen(request, pk)
    try:
        made = actions.rank(round_=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已汇总，第 {n} 版。").format(n=made.number))
    return redirect("funding:round_ranking", row.pk)


@doors.needs(*SEEN)
@require_safe
def book(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ranking as a workbook."""
    row = seen(request, pk)
    shown = _chosen(request, queries.kept(request.user, row))
    if shown is None:
        raise Http404
    name = _("评审汇总") + f"-{row.year}-{shown.number}.xlsx"
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "ranking.xlsx"
        exports.write(path, shown)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
