"""对账: a file of another system is read as an import reads it and set against ours. Nothing of ours is written.

The file waits on the shelf until its columns are named; then it is compared, in the request or by a job. Only what
differs is stored, C3/C4 values as ciphertext. A difference that somebody has decided before comes with its decision.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, bulk, events, jobs, registries, shelf, staging, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import CompareState, DifferenceSort, Event, Verdict
from liaoyuan.core.models import Comparison, Difference, DifferenceDecision, Job, User
from liaoyuan.core.opening import Opened, Order, examine
from liaoyuan.core.params import READ_AT_ONCE
from liaoyuan.core.staging import ReadRow, Session, note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.sheets.refusal import Unreadable

JOB = "core.compare"
MARK_PURPOSE = "compare.mark"
#: Under this name stands what a cell says that could not be read.
RAW = "raw"
_CHUNK = 1000
_COLUMNS = ("comparison_id", "sort", "number", "key", "label", "field", "there", "here", "doubts", "object_id", "mark",
            "decision_id")  # fmt: skip


@dataclass(slots=True)
class Found:
    """One difference on its way. `key` names our record, or the other's where we have none."""

    sort: DifferenceSort
    key: str
    label: str
    field: str = ""
    there: dict[str, Any] = made(default_factory=dict)
    here: dict[str, Any] = made(default_factory=dict)
    doubts: list[dict[str, Any]] = made(default_factory=list)
    number: int | None = None
    object_id: int | None = None


@dataclass(slots=True)
class Result:
    """What a comparison showed."""

    found: list[Found]
    same: int
    rows: int
    notes: list[str]


class Book(Protocol):
    """Our side of a comparison, as of its day. The floor that holds the records brings it."""

    def find(self, row: ReadRow) -> int | None:
        """Our record with the row's number."""
        ...

    def find_by_name(self, rows: Sequence[ReadRow], taken: set[int]) -> Mapping[int, int]:
        """For rows whose number nobody has: place in `rows` → our record of that name, where there is only one."""
        ...

    def load(self, ids: Iterable[int]) -> None:
        """Read what is stored about the records."""
        ...

    def differing(self, row: ReadRow, pk: int, columns: Mapping[str, int]) -> list[Found]:
        """The cells of the row that differ from the record; `columns` says where each field stands in `row.raw`."""
        ...

    def settle(self, found: list[Found]) -> list[Found]:
        """At the end: without those cells of which the whole file shows that they mean nothing."""
        ...

    def rest(self, matched: set[int]) -> tuple[list[Found], list[str]]:
        """Our records that the file should have and has not, and notes about those that it need not have."""
        ...


def receive(*, order: Order, by: User, at: datetime) -> Comparison:
    """Keep an uploaded file and say how its columns were understood; nothing is compared yet.

    Raises what `opening.examine` raises; then nothing is kept.
    """
    access.require_area(by, registries.import_kinds[order.kind].permission, order.area.path)
    opened = examine(order, at=at)
    stored = f"{shelf.UPLOADS}/{secrets.token_hex(12)}"
    shelf.keep(order.path, stored)
    with transaction.atomic():
        return _begun(order, opened, state=CompareState.MAPPING, upload=stored, by=by, at=at)


def _begun(
    order: Order, opened: Opened, *, state: CompareState, upload: str = "", by: Actor, at: datetime
) -> Comparison:
    return Comparison.objects.create(
        kind=order.kind, state=state, file_name=order.file_name[:200], sheet=order.sheet or "", upload=upload,
        as_of=order.as_of, area=order.area, created_at=at, created_by=by if isinstance(by, User) else None,
        **_facts(opened),
    )  # fmt: skip


def _facts(opened: Opened) -> dict[str, Any]:
    told = opened.facts()
    return {name: told[name] for name in ("sha256", "labels", "mapping", "notes", "unit")}


def start(*, comparison: Comparison, mapping: Mapping[str, str], unit: str, by: User, at: datetime) -> Job | None:
    """Compare with these columns: label → field. At once for a small file, else by a job, which is returned.

    Refused when two columns would be one field, or when the file has been compared already. Raises what
    `opening.examine` raises; the file is given up then.
    """
    with transaction.atomic():
        comparison = _chosen(comparison, mapping, unit, by=by)
        if (shelf.root() / comparison.upload).stat().st_size > READ_AT_ONCE:
            return jobs.enqueue_on_commit(
                JOB, comparison.pk, key=f"compare:{comparison.pk}", by=by, at=at, label=comparison.file_name,
                subject=("comparison", comparison.pk),
            )  # fmt: skip
    try:
        with shelf.copy_of(comparison.upload) as path:
            run(comparison=comparison, path=path, by=by, at=at)
    except (Unreadable, staging.NoHeader):
        fail(comparison=comparison)
        raise
    return None


def _chosen(comparison: Comparison, mapping: Mapping[str, str], unit: str, *, by: User) -> Comparison:
    kind = registries.import_kinds[comparison.kind]
    access.require_area(by, kind.permission, comparison.area.path)
    comparison = Comparison.objects.select_for_update(of=("self",)).select_related("area").get(pk=comparison.pk)
    if comparison.state != CompareState.MAPPING:
        raise Refused([note("CMP-STATE", Severity.BLOCK, _("这份文件已经比对过。"))])
    chosen = {label: name for label, name in mapping.items() if name}
    twice = next((n for n in chosen.values() if list(chosen.values()).count(n) > 1), "")
    if twice:
        title = _(str(kind.fields.get(twice, twice)))
        raise Refused([note("CMP-MAPPING", Severity.BLOCK, _("有两列都对应“{title}”，请只留一列。"), title=title)])
    if not chosen:
        raise Refused([note("CMP-MAPPING", Severity.BLOCK, _("请至少为一列选择对应的字段。"))])
    comparison.mapping, comparison.unit, comparison.state = chosen, unit, CompareState.READING
    comparison.save(update_fields=["mapping", "unit", "state"])
    return comparison


def compare_file(*, order: Order, by: Actor, at: datetime) -> tuple[Comparison, Result]:
    """Compare a file at once with the columns as they are understood; for the command line."""
    access.require_area(by, registries.import_kinds[order.kind].permission, order.area.path)
    opened = examine(order, at=at)
    result = judge(opened, order, at=at)
    with transaction.atomic():
        comparison = _begun(order, opened, state=CompareState.READING, by=by, at=at)
        return store(comparison, result, by=by, at=at), result


def run(
    *, comparison: Comparison, path: Path, by: Actor, at: datetime, steps: staging.Steps | None = None
) -> Comparison:
    """Compare the kept file and store what differs; running it again begins anew."""
    order = Order(
        kind=comparison.kind, path=path, file_name=comparison.file_name, area=comparison.area,
        as_of=comparison.as_of, sheet=comparison.sheet or None, mapping=dict(comparison.mapping),
        unit=comparison.unit or None,
    )  # fmt: skip
    opened = _narrowed(examine(order, at=at), comparison.mapping)
    steps = steps or staging.AtOnce()
    result = judge(opened, order, at=at, tell=lambda n: steps.at(n, None, _("正在读取和比对")))
    with steps.finish():
        return store(comparison, result, by=by, at=at)


def _narrowed(opened: Opened, mapping: Mapping[str, str]) -> Opened:
    """The file with those columns only that somebody chose."""
    header = opened.header
    columns = tuple(c if mapping.get(c.label) == c.field else replace(c, field=None) for c in header.columns)
    return replace(opened, header=replace(header, columns=columns))


def judge(opened: Opened, order: Order, *, at: datetime, tell: Callable[[int], None] = lambda n: None) -> Result:
    """Set the rows of the file against ours. Reads only."""
    session: Session = opened.kind.session(area=order.area, as_of=order.as_of, at=at, unit=opened.unit)
    book: Book = registries.compare_kinds[order.kind].book(area=order.area, as_of=order.as_of)
    columns = {c.field: c.index for c in opened.header.columns if c.field and c.field not in opened.withheld}
    found: list[Found] = []
    lost: list[ReadRow] = []
    matched: dict[int, int] = {}
    twice: list[int] = []
    skipped: list[ReadRow] = []
    rows = 0
    chunk: list[tuple[ReadRow, int]] = []

    def flush() -> None:
        book.load([pk for _row, pk in chunk])
        for row, pk in chunk:
            found.extend(book.differing(row, pk, columns))
        chunk.clear()

    for row in staging.interpret(opened, session):
        if row.verdict == Verdict.SKIP:
            skipped.append(row)
            continue
        rows += 1
        pk = book.find(row)
        if pk is None:
            lost.append(row)
        elif pk in matched:
            twice.append(row.number)
        else:
            matched[pk] = row.number
            chunk.append((row, pk))
        if len(chunk) >= _CHUNK:
            flush()
            tell(rows)
    by_name = book.find_by_name(lost, set(matched))
    for place, row in enumerate(lost):
        if place in by_name:
            matched[by_name[place]] = row.number
            chunk.append((row, by_name[place]))
        else:
            found.append(_only_there(row))
    flush()
    if not rows:
        raise staging.NoRows(_("表里只有表头，没有数据行。请检查文件或选择的工作表。"))
    kept = book.settle(found)
    ours, notes = book.rest(set(matched))
    same = len(matched) - len({f.object_id for f in kept if f.sort == DifferenceSort.CELL})
    return Result(_once([*kept, *ours]), same, rows, [*notes, *_left_out(twice, skipped)])


def _left_out(twice: list[int], skipped: list[ReadRow]) -> list[str]:
    """Notes about rows that were not compared."""
    notes = []
    if twice:
        message = _("有 {n} 行与前面的行是同一家，没有再比（第 {rows} 行）。")
        notes.append(message.format(n=len(twice), rows="、".join(map(str, twice[:10]))))
    words: dict[str, list[int]] = {}
    for row in skipped:
        words.setdefault(row.label, []).append(row.number)
    for word, numbers in words.items():
        if word != _(staging.SKIP_WORDS["blank"]):
            message = _("有 {n} 行看来是“{word}”，没有比（第 {rows} 行）。")
            notes.append(message.format(n=len(numbers), word=word, rows="、".join(map(str, numbers[:10]))))
    return notes


def _only_there(row: ReadRow) -> Found:
    return Found(
        DifferenceSort.THERE, row.key[:120], row.label[:200], there=dict(row.fields), number=row.number,
        doubts=[f.as_dict() for f in row.findings],
    )  # fmt: skip


def _once(found: list[Found]) -> list[Found]:
    """Each difference once: a file that holds a row twice which we do not have tells it once."""
    kept: dict[str, Found] = {}
    for one in found:
        kept.setdefault(_told(one), one)
    return list(kept.values())


def _told(one: Found) -> str:
    """What makes a difference the same one in a later comparison."""
    cell = one.sort == DifferenceSort.CELL
    values = [one.there, one.here] if cell else [one.label]
    return json.dumps([one.sort, one.key, one.field, *values], ensure_ascii=False, sort_keys=True, default=str)


def marks_of(kind: str, one: Found) -> list[str]:
    """The keyed hashes of a difference, under the present index key first."""
    return vault.blind_indexes(f"{kind}:{_told(one)}", purpose=MARK_PURPOSE)


def store(comparison: Comparison, result: Result, *, by: Actor, at: datetime) -> Comparison:
    """Write the differences, each with the decision it has from before; the upload is not needed any more."""
    marks = [marks_of(comparison.kind, one) for one in result.found]
    known = _decided(comparison, [mark for all_ in marks for mark in all_])
    session = registries.import_kinds[comparison.kind].session(
        area=comparison.area, as_of=comparison.as_of, at=at, unit=None
    )
    comparison.differences.all().delete()

    def rows() -> Iterable[tuple[Any, ...]]:
        for one, all_ in zip(result.found, marks, strict=True):
            decision = next((known[mark] for mark in all_ if mark in known), None)
            yield (
                comparison.pk, str(one.sort), one.number, one.key[:120], one.label[:200], one.field,
                _sealed(session, one.there), _sealed(session, one.here), one.doubts, one.object_id, all_[0], decision,
            )  # fmt: skip

    bulk.load(Difference, _COLUMNS, rows())
    sorts = {str(sort): sum(one.sort == sort for one in result.found) for sort in DifferenceSort}
    comparison.counts = {**sorts, "same": result.same, "rows": result.rows}
    comparison.notes = [*dict.fromkeys([*comparison.notes, *result.notes])]
    comparison.state, upload, comparison.upload = CompareState.DONE, comparison.upload, ""
    comparison.save(update_fields=["counts", "notes", "state", "upload"])
    told = {"file": comparison.file_name, "sha256": comparison.sha256, "counts": comparison.counts}
    events.record(Event.COMPARED, comparison, by=by, at=at, payload=told)
    transaction.on_commit(lambda: shelf.drop(upload))
    return comparison


def _decided(comparison: Comparison, marks: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    rows = DifferenceDecision.objects.filter(kind=comparison.kind, area=comparison.area_id, superseded_at__isnull=True)
    for start_ in range(0, len(marks), _CHUNK):
        found.update(rows.filter(mark__in=marks[start_ : start_ + _CHUNK]).values_list("mark", "pk"))
    return found


def _sealed(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    row = ReadRow(0, fields=dict(values))
    session.seal(row)
    return row.fields


@transaction.atomic
def fail(*, comparison: Comparison) -> None:
    """The file cannot be read to its end: nothing of it stays."""
    comparison.differences.all().delete()
    shelf.drop(comparison.upload)
    comparison.state, comparison.upload = CompareState.FAILED, ""
    comparison.save(update_fields=["state", "upload"])
