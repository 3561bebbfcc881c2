"""What a project spends: vouchers are entered by the body or for it; a doubled one only after a confirmation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import StoredFile
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.awards import AgreementState
from liaoyuan.funding.choices.budget import BudgetClass
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.models import Agreement, Expense
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked

_TEXTS = {"voucher_no": "凭证号", "payee": "收款方", "title": "事由"}


def may_enter(by: Actor, agreement: Agreement) -> bool:
    """Whether the user enters what the project spends: of the body, or filling in for it at the office."""
    wanted = (Permission.OWN_MONEY, Permission.EDIT)
    return any(access.covers(by, one, agreement.project, write=True) for one in wanted)


@transaction.atomic
def enter(
    *, agreement: Agreement, values: Mapping[str, Any], file: StoredFile, confirmed: bool = False, on_behalf: str = "",
    by: Actor, at: datetime,
) -> Expense:  # fmt: skip
    """Enter one voucher: voucher_no, spent_on, payee, title, budget_class, amount_fen, grant_fen (of it).

    A voucher of the same number, payee, day and amount anywhere, and a day outside the agreement (GV-EXE-01), ask for a
    confirmation.
    """
    if not may_enter(by, agreement):
        raise PermissionDenied(str(Permission.OWN_MONEY))
    texts = {name: str(values.get(name, "")).strip() for name in _TEXTS}
    for name, title in _TEXTS.items():
        if not texts[name]:
            raise entering.refusal("EXPENSE-MISSING", _("请填写{title}。"), name, title=_(title))
    locks.one_at_a_time("funding.voucher", texts["voucher_no"])
    row = Agreement.objects.select_related("project__round__programme__area").get(pk=agreement.pk)
    if row.state not in (AgreementState.SIGNED, AgreementState.TERMINATED):
        raise entering.refusal("EXPENSE-STATE", _("协议签订后才能登记支出。"))
    amount, granted = values["amount_fen"], values["grant_fen"]
    if amount <= 0 or not 0 <= granted <= amount:
        raise entering.refusal("EXPENSE-AMOUNT", _("金额须大于零，其中的资助资金不超过金额。"), "amount_fen")
    if values["spent_on"] > localdate(at):
        raise entering.refusal("EXPENSE-DAY", _("支出日期不能晚于今天。"), "spent_on")
    if values["budget_class"] not in {str(kind) for kind in BudgetClass}:
        raise entering.refusal("EXPENSE-CLASS", _("请选择预算科目。"), "budget_class")
    same = Expense.objects.filter(
        voucher_no=texts["voucher_no"], payee=texts["payee"], spent_on=values["spent_on"], amount_fen=amount,
        voided_at__isnull=True,
    ).select_related("agreement__project")  # fmt: skip
    findings = refuse_if_blocked([*_doubled(row, same.first()), *_outside(row, values)], confirmed=confirmed)
    made = Expense.objects.create(
        agreement=row, spent_on=values["spent_on"], budget_class=values["budget_class"], amount_fen=amount,
        grant_fen=granted, file=file, again=same.exists(), entered_at=at, entered_by=entering.recorder(by),
        voucher_no=texts["voucher_no"][:60], payee=texts["payee"][:120], title=texts["title"][:120],
    )  # fmt: skip
    payload = {"agreement": row.pk, "expense": made.pk, "amount_fen": amount, "voucher": made.voucher_no}
    events.record(Event.EXPENSE_ENTERED, row.project, by=by, at=at, findings=findings, payload=payload,
                  on_behalf=on_behalf)  # fmt: skip
    return made


class RowsRefused(Refused):
    """Several vouchers are refused together: the findings by the number of the line. Nothing was written."""

    def __init__(self, rows: Mapping[int, list[Finding]]) -> None:
        super().__init__([finding for found in rows.values() for finding in found])
        self.rows = dict(rows)


@transaction.atomic
def enter_all(
    *, agreement: Agreement, lines: Mapping[int, Mapping[str, Any]], file: StoredFile, confirmed: bool = False,
    on_behalf: str = "", by: Actor, at: datetime,
) -> list[Expense]:  # fmt: skip
    """Enter many vouchers out of one sheet, by the number of their line, with one file of all their papers. All or
    none: what is refused is told for every line (`RowsRefused`).
    """
    made, faults = [], {}
    for number, values in lines.items():
        try:
            with transaction.atomic():
                made.append(enter(agreement=agreement, values=values, file=file, confirmed=confirmed,
                                  on_behalf=on_behalf, by=by, at=at))  # fmt: skip
        except Refused as refused:
            faults[number] = refused.findings
    if faults:
        raise RowsRefused(faults)
    return made


def _doubled(row: Agreement, other: Expense | None) -> list[Finding]:
    """The voucher that was entered before; of another body's project only that there is one."""
    if other is None:
        return []
    own = other.agreement.project.organization_id == row.project.organization_id
    where = other.agreement.project.title if own else _("另一个组织的项目")
    told = _("凭证号、收款方、日期和金额都相同的支出已登记在“{where}”，确认不是同一张凭证再保存。")
    return [entering.doubt("EXPENSE-AGAIN", told, "voucher_no", where=where)]


def _outside(row: Agreement, values: Mapping[str, Any]) -> list[Finding]:
    read = ProjectFacts(starts_on=row.starts_on, ends_on=row.ends_on, activity_on=values["spent_on"])
    on = values["spent_on"]
    return list(policy.evaluate(Moment.PROJECT_ACTIVITY, read, limits.limits_of(row.project.round), on))


@transaction.atomic
def void(*, expense: Expense, reason: str, by: Actor, at: datetime) -> Expense:
    """Take a voucher back that was entered wrongly; it stays readable with the reason."""
    row = Expense.objects.select_for_update(of=("self",)).select_related(
        "agreement__project__round__programme__area"
    ).get(pk=expense.pk)  # fmt: skip
    if not may_enter(by, row.agreement):
        raise PermissionDenied(str(Permission.OWN_MONEY))
    if row.voided_at is not None or len(reason.strip()) < 2:
        raise entering.refusal("EXPENSE-VOID", _("请写明作废的原因；已作废的不能再作废。"), "reason")
    row.voided_at, row.voided_by, row.voided_because = at, entering.recorder(by), reason.strip()[:200]
    row.save(update_fields=["voided_at", "voided_by", "voided_because"])
    payload = {"agreement": row.agreement_id, "expense": row.pk, "note": row.voided_because}
    events.record(Event.EXPENSE_VOIDED, row.agreement.project, by=by, at=at, payload=payload)
    return row
