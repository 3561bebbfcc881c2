"""What an amendment changes: what stands now by kind, and the classes of cost before and after."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from liaoyuan.funding.choices.money import AmendmentKind
from liaoyuan.funding.models import Agreement, Project
from liaoyuan.funding.rules.facts.projects import ClassChange

_LINE = (
    "budget_class", "title", "price_fen", "price_kind", "unit", "quantity", "times", "grant_fen", "own_fen", "basis",
    "note",
)  # fmt: skip


def now(agreement: Agreement, kind: str) -> Any:
    """What stands today, in the shape in which a change is asked for."""
    project = agreement.project
    if kind == AmendmentKind.LEADER:
        return next((one.name for one in project.team.all() if one.lead), "")
    if kind == AmendmentKind.PERIOD:
        return [agreement.starts_on.isoformat(), agreement.ends_on.isoformat()]
    if kind == AmendmentKind.TARGET:
        return [
            {name: getattr(one, name) for name in ("title", "unit", "target", "evidence")}
            for one in project.indicators.all()
        ]
    if kind == AmendmentKind.PLACE:
        return list(agreement.places)
    return budget(project)


def budget(project: Project) -> list[dict[str, Any]]:
    """The effective budget in the shape in which it is saved."""
    return [{**{name: getattr(line, name) for name in _LINE}, "member": line.member_id} for line in project.lines.all()]


def classes(project: Project, lines: Sequence[Mapping[str, Any]] | None) -> list[ClassChange]:
    """The classes of cost that would change, each with its sum now and then; none without a new budget."""
    if lines is None:
        return []
    before = _sums((line.budget_class, line.amount_fen) for line in project.lines.all())
    after = _sums((str(line["budget_class"]), line["grant_fen"] + line["own_fen"]) for line in lines)
    return [
        ClassChange(code, before.get(code, 0), after.get(code, 0))
        for code in sorted(before.keys() | after.keys())
        if before.get(code, 0) != after.get(code, 0)
    ]


def _sums(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, fen in parts:
        found[code] = found.get(code, 0) + fen
    return found
