"""The tabs above the pages of a round and of a project. A room with pages of its own enters its tab here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import (
    archive,
    outcomes,
    ranking,
    rounds,
    running,
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One page about a round or a project. `shown` is asked with user and row and must not cost a statement a row."""

    code: str
    title: Any
    url_name: str
    shown: Callable[[Any, Any], bool] = lambda user, row: True


def _inside(user: Any, row: Round) -> bool:
    """After its call whoever sees the round by its area follows how its projects run."""
    return row.opened_at is not None and rounds.inside(user, row)


def _runs(user: Any, row: Project) -> bool:
    """From signing on a project runs."""
    return running.started(row)


#: In the order in which a round goes through them.
ROUND_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("概况"), "funding:round_detail"),
    Tab("ranking", lazy("排名"), "funding:round_ranking", ranking.shown),
    Tab("selection", lazy("立项建议"), "funding:round_selection", ranking.shown),
    Tab("archive", lazy("档案"), "funding:round_archive", archive.shown_of_round),
    Tab("running", lazy("实施"), "funding:round_running", _inside),
    Tab("visits", lazy("督导和抽查"), "funding:round_visits", _inside),
)
#: In the order in which a project goes through them.
PROJECT_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("申报书"), "funding:project_detail"),
    Tab("outcome", lazy("评审结果"), "funding:project_outcome", outcomes.shown),
    Tab("files", lazy("附件和签章"), "funding:project_files"),
    Tab("archive", lazy("档案"), "funding:project_archive", archive.shown_of_project),
    Tab("running", lazy("实施"), "funding:project_running", _runs),
    Tab("reports", lazy("报告与评估"), "funding:project_reports", _runs),
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
