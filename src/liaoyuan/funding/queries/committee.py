"""What the committee has before it: order and pack side by side in words, what is decided, what money and quotas leave.

Amounts are fen, values hundredths of points.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import REVIEW_OUTCOME_TITLES, ReviewOutcome
from liaoyuan.funding.choices.rounds import QuotaKind
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.choices.words import QUOTA_KIND_TITLES
from liaoyuan.funding.models import CommitteeDecision, Project, RankingLine, Round, Selection
from liaoyuan.funding.queries import limits, selecting
from liaoyuan.funding.rules import packing
from liaoyuan.funding.rules.shares import number
from liaoyuan.registry.choices import KIND_TITLES
from liaoyuan.registry.models import Standing

_MARKS = {ReviewOutcome.PROPOSED: "ok", ReviewOutcome.RESERVE: "review", ReviewOutcome.REFUSED: "closed"}
_TYPES = {str(kind): word for kind, word in KIND_TITLES.items()}
#: States in which the committee still decides.
OPEN = (str(ProjectState.IN_REVIEW), str(ProjectState.PROPOSED))


def latest(user: Any, round_: Round) -> Selection | None:
    """The selection that holds: the last one of the ranking that holds."""
    rows = Selection.objects.visible_to(user).filter(snapshot__round=round_)
    return rows.select_related("snapshot", "made_by").order_by("-snapshot__number", "-number").first()


def lines(selection: Selection) -> QuerySet[Any]:
    """Every line of its ranking with what the selection says of it (none below the pass score), the applicant's name
    and the committee's decision that holds.
    """
    of_it = selection.lines.filter(project=OuterRef("project"))
    names = Standing.objects.now_open().filter(organization=OuterRef("project__organization")).values("name")[:1]
    decided = CommitteeDecision.objects.current().filter(project=OuterRef("project"))
    told = {name: Subquery(of_it.values(name)[:1]) for name in ("in_order", "in_pack", "order_barred", "pack_barred")}
    return RankingLine.objects.filter(snapshot=selection.snapshot_id).select_related("project").annotate(
        **told, body_name=Subquery(names), decided=Subquery(decided.values("outcome")[:1]),
        amount_fen=Subquery(decided.values("amount_fen")[:1]), reason=Subquery(decided.values("reason")[:1]),
    )  # fmt: skip


def decision_words(row: Any) -> tuple[str, str]:
    """Mark and word of what the committee decided of a line."""
    if not row.decided:
        return "info", _("未决定")
    return _MARKS[ReviewOutcome(row.decided)], _(REVIEW_OUTCOME_TITLES[row.decided])


class Words:
    """Keys of quotas in words; names of streets are read once."""

    def __init__(self) -> None:
        self.streets = dict(Area.objects.filter(level="street").values_list("code", "name"))

    def value(self, kind: str, value: str) -> str:
        """For whom a quota is: a street by its name, a type by its word."""
        if kind == QuotaKind.STREET:
            return self.streets.get(value, value)
        return _(_TYPES[value]) if kind == QuotaKind.TYPE and value in _TYPES else value

    def reasons(self, keys: Sequence[str]) -> str:
        """What a project would break."""
        return "；".join(self._reason(key) for key in keys)

    def _reason(self, key: str) -> str:
        kind, _colon, value = key.partition(":")
        if not value or kind not in QUOTA_KIND_TITLES:
            return selecting.reasons([key])[0]
        title = f"{_(QUOTA_KIND_TITLES[kind])} {self.value(kind, value)}"
        return _("超过名额：{title}").format(title=title)

    def difference(self, row: Any, passing: Any) -> str:
        """Why a project is where it is in the order and in the pack."""
        if row.in_order is None:
            if row.outcome == ReviewOutcome.REFUSED and passing is not None:
                return _("平均分 {mean}，低于最低分 {least}").format(mean=number(row.mean), least=passing)
            return _("测算时不在评审中")
        order, pack = self.reasons(row.order_barred or ()), self.reasons(row.pack_barred or ())
        if row.in_order and row.in_pack:
            return _("两种办法都选入")
        if row.in_order:
            told = _("按名次选入；最优组合把资金和名额留给合起来分数更高的几个项目")
            return f"{told}（{pack}）" if pack else told
        if row.in_pack:
            return _("最优组合选入；按名次轮到时{why}").format(why=order or _("已没有余额"))
        return _("都没有选入：{why}").format(why=order or pack or _("其他项目分数更高"))

    def reason(self, row: Any, passing: Any) -> str:
        """What the applicant may read where the order passes a project over; empty where it is chosen."""
        if row.in_order:
            return ""
        if row.in_order is None:
            return f"{self.difference(row, passing)}。"
        why = self.reasons(row.order_barred or ()) or _("已没有余额")
        return _("按名次轮到时{why}。").format(why=why)


@dataclass(frozen=True, slots=True)
class Left:
    """One counter: a pool of money, or a quota. `most` None = no upper limit; `short` = how many are still missing."""

    title: str
    used: int
    most: int | None
    least: int = 0
    money: bool = False

    @property
    def left(self) -> int | None:
        """What may still be proposed."""
        return None if self.most is None else self.most - self.used

    @property
    def short(self) -> int:
        """How many projects are missing to the least number."""
        return max(0, self.least - self.used)


def counters(round_: Round, words: Words, thought: tuple[Project, int] | None = None) -> list[Left]:
    """What the proposals so far leave of the money and of each quota. With `thought` as if this project had so much,
    whatever was decided of it (nothing: as if it were not proposed).
    """
    project, fen = thought if thought is not None else (None, 0)
    chosen = selecting.proposed_in(round_, without=project.pk if project is not None else None)
    if project is not None and fen > 0:
        chosen += selecting.items_of([project], {}, {project.pk: fen})
    ground = selecting.ground_of(round_)
    drawn: dict[str, int] = defaultdict(int)
    for parts in packing.draws(chosen, ground.money).values():
        for key, fen in parts.items():
            drawn[key] += fen
    found = [
        Left(_("全区资金") if not key else _("{street}的资金").format(street=words.streets.get(key, key)), drawn[key],
             ground.money[key], money=True)
        for key in sorted(ground.money)
    ]  # fmt: skip
    for key, row in selecting.quotas_of(round_):
        members = [item for item in chosen if key in item.counts]
        title = f"{_(QUOTA_KIND_TITLES[row.kind])} {words.value(row.kind, row.value)}".strip()
        if row.least is not None or row.most is not None:
            found.append(Left(title, len(members), row.most, row.least or 0))
        if row.most_fen is not None:
            found.append(Left(title, sum(item.cost for item in members), row.most_fen, money=True))
    return found


def values(selection: Selection) -> dict[str, Any]:
    """The two ways in figures, and what is proven of the pack."""
    rows = list(selection.lines.values_list("in_order", "in_pack", "asked_fen"))
    gap = selection.bound - selection.pack_value
    return {
        "order": number(selection.order_value), "order_n": sum(1 for o, _p, _f in rows if o),
        "order_fen": sum(fen for o, _p, fen in rows if o),
        "pack": number(selection.pack_value), "pack_n": sum(1 for _o, p, _f in rows if p),
        "pack_fen": sum(fen for _o, p, fen in rows if p),
        "bound": number(selection.bound), "proven": not gap, "gap": number(gap),
        "differ": sum(1 for o, p, _f in rows if o != p),
    }  # fmt: skip


def unmet(selection: Selection, words: Words) -> dict[str, list[str]]:
    """Quotas whose least number is not reached, by way, in words."""

    def told(key: str) -> str:
        kind, _colon, value = key.partition(":")
        return f"{_(QUOTA_KIND_TITLES[kind])} {words.value(kind, value)}".strip()

    return {way: [told(key) for key in selection.unmet.get(way, ())] for way in ("order", "pack")}


def tally(round_: Round, selection: Selection) -> dict[str, int]:
    """How many were proposed, reserved and refused, how many are left to decide, what was proposed in fen."""
    rows = list(lines(selection).values_list("decided", "amount_fen", "project__state"))
    found = {str(outcome): sum(1 for decided, _f, _s in rows if decided == outcome) for outcome in ReviewOutcome}
    return {
        **found, "open": sum(1 for decided, _f, state in rows if not decided and state in OPEN),
        "fen": sum(fen or 0 for _d, fen, _s in rows),
    }  # fmt: skip


def passing(round_: Round) -> Any:
    """The pass score of a round in points; None without one."""
    return limits.limits_of(round_).get("gv.review.pass_score")


def undecided(selection: Selection) -> list[Any]:
    """Lines that wait for a decision, in the order of the ranking."""
    rows = lines(selection).filter(decided__isnull=True, project__state__in=OPEN)
    return list(rows.order_by("place", "project__number"))


def decides(user: Any, row: Project) -> bool:
    """Whether the user enters the committee's decisions of a project."""
    return access.covers(user, Permission.CONFIRM, row, write=False)
