"""Applications to adjust or dissolve: what would be, what the rules say of it, the case's contents, who may write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.casekinds import CaseMoment
from liaoyuan.core.choices import CaseDecision, CaseState, Moment
from liaoyuan.core.models import Case
from liaoyuan.core.registries import Term
from liaoyuan.kit.findings import Finding, Limits, Severity
from liaoyuan.party.choices.organizations import (
    BRANCH_KIND_TITLES,
    FORM_TITLES,
    BranchKind,
    Form,
    OfficerKind,
)
from liaoyuan.party.choices.reorganizing import CHANGE_STATE_TITLES, ORIGIN_TITLES, Change, ChangeState, Origin
from liaoyuan.party.models import (
    Formation,
    Officer,
    PartyOrganization,
    Reorganization,
    ReorganizationUnit,
)
from liaoyuan.party.queries import counts, ending, founding
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.applying import of_case
from liaoyuan.party.rules.adjusting import AdjustingFacts, adjusting, new_officers
from liaoyuan.party.rules.ending import hanging
from liaoyuan.party.rules.facts.formation import FormationFacts
from liaoyuan.registry.models import Organization
from liaoyuan.ui.texts import date_short

SUBJECT = "reorganization"
#: A unit: a body of the register, or another one by its name.
type UnitWord = Organization | str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be after the adjustment: fields of the formation that change, the superior, the units."""

    now: Formation
    fields: dict[str, Any]
    superior: PartyOrganization | None
    units: list[UnitWord]
    joining: list[UnitWord]
    leaving: list[UnitWord]

    @property
    def form(self) -> str:
        """The form it would have."""
        return str(self.fields.get("form", self.now.form))

    @property
    def branch_kind(self) -> str:
        """How the branch would be formed."""
        return str(self.fields.get("branch_kind", self.now.branch_kind))

    @property
    def reshaped(self) -> bool:
        """Whether form or kind change."""
        return (self.form, self.branch_kind) != (self.now.form, self.now.branch_kind)

    @property
    def officers(self) -> bool:
        """Whether officers follow anew."""
        return new_officers((self.now.form, self.now.branch_kind), (self.form, self.branch_kind))


def key_of(unit: UnitWord) -> int | str:
    """What tells one unit from another."""
    return unit.pk if isinstance(unit, Organization) else unit


def word_of(unit: ReorganizationUnit) -> UnitWord:
    """The unit of a line."""
    return unit.organization or unit.outside_name


def plan(row: Reorganization, on: date) -> Plan:
    """What would be on the day, with what is now as it stands on that day."""
    now = reading.formation(row.party_organization, on)
    fields: dict[str, Any] = {}
    for name in ("name", "form", "branch_kind", "task_ends_on"):
        told = getattr(row, name)
        if told and told != getattr(now, name):
            fields[name] = told
    if row.carrier_id or row.carrier_name:
        fields |= {"carrier_id": row.carrier_id, "carrier_name": row.carrier_name}
    if fields.get("form", now.form) != Form.BRANCH and now.branch_kind:
        fields |= {"branch_kind": "", "task_ends_on": None}
    elif fields.get("branch_kind", now.branch_kind) != BranchKind.TEMPORARY and now.task_ends_on:
        fields["task_ends_on"] = None
    lines = list(row.units.select_related("organization").order_by("pk"))
    present = {key_of(word): word for word in (
        unit.organization or unit.outside_name for unit, _n in reading.units_on(row.party_organization, on)
    )}  # fmt: skip
    leaving = [word_of(line) for line in lines if not line.joins and key_of(word_of(line)) in present]
    joining = [word_of(line) for line in lines if line.joins and key_of(word_of(line)) not in present]
    gone = {key_of(word) for word in leaving}
    units = [word for key, word in present.items() if key not in gone] + joining
    superior = row.superior if row.superior_id not in (None, now.superior_id) else None
    return Plan(now, fields, superior, units, joining, leaving)


def _named(units: Sequence[UnitWord]) -> list[str]:
    told = reading.body_names(unit.pk for unit in units if isinstance(unit, Organization))
    return [told.get(unit.pk, "") if isinstance(unit, Organization) else unit for unit in units]


def _bodies(units: Sequence[UnitWord]) -> list[int]:
    return [unit.pk for unit in units if isinstance(unit, Organization)]


def formation_facts(row: Reorganization, wish: Plan, on: date, case: Case | None = None) -> FormationFacts:
    """The party organization as it would be, as the rules of formation read it.

    Members of units that join count with it, those of units that leave do not; a general branch or a committee counts
    all below it.
    """
    party = row.party_organization
    bodies, joining, leaving = _bodies(wish.units), _bodies(wish.joining), _bodies(wish.leaving)
    at_unit = counts.of_bodies([*bodies, *joining], on)
    going = counts.of_bodies_in(party.pk, leaving, on)
    here = counts.of_branches([party.pk], on)[party.pk]

    def heads(name: str) -> int:
        more = sum(getattr(at_unit[key], name) for key in joining)
        return int(getattr(here, name) + more - sum(getattr(going[key], name) for key in leaving))

    if wish.form == Form.BRANCH:
        members = heads("formal") + heads("probationary")
    else:
        below = counts.of_branches(reading.below(party).values_list("pk", flat=True), on)
        members = sum(one.formal + one.probationary for one in below.values())
    told = [at_unit[unit.pk] if isinstance(unit, Organization) else counts.Heads() for unit in wish.units]
    streets, fields = reading.places(bodies)
    return FormationFacts(
        formal=heads("formal"), committed=heads("committed"), dual=heads("dual"), members=members, form=wish.form,
        branch_kind=wish.branch_kind, transfer_plan=heads("committed") > 0 or None, units=tuple(_named(wish.units)),
        unit_formal=tuple(one.formal for one in told), unit_committed=tuple(one.committed for one in told),
        units_elsewhere=tuple(founding.elsewhere(bodies, on, party.pk)), unit_streets=streets, unit_fields=fields,
        applied_on=case.received_on if case is not None else None,
        replied_on=case.decided_on if case is not None else None,
        ends_on=wish.fields.get("task_ends_on", wish.now.task_ends_on),
    )  # fmt: skip


def adjusting_facts(row: Reorganization, wish: Plan, on: date) -> AdjustingFacts:
    """The adjustment as its own rules read it."""
    party = row.party_organization
    direct = counts.of_branches([party.pk], on)[party.pk]
    at_unit, in_branch = counts.of_bodies(_bodies(wish.joining), on), counts.of_bodies_in(
        party.pk, _bodies(wish.leaving), on
    )  # fmt: skip

    def lines(units: Sequence[UnitWord], heads: dict[int, counts.Heads], *, every: bool) -> list[tuple[str, int]]:
        told = []
        for unit, name in zip(units, _named(units), strict=True):
            one = heads.get(unit.pk, counts.Heads()) if isinstance(unit, Organization) else counts.Heads()
            told.append((name, one.formal + (one.probationary if every else 0)))
        return told

    return AdjustingFacts(
        changes=bool(wish.fields or wish.superior or wish.joining or wish.leaving), form=wish.form,
        branch_kind=wish.branch_kind, reshaped=wish.reshaped, officers=wish.officers, units=len(wish.units),
        below=reading.beneath(party), direct=direct.formal + direct.probationary,
        leaving=lines(wish.leaving, in_branch, every=True), joining=lines(wish.joining, at_unit, every=False),
    )  # fmt: skip


def asked(row: Reorganization, on: date, case: Case | None = None) -> list[Finding]:
    """What the rules say of the application on a day. What is left hanging blocks a dissolution; before its decision
    there is still time, so `warned` weakens it.
    """
    if row.what == Change.DISSOLVE:
        return hanging(ending.facts(row.party_organization, on, without=row.pk))
    wish = plan(row, on)
    found = adjusting(adjusting_facts(row, wish, on))
    if not (wish.reshaped or wish.joining or wish.leaving):
        return found
    limits = reading.limits(row.approver or row.party_organization, on)
    facts = formation_facts(row, wish, on, case)
    return [
        *found,
        *policy.evaluate(Moment.PARTY_APPLY, facts, limits, on),
        *(f for f in policy.evaluate(Moment.PARTY_SAVE, facts, limits, on) if f.code == "PB-FORM-07"),
    ]  # fmt: skip


def warned(row: Reorganization, found: Sequence[Finding]) -> list[Finding]:
    """Before the decision what hangs on a dissolution is told, and does not block yet."""
    if row.what != Change.DISSOLVE:
        return list(found)
    return [replace(f, severity=Severity.WARN) if f.severity == Severity.BLOCK else f for f in found]


def findings(case: Case, moment: str, on: date) -> list[Finding]:
    """What the rules say of the case at a moment of its course."""
    row = of_case(case)
    if row is None or (moment == CaseMoment.DAILY and case.decision):
        return []
    found = asked(row, on, case)
    if moment == CaseMoment.DECIDE:
        return found
    found = warned(row, found)
    if moment != CaseMoment.DAILY:
        return found
    limits = reading.limits(row.approver or row.party_organization, on)
    late = FormationFacts(applied_on=case.received_on, replied_on=case.decided_on)
    return [*found, *(f for f in policy.evaluate(Moment.PARTY_DAILY, late, limits, on) if f.code == "PB-FORM-08")]


def term(case: Case, limits: Limits) -> Term | None:
    """The reply is due in a month as a rule; counted as so many days."""
    key = "pb.found.reply_days"
    return Term(int(limits[key]), key=key) if key in limits else None


def materials(case: Case) -> str:
    """The papers: a superior that decides by itself needs no application."""
    row = of_case(case)
    if row is None or row.origin == Origin.SUPERIOR:
        return ""
    return "pb.adjust.papers" if row.what == Change.ADJUST else "pb.dissolve.papers"


def area_of(party: PartyOrganization) -> int:
    """The area whose committee leads it; the application itself says whose office it goes to."""
    return party.area_id


def page_of(case: Case) -> str:
    """Where the contents of the case are written."""
    row = of_case(case)
    return reverse("party:reorganization_detail", args=[row.pk]) if row else reverse("party:application_list")


def change_lines(row: Reorganization, on: date) -> list[tuple[str, str, str]]:
    """(what, as it is, as it would be) of an adjustment, against what stands on the day."""
    wish = plan(row, on)
    now = wish.now
    names = reading.names([now.superior_id, row.superior_id])
    kind = {str(k): _(title) for k, title in BRANCH_KIND_TITLES.items()}
    form = {str(f): _(title) for f, title in FORM_TITLES.items()}
    told = []
    if "name" in wish.fields:
        told.append((_("名称"), now.name, row.name))
    if "form" in wish.fields:
        told.append((_("层级"), form[now.form], form[row.form]))
    if wish.fields.get("branch_kind"):
        told.append((_("组建形式"), kind.get(now.branch_kind, ""), kind[row.branch_kind]))
    if wish.superior is not None:
        was = names.get(now.superior_id or 0, now.superior_name)
        told.append((_("上级党组织"), was, names.get(row.superior_id or 0, "")))
    if wish.fields.get("task_ends_on"):
        told.append((_("计划结束日期"), date_short(now.task_ends_on), date_short(row.task_ends_on)))
    if "carrier_id" in wish.fields:
        carriers = reading.body_names([now.carrier_id, row.carrier_id])
        told.append((_("依托单位"), carriers.get(now.carrier_id or 0, now.carrier_name),
                     carriers.get(row.carrier_id or 0, row.carrier_name)))  # fmt: skip
    for unit in _named(wish.joining):
        told.append((_("成员单位"), "", _("加入：{unit}").format(unit=unit)))
    for unit in _named(wish.leaving):
        told.append((_("成员单位"), unit, _("退出")))
    return told


def summary(row: Reorganization, on: date) -> dict[str, Any]:
    """The application as the case tells it: texts, no names of members."""
    party = row.party_organization
    lines = change_lines(row, on) if row.what == Change.ADJUST else []
    head = counts.of_branches([party.pk], on)[party.pk]
    told: dict[str, Any] = {
        "reorganization": str(row.pk),
        "party": reading.name_of(party),
        "approver": reading.name_of(row.approver),
        "origin": row.origin,
        "unit": reading.body_names([row.applicant_id]).get(row.applicant_id or 0, ""),
        "changes": "\n".join(f"{what}：{was or '—'} → {wish}" for what, was, wish in lines),
        "formal": head.formal,
        "reason": row.reason,
        "members_to": row.members_to,
    }
    return {name: value for name, value in told.items() if value != ""}


def state_words(row: Reorganization) -> tuple[str, str]:
    """(verdict, word) of how far it is, with what its case says."""
    case = row.case
    if case is not None and case.state == CaseState.WITHDRAWN:
        return "closed", _("已撤回")
    if case is not None and case.decision == CaseDecision.REFUSED:
        return "closed", _("不予批准")
    word = _(CHANGE_STATE_TITLES[ChangeState(row.state)])
    return ("ok" if row.state == ChangeState.FILED else "review"), word


def officers_done(row: Reorganization) -> bool:
    """Whether the secretary was elected or appointed since the adjustment."""
    rows = Officer.objects.now_open().filter(
        party_organization=row.party_organization, kind=OfficerKind.SECRETARY.value, valid_from__gte=row.carried_on
    )
    return rows.exists()


def origin_word(row: Reorganization) -> str:
    """Who asks, in words."""
    return _(ORIGIN_TITLES[Origin(row.origin)])
