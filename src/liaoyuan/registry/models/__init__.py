"""Models of the register, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.registry.models.annual import AnnualReport, AnnualRound, AnnualTerm
from liaoyuan.registry.models.annual_content import AnnualContent
from liaoyuan.registry.models.charity import Campaign, CampaignReport, FilingConfirmation
from liaoyuan.registry.models.claims import Claim
from liaoyuan.registry.models.idle import IdleFinding
from liaoyuan.registry.models.listings import ListingLetter, ListingProposal
from liaoyuan.registry.models.merging import Different, Merge
from liaoyuan.registry.models.organizations import BEGINNING, OPEN, Organization, Standing
from liaoyuan.registry.models.records import AnnualResult, CreditEntry, Honour, Rating
from liaoyuan.registry.models.reviews import LevelWeighing, RatingAppeal, RatingDecision
from liaoyuan.registry.models.rounds import (
    Assessor,
    AssessorTie,
    Assignment,
    RatingEntry,
    RatingItem,
    RatingRound,
    RatingScore,
    RatingSheet,
)

__all__ = [
    "BEGINNING",
    "OPEN",
    "AnnualContent",
    "AnnualReport",
    "AnnualResult",
    "AnnualRound",
    "AnnualTerm",
    "Assessor",
    "AssessorTie",
    "Assignment",
    "Campaign",
    "CampaignReport",
    "Claim",
    "CreditEntry",
    "Different",
    "FilingConfirmation",
    "Honour",
    "IdleFinding",
    "LevelWeighing",
    "ListingLetter",
    "ListingProposal",
    "Merge",
    "Organization",
    "Rating",
    "RatingAppeal",
    "RatingDecision",
    "RatingEntry",
    "RatingItem",
    "RatingRound",
    "RatingScore",
    "RatingSheet",
    "Standing",
]
