"""The list of party organizations on a day, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.organizations import BRANCH_KIND_TITLES, FORM_TITLES, BranchKind, Form, OfficerKind
from liaoyuan.party.models import Formation, Officer, PartyOrganization, Term, Unit
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.registry.models import Standing

#: States of the list.
STATE_TITLES: dict[str, str] = {"live": "现有", "moving": "成立后转接中", "dissolved": "已撤销"}


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list. Empty asks nothing. `state` as in `STATE_TITLES`, "all" = every one."""

    on: date
    q: str = ""
    form: str = ""
    kind: str = ""
    below: int | None = None
    area: Area | None = None
    state: str = "live"


@dataclass(slots=True)
class Line:
    """One party organization as on the day asked."""

    pk: int
    name: str
    form: str
    kind: str
    superior: str
    units: int
    formal: int
    probationary: int
    dual: int
    committed: int
    secretary: str
    term_due: date | None
    since: date
    moving: bool
    area: str


#: Sort key → what to order by.
ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name", "pk"),
    "form": ("form", "name", "pk"),
    "kind": ("branch_kind", "name", "pk"),
    "since": ("party_organization__established_on", "name", "pk"),
    "superior": ("superior_label", "name", "pk"),
}


class Listing:
    """Lines that fulfil the criteria and that the user may see: a total and slices."""

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "name") -> None:
        self.criteria, self.user = criteria, user
        falling = order.startswith("-")
        names = ORDERS.get(order.lstrip("-"), ORDERS["name"])
        self._order = [F(name).desc(nulls_last=True) if falling else F(name).asc(nulls_last=True) for name in names]
        self.rows = rows(user, criteria)
        self._total: int | None = None

    def count(self) -> int:
        """How many there are."""
        if self._total is None:
            self._total = self.rows.count()
        return self._total

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        told = Formation.objects.now_open().filter(party_organization=OuterRef("superior"))
        ordered = self.rows.annotate(superior_label=Subquery(told.values("name")[:1])).order_by(*self._order)
        return lines(list(ordered[part]), self.criteria.on, self.user)


def rows(user: Any, asked: Criteria) -> Any:
    """The formations of the day that the user may see and the list asks for."""
    found: Any = Formation.objects.active(asked.on).visible_to(user).select_related("party_organization__area")
    if asked.state == "dissolved":
        gone = PartyOrganization.objects.known().filter(dissolved_on__lte=asked.on)
        found = Formation.objects.current().visible_to(user).select_related("party_organization__area")
        found = found.filter(party_organization__in=gone, valid_to=F("party_organization__dissolved_on"))
    elif asked.state == "moving":
        found = found.filter(form=Form.BRANCH.value, party_organization__regular_on__isnull=True)
    if asked.q:
        text = half_width(asked.q).strip()
        bodies = Standing.objects.now_open().filter(name__icontains=text)
        covers = Unit.objects.active(asked.on).filter(
            Q(organization__in=bodies.values("organization")) | Q(outside_name__icontains=text),
            party_organization=OuterRef("party_organization"),
        )
        found = found.filter(Q(name__icontains=text) | Exists(covers))
    if asked.form:
        found = found.filter(form=asked.form)
    if asked.kind:
        found = found.filter(branch_kind=asked.kind)
    if asked.area is not None:
        found = found.filter(party_organization__area__in=Area.objects.within(asked.area.path))
    if asked.below is not None:
        above = PartyOrganization.objects.known().filter(pk=asked.below).values_list("path", flat=True).first()
        found = found.filter(party_organization__path__startswith=above) if above else found.none()
    return found


def lines(found: Sequence[Formation], on: date, user: Any) -> list[Line]:
    """The formations with what is shown beside them, by one query a kind."""
    keys = [row.party_organization_id for row in found]
    heads = counts.of_branches(keys, on) if keys else {}
    units = Unit.objects.active(on).filter(party_organization__in=keys).order_by()
    many = dict(units.values_list("party_organization").annotate(n=Count("pk")))
    above = reading.names([row.superior_id for row in found], on)
    led = Officer.objects.active(on).filter(party_organization__in=keys, kind=OfficerKind.SECRETARY.value)
    leaders = dict(led.values_list("party_organization_id", "member_id"))
    named = member_names(leaders.values())
    terms = Term.objects.current().filter(party_organization__in=keys, ended_on__isnull=True).order_by("number")
    due = {row.party_organization_id: row.extended_to or row.due_on for row in terms}
    told = []
    for row in found:
        key, head = row.party_organization_id, heads[row.party_organization_id]
        told.append(Line(
            pk=key, name=row.name, form=_(FORM_TITLES[Form(row.form)]),
            kind=_(BRANCH_KIND_TITLES[BranchKind(row.branch_kind)]) if row.branch_kind else "",
            superior=above.get(row.superior_id or 0, row.superior_name), units=many.get(key, 0), formal=head.formal,
            probationary=head.probationary, dual=head.dual, committed=head.committed,
            secretary=named.get(leaders.get(key, 0), ""), term_due=due.get(key), since=row.valid_from,
            moving=row.form == Form.BRANCH and row.party_organization.regular_on is None,
            area=row.party_organization.area.name,
        ))  # fmt: skip
    return told
