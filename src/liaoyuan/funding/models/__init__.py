"""Models of the funding floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.funding.models.contents import BudgetLine, Indicator, PlanStep, Pledge, Revision, Risk, TeamMember
from liaoyuan.funding.models.needs import Need
from liaoyuan.funding.models.programmes import Pool, Programme, Round, RoundQuota
from liaoyuan.funding.models.projects import Project, Slot, Supplement

__all__ = [
    "BudgetLine",
    "Indicator",
    "Need",
    "PlanStep",
    "Pledge",
    "Pool",
    "Programme",
    "Project",
    "Revision",
    "Risk",
    "Round",
    "RoundQuota",
    "Slot",
    "Supplement",
    "TeamMember",
]
