"""What ties an expert to the applicants of a round: declared by him, entered by the office, found with the bodies."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from liaoyuan.core import access, policy
from liaoyuan.core.choices import Moment
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import ConflictKind
from liaoyuan.funding.models import ExpertDeclaration, ExpertTie, GrantExpert, Project, Round
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules.facts.reviews import Conflict, ReviewFacts
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.people.models import Employment, Post
from liaoyuan.registry.models import OPEN, Standing


@dataclass(frozen=True, slots=True)
class Ties:
    """The ties of one expert: with bodies, with single projects, with the whole round."""

    bodies: dict[int, tuple[Conflict, ...]]
    projects: dict[int, tuple[Conflict, ...]]
    everything: tuple[Conflict, ...]

    def with_project(self, project: Project) -> tuple[Conflict, ...]:
        """What ties him to a project: its body, its sponsor, itself, the round."""
        keys = [key for key in (project.organization_id, project.sponsor_id) if key]
        found = [conflict for key in keys for conflict in self.bodies.get(key, ())]
        return (*found, *self.projects.get(project.pk, ()), *self.everything)


def _entered(expert: GrantExpert) -> Iterable[ExpertTie]:
    return ExpertTie.objects.filter(expert=expert, superseded_at__isnull=True)


def _persons(expert: GrantExpert) -> list[int]:
    """His person, and into whom that was merged."""
    person = expert.person
    if person is None:
        return []
    return [key for key in (person.pk, person.merged_into_id) if key]


def _worked(expert: GrantExpert, on: date) -> dict[int, set[date | None]]:
    """By body: when each post or employment of his ended; None while it stands. What begins later is left out."""
    found: dict[int, set[date | None]] = defaultdict(set)
    for model in (Post, Employment):
        rows = model.objects.current().filter(person__in=_persons(expert), valid_from__lte=on)
        for body, until in rows.order_by("pk").values_list("organization", "valid_to"):
            found[body].add(None if until == OPEN or until > on else until)
    return found


def of(expert: GrantExpert, round_: Round, on: date) -> Ties:
    """All ties of an expert as they count in a round on a day."""
    bodies: dict[int, list[Conflict]] = defaultdict(list)
    projects: dict[int, list[Conflict]] = defaultdict(list)
    everything: list[Conflict] = []
    for tie in _entered(expert):
        conflict = Conflict(tie.kind, tie.ended_on)
        if tie.project_id is not None:
            projects[tie.project_id].append(conflict)
        elif tie.organization_id is not None:
            bodies[tie.organization_id].append(conflict)
        else:
            everything.append(conflict)
    worked = _worked(expert, on)
    for body, ends in worked.items():
        bodies[body] += [Conflict(str(ConflictKind.POST), end) for end in sorted(ends, key=lambda end: end or OPEN)]
    mine = [body for body, ends in worked.items() if None in ends]
    if mine and Project.objects.counted().filter(round=round_, organization__in=mine).exists():
        everything.append(Conflict(str(ConflictKind.APPLICANT)))
    if access.covers(expert.user, Permission.EDIT, round_, write=True):
        everything.append(Conflict(str(ConflictKind.ORGANIZER)))
    return Ties(
        {key: tuple(rows) for key, rows in bodies.items()}, {key: tuple(rows) for key, rows in projects.items()},
        tuple(everything),
    )  # fmt: skip


def declared(round_: Round) -> set[int]:
    """Keys of the experts who signed their declaration for the round."""
    return set(ExpertDeclaration.objects.filter(round=round_).values_list("expert", flat=True))


def findings(expert: GrantExpert, project: Project, ties: Ties, on: date, *, signed: bool) -> list[Finding]:
    """What the rules of recusal say of an expert and a project (GV-REV-02)."""
    facts = ReviewFacts(declared=signed, conflicts=ties.with_project(project))
    return policy.evaluate(Moment.REVIEW_ASSIGN, facts, limits.limits_of(project.round), on)


def bars(told: Iterable[Finding]) -> bool:
    """Whether an expert stands aside by what the rules say."""
    return any(finding.severity == Severity.BLOCK for finding in told)


def namesakes(expert: GrantExpert, round_: Round) -> list[Project]:
    """Projects whose body is headed by, or whose team names, somebody of the expert's name: for the office to look at.

    A name alone binds nobody.
    """
    rows = Project.objects.counted().filter(round=round_).select_related("organization").order_by("number")
    heads = Standing.objects.now_open().filter(legal_representative=expert.name).values("organization")
    team = rows.filter(team__name=expert.name)
    return list((rows.filter(organization__in=heads) | team).distinct())
