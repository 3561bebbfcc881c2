"""Rounds and applications as the interface tells them: the same rows and findings as on the pages."""

from datetime import date
from typing import Any

from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import bodies, contents, figures
from liaoyuan.funding.queries import projects as queries


def round_(row: Any, on: date) -> dict[str, Any]:
    """A round out of `queries.rounds.listed`."""
    return {
        "id": row.pk, "title": row.title, "year": row.year, "area": row.programme.area.code, "phase": row.phase(on),
        "imported": row.imported, "practice": row.practice, "opens_on": row.opens_on, "closes_on": row.closes_on,
        "runs_from": row.runs_from, "runs_to": row.runs_to, "applied": row.applied, "ceiling_fen": row.ceiling_fen,
    }  # fmt: skip


def judged_by(row: Round) -> list[dict[str, Any]]:
    """The figures of a round."""
    return [
        {"key": one.key, "title": one.title, "value": one.value, "draft": one.draft, "source": one.source}
        for one in figures.of_round(row)
    ]


def line(row: Any, name: str | None) -> dict[str, Any]:
    """An application in a list."""
    return {
        "id": row.pk, "round": row.round_id, "organization": row.organization_id, "organization_name": name,
        "number": row.number, "title": row.title, "state": row.state, "field": row.field, "total_fen": row.total_fen,
        "grant_fen": row.grant_fen, "own_fen": row.own_fen, "submitted_at": row.submitted_at,
    }  # fmt: skip


def detail(user: Any, pk: int, on: date) -> dict[str, Any] | None:
    """A whole application within sight."""
    rows = Project.objects.visible_to(user).select_related("round__programme__area", "organization", "sponsor", "area")
    row = rows.filter(pk=pk).first()
    if row is None:
        return None
    missing, says = queries.told(row, on) if queries.may_write(user, row) else ([], [])
    name = bodies.names([row.organization_id]).get(row.organization_id)
    return {
        **line(row, name), "version": row.version, "base_fen": row.base_fen, "pay_fen": row.pay_fen,
        "certified": row.certified_version == row.version, "content": contents.content(contents.whole(row)),
        "missing": [finding.as_dict() for finding in missing], "findings": [finding.as_dict() for finding in says],
    }  # fmt: skip
