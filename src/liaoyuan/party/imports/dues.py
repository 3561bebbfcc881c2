"""The import of F09, dues collected: whose month a row tells, what stands of it, whether the amounts are right.

The base stands sealed in staging. An amount is never taken over unweighed: what is due follows from base, category and
reduction, and a row that says otherwise is refused (PB-FEE-01).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import policy, vault
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import dues_batches
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.dues import DUES_TITLES, DuesCategory
from liaoyuan.party.imports import dues_columns as columns
from liaoyuan.party.imports import dues_reading as reading
from liaoyuan.party.imports.dues_columns import fen, yuan
from liaoyuan.party.imports.reading import read_form, tell
from liaoyuan.party.params.dues_sheets import COLLECTED
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_book, dues_matching
from liaoyuan.party.queries.dues_matching import Held
from liaoyuan.party.rules.facts.dues import DuesFacts

_PAYMENT = ("paid", "paid_on", "payee")


@dataclass(frozen=True, slots=True)
class Base:
    """By what a member's dues are reckoned from a month on: stored, or told by an earlier row of the file."""

    since: date
    category: str
    fen: int | None


class DuesSession:
    """One import of F09 (收缴表)."""

    secret = frozenset({"dues_base"})

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.as_of, self.today = as_of, localdate(at)
        self.branches = dues_matching.Branches(area)
        #: What earlier rows of the file told of a member's base.
        self._told: dict[int, list[Base]] = {}

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = read_form(reading.FORM, columns.COLLECTED, number, cells, ("month", "name"))
        reading.payment(row, self.as_of, self.today)
        row.label = str(row.fields.get("name", ""))
        return row

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        for row in chunk:
            row.before = {"_": {"party": None, "member": None, "month": ""}}
            month = _month(row)
            if month is not None and row.label:
                self._match(row, month)
        wanted = [row for row in chunk if _meta(row)["member"]]
        stands = dues_matching.held((_meta(row)["member"], _due_month(row)) for row in wanted)
        for row in wanted:
            self._compare(row, stands[_meta(row)["member"], _due_month(row)])

    def _match(self, row: ReadRow, month: date) -> None:
        party = self._branch(row, month)
        if party is None:
            return
        barred = self.branches.barred(party, month)
        if barred:
            tell(row, "IMP-DUES-BARRED", Severity.BLOCK, barred, "branch")
            return
        found = self.branches.payers(party, month).get(match_key(row.label), [])
        if len(found) == 1:
            _meta(row).update(party=party, member=found[0], month=month.isoformat())
            row.key = f"{party}:{found[0]}:{month:%Y-%m}"
        elif found:
            told = _("这个党支部有 {n} 名同名党员，请在党费页逐人登记。")
            tell(row, "IMP-NAME-TWICE", Severity.BLOCK, told, "name", n=len(found))
        else:
            told = _("{month} 的党费名单里没有“{given}”：当月组织关系不在这个党支部，或姓名不同。")
            tell(row, "IMP-DUES-ELSEWHERE", Severity.BLOCK, told, "name", given=row.label, month=f"{month:%Y-%m}")

    def _branch(self, row: ReadRow, month: date) -> int | None:
        name = str(row.fields.get("branch", ""))
        if not name:
            homes = self.branches.homes(row.label, month)
            if len(homes) == 1:
                told = _("没有写所在党支部，已按姓名认出，请确认这份表是他所在党支部的。")
                tell(row, "IMP-BRANCH-BY-NAME", Severity.CONFIRM, told, "branch")
                return homes[0]
            tell(row, "IMP-BRANCH-MISSING", Severity.BLOCK, _("没有所在党支部，无法登记。"), "branch")
            return None
        return branch_of(row, self.branches, name)

    def _compare(self, row: ReadRow, held: Held) -> None:
        meta, fields = _meta(row), row.fields
        meta |= {
            "due": held.due.pk if held.due else None, "base": held.base.pk if held.base else None,
            "waiver": held.waiver.pk if held.waiver else None, "sets": False, "due_fen": None,
        }  # fmt: skip
        self._waiver(row, held)
        paid = held.due is not None and held.due.paid_on is not None
        base = self._base(row, held, settled=paid)
        limits = self.branches.limits(meta["party"], _due_month(row))
        stored = _stored(held)
        if paid and held.due is not None:  # the month is closed: its amounts are those of the day
            self._same(row, stored)
            meta["due_fen"] = held.due.due_fen
        elif base is not None and (base.fen is not None or base.category in queries.FLAT):
            found = queries.reckon_by(base.category, base.fen or 0, held.waiver, limits)
            meta["due_fen"] = found.due_fen
            self._amounts(row, found, stored)
        elif not any(f.field == "dues_base" and f.severity == Severity.BLOCK for f in row.findings):
            told = _("没有党费基数，不能核定应交的数额。")
            tell(row, "IMP-DUES-BASE", Severity.BLOCK, told, "dues_base")
        self._payment(row, stored)
        now = {name: fields[name] for name in _PAYMENT if name in fields}
        if held.due is None or not paid:
            now["due"] = yuan(meta["due_fen"]) if meta["due_fen"] is not None else ""
        changes = {name: [stored.get(name), value] for name, value in now.items() if stored.get(name) != value}
        if meta["sets"] and "dues_base" in fields:
            changes["dues_base"] = ["", fields["dues_base"]]
        if meta["sets"] and "category" in fields:
            changes["category"] = [held.base.category if held.base else "", fields["category"]]
        row.action = "create" if held.due is None else "update" if changes else "unchanged"
        row.before = {**(changes if row.action == "update" else {}), "_": meta}
        if meta["sets"] and base is not None and not any(f.severity == Severity.BLOCK for f in row.findings):
            self._told.setdefault(meta["member"], []).append(base)

    def _waiver(self, row: ReadRow, held: Held) -> None:
        given = row.fields.get("waiver")
        known = held.due.waiver if held.due is not None and held.due.paid_on is not None else held.waiver
        if given and known is None:
            told = _("没有登记这次减免，请先在党费页登记减免，再导入。")
            tell(row, "PB-FEE-03", Severity.BLOCK, told, "waiver")
        elif given and known is not None and match_key(str(given)) != match_key(known.approval):
            told = _("登记的批准文号是“{known}”，请核对。")
            tell(row, "IMP-DUES-WAIVER", Severity.BLOCK, told, "waiver", known=known.approval)

    def _base(self, row: ReadRow, held: Held, *, settled: bool) -> Base | None:
        """By what the month is reckoned: as the row tells, else as an earlier row or the register does."""
        meta, fields, month = _meta(row), row.fields, _due_month(row)
        known = self._known(meta["member"], held, month)
        base, category = fen(fields.get("dues_base")), str(fields.get("category") or "")
        if settled and held.due is not None and category == held.due.category and known is not None:
            category = known.category  # the word of the closed month, not of the base
        if category in queries.FLAT and base:
            told, title = _("{category}没有基数，请核对交纳标准。"), _(DUES_TITLES[DuesCategory(category)])
            tell(row, "IMP-DUES-FLAT", Severity.BLOCK, told, "category", category=title)
            return known
        if base is None and not category:
            return known
        if not category and known is None:
            told = _("没有写交纳标准，确认后按“按月领取工资”登记。")
            tell(row, "IMP-DUES-CATEGORY", Severity.CONFIRM, told, "category")
        kind = category or (known.category if known else str(DuesCategory.MONTHLY))
        amount = None if kind in queries.FLAT else base if base is not None else known.fen if known else None
        wished = Base(month, kind, amount)
        if known is not None and (known.category, known.fen) == (wished.category, wished.fen):
            return known
        if amount is None and kind not in queries.FLAT:
            return known
        if known is not None:
            told = _("党费基数或交纳标准与登记的不同，确认后自 {month} 起改为表上的。")
            field = "dues_base" if base is not None else "category"
            tell(row, "IMP-BASE-DIFFERS", Severity.CONFIRM, told, field, month=f"{month:%Y-%m}")
        meta |= {"sets": True, "category": kind}
        return wished

    def _known(self, member: int, held: Held, month: date) -> Base | None:
        found = [base for base in self._told.get(member, []) if base.since <= month]
        if held.base is not None:
            found = [base for base in found if base.since >= held.base.valid_from]
            found.insert(0, Base(held.base.valid_from, held.base.category, queries.clear(held.base)))
        return max(found, key=lambda base: base.since, default=None)

    @staticmethod
    def _same(row: ReadRow, stored: Mapping[str, Any]) -> None:
        """A month that is paid keeps its amounts: a sheet that says others is wrong, or the register is."""
        for name in ("due", "rate"):
            if row.fields.get(name) and row.fields[name] != stored.get(name):
                told = _("这个月已登记交费，“{title}”登记的是 {known}，不能用表改动。")
                title = _(columns.COLLECTED[name][0])
                tell(row, "IMP-DUES-CLOSED", Severity.BLOCK, told, name, title=title, known=stored.get(name) or "—")

    @staticmethod
    def _amounts(row: ReadRow, found: queries.Reckoned, stored: Mapping[str, Any]) -> None:
        """What is due and the rate are those of the rule."""
        fields = row.fields
        due, rate = yuan(found.due_fen or 0), dues_book.percent(found.rate)
        if fields.get("due") not in (None, due):
            told = _("按基数、标准和减免应交 {due} 元，表上是 {given} 元，请核对。")
            tell(row, "PB-FEE-01", Severity.BLOCK, told, "due", due=due, given=fields["due"])
        if fields.get("rate") not in (None, rate):
            told = _("按规定的比例是 {rate}，表上是 {given}，请核对。")
            tell(row, "IMP-DUES-RATE", Severity.CONFIRM, told, "rate", rate=rate or "—", given=fields["rate"])

    def _payment(self, row: ReadRow, stored: Mapping[str, Any]) -> None:
        meta, fields = _meta(row), row.fields
        if stored.get("paid_on") and not fields.get("paid_on"):
            if fields.get("done") == "unpaid":
                told = _("登记为 {on} 已交，表上是未交；没有改动，确实未交的请在党费页撤销。")
                tell(row, "IMP-DUES-STANDS", Severity.WARN, told, "done", on=stored["paid_on"])
            return
        if not fields.get("paid_on"):
            return
        due = meta["due_fen"]
        if "paid" not in fields and due is not None:
            fields["paid"] = yuan(due)
        paid = fen(fields.get("paid"))
        if due is not None and paid is not None and paid < due:
            told = _("实交不能少于应交；少交或免交须先办减免。")
            tell(row, "PB-FEE-03", Severity.BLOCK, told, "paid")
        elif due is not None and paid is not None:
            on = date.fromisoformat(str(fields["paid_on"])[:10]) if len(str(fields["paid_on"])) == 10 else self.as_of
            limits = self.branches.limits(meta["party"], _due_month(row))
            row.findings += policy.evaluate(Moment.DUES_SAVE, DuesFacts(extra_fen=paid - due), limits, on)
        if stored.get("paid_on") and any(
            fields.get(name) is not None and fields[name] != stored[name] for name in _PAYMENT
        ):
            told = _("这个月已登记交费，表上的实交、日期或收款人不同，确认后改为表上的。")
            tell(row, "IMP-DUES-PAID-DIFFERS", Severity.CONFIRM, told, "paid")

    def seal(self, row: ReadRow) -> None:
        """Encrypt the base, in the fields and in the comparison."""
        if row.fields.get("dues_base"):
            row.fields["dues_base"] = vault.encrypt(str(row.fields["dues_base"]), purpose=queries.PURPOSE)
            if row.before and "dues_base" in row.before:
                row.before["dues_base"] = ["", row.fields["dues_base"]]

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a stored row for a report: the base masked."""
        return {name: "***" if name == "dues_base" and value else value for name, value in fields.items()}


def branch_of(row: ReadRow, branches: dues_matching.Branches, name: str, field: str = "branch") -> int | None:
    """The party organization that a row names in a field; a doubt stands on the cell."""
    found = branches.find(name)
    if len(found) == 1:
        return int(found[0].pk)
    if not found:
        told = _("您的范围里没有党组织“{given}”，请核对名称，或先录入这个党组织。")
        tell(row, "IMP-BRANCH-UNKNOWN", Severity.BLOCK, told, field, given=name)
    else:
        told = _("有 {n} 个党组织叫“{given}”，请先改名加以区分。")
        tell(row, "IMP-BRANCH-TWICE", Severity.BLOCK, told, field, given=name, n=len(found))
    return None


def _meta(row: ReadRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def _month(row: ReadRow) -> date | None:
    """The month whose dues the row tells: the one made up for, else its own."""
    told = str(row.fields.get("made_up") or row.fields.get("month") or "")
    return date.fromisoformat(f"{told}-01") if len(told) == 7 else None


def _due_month(row: ReadRow) -> date:
    return date.fromisoformat(str(_meta(row)["month"]))


def _stored(held: Held) -> dict[str, Any]:
    """The month's row by the importer's own names."""
    row = held.due
    if row is None:
        return {}
    return {
        "due": yuan(row.due_fen) if row.due_fen is not None else None, "rate": dues_book.percent(row.rate),
        "paid": yuan(row.paid_fen) if row.paid_fen is not None else None,
        "paid_on": row.paid_on.isoformat() if row.paid_on else None, "payee": row.payee or None,
    }  # fmt: skip


#: Field → what `core.zones` calls it: amounts tell the base, the rest whether somebody has paid.
PERSONAL = {
    "name": "person.name",
    **dict.fromkeys(("dues_base", "rate", "due", "paid", "category"), queries.BASE),
    **dict.fromkeys(("month", "made_up", "waiver", "paid_on", "payee", "done", "branch"), queries.PAID),
}  # fmt: skip
STAGED = {"dues_base": queries.PURPOSE}
KIND = ImportKind(
    kind="dues",
    title="党费收缴表",
    permission=Permission.IMPORT,
    fields={name: entry[0] for name, entry in columns.COLLECTED.items()},
    synonyms={name: entry[2] for name, entry in columns.COLLECTED.items()},
    session=DuesSession,
    subject_kind="member",
    apply=dues_batches.apply_batch,
    undo=dues_batches.undo_batch,
    dropped=columns.DROPPED,
    personal=PERSONAL,
    columns=COLLECTED,
)  # fmt: skip
