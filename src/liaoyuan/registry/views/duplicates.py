"""查重合并: bodies that look alike side by side, the decision about a pair, the merge field by field, its undo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import merging as actions
from liaoyuan.registry.choices import Kind, Permission
from liaoyuan.registry.forms.merging import MergeForm
from liaoyuan.registry.models import Merge, Standing
from liaoyuan.registry.queries import duplicates, merging, record
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render

_WRITERS = (Permission.EDIT, Permission.FILING_EDIT)
_PER_PAGE = 20
#: What is shown of either body in the list.
_SHOWN = ("street_id", "legal_representative", "address", "phone")


@doors.needs(*_WRITERS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Pairs of bodies that may be one, with the reasons; and the merges done."""
    found = duplicates.candidates(request.user)
    reason = request.GET.get("reason", "")
    if reason in duplicates.REASON_TITLES:
        found = [one for one in found if reason in one.reasons]
    query = Query(request)
    page: Page[duplicates.Candidate] = paginate(found, query, whole_number(request.GET.get("page"), 1), _PER_PAGE)
    keys = {pk for one in page.items for pk in (one.one, one.other)}
    rows = Standing.objects.now_open().filter(organization__in=keys).select_related("organization", "street")
    bodies = {row.organization_id: row for row in rows}
    return render(
        request,
        "registry/duplicate_list.html",
        {
            "title": _("查重合并"),
            "page": page,
            "pairs": [
                (one, [_(duplicates.REASON_TITLES[r]) for r in one.reasons],
                 [_side(bodies[pk]) for pk in (one.one, one.other)])
                for one in page.items
            ],
            "tab_items": [(_("全部"), query(reason=None), reason not in duplicates.REASON_TITLES, None)] + [
                (_(title), query(reason=code), code == reason, None)
                for code, title in duplicates.REASON_TITLES.items()
            ],
            "merges": _merges(request.user),
        },
    )  # fmt: skip


def _side(row: Standing) -> dict[str, Any]:
    return {
        "pk": row.organization_id,
        "name": row.name,
        "number": row.organization.code or row.organization.filing_no or row.organization.code_as_given,
        "kind": record.words(row, "kind"),
        "registered_on": row.organization.registered_on,
        "facts_told": [(str(record.LABELS[name]), record.words(row, name), "") for name in _SHOWN],
    }


def _merges(user: Any) -> list[tuple[Merge, str]]:
    rows = list(merging.done(user)[:20])
    names = merging.names_of([row.kept_id for row in rows])
    return [(row, names.get(row.kept_id, "")) for row in rows]


@doors.needs(*_WRITERS)
@require_POST
def differ(request: HttpRequest, low: int, high: int) -> HttpResponse:
    """These two are two."""
    _pair(request, low, high)
    try:
        actions.differ(one=low, other=high, text=request.POST.get("note", ""), by=doors.person(request), at=clock.now())
        messages.success(request, _("已核定为不是同一家，不再列出。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:duplicate_list")


def _pair(request: HttpRequest, low: int, high: int) -> tuple[Standing, Standing]:
    found = merging.pair(request.user, low, high) if low < high < 2**63 else None
    if found is None:
        raise Http404
    return found


@doors.needs(*_WRITERS)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, low: int, high: int) -> HttpResponse:
    """Two records of one body: which stays, and whose value of each field."""
    rows = _pair(request, low, high)
    kept = _stays(request, rows)
    one, other = rows if kept == low else rows[::-1]
    sides = merging.sides(one, other)
    allowed = [row.organization_id for row in rows if row.kind != Kind.BA or all(r.kind == Kind.BA for r in rows)]
    form = MergeForm(
        request.POST if request.method == "POST" else None, kept=allowed, take=[side.name for side in sides]
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.merge(
                kept=one.organization_id, gone=other.organization_id, take=form.cleaned_data["take"],
                reason=form.cleaned_data["reason"], versions=form.seen(), by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            for finding in refused.findings:
                form.add_error(finding.field if finding.field in form.fields else None, finding.text)
        else:
            messages.success(
                request, _("已合并。“%(name)s”的记录并入本组织，可在“查重合并”里撤销。") % {"name": made.name}
            )
            if made.moved["head"]:
                told = _("并入组织的账号授权已收回：%(names)s。") % {"names": "、".join(made.moved["head"])}
                messages.warning(request, told)
            return redirect("registry:organization_detail", pk=made.kept_id)
    return render(
        request,
        "registry/duplicate_merge.html",
        {
            "title": _("合并两条记录"),
            "crumbs": [(_("查重合并"), reverse("registry:duplicate_list"))],
            "one": _side(one),
            "other": _side(other),
            "sides": sides,
            "taken": form["take"].value() or [] if form.is_bound else _empty_here(sides),
            "fields": describe(form),
            "problems": problems(form),
            "versions": ",".join(f"{row.organization_id}:{row.organization.version}" for row in rows),
            "here": reverse("registry:duplicate_merge", args=[low, high]),
            "swap": f"?kept={other.organization_id}" if other.organization_id in allowed else "",
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _empty_here(sides: list[merging.Side]) -> list[str]:
    """What the record that stays does not know is taken from the other one, unless one says otherwise."""
    return [side.name for side in sides if not side.one and side.other]


def _stays(request: HttpRequest, rows: tuple[Standing, Standing]) -> int:
    """The record that stays: as asked, else the registered one, the one with a code, the older one."""
    asked = whole_number((request.POST if request.method == "POST" else request.GET).get("kept"), 0)
    filed = [row.kind == Kind.BA for row in rows]
    if filed[0] != filed[1]:
        return rows[filed.index(False)].organization_id
    if asked in [row.organization_id for row in rows]:
        return asked
    return max(rows, key=lambda row: (bool(row.organization.code), -row.organization_id)).organization_id


@doors.needs(*_WRITERS)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    found = merging.done(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        actions.undo(merge=found, by=doors.person(request), at=clock.now())
        messages.success(request, _("已撤销合并，两条记录恢复到合并之前；收回的账号授权不恢复，需要时重新邀请。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:duplicate_list")
