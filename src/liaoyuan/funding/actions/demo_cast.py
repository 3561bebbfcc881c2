"""Who acts in the demo's rounds, and when: the accounts to try, invented bodies, moments before today."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.utils.translation import gettext as _

from liaoyuan.core import clock
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import demo as grounds
from liaoyuan.core.actions import separation
from liaoyuan.core.choices import ScopeKind, Separation
from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import experts
from liaoyuan.funding.actions.demo_words import IDEAS, Idea
from liaoyuan.funding.models import GrantExpert
from liaoyuan.registry.actions.demo_words import Namer
from liaoyuan.registry.models import Organization

OFFICE, HOST, FINANCE, EVALUATOR, EXPERT = "chuangtou", "kezhang", "caiwu", "pinggu", "zhuanjia"
HEAD, MANAGER, ACCOUNTANT = "fuzeren", "xiangmu", "kuaiji"
#: Experts beside the one to try: login name, what he knows, where he works.
_EXPERTS = (
    ("pingwei2", "为老服务", "演示大学社会工作系"), ("pingwei3", "助残服务", "演示康复医院"),
    ("pingwei4", "社区治理", "演示社区学院"), ("pingwei5", "儿童和青少年", "演示会计师事务所"),
    ("pingwei6", "心理健康", "演示律师事务所"),
)  # fmt: skip
#: So many days before today accounts and figures of persons may be filled in the demo's past.
_PAST = 500


@dataclass(slots=True)
class Cast:
    """The persons by their login names, the demo's own body with its people, other bodies, ideas not yet used."""

    area: Area
    today: date
    by: Actor
    people: dict[str, User]
    body: Organization
    others: list[Organization]
    draw: Random
    ideas: Iterator[Idea] = field(default_factory=lambda: iter(IDEAS))
    experts: list[GrantExpert] = field(default_factory=list)
    _persons: set[str] = field(default_factory=set)

    def __getitem__(self, username: str) -> User:
        return self.people[username]

    def on(self, days: int) -> date:
        """So many days before today; a negative number lies ahead."""
        return self.today - timedelta(days=days)

    def at(self, days: int, hour: int = 10) -> datetime:
        """An hour of that day."""
        return clock.moment(self.on(days), hour)

    def person(self) -> str:
        """An invented person who was not named before."""
        namer = Namer(self.draw)
        while (name := namer.person()) in self._persons:
            pass
        self._persons.add(name)
        return name

    def streets(self) -> list[Area]:
        """The streets of the district, in order."""
        return list(Area.objects.live().filter(level="street", path__startswith=self.area.path).order_by("code"))


def gather(*, area: Area, others: list[Organization], draw: Random, by: Actor, at: datetime) -> Cast:
    """The accounts to try, and five more experts. Numbers of accounts are kept in the demo's past, too."""
    names = (OFFICE, HOST, FINANCE, EVALUATOR, EXPERT, HEAD, MANAGER, ACCOUNTANT)
    people = {row.username: row for row in User.objects.filter(username__in=names)}
    grant = people[HEAD].grants.filter(scope_kind=ScopeKind.ORGANIZATION).order_by("pk")[0]
    body = Organization.objects.get(pk=int(grant.scope_id))
    rest = [row for row in others if row.pk != body.pk]
    cast = Cast(area, clock.localdate(at), by, people, body, rest, draw)
    separation.set_level(level=Separation.THREE_OFFICES, valid_from=cast.on(_PAST), by=by, at=cast.at(_PAST))
    _enter_experts(cast, at)
    return cast


def _enter_experts(cast: Cast, at: datetime) -> None:
    told = [(EXPERT, "为老服务", "演示评估中心")]
    for number, (username, speciality, employer) in enumerate(_EXPERTS, 2):
        cast.people[username] = grounds.extra_account(
            username=username, name=_("评审专家{n}（演示）").format(n=number), role="expert",
            scope_kind=ScopeKind.AREA, scope_id=cast.area.code, label=cast.area.name, by=cast.by, at=cast.at(_PAST),
        )  # fmt: skip
        told.append((username, speciality, employer))
    for username, speciality, employer in told:
        cast.experts.append(experts.enter(
            area=cast.area, user=cast[username], name=cast.person(), employer=employer, specialities=[speciality],
            by=cast[OFFICE], at=at,
        ))  # fmt: skip
