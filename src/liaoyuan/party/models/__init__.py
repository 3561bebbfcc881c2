"""Models of the party floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.party.models.accounts import MemberAccount
from liaoyuan.party.models.decisions import Candidate, Decision, Election
from liaoyuan.party.models.dues import Due, DuesBase, DuesExtra, DuesUse, DuesWaiver
from liaoyuan.party.models.founding import Ceremony, Founding, FoundingMember, FoundingUnit
from liaoyuan.party.models.life import LifePlan, MemberReview, Talk, TrainingRecord
from liaoyuan.party.models.meetings import Attendance, GroupMember, Meeting, MeetingTask, PartyGroup
from liaoyuan.party.models.members import Affiliation, Member, MemberRecord, VotingPause
from liaoyuan.party.models.officers import Officer, Term
from liaoyuan.party.models.organizations import Formation, PartyOrganization, Unit
from liaoyuan.party.models.transfers import Transfer
from liaoyuan.party.models.venues import Venue, VenueBooking

__all__ = [
    "Affiliation",
    "Attendance",
    "Candidate",
    "Ceremony",
    "Decision",
    "Due",
    "DuesBase",
    "DuesExtra",
    "DuesUse",
    "DuesWaiver",
    "Election",
    "Formation",
    "Founding",
    "FoundingMember",
    "FoundingUnit",
    "GroupMember",
    "LifePlan",
    "Meeting",
    "MeetingTask",
    "Member",
    "MemberAccount",
    "MemberRecord",
    "MemberReview",
    "Officer",
    "PartyGroup",
    "PartyOrganization",
    "Talk",
    "Term",
    "TrainingRecord",
    "Transfer",
    "Unit",
    "Venue",
    "VenueBooking",
    "VotingPause",
]
