"""Which grants cover the rows of this floor: plans follow the scenario's area, which may be a street's district."""

from typing import Any

from django.urls import reverse

from liaoyuan.core import policy
from liaoyuan.core.registries import FileSubject, ScopeResolver
from liaoyuan.planning.models import Plan, Scenario
from liaoyuan.planning.params.proposals import PAPER_TITLES
from liaoyuan.planning.queries import sight


def of_scenario(row: Scenario) -> tuple[list[str], list[str], str]:
    """The scenario's area writes."""
    return [row.area.path], [], ""


def of_plan(row: Plan) -> tuple[list[str], list[str], str]:
    """As its scenario."""
    return of_scenario(row.scenario)


def find_scenario(key: str) -> Scenario | None:
    """The scenario with this key."""
    return Scenario.objects.select_related("area").filter(pk=int(key)).first() if key.isdecimal() else None


def find_plan(key: str) -> Plan | None:
    """The plan with this key."""
    return Plan.objects.select_related("scenario__area").filter(pk=int(key)).first() if key.isdecimal() else None


RESOLVERS = (
    ScopeResolver("scenario", of_scenario, find_scenario),
    ScopeResolver("plan", of_plan, find_plan),
)


def _seen_by(user: Any, key: str) -> Plan | None:
    """A plan that is made, for who sees all of it: its papers tell of every street."""
    if not key.isdecimal() or len(key) > 18:
        return None
    row = Plan.objects.made().visible_to(user).select_related("scenario__area").filter(pk=int(key)).first()
    return row if row is not None and sight.of(user, row.scenario.area).whole else None


#: Plans as subjects of documents.
FILES = FileSubject(
    kind="plan",
    title=PAPER_TITLES["plan"],
    find=_seen_by,
    holder=lambda row: row,
    label=lambda row: f"{row.scenario.name} {row.number}",
    address=lambda row: reverse("planning:plan_detail", args=[row.pk]),
    papers=lambda row: "",
    chain=lambda row: policy.chain(row.scenario.area.path),
)
