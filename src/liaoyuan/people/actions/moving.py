"""Carrying rows from one person to another: the compensating part of merge and split."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.people.actions import entering
from liaoyuan.people.models import (
    Certificate,
    ContinuingEducation,
    Employment,
    Person,
    Post,
    Profile,
    Volunteer,
    VolunteerHonour,
    VolunteerService,
)
from liaoyuan.people.models.base import Told
from liaoyuan.registry.models import Organization

#: Every kind of row about a person, in the order in which they are carried.
ROWS: tuple[type[Told], ...] = (
    Profile, Post, Employment, Certificate, ContinuingEducation, Volunteer, VolunteerService, VolunteerHonour,
)  # fmt: skip
_DATED = (Post, Employment)
#: What beside the person and the body makes a row the same as another.
KEYED: dict[type[Told], tuple[str, ...]] = {Certificate: ("level",), VolunteerHonour: ("title",)}


def carry(
    source: Person, target: Person, *, organization: Organization | None = None, by: Actor, at: datetime
) -> dict[str, list[int]]:
    """Supersede the rows of `source` (those of one body, or all) and write them again for `target`.

    Where the target has the same row of the same body (data, certificate of a level, volunteer) his stays. Returns the
    keys of the rows carried, by kind. Refused when two employments or the same post would overlap.
    """
    moved: dict[str, list[int]] = {}
    for model in ROWS:
        rows = model._default_manager.filter(person=source, superseded_at__isnull=True)
        if organization is not None:
            rows = rows.filter(organization=organization)
        for row in rows.select_for_update().order_by("pk"):
            moved.setdefault(model.__name__, []).append(row.pk)
            if model in _DATED and _overlaps(model, row, target):
                raise entering.refusal("PER-OVERLAP", _("两人在同一组织的任职或从业时间重叠，请先更正其中一条再合并。"))
            model._default_manager.filter(pk=row.pk).update(superseded_at=at)
            if not _has(model, row, target):
                _again(row, target, by=by, at=at)
    return moved


def _overlaps(model: type[Told], row: Told, target: Person) -> bool:
    same = {"kind": row.kind} if model is Post else {}  # type: ignore[attr-defined]
    period = {"valid_from__lt": row.valid_to, "valid_to__gt": row.valid_from}  # type: ignore[attr-defined]
    rows = model._default_manager.filter(person=target, organization_id=row.organization_id, superseded_at__isnull=True)
    return rows.filter(**same, **period).exists()


def _has(model: type[Told], row: Told, target: Person) -> bool:
    if model in _DATED or model in (ContinuingEducation, VolunteerService):
        return False
    same = {name: getattr(row, name) for name in KEYED.get(model, ())}
    rows = model._default_manager.filter(person=target, organization_id=row.organization_id, superseded_at__isnull=True)
    return rows.filter(**same).exists()


def _again(row: models.Model, target: Person, *, by: Actor, at: datetime) -> None:
    row.pk, row._state.adding = None, True
    row.person, row.recorded_at, row.recorded_by = target, at, entering.recorder(by)  # type: ignore[attr-defined]
    row.superseded_at = None  # type: ignore[attr-defined]
    row.save(force_insert=True)
