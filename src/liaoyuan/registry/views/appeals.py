"""Objections to a proposed level: filed within the publicity, weighed by the committee, told in writing (RAT-06)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, registries
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.registry.actions import appeals
from liaoyuan.registry.actions.rating_entries import name_of
from liaoyuan.registry.choices import AppealOutcome, Permission
from liaoyuan.registry.forms import ratings as forms
from liaoyuan.registry.models import RatingAppeal, RatingDecision
from liaoyuan.registry.params.ratings import APPEAL_TITLES
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.views import rating_entries as entries
from liaoyuan.registry.views.rounds import METHODS, SEEN, crumb, short_form
from liaoyuan.ui.pages import render


@doors.needs(Permission.RATING_MANAGE, Permission.RATING_OWN)
@require_http_methods(METHODS)
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """A written objection within the publicity."""
    entry = entries.filled_by(request, pk)
    own = queries.own(request.user, entry.organization_id)
    form = forms.AppealForm(request.POST or None, own=own, initial={"filed_on": clock.today()})
    told: list[Finding] = []
    there = reverse("registry:rating_entry", args=[pk])
    if form.is_bound and form.is_valid():
        try:
            appeals.file(
                entry=entry, filed_on=form.cleaned_data["filed_on"], words=form.cleaned_data["words"],
                filed_by_body=form.cleaned_data.get("filed_by", "body") == "body", by=doors.person(request),
                at=clock.now(), on_behalf=form.on_behalf(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已提出异议，评估委员会复核后书面告知。"))
            return redirect(there)
    return short_form(
        request, _("对评估结果提出异议"), entries.name_of(entry), form, told, there, entries.crumbs(entry, own=True),
        button=_("提出"),
    )  # fmt: skip


@doors.needs(*SEEN)
@require_safe
def appeal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection: what was said, what the committee decided, when it was told."""
    return _appeal_page(request, _appeal(request, pk))


def _appeal(request: HttpRequest, pk: int) -> RatingAppeal:
    rows = RatingAppeal.objects.visible_to(request.user).select_related("entry__round__area", "entry__organization")
    return get_object_or_404(rows, pk=pk)


def _appeal_page(
    request: HttpRequest, held: RatingAppeal, told: list[Finding] | None = None, form: Any = None
) -> HttpResponse:
    runs = queries.runs(request.user, held.entry.round) and held.entry.round.closed_at is None
    due = queries.notice_due(held)
    name = name_of(held.entry)
    decision = RatingDecision.objects.current().filter(appeal=held).first()
    open_ = held.outcome == AppealOutcome.OPEN
    vote = form or forms.VoteForm(initial={"level": held.entry.level or "none", "decided_on": clock.today()})
    notice = form if form and not open_ else forms.DayForm(
        name="notified_on", label=_("书面告知日期"), initial={"notified_on": clock.today()})  # fmt: skip
    entry = (name, reverse("registry:rating_entry", args=[held.entry_id]))
    round_ = (str(held.entry.round), reverse("registry:round_detail", args=[held.entry.round_id]))
    facts = [
        (_("书面提出"), held.filed_on.isoformat(),
         _("参评组织提出") if held.filed_by_body else _("其他单位或个人提出")),
        (_("异议和理由"), held.words, ""),
        (_("复核结果"), _(APPEAL_TITLES[held.outcome]), ""),
        (_("书面告知"), held.notified_on.isoformat() if held.notified_on else "",
         _("期限 {day}").format(day=due.isoformat()) if due else ""),
    ]  # fmt: skip
    return render(
        request,
        "registry/appeal_detail.html",
        {
            "title": _("评估结果的异议"), "name": name, "crumbs": [crumb(), round_, entry], "appeal": held,
            "facts": facts,
            "decision": entries.votes(decision), "told": told or [], "may_decide": runs and open_,
            "may_notify": runs and not open_ and held.notified_on is None,
            "vote": entries.described(vote, told or []) if open_ else {},
            "notice": entries.described(notice, told or []),
            "rule": _(registries.rules["RAT-06"].statement),
        },
        status=422 if form is not None else 200,
    )  # fmt: skip


@doors.needs(Permission.RATING_MANAGE)
@require_POST
def appeal_step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The committee's review, or the day on which it was told in writing."""
    held = _appeal(request, pk)
    if not queries.runs(request.user, held.entry.round):
        raise PermissionDenied
    if what not in ("decide", "notify"):
        raise Http404
    by, at = doors.person(request), clock.now()
    form: Any = forms.VoteForm(request.POST) if what == "decide" else forms.DayForm(
        request.POST, name="notified_on", label=_("书面告知日期"))  # fmt: skip
    if not form.is_valid():
        return _appeal_page(request, held, [], form) if form.errors else redirect("registry:appeal_detail", pk)
    try:
        if what == "decide":
            appeals.decide(appeal=held, level=form.level_of(), votes=form.votes(), on=form.cleaned_data["decided_on"],
                           words=form.cleaned_data["words"], by=by, at=at)  # fmt: skip
        else:
            appeals.notify(appeal=held, on=form.cleaned_data["notified_on"], by=by, at=at)
    except Refused as refused:
        return _appeal_page(request, held, refused.findings, form)
    messages.success(request, _("已办理。"))
    return redirect("registry:appeal_detail", pk)
