"""Records of work of a running project: entered on the spot, listed, read, corrected, taken back."""

import uuid
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.funding.actions import work as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import running as forms
from liaoyuan.funding.forms.projects import ReasonForm
from liaoyuan.funding.models import Project, WorkRecord
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.queries import running as reading
from liaoyuan.funding.queries import work
from liaoyuan.funding.views import projects as pages
from liaoyuan.funding.views import small, tabs
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render, wants_fragment
from liaoyuan.ui.tables import Column, TableState, link_to

_WRITES = (Permission.OWN_EDIT, Permission.EDIT)
_PLAIN = ("held_on", "place", "title", "content", "served", "persons", "volunteers", "step", "pledge")


def counted(row: WorkRecord) -> str:
    """What a record counts, in words."""
    return "；".join(
        f"{one.indicator.title} {one.count} {one.indicator.unit}" for one in row.contributions.all()
    )  # fmt: skip


def state(row: WorkRecord) -> tuple[str, str]:
    """Mark and word: counts, counts with a notice, taken back."""
    if row.voided_at is not None:
        return "closed", _("已作废")
    return ("review", _("有提醒")) if row.findings else ("ok", _("有效"))


COLUMNS = (
    Column("title", lazy("做了什么"), fixed=True, link=link_to("funding:work_detail")),
    Column("held_on", lazy("日期"), sortable=True, kind="date"),
    Column("place", lazy("地点")),
    Column("served", lazy("服务人次"), sortable=True, kind="number"),
    Column("volunteers", lazy("志愿者人次"), kind="number", default=False),
    Column("counted", lazy("计入指标"), value=counted),
    Column("state", lazy("状态"), kind="verdict", value=state),
)


def there(row: Project) -> str:
    """The page on which a project runs."""
    return reverse("funding:project_running", args=[row.pk])


def record_of(request: HttpRequest, key: int) -> WorkRecord:
    """The record, if the user may see it; else 404."""
    rows = WorkRecord.objects.visible_to(request.user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor", "step", "pledge",
        "entered_by", "voided_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=key)


def steps(row: Project) -> tuple[tuple[str, str], ...]:
    """The way to a page of the running project."""
    return (*pages.steps(row), (_("实施"), there(row)))


@doors.needs(*pages.SEEN)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The records of a project, newest first."""
    row = pages.seen(request, pk)
    months = [(month.key, month.key) for month in reading.of(row, clock.today()).months]
    form = forms.RecordsForm(request.GET, months=months)
    form.is_valid()
    told = form.cleaned_data
    rows = work.of(row, forms.month_of(told.get("month") or ""))
    text = (told.get("q") or "").strip()
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(place__icontains=text))
    table = TableState.from_request(request, COLUMNS, default_sort="-held_on")
    title = _("工作记录")
    return render(request, "funding/work_list.html", {
        "title": title, "crumbs": small.crumbs(*steps(row), (title, "")), "project": row,
        "table": table.table(rows.order_by(*table.order_by())), "fields": list(describe(form).values()),
        "chips": chips(form, table.query), "hidden": table.query.hidden(*form.fields),
        "clear": table.query(**dict.fromkeys(form.fields)),
        "enters": reading.at_work(row) and queries.writes_for(request.user, row),
    })  # fmt: skip


def _form(request: HttpRequest, row: Project, record: WorkRecord | None = None) -> forms.WorkForm:
    chosen = [one.expense_id for one in record.vouchers.all()] if record is not None else []
    initial: dict[str, Any] = {"held_on": clock.today(), "token": str(uuid.uuid4()), "place": work.last_place(row)}
    if record is not None:
        initial = {**{name: getattr(record, name) for name in _PLAIN}, "step": record.step_id,
                   "pledge": record.pledge_id, "vouchers": chosen}  # fmt: skip
        initial |= {f"indicator_{one.indicator_id}": one.count for one in record.contributions.all()}
    elif request.GET.get("pledge", "").isdecimal():
        initial["pledge"] = request.GET["pledge"][:12]
    return forms.WorkForm(
        small.posted(request), initial=initial, indicators=row.indicators.all(),
        steps=[(one.pk, f"{one.period} {one.content}"[:40]) for one in row.steps.all()],
        pledges=[(one.pk, one.title) for one in row.pledges.all()], vouchers=work.vouchers(row, chosen),
        office=queries.is_office(request.user, row), correcting=record is not None,
    )  # fmt: skip


def _writable(request: HttpRequest, row: Project) -> None:
    if not queries.writes_for(request.user, row):
        raise PermissionDenied(str(Permission.OWN_EDIT))


def _go(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A redirect that a form sent by a script follows as a whole page."""
    if answer.status_code == 302 and wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer


@doors.needs(*_WRITES)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a record. Sent by a script where there is one: without a line the page stays with what was typed."""
    row = pages.seen(request, pk)
    _writable(request, row)
    form = _form(request, row)

    def write() -> WorkRecord:
        told: dict[str, Any] = form.cleaned_data
        return actions.enter(
            project=row, values=forms.lines(told, _PLAIN), counts=form.counts, vouchers=told.get("vouchers") or (),
            token=told.get("token") or "", on_behalf=told.get("on_behalf") or "", by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    return _go(request, small.entered(
        request, _("记一笔"), form, write, name=row.title, back=there(row), steps=steps(row),
        sections=form.sections(), onward=lambda made: reverse("funding:work_detail", args=[made.pk]),
        done=_("已保存，可以接着上传照片。"),
        note=_("一次活动、一天记一笔。先保存文字，再传照片；没有网络时，写的内容留在页面上。"),
        template="funding/work_entry.html",
    ))  # fmt: skip


@doors.needs(*_WRITES)
@require_http_methods(small.METHODS)
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Correct a record, with the reason."""
    record = record_of(request, key)
    row = record.project
    _writable(request, row)
    form = _form(request, row, record)

    def write() -> WorkRecord:
        told: dict[str, Any] = form.cleaned_data
        return actions.correct(
            record=record, values=forms.lines(told, _PLAIN), counts=form.counts,
            vouchers=told.get("vouchers") or (), reason=told["reason"], version=entries.version(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return _go(request, small.entered(
        request, _("更正工作记录"), form, write, name=record.title, back=reverse("funding:work_detail", args=[key]),
        steps=(*steps(row), (record.title, reverse("funding:work_detail", args=[key]))), sections=form.sections(),
        version=record.version, note=_("更正以前的内容会保留，各方都能看到。"), template="funding/work_entry.html",
    ))  # fmt: skip


@doors.needs(*_WRITES)
@require_http_methods(small.METHODS)
def void(request: HttpRequest, key: int) -> HttpResponse:
    """Take a record back."""
    record = record_of(request, key)
    _writable(request, record.project)
    form = ReasonForm(small.posted(request))

    def write() -> WorkRecord:
        return actions.void(record=record, reason=form.cleaned_data["reason"], version=entries.version(request),
                            by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("作废工作记录"), form, write, name=record.title, version=record.version, danger=True,
        back=reverse("funding:work_detail", args=[key]), steps=steps(record.project), button=_("作废"),
        note=_("作废的记录还能看到，不再计入指标。"),
    )  # fmt: skip


@doors.needs(*pages.SEEN)
@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """One record: what was done, photos, vouchers, what the rules say, earlier versions."""
    record = record_of(request, key)
    row, user = record.project, request.user
    every = not queries.writes_for(user, row) or queries.is_office(user, row)
    same = work.same_photos([record], every=every).get(record.pk, ())
    vouchers = [one.expense for one in record.vouchers.select_related("expense")]
    return render(request, "funding/work_detail.html", {
        "title": record.title, "crumbs": small.crumbs(*steps(row), (record.title, "")), "record": record,
        "project": row, "state": state(record), "facts": _facts(record), "photos": _photos(record),
        "says": work.findings(row, same, record.held_on), "kept": record.findings,
        "counts": list(record.contributions.select_related("indicator")), "vouchers": vouchers,
        "versions": [(one, _told(one.content)) for one in record.versions.select_related("made_by")],
        "writes": record.voided_at is None and reading.at_work(row) and queries.writes_for(user, row),
        "files": reverse("core:file_list", args=[work.SUBJECT, record.pk]), **tabs.of_project(request, row, "running"),
    })  # fmt: skip


def _facts(record: WorkRecord) -> list[tuple[str, Any, str]]:
    told: list[tuple[str, Any, str]] = [
        (_("日期"), record.held_on.isoformat(), ""), (_("地点"), record.place, ""),
        (_("服务人次"), str(record.served), ""),
        (_("服务人数"), "" if record.persons is None else str(record.persons), ""),
        (_("志愿者人次"), str(record.volunteers), ""),
        (_("计划步骤"), record.step.content if record.step else "", ""),
        (_("红色元素"), record.pledge.title if record.pledge else "", ""),
        (_("登记"), record.entered_by.display_name if record.entered_by else "",
         _("{day} 登记").format(day=clock.localdate(record.entered_at).isoformat())),
    ]  # fmt: skip
    if record.on_behalf:
        told.append((_("代填：按谁的说法"), record.on_behalf, ""))
    if record.voided_at is not None:
        told.append((_("作废的原因"), record.voided_because, ""))
    return told


def _photos(record: WorkRecord) -> list[tuple[str, str, str]]:
    """Address of the page, of the thumb, name; sealed ones without a thumb."""
    return [
        (reverse("core:file_open", args=[one.pk, "view" if one.sensitivity == "C2" else "copy"]),
         reverse("core:file_open", args=[one.pk, "thumb"]) if one.sensitivity == "C2" else "", one.name)
        for one in work.photos([record.pk]).get(record.pk, ())
    ]  # fmt: skip


def _told(content: dict[str, Any]) -> str:
    """An earlier version in one line."""
    day = date.fromisoformat(content["held_on"]).isoformat()
    return _("{day} {place}：{title}，{n} 人次").format(
        day=day, place=content["place"], title=content["title"], n=content["served"]
    )
