"""Objections at the office: the list of a round, one objection with its steps, what came on paper, appeals."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, sensitive
from liaoyuan.funding.actions import objections as actions
from liaoyuan.funding.actions import revealing
from liaoyuan.funding.choices.awards import ObjectionState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import awards as forms
from liaoyuan.funding.models import AwardObjection
from liaoyuan.funding.queries import awards as lists
from liaoyuan.funding.queries import objecting as queries
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.views import awards, projects, small, tabs
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

COLUMNS = (
    Column("pk", lazy("编号"), sortable=True, kind="short", fixed=True, link=link_to("funding:objection_detail")),
    Column("about", lazy("对哪个项目"), value=queries.about),
    Column("kind", lazy("内容"), kind="short", value=queries.kind_word),
    Column("received_on", lazy("收到"), sortable=True, kind="date"),
    Column("due_on", lazy("答复期限"), sortable=True, kind="date"),
    Column("days", lazy("时限"), kind="verdict", value=lambda row: queries.days_words(row, clock.today())),
    Column("state", lazy("状态"), kind="verdict", value=queries.state_words),
    Column("appeal", lazy("申诉"), kind="short", value=lambda row: _("申诉") if row.appeal_of_id else ""),
)


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The objections of a round, those with the earliest term first."""
    row = awards.of_round(request, pk)
    form = forms.ObjectionsForm(request.GET)
    form.is_valid()
    state = TableState.from_request(request, COLUMNS, default_sort="due_on")
    rows = queries.listed(row, form.cleaned_data.get("state") or "")
    return render(request, "funding/objection_list.html", {
        "title": _("异议"), "round": row, "table": state.table(rows.order_by(*state.order_by())),
        "crumbs": small.crumbs((row.title, small.there(row)), (_("公示"), reverse("funding:award_list", args=[row.pk])),
                               (_("异议"), "")),
        "fields": list(describe(form).values()), "chips": chips(form, state.query),
        "hidden": state.query.hidden(*form.fields), "clear": state.query(**dict.fromkeys(form.fields)),
        **tabs.of_round(request, row, "publicity"),
    })  # fmt: skip


def there(row: AwardObjection) -> str:
    """The address of an objection."""
    return reverse("funding:objection_detail", args=[row.pk])


def steps(row: AwardObjection) -> tuple[tuple[str, str], ...]:
    """The way to a page of an objection."""
    held = row.award_list
    return (
        (held.round.title, small.there(held.round)),
        (_("异议"), reverse("funding:objection_list", args=[held.round_id])), (title_of(row), there(row)),
    )  # fmt: skip


def title_of(row: AwardObjection) -> str:
    """What an objection is called: never by who lodged it."""
    return _("第 {n} 号申诉").format(n=row.pk) if row.appeal_of_id else _("第 {n} 号异议").format(n=row.pk)


def seen(request: HttpRequest, pk: int) -> AwardObjection:
    """The objection, if the user sees it as an office; else 404."""
    row = queries.seen(request.user, pk)
    if row is None:
        raise Http404
    return row


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection: its words, its term, who did what, what is to be done."""
    return _page(request, seen(request, pk))


def _page(
    request: HttpRequest,
    row: AwardObjection,
    told: Any = (),
    status: int = 200,
    revealed: tuple[str, str] | None = None,
) -> HttpResponse:
    today, user, held = clock.today(), request.user, row.award_list
    runs, confirms = reading.runs(user, held.round), reading.confirms(user, held.round)
    drafted = row.document is not None
    received, taken = row.state == ObjectionState.RECEIVED, row.state == ObjectionState.TAKEN
    return render(request, "funding/objection_detail.html", {
        "title": title_of(row), "crumbs": small.crumbs(*steps(row)[:-1], (title_of(row), "")), "row": row,
        "state": queries.state_words(row), "days": queries.days_words(row, today), "told": told,
        "about": queries.about(row), "kind": queries.kind_word(row), "open": queries.is_open(row),
        "masked": queries.masked(row), "revealed": revealed,
        "reveal": reverse("funding:objection_reveal", args=[row.pk]) if queries.revealable(user, row) else "",
        "takes": runs and received, "declines": confirms and received,
        "proposes": runs and taken and not drafted, "answers": confirms and taken and drafted,
        "drops": runs and taken and drafted,
        "published_by_me": held.published_by_id == user.pk or (row.document is not None
                                                                and row.document.drafted_by_id == user.pk),
        "remedy": queries.remedy_words(row), "appeals": list(row.appeals.all()),
        "appeal_due": queries.appeal_due(row), "may_appeal": runs and queries.may_appeal(row, today),
    }, status=status)  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an objection that came by telephone or on paper."""
    row = awards.seen(request, pk)
    if not reading.runs(request.user, row.round):
        raise PermissionDenied(str(Permission.EDIT))
    lines, today = list(row.lines.all()), clock.today()
    form = forms.EnterForm(small.posted(request), lines=lines, named=sensitive.may_be_filled(today),
                           initial={"received_on": today})  # fmt: skip

    def write() -> AwardObjection:
        line = next((one for one in lines if one.pk == form.cleaned_data["line"]), None)
        return actions.lodge(award_list=row, line=line, **form.told(), received_on=form.cleaned_data["received_on"],
                             by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("登记异议"), form, write, name=row.title, back=awards.there(row), steps=awards.steps(row),
        onward=there, done=_("已登记。"),
        note=_("收到日期须在公示期内；答复期限从收到之日算起。姓名和联系方式加密保存。"),
    )  # fmt: skip


_STEPS: dict[str, tuple[Callable[..., AwardObjection], Any]] = {
    "take": (actions.take, lazy("已受理，项目暂停立项，请在期限内答复。")),
    "answer": (actions.answer, lazy("已签发答复。")),
}


@doors.needs(Permission.EDIT, Permission.CONFIRM)
@require_POST
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take an objection up, or sign its answer."""
    row = seen(request, pk)
    do, done = _STEPS[code]
    more = {"version": entries.version(request)} if code == "take" else {}
    try:
        do(objection=row, by=doors.person(request), at=clock.now(), **more)
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, str(done))
    return redirect(there(row))


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not take an objection up."""
    row = seen(request, pk)
    form = forms.DeclineForm(small.posted(request))

    def write() -> AwardObjection:
        return actions.decline(objection=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("不予受理"), form, write, name=title_of(row), back=there(row), steps=steps(row),
                         danger=True, button=_("不予受理"), done=_("已作出不予受理的答复。"))  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the answer; a second person signs it."""
    row = seen(request, pk)
    form = forms.AnswerForm(small.posted(request))

    def write() -> AwardObjection:
        return actions.propose(objection=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("拟写答复"), form, write, name=title_of(row), back=there(row), steps=steps(row),
        done=_("已拟写，由发布公示以外的另一人签发。"),
        note=_("答复期限 {day}。签发以后，结论随即办理。").format(day=row.due_on),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the draft of an answer up, to write another one."""
    row = seen(request, pk)
    form = forms.ReasonForm(small.posted(request))

    def write() -> AwardObjection:
        return actions.drop(objection=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("重写答复"), form, write, name=title_of(row), back=there(row), steps=steps(row),
                         button=_("放弃这份草稿"), done=_("已放弃草稿，请重新拟写。"))  # fmt: skip


@doors.needs(Permission.EDIT, Permission.CONFIRM)
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who objected, for a reason; it stands in this answer only."""
    row = seen(request, pk)
    try:
        told = revealing.reveal(objection=row, reason=request.POST.get("reason", ""), by=doors.person(request),
                                at=clock.now())  # fmt: skip
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    return _page(request, row, revealed=told)


@doors.needs(Permission.EDIT, Permission.OWN_CERTIFY)
@require_http_methods(small.METHODS)
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Appeal against an answer: the office for who objected, the head for the body whose project it was about."""
    office = queries.seen(request.user, pk)
    own = queries.of_body(request.user, pk) if office is None else None
    row = office or own
    if row is None:
        raise Http404
    back = there(row) if office is not None else _own_page(row)
    form = forms.AppealForm(small.posted(request))

    def write() -> AwardObjection:
        return actions.appeal(objection=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    due = queries.appeal_due(row)
    return small.entered(
        request, _("申诉"), form, write, name=queries.about(row), back=back,
        done=_("已登记申诉，由原答复人以外的人答复。"),
        note=_("申诉期限 {day}，只能申诉一次。").format(day=due) if due is not None else "",
        steps=steps(row) if office is not None else (),
    )  # fmt: skip


def _own_page(row: AwardObjection) -> str:
    return reverse("funding:project_publicity", args=[row.line.project_id]) if row.line is not None else ""


@doors.needs(*projects.SEEN)
@require_safe
def of_project(request: HttpRequest, pk: int) -> HttpResponse:
    """A project on published lists: its days, its amount, that there are objections and what came of them."""
    row, today = projects.seen(request, pk), clock.today()
    lines = lists.of_project(row)
    return render(request, "funding/project_publicity.html", {
        "title": _("公示"), "crumbs": small.crumbs(*projects.steps(row), (_("公示"), "")), "project": row,
        "lines": [(line, lists.line_words(line), line.award_list.stands(today), lists.state_words(
            line.award_list, today)) for line in lines],
        "objections": queries.told_to_body(row, today),
        "office": reading.inside(request.user, row.round), "appeals": queries.signs_for(request.user, row),
        **tabs.of_project(request, row, "publicity"),
    })  # fmt: skip
