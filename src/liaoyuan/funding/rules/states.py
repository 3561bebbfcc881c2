"""Moves of a project by the table of `choices.states`: which are lawful, for whom, what they still need."""

from collections.abc import Collection, Iterator
from typing import Any

from liaoyuan.funding.choices.states import (
    ACTOR_TITLES,
    ENDS,
    MOVE_TITLES,
    MOVES,
    PROJECT_STATE_TITLES,
    REQUIREMENT_TITLES,
    Actor,
    Move,
    ProjectState,
    Requirement,
)
from liaoyuan.funding.params.moving import MOVE_MESSAGES
from liaoyuan.kit.findings import Finding, Severity


def _refusal(variant: str, **args: Any) -> Finding:
    return Finding(code="MOVE", severity=Severity.BLOCK, message=MOVE_MESSAGES[f"MOVE.{variant}"], args=args)


def moves_from(state: ProjectState, who: Collection[Actor] = tuple(Actor)) -> list[Move]:
    """The moves that lead on from a state for somebody who acts as `who`, in the order of the table."""
    return [move for move in MOVES.values() if state in move.source and not set(move.who).isdisjoint(who)]


def may(code: str, state: ProjectState, who: Collection[Actor], met: Collection[Requirement]) -> list[Finding]:
    """What forbids a move: the state, the person, or what it still needs. Nothing when it is lawful."""
    move = MOVES.get(code)
    if move is None:
        return [_refusal("unknown")]
    title, named = MOVE_TITLES[code], PROJECT_STATE_TITLES[state]
    if state not in move.source:
        others = "、".join(MOVE_TITLES[other.code] for other in moves_from(state))
        if state in ENDS or not others:
            return [_refusal("end", state=named, move=title)]
        return [_refusal("state", state=named, move=title, moves=others)]
    found = []
    if set(move.who).isdisjoint(who):
        found.append(_refusal("who", move=title, who="、".join(ACTOR_TITLES[actor] for actor in move.who)))
    missing = [REQUIREMENT_TITLES[need] for need in move.needs if need not in met]
    if missing:
        found.append(_refusal("needs", move=title, needs="、".join(missing)))
    return found


def target(code: str) -> ProjectState:
    """Where a move leads. Raises KeyError for an unknown one."""
    return MOVES[code].target


def paths(state: ProjectState = ProjectState.DRAFT) -> Iterator[ProjectState]:
    """Every state that can be reached from one, itself included, each once."""
    waiting, seen = [state], {state}
    while waiting:
        here = waiting.pop()
        yield here
        for move in moves_from(here):
            if move.target not in seen:
                seen.add(move.target)
                waiting.append(move.target)
