"""Audits, sanctions and commendations: how long a ban lasts, who is barred, whether an audit is owed."""

from collections.abc import Sequence
from datetime import date

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.funding.choices.running import IN_FORCE
from liaoyuan.funding.models import Project, ProjectSanction
from liaoyuan.funding.queries import limits, running
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.kit.dates import add_years
from liaoyuan.kit.findings import Finding
from liaoyuan.registry.models import Organization

#: The kind under which the report is attached to an audit.
AUDIT = "projectaudit"
_IN_FORCE = [str(state) for state in IN_FORCE]


def banned_until(project: Project, grounds: Sequence[str], since: date) -> date | None:
    """The last day of a ban by the round's table (GV-SAN-01); None when no ground bars."""
    table = limits.limits_of(project.round).get("gv.sanction.years") or {}
    years = [table[ground] for ground in grounds if table.get(ground)]
    return date.fromordinal(add_years(since, max(years)).toordinal() - 1) if years else None


def findings(project: Project, grounds: Sequence[str], since: date, *, credited: bool | None) -> list[Finding]:
    """What the rule says of a sanction (GV-SAN-01)."""
    read = ProjectFacts(misconduct=tuple(grounds), misconduct_on=since, credit_recorded=credited)
    return list(policy.evaluate(Moment.PROJECT_SANCTION, read, limits.limits_of(project.round), since))


def barred_until(organization: Organization, on: date) -> date | None:
    """Until when a body must not apply, as far as sanctions in force on the day say (GV-APP-07)."""
    rows = ProjectSanction.objects.filter(
        project__organization=organization, state__in=_IN_FORCE, banned_from__lte=on, banned_until__gte=on
    )
    return rows.order_by("-banned_until").values_list("banned_until", flat=True).first()


def audit_owed(project: Project) -> bool:
    """Whether the grant is above what the place audits and no audit was entered."""
    most = limits.limits_of(project.round).get("gv.audit.over_fen")
    agreement = running.agreement_of(project)
    if most is None or agreement is None or agreement.amount_fen <= most:
        return False
    return not project.audits.filter(voided_at__isnull=True).exists()
