"""The import of F08, the register of letters: those of before this register, accepted and done with.

Nobody is moved by it: a transfer under way, or a formal affiliation, is a matter of its own page. Letters that stand
already are only compared; a day of the receipt slip, a note and who handled it may be filled in.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit import dates, text
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import letter_batches
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import TransferState
from liaoyuan.party.imports import dues_columns
from liaoyuan.party.imports.reading import Form, read_form, tell
from liaoyuan.party.models import Transfer
from liaoyuan.party.params.letter_sheets import LETTERS
from liaoyuan.party.queries import letter_matching as matching
from liaoyuan.party.queries import secrets
from liaoyuan.people.imports.columns import Table
from liaoyuan.registry.imports.columns import as_written, name_as_written

#: F08 介绍信登记簿, in the order of the form.
COLUMNS: Table = {
    "number": ("编号", as_written, ("编号", "介绍信编号", "介绍信号")),
    "name": ("姓名", name_as_written, ("姓名", "党员姓名")),
    "source": ("转出党支部", name_as_written, ("转出党支部", "转出支部", "转出党组织", "转出单位")),
    "issuer": ("转出党委", name_as_written, ("转出党委", "开具党委", "转出基层党委")),
    "target": ("转入党支部", name_as_written, ("转入党支部", "转入支部", "转入党组织", "转入单位")),
    "dues_until": ("党费交至", dues_columns.read_month, ("党费交至", "党费交纳至", "党费交至月份")),
    "issued_on": ("开具日期", dates.parse_date, ("开具日期", "开出日期", "转出日期", "介绍信日期")),
    "valid_days": ("有效期(天)", text.parse_int, ("有效期(天)", "有效期（天）", "有效期", "有效天数")),
    "handled_by": ("经办人", name_as_written, ("经办人", "经办")),
    "accepted_on": ("接收日期", dates.parse_date, ("接收日期", "转入日期", "接收时间")),
    "receipt_on": ("回执日期", dates.parse_date, ("回执日期", "回执收到日期", "回执时间")),
    "note": ("备注", as_written, ("备注", "说明")),
}
_FORM = Form({"number": 60, "name": 60, "source": 120, "issuer": 120, "target": 120, "handled_by": 60, "note": 200},
             dues_columns.MESSAGES)  # fmt: skip
_DAYS = ("issued_on", "accepted_on", "receipt_on")
#: What of a letter that stands already cannot be changed by a sheet, and what may be filled in where it is empty.
_FIXED = ("issued_on", "valid_days", "dues_until", "accepted_on")
_FILLED = ("receipt_on", "handled_by", "note")


class LetterSession:
    """One import of F08."""

    secret: frozenset[str] = frozenset()

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.last = min(as_of, localdate(at))
        self.book = matching.Book(area)

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = read_form(_FORM, COLUMNS, number, cells, ("number", "name", "source", "target", "issued_on"))
        fields = row.fields
        row.label = str(fields.get("name", ""))
        for name in _DAYS:
            on = str(fields.get(name, ""))
            if on and (len(on) != 10 or on > self.last.isoformat()):
                told = _("“{title}”须是不晚于数据日期的某一天。")
                tell(row, "IMP-LETTER-DAY", Severity.BLOCK, told, name, title=_(COLUMNS[name][0]))
        days = [str(fields[name]) for name in _DAYS if len(str(fields.get(name, ""))) == 10]
        if days != sorted(days):
            told = _("开具、接收、回执的日期须依次。")
            tell(row, "IMP-LETTER-ORDER", Severity.BLOCK, told, "accepted_on")
        if str(fields.get("dues_until", "")).startswith(dues_columns.BARE):
            told = _("“党费交至”须写明年份。")
            tell(row, "IMP-LETTER-DUES", Severity.BLOCK, told, "dues_until")
        return row

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        known = self.book.letters(str(row.fields.get("number", "")) for row in chunk)
        for row in chunk:
            fields = row.fields
            source, target = (self._end(row, name) for name in ("source", "target"))
            row.before = {"_": {"source": source, "target": target, "member": None, "letter": None, "issuer": None}}
            row.key = f"{match_key(str(fields.get('number', '')))}:{match_key(str(fields.get('issuer', '')))}"[:120]
            if source is None and target is None:
                told = _("转出、转入的党组织都不在您的范围里，请核对名称。")
                tell(row, "IMP-LETTER-ELSEWHERE", Severity.BLOCK, told, "source")
                continue
            same = [one for one in known.get(str(fields.get("number", "")), []) if self._is(row, one)]
            if same:
                self._compare(row, same[0])
            else:
                self._new(row)

    def _end(self, row: ReadRow, field: str) -> int | None:
        """The party organization of the area that one end names; another one is outside this register."""
        found = self.book.find(str(row.fields.get(field, "")))
        if len(found) > 1:
            told = _("有 {n} 个党组织叫“{given}”，请先改名加以区分。")
            tell(row, "IMP-BRANCH-TWICE", Severity.BLOCK, told, field, given=row.fields[field], n=len(found))
        return found[0] if len(found) == 1 else None

    def _is(self, row: ReadRow, one: matching.Letter) -> bool:
        given = match_key(str(row.fields.get("issuer", "")))
        return match_key(one.name) == match_key(row.label) and (not given or given == match_key(one.issuer))

    def _compare(self, row: ReadRow, one: matching.Letter) -> None:
        stored, fields = stored_of(one.row), row.fields
        meta = _meta(row)
        meta |= {"letter": one.row.pk, "version": one.row.version, "member": one.row.member_id}
        for name in _FIXED:
            if fields.get(name) and fields[name] != stored[name]:
                told = _("这封介绍信已登记，“{title}”是 {known}，不能用表改动，请在转接里核对。")
                tell(row, "IMP-LETTER-DIFFERS", Severity.BLOCK, told, name, title=_(COLUMNS[name][0]),
                     known=stored[name] or "—")  # fmt: skip
        for name, kept in (("source", one.source), ("target", one.target)):
            if match_key(str(fields.get(name, ""))) != match_key(kept):
                told = _("这封介绍信登记的是“{known}”，请核对。")
                tell(row, "IMP-LETTER-DIFFERS", Severity.BLOCK, told, name, known=kept)
        changes = {}
        for name in _FILLED:
            if not fields.get(name) or fields[name] == stored[name]:
                continue
            if stored[name] or (name == "receipt_on" and one.row.state != TransferState.ACCEPTED):
                told = _("“{title}”登记的是 {known}，没有改动。")
                tell(row, "IMP-LETTER-STANDS", Severity.WARN, told, name, title=_(COLUMNS[name][0]),
                     known=stored[name] or "—")  # fmt: skip
            else:
                changes[name] = ["", fields[name]]
        row.action = "update" if changes else "unchanged"
        row.before = {**changes, "_": meta}

    def _new(self, row: ReadRow) -> None:
        meta, fields = _meta(row), row.fields
        row.action = "create"
        found = self.book.members(row.label, [meta["source"], meta["target"]])
        if len(found) != 1:
            told = _("有 {n} 名同名党员，请在转接里逐人登记。")
            if not found:
                told = _("转出、转入的党组织里没有“{given}”，请先登记党员。")
            tell(row, "IMP-LETTER-MEMBER", Severity.BLOCK, told, "name", given=row.label, n=len(found))
        else:
            meta["member"] = found[0]
        if not fields.get("accepted_on"):
            told = _("只补录已接收的介绍信；在办的请在“组织关系转接”里办理。")
            tell(row, "IMP-LETTER-OPEN", Severity.BLOCK, told, "accepted_on")
        days = fields.get("valid_days")
        if not days:
            if not any(found.field == "valid_days" for found in row.findings):
                tell(row, "IMP-MISSING", Severity.BLOCK, _("没有填写“{title}”。"), "valid_days", title=_("有效期(天)"))
        elif not 1 <= days <= 366:
            tell(row, "IMP-LETTER-VALID", Severity.BLOCK, _("有效期须在 1 至 366 天之间。"), "valid_days")
        elif days > self.book.longest(meta["source"] or meta["target"], str(fields.get("issued_on", ""))):
            tell(row, "PB-REL-03", Severity.CONFIRM, _("有效期超过规定的最长天数，请核对。"), "valid_days")
        self._issuer(row)
        if not row.findings and self.book.elsewhere(meta["member"], meta["target"]):
            told = _("这名党员现在的组织关系不在转入党组织；补录介绍信不移动组织关系，请确认。")
            tell(row, "IMP-LETTER-MOVED", Severity.CONFIRM, told, "target")

    def _issuer(self, row: ReadRow) -> None:
        """Who signed: a committee of this register that may, or one outside by its name."""
        meta, name = _meta(row), str(row.fields.get("issuer", ""))
        if meta["source"] is None:
            return
        found = self.book.issuer(meta["source"], str(row.fields.get("issued_on", "")), name)
        if found is None:
            told = _("“{given}”不是转出党支部可以开具介绍信的上级党委，请核对。") if name else _("没有写转出党委。")
            tell(row, "PB-REL-05", Severity.BLOCK, told, "issuer", given=name)
        elif self.book.taken(found, str(row.fields.get("number", ""))):
            tell(row, "IMP-LETTER-NUMBER", Severity.BLOCK, _("这个介绍信编号已被使用。"), "number")
        meta["issuer"] = found

    def seal(self, row: ReadRow) -> None:
        """The register has no identity number."""

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return "（空）" if value in (None, "") else str(value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields for a report."""
        return dict(fields)


def _meta(row: ReadRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def stored_of(row: Transfer) -> dict[str, Any]:
    """A letter as the importer writes it."""
    return {
        "dues_until": f"{row.dues_until:%Y-%m}" if row.dues_until else "", "valid_days": row.valid_days,
        "handled_by": row.handled_by, "note": row.refused_reason or row.note,
        **{name: day.isoformat() if (day := getattr(row, name)) else "" for name in _DAYS},
    }  # fmt: skip


KIND = ImportKind(
    kind="letters",
    title="党员组织关系介绍信登记簿",
    permission=Permission.IMPORT,
    fields={name: entry[0] for name, entry in COLUMNS.items()},
    synonyms={name: entry[2] for name, entry in COLUMNS.items()},
    session=LetterSession,
    subject_kind=secrets.SUBJECT,
    apply=letter_batches.apply_batch,
    undo=letter_batches.undo_batch,
    personal={"name": "person.name", **{name: "party.membership" for name in COLUMNS if name != "name"}},
    ignored=frozenset({"序号", "错误说明", "性别", "民族", "年龄", "类型", "转入党委", "状态", ""}),
    columns=LETTERS,
)  # fmt: skip
