"""The finance desk: rounds with what waits to be paid, pools with their ledger, payment files. Money in fen."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from liaoyuan.funding.choices.awards import EntryKind, TrancheState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Agreement, PaymentBatch, Pool, PoolEntry, Round, Tranche

#: States in the order in which an instalment goes through them on the desk.
WAITING = (TrancheState.PREPARED, TrancheState.APPROVED, TrancheState.ORDERED)


def rounds(user: Any) -> QuerySet[Round]:
    """Rounds for which the user pays and that have agreements: the pools' sums, how much waits in each state."""
    pools = Pool.objects.filter(round=OuterRef("pk")).order_by().values("round")
    waits = Tranche.objects.filter(agreement__project__round=OuterRef("pk")).order_by().values(
        "agreement__project__round"
    )  # fmt: skip
    agreed = Agreement.objects.living().filter(project__round=OuterRef("pk"))
    return Round.objects.run_by(user, Permission.PAY).filter(Exists(agreed)).annotate(
        **{f"{name}_sum": _sum(pools, f"{name}_fen") for name in ("ceiling", "committed", "paid", "returned")},
        approved_sum=_sum(waits.filter(state=TrancheState.APPROVED.value), "amount_fen"),
        approved_count=Coalesce(
            Subquery(waits.filter(state=TrancheState.APPROVED.value).annotate(n=Count("pk")).values("n")), 0),
        ordered_sum=_sum(waits.filter(state=TrancheState.ORDERED.value), "amount_fen"),
        ordered_count=Coalesce(
            Subquery(waits.filter(state=TrancheState.ORDERED.value).annotate(n=Count("pk")).values("n")), 0),
    )  # fmt: skip


def _sum(rows: QuerySet[Any], name: str) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(_all=Sum(name)).values("_all")), 0)


def waiting(user: Any) -> QuerySet[Tranche]:
    """Instalments that are on their way to being paid in the rounds for which the user pays."""
    rows = Tranche.objects.filter(
        agreement__project__round__in=Round.objects.run_by(user, Permission.PAY),
        state__in=[str(one) for one in WAITING],
    )
    return rows.select_related("agreement__project__round", "batch", "prepared_by", "approved_by")


def of_round(round_: Round) -> QuerySet[Tranche]:
    """All instalments of a round."""
    rows = Tranche.objects.filter(agreement__project__round=round_)
    return rows.select_related("agreement__project", "batch", "prepared_by", "approved_by", "paid_by")


def approved(round_: Round) -> list[Tranche]:
    """What a payment file of the round may hold, in the order of the file."""
    rows = of_round(round_).filter(state=TrancheState.APPROVED.value)
    return list(rows.order_by("agreement__project__number", "no"))


def batches(round_: Round) -> QuerySet[PaymentBatch]:
    """The payment files of a round, the latest first, with how many instalments of each were paid."""
    paid = Q(tranches__state=TrancheState.PAID.value)
    return PaymentBatch.objects.filter(round=round_).select_related("made_by", "voided_by").annotate(
        paid_count=Count("tranches", filter=paid), paid_sum=Coalesce(Sum("tranches__amount_fen", filter=paid), 0)
    ).order_by("-number")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the lines of a pool's ledger add up to, by kind; `agrees` with what the pool says."""

    committed: int
    released: int
    paid: int
    returned: int
    agrees: bool


def ledger(pool: Pool) -> Ledger:
    """The sums of the lines of a pool."""
    rows = PoolEntry.objects.filter(pool=pool).order_by().values("kind").annotate(fen=Sum("amount_fen"))
    told = {row["kind"]: row["fen"] for row in rows}
    sums = [told.get(str(kind), 0) for kind in EntryKind]
    committed, released, paid, returned = sums
    same = (committed - released, paid, returned) == (pool.committed_fen, pool.paid_fen, pool.returned_fen)
    return Ledger(committed, released, paid, returned, same)


def entries(pool: Pool) -> QuerySet[PoolEntry]:
    """The lines of a pool's ledger."""
    return PoolEntry.objects.filter(pool=pool).select_related("agreement__project", "entered_by")
