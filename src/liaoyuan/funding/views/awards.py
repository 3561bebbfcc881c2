"""公示 of a round: lists of proposed projects drafted, shown, published, taken down; then projects are approved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.choices import DocumentState
from liaoyuan.core.models import Document
from liaoyuan.core.queries import documents
from liaoyuan.funding.actions import publicity as actions
from liaoyuan.funding.choices.awards import ListState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import awards as forms
from liaoyuan.funding.models import AwardLine, AwardList, Round
from liaoyuan.funding.queries import awards as queries
from liaoyuan.funding.queries import objecting
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.views import rounds, small, tabs
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.forms import Field, describe, problems
from liaoyuan.ui.pages import render


def of_round(request: HttpRequest, pk: int) -> Round:
    """The round, if the user sees it as an office; bodies read the public page of a list."""
    row = small.seen(request, pk)
    if not reading.inside(request.user, row):
        raise Http404
    return row


def there(row: AwardList) -> str:
    """The address of a list."""
    return reverse("funding:award_detail", args=[row.pk])


def steps(row: AwardList) -> tuple[tuple[str, str], ...]:
    """The way to a page of a list."""
    return (
        (row.round.title, small.there(row.round)),
        (_("公示"), reverse("funding:award_list", args=[row.round_id])), (row.title, there(row)),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists of a round with their days, what is proposed and stands on none, the reserve."""
    row, today = of_round(request, pk), clock.today()
    proposed = queries.proposed(row)
    return render(request, "funding/award_list.html", {
        "title": _("公示"), "crumbs": small.crumbs((row.title, small.there(row)), (_("公示"), "")), "round": row,
        "runs": reading.runs(request.user, row), "proposed": proposed,
        "proposed_fen": sum(one.fen for one in proposed), "reserve": queries.reserve(row),
        "lists": [(one, queries.state_words(one, today)) for one in queries.lists(row)],
        **tabs.of_round(request, row, "publicity"),
    })  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a list of proposed projects."""
    row = rounds.run_by(request, pk)
    projects = queries.proposed(row)
    form = forms.ListForm(
        small.posted(request), projects=projects,
        initial={"title": _("{title}拟立项项目公示").format(title=row.title)[:80],
                 "receiver": row.programme.organizer[:60]},
    )  # fmt: skip
    told: Any = ()
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.draft(
                round_=row, lines=form.lines(), title=given["title"], receiver=given["receiver"], text=given["text"],
                channel=form.channel(), by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已起草。请核对公众将看到的内容，由另一人发布。"))
            return redirect(there(made))
    fields = describe(form, told)
    back = reverse("funding:award_list", args=[row.pk])
    return render(request, "funding/award_new.html", {
        "title": _("起草公示名单"), "round": row, "back": back,
        "crumbs": small.crumbs((row.title, small.there(row)), (_("公示"), back), (_("起草公示名单"), "")),
        "head": [fields[name] for name in ("title", "text", "receiver", "mail", "box")],
        "lines": [_line(one, fields) for one in projects], "problems": problems(form, told),
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _line(one: queries.Proposed, fields: dict[str, Field]) -> tuple[queries.Proposed, Field, Field]:
    return one, fields[f"take_{one.project.pk}"], fields[f"fen_{one.project.pk}"]


def seen(request: HttpRequest, pk: int) -> AwardList:
    """The list, if the user sees it as an office; else 404."""
    row = queries.visible(request.user, pk)
    if row is None:
        raise Http404
    return row


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: what the public reads, where each project stands, objections, documents, what is to be done."""
    return _page(request, seen(request, pk))


def _page(request: HttpRequest, row: AwardList, told: Any = (), status: int = 200) -> HttpResponse:
    today, user = clock.today(), request.user
    runs, confirms = reading.runs(user, row.round), reading.confirms(user, row.round)
    waiting = queries.open_of_line(row)
    whole = waiting.get(None, 0)
    lines = [
        (line, queries.line_words(line, waiting.get(line.pk, 0) + whole), waiting.get(line.pk, 0) + whole)
        for line in row.lines.select_related("award_list")
    ]
    document = row.document
    return render(request, "funding/award_detail.html", {
        "title": row.title, "crumbs": small.crumbs(*steps(row)[:-1], (row.title, "")), "list": row,
        "state": queries.state_words(row, today), "shown": queries.shown(row, today), "told": told, "lines": lines,
        "draft": row.state == ListState.DRAFT, "standing": row.stands(today), "over": row.over(today),
        "runs": runs, "confirms": confirms, "waiting": sum(waiting.values()),
        "publishes": confirms and row.state == ListState.DRAFT,
        "own_draft": document is not None and document.drafted_by_id == user.pk,
        "withdraws": _withdraws(row, runs, confirms),
        "approvable": queries.approvable(row, today) if runs else [],
        "approvals": [(one, documents.state_of(one), n, fen) for one, n, fen in queries.approvals(row)],
        "issued": DocumentState.ISSUED, "person": user.pk,
        "objections": [
            (one, objecting.about(one), objecting.kind_word(one), objecting.state_words(one),
             objecting.days_words(one, today)) for one in objecting.of_list(row)
        ],
    }, status=status)  # fmt: skip


def _withdraws(row: AwardList, runs: bool, confirms: bool) -> bool:
    if row.state == ListState.DRAFT:
        return runs
    return confirms and row.state == ListState.PUBLISHED and not row.lines.filter(approval__isnull=False).exists()


@doors.needs(Permission.CONFIRM)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the notice: from today everybody reads the list."""
    row = seen(request, pk)
    try:
        made = actions.publish(award_list=row, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已公示，至 {last} 二十四时。").format(last=made.closes_on))
    return redirect(there(row))


@doors.needs(Permission.EDIT, Permission.CONFIRM)
@require_http_methods(small.METHODS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a list down, or give a draft up."""
    row = seen(request, pk)
    if not _withdraws(row, reading.runs(request.user, row.round), reading.confirms(request.user, row.round)):
        if row.state == ListState.DRAFT:
            raise PermissionDenied(str(Permission.EDIT))
        messages.error(request, _("这份名单现在不能撤下。"))
        return redirect(there(row))
    form = forms.ReasonForm(small.posted(request))
    draft = row.state == ListState.DRAFT
    title = _("放弃草稿") if draft else _("撤下公示")

    def write() -> AwardList:
        return actions.withdraw(award_list=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, title, form, write, name=row.title, back=there(row), steps=steps(row), danger=True, button=title,
        done=_("已撤下，项目可以重新列入名单。"),
        note="" if draft else _("公示页面随即撤下，名单上的项目回到拟立项；改正以后重新公示，公示期重新计算。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_POST
def approval_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the approval of chosen projects of a list whose days are over."""
    row = seen(request, pk)
    chosen = {int(key) for key in request.POST.getlist("line") if key.isdecimal() and len(key) < 12}
    lines = list(AwardLine.objects.filter(award_list=row, pk__in=chosen))
    try:
        actions.draft_approval(award_list=row, lines=lines, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已起草立项批复，由另一人签发；签发即立项。"))
    return redirect(there(row))


def _approval(request: HttpRequest, key: int) -> tuple[Document, AwardList]:
    """An approval (批复) of a list that the user sees."""
    document = Document.objects.filter(pk=key, code="award_approval").first()
    if document is None or not document.subject_id.isdecimal():
        raise Http404
    return document, seen(request, int(document.subject_id))


@doors.needs(Permission.CONFIRM)
@require_POST
def approval_sign(request: HttpRequest, key: int) -> HttpResponse:
    """Sign an approval: its projects are approved."""
    document, row = _approval(request, key)
    try:
        made = actions.approve(document=document, by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已签发 {number}，项目立项。").format(number=made.number))
    return redirect(there(row))


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def approval_drop(request: HttpRequest, key: int) -> HttpResponse:
    """Give the draft of an approval up; its projects wait again."""
    document, row = _approval(request, key)
    form = forms.ReasonForm(small.posted(request))

    def write() -> Document:
        return actions.drop_approval(document=document, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("放弃批复草稿"), form, write, name=row.title, back=there(row), steps=steps(row),
                         danger=True, button=_("放弃草稿"))  # fmt: skip
