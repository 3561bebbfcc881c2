"""F09: dues collected (`dues`) and used (`uses`) by a branch in a year or month, as workbook, CSV or JSON.

Bases stand masked unless a reason is given, and then in a workbook for few rows only (PRI-04); zone internet holds no
amounts of persons, its sheet says only who has paid. The same rows give the same bytes; what is exported can be
imported again and changes nothing.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy, reads
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.money import format_yuan
from liaoyuan.kit.sheets import writing
from liaoyuan.party.actions import dues as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Due, DuesBase, DuesUse, Member, PartyOrganization
from liaoyuan.party.params.dues_sheets import COLLECTED, DONE_TITLES, USED
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_book as book
from liaoyuan.party.queries import organizations as reading

FORMS = ("xlsx", "csv", "json")
#: Columns that zone internet does not have.
_AMOUNTS = frozenset({"base", "rate", "due", "paid", "category"})


def require(by: Actor, party: PartyOrganization) -> None:
    """Refuse unless `by` keeps the branch's dues or may export its roster, and sees that roster."""
    if not any(access.covers(by, p, party, write=False) for p in (Permission.LIFE_EDIT, Permission.EXPORT)):
        raise PermissionDenied(str(Permission.EXPORT))
    if not queries.with_roster(by, [party.pk]):
        raise PermissionDenied(str(Permission.MEMBERS_VIEW))


def _rows(party: PartyOrganization, first: date, end: date, by: Actor, on: date) -> list[Due]:
    """What the user may see of the span: whose past month is unpaid is told to the branch itself only."""
    seen = Due.objects.visible_to(by).values("pk")
    rows = book.collected(party, first, end).filter(pk__in=seen).select_related("waiver")
    if not queries.keeps_itself(by, party):
        rows = rows.exclude(paid_on__isnull=True, month__lt=queries.first_day(on))
    return list(rows)


def write_collected(
    *, party: PartyOrganization, first: date, end: date, path: Path, form: str, reason: str = "", by: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """Write the months paid in [first, end) and those of it that are not; returns the number of rows."""
    require(by, party)
    rows = _rows(party, first, end, by, localdate(at))
    clear = bool(reason.strip()) and queries.amounts()
    mark = _reveal(party, rows, form, reason, by=by, at=at) if clear else ""
    columns = [c for c in COLLECTED if queries.amounts() or c.key not in _AMOUNTS]
    notes = [
        [_("所属期"), f"{first.isoformat()}—{end.isoformat()}"],
        [_("计费基数"), (mark or _("打码导出；写明事由才能导出明文。")) if queries.amounts() else _("本区不存储。")],
    ]
    branch = reading.name_of(party)
    lines = [{**line, "branch": branch} for line in _lines(rows, end, clear=clear)]
    count = _write(path, form, columns, lines, _("党费收缴表"), notes)
    reads.exported("dues", rows=count, by=by, at=at, reason=reason, sensitive=True,
                   filters={"party": party.pk, "on": first.isoformat(), "form": form})  # fmt: skip
    return count


def _reveal(party: PartyOrganization, rows: list[Due], form: str, reason: str, *, by: Actor, at: datetime) -> str:
    """Log the read of every base, or refuse them all (PRI-04); the sentence that marks the sheet."""
    if not actions.may_reveal(by, party):
        raise PermissionDenied("dues_base")
    if len(reason.strip()) < 2:
        raise _refused(_("请写明导出明文的事由。"))
    if form != "xlsx":
        raise _refused(_("明文只能导出为 Excel，表上注明导出人。"))
    most = policy.limits(localdate(at), policy.chain("national"))["privacy.export_rows"]
    if len(rows) > most:
        raise _refused(_("一次最多导出 {n} 行明文，请缩小范围，或打码导出。"), n=most)
    told = _("导出：{reason}").format(reason=reason.strip())
    for member in Member.objects.filter(pk__in={row.member_id for row in rows}):
        reads.revealed(("member", str(member.pk), ""), field="dues_base", reason=told, by=by, at=at)
    mark = _("含明文，由 {who} 于 {day} 导出，事由：{reason}。用后销毁，不得转发。")
    return mark.format(who=by.display_name, day=localdate(at), reason=reason.strip())


def _refused(sentence: str, **args: Any) -> Refused:
    return Refused([note("PRI-04", Severity.BLOCK, sentence, field_name="reason", **args)])


def _lines(rows: list[Due], end: date, *, clear: bool) -> Iterator[dict[str, Any]]:
    held: dict[int, list[DuesBase]] = {}
    for one in DuesBase.objects.current().filter(member__in={row.member_id for row in rows}):
        held.setdefault(one.member_id, []).append(one)
    for row in rows:
        base = next((b for b in held.get(row.member_id, []) if b.valid_from <= row.month < b.valid_to), None)
        paid = row.paid_on is not None and row.paid_on < end
        later = row.paid_on is not None and queries.first_day(row.paid_on) > row.month
        yield {
            "month": f"{row.paid_on or row.month:%Y-%m}" if later and paid else f"{row.month:%Y-%m}",
            "name": row.who,  # type: ignore[attr-defined]
            "base": _base(base, clear=clear), "rate": book.percent(row.rate), "due": _yuan(row.due_fen),
            "paid": _yuan(row.paid_fen) if paid else "", "made_up": f"{row.month:%Y-%m}" if later and paid else "",
            "waiver": row.waiver.approval if row.waiver else "",
            "paid_on": row.paid_on.isoformat() if paid and row.paid_on else "", "payee": row.payee if paid else "",
            "category": book.category_word(row.category), "done": _(DONE_TITLES["paid" if paid else "unpaid"]),
        }  # fmt: skip


def _base(row: DuesBase | None, *, clear: bool) -> str:
    if row is None or not row.base:
        return ""
    return _yuan(queries.clear(row)) if clear else "***"


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen).replace(",", "")


def write_used(
    *, party: PartyOrganization, first: date, end: date, path: Path, form: str, by: Actor, at: datetime
) -> int:
    """Write what was spent out of the dues in [first, end); returns the number of rows."""
    require(by, party)
    rows = DuesUse.objects.current().visible_to(by).filter(party_organization=party, on__gte=first, on__lt=end)
    branch = reading.name_of(party)
    lines = [
        {"on": row.on.isoformat(), "purpose": row.purpose, "amount": _yuan(row.amount_fen),
         "approved_by": row.approved_by, "voucher_no": row.voucher_no, "branch": branch}
        for row in rows.order_by("on", "pk")
    ]  # fmt: skip
    notes = [[_("所属期"), f"{first.isoformat()}—{end.isoformat()}"]]
    count = _write(path, form, USED, lines, _("党费使用表"), notes)
    reads.exported("dues_uses", rows=count, by=by, at=at, reason="", sensitive=False,
                   filters={"party": party.pk, "on": first.isoformat(), "form": form})  # fmt: skip
    return count


def _write(path: Path, form: str, columns: Any, lines: list[dict[str, Any]], sheet: str, notes: Any) -> int:
    if form not in FORMS:
        raise Refused([note("EXPORT-FORM", Severity.BLOCK, _("请选择导出的格式。"))])
    return writing.write_form(path, form, columns, lines, sheet=sheet, notes=notes)
