"""Instructors: the list with caseloads, one's page 我联系的组织, assigning and ending, F11."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.sheets import writing
from liaoyuan.party.actions import instructors as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import LOOKED_TITLES
from liaoyuan.party.forms import instructors as forms
from liaoyuan.party.models import Instructor, InstructorAppraisal, InstructorAssignment, Visit
from liaoyuan.party.queries import instructors as queries
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.coverage import limits_on
from liaoyuan.party.views import small
from liaoyuan.registry.models import Organization
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

COLUMNS = (
    Column("name", gettext_lazy("姓名"), sortable=True, fixed=True, link=link_to("party:instructor_detail")),
    Column("source", gettext_lazy("来源"), sortable=True),
    Column("unit", gettext_lazy("单位职务"), sortable=True),
    Column("bodies", gettext_lazy("联系组织"), kind="number"),
    Column("visits", gettext_lazy("本月走访"), kind="number"),
    Column("open", gettext_lazy("待办的事"), kind="number"),
    Column("until", gettext_lazy("聘期止"), kind="date"),
    Column("state", gettext_lazy("情况"), kind="verdict"),
    Column("area", gettext_lazy("选派区划"), default=False),
)  # fmt: skip


class _Lines:
    """The instructors of a query as lines of the list."""

    ordered = True

    def __init__(self, rows: Any, on: Any) -> None:
        self.rows, self.on = rows, on

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[queries.Line]:
        """The lines of a slice."""
        return queries.lines(list(self.rows[part]), self.on)


def _steps(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("指导员"), reverse("party:instructor_list")), *more]


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Instructors within reach with their caseloads."""
    form = forms.ListForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    state = TableState.from_request(request, COLUMNS, default_sort="name", per_page=50)
    rows = queries.rows(request.user, clock.today(), q=told.get("q", ""), source=told.get("source", ""),
                        state=told.get("state", ""))  # fmt: skip
    return render(request, "party/instructor_list.html", {
        "title": _("党建工作指导员"), "crumbs": small.crumbs((_("指导员"), "")),
        "fields": list(describe(form).values()), "chips": chips(form, state.query),
        "hidden": state.query.hidden(*form.fields), "clear": state.query(**dict.fromkeys(form.fields)),
        "table": state.table(_Lines(rows.order_by(*state.order_by()), clock.today())),
        "writes": access.has(request.user, Permission.EDIT), "exports": access.has(request.user, Permission.EXPORT),
    })  # fmt: skip


@doors.needs(Permission.EXPORT)
@require_safe
def f11(request: HttpRequest) -> FileResponse:
    """F11 党建指导员登记表 of today."""
    today = clock.today()
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "f11.xlsx"
        columns = [writing.Column(title) for title in queries.F11_TITLES]
        writing.write_xlsx(path, columns, queries.f11(request.user, today))
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"党建指导员登记表{today.isoformat()}.xlsx")


def seen(request: HttpRequest, pk: int) -> Instructor:
    """The instructor, if the user may see him; else 404."""
    return get_object_or_404(Instructor.objects.visible_to(request.user).select_related("area", "user"), pk=pk)


def _writable(request: HttpRequest, pk: int) -> Instructor:
    row = seen(request, pk)
    if not access.covers(request.user, Permission.EDIT, row, write=False):
        raise PermissionDenied(str(Permission.EDIT))
    return row


@doors.needs(Permission.VIEW, Permission.VISIT)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One instructor: whom he looks after, what is due, his visits."""
    return _page(request, seen(request, pk))


@doors.needs(Permission.VISIT)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """我联系的组织: the page of the instructor whose account it is."""
    row = queries.of_account(request.user)
    if row is None:
        return render(request, "party/instructor_none.html", {
            "title": _("我联系的组织"), "lists": access.has(request.user, Permission.EDIT),
        })  # fmt: skip
    return _page(request, row, title=_("我联系的组织"))


def _page(request: HttpRequest, row: Instructor, title: str = "") -> HttpResponse:
    today = clock.today()
    visits = Visit.objects.visible_to(request.user).filter(instructor=row)
    open_ = list(visits.open().order_by("follow_due_on", "pk")[:50])
    last = list(visits.order_by("-on", "-pk")[:20])
    names = reading.body_names(visit.organization_id for visit in [*open_, *last])
    return render(request, "party/instructor_detail.html", {
        "title": title or row.name, "crumbs": small.crumbs(*_steps((row.name, ""))) if not title else [],
        "row": row, "today": today, "units": queries.units(row, today),
        "source": queries.lines([row], today)[0],
        "open": [(visit, names.get(visit.organization_id, "")) for visit in open_],
        "visits": [(visit, names.get(visit.organization_id, ""), queries.looked(visit.looked)) for visit in last],
        "writes": access.covers(request.user, Permission.EDIT, row, write=False),
        "most": int(limits_on(row.area, today)["pb.ins.bodies"]), "own": bool(title),
        "visits_too": bool(title) or access.has(request.user, Permission.VISIT),
        "appraisals": queries.appraisals(row), "looked": list(LOOKED_TITLES.values()),
    })  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def appraise(request: HttpRequest, pk: int) -> HttpResponse:
    """How an instructor did his duty in a year or term, with what is on record beside."""
    row = _writable(request, pk)
    today = clock.today()
    form = forms.AppraisalForm(small.posted(request), initial={"year": today.year, "on": today})
    there = reverse("party:instructor_detail", args=[pk])

    def write() -> InstructorAppraisal:
        return actions.appraise(instructor=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("登记考核"), form, write, name=row.name, back=there,
                         steps=_steps((row.name, there)), note=queries.year_words(row, today))  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Enter an instructor."""
    area = small.office(request, Permission.EDIT, request.GET.get("area", ""))
    if area is None:
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.InstructorForm(small.posted(request))

    def write() -> Instructor:
        told = dict(form.cleaned_data)
        return actions.enter(area=area, user=told.pop("user"), fields=told, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记指导员"), form, write, name=area.name, back=reverse("party:instructor_list"), steps=_steps(),
        onward=lambda made: reverse("party:instructor_detail", args=[made.pk]),
        note=_("只登记姓名、来源和单位职务，不登记性别、出生、政治面貌。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an instructor, or let him stop."""
    row = _writable(request, pk)
    first = {name: getattr(row, name) for name in ("name", "source", "unit", "sender", "ended_on")}
    form = forms.ChangeForm(small.posted(request), initial={**first, "user": row.user.username if row.user else ""})

    def write() -> Instructor:
        told = dict(form.cleaned_data)
        return actions.change(
            instructor=row, user=told.pop("user"), ended_on=told.pop("ended_on"), fields=told,
            version=entries.version(request), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    there = reverse("party:instructor_detail", args=[pk])
    return small.entered(request, _("修改指导员"), form, write, name=row.name, back=there, version=row.version,
                         steps=_steps((row.name, there)))  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def assign(request: HttpRequest) -> HttpResponse:
    """Let an instructor look after a body; `subject` names the body, `instructor` him."""
    today = clock.today()
    rows = [row for row in Instructor.objects.visible_to(request.user).serving().select_related("area")]
    offered = [(line.pk, _("{name}（联系 {n} 个组织）").format(name=line.name, n=line.bodies))
               for line in queries.lines(rows, today)]  # fmt: skip
    key = request.GET.get("subject", "")
    subject = Organization.objects.visible_to(request.user).filter(pk=int(key) if key.isdecimal() else 0).first()
    body = reading.body_names([subject.pk]).get(subject.pk, "") if subject else ""
    form = forms.AssignmentForm(small.posted(request), instructors=offered, initial={
        "organization": body, "instructor": request.GET.get("instructor", ""), "start": today, "letter_from": today,
        "letter_until": add_months(today, 12) - timedelta(days=1),
    })  # fmt: skip

    def write() -> InstructorAssignment:
        told = dict(form.cleaned_data)
        who = next(row for row in rows if str(row.pk) == told["instructor"])
        return actions.assign(**{**told, "instructor": who}, by=doors.person(request), at=clock.now(),
                              confirmed=entries.confirmed(request))  # fmt: skip

    area = small.office(request, Permission.EDIT)
    rules = small.statements(limits_on(area, today), {"letter": "PB-INS-01"}) if area else {}
    return small.entered(
        request, _("指派指导员"), form, write, name=body, back=reverse("party:instructor_list"), steps=_steps(),
        rules=rules, onward=lambda made: reverse("party:instructor_detail", args=[made.instructor_id]),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """An assignment ends."""
    rows = InstructorAssignment.objects.visible_to(request.user).now_open().select_related("instructor__area")
    row = get_object_or_404(rows, pk=pk)
    if not access.covers(request.user, Permission.EDIT, row.instructor, write=False):
        raise PermissionDenied(str(Permission.EDIT))
    form = forms.EndForm(small.posted(request), initial={"on": clock.today()})
    there = reverse("party:instructor_detail", args=[row.instructor_id])
    body = reading.body_names([row.organization_id]).get(row.organization_id, "")

    def write() -> None:
        actions.end(assignment=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("结束联系"), form, write, name=f"{row.instructor.name} · {body}", back=there,
                         steps=_steps((row.instructor.name, there)), danger=True, button=_("结束"))  # fmt: skip
