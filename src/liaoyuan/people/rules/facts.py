"""The facts that the rules about persons read: one frozen record, made from a form, a sheet's row or a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of one person at one moment. Empty text and None mean unknown; last days are valid themselves.

    The facts from `post` to `closed_head_on` belong to an appointment as it would be, those from `council_count` on to
    the council after it. `other_*` name bodies other than the one in question, on the day of the appointment.
    """

    post: str = ""
    body_kind: str = ""
    is_charity: bool | None = None
    public_fundraising: bool | None = None
    private_money: bool | None = None
    other_associations: tuple[str, ...] = ()
    other_foundations: tuple[str, ...] = ()
    other_bodies: tuple[str, ...] = ()
    birth: date | None = None
    age_approval: str = ""
    retired_cadre: bool | None = None
    cadre_approval: str = ""
    cadre_posts: int | None = None
    term_no: int | None = None
    paid: bool | None = None
    state_staff: bool | None = None
    no_capacity: bool | None = None
    sentence_ended_on: date | None = None
    closed_head_on: date | None = None
    council_count: int | None = None
    relatives_count: int | None = None
    paid_count: int | None = None
    on_council: bool | None = None
    is_relative: bool | None = None
    finance_staff: bool | None = None
    level: str = ""
    number: str = ""
    approved_on: date | None = None
    registered_on: date | None = None
    registered_until: date | None = None
    education: str = ""
    social_work: bool | None = None
    years: int | None = None
    held: str = ""
    served_on: date | None = None
    day_minutes: int | None = None
    overlapping: bool | None = None
    volunteer: str = ""
    consented_on: date | None = None
    withdrawn_on: date | None = None
    sensitive: tuple[str, ...] = ()
    basis: str = ""
    consent_no: str = ""

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "PersonFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value of the wrong type.
        """
        return cls(**plain.read(given, SHAPES, TITLES))


SHAPES: dict[str, str] = plain.shapes_of(PersonFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "post": "拟任职务",
    "body_kind": "任职组织的类型（ST 社会团体，MF 民办非企业单位，JJ 基金会，BA 备案社区社会组织）",
    "is_charity": "任职组织是慈善组织",
    "public_fundraising": "任职组织有公开募捐资格（公募）",
    "private_money": "任职基金会用私人财产设立",
    "other_associations": "任法定代表人的其他社会团体",
    "other_foundations": "任法定代表人的其他基金会",
    "other_bodies": "任法定代表人的其他组织",
    "birth": "出生日期",
    "age_approval": "超龄任职批准文号",
    "retired_cadre": "离退休领导干部",
    "cadre_approval": "兼职批准文号",
    "cadre_posts": "已任职的其他社会团体数",
    "term_no": "届次（本人连任第几届）",
    "paid": "领取报酬",
    "state_staff": "现职国家工作人员",
    "no_capacity": "无民事行为能力或限制民事行为能力",
    "sentence_ended_on": "因故意犯罪服刑期满日期",
    "closed_head_on": "任负责人的组织被吊销证书或取缔的日期",
    "council_count": "理事总数",
    "relatives_count": "有近亲属关系的理事数",
    "paid_count": "领取报酬的理事数",
    "on_council": "本人是本组织理事",
    "is_relative": "本人与理事有近亲属关系",
    "finance_staff": "本人是本组织财会人员",
    "level": "证书级别（assistant 助理社会工作师，worker 社会工作师，senior 高级社会工作师）",
    "number": "证书管理号",
    "approved_on": "批准日期",
    "registered_on": "登记日期",
    "registered_until": "登记有效期至（当日有效）",
    "education": "学历（secondary 高中中专，college 大专，bachelor 本科，master 硕士，doctor 博士）",
    "social_work": "社会工作专业",
    "years": "从事社会工作的年数",
    "held": "已取得的证书级别",
    "served_on": "服务日期",
    "day_minutes": "该日服务时长合计（分钟）",
    "overlapping": "与该日另一条记录的时段重叠",
    "volunteer": "拟公布的志愿者（打码姓名）",
    "consented_on": "本人同意公开的日期",
    "withdrawn_on": "本人撤回同意的日期（当日起不再公开）",
    "sensitive": "所填的敏感个人信息",
    "basis": "处理依据（duty 法定职责，contract 合同，consent 本人同意）",
    "consent_no": "同意书编号",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
