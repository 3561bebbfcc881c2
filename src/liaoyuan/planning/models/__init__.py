"""Models of the planning floor."""

from liaoyuan.planning.models.plans import Plan, PlanGroup, PlanInput, PlanUnit
from liaoyuan.planning.models.scenarios import PlanLock, Scenario

__all__ = ["Plan", "PlanGroup", "PlanInput", "PlanLock", "PlanUnit", "Scenario"]
