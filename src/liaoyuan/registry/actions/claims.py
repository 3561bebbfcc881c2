"""Claims (认领): submitted by anybody, decided once by an officer; an approval makes the claim code an invitation."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, reads, sensitive, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import invitations
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import User
from liaoyuan.kit.findings import Refused, refuse_if_blocked
from liaoyuan.registry.choices import ClaimState, Event
from liaoyuan.registry.models import Claim, Organization, Standing
from liaoyuan.registry.params.claims import CLAIM_DAYS, CLAIM_OPEN, STATE_TITLES
from liaoyuan.registry.queries import claims as queries
from liaoyuan.registry.rules import claims as rules
from liaoyuan.registry.rules.claims import Told, refusal

#: Titles of the sensitive fields of a claim.
FIELD_TITLES = {"mobile": "手机号"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a claimant keeps: the code is told here only, the database keeps its hash."""

    claim: Claim
    code: str


@transaction.atomic
def submit(*, organization: int, told: Told, at: datetime) -> Receipt:
    """Hand in a claim; nobody is logged in. Nothing in the answer depends on whether the body has an account.

    Refused: a body that is not live, what is missing, a mobile number where none may be filled, too many open claims.
    """
    locks.one_at_a_time("claim")
    body = Organization.objects.known().filter(pk=organization, live=True, is_external=False).first()
    if body is None:
        raise Refused([refusal("body")])
    on = localdate(at)
    refuse_if_blocked(
        sensitive.findings({"mobile": told.mobile}, FIELD_TITLES, on)
        or rules.may_submit(told, needs_mobile=sensitive.may_be_filled(on))
    )
    if Claim.objects.filter(organization=body).in_state(ClaimState.OPEN, on).count() >= CLAIM_OPEN:
        raise Refused([refusal("many")])
    forgotten = _forget_expired(on)
    code = invitations.new_code()
    made = Claim.objects.create(
        organization=body, code_hash=invitations.hash_code(code), claimant=told.claimant, post=told.post,
        mobile=vault.encrypt(told.mobile, purpose=queries.PURPOSE), words=told.words, notice=told.notice, created_at=at,
    )  # fmt: skip
    told_by_event = {"organization": body.pk, "post": told.post, "notice": told.notice, "expired_forgotten": forgotten}
    events.record(Event.CLAIMED, _subject(made), by=None, at=at, payload=told_by_event)
    return Receipt(made, code)


def _forget_expired(on: date) -> int:
    """Delete the mobile numbers of claims that are out of date; they are shown to nobody any more."""
    gone = Claim.objects.in_state(ClaimState.EXPIRED, on).exclude(mobile="")
    return gone.update(mobile="")


def _subject(claim: Claim) -> tuple[str, str, str]:
    return "claim", str(claim.pk), label_of(claim)


def label_of(claim: Claim) -> str:
    """The present name of the claimed body."""
    row = Standing.objects.now_open().filter(organization=claim.organization_id).values_list("name", flat=True).first()
    return (row or "")[:120]


def _entered(claim: Claim, *, by: Actor, on: date) -> Claim:
    """Permission over the body, lock, the claim's row anew; refused once it is decided or out of date."""
    access.require(by, Core.INVITE, claim.organization)
    locks.one_at_a_time("invitation", claim.organization_id)
    row = Claim.objects.select_related("organization", "decided_by").get(pk=claim.pk)
    now = queries.state(row, on)
    if row.decided_at is not None:
        who = str(row.decided_by or _("命令行"))
        day = localdate(row.decided_at).isoformat()
        raise Refused([refusal("decided", name=who, day=day, state=_(STATE_TITLES[now]))])
    if now == ClaimState.EXPIRED:
        raise Refused([refusal("expired", days=CLAIM_DAYS)])
    return row


@transaction.atomic
def approve(*, claim: Claim, by: Actor, at: datetime, reason: str = "") -> Claim:
    """Agree: the claimant's code becomes an invitation of thirty days. `reason` says how it was verified.

    Refused for a claim that is decided or out of date and for a body that is not live any more.
    """
    row = _entered(claim, by=by, on=localdate(at))
    if not row.organization.live:
        raise Refused([refusal("body")])
    row.invitation = invitations.confirm(
        subject=row.organization, label=label_of(row), code_hash=row.code_hash, by=by, at=at
    )
    return _decide(row, ClaimState.APPROVED, reason, Event.CLAIM_APPROVED, by=by, at=at)


@transaction.atomic
def send_back(*, claim: Claim, reason: str, by: Actor, at: datetime) -> Claim:
    """Refuse, with a reason that the claimant reads. Refused for a claim that is decided or out of date."""
    row = _entered(claim, by=by, on=localdate(at))
    if len(reason.strip()) < 2:
        raise Refused([refusal("reason", "reason")])
    return _decide(row, ClaimState.RETURNED, reason, Event.CLAIM_RETURNED, by=by, at=at)


def _decide(row: Claim, decision: ClaimState, reason: str, event: Event, *, by: Actor, at: datetime) -> Claim:
    row.decision, row.reason, row.mobile = str(decision), reason.strip()[:200], ""
    row.decided_at, row.decided_by = at, by if isinstance(by, User) else None
    row.save(update_fields=["decision", "reason", "mobile", "decided_at", "decided_by", "invitation"])
    events.record(
        event, _subject(row), by=by, at=at, payload={"organization": row.organization_id, "reason": row.reason}
    )
    return row


@transaction.atomic
def reveal(*, claim: Claim, reason: str, by: Actor, at: datetime) -> str:
    """The claimant's mobile number, for who has to verify the claim; the read is logged first.

    Refused without a reason, and when the number is deleted or may not be shown any more.
    """
    access.require(by, Core.INVITE, claim.organization)
    row = Claim.objects.get(pk=claim.pk)
    if queries.state(row, localdate(at)) != ClaimState.OPEN or not row.mobile:
        raise Refused([refusal("gone")])
    reads.revealed(_subject(row), field="mobile", reason=reason, by=by, at=at)
    return vault.decrypt(row.mobile, purpose=queries.PURPOSE)
