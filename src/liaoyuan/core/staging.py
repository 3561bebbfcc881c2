"""Staging of an import: read the file, judge each row, compare with what is stored; write nothing but the batch.

The kind of import (registries.import_kinds) brings a *session*: it reads cells into a `ReadRow` and resolves a chunk of
rows against the database. Everything runs outside any long transaction; rows are written in chunks. A batch left in
state READING by a crash is thrown away and read again when the same file comes back.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import bulk, events, registries, sensitive, vault, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event, Verdict
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, ImportBatch, ImportMapping, ImportRow, User
from liaoyuan.core.queries import batches
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.sheets import headers, reading, rows
from liaoyuan.kit.sheets.refusal import MESSAGES, Unreadable
from liaoyuan.kit.text import cell_text, match_key

CHUNK = 1000
#: Of a cell no more is kept than a workbook that returns the row can hold.
LONGEST_CELL = 32_767
_PREVIEW = 60
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


class NoHeader(Exception):
    """No header row was recognised; the message is the sentence for the user."""


class NoRows(NoHeader):
    """A header was recognised, but no row of data stands below it."""


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


@dataclass(frozen=True, slots=True)
class Order:
    """What the caller asks for: the file and how to read it."""

    kind: str
    path: Path
    file_name: str
    area: Area
    as_of: date
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None


def stage(order: Order, *, by: Actor, at: datetime) -> ImportBatch:
    """Read the file into a batch in state STAGED and return it; the same file with the same mapping gives the same.

    Raises `kit.sheets` Unreadable for a bad file and NoHeader when no header row, or nothing below it, is found;
    nothing stays then. Writes only staging.
    """
    kind = registries.import_kinds[order.kind]
    table = reading.open_table(order.path, sheet=order.sheet)
    header, unit, remembered = _header(kind, table, order)
    header, kept_out = _without_refused(header, kind)
    mapping = dict(header.mapping)
    withheld = frozenset(sensitive.withheld(kind.fields, localdate(at)))
    file_key = _file_key(order, table.sha256, table.sheet, mapping, unit, withheld)
    pending = ImportBatch.objects.filter(file_key=file_key, state=BatchState.STAGED).first()
    if pending is not None:
        return pending
    with transaction.atomic():
        ImportBatch.objects.filter(file_key=file_key, state=BatchState.READING).delete()
        batch = ImportBatch.objects.create(
            kind=order.kind,
            state=BatchState.READING,
            file_name=order.file_name[:200],
            sha256=table.sha256,
            file_key=file_key,
            sheet=table.sheet or "",
            encoding=table.encoding or "",
            header_rows=list(header.header_rows),
            mapping=mapping,
            labels=[c.label for c in header.columns],
            notes=[*_notes(header, kind, remembered, withheld, kept_out), *kept_out.values()],
            unit=unit or "",
            as_of=order.as_of,
            area=order.area,
            created_at=at,
            created_by=by if isinstance(by, User) else None,
        )
    session: Session = kind.session(area=order.area, as_of=order.as_of, at=at, unit=unit)
    try:
        counts = _fill(batch, session, _interpret(table, header, session, kind, withheld, frozenset(kept_out)))
        if not any(counts[verdict] for verdict in Verdict if verdict != Verdict.SKIP):
            raise NoRows(_("表里只有表头，没有数据行。请检查文件或选择的工作表。"))
    except Exception:
        batch.delete()  # what was read so far goes with a file that cannot be read to its end
        raise
    _finish(batch, counts, header, kind, mapping, unit, by=by, at=at)
    return batch


def sentence_of(error: Unreadable | NoHeader) -> str:
    """Why a file was refused, in the language of the person who sent it."""
    if isinstance(error, Unreadable):
        return _(MESSAGES[error.code]).format(**error.args_of)
    return str(error)


def _header(kind: registries.ImportKind, table: reading.Table, order: Order) -> tuple[headers.Header, str | None, bool]:
    """The header of the sheet, the unit of money, and whether a remembered mapping was used."""
    preview = list(islice(table.rows(), _PREVIEW))
    header = headers.find_header(preview, kind.synonyms, merged=table.merged, overrides=order.mapping)
    if header is None:
        raise NoHeader(_("前 30 行里没有找到表头。请检查文件是否有列名，或用“列名=字段”指定对应关系。"))
    if header.unmatched:
        raise NoHeader(_("表里没有名为“{label}”的列，请检查指定的对应关系。").format(label="、".join(header.unmatched)))
    remembered = False
    if not order.mapping:
        kept = ImportMapping.objects.filter(kind=kind.kind, signature=_signature(header)).first()
        if kept is not None and kept.mapping and kept.mapping != header.mapping:
            again = headers.find_header(preview, kind.synonyms, merged=table.merged, overrides=kept.mapping)
            if again is not None:
                header, remembered = again, True
    told = next((c.unit for c in header.columns if c.unit and c.field), None)
    return header, order.unit or told or header.unit, remembered


def _without_refused(header: headers.Header, kind: registries.ImportKind) -> tuple[headers.Header, dict[int, str]]:
    """The header without columns that may not come in, and a sentence for each by its place in the row.

    What the product never collects, whatever a mapping says; what this zone does not store; and columns of persons that
    this import has no field for. Their cells are blanked before anything is kept.
    """
    zone = settings.ZONE
    refused = zones.refused(zone, kind.personal, zones.Op.IMPORT)
    kept_out: dict[int, str] = {}
    for column in header.columns:
        told = ""
        if any(word in column.label for word in kind.dropped):
            told = _("“{label}”列不导入：本系统不收集这一项。")
        elif column.field in refused:
            told = _("“{label}”列不导入：{zone}不存储这一项。")
        elif column.field is None and zones.labelled(column.label):
            told = _("“{label}”列不导入，也不留存：这种表没有这一项。")
        if told:
            kept_out[column.index] = told.format(label=column.label, zone=_(zones.ZONE_TITLES[zone]))
    columns = tuple(replace(c, field=None) if c.index in kept_out else c for c in header.columns)
    return replace(header, columns=columns), kept_out


def _signature(header: headers.Header) -> str:
    return hashlib.sha256("\x1f".join(match_key(c.label) for c in header.columns).encode()).hexdigest()


def _file_key(
    order: Order,
    sha256: str,
    sheet: str | None,
    mapping: Mapping[str, str],
    unit: str | None,
    withheld: frozenset[str],
) -> str:
    parts = [
        order.kind,
        sha256,
        sheet or "",
        json.dumps(mapping, sort_keys=True, ensure_ascii=False),
        unit or "",
        order.as_of.isoformat(),
        order.area.code,
        *sorted(withheld),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _notes(
    header: headers.Header,
    kind: registries.ImportKind,
    remembered: bool,
    withheld: frozenset[str],
    kept_out: Mapping[int, str],
) -> list[str]:
    notes = [_("沿用了上次同样表头的列对应关系。")] if remembered else []
    for column in header.columns:
        if column.field in withheld:
            notes.append(_("“{label}”列没有读入，也没有保存：试用级别不能录入敏感信息。").format(label=column.label))
    for conflict in header.conflicts:
        notes.append(
            _("“{dropped}”和“{kept}”都像同一字段，采用“{kept}”。").format(
                dropped=conflict.dropped.label, kept=conflict.kept.label
            )
        )
    for column in header.unknown:
        if column.label and column.index not in kept_out and match_key(column.label) not in kind.ignored:
            notes.append(_("“{label}”列没有对应的字段，未导入。").format(label=column.label))
    return notes


def _interpret(
    table: reading.Table,
    header: headers.Header,
    session: Session,
    kind: registries.ImportKind,
    withheld: frozenset[str],
    kept_out: frozenset[int],
) -> Iterator[ReadRow]:
    """Data rows through the session, the others as SKIP; trailing blanks are not rows.

    Cells of columns that may not come in (`kept_out`) are gone before anybody sees them. Fields of `withheld` are
    neither read nor kept: then of a row's own cells only those stay that were read.
    """
    columns = [(c.index, c.field) for c in header.columns if c.field and c.field not in withheld]
    kept = {index for index, _name in columns}
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
        told = {name: cells[i] if i < len(cells) else None for i, name in columns}
        told.update({n: given.value for n, given in line.given.items() if n not in told and n not in withheld})
        row = session.read(line.number, told)
        row.raw = [cell if i in kept else None for i, cell in enumerate(cells)] if withheld else cells
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


def _fill(batch: ImportBatch, session: Session, source: Iterable[ReadRow]) -> Counter[str]:
    seen: dict[str, tuple[int, int]] = {}
    counts: Counter[str] = Counter()
    chunk: list[ReadRow] = []

    def flush() -> None:
        data = [row for row in chunk if row.verdict != Verdict.SKIP]
        session.resolve(data)
        for row in data:
            _mark_duplicate(row, seen)
            session.seal(row)
        with transaction.atomic():
            bulk.load(ImportRow, _COLUMNS, (_tuple(batch.pk, row) for row in chunk))
        for row in chunk:
            counts[row.verdict] += 1
            if row.verdict in (Verdict.ACCEPT, Verdict.REVIEW):
                counts[f"{row.verdict}:{row.action}"] += 1
        chunk.clear()

    for row in source:
        chunk.append(row)
        if len(chunk) >= CHUNK:
            flush()
    flush()
    return counts


def _mark_duplicate(row: ReadRow, seen: dict[str, tuple[int, int]]) -> None:
    """The same key earlier in the file: equal cells are a duplicate, differing ones need a person."""
    if not row.key:
        row.judge()
        return
    told = hash(repr(sorted(row.fields.items())))  # of a large file the texts themselves would fill the memory
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
    batch: ImportBatch,
    counts: Counter[str],
    header: headers.Header,
    kind: registries.ImportKind,
    mapping: dict[str, str],
    unit: str | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    with transaction.atomic():
        batch.counts = {str(k): v for k, v in sorted(counts.items())}
        batch.state = BatchState.STAGED
        batch.save(update_fields=["counts", "state"])
        ImportMapping.objects.update_or_create(
            kind=kind.kind,
            signature=_signature(header),
            defaults={"mapping": mapping, "unit": unit or "", "used_at": at},
        )
        events.record(
            Event.IMPORT_STAGED,
            batch,
            by=by,
            at=at,
            payload={"file": batch.file_name, "sha256": batch.sha256, "counts": batch.counts},
        )
