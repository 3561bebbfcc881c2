"""Models of the funding floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.funding.models.contents import BudgetLine, Indicator, PlanStep, Pledge, Revision, Risk, TeamMember
from liaoyuan.funding.models.needs import Need
from liaoyuan.funding.models.programmes import Pool, Programme, RoundQuota, Round
from liaoyuan.funding.models.projects import Correction, Project, Slot

__all__ = [
    "BudgetLine",
    "Correction",
    "Indicator",
    "Need",
    "PlanStep",
    "Pledge",
    "Pool",
    "Programme",
    "Project",
    "RoundQuota",
    "Revision",
    "Risk",
    "Round",
    "Slot",
    "TeamMember",
]
