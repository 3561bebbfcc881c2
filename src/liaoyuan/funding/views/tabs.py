"""The tabs above the pages of a round and of a project. A room with pages of its own enters its tab here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core import access
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import RoundState
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import archive, outcomes, pages, purse, ranking, rounds, running


@dataclass(frozen=True, slots=True)
class Tab:
    """One page about a round or a project. `shown` is asked with user and row and must not cost a statement a row."""

    code: str
    title: Any
    url_name: str
    shown: Callable[[Any, Any], bool] = lambda user, row: True


def _runs(user: Any, row: Project) -> bool:
    """From signing on a project runs."""
    return running.started(row)


#: States in which a project was not approved, or not yet.
_UNAPPROVED = frozenset({
    ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.RETURNED, ProjectState.ELIGIBLE, ProjectState.INELIGIBLE,
    ProjectState.IN_REVIEW, ProjectState.REFUSED, ProjectState.PROPOSED, ProjectState.PUBLISHED, ProjectState.OBJECTED,
    ProjectState.WITHDRAWN,
})  # fmt: skip
_UNLISTED = _UNAPPROVED - {
    ProjectState.REFUSED, ProjectState.PROPOSED, ProjectState.PUBLISHED, ProjectState.OBJECTED
}  # fmt: skip


def _office(user: Any, row: Round) -> bool:
    """Whoever sees the round by its area, after its call."""
    return row.state != RoundState.PLANNED and rounds.inside(user, row)


def _money(user: Any, row: Round) -> bool:
    return row.state != RoundState.PLANNED and access.has(user, Permission.VIEW)


#: In the order in which a round goes through them.
ROUND_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("概况"), "funding:round_detail"),
    Tab("eligibility", lazy("资格审查"), "funding:round_eligibility", rounds.reviews),
    Tab("review", lazy("评审"), "funding:round_review", rounds.reviews),
    Tab("ranking", lazy("排名"), "funding:round_ranking", ranking.shown),
    Tab("selection", lazy("立项建议"), "funding:round_selection", ranking.shown),
    Tab("publicity", lazy("公示"), "funding:award_list", _office),
    Tab("agreements", lazy("签约"), "funding:agreement_list", _office),
    Tab("money", lazy("资金"), "funding:round_money", _money),
    Tab("running", lazy("实施"), "funding:round_running", _office),
    Tab("visits", lazy("督导和抽查"), "funding:round_visits", _office),
    Tab("archive", lazy("档案"), "funding:round_archive", archive.shown_of_round),
)
#: In the order in which a project goes through them.
PROJECT_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("申报书"), "funding:project_detail"),
    Tab("files", lazy("附件和签章"), "funding:project_files"),
    Tab("eligibility", lazy("资格审查"), "funding:project_eligibility", pages.examined_project),
    Tab("outcome", lazy("评审结果"), "funding:project_outcome", outcomes.shown),
    Tab("publicity", lazy("公示"), "funding:project_publicity", lambda user, row: row.state not in _UNLISTED),
    Tab("agreement", lazy("协议"), "funding:agreement", lambda user, row: row.state not in _UNAPPROVED),
    Tab("money", lazy("资金"), "funding:project_money", lambda user, row: row.state in purse.PROMISED),
    Tab("expenses", lazy("支出"), "funding:expense_list", lambda user, row: row.state in purse.AGREED),
    Tab("changes", lazy("变更"), "funding:amendment_list", lambda user, row: row.state in purse.AGREED),
    Tab("running", lazy("实施"), "funding:project_running", _runs),
    Tab("reports", lazy("报告与评估"), "funding:project_reports", _runs),
    Tab("archive", lazy("档案"), "funding:project_archive", archive.shown_of_project),
)

_Bar = list[tuple[Any, str, bool, None]]


def _bar(tabs: tuple[Tab, ...], user: Any, row: Round | Project, current: str) -> _Bar:
    seen = [tab for tab in tabs if tab.code == current or tab.shown(user, row)]
    return [(tab.title, reverse(tab.url_name, args=[row.pk]), tab.code == current, None) for tab in seen]


def of_round(request: HttpRequest, row: Round, current: str) -> dict[str, Any]:
    """What `funding/tabs.html` shows above a page of the round."""
    return {"tab_items": _bar(ROUND_TABS, request.user, row, current), "tab_label": _("这一届")}


def of_project(request: HttpRequest, row: Project, current: str) -> dict[str, Any]:
    """What `funding/tabs.html` shows above a page of the project."""
    return {"tab_items": _bar(PROJECT_TABS, request.user, row, current), "tab_label": _("这个项目")}
