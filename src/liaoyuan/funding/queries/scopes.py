"""Which grants cover the rows of this floor: money follows the round's area, an application its bodies too."""

from liaoyuan.core.registries import ScopeResolver
from liaoyuan.funding.models import Need, Programme, Project, Round


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


PROJECT = ScopeResolver("project", of_project, find_project)
RESOLVERS = (
    ScopeResolver("programme", of_programme, find_programme),
    ScopeResolver("round", of_round, find_round),
    ScopeResolver("need", of_need, find_need),
)
