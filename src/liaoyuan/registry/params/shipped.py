"""The whole table of the register: all statements in the handbook's order and their shipped parameter rows."""

from collections.abc import Mapping
from typing import Any

from liaoyuan.registry.params import annual, credit, filing, governance, identity, lifecycle, listings
from liaoyuan.registry.params.table import Statement

STATEMENTS: dict[str, Statement] = {
    statement.code: statement
    for part in (identity, lifecycle, governance, annual, credit, listings, filing)
    for statement in part.STATEMENTS
}

PARAMETERS: tuple[Mapping[str, Any], ...] = tuple(
    entry for statement in STATEMENTS.values() for entry in statement.rows
)
