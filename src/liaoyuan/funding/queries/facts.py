"""Facts of applications for the rules: the body in the register on a day, its quota, the budget, the team's time.

Nothing here reads party building: whether a body has members or a branch decides about no money.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES
from liaoyuan.funding.choices.states import COUNTED, ProjectState
from liaoyuan.funding.models import BudgetLine, Project, Slot, TeamMember
from liaoyuan.funding.queries import consequences, doubles, former
from liaoyuan.funding.queries import limits as figures
from liaoyuan.funding.rules.facts import budgets
from liaoyuan.funding.rules.facts.applications import ApplicationFacts
from liaoyuan.kit.findings import Limits
from liaoyuan.people.choices import WorkTime
from liaoyuan.people.models import Employment
from liaoyuan.registry.models import AnnualResult, CreditEntry, Organization, Rating, Standing

#: What is read of a body in the register. Who its members are decides about no money, so it is not even read.
_READ = ("organization", "name", "kind", "status", "registrar_area", "legal_representative", "full_time")
#: How many of the latest annual results are told.
_YEARS = 5
#: States in which a project binds its team's time: handed in and not over (GV-BUD-09).
BINDING = COUNTED - {
    ProjectState.REFUSED, ProjectState.ACCEPTED, ProjectState.FAILED, ProjectState.TERMINATED, ProjectState.RECOVERING,
    ProjectState.ARCHIVED,
}  # fmt: skip


def of_application(
    project: Project, on: date, *, held: Limits | None = None, late_agreed: bool = False, every: bool = False
) -> ApplicationFacts:
    """What is known of the application on the day `on`: the body as the register tells of it then.

    Like projects of others are told to who examines (`every`), to an applicant only what was published. From which
    likeness on, and when a project is overdue, `held` says, the round's own figures unless others are tried.
    """
    held = figures.limits_of(project.round) if held is None else held
    alike = doubles.similar(project, percent=held.get("gv.similar.percent", doubles.PERCENT), every=every)
    past = former.of(project, on, held, alike)
    standing = Standing.objects.active(on).filter(organization=project.organization_id).select_related(
        "registrar_area", "organization"
    ).only(*_READ).first()  # fmt: skip
    area = project.round.programme.area
    credit = CreditEntry.objects.active(on).filter(organization=project.organization_id)
    rating = Rating.objects.active(on).filter(organization=project.organization_id).first()
    results = AnnualResult.objects.filter(
        organization=project.organization_id, superseded_at__isnull=True, year__lt=on.year
    )
    bodies = _same_head(standing, project.organization_id) if standing is not None else {}
    others = _others(project, [project.organization_id, *bodies])
    sponsor = _sponsor(project, on)
    return ApplicationFacts(
        kind=standing.kind if standing is not None else "",
        status=standing.status if standing is not None else "",
        registered_on=project.organization.registered_on,
        annual_results=tuple(results.order_by("-year").values_list("result", flat=True)[:_YEARS]),
        rating=int(rating.level[0]) if rating is not None and rating.level[:1].isdecimal() else 0,
        credit_lists=tuple(credit.order_by("list_kind").values_list("list_kind", flat=True)),
        registered_here=standing.registrar_area.path.startswith(area.path) if standing is not None else None,
        serves_here=project.area.path.startswith(area.path) if project.area is not None else None,
        full_time=standing.full_time if standing is not None else None,
        full_time_on_project=sum(1 for member in project.team.all() if member.full_time),
        others=others.get(project.organization_id, 0),
        sponsor=sponsor[0],
        sponsor_kind=sponsor[1],
        sponsor_others=_sponsored(project) if project.sponsor_id else None,
        representative_others=sum(others.get(key, 0) for key in bodies),
        representative_bodies=tuple(name for key, name in bodies.items() if others.get(key)),
        field=project.field,
        period_from=project.starts_on,
        period_to=project.ends_on,
        funded_same=past.same,
        won_last_round=past.won,
        similar=doubles.names(alike),
        overdue_projects=past.overdue,
        failed_projects=past.failed,
        banned_until=consequences.barred_until(project.organization, on),
        opens_on=project.round.opens_on,
        closes_on=project.round.closes_on,
        late_agreed=late_agreed,
    )


def _same_head(standing: Standing, own: int) -> dict[int, str]:
    """Other live bodies of the same registrar whose head bears the same name, by key with their names."""
    if not standing.legal_representative:
        return {}
    rows = (
        Standing.objects.now_open()
        .live()
        .filter(legal_representative=standing.legal_representative, registrar_area=standing.registrar_area_id)
    )
    return dict(rows.exclude(organization=own).order_by("organization").values_list("organization", "name"))


def _others(project: Project, bodies: Iterable[int]) -> dict[int, int]:
    """How many slots each body holds in the round, without those of this project."""
    rows = (
        Slot.objects.filter(round=project.round_id, organization__in=list(bodies))
        .exclude(project=project.pk)
        .order_by()
    )
    found: dict[int, int] = {}
    for key in rows.order_by().values_list("organization", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def _sponsor(project: Project, on: date) -> tuple[str, str]:
    if project.sponsor_id is None:
        return "", ""
    row = Standing.objects.active(on).filter(organization=project.sponsor_id).only(*_READ).first()
    return (row.name, row.kind) if row is not None else (str(project.sponsor), "")


def _sponsored(project: Project) -> int:
    """How many counted projects stand on the sponsor's list, its own and those it sponsors, without this one."""
    rows = Project.objects.counted().filter(round=project.round_id).exclude(pk=project.pk)
    return rows.filter(Q(organization=project.sponsor_id) | Q(sponsor=project.sponsor_id)).count()


def of_budget(project: Project, on: date, given: Sequence[BudgetLine] | None = None) -> budgets.BudgetFacts:
    """The budget with its team, or the lines `given` in its place. A member's time on other live projects counts on the
    days that both run.
    """
    team = list(project.team.all())
    lines = list(project.lines.all()) if given is None else list(given)
    names = {member.pk: member.name for member in team}
    return budgets.BudgetFacts(
        total_fen=sum(line.amount_fen for line in lines),
        grant_fen=sum(line.grant_fen for line in lines),
        own_fen=sum(line.own_fen for line in lines),
        lines=tuple(_line(line, number, names) for number, line in enumerate(lines, 1)),
        team=tuple(_team(project, team, on)),
    )


def _line(line: BudgetLine, number: int, names: dict[int, str]) -> budgets.BudgetLine:
    return budgets.BudgetLine(
        no=number,
        budget_class=line.budget_class,
        item=line.title,
        item_kind=line.item_kind,
        price_kind=line.price_kind,
        unit_price_fen=line.price_fen,
        quantity=line.quantity,
        times=line.times,
        amount_fen=line.amount_fen,
        granted_fen=line.grant_fen,
        own_fen=line.own_fen,
        person=names.get(line.member_id or 0, ""),
    )


def _team(project: Project, team: list[TeamMember], on: date) -> list[budgets.TeamMember]:
    persons = [member.person_id for member in team if member.person_id]
    jobs = {row.person_id: row for row in _jobs(project, persons, on)} if persons else {}
    elsewhere = _elsewhere(project, persons) if persons else {}
    found = []
    for member in team:
        job = jobs.get(member.person_id or 0)
        found.append(
            budgets.TeamMember(
                name=member.name,
                full_time=member.full_time,
                contract=None if job is None else job.contract_from is not None,
                insured=None if job is None else job.insured,
                percent=member.percent,
                other_percent=elsewhere.get(member.person_id or 0),
            )
        )
    return found


def _jobs(project: Project, persons: list[int], on: date) -> Iterable[Employment]:
    rows = Employment.objects.active(on).filter(person__in=persons, organization=project.organization_id)
    return rows.filter(work_time=str(WorkTime.FULL)).order_by("pk")


def _elsewhere(project: Project, persons: list[int]) -> dict[int, int]:
    """The percent of each person's time on other projects that were handed in and are not over."""
    rows = TeamMember.objects.filter(person__in=persons).exclude(project=project.pk)
    rows = rows.filter(project__state__in=sorted(str(state) for state in BINDING))
    if project.starts_on is not None and project.ends_on is not None:
        rows = rows.filter(project__starts_on__lte=project.ends_on, project__ends_on__gte=project.starts_on)
    return dict(rows.order_by().values_list("person").annotate(percent=Sum("percent")))


def body_name(organization: Organization, on: date) -> str:
    """What a body is called on the day."""
    rows = Standing.objects.active(on).filter(organization=organization)
    return rows.values_list("name", flat=True).first() or str(organization)


def met_words(told: dict[str, Any]) -> str:
    """A condition that was met, as the facts of a payment keep it."""
    return f"{_(TRANCHE_TRIGGER_TITLES.get(told['trigger'], told['trigger']))} {told['on'] or ''}".strip()
