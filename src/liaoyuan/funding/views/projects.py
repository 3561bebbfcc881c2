"""Projects: the list, beginning an application, its overview, handing in, taking back, returning."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import handing_in, projects
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.forms import projects as forms
from liaoyuan.funding.models import Need, Project, Revision, Supplement
from liaoyuan.funding.queries import bodies, contents, past, purse, revisions
from liaoyuan.funding.queries import needs as asked
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.queries.narrow import Narrow
from liaoyuan.funding.views import small, tabs
from liaoyuan.kit.findings import Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

SEEN = (Permission.VIEW, Permission.OWN_VIEW)
COLUMNS = (
    Column("title", lazy("项目名称"), sortable=True, fixed=True, link=link_to("funding:project_detail")),
    Column("number", lazy("编号"), sortable=True, kind="short"),
    Column("body_name", lazy("申报组织")),
    Column("round.title", lazy("届")),
    Column("field", lazy("领域"), kind="short", default=False),
    Column("total_fen", lazy("预算（元）"), sortable=True, kind="yuan", default=False),
    Column("grant_fen", lazy("申请资助（元）"), sortable=True, kind="yuan"),
    Column("submitted_at", lazy("提交时间"), sortable=True, kind="datetime"),
    Column("state", lazy("状态"), kind="verdict", value=queries.state_words),
)


@doors.needs(*SEEN)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Projects within sight: an office's all that were handed in, a body's own with their drafts."""
    form = forms.ProjectsForm(request.GET, rounds=asked.rounds(request.user))
    form.is_valid()
    told = form.cleaned_data
    rows = queries.listed(request.user, told.get("q") or "", told.get("round"), told.get("state") or "")
    state = TableState.from_request(request, COLUMNS, default_sort="-submitted_at")
    may = reading.may_apply(request.user)
    return render(request, "funding/project_list.html", {
        "title": _("本组织的项目") if may else _("申报项目"), "crumbs": small.crumbs((_("申报项目"), "")),
        "table": state.table(Narrow(rows.order_by(*state.order_by()))), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "clear": state.query(**dict.fromkeys(form.fields)), "may_apply": may,
        "open": queries.open_rounds(request.user, clock.today()) if may else [],
        "purse": purse.own(request.user, clock.today()),
    })  # fmt: skip


@doors.needs(Permission.OWN_EDIT, Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an application in a round, for one's own body or filling in for one."""
    row, user = small.seen(request, pk), request.user
    own, office = bodies.own(user), reading.runs(user, row)
    if not own and not office:
        raise PermissionDenied(str(Permission.OWN_EDIT))
    need = _need(request, row.pk)
    form = forms.NewForm(
        small.posted(request), own=own, earlier=queries.earlier(user), office=not own,
        initial={"title": need.title if need is not None else ""},
    )  # fmt: skip

    def write() -> Project:
        told: dict[str, Any] = form.cleaned_data
        body = told.get("body") or get_object_or_404(bodies.living(), pk=told.get("organization"))
        source = told.get("copied_from")
        return projects.begin(
            round_=row, organization=body, title=told["title"], need=need, on_behalf=told.get("on_behalf") or "",
            copied_from=get_object_or_404(Project.objects.visible_to(user), pk=source) if source else None,
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("开始申报"), form, write, name=row.title, back=small.there(row), onward=there,
        steps=((row.title, small.there(row)),), button=_("开始填写"),
        note=_("先起一个名称，后面都可以改。填写时自动保存，可以几个人一起填。"),
    )  # fmt: skip


def _need(request: HttpRequest, round_: int) -> Need | None:
    given = request.GET.get("need", "")
    rows = Need.objects.published().filter(round=round_)
    return rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 12 else None


def there(row: Project) -> str:
    """The address of its page."""
    return reverse("funding:project_detail", args=[row.pk])


def seen(request: HttpRequest, pk: int) -> Project:
    """The project, if the user may see it; else 404."""
    rows = Project.objects.visible_to(request.user).select_related(
        "round__programme__area", "organization", "sponsor", "area", "need"
    )
    return get_object_or_404(rows, pk=pk)


def steps(row: Project) -> tuple[tuple[str, str], ...]:
    """The way to a page of the project."""
    return ((_("申报项目"), reverse("funding:project_list")), (row.title, there(row)))


@doors.needs(*SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The overview: what it still lacks, what the rules say, money, corrections, versions, what can be done now."""
    return _page(request, seen(request, pk))


def _page(request: HttpRequest, row: Project, told: Any = (), status: int = 200) -> HttpResponse:
    user, today = request.user, clock.today()
    writes = queries.may_write(user, row)
    lacks, says = queries.told(row, today) if writes else ([], [])
    office = queries.is_office(user, row)
    name = bodies.names([row.organization_id]).get(row.organization_id, "")
    certified = row.certified_version == row.version
    ready = writes and not lacks and not queries.blocks(says)
    return render(request, "funding/project_detail.html", {
        "title": row.title, "crumbs": small.crumbs((_("申报项目"), reverse("funding:project_list")), (row.title, "")),
        "project": row, "name": name, "state": queries.state_words(row), "writes": writes, "office": office,
        "told": told, "sections": queries.sections(row, lacks), "says": says, "kept": row.findings,
        "money": queries.money(row), "facts": _facts(row, name), "certified": certified,
        "certifies": writes and not lacks and not certified and queries.certifies(user, row),
        "ready": ready, "submits": ready and (certified or office),
        "withdraws": queries.may_withdraw(user, row), "draft": row.state == ProjectState.DRAFT,
        "returns": office and row.state == ProjectState.SUBMITTED,
        "supplements": list(row.supplements.all()), "revisions": _versions(user, row),
        "content": [] if writes or row.round.imported else shown(row),
        "past": past.told(row) if reading.inside(user, row.round) else [],
        "submit_form": list(describe(forms.SubmitForm()).values()) if office and writes else [],
        **tabs.of_project(request, row, "overview"),
    }, status=status)  # fmt: skip


def _facts(row: Project, name: str) -> list[tuple[str, str, str]]:
    told = [
        (_("申报组织"), name, ""), (_("届"), row.round.title, ""), (_("编号"), row.number, ""),
        (_("领域"), row.field, ""), (_("落地街道（社区）"), row.area.name if row.area else "", ""),
        (_("项目期限"), f"{row.starts_on or '—'} — {row.ends_on or '—'}", ""),
        (_("对应需求"), row.need.title if row.need else "", ""),
    ]  # fmt: skip
    if row.sponsor is not None:
        told.append((_("支持组织"), bodies.names([row.sponsor_id]).get(row.sponsor_id or 0, ""), ""))
    if row.ended_reason:
        told.append((_("退出原因"), row.ended_reason, ""))
    return told


def _versions(user: Any, row: Project) -> list[tuple[Revision, str]]:
    seen = revisions.seen(user, row)
    return [(one, _(revisions.OCCASION_TITLES.get(one.occasion, one.occasion))) for one in seen]


def shown(row: Project) -> list[revisions.Part]:
    """The whole application for reading."""
    return revisions.parts(contents.content(contents.whole(row)))


@doors.needs(Permission.OWN_CERTIFY)
@require_POST
def certify(request: HttpRequest, pk: int) -> HttpResponse:
    """The head states that the application is true."""
    row = seen(request, pk)
    try:
        handing_in.certify(project=row, version=entries.version(request), by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已确认。现在可以提交；再改内容要重新确认。"))
    return redirect(there(row))


@doors.needs(Permission.OWN_EDIT, Permission.EDIT)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in."""
    row = seen(request, pk)
    form = forms.SubmitForm(request.POST)
    form.is_valid()
    told = form.cleaned_data
    try:
        made = handing_in.submit(
            project=row, confirmed=entries.confirmed(request), version=entries.version(request),
            on_paper=told.get("on_paper"), late_reason=told.get("late_reason") or "",
            on_behalf=told.get("on_behalf") or "", by=doors.person(request), at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, row, refused.findings, 422)
    messages.success(request, _("已提交，编号 {number}。").format(number=made.number))
    return redirect(there(row))


@doors.needs(Permission.OWN_EDIT, Permission.EDIT)
@require_http_methods(small.METHODS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an application back, or give up a draft."""
    row = seen(request, pk)
    if not queries.may_withdraw(request.user, row):
        messages.error(request, _("这个项目现在不能撤回。"))
        return redirect(there(row))
    form = forms.ReasonForm(small.posted(request))
    draft = row.state == ProjectState.DRAFT
    if draft:
        form.fields["reason"].required = False
    title = _("放弃草稿") if draft else _("撤回申报")

    def write() -> Project:
        return handing_in.withdraw(project=row, reason=form.cleaned_data["reason"], by=doors.person(request),
                                   at=clock.now())  # fmt: skip

    return small.entered(
        request, title, form, write, name=row.title, back=there(row), steps=steps(row), danger=True, button=title,
        note=_("写过的内容还在，可以复制到新的申报书里。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an application to be corrected."""
    row = seen(request, pk)
    if not queries.is_office(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.GiveBackForm(small.posted(request))

    def write() -> Supplement:
        return handing_in.give_back(project=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("退回补正"), form, write, name=row.title, back=there(row), steps=steps(row),
        note=_("退回期间不占名额；按期重新提交的，按补正处理，不算逾期。"),
    )  # fmt: skip


@doors.needs(*SEEN)
@require_safe
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A kept version, and what differs from the one before."""
    row = seen(request, pk)
    found = {one.number: one for one in revisions.seen(request.user, row).filter(number__in=(number, number - 1))}
    one = found.get(number)
    if one is None:
        return redirect(there(row))
    before = found.get(number - 1)
    title = _("第 {number} 版").format(number=number)
    return render(request, "funding/project_revision.html", {
        "title": title, "crumbs": small.crumbs(*steps(row), (title, "")), "project": row, "revision": one,
        "occasion": _(revisions.OCCASION_TITLES.get(one.occasion, one.occasion)),
        "changes": revisions.differing(before.content, one.content) if before is not None else None,
        "content": revisions.parts(one.content), "writes": queries.may_write(request.user, row),
    })  # fmt: skip


@doors.needs(*SEEN)
@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as it is printed, with the code of its version on every page."""
    row = seen(request, pk)
    told = contents.content(contents.whole(row))
    title = _("公益创投项目申报书")
    return render(request, "funding/project_print.html", {
        "title": title, "crumbs": small.crumbs(*steps(row), (_("打印"), "")), "project": row,
        "content": revisions.parts(told), "code": contents.version_code(told), "money": queries.money(row),
        "facts": _facts(row, bodies.names([row.organization_id]).get(row.organization_id, "")),
    })  # fmt: skip
