"""Needs of communities as lists and forms show them."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import NeedState, RoundState
from liaoyuan.funding.models import Need, Round
from liaoyuan.funding.queries import rounds as reading

_OPEN = (RoundState.PLANNED.value, RoundState.OPEN.value)


def listed(user: Any, q: str = "", round_: int | None = None, state: str = "") -> QuerySet[Need]:
    """Needs within sight with `taken`, how many handed-in applications take each up."""
    rows = Need.objects.visible_to(user).select_related("area", "round")
    if q.strip():
        rows = rows.filter(Q(title__icontains=q.strip()) | Q(text__icontains=q.strip()))
    if round_ is not None:
        rows = rows.filter(round=round_)
    if state:
        rows = rows.filter(state=state)
    return rows.annotate(taken=Count("projects", filter=~Q(projects__number="")))


def rounds(user: Any) -> list[tuple[int, str]]:
    """Rounds within sight, the latest first."""
    return list(Round.objects.visible_to(user).order_by("-opens_on", "-pk").values_list("pk", "title")[:60])


def open_round(user: Any) -> int | None:
    """The latest round for which the user enters needs."""
    rows = Round.objects.visible_to(user).filter(state__in=_OPEN).select_related("programme__area")
    found = (row.pk for row in rows.order_by("-opens_on", "-pk")[:20] if reading.may_enter_needs(user, row))
    return next(found, None)


def areas(user: Any, round_: Round) -> list[Area]:
    """Streets and communities of the round's area for which the user enters needs, streets before their communities."""
    rows = Area.objects.live().filter(pk__in=Area.objects.within(round_.programme.area.path).values("pk"))
    if not reading.runs(user, round_):
        wanted = Area.objects.none()
        for path in access.reach(user, Permission.NEED_EDIT).paths:
            wanted = wanted | Area.objects.within(path)
        rows = rows.filter(pk__in=wanted.values("pk"))
    return list(rows.filter(level__in=("street", "community")).order_by("path"))


def writes(user: Any, need: Need) -> bool:
    """Whether the user may correct the need."""
    if need.state == NeedState.DROPPED:
        return False
    if reading.runs(user, need.round):
        return True
    own = access.reach(user, Permission.NEED_EDIT).paths
    return need.state == NeedState.COLLECTED and any(need.area.path.startswith(path) for path in own)
