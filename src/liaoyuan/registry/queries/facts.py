"""Facts for the rules: what a row of a list, a form or a stored organization says, in the rules' own shape."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from liaoyuan.core.models import Area
from liaoyuan.kit.text import match_key
from liaoyuan.registry.models import OPEN, CreditEntry, Organization, Rating, Standing
from liaoyuan.registry.rules.facts import OrganizationFacts

_TEXTS = ("name", "kind", "code", "code_as_given", "filing_no", "status", "rating", "credit_status")
_NUMBERS = ("capital_fen", "members_unit", "members_person", "member_count", "council_count")
_DAYS = ("registered_on", "term_from", "term_to", "rated_on", "rating_until", "filing_until")


def _day(value: Any) -> date | None:
    """A date or a normalised text; a month or a year counts from its first day."""
    if value is None or isinstance(value, date):
        return value
    text = str(value)
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01" if len(text) == 7 else f"{text}-01-01")


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: fields.get(name) or "" for name in _TEXTS}
    for name in _NUMBERS:
        found[name] = fields.get(name)
    for name in _DAYS:
        if fields.get(name):
            found[name] = _day(fields[name])
    found["public_fundraising"] = fields.get("public_fundraising")
    return found


def area_names(area: Area) -> tuple[str, ...]:
    """Names a local body's name may begin with: the area and what lies above it, with and without 省市区县."""
    above = Area.objects.filter(code__in=area.path.strip("/").split("/")).values_list("name", flat=True)
    names = [n for n in above if n != "市辖区"]
    return tuple(dict.fromkeys([*names, *(n.rstrip("省市区县") for n in names if len(n) > 2)]))


def of_import(
    fields: Mapping[str, Any],
    *,
    division: str,
    names: tuple[str, ...],
    same_name_code: str = "",
    holder: str = "",
    filing_holder: str = "",
) -> OrganizationFacts:
    """Facts of one row of a list. `division` is the registrar's code; holders are names of *other* live bodies."""
    return OrganizationFacts(
        registrar_division=division,
        area_names=names,
        same_name_other_code=same_name_code,
        code_holder_name=holder,
        filing_holder_name=filing_holder,
        **_plain(fields),
    )


def of_form(fields: Mapping[str, Any], area: Area, *, organization: Organization | None = None) -> OrganizationFacts:
    """Facts of a form: looks up who else holds the code or the filing number, or bears the name."""
    own = organization.pk if organization else None
    return OrganizationFacts(
        registrar_division=area.code[:6],
        area_names=area_names(area),
        code_holder_name=_holder("code", fields.get("code"), own),
        filing_holder_name=_holder("filing_no", fields.get("filing_no"), own),
        same_name_other_code=_same_name(fields, own),
        **_plain(fields),
    )


def of_stored(standing: Standing, on: date) -> OrganizationFacts:
    """Facts of a stored organization as of `on`, for the daily rules and the "why" of a record page."""
    organization = standing.organization
    rating = Rating.objects.active(on).filter(organization=organization).first()
    entry = CreditEntry.objects.active(on).filter(organization=organization).order_by("-list_kind").first()
    fields = {
        **{
            name: getattr(standing, name)
            for name in (
                "name",
                "kind",
                "status",
                "capital_fen",
                "members_unit",
                "members_person",
                "council_count",
                "term_from",
                "term_to",
                "public_fundraising",
            )
        },
        "member_count": standing.members_person if standing.kind == "BA" else None,
        "code": organization.code,
        "code_as_given": organization.code_as_given,
        "filing_no": organization.filing_no,
        "registered_on": organization.registered_on,
        "filing_until": standing.filing_to,
        "rating": rating.level if rating else "",
        "rated_on": rating.valid_from if rating and not rating.assumed else None,
        "rating_until": date.fromordinal(rating.valid_to.toordinal() - 1)
        if rating and rating.valid_to != OPEN
        else None,
        "credit_status": entry.list_kind if entry else "normal",
    }
    return OrganizationFacts(
        registrar_division=standing.registrar_area.code[:6],
        area_names=area_names(standing.registrar_area),
        listed_on=entry.valid_from if entry else None,
        **_plain(fields),
    )


def _holder(column: str, value: Any, own: int | None) -> str:
    if not value:
        return ""
    other = Organization.objects.filter(**{column: value}, live=True).exclude(pk=own or 0).first()
    if other is None:
        return ""
    return Standing.objects.now_open().filter(organization=other).values_list("name", flat=True).first() or str(other)


def _same_name(fields: Mapping[str, Any], own: int | None) -> str:
    name, code = fields.get("name"), fields.get("code")
    if not name or not code:
        return ""
    others = Standing.objects.now_open().live().filter(name=name, organization__live=True).exclude(organization=own)
    others = others.exclude(organization__code__in=["", code])
    return next((other_code(o) for o in others.select_related("organization")[:1]), "")


def other_code(standing: Standing) -> str:
    """The number that another body of the same name bears."""
    return standing.organization.code or standing.organization.filing_no


def first_other(bearers: Sequence[tuple[int, str, str]], own: int | None, code: str) -> str:
    """The code of another live body among the bearers of a name, or ""."""
    return next((found for pk, _where, found in bearers if pk != own and found and found != code), "")


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same after normalisation."""
    return match_key(one) == match_key(other)
