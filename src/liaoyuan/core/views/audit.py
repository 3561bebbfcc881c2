"""The audit administrator's console: all events, the chain's state and verification, the head to be kept elsewhere.

Nothing here writes: the auditor reads everything and changes nothing.
"""

import json
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.actions import audit
from liaoyuan.core.choices import Permission
from liaoyuan.core.forms.audit import EventQueryForm, HeadForm
from liaoyuan.core.models import AuditEvent
from liaoyuan.core.queries import events, timeline
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

#: Words of the verdict's faults; {seq} is the event's number.
FAULTS = {
    "changed": "第 {seq} 条被改动",
    "deleted": "第 {seq} 条被删除",
    "inserted": "第 {seq} 条是插入的",
    "reordered": "第 {seq} 条的次序被调换",
    "cut": "从第 {seq} 条起，末尾被截去",
    "rewritten": "到第 {seq} 条为止的链被整体改写",
}


def _columns() -> tuple[Column, ...]:
    return (
        Column("recorded_at", _("记录时间"), kind="datetime", fixed=True, link=link_to("core:audit_event")),
        Column("code", _("事件"), value=lambda row: timeline.event_title(row.code)),
        Column("actor", _("操作人"), value=_actor),
        Column("subject_label", _("对象"), value=lambda row: row.subject_label or row.subject_id),
        Column("channel", _("途径"), value=lambda row: timeline.channel_title(row.channel)),
        Column("on_behalf", _("代填依据"), default=False),
        Column("at", _("业务时间"), kind="datetime", default=False),
        Column("seq", _("链上序号"), kind="verdict", value=_sealed),
    )


def _actor(row: AuditEvent) -> str:
    if row.actor is None:
        return timeline.actor_title(row.actor_name)
    return f"{row.actor.display_name}（{row.actor.username}）"


def _sealed(row: AuditEvent) -> tuple[str, str]:
    return ("review", _("未入链")) if row.seq is None else ("ok", str(row.seq))


@doors.needs(Permission.AUDIT_VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All events, newest first."""
    asked = EventQueryForm(request.GET)
    given = asked.cleaned_data if asked.is_valid() else {}
    state = TableState.from_request(request, _columns(), per_page=50)
    query = Query(request)
    return render(
        request,
        "core/audit_list.html",
        {
            "title": _("审计日志"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, query),
            "problems": problems(asked),
            "table": state.table(events.listed(given)),
            "cards": _cards(),
            "guarded": events.guarded(),
        },
    )


def _cards() -> list[tuple[str, Any, str, str, str]]:
    """Counts of events and what waits for the sealer: (label, figure, unit, href, note)."""
    counts = events.counts()
    waiting = counts["events"] - counts["sealed"]
    since = events.lag_since()
    lag = int((clock.real_now() - since).total_seconds()) if since is not None else 0
    note = _("最早一条已等待 {n} 秒").format(n=lag) if waiting else _("全部已入链")
    return [
        (_("事件"), counts["events"], _("条"), "", ""),
        (_("已入链"), counts["sealed"], _("条"), reverse("core:audit_head"), _("查看和打印链头")),
        (_("未入链"), waiting, _("条"), "?unsealed=on", note),
    ]


@doors.needs(Permission.AUDIT_VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with everything that is stored of it; C3/C4 values stay concealed."""
    row = get_object_or_404(AuditEvent.objects.select_related("actor"), pk=pk)
    payload = row.payload if isinstance(row.payload, dict) else {}
    others: list[timeline.Entry] = []
    if row.subject_id:
        others = timeline.timeline(row.subject_kind, row.subject_id, request.user, limit=20)
    return render(
        request,
        "core/audit_event.html",
        {
            "title": timeline.event_title(row.code),
            "crumbs": [(_("审计日志"), reverse("core:audit_list"))],
            "row": row,
            "actor": _actor(row),
            "channel": timeline.channel_title(row.channel),
            "differences": timeline.differences(row.subject_kind, payload.get("changes") or {}),
            "payload": json.dumps(row.payload, ensure_ascii=False, indent=2, sort_keys=True),
            "others": others,
        },
    )


@doors.needs(Permission.AUDIT_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain now, if wanted against a head that was kept elsewhere."""
    form = HeadForm(request.POST, request.FILES) if request.method == "POST" else HeadForm()
    result: dict[str, Any] | None = None
    if form.is_bound and form.is_valid():
        result = audit.verify(form.cleaned_data["head"])
    return render(
        request,
        "core/audit_verify.html",
        {
            "title": _("校验日志链"),
            "crumbs": [(_("审计日志"), reverse("core:audit_list"))],
            "fields": describe(form),
            "problems": problems(form) if form.is_bound else [],
            "result": result,
            "faults": [_(FAULTS[f["kind"]]).format(seq=_numbers(f)) for f in result["faults"]] if result else [],
            "integrity": _integrity(result) if result else None,
            "completeness": _completeness(result) if result else None,
        },
        status=422 if form.is_bound and not form.is_valid() else 200,
    )


def _numbers(fault: dict[str, Any]) -> str:
    if fault["seq"] is None:
        return "—"
    return f"{fault['seq']}–{fault['through']}" if "through" in fault else str(fault["seq"])


def _integrity(result: dict[str, Any]) -> tuple[str, str]:
    """Badge: whether something inside the chain was touched."""
    return ("ok", _("链上各条完好")) if result["integrity"] == "ok" else ("reject", _("发现改动"))


def _completeness(result: dict[str, Any]) -> tuple[str, str]:
    """Badge: whether something was cut off, which nothing inside the database can prove."""
    if result["completeness"] == "cut":
        return "reject", _("末尾被截去")
    if result["completeness"] == "proven":
        return "ok", _("与外部链头相符，到第 {seq} 条为止完整").format(seq=result["proven_through"])
    if result["traces"]:
        return "reject", _("无法证明，且数据库里有删除的痕迹")
    return "review", _("无法证明（没有外部链头）")


@doors.needs(Permission.AUDIT_VIEW)
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """The newest head to be printed and kept elsewhere, as text and as a QR code."""
    told = audit.head()
    return render(
        request,
        "core/audit_head.html",
        {
            "title": _("日志链头"),
            "crumbs": [(_("审计日志"), reverse("core:audit_list"))],
            "head": told,
            "qr": segno.make(_compact(told), error="l").svg_data_uri(scale=3, border=2) if told else "",
            "hash_groups": [told["hash"][place : place + 8] for place in range(0, 64, 8)] if told else [],
            "printed_at": clock.real_now(),
        },
    )


@doors.needs(Permission.AUDIT_VIEW)
@require_safe
def head_file(request: HttpRequest) -> HttpResponse:
    """The newest head as the file that `audit verify --head` reads."""
    told = audit.head()
    if told is None:
        raise Http404
    response = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1) + "\n", content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-head-{told["seq"]}.json"'
    return response


def _compact(told: dict[str, Any]) -> str:
    """The head as it stands in the QR code: the file's content on one line."""
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
