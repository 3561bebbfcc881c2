"""Models of the planning floor."""

from liaoyuan.planning.models.plans import Plan, PlanGroup, PlanInput, PlanUnit
from liaoyuan.planning.models.proposals import InstructorLine, InstructorPin, InstructorProposal
from liaoyuan.planning.models.scenarios import PlanLock, Scenario

__all__ = [
    "InstructorLine",
    "InstructorPin",
    "InstructorProposal",
    "Plan",
    "PlanGroup",
    "PlanInput",
    "PlanLock",
    "PlanUnit",
    "Scenario",
]
