"""States and kinds of the register, its permission and event codes. No Django here."""

from enum import StrEnum


class Kind(StrEnum):
    """Type of a social organization (handbook §1.1)."""

    ST = "ST"
    MF = "MF"
    JJ = "JJ"
    BA = "BA"
    NB = "NB"


#: Kinds that are registered legal persons; the others are filed (BA) or out of scope (NB).
REGISTERED = (Kind.ST, Kind.MF, Kind.JJ)

KIND_TITLES = {
    Kind.ST: "社会团体",
    Kind.MF: "民办非企业单位",
    Kind.JJ: "基金会",
    Kind.BA: "备案社区社会组织",
    Kind.NB: "其他",
}


class Status(StrEnum):
    """Life cycle (handbook §1.4). ACTIVE means 已登记, for a filed body 已备案."""

    ACTIVE = "active"
    LIQUIDATING = "liquidating"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    CERTIFICATE_REVOKED = "certificate_revoked"
    BANNED = "banned"


STATUS_TITLES = {
    Status.ACTIVE: "正常",
    Status.LIQUIDATING: "清算中",
    Status.DEREGISTERED: "已注销",
    Status.REVOKED: "撤销登记",
    Status.CERTIFICATE_REVOKED: "吊销证书",
    Status.BANNED: "取缔",
}

#: Bodies in these states are live: they count, and their code is taken.
LIVE = (Status.ACTIVE, Status.LIQUIDATING)

#: 民政部 statistics fields (民办函〔2007〕210号), handbook §1.10.
FIELD_TITLES = {
    "01": "工商服务业",
    "02": "农业及农村发展",
    "03": "科学研究",
    "04": "教育",
    "05": "卫生",
    "06": "文化",
    "07": "体育",
    "08": "生态环境",
    "09": "社会服务",
    "10": "法律",
    "11": "宗教",
    "12": "职业及从业者组织",
    "13": "国际及涉外组织",
    "14": "其他",
}

#: The district's own eight fields (handbook §1.10).
DISTRICT_FIELD_TITLES = {
    "economy": "经济",
    "technology": "科技",
    "education": "教育",
    "culture": "文化",
    "labour": "劳动",
    "health": "卫生",
    "sports": "体育",
    "livelihood": "民生",
}

#: Default mapping of the fourteen fields to the eight; 08, 10, 11, 13, 14 have no seed value and stay empty.
DISTRICT_FIELD_OF = {
    "01": "economy",
    "02": "economy",
    "03": "technology",
    "04": "education",
    "05": "health",
    "06": "culture",
    "07": "sports",
    "09": "livelihood",
    "12": "labour",
}

RATINGS = ("5A", "4A", "3A", "2A", "1A")

FILING_CATEGORY_TITLES = {
    "service": "服务类",
    "welfare": "公益类",
    "culture_sports": "文体类",
    "neighbourhood": "邻里类",
    "farming": "农技类",
}


class CreditStatus(StrEnum):
    """Whether a body stands on a credit list (handbook §1.8)."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    SERIOUS = "serious"


CREDIT_TITLES = {
    CreditStatus.NORMAL: "正常",
    CreditStatus.ABNORMAL: "活动异常名录",
    CreditStatus.SERIOUS: "严重违法失信名单",
}

ANNUAL_RESULT_TITLES = {
    "qualified": "合格",
    "basically": "基本合格",
    "unqualified": "不合格",
    "missed": "未参加",
    "exempt": "免检",
}

#: Levels of an honour (form F25).
HONOUR_LEVEL_TITLES = {"national": "国家级", "province": "省级", "city": "市级", "district": "区级"}

#: What a note in the timeline tells of (电话记录 and its like).
NOTE_TITLES = {"call": "电话记录", "visit": "走访记录", "remark": "备忘"}


#: Fields that may be changed for many bodies at once, with the kinds that have them.
SHARED_FIELDS: dict[str, tuple[Kind, ...]] = {
    "district_field": (*REGISTERED, Kind.BA, Kind.NB),
    "party_lead": (*REGISTERED, Kind.NB),
    "supervisor": (*REGISTERED, Kind.NB),
    "industry_regulator": (*REGISTERED, Kind.NB),
    "guidance_unit": (Kind.BA,),
}
SHARED_FIELD_TITLES = {
    "district_field": "所属领域",
    "party_lead": "党建领导机关",
    "supervisor": "业务主管单位",
    "industry_regulator": "行业管理部门",
    "guidance_unit": "指导单位",
}
#: So many bodies are changed in one step at most.
MOST_AT_ONCE = 500


class Post(StrEnum):
    """What a claimant is to the body whose account is asked for."""

    REPRESENTATIVE = "representative"
    HEAD = "head"
    OTHER = "other"


class ClaimState(StrEnum):
    """Where a claim stands. APPROVED and RETURNED are stored decisions; OPEN and EXPIRED are computed."""

    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"
    EXPIRED = "expired"


class RoundStage(StrEnum):
    """Where a round of ratings (等级评估) stands; computed from its dates."""

    CALL = "call"
    VISITS = "visits"
    REVIEW = "review"
    PUBLICITY = "publicity"
    AWARD = "award"
    CLOSED = "closed"


class EntryState(StrEnum):
    """Life of one body's part in a round."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"


class TieKind(StrEnum):
    """What binds an assessor to a body (RAT-05)."""

    POST = "post"
    INTEREST = "interest"


class AppealOutcome(StrEnum):
    """What became of an objection to a proposed level."""

    OPEN = "open"
    KEPT = "kept"
    CHANGED = "changed"


class Trigger(StrEnum):
    """What calls for lowering a rating (RAT-04)."""

    ANNUAL = "annual"
    PENALTY = "penalty"


class ReportKind(StrEnum):
    """Reports of a public fundraising campaign (CHA-03)."""

    PROGRESS = "progress"
    FINAL = "final"


#: How a filed body confirmed that it goes on.
CONFIRMATION_TITLES = {"phone": "电话确认", "visit": "走访确认", "paper": "书面确认", "own": "到场确认"}


class IdleAnswer(StrEnum):
    """What an officer found out about a body without a trace of activity."""

    ACTIVE = "active"
    IDLE = "idle"


IDLE_ANSWER_TITLES = {IdleAnswer.ACTIVE: "确有活动", IdleAnswer.IDLE: "确无活动"}


class Track(StrEnum):
    """Which form a body hands in: the annual inspection, a foundation's report, a charity's report (ANN-03)."""

    CHECK = "check"
    FOUNDATION = "foundation"
    CHARITY = "charity"


class AnnualState(StrEnum):
    """Where an annual report stands."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    FILED = "filed"
    EXAMINING = "examining"
    RETURNED = "returned"
    CONCLUDED = "concluded"


#: States in which a body still writes.
ANNUAL_OPEN_STATES = (AnnualState.NONE, AnnualState.DRAFT, AnnualState.RETURNED)
#: States in which the registrar has the report.
ANNUAL_FILED_STATES = (AnnualState.FILED, AnnualState.EXAMINING, AnnualState.RETURNED, AnnualState.CONCLUDED)


class Listing(StrEnum):
    """What a proposal wants: one of the two lists, or the revocation of the registration."""

    ABNORMAL = "abnormal"
    SERIOUS = "serious"
    REVOCATION = "revocation"


class Ground(StrEnum):
    """Why a body is proposed for a list (handbook §1.8)."""

    ANNUAL = "annual"
    ADDRESS = "address"
    PARTY = "party"
    RECTIFICATION = "rectification"
    PENALTY = "penalty"
    LONG = "long"
    OTHER = "other"


class LetterStep(StrEnum):
    """The step of a procedure about a list that a document is for."""

    LETTER1 = "letter1"
    LETTER2 = "letter2"
    NOTICE = "notice"
    DECISION = "decision"
    REMOVAL = "removal"


class Permission(StrEnum):
    """Permissions of the register."""

    VIEW = "registry.view"
    EDIT = "registry.edit"
    IMPORT = "registry.import"
    EXPORT = "registry.export"
    STATS = "registry.stats"
    FILING_EDIT = "registry.filing.edit"
    CREDIT_EDIT = "registry.credit.edit"
    OWN_VIEW = "registry.own.view"
    OWN_FILE = "registry.own.file"
    RATING_MANAGE = "registry.rating.manage"
    RATING_SCORE = "registry.rating.score"
    RATING_OWN = "registry.rating.own"
    CASE_DECIDE = "registry.case.decide"
    ANNUAL_EDIT = "registry.annual.edit"
    ANNUAL_FILL = "registry.annual.fill"


class Event(StrEnum):
    """Event codes of the register."""

    CREATED = "organization.created"
    FACTS_CHANGED = "organization.facts_changed"
    FACTS_CORRECTED = "organization.facts_corrected"
    CLOSED = "organization.closed"
    SUCCEEDED = "organization.succeeded"
    RATED = "organization.rated"
    HONOURED = "organization.honoured"
    LISTED = "organization.credit_listed"
    UNLISTED = "organization.credit_removed"
    MERGED = "organization.merged"
    UNMERGED = "organization.unmerged"
    DIFFERENT = "organization.different"
    NOTE = "organization.note"
    CLAIMED = "claim.made"
    CLAIM_APPROVED = "claim.approved"
    CLAIM_RETURNED = "claim.returned"
    SHEET_ENTERED = "rating_sheet.entered"
    ROUND_OPENED = "rating_round.opened"
    ROUND_CHANGED = "rating_round.changed"
    ROUND_PUBLISHED = "rating_round.published"
    ROUND_CLOSED = "rating_round.closed"
    RATING_ENTERED = "rating.entered"
    RATING_SUBMITTED = "rating.submitted"
    RATING_RETURNED = "rating.returned"
    RATING_WITHDRAWN = "rating.withdrawn"
    RATING_VISITED = "rating.visited"
    RATING_SCORED = "rating.scored"
    RATING_DECIDED = "rating.decided"
    ASSESSOR_ENTERED = "assessor.entered"
    ASSESSOR_TIED = "assessor.tied"
    ASSESSOR_ASSIGNED = "assessor.assigned"
    ASSESSOR_RELEASED = "assessor.released"
    ASSESSOR_DECLARED = "assessor.declared"
    APPEALED = "rating.appealed"
    APPEAL_DECIDED = "rating.appeal_decided"
    APPEAL_NOTIFIED = "rating.appeal_notified"
    LEVEL_WEIGHED = "rating.level_weighed"
    PLAQUE_RETURNED = "rating.plaque_returned"
    FILING_CONFIRMED = "filing.confirmed"
    FILING_UNCONFIRMED = "filing.unconfirmed"
    RECOGNISED = "charity.recognised"
    CAMPAIGN_FILED = "campaign.filed"
    CAMPAIGN_REPORTED = "campaign.reported"
    CHARTER_APPROVED = "organization.charter_approved"
    BRANCH_RECORDED = "organization.branch_recorded"
    IDLE_CHECKED = "idle.checked"
    IDLE_ANSWERED = "idle.answered"
    ANNUAL_OPENED = "annual.round_opened"
    ANNUAL_CHANGED = "annual.round_changed"
    ANNUAL_FILLED = "annual.round_filled"
    ANNUAL_PUBLISHED = "annual.round_published"
    ANNUAL_CLOSED = "annual.round_closed"
    REPORT_BEGUN = "annual.begun"
    REPORT_SAVED = "annual.saved"
    REPORT_SUBMITTED = "annual.submitted"
    REPORT_REVIEWED = "annual.reviewed"
    REPORT_FILED = "annual.filed"
    REPORT_EXAMINED = "annual.examined"
    REPORT_RETURNED = "annual.returned"
    REPORT_CONCLUDED = "annual.concluded"
    REPORT_TRACKED = "annual.tracked"
    LATE_OPENED = "annual.late_opened"
    LATE_WITHDRAWN = "annual.late_withdrawn"
    PROPOSED = "listing.proposed"
    LETTER_SENT = "listing.letter_sent"
    LETTER_DELIVERED = "listing.letter_delivered"
    RIGHTS_TOLD = "listing.rights_told"
    HEARD = "listing.heard"
    PROPOSAL_DECIDED = "listing.decided"
    LETTER_UNDONE = "listing.letter_undone"
