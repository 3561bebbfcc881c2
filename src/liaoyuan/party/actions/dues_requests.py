"""Applications for a reduction (asked, discussed, granted or refused), and the branch's look into unpaid months.

Nothing here happens by itself: a person asks, a person opens the matter, after the member was heard.
"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.party.actions import dues, entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.dues import RequestState, StudyOutcome
from liaoyuan.party.models import DuesRequest, DuesStudy, Member, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import own


def _branch_itself(by: Actor, party: PartyOrganization) -> None:
    """Refuse unless `by` keeps this branch by a grant over it alone."""
    if not queries.keeps_itself(by, party):
        raise PermissionDenied(str(Permission.LIFE_EDIT))


@transaction.atomic
def ask(
    *, party: PartyOrganization, member: Member, first_month: date, last_month: date, wished_fen: int | None = None,
    applied_on: date, by: Actor, at: datetime,
) -> DuesRequest:  # fmt: skip
    """A member asks to pay less: he himself, or the branch on his paper."""
    mine = own.is_member(by, member)
    if not mine:
        entering.require(by, Permission.LIFE_EDIT, party)
    entering.lock(parties=[party.pk], members=[member.pk])
    party, member = entering.living(party), entering.living_member(member)
    if applied_on > localdate(at):
        raise entering.refusal("DUES-ASK-DAY", _("申请日期不能晚于今天。"), "applied_on")
    first, last = queries.first_day(first_month), queries.first_day(last_month)
    if last < first:
        raise entering.refusal("DUES-WAIVER-MONTHS", _("截止月不能早于起始月。"), "last_month")
    if queries.amounts() and wished_fen is None:
        raise entering.refusal("DUES-WAIVER-SUM", _("请填写每月交纳的数额，免交填 0。"), "wished_fen")
    if DuesRequest.objects.under_way().filter(member=member).exists():
        raise entering.refusal("DUES-ASKED", _("这名党员已有一份减免申请正在办理。"), "first_month")
    dues.owes_here(party, member, max(first, localdate(at)))
    row = DuesRequest.objects.create(
        party_organization=party, member=member, first_month=first, last_month=last,
        wished_fen=wished_fen if queries.amounts() else None, applied_on=applied_on, own=mine, made_at=at,
        made_by=entering.recorder(by),
    )  # fmt: skip
    _told(row, Event.DUES_ASKED, by=by, at=at, on=applied_on)
    return row


def _told(row: DuesRequest, event: Event, *, by: Actor, at: datetime, on: date) -> None:
    payload = {"party": row.party_organization_id, "on": on.isoformat(), "note": f"{row.first_month:%Y-%m}"}
    events.record(event, entering.member_subject(row.member), by=by, at=at, payload=payload)


def _locked(row: DuesRequest, version: int | None, *states: RequestState) -> DuesRequest:
    entering.lock(parties=[row.party_organization_id], members=[row.member_id])
    rows = DuesRequest.objects.select_for_update(of=("self",)).select_related("party_organization__area", "member")
    found = rows.get(pk=row.pk)
    if version is not None and found.version != version:
        raise entering.refusal("DUES-ASK-STALE", _("您打开页面之后，别人修改了这份申请。请核对最新内容后再办理。"))
    if found.state not in states:
        raise entering.refusal("DUES-ASK-STATE", _("这份申请现在不能这样办理。"))
    return found


def _saved(row: DuesRequest) -> DuesRequest:
    row.version += 1
    row.save()
    return row


@transaction.atomic
def agree(*, row: DuesRequest, on: date, version: int | None = None, by: Actor, at: datetime) -> DuesRequest:
    """The branch has discussed it and agrees: it goes to the basic committee."""
    entering.require(by, Permission.LIFE_EDIT, row.party_organization)
    row = _locked(row, version, RequestState.ASKED)
    if not row.applied_on <= on <= localdate(at):
        told = _("讨论日期须在申请日期 {first} 至今天之间。")
        raise entering.refusal("DUES-AGREE-DAY", told, "on", first=row.applied_on.isoformat())
    row.state, row.agreed_on = str(RequestState.AGREED), on
    _told(_saved(row), Event.DUES_AGREED, by=by, at=at, on=on)
    return row


@transaction.atomic
def grant(
    *, row: DuesRequest, approval: str, approved_on: date, due_fen: int | None = None, version: int | None = None,
    by: Actor, at: datetime,
) -> DuesRequest:  # fmt: skip
    """The basic committee agrees: the reduction is entered with its paper, unpaid months are reckoned anew."""
    entering.require(by, Permission.EDIT, row.party_organization)
    row = _locked(row, version, RequestState.AGREED)
    row.waiver = dues.waive(
        party=row.party_organization, member=row.member, first_month=row.first_month, last_month=row.last_month,
        due_fen=row.wished_fen if due_fen is None else due_fen, applied_on=row.applied_on, agreed_on=row.agreed_on,
        approval=approval, approved_on=approved_on, by=by, at=at,
    )  # fmt: skip
    row.state, row.ended_on = str(RequestState.GRANTED), approved_on
    return _saved(row)


@transaction.atomic
def refuse(*, row: DuesRequest, on: date, version: int | None = None, by: Actor, at: datetime) -> DuesRequest:
    """The branch, or after it the committee, does not agree. Why is told by word of mouth, and not kept."""
    row = _locked(row, version, RequestState.ASKED, RequestState.AGREED)
    first = row.agreed_on or row.applied_on
    permission = Permission.LIFE_EDIT if row.state == RequestState.ASKED else Permission.EDIT
    entering.require(by, permission, row.party_organization)
    if not first <= on <= localdate(at):
        told = _("日期须在 {first} 至今天之间。")
        raise entering.refusal("DUES-ASK-END", told, "on", first=first.isoformat())
    row.state, row.ended_on = str(RequestState.REFUSED), on
    _told(_saved(row), Event.DUES_ASK_ENDED, by=by, at=at, on=on)
    return row


@transaction.atomic
def withdraw(*, row: DuesRequest, version: int | None = None, by: Actor, at: datetime) -> DuesRequest:
    """The member takes his application back."""
    if not own.is_member(by, row.member):
        entering.require(by, Permission.LIFE_EDIT, row.party_organization)
    row = _locked(row, version, RequestState.ASKED, RequestState.AGREED)
    row.state, row.ended_on = str(RequestState.WITHDRAWN), localdate(at)
    _told(_saved(row), Event.DUES_ASK_ENDED, by=by, at=at, on=localdate(at))
    return row


@transaction.atomic
def open_study(
    *, party: PartyOrganization, member: Member, heard_on: date, on: date, by: Actor, at: datetime
) -> DuesStudy:
    """The branch looks into months that were not paid. Refused before so many are, and unless the member was heard."""
    _branch_itself(by, party)
    entering.lock(parties=[party.pk], members=[member.pk])
    party, member = entering.living(party), entering.living_member(member)
    unpaid = [month for who, month in queries.months_owed([party.pk], on).get(party.pk, []) if who == member.pk]
    least = queries.late_months(queries.limits(party, queries.first_day(on)))[1]
    if on > localdate(at):
        raise entering.refusal("DUES-STUDY-DAY", _("日期不能晚于今天。"), "on")
    if len(unpaid) < least:
        told = _("这名党员未交党费不满 {least} 个月，请先提醒、谈话。")
        raise entering.refusal("DUES-STUDY-EARLY", told, "member", least=least)
    if not unpaid[0] <= heard_on <= on:
        told = _("须先听取本人说明：日期在 {first} 至提交研究之日之间。")
        raise entering.refusal("DUES-STUDY-HEARD", told, "heard_on", first=unpaid[0].isoformat())
    if DuesStudy.objects.standing().filter(member=member).exists():
        raise entering.refusal("DUES-STUDY-TWICE", _("这名党员的情况正在研究。"), "member")
    row = DuesStudy.objects.create(
        party_organization=party, member=member, heard_on=heard_on, opened_on=on, months=len(unpaid), made_at=at,
        made_by=entering.recorder(by),
    )  # fmt: skip
    _studied(row, Event.DUES_STUDY_OPENED, by=by, at=at, on=on)
    return row


def _studied(row: DuesStudy, event: Event, *, by: Actor, at: datetime, on: date) -> None:
    """The event names the branch, whose log others read, and no member."""
    payload = {"study": row.pk, "on": on.isoformat()}
    events.record(event, entering.subject(row.party_organization), by=by, at=at, payload=payload)


@transaction.atomic
def end_study(
    *, row: DuesStudy, outcome: str, on: date, document: str = "", version: int | None = None, by: Actor, at: datetime
) -> DuesStudy:
    """What the branch came to. Nothing changes by it: not the roster, not a right."""
    _branch_itself(by, row.party_organization)
    entering.lock(parties=[row.party_organization_id], members=[row.member_id])
    found = DuesStudy.objects.select_for_update(of=("self",)).select_related("party_organization").get(pk=row.pk)
    if found.outcome or (version is not None and found.version != version):
        raise entering.refusal("DUES-STUDY-STALE", _("这件研究已有结果，请刷新后再看。"))
    if outcome not in {str(o) for o in StudyOutcome}:
        raise entering.refusal("DUES-STUDY-OUTCOME", _("请选择研究结果。"), "outcome")
    if not found.opened_on <= on <= localdate(at):
        told = _("日期须在 {first} 至今天之间。")
        raise entering.refusal("DUES-STUDY-END", told, "on", first=found.opened_on.isoformat())
    if outcome == StudyOutcome.UPWARD and not document.strip():
        raise entering.refusal("DUES-STUDY-PAPER", _("报上级党委须填写报告文号。"), "document")
    found.outcome, found.ended_on, found.document = outcome, on, document.strip()[:80]
    found.version += 1
    found.save()
    _studied(found, Event.DUES_STUDY_ENDED, by=by, at=at, on=on)
    return found


def may_decide(by: Actor, row: DuesRequest) -> bool:
    """Whether the user works for the committee that decides."""
    return access.covers(by, Permission.EDIT, row.party_organization, write=True)
