"""The list of persons: one line for each person at each body within reach, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.core.models import Area
from liaoyuan.kit.text import half_width
from liaoyuan.people.choices import LEVELS, POST_TITLES, PostKind
from liaoyuan.people.models import Certificate, Employment, Post, Profile, Volunteer
from liaoyuan.people.queries import secrets
from liaoyuan.registry.models import Standing

NONE = "none"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list. Empty asks nothing.

    `state` ∈ staff (works there on the day), post (holds a post), volunteer, gone (neither any more); `level` a
    certificate's level, "any" or NONE; `expires` = registration ends on that day or before.
    """

    on: date
    q: str = ""
    organization: int | None = None
    street: Area | None = None
    state: str = ""
    work_time: str = ""
    level: str = ""
    post: str = ""
    expires: date | None = None
    ids: Sequence[int] | None = None


@dataclass(slots=True)
class Line:
    """A person at a body, as on the day asked. `birth` is masked; `pk` is the profile's key."""

    pk: int
    person: int
    name: str
    gender: str
    birth: str
    education: str
    major: str
    organization: int
    body: str
    street: str
    work_time: str
    job: str
    since: date | None
    posts: str
    level: str
    registered_until: date | None
    mobile: str


#: Sort key → what to order by.
ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name", "pk"),
    "body": ("body", "name", "pk"),
    "education": ("education", "name", "pk"),
}


class Listing:
    """Lines that fulfil the criteria and that the user may see: a total and slices."""

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "name") -> None:
        self.criteria = criteria
        falling = order.startswith("-")
        names = ORDERS.get(order.lstrip("-"), ORDERS["name"])
        self._order = [f"-{name}" if falling else name for name in names]
        self.rows = self._rows(user)
        self._total: int | None = None

    def _rows(self, user: Any) -> Any:
        asked = self.criteria
        open_rows = Standing.objects.now_open()
        name = Subquery(open_rows.filter(organization=OuterRef("organization")).values("name")[:1])
        rows: Any = Profile.objects.current().visible_to(user).filter(
            person__merged_at__isnull=True, person__voided_at__isnull=True
        )  # fmt: skip
        rows = rows.annotate(body=name)
        if asked.ids is not None:
            rows = rows.filter(pk__in=asked.ids)
        if asked.q:
            rows = rows.filter(_text(asked.q))
        if asked.organization is not None:
            rows = rows.filter(organization=asked.organization)
        if asked.street is not None:
            here = open_rows.filter(street__in=Area.objects.within(asked.street.path))
            rows = rows.filter(organization__in=here.values("organization"))
        return self._of_state(self._of_level(rows))

    def _of_level(self, rows: Any) -> Any:
        asked = self.criteria
        held = Certificate.objects.current().filter(
            person=OuterRef("person"), organization=OuterRef("organization"), revoked_on__isnull=True
        )
        if asked.level == NONE:
            rows = rows.filter(~Exists(held))
        elif asked.level:
            rows = rows.filter(Exists(held if asked.level == "any" else held.filter(level=asked.level)))
        if asked.expires is not None:
            rows = rows.filter(Exists(held.filter(registered_until__lte=asked.expires)))
        return rows

    def _of_state(self, rows: Any) -> Any:
        asked = self.criteria
        same = {"person": OuterRef("person"), "organization": OuterRef("organization")}
        working, holding = (
            Employment.objects.active(asked.on).filter(**same),
            Post.objects.active(asked.on).filter(**same),
        )
        if asked.work_time:
            rows = rows.filter(Exists(working.filter(work_time=asked.work_time)))
        if asked.post:
            rows = rows.filter(Exists(holding.filter(kind=asked.post)))
        serving = Volunteer.objects.current().filter(**same, ended_on__isnull=True)
        if asked.state == "staff":
            rows = rows.filter(Exists(working))
        elif asked.state == "post":
            rows = rows.filter(Exists(holding))
        elif asked.state == "volunteer":
            rows = rows.filter(Exists(serving))
        elif asked.state == "gone":
            rows = rows.filter(~Exists(working), ~Exists(holding), ~Exists(serving))
        return rows

    def count(self) -> int:
        """How many there are."""
        if self._total is None:
            self._total = self.rows.count()
        return self._total

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        return lines(list(self.rows.order_by(*self._order)[part]), self.criteria.on)


def _text(q: str) -> Q:
    """A name (where the zone lets names be searched), or the name or code of the body; never an identity number."""
    text = half_width(q).strip()
    bodies = Standing.objects.now_open().filter(Q(name__icontains=text) | Q(organization__code=text.upper()))
    found = Q(organization__in=bodies.values("organization"))
    return found | Q(name__icontains=text) if zones.allowed(settings.ZONE, "person.name", zones.Op.SEARCH) else found


def lines(rows: Sequence[Profile], on: date) -> list[Line]:
    """The profiles with what is shown beside them, by one query a kind."""
    if not rows:
        return []
    persons, bodies = {r.person_id for r in rows}, {r.organization_id for r in rows}
    pairs = {"person__in": persons, "organization__in": bodies}
    working = {(e.person_id, e.organization_id): e for e in Employment.objects.active(on).filter(**pairs)}
    posts: dict[tuple[int, int], list[str]] = {}
    for post in Post.objects.active(on).filter(**pairs).order_by("valid_from", "pk"):
        posts.setdefault((post.person_id, post.organization_id), []).append(post.kind)
    best: dict[tuple[int, int], Certificate] = {}
    rank = {str(level): i for i, level in enumerate(LEVELS)}
    for held in Certificate.objects.current().filter(**pairs, revoked_on__isnull=True):
        key = (held.person_id, held.organization_id)
        if key not in best or rank[held.level] > rank[best[key].level]:
            best[key] = held
    open_rows = Standing.objects.now_open().filter(organization__in=bodies)
    names = {pk: (name, street or "") for pk, name, street in
             open_rows.values_list("organization_id", "name", "street__name")}  # fmt: skip
    out = []
    for row in rows:
        key = (row.person_id, row.organization_id)
        work, card = working.get(key), best.get(key)
        body, street = names.get(row.organization_id, ("", ""))
        out.append(Line(
            pk=row.pk, person=row.person_id, name=row.name, gender=row.gender,
            birth=secrets.masked("birth", row.birth), education=row.education, major=row.major,
            organization=row.organization_id, body=body, street=street, work_time=work.work_time if work else "",
            job=work.job if work else "", since=work.valid_from if work and not work.assumed else None,
            posts="、".join(_(POST_TITLES[PostKind(k)]) for k in posts.get(key, ())), level=card.level if card else "",
            registered_until=card.registered_until if card else None, mobile=row.mobile,
        ))  # fmt: skip
    return out


def expires_by(on: date, days: int) -> date:
    """The last day of a window of so many days."""
    return on + timedelta(days=days)
