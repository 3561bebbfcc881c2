"""The whole table of the party floor: statements in the handbook's order, shipped parameter rows, their titles."""

from collections.abc import Mapping
from typing import Any

from liaoyuan.party.params import affiliation, coverage, development, dues, formation, meetings, officers, venues
from liaoyuan.registry.params.table import Statement

_PARTS = (formation, officers, meetings, development, affiliation, dues, coverage)

STATEMENTS: dict[str, Statement] = {statement.code: statement for part in _PARTS for statement in part.STATEMENTS}

PARAMETERS: tuple[Mapping[str, Any], ...] = (
    *(entry for statement in STATEMENTS.values() for entry in statement.rows),
    *officers.VOTE_PARAMETERS,
    *meetings.SIGN_IN_PARAMETERS,
    *dues.DUES_PARAMETERS,
    *venues.VENUE_PARAMETERS,
    *coverage.COVERAGE_PARAMETERS,
)

PARAMETER_TITLES: dict[str, str] = (
    formation.FORMATION_TITLES
    | officers.OFFICER_PARAMETER_TITLES
    | meetings.MEETING_PARAMETER_TITLES
    | development.DEVELOPMENT_PARAMETER_TITLES
    | affiliation.AFFILIATION_PARAMETER_TITLES
    | dues.DUES_PARAMETER_TITLES
    | coverage.COVERAGE_PARAMETER_TITLES
    | venues.VENUE_PARAMETER_TITLES
)
