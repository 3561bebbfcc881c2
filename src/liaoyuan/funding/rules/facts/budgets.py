"""The facts of a budget: its lines, the team's time; at the end its settled lines (GV-BUD, GV-FIN-03). Fen."""

from dataclasses import dataclass

from liaoyuan.funding.choices.budget import BudgetClass, ForbiddenItem, PriceKind
from liaoyuan.funding.rules.facts.reading import Record


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line (F13). `quantity` counts hundredths (1.5 months = 150). `person` is the paid member's name in the team.

    Of final accounts `amount_fen`, `granted_fen` and `own_fen` are what is settled, `approved_fen` the amount of the
    budget as approved or changed, `spent_fen` what was really spent.
    """

    no: int | None = None
    budget_class: str = ""
    item: str = ""
    item_kind: str = ""
    price_kind: str = ""
    unit_price_fen: int | None = None
    quantity: int | None = None
    times: int | None = None
    amount_fen: int | None = None
    granted_fen: int | None = None
    own_fen: int | None = None
    person: str = ""
    approved_fen: int | None = None
    spent_fen: int | None = None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One person of the team: full-time on the body's staff list, with a contract and social insurance; the percent of
    the working time on this project and, together, on other live projects of any programme.
    """

    name: str = ""
    full_time: bool | None = None
    contract: bool | None = None
    insured: bool | None = None
    percent: int | None = None
    other_percent: int | None = None


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    """A budget as handed in, agreed, changed or settled. Declared sums beside the lines; None means unknown."""

    total_fen: int | None = None
    grant_fen: int | None = None
    own_fen: int | None = None
    lines: tuple[BudgetLine, ...] = ()
    team: tuple[TeamMember, ...] = ()


LINE_TITLES: dict[str, str] = {
    "no": "序号",
    "budget_class": "科目（B01 至 B13，B99）",
    "item": "明细",
    "item_kind": "审核人标明的支出性质",
    "price_kind": "单价的种类",
    "unit_price_fen": "单价（分）",
    "quantity": "数量（百分之一）",
    "times": "频次",
    "amount_fen": "金额（分）",
    "granted_fen": "资助资金（分）",
    "own_fen": "自筹、配套资金（分）",
    "person": "领取报酬的人",
    "approved_fen": "批准的预算（分）",
    "spent_fen": "实际支出（分）",
}
TEAM_TITLES: dict[str, str] = {
    "name": "姓名",
    "full_time": "专职",
    "contract": "有劳动合同",
    "insured": "有社会保险记录",
    "percent": "投入本项目的时间（%）",
    "other_percent": "投入其他在施项目的时间（%）",
}
TITLES: dict[str, str] = {
    "total_fen": "预算总额（分）",
    "grant_fen": "申请资助（分）",
    "own_fen": "自筹资金（分）",
    "lines": "预算明细",
    "team": "项目团队",
}

LINE = Record(
    BudgetLine, LINE_TITLES, {"budget_class": BudgetClass, "item_kind": ForbiddenItem, "price_kind": PriceKind}
)
TEAM = Record(TeamMember, TEAM_TITLES)
BUDGET = Record(BudgetFacts, TITLES, parts={"lines": LINE, "team": TEAM})
