"""Proposals for the lists: the list, one proposal with its steps, a new one by hand."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import access, clock, doors, policy, registries
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import documents as document_queries
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import listing_letters
from liaoyuan.registry.actions import listings as actions
from liaoyuan.registry.choices import Ground, LetterStep, Listing, Permission
from liaoyuan.registry.forms import listings as forms
from liaoyuan.registry.forms.notes import today
from liaoyuan.registry.models import ListingProposal, Standing
from liaoyuan.registry.models.listings import ProposalQuerySet
from liaoyuan.registry.params.annual_words import GROUND_TITLES, LISTING_TITLES, STEP_TITLES
from liaoyuan.registry.params.listing_letters import BATCH_TITLES
from liaoyuan.registry.queries import annual_late
from liaoyuan.registry.queries import listing_letters as letter_queries
from liaoyuan.registry.queries import listings as queries
from liaoyuan.registry.views import records
from liaoyuan.registry.views.entries import small_form
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to
from liaoyuan.ui.texts import sentence

_METHODS = ["GET", "HEAD", "POST"]
_SIGNED_TITLES = {"signed": "已签收", "unsigned": "无人签收"}
_DECISION_TITLES = {"list": "同意建议", "drop": "不予列入"}


def _state(row: ListingProposal) -> tuple[str, str]:
    if row.decision:
        return ("reject" if row.decision == "list" else "closed"), _(_DECISION_TITLES[row.decision])
    return "review", _("办理中")


def _columns(on: date) -> tuple[Column, ...]:
    limits = policy.limits(on, policy.chain("national"))

    def upcoming(row: ListingProposal) -> str:
        told = queries.next_step(row, limits)
        days = "～".join(day.isoformat() for day in (told.first_on, told.last_on) if day)
        return told.word + (f"（{days}{_('，暂定') if told.provisional else ''}）" if days else "")

    return (
        Column("name", _("组织"), sortable=True, fixed=True, link=link_to("registry:proposal_detail")),
        Column("street", _("街道"), kind="short"),
        Column("wants", _("建议"), sortable=True, value=lambda row: _(LISTING_TITLES[row.wants])),
        Column("ground", _("事由类别"), value=lambda row: _(GROUND_TITLES[row.ground])),
        Column("arisen_on", _("信息产生日期"), sortable=True, kind="date"),
        Column("next", _("下一步"), value=upcoming),
        Column("decided_on", _("决定日期"), sortable=True, kind="date"),
        Column("state", _("状态"), kind="verdict", value=_state),
    )


@doors.needs(Permission.VIEW)
@require_http_methods(_METHODS)
def listing(request: HttpRequest) -> HttpResponse:
    """Proposals within reach. Posted, the ticked bodies that are long on the abnormal list are proposed (CRD-02)."""
    on = clock.today()
    may = access.has(request.user, Permission.CREDIT_EDIT)
    long = queries.long_listed(request.user, on) if may else []
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        ticked = set(request.POST.getlist("ids"))
        entries = [one.entry for one in long if str(one.entry.pk) in ticked]
        try:
            made = actions.propose_long(entries=entries, by=doors.person(request), at=clock.now())
            messages.success(request, _("已提出建议 {n} 件。").format(n=len(made)))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("registry:proposal_list")
    form, rows = asked(request)
    state = TableState.from_request(request, _columns(on), default_sort="arisen_on")
    return render(
        request,
        "registry/proposal_list.html",
        {
            "title": _("列入名单的建议"),
            "fields": list(describe(form).values()),
            "hidden": state.query.hidden("q", "wants", "state"),
            "table": state.table(rows.order_by(*state.order_by())),
            "long": long,
            "made_up": annual_late.made_up_listed(request.user, on) if may else [],
            "late_rule": _(registries.rules["LST-04"].statement),
            "rule": _(registries.rules["CRD-02"].statement),
            "letters": [
                (_(title), f"{reverse('registry:proposal_letters', args=[code])}{state.query()}")
                for code, title in BATCH_TITLES.items()
            ]
            if may and access.has(request.user, Core.DOCUMENT_DRAFT)
            else [],
        },
    )


def asked(request: HttpRequest) -> tuple[forms.ProposalQueryForm, ProposalQuerySet]:
    """The query of an address, and what it finds."""
    given = request.GET.copy()
    given.setdefault("state", "open")
    form = forms.ProposalQueryForm(given)
    form.is_valid()
    told = {name: form.cleaned_data.get(name, "") for name in ("q", "wants", "state")}
    return form, queries.asked(
        request.user, text=told["q"], wants=told["wants"], wanted=told["state"] or "open"
    )  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> ListingProposal:
    rows = ListingProposal.objects.visible_to(request.user).with_names()
    beside = ("organization", "report__round", "report__late_report", "entry")
    return get_object_or_404(rows.select_related(*beside), pk=pk)


@doors.needs(Permission.VIEW)
@require_http_methods(["GET", "HEAD"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its steps so far, what comes next, and the forms for it."""
    return _page(request, _seen(request, pk))


def _page(
    request: HttpRequest, row: ListingProposal, form: Any = None, told: Any = (), do: str = "", status: int = 200
) -> HttpResponse:
    standing = Standing.objects.now_open().select_related("registrar_area").get(organization=row.organization_id)
    limits = policy.limits(clock.today(), policy.chain(standing.registrar_area.path))
    may = access.covers(request.user, Permission.CREDIT_EDIT, row.organization, write=True)
    rules = [
        (code, _(registries.rules[code].statement)) for code in ("LST-01", "LST-02", "CRD-01") if limits.is_on(code)
    ]
    return render(
        request,
        "registry/proposal_detail.html",
        {
            "title": row.name,  # type: ignore[attr-defined]
            "crumbs": [(_("列入名单的建议"), reverse("registry:proposal_list")), (row.name, "")],  # type: ignore[attr-defined]
            "row": row,
            "state": _state(row),
            "wants": _(LISTING_TITLES[row.wants]),
            "about": [
                (_("建议"), _(LISTING_TITLES[row.wants]), ""),
                (_("事由类别"), _(GROUND_TITLES[row.ground]), ""),
                (_("事由"), row.reason, ""),
                (_("信息产生日期"), row.arisen_on.isoformat(), ""),
                (_("提出"), clock.localdate(row.proposed_at).isoformat(), str(row.proposed_by or "")),
                (_("补报"), annual_late.words_of(row.report) if row.report else "", ""),
            ],
            "way": _way(row),
            "next": queries.next_step(row, limits),
            "papers": _papers(request, row),
            "drafts": _drafts(row) if may and access.has(request.user, Core.DOCUMENT_DRAFT) else [],
            "no_office": may and not document_queries.issuers(request.user).exists(),
            "removal": _removal(row) if may else "",
            "deeds": _deeds(row, form, told, do) if may and row.decided_at is None else [],
            "problems": problems(form, told) if form is not None else [],
            "rules": rules,
            "may_close": row.decision == "list" and row.wants == Listing.REVOCATION and may,
        },
        status=422 if form is not None else status,
    )


def _way(row: ListingProposal) -> list[tuple[str, str, str]]:
    """The steps taken: what, when, number and result."""

    def day(value: date | None) -> str:
        return value.isoformat() if value else ""

    def signed(result: str) -> str:
        return _(_SIGNED_TITLES[result]) if result else ""

    word = _(_DECISION_TITLES[row.decision]) if row.decision else ""
    told = [
        (_("第一封信函寄出"), day(row.letter1_on), row.letter1_no),
        (_("第一封信函签收情况"), day(row.letter1_result_on), signed(row.letter1_result)),
        (_("第二封信函寄出"), day(row.letter2_on), row.letter2_no),
        (_("第二封信函签收情况"), day(row.letter2_result_on), signed(row.letter2_result)),
        (_("告知书送达"), day(row.notice_on), row.notice_no),
        (_("陈述申辩截止"), day(row.heard_until), _("暂定") if row.heard_provisional else ""),
        (_("收到陈述申辩"), day(row.heard_on), row.heard_words),
        (_("决定"), day(row.decided_on), "，".join(filter(None, (word, row.decision_no, row.decision_note)))),
    ]  # fmt: skip
    return [line for line in told if line[1]]


def _papers(request: HttpRequest, row: ListingProposal) -> list[tuple[str, Any, tuple[str, str]]]:
    """The documents of a proposal: step, document, mark and word of its state."""
    if not access.any_of(request.user, (Core.DOCUMENT_VIEW, Core.DOCUMENT_OWN_VIEW)):
        return []
    return [
        (_(STEP_TITLES[letter.step]), letter.document, document_queries.state_of(letter.document))
        for letter in letter_queries.all_of(row)
    ]


def _drafts(row: ListingProposal) -> list[tuple[str, str]]:
    """The documents that may be drafted now, by the order of the steps: kind and words."""
    found: list[tuple[str, str]] = []
    living = letter_queries.living(row)
    for code in BATCH_TITLES:
        try:
            step = actions.step_of(row, code)
        except Refused:
            continue
        if row.decided_at is None and step not in living:
            found.append((code, _("起草{step}").format(step=_(STEP_TITLES[step]))))
    return found


def _removal(row: ListingProposal) -> str:
    """Where the removal of the body that was listed is drafted; empty while it is not due."""
    entry = row.entry and letter_queries.open_entry(row.organization_id, row.entry.list_kind)
    if entry is None or letter_queries.removal_of(entry) is not None:
        return ""
    return reverse("registry:removal_letter", args=[row.organization_id, entry.pk])


def _deeds(row: ListingProposal, form: Any, told: Any, do: str) -> list[dict[str, Any]]:
    now = {"on": clock.today()}
    found: list[tuple[str, str, Any]] = []
    living = letter_queries.living(row)
    place = LetterStep.LETTER2 if row.letter2_on else LetterStep.LETTER1
    if row.notice_on is not None and row.heard_on is None:
        found.append(("hear", _("收到陈述申辩"), forms.HeardForm(initial=now)))
    if getattr(row, f"{place}_on") is not None and not getattr(row, f"{place}_result") and place not in living:
        found.append(("deliver", _("记下签收情况"), forms.DeliveryForm(initial=now)))
    if row.notice_on is None and row.letter2_on is None:
        coming = LetterStep.LETTER2 if row.letter1_on else LetterStep.LETTER1
        word = _("记下系统外寄出的第二封信函") if row.letter1_on else _("记下系统外寄出的第一封信函")
        if coming not in living:
            found.append(("letter", word, forms.NumberForm(initial=now)))
    if row.notice_on is None and LetterStep.NOTICE not in living:
        found.append(("notice", _("记下系统外送达的告知书"), forms.NumberForm(initial=now)))
    found.append(("decide", _("记下决定（系统外的决定书，或者不予列入）"), forms.DecisionForm(initial=now)))
    return [
        {
            "do": code, "title": title, "open": code == do,
            "fields": list(describe(form if code == do and form is not None else one, told if code == do else ())
                           .values()),
        }
        for code, title, one in found
    ]  # fmt: skip


@doors.needs(Permission.CREDIT_EDIT)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step; `do` says which."""
    row = _seen(request, pk)
    if not access.covers(request.user, Permission.CREDIT_EDIT, row.organization, write=True):
        raise PermissionDenied
    do = request.POST.get("do", "")
    given: dict[str, Any] = {"proposal": row, "by": doors.person(request), "at": clock.now()}
    acts: dict[str, tuple[type[Any], Callable[..., Any]]] = {
        "letter": (forms.NumberForm, actions.send_letter),
        "deliver": (forms.DeliveryForm, actions.deliver),
        "notice": (forms.NumberForm, actions.tell_rights),
        "hear": (forms.HeardForm, actions.hear),
        "decide": (forms.DecisionForm, lambda listing, **more: actions.decide(listing=listing == "1", **more)),
    }
    if do == "draft":
        return _drafted(request, row)
    if do not in acts:
        return _page(request, row, status=422)
    made, write = acts[do]
    form = made(request.POST)
    if not form.is_valid():
        return _page(request, row, form, do=do)
    try:
        write(**form.cleaned_data, **given)
    except Refused as refused:
        return _page(request, _seen(request, pk), form, refused.findings, do=do)
    messages.success(request, _("已记下。"))
    return redirect("registry:proposal_detail", pk)


def _drafted(request: HttpRequest, row: ListingProposal) -> HttpResponse:
    """Draft the document that is due and go to it."""
    code = request.POST.get("code", "")
    if code not in BATCH_TITLES:
        return _page(request, row, status=422)
    try:
        made = listing_letters.draft(proposal=row, code=code, by=doors.person(request), at=clock.now())
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, sentence(finding))
        return redirect("registry:proposal_detail", row.pk)
    messages.success(request, _("已起草，等待核稿。"))
    return redirect("core:document_detail", made.pk)


@doors.needs(Permission.CREDIT_EDIT)
@require_http_methods(_METHODS)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal by hand, for a body whose record is open."""
    organization = records.seen_by(request.user, pk)
    if not access.covers(request.user, Permission.CREDIT_EDIT, organization, write=True):
        raise PermissionDenied
    row = Standing.objects.now_open().get(organization=organization)
    form = today(forms.ProposalForm(request.POST if request.method == "POST" else None), "arisen_on", clock.today())
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        words = form.cleaned_data
        try:
            made = actions.propose(
                organization=organization, wants=Listing(words["wants"]), ground=Ground(words["ground"]),
                reason=words["reason"], arisen_on=words["arisen_on"], by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已提出建议。"))
            return redirect("registry:proposal_detail", made.pk)
    return small_form(request, _("提出列入名单的建议"), form, told, row.name, pk)
