"""Models of the register, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.registry.models.claims import Claim
from liaoyuan.registry.models.idle import IdleFinding
from liaoyuan.registry.models.organizations import BEGINNING, OPEN, Organization, Standing
from liaoyuan.registry.models.records import AnnualResult, CreditEntry, Honour, Rating

__all__ = [
    "BEGINNING",
    "OPEN",
    "AnnualResult",
    "Claim",
    "CreditEntry",
    "Honour",
    "IdleFinding",
    "Organization",
    "Rating",
    "Standing",
]
