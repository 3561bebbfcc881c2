"""Staging of an import: read the file, judge each row, compare with what is stored; write nothing but the batch.

The kind of import (registries.import_kinds) brings a *session*: it reads cells into a `ReadRow` and resolves a chunk of
rows against the database. Everything runs outside any long transaction; rows are written in chunks.

A small file is read at once (`stage`). A large one is begun in the request (`begin`: header, mapping, the batch in
state READING) and read by a job (`read`), which goes on behind the last chunk that an earlier attempt has committed. A
batch that was left in state READING is thrown away when the same file comes back.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from liaoyuan.core import bulk, events, jobs, locks, registries, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.models import Area, ImportBatch, ImportMapping, ImportRow, User
from liaoyuan.core.opening import (
    NoHeader,
    NoRows,
    Opened,
    Order,
    examine,
    own_units,
    sentence_of,
    signature,
    with_unit,
)
from liaoyuan.core.queries import batches
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.sheets import rows
from liaoyuan.kit.text import cell_text

__all__ = ["NoHeader", "NoRows", "Order", "ReadRow", "Session", "examine", "note", "read", "sentence_of", "stage"]
CHUNK = 1000
#: Of a cell no more is kept than a workbook that returns the row can hold.
LONGEST_CELL = 32_767
_COLUMNS = (
    "batch_id",
    "number",
    "verdict",
    "action",
    "key",
    "label",
    "fields",
    "findings",
    "confirmed",
    "object_id",
    "before",
    "raw",
)


@dataclass(slots=True)
class ReadRow:
    """One data row on its way: what was read, what it is compared with, what is doubtful.

    `before` is {field: [stored, new]} of an update. `stored` are the values for the database where they differ from the
    normalised `fields` (areas as ids, C3/C4 as ciphertext). `raw` are the cells as read.
    """

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    key: str = ""
    label: str = ""
    action: str = "create"
    verdict: Verdict = Verdict.ACCEPT
    object_id: int | None = None
    before: dict[str, Any] | None = None
    raw: list[Any] = field(default_factory=list)

    def judge(self) -> None:
        """The verdict is the worst cause: block → reject, confirm → review, else accept."""
        if self.verdict in (Verdict.SKIP, Verdict.DUPLICATE):
            return
        if not self.findings:
            self.verdict = Verdict.ACCEPT
            return
        found = {finding.severity for finding in self.findings}
        if Severity.BLOCK in found:
            self.verdict = Verdict.REJECT
        elif Severity.CONFIRM in found:
            self.verdict = Verdict.REVIEW
        else:
            self.verdict = Verdict.ACCEPT


class Session(Protocol):
    """What a kind of import brings."""

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the mapped cells of one row; never raises for what a user typed."""
        ...

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match the rows with stored records, fill action, before and the findings of the rules, and judge."""
        ...

    def seal(self, row: ReadRow) -> None:
        """Encrypt what must not stand in clear in staging."""
        ...


class Steps(Protocol):
    """How the chunks are committed and who is told: a job's handle (core.jobs.Progress), or nobody."""

    def at(self, done: int, total: int | None = None, sentence: str = "") -> None:
        """So many of so many rows are read. May raise, to end the reading."""
        ...

    def commit(self) -> AbstractContextManager[None]:
        """One transaction."""
        ...

    def finish(self, sentence: str = "") -> AbstractContextManager[None]:
        """The last transaction."""
        ...


class AtOnce:
    """Reading within a request or a command: nobody is told, nothing is taken up again."""

    def at(self, done: int, total: int | None = None, sentence: str = "") -> None:
        """Go on."""

    def commit(self) -> AbstractContextManager[None]:
        """One transaction."""
        return transaction.atomic()

    def finish(self, sentence: str = "") -> AbstractContextManager[None]:
        """One transaction."""
        return transaction.atomic()


def stage(order: Order, *, by: Actor, at: datetime) -> ImportBatch:
    """Read the file into a batch in state STAGED and return it; the same file with the same mapping gives the same.

    Raises `kit.sheets` Unreadable for a bad file and NoHeader when no header row, or nothing below it, is found;
    nothing stays then. Writes only staging.
    """
    opened = examine(order, at=at)
    batch, fresh = begin(opened, order, by=by, at=at)
    if not fresh:
        return batch
    try:
        return _read(batch, opened, AtOnce(), by=by, at=at)
    except Exception:
        batch.delete()  # what was read so far goes with a file that cannot be read to its end
        raise


def read(batch: ImportBatch, order: Order, steps: Steps, *, by: Actor, at: datetime) -> ImportBatch:
    """Read the rows of a batch that was begun, behind those that an earlier attempt has committed; see `stage`.

    Should the header be understood otherwise by now (a mapping was remembered meanwhile), reading begins anew. Returns
    the batch that waits for the same file when there is one; this one is gone then.
    """
    opened = examine(order, at=at)
    if opened.key != batch.file_key:
        with steps.commit():
            batch.rows.all().delete()
            ImportBatch.objects.filter(pk=batch.pk).update(**opened.facts())
        batch.refresh_from_db()
    return _read(batch, opened, steps, by=by, at=at)


def reading_key(batch: ImportBatch) -> str:
    """The key of the job that reads a batch."""
    return f"import.read:{batch.pk}"


def begin(opened: Opened, order: Order, *, by: Actor, at: datetime) -> tuple[ImportBatch, bool]:
    """Make the batch in state READING; its rows are read by `read`.

    The second value is False when the same file waits already, staged or still being read by a job.
    """
    pending = ImportBatch.objects.filter(file_key=opened.key, state=BatchState.STAGED).first()
    if pending is not None:
        return pending, False
    with transaction.atomic():
        for left in ImportBatch.objects.filter(file_key=opened.key, state=BatchState.READING):
            if jobs.unfinished(reading_key(left)) is not None:
                return left, False
            left.delete()
        batch = ImportBatch.objects.create(
            kind=order.kind,
            state=BatchState.READING,
            file_name=order.file_name[:200],
            as_of=order.as_of,
            area=order.area,
            created_at=at,
            created_by=by if isinstance(by, User) else None,
            **opened.facts(),
        )
    return batch, True


def _read(batch: ImportBatch, opened: Opened, steps: Steps, *, by: Actor, at: datetime) -> ImportBatch:
    session: Session = opened.kind.session(area=batch.area, as_of=batch.as_of, at=at, unit=opened.unit)
    total = next((sheet.rows for sheet in opened.table.sheets if sheet.name == opened.table.sheet), None)
    rows = interpret(opened, session)
    counts = _fill(batch, session, rows, steps, total)
    if not any(counts[verdict] for verdict in Verdict if verdict != Verdict.SKIP):
        raise NoRows(_("表里只有表头，没有数据行。请检查文件或选择的工作表。"))
    return _finish(batch, counts, opened, steps, by=by, at=at)


def interpret(opened: Opened, session: Session) -> Iterator[ReadRow]:
    """Data rows through the session, the others as SKIP; trailing blanks are not rows.

    Cells of columns that may not come in (`kept_out`) are gone before anybody sees them. Fields of `withheld` are
    neither read nor kept: then of a row's own cells only those stay that were read.
    """
    table, header, kind = opened.table, opened.header, opened.kind
    withheld, kept_out = opened.withheld, frozenset(opened.kept_out)
    columns = [(c.index, c.field) for c in header.columns if c.field and c.field not in withheld]
    units = own_units(header)
    kept = {index for index, _name in columns}
    refused = {c.index for c in header.columns if not c.field and any(word in c.label for word in kind.dropped)}
    last = max(header.header_rows)
    body = ((number, cells) for number, cells in table.rows() if number > last)
    held: list[ReadRow] = []  # blank rows count only when something follows them
    expected = last + 1
    for line in rows.walk(body, header, merged=table.merged, choices=kind.fill_down):
        held += [_skipped(number, "blank") for number in range(expected, line.number)]
        expected = line.number + 1
        if line.kind == "blank":
            held.append(_skipped(line.number, "blank"))
            continue
        yield from held
        held.clear()
        if line.kind != "data":
            yield _skipped(line.number, line.kind)
            continue
        cells = [None if i in kept_out else cell for i, cell in enumerate(line.cells)] if kept_out else line.cells
        if units:
            cells = [with_unit(cell, units.get(i)) for i, cell in enumerate(cells)]
        told = {name: cells[i] if i < len(cells) else None for i, name in columns}
        told.update({n: given.value for n, given in line.given.items() if n not in told and n not in withheld})
        row = session.read(line.number, told)
        row.raw = [cell if (i in kept if withheld else i not in refused) else None for i, cell in enumerate(cells)]
        yield row


def _skipped(number: int, what: str) -> ReadRow:
    return ReadRow(number, verdict=Verdict.SKIP, action="", label=_(SKIP_WORDS[what]))


SKIP_WORDS = {
    "blank": "空行",
    "title": "标题行",
    "repeated_header": "重复的表头",
    "subtotal": "合计行",
    "footer": "表尾说明",
    "section": "分节行",
}


def _fill(
    batch: ImportBatch, session: Session, source: Iterable[ReadRow], steps: Steps, total: int | None
) -> Counter[str]:
    """Judge and store the rows behind those that are stored already; how many there are of each sort in all."""
    seen: dict[str, tuple[int, int]] = {}
    stored = batch.rows.aggregate(last=Max("number"))["last"] or 0
    counts = _stored_counts(batch) if stored else Counter()
    chunk: list[ReadRow] = []

    def flush() -> None:
        data = [row for row in chunk if row.verdict != Verdict.SKIP]
        session.resolve(data)
        for row in data:
            _mark_duplicate(row, seen)
            session.seal(row)
        with steps.commit():
            bulk.load(ImportRow, _COLUMNS, (_tuple(batch.pk, row) for row in chunk))
        for row in chunk:
            counts[row.verdict] += 1
            if row.verdict in (Verdict.ACCEPT, Verdict.REVIEW):
                counts[f"{row.verdict}:{row.action}"] += 1
        steps.at(sum(counts[v] for v in Verdict), total, _("正在读取和比对"))
        chunk.clear()

    for row in source:
        if row.number <= stored:
            if row.key and row.verdict != Verdict.SKIP:
                seen.setdefault(row.key, (row.number, _content(row)))
            continue
        chunk.append(row)
        if len(chunk) >= CHUNK:
            flush()
    flush()
    return counts


def stage_rows(
    kind: registries.ImportKind, rows: Iterable[ReadRow], session: Session, *, area: Area, as_of: date, file_name: str,
    file_key: str, notes: list[str], by: Actor, at: datetime,
) -> ImportBatch:  # fmt: skip
    """A staged batch of rows that no file brought; one that waits with the same key is given back. One transaction.

    The caller has read the rows and judges nothing: they are compared and weighed as those of a file are.
    """
    locks.one_at_a_time("import.staged", file_key)
    pending = ImportBatch.objects.filter(file_key=file_key, state=BatchState.STAGED).first()
    if pending is not None:
        return pending
    batch = ImportBatch.objects.create(
        kind=kind.kind, state=BatchState.READING, file_name=file_name[:200], sha256=file_key, file_key=file_key,
        area=area, as_of=as_of, notes=notes, created_at=at, created_by=by if isinstance(by, User) else None,
    )  # fmt: skip
    counts = _fill(batch, session, rows, AtOnce(), None)
    batch.counts = {str(k): v for k, v in sorted(counts.items())}
    batch.state = BatchState.STAGED
    batch.save(update_fields=["counts", "state"])
    told = {"file": batch.file_name, "sha256": batch.sha256, "counts": batch.counts}
    events.record(Event.IMPORT_STAGED, batch, by=by, at=at, payload=told)
    return batch


def _stored_counts(batch: ImportBatch) -> Counter[str]:
    counts: Counter[str] = Counter()
    for verdict, action, count in batch.rows.order_by().values_list("verdict", "action").annotate(Count("pk")):
        counts[verdict] += count
        if verdict in (Verdict.ACCEPT, Verdict.REVIEW):
            counts[f"{verdict}:{action}"] += count
    return counts


def _content(row: ReadRow) -> int:
    """What a row says, to compare with its namesakes: of a large file the texts themselves would fill the memory."""
    return hash(repr(sorted(row.fields.items())))


def _mark_duplicate(row: ReadRow, seen: dict[str, tuple[int, int]]) -> None:
    """The same key earlier in the file: equal cells are a duplicate, differing ones need a person."""
    if not row.key:
        row.judge()
        return
    told = _content(row)
    earlier = seen.get(row.key)
    if earlier is None:
        seen[row.key] = (row.number, told)
    elif earlier[1] == told:
        row.verdict = Verdict.DUPLICATE
        row.action = ""
        row.findings.append(note("IMP-DUPLICATE", Severity.INFO, _("与第 {row} 行相同。"), row=earlier[0]))
    else:
        row.findings.append(
            note(
                "IMP-DUPLICATE-DIFFERS",
                Severity.CONFIRM,
                _("与第 {row} 行的主键相同，但内容不同，请确认以哪一行为准。"),
                row=earlier[0],
            )
        )
    row.judge()


def note(code: str, severity: Severity, message: str, *, field_name: str = "", **args: Any) -> Finding:
    """A finding of the importer itself (code IMP-…), which no parameter weighs."""
    return Finding(code=code, severity=severity, message=message, field=field_name, args=args)


def _tuple(batch_id: int, row: ReadRow) -> tuple[Any, ...]:
    plain = row.verdict in (Verdict.ACCEPT, Verdict.SKIP)
    raw = "" if plain else _sealed(row.raw)
    return (
        batch_id,
        row.number,
        str(row.verdict),
        row.action,
        row.key[:120],
        row.label[:200],
        row.fields,
        [f.as_dict() for f in row.findings] if row.findings else [],
        False,
        row.object_id,
        row.before,
        raw,
    )


def _sealed(cells: list[Any]) -> str:
    texts = json.dumps([cell_text(cell)[:LONGEST_CELL] for cell in cells], ensure_ascii=False)
    return vault.encrypt(texts, purpose=batches.RAW_PURPOSE)


def _finish(
    batch: ImportBatch, counts: Counter[str], opened: Opened, steps: Steps, *, by: Actor, at: datetime
) -> ImportBatch:
    with steps.finish():
        locks.one_at_a_time("import.staged", batch.file_key)
        pending = ImportBatch.objects.filter(file_key=batch.file_key, state=BatchState.STAGED).first()
        if pending is not None:  # read twice at once, here and elsewhere: one is enough
            batch.delete()
            return pending
        batch.counts = {str(k): v for k, v in sorted(counts.items())}
        batch.state = BatchState.STAGED
        batch.save(update_fields=["counts", "state"])
        ImportMapping.objects.update_or_create(
            kind=opened.kind.kind,
            signature=signature(opened.header),
            defaults={"mapping": dict(opened.header.mapping), "unit": opened.unit or "", "used_at": at},
        )
        events.record(
            Event.IMPORT_STAGED,
            batch,
            by=by,
            at=at,
            payload={"file": batch.file_name, "sha256": batch.sha256, "counts": batch.counts},
        )
    return batch
