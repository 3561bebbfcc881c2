"""Opening a sheet that is to be staged: its header, the columns' meaning, the unit of money, what may not be read.

Nothing is written. The same file read in the same way has the same key.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import registries, sensitive, vault, zones
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, ImportMapping
from liaoyuan.core.queries import batches
from liaoyuan.kit.sheets import headers, reading
from liaoyuan.kit.sheets.refusal import MESSAGES, Unreadable
from liaoyuan.kit.text import cell_text, half_width, match_key

_PREVIEW = 60
_BARE_AMOUNT = re.compile(r"[¥￥]?[0-9][0-9, ]*(?:\.[0-9]*)?|\.[0-9]+")


class NoHeader(Exception):
    """No header row was recognised; the message is the sentence for the user."""


class NoRows(NoHeader):
    """A header was recognised, but no row of data stands below it."""


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


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose header was found. `key` is the same for the same content read in the same way."""

    kind: registries.ImportKind
    table: reading.Table
    header: headers.Header
    unit: str | None
    remembered: bool
    withheld: frozenset[str]
    kept_out: Mapping[int, str]
    key: str
    top: str

    def facts(self) -> dict[str, Any]:
        """What the batch says of it."""
        return {
            "sha256": self.table.sha256, "file_key": self.key, "sheet": self.table.sheet or "",
            "encoding": self.table.encoding or "", "header_rows": list(self.header.header_rows),
            "mapping": dict(self.header.mapping), "labels": [c.label for c in self.header.columns],
            "notes": _notes(self.header, self.kind, self.remembered, self.withheld, self.kept_out),
            "unit": self.unit or "", "top": self.top,
        }  # fmt: skip


def examine(order: Order, *, at: datetime) -> Opened:
    """Open the file and find its header and mapping; what may not be filled in at `at` is withheld. Writes nothing."""
    kind = registries.import_kinds[order.kind]
    table = reading.open_table(order.path, sheet=order.sheet)
    header, unit, remembered, preview = _header(kind, table, order)
    header, kept_out = _without_refused(header, kind)
    withheld = frozenset(sensitive.withheld(kind.fields, localdate(at)))
    key = _file_key(order, table.sha256, table.sheet, dict(header.mapping), unit, withheld)
    return Opened(kind, table, header, unit, remembered, withheld, kept_out, key, _top(table, header, preview))


def sentence_of(error: Unreadable | NoHeader) -> str:
    """Why a file was refused, in the language of the person who sent it."""
    if isinstance(error, Unreadable):
        return _(MESSAGES[error.code]).format(**error.args_of)
    return str(error)


def _top(table: reading.Table, header: headers.Header, preview: list[reading.Row]) -> str:
    """The rows down to the header and what is merged in them, encrypted: a title may name a person."""
    last = max(header.header_rows)
    told = {
        "rows": [[number, [cell_text(cell) for cell in cells]] for number, cells in preview if number <= last],
        "merged": [
            [m.first_row, m.first_column, m.last_row, m.last_column] for m in table.merged if m.last_row <= last
        ],
    }
    return vault.encrypt(json.dumps(told, ensure_ascii=False), purpose=batches.RAW_PURPOSE)


def _header(
    kind: registries.ImportKind, table: reading.Table, order: Order
) -> tuple[headers.Header, str | None, bool, list[reading.Row]]:
    """The header of the sheet, the unit of money, whether a remembered mapping was used, and the first rows."""
    preview = list(islice(table.rows(), _PREVIEW))
    header = headers.find_header(preview, kind.synonyms, merged=table.merged, overrides=order.mapping)
    if header is None:
        raise NoHeader(_("前 30 行里没有找到表头。请检查文件是否有列名，或用“列名=字段”指定对应关系。"))
    if header.unmatched:
        raise NoHeader(_("表里没有名为“{label}”的列，请检查指定的对应关系。").format(label="、".join(header.unmatched)))
    remembered = False
    if not order.mapping:
        kept = ImportMapping.objects.filter(kind=kind.kind, signature=signature(header)).first()
        if kept is not None and kept.mapping and kept.mapping != header.mapping:
            again = headers.find_header(preview, kind.synonyms, merged=table.merged, overrides=kept.mapping)
            if again is not None:
                header, remembered = again, True
    told = None if own_units(header) else next((c.unit for c in header.columns if c.unit and c.field), None)
    return header, order.unit or told or header.unit, remembered, preview


def own_units(header: headers.Header) -> dict[int, str]:
    """Units of money by column, where the columns of one sheet are in different units, or in another one than the note
    above them: then none holds for all.
    """
    told = {c.index: c.unit for c in header.columns if c.field and c.unit}
    return told if len({*told.values(), header.unit} - {None}) > 1 else {}


def with_unit(cell: Any, unit: str | None) -> Any:
    """An amount with the unit of its column, which goes with it from here on; other cells stay."""
    if unit is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return f"{cell:.15g}{unit}" if isinstance(cell, float) else f"{cell}{unit}"
    bare = isinstance(cell, str) and _BARE_AMOUNT.fullmatch(half_width(cell).strip())
    return f"{cell.strip()}{unit}" if bare else cell


def _without_refused(header: headers.Header, kind: registries.ImportKind) -> tuple[headers.Header, dict[int, str]]:
    """The header without columns that may not come in, and a sentence for each by its place in the row.

    What the product never collects, whatever a mapping says; what this zone does not store; and columns of persons that
    this import has no field for. Their cells are blanked before anything is kept.
    """
    zone = settings.ZONE
    refused = zones.refused(zone, kind.personal, zones.Op.IMPORT)
    kept_out: dict[int, str] = {}
    for column in header.columns:
        told, label = "", match_key(column.label)  # a label may be written over two lines
        if any(word in label for word in kind.dropped):
            told = _("“{label}”列不导入：本系统不收集这一项。")
        elif column.field in refused:
            told = _("“{label}”列不导入：{zone}不存储这一项。")
        elif column.field is None and zones.labelled(label):
            told = _("“{label}”列不导入，也不留存：这种表没有这一项。")
        if told:
            kept_out[column.index] = told.format(label=column.label, zone=_(zones.ZONE_TITLES[zone]))
    columns = tuple(replace(c, field=None) if c.index in kept_out else c for c in header.columns)
    return replace(header, columns=columns), kept_out


def signature(header: headers.Header) -> str:
    """What two sheets with the same column names have in common: a mapping is remembered by it."""
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
    return [*notes, *kept_out.values()]
