"""待办: what this person can and must do within thirty days, by lawful deadline, computed from state when shown.

Every floor enters its sources in `registries.due_sources`; a source tells only what the user may and must do, so one
whose permission the user lacks is not asked. What is overdue since long stands in 整理清单, never here.
"""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, registries
from liaoyuan.core.choices import BatchState, Permission, Verdict
from liaoyuan.core.models import ImportBatch, SeparationSetting
from liaoyuan.core.queries import document_due, parameters, privacy
from liaoyuan.core.registries import DueItem, DueSource

#: At most so many lines are shown at once.
LIMIT = 20
#: How far ahead 待办 looks, in days.
DAYS = 30
_KEPT_SECONDS = 30
_KEPT_USERS = 2000
_kept: dict[tuple[Any, date], tuple[float, int]] = {}


class Todo(NamedTuple):
    """The lines to show, earliest deadline first, and how many there are in all."""

    items: list[DueItem]
    total: int


def todo(user: Any, on: date, *, limit: int = LIMIT) -> Todo:
    """The first `limit` lines of all sources, and the exact count."""
    items: list[DueItem] = []
    total = 0
    for source in registries.due_sources.values():
        if source.permission and not access.has(user, source.permission):
            continue
        found, count = source.items(user=user, on=on, limit=limit)
        items += found
        total += count
    items.sort(key=lambda item: (item.due_on or date.max, item.title))
    return Todo(items[:limit], total)


def bell(request: HttpRequest) -> int:
    """How many lines wait, for the bell: counted once per request and trusted for half a minute in a process."""
    found: int | None = getattr(request, "_todo_count", None)
    if found is None:
        found = _count(request.user, clock.today())
        request._todo_count = found  # type: ignore[attr-defined]
    return found


def remember(request: HttpRequest, total: int) -> None:
    """A page that has just counted the lines tells the bell, so that both say the same."""
    request._todo_count = total  # type: ignore[attr-defined]
    _kept[request.user.pk, clock.today()] = (clock.real_now().timestamp(), total)


def forget() -> None:
    """Count anew at the next request of this process."""
    _kept.clear()


def _count(user: Any, on: date) -> int:
    now = clock.real_now().timestamp()
    known = _kept.get((user.pk, on))
    if known is not None and 0 <= now - known[0] < _KEPT_SECONDS:
        return known[1]
    if len(_kept) >= _KEPT_USERS:
        _kept.clear()
    total = todo(user, on, limit=0).total
    _kept[user.pk, on] = (now, total)
    return total


def batches_waiting(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Files that the user has uploaded and neither imported nor discarded."""
    rows = ImportBatch.objects.filter(created_by=user, state=BatchState.STAGED).order_by("created_at", "pk")
    total = rows.count()
    items = []
    review = Count("rows", filter=Q(rows__verdict=Verdict.REVIEW, rows__confirmed=False))
    for batch in rows.annotate(waiting=review)[:limit] if total else ():
        waiting = batch.waiting
        told = _("“{file}”已读取，有 {n} 行待核") if waiting else _("“{file}”已读取，还没有导入")
        items.append(
            DueItem(
                title=told.format(file=batch.file_name, n=waiting),
                due_on=None,
                url=reverse("core:import_detail", args=[batch.pk]),
                button=_("核对") if waiting else _("导入"),
                code="import",
            )
        )
    return items, total


def parameters_to_confirm(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Drafts of other people in jurisdictions where the user confirms."""
    mine = Q(pk__in=[])
    for owner in registries.owners():
        places = parameters.writable_places(user, owner.confirm) if access.has(user, owner.confirm) else []
        if places:
            found = parameters.owned(parameters.drafts(), owner).filter(jurisdiction__in=places)
            mine |= Q(pk__in=found.values("pk"))
    if mine == Q(pk__in=[]):
        return [], 0
    rows = parameters.drafts().filter(mine).exclude(edited_by=user).order_by("edited_at", "pk")
    total = rows.count()
    items = [
        DueItem(
            title=_("政策参数“{title}”的草稿待确认").format(title=parameters.title_of(row.key)),
            due_on=None,
            url=reverse("core:parameter_detail", args=[row.key]),
            button=_("去确认"),
            code="parameter",
        )
        for row in (rows[:limit] if total else ())
    ]
    return items, total


def levels_to_sign(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Lowerings of the separation level that wait for the auditor's signature."""
    rows = SeparationSetting.objects.filter(lowers=True, signed_at__isnull=True).exclude(set_by=user)
    total = rows.count()
    items = [
        DueItem(
            title=_("降低职责分离级别待签字"),
            due_on=row.valid_from,
            url=reverse("core:separation"),
            button=_("去签字"),
            code="separation",
        )
        for row in rows.order_by("valid_from", "pk")[:limit]
    ]
    return items, total


#: The sources of this floor.
SOURCES = (
    DueSource("core.imports", "导入批次", "", batches_waiting),
    DueSource("core.parameters", "政策参数", "", parameters_to_confirm),
    *document_due.SOURCES,
    DueSource("core.requests", "个人信息请求", "", privacy.requests_waiting),
    DueSource("core.separation", "职责分离", Permission.AUDIT_VIEW, levels_to_sign),
)
