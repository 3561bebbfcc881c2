"""The facts of an agreement and its instalments (GV-CON, GV-PAY). Fen."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.funding.choices.money import MidOutcome, TrancheTrigger
from liaoyuan.funding.rules.facts.reading import Record


@dataclass(frozen=True, slots=True)
class Met:
    """Since when the condition of an instalment has been met."""

    trigger: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Tranche:
    """One instalment of the agreement: its number from 1, share in percent, when it was paid."""

    no: int | None = None
    percent: int | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """An agreement to be signed, or an instalment to be paid. `paid_fen` was paid before this one."""

    publicity_ends_on: date | None = None
    open_objections: int | None = None
    project_approved_on: date | None = None
    signed_on: date | None = None
    approved_fen: int | None = None
    contract_fen: int | None = None
    approved_body: str = ""
    body: str = ""
    account: str = ""
    tranches: tuple[Tranche, ...] = ()
    met: tuple[Met, ...] = ()
    tranche_no: int | None = None
    tranche_fen: int | None = None
    paid_fen: int | None = None
    mid_outcome: str = ""
    overdue_reports: int | None = None
    preparer: str = ""
    approver: str = ""
    payer: str = ""


MET_TITLES: dict[str, str] = {"trigger": "拨付条件", "on": "具备的日期"}
TRANCHE_TITLES: dict[str, str] = {"no": "期次", "percent": "比例（%）", "paid_on": "拨付的日期"}
TITLES: dict[str, str] = {
    "publicity_ends_on": "公示的最后一天",
    "open_objections": "没有答复的异议件数",
    "project_approved_on": "立项的日期",
    "signed_on": "签订协议的日期",
    "approved_fen": "批准的金额（分）",
    "contract_fen": "协议金额（分）",
    "approved_body": "立项的组织",
    "body": "签约的组织",
    "account": "收款账户的户名",
    "tranches": "协议的各期",
    "met": "已具备的拨付条件",
    "tranche_no": "本期的期次",
    "tranche_fen": "本期金额（分）",
    "paid_fen": "累计已拨（分）",
    "mid_outcome": "中期评估的结论（passed 合格，rectify 整改，terminate 终止）",
    "overdue_reports": "逾期未交的报告份数",
    "preparer": "经办人",
    "approver": "审批人",
    "payer": "付款人",
}

PAYMENT = Record(
    PaymentFacts, TITLES, {"mid_outcome": MidOutcome},
    {"met": Record(Met, MET_TITLES, {"trigger": TrancheTrigger}), "tranches": Record(Tranche, TRANCHE_TITLES)},
)  # fmt: skip
