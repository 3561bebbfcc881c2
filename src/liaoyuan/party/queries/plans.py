"""The template of a branch's yearly plan: the three duties of a social organization's branch (支部工作条例 art. 10)."""

from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.party.choices.life import Duty, MeetingKind

#: Duty → lines: month, kind of meeting, what.
PLAN_TITLES: dict[Duty, dict[tuple[int, str], str]] = {
    Duty.GUIDE: {
        (3, MeetingKind.MEMBERS): "支部党员大会：通过年度计划",
        (5, MeetingKind.THEME_DAY): "主题党日：学习社会组织管理法规，检查诚信自律情况",
        (11, MeetingKind.COMMITTEE): "听取本组织重大事项和廉洁从业情况",
    },
    Duty.UNITE: {
        (6, MeetingKind.LECTURE): "书记讲党课",
        (7, MeetingKind.THEME_DAY): "主题党日：主题教育活动，邀请职工群众参加",
        (9, MeetingKind.MEMBERS): "支部党员大会：讨论积极分子培养和职工关心的问题",
    },
    Duty.SERVE: {
        (4, MeetingKind.THEME_DAY): "主题党日：到社区开展志愿服务",
        (10, MeetingKind.THEME_DAY): "主题党日：对接社区需求，认领服务项目",
        (12, MeetingKind.LIFE): "组织生活会和民主评议党员",
    },
}


def template() -> dict[Duty, list[dict[str, Any]]]:
    """Lines under each duty, in the order of the months."""
    return {
        duty: [{"month": month, "kind": str(kind), "what": _(what), "who": ""} for (month, kind), what in lines.items()]
        for duty, lines in PLAN_TITLES.items()
    }
