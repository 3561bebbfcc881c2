"""One identity number under several names: what an officer with scope over all the bodies has to decide."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Count

from liaoyuan.people.models import NameReview, Profile
from liaoyuan.people.queries import bodies


class Conflict(NamedTuple):
    """A person whom several bodies know by different names: (name, organization, its name, profile) each."""

    person: int
    names: tuple[str, ...]
    told: tuple[tuple[str, int, str, int], ...]


def key_of(names: Any) -> str:
    """The names of a conflict as a decision stores them: in order, cut to the column."""
    return "|".join(sorted(set(names)))[:400]


def conflicts(user: Any, *, person: int | None = None) -> list[Conflict]:
    """Undecided conflicts of persons of whom the user may write every body, oldest person first."""
    mine = bodies.writable(user)
    rows = Profile.objects.current().filter(person__merged_at__isnull=True, person__voided_at__isnull=True)
    near = rows.filter(organization__in=mine)
    if person is not None:
        near = near.filter(person_id=person)
    groups: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
    wanted = _several(near, person)
    if not wanted:
        return []
    for key, pk, name, organization, profile in (
        rows.filter(person__in=wanted)
        .order_by("person_id", "pk")
        .values_list("name_key", "person_id", "name", "organization_id", "pk")
    ):
        groups[pk].append((key, name, organization, profile))
    allowed = set(
        mine.filter(pk__in={o for told in groups.values() for _k, _n, o, _p in told}).values_list("pk", flat=True)
    )
    decided = set(NameReview.objects.filter(person__in=groups, outcome="same").values_list("person_id", "names"))
    words = bodies.names(allowed)
    found = []
    for pk, told in groups.items():
        names = key_of(k for k, _n, _o, _p in told)
        if (pk, names) in decided or len({k for k, _n, _o, _p in told}) < 2:
            continue
        if all(o in allowed for _k, _n, o, _p in told):
            found.append(Conflict(
                pk, tuple(dict.fromkeys(n for _k, n, _o, _p in told)),
                tuple((n, o, words.get(o, ""), p) for _k, n, o, p in told),
            ))  # fmt: skip
    return found


def _several(near: Any, person: int | None) -> list[int]:
    """Persons whom more than one name is told of."""
    keys = near.values("person") if person is None else [person]
    grouped = Profile.objects.current().filter(person__in=keys).order_by().values("person")
    return list(grouped.annotate(n=Count("name_key", distinct=True)).filter(n__gt=1).values_list("person", flat=True))
