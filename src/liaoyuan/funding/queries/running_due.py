"""What waits of running projects: logs, reports, replies, sheets, decisions, what is overdue; 催办 of it, too."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.registries import DueItem, DueSource, Owing, Reminder
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.running import (
    OVERDUE_TITLES,
    REPORT_TITLES,
    MonthStanding,
    ReportState,
    SanctionState,
    VisitState,
)
from liaoyuan.funding.models import Assessment, Commendation, GrantVisit, Project, ProjectReport, ProjectSanction, Round
from liaoyuan.funding.queries import running
from liaoyuan.registry.queries import reminding
from liaoyuan.registry.queries.standings import SECRET

#: Days before its last day from which a report is told of (own default).
SOON = timedelta(days=30)
_OWING = [str(state) for state in running.OWING]
_NEEDS = (MonthStanding.WAITING, MonthStanding.OVERDUE, MonthStanding.RETURNED)


def _own(user: Any, permission: Permission = Permission.OWN_EDIT) -> list[int]:
    return access.reach(user, permission).organizations


def _cut(found: list[DueItem], limit: int) -> tuple[list[DueItem], int]:
    ordered = sorted(found, key=lambda item: (item.due_on or date.max, item.title))
    return ordered[: max(0, limit)], len(found)


def _standings(user: Any, on: date) -> list[running.Standing]:
    keys = _own(user)
    if not keys:
        return []
    rows = Project.objects.filter(organization__in=keys, state__in=_OWING).select_related("round__programme__area")
    return list(running.owed(list(rows), on).values())


def papers(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Own logs of months that are over and own reports whose day is near or past."""
    found = []
    for one in _standings(user, on):
        title, pk = one.project.title, one.project.pk
        for month in one.months:
            if month.standing in _NEEDS and running.at_work(one.project):
                told = _("“{title}”{month} 月报").format(title=title, month=month.key)
                there = reverse("funding:month_page", args=[pk, month.key])
                found.append(DueItem(told, month.due_on, there, _("去交"), code="grant_month"))
        for kind, day in one.due.items():
            report = one.reports.get(kind)
            state = report.state if report is not None else ""
            if state in (ReportState.HANDED, ReportState.PASSED, ReportState.FAILED):
                continue
            last = (report.again_by or report.due_on or day) if report is not None else day
            if on >= last - SOON and running.at_work(one.project):
                told = _("“{title}”{report}").format(title=title, report=_(REPORT_TITLES[kind]))
                there = reverse("funding:report_write", args=[pk, kind])
                found.append(DueItem(told, last, there, _("去填写"), code="grant_report"))
    return _cut(found, limit)


def replies(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Faults of visits and proposed sanctions on which the own body may still be heard."""
    keys, heads = _own(user), _own(user, Permission.OWN_CERTIFY)
    found = []
    if keys:
        rows = GrantVisit.objects.filter(project__organization__in=keys, state=VisitState.RECORDED.value,
                                         replied_at__isnull=True, reply_by__gte=on)  # fmt: skip
        found += [
            DueItem(_("回复对“{title}”的督导意见").format(title=row.project.title), row.reply_by,
                    reverse("funding:visit_detail", args=[row.pk]), _("去回复"), code="grant_visit")
            for row in rows.select_related("project")
        ]  # fmt: skip
        mending = GrantVisit.objects.filter(project__organization__in=keys, state=VisitState.MENDING.value,
                                            mended_at__isnull=True)  # fmt: skip
        found += [
            DueItem(_("“{title}”的督导要求整改").format(title=row.project.title), row.mend_by,
                    reverse("funding:visit_detail", args=[row.pk]), _("去报告"), code="grant_mending")
            for row in mending.select_related("project")
        ]  # fmt: skip
    if heads:
        held = ProjectSanction.objects.filter(project__organization__in=heads, state=SanctionState.PROPOSED.value,
                                              replied_at__isnull=True, reply_by__gte=on)  # fmt: skip
        found += [
            DueItem(_("对“{title}”的处理意见，可以陈述").format(title=row.project.title), row.reply_by,
                    reverse("funding:sanction_detail", args=[row.pk]), _("去陈述"), code="grant_sanction")
            for row in held.select_related("project")
        ]  # fmt: skip
    return _cut(found, limit)


def _rounds(user: Any, permission: Permission) -> Any:
    return Round.objects.run_by(user, permission)


def sheets(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Reports that were handed in and have no sheet."""
    signed = Assessment.objects.filter(report=OuterRef("pk"), annulled_at__isnull=True)
    rows = ProjectReport.objects.filter(
        ~Exists(signed), state=ReportState.HANDED.value, project__round__in=_rounds(user, Permission.EVALUATE)
    ).select_related("project")  # fmt: skip
    return _cut([_report(row, _("去评估")) for row in rows], limit)


def _report(row: ProjectReport, button: str) -> DueItem:
    told = _("“{title}”{report}").format(title=row.project.title, report=_(REPORT_TITLES[row.kind]))
    return DueItem(told, None, reverse("funding:report_detail", args=[row.pk]), button, code="grant_assess")


def decisions(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Final reports with a sheet, sanctions and commendations that somebody else has proposed."""
    among = _rounds(user, Permission.CONFIRM)
    signed = Assessment.objects.filter(report=OuterRef("pk"), annulled_at__isnull=True)
    rows = ProjectReport.objects.filter(
        Exists(signed), kind="final", state=ReportState.HANDED.value, project__round__in=among
    )
    found = [_report(row, _("去结项")) for row in rows.select_related("project")]
    held = ProjectSanction.objects.filter(project__round__in=among, state=SanctionState.PROPOSED.value)
    for one in held.exclude(proposed_by=user.pk).select_related("project"):
        if one.replied_at is not None or on > one.reply_by:
            told = _("决定对“{title}”的处理").format(title=one.project.title)
            there = reverse("funding:sanction_detail", args=[one.pk])
            found.append(DueItem(told, None, there, _("去决定"), code="grant_decide"))
    given = Commendation.objects.filter(project__round__in=among, confirmed_at__isnull=True)
    found += [
        DueItem(_("确认表扬“{title}”").format(title=one.project.title), None,
                reverse("funding:project_reports", args=[one.project_id]), _("去确认"), code="grant_commend")
        for one in given.exclude(entered_by=user.pk).select_related("project")
    ]  # fmt: skip
    return _cut(found, limit)


def visits(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Visits that wait for a conclusion: the body has spoken, or its day for it is over."""
    heard = Q(state=VisitState.RECORDED.value) & (Q(replied_at__isnull=False) | Q(reply_by__lt=on))
    mended = Q(state=VisitState.MENDING.value) & (Q(mended_at__isnull=False) | Q(mend_by__lt=on))
    rows = GrantVisit.objects.filter(heard | mended, project__round__in=_rounds(user, Permission.EDIT))
    found = [
        DueItem(_("对“{title}”的督导作出结论").format(title=row.project.title), None,
                reverse("funding:visit_detail", args=[row.pk]), _("去办"), code="grant_visited")
        for row in rows.select_related("project")
    ]  # fmt: skip
    return _cut(found, limit)


def late(user: Any, on: date) -> list[running.Standing]:
    """Projects of the rounds that the user runs which owe something past its day."""
    rows = Project.objects.filter(round__in=_rounds(user, Permission.EDIT), round__practice=False, state__in=_OWING)
    told = running.owed(list(rows.select_related("round__programme__area").order_by("pk")), on)
    return [one for one in told.values() if one.overdue]


def overdue(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Rounds with projects that owe something past its day: one line a round."""
    by: dict[int, list[running.Standing]] = {}
    for one in late(user, on):
        by.setdefault(one.project.round_id, []).append(one)
    found = []
    for key, rows in by.items():
        told = _("“{title}”：{n} 个项目有材料逾期").format(title=rows[0].project.round.title, n=len(rows))
        there = f"{reverse('funding:round_running', args=[key])}?late=1"
        found.append(DueItem(told, None, there, _("去催办"), code="grant_overdue"))
    return _cut(found, limit)


SOURCES = (
    DueSource("funding.papers", "月报和项目报告", Permission.OWN_EDIT, papers),
    DueSource("funding.replies", "督导和处理的回复", Permission.OWN_EDIT, replies),
    DueSource("funding.sheets", "项目报告评估", Permission.EVALUATE, sheets),
    DueSource("funding.decisions", "结项、处理和表扬", Permission.CONFIRM, decisions),
    DueSource("funding.visits", "督导的结论", Permission.EDIT, visits),
    DueSource("funding.overdue", "项目材料逾期", Permission.EDIT, overdue),
)


def named(one: running.Standing) -> str:
    """What a project owes past its day, in words."""
    told = [
        _("{months} 月报").format(months="、".join(month.key for month in reversed(one.late_months)))
        if kind == "month" else _(OVERDUE_TITLES[kind])
        for kind in one.overdue
    ]  # fmt: skip
    return "、".join(told)


def since(one: running.Standing) -> date:
    """The earliest day that was missed."""
    days = [month.due_on for month in one.late_months]
    for kind in one.overdue:
        report = one.reports.get(kind)
        day = (report.again_by or report.due_on) if report is not None else None
        if kind in one.due:
            days.append(day or one.due[kind])
    return min(days)


def owing(user: Any, on: date, first: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Who owes logs or reports now, with the earliest day that was missed."""
    found = [one for one in late(user, on) if keys is None or str(one.project.pk) in keys]
    told = reminding.called(one.project.organization_id for one in found)
    made = [
        reminding.line(str(one.project.pk), one.project.organization_id, told[one.project.organization_id],
                       f"{one.project.title} {named(one)}", since(one))
        for one in found
        if one.project.organization_id in told and first <= since(one) <= until
    ]  # fmt: skip
    return sorted(made, key=lambda line: (line.due_on or date.max, line.name))


LEAD_TITLES = {"overdue": "下列公益创投项目的月报或报告已过期限，请尽快提交，逾期期间不拨付下一期资金："}
REMINDER = Reminder(
    "funding.overdue", "公益创投项目材料", LEAD_TITLES["overdue"], Permission.EDIT, owing, "organization.phone",
    SECRET["phone"],
)  # fmt: skip
