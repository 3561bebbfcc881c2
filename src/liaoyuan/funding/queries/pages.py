"""Which pages of a project a user is offered: asked by its tabs, without a statement."""

from typing import Any

from liaoyuan.core import access
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Project
from liaoyuan.funding.queries import rounds

_UNDECIDED = (ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.RETURNED, ProjectState.WITHDRAWN)


def examined_project(user: Any, row: Project) -> bool:
    """The examination: for the office once it was handed in, for the applicant once it is decided."""
    if row.number and rounds.reviews(user, row.round):
        return True
    if ProjectState(row.state) in _UNDECIDED:
        return False
    return access.covers(user, Permission.OWN_VIEW, row, write=False)
