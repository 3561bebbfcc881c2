"""Models of the party floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.party.models.accounts import MemberAccount
from liaoyuan.party.models.admissions import DevelopmentVote, Extension, Quota
from liaoyuan.party.models.corrections import TotalsCorrection
from liaoyuan.party.models.coverage import Pilot, SyncAnswer
from liaoyuan.party.models.decisions import Candidate, Decision, Election
from liaoyuan.party.models.declarations import BodyDeclaration
from liaoyuan.party.models.development import (
    Applicant,
    ApplicantPlace,
    ApplicantRecord,
    DevelopmentMark,
    DevelopmentStep,
    Examination,
    Mentor,
)
from liaoyuan.party.models.dues import Due, DuesBase, DuesExtra, DuesUse, DuesWaiver
from liaoyuan.party.models.dues_requests import DuesRequest, DuesStudy
from liaoyuan.party.models.founding import Ceremony, Founding, FoundingMember, FoundingUnit
from liaoyuan.party.models.instructors import Instructor, InstructorAppraisal, InstructorAssignment, Visit
from liaoyuan.party.models.life import LifePlan, MemberReview, Talk, TrainingRecord
from liaoyuan.party.models.meetings import Attendance, GroupMember, Meeting, MeetingTask, PartyGroup
from liaoyuan.party.models.members import Affiliation, Member, MemberRecord, VotingPause
from liaoyuan.party.models.notices import MeetingNotice
from liaoyuan.party.models.officers import Officer, Term
from liaoyuan.party.models.organizations import Formation, PartyOrganization, Unit
from liaoyuan.party.models.reorganizing import Reorganization, ReorganizationUnit
from liaoyuan.party.models.transfers import Transfer
from liaoyuan.party.models.venues import Venue, VenueBooking

__all__ = [
    "Affiliation",
    "Applicant",
    "ApplicantPlace",
    "ApplicantRecord",
    "Attendance",
    "BodyDeclaration",
    "Candidate",
    "Ceremony",
    "Decision",
    "DevelopmentMark",
    "DevelopmentStep",
    "DevelopmentVote",
    "Due",
    "DuesBase",
    "DuesExtra",
    "DuesRequest",
    "DuesStudy",
    "DuesUse",
    "DuesWaiver",
    "Election",
    "Examination",
    "Extension",
    "Formation",
    "Founding",
    "FoundingMember",
    "FoundingUnit",
    "GroupMember",
    "Instructor",
    "InstructorAppraisal",
    "InstructorAssignment",
    "LifePlan",
    "Meeting",
    "MeetingNotice",
    "MeetingTask",
    "Member",
    "MemberAccount",
    "MemberRecord",
    "MemberReview",
    "Mentor",
    "Officer",
    "PartyGroup",
    "PartyOrganization",
    "Pilot",
    "Quota",
    "Reorganization",
    "ReorganizationUnit",
    "SyncAnswer",
    "Talk",
    "Term",
    "TotalsCorrection",
    "TrainingRecord",
    "Transfer",
    "Unit",
    "Venue",
    "VenueBooking",
    "Visit",
    "VotingPause",
]
