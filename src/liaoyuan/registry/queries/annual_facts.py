"""Facts of a report for the rules: the round's dates, the register's word, the papers attached, the years before."""

from collections.abc import Iterable
from datetime import date

from liaoyuan.core.models import Attachment
from liaoyuan.registry.choices import AnnualState, Listing
from liaoyuan.registry.models import (
    OPEN,
    AnnualContent,
    AnnualReport,
    AnnualResult,
    AnnualTerm,
    CreditEntry,
    ListingProposal,
    Standing,
)
from liaoyuan.registry.rules.annual_facts import AnnualFacts

#: The subject under which a report's files are attached.
SUBJECT = "annualreport"


def attached(report: AnnualReport) -> set[str]:
    """The purposes for which a living file is attached to the report."""
    return set(Attachment.objects.living().of(SUBJECT, str(report.pk)).values_list("purpose", flat=True))


def of_report(report: AnnualReport, row: Standing) -> AnnualFacts:
    """What is known of one report; `row` is the body's present standing."""
    papers = attached(report)
    term = AnnualTerm.objects.filter(round=report.round_id, kind=report.kind).first()
    content = AnnualContent.objects.filter(report=report).first()
    return AnnualFacts(
        kind=report.kind, field=row.field, is_charity=bool(row.is_charity), track=report.track, year=report.round.year,
        supervised=report.supervised, supervisor_due=term.supervisor_due if term else None,
        registrar_due=term.registrar_due if term else None, submitted_on=report.submitted_on, filed_on=report.filed_on,
        concluded=report.state == AnnualState.CONCLUDED, audit_fields=tuple(report.round.audit_fields),
        audit_attached="audit" in papers, financial_attached="financial" in papers,
        rectification_attached="rectification" in papers, last_result=last_result(report),
        members_unit=content.members_unit if content else None,
        members_person=content.members_person if content else None,
        members_total=content.members_total if content else None,
    )  # fmt: skip


def last_result(report: AnnualReport) -> str:
    """The conclusion of the year before, or ""."""
    rows = AnnualResult.objects.current().filter(organization=report.organization_id, year=report.round.year - 1)
    return rows.values_list("result", flat=True).first() or ""


def missed_years(organization: int, year: int) -> int:
    """How many years in a row up to and with `year` were missed."""
    rows = AnnualResult.objects.current().filter(organization=organization, year__lte=year).order_by("-year")
    years = 0
    for told, result in rows.values_list("year", "result"):
        if told != year - years or result != "missed":
            break
        years += 1
    return years


def may_be_proposed(organization: int, wants: str, on: date) -> bool:
    """Whether no proposal is open and the body does not stand on the list already."""
    if ListingProposal.objects.open().filter(organization=organization).exists():
        return False
    return wants == Listing.REVOCATION or not listed(organization, wants, on)


def listed(organization: int, list_kind: str, on: date) -> bool:
    """Whether the body stands on a list on the day."""
    rows = CreditEntry.objects.active(on).filter(organization=organization, list_kind=list_kind, valid_to=OPEN)
    return rows.exists()


def names(organizations: Iterable[int]) -> dict[int, str]:
    """Present names by organization."""
    rows = Standing.objects.now_open().filter(organization__in=list(organizations))
    return dict(rows.values_list("organization", "name"))
