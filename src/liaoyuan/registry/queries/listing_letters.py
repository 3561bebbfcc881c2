"""Documents of the procedures about lists: which step each is for, and all that they say of themselves.

A document speaks Chinese whoever reads it, so the words they are made of are not translated.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import DocumentState
from liaoyuan.core.documents.contents import UNSURE
from liaoyuan.core.models import Document
from liaoyuan.core.queries import calendar
from liaoyuan.core.rules.documents import day_text
from liaoyuan.registry.choices import CREDIT_TITLES, CreditStatus, Ground, Kind, LetterStep, Listing
from liaoyuan.registry.models import OPEN, CreditEntry, ListingLetter, ListingProposal, Organization, Standing
from liaoyuan.registry.params.annual_words import GROUND_TITLES
from liaoyuan.registry.params.table import CREDIT_RULE, JJ_LAW, MF_LAW, ST_LAW
from liaoyuan.registry.queries import letters

#: The kinds of documents by the steps they are for.
KINDS: dict[str, str] = {
    LetterStep.LETTER1: "listing_letter", LetterStep.LETTER2: "listing_letter", LetterStep.NOTICE: "listing_notice",
    LetterStep.DECISION: "listing_decision", LetterStep.REMOVAL: "removal_decision",
}  # fmt: skip
_LISTS: dict[str, str] = {Listing.ABNORMAL: "活动异常名录", Listing.SERIOUS: "严重违法失信名单"}
_RESULTS = {"signed": "，已签收", "unsigned": "，无人签收", "": ""}
#: Where a registration may be taken back.
_REGISTRATION: dict[str, str] = {Kind.ST: ST_LAW, Kind.MF: MF_LAW, Kind.JJ: JJ_LAW}


def living(proposal: ListingProposal) -> dict[str, ListingLetter]:
    """The living documents of a proposal by step; those that were fetched beforehand are not asked for again."""
    kept = getattr(proposal, "living_letters", None)
    rows = kept if kept is not None else proposal.letters.living().select_related("document")
    return {row.step: row for row in rows}


def fetched() -> Prefetch:
    """Fetches the living documents of many proposals at once, for `living`."""
    rows = ListingLetter.objects.living().select_related("document")
    return Prefetch("letters", queryset=rows, to_attr="living_letters")


def all_of(proposal: ListingProposal) -> list[ListingLetter]:
    """Every document of a proposal, and of the removal from the list it led to, oldest first."""
    rows = ListingLetter.objects.filter(proposal=proposal)
    if proposal.entry_id is not None:
        entry = CreditEntry.objects.get(pk=proposal.entry_id)
        same = CreditEntry.objects.filter(organization=entry.organization_id, list_kind=entry.list_kind,
                                          valid_from=entry.valid_from)  # fmt: skip
        rows = rows | ListingLetter.objects.filter(entry__in=same)
    return list(rows.select_related("document").order_by("pk"))


def is_done(letter: ListingLetter, row: ListingProposal | None) -> bool:
    """Whether what a document is for has been written down: sent, told, decided or removed."""
    step = letter.step
    if step == LetterStep.REMOVAL or row is None:
        return letter.document.state == DocumentState.ISSUED
    if step == LetterStep.DECISION:
        return row.decided_at is not None
    return getattr(row, f"{step}_on") is not None


def open_entry(organization: int, list_kind: str) -> CreditEntry | None:
    """The stay on a list that has no end."""
    rows = CreditEntry.objects.current().filter(organization=organization, list_kind=list_kind, valid_to=OPEN)
    return rows.order_by("-valid_from").first()


def removal_of(entry: CreditEntry) -> ListingLetter | None:
    """The living removal decision of a stay on a list; a corrected stay is the same one."""
    rows = ListingLetter.objects.living().filter(entry__organization=entry.organization_id,
                                                 entry__list_kind=entry.list_kind)  # fmt: skip
    return next((row for row in rows.select_related("document") if not is_done(row, None)), None)


# What the documents say


def facts_for(code: str) -> Callable[[Organization, date], Mapping[str, str]]:
    """The facts of a kind: the body's, and title and basis after its open proposal."""

    def facts(organization: Organization, on: date) -> dict[str, str]:
        told = letters.facts(organization, on)
        told |= {"title": "—", "basis": CREDIT_RULE}  # without a proposal it is refused by what follows, not for these
        row = ListingProposal.objects.open().filter(organization=organization).first()
        if row is not None and code != KINDS[LetterStep.REMOVAL]:
            told |= {"title": _title(code, row), "basis": basis(row)}
        return told

    return facts


def basis(row: ListingProposal) -> str:
    """By what a proposal is decided (handbook §1.8); taking back a registration has its own regulations."""
    if row.wants != Listing.REVOCATION:
        return CREDIT_RULE
    kind = Standing.objects.now_open().filter(organization=row.organization_id).values_list("kind", flat=True).first()
    return _REGISTRATION.get(kind or "", CREDIT_RULE)


def _title(code: str, row: ListingProposal) -> str:
    matter = f"列入{_LISTS[row.wants]}" if row.wants in _LISTS else "撤销登记"
    if code == "listing_letter":
        return "关于通过登记的住所取得联系的函" if row.ground == Ground.ADDRESS else "关于限期改正有关问题的函"
    return f"拟{matter}告知书" if code == "listing_notice" else f"{matter}决定书"


def about(document: Document, on: date) -> dict[str, str]:
    """What one document says besides the body's facts: all of it stands in its proposal, or on the list."""
    letter = ListingLetter.objects.select_related("proposal__organization", "entry").filter(document=document).first()
    if letter is not None and letter.entry is not None:
        return _of_entry(letter, letter.entry)
    if letter is not None and letter.proposal is not None:
        return _of_proposal(letter.proposal, letter.step) | _heard(letter.proposal, document, on)
    return {}


def origin(document: Document) -> tuple[str, str] | None:
    """The proposal a document is for, or the list that a removal is about: title and address."""
    letter = ListingLetter.objects.select_related("entry").filter(document=document).first()
    if letter is None:
        return None
    if letter.entry is not None:
        address = reverse("registry:organization_detail", args=[letter.entry.organization_id])
        return _("信用名单"), f"{address}?tab=credit"
    return _("列入名单的建议"), reverse("registry:proposal_detail", args=[letter.proposal_id])


def _of_proposal(row: ListingProposal, step: str) -> dict[str, str]:
    matter = f"将你单位列入{_LISTS[row.wants]}" if row.wants in _LISTS else "撤销你单位的登记"
    sent = list(_sent(row))
    return {
        "which": "第二次" if step == LetterStep.LETTER2 else "第一次",
        "earlier": sent[0] if step == LetterStep.LETTER2 and sent else "",
        "unreachable": "是" if row.ground == Ground.ADDRESS else "",
        "ground": GROUND_TITLES[row.ground],
        "reason": row.reason.rstrip("。；; "),
        "arisen": day_text(row.arisen_on),
        "matter": matter,
        "letters": "、".join(sent),
        "abnormal": "是" if row.wants == Listing.ABNORMAL else "",
    }


def _sent(row: ListingProposal) -> Iterable[str]:
    for place in ("letter1", "letter2"):
        on = getattr(row, f"{place}_on")
        if on is not None:
            yield f"{day_text(on)}（{getattr(row, f'{place}_no')}{_RESULTS[getattr(row, f'{place}_result')]}）"


def _heard(row: ListingProposal, document: Document, on: date) -> dict[str, str]:
    """The right to be heard: how long it lasts if the notice is served today; afterwards, what came of it."""
    days = policy.limits(on, policy.chain(document.area.path))["listing.hearing_workdays"]
    last = calendar.workdays().add_workdays(on, days)
    over = row.heard_on is None and row.heard_until is not None and row.heard_until < on
    return {
        "hearing_days": str(days),
        "served": day_text(on),
        "heard_until": day_text(last.date) + (UNSURE if last.provisional else ""),
        "notice_no": row.notice_no,
        "notice_day": day_text(row.notice_on) if row.notice_on else "",
        "heard": day_text(row.heard_on) if row.heard_on else "",
        "heard_words": row.heard_words.rstrip("。；; "),
        "unheard": "你单位在规定的期限内没有提出陈述、申辩。" if over else "",
    }


def _of_entry(letter: ListingLetter, entry: CreditEntry) -> dict[str, str]:
    return {
        "list": CREDIT_TITLES[CreditStatus(entry.list_kind)],
        "listed": day_text(entry.valid_from),
        "evidence": f"（{entry.evidence}）" if entry.evidence else "",
        "listed_because": entry.reason.rstrip("。；; "),
        "complied": "是" if letter.complied else "",
    }
