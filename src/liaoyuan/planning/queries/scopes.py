"""Which grants cover the rows of this floor: plans follow the scenario's area, which may be a street's district."""

from liaoyuan.core.registries import ScopeResolver
from liaoyuan.planning.models import Plan, Scenario


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
