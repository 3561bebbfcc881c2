"""The published figure `funding` (design/cli.md, "stats"): rounds, applications, funded projects and their money."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries.past import ASKED

DEFINITION = (
    "申报：已提交的项目；立项：已立项（含以后各状态）的项目及其资助金额（分）；按届的区划和截至日统计，练习的一届不计。"
)
#: From this state on money is promised.
FUNDED = frozenset({
    ProjectState.APPROVED, ProjectState.SIGNED, ProjectState.RUNNING, ProjectState.AMENDING, ProjectState.MID_CHECK,
    ProjectState.RECTIFYING, ProjectState.FINAL_CHECK, ProjectState.ACCEPTED, ProjectState.FAILED,
    ProjectState.TERMINATED, ProjectState.RECOVERING, ProjectState.ARCHIVED,
})  # fmt: skip
#: Dimensions: the column each groups by.
DIMENSIONS: dict[str, str] = {
    "year": "round__year", "round": "round__title", "field": "field", "state": "state", "street": "area__name",
}  # fmt: skip


def stats(*, by: Any, as_of: date, known_at: datetime, area: Area, dims: Sequence[str]) -> dict[str, Any]:
    """Counts and money (fen) of rounds that had opened by the day, in the area. Raises ValueError for a dimension,
    PermissionDenied for an area whose figures are not for the user.
    """
    access.require_area(by, Permission.STATS, area.path)
    unknown = [dim for dim in dims if dim not in DIMENSIONS]
    if unknown:
        raise ValueError(f"没有这个口径：{'、'.join(unknown)}。可以用：{'、'.join(DIMENSIONS)}。")
    rounds = Round.objects.announced().filter(
        practice=False, opens_on__lte=as_of, programme__area__in=Area.objects.within(area.path)
    )
    rows = Project.objects.handed_in().filter(round__in=rounds)
    funded = Q(state__in=sorted(str(state) for state in FUNDED))
    told = {"count": Count("pk"), "asked_fen": Sum(ASKED), "funded": Count("pk", filter=funded),
            "granted_fen": Sum("grant_fen", filter=funded)}  # fmt: skip
    columns = [DIMENSIONS[dim] for dim in dims]
    cells = list(rows.order_by().values(*columns).annotate(**told).order_by(*columns)) if dims else []
    whole = _summed(cells) if dims else _plain(rows.aggregate(**told))
    return {
        "name": "funding", "as_of": as_of.isoformat(), "known_at": known_at.isoformat(), "area": area.code,
        "definition": DEFINITION, "dims": list(dims), "total": whole["funded"], "rounds": rounds.count(),
        "figures": whole,
        "rows": [{**{dim: cell[DIMENSIONS[dim]] or "" for dim in dims}, **_plain(cell)} for cell in cells],
    }  # fmt: skip


def _plain(cell: Any) -> dict[str, int]:
    return {name: int(cell.get(name) or 0) for name in ("count", "asked_fen", "funded", "granted_fen")}


def _summed(cells: Sequence[Any]) -> dict[str, int]:
    """Every application stands in exactly one cell."""
    plain = [_plain(cell) for cell in cells]
    return {name: sum(cell[name] for cell in plain) for name in _plain({})}
