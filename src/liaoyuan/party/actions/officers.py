"""Officers and terms: appointed, ended, corrected; the next term, an extension (支部工作条例 ch. 5, 选举条例 art. 3).

The one place that writes posts and terms: founding meetings, approved elections and dissolutions call it, too.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import entering
from liaoyuan.party.actions.entering import end_row
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import OFFICER_TITLES, Form, OfficerHow, OfficerKind
from liaoyuan.party.models import Affiliation, Member, Officer, PartyOrganization, Term
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import terms
from liaoyuan.party.rules.facts.officers import OfficerFacts
from liaoyuan.registry.models import OPEN

_TOLD = ("how", "source", "evidence", "valid_from")


def require(by: Actor, party: PartyOrganization) -> None:
    """Refuse unless `by` works for the superior: edits or approves party organizations there."""
    if not any(
        access.covers(by, p, party, write=True) and reading.leads(by, p, party)
        for p in (Permission.EDIT, Permission.APPROVE)
    ):
        raise PermissionDenied(str(Permission.EDIT))


def put(
    party: PartyOrganization, member: Member, kind: str, on: date, *, how: str, by: Actor, at: datetime,
    source: str = "", evidence: str = "",
) -> Officer:  # fmt: skip
    """Write one post; the caller holds transaction, permission and locks, and tells it in an event of its own."""
    return Officer.objects.create(
        party_organization=party, member=member, kind=kind, how=how, source=source.strip()[:40],
        evidence=evidence.strip()[:80], valid_from=on, recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip


def vacate(party: PartyOrganization, on: date, reason: str, *, by: Actor, at: datetime, kind: str = "") -> int:
    """End the posts of a party organization, or those of one kind, on the day; as `put`. Returns how many ended."""
    rows = Officer.objects.current().filter(party_organization=party, valid_to__gt=on)
    found = list((rows.filter(kind=kind) if kind else rows).select_for_update(of=("self",)))
    for row in found:
        end_row(row, on, at, by, end_reason=reason[:100])
    return len(found)


def open_term(party: PartyOrganization, on: date, *, by: Actor, at: datetime, due_on: date | None = None) -> Term:
    """Write the next term from the day `on` and end the running one; as `put`. None = as long as the rule says."""
    last = _last_term(party)
    if last is not None and last.ended_on is None:
        _term_again(last, at, by, ended_on=on)
    return Term.objects.create(
        party_organization=party, number=last.number + 1 if last else 1, began_on=on,
        due_on=due_on or terms.due_of(party, on), recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip


def close_term(party: PartyOrganization, on: date, *, by: Actor, at: datetime) -> None:
    """End the running term on the day without another; as `put`."""
    last = _last_term(party)
    if last is not None and last.ended_on is None:
        _term_again(last, at, by, ended_on=on)


def _last_term(party: PartyOrganization) -> Term | None:
    rows = Term.objects.current().filter(party_organization=party).order_by("-number")
    return rows.select_for_update(of=("self",)).first()


def _asked(party: PartyOrganization, member: Member, kind: str, how: str, on: date) -> list[Finding]:
    """What the rules say of the appointment (PB-OFF-03, PB-REL-06). Refused for who is no member, or not from here."""
    record = entering.record_of(member)
    status = record.status(on)
    if status is None:
        raise entering.refusal("OFFICER-MEMBER", _("任职当日不是党员，请核对入党和转正时间。"), "member")
    here = Affiliation.objects.active(on).filter(member=member, party_organization=party)
    kinds = set(here.values_list("kind", flat=True))
    branch = reading.formation(party, on).form == Form.BRANCH
    if branch and not kinds:
        raise entering.refusal("OFFICER-HERE", _("人选须在本支部的党员名册中。"), "member")
    formal = not branch or AffiliationKind.FORMAL in kinds
    facts = OfficerFacts(
        post=kind, how=how, confirmed_on=record.confirmed_on, probationary=status != "full", appointed_on=on,
        affiliation=str(AffiliationKind.FORMAL) if formal else min(kinds),
        in_transfer=branch and (party.regular_on is None or party.regular_on > on),
    )  # fmt: skip
    return policy.evaluate(Moment.OFFICER_APPOINT, facts, reading.limits(party, on), on)


def _free(party: PartyOrganization, member: Member, kind: str, on: date, without: int | None = None) -> None:
    """Refuse a second secretary, and the same post of the same member twice."""
    rows = Officer.objects.overlapping(on, OPEN).filter(party_organization=party, kind=kind)
    if without is not None:
        rows = rows.exclude(pk=without)
    if kind == OfficerKind.SECRETARY and rows.exists():
        raise entering.refusal("OFFICER-TAKEN", _("这个党组织当时已有书记，请先办理免职。"), "kind")
    if rows.filter(member=member).exists():
        raise entering.refusal("OFFICER-TWICE", _("这名党员当时已任同一职务。"), "member")


@transaction.atomic
def appoint(
    *, party: PartyOrganization, member: Member, kind: str, on: date, how: str = OfficerHow.APPOINTED,
    source: str = "", evidence: str = "", version: int | None = None, by: Actor, at: datetime, confirmed: bool = False,
) -> Officer:  # fmt: skip
    """任职 from the day `on`: `how` the officer came to the post, `source` where from, `evidence` the number."""
    require(by, party)
    entering.lock(parties=[party.pk], members=[member.pk])
    party, member = entering.living(party, version), entering.living_member(member)
    if kind not in {str(k) for k in OfficerKind} or how not in {str(h) for h in OfficerHow}:
        raise entering.refusal("OFFICER-KIND", _("请选择职务和产生方式。"), "kind")
    if on > localdate(at):
        raise entering.refusal("OFFICER-DAY", _("任职日期不能晚于今天。"), "on")
    _free(party, member, kind, on)
    found = refuse_if_blocked(_asked(party, member, kind, how, on), confirmed=confirmed)
    row = put(party, member, kind, on, how=how, source=source, evidence=evidence, by=by, at=at)
    entering.touched(party)
    _record(Event.OFFICER_APPOINTED, row, by=by, at=at, found=found, on=on.isoformat())
    return row


def _record(event: Event, row: Officer, *, by: Actor, at: datetime, found: Any = (), **told: Any) -> None:
    payload = {"member": row.member_id, "note": str(OFFICER_TITLES[OfficerKind(row.kind)]), **told}
    events.record(event, entering.subject(row.party_organization), by=by, at=at, findings=found, payload=payload)


def _locked(row: Officer, by: Actor) -> Officer:
    """The open row under the locks. Refused when somebody changed it."""
    require(by, row.party_organization)
    entering.lock(parties=[row.party_organization_id], members=[row.member_id])
    entering.living(row.party_organization)
    rows = Officer.objects.now_open().select_related("party_organization__area", "member")
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise entering.refusal("OFFICER-STALE", _("这项任职已被修改，请刷新后再试。"))
    return found


@transaction.atomic
def end(*, row: Officer, on: date, reason: str, by: Actor, at: datetime) -> None:
    """免职 on the day `on` with its reason; on that day the post is held no more."""
    row = _locked(row, by)
    if not row.valid_from < on <= localdate(at):
        told = _("免职日期须晚于任职日期 {first}，不晚于今天。")
        raise entering.refusal("OFFICER-END-DAY", told, "on", first=row.valid_from.isoformat())
    if len(reason.strip()) < 2:
        raise entering.refusal("OFFICER-REASON", _("请写明免职的事由。"), "reason")
    party = row.party_organization
    end_row(row, on, at, by, end_reason=reason.strip()[:100])
    entering.touched(party)
    _record(Event.OFFICER_ENDED, row, by=by, at=at, on=on.isoformat(), reason=reason.strip()[:100])


@transaction.atomic
def correct(*, row: Officer, fields: Mapping[str, Any], by: Actor, at: datetime, confirmed: bool = False) -> Officer:
    """Correct what was entered of an open post: how, source, evidence, first day. The old row stays superseded."""
    row = _locked(row, by)
    wished = {n: fields[n] for n in _TOLD if n in fields and fields[n] != getattr(row, n)}
    if not wished:
        return row
    start, how = wished.get("valid_from", row.valid_from), wished.get("how", row.how)
    if start > localdate(at):
        raise entering.refusal("OFFICER-DAY", _("任职日期不能晚于今天。"), "valid_from")
    _free(row.party_organization, row.member, row.kind, start, row.pk)
    found = refuse_if_blocked(_asked(row.party_organization, row.member, row.kind, how, start), confirmed=confirmed)
    changes = {n: [_plain(getattr(row, n)), _plain(v)] for n, v in wished.items()}
    Officer.objects.filter(pk=row.pk).update(superseded_at=at)
    row.pk, row._state.adding, row.recorded_at, row.recorded_by = None, True, at, entering.recorder(by)
    for name, value in wished.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    entering.touched(row.party_organization)
    _record(Event.OFFICER_CORRECTED, row, by=by, at=at, found=found, changes=changes)
    return row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def end_posts_of(
    member: Member, party: PartyOrganization | None, on: date, by: Actor, at: datetime, reason: str = ""
) -> int:
    """End all posts that a member holds in a party organization (None = in any) on the day `on`: he has moved or is no
    member any more. The caller holds the locks, the permission and the event. Returns how many posts ended.
    """
    rows = Officer.objects.current().filter(member=member, valid_to__gt=on).select_related("party_organization__area")
    if party is not None:
        rows = rows.filter(party_organization=party)
    count = 0
    for row in rows:
        end_row(row, on, at, by, end_reason=reason[:100] or _("组织关系已转出"))
        _record(Event.OFFICER_ENDED, row, by=by, at=at, on=on.isoformat(), reason=reason[:100])
        count += 1
    return count


@transaction.atomic
def begin_term(
    *, party: PartyOrganization, on: date, due_on: date | None = None, evidence: str = "",
    version: int | None = None, by: Actor, at: datetime,
) -> Term:  # fmt: skip
    """The next term begins on the day `on`; the one before ends with it. Earlier than its last day needs an approval
    and is bounded (PB-OFF-05). `due_on` None = as long as the rule says.
    """
    require(by, party)
    entering.lock(parties=[party.pk])
    party = entering.living(party, version)
    if on > localdate(at):
        raise entering.refusal("TERM-DAY", _("换届日期不能晚于今天。"), "on")
    last = _last_term(party)
    found: list[Finding] = []
    if last is not None:
        if on <= last.began_on:
            told = _("换届日期须晚于上一届的起日 {first}。")
            raise entering.refusal("TERM-ORDER", told, "on", first=last.began_on.isoformat())
        if on < terms.last_day(last):
            facts = OfficerFacts(term_to=terms.last_day(last), asked_to=on, approval=evidence.strip())
            found = refuse_if_blocked(policy.evaluate(Moment.TERM_EXTEND, facts, reading.limits(party, on), on))
    end_on = due_on or terms.due_of(party, on)
    if end_on <= on:
        raise entering.refusal("TERM-DUE", _("届满日期须晚于起日。"), "due_on")
    row = open_term(party, on, by=by, at=at, due_on=end_on)
    entering.touched(party)
    events.record(
        Event.TERM_BEGUN, entering.subject(party), by=by, at=at, findings=found,
        payload={"on": on.isoformat(), "number": row.number, "note": evidence.strip()[:80],
                 "due_on": end_on.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def extend_term(
    *, party: PartyOrganization, to: date, evidence: str, version: int | None = None, by: Actor, at: datetime
) -> Term:
    """延期: the running term ends later, by the superior's approval and by 12 months at most (PB-OFF-05)."""
    require(by, party)
    entering.lock(parties=[party.pk])
    party = entering.living(party, version)
    row = terms.running(party)
    if row is None:
        raise entering.refusal("TERM-NONE", _("还没有登记任期，请先登记。"), "to")
    if to <= row.due_on:
        raise entering.refusal("TERM-LATER", _("延期须晚于届满日期 {last}。"), "to", last=row.due_on.isoformat())
    facts = OfficerFacts(term_to=row.due_on, asked_to=to, approval=evidence.strip())
    on = localdate(at)
    found = refuse_if_blocked(policy.evaluate(Moment.TERM_EXTEND, facts, reading.limits(party, on), on))
    if not evidence.strip():  # whatever the rule weighs
        raise entering.refusal("TERM-APPROVAL", _("请填写延期的批准文号。"), "evidence")
    row = _term_again(row, at, by, extended_to=to, extension_evidence=evidence.strip()[:80])
    entering.touched(party)
    events.record(
        Event.TERM_EXTENDED, entering.subject(party), by=by, at=at, findings=found,
        payload={"on": to.isoformat(), "number": row.number, "note": row.extension_evidence},
    )  # fmt: skip
    return row


def _term_again(row: Term, at: datetime, by: Actor, **told: Any) -> Term:
    """Supersede a term's row and write it again."""
    Term.objects.filter(pk=row.pk).update(superseded_at=at)
    row.pk, row._state.adding, row.recorded_at = None, True, at
    row.recorded_by = entering.recorder(by)
    for name, value in told.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row
