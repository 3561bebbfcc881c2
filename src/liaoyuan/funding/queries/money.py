"""Figures of money, all from the same rows: agreements, pools, rounds; what the rules read of an agreement. Fen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import User
from liaoyuan.funding.choices.awards import AgreementState, EntryKind, TrancheState
from liaoyuan.funding.choices.money import MidOutcome
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Agreement, AgreementShare, Expense, Pool, PoolEntry, Round, Tranche
from liaoyuan.funding.queries import limits, publicity, running
from liaoyuan.funding.queries.facts import body_name
from liaoyuan.funding.rules.facts import payments as record
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.kit.findings import Finding


@dataclass(frozen=True, slots=True)
class Sums:
    """Agreed, paid out, come back, spent of the grant by vouchers, kept for an agreed use."""

    agreed: int = 0
    paid: int = 0
    returned: int = 0
    spent: int = 0
    reuse: int = 0

    @property
    def left(self) -> int:
        """What is agreed and not paid yet."""
        return self.agreed - self.paid

    @property
    def held(self) -> int:
        """What the body has of the grant: paid, not returned, not spent."""
        return self.paid - self.returned - self.spent

    @property
    def unused(self) -> int:
        """What of that is to come back."""
        return max(0, self.held - self.reuse)


def of_agreement(agreement: Agreement) -> Sums:
    """The figures of one agreement."""
    return of_agreements([agreement])[agreement.pk]


def of_agreements(rows: Iterable[Agreement]) -> dict[int, Sums]:
    """The figures of many, by key, in two statements."""
    reuse = {row.pk: row.reuse_fen for row in rows}
    shares = AgreementShare.objects.filter(agreement__in=reuse).order_by().values("agreement").annotate(
        agreed=Sum("amount_fen"), paid=Sum("paid_fen"), back=Sum("returned_fen")
    )  # fmt: skip
    told = {line["agreement"]: (line["agreed"], line["paid"], line["back"]) for line in shares}
    spent = Expense.objects.filter(agreement__in=reuse, voided_at__isnull=True).order_by().values("agreement")
    used = dict(spent.annotate(fen=Sum("grant_fen")).values_list("agreement", "fen"))
    return {key: Sums(*told.get(key, (0, 0, 0)), used.get(key, 0), fen) for key, fen in reuse.items()}


@dataclass(frozen=True, slots=True)
class PoolSums:
    """One pool: its ceiling, what agreements have taken of it, what is left, paid and come back."""

    pool: Pool
    ceiling: int
    committed: int
    left: int
    paid: int
    returned: int


def of_round(round_: Round) -> list[PoolSums]:
    """The pools of a round."""
    return [
        PoolSums(pool, pool.ceiling_fen, pool.committed_fen, pool.left_fen, pool.paid_fen, pool.returned_fen)
        for pool in Pool.objects.filter(round=round_).order_by("pk")
    ]


def ledger_faults(round_: Round) -> list[str]:
    """Where sums and ledger of a round do not agree: nothing, unless somebody wrote past the actions."""
    found = []
    rows = PoolEntry.objects.filter(pool__round=round_).order_by()
    sums: dict[tuple[int, str], int] = {
        (row["pool"], row["kind"]): row["fen"] for row in rows.values("pool", "kind").annotate(fen=Sum("amount_fen"))
    }
    for one in of_round(round_):
        told = {kind: sums.get((one.pool.pk, str(kind)), 0) for kind in EntryKind}
        ledger = (told[EntryKind.COMMITTED] - told[EntryKind.RELEASED], told[EntryKind.PAID], told[EntryKind.RETURNED])
        if ledger != (one.committed, one.paid, one.returned):
            found.append(f"{one.pool.title}: {ledger} {(one.committed, one.paid, one.returned)}")
    return found


def mid_outcome(agreement: Agreement) -> str:
    """What the mid check of the project stands at, as its state tells; empty while there was none."""
    state = agreement.project.state
    if state == ProjectState.RECTIFYING:
        return str(MidOutcome.RECTIFY)
    return str(MidOutcome.TERMINATE) if state == ProjectState.TERMINATED else ""


def _name(user: User | None) -> str:
    return user.username if user is not None else ""


def facts_of(
    agreement: Agreement, on: date, tranche: Tranche | None = None, *, preparer: str = "", approver: str = "",
    payer: str = "",
) -> record.PaymentFacts:  # fmt: skip
    """An agreement, and one of its instalments, as the rules read them on the day."""
    project, line = agreement.project, agreement.award
    sums = of_agreement(agreement)
    living = [one for one in agreement.tranches.all() if one.state != TrancheState.CANCELLED]
    return record.PaymentFacts(
        publicity_ends_on=line.award_list.closes_on,
        open_objections=publicity.open_objections(line),
        project_approved_on=localdate(line.approved_at) if line.approved_at is not None else None,
        signed_on=agreement.signed_on or on,
        approved_fen=line.approved_fen,
        contract_fen=agreement.amount_fen,
        approved_body=body_name(project.sponsor or project.organization, on),
        body=body_name(agreement.organization, on),
        account=agreement.account_name,
        tranches=_tranches(agreement) if living else (),
        met=_met(agreement),
        tranche_no=tranche.no if tranche is not None else None,
        tranche_fen=tranche.amount_fen if tranche is not None else None,
        paid_fen=sums.paid,
        mid_outcome=mid_outcome(agreement),
        overdue_reports=running.overdue_count(project, on),
        preparer=preparer or (_name(tranche.prepared_by) if tranche is not None else ""),
        approver=approver or (_name(tranche.approved_by) if tranche is not None else ""),
        payer=payer,
    )  # fmt: skip


def late_payments(agreement: Agreement, on: date) -> list[Finding]:
    """Instalments that are owed longer than the place allows (GV-PAY-02). Without a statement where instalments and
    conditions were read before.
    """
    if agreement.state != AgreementState.SIGNED:
        return []
    read = record.PaymentFacts(tranches=_tranches(agreement), met=_met(agreement))
    return list(policy.evaluate(Moment.TRANCHE_DAILY, read, limits.limits_of(agreement.project.round), on))


def _tranches(agreement: Agreement) -> tuple[record.Tranche, ...]:
    return tuple(record.Tranche(one.no, one.percent, one.paid_on) for one in agreement.tranches.all())


def _met(agreement: Agreement) -> tuple[record.Met, ...]:
    return tuple(record.Met(one.trigger, one.met_on) for one in agreement.conditions.all())


def unused(agreement: Agreement, on: date) -> list[Finding]:
    """What the rules say of money that was not used and has not come back (GV-FIN-04)."""
    held = limits.limits_of(agreement.project.round)
    sums = of_agreement(agreement)
    last = agreement.tranches.filter(paid_on__isnull=False).order_by("-paid_on").values_list("paid_on", flat=True)
    told = ProjectFacts(ends_on=agreement.ends_on, unused_fen=sums.unused, unused_since=last.first(),
                        reuse_agreed=agreement.reuse_fen > 0 and sums.unused == 0)  # fmt: skip
    return [one for one in policy.evaluate(Moment.PROJECT_DAILY, told, held, on) if one.code == "GV-FIN-04"]


def settled(agreement: Agreement) -> bool:
    """Whether all is paid out, or what is not spent has come back."""
    sums = of_agreement(agreement)
    done = sums.left == 0 or agreement.state == AgreementState.TERMINATED
    return done and sums.unused == 0


def plain(facts: Any) -> dict[str, Any]:
    """Facts as JSON keeps them."""
    return {name: _json(getattr(facts, name)) for name in facts.__dataclass_fields__}


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    return plain(value) if hasattr(value, "__dataclass_fields__") else value
