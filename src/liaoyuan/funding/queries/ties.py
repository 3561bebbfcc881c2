"""What ties an expert to the applicants of a round: declared by him, entered by the office, found with the bodies."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

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


def persons_of(expert: GrantExpert) -> list[int]:
    """His person, and into whom that was merged."""
    person = expert.person
    if person is None:
        return []
    return [key for key in (person.pk, person.merged_into_id) if key]


def worked(persons: Iterable[int], on: date) -> dict[int, dict[int, set[date | None]]]:
    """By person and body: when each post or employment ended; None while it stands. What begins later is left out."""
    found: dict[int, dict[int, set[date | None]]] = defaultdict(lambda: defaultdict(set))
    keys = set(persons)
    for model in (Post, Employment) if keys else ():
        rows = model.objects.current().filter(person__in=keys, valid_from__lte=on)
        for person, body, until in rows.order_by("pk").values_list("person", "organization", "valid_to"):
            found[person][body].add(None if until == OPEN or until > on else until)
    return found


def of(expert: GrantExpert, round_: Round, on: date) -> Ties:
    """All ties of an expert as they count in a round on a day."""
    return of_many([expert], round_, on)[expert.pk]


def of_many(experts: Sequence[GrantExpert], round_: Round, on: date) -> dict[int, Ties]:
    """The ties of each expert as they count in a round on a day, in the same few statements for one as for many."""
    access.learn((expert.user for expert in experts), on)
    entered: dict[int, list[ExpertTie]] = defaultdict(list)
    for tie in ExpertTie.objects.filter(expert__in=[e.pk for e in experts], superseded_at__isnull=True).order_by("pk"):
        entered[tie.expert_id].append(tie)
    at_work = worked((key for expert in experts for key in persons_of(expert)), on)
    bodies = {body for held in at_work.values() for body in held}
    applied = set(
        Project.objects.counted().filter(round=round_, organization__in=bodies).values_list("organization", flat=True)
        if bodies else ()
    )  # fmt: skip
    found = {}
    for expert in experts:
        mine: dict[int, set[date | None]] = defaultdict(set)
        for key in persons_of(expert):
            for body, ends in at_work.get(key, {}).items():
                mine[body] |= ends
        found[expert.pk] = _ties(expert, round_, entered[expert.pk], mine, applied)
    return found


def _ties(
    expert: GrantExpert, round_: Round, entered: Iterable[ExpertTie], at_work: dict[int, set[date | None]],
    applied: set[int],
) -> Ties:  # fmt: skip
    bodies: dict[int, list[Conflict]] = defaultdict(list)
    projects: dict[int, list[Conflict]] = defaultdict(list)
    everything: list[Conflict] = []
    for tie in entered:
        conflict = Conflict(tie.kind, tie.ended_on)
        if tie.project_id is not None:
            projects[tie.project_id].append(conflict)
        elif tie.organization_id is not None:
            bodies[tie.organization_id].append(conflict)
        else:
            everything.append(conflict)
    for body, ends in at_work.items():
        bodies[body] += [Conflict(str(ConflictKind.POST), end) for end in sorted(ends, key=lambda end: end or OPEN)]
    if any(None in ends and body in applied for body, ends in at_work.items()):
        everything.append(Conflict(str(ConflictKind.APPLICANT)))
    if access.covers(expert.user, Permission.EDIT, round_, write=True):
        everything.append(Conflict(str(ConflictKind.ORGANIZER)))
    return Ties(
        {key: tuple(rows) for key, rows in bodies.items()}, {key: tuple(rows) for key, rows in projects.items()},
        tuple(everything),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Barred:
    """An expert and a project that he must not read, with what the rule says."""

    expert: GrantExpert
    project: Project
    reasons: tuple[str, ...]


def barred(experts: Sequence[GrantExpert], projects: Iterable[Project], round_: Round, on: date) -> list[Barred]:
    """Which of the experts must not read which of the projects (GV-REV-02); declarations are another matter."""
    known, found = of_many(experts, round_, on), []
    asked = policy.plan(str(Moment.REVIEW_ASSIGN), limits.limits_of(round_))
    rows = list(projects)
    for expert in experts:
        for project in rows:
            conflicts = known[expert.pk].with_project(project)
            if not conflicts:
                continue
            told = asked.run(ReviewFacts(declared=True, conflicts=conflicts), on)
            if bars(told):
                found.append(Barred(expert, project, tuple(dict.fromkeys(texts(told)))))
    return found


def texts(told: Iterable[Finding]) -> list[str]:
    """Findings as sentences in the reader's language."""
    return [_(finding.message).format(**finding.args) for finding in told]


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
