"""Applying and undoing an import batch of organizations: set actions, each one short transaction.

Reading and comparing happened in staging. Under the lock only the version stamps are checked again and rows written in
bulk. Undo compensates; it refuses, and undoes nothing, when a later change touched one of the same facts.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, bulk, events, locks, registries, search, sensitive, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import invitations
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.periods import Period
from liaoyuan.registry.actions import records, secrets, standings, values
from liaoyuan.registry.choices import LIVE
from liaoyuan.registry.models import OPEN, CreditEntry, Organization, Rating, Standing
from liaoyuan.registry.models.records import AnnualResult
from liaoyuan.registry.queries.standings import FACTS, POINT, periods_of

SUBJECT = "organization"
_ORGANIZATION = (
    "id",
    "code",
    "code_as_given",
    "filing_no",
    "registered_on",
    "closed_on",
    "is_external",
    "live",
    "version",
    "created_at",
    "created_by_id",
)
_STANDING = ("organization_id", "valid_from", "valid_to", "recorded_at", "recorded_by_id", "assumed", *FACTS)
_LIVE = {str(s) for s in LIVE}
_CHUNK = 500
_RATED = frozenset({"rating", "rated_on", "rating_until"})


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the batch's accepted rows, and its review rows that are confirmed (all of them with `confirm_review`).

    Refused when the batch is not staged any more, when the register changed since the comparison (IMP-STALE), or when
    two rows would take the same code.
    """
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    creates, updates = _split(_writable(batch, confirm_review=confirm_review))
    for row in (*creates, *updates):
        secrets.refuse_unstorable(row.fields)
    with transaction.atomic():
        locks.one_at_a_time("registry.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        _require_state(batch, BatchState.STAGED)
        _require_fillable(batch, [*creates, *updates], localdate(at))
        _require_fresh(creates, updates)
        ids = _create(batch, creates, by=by, at=at)
        heads = _update(batch, updates, by=by, at=at)
        ended = invitations.revoke_heads(changes=heads, by=by, at=at)
        if len(ids) >= _CHUNK:
            bulk.tell_planner(Organization, Standing, Rating, AnnualResult, CreditEntry)
        if confirm_review:
            batch.rows.filter(verdict=Verdict.REVIEW, confirmed=False).update(confirmed=True)
        batch.state, batch.applied_at, batch.applied_by = BatchState.APPLIED, at, standings.recorder(by)
        batch.counts = {**batch.counts, "written:create": len(creates), "written:update": len(updates)}
        if ended:
            told = _("负责人有变更，以下账号的授权已收回：{names}。").format(names="、".join(ended))
            batch.notes = [*batch.notes, told]
        batch.save(update_fields=["state", "applied_at", "applied_by", "counts", "notes"])
        search.refresh(SUBJECT, [*ids, *(row.object_id for row in updates if row.object_id)])
        events.record(
            Event.IMPORT_APPLIED,
            batch,
            by=by,
            at=at,
            payload={"file": batch.file_name, "sha256": batch.sha256, "counts": batch.counts, "digest": _digest(batch)},
        )
    return batch


def _writable(batch: ImportBatch, *, confirm_review: bool) -> Iterator[ImportRow]:
    rows = batch.rows.filter(verdict__in=[Verdict.ACCEPT, Verdict.REVIEW]).order_by("number")
    for row in rows.defer("raw", "findings").iterator(chunk_size=2000):
        if row.verdict == Verdict.ACCEPT or row.confirmed or confirm_review:
            yield row


def _split(rows: Iterable[ImportRow]) -> tuple[list[ImportRow], list[ImportRow]]:
    """Rows to create and rows to update. Of several rows with one key the last one wins, as the person confirmed."""
    creates: dict[str, ImportRow] = {}
    updates: dict[int, ImportRow] = {}
    for row in rows:
        if row.object_id is None:
            creates[row.key] = row
        else:
            updates[row.object_id] = row
    return list(creates.values()), [row for row in updates.values() if row.action == "update"]


def _require_state(batch: ImportBatch, state: BatchState) -> None:
    if batch.state != state:
        raise Refused([staging.note("IMP-STATE", Severity.BLOCK, _("这个批次已经处理过，不能重复操作。"))])


def _require_fillable(batch: ImportBatch, rows: list[ImportRow], on: date) -> None:
    """A batch read before the installation went back to trial brings no sensitive values in."""
    names = sensitive.withheld(registries.import_kinds[batch.kind].fields, on)
    if names and any(row.fields.get(name) for row in rows for name in names):
        raise Refused([
            staging.note(
                "IMP-SENSITIVE", Severity.BLOCK,
                _("试用级别不能录入敏感信息：请放弃这个批次并重新上传，敏感信息的列会自动略去。"),
            )
        ])  # fmt: skip


def _require_fresh(creates: list[ImportRow], updates: list[ImportRow]) -> None:
    """Nothing that the comparison rested on has changed."""
    stale: list[str] = []
    for start in range(0, len(updates), _CHUNK):
        part = updates[start : start + _CHUNK]
        now = dict(Organization.objects.filter(pk__in=[r.object_id for r in part]).values_list("pk", "version"))
        stale += [r.label for r in part if now.get(r.object_id or 0) != (r.before or {}).get("_", {}).get("version")]
    for name in ("code", "filing_no"):
        wanted = [r.fields[name] for r in creates if r.fields.get(name)]
        for start in range(0, len(wanted), _CHUNK):
            taken = Organization.objects.known().filter(**{f"{name}__in": wanted[start : start + _CHUNK]})
            stale += list(taken.values_list(name, flat=True))
    if stale:
        raise Refused(
            [
                staging.note(
                    "IMP-STALE",
                    Severity.BLOCK,
                    _("比对之后有 {n} 个组织被修改（如 {first}），请重新比对后再导入。"),
                    n=len(stale),
                    first=stale[0],
                )
            ]
        )


def _create(batch: ImportBatch, rows: list[ImportRow], *, by: Actor, at: datetime) -> list[int]:
    if not rows:
        return []
    user = standings.recorder(by)
    user_id = user.pk if user else None
    ids = bulk.reserve_ids(Organization, len(rows))
    home = batch.area.path
    areas = dict(
        batch.area.__class__.objects.filter(
            pk__in={(r.before or {}).get("_", {}).get("registrar_area_id") for r in rows} - {None}
        ).values_list("pk", "path")
    )
    organizations, histories = [], []
    for pk, row in zip(ids, rows, strict=True):
        places = {"registrar_area_id": batch.area_id, **(row.before or {}).get("_", {})}
        same = values.identity(row.fields)
        known = values.facts(row.fields, places)
        known["registrar_area_id"] = places["registrar_area_id"]
        external = not areas.get(places["registrar_area_id"], home).startswith(home)
        history = values.first_periods(
            known,
            start=same.get("registered_on"),
            closed_on=same.get("closed_on"),
            as_of=batch.as_of,
            marks=values.precision(row.fields),
        )
        live = history[-1].values["status"] in _LIVE
        organizations.append(
            (
                pk,
                same.get("code", ""),
                same.get("code_as_given", ""),
                same.get("filing_no", ""),
                same.get("registered_on"),
                same.get("closed_on"),
                external,
                live,
                1,
                at,
                user_id,
            )
        )
        histories += _standing_rows(pk, history, at, user_id, assumed=["*"])
    bulk.load(Organization, _ORGANIZATION, organizations)
    bulk.load(Standing, _STANDING, histories)
    _create_records(batch, ids, rows, user_id, at)
    bulk.run_many(
        "UPDATE core_importrow SET object_id = %s WHERE id = %s",
        ((pk, row.pk) for pk, row in zip(ids, rows, strict=True)),
    )
    return ids


def _standing_rows(
    pk: int, history: Iterable[Period], at: datetime, user_id: int | None, *, assumed: list[str]
) -> list[tuple[Any, ...]]:
    return [
        (pk, p.start, p.end, at, user_id, assumed if i == 0 else [], *(p.values[name] for name in FACTS))
        for i, p in enumerate(history)
    ]


def _create_records(
    batch: ImportBatch, ids: list[int], rows: list[ImportRow], user_id: int | None, at: datetime
) -> None:
    """Records of new bodies in bulk: nothing has to be compared."""
    ratings, results, credits_ = [], [], []
    for pk, row in zip(ids, rows, strict=True):
        fields = row.fields
        if fields.get("rating"):
            given, last = fields.get("rated_on"), fields.get("rating_until")
            begin = values.day(given or fields.get("registered_on") or "0001-01-01")
            end = date.fromordinal(values.day(last).toordinal() + 1) if last else OPEN
            ratings.append((pk, fields["rating"], begin, end if end > begin else OPEN, not given, at, user_id, ""))
        results += [(pk, int(y), r, at, user_id) for y, r in sorted((fields.get("annual_results") or {}).items())]
        if fields.get("credit_status", "normal") != "normal":
            credits_.append(
                (pk, fields["credit_status"], _("导入的台账列有"), batch.as_of, OPEN, True, at, user_id, "", "")
            )
    if ratings:
        bulk.load(
            Rating,
            (
                "organization_id",
                "level",
                "valid_from",
                "valid_to",
                "assumed",
                "recorded_at",
                "recorded_by_id",
                "evidence",
            ),
            ratings,
        )
    if results:
        bulk.load(AnnualResult, ("organization_id", "year", "result", "recorded_at", "recorded_by_id"), results)
    if credits_:
        bulk.load(
            CreditEntry,
            (
                "organization_id",
                "list_kind",
                "reason",
                "valid_from",
                "valid_to",
                "assumed",
                "recorded_at",
                "recorded_by_id",
                "evidence",
                "removal_reason",
            ),
            credits_,
        )


def _update(batch: ImportBatch, rows: list[ImportRow], *, by: Actor, at: datetime) -> dict[int, date]:
    """Write the changed bodies; returns those whose head is another one now, with the day of the change."""
    heads: dict[int, date] = {}
    user = standings.recorder(by)
    user_id = user.pk if user else None
    for start in range(0, len(rows), _CHUNK):
        part = {row.object_id or 0: row for row in rows[start : start + _CHUNK]}
        organizations = Organization.objects.in_bulk(list(part))
        kept: dict[int, list[Standing]] = {}
        current = Standing.objects.filter(organization__in=part, superseded_at__isnull=True)
        for standing in current.order_by("valid_from"):
            kept.setdefault(standing.organization_id, []).append(standing)
        gone: list[tuple[datetime, int]] = []
        fresh: list[tuple[Any, ...]] = []
        for pk, row in part.items():
            organization, old = organizations[pk], kept[pk]
            history = _changed(batch, row, organization, old)
            if standings.head_changed(periods_of(old), history):
                heads[pk] = batch.as_of
            done, new = _difference(old, history)
            gone += [(at, dead) for dead in done]
            fresh += [(pk, p.start, p.end, at, user_id, mark, *(p.values[n] for n in FACTS)) for p, mark in new]
            told = records.write_records(organization, _changed_fields(row), as_of=batch.as_of, by=user, at=at)
            if told:
                row.before["_"]["records"] = told  # type: ignore[index]
            organization.live = history[-1].values["status"] in _LIVE
            organization.version += 1
        bulk.run_many("UPDATE registry_standing SET superseded_at = %s WHERE id = %s", gone)
        bulk.load(Standing, _STANDING, fresh)
        Organization.objects.bulk_update(
            organizations.values(),
            ["code", "code_as_given", "filing_no", "registered_on", "closed_on", "live", "version"],
        )
        ImportRow.objects.bulk_update(part.values(), ["before"])
    return heads


def _changed_fields(row: ImportRow) -> dict[str, Any]:
    names = set(row.before or {}) - {"_"}
    if names & _RATED:  # a rating is one record: a date that stays as it was is told with the one that moved
        names |= _RATED
    return {name: row.fields[name] for name in names if name in row.fields}


def _changed(batch: ImportBatch, row: ImportRow, organization: Organization, old: list[Standing]) -> list[Period]:
    """The new history of one body; what the undo needs goes into the row's `before["_"]`."""
    fields = _changed_fields(row)
    meta: dict[str, Any] = row.before["_"]  # type: ignore[index]
    same = values.identity(fields)
    meta["identity"] = {n: [_plain(getattr(organization, n)), _plain(v)] for n, v in same.items()}
    for name, value in same.items():
        setattr(organization, name, value)
    history = periods_of(old)
    facts = values.facts(fields, meta)
    marks = values.precision(fields)
    on = max(batch.as_of, history[0].start)
    here = arithmetic.at(history, on)
    if here is None:
        raise ValueError("a history covers every day from its beginning")
    dated = DATED & facts.keys() | ({"registered_on"} & fields.keys())
    kept_marks = {k: v for k, v in here.values["precision"].items() if k not in dated} | marks
    if kept_marks != here.values["precision"]:
        facts["precision"] = kept_marks
    if facts.get("status") and same.get("closed_on"):
        on = max(same["closed_on"], history[0].start)
    meta["columns"] = {
        name: [
            _plain(here.values[name]),
            _plain(value),
            on.isoformat(),
            arithmetic.run_end_of_all(history, POINT if name in POINT else (name,), on).isoformat(),
        ]
        for name, value in facts.items()
        if here.values[name] != value
    }
    for name, (_old, _new, start, end) in meta["columns"].items():
        history = arithmetic.put(history, {name: facts[name]}, start=values.day(start), end=values.day(end))
    return _shift_start(history, same.get("registered_on"), meta)


DATED = values.DATES | {"registered_on"}


def _shift_start(history: list[Period], start: date | None, meta: dict[str, Any]) -> list[Period]:
    """A corrected registration date moves the beginning of the history."""
    first = history[0]
    if start is None or start == first.start or start >= first.end:
        return history
    meta["start"] = [first.start.isoformat(), start.isoformat()]
    return [Period(start, first.end, first.values), *history[1:]]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _difference(old: list[Standing], history: list[Period]) -> tuple[list[int], list[tuple[Period, list[str]]]]:
    """Primary keys of rows that no longer hold, and the periods to write with their `assumed` mark."""
    wanted = {(p.start, p.end): p for p in history}
    gone = []
    kept = set()
    for row, period in zip(old, periods_of(old), strict=True):
        same = wanted.get((row.valid_from, row.valid_to))
        if same is not None and dict(same.values) == dict(period.values):
            kept.add((row.valid_from, row.valid_to))
        else:
            gone.append(row.pk)
    marks = list(old[0].assumed)
    return gone, [(p, marks if i == 0 else []) for i, p in enumerate(history) if (p.start, p.end) not in kept]


def _digest(batch: ImportBatch) -> str:
    """SHA-256 over the change table: row number, record, action, values, comparison, in order."""
    digest = hashlib.sha256()
    rows = batch.rows.filter(object_id__isnull=False).order_by("number")
    for row in rows.values_list("number", "object_id", "action", "fields", "before").iterator(chunk_size=5000):
        digest.update(json.dumps(row, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back. Refused, with the rows whose facts somebody changed since; then nothing is undone."""
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("registry.import")
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        _require_state(batch, BatchState.APPLIED)
        rows = list(batch.rows.filter(object_id__isnull=False, action__in=["create", "update"]).order_by("number"))
        rows = [r for r in rows if r.action == "create" or "columns" in (r.before or {}).get("_", {})]
        touched = _void_created(rows, by=by, at=at) + _restore_updated(rows, by=by, at=at)
        if touched:
            raise Refused(
                [
                    staging.note(
                        "IMP-UNDO",
                        Severity.BLOCK,
                        _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。"),
                        row=r.number,
                        name=r.label,
                    )
                    for r in sorted(touched, key=lambda r: r.number)[:100]
                ]
            )
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, standings.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        search.refresh(SUBJECT, [row.object_id for row in rows if row.object_id])
        events.record(
            Event.IMPORT_UNDONE,
            batch,
            by=by,
            at=at,
            payload={"file": batch.file_name, "rows": len(rows), "digest": _digest(batch)},
        )
    return batch


def _void_created(rows: list[ImportRow], *, by: Actor, at: datetime) -> list[ImportRow]:
    created = {row.object_id or 0: row for row in rows if row.action == "create"}
    touched: list[ImportRow] = []
    ids = list(created)
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        changed = Organization.objects.filter(pk__in=part).exclude(version=1, voided_at__isnull=True)
        touched += [created[pk] for pk in changed.values_list("pk", flat=True)]
        Standing.objects.filter(organization__in=part, superseded_at__isnull=True).update(superseded_at=at)
        Organization.objects.filter(pk__in=part).update(
            voided_at=at, voided_by=standings.recorder(by), live=False, version=2
        )
    return touched


def _restore_updated(rows: list[ImportRow], *, by: Actor, at: datetime) -> list[ImportRow]:
    touched: list[ImportRow] = []
    user = standings.recorder(by)
    for row in rows:
        if row.action != "update":
            continue
        meta: dict[str, Any] = (row.before or {})["_"]
        organization = Organization.objects.get(pk=row.object_id or 0)
        old = list(
            Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from")
        )
        history = periods_of(old)
        if not _untouched(meta, organization, history):
            touched.append(row)
            continue
        for name, (was, _new) in meta["identity"].items():
            setattr(organization, name, values.day(was) if name.endswith("_on") and was else was)
        if "start" in meta:
            history = [Period(values.day(meta["start"][0]), history[0].end, history[0].values), *history[1:]]
        for name, (was, _new, start, end) in meta["columns"].items():
            value = values.day(was) if name in values.DATES and was else was
            history = arithmetic.put(history, {name: value}, start=values.day(start), end=values.day(end))
        records.take_back(meta.get("records", []), by=user, at=at)
        standings.replace_history(organization=organization, periods=history, by=by, at=at)
    return touched


def _untouched(meta: dict[str, Any], organization: Organization, history: list[Period]) -> bool:
    """Whether every fact that the row wrote still stands as it was written."""
    if any(_plain(getattr(organization, name)) != new for name, (_was, new) in meta["identity"].items()):
        return False
    if "start" in meta and history[0].start.isoformat() != meta["start"][1]:
        return False
    for name, (_was, new, start, end) in meta["columns"].items():
        begin, stop = max(values.day(start), history[0].start), values.day(end)
        span = [p for p in history if p.start < stop and p.end > begin]
        if any(_plain(p.values[name]) != new for p in span):
            return False
    return records.still_current(meta.get("records", []))
