"""The list of people on the way into the party, with the next step of each, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from liaoyuan.kit.text import match_key
from liaoyuan.party.models import Applicant, ApplicantRecord, PartyOrganization
from liaoyuan.party.params.way import CLOSE_REASON_TITLES, DEVELOPMENT_STAGE_TITLES, CloseReason, DevelopmentStage
from liaoyuan.party.queries import courses, development_due
from liaoyuan.party.queries import development_lines as coming
from liaoyuan.party.queries import organizations as reading

#: States of the list: those under way, what is to be done soon, what is late, closed, done.
STATE_TITLES: dict[str, str] = {
    "open": "培养中", "due": "30 天内要办", "late": "已超期", "done": "已转正", "closed": "已结束",
}  # fmt: skip
#: Sort key → what to order by.
ORDERS: dict[str, tuple[str, ...]] = {
    "applied_on": ("applied_on", "pk"), "name": ("told_name", "pk"), "activist_on": ("activist_on", "pk"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list. Empty asks nothing. `below` is a party organization, with all below it."""

    on: date
    q: str = ""
    stage: str = ""
    state: str = "open"
    below: int | None = None


@dataclass(slots=True)
class Line:
    """One person as the list shows him; `next` is None when nothing comes next."""

    pk: int
    name: str
    stage: str
    branch: str
    body: str
    applied_on: date
    activist_on: date | None
    last: str
    next: coming.Next | None
    state: tuple[str, str] | None
    step: str = ""
    who: str = ""
    missing: str = ""
    earliest: date | None = None
    latest: date | None = None


class Listing:
    """Lines that fulfil the criteria and that the user may see: a total and slices.

    What is due or late is computed from the rules of today, so for those two the people under way are read whole.
    """

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "applied_on") -> None:
        self.criteria = criteria
        falling = order.startswith("-")
        names = ORDERS.get(order.lstrip("-"), ORDERS["applied_on"])
        told = ApplicantRecord.objects.current().filter(applicant=OuterRef("pk"))
        found = rows(user, criteria).annotate(told_name=Subquery(told.values("name")[:1]))
        self.rows = found.order_by(
            *(F(n).desc(nulls_last=True) if falling else F(n).asc(nulls_last=True) for n in names)
        )
        self._computed: list[Line] | None = None
        self._total: int | None = None

    def _whole(self) -> list[Line] | None:
        if self.criteria.state not in ("due", "late"):
            return None
        if self._computed is None:
            self._computed = [line for line in lines(list(self.rows), self.criteria.on) if self._wanted(line)]
        return self._computed

    def _wanted(self, line: Line) -> bool:
        on = self.criteria.on
        return line.next is not None and (line.next.late(on) if self.criteria.state == "late" else line.next.due(on))

    def every(self) -> list[Applicant]:
        """All applicants of the list, for a sheet."""
        whole = self._whole()
        if whole is None:
            return list(self.rows)
        wanted = {line.pk for line in whole}
        return [row for row in self.rows if row.pk in wanted]

    def count(self) -> int:
        """How many there are."""
        whole = self._whole()
        if whole is not None:
            return len(whole)
        if self._total is None:
            self._total = self.rows.count()
        return self._total

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        whole = self._whole()
        return whole[part] if whole is not None else lines(list(self.rows[part]), self.criteria.on)


def rows(user: Any, asked: Criteria) -> Any:
    """The applicants that the user may see and the list asks for."""
    found: Any = Applicant.objects.visible_to(user).select_related("party_organization__area")
    if asked.state == "closed":
        found = found.filter(closed_on__isnull=False)
    elif asked.state == "done":
        found = found.filter(closed_on__isnull=True, stage=DevelopmentStage.CONFIRMED.value)
    else:
        found = found.filter(pk__in=Applicant.objects.open().values("pk"))
    if asked.stage:
        found = found.filter(stage=asked.stage)
    if asked.q:
        told = ApplicantRecord.objects.current().filter(name_key__contains=match_key(asked.q))
        found = found.filter(pk__in=told.values("applicant"))
    if asked.below is not None:
        above = PartyOrganization.objects.known().filter(pk=asked.below).values_list("path", flat=True).first()
        found = found.filter(party_organization__path__startswith=above) if above else found.none()
    return found


def lines(found: Sequence[Applicant], on: date) -> list[Line]:
    """The applicants with what comes next."""
    told = courses.of_many(found)
    limits = development_due.limits_by_area(found, on)
    named = reading.names({row.party_organization_id for row in found})
    bodies = reading.body_names(row.organization_id for row in found)
    made = []
    for row in found:
        course = told[row.pk]
        line = coming.head(coming.nexts(course, limits[row.party_organization.area_id]), on)
        made.append(Line(
            pk=row.pk, name=course.record.name, stage=stage_word(row), branch=named.get(row.party_organization_id, ""),
            body=bodies.get(row.organization_id or 0, ""), applied_on=row.applied_on,
            activist_on=row.activist_on, last=coming.title_of(course.last) if course.last else "", next=line,
            state=line.state(on) if line is not None else closed_word(row), step=line.title if line else "",
            who=line.who if line else "", missing="、".join(line.missing) if line else "",
            earliest=line.earliest if line else None, latest=line.latest if line else None,
        ))  # fmt: skip
    return made


def stage_word(row: Applicant) -> str:
    """The stage in words."""
    return _(DEVELOPMENT_STAGE_TITLES[DevelopmentStage(row.stage)])


def closed_word(row: Applicant) -> tuple[str, str] | None:
    """(verdict, word) of a way that is over."""
    if row.closed_reason:
        return "closed", _(CLOSE_REASON_TITLES[CloseReason(row.closed_reason)])
    return ("ok", _("已转正")) if row.stage == DevelopmentStage.CONFIRMED else None
