"""Terms of committees: the running one, its last day, the list of elections to come, what the rules say (PB-OFF-04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, DateField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import Level
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import FORM_TITLES, TASK_KINDS, Form, OfficerKind
from liaoyuan.party.models import Affiliation, Formation, Member, Officer, PartyOrganization, Term
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules.facts.formation import FormationFacts

#: States of the list.
TERM_STATE_TITLES: dict[str, str] = {
    "over": "已届满", "30": "30 日内", "90": "90 日内", "180": "180 日内", "none": "没有登记任期",
}  # fmt: skip


def running(party: PartyOrganization) -> Term | None:
    """The term that has not ended."""
    rows = Term.objects.current().filter(party_organization=party, ended_on__isnull=True)
    return rows.order_by("-number").first()


def last_day(term: Term) -> date:
    """The last day of a term, as extended."""
    return term.extended_to or term.due_on


def village(party: PartyOrganization) -> bool:
    """Whether the party organization is a village's or community's, whose term is longer."""
    return party.area.level == Level.COMMUNITY


def months(party: PartyOrganization, on: date, limits: Limits | None = None) -> int:
    """How long a term that begins on the day is: as its formation says, else by the rule (36, village 60)."""
    told = reading.formation(party, on).term_months
    limits = limits or reading.limits(party, on)
    return told or int(limits["pb.off.village_months" if village(party) else "pb.off.term_months"])


def due_of(party: PartyOrganization, on: date) -> date:
    """The last day of a term that begins on the day."""
    return add_months(on, months(party, on))


def findings(party: PartyOrganization, on: date) -> list[Finding]:
    """What PB-OFF-04 says of the running term."""
    term = running(party)
    if term is None or party.dissolved_on is not None:
        return []
    facts = FormationFacts(term_from=term.began_on, term_to=last_day(term), village=village(party))
    return policy.evaluate("PB-OFF-04", facts, reading.limits(party, on), on)


def may_lead(user: Any, party: PartyOrganization) -> bool:
    """Whether the user appoints as the superior's."""
    return party.dissolved_on is None and any(
        reading.leads(user, p, party) for p in (Permission.EDIT, Permission.APPROVE)
    )


def candidates(party: PartyOrganization, user: Any, on: date) -> list[tuple[int, str]]:
    """Members whom the user may see and who belong to the party organization on the day, by name."""
    here = Affiliation.objects.active(on).filter(party_organization=party, member__in=Member.objects.visible_to(user))
    return sorted(member_names(here.values_list("member", flat=True)).items(), key=lambda pair: (pair[1], pair[0]))


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list: a text in the name, a form, a state as in `TERM_STATE_TITLES`."""

    on: date
    q: str = ""
    form: str = ""
    state: str = ""


@dataclass(slots=True)
class Line:
    """One party organization's term."""

    pk: int
    name: str
    form: str
    superior: str
    secretary: str
    number: int | None
    began_on: date | None
    due_on: date | None
    extended_to: date | None
    days: int | None
    state: tuple[str, str]


def state_words(last: date | None, on: date, alarms: Sequence[int]) -> tuple[str, str]:
    """(verdict, word) of a term's last day; `alarms` are days before it."""
    if last is None:
        return "closed", _("没有登记任期")
    days = (last - on).days
    if days < 0:
        return "reject", _("已届满 {n} 日").format(n=-days)
    if days <= max(alarms, default=0):
        return "review", _("{n} 日后届满").format(n=days)
    return "ok", _("任期内")


ORDERS: dict[str, tuple[str, ...]] = {
    "last": ("unknown", "last", "name", "pk"), "name": ("name", "pk"), "form": ("form", "name", "pk"),
}  # fmt: skip


class Listing:
    """Party organizations that the user sees with their running terms, by the last day."""

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "last") -> None:
        self.criteria = criteria
        falling = order.startswith("-")
        names = ORDERS.get(order.lstrip("-"), ORDERS["last"])
        self._order = [f"-{name}" if falling and name != "unknown" else name for name in names]
        self.rows = rows(user, criteria)

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        return self.lines(self.rows.order_by(*self._order)[part])

    def all(self) -> list[Line]:
        """Every line, for a sheet."""
        return self.lines(self.rows.order_by(*self._order))

    def lines(self, asked: Any) -> list[Line]:
        """Formations as the list shows them, by one query a kind."""
        found, on = list(asked), self.criteria.on
        keys = [row.party_organization_id for row in found]
        terms = {t.party_organization_id: t for t in Term.objects.current()
                 .filter(party_organization__in=keys, ended_on__isnull=True).order_by("number")}  # fmt: skip
        led = dict(Officer.objects.active(on).filter(party_organization__in=keys, kind=OfficerKind.SECRETARY.value)
                   .values_list("party_organization_id", "member_id"))  # fmt: skip
        named, above = member_names(led.values()), reading.names(row.superior_id for row in found)
        alarms = _alarms(found, on)
        told = []
        for row in found:
            key = row.party_organization_id
            term = terms.get(key)
            last = last_day(term) if term else None
            told.append(Line(
                pk=key, name=row.name, form=_(FORM_TITLES[Form(row.form)]),
                superior=above.get(row.superior_id or 0, row.superior_name), secretary=named.get(led.get(key, 0), ""),
                number=term.number if term else None, began_on=term.began_on if term else None, due_on=last,
                extended_to=term.extended_to if term else None, days=(last - on).days if last else None,
                state=state_words(last, on, alarms[row.party_organization.area_id]),
            ))  # fmt: skip
        return told


def _alarms(found: Sequence[Formation], on: date) -> dict[int, list[int]]:
    """By area's key: how many days before the end the rule reminds."""
    limits = reading.limits_by_area((row.party_organization.area for row in found), on)
    return {key: list(by.get("pb.off.alarm_days", [180, 90, 30, 0])) for key, by in limits.items()}


def rows(user: Any, asked: Criteria) -> Any:
    """Open formations that the user sees and that hold elections, with the last day of the term."""
    terms = Term.objects.current().filter(
        party_organization=OuterRef("party_organization"), ended_on__isnull=True
    ).order_by("-number")  # fmt: skip
    last = Subquery(terms.annotate(last=Coalesce("extended_to", "due_on")).values("last")[:1], output_field=DateField())
    living = PartyOrganization.objects.living()
    found: Any = (
        Formation.objects.now_open().visible_to(user).filter(party_organization__in=living)
        .exclude(branch_kind__in=[str(kind) for kind in TASK_KINDS]).select_related("party_organization__area")
        .annotate(last=last)
    )  # fmt: skip
    found = found.annotate(unknown=Case(
        When(last__isnull=True, then=Value("1")), default=Value("0"), output_field=CharField()
    ))  # fmt: skip
    if asked.q:
        found = found.filter(name__icontains=half_width(asked.q).strip())
    if asked.form:
        found = found.filter(form=asked.form)
    if asked.state == "none":
        return found.filter(last__isnull=True)
    if asked.state == "over":
        return found.filter(last__lt=asked.on)
    if asked.state.isdecimal():
        return found.filter(Q(last__gte=asked.on) & Q(last__lte=asked.on + timedelta(days=int(asked.state))))
    return found.order_by(F("name"))
