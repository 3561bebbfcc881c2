"""Models of the register, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.registry.models.annual import AnnualReport, AnnualRound, AnnualTerm
from liaoyuan.registry.models.annual_content import AnnualContent
from liaoyuan.registry.models.claims import Claim
from liaoyuan.registry.models.idle import IdleFinding
from liaoyuan.registry.models.listings import ListingProposal
from liaoyuan.registry.models.organizations import BEGINNING, OPEN, Organization, Standing
from liaoyuan.registry.models.records import AnnualResult, CreditEntry, Honour, Rating

__all__ = [
    "BEGINNING",
    "OPEN",
    "AnnualContent",
    "AnnualReport",
    "AnnualResult",
    "AnnualRound",
    "AnnualTerm",
    "Claim",
    "CreditEntry",
    "Honour",
    "IdleFinding",
    "ListingProposal",
    "Organization",
    "Rating",
    "Standing",
]
