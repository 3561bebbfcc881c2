"""The demo's running projects: work, logs, reports with their sheets, what ends well and what does not."""

from collections.abc import Sequence
from datetime import datetime

from liaoyuan.core.actions import files
from liaoyuan.core.clock import localdate
from liaoyuan.core.queries import files as file_queries
from liaoyuan.funding.actions import archiving, assessing, months, reports, work
from liaoyuan.funding.actions.demo_applying import again
from liaoyuan.funding.actions.demo_cast import EVALUATOR, HEAD, HOST, MANAGER, OFFICE, Cast
from liaoyuan.funding.actions.demo_words import BY_TITLE
from liaoyuan.funding.models import Project, ProjectReport
from liaoyuan.funding.queries import archive, running
from liaoyuan.funding.queries import reports as reading

_TOLD = "项目负责人电话报送"
#: Shares of the full points (percent) that the evaluator gives in the middle and at the end.
_SHARES = {"mid": 84, "final": 93}
_TEXTS = {
    "changes": "服务对象由社区推荐逐户确认，参加活动的人数稳定；志愿者从 12 名增加到 27 名，其中党员 9 名。",
    "problems": "雨季户外活动两次改期，已改为室内并补做；个别老人听不清通知，改为楼组长上门告知。",
    "ahead": "余下的指标按月分解，每月 5 日核对签到表；宣传单改为手册，费用在预算内调剂。",
    "lasting": "服务点移交社区继续开放，志愿者队伍由社区登记管理。",
}  # fmt: skip


def worked(cast: Cast, row: Project, days: Sequence[int], *, own: bool, percent: int = 100) -> None:
    """Records of work, one on each of the days before today, that bring the indicators to so much of their targets."""
    row = again(row)
    works, indicators = BY_TITLE[row.title].works, list(row.indicators.order_by("position"))
    pledges = list(row.pledges.order_by("position"))
    held = running.agreement_of(row)
    place = held.places[0] if held is not None and held.places else "社区活动室"
    share = max(3, indicators[0].target * percent // 100 // max(1, len(days)))
    before = row.records.count()
    for number, day in enumerate(days, before):
        served = share + number % 5 - 2
        title = works[number % len(works)]
        values = {
            "held_on": cast.on(day), "place": place, "title": f"{title}（第 {number + 1} 次）", "served": served,
            "content": f"{title}按计划开展，到场 {served} 人次，现场登记需求并回访上次反映的问题。",
            "persons": served * 3 // 4, "volunteers": 4 + number % 4,
            "pledge": pledges[number % 2].pk if number % 6 < 2 else None,
        }  # fmt: skip
        work.enter(
            project=row, values=values, counts={indicators[0].pk: served, indicators[1].pk: 1 + number % 2},
            on_behalf="" if own else _TOLD, by=cast[MANAGER if own else OFFICE], at=cast.at(day, 17),
        )  # fmt: skip


def logged(cast: Cast, row: Project, at: datetime, *, own: bool, but: int = 0) -> None:
    """Hand in the logs that are due on the day, but for the latest `but` of them."""
    due = [month for month in running.of(again(row), localdate(at)).months if month.due_on < localdate(at)]
    for month in sorted((one for one in due[but:] if one.log is None), key=lambda one: one.first):
        months.hand_in(
            project=again(row), month=month.first, note="按计划开展，签到表齐全。", confirmed=True,
            on_behalf="" if own else _TOLD, by=cast[MANAGER if own else OFFICE], at=at,
        )  # fmt: skip


def reported(cast: Cast, row: Project, kind: str, days: int, *, own: bool) -> ProjectReport:
    """Hand a report in."""
    at, row = cast.at(days, 11), again(row)
    values = {**_TEXTS, "asked": 46, "satisfaction": 9_420} if kind == "final" else _TEXTS
    by = cast[(HEAD if kind == "final" else MANAGER) if own else OFFICE]
    return reports.hand_in(project=row, kind=kind, values=values, on_behalf="" if own else _TOLD, by=by, at=at)


def assessed(cast: Cast, report: ProjectReport, days: int) -> None:
    """The evaluator signs his sheet; of a final report he finds the cost as the vouchers show it."""
    share = _SHARES[report.kind]
    held = reading.items(report.project)
    settled = {line[0]: line[3] for line in report.figures["money"] if line[3]} if report.kind == "final" else {}
    assessing.sign(
        report=report, points={item: most * share for item, most in held.items()}, settled=settled,
        opinion="现场核对签到表、照片和凭证，服务真实，指标和支出与进度相符。",
        reason="个别指标按服务对象实际情况调整，已说明。", by=cast[EVALUATOR], at=cast.at(days, 16),
    )  # fmt: skip


def _report(row: Project, kind: str) -> ProjectReport:
    return ProjectReport.objects.select_related("project__round__programme__area").get(project=row, kind=kind)


def passed_mid(cast: Cast, row: Project, days: int) -> None:
    """The evaluator passes the mid check on his sheet."""
    reports.pass_(report=_report(row, "mid"), by=cast[EVALUATOR], at=cast.at(days, 15))


def accepted(cast: Cast, row: Project, days: int) -> None:
    """The host accepts the final report."""
    reports.close(report=_report(row, "final"), by=cast[HOST], at=cast.at(days, 15))


def archived(cast: Cast, row: Project, days: int) -> None:
    """Attach what the archive lacks and close it."""
    at, office = cast.at(days, 15), cast[OFFICE]
    place = file_queries.place_of(office, "project", str(row.pk))
    purpose = file_queries.purpose_for("project", "")
    if place is None or purpose is None:
        raise ValueError("the office attaches papers to projects")
    for title in archive.of(again(row)).missing:
        text = f"{title}（演示）：已在社区公示栏和网站公开。".encode()
        taken = files.take_in(place=place, purpose=purpose, name=f"{title}.txt", chunks=[text], by=office, at=at)
        files.attach(place=place, purpose=purpose, paper=title, taken=taken, by=office, at=at)
    archiving.close(project=again(row), by=office, at=at)
