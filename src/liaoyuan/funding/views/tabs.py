"""The tabs above the pages of a round and of a project. A room with pages of its own enters its tab here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.rounds import RoundState
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import rounds


@dataclass(frozen=True, slots=True)
class Tab:
    """One page about a round or a project. `shown` is asked with user and row and must not cost a statement a row."""

    code: str
    title: Any
    url_name: str
    shown: Callable[[Any, Any], bool] = lambda user, row: True


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
    return row.state != RoundState.PLANNED and rounds.inside(user, row)


#: In the order in which a round goes through them.
ROUND_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("概况"), "funding:round_detail"),
    Tab("publicity", lazy("公示"), "funding:award_list", _office),
    Tab("agreements", lazy("签约"), "funding:agreement_list", _office),
)
#: In the order in which a project goes through them.
PROJECT_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("申报书"), "funding:project_detail"),
    Tab("publicity", lazy("公示"), "funding:project_publicity", lambda user, row: row.state not in _UNLISTED),
    Tab("agreement", lazy("协议"), "funding:agreement", lambda user, row: row.state not in _UNAPPROVED),
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
