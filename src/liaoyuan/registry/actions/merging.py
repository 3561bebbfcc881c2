"""Two records of one body become one (查重合并), and one becomes two again as long as nothing touched it since.

Nothing is deleted. The record that goes is void and points to the one that stays; its dated rows are superseded and
written again for the other. Which value of the facts stays is chosen field by field. Floors above bring their rows
through `registries.mergers`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks, registries, search
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import invitations
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Attachment, Case, Contact, Document, LegalHold
from liaoyuan.core.staging import note
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import organizations as bodies
from liaoyuan.registry.actions import standings
from liaoyuan.registry.actions.organizations import SUBJECT
from liaoyuan.registry.choices import Event, Kind, Permission
from liaoyuan.registry.models import (
    AnnualReport,
    AnnualResult,
    AssessorTie,
    Campaign,
    Claim,
    CreditEntry,
    Different,
    FilingConfirmation,
    Honour,
    IdleFinding,
    LevelWeighing,
    ListingProposal,
    Merge,
    Organization,
    Rating,
    RatingEntry,
    Standing,
)
from liaoyuan.registry.queries import merging as queries
from liaoyuan.registry.queries.standings import periods_of

#: Dated rows of a body that are carried, and what makes two of them the same one.
_RECORDS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "rating": (Rating, ()), "credit": (CreditEntry, ("list_kind",)), "honour": (Honour, ("title",)),
    "annual": (AnnualResult, ("year",)),
}  # fmt: skip
#: Rows that merely name a body, by the word that the merge keeps for them: those with a key …
_POINTED: dict[str, type[models.Model]] = {
    "claim": Claim, "report": AnnualReport, "confirmation": FilingConfirmation, "campaign": Campaign,
    "idle": IdleFinding, "proposal": ListingProposal, "weighing": LevelWeighing, "entry": RatingEntry,
    "tie": AssessorTie,
}  # fmt: skip
#: … and those that say kind and key.
_SUBJECTS: dict[str, type[models.Model]] = {
    "file": Attachment, "case": Case, "document": Document, "contact": Contact,
}  # fmt: skip


def refusal(code: str, sentence: str, field: str = "", **args: Any) -> Refused:
    """One blocking finding of the product itself."""
    return Refused([note(code, Severity.BLOCK, sentence, field_name=field, **args)])


def _locked(*keys: int, by: Actor) -> dict[int, tuple[Organization, Standing]]:
    """Both bodies with their present standing, locked in the order of their keys; an officer over both."""
    found = {}
    for pk in sorted(set(keys)):
        organization = Organization.objects.get(pk=pk)
        if organization.voided_at is not None:  # said under the lock too; here nobody waits for it
            raise refusal("ORG-VOID", _("这条记录已作废。"))
        found[pk] = bodies.entered(organization, Permission.EDIT, by=by)
    return found


@transaction.atomic
def differ(*, one: int, other: int, text: str = "", by: Actor, at: datetime) -> Different:
    """Say that two bodies are two, whatever they have in common; they are not listed again."""
    if one == other:
        raise refusal("MRG-SELF", _("两条记录是同一条。"))
    found = _locked(one, other, by=by)
    low, high = sorted((one, other))
    if Different.objects.filter(low=low, high=high).exists():
        raise refusal("MRG-DECIDED", _("这两家已经有人核定为不是同一家。"))
    made = Different.objects.create(
        low_id=low, high_id=high, note=text.strip()[:200], decided_at=at, decided_by=standings.recorder(by)
    )
    for pk, (organization, row) in found.items():
        told = {"other": high if pk == low else low, "note": made.note}
        events.record(Event.DIFFERENT, bodies.subject(organization, row), by=by, at=at, payload=told)
    return made


@transaction.atomic
def merge(
    *, kept: int, gone: int, take: Iterable[str] = (), reason: str, versions: Mapping[int, int], by: Actor, at: datetime
) -> Merge:
    """`gone` goes into `kept`. `take` names the facts whose value comes from `gone`; the others stay as they are.

    Refused for the same record, for one that is void, when one was changed since it was shown, without a reason, for a
    registered body that would go into a filed one, under a legal hold, and when a floor above refuses.
    """
    if kept == gone:
        raise refusal("MRG-SELF", _("两条记录是同一条。"))
    found = _locked(kept, gone, by=by)
    (stays, here), (goes, there) = found[kept], found[gone]
    for organization in (stays, goes):
        if versions.get(organization.pk) != organization.version:
            raise refusal("ORG-STALE", _("您打开页面之后，别人修改了这个组织。请核对最新内容后再保存。"))
    if len(reason.strip()) < 2:
        raise refusal("MRG-REASON", _("请写明合并的依据。"), "reason")
    if here.kind == Kind.BA and there.kind != Kind.BA:
        raise refusal("MRG-KIND", _("登记的组织不能并入备案的组织，请反过来合并。"))
    if LegalHold.objects.filter(subject_kind=SUBJECT, subject_id=str(gone), lifted_at__isnull=True).exists():
        raise refusal("MRG-HELD", _("“{name}”的资料已冻结，解除后才能合并。"), name=there.name)
    chosen = [name for name in take if name in queries.CHOICES]
    moved: dict[str, Any] = {"records": _carry(goes, stays, by=by, at=at)}
    moved["above"] = {
        code: merger.carry(gone=gone, kept=kept, by=by, at=at) for code, merger in registries.mergers.items()
    }
    moved["pointed"] = _point(gone, kept)
    moved["head"] = invitations.revoke_head(organization=gone, on=localdate(at), by=by, at=at).ended
    moved["gone"] = _end(goes, stays, by=by, at=at)
    moved["kept"] = _take_over(stays, goes, there, chosen, by=by, at=at)
    made = Merge.objects.create(
        kept=stays, gone=goes, name=there.name, reason=reason.strip()[:200], moved=moved, version=stays.version,
        merged_at=at, merged_by=standings.recorder(by),
    )  # fmt: skip
    for organization, row, other in ((stays, here, goes), (goes, there, stays)):
        told = {
            "merge": made.pk, "other": other.pk, "kept": kept, "take": chosen, "reason": made.reason,
            "note": there.name if organization is stays else here.name,
        }  # fmt: skip
        events.record(Event.MERGED, bodies.subject(organization, row), by=by, at=at, payload=told)
    search.refresh(SUBJECT, [kept, gone])
    return made


def _carry(goes: Organization, stays: Organization, *, by: Actor, at: datetime) -> list[list[Any]]:
    """Supersede the dated records of one body and write them for the other; where it has the same its own stays.

    Returns [kind, old key, new key or None] for each.
    """
    told: list[list[Any]] = []
    for kind, (model, same) in _RECORDS.items():
        rows = model._default_manager.filter(organization=goes, superseded_at__isnull=True)
        for row in rows.order_by("pk"):
            old = row.pk
            model._default_manager.filter(pk=old).update(superseded_at=at)
            mine = model._default_manager.filter(
                organization=stays, superseded_at__isnull=True, **{name: getattr(row, name) for name in same}
            )
            if kind != "annual":
                mine = mine.filter(valid_from__lt=row.valid_to, valid_to__gt=row.valid_from)  # type: ignore[attr-defined]
            new = None if mine.exists() else _again(row, stays, by=by, at=at)
            told.append([kind, old, new])
    return told


def _again(row: models.Model, organization: Organization, *, by: Actor, at: datetime) -> int:
    row.pk, row._state.adding = None, True
    row.organization, row.recorded_at, row.recorded_by = organization, at, standings.recorder(by)  # type: ignore[attr-defined]
    row.superseded_at = None  # type: ignore[attr-defined]
    row.save(force_insert=True)
    return int(row.pk or 0)


def _rows(code: str, key: int) -> tuple[models.QuerySet[Any], str]:
    """The rows of one kind that name a body, and the column that names it."""
    if code in _SUBJECTS:
        return _SUBJECTS[code]._default_manager.filter(subject_kind=SUBJECT, subject_id=str(key)), "subject_id"
    rows = _POINTED[code]._default_manager.filter(organization=key)
    return (rows.filter(decision="") if code == "claim" else rows), "organization_id"


def _point(gone: int, kept: int) -> dict[str, list[int]]:
    """Let what names the one name the other: files, cases, letters, calls, procedures. Returns the keys by kind.

    Where the one that stays has its own (a report of the same round), the other's stays with the void record.
    """
    told: dict[str, list[int]] = {}
    for code in (*_SUBJECTS, *_POINTED):
        rows, column = _rows(code, gone)
        value = str(kept) if column == "subject_id" else kept
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            if code == "report" and _stays(pk, told.get(code, [])):
                continue
            try:
                with transaction.atomic():
                    rows.model._default_manager.filter(pk=pk).update(**{column: value})
            except IntegrityError:
                continue
            told.setdefault(code, []).append(pk)
    return told


def _stays(pk: int, moved: list[int]) -> bool:
    """Whether it is a late report (补报) whose first one stays with the void record; that one has the smaller key."""
    return AnnualReport.objects.made_up().filter(pk=pk).exclude(makes_up__in=moved).exists()


def _end(goes: Organization, stays: Organization, *, by: Actor, at: datetime) -> list[int]:
    """The record that goes: void, pointing to the one that stays. Returns the keys of its standings."""
    rows = Standing.objects.current().filter(organization=goes)
    keys = list(rows.order_by("valid_from").values_list("pk", flat=True))
    Standing.objects.filter(pk__in=keys).update(superseded_at=at)
    goes.merged_into, goes.live = stays, False
    goes.voided_at, goes.voided_by = at, standings.recorder(by)
    goes.version += 1
    goes.save(update_fields=["merged_into", "live", "voided_at", "voided_by", "version"])
    return keys


def _take_over(
    stays: Organization, goes: Organization, there: Standing, chosen: list[str], *, by: Actor, at: datetime
) -> dict[str, Any]:
    """Write the chosen facts of the one into the other: numbers at once, dated facts from the day of the merge."""
    rows = list(Standing.objects.current().filter(organization=stays).order_by("valid_from"))
    began = stays.registered_on
    before = {name: _plain(getattr(stays, name)) for name in queries.IDENTITY}
    for name in chosen:
        if name in queries.IDENTITY:
            setattr(stays, name, getattr(goes, name))
    if "code" in chosen:
        stays.code_as_given = goes.code_as_given
    history = periods_of(rows)
    if "registered_on" in chosen:
        history = bodies.begun(history, began, stays.registered_on)
    columns = {c: getattr(there, c) for name in chosen if name not in queries.IDENTITY for c in queries.CHOICES[name]}
    if columns:
        history = arithmetic.change(history, columns, on=max(localdate(at), history[0].start))
    standings.replace_history(organization=stays, periods=history, by=by, at=at)
    return {"identity": before, "standings": [row.pk for row in rows]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def undo(*, merge: Merge, by: Actor, at: datetime) -> Merge:
    """Take a merge back: both records as they were, by rows written anew. Accounts whose access ended stay ended.

    Refused when it was taken back already, and when anything of what the merge wrote was touched since.
    """
    locks.one_at_a_time("organization", *sorted((merge.kept_id, merge.gone_id)))
    found = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if found.undone_at is not None:
        raise refusal("MRG-UNDONE", _("这次合并已经撤销过。"))
    kept, here = bodies.entered(Organization.objects.get(pk=found.kept_id), Permission.EDIT, by=by)
    goes = Organization.objects.select_for_update().get(pk=found.gone_id)
    moved = found.moved
    _require_over(goes, moved["gone"], by=by)
    if kept.version != found.version or not _untouched(moved):
        raise refusal("MRG-TOUCHED", _("合并之后“{name}”又有改动，不能撤销。请改用更正。"), name=here.name)
    for kind, old, new in moved["records"]:
        model = _RECORDS[kind][0]
        if new is not None:
            model._default_manager.filter(pk=new).update(superseded_at=at)
        _again(model._default_manager.get(pk=old), goes, by=by, at=at)
    for code, told in moved["above"].items():
        registries.mergers[code].take_back(told=told, by=by, at=at)
    for code, keys in moved["pointed"].items():
        rows, column = _rows(code, kept.pk)
        rows.filter(pk__in=keys).update(**{column: str(goes.pk) if column == "subject_id" else goes.pk})
    _restore(kept, moved["kept"], by=by, at=at)
    goes.merged_into, goes.voided_at, goes.voided_by = None, None, None
    was = list(Standing.objects.filter(pk__in=moved["gone"]).order_by("valid_from"))
    goes.save(update_fields=["merged_into", "voided_at", "voided_by"])
    standings.replace_history(organization=goes, periods=periods_of(was), by=by, at=at, assumed=list(was[0].assumed))
    found.undone_at, found.undone_by = at, standings.recorder(by)
    found.save(update_fields=["undone_at", "undone_by"])
    for organization, name in ((kept, here.name), (goes, found.name)):
        told_ = {"merge": found.pk, "kept": kept.pk, "note": found.name}
        events.record(Event.UNMERGED, (SUBJECT, str(organization.pk), name), by=by, at=at, payload=told_)
    search.refresh(SUBJECT, [kept.pk, goes.pk])
    return found


def _require_over(goes: Organization, keys: list[int], *, by: Actor) -> None:
    """The permission over the record that comes back: it has no standing now, so its last one is asked."""
    last = Standing.objects.filter(pk__in=keys).select_related("registrar_area").order_by("-valid_from").first()
    if last is None or not queries.may_edit(by, last.kind, last.registrar_area.path):
        raise PermissionDenied(str(Permission.EDIT))


def _untouched(moved: Mapping[str, Any]) -> bool:
    """Whether everything that the merge wrote still stands as it was written."""
    for kind, _old, new in moved["records"]:
        rows = _RECORDS[kind][0]._default_manager
        if new is not None and not rows.filter(pk=new, superseded_at__isnull=True).exists():
            return False
    return all(registries.mergers[code].untouched(told=told) for code, told in moved["above"].items())


def _restore(kept: Organization, told: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    for name, value in told["identity"].items():
        setattr(kept, name, date.fromisoformat(value) if name.endswith("_on") and value else value)
    rows = list(Standing.objects.filter(pk__in=told["standings"]).order_by("valid_from"))
    standings.replace_history(organization=kept, periods=periods_of(rows), by=by, at=at)
