"""States, kinds, event and permission codes of core. No Django here (house.md: rooms)."""

from enum import StrEnum


class Level(StrEnum):
    """Level of an area, by the length of its statistics code (2, 4, 6, 9, 12 digits)."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Office(StrEnum):
    """三员: the three disjoint administrators' offices; NONE is everybody else."""

    NONE = ""
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Separation(StrEnum):
    """How strictly duties are separated (decisions.md, "Accounts and separation of duties")."""

    TRIAL = "trial"
    SMALL_OFFICE = "small_office"
    THREE_OFFICES = "three_offices"


class Channel(StrEnum):
    """Through which door a change came."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    TASK = "task"
    SYSTEM = "system"


class ScopeKind(StrEnum):
    """What a grant covers: everything, an area with all below it, one organization, a party organization with all
    below it.
    """

    ALL = "all"
    AREA = "area"
    ORGANIZATION = "organization"
    PARTY = "party"


class ParameterStatus(StrEnum):
    """A draft parameter warns at most; a second person confirms it."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"


class ParameterOrigin(StrEnum):
    """Who wrote the row: the product's release or the district itself. Upgrades touch shipped rows only."""

    SHIPPED = "shipped"
    LOCAL = "local"


class BatchState(StrEnum):
    """Life of an import batch. READING: being read, by a job or in a request."""

    READING = "reading"
    STAGED = "staged"
    APPLIED = "applied"
    UNDONE = "undone"
    DISCARDED = "discarded"


class CompareState(StrEnum):
    """Life of a comparison: its columns are being named, it is being read, it is done or cannot be read.

    ENDED: it was done, and its differences are gone as their class of data says.
    """

    MAPPING = "mapping"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    ENDED = "ended"


class DifferenceSort(StrEnum):
    """What a difference is: a row that stands there only, one that stands here only, a cell that differs."""

    THERE = "there"
    HERE = "here"
    CELL = "cell"


class DifferenceOutcome(StrEnum):
    """What is decided about a difference."""

    THEIRS = "theirs"
    OURS = "ours"
    ASK = "ask"


class JobState(StrEnum):
    """Life of a job. RUNNING holds only as long as its lease; then another worker takes it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OutletKind(StrEnum):
    """By which way a message leaves."""

    FILE = "file"
    WEBHOOK = "webhook"
    SMTP = "smtp"


class MessageState(StrEnum):
    """Life of a message. UNSURE: the sending was interrupted, it may have gone out; nobody repeats it but a person."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    DROPPED = "dropped"


class ContactKind(StrEnum):
    """How somebody was reached."""

    CALL = "call"
    VISIT = "visit"


class Outcome(StrEnum):
    """What came of a call or a visit."""

    TOLD = "told"
    PROMISED = "promised"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class Audience(StrEnum):
    """Whom a notice is for: whoever is logged in within its area, bodies there, or everybody on the public pages."""

    OFFICES = "offices"
    BODIES = "bodies"
    ALL = "all"
    PUBLIC = "public"


class NoticeState(StrEnum):
    """Life of a notice."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What the importer says of one row of a sheet (design/cli.md, "import: the report")."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    SKIP = "skip"


class RequestKind(StrEnum):
    """What a person asks for about the data stored of him."""

    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    """Life of such a request."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class Moment(StrEnum):
    """When a rule is asked."""

    SAVE = "save"
    IMPORT = "import"
    NAMING = "naming"
    REGISTRATION = "registration"
    DAILY = "daily"
    REMOVE = "remove"
    APPLY = "apply"
    APPOINTMENT = "appointment"
    PERSON = "person"
    PERSON_DAILY = "person_daily"
    SERVICE = "service"
    HELPER = "helper"
    ANNUAL_OPEN = "annual_open"
    ANNUAL_SAVE = "annual_save"
    ANNUAL_SUBMIT = "annual_submit"
    ANNUAL_DAILY = "annual_daily"
    ANNUAL_CLOSE = "annual_close"
    LIST_LETTER = "list_letter"
    LIST_DECIDE = "list_decide"
    LIST_REMOVE = "list_remove"
    RATING_APPLY = "rating_apply"
    EVENT = "event"
    ASSIGN = "assign"
    DECIDED = "decided"
    CHARITY_APPLY = "charity_apply"
    START = "start"
    CAMPAIGN_DAILY = "campaign_daily"
    FILING_CONFIRM = "filing_confirm"
    PROCEDURE_SUBMIT = "procedure_submit"
    PROCEDURE_DECIDE = "procedure_decide"
    PROCEDURE_DAILY = "procedure_daily"
    MONTHLY = "monthly"
    PUBLISH = "publish"
    PARTY_APPLY = "party_apply"
    PARTY_SAVE = "party_save"
    PARTY_DAILY = "party_daily"
    PARTY_ACT = "party_act"
    PARTY_ORG_DAILY = "party_org_daily"
    ELECTION_OPEN = "election_open"
    ELECTION_COUNT = "election_count"
    OFFICER_APPOINT = "officer_appoint"
    TERM_EXTEND = "term_extend"
    MEETING_SAVE = "meeting_save"
    VOTE_CLOSE = "vote_close"
    MEETING_DAILY = "meeting_daily"
    LIFE_DAILY = "life_daily"
    DEVELOPMENT_STEP = "development_step"
    DEVELOPMENT_DAILY = "development_daily"
    MEMBER_SAVE = "member_save"
    MEMBER_DAILY = "member_daily"
    AFFILIATION_DAILY = "affiliation_daily"
    LETTER_ISSUE = "letter_issue"
    LETTER_ACCEPT = "letter_accept"
    TRANSFER_DAILY = "transfer_daily"
    DUES_BUILD = "dues_build"
    DUES_WAIVE = "dues_waive"
    DUES_SAVE = "dues_save"
    DUES_DAILY = "dues_daily"
    COVERAGE_REPORT = "coverage_report"
    SYNC_POINT = "sync_point"
    INSTRUCTOR_ASSIGN = "instructor_assign"
    INSTRUCTOR_DAILY = "instructor_daily"
    GRANT_SAVE = "grant_save"
    GRANT_SUBMIT = "grant_submit"
    BUDGET_SUBMIT = "budget_submit"
    BUDGET_CONTRACT = "budget_contract"
    BUDGET_CHANGE = "budget_change"
    BUDGET_FINAL = "budget_final"
    REVIEW_OPEN = "review_open"
    REVIEW_ASSIGN = "review_assign"
    SCORE_SAVE = "score_save"
    REVIEW_RANK = "review_rank"
    REVIEW_CLOSE = "review_close"
    LIST_PUBLISH = "list_publish"
    LIST_APPROVE = "list_approve"
    OBJECTION_DAILY = "objection_daily"
    AGREEMENT_SIGN = "agreement_sign"
    TRANCHE_APPROVE = "tranche_approve"
    TRANCHE_DAILY = "tranche_daily"
    PROJECT_DAILY = "project_daily"
    PROJECT_ACTIVITY = "project_activity"
    PROJECT_AMEND = "project_amend"
    PROJECT_PHOTO = "project_photo"
    PROJECT_ACCEPT = "project_accept"
    PROJECT_CLOSE = "project_close"
    PROJECT_SANCTION = "project_sanction"


class CaseState(StrEnum):
    """Life of a case (事项): 提交 → 收件 ⇄ 补正 → 审查 → 决定 → 送达 → 归档, or 撤回 before the decision."""

    APPLIED = "applied"
    RECEIVED = "received"
    SUPPLEMENT = "supplement"
    EXAMINED = "examined"
    DECIDED = "decided"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class CaseDecision(StrEnum):
    """How a case was decided."""

    APPROVED = "approved"
    REFUSED = "refused"


class Answer(StrEnum):
    """What an uploader says of a photo that looks like one already kept."""

    SAME = "same"
    AGAIN = "again"
    DROP = "drop"


class DocumentState(StrEnum):
    """Life of a document (文书). DISCARDED: a draft given up; WITHDRAWN: issued, then taken back with a reason."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class DeliveryWay(StrEnum):
    """How an issued document is served (送达)."""

    DIRECT = "direct"
    POST = "post"
    LEFT = "left"
    ELECTRONIC = "electronic"
    ANNOUNCED = "announced"


class DeliveryResult(StrEnum):
    """What came of it. Two letters that came back UNSIGNED matter for the abnormal list."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    WAITING = "waiting"


class ObjectionState(StrEnum):
    """Life of an objection to a publicity notice (公示异议)."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Permission(StrEnum):
    """Permissions of core."""

    AREA_EDIT = "core.area.edit"
    CALENDAR_EDIT = "core.calendar.edit"
    PARAMETER_VIEW = "core.parameter.view"
    PARAMETER_EDIT = "core.parameter.edit"
    PARAMETER_CONFIRM = "core.parameter.confirm"
    USER_MANAGE = "core.user.manage"
    GRANT_MANAGE = "core.grant.manage"
    INVITE = "core.invite"
    SEPARATION_SET = "core.separation.set"
    AUDIT_VIEW = "core.audit.view"
    CLOCK_SET = "core.clock.set"
    BACKUP = "core.backup"
    REVEAL = "core.reveal"
    REQUEST_DECIDE = "core.request.decide"
    FILE_ORIGINAL = "core.file.original"
    JOB_VIEW = "core.job.view"
    REMIND = "core.remind"
    OUTLET_SET = "core.outlet.set"
    NOTICE_EDIT = "core.notice.edit"
    DOCUMENT_VIEW = "core.document.view"
    DOCUMENT_DRAFT = "core.document.draft"
    DOCUMENT_ISSUE = "core.document.issue"
    DOCUMENT_SETUP = "core.document.setup"
    DOCUMENT_OWN_VIEW = "core.document.own_view"
    CASE_EXPORT = "core.case.export"


class Event(StrEnum):
    """Event codes of core; the Chinese words stand in `core.params.EVENT_TITLES`."""

    LOGIN = "account.login"
    LOGIN_FAILED = "account.login_failed"
    LOGOUT = "account.logout"
    LOCKED = "account.locked"
    UNLOCKED = "account.unlocked"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - an event code
    PASSWORD_RESET = "account.password_reset"  # noqa: S105 - an event code
    TOTP_ON = "account.totp_on"
    TOTP_OFF = "account.totp_off"
    USER_CREATED = "account.created"
    USER_CLOSED = "account.closed"
    GRANTED = "grant.given"
    GRANT_ENDED = "grant.ended"
    INVITED = "invitation.made"
    INVITATION_USED = "invitation.used"
    INVITATION_REVOKED = "invitation.revoked"
    SEPARATION_SET = "separation.set"
    PARAMETER_EDITED = "parameter.edited"
    PARAMETER_CONFIRMED = "parameter.confirmed"
    PARAMETER_WITHDRAWN = "parameter.withdrawn"
    PARAMETERS_SHIPPED = "parameter.shipped"
    CALENDAR_EDITED = "calendar.edited"
    AREA_EDITED = "area.edited"
    CLOCK_SET = "clock.set"
    IMPORT_STAGED = "import.staged"
    IMPORT_ROW_DECIDED = "import.row_decided"
    IMPORT_APPLIED = "import.applied"
    IMPORT_UNDONE = "import.undone"
    IMPORT_DISCARDED = "import.discarded"
    COMPARED = "compare.done"
    DIFFERENCES_DECIDED = "compare.decided"
    REVEALED = "read.revealed"
    EXPORTED = "read.exported"
    INSTALLED = "system.installed"
    OPENED = "read.opened"
    EVENT_KEY_DESTROYED = "audit.key_destroyed"
    DEMO_BUILT = "system.demo_built"
    FILE_ADDED = "file.added"
    FILE_REPLACED = "file.replaced"
    FILE_REMOVED = "file.removed"
    FILE_DROPPED = "file.dropped"
    DOWNLOADED = "read.downloaded"
    BACKUP_MADE = "backup.made"
    BACKUP_VERIFIED = "backup.verified"
    BACKUP_RESTORED = "backup.restored"
    KEY_ROTATED = "vault.rotated"
    REWRAPPED = "vault.rewrapped"
    ERASED = "privacy.erased"
    RETENTION_RUN = "privacy.retention_run"
    HELD = "privacy.held"
    RELEASED = "privacy.released"
    REQUEST_MADE = "privacy.requested"
    REQUEST_DECIDED = "privacy.decided"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    CASE_APPLIED = "case.applied"
    CASE_RECEIVED = "case.received"
    CASE_EDITED = "case.edited"
    CASE_MATERIAL = "case.material"
    CASE_SUPPLEMENT = "case.supplement"
    CASE_RESUMED = "case.resumed"
    CASE_EXAMINED = "case.examined"
    CASE_DECIDED = "case.decided"
    CASE_DELIVERED = "case.delivered"
    CASE_ARCHIVED = "case.archived"
    CASE_WITHDRAWN = "case.withdrawn"
    CASE_HANDED_OVER = "case.handed_over"
    OUTLET_SET = "outlet.set"
    CALL_LIST_MADE = "reminder.listed"
    REMINDED = "reminder.told"
    MESSAGE_ASKED = "message.asked"
    MESSAGE_SENT = "message.sent"
    MESSAGE_FAILED = "message.failed"
    MESSAGE_UNSURE = "message.unsure"
    MESSAGE_REPEATED = "message.repeated"
    MESSAGE_DROPPED = "message.dropped"
    NOTICE_SAVED = "notice.saved"
    NOTICE_PUBLISHED = "notice.published"
    NOTICE_WITHDRAWN = "notice.withdrawn"
    FEED_MADE = "calendar.feed_made"
    FEED_REVOKED = "calendar.feed_revoked"
    HANDED_OVER = "grant.handed_over"
    DOCUMENT_DRAFTED = "document.drafted"
    DOCUMENT_CHANGED = "document.changed"
    DOCUMENT_REVIEWED = "document.reviewed"
    DOCUMENT_RETURNED = "document.returned"
    DOCUMENT_DISCARDED = "document.discarded"
    DOCUMENT_ISSUED = "document.issued"
    DOCUMENT_DELIVERED = "document.delivered"
    DOCUMENT_WITHDRAWN = "document.withdrawn"
    NUMBER_REGISTERED = "document.number_registered"
    ISSUER_EDITED = "document.issuer_edited"
    TEMPLATE_REPLACED = "document.template_replaced"
    TEMPLATE_RESTORED = "document.template_restored"
    OBJECTION_RECORDED = "document.objection_recorded"
    OBJECTION_ANSWERED = "document.objection_answered"


class BackupWork(StrEnum):
    """What was done with a backup."""

    CREATE = "create"
    VERIFY = "verify"
    RESTORE = "restore"
