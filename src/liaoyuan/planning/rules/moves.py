"""Whether a plan may be moved on: state, second person, reason, checked, what was accepted is founded."""

from collections.abc import Mapping
from dataclasses import dataclass

from liaoyuan.planning.choices.states import MOVES, PlanState, Requirement

#: Requirement → the sentence that says it is missing.
MISSING_MESSAGES: dict[str, str] = {
    "STATE": "方案现在的状态不能这样办理。",
    Requirement.CHECKED: "核对程序没有通过，请重新编组。",
    Requirement.SECOND_PERSON: "编制人、审核人不能批准自己的方案，请另一名负责人批准。",
    Requirement.REASON: "请写明理由。",
    Requirement.ALL_FOUNDED: "采纳的组还没有都成立，不能办结。",
    Requirement.NONE_ACCEPTED: "已经采纳了一些组或指导员，不能退回；其余的可以另建一个编组。",
}


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """A plan before a move. `same_person`: who moves it also made or reviewed it. `waiting`: accepted, not founded."""

    state: str
    checked: bool
    same_person: bool
    reason: str
    accepted: int
    waiting: int


def missing(code: str, facts: MoveFacts) -> str:
    """The first thing that keeps the plan from the move, as a key of `MISSING_MESSAGES`; empty when nothing does."""
    move = MOVES[code]
    if PlanState(facts.state) not in move.source:
        return "STATE"
    held: Mapping[Requirement, bool] = {
        Requirement.CHECKED: facts.checked,
        Requirement.SECOND_PERSON: not facts.same_person,
        Requirement.REASON: bool(facts.reason.strip()),
        Requirement.ALL_FOUNDED: facts.accepted > 0 and not facts.waiting,
        Requirement.NONE_ACCEPTED: not facts.accepted,
    }
    return next((str(need) for need in move.needs if not held[need]), "")
