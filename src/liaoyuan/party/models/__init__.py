"""Models of the party floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.party.models.coverage import Pilot, SyncAnswer
from liaoyuan.party.models.founding import Ceremony, Founding, FoundingMember, FoundingUnit
from liaoyuan.party.models.instructors import Instructor, InstructorAssignment, Visit
from liaoyuan.party.models.members import Affiliation, Member, MemberRecord, VotingPause
from liaoyuan.party.models.officers import Officer, Term
from liaoyuan.party.models.organizations import Formation, PartyOrganization, Unit
from liaoyuan.party.models.transfers import Transfer

__all__ = [
    "Affiliation",
    "Ceremony",
    "Formation",
    "Founding",
    "FoundingMember",
    "FoundingUnit",
    "Instructor",
    "InstructorAssignment",
    "Member",
    "MemberRecord",
    "Officer",
    "PartyOrganization",
    "Pilot",
    "SyncAnswer",
    "Term",
    "Transfer",
    "Unit",
    "Visit",
    "VotingPause",
]
