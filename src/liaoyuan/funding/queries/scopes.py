"""Which grants cover the rows of this floor: money follows the round's area, an application its bodies too."""

from liaoyuan.core.registries import ScopeResolver
from liaoyuan.funding.models import Agreement, AwardList, AwardObjection, Need, Programme, Project, Round, Tranche


def of_programme(programme: Programme) -> tuple[list[str], list[str], str]:
    """The programme's area writes."""
    return [programme.area.path], [], ""


def of_round(round_: Round) -> tuple[list[str], list[str], str]:
    """As its programme."""
    return of_programme(round_.programme)


def of_need(need: Need) -> tuple[list[str], list[str], str]:
    """The round's area and the need's own area write."""
    return [need.round.programme.area.path, need.area.path], [], ""


def of_project(project: Project) -> tuple[list[str], list[str], tuple[str, ...]]:
    """The round's area, the body that applies and its sponsor."""
    bodies = (project.organization_id, project.sponsor_id)
    return [project.round.programme.area.path], [], tuple(str(key) for key in bodies if key)


def find_programme(key: str) -> Programme | None:
    """The programme with this key."""
    return Programme.objects.select_related("area").filter(pk=int(key)).first() if key.isdecimal() else None


def find_round(key: str) -> Round | None:
    """The round with this key."""
    rows = Round.objects.select_related("programme__area")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def find_need(key: str) -> Need | None:
    """The need with this key."""
    rows = Need.objects.select_related("round__programme__area", "area")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def find_project(key: str) -> Project | None:
    """The project with this key."""
    rows = Project.objects.select_related("round__programme__area", "organization", "sponsor")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def of_awards(row: AwardList) -> tuple[list[str], list[str], str]:
    """The round's area writes; no body does."""
    return of_round(row.round)


def of_objection(row: AwardObjection) -> tuple[list[str], list[str], str]:
    """The round's area writes; a body does not read who objected to it."""
    return of_round(row.award_list.round)


def of_agreement(row: Agreement) -> tuple[list[str], list[str], tuple[str, ...]]:
    """As its project."""
    return of_project(row.project)


def of_tranche(row: Tranche) -> tuple[list[str], list[str], tuple[str, ...]]:
    """As its project."""
    return of_project(row.agreement.project)


def find_awards(key: str) -> AwardList | None:
    """The list with this key."""
    rows = AwardList.objects.select_related("round__programme__area")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def find_objection(key: str) -> AwardObjection | None:
    """The objection with this key."""
    rows = AwardObjection.objects.select_related("award_list__round__programme__area", "line__project")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


_OF_PROJECT = ("project__round__programme__area", "project__organization", "project__sponsor")


def find_agreement(key: str) -> Agreement | None:
    """The agreement with this key."""
    rows = Agreement.objects.select_related(*_OF_PROJECT)
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def find_tranche(key: str) -> Tranche | None:
    """The instalment with this key."""
    rows = Tranche.objects.select_related("prepared_by", *(f"agreement__{name}" for name in _OF_PROJECT))
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


MONEY = (
    ScopeResolver("awardlist", of_awards, find_awards),
    ScopeResolver("awardobjection", of_objection, find_objection),
    ScopeResolver("agreement", of_agreement, find_agreement),
    ScopeResolver("tranche", of_tranche, find_tranche),
)
PROJECT = ScopeResolver("project", of_project, find_project)
RESOLVERS = (
    ScopeResolver("programme", of_programme, find_programme),
    ScopeResolver("round", of_round, find_round),
    ScopeResolver("need", of_need, find_need),
)
