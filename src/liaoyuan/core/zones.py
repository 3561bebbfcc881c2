"""Fields of persons: their class, their mask, and what each network zone may do with them. Data, and nothing else.

Handbook §7.2 (classes, masks) and §7.6 (zones); decisions.md, "Personal data and zones". A field of a floor that is not
built yet stands here too, so that whoever builds it finds what he may store. tests/house/test_zones.py asks all cells.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from liaoyuan.kit import identifiers


class Zone(StrEnum):
    """Where an installation stands (`LIAOYUAN_ZONE`, fixed by `init`)."""

    GOV = "gov"
    INTERNET = "internet"


class Op(StrEnum):
    """What can be done with a field."""

    STORE = "store"
    SHOW = "show"
    EXPORT = "export"
    IMPORT = "import"
    SEARCH = "search"


class Say(StrEnum):
    """What a zone says to an operation on a field."""

    YES = "yes"
    MASKED = "masked"
    OWN = "own"
    PAID = "paid"
    NO = "no"


class Class(StrEnum):
    """Classes of fields, from core secrets to public facts."""

    C4 = "C4"
    C3 = "C3"
    C2 = "C2"
    C1 = "C1"


#: Classes that are encrypted at rest, and revealed or exported for a reason only.
SENSITIVE = frozenset({Class.C3, Class.C4})

ZONE_TITLES: dict[str, str] = {Zone.GOV: "政务外网", Zone.INTERNET: "互联网"}
OP_TITLES: dict[str, str] = {
    Op.STORE: "存储", Op.SHOW: "显示", Op.EXPORT: "导出", Op.IMPORT: "导入", Op.SEARCH: "检索",
}  # fmt: skip
SAY_TITLES: dict[str, str] = {
    Say.YES: "可以", Say.MASKED: "打码，写明事由可看", Say.OWN: "只限本支部", Say.PAID: "只有是否交纳",
    Say.NO: "不可以",
}  # fmt: skip
CLASS_TITLES: dict[str, str] = {
    Class.C4: "核心敏感", Class.C3: "敏感", Class.C2: "个人一般", Class.C1: "公开事实",
}  # fmt: skip
CLASS_MEANINGS: dict[str, str] = {
    Class.C4: "加密存储，页面打码，写明事由才能看，看后 60 秒隐去；不导出。",
    Class.C3: "加密存储，页面打码，写明事由才能看；导出原文须写明事由并留痕。",
    Class.C2: "明文存储，限职责范围内查看，对外页面隐去名字。",
    Class.C1: "登记、评估、合同、结果等公开事实。",
}

#: Masks by name; None: the value is shown whole to whoever may see it.
MASKS: Mapping[str, Callable[[str], str]] = {
    "mobile": identifiers.mask_mobile,
    "ric": identifiers.mask_ric,
    "name": identifiers.mask_name,
    "address": identifiers.mask_address,
    "birth": identifiers.mask_birth,
    "hidden": lambda value: "***",
}

C4, C3, C2, C1 = Class
_SIGNS = {"Y": Say.YES, "M": Say.MASKED, "O": Say.OWN, "P": Say.PAID, "N": Say.NO}
type Cells = tuple[Say, ...]


def cells(signs: str) -> Cells:
    """The answers to store, show, export, import, search, one sign each."""
    return tuple(_SIGNS[sign] for sign in signs)


@dataclass(frozen=True, slots=True)
class Personal:
    """One field of a person. `gov` and `internet` answer store, show, export, import, search in this order.

    `names` are the names that models, forms, imports, exports and the interface give it; `why` says what it is for and
    on what ground. `built`: a floor of this release holds it.
    """

    code: str
    title: str
    cls: Class
    mask: str
    gov: Cells
    internet: Cells
    why: str
    names: tuple[str, ...] = ()
    built: bool = False


def gov_only(
    code: str, title: str, cls: Class, mask: str, gov: Cells, why: str, *names: str, built: bool = False
) -> Personal:
    """A field that the internet zone does not hold at all."""
    return Personal(code, title, cls, mask, gov, cells("NNNNN"), why, names, built)


#: The table. Sources: 《个人信息保护法》 articles 13, 28-31; the rest is this product's choice (D).
FIELDS: dict[str, Personal] = {
    field.code: field
    for field in (
        Personal("organization.phone", "组织联系电话", C3, "mobile", cells("YMMYN"), cells("YMMYN"),
              "登记管理：与组织联系（法定职责）", ("phone",), True),
        Personal("organization.representative_id", "负责人身份证号", C4, "ric", cells("YMNYN"), cells("NNNNN"),
              "备案：核对负责人身份（法定职责）", ("representative_id", "id_number"), True),
        Personal("organization.legal_representative", "法定代表人或负责人姓名", C2, "name", cells("YYYYN"),
              cells("YYYYN"), "登记公示事项；对外页面隐去名字", ("legal_representative",), True),
        Personal("organization.address", "组织住所", C1, "", cells("YYYYN"), cells("YYYYN"),
              "登记事项；不是家庭住址", ("address",), True),
        Personal("organization.party_members_declared", "党员数（申报）", C1, "", cells("YYYYN"), cells("YYYYN"),
              "组织申报的人数，不涉及个人", ("party_members_declared",), True),
        Personal("account.name", "账号的姓名、单位、邮箱", C2, "name", cells("YYNNN"), cells("YYNNN"),
              "账号管理", ("display_name", "unit", "email"), True),
        Personal("request.text", "个人信息请求的内容和答复", C3, "hidden", cells("YMNNN"), cells("YMNNN"),
              "办理查阅、更正、删除请求（法定职责）", ("text", "answer"), True),
        Personal("claim.mobile", "认领人手机", C3, "mobile", cells("YMNNN"), cells("YMNNN"),
              "核对认领人（法定职责）", ("mobile",), True),
        Personal("contact.note", "电话记录的备注", C2, "", cells("YYNNN"), cells("YYNNN"),
              "催办的经过；只写事实，不写对人的看法", ("contact_note",), True),
        Personal("person.name", "自然人姓名", C2, "name", cells("YYYYY"), cells("YYYYN"), "任职、用工、服务记录",
              ("person_name",), True),
        Personal("person.mobile", "手机", C3, "mobile", cells("YMMYN"), cells("YMMYN"), "联系本人", ("person_mobile",),
              True),
        Personal("person.publicity_consent", "志愿者同意公开的日期和凭据", C2, "", cells("YYNNN"), cells("YYNNN"),
              "凭本人同意公开（《志愿服务条例》第二十条）", ("consented_on", "consent_evidence", "withdrawn_on"), True),
        Personal("person.honour", "志愿者表彰名单上的姓名和时长", C2, "name", cells("YYNNN"), cells("YYNNN"),
              "表彰；只公布同意公开的，撤回同意即撤下", ("honour",), True),
        gov_only("person.id_number", "自然人身份证号", C4, "ric", cells("YMNYN"), "同一人核对", built=True),
        gov_only("person.home_address", "家庭住址", C3, "address", cells("YMMYN"), "组织关系接转",
                             "home_address", "residence", built=True),
        gov_only("person.birth_date", "出生日期", C3, "birth", cells("YMMYN"), "年龄条件核对",
                             "birth_date", "born_on", built=True),
        gov_only("person.bank_account", "个人银行账号", C4, "hidden", cells("YMNYN"), "劳务费支付",
                             "bank_account"),
        Personal("award_objection.objector", "异议人姓名", C3, "name", cells("YMNNN"), cells("YMNNN"),
              "办理公示异议（法定职责）；可以匿名", ("objector",), True),
        Personal("award_objection.contact", "异议人的联系方式", C3, "hidden", cells("YMNNN"), cells("YMNNN"),
              "答复公示异议（法定职责）", ("objector_contact",), True),
        Personal("agreement.account_number", "签约组织的收款账号", C3, "hidden", cells("YMMNN"), cells("YMMNN"),
              "拨付资助资金", ("account_number",), True),
        gov_only("person.family", "家庭成员", C4, "hidden", cells("YMNNN"), "发展党员材料",
                             "family", "relatives"),
        Personal("party.membership", "党员身份和组织关系", C3, "", cells("YYYYN"), cells("YONNN"),
              "党组织管理；只由本人或党组织凭文件填报", ("membership",), True),
        gov_only("party.origin", "民族、籍贯、户籍派出所", C2, "", cells("YYYYN"), "党员信息采集表", "ethnicity",
                 "native_place", "police_station", built=True),
        gov_only("party.profile", "党员的学历、工作、技能、流动情况和备注", C2, "", cells("YYYYN"), "党员信息采集表",
                 "degree", "school", "worked_since", "category", "skills", "floating_note", built=True),
        Personal("party.development", "发展党员的步骤日期、联系人、票决总数", C3, "", cells("YYYYN"), cells("YONNN"),
              "发展党员；只由党组织凭本人申请和文件填报", ("activist_on", "candidate_on"), True),
        gov_only("party.development_papers", "发展党员的文号、培训学时、延长审批的理由", C2, "", cells("YYYYN"),
                 "发展党员材料", "training_days", "training_hours", built=True),
        Personal("party.dues_paid", "党费是否交纳", C3, "", cells("YYYYN"), cells("YPNNN"), "党费收缴",
              ("dues_paid",), True),
        gov_only("party.dues_base", "党费基数", C3, "hidden", cells("YMMYN"), "党费计算",
                             "dues_base", "pay_base", built=True),
        gov_only("party.review_grade", "民主评议等次", C4, "hidden", cells("YOONN"), "民主评议",
                             "review_grade", built=True),
        gov_only("party.political_review", "政治审查", C4, "hidden", cells("YMNNN"), "发展党员",
                             "political_review"),
        gov_only("party.discipline", "党纪处分", C4, "hidden", cells("YMNNN"), "党员管理",
                             "discipline"),
        Personal("beneficiary.photo", "服务对象照片", C3, "hidden", cells("YMNNN"), cells("YMNNN"),
              "活动档案，凭同意书", ("photo",)),
        Personal("beneficiary.guardian_consent", "未成年人监护人同意", C4, "hidden", cells("YMNNN"), cells("YMNNN"),
              "不满十四周岁须有监护人同意", ("guardian_consent",)),
        Personal("people.political_status", "政治面貌", C4, "", cells("NNNNN"), cells("NNNNN"),
              "不收集：党员身份只经党组织填报", ("political_status", "zhengzhi_mianmao")),
        Personal("beneficiary.narrative", "咨询内容、诊断、家庭经过", C4, "", cells("NNNNN"), cells("NNNNN"),
              "不收集", ("narrative", "diagnosis", "counselling_text")),
        Personal("talk.text", "谈心谈话、思想汇报的内容", C4, "", cells("NNNNN"), cells("NNNNN"),
              "不收集：只记日期、类别和双方", ("talk_text", "thought_report")),
    )
}  # fmt: skip
#: Words of a sheet's column that name a field of a person, for columns that no import knows: their cells are not kept.
LABELS: Mapping[str, str] = {
    "政治面貌": "people.political_status", "身份证": "person.id_number", "公民身份号码": "person.id_number",
    "住址": "person.home_address", "家庭": "person.family", "银行卡": "person.bank_account",
    "民主评议": "party.review_grade", "政审": "party.political_review", "政治审查": "party.political_review",
    "处分": "party.discipline", "党费基数": "party.dues_base", "计费基数": "party.dues_base",
    "月党费": "party.dues_base",
    "出生": "person.birth_date", "手机": "person.mobile", "咨询内容": "beneficiary.narrative",
    "诊断": "beneficiary.narrative", "谈话内容": "talk.text", "思想汇报": "talk.text",
}  # fmt: skip
_PLACE = {op: place for place, op in enumerate(Op)}


def say(zone: str, code: str, op: Op) -> Say:
    """What the zone says to the operation. Raises KeyError for a field that is not in the table."""
    field = FIELDS[code]
    return (field.internet if zone == Zone.INTERNET else field.gov)[_PLACE[op]]


def allowed(zone: str, code: str, op: Op) -> bool:
    """Whether the zone lets the operation happen at all, masked or whole."""
    return say(zone, code, op) is not Say.NO


def refused(zone: str, codes: Mapping[str, str], op: Op) -> frozenset[str]:
    """Of names with their field codes, those that the zone does not let be stored, shown, exported …"""
    return frozenset(name for name, code in codes.items() if not allowed(zone, code, op))


def labelled(label: str) -> str:
    """The field of a person that a column's label names by a word; empty when none."""
    return next((code for word, code in LABELS.items() if word in label), "")


def mask(code: str, value: str) -> str:
    """The value as a page shows it to whoever has not said why he wants to see it."""
    name = FIELDS[code].mask
    return MASKS[name](value) if value and name else value


def is_secret(code: str) -> bool:
    """Whether values of the field are encrypted at rest."""
    return FIELDS[code].cls in SENSITIVE


def built() -> Iterable[Personal]:
    """The fields that this release holds."""
    return (field for field in FIELDS.values() if field.built)
