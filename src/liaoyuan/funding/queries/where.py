"""Where is my money: what was promised, what was paid, what the next instalment waits for, whose turn it is.

Whoever applied reads the same figures as the office: all come from the rows of the agreement.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.awards import (
    TURN_TITLES,
    WAITING_TITLES,
    AgreementState,
    TrancheState,
    Turn,
    Waiting,
)
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES, TrancheTrigger
from liaoyuan.funding.models import Agreement, Project, Tranche
from liaoyuan.funding.queries import limits, money, publicity
from liaoyuan.kit.money import format_yuan

#: Who brings a condition about.
_BY: dict[str, Turn] = {
    TrancheTrigger.SIGNED: Turn.HOST, TrancheTrigger.STARTED: Turn.ORGANIZER, TrancheTrigger.MID_PASSED: Turn.BODY,
    TrancheTrigger.ACCEPTED: Turn.BODY, TrancheTrigger.AUDITED: Turn.BODY,
}  # fmt: skip
_TURNS: dict[str, tuple[Waiting, Turn]] = {
    TrancheState.PLANNED: (Waiting.PREPARE, Turn.ORGANIZER), TrancheState.PREPARED: (Waiting.APPROVE, Turn.HOST),
    TrancheState.APPROVED: (Waiting.ORDER, Turn.FINANCE), TrancheState.ORDERED: (Waiting.PAY, Turn.FINANCE),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Where:
    """The answer. `next_no` and `next_fen` are those of the next instalment; `since` is the day from which it waits,
    `due_on` the last day on which the place lets it be paid, where it says so.
    """

    promised: int
    paid: int
    returned: int
    left: int
    next_no: int | None
    next_fen: int
    waits_for: Waiting
    turn: Turn
    since: date | None
    trigger: str = ""
    due_on: date | None = None

    @property
    def text(self) -> str:
        """One sentence."""
        if self.next_no is None:
            return _(WAITING_TITLES[self.waits_for]) + "。"
        told = _("第 {no} 期 {amount} 元，{waits}").format(
            no=self.next_no, amount=format_yuan(self.next_fen), waits=_(WAITING_TITLES[self.waits_for])
        )
        if self.waits_for == Waiting.CONDITION:
            told += f"（{_(TRANCHE_TRIGGER_TITLES[self.trigger])}）"
        if self.since is not None:
            told += _("，自 {since} 起由{turn}办理").format(
                since=self.since.isoformat(), turn=_(TURN_TITLES[self.turn])
            )
        return told + "。"


def of_project(project: Project, on: date) -> Where:
    """Of a project, whether it has an agreement yet or not."""
    agreement = (
        Agreement.objects.living().filter(project=project).select_related("project__round__programme__area").first()
    )
    if agreement is not None:
        return of_agreement(agreement, on)
    line = publicity.approved_line(project)
    if line is None:
        return Where(0, 0, 0, 0, None, 0, Waiting.NOTHING, Turn.NOBODY, None)
    fen = line.approved_fen or 0
    since = localdate(line.approved_at) if line.approved_at is not None else None
    return Where(fen, 0, 0, fen, None, 0, Waiting.AGREEMENT, Turn.ORGANIZER, since)


def of_agreement(agreement: Agreement, on: date) -> Where:
    """Of an agreement."""
    sums = money.of_agreement(agreement)
    base = (sums.agreed, sums.paid, sums.returned, sums.left)
    if agreement.state == AgreementState.DRAFT:
        return Where(*base, None, 0, Waiting.AGREEMENT, Turn.HOST, localdate(agreement.drafted_at))
    done = [TrancheState.PAID.value, TrancheState.CANCELLED.value]
    tranche = agreement.tranches.exclude(state__in=done).order_by("no").first()
    if tranche is None or agreement.state != AgreementState.SIGNED:
        return Where(*base, None, 0, Waiting.NOTHING, Turn.NOBODY, None)
    met = agreement.conditions.filter(trigger=tranche.trigger).first()
    if met is None:
        since = _last_step(agreement)
        return Where(*base, tranche.no, tranche.amount_fen, Waiting.CONDITION, _BY[tranche.trigger], since,
                     tranche.trigger)  # fmt: skip
    waits, turn = _TURNS[tranche.state]
    return Where(*base, tranche.no, tranche.amount_fen, waits, turn, _since(tranche, met.met_on), tranche.trigger,
                 _due(agreement, tranche, met.met_on))  # fmt: skip


def _since(tranche: Tranche, met_on: date) -> date:
    if tranche.state == TrancheState.ORDERED and tranche.batch is not None:
        return localdate(tranche.batch.made_at)
    if tranche.state == TrancheState.APPROVED and tranche.approved_at is not None:
        return localdate(tranche.approved_at)
    if tranche.state == TrancheState.PREPARED and tranche.prepared_at is not None:
        return localdate(tranche.prepared_at)
    return met_on


def _last_step(agreement: Agreement) -> date | None:
    """Since when a condition is waited for: the last payment, or the signing."""
    paid = agreement.tranches.filter(paid_on__isnull=False).order_by("-paid_on").values_list("paid_on", flat=True)
    return paid.first() or agreement.signed_on


def _due(agreement: Agreement, tranche: Tranche, met_on: date) -> date | None:
    held = limits.limits_of(agreement.project.round)
    days = list(held["gv.tranche.workdays"] or [])
    return held.calendar.add_workdays(met_on, days[tranche.no - 1]).date if len(days) >= tranche.no else None
