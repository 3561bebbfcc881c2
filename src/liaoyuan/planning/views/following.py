"""按季跟进: how an approved plan is carried out, quarter by quarter, what is late, what goes on."""

import tempfile
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from liaoyuan.core import clock, doors
from liaoyuan.kit.sheets import writing
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.models import Plan
from liaoyuan.planning.queries import following, sight
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.planning.views import plans, small
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, write_rows

QUARTERS = (
    Column("title", lazy("季度"), fixed=True),
    Column("on", lazy("截至"), kind="date"),
    Column("accepted", lazy("采纳"), kind="number"),
    Column("approved", lazy("批复"), kind="number"),
    Column("founded", lazy("成立"), kind="number"),
    Column("refused", lazy("不予批准或撤回"), kind="number"),
    Column("waiting", lazy("季末待批复"), kind="number"),
    Column("unfounded", lazy("季末待成立"), kind="number"),
    Column("covered", lazy("新覆盖组织"), kind="number"),
    Column("instructors", lazy("新派指导员"), kind="number"),
    Column("rate", lazy("组织覆盖率"),
           value=lambda row: f"{following.share(row.live, row.base)}（{row.live}/{row.base}）"),
    Column("reach", lazy("工作覆盖率"),
           value=lambda row: f"{following.share(row.worked, row.base)}（{row.worked}/{row.base}）"),
)  # fmt: skip
LATE = (
    Column("name", lazy("组"), fixed=True, link=lambda row: row.url),
    Column("why", lazy("情况")),
    Column("since", lazy("上一步"), kind="date"),
    Column("state", lazy("办理情况"), kind="verdict"),
    Column("next", lazy("下一步"), link=lambda row: row.url),
)  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> tuple[Plan, Sight]:
    row = small.plan(request, pk)
    if row.approved_at is None:
        raise Http404
    return row, sight.of(request.user, row.scenario.area)


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The quarters since the plan was approved, and what is late with its next step."""
    row, seen = _seen(request, pk)
    today = clock.today()
    told = following.lines(row, seen, today)
    state = TableState.from_request(request, LATE)
    title = _("按季跟进")
    first = following.approval(row)
    return render(request, "planning/plan_follow.html", {
        "title": title, "crumbs": small.steps(row, (title, "")), "row": row, "badge": small.state_words(row),
        "tabs": plans.tabs(row, seen, "planning:plan_follow"), "sight": seen, "first": first,
        "heads": QUARTERS, "rows": write_rows(told, QUARTERS), "late": state.table(following.late(row, seen, today)),
        "older": first is not None and len(told) == following.SHOWN, "most": following.SHOWN,
        "exports": plans.exports(request.user),
    })  # fmt: skip


@doors.needs(Party.EXPORT)
@require_safe
def export(request: HttpRequest, pk: int, form: str) -> FileResponse:
    """All quarters as a sheet."""
    row, seen = _seen(request, pk)
    if form not in ("xlsx", "csv"):
        raise Http404
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / f"quarters.{form}"
        write = writing.write_xlsx if form == "xlsx" else writing.write_csv
        told = following.lines(row, seen, clock.today(), most=None)
        write(path, [writing.Column(head) for head in following.SHEET_TITLES], following.sheet(told))
        name = f"{row.scenario.area.name}编组按季跟进{clock.today().isoformat()}.{form}"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
