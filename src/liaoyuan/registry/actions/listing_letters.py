"""Documents carry a procedure about a list: each is drafted for its step, and what it does is written down by itself.

Letters and the notice count from the day they were served, decisions from the day they were signed (docs/adr/0031).
The order of the steps is that of `actions.listings`; here no step is taken, only handed over with its document.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import documents
from liaoyuan.core.choices import DeliveryResult, DocumentState
from liaoyuan.core.choices import Event as Core
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Document, Issuer
from liaoyuan.core.queries import documents as document_queries
from liaoyuan.kit.findings import refuse_if_blocked
from liaoyuan.registry.actions import credit, listings, organizations
from liaoyuan.registry.actions.annual import refusal
from liaoyuan.registry.choices import CREDIT_TITLES, CreditStatus, Event, LetterStep, Permission
from liaoyuan.registry.models import CreditEntry, ListingLetter, ListingProposal, Organization, Standing
from liaoyuan.registry.params.annual_words import STEP_TITLES
from liaoyuan.registry.params.table import CREDIT_RULE
from liaoyuan.registry.queries import listing_letters as queries

_CARRIED = (LetterStep.DECISION, LetterStep.REMOVAL)
#: What a step has written, to be taken back with its document.
_BLANK: dict[str, dict[str, object]] = {
    **{
        step: {f"{step}_no": "", f"{step}_on": None, f"{step}_result": "", f"{step}_result_on": None}
        for step in (LetterStep.LETTER1, LetterStep.LETTER2)
    },
    LetterStep.NOTICE: {"notice_no": "", "notice_on": None, "heard_until": None, "heard_provisional": False},
}


@transaction.atomic
def draft(
    *, proposal: ListingProposal, code: str, by: Actor, at: datetime, issuer: Issuer | None = None
) -> Document:  # fmt: skip
    """Draft the next document of a kind for a proposal; who asks second is given the draft that is there."""
    locks.one_at_a_time("organization", proposal.organization_id)
    known = next((row for step, row in queries.living(proposal).items() if queries.KINDS[step] == code
                  and row.document.state in (DocumentState.DRAFT, DocumentState.REVIEWED)), None)  # fmt: skip
    if known is not None:
        access.require(by, Permission.CREDIT_EDIT, proposal.organization)
        return known.document
    return documents.draft(code=code, subject=proposal.organization, fields={}, issuer=issuer, by=by, at=at)


@transaction.atomic
def draft_removal(
    *,
    entry: CreditEntry,
    reason: str,
    complied: bool = False,
    last_breach_on: date | None = None,
    by: Actor,
    at: datetime,
    confirmed: bool = False,
) -> Document:
    """Draft the decision that takes a body off a list; signing it does so. Refused as a removal today would be."""
    organization, row = organizations.entered(entry.organization, Permission.CREDIT_EDIT, by=by)
    standing = queries.open_entry(organization.pk, entry.list_kind)
    if standing is None:
        raise refusal("LISTING.removed")
    if queries.removal_of(standing) is not None:
        raise refusal("LISTING.drafted", step=_(STEP_TITLES[LetterStep.REMOVAL]))
    refuse_if_blocked(credit.asked_on_removal(row, standing, localdate(at), last_breach_on, complied),
                      confirmed=confirmed)  # fmt: skip
    name = CREDIT_TITLES[CreditStatus(entry.list_kind)]
    fields = {"title": f"移出{name}决定书", "basis": CREDIT_RULE, "reason": reason.rstrip("。；; \n")}
    made = documents.draft(
        code=queries.KINDS[LetterStep.REMOVAL], subject=organization, fields=fields, by=by, at=at
    )  # fmt: skip
    ListingLetter.objects.create(
        document=made, step=LetterStep.REMOVAL, entry=standing, complied=complied, last_breach_on=last_breach_on
    )
    return made


def ready(document: Document, by: Actor, at: datetime) -> None:
    """Before a number is taken: the document is for a step that may still be taken."""
    letter = _letter(document)
    if letter is None or letter.ended_at is not None:
        raise refusal("LISTING.unlinked")
    if letter.step == LetterStep.REMOVAL:
        _lock(int(document.subject_id))
        if _entry(letter, document) is None:
            raise refusal("LISTING.removed")
        return
    row = _proposal(letter)
    if listings.step_of(row, document.code) != letter.step:
        raise refusal("LISTING.again")


def follow(document: Document, step: str, by: Actor, at: datetime) -> None:
    """What a step of a document does to its proposal, or to the list; the steps are core's events."""
    if step == Core.DOCUMENT_DRAFTED:
        if document.code != queries.KINDS[LetterStep.REMOVAL]:
            _linked(document, by)
        return
    letter = _letter(document)
    if letter is None:
        return
    if step == Core.DOCUMENT_ISSUED and letter.step in _CARRIED:
        with access.mandate(by, {Permission.CREDIT_EDIT}, document.area.path):
            _carried_out(letter, document, by, at)
    elif step == Core.DOCUMENT_DELIVERED and letter.step not in _CARRIED:
        _served(letter, document, by, at)
    elif step == Core.DOCUMENT_WITHDRAWN:
        _undone(letter, document, by, at)
    elif step == Core.DOCUMENT_DISCARDED:
        _ended(letter, at)


def _lock(organization: int) -> None:
    locks.one_at_a_time("organization", organization)


def _letter(document: Document) -> ListingLetter | None:
    return ListingLetter.objects.select_related("entry").filter(document=document).first()


def _row(letter: ListingLetter) -> ListingProposal:
    return ListingProposal.objects.get(letters=letter)


def _locked(letter: ListingLetter) -> ListingProposal:
    row = _row(letter)
    _lock(row.organization_id)
    return ListingProposal.objects.select_for_update().get(pk=row.pk)


def _proposal(letter: ListingLetter) -> ListingProposal:
    """The proposal anew, under the lock of its body; refused when it is decided."""
    row = _locked(letter)
    if row.decided_at is not None:
        raise refusal("LISTING.done")
    return row


def _entry(letter: ListingLetter, document: Document) -> CreditEntry | None:
    """The stay that a removal ends, as the register has it today: it may have been corrected since."""
    kind = letter.entry.list_kind if letter.entry is not None else ""
    return queries.open_entry(int(document.subject_id), kind)


def _linked(document: Document, by: Actor) -> None:
    """Bind a new draft to the step of its body's open proposal that is due."""
    organization = Organization.objects.get(pk=int(document.subject_id))
    access.require(by, Permission.CREDIT_EDIT, organization)
    _lock(organization.pk)
    row = ListingProposal.objects.open().select_for_update().filter(organization=organization).first()
    if row is None:
        raise refusal("LISTING.none", name=document.subject_label)
    step = listings.step_of(row, document.code)
    if step in queries.living(row):
        raise refusal("LISTING.drafted", step=_(STEP_TITLES[step]))
    ListingLetter.objects.create(document=document, step=step, proposal=row)


def _carried_out(letter: ListingLetter, document: Document, by: Actor, at: datetime) -> None:
    """A signed decision lists the body, or takes it off, from the day in the document."""
    on = document.dated_on or localdate(at)
    if letter.step == LetterStep.DECISION:
        listings.decide(
            proposal=_row(letter), listing=True, number=document.number, on=on, by=by, at=at, letter=letter
        )  # fmt: skip
        return
    entry = _entry(letter, document)
    if entry is None:
        raise refusal("LISTING.removed")
    reason = document_queries.values_of(document).get("reason", "")
    credit.remove(
        entry=entry, removed_on=on, reason=f"{reason}（{document.number}）"[:300],
        last_breach_on=letter.last_breach_on, complied=letter.complied, by=by, at=at, confirmed=True,
    )  # fmt: skip


def _served(letter: ListingLetter, document: Document, by: Actor, at: datetime) -> None:
    """A letter counts from the first day it was sent, with its last attempt's result; a notice from its receipt."""
    row = _row(letter)
    if row.decided_at is not None:
        return
    attempts = list(document.deliveries.order_by("sent_on", "pk"))
    signed = min((a.signed_on for a in attempts if a.signed_on is not None), default=None)
    if letter.step == LetterStep.NOTICE:
        if signed is not None and row.notice_on is None:
            listings.tell_rights(proposal=row, number=document.number, on=signed, by=by, at=at, letter=letter)
        return
    if getattr(row, f"{letter.step}_on") is None:
        if row.notice_on is not None:  # told its rights meanwhile: the service of the letter is kept, and no more
            return
        row = listings.send_letter(
            proposal=row, number=document.number, on=attempts[0].sent_on, by=by, at=at, letter=letter
        )  # fmt: skip
    last = max(attempts, key=lambda attempt: attempt.pk)
    if signed is not None or last.result == DeliveryResult.UNSIGNED:
        result = "unsigned" if signed is None else "signed"
        listings.deliver(proposal=row, result=result, on=signed or localdate(at), by=by, at=at, letter=letter)


def _undone(letter: ListingLetter, document: Document, by: Actor, at: datetime) -> None:
    """A withdrawn document takes back what it wrote, as long as nothing rests on it; else it is not withdrawn."""
    if letter.step in _CARRIED:
        raise refusal("LISTING.settled", number=document.number)
    row = _locked(letter)
    if getattr(row, f"{letter.step}_no") != document.number:
        _ended(letter, at)
        return
    if row.decided_at is not None:
        raise refusal("LISTING.settled", number=document.number)
    later = _resting(row, letter.step)
    if later:
        raise refusal("LISTING.used", number=document.number, step=later)
    _ended(letter, at)
    blank = _BLANK[letter.step]
    for name, value in blank.items():
        setattr(row, name, value)
    row.save(update_fields=list(blank))
    standing = Standing.objects.now_open().get(organization=row.organization_id)
    events.record(
        Event.LETTER_UNDONE, organizations.subject(row.organization, standing), by=by, at=at,
        payload={"proposal": row.pk, "number": document.number, "step": letter.step},
    )  # fmt: skip


def _resting(row: ListingProposal, step: str) -> str:
    """What was done on the ground of a step: written down, or drafted."""
    drafted = queries.living(row)
    order = [LetterStep.LETTER1, LetterStep.LETTER2, LetterStep.NOTICE, LetterStep.DECISION]
    done = {LetterStep.LETTER2: row.letter2_on, LetterStep.NOTICE: row.notice_on}
    if step == LetterStep.NOTICE and row.heard_on is not None:
        return _("收到陈述申辩")
    for later in order[order.index(LetterStep(step)) + 1 :]:
        if later in drafted or done.get(later) is not None:
            return _(STEP_TITLES[later])
    return ""


def _ended(letter: ListingLetter, at: datetime) -> None:
    letter.ended_at = at
    letter.save(update_fields=["ended_at"])
