"""Models of the funding floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.funding.models.agreements import Agreement, AgreementShare, PoolEntry, TrancheCondition
from liaoyuan.funding.models.archive import ArchiveWaiver
from liaoyuan.funding.models.changes import Amendment, HandOverFile, Ruling
from liaoyuan.funding.models.consequences import Commendation, ProjectAudit, ProjectSanction
from liaoyuan.funding.models.contents import BudgetLine, Indicator, PlanStep, Pledge, Revision, Risk, TeamMember
from liaoyuan.funding.models.eligibility import Examined, TextMark
from liaoyuan.funding.models.experts import ExpertDeclaration, ExpertTie, GrantExpert
from liaoyuan.funding.models.needs import Need
from liaoyuan.funding.models.past import PastResult
from liaoyuan.funding.models.payments import Expense, PaymentBatch, Refund, Tranche
from liaoyuan.funding.models.programmes import Pool, Programme, Round, RoundQuota
from liaoyuan.funding.models.projects import Project, Slot, Supplement
from liaoyuan.funding.models.publicity import AwardLine, AwardList, AwardObjection
from liaoyuan.funding.models.reports import Assessment, ProjectReport
from liaoyuan.funding.models.review import Discussion, Reading, ReviewStage, Score, ScoreCard, ScoreSheet
from liaoyuan.funding.models.running import Contribution, MonthlyLog, RecordVersion, RecordVoucher, WorkRecord
from liaoyuan.funding.models.selection import CommitteeDecision, Ranking, RankingLine, Selection, SelectionLine
from liaoyuan.funding.models.trials import Trial, TrialLine
from liaoyuan.funding.models.visits import GrantVisit, VisitSample

__all__ = [
    "Agreement",
    "AgreementShare",
    "Amendment",
    "ArchiveWaiver",
    "Assessment",
    "AwardLine",
    "AwardList",
    "AwardObjection",
    "BudgetLine",
    "Commendation",
    "CommitteeDecision",
    "Contribution",
    "Discussion",
    "Examined",
    "Expense",
    "ExpertDeclaration",
    "ExpertTie",
    "GrantExpert",
    "GrantVisit",
    "HandOverFile",
    "Indicator",
    "MonthlyLog",
    "Need",
    "PastResult",
    "PaymentBatch",
    "PlanStep",
    "Pledge",
    "Pool",
    "PoolEntry",
    "Programme",
    "Project",
    "ProjectAudit",
    "ProjectReport",
    "ProjectSanction",
    "Ranking",
    "RankingLine",
    "Reading",
    "RecordVersion",
    "RecordVoucher",
    "Refund",
    "ReviewStage",
    "Revision",
    "Risk",
    "Round",
    "RoundQuota",
    "Ruling",
    "Score",
    "ScoreCard",
    "ScoreSheet",
    "Selection",
    "SelectionLine",
    "Slot",
    "Supplement",
    "TeamMember",
    "TextMark",
    "Tranche",
    "TrancheCondition",
    "Trial",
    "TrialLine",
    "VisitSample",
    "WorkRecord",
]
