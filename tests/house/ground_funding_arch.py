"""Trials of parameters and projects that are over, of the district and of the next one."""

from typing import Any

from liaoyuan.core.models import Area
from liaoyuan.funding.models import ArchiveWaiver, Project, Round, Trial, TrialLine
from tests.core.factories import AT


def lay(keys: dict[str, Any], areas: dict[str, Area]) -> None:
    """A finished trial with one line in each district; a project that is over, with a paper it may do without."""
    for place, suffix, project in (("district", "", "project_next"), ("other", "_outside", "project_outside")):
        round_ = Round.objects.get(pk=keys[f"round_open{suffix}"])
        row = Project.objects.get(pk=keys[project])
        keys[f"trial{suffix}"] = trial(areas[place], round_, row).pk
        over = Project.objects.create(
            round=round_, organization=row.organization, number=f"结{round_.pk}", title=f"演示结项{suffix}",
            area=row.area,
            state="accepted", submitted_at=AT, created_at=AT,
        )  # fmt: skip
        keys[f"project_over{suffix}"] = over.pk
        keys[f"waiver{suffix}"] = ArchiveWaiver.objects.create(
            project=over, paper="中期报告", reason="项目期限不足六个月", asked_at=AT
        ).pk


def trial(area: Area, round_: Round, row: Project) -> Trial:
    """A finished trial in which one application changes."""
    made = Trial.objects.create(
        area=area, rounds=[round_.pk], values={"gv.staff.percent": 30}, note=f"演示试算{area.name}", judged=1,
        changed={"barred": 1, "freed": 0, "told": 0}, asked_at=AT, finished_at=AT,
    )  # fmt: skip
    line(made, row)
    return made


def line(held: Trial, row: Project) -> None:
    """One application that would be refused."""
    TrialLine.objects.create(
        trial=held, project=row, organization=row.organization, kind="barred", before="pass", after="block",
        codes="GV-BUD-01", grant_fen=row.grant_fen, findings=[{
            "way": "new", "code": "GV-BUD-01", "severity": "block", "message": "演示", "source": "演示",
            "figures": [["gv.staff.percent", 50, 30]],
        }],
    )  # fmt: skip
