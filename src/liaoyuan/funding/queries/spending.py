"""What a project spent against its budget, class by class. Money in fen."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.models import Agreement, BudgetLine, Expense


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class of cost: planned, spent, of that of the grant."""

    code: str
    title: str
    budget_fen: int
    spent_fen: int
    grant_fen: int

    @property
    def left_fen(self) -> int:
        """What of the plan is not spent; below zero when more was spent."""
        return self.budget_fen - self.spent_fen

    @property
    def over(self) -> bool:
        """Whether more was spent than planned."""
        return self.spent_fen > self.budget_fen


def by_class(agreement: Agreement) -> list[ClassLine]:
    """Planned and spent of each class that has either, in two statements."""
    planned = dict(
        BudgetLine.objects.filter(project=agreement.project_id).order_by().values("budget_class")
        .annotate(fen=Sum("amount_fen")).values_list("budget_class", "fen")
    )  # fmt: skip
    spent = {
        row["budget_class"]: (row["fen"], row["granted"])
        for row in living(agreement).order_by().values("budget_class").annotate(
            fen=Sum("amount_fen"), granted=Sum("grant_fen"))
    }  # fmt: skip
    return [
        ClassLine(code, _(title), planned.get(code, 0), *spent.get(code, (0, 0)))
        for code, title in BUDGET_CLASS_TITLES.items()
        if code in planned or code in spent
    ]


def total(lines: list[ClassLine]) -> ClassLine:
    """The sum of the classes."""
    return ClassLine(
        "", _("合计"), sum(one.budget_fen for one in lines), sum(one.spent_fen for one in lines),
        sum(one.grant_fen for one in lines),
    )  # fmt: skip


def living(agreement: Agreement) -> QuerySet[Expense]:
    """The vouchers that were not voided, by day."""
    return agreement.expenses.filter(voided_at__isnull=True)


def listed(agreement: Agreement, code: str = "", q: str = "") -> QuerySet[Expense]:
    """The vouchers, voided ones too, of one class or bearing a word."""
    rows = agreement.expenses.select_related("entered_by", "voided_by")
    if code:
        rows = rows.filter(budget_class=code)
    text = q.strip()
    if text:
        named = rows.filter(title__icontains=text) | rows.filter(payee__icontains=text)
        rows = named | rows.filter(voucher_no__icontains=text)
    return rows
