"""Quorum and majority (handbook §2.4): integers and cross-multiplication only, with whatever parameters hold.

E (`expected`) is who should attend and may vote, computed from the roster of the meeting's day. Severity never lifts
these results; drafts count too. With E = 0 nothing is put to the vote, and nothing is carried.
"""

from dataclasses import dataclass

from liaoyuan.kit.findings import Limits
from liaoyuan.party.choices.life import DecisionKind

#: Families of parameters by kind; admission and confirmation share one.
_FAMILY = {
    DecisionKind.ORDINARY: "ordinary",
    DecisionKind.ADMISSION: "admission",
    DecisionKind.CONFIRMATION: "admission",
    DecisionKind.COMMITTEE: "committee",
    DecisionKind.ELECTION: "election",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A vote reckoned: least present (`quorum`), least yes votes (`needed`), whether enough came, whether carried."""

    expected: int
    present: int
    yes: int
    quorum: int
    needed: int
    quorate: bool
    carried: bool


def parameters(kind: DecisionKind) -> tuple[str, str, str]:
    """The keys of the parameters that a vote of this kind is reckoned by, for `uses` of a finding."""
    family = _FAMILY[kind]
    return f"pb.vote.{family}_quorum", f"pb.vote.{family}_yes", "pb.vote.quorum_over"


def least(of: int, share: tuple[int, int] | list[int], *, over: bool) -> int:
    """The least whole number that is at least (`over`: more than) num/den of `of`."""
    num, den = share
    return of * num // den + 1 if over else -(-of * num // den)


def quorum(kind: DecisionKind, expected: int, limits: Limits) -> int:
    """How many of E must be present at least. Raises ValueError for a negative E."""
    _not_negative(expected)
    key, _, over = parameters(kind)
    return least(expected, limits[key], over=str(kind) in limits[over])


def needed(kind: DecisionKind, expected: int, present: int, limits: Limits) -> int:
    """How many yes votes carry at least: more than the share of E; at an election, of those present."""
    _not_negative(expected, present)
    _, key, _ = parameters(kind)
    return least(present if kind == DecisionKind.ELECTION else expected, limits[key], over=True)


def carried(kind: DecisionKind, expected: int, present: int, yes: int, limits: Limits) -> bool:
    """Whether the motion is carried, or the candidate elected; never with E = 0 or without a quorum.

    Written opinions handed in before count as votes at an admission, so `yes` may exceed `present` there.
    """
    return outcome(kind, expected, present, yes, limits).carried


def outcome(kind: DecisionKind, expected: int, present: int, yes: int, limits: Limits) -> Outcome:
    """The whole reckoning. Raises ValueError for a negative number."""
    _not_negative(expected, present, yes)
    least_present = quorum(kind, expected, limits)
    least_yes = needed(kind, expected, present, limits)
    quorate = expected > 0 and present >= least_present
    return Outcome(
        expected, present, yes, least_present, least_yes, quorate, quorate and yes >= least_yes and yes <= expected
    )


def candidates(seats: int, limits: Limits) -> int:
    """How many candidates a committee election needs at least: seats and the extra share of them, rounded up."""
    _not_negative(seats)
    return seats + least(seats, limits["pb.ele.extra_share"], over=False)


def shown_widely(expected: int, limits: Limits) -> bool:
    """Whether totals may be shown beyond the counting officers and the superior: with a small E they tell who."""
    return expected >= int(limits["pb.vote.few"])


def _not_negative(*numbers: int) -> None:
    if any(number < 0 for number in numbers):
        raise ValueError("人数和票数不能小于零。")
