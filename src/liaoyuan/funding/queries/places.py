"""Areas in which grants lie: their programmes, the money of their streets, needs and projects that are not over."""

from typing import Any

from django.urls import reverse

from liaoyuan.core.models import Area
from liaoyuan.funding.choices.rounds import NeedState, RoundState
from liaoyuan.funding.choices.states import ENDS
from liaoyuan.funding.models import Need, Pool, Programme, Project

_OVER = (RoundState.ENDED.value, RoundState.CANCELLED.value)


def in_area(path: str) -> int:
    """How many programmes, pools, needs and projects that are not over lie in the area with this path or below."""
    here = Area.objects.within(path)
    needs = Need.objects.filter(area__in=here).exclude(state=NeedState.DROPPED.value)
    return (
        Programme.objects.filter(area__in=here).count()
        + Pool.objects.filter(street__in=here).exclude(round__state__in=_OVER).count()
        + needs.exclude(round__state__in=_OVER).count()
        + Project.objects.filter(area__in=here).exclude(state__in=[str(state) for state in ENDS]).count()
    )


def list_of(area: Any) -> str:
    """The address of the list of projects."""
    return reverse("funding:project_list")
