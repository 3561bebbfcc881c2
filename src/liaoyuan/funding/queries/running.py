"""How running projects stand: indicators from their records, months and logs, reports, money. For many at once.

Every figure is counted from the records and vouchers; nothing is typed twice. Fen throughout.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, Sum

from liaoyuan.funding.choices.awards import AgreementState
from liaoyuan.funding.choices.running import AT_WORK, MonthStanding, Overdue, ReportKind
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import (
    Agreement,
    Expense,
    Indicator,
    MonthlyLog,
    Pledge,
    Project,
    ProjectReport,
    WorkRecord,
)
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules import running as rules
from liaoyuan.funding.rules.projects import day_of
from liaoyuan.kit.findings import Limits

#: States in which a project owes logs and reports.
OWING = (*AT_WORK, ProjectState.FINAL_CHECK)
_STARTED = (*OWING, ProjectState.ACCEPTED, ProjectState.FAILED, ProjectState.RECOVERING, ProjectState.TERMINATED,
            ProjectState.ARCHIVED)  # fmt: skip
_LIVING = Q(voided_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Progress:
    """One indicator: target, what the records come to, whole percent."""

    indicator: Indicator
    done: int

    @property
    def rate(self) -> int | None:
        """Whole percent of the target."""
        return rules.rate(self.done, self.indicator.target)


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its first day, by when its log is due, how it stands, the log itself."""

    first: date
    due_on: date
    standing: MonthStanding
    log: MonthlyLog | None
    records: int = 0
    served: int = 0

    @property
    def key(self) -> str:
        """The month in addresses."""
        return f"{self.first:%Y-%m}"


@dataclass(slots=True)
class Standing:
    """How one project stands on a day."""

    project: Project
    on: date
    agreement: Agreement | None = None
    progress: list[Progress] = field(default_factory=list)
    records: int = 0
    served: int = 0
    volunteers: int = 0
    last_on: date | None = None
    spent_fen: int = 0
    months: list[Month] = field(default_factory=list)
    reports: dict[str, ProjectReport] = field(default_factory=dict)
    due: dict[str, date] = field(default_factory=dict)
    overdue: list[str] = field(default_factory=list)

    @property
    def rate(self) -> int | None:
        """The whole percent of all indicators together."""
        return rules.completion((one.indicator.target, one.done) for one in self.progress)

    @property
    def elapsed(self) -> int:
        """The whole percent of the agreement's days that is over."""
        row = self.agreement
        return rules.elapsed(row.starts_on, row.ends_on, self.on) if row is not None else 0

    @property
    def agreed_fen(self) -> int:
        """What is agreed."""
        return self.agreement.amount_fen if self.agreement is not None else 0

    @property
    def spent_percent(self) -> int | None:
        """The whole percent of the grant that vouchers show."""
        return rules.rate(self.spent_fen, self.agreed_fen)

    @property
    def handed(self) -> int:
        """How many months were handed in."""
        return sum(1 for month in self.months if month.standing == MonthStanding.HANDED)

    @property
    def late_months(self) -> list[Month]:
        """Months whose log is overdue."""
        return [month for month in self.months if month.standing == MonthStanding.OVERDUE]


def started(project: Project) -> bool:
    """Whether the project runs or has run."""
    return ProjectState(project.state) in _STARTED


def at_work(project: Project) -> bool:
    """Whether work is recorded now."""
    return ProjectState(project.state) in AT_WORK


def agreement_of(project: Project) -> Agreement | None:
    """The agreement under which the project runs."""
    return Agreement.objects.filter(project=project).exclude(state=AgreementState.CANCELLED.value).first()


def of(project: Project, on: date) -> Standing:
    """How one project stands."""
    return standings([project], on)[project.pk]


def standings(projects: Sequence[Project], on: date) -> dict[int, Standing]:
    """How projects stand, by key: the same number of statements however many there are. Needs `round` on each."""
    found = {row.pk: Standing(row, on) for row in projects}
    keys = list(found)
    done = Sum("contributions__count", filter=Q(contributions__record__voided_at__isnull=True), default=0)
    for indicator in Indicator.objects.filter(project__in=keys).annotate(done=done).order_by("position", "pk"):
        found[indicator.project_id].progress.append(Progress(indicator, indicator.done))
    counts: dict[tuple[int, date], list[int]] = {}
    for row in _records(keys):
        one = found[row["project"]]
        one.records += row["n"]
        one.served += row["served_sum"]
        one.volunteers += row["volunteers_sum"]
        one.last_on = max(one.last_on or row["last"], row["last"])
        pair = counts.setdefault((row["project"], date(row["held_on__year"], row["held_on__month"], 1)), [0, 0])
        pair[0] += row["n"]
        pair[1] += row["served_sum"]
    spent = Expense.objects.filter(_LIVING, agreement__project__in=keys).order_by().values("agreement__project")
    for paid in spent.annotate(fen=Sum("grant_fen", default=0)):
        found[paid["agreement__project"]].spent_fen = paid["fen"]
    return _papers(found, counts)


def owed(projects: Sequence[Project], on: date) -> dict[int, Standing]:
    """The same without figures of work and money: only months and reports, in three statements."""
    return _papers({row.pk: Standing(row, on) for row in projects}, {})


def _papers(found: dict[int, Standing], counts: dict[tuple[int, date], list[int]]) -> dict[int, Standing]:
    """Add the agreements, months and reports, what is due and what is late."""
    keys = list(found)
    for agreement in Agreement.objects.filter(project__in=keys).exclude(state=AgreementState.CANCELLED.value):
        found[agreement.project_id].agreement = agreement
    logs = {(log.project_id, log.month): log for log in MonthlyLog.objects.filter(project__in=keys)}
    for report in ProjectReport.objects.filter(project__in=keys).order_by("number"):
        found[report.project_id].reports[report.kind] = report
    held: dict[int, Limits] = {}
    for one in found.values():
        figures = held.get(one.project.round_id) or held.setdefault(
            one.project.round_id, limits.limits_of(one.project.round)
        )
        one.months = _months(one, figures, logs, counts)
        one.due = _due(one, figures)
        one.overdue = _overdue(one)
    return found


def _records(keys: list[int]) -> Iterable[Any]:
    rows = WorkRecord.objects.living().filter(project__in=keys).order_by()
    return rows.values("project", "held_on__year", "held_on__month").annotate(
        n=Count("pk"), served_sum=Sum("served", default=0), volunteers_sum=Sum("volunteers", default=0),
        last=Max("held_on"),
    )  # fmt: skip


def _months(
    one: Standing, held: Limits, logs: dict[tuple[int, date], MonthlyLog], counts: dict[tuple[int, date], list[int]]
) -> list[Month]:
    """The months from the beginning to the end or the day, newest first; none where a place wants no logs."""
    row, due_day = one.agreement, held.get("gv.month.due_day")
    if row is None or row.started_on is None or due_day is None:
        return []
    first, last = max(row.starts_on, row.started_on), min(row.ends_on, one.on)
    owes = ProjectState(one.project.state) in OWING
    made = []
    for month in rules.months(first, last) if first <= last else ():
        log = logs.get((one.project.pk, month))
        due_on = log.due_on if log is not None else rules.month_due(month, due_day)
        state = log.state if log is not None else ""
        standing = rules.standing(month, due_on, state, one.on if owes else min(one.on, due_on))
        records, served = counts.get((one.project.pk, month), (0, 0))
        made.append(Month(month, due_on, standing, log, records, served))
    return made[::-1]


def _due(one: Standing, held: Limits) -> dict[str, date]:
    """By when each report is owed, by the place's rules."""
    row = one.agreement
    if row is None:
        return {}
    _early, late = held["gv.mid.window"]
    return {
        ReportKind.MID: day_of(row.starts_on, row.ends_on, late),
        ReportKind.FINAL: row.ends_on + timedelta(held["gv.final.days"]),
    }


def _overdue(one: Standing) -> list[str]:
    """Kinds of papers that the project owes past their day, in the order of `Overdue`."""
    if one.agreement is None or ProjectState(one.project.state) not in OWING:
        return []
    found = [str(Overdue.MONTH)] if one.late_months else []
    for kind in (ReportKind.MID, ReportKind.FINAL):
        report = one.reports.get(kind)
        state, again = (report.state, _again(one, kind)) if report is not None else ("", None)
        if rules.report_late(state, one.due.get(kind), again, one.on):
            found.append(str(kind))
    return found


def _again(one: Standing, kind: str) -> date | None:
    """The deadline that a return gave, which holds for the attempt after it, too."""
    report = one.reports[kind]
    return report.again_by or report.due_on


def overdue_count(project: Project, on: date) -> int:
    """How many papers are overdue that hold back an instalment (GV-PAY-03): logs by month, reports by kind."""
    one = of(project, on)
    kinds = limits.limits_of(project.round).get("gv.overdue.kinds") or ()
    return sum(len(one.late_months) if kind == Overdue.MONTH else 1 for kind in one.overdue if kind in kinds)


def pledges(project: Project) -> list[tuple[Pledge, list[WorkRecord]]]:
    """The red elements with the dated records that tick each off."""
    rows = list(project.pledges.all())
    by: dict[int, list[WorkRecord]] = {row.pk: [] for row in rows}
    for record in WorkRecord.objects.living().filter(pledge__in=rows).order_by("held_on", "pk"):
        by[record.pledge_id or 0].append(record)
    return [(row, by[row.pk]) for row in rows]
