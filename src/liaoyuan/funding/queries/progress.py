"""How all projects of a round run, filtered and in an order: a fixed number of statements."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import running
from liaoyuan.registry.models import Standing

#: States of projects that run or have run.
STATES = tuple(
    str(state) for state in (
        ProjectState.RUNNING, ProjectState.AMENDING, ProjectState.MID_CHECK, ProjectState.RECTIFYING,
        ProjectState.FINAL_CHECK, ProjectState.ACCEPTED, ProjectState.FAILED, ProjectState.TERMINATED,
        ProjectState.RECOVERING, ProjectState.ARCHIVED,
    )
)  # fmt: skip
ORDER_TITLES: dict[str, str] = {
    "": "按编号",
    "late": "逾期多的在前",
    "rate": "指标完成少的在前",
    "spent": "资金支出多的在前",
    "last": "很久没有记录的在前",
}


def of_round(
    round_: Round, on: date, *, q: str = "", state: str = "", late: bool = False, order: str = ""
) -> list[running.Standing]:
    """The standings of a round's projects."""
    rows = Project.objects.filter(round=round_, state__in=[state] if state in STATES else STATES)
    text = q.strip()
    if text:
        bearing = Standing.objects.now_open().filter(organization=OuterRef("organization"), name__icontains=text)
        rows = rows.filter(Q(title__icontains=text) | Q(number__iexact=text) | Exists(bearing))
    rows = rows.select_related("round__programme__area").order_by("number", "pk")
    found = list(running.standings(list(rows), on).values())
    if late:
        found = [one for one in found if one.overdue]
    keys: dict[str, Any] = {
        "late": lambda one: -len(one.late_months) - 10 * sum(kind != "month" for kind in one.overdue),
        "rate": lambda one: one.rate if one.rate is not None else 101,
        "spent": lambda one: -(one.spent_percent or 0),
        "last": lambda one: one.last_on or date.min,
    }
    return sorted(found, key=keys[order]) if order in keys else found
