"""Reading claims: their state and day of answer, the lines of 待办, what a claim code says to who enters it."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.clock import localdate
from liaoyuan.core.queries import calendar
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.workdays import Calendar, Deadline
from liaoyuan.registry.choices import ClaimState
from liaoyuan.registry.models import Claim
from liaoyuan.registry.models.claims import ClaimQuerySet
from liaoyuan.registry.params.claims import CLAIM_DAYS, CLAIM_WORKDAYS
from liaoyuan.registry.rules import claims as rules

#: Purpose under which a claimant's mobile number is sealed.
PURPOSE = "claim.mobile"


def state(claim: Claim, on: date) -> ClaimState:
    """Where the claim stands on the day."""
    return rules.state(claim.decision, localdate(claim.created_at), on)


def answer_by(claim: Claim, days: Calendar | None = None) -> Deadline:
    """The day by which the office answers; provisional where the year's holidays are not known.

    A list hands over the calendar that it read once.
    """
    return (days or calendar.workdays()).add_workdays(localdate(claim.created_at), CLAIM_WORKDAYS)


def asked(user: Any, *, text: str = "", wanted: str = "", on: date) -> ClaimQuerySet:
    """Claims that the user may see, by words in the body's or the claimant's name and by state ("" = all)."""
    rows = Claim.objects.visible_to(user).select_related("decided_by").with_names()
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(claimant__icontains=text))
    return rows.in_state(ClaimState(wanted), on) if wanted in set(ClaimState) else rows


def rivals(claim: Claim, on: date) -> list[int]:
    """Numbers of the other claims of the same body that wait too."""
    rows = Claim.objects.filter(organization=claim.organization_id).in_state(ClaimState.OPEN, on).exclude(pk=claim.pk)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def about_code(code_hash: str, at: datetime) -> list[Finding]:
    """What has become of the claim with this code; nothing of an approved one: its invitation speaks for itself."""
    claim = Claim.objects.filter(code_hash=code_hash).first()
    if claim is None:
        return []
    now, day = state(claim, localdate(at)), localdate(claim.created_at).isoformat()
    if now == ClaimState.OPEN:
        last = answer_by(claim)
        variant = "waiting_provisional" if last.provisional else "waiting"
        return [rules.refusal(variant, severity=Severity.INFO, day=day, due=last.date.isoformat())]
    if now == ClaimState.RETURNED:
        return [rules.refusal("returned", severity=Severity.WARN, day=day, reason=claim.reason.rstrip("。"))]
    if now == ClaimState.EXPIRED:
        return [rules.refusal("past", severity=Severity.WARN, day=day, days=CLAIM_DAYS)]
    return []


def todo(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Open claims as lines of 待办, the longest waiting first. One that is overdue stays until it expires."""
    rows = Claim.objects.visible_to(user).in_state(ClaimState.OPEN, on).order_by("created_at", "pk")
    total = rows.count()
    items = []
    days = calendar.workdays() if total and limit else None
    for claim in rows.with_names()[:limit] if total else ():
        last = answer_by(claim, days)
        items.append(
            DueItem(
                title=_("“{name}”的账号认领申请待核实").format(name=getattr(claim, "name", "") or ""),
                due_on=last.date,
                url=reverse("registry:claim_detail", args=[claim.pk]),
                button=_("去核实"),
                provisional=last.provisional,
                code="claim",
            )
        )
    return items, total


#: The source of claims.
SOURCES = (DueSource("registry.claims", "认领申请", Core.INVITE, todo),)
