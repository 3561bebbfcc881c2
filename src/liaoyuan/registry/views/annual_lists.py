"""The reports of a round as a list: query, export, 催报名单, and what is done to the ticked ones."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, vault, zones
from liaoyuan.core.queries import calendar
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets import writing
from liaoyuan.registry.actions import annual_reports as actions
from liaoyuan.registry.choices import (
    ANNUAL_RESULT_TITLES,
    KIND_TITLES,
    REGISTERED,
    AnnualState,
    Permission,
)
from liaoyuan.registry.forms import annual as forms
from liaoyuan.registry.models import AnnualReport, AnnualRound
from liaoyuan.registry.models.annual import AnnualReportQuerySet
from liaoyuan.registry.params.annual_words import ANNUAL_STATE_TITLES, TRACK_TITLES
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries import annual_late
from liaoyuan.registry.queries.standings import PERSONAL, SECRET
from liaoyuan.registry.views.annual import editable, round_seen
from liaoyuan.ui.forms import describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: So many stand on one printed list.
_MOST = 1000
_QUERY = ("q", "state", "kind", "street", "result", "due")
_MARKS = {
    AnnualState.NONE: "skip", AnnualState.DRAFT: "review", AnnualState.RETURNED: "review",
    AnnualState.CONCLUDED: "closed",
}  # fmt: skip


def state_of(report: AnnualReport) -> tuple[str, str]:
    """Mark and word of a report; a conclusion is told by its own word."""
    if report.result:
        mark = {"qualified": "ok", "exempt": "ok", "basically": "review"}.get(report.result, "reject")
        word = _(ANNUAL_RESULT_TITLES[report.result])
        return mark, _("补报：{result}").format(result=word) if report.makes_up_id else word
    return _MARKS.get(AnnualState(report.state), "ok"), _(ANNUAL_STATE_TITLES[report.state])


def _due(report: AnnualReport) -> str:
    day = queries.next_due(report)
    if day is None:
        return ""
    return day.isoformat() + (_("（已过 {n} 日）").format(n=(clock.today() - day).days) if day < clock.today() else "")


def phone_of(report: AnnualReport) -> str:
    """The masked telephone number of the body."""
    sealed = report.phone  # type: ignore[attr-defined]
    return zones.mask(PERSONAL["phone"], vault.decrypt(sealed, purpose=SECRET["phone"])) if sealed else ""


def _columns() -> tuple[Column, ...]:
    kinds = {str(kind): _(KIND_TITLES[kind]) for kind in REGISTERED}
    return (
        Column("name", _("名称"), sortable=True, fixed=True, link=link_to("registry:annual_report")),
        Column("organization.code", _("信用代码"), kind="short"),
        Column("kind", _("类型"), sortable=True, kind="short", value=lambda row: kinds[row.kind]),
        Column("track", _("种类"), kind="short", default=False, value=lambda row: _(TRACK_TITLES[row.track])),
        Column("street", _("街道"), sortable=True, kind="short"),
        Column("supervisor", _("业务主管单位"), sortable=True),
        Column("phone", _("联系电话"), default=False, value=phone_of),
        Column("filed_on", _("报登记机关"), sortable=True, kind="date"),
        Column("due", _("下一步期限"), kind="short", value=_due),
        Column("state", _("状态"), sortable=True, kind="verdict", value=state_of),
        Column("late", _("补报"), value=annual_late.words_of),
    )


def wish(request: HttpRequest, streets: Sequence[tuple[int, str]]) -> tuple[forms.ReportQueryForm, dict[str, Any]]:
    """The query form of an address, and what it asks of the list; faulty values ask nothing."""
    form = forms.ReportQueryForm(request.GET, streets=streets)
    form.is_valid()
    told = {name: form.cleaned_data.get(name, "") for name in _QUERY}
    due, text = told.pop("due"), told.pop("q")
    asked = {"late": due == "late", "soon": due == "soon", "made_up": due == "made_up"}
    return form, {**told, "text": text, **asked}


def _reports(request: HttpRequest, round_: AnnualRound) -> AnnualReportQuerySet:
    return AnnualReport.objects.filter(round=round_).visible_to(request.user)


def _crumbs(round_: AnnualRound, title: str) -> list[tuple[str, str]]:
    return [
        (_("年检年报"), reverse("registry:annual_list")),
        (_("{year} 年度").format(year=round_.year), reverse("registry:annual_round", args=[round_.pk])),
        (title, ""),
    ]


@doors.needs(Permission.VIEW)
@require_safe
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    """The reports of a round: one page, the exact total, every state in the address."""
    round_ = round_seen(request, pk)
    found = _reports(request, round_)
    form, asked = wish(request, queries.streets_of(found))
    state = TableState.from_request(request, _columns(), default_sort="name", per_page=50)
    rows = queries.asked(found, on=clock.today(), **asked)
    title = _("{year} 年度年报名单").format(year=round_.year)
    may_miss = round_.closed_at is None and not asked["made_up"] and access.has(request.user, Permission.ANNUAL_EDIT)
    return render(
        request,
        "registry/annual_reports.html",
        {
            "title": title,
            "crumbs": _crumbs(round_, _("名单")),
            "round": round_,
            "fields": list(describe(form).values()),
            "hidden": state.query.hidden(*_QUERY),
            "clear": state.query(**dict.fromkeys(_QUERY)),
            "table": state.table(rows.order_by(*state.order_by())),
            "calls": f"{reverse('registry:annual_calls', args=[pk])}{state.query()}",
            "missed": f"{reverse('registry:annual_missed', args=[pk])}{state.query()}" if may_miss else "",
            "export": f"{reverse('registry:annual_export', args=[pk])}{state.query()}",
            "may_export": access.has(request.user, Permission.EXPORT),
            "today": clock.today(),
        },
    )


def chosen(request: HttpRequest, found: AnnualReportQuerySet) -> Any:
    """The ticked reports, or all that fulfil the query of the address."""
    ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 16]
    _form, asked = wish(request, queries.streets_of(found))
    if request.method == "POST" and not request.POST.get("all_matching"):
        asked = {"made_up": None}
        found = found.filter(pk__in=ids)
    return queries.asked(found, on=clock.today(), **asked).order_by("street", "name", "pk")


class Call(NamedTuple):
    """One line of 催报名单."""

    report: AnnualReport
    phone: str
    due: date | None
    provisional: bool
    last_call: str


@doors.needs(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest, pk: int) -> HttpResponse:
    """催报名单: those ticked or asked for that have not handed in; who has complied drops out by itself."""
    round_ = round_seen(request, pk)
    rows = queries.owing(chosen(request, _reports(request, round_)))
    total = rows.count()
    found = list(rows[:_MOST])
    notes = queries.last_calls([row.organization_id for row in found], since=round_.opened_at)
    days = calendar.workdays()
    lines = []
    for row in found:
        due = queries.next_due(row)
        last = notes.get(row.organization_id)
        told = f"{clock.localdate(last[0]).isoformat()} {last[1]}" if last else ""
        lines.append(Call(row, phone_of(row), due, queries.is_provisional(due, days), told))
    return render(
        request,
        "registry/annual_calls.html",
        {
            "title": _("催报名单"),
            "crumbs": _crumbs(round_, _("催报名单")),
            "round": round_,
            "lines": lines,
            "left_out": max(0, total - len(lines)),
            "on": clock.today(),
            "text": _chat_text(round_, lines),
            "may_note": access.has(request.user, Permission.EDIT),
            "back": quote(request.get_full_path()),
        },
    )


def _chat_text(round_: AnnualRound, lines: Sequence[Call]) -> str:
    """For a group chat: names and dates only."""
    told = [_("请下列组织尽快报送 {year} 年度报告：").format(year=round_.year)]
    for place, line in enumerate(lines, 1):
        day = _("（期限 {day}）").format(day=line.due.isoformat()) if line.due else ""
        told.append(f"{place}. {line.report.name}{day}")  # type: ignore[attr-defined]
    return "\n".join(told)


@doors.needs(Permission.ANNUAL_EDIT)
@require_POST
def missed(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticked bodies did not take part: first shown with what follows, then written down (`do=apply`)."""
    round_ = editable(request, pk)
    rows = list(queries.owing(chosen(request, _reports(request, round_).regular()))[: _MOST + 1])
    back = f"{reverse('registry:annual_reports', args=[pk])}?{request.GET.urlencode()}"
    if not 0 < len(rows) <= _MOST:
        messages.warning(request, _("请先勾选没有报到登记机关的组织，一次最多 {n} 家。").format(n=_MOST))
        return redirect(back)
    if request.POST.get("do") == "apply":
        try:
            made = actions.conclude_missed(reports=rows, on=clock.today(), by=doors.person(request), at=clock.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            told = _("已记为未参加 {n} 家，提出建议 {m} 件。").format(n=len(rows), m=len(made))
            messages.success(request, told)
            return redirect("registry:proposal_list")
    return render(
        request,
        "registry/annual_missed.html",
        {
            "title": _("记为未参加"),
            "crumbs": _crumbs(round_, _("记为未参加")),
            "round": round_,
            "rows": [(row, *queries.would_follow(row, round_, clock.today())) for row in rows],
            "action": f"{reverse('registry:annual_missed', args=[pk])}?{request.GET.urlencode()}",
            "back": back,
        },
    )


@doors.needs(Permission.EXPORT)
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as a workbook: the same rows as the page, telephone numbers masked."""
    round_ = round_seen(request, pk)
    found = _reports(request, round_)
    _form, asked = wish(request, queries.streets_of(found))
    rows = queries.asked(found, on=clock.today(), **asked).order_by("street", "name", "pk")
    heads = (_("名称"), _("信用代码"), _("类型"), _("种类"), _("街道"), _("业务主管单位"), _("联系电话"),
             _("报主管单位"), _("初审"), _("报登记机关"), _("状态"), _("结论"), _("补报"))  # fmt: skip

    def cells() -> Iterator[tuple[Any, ...]]:
        for row in rows.iterator(500):
            yield (
                row.name, row.organization.code, _(KIND_TITLES[next(k for k in REGISTERED if k == row.kind)]),
                _(TRACK_TITLES[row.track]), row.street or "", row.supervisor or "", phone_of(row), row.submitted_on,
                row.reviewed_on, row.filed_on, _(ANNUAL_STATE_TITLES[row.state]),
                _(ANNUAL_RESULT_TITLES[row.result]) if row.result else "", annual_late.words_of(row),
            )  # fmt: skip

    name = f"{round_.area.name}{round_.year}年度年检年报{clock.today().isoformat()}.xlsx"
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "annual.xlsx"
        writing.write_xlsx(path, [writing.Column(str(head)) for head in heads], cells(), sheet="年检年报")
        content = path.read_bytes()
    told = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=_XLSX, headers=told)


@doors.needs(Permission.VIEW)
@require_safe
def publicity(request: HttpRequest, pk: int) -> HttpResponse:
    """The publicity list (公示): bodies by conclusion, to be printed and posted; only once it is published."""
    round_ = round_seen(request, pk)
    rows = _reports(request, round_).regular().exclude(result="").with_body().order_by("result", "name", "pk")
    told: dict[str, list[Any]] = {}
    for row in rows if round_.published_at is not None else ():
        told.setdefault(row.result, []).append(row)
    return render(
        request,
        "registry/annual_publicity.html",
        {
            "title": _("{year} 年度年检年报结论公示").format(year=round_.year),
            "crumbs": _crumbs(round_, _("公示")),
            "round": round_,
            "groups": [(_(title), told[code]) for code, title in ANNUAL_RESULT_TITLES.items() if code in told],
        },
    )
