"""Coverage of bodies by party organizations on a day, as known at a moment: from the tables, by set conditions.

`marks` reads each table once and gives sets of bodies, from which `figures` counts everything. `conditions` says the
same to the database, for lists that are filtered there: each is a query of keys that depends on no row and is answered
once for a whole statement. Both give the gaps of `rules.coverage.gaps`; a test compares all three with a plain count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from liaoyuan.core import policy
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.core.models import Area
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Limits
from liaoyuan.party.choices.coverage import Gap
from liaoyuan.party.choices.members import SORTED, AffiliationKind, Stage
from liaoyuan.party.choices.organizations import BranchKind, Form
from liaoyuan.party.models import Affiliation, InstructorAssignment, Unit, Visit
from liaoyuan.party.queries import held
from liaoyuan.party.queries import organizations as reading
from liaoyuan.registry.choices import REGISTERED, Kind
from liaoyuan.registry.models import IdleFinding, Organization, Standing
from liaoyuan.registry.queries.statistics import OUTSIDE, UNKNOWN

#: Before this day no text gave figures: earlier days are counted by those of this day.
FIRST_FIGURES = date(2018, 10, 28)
#: How a body is covered, the weightiest first.
OWN, JOINT, AREA = "own", "joint", "area"
HOW_TITLES: dict[str, str] = {OWN: "单独组建", JOINT: "联合组建", AREA: "区域、行业党组织覆盖"}
DEFINITION = (
    "应统计组织：当日由本区划登记、状态为正常的社会团体、民办非企业单位、基金会（街道和社区按住所）；清算中、已终止、外区的组织不计，"
    "备案的社区社会组织另列；最近一次“长期无活动”核实为确无活动的，作为空壳组织不计。组织覆盖：有单独党支部，或是经批准的联合党支部的成员单位，"
    "或有区域、行业党组织将其列为成员单位；党组织当日已成立、未撤销，并有批复文号或申请事项为据；临时、功能型、流动党员党支部不计。"
    "应建：组织关系在本组织的正式党员与书面同意转入的专职正式党员合计达到规定人数。工作覆盖：组织覆盖，或有聘书当日有效的指导员、联络员。"
)


def limits_on(area: Area, on: date) -> Limits:
    """The figures by which an area counts on a day."""
    return policy.limits(max(on, FIRST_FIGURES), policy.chain(area.path))


def limits_over(area: Area, days: Iterable[date]) -> dict[date, Limits]:
    """The same by day for several, in one statement."""
    asked = {day: max(day, FIRST_FIGURES) for day in days}
    found = policy.limits_by_day(asked.values(), policy.chain(area.path))
    return {day: found[held] for day, held in asked.items()}


def limits_in(areas: Iterable[Area], on: date) -> dict[int, Limits]:
    """The same by area's key for many, in one statement a district."""
    return reading.limits_by_area(areas, max(on, FIRST_FIGURES))


def known(rows: Any, at: datetime | None) -> Any:
    """Rows of a recorded table as known at a moment, None = now."""
    return rows.current() if at is None else rows.known_by(at)


def _known(prefix: str, at: datetime | None) -> Q:
    """The same as a condition on a joined table."""
    if at is None:
        return Q(**{f"{prefix}superseded_at__isnull": True})
    gone = Q(**{f"{prefix}superseded_at__isnull": True}) | Q(**{f"{prefix}superseded_at__gt": at})
    return Q(**{f"{prefix}recorded_at__lte": at}) & gone


def _on(prefix: str, on: date) -> Q:
    return Q(**{f"{prefix}valid_from__lte": on, f"{prefix}valid_to__gt": on})


@dataclass(frozen=True)
class Asked:
    """The question: which area, which day, as known when (None = now)."""

    area: Area
    on: date
    known_at: datetime | None = None
    given: Limits | None = field(default=None, compare=False)

    @cached_property
    def limits(self) -> Limits:
        """The figures of the day in the area."""
        return self.given or limits_on(self.area, self.on)

    @cached_property
    def heads(self) -> dict[int, tuple[int, int, int, int]]:
        """`heads_of` all bodies, counted once for a question."""
        return heads_of(self)


def covers(asked: Asked, how: str = "") -> QuerySet[Unit]:
    """Units that count as covered on the day: live, documented, by a party organization of the right form."""
    on, at = asked.on, asked.known_at
    party, row = "party_organization__", "party_organization__formations__"
    branch = Q(**{f"{row}form": Form.BRANCH.value})
    kinds = {
        OWN: branch & Q(**{f"{row}branch_kind": BranchKind.INDEPENDENT.value}),
        JOINT: branch & Q(**{f"{row}branch_kind": BranchKind.JOINT.value}),
        AREA: ~branch | Q(**{f"{row}branch_kind": BranchKind.ATTACHED.value}),
    }
    form = kinds[how] if how else kinds[OWN] | kinds[JOINT] | kinds[AREA]
    alive = Q(**{f"{party}voided_at__isnull": True, f"{party}established_on__lte": on}) & (
        Q(**{f"{party}dissolved_on__isnull": True}) | Q(**{f"{party}dissolved_on__gt": on})
    )
    document = ~Q(evidence="") | ~Q(**{f"{row}evidence": ""}) | Q(**{f"{row}case__isnull": False})
    return known(Unit.objects, at).filter(
        _on("", on), alive, _known(row, at) & _on(row, on) & form & document, organization__isnull=False
    )


def letters(asked: Asked) -> Any:
    """Assignments of instructors and liaisons that count on the day."""
    return known(InstructorAssignment.objects, asked.known_at).filter(_on("", asked.on)).lettered(asked.on)


def _affiliations(asked: Asked, *, full: bool = False) -> Any:
    """Affiliations through a body on the day, of those who are members (or full members) then, each joined with what
    is told of him. Who belongs formally through the body counts so, and not a second time as a guest.
    """
    told = "member__records__"
    is_full = _is_full(asked.on) if full else Q()
    gone = Q(**{f"{told}left_on__isnull": True}) | Q(**{f"{told}left_on__gt": asked.on})
    here = known(Affiliation.objects, asked.known_at).filter(
        _on("", asked.on), kind=AffiliationKind.FORMAL.value, member=OuterRef("member"),
        organization=OuterRef("organization"),
    )  # fmt: skip
    guest = Q(kind__in=[str(kind) for kind in SORTED])
    rows = known(Affiliation.objects, asked.known_at).filter(
        ~guest | ~Exists(here), _on("", asked.on), gone & is_full,
        _known(told, asked.known_at) & Q(**{f"{told}admitted_on__lte": asked.on}), organization__isnull=False,
        member__voided_at__isnull=True,
    )  # fmt: skip
    return rows.order_by()


def _is_full(on: date) -> Q:
    return Q(member__records__confirmed_on__lte=on)


def _sorts(asked: Asked) -> tuple[Q, Q]:
    """(committed, dual): conditions on an affiliation of a full member. Nobody's row fulfils both."""
    both = Q(kind__in=[str(kind) for kind in SORTED]) & ~Q(stage=Stage.MOVED.value)
    agreed = both & ~Q(stage=Stage.KEPT.value) & Q(consented_on__lte=asked.on, full_time=True)
    return agreed, both


def heads_of(asked: Asked, keys: Any = None) -> dict[int, tuple[int, int, int, int]]:
    """(formal, probationary, committed, dual) by body, of bodies with any; `keys` narrows to some bodies."""
    rows = _affiliations(asked)
    if keys is not None:
        rows = rows.filter(organization__in=keys)
    formal, full, (agreed, both) = Q(kind=AffiliationKind.FORMAL.value), _is_full(asked.on), _sorts(asked)

    def count(condition: Q) -> Count:
        return Count("member", filter=condition, distinct=True)

    told = (
        rows.filter(formal | both)
        .values_list("organization")
        .annotate(a=count(formal & full), b=count(formal), c=count(agreed & full), d=count(both & full))
    )
    found = {key: (here, every - here, moving, two - moving) for key, here, every, moving, two in told}
    return {key: heads for key, heads in found.items() if any(heads)}


def persons(asked: Asked, which: str, keys: Any) -> Any:
    """Affiliations of those whom `heads_of` counts as formal, probationary, committed or dual at these bodies; `here`:
    formal and probationary.
    """
    rows = _affiliations(asked).filter(organization__in=keys)
    formal, full, (agreed, both) = Q(kind=AffiliationKind.FORMAL.value), _is_full(asked.on), _sorts(asked)
    if which == "here":
        return rows.filter(formal)
    if which == "formal":
        return rows.filter(formal & full)
    if which == "probationary":
        sure = rows.filter(formal & full, organization=OuterRef("organization"), member=OuterRef("member"))
        return rows.filter(formal).filter(~Exists(sure))
    if which == "committed":
        return rows.filter(agreed & full)
    sure = rows.filter(agreed & full, organization=OuterRef("organization"), member=OuterRef("member"))
    return rows.filter(both & full).filter(~Exists(sure))


def _full_at(asked: Asked, least: int) -> Any:
    """Bodies with so many full members, formal and committed."""
    agreed, _both = _sorts(asked)
    formal = Q(kind=AffiliationKind.FORMAL.value)
    rows = _affiliations(asked, full=True).filter(formal | agreed).values("organization")
    here = Count("member", filter=formal, distinct=True) + Count("member", filter=agreed, distinct=True)
    return rows.annotate(n=here).filter(n__gte=least).values("organization")


def quiet_since(on: date, months: int) -> date:
    """The first day from which a meeting still counts on the day `on`: the least day whose months are not over."""
    day = add_months(on, -months) - timedelta(days=3)
    while add_months(day, months) < on:
        day += timedelta(days=1)
    return day


def conditions(asked: Asked) -> dict[str, Q]:
    """By name, conditions on a standing: own, joint, area, instructed, due, some, probationary, quiet, unvisited."""
    on, limits = asked.on, asked.limits

    def among(rows: Any) -> Q:
        return Q(organization__in=rows.values("organization"))

    least = int(limits["pb.form.min_formal"])
    since = quiet_since(on, int(limits["pb.cov.quiet_months"]))
    seen = on - timedelta(days=int(limits["pb.cov.visit_days"]))
    live = covers(asked)
    long = live.filter(valid_from__lt=since, party_organization__established_on__lt=since)
    met = live.filter(party_organization__in=held.parties_that_met(since, on, asked.known_at))
    visits = _visits(asked, seen)
    holding = letters(asked)
    formal = _affiliations(asked).filter(kind=AffiliationKind.FORMAL.value)
    return {
        OWN: among(covers(asked, OWN)), JOINT: among(covers(asked, JOINT)), AREA: among(covers(asked, AREA)),
        "instructed": among(holding),
        "due": among(_full_at(asked, least)), "some": among(_full_at(asked, 1)),
        "probationary": among(formal),
        "quiet": among(long) & ~among(met),
        "unvisited": among(holding) & ~among(holding.filter(valid_from__gte=seen)) & ~among(visits),
    }  # fmt: skip


def gap_conditions(by: Mapping[str, Q]) -> dict[str, Q]:
    """By gap, and by name of a figure, the condition that its bodies fulfil."""
    covered = by[OWN] | by[JOINT] | by[AREA]
    built, due = by[OWN], by["due"]
    open_ = ~by[OWN] & ~by[JOINT] & ~by[AREA] & ~due
    here = by["some"] | by["probationary"]
    return {
        Gap.A: due & ~built, Gap.B: open_ & here, Gap.C: open_ & ~by["some"] & ~by["probationary"],
        Gap.D: covered & (by["quiet"] | by["unvisited"]), "base": Q(), "covered": covered, "due": due,
        "built": due & built, "worked": covered | by["instructed"], "own": by[OWN], "joint": by[JOINT],
        "area": by[AREA], "instructed": by["instructed"], "uncovered": ~by[OWN] & ~by[JOINT] & ~by[AREA],
    }  # fmt: skip


def shells(on: date, known_at: datetime | None = None) -> Any:
    """Bodies whose last verified finding of idleness says so (ORG-IDLE-01, answered by an officer by that day)."""
    end = datetime.combine(on + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)
    told = IdleFinding.objects.exclude(answer="").filter(answered_at__lt=min(end, known_at) if known_at else end)
    later = told.filter(organization=OuterRef("organization")).filter(
        Q(answered_at__gt=OuterRef("answered_at")) | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk"))
    )
    return told.filter(~Exists(later), answer="idle").values("organization")


def standings(asked: Asked) -> QuerySet[Standing]:
    """Bodies of the area on the day, registered or filed: by their office, in streets and communities by domicile."""
    rows = known(Standing.objects, asked.known_at).filter(_on("", asked.on))
    if asked.area.level in ("street", "community"):
        there = Area.objects.within(asked.area.path)
        rows = rows.filter(Q(street__in=there) | Q(community__in=there))
    else:
        rows = rows.within(asked.area.path)
    states = asked.limits["pb.cov.states"]
    return rows.filter(status__in=states).exclude(organization__in=Organization.objects.filter(is_external=True))


def base(asked: Asked) -> QuerySet[Standing]:
    """D1, the denominator."""
    rows = standings(asked).filter(kind__in=[str(kind) for kind in REGISTERED])
    if asked.limits["pb.cov.count_shells"]:
        return rows
    return rows.exclude(organization__in=shells(asked.on, asked.known_at))


def filed(asked: Asked) -> QuerySet[Standing]:
    """Filed bodies, which are told beside D1."""
    return standings(asked).filter(kind=Kind.BA.value)


def street_mark(area: Area) -> Case:
    """The street as a dimension: one outside the area is a row of its own."""
    inside = Q(street__path__startswith=area.path) if area.level not in ("street", "community") else Q(pk__gt=0)
    return Case(
        When(street__isnull=True, then=Value(UNKNOWN)),
        When(inside, then=F("street__name")),
        default=Value(OUTSIDE),
        output_field=CharField(),
    )


#: Dimension → Chinese title. `street` is a name, the others are codes (registry.queries.statistics).
DIMENSION_TITLES: dict[str, str] = {
    "street": "街道", "type": "类型", "field": "行业分类", "district_field": "所属领域"
}  # fmt: skip
_COLUMNS = {"type": "kind", "field": "field", "district_field": "district_field"}
_FLAGS = (OWN, JOINT, AREA, "instructed", "due", "some", "probationary", "quiet", "unvisited")


@dataclass(slots=True)
class Figures:
    """Counts of bodies of one cell or of all; `gaps` by letter. Every number is one of bodies, never of persons."""

    base: int = 0
    covered: int = 0
    own: int = 0
    joint: int = 0
    area: int = 0
    due: int = 0
    built: int = 0
    worked: int = 0
    instructed: int = 0
    gaps: dict[str, int] = field(default_factory=lambda: dict.fromkeys("ABCD", 0))
    declared: int = 0

    def add(self, told: Mapping[str, bool], count: int, declared: int = 0) -> None:
        """So many bodies with these marks. Ways overlap: a body may have its own branch and be named by another."""
        covered = told[OWN] or told[JOINT] or told[AREA]
        self.base += count
        self.declared += declared
        for name, holds in (
            ("covered", covered), (OWN, told[OWN]), (JOINT, told[JOINT]), (AREA, told[AREA]), ("due", told["due"]),
            ("built", told["due"] and told[OWN]), ("worked", covered or told["instructed"]),
            ("instructed", told["instructed"]),
        ):  # fmt: skip
            if holds:
                setattr(self, name, getattr(self, name) + count)
        if told["due"] and not told[OWN]:
            self.gaps["A"] += count
        elif not covered:
            self.gaps["B" if told["some"] or told["probationary"] else "C"] += count
        if covered and (told["quiet"] or told["unvisited"]):
            self.gaps["D"] += count

    def as_dict(self) -> dict[str, Any]:
        """As the published figure tells them."""
        return {
            "count": self.base, "covered": self.covered, "own": self.own, "joint": self.joint, "area": self.area,
            "due": self.due, "built": self.built, "worked": self.worked, "gaps": dict(self.gaps),
        }  # fmt: skip


def figures(asked: Asked, dims: Sequence[str] = ()) -> tuple[Figures, dict[tuple[str, ...], Figures]]:
    """All bodies of D1 together, and by the dimensions: one statement. Raises ValueError for an unknown dimension."""
    unknown = [dim for dim in dims if dim not in DIMENSION_TITLES]
    if unknown:
        raise ValueError(f"没有统计口径“{'、'.join(unknown)}”。可以用：{'、'.join(DIMENSION_TITLES)}。")
    by = marks(asked)
    columns = [_COLUMNS.get(dim, "d_street") for dim in dims]
    rows = base(asked).order_by()
    if "street" in dims:
        rows = rows.annotate(d_street=street_mark(asked.area))
    whole = Figures()
    cells: dict[tuple[str, ...], Figures] = {}
    for body, declared, *values in rows.values_list("organization_id", "party_members_declared", *columns).iterator(
        chunk_size=5000
    ):
        told = {name: body in found for name, found in by.items()}
        whole.add(told, 1, declared or 0)
        key = tuple(value or UNKNOWN for value in values)
        cells.setdefault(key, Figures()).add(told, 1, declared or 0)
    return whole, dict(sorted(cells.items()))


def shares(asked: Asked) -> tuple[int, int, int]:
    """(D1, covered, worked on), in three statements: what is counted without any member."""
    here = set(base(asked).values_list("organization_id", flat=True))
    live = here & set(covers(asked).order_by().values_list("organization_id", flat=True))
    sent = here & set(letters(asked).order_by().values_list("organization_id", flat=True))
    return len(here), len(live), len(live | sent)


def marks(asked: Asked) -> dict[str, set[int]]:
    """The same as `conditions`, as sets of bodies: each table is read once, for a count of everything."""
    on, limits = asked.on, asked.limits
    least = int(limits["pb.form.min_formal"])
    since = quiet_since(on, int(limits["pb.cov.quiet_months"]))
    seen = on - timedelta(days=int(limits["pb.cov.visit_days"]))
    found: dict[str, set[int]] = {name: set() for name in _FLAGS}
    met = set(held.parties_that_met(since, on, asked.known_at).values_list("party_organization", flat=True))
    form, kind = "party_organization__formations__form", "party_organization__formations__branch_kind"
    columns = ("organization_id", "party_organization_id", form, kind, "valid_from",
               "party_organization__established_on")  # fmt: skip
    long: set[int] = set()
    alive: set[int] = set()
    for body, party, form_, kind_, start, established in covers(asked).order_by().values_list(*columns):
        found[way_of(form_, kind_)].add(body)
        if party in met:
            alive.add(body)
        if max(start, established) < since:
            long.add(body)
    found["quiet"] = long - alive
    fresh: set[int] = set(_visits(asked, seen).values_list("organization_id", flat=True))
    for body, start in letters(asked).order_by().values_list("organization_id", "valid_from"):
        found["instructed"].add(body)
        if start >= seen:
            fresh.add(body)
    found["unvisited"] = found["instructed"] - fresh
    for body, (formal, probationary, committed, _dual) in asked.heads.items():
        if formal + committed >= least:
            found["due"].add(body)
        if formal + committed:
            found["some"].add(body)
        if probationary:
            found["probationary"].add(body)
    return found


def way_of(form: str, kind: str) -> str:
    """own, joint or area, for a party organization that covers."""
    if form != Form.BRANCH or kind == BranchKind.ATTACHED:
        return AREA
    return OWN if kind == BranchKind.INDEPENDENT else JOINT


def _visits(asked: Asked, since: date) -> Any:
    rows = Visit.objects.filter(on__lte=asked.on, on__gte=since).order_by()
    return rows if asked.known_at is None else rows.filter(made_at__lte=asked.known_at)
