"""Running projects that the house walks through: records, logs, reports, visits, audits, sanctions, commendations."""

from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.models import User
from liaoyuan.funding.models import (
    Agreement,
    Assessment,
    AwardLine,
    AwardList,
    Commendation,
    Contribution,
    GrantVisit,
    Indicator,
    MonthlyLog,
    Pledge,
    Project,
    ProjectAudit,
    ProjectReport,
    ProjectSanction,
    RecordVersion,
    Round,
    VisitSample,
    WorkRecord,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT

DAY = timedelta(1)
_FIGURES = {
    "on": AT.date().isoformat(), "indicators": [["演示指标", "次", 10, 3, 30]], "rate": 30, "elapsed": 50, "records": 1,
    "served": 3, "volunteers": 0, "months": [0, 1], "activities": [[AT.date().isoformat(), "演示", "演示", 3, 0]],
    "pledges": [["演示", []]], "money": [["B01", 100, 100, 50, 50]], "agreed_fen": 100, "spent_grant_fen": 50,
}  # fmt: skip
_LOG = {"records": 1, "served": 3, "volunteers": 0, "counts": [["演示指标", "次", 3]], "spent_fen": 0, "granted_fen": 0}


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization]) -> None:
    """A running project of the body inside, of the next street and of the next district, with a row of each kind."""
    opened, away = (Round.objects.get(pk=keys[name]) for name in ("round_open", "round_open_outside"))
    for suffix, round_, body in (
        ("", opened, "inside"),
        ("_next", opened, "next_street"),
        ("_outside", away, "outside"),
    ):
        row = project(round_, bodies[body], f"演示实施{suffix}", f"实{suffix}")
        keys[f"project_run{suffix}"] = row.pk
        for name, made in rows(row, round_, 1).items():
            keys[f"{name}{suffix}"] = made.pk
    keys["run_month"] = f"{clock.today() - 40 * DAY:%Y-%m}"
    keys["run_indicator"] = Indicator.objects.get(project=keys["project_run"]).pk


def project(round_: Round, body: Organization, title: str, number: str, state: str = "running") -> Project:
    """A project whose agreement runs since two months."""
    today = clock.today()
    first, last = today - 60 * DAY, today + 200 * DAY
    row = Project.objects.create(
        round=round_, organization=body, title=title, number=number, state=state, starts_on=first, ends_on=last,
        created_at=AT, submitted_at=AT,
    )  # fmt: skip
    listed = AwardList.objects.create(
        round=round_, title="演示名单", receiver="演示", days=5, unit="workday", created_at=AT
    )
    line = AwardLine.objects.create(
        award_list=listed, position=1, project=row, organization=body, number=number, project_title=title,
        body_name="演示", amount_fen=100,
    )  # fmt: skip
    Agreement.objects.create(
        project=row, award=line, organization=body, body_name="演示", state="signed", amount_fen=100, starts_on=first,
        ends_on=last, account_name="演示", account_bank="演示", account_number="", account_tail="", signed_on=first,
        started_on=first, drafted_at=AT, signed_at=AT,
    )  # fmt: skip
    Indicator.objects.create(project=row, position=1, title="演示指标", unit="次", target=10)
    Pledge.objects.create(project=row, position=1, kind="service", title="演示承诺")
    return row


def record(row: Project, number: int) -> WorkRecord:
    """A record of work that counts towards an indicator and was corrected once."""
    made = WorkRecord.objects.create(
        project=row, number=number, held_on=clock.today() - 40 * DAY, place="演示", title=f"演示记录{number}", served=3,
        entered_at=AT,
    )  # fmt: skip
    Contribution.objects.create(record=made, indicator=row.indicators.first(), count=1)
    content = {"held_on": AT.date().isoformat(), "place": "演示", "title": "演示", "served": 1}
    RecordVersion.objects.create(record=made, number=1, content=content, reason="演示", made_at=AT)
    return made


def rows(row: Project, round_: Round, number: int) -> dict[str, Any]:
    """One row of each kind of the project."""
    today = clock.today()
    month = (today - 40 * DAY).replace(day=1)
    mid = ProjectReport.objects.create(project=row, kind="mid", state="handed", figures=_FIGURES, begun_at=AT,
                                       handed_at=AT, number=number)  # fmt: skip
    final = ProjectReport.objects.create(project=row, kind="final", state="handed", figures=_FIGURES, begun_at=AT,
                                         handed_at=AT, number=number)  # fmt: skip
    Assessment.objects.create(report=final, points={"progress": 3000}, total=9000, grade="excellent", opinion="演示",
                              signed_at=AT)  # fmt: skip
    sample = VisitSample.objects.create(
        round=round_, number=round_.samples.count() + 1, kind="random", seed="a", size=1, population=[row.pk],
        drawn_at=AT,
    )  # fmt: skip
    visit = {"project": row, "kind": "random", "sample": sample, "planned_at": AT}
    ban = {"banned_from": today, "banned_until": today + 900 * DAY}
    sanction = {"project": row, "grounds": ["breach"], "measures": ["ban"], "found_on": today, "facts": "演示",
                "reply_by": today + 5 * DAY, "proposed_at": AT}  # fmt: skip
    return {
        "work_record": record(row, number),
        "month_log": MonthlyLog.objects.create(project=row, month=month, due_on=today, figures=_LOG, handed_at=AT),
        "report_mid": mid,
        "report_final": final,
        "visit_sample": sample,
        "visit_planned": GrantVisit.objects.create(**visit),
        "visit_recorded": GrantVisit.objects.create(**visit, state="recorded", visited_on=today, faults="演示",
                                                    reply_by=today + 5 * DAY, recorded_at=AT),
        "sanction": ProjectSanction.objects.create(**sanction),
        "sanction_decided": ProjectSanction.objects.create(**sanction, **ban, state="decided", decided_at=AT),
        "audit": ProjectAudit.objects.create(project=row, auditor="演示所", reported_on=today, conclusion="clean",
                                             entered_at=AT),
        "commendation": Commendation.objects.create(project=row, title=f"演示{number}", reason="演示", given_on=today,
                                                    entered_at=AT),
    }  # fmt: skip
