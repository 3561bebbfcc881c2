"""Rounds as lists and pages show them: how many applied, what money is left, what is still to be done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries
from liaoyuan.core.models import Area
from liaoyuan.core.params import PROFILES
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import NeedState, RoundPhase, RoundState
from liaoyuan.funding.choices.words import PHASE_TITLES
from liaoyuan.funding.models import Need, Pool, Programme, Project, Round
from liaoyuan.funding.queries.past import ASKED


def listed(user: Any) -> QuerySet[Round]:
    """Rounds within sight with `applied`, `ceiling_fen`, `left_fen`."""
    applied = Project.objects.handed_in().filter(round=OuterRef("pk")).order_by().values("round")
    pools = Pool.objects.filter(round=OuterRef("pk")).order_by().values("round")
    return (
        Round.objects.visible_to(user)
        .select_related("programme__area")
        .annotate(
            applied=Coalesce(Subquery(applied.annotate(n=Count("pk")).values("n")), 0),
            ceiling_fen=Coalesce(Subquery(pools.annotate(n=Sum("ceiling_fen")).values("n")), 0),
            left_fen=Coalesce(Subquery(pools.annotate(n=Sum(F("ceiling_fen") - F("committed_fen"))).values("n")), 0),
        )
    )


def phase_words(round_: Round, on: date) -> tuple[str, str]:
    """Mark and word of what the round looks like on the day."""
    phase = round_.phase(on)
    marks = {RoundPhase.OPEN: "ok", RoundPhase.ENDED: "closed", RoundPhase.CANCELLED: "closed"}
    return marks.get(phase, "review"), _(PHASE_TITLES[phase])


def runs(user: Any, round_: Round) -> bool:
    """Whether the user runs the round."""
    return access.covers(user, Permission.EDIT, round_, write=False)


def confirms(user: Any, round_: Round) -> bool:
    """Whether the user may be the second person."""
    return access.covers(user, Permission.CONFIRM, round_, write=False)


def reviews(user: Any, round_: Round) -> bool:
    """Whether the user sees how the review of a called round comes out: who runs it, who confirms."""
    called = round_.state in (RoundState.OPEN, RoundState.ENDED)
    return called and (runs(user, round_) or confirms(user, round_))


def programmes(user: Any) -> QuerySet[Programme]:
    """Programmes in which the user may plan a round."""
    reach = access.reach(user, Permission.EDIT)
    rows = Programme.objects.select_related("area")
    if reach.everything:
        return rows
    wanted = Q(pk__in=[])
    for path in reach.paths:
        wanted |= Q(area__in=Area.objects.within(path))
    return rows.filter(wanted)


def places() -> list[tuple[str, str]]:
    """Places whose figures a round may begin with: those that the release ships, then the plain profiles."""
    named = {"national": _("全国默认"), "jiangsu": _("江苏省")}
    shipped = [(entry.code, _(entry.title)) for entry in registries.profiles.values()]
    known = {code for code, _title in shipped}
    return shipped + [(code, named.get(code, code)) for code in PROFILES if code not in known]


def place_title(code: str) -> str:
    """What a place is called."""
    return dict(places()).get(code, code)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that must be done before a round can be opened."""

    title: str
    done: bool


def before_opening(round_: Round) -> list[Step]:
    """What a round needs before its call is published."""
    steps = [
        Step(_("写好征集公告"), bool(round_.call.strip())),
        Step(_("设定资金池"), round_.pools.exists()),
    ]
    if round_.own_figures:
        steps.append(Step(_("本届参数由第二人确认"), round_.confirmed_at is not None))
    return steps


def tally(round_: Round) -> dict[str, int]:
    """How many applied, of how many bodies, for how much, and how many needs were published."""
    rows = Project.objects.handed_in().filter(round=round_)
    told = rows.aggregate(n=Count("pk"), bodies=Count("organization", distinct=True), fen=Sum(ASKED))
    needs = Need.objects.filter(round=round_, state=NeedState.PUBLISHED.value).count()
    return {"applied": told["n"], "bodies": told["bodies"], "asked_fen": told["fen"] or 0, "needs": needs}


def in_phase(rows: QuerySet[Round], phase: RoundPhase, on: date) -> QuerySet[Round]:
    """Those that look so on the day."""
    opened = rows.filter(state=RoundState.OPEN.value)
    if phase == RoundPhase.ANNOUNCED:
        return opened.filter(opens_on__gt=on)
    if phase == RoundPhase.OPEN:
        return opened.filter(opens_on__lte=on, closes_on__gte=on)
    if phase == RoundPhase.CLOSED:
        return opened.filter(closes_on__lt=on)
    return rows.filter(state=str(phase))


def office(user: Any) -> Area | None:
    """The widest area for which the user runs grants."""
    reach = access.reach(user, Permission.EDIT)
    rows = Area.objects.live()
    if reach.everything:
        return rows.filter(level="district").order_by("path").first()
    wanted = Area.objects.none()
    for path in reach.paths:
        wanted = wanted | Area.objects.within(path)
    return rows.filter(pk__in=wanted.values("pk")).order_by("path").first()


def sets_up(user: Any) -> bool:
    """Whether the user may set up a programme."""
    reach = access.reach(user, Permission.EDIT)
    return reach.everything or bool(reach.paths)


def place_of(area: Area) -> str:
    """The place whose figures are shipped for an area, else the country's."""
    for entry in registries.profiles.values():
        if area.code in entry.chain:
            return entry.code
    return "national"


def inside(user: Any, round_: Round) -> bool:
    """Whether the user sees the round by its area, money and applications included."""
    return access.covers(user, Permission.VIEW, round_, write=False)


def may_apply(user: Any) -> bool:
    """Whether the user writes applications for a body."""
    return bool(access.reach(user, Permission.OWN_EDIT).organizations)


def may_enter_needs(user: Any, round_: Round) -> bool:
    """Whether the user enters needs of communities for the round."""
    if runs(user, round_):
        return True
    path = round_.programme.area.path
    return any(own.startswith(path) for own in access.reach(user, Permission.NEED_EDIT).paths)


def mine(user: Any, round_: Round) -> list[Project]:
    """The user's own projects in the round."""
    own = access.reach(user, Permission.OWN_VIEW).organizations
    if not own:
        return []
    rows = Project.objects.filter(round=round_).filter(Q(organization__in=own) | Q(sponsor__in=own))
    return list(rows.order_by("pk"))
