"""Lists of a plan's pages: groups with their units, bodies by what becomes of them, streets to choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.kit.text import half_width
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.choices.words import FALLBACK_TITLES, REASON_TITLES
from liaoyuan.planning.models import Plan, PlanGroup, PlanUnit
from liaoyuan.planning.queries import carrying, cores, results
from liaoyuan.planning.queries.sight import Sight
from liaoyuan.registry.models import Standing


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group as a list shows it; `members` is None for who does not see all its units."""

    pk: int
    number: int
    name: str
    units: str
    count: int
    members: int | None
    street: str
    label: str
    cost: int
    stable: tuple[str, str] | None
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One body as a list shows it."""

    pk: int
    organization: int
    name: str
    street: str
    members: int
    where: str
    why: str
    cheapest: str
    cost: int
    point: str
    state: tuple[str, str]


class Groups:
    """The groups of a plan in sight, the stable ones first: a total and slices of lines."""

    ordered = True

    def __init__(self, plan: Plan, sight: Sight, *, q: str = "", street: str = "", state: str = "") -> None:
        self.sight = sight
        rows = sight.groups(plan)
        if q.strip():
            rows = rows.filter(pk__in=plan.bodies.filter(organization__in=named(q)).values("group"))
        if street:
            rows = rows.filter(street=int(street))
        if state == "open":
            rows = rows.filter(accepted_at__isnull=True)
        elif state == "done":
            rows = rows.filter(carrying.standing())
        elif state:
            rows = rows.filter(accepted_at__isnull=False).exclude(pk__in=rows.filter(carrying.standing()).values("pk"))
        self.rows: QuerySet[PlanGroup] = rows.order_by(cores.STABLE_FIRST, "number")

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[GroupLine]:
        """The lines of a slice."""
        return group_lines(list(self.rows.select_related("street", "founding__case", "change__case")[part]), self.sight)


def group_lines(rows: list[PlanGroup], sight: Sight) -> list[GroupLine]:
    """Lines of groups in a fixed number of statements."""
    units: dict[int, list[PlanUnit]] = {row.pk: [] for row in rows}
    for unit in PlanUnit.objects.filter(group__in=rows).order_by("organization_id"):
        units[unit.group_id or 0].append(unit)
    names = parties.body_names(unit.organization_id for told in units.values() for unit in told)
    labels = parties.names(row.label_id for row in rows)
    weighed = cores.of_groups(rows)
    return [
        GroupLine(
            row.pk, row.number, _("{name}等 {n} 家").format(name=names.get(row.seat_id, ""), n=row.units),
            "、".join(names.get(unit.organization_id, "") for unit in units[row.pk]), row.units,
            row.members if all(sight.covers(unit.street_id) for unit in units[row.pk]) else None,
            row.street.name if row.street else "", labels.get(row.label_id or 0, ""), row.cost,
            cores.mark(weighed.get(row.pk)), carrying.group_words(row),
        )
        for row in rows
    ]  # fmt: skip


class Units:
    """Bodies of a plan in one or several places, in sight: a total and slices of lines."""

    ordered = True

    def __init__(
        self, plan: Plan, sight: Sight, places: Iterable[str], *, q: str = "", street: str = "", reason: str = ""
    ) -> None:
        rows = sight.units(plan).filter(place__in=[str(place) for place in places])
        if q.strip():
            rows = rows.filter(organization__in=named(q))
        if street:
            rows = rows.filter(street=int(street))
        if reason:
            rows = rows.filter(reason=reason)
        self.rows = rows.order_by("-members", "organization_id")

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[UnitLine]:
        """The lines of a slice, in a fixed number of statements."""
        rows = list(self.rows.select_related("street", "change__case")[part])
        names = parties.body_names(row.organization_id for row in rows)
        hosts = parties.names([row.host_id or row.branch_id for row in rows])
        told = results.named_in(row.cheapest for row in rows)
        return [_unit_line(row, names, hosts, told) for row in rows]


def _unit_line(row: PlanUnit, names: Mapping[int, str], hosts: Mapping[int, str], told: Mapping[str, str]) -> UnitLine:
    return UnitLine(
        row.pk, row.organization_id, names.get(row.organization_id, ""), row.street.name if row.street else "",
        row.members, hosts.get(row.host_id or row.branch_id or 0, ""), _(REASON_TITLES.get(row.reason, "")),
        results.cheapest_words(row.cheapest, told) if row.cheapest else "", row.cost,
        _(FALLBACK_TITLES[row.fallback]) if row.fallback else "", carrying.change_words(row.change),
    )  # fmt: skip


def named(words: str) -> Any:
    """Keys of the bodies whose present name holds these words."""
    rows = Standing.objects.now_open().filter(name__icontains=half_width(words).strip())
    return rows.values("organization_id")


def streets(plan: Plan, sight: Sight) -> list[tuple[str, str]]:
    """Streets in which a plan's units in sight lie, by name."""
    return streets_of(sight.units(plan))


def streets_of(found: Any) -> list[tuple[str, str]]:
    """Streets in which rows with a `street` lie, by name."""
    rows = Area.objects.filter(pk__in=found.order_by().values("street").distinct())
    return [(str(key), name) for key, name in rows.order_by("name").values_list("pk", "name")]


def unlocated(plan: Plan) -> tuple[int, int]:
    """(bodies whose street's or community's point stands for them, bodies without any point)."""
    rows = plan.bodies.exclude(fallback="")
    none = rows.filter(fallback="none").count()
    return rows.count() - none, none
