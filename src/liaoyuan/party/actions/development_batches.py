"""Applying and undoing an import of F07: set actions, each one transaction.

Each row goes through the actions of the pages, so their rules are asked again when it is written. What that wrote and
superseded stands in the row's `before["_"]["written"]` as {model: [new keys, superseded keys]}; undo takes the one back
and lets the other stand again, or refuses and undoes nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.party.actions import developing, development_rows, entering
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    ApplicantPlace,
    ApplicantRecord,
    DevelopmentMark,
    DevelopmentStep,
    DevelopmentVote,
    Examination,
    Extension,
    Member,
    MemberRecord,
    Mentor,
    PartyOrganization,
)
from liaoyuan.party.queries import courses, secrets
from liaoyuan.people.actions import batches as shared
from liaoyuan.people.models import Person, Profile
from liaoyuan.registry.models import Organization

#: What is told of an applicant, row by row.
_MODELS: dict[str, tuple[type[Any], str]] = {
    **{model.__name__: (model, "applicant") for model in (
        ApplicantRecord, ApplicantPlace, DevelopmentStep, DevelopmentMark, Mentor, Examination, DevelopmentVote,
        Extension,
    )},
    "MemberRecord": (MemberRecord, "member"), "Affiliation": (Affiliation, "member"),
}  # fmt: skip
_STATE = ("stage", "activist_on", "candidate_on", "closed_on", "closed_reason", "member_id", "party_organization_id",
          "organization_id")  # fmt: skip


def run_of(
    fields: Mapping[str, Any], branch: PartyOrganization, body: int | None, *, by: Actor, at: datetime
) -> development_rows.Run:
    """A row to be carried out; its birth date is in clear or as staged."""
    birth = str(fields.get("birth") or "")
    clear = birth if len(birth) <= 10 else secrets.clear("birth", birth)
    known = date.fromisoformat(clear) if len(clear) == 10 else None
    organization = Organization.objects.filter(pk=body).first() if body else None
    return development_rows.Run(fields, branch, organization, by, at, known)


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the batch's accepted rows, and its review rows that are confirmed (all of them with `confirm_review`).

    Refused as a whole when the rules refuse any of them by now, or somebody changed one since the comparison.
    """
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.STAGED)
        shared.fillable(batch, rows, localdate(at))
        parties = PartyOrganization.objects.select_related("area").in_bulk([_meta(row)["party"] for row in rows])
        entering.lock(parties=parties)
        for row in rows:
            _write(row, parties[_meta(row)["party"]], by=by, at=at)
        ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
        shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    return batch


def _meta(row: ImportRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def _write(row: ImportRow, branch: PartyOrganization, *, by: Actor, at: datetime) -> None:
    meta, applicant = _meta(row), None
    if row.object_id:
        applicant = Applicant.objects.select_related("party_organization__area").get(pk=row.object_id)
        if applicant.version != meta["version"] or applicant.party_organization_id != branch.pk:
            told = _("比对之后“{name}”被修改，请重新比对后再导入。")
            raise Refused([staging.note("IMP-STALE", Severity.BLOCK, told, name=row.label)])
        meta["state"] = {name: _plain(getattr(applicant, name)) for name in _STATE}
    course = courses.of(applicant) if applicant else None
    before = _standing(applicant)
    newest = {"Person": _newest(Person), "Member": _newest(Member)}
    run = run_of(row.fields, branch, meta["body"], by=by, at=at)
    try:
        made = development_rows.carry_out(run, applicant, development_rows.plan(row.fields, course).ops)
    except Refused as refused:
        told = _("第 {row} 行“{name}”：{what}")
        raise Refused([
            Finding(f.code, f.severity, told, field=f.field, args={"row": row.number, "name": row.label,
                                                                  "what": _(f.message).format(**f.args)})
            for f in refused.findings if f.severity == Severity.BLOCK
        ]) from refused  # fmt: skip
    except PermissionDenied as denied:
        told = _("第 {row} 行“{name}”里有您不能办理的步骤，整批没有导入。")
        raise Refused(
            [staging.note("IMP-PERMISSION", Severity.BLOCK, told, row=row.number, name=row.label)]
        ) from denied
    made.refresh_from_db()
    meta["after"], meta["made"], row.object_id = made.version, applicant is None, made.pk
    meta["person_made"] = made.person_id > newest["Person"]
    if made.member_id is not None:
        meta["member_after"] = Member.objects.values_list("version", flat=True).get(pk=made.member_id)
        meta["member_made"] = made.member_id > newest["Member"]
    after = _standing(made)
    meta["written"] = {
        name: [sorted(keys - before.get(name, set())), sorted(before.get(name, set()) - keys)]
        for name, keys in after.items()
    }  # fmt: skip


def _newest(model: type[Any]) -> int:
    """The key of the newest row; greater ones are made after."""
    return int(model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0)


def _standing(applicant: Applicant | None) -> dict[str, set[int]]:
    """The keys of what holds of an applicant and of the member whom he is."""
    found = {}
    for name, (model, about) in _MODELS.items():
        key = applicant and (applicant.pk if about == "applicant" else _member_of(applicant))
        rows = model._default_manager.filter(**{about: key or 0}, superseded_at__isnull=True)
        found[name] = set(rows.values_list("pk", flat=True))
    return found


def _member_of(applicant: Applicant) -> int:
    """The member who is this person, whether by this way or of before."""
    return applicant.member_id or (
        Member.objects.known().filter(person=applicant.person_id).values_list("pk", flat=True).first() or 0
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows that somebody changed since; then nothing is undone."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("party.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.APPLIED)
        rows = [r for r in batch.rows.filter(object_id__isnull=False).order_by("number") if "after" in _meta(r)]
        found = {row.object_id: Applicant.objects.get(pk=row.object_id or 0) for row in rows}
        entering.lock(parties=[one.party_organization_id for one in found.values()],
                      members=[one.member_id or 0 for one in found.values()])  # fmt: skip
        for one in found.values():
            developing.lock(one)
        touched = [row for row in rows if not _untouched(row)]
        if touched:
            told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
            raise Refused([
                staging.note("IMP-UNDO", Severity.BLOCK, told, row=row.number, name=row.label)
                for row in touched[:100]
            ])  # fmt: skip
        for row in rows:
            _take_back(row, by=by, at=at)
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, entering.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        told_ = {"file": batch.file_name, "rows": len(rows), "digest": shared.digest(batch)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told_)
    return batch


def _untouched(row: ImportRow) -> bool:
    """Whether nobody changed the applicant since, nor the member whom he became."""
    meta, one = _meta(row), Applicant.objects.select_related("member").get(pk=row.object_id or 0)
    if one.version != meta["after"] or one.voided_at is not None:
        return False
    return one.member is None or "member_after" not in meta or one.member.version == meta["member_after"]


def _take_back(row: ImportRow, *, by: Actor, at: datetime) -> None:
    one = Applicant.objects.select_related("member").get(pk=row.object_id or 0)
    meta, member = _meta(row), one.member
    for name, (new, old) in meta["written"].items():
        _restore(_MODELS[name][0], new, old, by=by, at=at)
    for name, value in (meta.get("state") or {}).items():
        setattr(one, name, value)
    one.version += 1
    if meta["made"]:
        # A void row keeps what it said of itself: its stage belongs to the member whom it names.
        one.voided_at, one.voided_by = at, entering.recorder(by)
    one.save()
    if member is not None and meta.get("member_made"):
        member.version += 1
        member.voided_at, member.voided_by = at, entering.recorder(by)
        member.save(update_fields=["version", "voided_at", "voided_by"])
    elif member is not None:
        entering.touched(member)
    alone = not Profile.objects.filter(person=one.person_id).exists()
    others = Member.objects.known().filter(person=one.person_id).exists()
    if meta["person_made"] and alone and not others:
        Person.objects.filter(pk=one.person_id).update(voided_at=at, voided_by=entering.recorder(by))


def _restore(model: type[Any], new: list[int], gone: list[int], *, by: Actor, at: datetime) -> None:
    """What the batch wrote is superseded; what it superseded stands again."""
    model._default_manager.filter(pk__in=new).update(superseded_at=at)
    for old in model._default_manager.filter(pk__in=gone):
        old.pk, old._state.adding = None, True
        old.superseded_at, old.recorded_at, old.recorded_by = None, at, entering.recorder(by)
        old.save(force_insert=True)
