"""Reading proposals for the lists: what comes next and by when, who is long on the abnormal list."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import DocumentState
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Limits
from liaoyuan.registry.choices import CreditStatus, Ground, Permission
from liaoyuan.registry.models import OPEN, CreditEntry, ListingProposal, Standing
from liaoyuan.registry.models.listings import ProposalQuerySet
from liaoyuan.registry.models.rounds import within_reach
from liaoyuan.registry.params.annual_words import STEP_TITLES
from liaoyuan.registry.queries import listing_letters
from liaoyuan.registry.rules.facts import OrganizationFacts


class Next(NamedTuple):
    """The next step of a proposal: its word, the first and the last day for it where there are such."""

    word: str
    first_on: date | None = None
    last_on: date | None = None
    provisional: bool = False


def next_step(row: ListingProposal, limits: Limits) -> Next:
    """What comes next. Letters are needed for a body that cannot be reached, for others they are a reminder.

    A document that is under way goes before: it waits to be read over, signed or served.
    """
    if row.decided_at is not None:
        return Next(_("已办结"))
    waiting = _waiting(row)
    if waiting:
        return Next(waiting)
    if row.notice_on is not None:
        if row.heard_on is not None:
            return Next(_("作出决定"))
        return Next(_("等待陈述申辩，期满后作出决定"), None, row.heard_until, row.heard_provisional)
    if row.letter2_on is not None:
        return Next(_("记下第二封信函的签收情况")) if not row.letter2_result else Next(_("告知陈述申辩的权利"))
    if row.letter1_on is not None:
        if not row.letter1_result:
            return Next(_("记下第一封信函的签收情况"))
        least, most = limits["listing.letter_gap_min"], limits["listing.letter_gap_max"]
        window = (row.letter1_on + timedelta(days=least), row.letter1_on + timedelta(days=most))
        return Next(_("寄出第二封信函"), *window)
    if row.ground == Ground.ADDRESS:
        return Next(_("寄出第一封信函"))
    return Next(_("寄信催告，或告知陈述申辩的权利"))


def _waiting(row: ListingProposal) -> str:
    """What the latest document of a proposal waits for, as long as its step is not written down."""
    open_ = [letter for letter in listing_letters.living(row).values() if not listing_letters.is_done(letter, row)]
    if not open_:
        return ""
    last = max(open_, key=lambda letter: letter.pk)
    words = {DocumentState.DRAFT: _("核{step}的稿"), DocumentState.REVIEWED: _("签发{step}")}
    told = words.get(DocumentState(last.document.state), _("登记{step}的送达"))
    return told.format(step=_(STEP_TITLES[last.step]))


def asked(user: Any, *, text: str = "", wants: str = "", wanted: str = "open") -> ProposalQuerySet:
    """Proposals that the user may see; `wanted` is open, done or "" for all."""
    rows = ListingProposal.objects.visible_to(user).select_related("decided_by", "organization").with_names()
    rows = rows.prefetch_related(listing_letters.fetched())
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(reason__icontains=text))
    if wants:
        rows = rows.filter(wants=wants)
    return rows.filter(decided_at__isnull=wanted == "open") if wanted in ("open", "done") else rows


class Long(NamedTuple):
    """A body long on the abnormal list, without an open proposal."""

    entry: CreditEntry
    name: str
    full: str


def long_listed(user: Any, on: date) -> list[Long]:
    """Those for whom CRD-02 calls for a proposal, in the areas where the user may make one."""
    condition = within_reach(user, Permission.CREDIT_EDIT, "registrar_area")
    figures = [row.value for row in policy.rows_in_force() if row.key == "credit.abnormal_months" and row.value]
    rows = CreditEntry.objects.active(on).filter(list_kind=str(CreditStatus.ABNORMAL), valid_to=OPEN)
    rows = rows.filter(valid_from__lte=add_months(on, -min(figures, default=1))).select_related("organization")
    busy = ListingProposal.objects.open().values("organization")
    serious = CreditEntry.objects.active(on).filter(list_kind=str(CreditStatus.SERIOUS)).values("organization")
    entries = list(rows.exclude(organization__in=busy).exclude(organization__in=serious).order_by("valid_from", "pk"))
    if not entries:
        return []
    bodies = Standing.objects.now_open().live().filter(condition, organization__in=[e.organization_id for e in entries])
    known = {row.organization_id: row for row in bodies.select_related("registrar_area")}
    plans: dict[str, policy.Plan] = {}
    found: list[Long] = []
    for entry in entries:
        row = known.get(entry.organization_id)
        if row is None:
            continue
        path = row.registrar_area.path
        if path not in plans:
            plans[path] = policy.plan("CRD-02", policy.limits(on, policy.chain(path)))
        told = plans[path].run(OrganizationFacts(credit_status="abnormal", listed_on=entry.valid_from), on)
        if told:
            found.append(Long(entry, row.name, told[0].args["full"]))
    return found
