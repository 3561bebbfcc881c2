"""The tabs above the pages of a round and of a project. A room with pages of its own enters its tab here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import pages, rounds


@dataclass(frozen=True, slots=True)
class Tab:
    """One page about a round or a project. `shown` is asked with user and row and must not cost a statement a row."""

    code: str
    title: Any
    url_name: str
    shown: Callable[[Any, Any], bool] = lambda user, row: True


#: In the order in which a round goes through them.
ROUND_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("概况"), "funding:round_detail"),
    Tab("eligibility", lazy("资格审查"), "funding:round_eligibility", rounds.reviews),
    Tab("review", lazy("评审"), "funding:round_review", rounds.reviews),
)
#: In the order in which a project goes through them.
PROJECT_TABS: tuple[Tab, ...] = (
    Tab("overview", lazy("申报书"), "funding:project_detail"),
    Tab("eligibility", lazy("资格审查"), "funding:project_eligibility", pages.examined_project),
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
