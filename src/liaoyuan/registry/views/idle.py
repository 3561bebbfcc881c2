"""长期无活动: what the monthly check found, and the officer's answer for the ticked ones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import idle as actions
from liaoyuan.registry.choices import IDLE_ANSWER_TITLES, KIND_TITLES, IdleAnswer, Kind, Permission
from liaoyuan.registry.forms.idle import IdleQueryForm
from liaoyuan.registry.models import IdleFinding
from liaoyuan.registry.queries import idle as queries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

_MARKS = {"": "review", IdleAnswer.ACTIVE: "ok", IdleAnswer.IDLE: "reject"}


def _answer(row: IdleFinding) -> tuple[str, str]:
    word = _(IDLE_ANSWER_TITLES[IdleAnswer(row.answer)]) if row.answer else _("待核实")
    return _MARKS[row.answer], word


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Bodies without a trace of activity for a year; without a wish those that wait."""
    asked = IdleQueryForm(request.GET)
    given = asked.cleaned_data if asked.is_valid() else {}
    columns = (
        Column("name", _("名称"), sortable=True, fixed=True,
               link=lambda row: reverse("registry:organization_detail", args=[row.organization_id])),
        Column("kind", _("类型"), sortable=True, value=lambda row: _(KIND_TITLES[Kind(row.kind)])),
        Column("street", _("街道"), sortable=True),
        Column("last_on", _("最近活动"), sortable=True, kind="date"),
        Column("found_on", _("发现日期"), sortable=True, kind="date"),
        Column("answer", _("核实结果"), kind="verdict", value=_answer),
        Column("note", _("核实情况"), default=False),
        Column("answered_by", _("核实人"), default=False),
    )  # fmt: skip
    state = TableState.from_request(request, columns, default_sort="last_on", per_page=50)
    rows = queries.asked(request.user, state=given.get("state", ""), text=given.get("q", ""))
    return render(
        request,
        "registry/idle_list.html",
        {
            "title": _("长期无活动"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, Query(request)),
            "hidden": state.query.hidden("q", "state"),
            "table": state.table(rows.order_by(*state.order_by())),
            "answers": [(str(code), _(title)) for code, title in IDLE_ANSWER_TITLES.items()],
            "may_answer": access.has(request.user, Permission.EDIT) and given.get("state", "") == "",
        },
    )


@doors.needs(Permission.EDIT)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Answer the ticked ones; `do` is the answer."""
    ids = [int(pk) for pk in request.POST.getlist("ids")[:500] if pk.isascii() and pk.isdigit() and len(pk) < 16]
    word = request.POST.get("do", "")
    if word not in {str(code) for code in IdleAnswer}:
        return HttpResponse(status=400)
    seen = list(IdleFinding.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True))
    try:
        count = actions.answer(
            ids=seen,
            answer=IdleAnswer(word),
            note=request.POST.get("note", ""),
            by=doors.person(request),
            at=clock.now(),
        )
        messages.success(request, _("已记下 {n} 家的核实结果。").format(n=count))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:idle_list")
