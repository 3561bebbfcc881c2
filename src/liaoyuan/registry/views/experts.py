"""Assessors: the bodies assigned to oneself, the sheet that saves itself; for the officer the list of assessors."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, registries
from liaoyuan.core.models import User
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.registry.actions import assessors as actions
from liaoyuan.registry.actions import rating_entries
from liaoyuan.registry.choices import EntryState, Permission, TieKind
from liaoyuan.registry.forms import ratings as forms
from liaoyuan.registry.models import Assessor, AssessorTie, Assignment, RatingEntry, Standing
from liaoyuan.registry.params.ratings import TIE_TITLES
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.registry.views.rating_entries import cells, saved, version_of, wants_json
from liaoyuan.registry.views.rounds import METHODS, crumb
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to


def _progress(row: Assignment) -> tuple[str, str]:
    if row.conflict:
        return "closed", _("已声明回避")
    if row.finished_at:
        return "ok", _("已提交")
    if row.entry.state == EntryState.DRAFT:
        return "review", _("等待自评")
    return "review", _("请作回避声明") if row.conflict is None else _("评分中")


COLUMNS = (
    Column("name", lazy("组织"), fixed=True, link=link_to("registry:assigned_detail")),
    Column("entry.round.title", lazy("批次")),
    Column("entry.round.review_on", lazy("评审会"), kind="date"),
    Column("tenths", lazy("我的总分"), kind="short", value=lambda row: rules.written(row.tenths)),
    Column("progress", lazy("进度"), kind="verdict", value=_progress),
)


@doors.needs(Permission.RATING_SCORE)
@require_safe
def assigned(request: HttpRequest) -> HttpResponse:
    """What opens first for an assessor: the bodies assigned to him, the open ones first."""
    rows = Assignment.objects.of(request.user).select_related("entry__round", "assessor")
    rows = rows.exclude(entry__state=EntryState.WITHDRAWN.value).order_by(
        "finished_at", "entry__round__review_on", "pk"
    )
    held = list(rows)
    names = dict(
        Standing.objects.now_open().filter(organization__in=[row.entry.organization_id for row in held])
        .values_list("organization_id", "name")
    )  # fmt: skip
    for row in held:
        row.name = names.get(row.entry.organization_id, "")  # type: ignore[attr-defined]
    held.sort(key=lambda row: (row.finished_at is not None, bool(row.conflict)))
    state = TableState.from_request(request, COLUMNS)
    return render(request, "registry/assigned_list.html", {"title": _("分配给我的评估"), "table": state.table(held)})


def _mine(request: HttpRequest, pk: int) -> Assignment:
    """One's own assignment, or for who runs the round that of an assessor who hands in paper."""
    rows = Assignment.objects.standing().visible_to(request.user)
    rows = rows.select_related("entry__round__area", "entry__sheet", "entry__organization", "assessor")
    held = get_object_or_404(rows, pk=pk)
    if held.assessor.user_id != request.user.pk and not queries.runs(request.user, held.entry.round):
        raise PermissionDenied
    return held


@doors.needs(Permission.RATING_SCORE, Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def assigned_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of one body beside its own assessment: declaration first, then points that save themselves."""
    held = _mine(request, pk)
    entry = held.entry
    items = queries.items_of(entry.sheet_id)
    open_ = held.conflict is False and held.finished_at is None and entry.state == EntryState.SUBMITTED
    marks, typed = forms.read_marks(request.POST, items)
    told: list[Finding] = []
    faults = any(cell.error for cell in typed.values())
    own = held.assessor.user_id == request.user.pk
    if request.method == "POST" and not faults:
        by, at = doors.person(request), clock.now()
        try:
            held = actions.save_scores(
                assignment=held, marks=marks, comment=request.POST.get("comment", ""), version=version_of(request),
                by=by, at=at,
            )  # fmt: skip
            if wants_json(request):
                return saved(held.version, held.tenths)
            if request.POST.get("do") == "finish":
                word = "" if own else _("纸质评分表：{name}").format(name=held.assessor.name)
                actions.finish(assignment=held, by=by, at=at, on_behalf=word)
                messages.success(request, _("评分已提交。"))
                return redirect(
                    "registry:assigned_list" if own else "registry:rating_assign", *([] if own else [entry.pk])
                )
            messages.success(request, _("已保存。"))
            return redirect("registry:assigned_detail", pk)
        except Refused as refused:
            told = refused.findings
    if request.method == "POST" and wants_json(request):
        return JsonResponse({"errors": [f.text for f in told]}, status=422)
    return _sheet_page(request, held, entry, typed, told, open_=open_, own=own, faults=faults)


def _sheet_page(
    request: HttpRequest, held: Assignment, entry: RatingEntry, typed: dict[int, forms.Cell], told: list[Finding], *,
    open_: bool, own: bool, faults: bool,
) -> HttpResponse:  # fmt: skip
    items = queries.items_of(entry.sheet_id)
    rows = queries.sheet_rows(entry, items, experts=False)
    mine = queries.scores_of(entry, held)
    stored = {pk: forms.Cell(rules.written(score.tenths), score.page, "") for pk, score in mine.items()}
    shown = [(row, (typed if request.method == "POST" else stored).get(row.item.pk, forms.Cell("", "", "")))
             for row, _cell in cells(rows, {}, posted=False)]  # fmt: skip
    name = rating_entries.name_of(entry)
    first = (_("分配给我的评估"), reverse("registry:assigned_list")) if own else crumb()
    return render(
        request,
        "registry/assigned_detail.html",
        {
            "title": name, "crumbs": [first], "held": held, "entry": entry, "rows": shown, "open": open_,
            "version": held.version, "total": rules.written(held.tenths or 0), "told": told, "own": own,
            "full": rules.written(sum(i.tenths for i in items if not i.bonus)),
            "self_total": rules.written(entry.self_tenths), "declare": describe(forms.DeclareForm()),
            "may_declare": held.finished_at is None and entry.state in ("draft", "submitted"),
            "papers": reverse("core:file_list", args=["ratingentry", entry.pk]),
            "here": reverse("registry:assigned_detail", args=[held.pk]), "progress": _progress(held),
            "rule": _(registries.rules["RAT-05"].statement),
        },
        status=422 if told or faults else 200,
    )  # fmt: skip


@doors.needs(Permission.RATING_SCORE, Permission.RATING_MANAGE)
@require_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own declaration about a conflict."""
    held = _mine(request, pk)
    form = forms.DeclareForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择一项声明。"))
        return redirect("registry:assigned_detail", pk)
    try:
        actions.declare(assignment=held, conflict=form.cleaned_data["conflict"] == "yes",
                        reason=form.cleaned_data["reason"], by=doors.person(request), at=clock.now())  # fmt: skip
        messages.success(request, _("已记下您的声明。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:assigned_detail", pk)


ASSESSOR_COLUMNS = (
    Column("name", lazy("姓名"), sortable=True, fixed=True, link=link_to("registry:assessor_detail")),
    Column("employer", lazy("工作单位"), sortable=True),
    Column("user", lazy("账号"), value=lambda row: row.user.username if row.user else ""),
    Column("area.name", lazy("区划"), kind="short"),
    Column("ended_on", lazy("停用"), kind="date"),
)


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def assessor_list(request: HttpRequest) -> HttpResponse:
    """The assessors of one's areas; a form enters another one."""
    form, told = forms.AssessorForm(request.POST or None), []
    area = next(iter(queries.places(request.user)), None)
    if area is None:
        raise PermissionDenied
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        user = User.objects.filter(username=given["account"], is_active=True).first() if given["account"] else None
        if given["account"] and user is None:
            form.add_error("account", _("没有这个登录名的账号。"))
        else:
            try:
                made = actions.enter(area=area, name=given["name"], employer=given["employer"], user=user,
                                     by=doors.person(request), at=clock.now())  # fmt: skip
            except Refused as refused:
                told = refused.findings
            else:
                messages.success(request, _("已录入，请补充任职和利害关系。"))
                return redirect("registry:assessor_detail", made.pk)
    rows = Assessor.objects.visible_to(request.user).select_related("area", "user")
    state = TableState.from_request(request, ASSESSOR_COLUMNS, default_sort="name")
    return render(
        request,
        "registry/assessor_list.html",
        {"title": _("评估人员"), "crumbs": [crumb()], "fields": list(describe(form, told).values()),
         "problems": problems(form, told), "table": state.table(rows.order_by(*state.order_by()))},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_http_methods(METHODS)
def assessor_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One assessor: what binds him to bodies. `do` = untie or end."""
    rows = Assessor.objects.visible_to(request.user).select_related("area", "user")
    person = get_object_or_404(rows, pk=pk)
    by, at = doors.person(request), clock.now()
    form = forms.TieForm(request.POST if request.POST.get("do") == "tie" else None)
    told: list[Finding] = []
    try:
        if request.POST.get("do") == "end":
            actions.end(assessor=person, by=by, at=at)
            messages.success(request, _("已停用。"))
            return redirect("registry:assessor_list")
        if request.POST.get("do") == "untie":
            key = request.POST.get("tie", "")
            known = get_object_or_404(AssessorTie, pk=int(key) if key.isdigit() else 0, assessor=person)
            actions.untie(known=known, by=by, at=at)
            return redirect("registry:assessor_detail", pk)
        if form.is_bound and form.is_valid():
            found = _body(request, form)
            if found is not None:
                actions.tie(assessor=person, organization=found.organization, kind=TieKind(form.cleaned_data["kind"]),
                            left_on=form.cleaned_data["left_on"], by=by, at=at)  # fmt: skip
                messages.success(request, _("已记下。"))
                return redirect("registry:assessor_detail", pk)
    except Refused as refused:
        told = refused.findings
    return render(
        request,
        "registry/assessor_detail.html",
        {
            "title": person.name, "crumbs": [crumb(), (_("评估人员"), reverse("registry:assessor_list"))],
            "person": person, "fields": list(describe(form, told).values()), "problems": problems(form, told),
            "ties": _ties(person), "rule": _(registries.rules["RAT-05"].statement),
        },
        status=422 if form.is_bound or told else 200,
    )  # fmt: skip


def _body(request: HttpRequest, form: forms.TieForm) -> Standing | None:
    """The one body of that name or code in the register; a fault beside the field otherwise."""
    text = form.cleaned_data["body"].strip()
    rows = Standing.objects.now_open().live().visible_to(request.user).select_related("organization")
    found = list(rows.filter(organization__code=text.upper())[:2]) if text else []
    found = found or list(rows.filter(name=text)[:2]) or list(rows.filter(name__icontains=text)[:2])
    if len(found) == 1:
        return found[0]
    wrong = _("有好几个组织的名称含有这些字，请写全称或代码。") if found else _("没有找到这个组织。")
    form.add_error("body", wrong)
    return None


def _ties(person: Assessor) -> list[tuple[AssessorTie, str, str]]:
    rows = list(AssessorTie.objects.filter(assessor=person, superseded_at__isnull=True).order_by("pk"))
    names = dict(
        Standing.objects.now_open().filter(organization__in=[row.organization_id for row in rows])
        .values_list("organization_id", "name")
    )  # fmt: skip
    return [(row, names.get(row.organization_id, ""), _(TIE_TITLES[row.kind])) for row in rows]
