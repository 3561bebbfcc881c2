"""What an amendment changes: what stands now by kind, and the classes of cost before and after."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.money import AMENDMENT_TITLES, AmendmentKind
from liaoyuan.funding.models import Agreement, Project
from liaoyuan.funding.rules.facts.projects import ClassChange
from liaoyuan.kit.money import format_yuan

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


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of change as a page shows it: rows of what, before, after; equal ones are left out."""

    kind: str
    title: str
    rows: list[tuple[str, str, str]]


def parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Part]:
    """What differs, kind by kind, in the order of the kinds."""
    found = []
    for kind in AmendmentKind:
        if kind in after:
            rows = _ROWS[kind](before.get(kind), after[kind])
            found.append(Part(str(kind), _(AMENDMENT_TITLES[kind]), [row for row in rows if row[1] != row[2]]))
    return found


def _leader(before: Any, after: Any) -> list[tuple[str, str, str]]:
    return [(_("项目负责人"), before or "", str(after).strip())]


def _period(before: Any, after: Any) -> list[tuple[str, str, str]]:
    first, last = before or ("", "")
    return [(_("开始日期"), first, after[0]), (_("结束日期"), last, after[1])]


def _place(before: Any, after: Any) -> list[tuple[str, str, str]]:
    return [(_("实施地点"), "、".join(before or ()), "、".join(one.strip() for one in after if one.strip()))]


def _target(before: Any, after: Any) -> list[tuple[str, str, str]]:
    old = {line["title"]: f"{line['target']} {line['unit']}" for line in before or ()}
    new = {line["title"]: f"{line['target']} {line['unit']}" for line in after}
    return [(title, old.get(title, ""), new.get(title, "")) for title in [*old, *(t for t in new if t not in old)]]


def _budget(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Sums, then classes, then the lines of those classes."""
    pairs = [
        (_("预算总额"), _whole(before or ()), _whole(after)),
        (_("资助资金"), _granted(before or ()), _granted(after)),
    ]
    found = [(title, format_yuan(old), format_yuan(new)) for title, old, new in pairs]
    one, two = (_sums((line["budget_class"], line["grant_fen"] + line["own_fen"]) for line in lines)
                for lines in (before or (), after))  # fmt: skip
    for code in sorted(one.keys() | two.keys()):
        old, new = (format_yuan(sums[code]) if code in sums else "" for sums in (one, two))
        found.append((_(BUDGET_CLASS_TITLES[code]), old, new))
    lines = [{f"{_(BUDGET_CLASS_TITLES[line['budget_class']])}：{line['title']}": line for line in side}
             for side in (before or (), after)]  # fmt: skip
    for title in [*lines[0], *(t for t in lines[1] if t not in lines[0])]:
        found.append((title, _line(lines[0].get(title)), _line(lines[1].get(title))))
    return found


def _whole(lines: Iterable[Mapping[str, Any]]) -> int:
    return sum(line["grant_fen"] + line["own_fen"] for line in lines)


def _granted(lines: Iterable[Mapping[str, Any]]) -> int:
    return sum(line["grant_fen"] for line in lines)


def _line(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return ""
    told = format_yuan(line["grant_fen"] + line["own_fen"])
    return _("{sum}（自筹 {own}）").format(sum=told, own=format_yuan(line["own_fen"])) if line["own_fen"] else told


_ROWS: dict[str, Callable[[Any, Any], list[tuple[str, str, str]]]] = {
    AmendmentKind.LEADER: _leader, AmendmentKind.PERIOD: _period, AmendmentKind.TARGET: _target,
    AmendmentKind.PLACE: _place, AmendmentKind.BUDGET: _budget,
}  # fmt: skip
