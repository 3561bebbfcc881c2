"""Votes and elections of meetings: put, closed with totals; candidates, sums, the superior's approval."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import deciding, elections
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import (
    ELECTED_TITLES,
    ELECTION_STATE_TITLES,
    ElectionState,
    MeetingKind,
    MeetingState,
    Method,
)
from liaoyuan.party.choices.organizations import OfficerKind
from liaoyuan.party.forms import decisions as forms
from liaoyuan.party.models import Applicant, Candidate, Decision, Election
from liaoyuan.party.queries import corrections, decided, meetings, organizations, voters
from liaoyuan.party.queries import elections as asking
from liaoyuan.party.views import ways
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_SECRET = gettext_lazy("只登记总票数。系统不记录任何人投了什么票。")


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a matter to the vote."""
    meeting = ways.writable(request, pk)
    kinds = meetings.DECIDES.get(MeetingKind(meeting.kind), ())
    people = ways.people(meeting.party_organization, meeting.held_on)
    matters = decided.matters(meeting) if access.has(request.user, Permission.MEMBERS_VIEW) else []
    form = forms.DecisionForm(entries.data(request), kinds=kinds, people=people, matters=matters)

    def write() -> Any:
        told, about = dict(form.cleaned_data), form.about()
        told.pop("matter", None)
        if about is not None:
            told |= {"applicant": get_object_or_404(Applicant.objects.visible_to(request.user), pk=about[0]),
                     "step": about[1]}  # fmt: skip
        return deciding.put(
            meeting=meeting, member=ways.member(told.pop("member")), **told, by=doors.person(request), at=clock.now()
        )

    note = _("提交后到会情况不再改动。接收和转正逐人无记名投票。")
    return ways.entered(
        request, _("提交表决"), form, write, name=meetings.title(meeting), back=ways.there(meeting), note=note,
        button=_("提交表决"), steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def decision_close(request: HttpRequest, key: int) -> HttpResponse:
    """Enter the totals."""
    rows = Decision.objects.visible_to(request.user).select_related("meeting__party_organization__area")
    decision = get_object_or_404(rows, pk=key)
    meeting = ways.writable(request, decision.meeting_id)
    hands = decision.method == Method.HANDS
    first = {} if hands else {"issued": decision.present + decision.written}
    form = forms.TotalsForm(entries.data(request), hands=hands, initial=first)

    def write() -> Any:
        return deciding.close(decision=decision, **form.cleaned_data, by=doors.person(request), at=clock.now())

    told = _("应到 {expected} 名，实到 {present} 名，参加表决 {most} 名。")
    told = told.format(expected=decision.expected, present=decision.present, most=decision.present + decision.written)
    return ways.entered(
        request, _("登记表决结果"), form, write, name=decision.subject, back=ways.there(meeting),
        note=f"{told}{_SECRET}", steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


COLUMNS = (
    Column("branch", gettext_lazy("党支部"), fixed=True, link=link_to("party:election_detail")),
    Column("post", gettext_lazy("选举职务"), value=lambda e: _(ELECTED_TITLES[e.post])),
    Column("seats", gettext_lazy("应选名额"), kind="number"),
    Column("meeting.held_on", gettext_lazy("选举日期"), kind="date"),
    Column("state", gettext_lazy("状态"), value=lambda e: _(ELECTION_STATE_TITLES[e.state])),
    Column("approval", gettext_lazy("批复文号")),
)


@doors.needs(Permission.VIEW)
@require_safe
def election_list(request: HttpRequest) -> HttpResponse:
    """Elections within reach, newest first."""
    state = TableState.from_request(request, COLUMNS, per_page=20)
    wanted = request.GET.get("state", "")
    rows: Any = Election.objects.visible_to(request.user).select_related("meeting").order_by("-meeting__held_on", "-pk")
    if wanted in list(ElectionState):
        rows = rows.filter(state=wanted)
    page = state.page_of(rows)
    names = organizations.names(e.meeting.party_organization_id for e in page.items)
    for election in page.items:
        election.branch = names.get(election.meeting.party_organization_id, "")
    shown = [(_("全部"), state.query(state=None), wanted not in list(ElectionState), None)]
    shown += [(_(ELECTION_STATE_TITLES[s]), state.query(state=str(s)), wanted == s, None) for s in ElectionState]
    told = {"title": _("选举"), "crumbs": ways.crumbs((_("选举"), "")), "table": state.table(page), "tabs": shown}
    return render(request, "party/election_list.html", told)


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def election_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an election at a meeting."""
    meeting = ways.writable(request, pk)
    posts = [OfficerKind.SECRETARY, OfficerKind.VICE]
    if meeting.kind == MeetingKind.MEMBERS:
        posts.insert(0, OfficerKind.MEMBER)
    keys = asking.eligible(meeting, str(posts[0]))
    names = voters.names(keys)
    limits = organizations.limits(meeting.party_organization, meeting.held_on)
    few = (meeting.expected or 0) < int(limits.get("pb.off.committee_from", 0))
    first = OfficerKind.SECRETARY if few else posts[0]
    form = forms.ElectionForm(
        entries.data(request), posts=posts, people=[(k, names.get(k, "")) for k in keys],
        initial={"post": str(first), "seats": 1 if first == OfficerKind.SECRETARY else None},
    )  # fmt: skip

    def write() -> Any:
        told = dict(form.cleaned_data)
        return elections.start(
            meeting=meeting, candidates=ways.chosen(told.pop("candidates")), **told, by=doors.person(request),
            at=clock.now(), confirmed="confirmed" in request.POST,
        )  # fmt: skip

    note = _("委员候选人比应选名额多 20% 以上；书记、副书记可以等额选举。到会须达到应到会的五分之四。")
    return ways.entered(
        request, _("开始选举"), form, write, name=meetings.title(meeting), back=ways.there(meeting), note=note,
        onward=lambda done: reverse("party:election_detail", args=[done.pk]), button=_("开始选举"),
        steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


def _election(request: HttpRequest, key: int) -> Election:
    rows = Election.objects.visible_to(request.user).select_related("meeting__party_organization__area")
    return get_object_or_404(rows, pk=key)


@doors.needs(Permission.VIEW)
@require_safe
def election_detail(request: HttpRequest, key: int) -> HttpResponse:
    """One election: the papers, the candidates with their sums where they may be shown, the approval."""
    election = _election(request, key)
    meeting, party = election.meeting, election.meeting.party_organization
    limits = organizations.limits(party, meeting.held_on)
    named = access.covers(request.user, Permission.MEMBERS_VIEW, party, write=False)
    rows = list(Candidate.objects.filter(election=election).order_by("member")) if named else []
    names = voters.names(row.member_id for row in rows)
    return render(
        request,
        "party/election_detail.html",
        {
            "title": _("选举{post}").format(post=_(ELECTED_TITLES[election.post])),  # type: ignore[index]
            "crumbs": ways.crumbs((_("选举"), reverse("party:election_list")), (ways.name_of(party), "")),
            "election": election,
            "meeting": meeting,
            "meeting_title": meetings.title(meeting),
            "branch": ways.name_of(party),
            "state": _(ELECTION_STATE_TITLES[election.state]),  # type: ignore[index]
            "shown": meetings.totals_shown(request.user, election, limits),
            "candidates": [(names.get(row.member_id, ""), row) for row in rows],
            "chosen": sum(bool(row.elected) for row in rows),
            "count": meetings.may_write(request.user, party) and election.state == ElectionState.OPEN
            and meeting.state == MeetingState.HELD,
            "correct": election.state != ElectionState.OPEN and corrections.may_correct(request.user, election),
            "corrections": _corrections(election, named=named),
            "superior": meetings.superior(request.user, party),
            "revoke": election.state == ElectionState.CONFIRMED
            and access.covers(request.user, Permission.APPROVE, party, write=True),
            "confirm": election.state == ElectionState.COUNTED
            and organizations.leads(request.user, Permission.APPROVE, party),
        },
    )  # fmt: skip


def _corrections(election: Election, *, named: bool) -> list[tuple[Any, list[tuple[str, Any, Any]]]]:
    """What stood there before each correction, with the candidates' names."""
    rows = corrections.of_meeting([election], "election").get(election.pk, [])
    names = voters.names(key for row in rows for key, _yes, _elected in row.sums) if named else {}
    return [(row, [(names.get(key, ""), yes, elected) for key, yes, elected in row.sums]) for row in rows]


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def election_count(request: HttpRequest, key: int) -> HttpResponse:
    """Enter the sums."""
    election = _election(request, key)
    meeting = ways.writable(request, election.meeting_id)
    rows = list(Candidate.objects.filter(election=election).order_by("member"))
    names = voters.names(row.member_id for row in rows)
    form = forms.CountForm(entries.data(request), candidates=rows, names=names, initial={"issued": election.present})
    back = reverse("party:election_detail", args=[key])

    def write() -> Any:
        told = form.cleaned_data
        papers = {name: told[name] for name in ("issued", "returned", "spoiled")}
        return elections.count(election=election, **papers, sums=form.sums(), by=doors.person(request), at=clock.now())

    told = _("实到 {present} 名，应选 {seats} 名。收回多于发出的，选举无效。")
    told = told.format(present=election.present, seats=election.seats)
    return ways.entered(
        request, _("登记选举结果"), form, write, name=meetings.title(meeting), back=back, note=f"{told}{_SECRET}"
    )


@doors.needs(Permission.APPROVE)
@require_http_methods(ways.METHODS)
def election_confirm(request: HttpRequest, key: int) -> HttpResponse:
    """Enter the superior's approval: the elected take office."""
    election = _election(request, key)
    party = election.meeting.party_organization
    if not organizations.leads(request.user, Permission.APPROVE, party):
        raise PermissionDenied
    form = forms.ApprovalForm(entries.data(request))

    def write() -> Any:
        return elections.confirm(
            election=election, **form.cleaned_data, by=doors.person(request), at=clock.now(),
            confirmed="confirmed" in request.POST,
        )  # fmt: skip

    return ways.entered(
        request, _("批复选举结果"), form, write, name=ways.name_of(party),
        back=reverse("party:election_detail", args=[key]), button=_("批复"),
        note=_("当选人自选举之日任职，原任职务同日结束，开始新的一届。"),
    )  # fmt: skip
