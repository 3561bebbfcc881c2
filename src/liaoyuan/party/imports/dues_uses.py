"""The import of F09, dues used (使用表): whether an expense stands already, and what differs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import dues_batches
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.imports import dues_columns as columns
from liaoyuan.party.imports.dues import branch_of
from liaoyuan.party.imports.dues_columns import yuan
from liaoyuan.party.imports.dues_reading import FORM
from liaoyuan.party.imports.reading import read_form, tell
from liaoyuan.party.models import DuesUse
from liaoyuan.party.params.dues_sheets import USED
from liaoyuan.party.queries import dues_matching
from liaoyuan.party.queries import organizations as parties

#: What of an expense that stands already is compared; a cell that is left empty says nothing.
_COMPARED = ("on", "purpose", "amount", "approved_by", "voucher_no")


class UseSession:
    """One import of the 使用表."""

    secret: frozenset[str] = frozenset()

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.as_of, self.today = as_of, localdate(at)
        self.branches = dues_matching.Branches(area)

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = read_form(FORM, columns.USED, number, cells, ("on", "purpose", "amount", "approved_by", "branch"))
        row.label = str(row.fields.get("purpose", ""))
        on = str(row.fields.get("on", ""))
        if on and (len(on) != 10 or on > min(self.as_of, self.today).isoformat()):
            tell(row, "IMP-DUES-DAY", Severity.BLOCK, _("日期须是不晚于数据日期的某一天。"), "on")
        if row.fields.get("amount") == yuan(0):
            tell(row, "IMP-DUES-ZERO", Severity.BLOCK, _("金额须大于零。"), "amount")
        return row

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        for row in chunk:
            name = str(row.fields.get("branch", ""))
            party = branch_of(row, self.branches, name) if name else None
            row.before = {"_": {"party": party, "use": None}}
        known: dict[int, list[DuesUse]] = {}
        for use in dues_matching.uses(p for row in chunk if (p := _party(row))):
            known.setdefault(use.party_organization_id, []).append(use)
        for row in chunk:
            party = _party(row)
            if party is None:
                continue
            purpose, voucher, on, amount = _key(row.fields)
            row.key = f"{party}:{voucher[:30]}:{on}:{amount}:{purpose[:50]}"
            self._compare(row, _same(row.fields, known.get(party, [])))

    @staticmethod
    def _compare(row: ReadRow, same: DuesUse | None) -> None:
        if same is None:
            row.action = "create"
            return
        kept, fields = stored(same), row.fields
        changes = {name: [kept[name], fields[name]] for name in _COMPARED
                   if fields.get(name) and match_key(str(fields[name])) != match_key(str(kept[name]))}  # fmt: skip
        if changes:
            told = _("这张票据已登记过，内容不同，确认后改为表上的。")
            tell(row, "IMP-USE-DIFFERS", Severity.CONFIRM, told, "voucher_no")
        row.action = "update" if changes else "unchanged"
        row.before = {**changes, "_": {**(row.before or {})["_"], "use": same.pk}}

    def seal(self, row: ReadRow) -> None:
        """An expense has nothing to hide."""

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields for a report."""
        return dict(fields)


def stored(row: DuesUse) -> dict[str, str]:
    """An expense as the importer writes it."""
    return {"on": row.on.isoformat(), "purpose": row.purpose, "amount": yuan(row.amount_fen),
            "approved_by": row.approved_by, "voucher_no": row.voucher_no}  # fmt: skip


def _key(told: Mapping[str, Any]) -> tuple[str, str, str, str]:
    purpose, voucher = (match_key(str(told.get(name) or "")) for name in ("purpose", "voucher_no"))
    return purpose, voucher, str(told.get("on", "")), str(told.get("amount", ""))


def _same(told: Mapping[str, Any], known: list[DuesUse]) -> DuesUse | None:
    """The expense that the row tells again: all the same, else purpose and voucher, else one without its voucher."""
    purpose, voucher, on, amount = _key(told)
    keys = [(_key(stored(use)), use) for use in known]
    plain = [(key, use) for key, use in keys if (key[0], key[2], key[3]) == (purpose, on, amount)]
    whole = [use for key, use in plain if not voucher or key[1] == voucher]
    by_voucher = [use for key, use in keys if voucher and key[:2] == (purpose, voucher)]
    bare = [use for key, use in plain if not key[1]]
    return next(iter([*whole, *by_voucher, *bare]), None)


def _party(row: ReadRow) -> int | None:
    found: int | None = (row.before or {})["_"]["party"]
    return found


KIND = ImportKind(
    kind="dues_uses",
    title="党费使用表",
    permission=Permission.IMPORT,
    fields={name: entry[0] for name, entry in columns.USED.items()},
    synonyms={name: entry[2] for name, entry in columns.USED.items()},
    session=UseSession,
    subject_kind=parties.SUBJECT,
    apply=dues_batches.apply_uses,
    undo=dues_batches.undo_uses,
    dropped=columns.DROPPED,
    columns=USED,
)  # fmt: skip
