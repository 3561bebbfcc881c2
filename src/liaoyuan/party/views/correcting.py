"""Totals entered wrongly: taken back or corrected for a reason; what the superior sees of it and takes back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import correcting as actions
from liaoyuan.party.actions import revoking
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import MeetingState, Method
from liaoyuan.party.forms import decisions as forms
from liaoyuan.party.forms.meetings import ReasonForm
from liaoyuan.party.models import Candidate, Decision, Election, Meeting, TotalsCorrection
from liaoyuan.party.queries import corrections, meetings, voters
from liaoyuan.party.views import ways
from liaoyuan.ui import entries


def _note(meeting: Meeting) -> str:
    told = _("原来的票数和更正原因都保留，只给计票人和上级看。")
    if meeting.state == MeetingState.CLOSED:
        return told + _("会议已办结，更正会告知上级。")
    return told


def _decision(request: HttpRequest, key: int) -> Decision:
    """A vote whose totals the user may correct; 404 and 403 otherwise."""
    rows = Decision.objects.visible_to(request.user).select_related("meeting__party_organization__area")
    found = get_object_or_404(rows, pk=key)
    if not corrections.may_correct(request.user, found):
        raise PermissionDenied
    return found


def _election(request: HttpRequest, key: int) -> Election:
    rows = Election.objects.visible_to(request.user).select_related("meeting__party_organization__area")
    found = get_object_or_404(rows, pk=key)
    if not corrections.may_correct(request.user, found):
        raise PermissionDenied
    return found


def _entered(request: HttpRequest, title: str, form: Any, write: Any, row: Decision | Election, **more: Any) -> Any:
    meeting = row.meeting
    back = ways.there(meeting) if isinstance(row, Decision) else reverse("party:election_detail", args=[row.pk])
    return ways.entered(
        request, title, form, write, name=str(row) if isinstance(row, Decision) else meetings.title(meeting),
        back=back, steps=[(meetings.title(meeting), ways.there(meeting))], **more,
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def decision_correct(request: HttpRequest, key: int) -> HttpResponse:
    """Enter other totals of a vote."""
    decision = _decision(request, key)
    first = {n: getattr(decision, n) for n in ("issued", "returned", "yes", "no", "abstain", "spoiled")}
    form = forms.CorrectTotalsForm(entries.data(request), hands=decision.method == Method.HANDS, initial=first)

    def write() -> Any:
        return actions.correct(decision=decision, **form.cleaned_data, by=doors.person(request), at=clock.now())

    note = _note(decision.meeting)
    return _entered(request, _("更正票数"), form, write, decision, note=note, button=_("更正"))


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def decision_withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take the totals of a vote back."""
    decision = _decision(request, key)
    form = ReasonForm(entries.data(request))

    def write() -> Any:
        return actions.withdraw(decision=decision, **form.cleaned_data, by=doors.person(request), at=clock.now())

    note = _note(decision.meeting)
    return _entered(request, _("撤回票数"), form, write, decision, note=note, button=_("撤回"), danger=True)


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def election_correct(request: HttpRequest, key: int) -> HttpResponse:
    """Enter other sums of an election."""
    election = _election(request, key)
    rows = list(Candidate.objects.filter(election=election).order_by("member"))
    first: dict[str, Any] = {f"sum_{row.member_id}": row.yes for row in rows}
    first |= {"issued": election.issued, "returned": election.returned}
    first["spoiled"] = max(0, (election.returned or 0) - (election.valid or 0)) if election.needed else 0
    names = voters.names(row.member_id for row in rows)
    form = forms.CorrectCountForm(entries.data(request), candidates=rows, names=names, initial=first)

    def write() -> Any:
        told = {name: form.cleaned_data[name] for name in ("issued", "returned", "spoiled", "reason")}
        return actions.correct_count(
            election=election, **told, sums=form.sums(), by=doors.person(request), at=clock.now()
        )

    note = _note(election.meeting)
    return _entered(request, _("更正选举结果"), form, write, election, note=note, button=_("更正"))


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def election_withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take the sums of an election back."""
    election = _election(request, key)
    form = ReasonForm(entries.data(request))

    def write() -> Any:
        return actions.withdraw_count(election=election, **form.cleaned_data, by=doors.person(request), at=clock.now())

    note = _note(election.meeting)
    return _entered(request, _("撤回选举结果"), form, write, election, note=note, button=_("撤回"), danger=True)


@doors.needs(Permission.APPROVE)
@require_http_methods(ways.METHODS)
def election_revoke(request: HttpRequest, key: int) -> HttpResponse:
    """The superior takes the approval of an election back."""
    rows = Election.objects.visible_to(request.user).select_related("meeting__party_organization__area")
    election = get_object_or_404(rows, pk=key)
    if not access.covers(request.user, Permission.APPROVE, election.meeting.party_organization, write=True):
        raise PermissionDenied
    form = ReasonForm(entries.data(request))

    def write() -> Any:
        return revoking.revoke(election=election, **form.cleaned_data, by=doors.person(request), at=clock.now())

    note = _("任职和届次恢复到批复以前，选举结果重新等待批复。")
    return _entered(request, _("撤销选举批复"), form, write, election, note=note, button=_("撤销批复"), danger=True)


@doors.needs(Permission.LIFE_EDIT, Permission.APPROVE)
@require_POST
def see(request: HttpRequest, key: int) -> HttpResponse:
    """The superior has looked at a late correction."""
    rows = TotalsCorrection.objects.visible_to(request.user)
    found = rows.select_related("party_organization__area", "decision__meeting", "election__meeting")
    row = get_object_or_404(found, pk=key)
    if not meetings.superior(request.user, row.party_organization):
        raise PermissionDenied
    back = ways.there(row.decision.meeting) if row.decision is not None else ""
    if row.election is not None:
        back = reverse("party:election_detail", args=[row.election.pk])
    return ways.acted(
        request, back, lambda: actions.see(correction=row, by=doors.person(request), at=clock.now()), _("已标为看过。")
    )
