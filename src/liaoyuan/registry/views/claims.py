"""Claims for the officer: the list, one claim with its mobile number for a reason, the decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import clock, doors, vault
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.params import INVITATION_DAYS
from liaoyuan.core.queries import calendar
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.identifiers import mask_mobile
from liaoyuan.kit.workdays import Calendar
from liaoyuan.registry.actions import claims
from liaoyuan.registry.choices import ClaimState
from liaoyuan.registry.forms.claims import ClaimQueryForm, DecisionForm
from liaoyuan.registry.models import Claim, Standing
from liaoyuan.registry.params.claims import CLAIM_DAYS, CLAIM_WORKDAYS, POST_TITLES, STATE_TITLES
from liaoyuan.registry.queries import claims as queries
from liaoyuan.registry.queries.record import words
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_MARKS = {
    ClaimState.OPEN: "review", ClaimState.APPROVED: "ok", ClaimState.RETURNED: "reject", ClaimState.EXPIRED: "closed",
}  # fmt: skip


def _state(claim: Claim) -> tuple[str, str]:
    now = queries.state(claim, clock.today())
    return _MARKS[now], _(STATE_TITLES[now])


def _masked(claim: Claim) -> str:
    """The masked number; nothing once it is deleted or may not be shown any more."""
    if not claim.mobile or queries.state(claim, clock.today()) != ClaimState.OPEN:
        return ""
    return mask_mobile(vault.decrypt(claim.mobile, purpose=queries.PURPOSE))


def _last(claim: Claim, days: Calendar) -> str:
    """The day of answer of a claim that waits."""
    if queries.state(claim, clock.today()) != ClaimState.OPEN:
        return ""
    last = queries.answer_by(claim, days)
    return f"{last.date.isoformat()}{_('（暂定）') if last.provisional else ''}"


def _columns(days: Calendar) -> tuple[Column, ...]:
    return (
        Column("name", _("组织"), sortable=True, fixed=True, link=link_to("registry:claim_detail")),
        Column("pk", _("编号"), kind="short"),
        Column("claimant", _("申请人"), sortable=True),
        Column("post", _("身份"), value=lambda claim: _(POST_TITLES[claim.post])),
        Column("mobile", _("手机号"), kind="short", value=_masked),
        Column("created_at", _("提交"), sortable=True, kind="datetime"),
        Column("last", _("答复期限"), kind="short", value=lambda claim: _last(claim, days)),
        Column("state", _("状态"), kind="verdict", value=_state),
        Column("decided_at", _("办理"), kind="datetime"),
        Column("decided_by", _("办理人"), default=False),
    )


@doors.needs(Core.INVITE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Claims within the user's reach; without a wish those that wait, the longest waiting first."""
    given = request.GET.copy()
    given.setdefault("state", str(ClaimState.OPEN))
    asked = ClaimQueryForm(given)
    state = TableState.from_request(request, _columns(calendar.workdays()), default_sort="created_at")
    wish = asked.cleaned_data if asked.is_valid() else {"q": "", "state": str(ClaimState.OPEN)}
    rows = queries.asked(request.user, text=wish["q"], wanted=wish["state"], on=clock.today())
    return render(
        request,
        "registry/claim_list.html",
        {
            "title": _("认领申请"),
            "fields": list(describe(asked).values()),
            "table": state.table(rows.order_by(*state.order_by(), "pk")),
            "workdays": CLAIM_WORKDAYS,
            "days": CLAIM_DAYS,
        },
    )


def _seen(request: HttpRequest, pk: int) -> Claim:
    rows = Claim.objects.visible_to(request.user).select_related("organization", "decided_by", "invitation__used_by")
    return get_object_or_404(rows, pk=pk)


@doors.needs(Core.INVITE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim beside what the register knows of the body."""
    return _page(request, _seen(request, pk), DecisionForm())


def _page(
    request: HttpRequest, claim: Claim, form: DecisionForm, told: Any = (), *, clear: str = "", status: int = 200
) -> HttpResponse:
    row = Standing.objects.now_open().select_related("street").get(organization=claim.organization)
    now = queries.state(claim, clock.today())
    known = [
        (_("法定代表人或负责人"), row.legal_representative, ""),
        (_("登记的联系电话"), words(row, "phone"), _("在档案里写明事由后显示")),
        (_("住所"), row.address, ""),
        (_("街道"), row.street.name if row.street else "", ""),
    ]
    written = [
        (_("申请人"), claim.claimant, ""),
        (_("身份"), _(POST_TITLES[claim.post]), ""),
        (_("核实办法"), claim.words, ""),
        (_("提交"), clock.localdate(claim.created_at).isoformat(), ""),
    ]
    if now == ClaimState.OPEN:
        written.append((_("答复期限"), _last(claim, calendar.workdays()), ""))
    return render(
        request,
        "registry/claim_detail.html",
        {
            "title": row.name,
            "crumbs": [(_("认领申请"), reverse("registry:claim_list"))],
            "claim": claim,
            "organization": claim.organization_id,
            "state": _state(claim),
            "is_open": now == ClaimState.OPEN,
            "known": known,
            "written": written,
            "masked_mobile": _masked(claim),
            "clear": clear,
            "decided": _decided(claim),
            "others": queries.rivals(claim, clock.today()) if now == ClaimState.OPEN else [],
            "fields": describe(form, told),
            "problems": problems(form, told),
            "invitation_days": INVITATION_DAYS,
        },
        status=status,
    )


def _decided(claim: Claim) -> list[tuple[str, str, str]]:
    """How it was decided, and whether the account has been opened since."""
    if not claim.decision:
        return []
    opened = claim.invitation.used_by if claim.invitation else None
    facts = [
        (_("办理人"), str(claim.decided_by or _("命令行")), ""),
        (_("办理"), clock.localdate(claim.decided_at).isoformat() if claim.decided_at else "", ""),
        (_("理由或核实情况"), claim.reason, ""),
    ]
    return [*facts, (_("开通的账号"), opened.username if opened else _("尚未开通"), "")] if claim.invitation else facts


@doors.needs(Core.INVITE)
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The mobile number for a reason; it stands in this answer only."""
    claim = _seen(request, pk)
    reason = request.POST.get("reason", "")
    try:
        clear = claims.reveal(claim=claim, reason=reason, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return _page(request, claim, DecisionForm(), status=422)
    return _page(request, claim, DecisionForm(), clear=clear)


@doors.needs(Core.INVITE)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree or send back; `do` says which."""
    claim = _seen(request, pk)
    form, word = DecisionForm(request.POST), request.POST.get("do", "")
    acts: dict[str, tuple[Callable[..., Claim], str]] = {
        "approve": (claims.approve, _("已同意，申请人可以凭申请码开通账号。")),
        "return": (claims.send_back, _("已退回，申请人凭申请码可以看到理由。")),
    }
    if not form.is_valid() or word not in acts:
        return _page(request, claim, form, status=422)
    act, done = acts[word]
    try:
        act(claim=claim, reason=form.cleaned_data["reason"], by=doors.person(request), at=clock.now())
    except Refused as refused:
        return _page(request, _seen(request, pk), form, refused.findings, status=422)
    messages.success(request, done)
    return redirect("registry:claim_list")
