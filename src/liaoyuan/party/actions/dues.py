"""Dues: bases, the months of a branch, payments, reductions, large gifts, use (党费规定; handbook §2.9).

Nothing follows from arrears by itself: that somebody has not paid is shown, what the branch does is entered elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy, reads, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import entering
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.dues import DuesCategory
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Due, DuesBase, DuesWaiver, Member, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import own
from liaoyuan.party.rules.facts.dues import DuesFacts
from liaoyuan.registry.models import OPEN


@dataclass(frozen=True, slots=True)
class Built:
    """What building a month did: rows made and rows reckoned anew, and the members without a base."""

    made: int
    changed: int
    without_base: tuple[int, ...]


def _zone() -> None:
    if not queries.amounts():
        told = _("互联网区不存储党费基数和个人的党费数额，请在政务外网办理。")
        raise entering.refusal("DUES-ZONE", told)


def owes_here(party: PartyOrganization, member: Member, on: date) -> None:
    """Refuse unless the member owes the branch the day's month."""
    here = {payer.member for payer in queries.payers(party, queries.first_day(on))}
    if member.pk not in here:
        told = _("这名党员当月的组织关系不在本支部。")
        raise entering.refusal("DUES-ELSEWHERE", told, "member")


@transaction.atomic
def set_base(
    *, party: PartyOrganization, member: Member, category: str, base_fen: int | None, start: date, set_on: date,
    signed_on: date | None = None, by: Actor, at: datetime,
) -> DuesBase:  # fmt: skip
    """Settle by what a member's dues are reckoned from the month of `start` on (PB-FEE-02): yearly, or when the pay
    changed. Months not paid yet are reckoned anew. A month for which a base began already is corrected.
    """
    entering.require(by, Permission.MEMBERS_EDIT, party)
    _zone()
    entering.lock(parties=[party.pk], members=[member.pk])
    party, member = entering.living(party), entering.living_member(member)
    start, today = queries.first_day(start), localdate(at)
    if set_on > today or (signed_on is not None and signed_on > today):
        raise entering.refusal("DUES-DAY", _("核定和签字的日期不能晚于今天。"), "set_on")
    if category not in {str(c) for c in DuesCategory}:
        raise entering.refusal("DUES-CATEGORY", _("请选择交纳标准。"), "category")
    flat = category in queries.FLAT
    if not flat and not base_fen:
        raise entering.refusal("DUES-BASE", _("请填写党费基数。"), "base_fen")
    owes_here(party, member, max(start, today))
    known = DuesBase.objects.now_open().filter(member=member).first()
    if known is not None and start < known.valid_from:
        told = _("现行基数自 {first} 起，新的基数不能早于它。")
        raise entering.refusal("DUES-BASE-DAY", told, "start", first=f"{known.valid_from:%Y-%m}")
    if known is not None:
        end_row(known, start, at, by)
    row = DuesBase.objects.create(
        member=member, category=category, base="" if flat else queries.sealed(base_fen or 0), set_on=set_on,
        signed_on=signed_on, valid_from=start, valid_to=OPEN, recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    for month in _unpaid_months(party, member, start):
        _reckon_again(month, at, by)
    events.record(
        Event.DUES_BASE_SET, entering.member_subject(member), by=by, at=at,
        payload={"party": party.pk, "on": start.isoformat(), "changes": {"dues_base": [events.HIDDEN, events.HIDDEN]},
                 "category": category, "signed_on": entering.day(signed_on)},
    )  # fmt: skip
    return row


def _unpaid_months(party: PartyOrganization, member: Member, start: date) -> list[Due]:
    """Those that the branch, whose lock is held, has yet to collect."""
    rows = Due.objects.current().unpaid().filter(party_organization=party, member=member, month__gte=start)
    return list(rows.select_related("party_organization__area"))


def _reckon_again(row: Due, at: datetime, by: Actor) -> bool:
    """An unpaid month by the present base and reduction; whether that changed it. The caller holds the member."""
    told = queries.anew(row)
    if told:
        _again(row, at, by, **told)
    return bool(told)


def _again(row: Due, at: datetime, by: Actor, **told: Any) -> Due:
    """Supersede a month's row and write it again; the caller holds the lock."""
    Due.objects.filter(pk=row.pk).update(superseded_at=at)
    row.pk, row._state.adding, row.recorded_at = None, True, at
    row.recorded_by, row.superseded_at = entering.recorder(by), None
    for name, value in told.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


@transaction.atomic
def build(*, party: PartyOrganization, month: date, by: Actor, at: datetime) -> Built:
    """核定 what each member of the branch owes for a month. May be done again: what was missing is added, what is not
    paid yet is reckoned anew. Refused for other than branches, by PB-TMP-01, and before the month begins.
    """
    entering.require(by, Permission.LIFE_EDIT, party)
    month = queries.first_day(month)
    entering.lock(parties=[party.pk])
    payers = queries.payers(party, month)
    entering.lock(members=[payer.member for payer in payers])
    party = entering.living(party)
    if month > localdate(at):
        raise entering.refusal("DUES-MONTH", _("这个月还没有开始。"), "month")
    if reading.formation(party).form != Form.BRANCH:
        raise entering.refusal("DUES-BRANCH", _("党费由党支部收缴。"), "month")
    refuse_if_blocked(queries.collects(party, month))
    limits = queries.limits(party, month)
    keys = [payer.member for payer in payers]
    bases, waivers = queries.bases(keys, month), queries.waivers(keys, month)
    known = {row.member_id: row for row in Due.objects.current().filter(member__in=keys, month=month)
             .select_related("party_organization__area")}  # fmt: skip
    plan = policy.plan(Moment.DUES_BUILD, limits)
    made, changed, missing, told = [], 0, [], []
    for payer in payers:
        row = known.get(payer.member)
        if row is not None:
            own = row.party_organization_id == party.pk and row.paid_on is None
            changed += own and _reckon_again(row, at, by)
            continue
        base = bases.get(payer.member)
        found = queries.reckon(base, waivers.get(payer.member), limits)
        if found is None:
            missing.append(payer.member)
            continue
        told += plan.run(queries.told_of(payer, base, found, month), month)
        made.append(Due(
            party_organization=party, member_id=payer.member, month=month, category=found.category, rate=found.rate,
            due_fen=found.due_fen, waiver=found.waiver, recorded_at=at, recorded_by=entering.recorder(by),
        ))  # fmt: skip
    refuse_if_blocked(told)
    Due.objects.bulk_create(made)
    if made or changed:
        events.record(
            Event.DUES_BUILT, entering.subject(party), by=by, at=at,
            payload={"on": month.isoformat(), "rows": len(made), "changed": changed, "note": f"{month:%Y-%m}"},
        )  # fmt: skip
    return Built(len(made), changed, tuple(missing))


@transaction.atomic
def pay(
    *, party: PartyOrganization, keys: Iterable[int], on: date, payee: str = "", paid_fen: int | None = None,
    by: Actor, at: datetime, confirmed: bool = False,
) -> list[Due]:  # fmt: skip
    """Enter that members have paid their months (`keys` of rows): what was due, or `paid_fen` of one row.

    Rows that are paid already, or not of this branch, are passed over. Less than is due is refused: a reduction comes
    first (PB-FEE-03). Much more is doubted (PB-FEE-05).
    """
    entering.require(by, Permission.LIFE_EDIT, party)
    if on > localdate(at):
        raise entering.refusal("DUES-PAID-DAY", _("交费日期不能晚于今天。"), "on")
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    rows = list(Due.objects.current().unpaid().filter(party_organization=party, pk__in=list(keys)).order_by("pk"))
    if paid_fen is not None and queries.amounts() is False:
        _zone()
    told: list[Finding] = []
    for row in rows:
        given = row.due_fen if paid_fen is None or row.due_fen is None else paid_fen
        if row.due_fen is not None and given is not None:
            told += _sum(row.due_fen, given, party, on)
    refuse_if_blocked(told, confirmed=confirmed)
    who = payee.strip()[:60] or str(getattr(by, "display_name", "") or by.username)[:60]
    done = []
    for row in rows:
        given = row.due_fen if paid_fen is None or row.due_fen is None else paid_fen
        done.append(_again(row, at, by, paid_on=on, paid_fen=given, payee=who))
        events.record(
            Event.DUES_PAID, _member(row), by=by, at=at, findings=told,
            payload={"party": party.pk, "on": on.isoformat(), "note": f"{row.month:%Y-%m}"},
        )  # fmt: skip
    return done


def _sum(due: int, given: int, party: PartyOrganization, on: date) -> list[Finding]:
    if given < due:
        raise entering.refusal("DUES-SHORT", _("实交不能少于应交；少交或免交须先办减免。"), "paid_fen")
    facts = DuesFacts(extra_fen=given - due)
    return policy.evaluate(Moment.DUES_SAVE, facts, reading.limits(party, on), on)


def _member(row: Due) -> tuple[str, str, str]:
    return entering.member_subject(Member.objects.get(pk=row.member_id))


@transaction.atomic
def unpay(*, row: Due, reason: str, by: Actor, at: datetime) -> Due:
    """Take a payment back that was entered by mistake; a paid row of the past stays as it was recorded."""
    entering.require(by, Permission.LIFE_EDIT, row.party_organization)
    entering.lock(parties=[row.party_organization_id])
    entering.living(row.party_organization)
    found = Due.objects.current().filter(pk=row.pk, paid_on__isnull=False).first()
    if found is None:
        raise entering.refusal("DUES-STALE", _("这笔交费登记已被修改，请刷新后再试。"))
    if len(reason.strip()) < 2:
        raise entering.refusal("DUES-REASON", _("请写明撤销的理由。"), "reason")
    month = found.month
    made = _again(found, at, by, paid_on=None, paid_fen=None, payee="")
    events.record(
        Event.DUES_UNPAID, _member(made), by=by, at=at,
        payload={"party": made.party_organization_id, "note": f"{month:%Y-%m}", "reason": reason.strip()[:200]},
    )  # fmt: skip
    return made


@transaction.atomic
def waive(
    *, party: PartyOrganization, member: Member, first_month: date, last_month: date, due_fen: int | None,
    applied_on: date, agreed_on: date | None, approval: str, approved_on: date | None, by: Actor, at: datetime,
) -> DuesWaiver:  # fmt: skip
    """Enter a reduction that the basic committee has approved (PB-FEE-03); its staff enters it. Unpaid months of its
    span are reckoned anew. Another reduction of these months must have ended before.
    """
    entering.require(by, Permission.EDIT, party)
    entering.lock(parties=[party.pk], members=[member.pk])
    party, member = entering.living(party), entering.living_member(member)
    facts = DuesFacts(waived=True, branch_agreed_on=agreed_on, committee_approval=approval.strip())
    on = approved_on or localdate(at)
    found = refuse_if_blocked(policy.evaluate(Moment.DUES_WAIVE, facts, reading.limits(party, on), on))
    if agreed_on is None or approved_on is None or not approval.strip():  # whatever the rule weighs
        raise entering.refusal("DUES-WAIVER", _("请填写党支部讨论日期、批准文号和批准日期。"), "approval")
    if not applied_on <= agreed_on <= approved_on <= localdate(at):
        told = _("本人申请、党支部讨论、上级批准的日期须依次，且不晚于今天。")
        raise entering.refusal("DUES-WAIVER-DAYS", told, "approved_on")
    first, last = queries.first_day(first_month), queries.first_day(last_month)
    if last < first:
        raise entering.refusal("DUES-WAIVER-MONTHS", _("截止月不能早于起始月。"), "last_month")
    if queries.amounts() and due_fen is None:
        raise entering.refusal("DUES-WAIVER-SUM", _("请填写减免后每月应交的数额，免交填 0。"), "due_fen")
    rows = DuesWaiver.objects.current().filter(member=member, first_month__lte=last, last_month__gte=first)
    if rows.exists():
        raise entering.refusal("DUES-WAIVED", _("这些月份已有一次减免。"), "first_month")
    owes_here(party, member, first)
    row = DuesWaiver.objects.create(
        party_organization=party, member=member, first_month=first, last_month=last,
        due_fen=due_fen if queries.amounts() else None, applied_on=applied_on, agreed_on=agreed_on,
        approval=approval.strip()[:80], approved_on=approved_on, recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    for month in _unpaid_months(party, member, first):
        if month.month <= last:
            _reckon_again(month, at, by)
    events.record(
        Event.DUES_WAIVED, entering.member_subject(member), by=by, at=at, findings=found,
        payload={"party": party.pk, "on": first.isoformat(), "note": row.approval},
    )  # fmt: skip
    return row


def may_reveal(by: Actor, party: PartyOrganization) -> bool:
    """Whether the user may have a base of the branch's members shown: who settles it there, where the zone shows it."""
    if not zones.allowed(settings.ZONE, queries.BASE, zones.Op.SHOW):
        return False
    return access.covers(by, Permission.MEMBERS_EDIT, party, write=True)


@transaction.atomic
def reveal(*, party: PartyOrganization, member: Member, reason: str, by: Actor, at: datetime) -> int | None:
    """A member's present base in fen; the read is logged first. Refused without a reason."""
    if not may_reveal(by, party):
        raise PermissionDenied(str(Permission.MEMBERS_EDIT))
    owes_here(party, member, localdate(at))
    reads.revealed(entering.member_subject(member), field="dues_base", reason=reason, by=by, at=at)
    row = DuesBase.objects.now_open().filter(member=member).first()
    return queries.clear(row) if row is not None else None


@transaction.atomic
def reveal_own(*, member: Member, by: Actor, at: datetime) -> int | None:
    """A member's own base in fen, shown to himself; logged like any other read."""
    if not own.is_member(by, member) or not zones.allowed(settings.ZONE, queries.BASE, zones.Op.SHOW):
        raise PermissionDenied("dues_base")
    reads.revealed(entering.member_subject(member), field="dues_base", reason=_("本人查看"), by=by, at=at)
    row = DuesBase.objects.now_open().filter(member=member).first()
    return queries.clear(row) if row is not None else None
