"""The tab 党建 of a body, the visit card, what follows from a visit, the answers of a check in step."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.party.actions import declarations, steps
from liaoyuan.party.actions import instructors as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.forms import declarations as declared
from liaoyuan.party.forms import instructors as forms
from liaoyuan.party.models import BodyDeclaration, SyncAnswer, Visit
from liaoyuan.party.queries import declarations as reading_declared
from liaoyuan.party.queries import instructors, panel, sync
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.views import small
from liaoyuan.registry.models import Organization
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

READERS = (Permission.VIEW, Permission.OWN_VIEW, Permission.VISIT)


def _body(request: HttpRequest, pk: int) -> Organization:
    return get_object_or_404(panel.visible(request.user), pk=pk)


def _there(pk: int) -> str:
    return reverse("party:organization_panel", args=[pk])


@doors.needs(*READERS)
@require_safe
def organization_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """What covers a body on a day, its numbers, instructors, visits, answers; never a member's name."""
    organization = _body(request, pk)
    today = clock.today()
    on, wrong = small.day(request.GET.get("as_of", ""), today)
    found = panel.read(organization, on, request.user)
    back = reverse("registry:organization_detail", args=[pk])
    return render(request, "party/organization_panel.html", {
        "title": _("党建"), "crumbs": [(found.name, back), (_("党建"), "")], "organization": organization,
        "panel": found, "on": on, "today": today, "wrong": wrong,
    }, block="tab")  # fmt: skip


@doors.needs(Permission.VISIT)
@require_http_methods(small.METHODS)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit card."""
    organization = _body(request, pk)
    if not panel.may_visit(request.user, organization):
        raise PermissionDenied(str(Permission.VISIT))
    name = reading.body_names([pk]).get(pk, "")
    form = forms.VisitForm(small.posted(request), initial={"on": clock.today()})

    def write() -> Visit:
        return actions.visit(organization=organization, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("记录走访"), form, write, name=name, back=_there(pk), done=_("走访已记录。"))


COLUMNS = (
    Column("body", gettext_lazy("组织"), fixed=True,
           link=lambda line: reverse("party:organization_panel", args=[line.organization])),
    Column("on", gettext_lazy("日期"), kind="date"),
    Column("instructor", gettext_lazy("指导员")),
    Column("looked", gettext_lazy("看了什么"), default=False),
    Column("findings", gettext_lazy("情况和问题")),
    Column("follow_up", gettext_lazy("需要办理的事")),
    Column("due_on", gettext_lazy("办理期限"), kind="date"),
    Column("state", gettext_lazy("办理情况"), kind="verdict"),
    Column("done_note", gettext_lazy("办理结果")),
)  # fmt: skip


@doors.needs(Permission.VIEW, Permission.VISIT)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Visits within reach, with what each asked for until it is closed."""
    form = forms.VisitsForm(request.GET)
    form.is_valid()
    told, today = form.cleaned_data, clock.today()
    state = TableState.from_request(request, COLUMNS, per_page=50)
    found = instructors.VisitList(request.user, today, q=told.get("q", ""), state=told.get("state", ""))

    def ops(line: instructors.VisitLine) -> list[tuple[str, str]]:
        return [(_("办结"), reverse("party:visit_follow", args=[line.pk]))] if line.may_close else []

    return render(request, "party/visit_list.html", {
        "title": _("走访记录"), "crumbs": small.crumbs((_("走访记录"), "")), "fields": list(describe(form).values()),
        "chips": chips(form, state.query), "hidden": state.query.hidden(*form.fields),
        "table": state.table(found, ops=ops),
    })  # fmt: skip


@doors.needs(Permission.VISIT)
@require_http_methods(small.METHODS)
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """What a visit asked for is done."""
    row = get_object_or_404(Visit.objects.visible_to(request.user).open().select_related("organization"), pk=pk)
    if not panel.may_visit(request.user, row.organization):
        raise PermissionDenied(str(Permission.VISIT))
    form = forms.FollowForm(small.posted(request), initial={"on": clock.today()})

    def write() -> Visit:
        return actions.follow(visit=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("办结走访的事"), form, write, name=row.follow_up, back=_there(row.organization_id))


@doors.needs(Permission.EDIT, Permission.OWN_APPLY)
@require_http_methods(small.METHODS)
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """What a body declares of mass organizations and money for party building."""
    organization = _body(request, pk)
    if not panel.may_answer(request.user, organization):
        raise PermissionDenied(str(Permission.EDIT))
    today, held = clock.today(), reading_declared.last(organization)
    known = reading_declared.fields_of(held) if held else {}
    first = {name: declared.word(value) if name in reading_declared.GROUPS else value
             for name, value in known.items()}  # fmt: skip
    form = declared.DeclarationForm(
        small.posted(request), initial={"start": today, "funds_year": today.year, **{n: v for n, v in first.items()
                                   if v not in ("", None)}}
    )  # fmt: skip

    def write() -> BodyDeclaration:
        return declarations.declare(
            organization=organization, start=form.cleaned_data["start"], fields=form.told(),
            version=entries.version(request), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("申报群团和党建经费"), form, write, name=reading.body_names([pk]).get(pk, ""), back=_there(pk),
        version=held.pk if held else 0, note=_("用于党建统计表。只问组织的情况；不填的栏目视为没有申报。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT, Permission.OWN_APPLY)
@require_http_methods(small.METHODS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a check in step, asked of a body."""
    organization = _body(request, pk)
    user: Any = request.user
    if not panel.may_answer(user, organization):
        raise PermissionDenied(str(Permission.EDIT))
    limits = sync.limits_of(organization, clock.today())
    points = [(code, sync.point_word(code)) for code in limits["pb.sync.points"]]
    form = forms.SyncForm(
        small.posted(request), points=points, questions=limits["pb.sync.questions"],
        initial={"on": clock.today(), "point": request.GET.get("point", "")},
    )  # fmt: skip

    def write() -> SyncAnswer:
        told = form.cleaned_data
        return steps.answer(organization=organization, point=told["point"], on=told["on"], answers=form.answers(),
                            note=told["note"], by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("同步检查"), form, write, name=reading.body_names([pk]).get(pk, ""), back=_there(pk),
        rules=small.statements(limits, {"point": "PB-COV-06"}),
        note=_("问的是组织的情况，不问任何人是不是党员；怎么回答都不影响登记、年检年报和评估。"),
    )  # fmt: skip
