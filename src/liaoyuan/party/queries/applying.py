"""Who applies for a party organization, who may write the application, and where its case hangs in the tree."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from liaoyuan.core import access
from liaoyuan.core.choices import CaseState
from liaoyuan.core.models import Case
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.reorganizing import ChangeState, Origin
from liaoyuan.party.models import Formation, PartyOrganization, Reorganization
from liaoyuan.party.models.reorganizing import applying_for
from liaoyuan.party.queries import organizations as reading
from liaoyuan.registry.models import Organization


def of_case(case: Case) -> Reorganization | None:
    """The application that a case carries."""
    key = str(case.facts.get("reorganization", ""))
    rows = Reorganization.objects.select_related(
        "party_organization__area", "approver__area", "area", "applicant", "superior"
    )
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def find(key: str) -> Reorganization | None:
    """The application with this key."""
    rows = Reorganization.objects.select_related("area", "approver__area", "party_organization__area", "applicant")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def staff(user: Any, row: Reorganization) -> bool:
    """Whether the user works for the superior: edits party organizations of its area, or above it in the tree."""
    return reading.leads(user, Permission.EDIT, row.party_organization)


def applies(user: Any, party: PartyOrganization) -> bool:
    """Whether the user applies for the party organization, as its secretary or for one of its units."""
    if not access.has(user, Permission.OWN_ADJUST):
        return False
    rows = Formation.objects.now_open().filter(party_organization=party)
    return rows.filter(applying_for(user, "party_organization")).exists()


def own_units(user: Any, party: PartyOrganization, on: date) -> list[Organization]:
    """Units of the party organization for which the user applies; empty for its secretary."""
    reach = access.reach(user, Permission.OWN_ADJUST)
    if any(party.path.startswith(path) for path in reach.parties):
        return []
    units = (unit.organization for unit, _n in reading.units_on(party, on))
    return [unit for unit in units if unit is not None and unit.pk in reach.organizations]


def _hands_in(user: Any, row: Reorganization) -> bool:
    """Whether it is the user's own application: of his branch, or of his body."""
    reach = access.reach(user, Permission.OWN_ADJUST)
    if row.origin == Origin.UNIT:
        return row.applicant_id in reach.organizations
    return row.origin == Origin.BRANCH and any(row.party_organization.path.startswith(p) for p in reach.parties)


def may_write(user: Any, row: Reorganization) -> bool:
    """Whether the user may write the application: the superior's staff, or who hands it in."""
    if row.state not in (ChangeState.DRAFT, ChangeState.APPLIED):
        return False
    case = row.case
    if case is not None and not case.open:
        return False
    return staff(user, row) or (
        _hands_in(user, row) and (case is None or case.state in (CaseState.APPLIED, CaseState.SUPPLEMENT))
    )


def case_scope(case: Case) -> tuple[list[str], list[str], str]:
    """Where the case stands in the tree: below the committee that approves. Who hands it in reads it."""
    row = of_case(case)
    if row is None:
        return [], [], ""
    writes = [row.approver.path] if row.approver is not None else []
    reads = [row.party_organization.path] if row.origin == Origin.BRANCH else []
    return writes, reads, str(row.applicant_id) if row.origin == Origin.UNIT else ""


def cases_below(paths: Sequence[str]) -> Q:
    """The condition on cases below committees with these paths."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(reorganization__approver__path__startswith=path)
    return found


def own_cases(user: Any) -> Q:
    """The condition on cases that are the user's own applications."""
    reach = access.reach(user, Permission.OWN_ADJUST)
    found = Q(reorganization__origin=Origin.UNIT.value, reorganization__applicant__in=reach.organizations)
    for path in reach.parties:
        found |= Q(
            reorganization__origin=Origin.BRANCH.value, reorganization__party_organization__path__startswith=path
        )
    return found


def case_applies(user: Any, key: str) -> bool:
    """Whether the user hands in for the party organization with the key."""
    party = reading.find(key)
    return party is not None and applies(user, party)


def scope_of(row: Reorganization) -> tuple[list[str], list[str], str]:
    """Which grants cover an application: those over its area, over what approves it, and its own people's."""
    writes = [row.area.path] + ([row.approver.path] if row.approver is not None else [])
    return writes, [row.party_organization.path], str(row.applicant_id or "")
