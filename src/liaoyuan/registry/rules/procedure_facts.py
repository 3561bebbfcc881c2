"""The facts that the rules of procedures read: set-up, change, charter, deregistration, branches, idleness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """What is known of one procedure when a rule is asked. Empty text and None mean unknown.

    Terms run from `received_on` without the `stopped_days`; `filed_on` is the day of the application, `decided_on` that
    of the decision. `party_pledge`, `party_survey`, `audited`, `charter_clause` say whether the paper is there or the
    clause was confirmed, those from `charity_purpose` on what an applicant for recognition confirms. `branches` counts
    the branches with the one that is asked for.
    """

    kind: str = ""
    is_charity: bool | None = None
    received_on: date | None = None
    stopped_days: int | None = None
    decided_on: date | None = None
    filed_on: date | None = None
    consented_on: date | None = None
    charter_consented_on: date | None = None
    liquidated_on: date | None = None
    party_pledge: bool | None = None
    party_survey: bool | None = None
    forwarded_on: date | None = None
    approved: bool | None = None
    changes_head: bool | None = None
    re_election: bool | None = None
    audited: bool | None = None
    branches: int | None = None
    regional: bool | None = None
    below_branch: bool | None = None
    charter_clause: bool | None = None
    charter_text: str = ""
    certified_on: date | None = None
    last_activity_on: date | None = None
    charity_purpose: bool | None = None
    ratios_kept: bool | None = None
    no_distribution: bool | None = None
    remainder_clause: bool | None = None
    finance_rules: bool | None = None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "ProcedureFacts":
        """Read facts from plain JSON. Raises ValueError with a Chinese sentence for a wrong or unknown one."""
        return cls(**plain.read(given, SHAPES, TITLES))


SHAPES: dict[str, str] = plain.shapes_of(ProcedureFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "kind": "类型（ST 社会团体，MF 民办非企业单位，JJ 基金会）",
    "is_charity": "设立时申请登记为慈善组织",
    "received_on": "收件日期",
    "stopped_days": "期限中止的天数",
    "decided_on": "决定日期",
    "filed_on": "申请日期",
    "consented_on": "业务主管单位审查同意日期（变更登记）",
    "charter_consented_on": "业务主管单位审查同意日期（章程）",
    "liquidated_on": "清算结束（清算报告）日期",
    "party_pledge": "已交支持党建工作承诺书",
    "party_survey": "已交从业人员党员情况调查表",
    "forwarded_on": "党建材料移送日期",
    "approved": "准予登记",
    "changes_head": "变更法定代表人",
    "re_election": "换届",
    "audited": "已有财务审计报告",
    "branches": "分支机构数（含这次申请的）",
    "regional": "地域性分支机构",
    "below_branch": "由分支机构再设立",
    "charter_clause": "已确认章程载有党建条款",
    "charter_text": "章程中党建条款的原文",
    "certified_on": "取得登记证书的日期",
    "last_activity_on": "最近一次活动的日期",
    "charity_purpose": "以开展慈善活动为宗旨",
    "ratios_kept": "上一年度慈善活动支出和管理费用合规",
    "no_distribution": "收益全部用于慈善目的，财产没有分配",
    "remainder_clause": "章程载明剩余财产转给其他慈善组织",
    "finance_rules": "财务制度健全，薪酬制度合理",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
