"""OFF, ELE and REL-06: committees, secretaries, terms, elections (handbook §2.2, §2.3, §2.8)."""

from datetime import date

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.choices.members import AFFILIATION_TITLES, AffiliationKind
from liaoyuan.party.choices.organizations import OfficerHow, OfficerKind
from liaoyuan.party.rules import votes
from liaoyuan.party.rules.facts.dues import DuesFacts
from liaoyuan.party.rules.facts.formation import FormationFacts
from liaoyuan.party.rules.facts.officers import OfficerFacts


def committee(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-OFF-01: a committee from so many full members on, below them a secretary."""
    if facts.formal is None or facts.has_committee is None:
        return []
    least = limits["pb.off.committee_from"]
    if (facts.formal >= least) == facts.has_committee:
        return []
    return [
        limits.finding("PB-OFF-01", field="has_committee", variant="small" if facts.has_committee else "",
                       uses=("pb.off.committee_from",), formal=facts.formal, least=least)
    ]  # fmt: skip


def seats(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-OFF-02: how large a committee is."""
    if not facts.has_committee or facts.seats is None:
        return []
    most = limits["pb.off.seats_max"]
    if facts.seats > most:
        return [
            limits.finding("PB-OFF-02", field="seats", variant="most", uses=("pb.off.seats_max",), seats=facts.seats,
                           most=most)
        ]  # fmt: skip
    first, last = limits["pb.off.seats"]
    if first <= facts.seats <= last:
        return []
    return [
        limits.finding("PB-OFF-02", field="seats", uses=("pb.off.seats",), seats=facts.seats, first=first, last=last)
    ]


def seniority(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-OFF-03: a secretary has been a full member for so long."""
    if facts.post != OfficerKind.SECRETARY:
        return []
    months = limits["pb.off.seniority_months"]
    uses = ("pb.off.seniority_months",)
    if facts.probationary:
        return [limits.finding("PB-OFF-03", field="member", variant="probationary", uses=uses, months=months)]
    if facts.confirmed_on is None:
        return []
    first = add_months(facts.confirmed_on, months)
    if (facts.appointed_on or on) >= first:
        return []
    return [
        limits.finding("PB-OFF-03", field="member", uses=uses, confirmed=facts.confirmed_on.isoformat(),
                       first=first.isoformat(), months=months)
    ]  # fmt: skip


def term_end(facts: FormationFacts | OfficerFacts, limits: Limits) -> date | None:
    """The last day of the term: as recorded, else so many months from its first day."""
    if facts.term_to is not None or facts.term_from is None:
        return facts.term_to
    return add_months(facts.term_from, limits["pb.off.village_months" if facts.village else "pb.off.term_months"])


def term(facts: FormationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-OFF-04: the end of the term comes, or has gone by. The finding stands from the first alarm on."""
    last = term_end(facts, limits)
    if last is None:
        return []
    uses: tuple[str, ...] = ("pb.off.alarm_days",)
    if facts.term_to is None:
        uses = ("pb.off.village_months" if facts.village else "pb.off.term_months", *uses)
    days = (last - on).days
    if days < 0:
        return [
            limits.finding("PB-OFF-04", field="term_to", variant="over", uses=uses, last=last.isoformat(), days=-days)
        ]
    if days > max(limits["pb.off.alarm_days"], default=0):
        return []
    return [limits.finding("PB-OFF-04", field="term_to", uses=uses, last=last.isoformat(), days=days)]


def extension(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-OFF-05: a term is moved by approval, and by no more than so many months either way."""
    last, asked = term_end(facts, limits), facts.asked_to
    if last is None or asked is None or asked == last:
        return []
    found = []
    if not facts.approval:
        found.append(limits.finding("PB-OFF-05", field="approval", variant="approval"))
    months = limits["pb.off.extend_months"]
    most = add_months(last, months if asked > last else -months)
    if (asked > most) if asked > last else (asked < most):
        found.append(
            limits.finding("PB-OFF-05", field="asked_to", variant="" if asked > last else "early",
                           uses=("pb.off.extend_months",), last=last.isoformat(), asked=asked.isoformat(),
                           months=months, most=most.isoformat())
        )  # fmt: skip
    return found


def candidates(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-ELE-01: more candidates than seats."""
    if not facts.has_committee or facts.seats is None or facts.candidates is None:
        return []
    least = votes.candidates(facts.seats, limits)
    if facts.candidates >= least:
        return []
    return [
        limits.finding("PB-ELE-01", field="candidates", uses=("pb.ele.extra_share",), seats=facts.seats, least=least,
                       candidates=facts.candidates)
    ]  # fmt: skip


def attendance(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-ELE-02: enough electors came; E is that of the roster."""
    expected, present = facts.expected, facts.present
    if expected is None or present is None:
        return []
    if facts.roster is not None and facts.roster != expected:
        return [limits.finding("PB-ELE-02", field="expected", variant="roster", expected=expected, roster=facts.roster)]
    quorum = votes.quorum(DecisionKind.ELECTION, expected, limits)
    if expected and present >= quorum:
        return []
    return [
        limits.finding("PB-ELE-02", field="present", uses=("pb.vote.election_quorum",), expected=expected,
                       present=present, quorum=quorum)
    ]  # fmt: skip


def elected(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-ELE-03: who is elected has more than half of those present; no more ballots back than out."""
    found = []
    if facts.issued is not None and facts.returned is not None and facts.returned > facts.issued:
        found.append(
            limits.finding("PB-ELE-03", field="returned", variant="ballots", issued=facts.issued,
                           returned=facts.returned)
        )  # fmt: skip
    if facts.present is not None and facts.yes is not None:
        needed = votes.needed(DecisionKind.ELECTION, facts.expected or facts.present, facts.present, limits)
        if facts.yes < needed:
            found.append(
                limits.finding("PB-ELE-03", field="yes", uses=("pb.vote.election_yes",), present=facts.present,
                               needed=needed, yes=facts.yes)
            )  # fmt: skip
    return found


def electors(facts: OfficerFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-ELE-04: electors are full members of this branch whose rights are whole."""
    told = (
        (facts.voters_probationary, ""),
        (facts.voters_barred, "barred"),
        (facts.voters_elsewhere, "elsewhere"),
    )
    return [
        limits.finding("PB-ELE-04", field="voters", variant=variant, count=count) for count, variant in told if count
    ]


def participation(facts: OfficerFacts | DuesFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-REL-06: who merely takes part holds no office and pays no dues here; the appointed first secretary may."""
    if facts.affiliation in ("", AffiliationKind.FORMAL):
        return []
    kind = AFFILIATION_TITLES[AffiliationKind(facts.affiliation)]
    if isinstance(facts, DuesFacts):
        return [limits.finding("PB-REL-06", field="affiliation", variant="dues", kind=kind)]
    first_secretary = facts.post == OfficerKind.SECRETARY and facts.how == OfficerHow.APPOINTED and facts.in_transfer
    return [] if first_secretary else [limits.finding("PB-REL-06", field="affiliation", kind=kind)]
