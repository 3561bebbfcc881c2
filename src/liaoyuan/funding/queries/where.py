"""Where is my money: what was promised, what was paid, what the next instalment waits for, whose turn it is.

Whoever applied reads the same figures as the office: all come from the rows of the agreement.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.awards import TURN_TITLES, WAITING_TITLES, AgreementState, TrancheState, Turn, Waiting
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES, TrancheTrigger
from liaoyuan.funding.models import Agreement, Project, Tranche, TrancheCondition
from liaoyuan.funding.queries import limits, money, publicity
from liaoyuan.kit.money import format_yuan

#: Who brings a condition about.
BROUGHT_BY: dict[str, Turn] = {
    TrancheTrigger.SIGNED: Turn.HOST, TrancheTrigger.STARTED: Turn.ORGANIZER, TrancheTrigger.MID_PASSED: Turn.BODY,
    TrancheTrigger.ACCEPTED: Turn.BODY, TrancheTrigger.AUDITED: Turn.BODY,
}  # fmt: skip
#: What each state waits for, and whose turn it is.
TURNS: dict[str, tuple[Waiting, Turn]] = {
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


def of_agreement(agreement: Agreement, on: date, sums: money.Sums | None = None) -> Where:
    """Of an agreement. Costs no statement where its figures, instalments (with their files) and conditions were read
    before.
    """
    sums = sums or money.of_agreement(agreement)
    base = (sums.agreed, sums.paid, sums.returned, sums.left)
    if agreement.state == AgreementState.DRAFT:
        return Where(*base, None, 0, Waiting.AGREEMENT, Turn.HOST, localdate(agreement.drafted_at))
    tranche = waiting(agreement)
    if tranche is None:
        return Where(*base, None, 0, Waiting.NOTHING, Turn.NOBODY, None)
    met = met_of(agreement, tranche)
    if met is None:
        return Where(*base, tranche.no, tranche.amount_fen, Waiting.CONDITION, BROUGHT_BY[tranche.trigger],
                     last_step(agreement), tranche.trigger)  # fmt: skip
    waits, turn = TURNS[tranche.state]
    return Where(*base, tranche.no, tranche.amount_fen, waits, turn, since(tranche, met.met_on), tranche.trigger,
                 due(agreement, tranche, met.met_on))  # fmt: skip


def waiting(agreement: Agreement) -> Tranche | None:
    """The next instalment of a signed agreement that is not paid."""
    if agreement.state != AgreementState.SIGNED:
        return None
    done = (TrancheState.PAID, TrancheState.CANCELLED)
    return next((one for one in agreement.tranches.all() if one.state not in done), None)


def met_of(agreement: Agreement, tranche: Tranche) -> TrancheCondition | None:
    """Since when the condition of an instalment has been met, and by what; None when it is not."""
    return next((one for one in agreement.conditions.all() if one.trigger == tranche.trigger), None)


def since(tranche: Tranche, met_on: date) -> date:
    """The day from which an instalment lies where it lies."""
    if tranche.state == TrancheState.ORDERED and tranche.batch is not None:
        return localdate(tranche.batch.made_at)
    if tranche.state == TrancheState.APPROVED and tranche.approved_at is not None:
        return localdate(tranche.approved_at)
    if tranche.state == TrancheState.PREPARED and tranche.prepared_at is not None:
        return localdate(tranche.prepared_at)
    return met_on


def last_step(agreement: Agreement) -> date | None:
    """Since when a condition is waited for: the last payment, or the signing."""
    paid = [one.paid_on for one in agreement.tranches.all() if one.paid_on is not None]
    return max(paid) if paid else agreement.signed_on


def due(agreement: Agreement, tranche: Tranche, met_on: date) -> date | None:
    """The last day on which the place lets an instalment be paid (GV-PAY-02), where it says so."""
    held = limits.limits_of(agreement.project.round)
    days = list(held["gv.tranche.workdays"] or [])
    return held.calendar.add_workdays(met_on, days[tranche.no - 1]).date if len(days) >= tranche.no else None
