"""The rules of the party floor, ready to be entered, and which record of facts each moment asks with."""

from liaoyuan.core.choices import Moment
from liaoyuan.core.registries import RuleSpec
from liaoyuan.party.params.shipped import STATEMENTS
from liaoyuan.party.rules import table_founding, table_life, table_members
from liaoyuan.party.rules.asked import Asked, Record
from liaoyuan.registry.params.table import Statement

ASKED: dict[str, Asked] = table_founding.ASKED | table_life.ASKED | table_members.ASKED

#: Every rule of a moment reads the same record. PB-REL-06 alone is asked with two, of officers and of dues.
RECORDS: dict[Moment, Record] = {
    Moment.PARTY_APPLY: table_founding.FORMATION,
    Moment.PARTY_SAVE: table_founding.FORMATION,
    Moment.PARTY_DAILY: table_founding.FORMATION,
    Moment.PARTY_ACT: table_founding.FORMATION,
    Moment.ELECTION_OPEN: table_founding.OFFICERS,
    Moment.ELECTION_COUNT: table_founding.OFFICERS,
    Moment.OFFICER_APPOINT: table_founding.OFFICERS,
    Moment.TERM_EXTEND: table_founding.OFFICERS,
    Moment.MEETING_SAVE: table_life.MEETINGS,
    Moment.VOTE_CLOSE: table_life.MEETINGS,
    Moment.MEETING_DAILY: table_life.MEETINGS,
    Moment.LIFE_DAILY: table_life.MEETINGS,
    Moment.DEVELOPMENT_STEP: table_life.DEVELOPMENT,
    Moment.DEVELOPMENT_DAILY: table_life.DEVELOPMENT,
    Moment.MEMBER_SAVE: table_members.AFFILIATION,
    Moment.MEMBER_DAILY: table_members.AFFILIATION,
    Moment.AFFILIATION_DAILY: table_members.AFFILIATION,
    Moment.LETTER_ISSUE: table_members.AFFILIATION,
    Moment.LETTER_ACCEPT: table_members.AFFILIATION,
    Moment.TRANSFER_DAILY: table_members.AFFILIATION,
    Moment.DUES_BUILD: table_members.DUES,
    Moment.DUES_WAIVE: table_members.DUES,
    Moment.DUES_SAVE: table_members.DUES,
    Moment.DUES_DAILY: table_members.DUES,
    Moment.COVERAGE_REPORT: table_members.COVERAGE,
    Moment.PARTY_ORG_DAILY: table_members.COVERAGE,
    Moment.SYNC_POINT: table_members.COVERAGE,
    Moment.INSTRUCTOR_ASSIGN: table_members.COVERAGE,
    Moment.INSTRUCTOR_DAILY: table_members.COVERAGE,
}


def _spec(statement: Statement) -> RuleSpec:
    asked = ASKED.get(statement.code)
    return RuleSpec(
        code=statement.code,
        title=statement.title,
        statement=statement.statement,
        entity=statement.entity,
        moments=statement.moments,
        jurisdiction=statement.jurisdiction,
        messages=statement.messages,
        params=statement.params,
        function=asked.function if asked else None,
        facts=asked.record.schema(asked.reads) if asked else {},
        examples=asked.examples if asked else (),
        parse=asked.record.parse if asked else None,
    )


def specs() -> list[RuleSpec]:
    """All rules of the floor in the handbook's order; PB-FORM-11 and PB-RED-01 wait for projects.

    They are asked through guards that this floor enters and the funding floor calls by name (docs/adr/0037).
    """
    return [_spec(statement) for statement in STATEMENTS.values()]
