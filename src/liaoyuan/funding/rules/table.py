"""The rules of the funding floor, ready to be entered, and which record of facts each moment asks with."""

from liaoyuan.core.choices import Moment
from liaoyuan.core.registries import RuleSpec
from liaoyuan.funding.params.shipped import STATEMENTS
from liaoyuan.funding.rules import table_applying, table_running
from liaoyuan.funding.rules.asked import Asked
from liaoyuan.funding.rules.facts.applications import APPLICATION
from liaoyuan.funding.rules.facts.budgets import BUDGET
from liaoyuan.funding.rules.facts.payments import PAYMENT
from liaoyuan.funding.rules.facts.projects import PROJECT
from liaoyuan.funding.rules.facts.reading import Record
from liaoyuan.funding.rules.facts.reviews import PUBLICITY, REVIEW
from liaoyuan.registry.params.table import Statement

ASKED: dict[str, Asked] = table_applying.ASKED | table_running.ASKED

#: Every rule of a moment reads the same record.
RECORDS: dict[Moment, Record] = {
    Moment.GRANT_SAVE: APPLICATION,
    Moment.GRANT_SUBMIT: APPLICATION,
    Moment.BUDGET_SUBMIT: BUDGET,
    Moment.BUDGET_CONTRACT: BUDGET,
    Moment.BUDGET_CHANGE: BUDGET,
    Moment.BUDGET_FINAL: BUDGET,
    Moment.REVIEW_OPEN: REVIEW,
    Moment.REVIEW_ASSIGN: REVIEW,
    Moment.SCORE_SAVE: REVIEW,
    Moment.REVIEW_RANK: REVIEW,
    Moment.REVIEW_CLOSE: REVIEW,
    Moment.LIST_PUBLISH: PUBLICITY,
    Moment.LIST_APPROVE: PUBLICITY,
    Moment.OBJECTION_DAILY: PUBLICITY,
    Moment.AGREEMENT_SIGN: PAYMENT,
    Moment.TRANCHE_APPROVE: PAYMENT,
    Moment.TRANCHE_DAILY: PAYMENT,
    Moment.PROJECT_DAILY: PROJECT,
    Moment.PROJECT_ACTIVITY: PROJECT,
    Moment.PROJECT_AMEND: PROJECT,
    Moment.PROJECT_PHOTO: PROJECT,
    Moment.PROJECT_ACCEPT: PROJECT,
    Moment.PROJECT_CLOSE: PROJECT,
    Moment.PROJECT_SANCTION: PROJECT,
}


def _spec(statement: Statement) -> RuleSpec:
    asked = ASKED[statement.code]
    return RuleSpec(
        code=statement.code,
        title=statement.title,
        statement=statement.statement,
        entity=statement.entity,
        moments=statement.moments,
        jurisdiction=statement.jurisdiction,
        messages=statement.messages,
        params=statement.params,
        function=asked.function,
        facts=asked.record.schema(asked.reads),
        examples=asked.examples,
        parse=asked.record.parse,
    )


def specs() -> list[RuleSpec]:
    """All rules of the floor in the handbook's order."""
    return [_spec(statement) for statement in STATEMENTS.values()]
