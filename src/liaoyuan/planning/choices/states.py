"""States of a plan and its lawful moves: from, to, who, what each needs. No Django."""

from enum import StrEnum
from typing import NamedTuple

from liaoyuan.planning.choices.codes import Permission


class PlanState(StrEnum):
    """How far a plan is. `superseded`: a later one stands in its place; `failed`: it could not be computed."""

    SOLVING = "solving"
    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    EXECUTED = "executed"
    SUPERSEDED = "superseded"
    FAILED = "failed"


STATE_TITLES: dict[str, str] = {
    PlanState.SOLVING: "正在计算",
    PlanState.DRAFT: "草案",
    PlanState.REVIEWED: "已审核",
    PlanState.APPROVED: "已批准",
    PlanState.EXECUTED: "已实施",
    PlanState.SUPERSEDED: "已被替代",
    PlanState.FAILED: "没有算成",
}
#: Whose groups may still be bent, and whose may be accepted.
BENDABLE = (PlanState.DRAFT, PlanState.REVIEWED)
#: Plans that stand: a later one of the same scenario takes the place of the first two.
STANDING = (*BENDABLE, PlanState.APPROVED)


class Requirement(StrEnum):
    """What a move needs beside the right person and the right state."""

    CHECKED = "checked"
    SECOND_PERSON = "second_person"
    REASON = "reason"
    ALL_FOUNDED = "all_founded"
    NONE_ACCEPTED = "none_accepted"


REQUIREMENT_TITLES: dict[str, str] = {
    Requirement.CHECKED: "核对程序通过",
    Requirement.SECOND_PERSON: "不是编制人，也不是审核人",
    Requirement.REASON: "书面理由",
    Requirement.ALL_FOUNDED: "采纳的各组都已成立或不再办理",
    Requirement.NONE_ACCEPTED: "还没有采纳任何一组",
}


class Move(NamedTuple):
    """One lawful move."""

    code: str
    source: tuple[PlanState, ...]
    target: PlanState
    who: Permission
    needs: tuple[Requirement, ...] = ()


MOVES: dict[str, Move] = {
    move.code: move
    for move in (
        Move("review", (PlanState.DRAFT,), PlanState.REVIEWED, Permission.EDIT, (Requirement.CHECKED,)),
        Move(
            "return", (PlanState.REVIEWED, PlanState.APPROVED), PlanState.DRAFT, Permission.APPROVE,
            (Requirement.REASON, Requirement.NONE_ACCEPTED),
        ),
        Move(
            "approve", (PlanState.REVIEWED,), PlanState.APPROVED, Permission.APPROVE,
            (Requirement.CHECKED, Requirement.SECOND_PERSON),
        ),
        Move("execute", (PlanState.APPROVED,), PlanState.EXECUTED, Permission.EDIT, (Requirement.ALL_FOUNDED,)),
    )
}  # fmt: skip
MOVE_TITLES: dict[str, str] = {"review": "审核通过", "return": "退回修改", "approve": "批准", "execute": "办结"}
