"""Public fundraising campaigns with what they owe next (CHA-03), judged by the rule for many at once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.choices import ReportKind
from liaoyuan.registry.models import Campaign, CampaignReport, FilingConfirmation, Organization, Standing
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.rules import charity as rules
from liaoyuan.registry.rules.facts import OrganizationFacts


class Owed(NamedTuple):
    """A campaign, the body's name, the next report (kind, last day) or None, and what the rule says of it today."""

    campaign: Campaign
    name: str
    next: tuple[str, date] | None
    findings: list[Finding]
    last: date | None


def owed(rows: Iterable[Campaign], on: date) -> list[Owed]:
    """The campaigns with what is to be published next; in some few statements whatever their number."""
    campaigns = list(rows)
    reports: dict[int, dict[str, date]] = {}
    for one in CampaignReport.objects.filter(campaign__in=[c.pk for c in campaigns]).order_by("published_on"):
        reports.setdefault(one.campaign_id, {})[one.kind] = one.published_on
    ids = [campaign.organization_id for campaign in campaigns]
    bodies = {
        row.organization_id: row
        for row in Standing.objects.now_open().filter(organization__in=ids).select_related("registrar_area")
    }
    kept: dict[str, tuple[Limits, policy.Plan]] = {}
    found = []
    for campaign in campaigns:
        body = bodies[campaign.organization_id]
        path = body.registrar_area.path
        if path not in kept:
            limits = policy.limits(on, policy.chain(path))
            kept[path] = (limits, policy.plan("campaign_daily", limits))
        limits, plan = kept[path]
        told = reports.get(campaign.pk, {})
        facts = OrganizationFacts(
            campaign_from=campaign.starts_on, campaign_to=campaign.ends_on,
            progress_on=told.get(ReportKind.PROGRESS), final_report_on=told.get(ReportKind.FINAL),
        )  # fmt: skip
        following = rules.next_report(facts, limits, on=on) if limits.is_on("CHA-03") else None
        last = max(told.values(), default=None)
        found.append(Owed(campaign, body.name, following, plan.run(facts, on), last))
    return found


def asked_on_recognition(row: Standing, on: date, penalised_on: date | None) -> list[Finding]:
    """CHA-01 and CRD-04: lists and penalties that bar the recognition."""
    limits = policy.limits(on, policy.chain(row.registrar_area.path))
    known = replace(fact_queries.of_stored(row, on), penalised_on=penalised_on)
    return [*policy.evaluate(Moment.CHARITY_APPLY, known, limits, on), *policy.evaluate("CRD-04", known, limits, on)]


def of(user: Any) -> Any:
    """Campaigns of bodies that the user may see, the latest first."""
    return Campaign.objects.visible_to(user).with_names()


def unfinished() -> Any:
    """Campaigns without a full report."""
    done = CampaignReport.objects.filter(kind=ReportKind.FINAL.value).values("campaign")
    return Campaign.objects.exclude(pk__in=done)


def beside(organization: Organization) -> dict[str, Any]:
    """Campaigns and yearly confirmations of a body, the latest first, for its record page."""
    told = FilingConfirmation.objects.filter(organization=organization, undone_at__isnull=True)
    return {
        "campaigns": list(Campaign.objects.filter(organization=organization).order_by("-starts_on", "-pk")[:20]),
        "confirmations": list(told.order_by("-year")[:20]),
    }
