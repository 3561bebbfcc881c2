"""Proposals for the lists, step by step: letters, the right to be heard, the decision. Nothing decides by itself.

A step comes with its document of this system (`letter`, handed over by `actions.listing_letters`), or with a number
from outside it, which enters the register of numbers where it bears the sign of an office of ours.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import document_numbers
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.queries import calendar
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.registry.actions import credit, organizations, standings
from liaoyuan.registry.actions.annual import refusal
from liaoyuan.registry.choices import Event, Ground, LetterStep, Listing, Permission
from liaoyuan.registry.models import CreditEntry, ListingLetter, ListingProposal, Organization, Standing
from liaoyuan.registry.params.annual_words import GROUND_TITLES, STEP_TITLES
from liaoyuan.registry.queries import annual_facts, listing_letters
from liaoyuan.registry.rules.annual_facts import ListingFacts


def _ask(moment: Moment, facts: ListingFacts, row: Standing, on: date) -> list[Finding]:
    return policy.evaluate(moment, facts, policy.limits(on, policy.chain(row.registrar_area.path)), on)


@transaction.atomic
def propose(
    *, organization: Organization, wants: Listing, ground: Ground, reason: str, arisen_on: date, by: Actor, at: datetime
) -> ListingProposal:
    """Propose a list for a body. Refused while another proposal is open, or it stands on that list already."""
    organization, row = organizations.entered(organization, Permission.CREDIT_EDIT, by=by)
    on = localdate(at)
    if arisen_on > on:
        raise refusal("ANNUAL.late", "arisen_on")
    if len(reason.strip()) < 2:
        raise refusal("ANNUAL.reason", "reason")
    if ListingProposal.objects.open().filter(organization=organization).exists():
        raise refusal("LISTING.twice", name=row.name)
    if wants != Listing.REVOCATION and annual_facts.listed(organization.pk, wants, on):
        raise refusal("LISTING.listed", "wants", name=row.name)
    made = ListingProposal.objects.create(
        organization=organization, wants=str(wants), ground=str(ground), reason=reason.strip()[:300],
        arisen_on=arisen_on, proposed_at=at, proposed_by=standings.recorder(by),
    )  # fmt: skip
    events.record(
        Event.PROPOSED, organizations.subject(organization, row), by=by, at=at,
        payload={"wants": str(wants), "ground": str(ground), "reason": made.reason[:200]},
    )  # fmt: skip
    return made


@transaction.atomic
def propose_long(*, entries: Iterable[CreditEntry], by: Actor, at: datetime) -> list[ListingProposal]:
    """Propose the serious list for the chosen bodies that are long on the abnormal one (CRD-02). All or none."""
    made = []
    for entry in sorted(entries, key=lambda one: one.organization_id):
        told = _("自 {day} 列入活动异常名录").format(day=entry.valid_from.isoformat())
        made.append(
            propose(
                organization=entry.organization, wants=Listing.SERIOUS, ground=Ground.LONG, arisen_on=localdate(at),
                reason=f"{_(GROUND_TITLES[Ground.LONG])}：{told}", by=by, at=at,
            )
        )  # fmt: skip
    if not made:
        raise refusal("ANNUAL.nobody")
    return made


def _entered(proposal: ListingProposal, by: Actor) -> tuple[ListingProposal, Standing]:
    """Permission, lock, the row anew; refused when it is decided."""
    access.require(by, Permission.CREDIT_EDIT, proposal.organization)
    locks.one_at_a_time("organization", proposal.organization_id)
    found = ListingProposal.objects.select_for_update().get(pk=proposal.pk)
    if found.decided_at is not None:
        raise refusal("LISTING.done")
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=found.organization_id)
    return found, row


def step_of(row: ListingProposal, code: str) -> str:
    """The step that a document of a kind would take now; Refused out of its order."""
    if code == listing_letters.KINDS[LetterStep.LETTER1]:
        if row.letter2_on is not None or row.notice_on is not None:
            raise refusal("LISTING.again")
        return LetterStep.LETTER1 if row.letter1_on is None else LetterStep.LETTER2
    if code == listing_letters.KINDS[LetterStep.NOTICE]:
        if row.notice_on is not None:
            raise refusal("LISTING.again")
        return LetterStep.NOTICE
    _may_list(row)
    return LetterStep.DECISION


def _may_list(row: ListingProposal) -> None:
    """Nobody is listed untold, nor for being out of reach without two letters that nobody signed for."""
    if row.notice_on is None:
        raise refusal("LISTING.step", step=_("告知陈述申辩的权利"))
    if row.ground == Ground.ADDRESS and {row.letter1_result, row.letter2_result} != {"unsigned"}:
        raise refusal("LISTING.letters")


def _number(
    row: ListingProposal, step: str, number: str, on: date, standing: Standing, letter: ListingLetter | None,
    *, by: Actor, at: datetime,
) -> str:  # fmt: skip
    """The number of a step: its document's, or one from outside, refused while a document of ours is under way."""
    if not number.strip():
        raise refusal("LISTING.number", "number")
    if letter is not None:
        return number[:40]
    title = STEP_TITLES[step]  # the register speaks Chinese
    if step in listing_letters.living(row):
        raise refusal("LISTING.drafted", step=_(title))
    return document_numbers.enter_outside(
        number=number, area=standing.registrar_area, title=title, receiver=standing.name, on=on, by=by, at=at
    )[:40]


def _when(on: date, at: datetime, after: date | None) -> None:
    if on > localdate(at):
        raise refusal("ANNUAL.late", "on")
    if after is not None and on < after:
        raise refusal("ANNUAL.early", "on", day=after.isoformat())


def _written(proposal: ListingProposal, row: Standing, event: Event, fields: Sequence[str], by: Actor, at: datetime,
             findings: Sequence[Finding] = (), **told: Any) -> ListingProposal:  # fmt: skip
    proposal.save(update_fields=list(fields))
    events.record(
        event, organizations.subject(proposal.organization, row), by=by, at=at, findings=findings,
        payload={"proposal": proposal.pk, **told},
    )  # fmt: skip
    return proposal


@transaction.atomic
def send_letter(
    *, proposal: ListingProposal, number: str, on: date, by: Actor, at: datetime, letter: ListingLetter | None = None
) -> ListingProposal:  # fmt: skip
    """Write down the first letter, or the second. Whether they lie apart as they should is told (LST-01)."""
    proposal, row = _entered(proposal, by)
    place = step_of(proposal, listing_letters.KINDS[LetterStep.LETTER1])
    first = place == LetterStep.LETTER1
    _when(on, at, proposal.letter1_on)
    told: list[Finding] = []
    if not first:
        if on == proposal.letter1_on:
            raise refusal("ANNUAL.early", "on", day=on.isoformat())
        facts = ListingFacts(ground=proposal.ground, first_letter_on=proposal.letter1_on, second_letter_on=on)
        told = refuse_if_blocked(_ask(Moment.LIST_LETTER, facts, row, on))
    number = _number(proposal, place, number, on, row, letter, by=by, at=at)
    setattr(proposal, f"{place}_no", number)
    setattr(proposal, f"{place}_on", on)
    return _written(
        proposal, row, Event.LETTER_SENT, (f"{place}_no", f"{place}_on"), by, at, told, on=on.isoformat(),
        number=number, letter=1 if first else 2,
    )  # fmt: skip


@transaction.atomic
def deliver(
    *, proposal: ListingProposal, result: str, on: date, by: Actor, at: datetime, letter: ListingLetter | None = None
) -> ListingProposal:  # fmt: skip
    """Write down whether the latest letter was signed for (signed, unsigned), and the day of it.

    Of a document (`letter`) its service tells it, the last attempt anew.
    """
    proposal, row = _entered(proposal, by)
    latest = LetterStep.LETTER2 if proposal.letter2_on is not None else LetterStep.LETTER1
    place = letter.step if letter is not None else str(latest)
    sent, known = getattr(proposal, f"{place}_on"), getattr(proposal, f"{place}_result")
    if sent is None:
        raise refusal("LISTING.step", step=_("寄出信函"))
    if letter is not None and known == result:
        return proposal
    if letter is None and place in listing_letters.living(proposal):
        raise refusal("LISTING.served", step=_(STEP_TITLES[place]))
    if letter is None and known:
        raise refusal("LISTING.again")
    _when(on, at, sent)
    setattr(proposal, f"{place}_result", result)
    setattr(proposal, f"{place}_result_on", on)
    return _written(
        proposal, row, Event.LETTER_DELIVERED, (f"{place}_result", f"{place}_result_on"), by, at, on=on.isoformat(),
        result=result,
    )  # fmt: skip


@transaction.atomic
def tell_rights(
    *, proposal: ListingProposal, number: str, on: date, by: Actor, at: datetime, letter: ListingLetter | None = None
) -> ListingProposal:  # fmt: skip
    """Tell the body what is proposed and that it may be heard, served on the day `on`; the term runs from it."""
    proposal, row = _entered(proposal, by)
    place = step_of(proposal, listing_letters.KINDS[LetterStep.NOTICE])
    _when(on, at, proposal.letter2_on or proposal.letter1_on)
    limits = policy.limits(on, policy.chain(row.registrar_area.path))
    last = calendar.workdays().add_workdays(on, limits["listing.hearing_workdays"])
    proposal.notice_no = _number(proposal, place, number, on, row, letter, by=by, at=at)
    proposal.notice_on = on
    proposal.heard_until, proposal.heard_provisional = last.date, last.provisional
    return _written(
        proposal, row, Event.RIGHTS_TOLD, ("notice_no", "notice_on", "heard_until", "heard_provisional"), by, at,
        on=on.isoformat(), number=proposal.notice_no, until=last.date.isoformat(), provisional=last.provisional,
    )  # fmt: skip


@transaction.atomic
def hear(*, proposal: ListingProposal, words: str, on: date, by: Actor, at: datetime) -> ListingProposal:
    """Write down what the body said for itself."""
    proposal, row = _entered(proposal, by)
    if proposal.notice_on is None:
        raise refusal("LISTING.step", step=_("告知陈述申辩的权利"))
    if len(words.strip()) < 2:
        raise refusal("ANNUAL.reason", "words")
    _when(on, at, proposal.notice_on)
    proposal.heard_on, proposal.heard_words = on, words.strip()[:500]
    return _written(proposal, row, Event.HEARD, ("heard_on", "heard_words"), by, at, on=on.isoformat())


@transaction.atomic
def decide(
    *,
    proposal: ListingProposal,
    listing: bool,
    number: str,
    on: date,
    note: str = "",
    by: Actor,
    at: datetime,
    confirmed: bool = False,
    letter: ListingLetter | None = None,
) -> ListingProposal:
    """Put the body on the list from the day `on`, or drop the proposal with a reason.

    Listing is refused without a number, before the body was told its rights, and, for a body that cannot be reached,
    without two letters nobody signed for. LST-02 tells of a decision before the term is over.
    """
    proposal, row = _entered(proposal, by)
    if not listing:
        if len(note.strip()) < 2:
            raise refusal("ANNUAL.reason", "note")
        _when(on, at, None)
        return _decided(proposal, row, "drop", number, on, note, by, at, ())
    _may_list(proposal)
    _when(on, at, proposal.heard_on or proposal.notice_on)
    number = _number(proposal, LetterStep.DECISION, number, on, row, letter, by=by, at=at)
    facts = ListingFacts(
        ground=proposal.ground, notice_on=proposal.notice_on, heard_on=proposal.heard_on, decided_on=on
    )
    told = refuse_if_blocked(_ask(Moment.LIST_DECIDE, facts, row, on), confirmed=confirmed)
    if proposal.wants != Listing.REVOCATION:
        proposal.entry = credit.enter(
            organization=proposal.organization, list_kind=proposal.wants, reason=proposal.reason, listed_on=on,
            arisen_on=on, evidence=number.strip(), by=by, at=at, confirmed=confirmed,
        )  # fmt: skip
    return _decided(proposal, row, "list", number, on, note, by, at, told)


def _decided(
    proposal: ListingProposal,
    row: Standing,
    decision: str,
    number: str,
    on: date,
    note: str,
    by: Actor,
    at: datetime,
    told: Sequence[Finding],
) -> ListingProposal:
    proposal.decision, proposal.decision_no, proposal.decided_on = decision, number.strip()[:40], on
    proposal.decided_at, proposal.decided_by = at, standings.recorder(by)
    proposal.decision_note = note.strip()[:300]
    fields = ("decision", "decision_no", "decided_on", "decided_at", "decided_by", "decision_note", "entry")
    return _written(
        proposal, row, Event.PROPOSAL_DECIDED, fields, by, at, told, on=on.isoformat(), decision=decision,
        wants=proposal.wants,
    )  # fmt: skip
