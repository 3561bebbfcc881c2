"""Sums beside the months: what members give of their own will (PB-FEE-05), and what the branch spends of its dues."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import refuse_if_blocked
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.models import DuesExtra, DuesUse, Member, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.rules.facts.dues import DuesFacts


@transaction.atomic
def give(
    *, party: PartyOrganization, member: Member, on: date, amount_fen: int, handed_up_on: date | None = None,
    receipt_no: str = "", by: Actor, at: datetime, confirmed: bool = False,
) -> DuesExtra:  # fmt: skip
    """A sum that a member paid of his own will beside his dues. A large one not handed up yet is doubted (PB-FEE-05).

    Zone internet holds no amounts of persons and refuses.
    """
    entering.require(by, Permission.LIFE_EDIT, party)
    if not queries.amounts():
        raise entering.refusal("DUES-ZONE", _("互联网区不存储党费基数和个人的党费数额，请在政务外网办理。"))
    entering.lock(parties=[party.pk], members=[member.pk])
    party, member = entering.living(party), entering.living_member(member)
    today = localdate(at)
    if on > today or (handed_up_on is not None and not on <= handed_up_on <= today):
        raise entering.refusal("DUES-DAY", _("交费、上缴的日期须依次，且不晚于今天。"), "on")
    if amount_fen <= 0:
        raise entering.refusal("DUES-SUM", _("数额须大于零。"), "amount_fen")
    if (handed_up_on is None) != (not receipt_no.strip()):
        raise entering.refusal("DUES-RECEIPT", _("上缴须同时填写日期和收据编号。"), "receipt_no")
    if member.pk not in {payer.member for payer in queries.payers(party, queries.first_day(on))}:
        raise entering.refusal("DUES-ELSEWHERE", _("这名党员当月的组织关系不在本支部。"), "member")
    facts = DuesFacts(extra_fen=amount_fen, handed_up=handed_up_on is not None)
    told = policy.evaluate(Moment.DUES_SAVE, facts, reading.limits(party, on), on)
    found = refuse_if_blocked(told, confirmed=confirmed)
    row = DuesExtra.objects.create(
        party_organization=party, member=member, on=on, amount_fen=amount_fen, handed_up_on=handed_up_on,
        receipt_no=receipt_no.strip()[:80], recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.DUES_EXTRA, entering.member_subject(member), by=by, at=at, findings=found,
        payload={"party": party.pk, "on": on.isoformat(), "note": row.receipt_no},
    )  # fmt: skip
    return row


@transaction.atomic
def use(
    *, party: PartyOrganization, on: date, purpose: str, amount_fen: int, approved_by: str, voucher_no: str = "",
    by: Actor, at: datetime,
) -> DuesUse:  # fmt: skip
    """Money spent out of the dues."""
    entering.require(by, Permission.LIFE_EDIT, party)
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    if on > localdate(at):
        raise entering.refusal("DUES-DAY", _("日期不能晚于今天。"), "on")
    if amount_fen <= 0:
        raise entering.refusal("DUES-SUM", _("金额须大于零。"), "amount_fen")
    if not purpose.strip() or not approved_by.strip():
        raise entering.refusal("DUES-USE", _("请写明事由和批准人。"), "purpose")
    row = DuesUse.objects.create(
        party_organization=party, on=on, purpose=purpose.strip()[:200], amount_fen=amount_fen,
        approved_by=approved_by.strip()[:60], voucher_no=voucher_no.strip()[:80], recorded_at=at,
        recorded_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.DUES_USED, entering.subject(party), by=by, at=at,
        payload={"on": on.isoformat(), "note": row.purpose, "amount_fen": amount_fen},
    )  # fmt: skip
    return row


@transaction.atomic
def void_use(*, row: DuesUse, reason: str, by: Actor, at: datetime) -> None:
    """Take back an entry about use that was a mistake."""
    entering.require(by, Permission.LIFE_EDIT, row.party_organization)
    entering.lock(parties=[row.party_organization_id])
    if len(reason.strip()) < 2:
        raise entering.refusal("DUES-REASON", _("请写明撤销的理由。"), "reason")
    if not DuesUse.objects.current().filter(pk=row.pk).update(superseded_at=at):
        raise entering.refusal("DUES-STALE", _("这条登记已被修改，请刷新后再试。"))
    events.record(
        Event.DUES_USE_VOIDED, entering.subject(row.party_organization), by=by, at=at,
        payload={"on": row.on.isoformat(), "note": row.purpose, "reason": reason.strip()[:200],
                 "amount_fen": row.amount_fen},
    )  # fmt: skip
