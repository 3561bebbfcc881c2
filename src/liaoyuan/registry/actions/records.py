"""Writers of the dated records beside the standing, as imports and forms both need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from liaoyuan.core.models import User
from liaoyuan.registry.actions.values import day
from liaoyuan.registry.models import BEGINNING, OPEN, AnnualResult, CreditEntry, Organization, Rating

#: Kinds of records by the word that staging keeps for the undo.
MODELS: dict[str, type[models.Model]] = {"rating": Rating, "credit": CreditEntry, "annual": AnnualResult}
type Change = list[Any]


@dataclass(slots=True)
class Known:
    """Records of one body as known now: the latest rating, results by year, stays on lists that last on the day."""

    rating: Rating | None = None
    results: dict[int, AnnualResult] = field(default_factory=dict)
    credit: list[CreditEntry] = field(default_factory=list)


@dataclass(slots=True)
class Step:
    """One change: the record that ends (its key), whether the new one takes its place, what the new one says."""

    kind: str
    ends: int | None = None
    replaces: int | None = None
    values: dict[str, Any] | None = None


def known_of(ids: Sequence[int], on: date) -> dict[int, Known]:
    """What is known of these bodies; `on` counts for the credit lists."""
    found = {pk: Known() for pk in ids}
    about = {"organization__in": list(ids)}
    for rating in Rating.objects.current().filter(**about).order_by("valid_from"):
        found[rating.organization_id].rating = rating
    for result in AnnualResult.objects.current().filter(**about):
        found[result.organization_id].results[result.year] = result
    for entry in CreditEntry.objects.active(on).filter(**about).order_by("valid_from", "pk"):
        found[entry.organization_id].credit.append(entry)
    return found


def write_records(
    organization: Organization, fields: Mapping[str, Any], *, as_of: date, by: User | None, at: datetime
) -> list[Change]:
    """Write rating, annual results and credit status that differ from what is stored.

    Returns [kind, replaced primary key or None, new primary key or None] for each change.
    """
    known = known_of([organization.pk], as_of)[organization.pk]
    told: list[Change] = []
    for step in steps(organization.registered_on, known, fields, as_of=as_of):
        manager = MODELS[step.kind]._default_manager
        if step.ends is not None:
            manager.filter(pk=step.ends).update(superseded_at=at)
        new = None
        if step.values is not None:
            new = manager.create(organization=organization, recorded_at=at, recorded_by=by, **step.values).pk
        told.append([step.kind, step.replaces, new])
    return told


def steps(registered_on: date | None, known: Known, fields: Mapping[str, Any], *, as_of: date) -> list[Step]:
    """What has to be written so that the records say what the fields say."""
    found: list[Step] = []
    if {"rating", "rated_on", "rating_until"} & fields.keys():
        found += _rating(registered_on, known.rating, fields, as_of=as_of)
    for year, result in (fields.get("annual_results") or {}).items():
        found += _result(known.results.get(int(year)), int(year), result)
    if fields.get("credit_status"):
        found += _credit(known.credit, fields["credit_status"], as_of=as_of)
    return found


def _rating(
    registered_on: date | None, current: Rating | None, fields: Mapping[str, Any], *, as_of: date
) -> list[Step]:
    level = fields.get("rating") or (current.level if current else None)
    if level is None:
        return []
    given = fields.get("rated_on")
    begun = registered_on or BEGINNING
    if current is not None:
        expired = current.valid_to <= as_of and fields.get("rating") not in (None, current.level)
        begun = as_of if expired else current.valid_from
    start = day(given) if given else begun
    last = fields.get("rating_until")
    same_start = current is not None and start == current.valid_from
    end = day(last) + timedelta(days=1) if last else current.valid_to if current and same_start else OPEN
    new = {"level": level, "valid_from": start, "valid_to": end if end > start else OPEN,
           "assumed": not given and current is None}  # fmt: skip
    if current is None:
        return [Step("rating", values=new)]
    if (current.level, current.valid_from, current.valid_to) == (level, start, end):
        return []
    if start >= current.valid_to:
        return [Step("rating", values=new)]
    if not current.valid_from < start:
        return [Step("rating", ends=current.pk, replaces=current.pk, values=new)]
    kept = {"level": current.level, "valid_from": current.valid_from, "valid_to": start, "evidence": current.evidence,
            "assumed": current.assumed}  # fmt: skip
    return [Step("rating", ends=current.pk, values=kept), Step("rating", replaces=current.pk, values=new)]


def _result(current: AnnualResult | None, year: int, result: str) -> list[Step]:
    if current is not None and current.result == result:
        return []
    key = current.pk if current else None
    return [Step("annual", ends=key, replaces=key, values={"year": year, "result": result})]


def _credit(entries: Sequence[CreditEntry], status: str, *, as_of: date) -> list[Step]:
    found: list[Step] = []
    for entry in entries:
        if entry.list_kind == status:
            return found
        ended = None
        if entry.valid_from < as_of:
            ended = {
                "list_kind": entry.list_kind, "reason": entry.reason, "valid_from": entry.valid_from,
                "valid_to": as_of, "arisen_on": entry.arisen_on, "assumed": entry.assumed,
                "evidence": entry.evidence, "removal_reason": _("导入的台账不再列有"),
            }  # fmt: skip
        found.append(Step("credit", ends=entry.pk, replaces=entry.pk, values=ended))
    if status != "normal":
        new = {"list_kind": status, "reason": _("导入的台账列有"), "valid_from": as_of, "assumed": True}
        found.append(Step("credit", values=new))
    return found


def current_of(changes: list[Change]) -> dict[str, set[int]]:
    """Of the records that these changes wrote, those that nobody replaced."""
    return {
        kind: set(
            model._default_manager.filter(
                pk__in=[new for what, _old, new in changes if what == kind and new is not None],
                superseded_at__isnull=True,
            ).values_list("pk", flat=True)
        )
        for kind, model in MODELS.items()
    }
