"""What the pages of this floor share: who is seen, the way to a page, short forms, figures in words."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.planning.choices.states import STATE_TITLES, PlanState
from liaoyuan.planning.models import Plan, Scenario
from liaoyuan.ui import entries

METHODS = entries.METHODS
_MARKS = {
    PlanState.SOLVING: "review", PlanState.DRAFT: "review", PlanState.REVIEWED: "review", PlanState.APPROVED: "ok",
    PlanState.EXECUTED: "ok", PlanState.SUPERSEDED: "closed", PlanState.FAILED: "reject",
}  # fmt: skip


def state_words(row: Plan) -> tuple[str, str]:
    """(verdict, word) of a plan's state."""
    return _MARKS[PlanState(row.state)], _(STATE_TITLES[row.state])


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this floor."""
    return [(_("覆盖编组"), reverse("planning:scenario_list")), *steps]


def scenario(request: HttpRequest, pk: int) -> Scenario:
    """The scenario, if the user may see it; else 404."""
    return get_object_or_404(Scenario.objects.visible_to(request.user).select_related("area", "made_by"), pk=pk)


def plan(request: HttpRequest, pk: int) -> Plan:
    """The plan, if the user may see it; else 404."""
    rows = Plan.objects.visible_to(request.user).select_related(
        "scenario__area", "earlier", "asked_by", "reviewed_by", "approved_by", "input"
    )
    return get_object_or_404(rows, pk=pk)


def steps(row: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a plan's page and what stands below it."""
    scenario_ = (row.scenario.name, reverse("planning:scenario_detail", args=[row.scenario_id]))
    return crumbs(scenario_, (title(row), there(row)), *more) if more else crumbs(scenario_, (whole_title(row), ""))


def title(row: Plan) -> str:
    """What a plan is called."""
    return _("方案 {number}").format(number=row.number)


def whole_title(row: Plan) -> str:
    """The same with its scenario."""
    return f"{row.scenario.name} {title(row)}"


def there(row: Plan) -> str:
    """The address of its page."""
    return reverse("planning:plan_detail", args=[row.pk])


def entered(
    request: HttpRequest, heading: str, form: Any, write: Callable[[], Any], *, row: Plan,
    more: Iterable[tuple[str, str]] = (), **told: Any,
) -> HttpResponse:  # fmt: skip
    """A short form about a plan: see `ui.entries.entered`."""
    told.setdefault("back", there(row))
    return entries.entered(request, heading, form, write, crumbs=steps(row, *more, (heading, "")), **told)


def share(ppm: int) -> str:
    """A share of a million as people read it."""
    return f"{ppm / 10_000:.2f}%"


def gap(row: Plan) -> str:
    """How far the plan is from the best one, in words."""
    if row.cost <= row.bound:
        return _("已证明没有更省的方案")
    return _("与最优方案相差不超过 {share}（已证明）").format(share=share(row.gap_ppm))
