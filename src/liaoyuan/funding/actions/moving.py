"""Moving a project on by the table of its moves: every action that changes a state goes through here."""

from collections.abc import Collection

from liaoyuan.core import access
from liaoyuan.core.access import Actor as Person
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import Actor, ProjectState, Requirement
from liaoyuan.funding.models import Project
from liaoyuan.funding.rules import states
from liaoyuan.kit.findings import refuse_if_blocked

#: Which permission over the project lets somebody act as whom.
ACTS: dict[Actor, Permission] = {
    Actor.APPLICANT: Permission.OWN_EDIT,
    Actor.HEAD: Permission.OWN_CERTIFY,
    Actor.ORGANIZER: Permission.EDIT,
    Actor.HOST: Permission.CONFIRM,
    Actor.EVALUATOR: Permission.EVALUATE,
}


def acting(by: Person, project: Project) -> list[Actor]:
    """As whom the user may move the project."""
    return [actor for actor, permission in ACTS.items() if access.covers(by, permission, project, write=True)]


def move(
    row: Project, code: str, *, by: Person, met: Collection[Requirement] = (), also: Collection[Actor] = ()
) -> None:
    """Set the state to which a move leads; refused when the table does not allow it to this person in this state.

    `met` names what the action has made sure of; `also` as whom the user acts besides, on paper of the body. Saves
    nothing.
    """
    who = {*acting(by, row), *also}
    refuse_if_blocked(states.may(code, ProjectState(row.state), who, met))
    row.state = str(states.target(code))
