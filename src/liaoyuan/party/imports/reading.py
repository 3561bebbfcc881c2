"""From cells to fields: one row of a sheet of this floor, with every doubt named. No database here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import text
from liaoyuan.kit.findings import Severity
from liaoyuan.party.imports import columns
from liaoyuan.people.imports.columns import Table

#: Fields whose cell is never repeated in a message.
SECRET = frozenset({"id_number", "birth", "mobile", "home_address"})
#: Longest text the columns of the database hold.
LONGEST = {
    "name": 60, "ethnicity": 20, "native_place": 60, "degree": 20, "school": 120, "branch": 120, "post": 120,
    "job": 120, "home": 120, "home_contact": 60, "category": 40, "police_station": 60, "home_address": 100,
    "skills": 120, "floating_note": 120, "note": 200, "evidence": 120,
}  # fmt: skip


def tell(row: ReadRow, code: str, severity: Severity, sentence: str, field: str = "", **args: Any) -> None:
    """A finding of the importer about a row."""
    row.findings.append(note(code, severity, sentence, field_name=field, **args))


def read(number: int, cells: Mapping[str, Any]) -> ReadRow:
    """A row of F03: normalised fields and findings; blank cells are left out."""
    row = ReadRow(number)
    for name, cell in cells.items():
        if cell is not None and (name == "birth" or not parsing.is_blank(cell)):
            _take(row, ROSTER, columns.MEMBERS, name, cell)
    row.label = str(row.fields.get("name", ""))
    if not row.label and not any(f.field == "name" for f in row.findings):
        tell(row, "IMP-NAME-MISSING", Severity.BLOCK, _("没有姓名，无法登记。"), "name")
    for name, limit in LONGEST.items():
        value = row.fields.get(name)
        if isinstance(value, str) and len(value) > limit:
            title = columns.MEMBERS[name][0]
            told = _("“{title}”超过 {limit} 个字。")
            tell(row, "IMP-TOO-LONG", Severity.BLOCK, told, name, title=title, limit=limit)
    return row


@dataclass(frozen=True, slots=True)
class Form:
    """How the cells of a form are read: the longest texts its columns hold, sentences of its own readers, fields whose
    cell is never repeated in a message.
    """

    longest: Mapping[str, int]
    messages: Mapping[str, str]
    secret: frozenset[str] = frozenset()


ROSTER = Form(LONGEST, columns.MESSAGES, SECRET)


def read_form(form: Form, table: Table, number: int, cells: Mapping[str, Any], needed: Sequence[str]) -> ReadRow:
    """A row of another form: normalised fields and findings. What is needed and missing, or too long, blocks."""
    row = ReadRow(number)
    for name, cell in cells.items():
        if cell is not None and not parsing.is_blank(cell):
            _take(row, form, table, name, cell)
    doubted = {found.field for found in row.findings}
    for name in needed:
        if not row.fields.get(name) and name not in doubted:
            tell(row, "IMP-MISSING", Severity.BLOCK, _("没有填写“{title}”。"), name, title=_(table[name][0]))
    for name, limit in form.longest.items():
        if len(str(row.fields.get(name, ""))) > limit:
            told = _("“{title}”超过 {limit} 个字。")
            tell(row, "IMP-TOO-LONG", Severity.BLOCK, told, name, title=_(table[name][0]), limit=limit)
            row.fields[name] = f"{str(row.fields[name])[:limit]}…"
    return row


def _take(row: ReadRow, form: Form, table: Table, name: str, cell: Any) -> None:
    title, reader, _names = table[name]
    if name in form.secret and "**" in text.cell_text(cell):  # the mask of an export says nothing
        tell(row, "IMP-MASKED", Severity.INFO, _("“{title}”是打码的，没有读入。"), name, title=title)
        return
    found = reader(cell)
    if found.value is not None:
        row.fields[name] = found.value
    if found.code:
        message = form.messages.get(found.code) or parsing.MESSAGES[found.code]
        severity = Severity.BLOCK if found.error else Severity.CONFIRM
        given = "…" if name in form.secret else text.cell_text(cell)[:60]
        tell(row, f"IMP-{found.code.upper().replace('_', '-')}", severity, _(message), name, given=given)
