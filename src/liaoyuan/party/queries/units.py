"""What the rules say of the units of a branch as they would be (PB-FORM-04, -05, -07)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Finding
from liaoyuan.party.models import PartyOrganization


def findings(
    area: Area, fields: Mapping[str, Any], units: Sequence[Any], *, on: date, at: date,
    without: PartyOrganization | None = None,
) -> list[Finding]:  # fmt: skip
    """Ask the rules of saving a party organization's units."""
    return []
