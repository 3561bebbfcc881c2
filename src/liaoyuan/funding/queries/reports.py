"""Reports (F15) as they are prefilled and shown: indicators, activities, money by class. Counted, never typed. Fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES, CapBase
from liaoyuan.funding.choices.review import ACCEPT_ITEM_TITLES
from liaoyuan.funding.choices.running import ReportKind, ReportState
from liaoyuan.funding.models import Assessment, Expense, Project, ProjectReport, WorkRecord
from liaoyuan.funding.queries import limits, running
from liaoyuan.funding.rules import settling
from liaoyuan.funding.rules.facts import budgets
from liaoyuan.funding.rules.facts.projects import Indicator, ProjectFacts
from liaoyuan.kit.findings import Finding

#: So many activities are listed in a report; all are counted.
LISTED = 400


@dataclass(frozen=True, slots=True)
class ClassMoney:
    """One class of cost: whole amounts and of them the grant, approved and spent."""

    code: str
    title: str
    approved_fen: int
    approved_grant_fen: int
    spent_fen: int
    spent_grant_fen: int

    @property
    def difference_fen(self) -> int:
        """What was spent less what was approved."""
        return self.spent_fen - self.approved_fen


def money(project: Project) -> list[ClassMoney]:
    """The effective budget against the vouchers, by class."""
    told = dict.fromkeys(("amount", "grant"), 0)
    approved: dict[str, dict[str, int]] = {}
    for line in project.lines.all():
        row = approved.setdefault(line.budget_class, dict(told))
        row["amount"] += line.amount_fen
        row["grant"] += line.grant_fen
    rows = Expense.objects.filter(agreement__project=project, voided_at__isnull=True).order_by()
    spent = {
        row["budget_class"]: row
        for row in rows.values("budget_class").annotate(amount=Sum("amount_fen"), grant=Sum("grant_fen"))
    }
    return [
        ClassMoney(
            code, title, *(approved.get(code, told)[name] for name in ("amount", "grant")),
            *(spent[code][name] if code in spent else 0 for name in ("amount", "grant")),
        )
        for code, title in BUDGET_CLASS_TITLES.items()
        if code in approved or code in spent
    ]  # fmt: skip


def figures(project: Project, on: date) -> dict[str, Any]:
    """All figures of a report on the day, as plain JSON; they are frozen when it is handed in."""
    one = running.of(project, on)
    records = WorkRecord.objects.living().filter(project=project, held_on__lte=on).order_by("held_on", "pk")
    return {
        "on": on.isoformat(),
        "indicators": [
            [p.indicator.title, p.indicator.unit, p.indicator.target, p.done, p.rate] for p in one.progress
        ],
        "rate": one.rate, "elapsed": one.elapsed, "records": one.records, "served": one.served,
        "volunteers": one.volunteers, "months": [one.handed, len(one.months)],
        "activities": [
            [row.held_on.isoformat(), row.title, row.place, row.served, row.volunteers] for row in records[:LISTED]
        ],
        "pledges": [
            [line.title, [row.held_on.isoformat() for row in done]] for line, done in running.pledges(project)
        ],
        "money": [
            [row.code, row.approved_fen, row.approved_grant_fen, row.spent_fen, row.spent_grant_fen]
            for row in money(project)
        ],
        "agreed_fen": one.agreed_fen, "spent_grant_fen": one.spent_fen,
    }  # fmt: skip


def last_of(project: Project, kind: str) -> ProjectReport | None:
    """The latest attempt of a report."""
    return ProjectReport.objects.filter(project=project, kind=kind).order_by("-number").first()


def sheet_of(report: ProjectReport) -> Assessment | None:
    """The evaluator's sheet that holds."""
    return report.assessments.filter(annulled_at__isnull=True).select_related("signed_by").first()


def items(project: Project) -> dict[str, int]:
    """The items of the evaluator's sheet with their greatest points."""
    told = limits.limits_of(project.round)["gv.accept.items"]
    named = [item for item in ACCEPT_ITEM_TITLES if item in told]
    return {item: told[item] for item in (*named, *(item for item in told if item not in named))}


def grade(project: Project, total: int) -> str:
    """The grade of a total in hundredths of a point."""
    return settling.grade(total, limits.limits_of(project.round)["gv.accept.grades"])


def proposed(project: Project) -> dict[str, int]:
    """What could be settled of each class: the proposal of the form."""
    held = limits.limits_of(project.round)
    rows = money(project)
    base = held["gv.staff.base"]
    return settling.settle(
        {row.code: row.approved_fen for row in rows}, {row.code: row.spent_fen for row in rows},
        free=held["gv.adjust.free_percent"],
        staff_percent=held["gv.staff.percent"] if base == CapBase.TOTAL else None,
        staff_classes=held["gv.staff.classes"],
    )  # fmt: skip


def settled_findings(project: Project, settled: Mapping[str, int], on: date) -> list[Finding]:
    """GV-FIN-03 on what shall be settled: the caps are asked again on what was really spent. Of a class the grant bears
    what the vouchers say, the own money the rest.
    """
    rows = {row.code: row for row in money(project)}
    lines, borne = [], 0
    for number, (code, fen) in enumerate(sorted(settled.items()), 1):
        row = rows.get(code)
        granted = min(fen, row.spent_grant_fen) if row is not None else fen
        borne += granted
        lines.append(budgets.BudgetLine(
            no=number, budget_class=code, amount_fen=fen, granted_fen=granted, own_fen=fen - granted,
            approved_fen=row.approved_fen if row is not None else 0,
            spent_fen=row.spent_fen if row is not None else 0,
        ))  # fmt: skip
    read = budgets.BudgetFacts(
        total_fen=sum(settled.values()), grant_fen=borne, own_fen=sum(settled.values()) - borne, lines=tuple(lines)
    )
    return list(policy.evaluate(Moment.BUDGET_FINAL, read, limits.limits_of(project.round), on))


def accept_findings(project: Project, grade_: str, reason: str, on: date) -> list[Finding]:
    """GV-FIN-02 on the indicators as the records count them."""
    one = running.of(project, on)
    read = ProjectFacts(
        indicators=tuple(Indicator(p.indicator.title, p.indicator.target, p.done) for p in one.progress),
        grade=grade_, reason=reason,
    )  # fmt: skip
    return list(policy.evaluate(Moment.PROJECT_ACCEPT, read, limits.limits_of(project.round), on))


def daily(project: Project, on: date) -> list[Finding]:
    """What the rules say today of the days of the mid check and the final papers (GV-MID-01, GV-FIN-01)."""
    agreement = running.agreement_of(project)
    if agreement is None:
        return []
    first = {
        kind: ProjectReport.objects.filter(project=project, kind=kind, handed_at__isnull=False)
        for kind in (ReportKind.MID, ReportKind.FINAL)
    }
    mid = first[ReportKind.MID].filter(state=ReportState.PASSED.value, decided_at__isnull=False)
    checked = mid.values_list("decided_at", flat=True).first()
    handed = first[ReportKind.FINAL].order_by("number").values_list("handed_at", flat=True).first()
    read = ProjectFacts(
        starts_on=agreement.starts_on, ends_on=agreement.ends_on,
        mid_checked_on=localdate(checked) if checked is not None else None,
        final_received_on=localdate(handed) if handed is not None else None,
    )  # fmt: skip
    return list(policy.evaluate(Moment.PROJECT_DAILY, read, limits.limits_of(project.round), on))
