"""Credit lists (活动异常名录, 严重违法失信名单): entry and removal by hand, under CRD-01 and CRD-03."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Finding, Refused, Severity, refuse_if_blocked
from liaoyuan.registry.actions import organizations, standings
from liaoyuan.registry.choices import CreditStatus, Event, Permission
from liaoyuan.registry.models import OPEN, CreditEntry, Organization, Standing
from liaoyuan.registry.queries import annual_late
from liaoyuan.registry.rules.annual_facts import ListingFacts
from liaoyuan.registry.rules.facts import OrganizationFacts


def asked_on_entry(standing: Standing, arisen_on: date | None, recorded_on: date) -> list[Finding]:
    """CRD-01: entered within the working days after it arose."""
    facts = OrganizationFacts(credit_arisen_on=arisen_on, credit_recorded_on=recorded_on)
    return policy.evaluate(Moment.SAVE, facts, policy.limits(recorded_on, _chain(standing)), recorded_on)


def asked_on_removal(
    standing: Standing, entry: CreditEntry, removed_on: date, last_breach_on: date | None, complied: bool = False
) -> list[Finding]:
    """CRD-03: the serious list is left after clean years only; LST-03: the abnormal one on proof, or after months.

    LST-04: one listed for a missed year has handed in a late report (补报); its conclusion is the proof.
    """
    if entry.list_kind == CreditStatus.ABNORMAL:
        ground, made_up = annual_late.ground_of(entry)
        told = ListingFacts(
            ground=ground, listed_on=entry.valid_from, removed_on=removed_on, complied=complied, made_up=made_up
        )
        return policy.evaluate(Moment.LIST_REMOVE, told, policy.limits(removed_on, _chain(standing)), removed_on)
    facts = OrganizationFacts(
        credit_status=entry.list_kind, listed_on=entry.valid_from, removed_on=removed_on, last_breach_on=last_breach_on
    )
    return policy.evaluate(Moment.REMOVE, facts, policy.limits(removed_on, _chain(standing)), removed_on)


def _chain(standing: Standing) -> list[str]:
    return policy.chain(standing.registrar_area.path)


@transaction.atomic
def enter(
    *,
    organization: Organization,
    list_kind: str,
    reason: str,
    listed_on: date,
    arisen_on: date | None,
    evidence: str,
    by: Actor,
    at: datetime,
    confirmed: bool = False,
) -> CreditEntry:
    """Put a body on a list from `listed_on`. Refused while it stands on that list, and for a day after today."""
    organization, row = organizations.entered(organization, Permission.CREDIT_EDIT, by=by)
    today = localdate(at)
    if listed_on > today:
        raise Refused([note("CRD-LATE", Severity.BLOCK, _("列入日期不能晚于今天。"), field_name="listed_on")])
    if arisen_on is not None and arisen_on > listed_on:
        raise Refused([note("CRD-DATES", Severity.BLOCK, _("信息产生日期不能晚于列入日期。"), field_name="arisen_on")])
    same = CreditEntry.objects.current().filter(organization=organization, list_kind=list_kind)
    if same.filter(valid_to__gt=listed_on).exists():
        raise Refused([note("CRD-TWICE", Severity.BLOCK, _("该组织在这一天已经在这份名单上。"),
                            field_name="list_kind")])  # fmt: skip
    told = refuse_if_blocked(asked_on_entry(row, arisen_on, today), confirmed=confirmed)
    made = CreditEntry.objects.create(
        organization=organization, list_kind=list_kind, reason=reason.strip(), valid_from=listed_on,
        arisen_on=arisen_on, evidence=evidence.strip(), recorded_at=at, recorded_by=standings.recorder(by),
    )  # fmt: skip
    organizations.touched(organization)
    events.record(Event.LISTED, organizations.subject(organization, row), by=by, at=at, findings=told,
                  payload={"list": list_kind, "reason": made.reason[:200], "on": listed_on.isoformat()})  # fmt: skip
    return made


@transaction.atomic
def remove(
    *,
    entry: CreditEntry,
    removed_on: date,
    reason: str,
    last_breach_on: date | None = None,
    complied: bool = False,
    by: Actor,
    at: datetime,
    confirmed: bool = False,
) -> CreditEntry:
    """Take a body off a list from `removed_on`; `complied` = it has shown that it did what was due.

    Refused by CRD-03, and unless the day lies after the entry.
    """
    organization, row = organizations.entered(entry.organization, Permission.CREDIT_EDIT, by=by)
    entry = CreditEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.superseded_at is not None or entry.valid_to != OPEN:
        raise Refused([note("CRD-GONE", Severity.BLOCK, _("该组织已经移出这份名单。"))])
    if removed_on <= entry.valid_from:
        raise Refused([note("CRD-DATES", Severity.BLOCK, _("移出日期须晚于列入日期 {day}。"), field_name="removed_on",
                            day=entry.valid_from.isoformat())])  # fmt: skip
    told = refuse_if_blocked(asked_on_removal(row, entry, removed_on, last_breach_on, complied),
                             confirmed=confirmed)  # fmt: skip
    entry.superseded_at = at
    entry.save(update_fields=["superseded_at"])
    ended = CreditEntry.objects.create(
        organization=organization, list_kind=entry.list_kind, reason=entry.reason, valid_from=entry.valid_from,
        valid_to=removed_on, arisen_on=entry.arisen_on, assumed=entry.assumed, evidence=entry.evidence,
        removal_reason=reason.strip(), recorded_at=at, recorded_by=standings.recorder(by),
    )  # fmt: skip
    organizations.touched(organization)
    events.record(Event.UNLISTED, organizations.subject(organization, row), by=by, at=at, findings=told,
                  payload={"list": entry.list_kind, "reason": ended.removal_reason[:200],
                           "on": removed_on.isoformat()})  # fmt: skip
    return ended
