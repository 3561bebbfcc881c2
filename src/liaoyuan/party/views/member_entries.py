"""Entering and correcting members, their participations, their leaving, votes and accounts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import accounts, affiliations, members, pauses
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import SORTED, Stage
from liaoyuan.party.forms import members as forms
from liaoyuan.party.models import MemberAccount, PartyOrganization, VotingPause
from liaoyuan.party.queries import listing, organizations, secrets
from liaoyuan.party.queries import members as reading
from liaoyuan.party.views import steps

SECTIONS = (
    (gettext_lazy("党员"), ("name", "gender", "id_number", "birth", "ethnicity", "native_place", "admitted_on",
                            "confirmed_on", "evidence")),
    (gettext_lazy("组织关系"), ("kind", "start", "body", "full_time", "outside_name", "home_contact", "consented_on",
                                "transfer_due_on", "purpose", "planned_end")),
    (gettext_lazy("学历和工作"), ("education", "degree", "school", "worked_since", "job", "work_time", "category",
                                  "skills")),
    (gettext_lazy("联系和其他"), ("mobile", "home_address", "police_station", "floating_note", "note")),
)  # fmt: skip


def _sections(form: Any) -> list[tuple[str, list[str]]]:
    told = [(str(head), [name for name in names if name in form.fields]) for head, names in SECTIONS]
    return [(head, names) for head, names in told if names]


def _writable(request: HttpRequest) -> list[tuple[PartyOrganization, str]]:
    return listing.parties(request.user, Permission.MEMBERS_EDIT)


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def choose(request: HttpRequest) -> HttpResponse:
    """Which party organization a new member belongs to; whoever writes for one only goes on at once."""
    known = _writable(request)
    if len(known) == 1:
        return redirect("party:member_new", known[0][0].pk)
    form = forms.PartyForm(steps.posted(request), parties=[(party.pk, name) for party, name in known])
    if form.is_bound and form.is_valid():
        return redirect("party:member_new", form.cleaned_data["party"])
    name = _("先选择党组织") if known else _("您能编辑的范围里还没有党组织。")
    return steps.page(
        request, _("新增党员"), form, [], name=name, back=reverse(steps.LIST), button=_("下一步")
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def create(request: HttpRequest, party: int) -> HttpResponse:
    """Enter a member that a party organization tells of."""
    found = PartyOrganization.objects.living().visible_to(request.user).filter(pk=party).first()
    if found is None:
        raise Http404
    if not access.covers(request.user, Permission.MEMBERS_EDIT, found, write=True):
        raise PermissionDenied
    form = forms.EnterForm(steps.posted(request))

    def write() -> Any:
        told = form.cleaned_data
        body = steps.body_of(form, told["body"])
        if form.errors:
            return None
        return members.enter(
            party=found, kind=told["kind"], fields=form.told(), organization=body, start=told["start"],
            tie={**form.tie(), "evidence": told["evidence"]}, outside_name=told["outside_name"],
            by=doors.person(request), at=clock.now(), confirmed=steps.confirmed(request),
        )  # fmt: skip

    return steps.entered(
        request, _("新增党员"), form, write, name=organizations.name_of(found), back=reverse(steps.LIST),
        onward=lambda member: steps.there(member.pk), sections=_sections(form),
        note=_("党员身份只由党组织凭文件填报；不从别的资料推断，也不向群众询问。"),
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is told of the member; who keeps his file only."""
    member = steps.kept(request, pk)
    record = reading.current(member)
    shown = {name: getattr(record, name) for name in forms.MemberForm.base_fields
             if name not in secrets.STAGED and hasattr(record, name)}  # fmt: skip
    shown |= {name: reading.shown_day(record, name) for name in ("worked_since", "admitted_on", "confirmed_on")}
    form = forms.CorrectForm(steps.posted(request), initial=shown)

    def write() -> Any:
        given = {n: v for n, v in form.told().items() if n not in secrets.STAGED or v}
        return members.correct(
            member=member, fields=given, version=steps.version(request), by=doors.person(request), at=clock.now(),
            confirmed=steps.confirmed(request),
        )  # fmt: skip

    return _about(request, _("更正党员资料"), form, write, pk, record.name, member.version, sections=_sections(form))


def _about(
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], pk: int, name: str, version: int | None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    there = steps.there(pk)
    return steps.entered(
        request, title, form, write, name=name, back=there, steps=[(name, there)], version=version, **more
    )


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Another affiliation of the member: dual, floating, on duty, resident."""
    member = steps.seen(request, pk)
    known = {party.pk: (party, name) for party, name in _writable(request)}
    form = forms.JoinForm(steps.posted(request), parties=[(key, name) for key, (_party, name) in known.items()])

    def write() -> Any:
        told = form.cleaned_data
        body = steps.body_of(form, told["body"])
        if form.errors:
            return None
        return affiliations.join(
            member=member, party=known[told["party"]][0], kind=told["kind"], organization=body, start=told["start"],
            fields=form.tie(), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    name = reading.current(member).name
    return _about(request, _("登记组织关系"), form, write, pk, name, None)


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def advance(request: HttpRequest, key: int) -> HttpResponse:
    """The next stage of sorting out. 已转入 is reached by an accepted transfer only."""
    row = steps.row(request, key)
    if row.kind not in list(SORTED) or not row.stage or row.stage == Stage.MOVED:
        raise Http404
    form = forms.StageForm(steps.posted(request), stage=row.stage, initial={"on": clock.today()})

    def write() -> Any:
        told = form.cleaned_data
        more = {name: told[name] for name in ("consented_on", "transfer_due_on") if told[name]}
        more = affiliations.with_due(more, row.party_organization, row.kind, told["on"])
        return affiliations.advance(
            row=row, stage=told["stage"], on=told["on"], fields=more, by=doors.person(request), at=clock.now()
        )  # fmt: skip

    name = reading.current(row.member).name
    return _about(request, _("双隶属阶段变更"), form, write, row.member_id, name, None)


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def end(request: HttpRequest, key: int) -> HttpResponse:
    """A participation ends."""
    row = steps.row(request, key)
    form = forms.EndForm(steps.posted(request), initial={"on": clock.today()})
    keep = reading.keeper(row.member)

    def write() -> Any:
        return affiliations.leave(
            row=row, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    name = reading.current(row.member).name
    still = keep is not None and keep.pk != row.party_organization_id
    return _about(
        request, _("结束组织关系"), form, write, row.member_id, name, None, danger=True,
        onward=lambda _done: steps.there(row.member_id) if still else reverse(steps.LIST),
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The member leaves every party organization of this register."""
    member = steps.kept(request, pk)
    form = forms.LeaveForm(steps.posted(request))

    def write() -> Any:
        told = form.cleaned_data
        return members.leave(
            member=member, on=told["on"], reason=told["reason"], evidence=told["evidence"],
            version=steps.version(request), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return _about(
        request, _("离开党组织"), form, write, pk, reading.current(member).name, member.version, danger=True,
        onward=lambda _done: reverse(steps.LIST),
        note=_("转到本系统内其他党组织的，请办理组织关系转接，不在这里办理。离开后名册里不再显示。"),
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def voting(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend the member's vote, or give it back."""
    member = steps.kept(request, pk)
    if not pauses.held():
        raise Http404
    paused = VotingPause.objects.now_open().filter(member=member).exists()
    form = forms.DayForm(steps.posted(request), initial={"on": clock.today()})

    def write() -> Any:
        act: Callable[..., Any] = pauses.resume if paused else pauses.pause
        on: date = form.cleaned_data["on"]
        return act(member=member, on=on, version=steps.version(request), by=doors.person(request), at=clock.now())

    title = _("恢复表决权") if paused else _("暂停表决权")
    return _about(
        request, title, form, write, pk, reading.current(member).name, member.version,
        note=_("只记起止日期，不记原因。暂停期间不计入应到会有表决权的人数。"),
    )  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(steps.METHODS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Which account is the member's own; with a link already: end it."""
    member = steps.kept(request, pk)
    link = MemberAccount.objects.filter(member=member).select_related("user").first()
    name = reading.current(member).name
    if link is not None:
        nothing = forms.EmptyForm(steps.posted(request))
        return _about(
            request, _("取消关联本人账号"), nothing,
            lambda: accounts.unlink(member=member, by=doors.person(request), at=clock.now()), pk, name, None,
            danger=True, button=_("取消关联"), note=_("现在关联的登录名：{name}").format(name=link.user.username),
        )  # fmt: skip
    form = forms.AccountForm(steps.posted(request))

    def write() -> Any:
        return accounts.link(
            member=member, username=form.cleaned_data["username"], version=steps.version(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return _about(
        request, _("关联本人账号"), form, write, pk, name, member.version,
        note=_("关联后，这个账号可以看到本人的党员信息。请先当面核对登录名。"),
    )  # fmt: skip
