"""The facts of an application: its body in the register at a day, its quota, other money, former projects (GV-APP)."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.funding.choices.budget import FundingLevel
from liaoyuan.funding.rules.facts.reading import Record
from liaoyuan.registry.choices import CreditStatus, Kind, Status


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What is known of an application and of its body on the day it is judged. None and empty mean unknown.

    `others` counts the body's other projects of the round in the states that count (`choices.states.COUNTED`);
    `sponsor_others` those on the list of its sponsor, `representative_others` those of other bodies of the same legal
    representative; `partners` goes with `partner_others`, one number a partner of a joint application.
    """

    kind: str = ""
    status: str = ""
    registered_on: date | None = None
    annual_results: tuple[str, ...] = ()
    rating: int | None = None
    credit_lists: tuple[str, ...] = ()
    registered_here: bool | None = None
    serves_here: bool | None = None
    social_work: bool | None = None
    full_time: int | None = None
    full_time_on_project: int | None = None
    has_history: bool | None = None
    others: int | None = None
    sponsor: str = ""
    sponsor_kind: str = ""
    sponsor_others: int | None = None
    representative_others: int | None = None
    representative_bodies: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    partner_others: tuple[int, ...] = ()
    field: str = ""
    period_from: date | None = None
    period_to: date | None = None
    leader_age: int | None = None
    team_age: int | None = None
    funded_same: tuple[str, ...] = ()
    funded_levels: tuple[str, ...] = ()
    won_last_round: bool | None = None
    similar: tuple[str, ...] = ()
    opens_on: date | None = None
    closes_on: date | None = None
    late_agreed: bool | None = None
    overdue_projects: tuple[str, ...] = ()
    failed_projects: tuple[str, ...] = ()
    banned_until: date | None = None


#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "kind": "申报组织的类型（ST 社会团体，MF 民办非企业单位，JJ 基金会，BA 备案社区社会组织，NB 其他）",
    "status": "申报组织的状态",
    "registered_on": "成立日期",
    "annual_results": "年检年报结论，最近的在前（qualified 合格，basically 基本合格，unqualified 不合格，"
    "missed 未参加，exempt 免检）",
    "rating": "评估等级（几 A，0 为未评）",
    "credit_lists": "所在的名单（abnormal 活动异常名录，serious 严重违法失信名单）",
    "registered_here": "在本地登记",
    "serves_here": "在本地服务",
    "social_work": "是社会工作服务机构",
    "full_time": "专职工作人员人数",
    "full_time_on_project": "参加本项目的专职工作人员人数",
    "has_history": "承接过公益项目",
    "others": "本届已申报的其他项目数",
    "sponsor": "担保组织",
    "sponsor_kind": "担保组织的类型",
    "sponsor_others": "担保组织名下的其他项目数",
    "representative_others": "同一负责人的其他组织的项目数",
    "representative_bodies": "同一负责人的其他组织",
    "partners": "联合申报的其他组织",
    "partner_others": "联合申报的其他组织各自的其他项目数",
    "field": "项目领域",
    "period_from": "项目起日",
    "period_to": "项目止日",
    "leader_age": "项目负责人的年龄",
    "team_age": "团队平均年龄",
    "funded_same": "同一项目、期间、服务对象已获的资助",
    "funded_levels": "已获资金的级别（ministry 部，province 省，city 市，district 区）",
    "won_last_round": "上一届已立项",
    "similar": "内容相似的项目",
    "opens_on": "申报期的第一天",
    "closes_on": "申报期的最后一天",
    "late_agreed": "承办单位同意逾期申报",
    "overdue_projects": "逾期未结项的项目",
    "failed_projects": "结项不合格的项目",
    "banned_until": "不得申报期的最后一天",
}

APPLICATION = Record(
    ApplicationFacts, TITLES,
    {"kind": Kind, "sponsor_kind": Kind, "status": Status, "credit_lists": CreditStatus, "funded_levels": FundingLevel}
)  # fmt: skip
