"""BUD and FIN-03: shares, caps, prices and sums of a budget; what is settled at the end (handbook §9.3). All in fen."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from liaoyuan.funding.choices.budget import (
    BUDGET_CLASS_TITLES,
    CAP_BASE_TITLES,
    FORBIDDEN_ITEM_TITLES,
    HIDDEN_PAY,
    PRICE_KIND_TITLES,
    CapBase,
)
from liaoyuan.funding.rules import shares
from liaoyuan.funding.rules.facts.budgets import BudgetFacts, BudgetLine
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.money import format_yuan

STAFF = ("gv.staff.percent", "gv.staff.base", "gv.staff.classes")
GRANT_STAFF = ("gv.staff.grant_percent", "gv.staff.grant_classes")
_HUNDREDTHS = 100


def line_amount(price_fen: int, quantity: int, times: int) -> int:
    """Price × quantity (hundredths) × times in fen; a part of a fen is rounded half up."""
    return (price_fen * quantity * times * 2 + _HUNDREDTHS) // (2 * _HUNDREDTHS)


def total(facts: BudgetFacts) -> int:
    """The whole budget: as declared, else what its lines add up to."""
    return facts.total_fen if facts.total_fen is not None else _sum(facts.lines)


def granted(facts: BudgetFacts) -> int:
    """The money asked for: as declared, else what its lines add up to."""
    return facts.grant_fen if facts.grant_fen is not None else _paid_by_grant(facts.lines)


def _sum(lines: Iterable[BudgetLine]) -> int:
    return sum(line.amount_fen or 0 for line in lines)


def _paid_by_grant(lines: Iterable[BudgetLine]) -> int:
    return sum(line.granted_fen or 0 for line in lines)


def _measured(lines: Iterable[BudgetLine], base: str) -> int:
    """What counts against a cap: of the whole budget the whole amount, of the grant what the grant pays."""
    return _paid_by_grant(lines) if base == CapBase.GRANT else _sum(lines)


def _whole(facts: BudgetFacts, base: str) -> int:
    return granted(facts) if base == CapBase.GRANT else total(facts)


def pay_lines(facts: BudgetFacts, limits: Limits) -> tuple[list[BudgetLine], list[BudgetLine]]:
    """Lines of full-time pay, and those of persons on the full-time list that stand under labour or management."""
    classes = limits["gv.staff.classes"]
    full_time = {member.name for member in facts.team if member.full_time and member.name}
    open_ones = [line for line in facts.lines if line.budget_class in classes]
    hidden = [
        line
        for line in facts.lines
        if line.budget_class in HIDDEN_PAY and line.budget_class not in classes and line.person in full_time
    ]
    return open_ones, hidden


def pay_share(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-01: full-time pay against the budget or the grant, with the pay that hides under other classes."""
    found = _people(facts, limits)
    percent, base = limits["gv.staff.percent"], limits["gv.staff.base"]
    open_ones, hidden = pay_lines(facts, limits)
    staff, aside = _measured(open_ones + hidden, base), _measured(hidden, base)
    whole = _whole(facts, base)
    if percent is None or not shares.over(staff, whole, percent):
        return found
    told = {"hidden": format_yuan(aside)} if aside else {}
    share = limits.finding(
        "GV-BUD-01", field="lines", variant="hidden" if aside else "", uses=STAFF, staff=format_yuan(staff),
        base=CAP_BASE_TITLES[CapBase(base)], whole=format_yuan(whole), ratio=shares.told(staff, whole), most=percent,
        excess=format_yuan(staff - shares.most(whole, percent)), **told,
    )  # fmt: skip
    return [share, *found]


def _people(facts: BudgetFacts, limits: Limits) -> list[Finding]:
    """Pay of full-time staff goes to persons with a contract and social insurance."""
    team = {member.name: member for member in facts.team if member.name}
    found = []
    for line in facts.lines:
        member = team.get(line.person)
        if line.budget_class not in limits["gv.staff.classes"] or member is None:
            continue
        if member.full_time is False or member.contract is False or member.insured is False:
            found.append(
                limits.finding("GV-BUD-01", field="lines", variant="person", uses=("gv.staff.classes",),
                               no=line.no or "—", name=line.person)
            )  # fmt: skip
    return found


def pay_of_grant(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-02: what the grant pays for people, against the grant."""
    percent, whole = limits["gv.staff.grant_percent"], granted(facts)
    staff = _paid_by_grant(line for line in facts.lines if line.budget_class in limits["gv.staff.grant_classes"])
    if percent is None or not shares.over(staff, whole, percent):
        return []
    return [
        limits.finding("GV-BUD-02", field="lines", uses=GRANT_STAFF, staff=format_yuan(staff),
                       whole=format_yuan(whole),
                       ratio=shares.told(staff, whole), most=percent,
                       excess=format_yuan(staff - shares.most(whole, percent)))
    ]  # fmt: skip


def grant(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-03: the grant between its floor and its cap, and no more than its share of the budget."""
    if facts.grant_fen is None:
        return []
    asked, whole = facts.grant_fen, total(facts)
    most, lowest, percent = (limits[f"gv.{key}"] for key in ("cap_project_fen", "min_project_fen", "grant_max_percent"))
    told = format_yuan(asked)
    found = []
    if most is not None and asked > most:
        found.append(
            limits.finding("GV-BUD-03", field="grant_fen", uses=("gv.cap_project_fen",), grant=told,
                           most=format_yuan(most))
        )  # fmt: skip
    if lowest is not None and asked < lowest:
        found.append(
            limits.finding("GV-BUD-03", field="grant_fen", variant="min", uses=("gv.min_project_fen",), grant=told,
                           least=format_yuan(lowest))
        )  # fmt: skip
    if percent is not None and shares.over(asked, whole, percent):
        found.append(
            limits.finding("GV-BUD-03", field="grant_fen", variant="ratio", uses=("gv.grant_max_percent",), grant=told,
                           whole=format_yuan(whole), ratio=shares.told(asked, whole), most=percent,
                           payable=format_yuan(shares.most(whole, percent)))
        )  # fmt: skip
    return found


def own_funds(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-04: own money no less than its share of the budget."""
    percent, whole = limits["gv.own_min_percent"], total(facts)
    if percent is None or facts.own_fen is None or facts.own_fen * 100 >= whole * percent:
        return []
    return [
        limits.finding("GV-BUD-04", field="own_fen", uses=("gv.own_min_percent",), own=format_yuan(facts.own_fen),
                       whole=format_yuan(whole), least=percent, needed=format_yuan(shares.least(whole, percent)))
    ]  # fmt: skip


def group_title(name: str) -> str:
    """What a class of cost, or a group of them as "B05+B07", is called."""
    return "、".join(BUDGET_CLASS_TITLES.get(code, code) for code in name.split("+"))


def classes(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-05: caps of classes and of groups of them ("B05+B07"), by share and by amount; a share of 0 forbids."""
    found = []
    bases = limits["gv.class.base"]
    for name, percent in limits["gv.class.percent"].items():
        base = bases.get(name, CapBase.TOTAL)
        amount = _measured((line for line in facts.lines if line.budget_class in name.split("+")), base)
        whole = _whole(facts, base)
        if not shares.over(amount, whole, percent):
            continue
        told = {"title": group_title(name), "amount": format_yuan(amount)}
        if percent == 0:
            found.append(limits.finding("GV-BUD-05", field="lines", variant="none", uses=("gv.class.percent",), **told))
            continue
        found.append(
            limits.finding("GV-BUD-05", field="lines", uses=("gv.class.percent", "gv.class.base"),
                           base=CAP_BASE_TITLES[CapBase(base)], whole=format_yuan(whole),
                           ratio=shares.told(amount, whole), most=percent,
                           excess=format_yuan(amount - shares.most(whole, percent)), **told)
        )  # fmt: skip
    for name, most in limits["gv.class.max_fen"].items():
        amount = _sum(line for line in facts.lines if line.budget_class in name.split("+"))
        if amount > most:
            found.append(
                limits.finding("GV-BUD-05", field="lines", variant="absolute", uses=("gv.class.max_fen",),
                               title=group_title(name), amount=format_yuan(amount), most=format_yuan(most))
            )  # fmt: skip
    return found


def prices(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-06: unit prices of the kinds that a place has capped."""
    caps = limits["gv.price.caps"]
    return [
        limits.finding("GV-BUD-06", field="lines", uses=("gv.price.caps",), no=line.no or "—",
                       title=PRICE_KIND_TITLES[line.price_kind], price=format_yuan(line.unit_price_fen),
                       most=format_yuan(caps[line.price_kind]))
        for line in facts.lines
        if line.price_kind in caps and line.unit_price_fen is not None and line.unit_price_fen > caps[line.price_kind]
    ]  # fmt: skip


def forbidden(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-07: a line that is marked as forbidden is refused; a word in it asks for a reason."""
    banned, words = limits["gv.forbidden.items"], limits["gv.forbidden.words"]
    found = []
    for line in facts.lines:
        told: dict[str, Any] = {
            "no": line.no or "—",
            "item": line.item or BUDGET_CLASS_TITLES.get(line.budget_class, ""),
        }
        if line.item_kind in banned:
            found.append(
                limits.finding("GV-BUD-07", field="lines", uses=("gv.forbidden.items",),
                               title=FORBIDDEN_ITEM_TITLES[line.item_kind], **told)
            )  # fmt: skip
            continue
        hits = ((kind, word) for kind in banned for word in words.get(kind, ()) if word in line.item)
        hit = None if line.item_kind else next(hits, None)
        if hit is not None:
            found.append(
                limits.finding("GV-BUD-07", field="lines", variant="word",
                               uses=("gv.forbidden.items", "gv.forbidden.words"), word=hit[1],
                               title=FORBIDDEN_ITEM_TITLES[hit[0]], **told)
            )  # fmt: skip
    return found


def sums(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-08: each line by itself, then the columns against what is declared, to the fen."""
    found = [finding for line in facts.lines for finding in _line(line, limits)]
    columns = (
        ("total", "total_fen", _sum(facts.lines), facts.total_fen),
        ("grant", "grant_fen", _paid_by_grant(facts.lines), facts.grant_fen),
        ("own", "own_fen", sum(line.own_fen or 0 for line in facts.lines), facts.own_fen),
    )
    return found + [
        limits.finding("GV-BUD-08", field=field, variant=variant, sum=format_yuan(added), given=format_yuan(given))
        for variant, field, added, given in columns
        if given is not None and added != given
    ]


def _line(line: BudgetLine, limits: Limits) -> list[Finding]:
    amount = line.amount_fen
    if amount is None:
        return []
    found = []
    if line.unit_price_fen is not None and line.quantity is not None:
        due = line_amount(line.unit_price_fen, line.quantity, 1 if line.times is None else line.times)
        if due != amount:
            found.append(
                limits.finding("GV-BUD-08", field="lines", variant="line", no=line.no or "—", due=format_yuan(due),
                               given=format_yuan(amount))
            )  # fmt: skip
    if line.granted_fen is not None and line.own_fen is not None and line.granted_fen + line.own_fen != amount:
        found.append(
            limits.finding("GV-BUD-08", field="lines", variant="split", no=line.no or "—",
                           grant=format_yuan(line.granted_fen), own=format_yuan(line.own_fen),
                           sum=format_yuan(line.granted_fen + line.own_fen), given=format_yuan(amount))
        )  # fmt: skip
    return found


def time(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-BUD-09: nobody gives more than the whole of his working time to live projects."""
    most = limits["gv.time_max_percent"]
    return [
        limits.finding("GV-BUD-09", field="team", uses=("gv.time_max_percent",), name=member.name or "—",
                       own=member.percent, other=member.other_percent or 0,
                       sum=member.percent + (member.other_percent or 0), most=most)
        for member in facts.team
        if member.percent is not None and member.percent + (member.other_percent or 0) > most
    ]  # fmt: skip


def settled(facts: BudgetFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-FIN-03: settled is no more than spent, than the approved class with its free margin, and of full-time pay no
    more than its share of the approved budget.
    """
    found = [finding for code in BUDGET_CLASS_TITLES for finding in _settled_class(code, facts, limits)]
    percent, base = limits["gv.staff.percent"], limits["gv.staff.base"]
    open_ones, hidden = pay_lines(facts, limits)
    approved = sum(line.approved_fen or 0 for line in facts.lines)
    if percent is None or base != CapBase.TOTAL or not approved:
        return found
    staff = _sum(open_ones + hidden)
    if shares.over(staff, approved, percent):
        found.append(
            limits.finding("GV-FIN-03", field="lines", uses=STAFF, staff=format_yuan(staff),
                           base=CAP_BASE_TITLES[CapBase(base)], whole=format_yuan(approved),
                           payable=format_yuan(shares.most(approved, percent)))
        )  # fmt: skip
    return found


def _settled_class(code: str, facts: BudgetFacts, limits: Limits) -> list[Finding]:
    lines = [line for line in facts.lines if line.budget_class == code and line.amount_fen is not None]
    amount, title = _sum(lines), BUDGET_CLASS_TITLES[code]
    found = []
    if lines and all(line.spent_fen is not None for line in lines):
        spent = sum(line.spent_fen or 0 for line in lines)
        if amount > spent:
            found.append(
                limits.finding("GV-FIN-03", field="lines", variant="spent", title=title, settled=format_yuan(amount),
                               spent=format_yuan(spent))
            )  # fmt: skip
    free = limits["gv.adjust.free_percent"]
    if lines and free is not None and all(line.approved_fen is not None for line in lines):
        approved = sum(line.approved_fen or 0 for line in lines)
        if shares.over(amount, approved, 100 + free):
            found.append(
                limits.finding("GV-FIN-03", field="lines", variant="over", title=title, settled=format_yuan(amount),
                               uses=("gv.adjust.free_percent",), approved=format_yuan(approved), free=free,
                               payable=format_yuan(shares.most(approved, 100 + free)))
            )  # fmt: skip
    return found
