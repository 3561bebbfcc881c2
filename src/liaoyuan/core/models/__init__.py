"""Models of core, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.core.models.accounts import Grant, Invitation, SavedFilter, SeparationSetting, User
from liaoyuan.core.models.areas import Area, AreaOutline, FormerName
from liaoyuan.core.models.audit import AuditEvent, AuditHead, EventKey, PracticeClock
from liaoyuan.core.models.backups import BackupRun
from liaoyuan.core.models.cases import Case, CaseMaterial, CaseStep, CaseStop
from liaoyuan.core.models.compare import Comparison, Difference, DifferenceDecision
from liaoyuan.core.models.documents import (
    Delivery,
    Document,
    DocumentBatch,
    DocumentNumber,
    DocumentTemplate,
    Issuer,
    Objection,
    PublicityNotice,
)
from liaoyuan.core.models.files import Attachment, StoredFile
from liaoyuan.core.models.imports import ImportBatch, ImportMade, ImportMapping, ImportRow
from liaoyuan.core.models.jobs import Job, JobWorker
from liaoyuan.core.models.messages import CallList, Contact, Message, Outlet
from liaoyuan.core.models.notices import CalendarFeed, Notice, NoticeRead
from liaoyuan.core.models.policy import CalendarDay, Parameter
from liaoyuan.core.models.privacy import LegalHold, PersonalRequest, VaultMark
from liaoyuan.core.models.search import SearchDocument

__all__ = [
    "Area",
    "AreaOutline",
    "Attachment",
    "AuditEvent",
    "AuditHead",
    "BackupRun",
    "CalendarDay",
    "CalendarFeed",
    "CallList",
    "Case",
    "CaseMaterial",
    "CaseStep",
    "CaseStop",
    "Comparison",
    "Contact",
    "Delivery",
    "Difference",
    "DifferenceDecision",
    "Document",
    "DocumentBatch",
    "DocumentNumber",
    "DocumentTemplate",
    "EventKey",
    "FormerName",
    "Grant",
    "ImportBatch",
    "ImportMade",
    "ImportMapping",
    "ImportRow",
    "Invitation",
    "Issuer",
    "Job",
    "JobWorker",
    "LegalHold",
    "Message",
    "Notice",
    "NoticeRead",
    "Objection",
    "Outlet",
    "Parameter",
    "PersonalRequest",
    "PracticeClock",
    "PublicityNotice",
    "SavedFilter",
    "SearchDocument",
    "SeparationSetting",
    "StoredFile",
    "User",
    "VaultMark",
]
