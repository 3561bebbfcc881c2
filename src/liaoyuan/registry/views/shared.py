"""批量修改: one field of the selected bodies, first shown row by row, then written as one change set, undone as one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import shared as actions
from liaoyuan.registry.choices import MOST_AT_ONCE, SHARED_FIELD_TITLES, Permission
from liaoyuan.registry.forms.shared import SharedForm
from liaoyuan.registry.queries import shared as queries
from liaoyuan.registry.views.organizations import PAGE, selection
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_WRITERS = (Permission.EDIT, Permission.FILING_EDIT)
#: State of a row → mark and word.
_STATE_TITLES = {
    "change": "将修改", "same": "已是这个内容", "unfit": "没有这一项", "ended": "已终止", "forbidden": "不在您的权限内",
}  # fmt: skip
_MARKS = {"change": "ok", "forbidden": "reject"}


@doors.needs(*_WRITERS)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """From the ticked rows to the form, to the preview, to the change; `do` says which step was pressed."""
    word = request.POST.get("do", "")
    listing = None if word else selection(request)
    chosen = _versions(request) if listing is None else {}
    count = len(chosen) if listing is None else listing.count()
    if not 0 < count <= MOST_AT_ONCE:
        sentence = _("一次最多修改 %(n)s 家，请缩小条件后再选。") if count else _("请先勾选要修改的组织。")
        messages.warning(request, sentence % {"n": MOST_AT_ONCE})
        return redirect(f"{reverse(PAGE)}?{request.GET.urlencode()}")
    if listing is not None:
        chosen = dict.fromkeys(listing.ids(), 0)
    form = SharedForm(request.POST if word else None, initial={"on": clock.today()})
    planned: list[queries.Planned] = []
    if word and form.is_valid():
        field, value, on = form.cleaned_data["field"], form.value(), form.cleaned_data["on"]
        if word == "apply":
            answer = _applied(request, chosen, field, value, on)
            if answer is not None:
                return answer
        planned = queries.plan(request.user, chosen, field, value, on)
        chosen = {one.pk: one.version for one in planned}
    return _page(request, form, chosen, planned)


def _versions(request: HttpRequest) -> dict[int, int]:
    """`chosen`: key:version of each body as it was shown."""
    pairs = [part.split(":") for part in request.POST.get("chosen", "").split(",")]
    return {
        int(pair[0]): int(pair[1])
        for pair in pairs
        if len(pair) == 2 and all(part.isascii() and part.isdigit() and len(part) < 16 for part in pair)
    }


def _applied(request: HttpRequest, chosen: Mapping[int, int], field: str, value: str, on: date) -> HttpResponse | None:
    """Write what the preview showed as 将修改; None when it was refused."""
    told = queries.plan(request.user, chosen, field, value, on)
    versions = {one.pk: chosen[one.pk] for one in told if one.state == "change"}
    try:
        written = actions.change(
            versions=versions, field=field, value=value, on=on, by=doors.person(request), at=clock.now()
        )
    except Refused as refused:
        for finding in refused.findings[:20]:
            messages.error(request, finding.text)
        return None
    messages.success(request, _("已修改 %(n)s 家。") % {"n": len(written)})
    return redirect("registry:shared_result", written[0].pk)


def _page(
    request: HttpRequest, form: SharedForm, chosen: Mapping[int, int], planned: Sequence[queries.Planned]
) -> HttpResponse:
    field = form.cleaned_data.get("field", "") if planned else ""
    back = f"{reverse(PAGE)}?{request.GET.urlencode()}"
    new = _spoken(field, form.value()) if planned else ""
    return render(
        request,
        "registry/shared_form.html",
        {
            "title": _("批量修改"),
            "crumbs": [(_("社会组织"), back), (_("批量修改"), "")],
            "fields": describe(form),
            "problems": problems(form),
            "n": len(chosen),
            "chosen": ",".join(f"{pk}:{version}" for pk, version in chosen.items()),
            "action": f"{reverse('registry:shared_change')}?{request.GET.urlencode()}",
            "back": back,
            "item": _(SHARED_FIELD_TITLES[field]) if field else "",
            "on": form.cleaned_data.get("on") if planned else None,
            "rows": [
                (one, _MARKS.get(one.state, "skip"), _(_STATE_TITLES[one.state]), _spoken(field, one.old), new)
                for one in planned
            ],
            "count": sum(one.state == "change" for one in planned),
        },
        status=422 if form.is_bound and not planned else 200,
    )


def _spoken(field: str, value: str) -> str:
    word = queries.spoken(field, value)
    return _(word) if word else ""


def _set_of(request: HttpRequest, first: int) -> list[Any]:
    """The events of a change set all of whose bodies the user may write."""
    found = queries.events_of(first)
    if not found or not queries.may_undo(request.user, found):
        raise Http404
    return found


@doors.needs(*_WRITERS)
@require_safe
def result(request: HttpRequest, first: int) -> HttpResponse:
    """What a change set did, with the way back."""
    found = _set_of(request, first)
    payload = found[0].payload
    field = next(iter(payload["changes"]))
    return render(
        request,
        "registry/shared_result.html",
        {
            "title": _("批量修改的结果"),
            "crumbs": [(_("社会组织"), reverse(PAGE)), (_("批量修改的结果"), "")],
            "item": _(SHARED_FIELD_TITLES[field]),
            "on": date.fromisoformat(payload["on"]),
            "at": found[0].at,
            "who": found[0].actor or found[0].actor_name,
            "first": first,
            "undone": queries.is_undone(found),
            "rows": [
                (int(e.subject_id), e.subject_label, *(_spoken(field, v) for v in e.payload["changes"][field]))
                for e in found
            ],
        },
    )


@doors.needs(*_WRITERS)
@require_POST
def undo(request: HttpRequest, first: int) -> HttpResponse:
    """Take a change set back as a whole."""
    _set_of(request, first)
    try:
        count = actions.undo(first=first, by=doors.person(request), at=clock.now())
        messages.success(request, _("已撤销：%(n)s 家恢复到修改之前。") % {"n": count})
    except Refused as refused:
        for finding in refused.findings[:20]:
            messages.error(request, finding.text)
    return redirect("registry:shared_result", first)
