"""Writing an application section by section; what is typed is kept by itself."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.models import Area
from liaoyuan.funding.actions import projects as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.exports import budget as workbooks
from liaoyuan.funding.forms import projects as forms
from liaoyuan.funding.imports import budget as reading
from liaoyuan.funding.models import Need, Project
from liaoyuan.funding.params.application_form import SECTION_TITLES
from liaoyuan.funding.queries import facts, limits
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.rules.budgets import line_amount
from liaoyuan.funding.views import projects as pages
from liaoyuan.funding.views import small
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.kit.sheets.refusal import Unreadable
from liaoyuan.ui import entries
from liaoyuan.ui.forms import Field, describe, problems
from liaoyuan.ui.pages import render

_WRITES = (Permission.OWN_EDIT, Permission.EDIT)
NOTE_TITLES: dict[str, str] = {
    "team": "写姓名和角色；专职的须与本组织签劳动合同、参加社保。投入时间是用在这个项目上的工作时间。",
    "plan": "按时间写每一步做什么、做几次、在哪里、多少人次。",
    "outcomes": "写数得出来的指标，结项时逐项对照。",
    "risks": "可能遇到什么困难，遇到了怎么办。",
    "pledges": "党建融入：承诺做什么，实施时用有日期的工作记录逐项兑现。没有党员的组织可以写为居民服务的内容。",
    "budget": "金额 = 单价 × 数量 × 频次，自动计算；自筹不填就是全部申请资助。",
}


def _writable(request: HttpRequest, pk: int, section: str) -> Project:
    row = pages.seen(request, pk)
    if section not in SECTION_TITLES:
        raise Http404
    if not queries.writes_for(request.user, row):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    return row


class _Section:
    """One section with its form, bound or not: what it shows and how it is saved."""

    def __init__(self, request: HttpRequest, row: Project, section: str, initial: Any = None) -> None:
        self.request, self.row, self.section = request, row, section
        self.lines: Any = None
        self.form: Any = None
        data = small.posted(request) if initial is None else None
        if section in forms.SETS:
            start = queries.lines_of(row, section) if initial is None else initial
            self.lines = forms.SETS[section](data, initial=start, prefix="line", form_kwargs=self._told())
        elif section == "content":
            self.form = forms.TextsForm(data, initial=row.answers)
        else:
            self.form = forms.BasicForm(
                data, initial=_basic(row), fields=small.fields(row.round), areas=queries.places(row.round),
                needs=queries.needs(row.round),
            )  # fmt: skip

    def _told(self) -> dict[str, Any]:
        if self.section != "budget":
            return {}
        return {"members": [(member.pk, member.name) for member in self.row.team.all()]}

    def is_valid(self) -> bool:
        """Whether everything was understood."""
        return bool((self.form if self.form is not None else self.lines).is_valid())

    def save(self) -> Project:
        """Write it by the one action of the section."""
        told: dict[str, Any] = {
            "project": self.row, "version": entries.version(self.request), "by": doors.person(self.request),
            "at": clock.now(),
        }  # fmt: skip
        if self.section == "basic":
            return actions.save_basic(values=_objects(self.form.cleaned_data), **told)
        if self.section == "content":
            return actions.save_texts(values=self.form.cleaned_data, **told)
        lines = [line.cleaned_data for line in self.lines if line.cleaned_data and not line.cleaned_data.get("DELETE")]
        lines = [{name: value for name, value in line.items() if name != "DELETE"} for line in lines]
        if self.section == "team":
            return actions.save_team(lines=lines, **told)
        if self.section == "budget":
            return actions.save_budget(lines=[with_grant(line) for line in lines], **told)
        return actions.save_rows(section=self.section, lines=lines, **told)

    def shown(self) -> list[list[Field]]:
        """The fields, line by line."""
        found = [self.form] if self.form is not None else list(self.lines)
        return [list(describe(one).values()) for one in found]

    def problems(self, told: list[Finding]) -> list[Any]:
        """What keeps the section from being saved."""
        if self.form is not None:
            return list(problems(self.form, told))
        loose = list(problems(forms.ReasonForm(), told))
        return [p for line in self.lines for p in problems(line)] + loose


def _basic(row: Project) -> dict[str, Any]:
    sponsor = row.sponsor
    return {
        "title": row.title, "field": row.field, "area": row.area_id, "need": row.need_id, "starts_on": row.starts_on,
        "ends_on": row.ends_on, "sponsor": (sponsor.code or sponsor.filing_no) if sponsor is not None else "",
    }  # fmt: skip


def _objects(told: dict[str, Any]) -> dict[str, Any]:
    """Choices as the rows that they name."""
    return {
        **told,
        "area": Area.objects.filter(pk=told["area"]).first() if told["area"] else None,
        "need": Need.objects.filter(pk=told["need"]).first() if told["need"] else None,
    }


def with_grant(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the budget with what the grant pays: the amount without the own money."""
    times, own = line.get("times") or 1, line.get("own_fen") or 0
    amount = line_amount(line["price_fen"], line["quantity"], times)
    return {**line, "times": times, "own_fen": min(own, amount), "grant_fen": amount - min(own, amount)}


@doors.needs(*_WRITES)
@require_http_methods(small.METHODS)
def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One section of the form."""
    row = _writable(request, pk, section)
    part = _Section(request, row, section)
    told: list[Finding] = []
    if request.method == "POST" and part.is_valid():
        try:
            part.save()
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return redirect(_onward(request, row, section))
    return _page(request, row, section, part, told)


def _onward(request: HttpRequest, row: Project, section: str) -> str:
    """The next section, this one again with more rows, or the overview."""
    wish, codes = request.POST.get("next", ""), list(SECTION_TITLES)
    if wish == "more":
        return reverse("funding:project_section", args=[row.pk, section])
    place = codes.index(section) + 1
    if wish == "stay" or place == len(codes):
        return pages.there(row)
    return reverse("funding:project_section", args=[row.pk, codes[place]])


def _page(
    request: HttpRequest, row: Project, section: str, part: _Section, told: list[Finding],
    notes: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    codes, title = list(SECTION_TITLES), _(SECTION_TITLES[section])
    tabs = [(_(word), reverse("funding:project_section", args=[row.pk, code]), code == section, None)
            for code, word in SECTION_TITLES.items()]  # fmt: skip
    bound = request.method == "POST" and notes is None
    rows = part.lines is not None
    return render(request, "funding/project_section.html", {
        "title": title, "crumbs": small.crumbs(*pages.steps(row), (title, "")), "project": row, "section": section,
        "steps": tabs, "place": codes.index(section) + 1, "count": len(codes),
        "closed": not queries.may_write(request.user, row), "lines": part.shown(), "rows": rows,
        "note": _(NOTE_TITLES[section]) if section in NOTE_TITLES else "", "notes": notes or [],
        "management": list(describe(part.lines.management_form).values()) if rows else [],
        "problems": part.problems(told),
        "version": request.POST.get("version", row.version) if bound else row.version,
        "money": queries.money(row) if section in ("budget", "team") else None,
        "last": codes.index(section) + 1 == len(codes),
        "keep": reverse("funding:project_keep", args=[row.pk, section]),
    }, status=422 if bound else 200)  # fmt: skip


@doors.needs(*_WRITES)
@require_POST
def keep(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """What is typed, kept by itself. What is not understood yet is not kept, and the page says so."""
    row = _writable(request, pk, section)
    part = _Section(request, row, section)
    if not part.is_valid():
        return JsonResponse({"saved": ""}, status=422)
    try:
        made = part.save()
    except Refused as refused:
        return JsonResponse({"problem": "；".join(f.text for f in refused.findings)}, status=409)
    told = queries.money(made)
    shown = {
        "total": f"{made.total_fen / 100:,.2f}", "grant": f"{made.grant_fen / 100:,.2f}",
        "own": f"{made.own_fen / 100:,.2f}", "pay": f"{made.pay_fen / 100:,.2f}", "percent": told["percent"] or "—",
    }  # fmt: skip
    return JsonResponse({"version": made.version, "shown": shown, "saved": localtime(clock.now()).strftime("%H:%M")})


@doors.needs(*_WRITES)
@require_http_methods(small.METHODS)
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines of the budget, pasted or out of a filled workbook: read, shown in the form, saved only there."""
    row = _writable(request, pk, "budget")
    form = forms.PasteForm(small.posted(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            told = _read(form.cleaned_data)
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            if told.lines:
                return _taken_over(request, row, told)
            for problem in told.problems or [_("没有读到预算行。")]:
                form.add_error(None, problem)
    return entries.page(
        request, _("粘贴或上传预算"), form, (), name=row.title,
        back=reverse("funding:project_section", args=[pk, "budget"]), template="funding/project_paste.html",
        crumbs=small.crumbs(*pages.steps(row), (_("粘贴或上传预算"), "")), button=_("读入"),
        file=reverse("funding:project_budget_file", args=[pk]),
    )  # fmt: skip


def _read(told: dict[str, Any]) -> reading.Pasted:
    if not told.get("file"):
        return reading.read(told["text"])
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "budget"
        with path.open("wb") as target:
            target.writelines(told["file"].chunks())
        return reading.read_file(path)


def _taken_over(request: HttpRequest, row: Project, told: reading.Pasted) -> HttpResponse:
    """The form with the lines that were read in place of those that stand there; nothing is saved yet."""
    members = {member.name: member.pk for member in row.team.all()}
    lines = [{**line, "member": members.get(line.pop("person"))} for line in told.lines]
    part = _Section(request, row, "budget", initial=lines)
    notes = [_("读到 {n} 行，代替现在的 {old} 行；核对后按“保存”。").format(n=len(lines), old=row.lines.count())]
    return _page(request, row, "budget", part, [], [*notes, *told.problems])


@doors.needs(*_WRITES, Permission.OWN_VIEW, Permission.VIEW)
@require_safe
def budget_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The budget as a workbook that reckons with the limits of the round; it is filled offline and uploaded again."""
    row = pages.seen(request, pk)
    budget = facts.of_budget(row, clock.today())
    if len(budget.lines) > workbooks.LINES or len(budget.team) > workbooks.PEOPLE:
        told = _("预算表最多 {lines} 行、团队最多 {people} 人，这个项目超过了，请打印申报书。")
        messages.error(request, told.format(lines=workbooks.LINES, people=workbooks.PEOPLE))
        return redirect(pages.there(row))
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "budget.xlsx"
        workbooks.write_budget(path, limits.limits_of(row.round), budget)
        return FileResponse(path.open("rb"), as_attachment=True, filename=_("项目预算表") + ".xlsx")
