"""FEE and REL-06: the dues of a member (handbook §2.9). Fen throughout; the rate applies to the whole base."""

from collections.abc import Mapping
from datetime import date

from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.money import format_yuan
from liaoyuan.party.choices.dues import DUES_TITLES, DuesCategory
from liaoyuan.party.rules.facts.dues import DuesFacts

_RATE = 10_000
_PAY = (DuesCategory.MONTHLY, DuesCategory.ANNUAL, DuesCategory.IRREGULAR)
_ROUNDED = ("pb.fee.rounding", "pb.fee.round_to_fen")


def span(base_fen: int, category: DuesCategory, limits: Limits) -> tuple[int, int]:
    """The least and the most that is due a month, in fen; the same but for farmers. Raises ValueError below nought."""
    if base_fen < 0:
        raise ValueError("党费基数不能小于零。")
    if category == DuesCategory.FARMER:
        first, last = limits["pb.fee.farmer"]
        return first, last
    if category == DuesCategory.NONE:
        flat = limits["pb.fee.flat_fen"]
        return flat, flat
    brackets = limits["pb.fee.retired" if category == DuesCategory.RETIRED else "pb.fee.brackets"]
    exact = _rounded(base_fen * _rate(base_fen, brackets), limits)
    return exact, exact


def due(base_fen: int, category: DuesCategory, limits: Limits) -> int:
    """What is due a month in fen, of farmers the least. `base_fen` is the month's base (annual: the month's actual pay;
    not monthly: the last quarter's monthly mean), and of no account for farmers and those without income.
    """
    return span(base_fen, category, limits)[0]


def rate(base_fen: int, category: DuesCategory, limits: Limits) -> int | None:
    """The rate of the whole base in 1/10000; None for farmers and those without income, who pay a flat amount."""
    if category in (DuesCategory.FARMER, DuesCategory.NONE):
        return None
    return _rate(base_fen, limits["pb.fee.retired" if category == DuesCategory.RETIRED else "pb.fee.brackets"])


def _rate(base_fen: int, brackets: Mapping[str, int]) -> int:
    """The rate of the lowest bracket that still holds the base; upper ends in yuan belong to their bracket."""
    ends = sorted((int(yuan), rate) for yuan, rate in brackets.items() if yuan != "more")
    return next((rate for yuan, rate in ends if base_fen <= yuan * 100), brackets["more"])


def _rounded(tenthousandths: int, limits: Limits) -> int:
    """Fen out of 1/10000 fen, rounded to the unit; any other word than up and down rounds half up."""
    unit = max(1, limits["pb.fee.round_to_fen"])
    step = unit * _RATE
    how = limits["pb.fee.rounding"]
    if how == "up":
        return -(-tenthousandths // step) * unit
    if how == "down":
        return tenthousandths // step * unit
    return (tenthousandths * 2 + step) // (2 * step) * unit


def amount(facts: DuesFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FEE-01: the amount is that of the base and the category; a waived one may be lower."""
    if not facts.category or facts.due_fen is None:
        return []
    category = DuesCategory(facts.category)
    title = DUES_TITLES[category]
    based = category in _PAY or category == DuesCategory.RETIRED
    if based and facts.base_fen is None:
        return [limits.finding("PB-FEE-01", field="base_fen", variant="base", category=title)]
    lowest, most = span(facts.base_fen or 0, category, limits)
    if facts.due_fen <= most and (facts.due_fen >= lowest or facts.waived):
        return []
    given = format_yuan(facts.due_fen)
    if category == DuesCategory.FARMER:
        return [
            limits.finding("PB-FEE-01", field="due_fen", variant="farmer", uses=("pb.fee.farmer",),
                           least=format_yuan(lowest), most=format_yuan(most), given=given)
        ]  # fmt: skip
    key = {DuesCategory.RETIRED: "pb.fee.retired", DuesCategory.NONE: "pb.fee.flat_fen"}.get(
        category, "pb.fee.brackets"
    )
    return [
        limits.finding("PB-FEE-01", field="due_fen", uses=(key, *_ROUNDED) if based else (key,), category=title,
                       base=format_yuan(facts.base_fen or 0), due=format_yuan(most), given=given)
    ]  # fmt: skip


def base(facts: DuesFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FEE-02: the base is of this year, no older than the last change of pay, and signed."""
    if not facts.category or DuesCategory(facts.category) in (DuesCategory.FARMER, DuesCategory.NONE):
        return []
    if facts.base_set_on is None or facts.base_set_on.year < on.year:
        return [limits.finding("PB-FEE-02", field="base_set_on", year=on.year)]
    changed = facts.pay_changed_on
    if changed is not None and facts.base_set_on < changed <= on:
        return [
            limits.finding("PB-FEE-02", field="base_set_on", variant="changed", changed=changed.isoformat(),
                           set=facts.base_set_on.isoformat())
        ]  # fmt: skip
    if facts.base_signed is False:
        return [limits.finding("PB-FEE-02", field="base_signed", variant="signed")]
    return []


def waiver(facts: DuesFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FEE-03: a reduction has the branch's day and the basic committee's paper."""
    if not facts.waived:
        return []
    found = []
    if facts.branch_agreed_on is None:
        found.append(limits.finding("PB-FEE-03", field="branch_agreed_on", variant="branch"))
    if not facts.committee_approval:
        found.append(limits.finding("PB-FEE-03", field="committee_approval"))
    return found


def first_month(facts: DuesFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FEE-04: nothing is due for a month before that of the admitting meeting."""
    admitted, month = facts.admitted_on, facts.month
    if admitted is None or month is None or (month.year, month.month) >= (admitted.year, admitted.month):
        return []
    return [limits.finding("PB-FEE-04", field="month", admitted=admitted.isoformat(), month=month.isoformat()[:7])]


def extra(facts: DuesFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FEE-05: a large sum paid of one's own will is handed up."""
    most = limits["pb.fee.extra_fen"]
    if facts.extra_fen is None or facts.extra_fen < most or facts.handed_up:
        return []
    return [
        limits.finding("PB-FEE-05", field="extra_fen", uses=("pb.fee.extra_fen",), extra=format_yuan(facts.extra_fen),
                       least=format_yuan(most))
    ]  # fmt: skip
