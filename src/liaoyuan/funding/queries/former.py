"""What a body's other projects mean for its application: money for the same, a win before, overdue, failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from liaoyuan.funding.choices.states import LIVE, ProjectState
from liaoyuan.funding.models import Project
from liaoyuan.funding.queries.doubles import Double
from liaoyuan.kit.findings import Limits

#: States of a project to which money was promised, over or not.
FUNDED = LIVE | {
    ProjectState.ACCEPTED, ProjectState.FAILED, ProjectState.TERMINATED, ProjectState.RECOVERING, ProjectState.ARCHIVED,
}  # fmt: skip
#: From which likeness of the words two projects of one body in the same months are the same, in percent.
SAME = 80


@dataclass(frozen=True, slots=True)
class Former:
    """Names of projects by what they mean; `won` = the body won in the round before this one, None = there was none."""

    same: tuple[str, ...]
    overdue: tuple[str, ...]
    failed: tuple[str, ...]
    won: bool | None


def _named(projects: Iterable[Project]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{project.title}（{project.round.year}）" for project in projects))


def of(project: Project, on: date, held: Limits, doubles: Iterable[Double]) -> Former:
    """What is known on the day of the body's other projects; `doubles` are those like this one."""
    rows = Project.objects.of_body(project.organization).exclude(pk=project.pk)
    rows = rows.filter(round__practice=False, state__in=FUNDED)
    own = list(rows.select_related("round").only("title", "state", "ends_on", "round__year").order_by("pk"))
    days = held.get("gv.final.days") or 0
    due = on - timedelta(days)
    before = _round_before(project)
    return Former(
        same=_named(double.project for double in doubles if _same(project, double)),
        overdue=_named(one for one in own if one.state in LIVE and one.ends_on is not None and one.ends_on < due),
        failed=_named(one for one in own if one.state == ProjectState.FAILED),
        won=None if before is None else any(one.round_id == before for one in own),
    )


def _same(project: Project, double: Double) -> bool:
    """Money was promised to the same body for the same words in the same months."""
    other = double.project
    if not double.same_body or other.state not in FUNDED or double.text_percent < SAME:
        return False
    days = (project.starts_on, project.ends_on, other.starts_on, other.ends_on)
    if None in days:
        return True
    return bool(project.starts_on <= other.ends_on and other.starts_on <= project.ends_on)  # type: ignore[operator]


def _round_before(project: Project) -> int | None:
    """The round of the programme before this one."""
    rows = project.round.programme.rounds.filter(year__lt=project.round.year, practice=False, opened_at__isnull=False)
    return rows.order_by("-year", "-pk").values_list("pk", flat=True).first()
