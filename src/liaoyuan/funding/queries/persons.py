"""One person's time over all projects: who is above the limit, when, and in which projects (GV-BUD-09)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from liaoyuan.funding.models import Project, TeamMember
from liaoyuan.funding.queries.facts import BINDING

#: The whole of a person's working time, in percent.
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A person's part in one project: how much of his time, from the first to the last day."""

    project: Project
    role: str
    percent: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Load:
    """A person whose time adds up to more than the limit. `peak` percent are reached from `first` to `last`.

    Without `person` it is somebody whom one body names alike in several teams: he may be two.
    """

    person: int | None
    name: str
    peak: int
    first: date
    last: date
    parts: tuple[Part, ...]


def _peak(parts: Iterable[Part]) -> tuple[int, date, date]:
    """The highest sum on any day, and the first stretch of days on which it stands."""
    changes: dict[date, int] = defaultdict(int)
    for part in parts:
        changes[part.first] += part.percent
        changes[part.last + timedelta(1)] -= part.percent
    days, held, sums = sorted(changes), 0, []
    for day in days:
        held += changes[day]
        sums.append(held)
    peak = max(sums)
    place = sums.index(peak)
    end = place + 1
    while sums[end] == peak:
        end += 1
    return peak, days[place], days[end] - timedelta(1)


def over(user: Any, *, most: int = WHOLE, projects: Iterable[int] | None = None) -> list[Load]:
    """Who is above `most` percent on some day, the highest first, over projects that bind and that the user sees.

    `projects` narrows it to persons of these; their parts elsewhere are added all the same. A part without days counts
    nowhere: handing in asks for them.
    """
    rows = TeamMember.objects.filter(
        project__in=Project.objects.visible_to(user),
        project__state__in=sorted(str(state) for state in BINDING),
        project__round__practice=False,
        project__starts_on__isnull=False,
        project__ends_on__isnull=False,
        percent__gt=0,
    ).select_related("project__round", "project__organization")
    groups: dict[tuple[Any, ...], list[TeamMember]] = defaultdict(list)
    for row in rows.order_by("project", "position", "pk"):
        key = ("person", row.person_id) if row.person_id else ("name", row.project.organization_id, row.name)
        groups[key].append(row)
    wanted = None if projects is None else set(projects)
    found = []
    for key, members in groups.items():
        if sum(member.percent for member in members) <= most:
            continue
        if wanted is not None and wanted.isdisjoint(member.project_id for member in members):
            continue
        parts = tuple(_part(member) for member in members)
        peak, first, last = _peak(parts)
        if peak > most:
            found.append(Load(key[1] if key[0] == "person" else None, members[0].name, peak, first, last, parts))
    return sorted(found, key=lambda load: (-load.peak, load.name, load.person or 0))


def _part(member: TeamMember) -> Part:
    first, last = member.project.starts_on, member.project.ends_on
    if first is None or last is None:
        raise ValueError("项目没有起止日期。")
    return Part(member.project, member.role, member.percent, first, last)
