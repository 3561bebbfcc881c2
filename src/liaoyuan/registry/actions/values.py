"""From normalised fields to what the tables hold: identity columns, facts of the standing, first periods."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liaoyuan.kit.identifiers import uscc_whole
from liaoyuan.kit.periods import Period
from liaoyuan.registry.choices import LIVE, Status
from liaoyuan.registry.models import BEGINNING, OPEN
from liaoyuan.registry.queries.standings import COLUMN_OF, DECLARED, ELSEWHERE, EMPTY

IDENTITY = ("code", "code_as_given", "filing_no", "registered_on", "closed_on")
DATES = frozenset({"certificate_from", "certificate_to", "filing_to", "term_from", "term_to"})
_LIVE = {str(s) for s in LIVE}


def day(text: str) -> date:
    """The date of a normalised text; a month or a year counts from its first day."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return date.fromisoformat(f"{text}-01" if len(text) == 7 else f"{text}-01-01")


def identity(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of `Organization` that the fields name. A code that is no whole code goes to `code_as_given`."""
    out: dict[str, Any] = {}
    code = fields.get("code")
    if code is not None:
        whole = uscc_whole(code)
        out["code"] = code if whole else ""
        out["code_as_given"] = fields.get("code_as_given", "" if whole else code)
    elif fields.get("code_as_given"):
        out["code_as_given"] = fields["code_as_given"]
    if "filing_no" in fields:
        out["filing_no"] = fields["filing_no"]
    for name in ("registered_on", "closed_on"):
        if fields.get(name):
            out[name] = day(fields[name])
    return out


def facts(fields: Mapping[str, Any], places: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of `Standing` that the fields name. `places` holds resolved areas (`street_id`, `community_id`, …)."""
    out: dict[str, Any] = {}
    for name, value in fields.items():
        if name in ELSEWHERE:
            continue
        column = COLUMN_OF.get(name, name)
        out[column] = day(value) if column in DATES and isinstance(value, str) else value
    for kind in ("street", "community"):
        if kind in fields:
            found = places.get(f"{kind}_id")
            out[f"{kind}_id"] = found
            out[f"{kind}_as_given"] = "" if found else fields[kind]
    if "registrar_area_id" in places and ("registrar" in fields or "street" in fields):
        out["registrar_area_id"] = places["registrar_area_id"]
    return out


def precision(fields: Mapping[str, Any]) -> dict[str, str]:
    """{column: "M" or "Y"} for dates known to the month or year only."""
    found = {}
    for name in ("registered_on", "closed_on", *DATES, "filing_until"):
        value = fields.get(name)
        if isinstance(value, str) and len(value) in (4, 7):
            found[COLUMN_OF.get(name, name)] = "M" if len(value) == 7 else "Y"
    return found


def first_periods(
    known: Mapping[str, Any], *, start: date | None, closed_on: date | None, as_of: date, marks: Mapping[str, str]
) -> list[Period]:
    """The first history of a body: facts from its registration (assumed), declared ones from `as_of`.

    A closed state holds from `closed_on`, without one from `as_of`; before that the body was active.
    """
    begin = start or BEGINNING
    values = {**EMPTY, **known, "precision": dict(marks)}
    status = values.get("status") or str(Status.ACTIVE)
    closing = max(closed_on or as_of, begin) if status not in _LIVE else None
    told = max(as_of, begin)
    early = {**values, **{name: EMPTY[name] for name in DECLARED if name in values}}
    declared = any(known.get(name) not in (None, "") for name in DECLARED)
    borders = sorted({begin, *([told] if declared else []), *([closing] if closing else [])})
    out = []
    for i, border in enumerate(borders):
        end = borders[i + 1] if i + 1 < len(borders) else OPEN
        here = dict(values if not declared or border >= told else early)
        here["status"] = status if closing is None or border >= closing else str(Status.ACTIVE)
        out.append(Period(border, end, here))
    return out
