"""What waits on this floor: registrations of social workers that end, identity numbers under two names."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.queries import due
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.people.choices import LEVEL_TITLES, CertificateLevel, Permission
from liaoyuan.people.models import Certificate, Employment, Profile
from liaoyuan.people.queries import bodies, names
from liaoyuan.registry.models import Standing

RULE = "SW-01"


class End(NamedTuple):
    """A registration that ends: whose, which, at which body, on which last day."""

    last: date
    person: int
    name: str
    level: str
    organization: int
    body: str

    @property
    def level_title(self) -> str:
        """The level in words."""
        return _(LEVEL_TITLES[CertificateLevel(self.level)])

    @property
    def title(self) -> str:
        """The line of 待办."""
        told = _("{name}（{body}）的{level}证书登记到期")
        return told.format(name=self.name, body=self.body, level=self.level_title)


def ends(user: Any, on: date, days: int, *, past: int = 0) -> list[End]:
    """Registrations within the user's writing reach that end from `past` days ago until `days` ahead, where the rule
    is on; earliest first. Certificates of persons who work there no more do not count.
    """
    mine = bodies.writable(user)
    rows = Certificate.objects.current().filter(
        organization__in=mine, revoked_on__isnull=True,
        registered_until__range=(on - timedelta(days=past), on + timedelta(days=days)),
    )  # fmt: skip
    working = Employment.objects.active(on)
    found = list(
        rows.filter(person__in=working.values("person"))
        .order_by("registered_until", "pk")
        .values_list("registered_until", "person_id", "level", "organization_id")
    )
    if not found:
        return []
    here = {o for *_x, o in found}
    standings = {s.organization_id: s for s in Standing.objects.now_open().filter(organization__in=here)
                 .select_related("registrar_area")}  # fmt: skip
    pairs = Q(person__in={p for _d, p, _l, _o in found}, organization__in=here)
    told = {(p, o): n for p, o, n in Profile.objects.current().filter(pairs)
            .values_list("person_id", "organization_id", "name")}  # fmt: skip
    at_work = set(working.filter(pairs).values_list("person_id", "organization_id"))
    switches: dict[str, bool] = {}
    out = []
    for last, person, level, organization in found:
        row = standings.get(organization)
        if row is None or (person, organization) not in at_work:
            continue
        path = row.registrar_area.path
        if path not in switches:
            switches[path] = policy.limits(on, policy.chain(path)).is_on(RULE)
        if switches[path] and last is not None:
            out.append(End(last, person, told.get((person, organization), ""), level, organization, row.name))
    return out


def remind_days(on: date) -> int:
    """How far ahead the list of registrations looks: the widest figure that any place has."""
    figures = [row.value for row in policy.rows_in_force() if row.key == "certificate.remind_days"]
    return max([int(f) for f in figures if f is not None], default=90)


def certificates(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Registrations of the next thirty days as lines of 待办."""
    found = ends(user, on, due.DAYS)
    items = [
        DueItem(end.title, end.last, reverse("people:person_detail", args=[end.person]), _("登记再登记"), code=RULE)
        for end in found[:limit]
    ]
    return items, len(found)


def reviews(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Identity numbers under several names as lines of 待办."""
    found = names.conflicts(user)
    items = [
        DueItem(
            _("同一身份证号有不同姓名：{names}").format(names="、".join(one.names)), None,
            reverse("people:name_review", args=[one.person]), _("核定"), code="names",
        )
        for one in found[:limit]
    ]  # fmt: skip
    return items, len(found)


#: Whoever may write anything is asked; an officer's decision needs the permission over an area.
SOURCES = (
    DueSource("people.certificates", "社工证书登记到期", "", certificates),
    DueSource("people.names", "同号不同名", Permission.EDIT, reviews),
)
