"""Finding the stored organization that a row of a list speaks of, and what is stored about it on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from liaoyuan.core import vault
from liaoyuan.core.models import Area
from liaoyuan.kit.text import match_key
from liaoyuan.registry.models import OPEN, AnnualResult, CreditEntry, Organization, Rating, Standing
from liaoyuan.registry.queries.standings import COLUMN_OF, SECRET


@dataclass(slots=True)
class Stored:
    """One organization as stored on the day of comparison, in the importer's own field names (normalised texts)."""

    pk: int
    version: int
    name: str
    live: bool
    own: bool
    fields: dict[str, Any] = field(default_factory=dict)


def holders(
    codes: Iterable[str], filing_nos: Iterable[str], names: Iterable[str]
) -> tuple[dict[str, list[int]], dict[str, list[int]], dict[str, list[tuple[int, str, str]]]]:
    """Who holds these codes and filing numbers, and who bears these names now.

    Returns ids by code, ids by filing number (live bodies first), and (id, street name key, code) by name.
    """
    by_code: dict[str, list[int]] = {}
    by_filing: dict[str, list[int]] = {}
    wanted, filed = [c for c in codes if c], [f for f in filing_nos if f]
    rows = Organization.objects.known().filter(Q(code__in=wanted) | Q(filing_no__in=filed)).order_by("-live", "pk")
    for pk, code, filing_no in rows.values_list("pk", "code", "filing_no"):
        if code:
            by_code.setdefault(code, []).append(pk)
        if filing_no:
            by_filing.setdefault(filing_no, []).append(pk)
    by_name: dict[str, list[tuple[int, str, str]]] = {}
    bearers = Standing.objects.now_open().filter(name__in=[n for n in names if n], organization__live=True)
    for pk, name, street, given, code in bearers.values_list(
        "organization_id", "name", "street__name", "street_as_given", "organization__code"
    ):
        by_name.setdefault(name, []).append((pk, match_key(street or given or ""), code))
    return by_code, by_filing, by_name


def stored(ids: Iterable[int], on: date, area: Area) -> dict[int, Stored]:
    """What is stored about the organizations on the day `on` (before the beginning: the first period)."""
    wanted = list(ids)
    organizations = Organization.objects.in_bulk(wanted)
    found: dict[int, Stored] = {}
    rows = (
        Standing.objects.filter(organization__in=wanted, superseded_at__isnull=True)
        .select_related("street", "community", "registrar_area")
        .order_by("organization_id", "valid_from")
    )
    for row in rows:
        organization = organizations[row.organization_id]
        if row.organization_id in found and not row.valid_from <= on:
            continue
        found[row.organization_id] = Stored(
            organization.pk,
            organization.version,
            row.name,
            organization.live,
            row.registrar_area.path.startswith(area.path),
            _fields(organization, row),
        )
    _add_records(found, on)
    return found


def _fields(organization: Organization, row: Standing) -> dict[str, Any]:
    back = {column: name for name, column in COLUMN_OF.items() if row.kind == "BA"}
    fields: dict[str, Any] = {
        "code": organization.code,
        "code_as_given": organization.code_as_given,
        "filing_no": organization.filing_no,
        "registered_on": dated(organization.registered_on, row.precision, "registered_on"),
        "closed_on": dated(organization.closed_on, row.precision, "closed_on"),
        "street": row.street.name if row.street else row.street_as_given,
        "community": row.community.name if row.community else row.community_as_given,
    }
    for column in _PLAIN:
        value = getattr(row, column)
        if isinstance(value, date):
            value = dated(value, row.precision, column)
        elif column in SECRET and value:
            value = vault.decrypt(value, purpose=SECRET[column])
        fields[column] = value
        if column in back:
            fields[back[column]] = value
    return fields


_PLAIN = (
    "name",
    "kind",
    "status",
    "registrar",
    "supervisor",
    "industry_regulator",
    "party_lead",
    "legal_representative",
    "phone",
    "representative_id",
    "address",
    "longitude",
    "latitude",
    "point_datum",
    "capital_fen",
    "scope",
    "field",
    "district_field",
    "certificate_from",
    "certificate_to",
    "full_time",
    "part_time",
    "members_unit",
    "members_person",
    "council_count",
    "supervisors_count",
    "party_members_declared",
    "is_charity",
    "public_fundraising",
    "tax_deductible",
    "filing_category",
    "filing_to",
    "guidance_unit",
    "note",
)


def dated(value: date | None, precision: dict[str, str], name: str) -> str | None:
    """A stored date as the normalised text, cut to the precision it is known by."""
    if value is None:
        return None
    return value.isoformat()[: {"M": 7, "Y": 4}.get(precision.get(name, "D"), 10)]


def _add_records(found: dict[int, Stored], on: date) -> None:
    # The latest one stays, expired or not: a list names the last rating, whatever its date.
    for rating in Rating.objects.current().filter(organization__in=found).order_by("organization_id", "valid_from"):
        fields = found[rating.organization_id].fields
        fields["rating"] = rating.level
        fields["rated_on"] = None if rating.assumed else rating.valid_from.isoformat()
        fields["rating_until"] = None if rating.valid_to == OPEN else until(rating.valid_to)
    for entry in CreditEntry.objects.active(on).filter(organization__in=found).order_by("list_kind"):
        found[entry.organization_id].fields["credit_status"] = entry.list_kind
    for result in AnnualResult.objects.current().filter(organization__in=found):
        found[result.organization_id].fields.setdefault("annual_results", {})[str(result.year)] = result.result


def until(exclusive: date) -> str:
    """The last day of a period whose exclusive end is given, as ISO text."""
    return date.fromordinal(exclusive.toordinal() - 1).isoformat()
