"""Double funding: which other projects say the same, found by rare runs of characters, shown side by side.

The work is bounded whatever the size of a round: a text is known by 24 runs, those that more than 200 applications have
are left out (a form's own phrases), and at most 60 candidates are read whole.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Project, TextMark
from liaoyuan.funding.params.application_form import TEXTS
from liaoyuan.funding.rules import similarity
from liaoyuan.funding.rules.similarity import Passage

#: A run that more applications have than this says nothing about any of them.
COMMON = 200
#: How many candidates are read whole.
MOST = 60
#: From which likeness of the words it is told, in percent, where the round does not say.
PERCENT = 60
#: Whose texts are anybody's: a project that was published at least.
_PUBLIC = sorted(
    str(state)
    for state in set(ProjectState)
    - {
        ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.RETURNED, ProjectState.ELIGIBLE,
        ProjectState.INELIGIBLE, ProjectState.IN_REVIEW, ProjectState.REFUSED, ProjectState.PROPOSED,
        ProjectState.WITHDRAWN,
    }
)  # fmt: skip
#: The body's own words about itself are the same in all its applications; they are no sign of double funding.
_OWN_WORDS = "about"
_COMPARED = tuple(text for text in TEXTS if text.key != _OWN_WORDS)


@dataclass(frozen=True, slots=True)
class Double:
    """Another project that is like this one: by name and by text, in whole percent; whether the body is the same."""

    project: Project
    title_percent: int
    text_percent: int
    same_body: bool

    @property
    def percent(self) -> int:
        """The greater of the two."""
        return max(self.title_percent, self.text_percent)

    @property
    def name(self) -> str:
        """What a finding calls it."""
        return f"{self.project.title}（{self.project.round.year}）"


@dataclass(frozen=True, slots=True)
class Pair:
    """One text of two projects, side by side, with the passages that match."""

    key: str
    title: str
    one: str
    other: str
    percent: int
    passages: tuple[Passage, ...]


def words(project: Project) -> list[str]:
    """The texts of an application that are compared."""
    return [str(project.answers.get(text.key, "")) for text in _COMPARED]


def marks(project: Project) -> list[int]:
    """The runs by which the application is found."""
    return similarity.marks([project.title, *words(project)])


def _others(project: Project, every: bool) -> QuerySet[Project]:
    """Projects that were handed in and stand, without this one; unless `every`, those the applicant may know of."""
    rows = Project.objects.handed_in().exclude(pk=project.pk).exclude(state=str(ProjectState.WITHDRAWN))
    rows = rows.filter(round__practice=project.round.practice)
    if not every:
        rows = rows.filter(Q(organization=project.organization_id) | Q(state__in=_PUBLIC))
    return rows


def _candidates(project: Project, every: bool) -> list[int]:
    """Keys of the projects that have most rare runs in common with this one, at most `MOST`."""
    mine = marks(project)
    held = TextMark.objects.filter(mark__in=mine).order_by().values("mark").annotate(rows=Count("pk"))
    rare = [row["mark"] for row in held if row["rows"] <= COMMON]
    shared = Counter(
        TextMark.objects.filter(mark__in=rare, project__in=_others(project, every))
        .order_by()
        .values_list("project", flat=True)
    )
    ordered = sorted(shared, key=lambda key: (-shared[key], key))[:MOST]
    own = Q(organization=project.organization_id)
    rows = _others(project, every).filter(own | Q(title=project.title))
    rows = rows.order_by(Case(When(own, then=0), default=1), "-pk")
    return ordered + [key for key in rows.values_list("pk", flat=True)[: 2 * MOST // 3] if key not in shared]


def similar(project: Project, *, percent: int = PERCENT, every: bool = True) -> list[Double]:
    """Projects at least so like this one, the likest first. `every`: all that were handed in, for who examines;
    otherwise only the body's own ones and those that were published.
    """
    keys = _candidates(project, every)
    if not keys:
        return []
    text = "\n".join(words(project))
    found = []
    for other in Project.objects.filter(pk__in=keys).select_related("round", "organization"):
        double = Double(
            other,
            similarity.percent(project.title, other.title),
            similarity.percent(text, "\n".join(words(other))),
            other.organization_id == project.organization_id,
        )
        if double.percent >= percent:
            found.append(double)
    return sorted(found, key=lambda double: (-double.percent, -double.project.pk))


def side_by_side(one: Project, other: Project) -> list[Pair]:
    """Name and texts of two projects with the passages that match; texts that either leaves empty are left out."""
    fields = [("title", "项目名称", one.title, other.title)]
    fields += [
        (text.key, text.title, str(one.answers.get(text.key, "")), str(other.answers.get(text.key, "")))
        for text in _COMPARED
    ]
    return [
        Pair(key, title, mine, theirs, similarity.percent(mine, theirs), tuple(similarity.passages(mine, theirs)))
        for key, title, mine, theirs in fields
        if mine and theirs
    ]


def names(doubles: Iterable[Double]) -> tuple[str, ...]:
    """What the finding calls them, each once."""
    return tuple(dict.fromkeys(double.name for double in doubles))


def told(doubles: Iterable[Double]) -> list[dict[str, Any]]:
    """Likenesses as JSON keeps them with an examination."""
    return [{"project": d.project.pk, "title": d.title_percent, "text": d.text_percent} for d in doubles]
