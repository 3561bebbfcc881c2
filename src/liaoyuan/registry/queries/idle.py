"""Who has shown no activity for long: traces of activity from all floors, judged by ORG-IDLE-01."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Max, Q

from liaoyuan.core import policy, registries
from liaoyuan.registry.models import AnnualResult, Honour, IdleFinding, Rating, Standing
from liaoyuan.registry.models.idle import IdleFindingQuerySet
from liaoyuan.registry.rules.procedure_facts import ProcedureFacts

#: Annual results that say nothing of activity.
_NO_REPORT = ("missed", "exempt")


class Idle(NamedTuple):
    """One body without a trace of activity for long."""

    organization: int
    last_on: date | None


def traces(ids: Sequence[int]) -> dict[int, date]:
    """The last trace of activity that the register knows: a year that was reported, a rating, an honour."""
    found: dict[int, date] = {}
    years = AnnualResult.objects.current().exclude(result__in=_NO_REPORT).filter(organization__in=ids)
    for pk, year in years.order_by().values_list("organization").annotate(last=Max("year")):
        found[pk] = date(year, 12, 31)
    for model in (Rating, Honour):
        rows = model.objects.current().filter(organization__in=ids, assumed=False)
        for pk, last in rows.order_by().values_list("organization").annotate(last=Max("valid_from")):
            found[pk] = max(found.get(pk, last), last)
    return found


def last_activity(ids: Sequence[int]) -> dict[int, date]:
    """The last trace of activity that any floor knows, by body."""
    found: dict[int, date] = {}
    for source in registries.activity_sources.values():
        for pk, last in source(ids).items():
            found[pk] = max(found.get(pk, last), last)
    return found


def idle_on(on: date) -> list[Idle]:
    """Live associations and foundations that ORG-IDLE-01 finds idle on the day; a handful of queries for all."""
    rows = list(
        Standing.objects.now_open()
        .live()
        .filter(kind__in=["ST", "JJ"], organization__is_external=False, organization__registered_on__isnull=False)
        .order_by("organization_id")
        .values_list("organization_id", "kind", "organization__registered_on", "registrar_area__path")
    )
    last = last_activity([row[0] for row in rows])
    by_place: dict[str, Any] = {}
    found = []
    for pk, kind, registered_on, path in rows:
        if path not in by_place:
            by_place[path] = policy.plan("ORG-IDLE-01", policy.limits(on, policy.chain(path)))
        facts = ProcedureFacts(kind=kind, certified_on=registered_on, last_activity_on=last.get(pk))
        if by_place[path].run(facts, on):
            found.append(Idle(pk, last.get(pk)))
    return found


def asked(user: Any, *, state: str = "", text: str = "") -> IdleFindingQuerySet:
    """Findings that the user may see; without a wish those that wait."""
    rows = IdleFinding.objects.visible_to(user).select_related("answered_by").with_names()
    if text:
        rows = rows.filter(Q(name__icontains=text))
    if state == "":
        return rows.open()
    return rows if state == "all" else rows.filter(answer=state)
