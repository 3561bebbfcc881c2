"""CON and PAY: agreements and instalments (handbook §9.3). Fen throughout."""

from datetime import date

from liaoyuan.funding.choices.money import LATER_TRIGGERS, MID_OUTCOME_TITLES, TRANCHE_TRIGGER_TITLES, MidOutcome
from liaoyuan.funding.rules import shares
from liaoyuan.funding.rules.facts.payments import PaymentFacts
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.money import format_yuan

_WHOLE = 100


def signing(facts: PaymentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-CON-01: signed after publicity, without an open objection, and in time where the place says."""
    found = []
    day = facts.signed_on or on
    if facts.signed_on is not None and facts.publicity_ends_on is None:
        found.append(limits.finding("GV-CON-01", field="publicity_ends_on", variant="none"))
    if facts.publicity_ends_on is not None and day <= facts.publicity_ends_on:
        found.append(limits.finding("GV-CON-01", field="signed_on", last=facts.publicity_ends_on.isoformat()))
    if facts.open_objections:
        found.append(
            limits.finding("GV-CON-01", field="open_objections", variant="objection", count=facts.open_objections)
        )
    days, approved = limits["gv.sign.workdays"], facts.project_approved_on
    if days is not None and approved is not None:
        due = limits.calendar.add_workdays(approved, days).date
        if day > due:
            found.append(
                limits.finding("GV-CON-01", field="signed_on", variant="late", uses=("gv.sign.workdays",),
                               approved=approved.isoformat(), due=due.isoformat())
            )  # fmt: skip
    return found


def contents(facts: PaymentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-CON-02: no more than approved, with the same body, to its own account."""
    found = []
    if facts.contract_fen is not None and facts.approved_fen is not None and facts.contract_fen > facts.approved_fen:
        found.append(
            limits.finding("GV-CON-02", field="contract_fen", amount=format_yuan(facts.contract_fen),
                           approved=format_yuan(facts.approved_fen))
        )  # fmt: skip
    if facts.body and facts.approved_body and facts.body != facts.approved_body:
        found.append(
            limits.finding("GV-CON-02", field="body", variant="organization", approved=facts.approved_body,
                           signing=facts.body)
        )  # fmt: skip
    if facts.account and facts.body and facts.account.strip() != facts.body:
        found.append(
            limits.finding("GV-CON-02", field="account", variant="account", account=facts.account, signing=facts.body)
        )
    return found


def plan(percents: tuple[int, ...], contract_fen: int) -> tuple[int, ...]:
    """What each instalment comes to in fen: whole fen of its share, the last one what is left."""
    parts = [shares.most(contract_fen, percent) for percent in percents[:-1]]
    return (*parts, contract_fen - sum(parts)) if percents else ()


def tranche(facts: PaymentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-PAY-01: shares of 100 percent, the condition met, no more than the share and the agreement."""
    if not facts.tranches and facts.tranche_no is None:
        return []
    found = []
    percents = tuple(t.percent or 0 for t in facts.tranches) or tuple(limits["gv.tranche.percents"])
    uses = () if facts.tranches else ("gv.tranche.percents",)
    if sum(percents) != _WHOLE:
        told = "、".join(f"{percent}%" for percent in percents)
        found.append(
            limits.finding("GV-PAY-01", field="tranches", variant="sum", uses=uses, percents=told, sum=sum(percents))
        )
    no = facts.tranche_no
    if no is not None and not 1 <= no <= len(percents):
        return [
            *found,
            limits.finding("GV-PAY-01", field="tranche_no", variant="number", uses=uses, no=no, count=len(percents)),
        ]
    if no is not None:
        found += _met(facts, no, limits)
    return [*found, *_amount(facts, percents, limits, uses)]


def _amount(facts: PaymentFacts, percents: tuple[int, ...], limits: Limits, uses: tuple[str, ...]) -> list[Finding]:
    contract, amount = facts.contract_fen, facts.tranche_fen
    if contract is None or amount is None:
        return []
    paid = facts.paid_fen or 0
    if paid + amount > contract:
        return [
            limits.finding("GV-PAY-01", field="tranche_fen", paid=format_yuan(paid), amount=format_yuan(amount),
                           sum=format_yuan(paid + amount), contract=format_yuan(contract))
        ]  # fmt: skip
    no = facts.tranche_no
    if no is None or no == len(percents) or sum(percents) != _WHOLE:
        return []
    due = plan(percents, contract)[no - 1]
    if amount <= due:
        return []
    return [
        limits.finding("GV-PAY-01", field="tranche_fen", variant="share", uses=uses, no=no,
                       contract=format_yuan(contract), percent=percents[no - 1], due=format_yuan(due),
                       amount=format_yuan(amount))
    ]  # fmt: skip


def _met(facts: PaymentFacts, no: int, limits: Limits) -> list[Finding]:
    """The condition of an instalment is met; what is not known to be met is not."""
    triggers = limits["gv.tranche.triggers"]
    if no > len(triggers):
        return []
    trigger = triggers[no - 1]
    if any(met.trigger == trigger and met.on is not None for met in facts.met):
        return []
    return [
        limits.finding("GV-PAY-01", field="met", variant="trigger", uses=("gv.tranche.triggers",), no=no,
                       trigger=TRANCHE_TRIGGER_TITLES.get(trigger, trigger))
    ]  # fmt: skip


def in_time(facts: PaymentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-PAY-02: so many working days after its condition was met an instalment is paid."""
    days, triggers = limits["gv.tranche.workdays"], limits["gv.tranche.triggers"]
    since = {met.trigger: met.on for met in facts.met}
    found = []
    for entry in facts.tranches:
        no = entry.no or 0
        if not 1 <= no <= min(len(days), len(triggers)):
            continue
        met = since.get(triggers[no - 1])
        if met is None or entry.paid_on is not None:
            continue
        due = limits.calendar.add_workdays(met, days[no - 1]).date
        if on > due:
            found.append(
                limits.finding("GV-PAY-02", field="tranches", uses=("gv.tranche.workdays", "gv.tranche.triggers"),
                               no=no, met=met.isoformat(), due=due.isoformat())
            )  # fmt: skip
    return found


def withheld(facts: PaymentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-PAY-03: a failed mid check or an overdue report holds back the instalments that follow the first one."""
    no = facts.tranche_no
    triggers = limits["gv.tranche.triggers"]
    if no is None or no < 1 or (no <= len(triggers) and triggers[no - 1] not in LATER_TRIGGERS):
        return []
    found = []
    if facts.mid_outcome and facts.mid_outcome != MidOutcome.PASSED:
        found.append(
            limits.finding("GV-PAY-03", field="mid_outcome", outcome=MID_OUTCOME_TITLES[facts.mid_outcome], no=no)
        )
    if facts.overdue_reports:
        found.append(
            limits.finding("GV-PAY-03", field="overdue_reports", variant="report", count=facts.overdue_reports, no=no)
        )
    return found


#: Who takes part in a payment, in its order.
HAND_TITLES: dict[str, str] = {"preparer": "经办人", "approver": "审批人", "payer": "付款人"}


def hands(facts: PaymentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-PAY-04: three hands."""
    people = (("preparer", facts.preparer), ("approver", facts.approver), ("payer", facts.payer))
    named = [(role, name) for role, name in people if name]
    return [
        limits.finding("GV-PAY-04", field=later, first=HAND_TITLES[earlier], second=HAND_TITLES[later], name=name)
        for position, (earlier, name) in enumerate(named)
        for later, other in named[position + 1 :]
        if name == other
    ]
