"""The stable core in words: how many groups every re-solve keeps, and which weight breaks one."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext as _

from liaoyuan.planning.models import GroupCore, Plan, PlanCore, PlanGroup
from liaoyuan.solvers.coverage.weighing import WEIGHT_TITLES

#: Those that every re-solve kept come first, what was not weighed counts as the others.
STABLE_FIRST = Case(When(core__kept=F("core__tried"), then=Value(0)), default=Value(1), output_field=IntegerField())


def of(plan: Plan) -> PlanCore | None:
    """What was found of the plan, or None."""
    return PlanCore.objects.filter(plan=plan).first()


def meaning(core: PlanCore) -> str:
    """What the core is, in one sentence with its figures."""
    if not core.stable:
        told = _(
            "把每一项权重分别减半、加半，重算 {k} 次，{m} 组中没有一组每次都编成同样的：编组取决于权重，"
            "请逐组看“稳定”一栏，它是这一组在重算中出现的次数。"
        )
        return told.format(m=core.plan.group_count, k=core.tried)
    told = _(
        "{m} 组中有 {n} 组是稳定的：把每一项权重分别减半、加半，重算 {k} 次，都编成同样的组。权重是我们定的，"
        "稳定的组不取决于它，排在前面。"
    )
    return told.format(m=core.plan.group_count, n=core.stable, k=core.tried)


def mark(row: GroupCore | None) -> tuple[str, str] | None:
    """(verdict, word) of one group; None where the plan was not weighed."""
    if row is None:
        return None
    return ("ok", _("稳定")) if row.is_stable else ("info", f"{row.kept}/{row.tried}")


def told(row: GroupCore, variants: list[dict[str, Any]]) -> tuple[str, str]:
    """(how often a group was the same, which weights break it)."""
    if row.is_stable:
        return _("在权重 ±50% 的 {k} 次重算中都出现").format(k=row.tried), ""
    times = _("在权重 ±50% 的 {k} 次重算中出现 {n} 次").format(k=row.tried, n=row.kept)
    return times, _("{which}时改变").format(which="、".join(_changes(variants[place] for place in row.broken)))


def _changes(variants: Iterable[dict[str, Any]]) -> list[str]:
    return [
        (_("“{weight}”减半") if one["tried"] < one["was"] else _("“{weight}”加半")).format(
            weight=_(WEIGHT_TITLES[one["weight"]])
        )
        for one in variants
    ]


def of_groups(rows: Iterable[PlanGroup]) -> dict[int, GroupCore]:
    """What was found of these groups, by their key."""
    return {row.group_id: row for row in GroupCore.objects.filter(group__in=list(rows))}
