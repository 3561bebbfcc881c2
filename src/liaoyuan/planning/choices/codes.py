"""Permission and event codes of the planning floor. No Django here."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the planning floor. Plans tell numbers of members by body: who views them sees the roster, too."""

    VIEW = "planning.view"
    EDIT = "planning.edit"
    APPROVE = "planning.approve"


class Event(StrEnum):
    """Event codes of the planning floor."""

    SCENARIO_OPENED = "planning.opened"
    PLAN_ASKED = "planning.asked"
    PLAN_MADE = "planning.made"
    CORE_MADE = "planning.core_made"
    PLAN_MOVED = "planning.moved"
    LOCKED = "planning.locked"
    UNLOCKED = "planning.unlocked"
    GROUP_ACCEPTED = "planning.group_accepted"
    UNIT_ACCEPTED = "planning.unit_accepted"
    PROPOSAL_ASKED = "planning.proposal_asked"
    PROPOSAL_MADE = "planning.proposal_made"
    PINNED = "planning.pinned"
    UNPINNED = "planning.unpinned"
    LINE_ACCEPTED = "planning.line_accepted"


EVENT_TITLES: dict[str, str] = {
    Event.SCENARIO_OPENED: "建立编组设想",
    Event.PLAN_ASKED: "要求编组",
    Event.PLAN_MADE: "编组算出",
    Event.CORE_MADE: "稳定核心算出",
    Event.PLAN_MOVED: "办理编组方案",
    Event.LOCKED: "锁定编组",
    Event.UNLOCKED: "取消锁定",
    Event.GROUP_ACCEPTED: "采纳一组，形成设立申请",
    Event.UNIT_ACCEPTED: "采纳挂靠，形成调整申请",
    Event.PROPOSAL_ASKED: "要求编排指导员",
    Event.PROPOSAL_MADE: "指导员编排算出",
    Event.PINNED: "锁定或不派指导员",
    Event.UNPINNED: "取消指导员的锁定",
    Event.LINE_ACCEPTED: "采纳指导员，形成联系关系",
}
PERMISSION_TITLES: dict[str, str] = {
    Permission.VIEW: "查看覆盖编组方案",
    Permission.EDIT: "编制、采纳覆盖编组方案",
    Permission.APPROVE: "批准覆盖编组方案",
}
