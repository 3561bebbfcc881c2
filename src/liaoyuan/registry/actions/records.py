"""Writers of the dated records beside the standing, as imports and forms both need them."""

from collections.abc import Mapping
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


def write_records(
    organization: Organization, fields: Mapping[str, Any], *, as_of: date, by: User | None, at: datetime
) -> list[Change]:
    """Write rating, annual results and credit status that differ from what is stored.

    Returns [kind, replaced primary key or None, new primary key or None] for each change.
    """
    told: list[Change] = []
    if {"rating", "rated_on", "rating_until"} & fields.keys():
        told += _write_rating(organization, fields, as_of=as_of, by=by, at=at)
    for year, result in (fields.get("annual_results") or {}).items():
        told += _write_result(organization, int(year), result, by=by, at=at)
    if fields.get("credit_status"):
        told += _write_credit(organization, fields["credit_status"], as_of=as_of, by=by, at=at)
    return told


def _supersede(row: models.Model, at: datetime) -> None:
    row.superseded_at = at  # type: ignore[attr-defined]
    row.save(update_fields=["superseded_at"])


def _write_rating(
    organization: Organization, fields: Mapping[str, Any], *, as_of: date, by: User | None, at: datetime
) -> list[Change]:
    current = Rating.objects.current().filter(organization=organization).order_by("-valid_from").first()
    level = fields.get("rating") or (current.level if current else None)
    if level is None:
        return []
    given = fields.get("rated_on")
    begun = organization.registered_on or BEGINNING
    if current is not None:
        expired = current.valid_to <= as_of and fields.get("rating") not in (None, current.level)
        begun = as_of if expired else current.valid_from
    start = day(given) if given else begun
    last = fields.get("rating_until")
    same_start = current is not None and start == current.valid_from
    end = day(last) + timedelta(days=1) if last else current.valid_to if current and same_start else OPEN
    told: list[Change] = []
    if current is not None:
        if (current.level, current.valid_from, current.valid_to) == (level, start, end):
            return []
        if start < current.valid_to:
            _supersede(current, at)
        if current.valid_from < start < current.valid_to:
            kept = Rating.objects.create(
                organization=organization,
                level=current.level,
                valid_from=current.valid_from,
                valid_to=start,
                evidence=current.evidence,
                assumed=current.assumed,
                recorded_at=at,
                recorded_by=by,
            )
            told.append(["rating", None, kept.pk])
    if end <= start:
        end = OPEN
    new = Rating.objects.create(
        organization=organization,
        level=level,
        valid_from=start,
        valid_to=end,
        assumed=not given and current is None,
        recorded_at=at,
        recorded_by=by,
    )
    replaced = current.pk if current is not None and current.superseded_at is not None else None
    return [*told, ["rating", replaced, new.pk]]


def _write_result(organization: Organization, year: int, result: str, *, by: User | None, at: datetime) -> list[Change]:
    current = AnnualResult.objects.current().filter(organization=organization, year=year).first()
    if current is not None:
        if current.result == result:
            return []
        _supersede(current, at)
    new = AnnualResult.objects.create(
        organization=organization, year=year, result=result, recorded_at=at, recorded_by=by
    )
    return [["annual", current.pk if current else None, new.pk]]


def _write_credit(
    organization: Organization, status: str, *, as_of: date, by: User | None, at: datetime
) -> list[Change]:
    told: list[Change] = []
    for entry in CreditEntry.objects.active(as_of).filter(organization=organization):
        if entry.list_kind == status:
            return told
        _supersede(entry, at)
        if entry.valid_from < as_of:
            ended = CreditEntry.objects.create(
                organization=organization,
                list_kind=entry.list_kind,
                reason=entry.reason,
                valid_from=entry.valid_from,
                valid_to=as_of,
                arisen_on=entry.arisen_on,
                assumed=entry.assumed,
                evidence=entry.evidence,
                removal_reason=_("导入的台账不再列有"),
                recorded_at=at,
                recorded_by=by,
            )
            told.append(["credit", entry.pk, ended.pk])
        else:
            told.append(["credit", entry.pk, None])
    if status != "normal":
        new = CreditEntry.objects.create(
            organization=organization,
            list_kind=status,
            reason=_("导入的台账列有"),
            valid_from=as_of,
            assumed=True,
            recorded_at=at,
            recorded_by=by,
        )
        told.append(["credit", None, new.pk])
    return told


def still_current(changes: list[Change]) -> bool:
    """Whether nobody replaced the records that these changes wrote."""
    return all(
        new is None or MODELS[kind]._default_manager.filter(pk=new, superseded_at__isnull=True).exists()
        for kind, _old, new in changes
    )


def take_back(changes: list[Change], *, by: User | None, at: datetime) -> None:
    """Compensate: supersede what was written and write again what it replaced."""
    for kind, old, new in changes:
        manager = MODELS[kind]._default_manager
        if new is not None:
            manager.filter(pk=new).update(superseded_at=at)
        if old is not None:
            row = manager.get(pk=old)
            row.pk, row.superseded_at, row.recorded_at, row.recorded_by = None, None, at, by  # type: ignore[attr-defined]
            row.save(force_insert=True)
