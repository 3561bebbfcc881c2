"""What the cells of F04 read beside coverage: ages and schooling of members, people on the way in, secretaries, venues.

Everything is of a day and as known at a moment, by body or by party organization, in a fixed number of statements.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from liaoyuan.core import vault
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import BranchKind, OfficerKind
from liaoyuan.party.models import Affiliation, Applicant, ApplicantPlace, MemberRecord, Officer, Unit, Venue
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.names import member_names

COLLEGE = ("college", "bachelor", "master", "doctor")
#: Counts of members in the order of `members_more`, and of people on the way in the order of `on_the_way`.
MORE, WAY = ("young", "college", "developed"), ("applicants", "activists", "objects")


def end_of(asked: Asked) -> datetime:
    """The moment at which the day is over, or that of what was known, whichever comes first."""
    end = datetime.combine(asked.on + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)
    return min(end, asked.known_at) if asked.known_at else end


def formal_rows(asked: Asked, keys: Any) -> Any:
    """Formal affiliations through these bodies on the day."""
    return figures.known(Affiliation.objects, asked.known_at).filter(
        valid_from__lte=asked.on, valid_to__gt=asked.on, kind=AffiliationKind.FORMAL.value, organization__in=keys
    )


def records(asked: Asked, members: Any) -> Any:
    """What was told of those of these who were members on the day."""
    told = figures.known(MemberRecord.objects, asked.known_at).filter(
        admitted_on__lte=asked.on, member__voided_at__isnull=True, member__in=members
    )
    return told.exclude(left_on__lte=asked.on)


def members_more(asked: Asked, keys: Any) -> dict[int, tuple[int, int, int]]:
    """(35 and younger, college and above, admitted within the year) of formal members by body."""
    rows = formal_rows(asked, keys)
    kept = {key: marks(birth, education, admitted, asked.on) for key, birth, education, admitted in records(
        asked, rows.values("member")).values_list("member_id", "birth", "education", "admitted_on")}  # fmt: skip
    found: dict[int, list[int]] = {}
    for body, member in rows.order_by().values_list("organization_id", "member_id").distinct():
        line = found.setdefault(body, [0, 0, 0])
        for place, holds in enumerate(kept.get(member, ())):
            line[place] += holds
    return {body: (line[0], line[1], line[2]) for body, line in found.items()}


def marks(birth: str, education: str, admitted: date, on: date) -> tuple[bool, bool, bool]:
    """Whether a member counts as young, as schooled, as developed in the year, in the order of `MORE`."""
    return bool(_young(birth, on)), education in COLLEGE, admitted.year == on.year


def _young(birth: str, on: date) -> int:
    """1 for a member who is not 35 yet on the day; the month stands for its first day, nothing known for 0."""
    if not birth:
        return 0
    text = vault.decrypt(birth, purpose="member.birth") if vault.is_sealed(birth) else birth
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return int((on.year - year - ((on.month, on.day) < (month, day))) < 35)


def way_rows(asked: Asked, keys: Any) -> Any:
    """Places of people on the way at these bodies on the day: applied, not closed, not admitted yet."""
    in_ = records(asked, Applicant.objects.filter(member__isnull=False).values("member"))
    open_ = Q(applicant__closed_on__isnull=True) | Q(applicant__closed_on__gt=asked.on)
    rows = figures.known(ApplicantPlace.objects, asked.known_at).filter(
        open_, organization__in=keys, valid_from__lte=asked.on, valid_to__gt=asked.on,
        applicant__voided_at__isnull=True, applicant__applied_on__lte=asked.on, applicant__created_at__lt=end_of(asked),
    )  # fmt: skip
    return rows.exclude(applicant__member__in=in_.values("member"))


def stage_of(place: str, on: date) -> Q:
    """The condition on a place under which the person counts for one of `WAY`: who is 发展对象 is 积极分子, too."""
    column = {"activists": "applicant__activist_on", "objects": "applicant__candidate_on"}.get(place)
    return Q(**{f"{column}__lte": on}) if column else Q()


def on_the_way(asked: Asked, keys: Any) -> dict[int, tuple[int, int, int]]:
    """(applicants, activists, candidates) by body; each holds the next."""
    found: dict[int, list[int]] = {}
    columns = ("organization_id", "applicant__activist_on", "applicant__candidate_on")
    for body, activist, candidate in way_rows(asked, keys).order_by().values_list(*columns):
        line = found.setdefault(body, [0, 0, 0])
        line[0] += 1
        line[1] += activist is not None and activist <= asked.on
        line[2] += candidate is not None and candidate <= asked.on
    return {body: (line[0], line[1], line[2]) for body, line in found.items()}


def venues(asked: Asked, parties: Iterable[int]) -> Any:
    """Venues that these party organizations kept on the day, entered by then."""
    open_ = Q(closed_on__isnull=True) | Q(closed_on__gt=asked.on)
    return Venue.objects.filter(open_, party_organization__in=list(parties), made_at__lt=end_of(asked))


def metres(asked: Asked, parties: Iterable[int]) -> dict[int, int]:
    """Square metres by party organization, of those that have a venue with its area."""
    found: Counter[int] = Counter()
    rows = venues(asked, parties).filter(square_metres__isnull=False)
    for party, size in rows.order_by().values_list("party_organization_id", "square_metres"):
        found[party] += size
    return dict(found)


@dataclass(frozen=True, slots=True)
class Secretary:
    """Who is secretary and where he comes from, as the post says; `name` is empty when no roster is shown."""

    member: int
    name: str
    source: str


def secretaries(asked: Asked, parties: Iterable[int], *, named: bool = True) -> dict[int, Secretary]:
    """Secretaries by party organization."""
    rows = figures.known(Officer.objects, asked.known_at).filter(
        party_organization__in=list(parties), kind=OfficerKind.SECRETARY.value, valid_from__lte=asked.on,
        valid_to__gt=asked.on,
    )  # fmt: skip
    held = {party: (member, source) for party, member, source in
            rows.values_list("party_organization_id", "member_id", "source")}  # fmt: skip
    names = member_names(member for member, _source in held.values()) if named else {}
    return {party: Secretary(member, names.get(member, ""), source) for party, (member, source) in held.items()}


def functional(asked: Asked, keys: Sequence[int]) -> set[int]:
    """Bodies that a functional branch names: shown, not counted."""
    rows = figures.known(Unit.objects, asked.known_at).filter(
        organization__in=keys, valid_from__lte=asked.on, valid_to__gt=asked.on,
        party_organization__formations__superseded_at__isnull=True,
        party_organization__formations__valid_from__lte=asked.on,
        party_organization__formations__valid_to__gt=asked.on,
        party_organization__formations__branch_kind=BranchKind.FUNCTIONAL.value,
    )  # fmt: skip
    return set(rows.values_list("organization_id", flat=True))
