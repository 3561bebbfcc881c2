"""What waits of a branch's dues by name: applications, members to talk with, what the branch looks into.

Arrears and studies are for the branch's own keepers; callers ask `dues.keeps_itself` first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from liaoyuan.kit.findings import Limits
from liaoyuan.party.choices.dues import OUTCOME_TITLES, REQUEST_TITLES, RequestState
from liaoyuan.party.models import DuesRequest, DuesStudy, PartyOrganization, Talk
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries.names import member_names


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One application with the member's name and its state in words."""

    row: DuesRequest
    name: str
    state: tuple[str, str]


_BADGES = {RequestState.GRANTED: "ok", RequestState.ASKED: "review", RequestState.AGREED: "review"}


class Requests:
    """A branch's applications, open ones first, in slices."""

    ordered = True

    def __init__(self, party: PartyOrganization) -> None:
        first = Case(When(ended_on__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = DuesRequest.objects.filter(party_organization=party).select_related("party_organization__area", "waiver")
        self.rows = rows.annotate(place=first).order_by("place", "-applied_on", "-pk")

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[RequestLine]:
        """The lines of a slice with plain bounds."""
        found = list(self.rows[part])
        names = member_names(row.member_id for row in found)
        return [
            RequestLine(row, names.get(row.member_id, ""), (_BADGES.get(state, "closed"), _(REQUEST_TITLES[state])))
            for row in found for state in [RequestState(row.state)]
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Late:
    """A member with so many unpaid months that the branch talks with him; when it last did since the first of them."""

    member: int
    name: str
    months: int
    first: date
    talked_on: date | None
    study: bool
    studied: bool


def late(party: PartyOrganization, on: date) -> list[Late]:
    """Members of the branch with whom a talk is to be held, by name."""
    talk, study = queries.late_months(queries.limits(party, queries.first_day(on)))
    months: dict[int, list[date]] = {}
    for member, month in queries.months_owed([party.pk], on).get(party.pk, []):
        months.setdefault(member, []).append(month)
    keys = [member for member, told in months.items() if len(told) >= talk]
    names = member_names(keys)
    talks = {who: day for (_branch, who), day in _talked([party.pk], keys).items()}
    standing = set(DuesStudy.objects.standing().filter(member__in=keys).values_list("member_id", flat=True))
    found = [
        Late(key, names.get(key, ""), len(months[key]), months[key][0],
             talks[key] if key in talks and talks[key] >= months[key][0] else None, len(months[key]) >= study,
             key in standing)
        for key in keys
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.name, one.member))


def _talked(parties: Iterable[int], keys: Iterable[int]) -> dict[tuple[int, int], date]:
    """By branch and member: the day of the last talk."""
    wanted = list(keys)
    rows = Talk.objects.current().filter(Q(one__in=wanted) | Q(other__in=wanted), party_organization__in=list(parties))
    told = rows.order_by("on").values_list("party_organization_id", "one_id", "other_id", "on")
    return {(party, who): day for party, one, other, day in told for who in (one, other)}


def untalked(owed: Mapping[int, Sequence[tuple[int, date]]], by: Mapping[int, Limits]) -> dict[int, int]:
    """By branch: with how many of its members a talk is still to be held; nobody is named.

    `owed` are the unpaid months of `dues.months_owed`, `by` the parameters of each branch.
    """
    waits: dict[tuple[int, int], date] = {}
    for party, told in owed.items():
        talk, _study = queries.late_months(by[party])
        months: dict[int, list[date]] = {}
        for member, month in told:
            months.setdefault(member, []).append(month)
        waits |= {(party, member): min(rows) for member, rows in months.items() if len(rows) >= talk}
    talks = _talked(owed, {member for _party, member in waits}) if waits else {}
    return dict(Counter(key[0] for key, first in waits.items() if key not in talks or talks[key] < first))


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One matter with the member's name and the outcome in words."""

    row: DuesStudy
    name: str
    outcome: str


def studies(user: Any, party: PartyOrganization) -> list[StudyLine]:
    """What the branch looks into and has looked into, latest first."""
    rows = list(DuesStudy.objects.visible_to(user).filter(party_organization=party).order_by("-opened_on", "-pk")[:50])
    names = member_names(row.member_id for row in rows)
    titles = {str(code): _(title) for code, title in OUTCOME_TITLES.items()}
    return [StudyLine(row, names.get(row.member_id, ""), titles.get(row.outcome, "")) for row in rows]
