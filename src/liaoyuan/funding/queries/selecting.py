"""What binds a selection: the money of a round's pools, its quotas, its caps; what each decision would break. Fen."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.funding.choices.awards import AgreementState
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.choices.rounds import QuotaKind
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.choices.words import QUOTA_KIND_TITLES
from liaoyuan.funding.models import AgreementShare, CommitteeDecision, Project, Ranking, RankingLine, Round, RoundQuota
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules import packing
from liaoyuan.funding.rules.packing import Ground, Item, Quota
from liaoyuan.registry.choices import KIND_TITLES
from liaoyuan.registry.models import Standing

_BODY = "body"
_ALL = str(QuotaKind.ALL)
#: Proposed once, and out again: their money is free.
_GONE = [str(state) for state in (ProjectState.WITHDRAWN, ProjectState.REFUSED)]


def latest(round_: Round) -> Ranking | None:
    """The ranking that holds."""
    return Ranking.objects.filter(round=round_).order_by("-number").first()


def ground_of(round_: Round, bodies: Iterable[int] = ()) -> Ground:
    """Money by street ("" = any street), quotas by key (`kind:value`), and how often a body may win. What agreements of
    proposed projects hold is money here: `proposed_in` counts it as theirs.
    """
    money: dict[str, int] = {"": 0}
    bound: dict[int, int] = defaultdict(int)
    chosen = standing(round_)
    for pk, project, fen in committed(round_):
        bound[pk] += fen if project in chosen else 0
    for pool in round_.pools.select_related("street"):
        key = pool.street.code if pool.street is not None else ""
        money[key] = money.get(key, 0) + pool.left_fen + bound[pool.pk]
    quotas = {key: Quota(row.least or 0, row.most, row.most_fen) for key, row in quotas_of(round_)}
    most = limits.limits_of(round_).get("gv.max_win")
    if most is not None:
        quotas |= {f"{_BODY}:{body}": Quota(most=int(most)) for body in bodies}
    return Ground(money, quotas)


def quotas_of(round_: Round) -> list[tuple[str, RoundQuota]]:
    """The quotas of a round by the key that counts their projects: streets and types are named by word or by code."""
    within = Area.objects.filter(level="street", path__startswith=round_.programme.area.path)
    known: dict[str, dict[str, str]] = {
        str(QuotaKind.STREET): dict(within.values_list("name", "code")),
        str(QuotaKind.TYPE): {str(word): str(code) for code, word in KIND_TITLES.items()},
    }
    return [
        (_ALL if row.kind == _ALL else f"{row.kind}:{known.get(row.kind, {}).get(row.value, row.value)}", row)
        for row in round_.quotas.all()
    ]


def streets(projects: Iterable[Project]) -> dict[str, str]:
    """Code of the street by the path prefix of its areas: projects in a community belong to its street."""
    codes = {code for row in projects if row.area is not None for code in row.area.path.strip("/").split("/")}
    return dict(Area.objects.filter(level="street", code__in=codes).values_list("path", "code"))


def items_of(projects: Iterable[Project], values: dict[int, int], costs: dict[int, int] | None = None) -> list[Item]:
    """Projects as things to pack, in the order given: worth their mean, costing what they ask for (or `costs`)."""
    rows = list(projects)
    by_path = streets(rows)
    kinds = dict(
        Standing.objects.now_open().filter(organization__in=[row.organization_id for row in rows]).values_list(
            "organization", "kind"
        )
    )  # fmt: skip
    return [
        Item(
            str(row.pk), values.get(row.pk, 0), (costs or {}).get(row.pk, row.grant_fen),
            street := _street(row, by_path),
            (
                _ALL, f"{QuotaKind.STREET}:{street}", f"{QuotaKind.FIELD}:{row.field}",
                f"{QuotaKind.TYPE}:{kinds.get(row.organization_id, '')}", f"{_BODY}:{row.organization_id}",
            ),
        )
        for row in rows
    ]  # fmt: skip


def _street(project: Project, by_path: dict[str, str]) -> str:
    path = project.area.path if project.area is not None else ""
    return next((code for prefix, code in by_path.items() if path.startswith(prefix)), "")


def fundable(ranking: Ranking) -> list[RankingLine]:
    """Lines of a ranking that reach the pass score and still stand, in its order."""
    standing = [str(state) for state in (ProjectState.IN_REVIEW, ProjectState.PROPOSED)]
    rows = (
        ranking.lines.filter(project__state__in=standing)
        .exclude(outcome=str(ReviewOutcome.REFUSED))
        .select_related("project__area", "project__organization", "project__round")
    )
    return list(rows.order_by("place", "project__number"))


def standing(round_: Round) -> dict[int, int]:
    """What the committee has proposed so far and what still stands: the amount decided, by project."""
    rows = CommitteeDecision.objects.current().filter(project__round=round_, outcome=str(ReviewOutcome.PROPOSED))
    return dict(rows.exclude(project__state__in=_GONE).values_list("project", "amount_fen"))


def committed(round_: Round) -> list[tuple[int, int, int]]:
    """What agreements hold: pool, project, fen of the pool that it has taken and not given back. One that was cancelled
    before it was signed holds nothing and says nothing: what was decided is to be agreed anew.
    """
    rows = AgreementShare.objects.filter(pool__round=round_).exclude(agreement__state=AgreementState.CANCELLED.value)
    return list(rows.order_by("pk").values_list("pool", "agreement__project", "amount_fen"))


def proposed_in(round_: Round, without: int | None = None) -> list[Item]:
    """What the committee has proposed so far and what still stands, with the amounts decided; of an agreement what it
    holds now.
    """
    costs = standing(round_)
    held: dict[int, int] = defaultdict(int)
    for _pool, project, fen in committed(round_):
        held[project] += fen
    costs = {key: held.get(key, fen) for key, fen in costs.items() if key != without}
    projects = Project.objects.filter(pk__in=list(costs)).select_related("area").order_by("number")
    return items_of(projects, {}, costs)


def open_ground(round_: Round, projects: Collection[Project]) -> Ground:
    """The ground for these projects: without what stands already and is no longer to be chosen."""
    keys = {str(row.pk) for row in projects}
    taken = [item for item in proposed_in(round_) if item.key not in keys]
    ground = ground_of(round_, {row.organization_id for row in projects})
    money = dict(ground.money)
    for parts in packing.draws(taken, ground.money).values():
        for key, fen in parts.items():
            money[key] -= fen
    return Ground(money, {key: _less(quota, [one for one in taken if key in one.counts])
                          for key, quota in ground.quotas.items()})  # fmt: skip


def _less(quota: Quota, taken: Collection[Item]) -> Quota:
    many, fen = len(taken), sum(one.cost for one in taken)
    return Quota(
        max(0, quota.least - many),
        None if quota.most is None else max(0, quota.most - many),
        None if quota.most_fen is None else max(0, quota.most_fen - fen),
    )


def reasons(keys: Collection[str]) -> list[str]:
    """What a project would break, in words."""
    return [_reason(key) for key in keys]


def _reason(key: str) -> str:
    if key == packing.MONEY:
        return _("剩余资金不够")
    kind, _colon, value = key.partition(":")
    if kind == _BODY:
        return _("超过每个组织的立项数")
    title = _(QUOTA_KIND_TITLES[kind])
    return _("超过名额：{title}").format(title=f"{title} {value}".strip())


def told(ground: Ground) -> dict[str, Any]:
    """What bound a selection, as JSON keeps it."""
    return {
        "money": dict(ground.money),
        "quotas": {key: [q.least, q.most, q.most_fen] for key, q in ground.quotas.items()},
    }
