"""The tab 党建 on a body's record: what covers it and on which document, numbers, instructors, visits, answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.choices import Moment
from liaoyuan.kit.findings import Finding
from liaoyuan.kit.money import format_wan
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import GAP_TITLES, Gap
from liaoyuan.party.models import Founding, InstructorAssignment, Visit
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import covering, declarations, instructors, sync, uncovered
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.covering import Claim
from liaoyuan.party.queries.statutory import COLUMN_TITLES
from liaoyuan.party.rules import coverage as rules
from liaoyuan.registry.choices import STATUS_TITLES, Status
from liaoyuan.registry.models import Organization, Standing

SHOWN = 10
HOW_TITLES: dict[str, str] = {**figures.HOW_TITLES, "instructor": "指导员", "liaison": "联络员"}


@dataclass(frozen=True, slots=True)
class Panel:
    """The whole tab. `claims` are (word, claim, address of the party organization or "", address of the document)."""

    name: str
    status: str
    counted: bool
    claims: list[tuple[str, Claim, str, str]]
    gaps: list[tuple[str, str]]
    way: str
    acts: str
    findings: list[Finding]
    heads: tuple[int, int, int, int] | None
    declared: int | None
    visits: list[tuple[Visit, str]]
    open: int
    points: list[sync.Point]
    statements: list[tuple[str, str, date]]
    ops: list[tuple[str, str, str]]
    foundings: list[Founding]


def visible(user: Any) -> Any:
    """Bodies whose tab the user may see: those of the register's scope, and those that he looks after."""
    keys = InstructorAssignment.objects.now_open().filter(instructor__user=user.pk, instructor__ended_on__isnull=True)
    seen = Standing.objects.now_open().visible_to(user).values("organization")
    return Organization.objects.known().filter(Q(pk__in=seen) | Q(pk__in=keys.values("organization")))


def may_visit(user: Any, organization: Organization) -> bool:
    """Whether the user may record a visit: by his grants, or because he looks after the body."""
    return access.covers(user, Permission.VISIT, organization, write=False) or instructors.looks_after(
        user, organization
    )


def may_answer(user: Any, organization: Organization) -> bool:
    """Whether the user may answer a check in step: as the body's head, or as the party lead for it."""
    return access.covers(user, Permission.OWN_APPLY, organization, write=True) or access.covers(
        user, Permission.EDIT, organization, write=False
    )


def read(organization: Organization, on: date, user: Any) -> Panel:
    """Everything the tab shows on the day; the caller has checked the scope."""
    rows = Standing.objects.current().filter(organization=organization).select_related("registrar_area")
    standing = rows.filter(valid_from__lte=on, valid_to__gt=on).first() or rows.order_by("-valid_from").first()
    if standing is None:
        raise ValueError("a body without a standing has no tab")
    asked = Asked(standing.registrar_area, on)
    key = organization.pk
    told = covering.claims(asked, [key])
    facts = covering.facts_of(asked, [key], told)[key]
    opens = uncovered.addresses(user, told[key])
    counted = rules.in_base(facts, asked.limits) and not organization.is_external
    said, way = rules.gaps(facts, asked.limits, on=on), rules.way(facts, asked.limits)
    open_ = [verdict for verdict in said if verdict.kind != Gap.D]
    numbers = _numbered(user, organization, asked)
    parties = _parties(user, told[key])
    visits = Visit.objects.visible_to(user).filter(organization=organization, on__lte=on)
    return Panel(
        name=standing.name, status=_(STATUS_TITLES[Status(standing.status)]), counted=counted,
        claims=[(_(HOW_TITLES[claim.how]), claim, parties.get(claim, ""), opens[claim]) for claim in told[key]],
        gaps=[(str(v.kind), _(v.message).format(**v.args) if numbers else _(GAP_TITLES[Gap(v.kind)])) for v in said]
        if counted else [],
        way=(_(way.message).format(**way.args) if numbers else _(uncovered.WAY_TITLES[str(way.kind)]))
        if counted and open_ else "",
        acts=_(uncovered.NEXT_TITLES[str(way.kind) if open_ else "D"]) if counted and said else "",
        findings=policy.evaluate(Moment.PARTY_ORG_DAILY, facts, asked.limits, on) if counted and numbers else [],
        heads=(facts.formal or 0, facts.probationary or 0, facts.committed or 0, facts.dual or 0) if numbers else None,
        declared=standing.party_members_declared,
        visits=[(visit, instructors.looked(visit.looked)) for visit in visits.select_related("instructor")[:SHOWN]],
        open=visits.open().count(), points=sync.points(organization, on, asked.limits),
        statements=_declared(asked, key),
        ops=_ops(user, organization, told[key]), foundings=_foundings(user, organization),
    )  # fmt: skip


def _declared(asked: Asked, key: int) -> list[tuple[str, str, date]]:
    """(title, what was declared, since when), of what was told."""
    row = declarations.of(asked, [key]).get(key)
    if row is None:
        return []
    money = _("{year} 年 {wan} 万元").format(year=row.funds_year, wan=format_wan(row.funds_fen or 0))
    told = [
        (_(COLUMN_TITLES["groups"]), declarations.groups(row)),
        (_("党建经费"), money if row.funds_fen is not None else ""), (_("备注"), row.note),
    ]  # fmt: skip
    return [(title, words, row.valid_from) for title, words in told if words]


def _parties(user: Any, claims: Sequence[Claim]) -> dict[Claim, str]:
    """The page of each claim's party organization, where the user may open it."""
    rows = [claim for claim in claims if claim.subject == "partyorganization"]
    seen = reading.opened(user, [claim.key for claim in rows])
    return {claim: reverse("party:organization_detail", args=[claim.key]) for claim in rows if claim.key in seen}


def _numbered(user: Any, organization: Organization, asked: Asked) -> bool:
    """Numbers of members are told to who sees the roster of the area, and to the body's own head."""
    return uncovered.roster(user, asked) or access.covers(user, Permission.OWN_APPLY, organization, write=True)


def _ops(user: Any, organization: Organization, claims: Sequence[Claim]) -> list[tuple[str, str, str]]:
    """(word, address, icon) of what the user may do; who has a branch of its own applies for none."""
    found = []
    answers = may_answer(user, organization)
    if answers and all(claim.how != figures.OWN for claim in claims):
        found.append((_("申请设立党支部"), f"{reverse('party:founding_new')}?subject={organization.pk}", "flag"))
    if access.covers(user, Permission.EDIT, organization, write=False):
        found.append((_("指派指导员"), f"{reverse('party:assignment_new')}?subject={organization.pk}", "user-plus"))
    if may_visit(user, organization):
        found.append((_("记录走访"), reverse("party:visit_new", args=[organization.pk]), "edit"))
    if answers:
        found.append((_("申报群团、经费"), reverse("party:declare", args=[organization.pk]), "file-text"))
        found.append((_("同步检查"), reverse("party:sync_new", args=[organization.pk]), "list-check"))
    return found


def _foundings(user: Any, organization: Organization) -> list[Founding]:
    rows = Founding.objects.visible_to(user).filter(Q(applicant=organization) | Q(units__organization=organization))
    return list(rows.distinct().order_by("-pk")[:5])
