"""Posts, ways of employment, levels of certificates, permission and event codes of the people floor. No Django here."""

from enum import StrEnum


class PostKind(StrEnum):
    """What a person is in a body (handbook §1.5)."""

    LEGAL = "legal"
    PRINCIPAL = "principal"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    STANDING_DIRECTOR = "standing_director"
    DIRECTOR = "director"
    CHIEF_SUPERVISOR = "chief_supervisor"
    SUPERVISOR = "supervisor"


POST_TITLES = {
    PostKind.LEGAL: "法定代表人",
    PostKind.PRINCIPAL: "负责人（备案）",
    PostKind.CHAIR: "理事长（会长）",
    PostKind.VICE_CHAIR: "副理事长（副会长）",
    PostKind.SECRETARY: "秘书长",
    PostKind.STANDING_DIRECTOR: "常务理事",
    PostKind.DIRECTOR: "理事",
    PostKind.CHIEF_SUPERVISOR: "监事长",
    PostKind.SUPERVISOR: "监事",
}

#: Posts that one person at a time holds in a body.
SOLE = (PostKind.LEGAL, PostKind.PRINCIPAL, PostKind.CHAIR, PostKind.SECRETARY, PostKind.CHIEF_SUPERVISOR)
#: 负责人 in the sense of the charters and of the Charity Law.
OFFICERS = (PostKind.LEGAL, PostKind.PRINCIPAL, PostKind.CHAIR, PostKind.VICE_CHAIR, PostKind.SECRETARY)
#: Holders of these sit on the council; a foundation's secretary general is one of its directors.
COUNCIL = (PostKind.CHAIR, PostKind.VICE_CHAIR, PostKind.STANDING_DIRECTOR, PostKind.DIRECTOR)
FOUNDATION_COUNCIL = (*COUNCIL, PostKind.SECRETARY)
SUPERVISORS = (PostKind.CHIEF_SUPERVISOR, PostKind.SUPERVISOR)


class WorkTime(StrEnum):
    """Full-time or part-time."""

    FULL = "full"
    PART = "part"


WORK_TIME_TITLES = {WorkTime.FULL: "专职", WorkTime.PART: "兼职"}

GENDER_TITLES = {"m": "男", "f": "女"}

EDUCATION_TITLES = {
    "basic": "初中及以下",
    "secondary": "高中（中专）",
    "college": "大专",
    "bachelor": "本科",
    "master": "硕士",
    "doctor": "博士",
}


class CertificateLevel(StrEnum):
    """Professional levels of social workers (handbook §5.1)."""

    ASSISTANT = "assistant"
    WORKER = "worker"
    SENIOR = "senior"


LEVEL_TITLES = {
    CertificateLevel.ASSISTANT: "助理社会工作师",
    CertificateLevel.WORKER: "社会工作师",
    CertificateLevel.SENIOR: "高级社会工作师",
}
#: From the lowest to the highest.
LEVELS = (CertificateLevel.ASSISTANT, CertificateLevel.WORKER, CertificateLevel.SENIOR)


class Basis(StrEnum):
    """On what ground sensitive data of a person are kept (个人信息保护法 art. 13)."""

    DUTY = "duty"
    CONTRACT = "contract"
    CONSENT = "consent"


BASIS_TITLES = {Basis.DUTY: "履行法定职责", Basis.CONTRACT: "履行劳动或聘用合同", Basis.CONSENT: "本人同意"}

#: What a decision about one identity number under two names says.
REVIEW_TITLES = {"same": "同一人，姓名写法不同", "different": "不是同一人，身份证号填错"}


class Permission(StrEnum):
    """Permissions of the people floor. `OWN_…` are for one's own organization."""

    VIEW = "people.view"
    EDIT = "people.edit"
    IMPORT = "people.import"
    EXPORT = "people.export"
    STATS = "people.stats"
    OWN_VIEW = "people.own.view"
    OWN_EDIT = "people.own.edit"


class Event(StrEnum):
    """Event codes of the people floor."""

    ENTERED = "person.entered"
    CORRECTED = "person.corrected"
    APPOINTED = "person.appointed"
    POST_ENDED = "person.post_ended"
    POST_CORRECTED = "person.post_corrected"
    EMPLOYED = "person.employed"
    EMPLOYMENT_ENDED = "person.employment_ended"
    CERTIFIED = "person.certified"
    CERTIFICATE_CHANGED = "person.certificate_changed"
    TRAINED = "person.trained"
    VOLUNTEERED = "person.volunteered"
    SERVED = "person.served"
    HONOURS_PUBLISHED = "person.honours_published"
    HONOURS_WITHDRAWN = "person.honours_withdrawn"
    MERGED = "person.merged"
    SPLIT = "person.split"
    NAMES_REVIEWED = "person.names_reviewed"
