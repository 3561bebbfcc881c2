"""Transfers of the formal affiliation: planned, letter issued, accepted or refused, issued anew (handbook §2.7).

Until a transfer is accepted the sender stays responsible: the formal affiliation moves on the day of acceptance.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import affiliations, applicants, entering, life, officers
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.members import AffiliationKind, Stage, TransferState
from liaoyuan.party.models import Affiliation, Member, PartyOrganization, Transfer
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import transfers as queries
from liaoyuan.party.rules.facts.affiliation import AffiliationFacts
from liaoyuan.registry.models import Organization


def _require_either(by: Actor, *parties: PartyOrganization | None) -> None:
    """Refuse unless `by` may write the roster of one of the party organizations."""
    there = [party for party in parties if party is not None]
    if not any(access.covers(by, Permission.MEMBERS_EDIT, party, write=True) for party in there):
        raise PermissionDenied(str(Permission.MEMBERS_EDIT))


@transaction.atomic
def plan(
    *, member: Member, target: PartyOrganization | None, target_name: str = "",
    organization: Organization | None = None, reason: str = "", on: date | None = None, by: Actor, at: datetime,
) -> Transfer:  # fmt: skip
    """Plan a transfer from where the formal affiliation is to the target. His dual row there is 转接中 from the day
    `on` (None = today).
    """
    formal = queries.formal_of(member.pk)
    if formal is None:
        raise entering.refusal("TRANSFER-NO-HOME", _("没有登记这名党员现在的正式组织关系，请先登记。"), "member")
    if target is None and not target_name.strip():
        raise entering.refusal("TRANSFER-TARGET", _("请写明转入党组织。"), "target")
    if target is None and formal.party_organization is None:
        raise entering.refusal("TRANSFER-OUTSIDE", _("转出和转入党组织都不在本系统，不在这里办理。"), "target")
    _require_either(by, formal.party_organization, target)
    entering.lock(parties=[formal.party_organization_id, target.pk if target else None], members=[member.pk])
    member = entering.living_member(member)
    _still(member, formal.party_organization_id)
    if target is not None:
        target = entering.living(target)
    if target is not None and formal.party_organization_id == target.pk:
        raise entering.refusal("TRANSFER-SAME", _("组织关系已在这个党组织。"), "target")
    if Transfer.objects.under_way().filter(member=member).exists():
        raise entering.refusal("TRANSFER-TWICE", _("这名党员已有一件转接正在办理。"), "member")
    row = Transfer.objects.create(
        member=member, source=formal.party_organization, source_name=formal.outside_name, target=target,
        target_name="" if target else target_name.strip()[:120], organization=organization, reason=reason[:200],
        made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    _stage(row, Stage.MOVING, min(on or localdate(at), localdate(at)), at, by)
    _told(row, Event.TRANSFER_PLANNED, by=by, at=at, note=reason, on=on)
    return row


def _still(member: Member, source: int | None) -> Affiliation:
    """The formal affiliation, read under the lock. Refused when it is elsewhere than the transfer says."""
    formal = Affiliation.objects.now_open().formal().filter(member=member).first()
    if formal is None or formal.party_organization_id != source:
        raise entering.refusal("TRANSFER-MOVED", _("这名党员的组织关系已不在转出党组织，请核对。"))
    return formal


def _stage(row: Transfer, stage: Stage, on: date, at: datetime, by: Actor) -> None:
    """The member's dual row at the target follows the transfer."""
    if row.target is None:
        return
    rows = Affiliation.objects.now_open().sorted_out().filter(member=row.member, party_organization=row.target)
    for one in rows.exclude(stage__in=[str(Stage.MOVED), str(stage)]):
        start = max(on, one.stage_on or on)
        affiliations.set_stage(one, stage, start, at, by)


def _told(row: Transfer, event: Event, *, by: Actor, at: datetime, on: date | None = None, note: str = "",
          found: list[Finding] | None = None) -> None:  # fmt: skip
    where = reading.name_of(row.target, row.target_name)
    payload: dict[str, Any] = {"transfer": row.pk, "number": row.number, "note": f"{where} {note}".strip()[:200]}
    if on is not None:
        payload["on"] = on.isoformat()
    events.record(event, entering.member_subject(row.member), by=by, at=at, payload=payload, findings=found or ())
    entering.touched(row.member)


def _locked(row: Transfer, version: int | None, *states: TransferState) -> Transfer:
    entering.lock(parties=[row.source_id, row.target_id], members=[row.member_id])
    rows = Transfer.objects.select_for_update(of=("self",)).select_related(
        "member", "source__area", "target__area", "issuer__area", "organization"
    )
    found = rows.get(pk=row.pk)
    if version is not None and found.version != version:
        raise entering.refusal("TRANSFER-STALE", _("您打开页面之后，别人修改了这件转接。请核对最新内容后再办理。"))
    if found.state not in states:
        raise entering.refusal("TRANSFER-STATE", _("这件转接现在不能这样办理。"))
    found.member = entering.living_member(found.member)
    return found


@transaction.atomic
def issue(
    *, row: Transfer, on: date, valid_days: int, dues_until: date | None = None, number: str = "",
    issuer_name: str = "", handled_by: str = "", version: int | None = None, by: Actor, at: datetime,
) -> Transfer:  # fmt: skip
    """Sign the letter. Within this register the nearest committee that may issues it under its next number; a letter of
    a committee outside is entered with its own. Refused by PB-REL-05 and for a validity above PB-REL-03.
    """
    row = _locked(row, version, TransferState.DRAFT)
    if on > localdate(at):
        raise entering.refusal("TRANSFER-DAY", _("开具日期不能晚于今天。"), "on")
    formal = _still(row.member, row.source_id)
    if on < formal.valid_from and not formal.assumed:
        told = _("开具日期不能早于组织关系在转出党组织的起日 {first}。")
        raise entering.refusal("TRANSFER-DAY", told, "on", first=formal.valid_from.isoformat())
    most, found = _longest(row, on), list[Finding]()
    if row.source is not None:
        issuer = queries.issuer_of(row.source, on)
        if issuer is not None:
            entering.require(by, Permission.LETTER_ISSUE, issuer)
        facts = AffiliationFacts(
            issuer=reading.name_of(issuer) if issuer else reading.name_of(row.source), issuer_may=issuer is not None,
            issued_on=on, valid_days=valid_days,
        )  # fmt: skip
        found = refuse_if_blocked(policy.evaluate(Moment.LETTER_ISSUE, facts, reading.limits(row.source, on), on))
        if issuer is None:  # whatever the rule weighs, there is nobody who could sign
            raise entering.refusal("TRANSFER-ISSUER", _("没有可以开具介绍信的上级党委。"), "issuer")
        locks.one_at_a_time("party.letter", issuer.pk, on.year)
        row.issuer = issuer
        row.number = number.strip()[:60] or queries.next_number(issuer, on.year)
        if Transfer.objects.filter(issuer=issuer, number=row.number).exists():
            raise entering.refusal("TRANSFER-NUMBER", _("这个介绍信编号已被使用。"), "number")
    else:
        _require_either(by, row.target)
        if not number.strip():
            raise entering.refusal("TRANSFER-NUMBER-MISSING", _("请填写系统外党委所开介绍信的编号。"), "number")
        row.number, row.issuer_name = number.strip()[:60], issuer_name.strip()[:120] or row.source_name
    if not 1 <= valid_days <= most:
        told = _("介绍信的有效期须在 1 至 {most} 天之间。")
        raise entering.refusal("PB-REL-03", told, "valid_days", most=most)
    row.issued_on, row.valid_days, row.dues_until = on, valid_days, dues_until
    row.expires_on = queries.letter_end(on, valid_days, _home(row))
    row.handled_by, row.state = handled_by.strip()[:60], str(TransferState.ISSUED)
    row.version += 1
    row.save()
    _told(row, Event.LETTER_ISSUED, by=by, at=at, on=on, found=found)
    return row


def _home(row: Transfer) -> PartyOrganization:
    party = queries.home(row)
    if party is None:
        raise ValueError("a transfer has one end within the register")
    return party


def _longest(row: Transfer, on: date) -> int:
    return int(reading.limits(_home(row), on)["pb.rel.letter_days"])


@transaction.atomic
def accept(
    *, row: Transfer, on: date, receipt_on: date | None = None, version: int | None = None, by: Actor, at: datetime
) -> Transfer:
    """The target accepts: the formal affiliation moves on the day `on`, the dual row there ends as 已转入.

    Of a target outside this register the sender enters the receipt. Refused with an expired letter (PB-REL-03).
    """
    row = _locked(row, version, TransferState.ISSUED)
    if row.target is not None:
        entering.require(by, Permission.MEMBERS_EDIT, row.target)
    else:
        _require_either(by, row.source)
    if row.issued_on is None or not row.issued_on <= on <= localdate(at):
        told = _("接收日期须在开具日期 {first} 至今天之间。")
        raise entering.refusal("TRANSFER-ACCEPT-DAY", told, "on", first=entering.day(row.issued_on))
    facts = AffiliationFacts(issued_on=row.issued_on, valid_days=row.valid_days, accepted_on=on)
    limits = reading.limits(_home(row), on)
    found = refuse_if_blocked(policy.evaluate(Moment.LETTER_ACCEPT, facts, limits, on))
    _move(row, on, at, by)
    row.accepted_on, row.receipt_on, row.state = on, receipt_on, str(TransferState.ACCEPTED)
    row.version += 1
    row.save()
    _told(row, Event.TRANSFER_ACCEPTED, by=by, at=at, on=on, found=found)
    return row


def _move(row: Transfer, on: date, at: datetime, by: Actor) -> None:
    """End the formal row at the source, begin one at the target, close the dual row there."""
    formal = _still(row.member, row.source_id)
    if on <= formal.valid_from and not formal.assumed:
        told = _("接收日期须晚于现在组织关系的起日 {first}。")
        raise entering.refusal("TRANSFER-ACCEPT-DAY", told, "on", first=formal.valid_from.isoformat())
    organization = row.organization
    rows = Affiliation.objects.current().sorted_out().filter(member=row.member, party_organization=row.target)
    for one in rows.filter(valid_to__gt=on):  # a stage that was entered late may begin after the day of acceptance
        organization = organization or one.organization
        end_row(one, on, at, by, moved=True, end_reason=_("组织关系已转入"))
    end_row(formal, on, at, by, end_reason=_("组织关系已转出"))
    if row.source is not None:
        officers.end_posts_of(row.member, row.source, on, by, at)
        life.leave_groups(row.member, row.source, on, by=by, at=at)
    affiliations.write(
        member=row.member, party=row.target, kind=str(AffiliationKind.FORMAL), organization=organization, start=on,
        assumed=False, fields={"evidence": row.number}, outside_name=row.target_name, by=by, at=at,
    )  # fmt: skip
    applicants.follow(member=row.member, party=row.target, organization=organization, on=on, by=by, at=at)
    if row.target is not None:
        affiliations.settle(entering.living(row.target), on)


@transaction.atomic
def refuse(
    *, row: Transfer, on: date, reason: str, version: int | None = None, by: Actor, at: datetime
) -> Transfer:  # fmt: skip
    """The target sends the letter back with a reason; the sender stays responsible, the dual row is 双隶属 again."""
    row = _locked(row, version, TransferState.ISSUED)
    _require_either(by, row.target or row.source)
    if len(reason.strip()) < 2:
        raise entering.refusal("TRANSFER-REFUSE-REASON", _("请写明退回的理由。"), "reason")
    if row.issued_on is None or not row.issued_on <= on <= localdate(at):
        told = _("退回日期须在开具日期 {first} 至今天之间。")
        raise entering.refusal("TRANSFER-REFUSE-DAY", told, "on", first=entering.day(row.issued_on))
    row.refused_on, row.refused_reason, row.state = on, reason.strip()[:200], str(TransferState.REFUSED)
    row.version += 1
    row.save()
    _stage(row, Stage.DUAL, on, at, by)
    _told(row, Event.TRANSFER_REFUSED, by=by, at=at, on=on, note=row.refused_reason)
    return row


@transaction.atomic
def receipt(*, row: Transfer, on: date, version: int | None = None, by: Actor, at: datetime) -> Transfer:
    """The receipt slip of an accepted transfer came back."""
    row = _locked(row, version, TransferState.ACCEPTED)
    _require_either(by, row.source, row.target)
    if row.accepted_on is None or not row.accepted_on <= on <= localdate(at):
        told = _("回执日期须在接收日期 {first} 至今天之间。")
        raise entering.refusal("TRANSFER-RECEIPT-DAY", told, "on", first=entering.day(row.accepted_on))
    row.receipt_on = on
    row.version += 1
    row.save()
    _told(row, Event.RECEIPT_BACK, by=by, at=at, on=on)
    return row


@transaction.atomic
def cancel(*, row: Transfer, reason: str, version: int | None = None, by: Actor, at: datetime) -> Transfer:
    """Give a planned transfer up, or take a letter back that nobody has accepted."""
    row = _locked(row, version, TransferState.DRAFT, TransferState.ISSUED)
    _require_either(by, row.source, row.target if row.state == TransferState.DRAFT else None)
    if len(reason.strip()) < 2:
        raise entering.refusal("TRANSFER-CANCEL-REASON", _("请写明撤销的理由。"), "reason")
    row.state, row.note = str(TransferState.CANCELLED), reason.strip()[:200]
    row.version += 1
    row.save()
    _stage(row, Stage.DUAL, localdate(at), at, by)
    _told(row, Event.TRANSFER_CANCELLED, by=by, at=at, note=row.note)
    return row


@transaction.atomic
def again(*, row: Transfer, reason: str = "", version: int | None = None, by: Actor, at: datetime) -> Transfer:
    """A letter that expired or was refused is issued anew: a new draft that replaces it."""
    row = _locked(row, version, TransferState.ISSUED, TransferState.REFUSED)
    _require_either(by, row.source, row.target)
    today = localdate(at)
    _still(row.member, row.source_id)
    if row.target is not None:
        entering.living(row.target)
    if row.state == TransferState.ISSUED:
        if not queries.expired(row, today):
            raise entering.refusal("TRANSFER-VALID", _("介绍信还在有效期内，不需要重开。"))
        row.state = str(TransferState.REPLACED)
        row.version += 1
        row.save()
    if (
        Transfer.objects.filter(replaces=row).exists()
        or Transfer.objects.under_way().filter(member=row.member).exists()
    ):
        raise entering.refusal("TRANSFER-TWICE", _("这名党员已有一件转接正在办理。"))
    made = Transfer.objects.create(
        member=row.member, source=row.source, source_name=row.source_name, target=row.target,
        target_name=row.target_name, organization=row.organization, reason=(reason or row.reason)[:200],
        replaces=row, made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    _stage(made, Stage.MOVING, today, at, by)
    _told(made, Event.TRANSFER_PLANNED, by=by, at=at, note=_("重开介绍信 {number}").format(number=row.number))
    return made
