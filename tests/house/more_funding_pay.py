"""More rows of money for the count of queries per page: beside those of the ground, in the same scope."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.funding.models import (
    Agreement,
    AgreementShare,
    Amendment,
    AwardLine,
    Expense,
    HandOverFile,
    PaymentBatch,
    Pool,
    PoolEntry,
    Project,
    Refund,
    Round,
    Ruling,
    Tranche,
    TrancheCondition,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT

_STATES = ("planned", "prepared", "approved", "ordered", "paid")


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body an agreement whose instalments stand in every state, and one more row of everything on the
    agreement, the pool and the payment file that the pages open; own projects of the body inside, too.
    """
    main = Agreement.objects.select_related("award").get(pk=keys["agreement"])
    round_, pool = Round.objects.get(pk=keys["round_open"]), Pool.objects.get(pk=keys["pool_paid"])
    batch = PaymentBatch.objects.get(pk=keys["payment"])
    inside = Organization.objects.get(pk=keys["inside"])
    for body in bodies:
        for owner, mark in ((body, "他"), (inside, "本")):
            row = _agreement(round_, owner, f"{mark}拨{body.pk}", main, pool)
            _tranches(row, batch)
            Amendment.objects.create(agreement=row, number=1, kinds=["leader"], reason="演示", asked_at=AT)
            Ruling.objects.create(agreement=row, kind="terminate", reason="演示", asked_at=AT)
        made = PaymentBatch.objects.create(round=round_, number=1000 + body.pk, count=0, total_fen=0, csv=batch.csv,
                                           xlsx=batch.xlsx, made_at=AT)  # fmt: skip
        _of(main, pool, body.pk, made)


def _agreement(round_: Round, body: Organization, title: str, main: Agreement, pool: Pool) -> Agreement:
    project = Project.objects.create(round=round_, organization=body, title=f"演示{title}", number=title,
                                     state="recovering", created_at=AT, submitted_at=AT)  # fmt: skip
    line = AwardLine.objects.create(
        award_list=main.award.award_list, position=project.pk % 30_000, project=project, organization=body,
        number=title, project_title=project.title, body_name="演示组织", amount_fen=100, approved_fen=100,
        approved_at=AT,
    )  # fmt: skip
    today = clock.today()
    row = Agreement.objects.create(
        project=project, award=line, organization=body, body_name="演示组织", state="signed", amount_fen=100,
        starts_on=today, ends_on=today + timedelta(days=90), account_name="演示组织", account_bank="示例银行",
        account_number=main.account_number, account_tail=main.account_tail, signed_on=today, drafted_at=AT,
        signed_at=AT,
    )  # fmt: skip
    AgreementShare.objects.create(agreement=row, pool=pool, amount_fen=0)
    TrancheCondition.objects.create(agreement=row, trigger="signed", met_on=today, noted_at=AT)
    return row


def _tranches(row: Agreement, batch: PaymentBatch) -> None:
    """One in each state; the first one waits to be prepared, so that its agreement is told of in 待办."""
    for no, state in enumerate(_STATES, 1):
        done = {"prepared_at": AT} if state != "planned" else {}
        done |= {"approved_at": AT} if state in ("approved", "ordered", "paid") else {}
        done |= {"batch": batch} if state in ("ordered", "paid") else {}
        done |= {"paid_at": AT, "paid_on": AT.date()} if state == "paid" else {}
        Tranche.objects.create(agreement=row, no=no, percent=20, trigger="signed", amount_fen=20, state=state, **done)


def _of(main: Agreement, pool: Pool, number: int, batch: PaymentBatch) -> None:
    expense = main.expenses.first()
    Expense.objects.create(
        agreement=main, budget_class="B07", voucher_no=f"演示{number}", spent_on=AT.date(), payee="示例店",
        title="演示", amount_fen=1, grant_fen=1, file=expense.file, entered_at=AT,
    )  # fmt: skip
    PoolEntry.objects.create(pool=pool, agreement=main, kind="paid", amount_fen=1, tranche_no=1, reason="演示",
                             entered_on=AT.date(), entered_at=AT)  # fmt: skip
    Refund.objects.create(agreement=main, kind="unused", amount_fen=1, received_on=AT.date(), voucher_no=f"退{number}",
                          entered_at=AT)  # fmt: skip
    Ruling.objects.create(agreement=main, kind="recover", amount_fen=1, reason="演示", asked_at=AT, decided_at=AT)
    paper = main.hand_overs.first()
    HandOverFile.objects.create(
        agreement=main, gives="演示甲", takes="演示乙", reason="演示", file=paper.file, made_at=AT
    )
    place = 100 + number % 30_000
    Amendment.objects.create(agreement=main, number=place, kinds=["leader"], reason="演示", state="kept", asked_at=AT,
                             decided_at=AT)  # fmt: skip
    Tranche.objects.create(agreement=main, no=place, percent=0, trigger="accepted", amount_fen=0)
