"""From cells to fields: one row of F18 or F19, with every doubt named. No database here."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import text
from liaoyuan.kit.findings import Severity
from liaoyuan.people.imports import columns

#: Fields whose cell is never repeated in a message.
SECRET = frozenset({"id_number", "birth", "mobile"})
#: A cell that fills two fields.
_SPREAD = {
    "registration": ("registered_on", "registered_until"),
    "contract": ("contract_from", "contract_to"),
    "times": ("started", "ended"),
}
#: Longest text the columns of the database hold.
LONGEST = {
    "name": 60, "major": 60, "number": 40, "registration_no": 40, "job": 60, "service_field": 40, "mentor": 60,
    "consent_no": 40, "activity": 100, "content": 200, "place": 100, "category": 40, "recorder": 60, "confirmer": 60,
}  # fmt: skip
TITLES = {
    "registered_on": "登记日期", "registered_until": "登记有效期至", "contract_from": "合同起", "contract_to": "合同止",
    "started": "起", "ended": "止",
}  # fmt: skip


def tell(row: ReadRow, code: str, severity: Severity, sentence: str, field: str = "", **args: Any) -> None:
    """A finding of the importer about a row."""
    row.findings.append(note(code, severity, sentence, field_name=field, **args))


class RowReader:
    """Reads rows of one form."""

    def __init__(self, table: columns.Table, *, zone: str) -> None:
        self.table = table
        self.zone = zone

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Normalised fields and findings; blank cells are left out."""
        row = ReadRow(number)
        for name, cell in cells.items():
            if (
                cell is None
                or (name != "birth" and parsing.is_blank(cell))
                or (name == "id_number" and self.zone == "internet")
            ):
                continue
            self._take(row, name, cell)
        row.label = str(row.fields.get("name", ""))
        if not row.label and not any(f.field == "name" for f in row.findings):
            row.findings.append(note("IMP-NAME-MISSING", Severity.BLOCK, _("没有姓名，无法登记。"), field_name="name"))
        self._check_lengths(row)
        return row

    def _take(self, row: ReadRow, name: str, cell: Any) -> None:
        title = self.table[name][0]
        if name in SECRET and "**" in text.cell_text(cell):  # the mask of an export says nothing
            told = _("“{title}”是打码的，没有读入。")
            row.findings.append(note("IMP-MASKED", Severity.INFO, told, field_name=name, title=title))
            return
        read = self.table[name][1](cell)
        if read.value is not None:
            if name in _SPREAD:
                for field, side in zip(_SPREAD[name], read.value, strict=True):
                    if side is not None:
                        row.fields[field] = side
            else:
                row.fields[name] = read.value
        code = read.code
        if code:
            message = columns.MESSAGES.get(code) or parsing.MESSAGES[code]
            severity = Severity.BLOCK if read.error else Severity.CONFIRM
            given = "…" if name in SECRET else text.cell_text(cell)[:60]
            row.findings.append(
                note(f"IMP-{code.upper().replace('_', '-')}", severity, _(message), field_name=name, given=given)
            )

    def _check_lengths(self, row: ReadRow) -> None:
        for name, limit in LONGEST.items():
            value = row.fields.get(name)
            if isinstance(value, str) and len(value) > limit:
                told = _("“{title}”超过 {limit} 个字。")
                row.findings.append(
                    note("IMP-TOO-LONG", Severity.BLOCK, told, field_name=name, title=self.table[name][0], limit=limit)
                )
