"""Organizational life by branch: what was held, what is due, what does not apply; computed when shown (handbook §2.5).

A branch without a committee has no committee meetings, one without groups no group meetings: these are not missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.life import MEETING_TITLES, MeetingKind
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Formation, Meeting, PartyGroup, PartyOrganization
from liaoyuan.party.queries import organizations, voters
from liaoyuan.party.rules import meetings as rules
from liaoyuan.party.rules.facts.meetings import MeetingFacts


@dataclass(frozen=True, slots=True)
class Duty:
    """One activity that a rule asks for: in which period, which fact counts it, which parameter says how often."""

    code: str
    kind: MeetingKind
    period: str
    fact: str
    key: str


DUTIES = (
    Duty("PB-MTG-01", MeetingKind.MEMBERS, "quarter", "members_held", "pb.mtg.members_per_quarter"),
    Duty("PB-MTG-02", MeetingKind.COMMITTEE, "month", "committees_held", "pb.mtg.committee_per_month"),
    Duty("PB-MTG-03", MeetingKind.GROUP, "month", "groups_held", "pb.mtg.groups_per_month"),
    Duty("PB-MTG-04", MeetingKind.LECTURE, "quarter", "lectures_held", "pb.mtg.lectures_per_quarter"),
    Duty("PB-MTG-05", MeetingKind.THEME_DAY, "month", "theme_days_held", "pb.mtg.theme_days_per_month"),
    Duty("PB-MTG-06", MeetingKind.LIFE, "year", "life_held", "pb.mtg.life_per_year"),
    Duty("PB-MTG-07", MeetingKind.REVIEW, "year", "reviews_held", "pb.mtg.reviews_per_year"),
)
PERIOD_TITLES = {"month": "本月", "quarter": "本季度", "year": "今年"}
#: Why an activity does not apply.
LACKING_TITLES = {MeetingKind.COMMITTEE: "没有设支部委员会", MeetingKind.GROUP: "没有划分党小组"}


def period_of(name: str, on: date) -> tuple[date, date]:
    """First and last day of the month, quarter or year of the day."""
    if name == "month":
        return rules.month_of(on)
    return rules.quarter_of(on) if name == "quarter" else (date(on.year, 1, 1), date(on.year, 12, 31))


def branches(rows: Any) -> Any:
    """Of party organizations the living ones that are branches now."""
    open_rows = Formation.objects.now_open().filter(form=Form.BRANCH)
    return rows.filter(dissolved_on__isnull=True, pk__in=open_rows.values("party_organization"))


type _Held = Mapping[int, Sequence[tuple[str, int | None, date, str]]]


def _held(keys: Iterable[int], year: int, on: date | None = None) -> _Held:
    """Of each branch the meetings held in the year: (kind, group, day, steps)."""
    rows = Meeting.objects.held().filter(party_organization__in=list(keys), held_on__year=year).order_by()
    if on is not None:
        rows = rows.filter(held_on__lte=on)
    found: dict[int, list[tuple[str, int | None, date, str]]] = defaultdict(list)
    for party, *told in rows.values_list("party_organization", "kind", "group", "held_on", "steps"):
        found[party].append(tuple(told))  # type: ignore[arg-type]
    return found


def _groups(keys: Iterable[int], on: date) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = PartyGroup.objects.active(on).filter(party_organization__in=list(keys)).order_by()
    for party, group in rows.values_list("party_organization", "pk"):
        found[party].append(group)
    return found


def facts(parties: Sequence[PartyOrganization], on: date) -> dict[int, MeetingFacts]:
    """What the rules read of the branches' life up to the day, in a fixed number of statements."""
    keys = [party.pk for party in parties]
    held, groups, committees = _held(keys, on.year, on), _groups(keys, on), voters.has_committee(keys, on)
    month, quarter = rules.month_of(on), rules.quarter_of(on)

    def within(party: int, kind: MeetingKind, period: tuple[date, date] | None = None) -> int:
        return sum(k == kind and (period is None or period[0] <= day <= period[1])
                   for k, _group, day, _steps in held.get(party, ()))  # fmt: skip

    told = {}
    for party in parties:
        pk = party.pk
        in_groups = Counter(group for kind, group, day, _steps in held.get(pk, ())
                            if kind == MeetingKind.GROUP and month[0] <= day <= month[1])  # fmt: skip
        steps = {step for kind, _g, _d, done in held.get(pk, ()) if kind == MeetingKind.REVIEW
                 for step in done.split(",") if step}  # fmt: skip
        told[pk] = MeetingFacts(
            active_since=party.established_on, has_committee=pk in committees, groups=len(groups.get(pk, ())),
            members_held=within(pk, MeetingKind.MEMBERS, quarter),
            committees_held=within(pk, MeetingKind.COMMITTEE, month),
            groups_held=min((in_groups[group] for group in groups.get(pk, ())), default=0),
            lectures_held=within(pk, MeetingKind.LECTURE, quarter),
            theme_days_held=within(pk, MeetingKind.THEME_DAY, month), life_held=within(pk, MeetingKind.LIFE),
            reviews_held=within(pk, MeetingKind.REVIEW), review_steps=tuple(sorted(steps)),
        )  # fmt: skip
    return told


@dataclass(frozen=True, slots=True)
class Need:
    """One activity of a branch in its period. `state`: done, open, late (a rule reminds), none (does not apply)."""

    duty: Duty
    title: str
    period: str
    last: date
    held: int
    least: int
    state: str
    why: str = ""
    findings: tuple[Finding, ...] = ()


def needs(party: PartyOrganization, told: MeetingFacts, on: date, limits: Limits) -> list[Need]:
    """What the branch has held and owes in the present month, quarter and year, by the rules that are on."""
    found = []
    for duty in DUTIES:
        if not limits.is_on(duty.code):
            continue
        last = period_of(duty.period, on)[1]
        held, least = int(getattr(told, duty.fact) or 0), int(limits[duty.key])
        said = tuple(policy.evaluate(duty.code, told, limits, on))
        lacks = (duty.kind == MeetingKind.COMMITTEE and not told.has_committee) or (
            duty.kind == MeetingKind.GROUP and not told.groups
        )
        state = "none" if lacks else "late" if said else "done" if held >= least else "open"
        found.append(
            Need(duty, _(MEETING_TITLES[duty.kind]), _(PERIOD_TITLES[duty.period]), last, held, least, state,
                 _(LACKING_TITLES[duty.kind]) if lacks else "", said)
        )  # fmt: skip
    return found


def limits_by_area(parties: Sequence[PartyOrganization], on: date) -> dict[int, Limits]:
    """Limits by party organization, in one statement a district. `area` is loaded."""
    found = organizations.limits_by_area((party.area for party in parties), on)
    return {party.pk: found[party.area_id] for party in parties}


def owed(parties: Sequence[PartyOrganization], on: date) -> list[tuple[PartyOrganization, Need]]:
    """What rules remind of on the day, over many branches."""
    told, limits = facts(parties, on), limits_by_area(parties, on)
    return [
        (party, need)
        for party in parties
        for need in needs(party, told[party.pk], on, limits[party.pk])
        if need.state == "late"
    ]


@dataclass(frozen=True, slots=True)
class Frequency:
    """A branch's line in the superior's list: of each activity how much of its periods was filled, or nothing."""

    pk: int
    name: str
    cells: tuple[tuple[str, str], ...]


class FrequencyList:
    """Branches with what they held in a quarter, and in its year; a total and slices. Never a person."""

    ordered = True

    def __init__(self, rows: Any, year: int, quarter: int, q: str = "") -> None:
        self.first = date(year, quarter * 3 - 2, 1)
        self.last = rules.quarter_of(self.first)[1]
        names = Formation.objects.now_open().filter(form=Form.BRANCH)
        if q:
            names = names.filter(name__icontains=q)
        there = Q(established_on__isnull=True) | Q(established_on__lte=self.last)
        there &= Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=self.first)
        rows = rows.filter(there, pk__in=names.values("party_organization"))
        self.rows = rows.select_related("area").order_by("path")

    def count(self) -> int:
        """How many branches."""
        return int(self.rows.count())

    def __getitem__(self, part: slice) -> list[Frequency]:
        """The lines of a slice."""
        return self.lines(list(self.rows[part]))

    def lines(self, parties: Sequence[PartyOrganization]) -> list[Frequency]:
        """Lines of these branches, in a fixed number of statements."""
        keys = [party.pk for party in parties]
        names, held = organizations.names(keys), _held(keys, self.first.year, self.last)
        groups, committees = _groups(keys, self.last), voters.has_committee(keys, self.last)
        limits = limits_by_area(parties, self.last)
        return [
            Frequency(party.pk, names.get(party.pk, ""), tuple(
                self._cell(duty, held.get(party.pk, ()), groups.get(party.pk, ()), party.pk in committees,
                           limits[party.pk])
                for duty in DUTIES
            ))
            for party in parties
        ]  # fmt: skip

    def _cell(
        self, duty: Duty, held: Sequence[tuple[str, int | None, date, str]], groups: Sequence[int], committee: bool,
        limits: Limits,
    ) -> tuple[str, str]:  # fmt: skip
        """(text, state): done, short, none."""
        if (duty.kind == MeetingKind.COMMITTEE and not committee) or (duty.kind == MeetingKind.GROUP and not groups):
            return _("不适用"), "none"
        least = int(limits[duty.key])
        days = [(day, group) for kind, group, day, _steps in held if kind == duty.kind]
        if duty.period == "year":
            return _("{n} 次").format(n=len(days)), "done" if len(days) >= least else "short"
        if duty.period == "quarter":
            n = sum(self.first <= day for day, _group in days)
            return _("{n} 次").format(n=n), "done" if n >= least else "short"
        months = [self.first.month + i for i in range(3)]
        of: Sequence[int | None] = groups if duty.kind == MeetingKind.GROUP else (None,)
        filled = sum(
            all(sum(day.month == month and group == one for day, group in days) >= least for one in of)
            for month in months
        )
        return _("{n}/3 个月").format(n=filled), "done" if filled == 3 else "short"
