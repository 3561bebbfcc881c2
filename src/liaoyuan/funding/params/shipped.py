"""The whole table of the funding floor: statements in the handbook's order, shipped parameter rows, their titles."""

from collections.abc import Mapping
from typing import Any

from liaoyuan.funding.params import applying, budget, paying, places, reviewing, running
from liaoyuan.registry.params.table import Statement

_PARTS = (
    applying.STATEMENTS,
    budget.STATEMENTS,
    reviewing.STATEMENTS,
    paying.STATEMENTS,
    running.STATEMENTS,
    budget.FINAL_STATEMENTS,
    running.END_STATEMENTS,
)

STATEMENTS: dict[str, Statement] = {statement.code: statement for part in _PARTS for statement in part}

PARAMETERS: tuple[Mapping[str, Any], ...] = (
    *(entry for statement in STATEMENTS.values() for entry in statement.rows),
    *reviewing.REVIEW_PARAMETERS,
    *running.RUNNING_PARAMETERS,
    *places.PARAMETERS,
)

PARAMETER_TITLES: dict[str, str] = (
    applying.APPLYING_PARAMETER_TITLES
    | budget.BUDGET_PARAMETER_TITLES
    | reviewing.REVIEW_PARAMETER_TITLES
    | paying.PAYING_PARAMETER_TITLES
    | running.RUNNING_PARAMETER_TITLES
)
