"""The facts that the rules about annual reports and about proposals for the lists read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from liaoyuan.kit import facts as plain


class _Facts:
    """Reading a frozen record of facts from plain JSON."""

    __slots__ = ()

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read facts from ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value of the wrong type.
        """
        return cls(**plain.read(given, plain.shapes_of(cls), TITLES))


@dataclass(frozen=True, slots=True)
class AnnualFacts(_Facts):
    """One body's report as it stands. `year` is the year reported on. `audit_fields` None: the parameter holds.

    `cutoff_on`, `supervisor_due` and `registrar_due` are the round's own dates; unknown, the law's day of the following
    year holds. `missed_years` are the consecutive years missed, this one included.
    """

    kind: str = ""
    field: str = ""
    is_charity: bool | None = None
    track: str = ""
    year: int | None = None
    registered_on: date | None = None
    cutoff_on: date | None = None
    supervised: bool | None = None
    supervisor_due: date | None = None
    registrar_due: date | None = None
    submitted_on: date | None = None
    filed_on: date | None = None
    concluded: bool | None = None
    audit_fields: tuple[str, ...] | None = None
    audit_attached: bool | None = None
    financial_attached: bool | None = None
    rectification_attached: bool | None = None
    last_result: str = ""
    members_unit: int | None = None
    members_person: int | None = None
    members_total: int | None = None
    missed_years: int | None = None


@dataclass(frozen=True, slots=True)
class ListingFacts(_Facts):
    """One proposal, or one entry of the abnormal list that is to be removed."""

    ground: str = ""
    first_letter_on: date | None = None
    second_letter_on: date | None = None
    notice_on: date | None = None
    heard_on: date | None = None
    decided_on: date | None = None
    listed_on: date | None = None
    removed_on: date | None = None
    complied: bool | None = None
    made_up: bool | None = None


#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "kind": "类型（ST 社会团体，MF 民办非企业单位，JJ 基金会）",
    "field": "行业分类（两位代码）",
    "is_charity": "慈善组织",
    "track": "年报种类（check 年检，foundation 基金会年度报告，charity 慈善组织年报）",
    "year": "年度",
    "registered_on": "成立日期",
    "cutoff_on": "本年度的登记截止日",
    "supervised": "经业务主管单位初审",
    "supervisor_due": "本年度报主管单位的截止日",
    "registrar_due": "本年度报登记机关的截止日",
    "submitted_on": "报主管单位日期",
    "filed_on": "报登记机关日期",
    "concluded": "已有结论",
    "audit_fields": "本年度须附审计报告的行业",
    "audit_attached": "已附审计报告",
    "financial_attached": "已附财务会计报告",
    "rectification_attached": "已附整改报告",
    "last_result": "上年度结论（qualified 合格，basically 基本合格，unqualified 不合格，missed 未参加，exempt 免检）",
    "members_unit": "单位会员数",
    "members_person": "个人会员数",
    "members_total": "会员总数",
    "missed_years": "连续未参加的年数（含本年度）",
    "ground": "事由类别（annual 年报，address 住所，party 党组织，rectification 整改，penalty 处罚，long 满期）",
    "first_letter_on": "第一封信函寄出日期",
    "second_letter_on": "第二封信函寄出日期",
    "notice_on": "告知书送达日期",
    "heard_on": "收到陈述申辩日期",
    "decided_on": "决定日期",
    "listed_on": "列入名录日期",
    "removed_on": "拟移出日期",
    "complied": "已履行义务或改正",
    "made_up": "未参加的年度已补报并有结论",
}
SHAPES: dict[str, str] = plain.shapes_of(AnnualFacts, ListingFacts)


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
