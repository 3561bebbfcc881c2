"""Applications to found a branch: facts for the rules, the roster that is offered, the case's contents, lists."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.casekinds import CaseMoment
from liaoyuan.core.choices import CaseDecision, CaseState, Moment
from liaoyuan.core.models import Area, Case
from liaoyuan.core.registries import Term
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import SORTED, AffiliationKind, Stage
from liaoyuan.party.choices.organizations import (
    BRANCH_KIND_TITLES,
    FOUNDING_TITLES,
    BranchKind,
    FoundingState,
    Standing,
)
from liaoyuan.party.models import Affiliation, Founding, FoundingMember, FoundingUnit, Member, MemberRecord, Unit
from liaoyuan.party.params.procedures import FOUND
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.rules.facts.formation import FormationFacts
from liaoyuan.registry.models import Organization
from liaoyuan.registry.models import Standing as BodyStanding

SUBJECT = "founding"
_COUNTED = (Standing.FORMAL, Standing.COMMITTED, Standing.DUAL)


def units_of(founding: Founding) -> list[tuple[FoundingUnit, str]]:
    """The units of an application with their names."""
    rows = list(founding.units.order_by("pk"))
    told = reading.body_names(row.organization_id for row in rows)
    return [(row, told.get(row.organization_id or 0, row.outside_name)) for row in rows]


def roster_of(founding: Founding) -> list[tuple[FoundingMember, MemberRecord]]:
    """The members on the application's roster with what is told of them."""
    rows = list(founding.members.order_by("pk"))
    told = {r.member_id: r for r in MemberRecord.objects.current().filter(member__in=[row.member_id for row in rows])}
    return [(row, told[row.member_id]) for row in rows if row.member_id in told]


def offered(founding: Founding, user: Any, on: date) -> list[tuple[MemberRecord, Affiliation, bool]]:
    """Members known at the units, or at the superior without a body, whom the user may see: (record, affiliation,
    on the roster already). Formal ones first.
    """
    bodies = [row.organization_id for row in founding.units.all() if row.organization_id]
    rows = Affiliation.objects.active(on).filter(
        Q(organization__in=bodies), party_organization__isnull=False, member__in=Member.objects.visible_to(user)
    )  # fmt: skip
    best: dict[int, Affiliation] = {}
    for row in rows.select_related("party_organization").order_by("pk"):
        known = best.get(row.member_id)
        if known is None or row.kind == AffiliationKind.FORMAL:
            best[row.member_id] = row
    listed = set(founding.members.values_list("member_id", flat=True))
    told = MemberRecord.objects.current().filter(member__in=best).order_by("name", "pk")
    found = [(record, best[record.member_id], record.member_id in listed) for record in told]
    return sorted(found, key=lambda line: line[1].kind != AffiliationKind.FORMAL)


def as_whom(row: Affiliation) -> Standing:
    """As whom a member with this affiliation would stand on the roster."""
    if row.kind == AffiliationKind.FORMAL:
        return Standing.FORMAL
    agreed = row.kind in SORTED and row.stage not in (Stage.MOVED, Stage.KEPT)
    return Standing.COMMITTED if agreed and row.consented_on is not None and row.full_time else Standing.DUAL


def facts_of(founding: Founding, on: date, case: Case | None = None) -> FormationFacts:
    """The application as the rules read it on a day. Without a roster the numbers are unknown."""
    roster = roster_of(founding)
    units = units_of(founding)
    heads: dict[int | None, dict[Standing, int]] = {}
    for row, record in roster:
        if record.status(on) == "full":
            place = heads.setdefault(row.organization_id, dict.fromkeys(_COUNTED, 0))
            place[Standing(row.standing)] += 1
    total = {kind: sum(place[kind] for place in heads.values()) for kind in _COUNTED}
    none = dict.fromkeys(_COUNTED, 0)
    per_unit = [heads.get(unit.organization_id, none) if unit.organization_id else none for unit, _name in units]
    committed = [row for row, _record in roster if row.standing == Standing.COMMITTED]
    known = bool(roster)
    bodies = [unit.organization_id for unit, _name in units if unit.organization_id]
    streets, fields = reading.places(bodies)
    return FormationFacts(
        formal=total[Standing.FORMAL] if known else None,
        committed=total[Standing.COMMITTED] if known else None,
        dual=total[Standing.DUAL] if known else None,
        branch_kind=founding.branch_kind,
        transfer_plan=bool(committed) and all(row.transfer_due_on for row in committed),
        units=tuple(name for _unit, name in units),
        unit_formal=tuple(place[Standing.FORMAL] for place in per_unit),
        unit_committed=tuple(place[Standing.COMMITTED] for place in per_unit),
        units_elsewhere=tuple(elsewhere(bodies, on)), unit_streets=streets, unit_fields=fields,
        applied_on=case.received_on if case is not None else None,
        replied_on=case.decided_on if case is not None else None,
        ends_on=founding.task_ends_on,
    )  # fmt: skip


def elsewhere(bodies: Sequence[int | None], on: date, without: int | None = None) -> list[str]:
    """Names of bodies that are in a live joint branch on the day."""
    rows = Unit.objects.active(on).filter(organization__in=[key for key in bodies if key], joint=True)
    if without is not None:
        rows = rows.exclude(party_organization=without)
    told = reading.body_names(rows.values_list("organization_id", flat=True))
    return [told[key] for key in bodies if key in told]


def asked(founding: Founding, on: date, case: Case | None = None) -> list[Finding]:
    """What the rules say of the application as it is (moments party_apply and party_save)."""
    limits = reading.limits(founding.superior, on)
    facts = facts_of(founding, on, case)
    return [
        *policy.evaluate(Moment.PARTY_APPLY, facts, limits, on),
        *(f for f in policy.evaluate(Moment.PARTY_SAVE, facts, limits, on) if f.code == "PB-FORM-07"),
    ]  # fmt: skip


def of_case(case: Case) -> Founding | None:
    """The application that a case carries."""
    key = str(case.facts.get("founding", ""))
    rows = Founding.objects.select_related("superior__area", "area", "applicant")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def office_of(case: Case) -> str:
    """In whose name the case is answered: the superior's."""
    founding = of_case(case)
    return reading.name_of(founding.superior) if founding is not None else ""


def findings(case: Case, moment: str, on: date) -> list[Finding]:
    """What the rules say of the case at a moment of its course."""
    founding = of_case(case)
    if founding is None:
        return []
    if moment == CaseMoment.DAILY:
        limits = reading.limits(founding.superior, on)
        told = policy.evaluate(Moment.PARTY_DAILY, facts_of(founding, on, case), limits, on)
        told = [finding for finding in told if finding.code == "PB-FORM-08"]
        return told if case.decision else [*asked(founding, on, case), *told]
    return asked(founding, on, case)


def term(case: Case, limits: Limits) -> Term | None:
    """The reply is due in a month as a rule; counted as so many days."""
    key = "pb.found.reply_days"
    return Term(int(limits[key]), key=key) if key in limits else None


def area_of(organization: Organization) -> int:
    """The area of the body that applies; the application itself says whose office it goes to."""
    row = BodyStanding.objects.now_open().get(organization=organization)
    return row.registrar_area_id


def page_of(case: Case) -> str:
    """Where the contents of the case are written."""
    founding = of_case(case)
    return reverse("party:founding_detail", args=[founding.pk]) if founding else reverse("party:application_list")


def summary(founding: Founding) -> dict[str, Any]:
    """The application as the case tells it: texts, no names of members."""
    units = [name for _unit, name in units_of(founding)]
    heads = {kind: 0 for kind in _COUNTED}
    for row in founding.members.all():
        heads[Standing(row.standing)] += 1
    told: Mapping[str, Any] = {
        "founding": str(founding.pk),
        "name": founding.name,
        "branch_kind": founding.branch_kind,
        "superior": reading.name_of(founding.superior),
        "carrier": carrier_of(founding),
        "units": "、".join(units),
        "formal": heads[Standing.FORMAL],
        "committed": heads[Standing.COMMITTED],
        "dual": heads[Standing.DUAL],
        "transfer_due_on": founding.transfer_due_on.isoformat() if founding.transfer_due_on else "",
        "purpose": founding.purpose,
    }
    return {name: value for name, value in told.items() if value != ""}


def carrier_of(founding: Founding) -> str:
    """The carrier's name."""
    return reading.body_names([founding.carrier_id]).get(founding.carrier_id or 0, founding.carrier_name)


def may_write(user: Any, founding: Founding) -> bool:
    """Whether the user may write the application: the superior's staff, or the applicant's own people."""
    if founding.state not in (FoundingState.DRAFT, FoundingState.APPLIED):
        return False
    case = founding.case
    if case is not None and not case.open:
        return False
    return staff(user, founding.area) or (
        applicant(user, founding.applicant_id)
        and (case is None or case.state in (CaseState.APPLIED, CaseState.SUPPLEMENT))
    )


def staff(user: Any, area: Area) -> bool:
    """Whether the user works on party organizations of the area."""
    reach = access.reach(user, Permission.EDIT)
    return reach.everything or any(area.path.startswith(path) for path in reach.paths)


def applicant(user: Any, organization: int | None) -> bool:
    """Whether the user applies for the body."""
    return organization is not None and organization in access.reach(user, Permission.OWN_APPLY).organizations


def scope_of(founding: Founding) -> tuple[list[str], list[str], str]:
    """Which grants cover an application: those over its area or its superior, and over the body that applies."""
    return [founding.area.path, founding.superior.path], [], str(founding.applicant_id or "")


def case_scope(case: Case) -> tuple[list[str], list[str], str]:
    """Where the case stands in the tree: below the party organization that approves."""
    founding = of_case(case)
    return ([founding.superior.path] if founding is not None else []), [], ""


def cases_below(paths: Sequence[str]) -> Q:
    """The condition on cases below committees with these paths."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(founding__superior__path__startswith=path)
    return found


def find(key: str) -> Founding | None:
    """The application with this key."""
    return Founding.objects.select_related("area", "superior__area").filter(pk=int(key)).first() if key.isdecimal() \
        else None  # fmt: skip


def state_words(founding: Founding) -> tuple[str, str]:
    """(verdict, word) of how far it is, with what its case says."""
    case = founding.case
    if case is not None and case.state == CaseState.WITHDRAWN:
        return "closed", _("已撤回")
    if case is not None and case.decision == CaseDecision.REFUSED:
        return "closed", _("不予批准")
    word = _(FOUNDING_TITLES[FoundingState(founding.state)])
    verdict = {FoundingState.DRAFT: "review", FoundingState.APPLIED: "review", FoundingState.APPROVED: "review"}
    return verdict.get(FoundingState(founding.state), "ok"), word


def kind_word(founding: Founding) -> str:
    """How it is formed, in words."""
    return _(BRANCH_KIND_TITLES[BranchKind(founding.branch_kind)])


#: The code of the case, for those who import this room only.
CASE = FOUND
