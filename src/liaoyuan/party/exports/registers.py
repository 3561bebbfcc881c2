"""F08: the register of letters of transfer, as workbook, CSV or JSON. Identity numbers are not among its columns."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, reads
from liaoyuan.core.access import Actor
from liaoyuan.kit.sheets import writing
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import MEMBER_STATUS_TITLES
from liaoyuan.party.models import MemberRecord, PartyOrganization, Transfer
from liaoyuan.party.params.letter_sheets import LETTERS
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import transfers as queries
from liaoyuan.people.choices import GENDER_TITLES

FORMS = ("xlsx", "csv", "json")


def write_letters(rows: Any, *, path: Path, form: str, by: Actor, at: datetime, on: date) -> int:
    """Write F08 of transfers that `by` may see and log it; returns the number of rows. Membership is told: C3."""
    access.require(by, Permission.EXPORT)
    found = list(rows.order_by("issued_on", "number", "pk"))
    lines = list(_lines(found, on))
    notes = [[_("数据日期"), on.isoformat()], [_("身份证号、年龄"), _("不导出。")]]
    writing.write_form(path, form, LETTERS, lines, sheet=_("介绍信登记簿"), notes=notes)
    reads.exported("letters", rows=len(lines), by=by, at=at, reason="", sensitive=False,
                   filters={"on": on.isoformat(), "form": form})  # fmt: skip
    return len(lines)


def _lines(found: list[Transfer], on: date) -> Iterator[dict[str, Any]]:
    keys = [row.member_id for row in found]
    told = {record.member_id: record for record in MemberRecord.objects.current().filter(member__in=keys)}
    takers = _takers(found, on)
    ends: list[int | None] = [key for row in found for key in (row.source_id, row.target_id, row.issuer_id)]
    parties = reading.names([*ends, *takers.values()])
    for row in found:
        record = told[row.member_id]
        status = record.status(row.issued_on or on)
        yield {
            "number": row.number, "name": record.name,
            "gender": _(GENDER_TITLES[record.gender]) if record.gender else "",
            "ethnicity": record.ethnicity, "status": _(MEMBER_STATUS_TITLES[status]) if status else "",
            "source": parties.get(row.source_id or 0, row.source_name),
            "issuer": parties.get(row.issuer_id or 0, row.issuer_name),
            "taker": parties.get(takers.get(row.target_id or 0, 0), ""),
            "target": parties.get(row.target_id or 0, row.target_name),
            "dues_until": row.dues_until.strftime("%Y-%m") if row.dues_until else "",
            "issued_on": row.issued_on.isoformat() if row.issued_on else "", "valid_days": row.valid_days,
            "handled_by": row.handled_by, "accepted_on": row.accepted_on.isoformat() if row.accepted_on else "",
            "receipt_on": row.receipt_on.isoformat() if row.receipt_on else "",
            "state": queries.state_words(row, on)[1], "note": row.refused_reason or row.note,
        }  # fmt: skip


def _takers(found: list[Transfer], on: date) -> dict[int, int]:
    """By the party organization that takes a member in: the committee above it that signs letters."""
    rows = PartyOrganization.objects.filter(pk__in={row.target_id for row in found if row.target_id})
    told = {row.pk: queries.issuer_of(row, on) for row in rows.select_related("area")}
    return {key: issuer.pk for key, issuer in told.items() if issuer is not None}
