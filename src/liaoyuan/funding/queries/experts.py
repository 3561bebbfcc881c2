"""Experts as the office sees them: the list, accounts that may be entered, what ties one of them and bars him."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.choices import ScopeKind
from liaoyuan.core.models import Area, Grant, User
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import CONFLICT_TITLES, TIE_SOURCE_TITLES, ConflictKind
from liaoyuan.funding.models import ExpertDeclaration, ExpertTie, GrantExpert, Project, Reading, Round
from liaoyuan.funding.params.application_form import DEFAULT_FIELDS
from liaoyuan.funding.queries import bodies, limits, ties
from liaoyuan.people.models import Profile
from liaoyuan.registry.models import OPEN

#: Of how many late rounds the fields are offered as specialities; how many namesakes are offered at most.
_ROUNDS, _NAMESAKES = 3, 20


def listed(user: Any, q: str = "", ended: str = "") -> QuerySet[GrantExpert]:
    """Experts of the areas whose grants the user carries out or confirms, with `reads`: what they have to read."""
    open_ = Reading.objects.standing().filter(expert=OuterRef("pk"), stage__closed_at__isnull=True).order_by()
    rows = office(user).select_related("area", "user").annotate(
        reads=Coalesce(Subquery(open_.values("expert").annotate(n=Count("pk")).values("n")), 0)
    )  # fmt: skip
    text = q.strip()
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(employer__icontains=text))
    if ended != "all":
        rows = rows.filter(ended_at__isnull=ended != "ended")
    return rows


def office(user: Any) -> QuerySet[GrantExpert]:
    """Experts whom the user sees at the office: not himself for being one."""
    rows = GrantExpert.objects.visible_to(user)
    paths = [path for permission in (Permission.EDIT, Permission.CONFIRM)
             for path in access.reach(user, permission).paths]  # fmt: skip
    if any(access.reach(user, permission).everything for permission in (Permission.EDIT, Permission.CONFIRM)):
        return rows
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(area__in=Area.objects.within(path))
    return rows.filter(wanted)


def writes(user: Any, row: GrantExpert) -> bool:
    """Whether the user keeps the experts of this area."""
    reach = access.reach(user, Permission.EDIT)
    return reach.everything or any(row.area.path.startswith(path) for path in reach.paths)


def accounts(area: Area, on: date) -> list[tuple[int, str]]:
    """Accounts with the right to score in or around an area that are no experts of it yet."""
    able = [code for code, role in access.roles().items() if Permission.REVIEW_SCORE in role.permissions]
    held = Grant.objects.active(on).filter(role__in=able, ended_at__isnull=True)
    near = {str(code) for code in Area.objects.within(area.path).values_list("code", flat=True)}
    near |= set(area.path.strip("/").split("/"))
    held = held.filter(Q(scope_kind=str(ScopeKind.ALL)) | Q(scope_kind=str(ScopeKind.AREA), scope_id__in=near))
    taken = GrantExpert.objects.active().filter(area=area).values("user")
    rows = User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(pk__in=taken)
    return [(row.pk, f"{row.display_name}（{row.username}）") for row in rows.order_by("display_name", "username")]


def fields(area: Area, also: Sequence[str] = ()) -> list[str]:
    """Fields of projects that experts of the area may name as theirs."""
    named = list(DEFAULT_FIELDS)
    rows = Round.objects.filter(programme__area__path__startswith=area.path).select_related("programme__area")
    for row in rows.order_by("-opens_on", "-pk")[:_ROUNDS]:
        named += limits.limits_of(row).get("gv.fields") or []
    return list(dict.fromkeys([*named, *also]))


def namesakes(expert: GrantExpert) -> list[tuple[int, str]]:
    """Persons of the expert's name of whom a body told that applied in his area, each with those bodies: who of them he
    is says the office.
    """
    area = Q(round__programme__area__path__startswith=expert.area.path)
    applied = Project.objects.handed_in().filter(area).order_by().values("organization")
    rows = Profile.objects.current().filter(name=expert.name, person__merged_at=None, person__voided_at=None)
    rows = rows.filter(Q(organization__in=applied) | Q(person=expert.person_id))
    told: dict[int, list[int]] = {}
    for person, body in rows.order_by("person", "pk").values_list("person", "organization")[: _NAMESAKES * 3]:
        told.setdefault(person, []).append(body)
    names = bodies.names(body for held in told.values() for body in held)
    return [(person, f"{expert.name}（{'、'.join(names.get(body, '') for body in dict.fromkeys(held))}）")
            for person, held in list(told.items())[:_NAMESAKES]]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bond:
    """What ties an expert to whom, until when, who says so. `tie` is the row, None for what was found in the files."""

    kind: str
    whom: str
    until: str
    source: str
    note: str
    tie: int | None = None


def bonds(expert: GrantExpert, on: date) -> list[Bond]:
    """All that ties an expert: what he declared or the office entered, then what bodies tell of his posts and work."""
    rows = list(ExpertTie.objects.filter(expert=expert, superseded_at__isnull=True).select_related("project"))
    at_work = ties.worked(ties.persons_of(expert), on)
    work: dict[int, set[date | None]] = {}
    for held in at_work.values():
        for body, ends in held.items():
            work[body] = work.get(body, set()) | ends
    names = bodies.names([*(row.organization_id for row in rows), *work])
    found = [
        Bond(_(CONFLICT_TITLES[row.kind]), _whom(row, names), _until(row.ended_on), _(TIE_SOURCE_TITLES[row.source]),
             row.note, row.pk)
        for row in rows
    ]  # fmt: skip
    for body, ends in sorted(work.items(), key=lambda pair: names.get(pair[0], "")):
        last = None if None in ends else max(end for end in ends if end is not None)
        found.append(Bond(_(CONFLICT_TITLES[ConflictKind.POST]), names.get(body, ""), _until(last),
                          _("组织报的任职和用工"), ""))  # fmt: skip
    return found


def _whom(row: ExpertTie, names: dict[int, str]) -> str:
    if row.project is not None:
        return f"{row.project.number} {row.project.title}"
    return names.get(row.organization_id or 0, "") or _("整届")


def _until(day: date | None) -> str:
    return _("仍有") if day is None or day == OPEN else _("{day} 结束").format(day=day)


def rounds(expert: GrantExpert) -> list[Round]:
    """Opened rounds of the expert's area, the latest first."""
    rows = Round.objects.filter(programme__area__path__startswith=expert.area.path, opened_at__isnull=False)
    return list(rows.select_related("programme__area").order_by("-opens_on", "-pk")[:5])


def declared(expert: GrantExpert) -> list[ExpertDeclaration]:
    """The declarations that he signed."""
    return list(ExpertDeclaration.objects.filter(expert=expert).select_related("round").order_by("-signed_at"))


@dataclass(frozen=True, slots=True)
class View:
    """What an expert may not read in a round, and projects with somebody of his name: a name alone bars nobody."""

    barred: list[ties.Barred]
    namesakes: list[Project]


def in_round(expert: GrantExpert, round_: Round, on: date) -> View:
    """How an expert stands to the projects of a round."""
    rows = Project.objects.counted().filter(round=round_).select_related("round__programme__area")
    barred = ties.barred([expert], rows.order_by("number"), round_, on)
    out = {one.project.pk for one in barred}
    return View(barred, [row for row in ties.namesakes(expert, round_) if row.pk not in out])


def numbered(area: Area, text: str) -> list[Project]:
    """Projects of the area's rounds with this number."""
    rows = Project.objects.handed_in().filter(round__programme__area__path__startswith=area.path, number=text.strip())
    return list(rows.order_by("-pk")[:2])
