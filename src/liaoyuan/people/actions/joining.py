"""What two bodies told of persons when the bodies are merged: the rows go to the one that stays, and back again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.registries import Merger
from liaoyuan.people.actions import entering
from liaoyuan.people.actions.moving import KEYED, ROWS
from liaoyuan.people.choices import POST_TITLES
from liaoyuan.people.models import ContinuingEducation, Employment, Post, VolunteerService
from liaoyuan.people.models.base import Told
from liaoyuan.people.models.posts import SOLE
from liaoyuan.registry.models import OPEN

_MODELS = {model.__name__: model for model in ROWS}


def carry(*, gone: int, kept: int, by: Actor, at: datetime) -> dict[str, list[list[int | None]]]:
    """Supersede the rows that one body told and write them for the other; what it told itself of the person stays.

    Returns [old key, new key or None] by kind. Refused when both have somebody else in a post that only one may hold.
    """
    entering.lock(organizations=[gone, kept])
    told: dict[str, list[list[int | None]]] = {}
    for name, model in _MODELS.items():
        rows = model._default_manager.filter(organization=gone, superseded_at__isnull=True)
        for row in rows.select_for_update().order_by("pk"):
            old = row.pk
            if model is Post:
                _refuse_two(row, kept)
            model._default_manager.filter(pk=old).update(superseded_at=at)
            told.setdefault(name, []).append(
                [old, None if _same(model, row, kept) else _again(row, kept, by=by, at=at)]
            )
    return told


def _refuse_two(row: Any, kept: int) -> None:
    rows = Post.objects.current().filter(organization=kept, kind=row.kind, valid_to=OPEN)
    if row.kind in SOLE and row.valid_to == OPEN and rows.exclude(person=row.person_id).exists():
        title = _(POST_TITLES[row.kind])
        raise entering.refusal("PER-TWO", _("两条记录里的现任{post}不是同一人，请先更正其中一条再合并。"), post=title)


def _same(model: type[Told], row: Any, kept: int) -> bool:
    """Whether the body that stays tells the same of the person already."""
    rows: Any = model._default_manager.filter(person=row.person_id, organization=kept, superseded_at__isnull=True)
    if model in (Post, Employment):
        same = {"kind": row.kind} if model is Post else {}
        return rows.filter(valid_from__lt=row.valid_to, valid_to__gt=row.valid_from, **same).exists()
    if model in KEYED:
        return rows.filter(**{name: getattr(row, name) for name in KEYED[model]}).exists()
    if model is ContinuingEducation:
        return False
    if model is VolunteerService:
        return rows.filter(on=row.on, minutes=row.minutes, activity=row.activity).exists()
    return rows.exists()


def _again(row: models.Model, organization: int, *, by: Actor, at: datetime) -> int:
    row.pk, row._state.adding = None, True
    row.organization_id, row.recorded_at, row.recorded_by = organization, at, entering.recorder(by)  # type: ignore[attr-defined]
    row.superseded_at = None  # type: ignore[attr-defined]
    row.save(force_insert=True)
    return int(row.pk or 0)


def untouched(*, told: Mapping[str, list[list[int | None]]]) -> bool:
    """Whether every row that was written for the body that stays still holds."""
    for name, pairs in told.items():
        keys = [new for _old, new in pairs if new is not None]
        if _MODELS[name]._default_manager.filter(pk__in=keys, superseded_at__isnull=True).count() != len(keys):
            return False
    return True


def take_back(*, told: Mapping[str, list[list[int | None]]], by: Actor, at: datetime) -> None:
    """Supersede what was written, and write again what it replaced."""
    for name, pairs in told.items():
        model = _MODELS[name]
        for old, new in pairs:
            if new is not None:
                model._default_manager.filter(pk=new).update(superseded_at=at)
            row = model._default_manager.get(pk=old)
            _again(row, row.organization_id, by=by, at=at)


MERGER = Merger("people", tuple(f"people.{name}" for name in _MODELS), carry, untouched, take_back)
