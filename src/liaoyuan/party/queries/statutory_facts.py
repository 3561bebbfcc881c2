"""What the cells of F04 read beside coverage: ages and schooling of members, people on the way in, secretaries, venues.

Everything is of a day and as known at a moment, by body or by party organization, in a fixed number of statements.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, When

from liaoyuan.core import vault
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.party.choices.organizations import BranchKind, OfficerKind
from liaoyuan.party.models import Applicant, ApplicantPlace, MemberRecord, Officer, Unit, Venue
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


def records(asked: Asked, members: Any) -> Any:
    """What was told of those of these who were members on the day."""
    told = figures.known(MemberRecord.objects, asked.known_at).filter(
        admitted_on__lte=asked.on, member__voided_at__isnull=True, member__in=members
    )
    return told.exclude(left_on__lte=asked.on)


def members_more(asked: Asked, keys: Any) -> dict[int, tuple[int, int, int]]:
    """(35 and younger, college and above, admitted within the year) of formal members by body."""
    found: dict[int, list[int]] = {}
    seen: set[tuple[int, int]] = set()
    for _pk, body, member, young, schooled, fresh in marked(asked, keys):
        if (body, member) not in seen:
            seen.add((body, member))
            line = found.setdefault(body, [0, 0, 0])
            line[0] += young
            line[1] += schooled
            line[2] += fresh
    return {body: (line[0], line[1], line[2]) for body, line in found.items()}


def marked(asked: Asked, keys: Any) -> Iterator[tuple[int, int, int, bool, bool, bool]]:
    """Formal affiliations through these bodies: (key, body, member, and whether he counts as young, as schooled, as
    developed in the year, in the order of `MORE`). Young is who is not 35 yet; the month stands for its first day,
    nothing known for no. Days are compared by the database, which is faster than to read them.
    """
    on, clear = asked.on, vault.opener(purpose="member.birth")
    border = f"{on.year - 35:04}-{on.month:02}-{on.day:02}"
    fresh = Case(When(member__records__admitted_on__gte=date(on.year, 1, 1), then=1), default=0,
                 output_field=IntegerField())  # fmt: skip
    rows = figures.persons(asked, "here", keys).annotate(fresh=fresh).values_list(
        "pk", "organization_id", "member_id", "member__records__birth", "member__records__education", "fresh"
    )  # fmt: skip
    for pk, body, member, birth, education, new in rows.iterator(chunk_size=5000):
        text = birth if birth[:1].isdecimal() else clear(birth)  # ciphertext begins with a letter
        yield pk, body, member, bool(text) and f"{text}-01-01"[:10] > border, education in COLLEGE, bool(new)


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
