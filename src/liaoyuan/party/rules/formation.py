"""FORM and TMP: founding and ends of a branch (handbook §2.1, §2.8). Probationary members never count."""

from datetime import date

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.organizations import TASK_KINDS, BranchKind, Form
from liaoyuan.party.params.formation import ACT_TITLES
from liaoyuan.party.rules.facts.formation import FormationFacts

_MIN = "pb.form.min_formal"
_COMMITTED = "pb.form.count_committed"
_DUAL = "pb.form.count_dual"


def obliged(formal: int | None, committed: int | None) -> int:
    """Full members by whom a body is told to have a branch: affiliation here and committed, in every place."""
    return (formal or 0) + (committed or 0)


def founding(formal: int | None, committed: int | None, limits: Limits) -> int:
    """Full members by whom a branch may be founded: committed ones where the place counts them."""
    return (formal or 0) + ((committed or 0) if limits[_COMMITTED] else 0)


def duty(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-01: an organization with enough full members has a branch; where committed ones may not found, first
    the transfer.
    """
    if facts.has_branch is not False:
        return []
    count, least = obliged(facts.formal, facts.committed), limits[_MIN]
    if count < least:
        return []
    if founding(facts.formal, facts.committed, limits) < least:
        return [
            limits.finding("PB-FORM-01", field="formal", variant="transfer", uses=(_MIN,), count=count, least=least,
                           formal=facts.formal or 0)
        ]  # fmt: skip
    return [
        limits.finding("PB-FORM-01", field="has_branch", uses=(_MIN,), count=count, least=least,
                       formal=facts.formal or 0, committed=facts.committed or 0,
                       days=(on - facts.qualified_on).days if facts.qualified_on else 0)
    ]  # fmt: skip


def enough(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-02: an application for a branch of its own."""
    return _enough("PB-FORM-02", facts, limits) if facts.branch_kind == BranchKind.INDEPENDENT else []


def enough_jointly(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-06: an application for a joint branch."""
    return _enough("PB-FORM-06", facts, limits) if facts.branch_kind == BranchKind.JOINT else []


def _enough(code: str, facts: FormationFacts, limits: Limits) -> list[Finding]:
    if facts.formal is None:
        return []
    least = limits[_MIN]
    formal, committed, dual = facts.formal, facts.committed or 0, facts.dual or 0
    count = founding(formal, committed, limits)
    if count >= least:
        if formal >= least or facts.transfer_plan:
            return []
        return [
            limits.finding(code, field="transfer_plan", variant="plan", uses=(_MIN, _COMMITTED), formal=formal,
                           committed=committed)
        ]  # fmt: skip
    if limits[_DUAL] and count + dual >= least:
        return [
            limits.finding(code, field="dual", variant="dual", uses=(_MIN, _DUAL), count=count, dual=dual, least=least)
        ]
    # A draft that counts the committed weakens nothing here: without them there are too few as well.
    uses = (_MIN,) if limits[_COMMITTED] else (_MIN, _COMMITTED)
    return [
        limits.finding(code, field="formal", uses=uses, least=least, count=count, formal=formal, committed=committed)
    ]


def size(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-03: a branch is normally no larger; a general branch stands between it and a committee."""
    most, great, members = limits["pb.form.max"], limits["pb.form.general_max"], facts.members
    if members is None:
        return []
    if facts.form == Form.COMMITTEE:
        if members > great:
            return []
        return [
            limits.finding("PB-FORM-03", field="members", variant="committee", uses=("pb.form.general_max",),
                           members=members, least=great)
        ]  # fmt: skip
    if facts.form == Form.GENERAL:
        if members > great:
            return [
                limits.finding("PB-FORM-03", field="members", variant="great", uses=("pb.form.general_max",),
                               members=members, most=great)
            ]  # fmt: skip
        if members > most:
            return []
        return [
            limits.finding("PB-FORM-03", field="members", variant="general", uses=("pb.form.max",), members=members,
                           least=most)
        ]  # fmt: skip
    if members <= most:
        return []
    return [limits.finding("PB-FORM-03", field="members", uses=("pb.form.max",), members=members, most=most)]


def units(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-04: a joint branch normally covers no more units, and they are near in place or alike in trade."""
    most, count = limits["pb.form.max_units"], len(facts.units)
    if facts.branch_kind != BranchKind.JOINT:
        return []
    found = []
    if count > most:
        found.append(limits.finding("PB-FORM-04", field="units", uses=("pb.form.max_units",), units=count, most=most))
    if len(set(facts.unit_streets)) > 1 and len(set(facts.unit_fields)) > 1:
        streets, fields = "、".join(facts.unit_streets), "、".join(facts.unit_fields)
        found.append(limits.finding("PB-FORM-04", field="units", variant="fit", streets=streets, fields=fields))
    return found


def unit_of_its_own(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-05: a unit of a joint branch that could have its own, counted as in PB-FORM-01. One finding a unit."""
    if facts.branch_kind != BranchKind.JOINT:
        return []
    least, found = limits[_MIN], []
    for number, unit in enumerate(facts.units):
        count = sum(numbers[number] for numbers in (facts.unit_formal, facts.unit_committed) if numbers)
        if count >= least:
            found.append(limits.finding("PB-FORM-05", field="units", uses=(_MIN,), unit=unit, count=count, least=least))
    return found


def one_joint_branch(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-07: a unit is in one live joint branch."""
    if facts.branch_kind != BranchKind.JOINT or not facts.units_elsewhere:
        return []
    return [limits.finding("PB-FORM-07", field="units", units="、".join(facts.units_elsewhere))]


def reply(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-08: an application is answered in time."""
    if facts.applied_on is None or facts.replied_on is not None:
        return []
    last = add_months(facts.applied_on, limits["pb.form.reply_months"])
    if on <= last:
        return []
    return [
        limits.finding("PB-FORM-08", field="replied_on", uses=("pb.form.reply_months",),
                       applied=facts.applied_on.isoformat(), last=last.isoformat(), days=(on - last).days)
    ]  # fmt: skip


def election_follows(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-09: election, then filing; a branch whose officers are appointed is not asked."""
    if facts.replied_on is None or facts.in_transfer or facts.branch_kind in TASK_KINDS:
        return []
    if facts.elected_on is None:
        most, days = limits["pb.form.election_days"], (on - facts.replied_on).days
        if days <= most:
            return []
        return [
            limits.finding("PB-FORM-09", field="elected_on", uses=("pb.form.election_days",), days=days, most=most,
                           replied=facts.replied_on.isoformat())
        ]  # fmt: skip
    most, days = limits["pb.form.filing_days"], (on - facts.elected_on).days
    if facts.filed_on is not None or days <= most:
        return []
    return [
        limits.finding("PB-FORM-09", field="filed_on", variant="filing", uses=("pb.form.filing_days",), days=days,
                       most=most, elected=facts.elected_on.isoformat())
    ]  # fmt: skip


def no_longer_enough(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-FORM-10: too few full members for long; a branch in transfer is asked after its due day (24:00)."""
    least = limits[_MIN]
    if facts.formal is None or facts.formal >= least or facts.branch_kind in TASK_KINDS:
        return []
    if facts.in_transfer:
        due = facts.transfer_due_on
        if due is None or on <= due:
            return []
        return [
            limits.finding("PB-FORM-10", field="formal", variant="transfer", uses=(_MIN,), due=due.isoformat(),
                           formal=facts.formal, least=least)
        ]  # fmt: skip
    if facts.below_since is None or (on - facts.below_since).days < limits["pb.form.below_days"]:
        return []
    return [
        limits.finding("PB-FORM-10", field="formal", uses=(_MIN, "pb.form.below_days"), formal=facts.formal,
                       least=least, days=(on - facts.below_since).days)
    ]  # fmt: skip


def task_branch_acts(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-TMP-01: what a temporary, a functional branch and one in transfer do not do."""
    if facts.act not in ACT_TITLES:
        return []
    title = ACT_TITLES[facts.act]
    if facts.branch_kind in TASK_KINDS:
        if facts.act not in limits["pb.form.temporary_banned"]:
            return []
        variant = "functional" if facts.branch_kind == BranchKind.FUNCTIONAL else ""
        return [
            limits.finding("PB-TMP-01", field="act", variant=variant, uses=("pb.form.temporary_banned",), act=title)
        ]
    least = limits[_MIN]
    if not facts.in_transfer or (facts.formal or 0) >= least or facts.act not in limits["pb.form.transfer_banned"]:
        return []
    return [
        limits.finding("PB-TMP-01", field="act", variant="transfer", uses=("pb.form.transfer_banned", _MIN), act=title,
                       formal=facts.formal or 0, least=least)
    ]  # fmt: skip


def task_branch_ends(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-TMP-02: a temporary branch has a last day, and ends on it."""
    if facts.branch_kind != BranchKind.TEMPORARY:
        return []
    if facts.ends_on is None:
        return [limits.finding("PB-TMP-02", field="ends_on")]
    if on <= facts.ends_on:
        return []
    last = facts.ends_on.isoformat()
    return [limits.finding("PB-TMP-02", field="ends_on", variant="over", last=last, days=(on - facts.ends_on).days)]
