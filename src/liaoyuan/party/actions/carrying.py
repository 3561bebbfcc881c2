"""Party rows follow: a member his person when two entries are merged, rows of a body when two bodies are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.core.registries import Merger
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    ApplicantPlace,
    BodyDeclaration,
    Formation,
    Founding,
    FoundingMember,
    FoundingUnit,
    InstructorAssignment,
    Member,
    Pilot,
    Reorganization,
    ReorganizationUnit,
    SyncAnswer,
    Transfer,
    Unit,
    Visit,
)
from liaoyuan.party.queries import organizations as reading


def knows(person: int) -> bool:
    """Whether this floor tells of the person."""
    return Member.objects.known().filter(person=person).exists()


def carry_person(*, gone: int, kept: int, by: Actor, at: datetime) -> None:
    """The member becomes that of the person who stays. Refused when both are members, without saying so."""
    member = Member.objects.known().filter(person=gone).first()
    if member is None:
        return
    entering.lock(members=[member.pk])
    if Member.objects.known().filter(person=kept).exists():
        raise entering.refusal("PER-MERGE-OTHER", _("两人在其他业务里各有记录，不能在这里合并。"), "other")
    member.person_id = kept
    member.save(update_fields=["person"])
    entering.touched(member)
    events.record(Event.MEMBER_CARRIED, entering.member_subject(member), by=by, at=at)


#: Dated rows that are superseded and written again, and rows that merely name a body, with the column that does.
_DATED: dict[str, type[Any]] = {
    "Unit": Unit, "Affiliation": Affiliation, "InstructorAssignment": InstructorAssignment,
    "BodyDeclaration": BodyDeclaration,
}  # fmt: skip
#: What beside the body and the period makes a dated row the same as another.
_KEYED: dict[str, tuple[str, ...]] = {
    "Unit": ("party_organization_id",), "Affiliation": ("party_organization_id", "member_id"),
    "InstructorAssignment": ("instructor_id", "kind"), "BodyDeclaration": (),
}  # fmt: skip
_NAMED: tuple[tuple[str, type[Any], str], ...] = (
    ("Formation", Formation, "carrier"), ("Founding", Founding, "applicant"), ("Founding", Founding, "carrier"),
    ("FoundingUnit", FoundingUnit, "organization"), ("FoundingMember", FoundingMember, "organization"),
    ("Transfer", Transfer, "organization"), ("Applicant", Applicant, "organization"),
    ("ApplicantPlace", ApplicantPlace, "organization"), ("Visit", Visit, "organization"),
    ("SyncAnswer", SyncAnswer, "organization"), ("Pilot", Pilot, "organization"),
    ("Reorganization", Reorganization, "applicant"), ("Reorganization", Reorganization, "carrier"),
    ("ReorganizationUnit", ReorganizationUnit, "organization"),
)  # fmt: skip


def carry(*, gone: int, kept: int, by: Actor, at: datetime) -> dict[str, Any]:
    """Let the rows of one body be those of the other. Refused while the two are covered by different branches.

    Returns `dated` [kind, old key, new key or None] and `named` [kind, column, keys].
    """
    entering.lock(bodies=[gone, kept])
    _refuse_two(gone, kept)
    dated: list[list[Any]] = []
    for kind, model in _DATED.items():
        rows = model._default_manager.filter(organization=gone, superseded_at__isnull=True)
        for row in rows.select_for_update().order_by("pk"):
            old = row.pk
            model._default_manager.filter(pk=old).update(superseded_at=at)
            dated.append([kind, old, None if _same(kind, row, kept) else _again(row, kept, by=by, at=at)])
    named: list[list[Any]] = []
    for kind, model, column in _NAMED:
        rows = model._default_manager.filter(**{column: gone})
        if kind == "FoundingUnit":  # where both stand in one application the void one stays as it was
            rows = rows.exclude(founding__in=FoundingUnit.objects.filter(organization=kept).values("founding"))
        if kind == "ReorganizationUnit":
            rows = rows.exclude(
                reorganization__in=ReorganizationUnit.objects.filter(organization=kept).values("reorganization")
            )
        if kind == "SyncAnswer":  # the same check answered by both: that of the body that stays holds
            held = SyncAnswer.objects.filter(organization=kept, point=OuterRef("point"), on=OuterRef("on"))
            rows = rows.exclude(Exists(held.filter(superseded_at__isnull=True)))
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        model._default_manager.filter(pk__in=keys).update(**{column: kept})
        named.append([kind, column, keys])
    return {"kept": kept, "gone": gone, "dated": dated, "named": named}


def _refuse_two(gone: int, kept: int) -> None:
    branches = {}
    for body in (gone, kept):
        rows = Unit.objects.now_open().filter(organization=body).order_by("pk")
        branches[body] = set(rows.values_list("party_organization_id", flat=True))
    if branches[gone] and branches[kept] and branches[gone] != branches[kept]:
        one = min(branches[gone] - branches[kept] or branches[gone])
        other = min(branches[kept] - branches[gone] or branches[kept])
        named = reading.names([one, other])
        told = _("两条记录由不同的党组织覆盖（“{one}”“{other}”），请先调整成员单位再合并。")
        raise entering.refusal("MRG-PARTY", told, one=named.get(one, ""), other=named.get(other, ""))


def _same(kind: str, row: Any, kept: int) -> bool:
    """Whether the body that stays has this row itself."""
    same = {name: getattr(row, name) for name in _KEYED[kind]}
    rows = _DATED[kind]._default_manager.filter(
        organization=kept, superseded_at__isnull=True, valid_from__lt=row.valid_to, valid_to__gt=row.valid_from, **same
    )
    return bool(rows.exists())


def _again(row: models.Model, organization: int, *, by: Actor, at: datetime) -> int:
    row.pk, row._state.adding = None, True
    row.organization_id, row.recorded_at, row.recorded_by = organization, at, entering.recorder(by)  # type: ignore[attr-defined]
    row.superseded_at = None  # type: ignore[attr-defined]
    row.save(force_insert=True)
    return int(row.pk or 0)


def untouched(*, told: Mapping[str, Any]) -> bool:
    """Whether every row that was written or named anew still stands so."""
    for kind, _old, new in told["dated"]:
        rows = _DATED[kind]._default_manager.filter(pk=new, superseded_at__isnull=True)
        if new is not None and not rows.exists():
            return False
    for kind, column, keys in told["named"]:
        model = next(m for k, m, c in _NAMED if (k, c) == (kind, column))
        if model._default_manager.filter(pk__in=keys, **{column: told["kept"]}).count() != len(keys):
            return False
    return True


def take_back(*, told: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Supersede what was written, write again what it replaced, and name the body that comes back."""
    for kind, old, new in told["dated"]:
        model = _DATED[kind]
        if new is not None:
            model._default_manager.filter(pk=new).update(superseded_at=at)
        row = model._default_manager.get(pk=old)
        _again(row, row.organization_id, by=by, at=at)
    for kind, column, keys in told["named"]:
        model = next(m for k, m, c in _NAMED if (k, c) == (kind, column))
        model._default_manager.filter(pk__in=keys).update(**{column: told["gone"]})


MERGER = Merger(
    "party", tuple(f"party.{name}" for name in dict.fromkeys([*_DATED, *(kind for kind, _m, _c in _NAMED)])), carry,
    untouched, take_back,
)  # fmt: skip
