"""How many full members: formally, committed, in dual affiliation, per branch and per body on a day (handbook §2.8).

The three numbers are never added here (PB-COV-05); what reads two of them says so itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from liaoyuan.party.choices.members import SORTED, AffiliationKind, Stage
from liaoyuan.party.models import Affiliation, Member, VotingPause

_OVER = [Stage.MOVED.value, Stage.KEPT.value]


@dataclass(frozen=True, slots=True)
class Heads:
    """Members of a branch or body on one day. `full`, `committed` and `dual` are full members; `probationary` formal
    ones on probation. Nobody stands in two of them.
    """

    formal: int = 0
    probationary: int = 0
    committed: int = 0
    dual: int = 0

    def counted(self, *, committed: bool = True) -> int:
        """The full members that founding reads: formal, and the committed where they count."""
        return self.formal + (self.committed if committed else 0)


def _full(on: date) -> QuerySet[Member]:
    return Member.objects.known().full(on)


def _by(column: str, keys: Iterable[int], on: date, party: int | None = None) -> dict[int, Heads]:
    """Counts by a column of the affiliation: the branch, or the body; of one branch alone where it is named."""
    wanted = list(set(keys))
    rows = Affiliation.objects.active(on).filter(**{f"{column}__in": wanted})
    if party is not None:
        rows = rows.filter(party_organization=party)
    full = rows.filter(member__in=_full(on).values("pk"))
    formal = full.filter(kind=AffiliationKind.FORMAL.value)
    others = full.filter(kind__in=[str(kind) for kind in SORTED]).exclude(stage__in=[Stage.MOVED.value])
    others = others.exclude(Exists(formal.filter(**{"member": OuterRef("member"), column: OuterRef(column)})))
    committed = others.exclude(stage__in=_OVER).filter(consented_on__lte=on, full_time=True)

    def count(found: QuerySet[Affiliation]) -> dict[int, int]:
        return dict(found.order_by().values_list(column).annotate(n=Count("member", distinct=True)))

    there, agreed, both = count(formal), count(committed), count(others)
    every = count(rows.filter(kind=AffiliationKind.FORMAL.value, member__in=_members(on).values("pk")))
    return {
        key: Heads(
            formal=there.get(key, 0), probationary=every.get(key, 0) - there.get(key, 0), committed=agreed.get(key, 0),
            dual=both.get(key, 0) - agreed.get(key, 0),
        )
        for key in wanted
    }  # fmt: skip


def _members(on: date) -> QuerySet[Member]:
    rows = Member.objects.known().filter(records__superseded_at__isnull=True, records__admitted_on__lte=on)
    return rows.exclude(records__superseded_at__isnull=True, records__left_on__lte=on)


def of_branches(keys: Iterable[int], on: date) -> dict[int, Heads]:
    """By party organization."""
    return _by("party_organization", keys, on)


def of_bodies(keys: Iterable[int], on: date) -> dict[int, Heads]:
    """By social organization, through whichever party organization."""
    return _by("organization", keys, on)


def of_bodies_in(party: int, keys: Iterable[int], on: date) -> dict[int, Heads]:
    """By social organization, in one branch alone."""
    return _by("organization", keys, on, party)


def voters(party: int, on: date) -> QuerySet[Member]:
    """E: full members whose formal affiliation is here on the day, without those whose vote is suspended (§2.4)."""
    here = Affiliation.objects.active(on).filter(party_organization=party, kind=AffiliationKind.FORMAL.value)
    paused = VotingPause.objects.active(on)
    return _full(on).filter(pk__in=here.values("member")).exclude(pk__in=paused.values("member"))
