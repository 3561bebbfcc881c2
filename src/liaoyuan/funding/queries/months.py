"""The log of a month: what its records and vouchers come to, what the rules say of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.models import Contribution, Expense, Project, WorkRecord
from liaoyuan.funding.queries import limits, work
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.funding.rules.running import last_of
from liaoyuan.kit.findings import Finding


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator in a month: its name, unit, what the month's records count."""

    title: str
    unit: str
    count: int


def records(project: Project, month: date) -> list[WorkRecord]:
    """The living records of a month, earliest first."""
    return list(work.of(project, month).living().order_by("held_on", "pk"))


def counted(project: Project, month: date) -> list[Counted]:
    """What the records of a month count, by indicator."""
    rows = Contribution.objects.filter(
        record__project=project, record__voided_at__isnull=True, record__held_on__gte=month,
        record__held_on__lte=last_of(month),
    ).order_by()  # fmt: skip
    rows = rows.values("indicator__title", "indicator__unit", "indicator__position").annotate(n=Sum("count"))
    found = sorted(rows, key=lambda row: row["indicator__position"])
    return [Counted(row["indicator__title"], row["indicator__unit"], row["n"]) for row in found]


def spending(project: Project, month: date) -> list[tuple[str, int, int]]:
    """What the vouchers of a month show, by class: title, whole amount, of it the grant. Fen."""
    rows = Expense.objects.filter(
        agreement__project=project, voided_at__isnull=True, spent_on__gte=month, spent_on__lte=last_of(month)
    ).order_by()  # fmt: skip
    rows = rows.values("budget_class").annotate(all_fen=Sum("amount_fen"), granted=Sum("grant_fen"))
    by = {row["budget_class"]: (row["all_fen"], row["granted"]) for row in rows}
    return [(title, *by[code]) for code, title in BUDGET_CLASS_TITLES.items() if code in by]


def figures(project: Project, month: date) -> dict[str, Any]:
    """The figures of a month as they are kept with its log, plain JSON."""
    rows = records(project, month)
    spent = spending(project, month)
    return {
        "records": len(rows), "served": sum(row.served for row in rows),
        "volunteers": sum(row.volunteers for row in rows),
        "counts": [[one.title, one.unit, one.count] for one in counted(project, month)],
        "spent_fen": sum(whole for _title, whole, _granted in spent),
        "granted_fen": sum(granted for _title, _whole, granted in spent),
    }  # fmt: skip


def findings(project: Project, month: date, *, every: bool) -> list[Finding]:
    """What the rules say of the records of a month today: day and place (GV-EXE-01), photos (GV-EXE-03)."""
    rows = records(project, month)
    held = limits.limits_of(project.round)
    agreement = project.agreements.living().first()
    found = []
    for row in rows:
        if agreement is not None:
            read = ProjectFacts(
                starts_on=agreement.starts_on, ends_on=agreement.ends_on, activity_on=row.held_on,
                activity_place=row.place, places=tuple(agreement.places),
            )  # fmt: skip
            found += policy.evaluate(Moment.PROJECT_ACTIVITY, read, held, row.held_on)
    same = work.same_photos(rows, every=every)
    for row in rows:
        found += work.findings(project, same.get(row.pk, ()), row.held_on)
    return found
