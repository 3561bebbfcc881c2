"""Models of the funding floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.funding.models.contents import BudgetLine, Indicator, PlanStep, Pledge, Revision, Risk, TeamMember
from liaoyuan.funding.models.eligibility import Examined, TextMark
from liaoyuan.funding.models.experts import ExpertDeclaration, ExpertTie, GrantExpert
from liaoyuan.funding.models.needs import Need
from liaoyuan.funding.models.programmes import Pool, Programme, Round, RoundQuota
from liaoyuan.funding.models.projects import Project, Slot, Supplement
from liaoyuan.funding.models.review import Discussion, Reading, ReviewStage, Score, ScoreCard, ScoreSheet
from liaoyuan.funding.models.selection import CommitteeDecision, Ranking, RankingLine, Selection, SelectionLine

__all__ = [
    "BudgetLine",
    "CommitteeDecision",
    "Discussion",
    "Examined",
    "ExpertDeclaration",
    "ExpertTie",
    "GrantExpert",
    "Indicator",
    "Need",
    "PlanStep",
    "Pledge",
    "Pool",
    "Programme",
    "Project",
    "Ranking",
    "RankingLine",
    "Reading",
    "ReviewStage",
    "Revision",
    "Risk",
    "Round",
    "RoundQuota",
    "Score",
    "ScoreCard",
    "ScoreSheet",
    "Selection",
    "SelectionLine",
    "Slot",
    "Supplement",
    "TeamMember",
    "TextMark",
]
