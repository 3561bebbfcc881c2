"""Organizations as the interface tells them: within the caller's scope, secrets masked."""

from datetime import date
from typing import Any

from liaoyuan.core import vault, zones
from liaoyuan.registry.models import OPEN, Organization, Rating
from liaoyuan.registry.queries.listing import Line, marks_of
from liaoyuan.registry.queries.matching import dated, stored, until
from liaoyuan.registry.queries.standings import PERSONAL, SECRET, former_names, history

#: Fields of the detail that come from the register as they are.
_PLAIN = (
    "name", "code", "code_as_given", "filing_no", "kind", "status", "registrar", "supervisor", "industry_regulator",
    "party_lead", "guidance_unit", "legal_representative", "address", "street", "community",
    "longitude", "latitude", "point_datum", "registered_on",
    "capital_fen", "scope", "field", "district_field", "certificate_from", "certificate_to", "full_time", "part_time",
    "members_unit", "members_person", "council_count", "supervisors_count", "party_members_declared", "is_charity",
    "public_fundraising", "tax_deductible", "note",
)  # fmt: skip


def _masked_phone(ciphertext: str) -> str:
    return zones.mask(PERSONAL["phone"], vault.decrypt(ciphertext, purpose=SECRET["phone"])) if ciphertext else ""


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def line(row: Line) -> dict[str, Any]:
    """One row of the list."""
    return {
        "id": row.pk, "name": row.name, "number": row.number, "kind": row.kind, "status": row.status,
        "street": row.street or None, "community": row.community or None, "registrar": row.registrar,
        "supervisor": row.supervisor, "legal_representative": row.legal_representative,
        "phone": _masked_phone(row.phone), "address": row.address,
        "registered_on": dated(_day(row.registered_on), marks_of(row.precision), "registered_on"),
        "capital_fen": row.capital_fen, "field": row.field, "district_field": row.district_field,
        "certificate_to": _day(row.certificate_to), "filing_until": _day(row.filing_to), "full_time": row.full_time,
        "is_charity": None if row.is_charity is None else bool(row.is_charity), "rating": row.rating,
        "credit_status": row.credit or "normal",
    }  # fmt: skip


def detail(pk: int, user: Any, on: date) -> dict[str, Any] | None:
    """All facts of one organization on the day; None when it is out of sight or had not begun."""
    organization = Organization.objects.visible_to(user).filter(pk=pk).first()
    if organization is None:
        return None
    rows = [row for row in history(organization) if row.valid_from <= on]
    if not rows or rows[-1].valid_to <= on:
        return None
    found = stored([pk], on, rows[-1].registrar_area)[pk].fields
    rating = Rating.objects.active(on).filter(organization=pk).order_by("-level").first()
    closed = organization.closed_on is not None and organization.closed_on <= on
    return {
        **{name: found[name] for name in _PLAIN},
        "id": pk,
        "version": organization.version,
        "as_of": on,
        "former_names": [{"name": name, "until": end} for name, _begin, end in former_names(rows)],
        "phone": zones.mask(PERSONAL["phone"], found["phone"]) if found["phone"] else "",
        "closed_on": found["closed_on"] if closed else None,
        "category": found["filing_category"],
        "filing_until": found["filing_to"],
        "rating": rating.level if rating else None,
        "rated_on": rating.valid_from.isoformat() if rating and not rating.assumed else None,
        "rating_until": until(rating.valid_to) if rating and rating.valid_to != OPEN else None,
        "annual_results": found.get("annual_results", {}),
        "credit_status": found.get("credit_status", "normal"),
    }
