"""The money of projects as their pages show it: one agreement read whole, all own projects in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from liaoyuan.core import access
from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.awards import Turn, Waiting
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Agreement, AwardLine, PoolEntry, Project, Tranche
from liaoyuan.funding.queries import money, where

#: From here on money is promised to a project.
PROMISED = frozenset({
    ProjectState.APPROVED, ProjectState.SIGNED, ProjectState.RUNNING, ProjectState.AMENDING, ProjectState.MID_CHECK,
    ProjectState.RECTIFYING, ProjectState.FINAL_CHECK, ProjectState.ACCEPTED, ProjectState.FAILED,
    ProjectState.TERMINATED, ProjectState.RECOVERING, ProjectState.ARCHIVED,
})  # fmt: skip
#: From here on there is a signed agreement.
AGREED = PROMISED - {ProjectState.APPROVED}
#: How many own projects the summary tells of.
MOST = 12


def whole(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Agreements with all that their instalments show."""
    tranches = Tranche.objects.select_related("batch", "sheet", "prepared_by", "approved_by", "paid_by", "voucher")
    return rows.select_related(
        "project__round__programme__area", "project__organization", "project__sponsor"
    ).prefetch_related("conditions", Prefetch("tranches", tranches))  # fmt: skip


def of_project(project: Project) -> Agreement | None:
    """The living agreement of a project, read whole; None before there is one."""
    return whole(Agreement.objects.living().filter(project=project)).first()


@dataclass(frozen=True, slots=True)
class Line:
    """One own project in the summary."""

    project: Project
    where: where.Where


def own(user: Any, on: date) -> list[Line]:
    """Where the money of all own projects is, those that wait first; a fixed number of statements."""
    keys = access.reach(user, Permission.OWN_VIEW).organizations
    if not keys:
        return []
    states = [str(state) for state in PROMISED - {ProjectState.ARCHIVED}]
    rows = Project.objects.filter(Q(organization__in=keys) | Q(sponsor__in=keys), state__in=states)
    projects = list(rows.select_related("round").order_by("-pk")[:MOST])
    if not projects:
        return []
    held = {row.project_id: row for row in whole(Agreement.objects.living().filter(project__in=projects))}
    sums = money.of_agreements(held.values())
    lines = _approved([row for row in projects if row.pk not in held])
    found = [
        Line(row, where.of_agreement(held[row.pk], on, sums[held[row.pk].pk]) if row.pk in held else lines[row.pk])
        for row in projects if row.pk in held or row.pk in lines
    ]  # fmt: skip
    return sorted(found, key=lambda line: line.where.turn == Turn.NOBODY)


def _approved(projects: Sequence[Project]) -> dict[int, where.Where]:
    """Of projects that wait for their agreement."""
    if not projects:
        return {}
    rows = AwardLine.objects.living().filter(project__in=projects, approved_at__isnull=False).order_by("pk")
    return {
        row.project_id: where.Where(
            row.approved_fen or 0, 0, 0, row.approved_fen or 0, None, 0, Waiting.AGREEMENT, Turn.ORGANIZER,
            localdate(row.approved_at) if row.approved_at is not None else None,
        )
        for row in rows
    }  # fmt: skip


def entries(agreement: Agreement) -> list[PoolEntry]:
    """The lines of the ledger about an agreement, in their order."""
    return list(agreement.entries.select_related("pool", "entered_by").order_by("pk"))
