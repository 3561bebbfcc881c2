"""Rules as plain documents: for the command line, the rule pages and docs/rules. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from liaoyuan.core import policy, registries
from liaoyuan.core.queries import calendar
from liaoyuan.core.registries import RuleSpec
from liaoyuan.kit.findings import Limits, worst
from liaoyuan.kit.workdays import Calendar

#: Worked examples are judged by the parameters of this profile unless another place is asked for.
EXAMPLE_PROFILE = "binhu"


class UnknownRule(ValueError):
    """No rule has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"没有这条规则：{code}。")


class NotAsked(ValueError):
    """The rule's entity is not built yet, so nothing can be asked of it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"规则 {code} 的对象尚未建成，暂不提问。")


def _spec(code: str) -> RuleSpec:
    spec = registries.rules.get(code)
    if spec is None:
        raise UnknownRule(code)
    return spec


def own_row(spec: RuleSpec, rows: Iterable[policy.Row]) -> policy.Row:
    """The row that weighs the rule in the widest jurisdiction that has one: the release's, the latest."""
    own = [row for row in rows if row.key == spec.code and row.origin == "shipped"]
    return min(
        own, key=lambda row: (row.jurisdiction != "national", len(row.jurisdiction), -row.valid_from.toordinal())
    )


def rules_list() -> list[dict[str, Any]]:
    """Every rule with what it says, when it is asked, how it weighs, and whether it is asked yet."""
    rows = policy.rows_in_force()
    return [{**_head(spec), "severity": own_row(spec, rows).severity, "status": own_row(spec, rows).status}
            for spec in registries.rules.values()]  # fmt: skip


def _head(spec: RuleSpec) -> dict[str, Any]:
    return {
        "id": spec.code,
        "title": spec.title,
        "statement": spec.statement,
        "entity": spec.entity,
        "moments": list(spec.moments),
        "jurisdiction": spec.jurisdiction,
        "asked": spec.function is not None,
    }


def rules_show(
    code: str, *, rows: Sequence[policy.Row] | None = None, days: Calendar | None = None, profile: str = EXAMPLE_PROFILE
) -> dict[str, Any]:
    """One rule: statement, parameters with dates and sources, the facts it reads as a schema, worked examples.

    `version` is the first day of the text by which the rule is weighed. `rows` and `days` stand in for the database
    (docs). Raises UnknownRule.
    """
    spec = _spec(code)
    table = policy.rows_in_force() if rows is None else rows
    workdays = calendar.workdays() if days is None else days
    return {
        "rule": spec.code,
        "version": own_row(spec, table).valid_from.isoformat(),
        **_head(spec),
        "parameters": [_row(row) for row in policy.rows_of(spec, table)],
        "facts": dict(spec.facts),
        "examples": [
            _example(spec, facts, date.fromisoformat(day), wanted, table, workdays, profile)
            for facts, day, wanted in spec.examples
        ],
    }


def _row(row: policy.Row) -> dict[str, Any]:
    return {
        **row._asdict(),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
    }


def _example(
    spec: RuleSpec, facts: Mapping[str, Any], on: date, wanted: Sequence[str], rows: Sequence[policy.Row],
    days: Calendar, profile: str,
) -> dict[str, Any]:  # fmt: skip
    limits = policy.build(rows, on, policy.chain(profile), lambda: days)
    return {"facts": dict(facts), "on": on.isoformat(), "expected": list(wanted), **_judge(spec, facts, limits, on)}


def _judge(spec: RuleSpec, facts: Mapping[str, Any], limits: Limits, on: date) -> dict[str, Any]:
    if spec.function is None or spec.parse is None:
        raise NotAsked(spec.code)
    found = policy.evaluate(spec.code, spec.parse(facts), limits, on)
    return {"result": str(worst(found) or "pass"), "findings": [finding.as_dict() for finding in found]}


def rules_check(code: str, facts: Mapping[str, Any], *, on: date, profile: str = "national") -> dict[str, Any]:
    """What one rule says of facts on a day by a profile's (or an area's) parameters.

    Raises UnknownRule, NotAsked for a rule without an entity, and ValueError with a Chinese sentence for facts or a
    profile that cannot be used.
    """
    spec = _spec(code)
    if spec.function is None:
        raise NotAsked(code)
    if not isinstance(facts, Mapping):
        raise ValueError("事实文件应是一个 JSON 对象。")
    limits = policy.limits(on, policy.chain(profile))
    return {
        "rule": code,
        "version": limits.row(code).valid_from if code in limits else "",
        "on": on.isoformat(),
        "profile": profile,
        "switched_on": limits.is_on(code),
        **_judge(spec, facts, limits, on),
        "params_used": {key: limits[key] for key in spec.params if key in limits},
    }
