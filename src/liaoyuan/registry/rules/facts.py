"""The facts that the register's rules read: one frozen record, made from a form, a sheet's row, the API or a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain

#: Division code of the ministry: its bodies are national, all others are local.
NATIONAL_DIVISION = "100000"


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """What is known of one organization when a rule is asked. Empty text and None mean unknown; money in fen.

    Last days (`term_to`, `rating_until`, `filing_until`) are the days printed on the paper, still valid themselves.
    `registrar_division` is the code of the registrar's area, `area_names` the names a local name may begin with.
    `code_holder_name`, `filing_holder_name` and `same_name_other_code` speak of *another* live organization.
    The `credit_*`, `listed_on`, `last_breach_on`, `removed_on` facts belong to the list entry in question, those from
    `interested` to `left_on` to an assessor and the body, `campaign_*` and what follows to one campaign (handbook §1.7,
    §1.9). `annual_last` is the result of `annual_year`, `annual_before` that of the year before it.
    """

    name: str = ""
    kind: str = ""
    code: str = ""
    code_as_given: str = ""
    filing_no: str = ""
    status: str = ""
    registrar_division: str = ""
    area_names: tuple[str, ...] = ()
    code_holder_name: str = ""
    filing_holder_name: str = ""
    same_name_other_code: str = ""
    registered_on: date | None = None
    capital_fen: int | None = None
    capital_paid_in: bool | None = None
    members_unit: int | None = None
    members_person: int | None = None
    member_count: int | None = None
    council_count: int | None = None
    meetings_held: int | None = None
    term_from: date | None = None
    term_to: date | None = None
    rating: str = ""
    rated_on: date | None = None
    rating_until: date | None = None
    filing_until: date | None = None
    public_fundraising: bool | None = None
    credit_status: str = ""
    listed_on: date | None = None
    last_breach_on: date | None = None
    removed_on: date | None = None
    credit_arisen_on: date | None = None
    credit_recorded_on: date | None = None
    annual_year: int | None = None
    annual_last: str = ""
    annual_before: str = ""
    penalised_on: date | None = None
    penalty_open: bool | None = None
    investigated: bool | None = None
    interested: bool | None = None
    holds_post: bool | None = None
    left_on: date | None = None
    decided_on: date | None = None
    notified_on: date | None = None
    campaign_from: date | None = None
    campaign_to: date | None = None
    plan_filed_on: date | None = None
    emergency: bool | None = None
    progress_on: date | None = None
    final_report_on: date | None = None
    outside_area: bool | None = None
    charges_fees: bool | None = None
    for_profit: bool | None = None

    @property
    def is_national(self) -> bool:
        """Whether the ministry registered the body; the rest of the country is local."""
        return self.registrar_division == NATIONAL_DIVISION

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], *, strict: bool = True) -> "OrganizationFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for a value of the wrong type and, when `strict`, for an unknown name;
        otherwise unknown names are left out (a row of a sheet has more columns than the rules read).
        """
        return cls(**plain.read(given, SHAPES, TITLES, strict=strict))


SHAPES: dict[str, str] = plain.shapes_of(OrganizationFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "name": "名称",
    "kind": "类型（ST 社会团体，MF 民办非企业单位，JJ 基金会，BA 备案社区社会组织，NB 其他）",
    "code": "统一社会信用代码",
    "code_as_given": "代码原文（不是完整代码时）",
    "filing_no": "备案号",
    "status": "状态",
    "registrar_division": "登记机关的行政区划代码（民政部为 100000）",
    "area_names": "名称可以冠用的行政区划名称",
    "code_holder_name": "持有同一代码的另一个存续组织",
    "filing_holder_name": "持有同一备案号的另一个存续组织",
    "same_name_other_code": "同名的另一个存续组织的代码或备案号",
    "registered_on": "成立日期（备案日期）",
    "capital_fen": "注册资金（分）",
    "capital_paid_in": "原始基金是否为到账货币资金",
    "members_unit": "单位会员数",
    "members_person": "个人会员数",
    "member_count": "备案组织的成员数",
    "council_count": "理事数",
    "meetings_held": "上一年度理事会会议次数",
    "term_from": "届期起",
    "term_to": "届期止（当日有效）",
    "rating": "评估等级",
    "rated_on": "评估日期",
    "rating_until": "评估有效期至（当日有效）",
    "filing_until": "备案有效期至（当日有效）",
    "public_fundraising": "公开募捐资格（公募）",
    "credit_status": "信用状态（normal 正常，abnormal 异常名录，serious 严重违法失信名单）",
    "listed_on": "列入名单日期",
    "last_breach_on": "列入后最近一次违法失信日期",
    "removed_on": "拟移出日期",
    "credit_arisen_on": "信用信息产生日期",
    "credit_recorded_on": "信用信息录入日期",
    "annual_year": "最近一次年检年报的年度",
    "annual_last": "该年度的结论（qualified 合格，basically 基本合格，unqualified 不合格，missed 未参加，exempt 免检）",
    "annual_before": "再上一年度的结论",
    "penalised_on": "最近一次行政处罚日期",
    "penalty_open": "行政处罚是否尚未执行完毕",
    "investigated": "是否正在被立案调查",
    "interested": "评估人员与组织是否有利害关系",
    "holds_post": "评估人员是否现在组织任职",
    "left_on": "评估人员离开组织的日期",
    "decided_on": "复核决定日期",
    "notified_on": "书面告知日期",
    "campaign_from": "募捐（项目）开始日期",
    "campaign_to": "募捐（项目）结束日期",
    "plan_filed_on": "募捐方案备案日期",
    "emergency": "是否应对突发事件",
    "progress_on": "最近一次公开进展的日期",
    "final_report_on": "全面公开的日期",
    "outside_area": "是否在本社区、本街道以外活动",
    "charges_fees": "是否收费",
    "for_profit": "是否营利",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
