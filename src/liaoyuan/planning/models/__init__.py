"""Models of the planning floor."""

from liaoyuan.planning.models.cores import GroupCore, PlanCore
from liaoyuan.planning.models.plans import Plan, PlanGroup, PlanInput, PlanUnit
from liaoyuan.planning.models.proposals import InstructorLine, InstructorPin, InstructorProposal
from liaoyuan.planning.models.scenarios import PlanLock, Scenario

__all__ = [
    "GroupCore",
    "InstructorLine",
    "InstructorPin",
    "InstructorProposal",
    "Plan",
    "PlanCore",
    "PlanGroup",
    "PlanInput",
    "PlanLock",
    "PlanUnit",
    "Scenario",
]
