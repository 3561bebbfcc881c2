"""What the rules say of the units of a branch as they would be (moment party_save: PB-FORM-04, -07)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Finding
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.founding import elsewhere
from liaoyuan.party.rules.facts.formation import FormationFacts
from liaoyuan.registry.models import Organization


def findings(
    area: Area, fields: Mapping[str, Any], units: Sequence[Any], *, on: date, without: PartyOrganization | None = None
) -> list[Finding]:
    """Ask the rules of saving a party organization's units, by the parameters of the day."""
    bodies = [unit.pk for unit in units if isinstance(unit, Organization)]
    names = reading.body_names(bodies)
    facts = FormationFacts(
        branch_kind=str(fields.get("branch_kind") or ""),
        units=tuple(names.get(unit.pk, "") if isinstance(unit, Organization) else unit for unit in units),
        units_elsewhere=tuple(elsewhere(bodies, on, without.pk if without is not None else None)),
    )
    return policy.evaluate(Moment.PARTY_SAVE, facts, reading.limits_of(area, on), on)
