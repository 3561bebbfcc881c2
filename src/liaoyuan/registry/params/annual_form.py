"""The report's form (F16) as data: steps, fields, for whom, what must be filled in. Used by form, page and check."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from liaoyuan.registry.choices import REGISTERED, Kind

PARTY_FORM_TITLES: dict[str, str] = {
    "alone": "单独组建", "joint": "联合组建", "attached": "依托组建", "functional": "功能型", "none": "没有党组织",
}  # fmt: skip
_ALL = tuple(str(k) for k in REGISTERED)
_ST, _ST_JJ = (str(Kind.ST),), (str(Kind.ST), str(Kind.JJ))


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `shape`: count, fen, text, yes, day, party, pledge. `register`: the fact of the standing it begins
    with. `needed`: a report cannot be handed in without it.
    """

    name: str
    title: str
    shape: str
    kinds: tuple[str, ...] = _ALL
    register: str = ""
    needed: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form."""

    code: str
    title: str
    fields: tuple[FormField, ...]

    def of(self, kind: str) -> list[FormField]:
        """The fields that a type fills in."""
        return [field for field in self.fields if kind in field.kinds]


STEP_TITLES: dict[str, str] = {
    "people": "会员与机构",
    "meetings": "会议与换届",
    "party": "章程与党建",
    "money": "财务",
    "work": "活动与公益",
    "credit": "奖惩与整改",
    "pledge": "承诺",
}

FIELD_TITLES: dict[str, str] = {
    "members_unit": "单位会员数",
    "members_person": "个人会员数",
    "members_total": "会员总数",
    "officers_count": "负责人数（会长、副会长、秘书长）",
    "council_count": "理事数",
    "supervisors_count": "监事数",
    "full_time": "专职工作人员数",
    "part_time": "兼职工作人员数",
    "insured_count": "缴纳社会保险的人数",
    "branches_count": "分支（代表）机构数",
    "branches_note": "分支（代表）机构的名称和住所",
    "council_meetings": "理事会会议次数",
    "assembly_meetings": "会员（代表）大会次数",
    "re_elected": "本年度是否换届",
    "charter_changed": "本年度是否修改章程",
    "charter_approved_on": "现行章程的核准日期",
    "charter_party": "章程是否载明党的建设",
    "party_form": "党组织形式",
    "party_members_count": "党员数",
    "party_note": "党建工作开展情况",
    "assets_fen": "年末资产合计",
    "liabilities_fen": "年末负债合计",
    "income_donation_fen": "捐赠收入",
    "income_government_fen": "政府补助和购买服务收入",
    "income_service_fen": "提供服务收入",
    "income_dues_fen": "会费收入",
    "income_other_fen": "其他收入",
    "expense_business_fen": "业务活动成本",
    "expense_admin_fen": "管理费用",
    "expense_fundraising_fen": "筹资费用",
    "expense_other_fen": "其他费用",
    "public_benefit_fen": "其中用于公益活动的支出",
    "donations_note": "接受捐赠的情况",
    "purchases_count": "承接政府购买服务项目数",
    "purchases_fen": "政府购买服务合同金额",
    "activities_count": "开展活动次数",
    "activities": "重大活动",
    "awards": "受到的表彰奖励",
    "punishments": "受到的处罚",
    "rectification": "上年度问题的整改情况",
    "pledged": "本组织承诺所填内容和所附材料真实、完整",
}

FIELD_HELPS: dict[str, str] = {
    "members_total": "等于单位会员数与个人会员数之和",
    "party_note": "只写组织开展的工作，不写个人的情况",
    "public_benefit_fen": "已计入上面各项费用的，不重复计算",
    "activities": "时间、名称、参加人数，一行一项",
    "rectification": "上年度基本合格、不合格的，另附整改报告",
}


def _field(name: str, shape: str, **more: Any) -> FormField:
    return FormField(name, FIELD_TITLES[name], shape, help=FIELD_HELPS.get(name, ""), **more)


def _step(code: str, *fields: FormField) -> Step:
    return Step(code, STEP_TITLES[code], fields)


STEPS: tuple[Step, ...] = (
    _step(
        "people",
        _field("members_unit", "count", kinds=_ST, register="members_unit"),
        _field("members_person", "count", kinds=_ST, register="members_person"),
        _field("members_total", "count", kinds=_ST),
        _field("officers_count", "count"),
        _field("council_count", "count", register="council_count"),
        _field("supervisors_count", "count", register="supervisors_count"),
        _field("full_time", "count", register="full_time"),
        _field("part_time", "count", register="part_time"),
        _field("insured_count", "count"),
        _field("branches_count", "count", kinds=_ST_JJ),
        _field("branches_note", "text", kinds=_ST_JJ, needed=False),
    ),
    _step(
        "meetings",
        _field("council_meetings", "count"),
        _field("assembly_meetings", "count", kinds=_ST),
        _field("re_elected", "yes"),
    ),
    _step(
        "party",
        _field("charter_changed", "yes"),
        _field("charter_approved_on", "day", needed=False),
        _field("charter_party", "yes"),
        _field("party_form", "party"),
        _field("party_members_count", "count", register="party_members_declared", needed=False),
        _field("party_note", "text", needed=False),
    ),
    _step(
        "money",
        _field("assets_fen", "fen"),
        _field("liabilities_fen", "fen"),
        _field("income_donation_fen", "fen"),
        _field("income_government_fen", "fen"),
        _field("income_service_fen", "fen"),
        _field("income_dues_fen", "fen", kinds=_ST),
        _field("income_other_fen", "fen"),
        _field("expense_business_fen", "fen"),
        _field("expense_admin_fen", "fen"),
        _field("expense_fundraising_fen", "fen"),
        _field("expense_other_fen", "fen"),
        _field("public_benefit_fen", "fen"),
    ),
    _step(
        "work",
        _field("activities_count", "count"),
        _field("activities", "text"),
        _field("donations_note", "text", needed=False),
        _field("purchases_count", "count"),
        _field("purchases_fen", "fen"),
    ),
    _step(
        "credit",
        _field("awards", "text", needed=False),
        _field("punishments", "text", needed=False),
        _field("rectification", "text", needed=False),
    ),
    _step("pledge", _field("pledged", "pledge", needed=False)),
)
BY_CODE: dict[str, Step] = {step.code: step for step in STEPS}

#: Sums shown under the money step: what, its parts.
SUM_TITLES: dict[str, str] = {"net": "年末净资产", "income": "收入合计", "expense": "费用合计"}


def sums(content: Any) -> dict[str, int | None]:
    """Net assets, income and expense in fen; None as long as a part that is needed for it is unknown."""
    names = list(FIELD_TITLES)
    income = [getattr(content, name) for name in names if name.startswith("income_")]
    expense = [getattr(content, name) for name in names if name.startswith("expense_")]
    whole = content.assets_fen is not None and content.liabilities_fen is not None
    return {
        "net": content.assets_fen - content.liabilities_fen if whole else None,
        "income": sum(part or 0 for part in income) if any(part is not None for part in income) else None,
        "expense": sum(part or 0 for part in expense) if any(part is not None for part in expense) else None,
    }


def missing_fields(kind: str, content: Any) -> Iterator[tuple[str, list[str]]]:
    """(title of a step, titles of what is missing in it) for each step that is not filled in."""
    for step in STEPS:
        lacking = [f.title for f in step.of(kind) if f.needed and getattr(content, f.name) in (None, "")]
        if lacking:
            yield step.title, lacking
