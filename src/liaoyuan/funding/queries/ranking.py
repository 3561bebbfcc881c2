"""A kept ranking as the office reads it: its lines, how equal means were parted, what was dropped, who applied."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from liaoyuan.funding.choices.review import STAGE_KIND_TITLES
from liaoyuan.funding.choices.rounds import RoundState
from liaoyuan.funding.models import CommitteeDecision, Ranking, ReviewStage, Round, ScoreCard
from liaoyuan.funding.queries import desk, rounds
from liaoyuan.funding.rules.remarks import Remark
from liaoyuan.funding.rules.shares import number
from liaoyuan.registry.models import Standing

#: From so many keys on all lines are read.
_MANY = 500


def shown(user: Any, round_: Round) -> bool:
    """Whether ranking and selection are offered: in a round that was called, to who runs it and who confirms."""
    called = round_.state in (RoundState.OPEN, RoundState.ENDED)
    return called and (rounds.runs(user, round_) or rounds.confirms(user, round_))


def kept(user: Any, round_: Round) -> list[Ranking]:
    """The rankings of a round that were kept, the one that holds first."""
    rows = Ranking.objects.visible_to(user).filter(round=round_).select_related("made_by")
    return list(rows.order_by("-number"))


def lines(ranking: Ranking) -> QuerySet[Any]:
    """The lines of a ranking with `body_name`, the applicant's present name, and `amount_fen`, what was decided."""
    names = Standing.objects.now_open().filter(organization=OuterRef("project__organization")).values("name")[:1]
    decided = CommitteeDecision.objects.current().filter(project=OuterRef("project")).values("amount_fen")[:1]
    rows = ranking.lines.select_related("project").defer("project__answers", "project__findings")
    return rows.annotate(body_name=Subquery(names), amount_fen=Subquery(decided))


def method(ranking: Ranking) -> list[tuple[str, str, str]]:
    """By what a ranking was made, as facts."""
    told = ranking.method
    stages = "；".join(
        _("{stage}占 {weight}").format(stage=_(STAGE_KIND_TITLES[one["kind"]]), weight=one["weight"])
        for one in told["stages"]
    )
    drop = told["drop_from"]
    return [
        (_("评审阶段"), stages, ""),
        (_("去掉最高最低"), _("满 {n} 份去掉各一份").format(n=drop) if drop is not None else _("不去掉"), ""),
        (_("并列时比较"), " → ".join(desk.item_title(code) for code in told["ties"]), ""),
        (_("最低分"), number(int(told["pass_score"] * 100)) if told["pass_score"] is not None else "", ""),
    ]  # fmt: skip


def tied(ranking: Ranking) -> list[tuple[int, int]]:
    """Projects that stand next to each other with the same mean."""
    rows = ranking.lines.order_by("place", "project").values_list("project", "exact_num", "exact_den")
    return [
        (one, two) for (one, num, den), (two, num2, den2) in pairwise(rows) if num * den2 == num2 * den
    ]  # fmt: skip


def parted(ranking: Ranking, pairs: Sequence[tuple[int, int]]) -> dict[int, str]:
    """How the two of each pair of `tied` were parted, in words, by project."""
    keys = {key for pair in pairs for key in pair}
    names = ("project", "items", "tied", "totals")
    if len(keys) > _MANY:
        rows = ranking.lines.order_by().values_list(*names)
    else:
        rows = ranking.lines.order_by().filter(project__in=keys).values_list(*names)
    lines = {key: told for key, *told in rows.iterator()}
    ties: Sequence[str] = ranking.method["ties"]
    found: dict[int, list[str]] = {}
    for one, two in pairs:
        (items, equal, totals), (items2, _equal, totals2) = lines[one], lines[two]
        if equal and all(items.get(code) == items2.get(code) for code in ties):
            told = _("并列，由评审委员会决定")
        elif len(totals) != len(totals2) and _first(items, items2, ties) is None:
            told = _("同分，参加的评审阶段多的在前")
        else:
            told = _word(items, items2, ties)
        for project in (one, two):
            if told not in found.setdefault(project, []):
                found[project].append(told)
    return {project: "；".join(words) for project, words in found.items()}


def _first(one: dict[str, int], two: dict[str, int], ties: Sequence[str]) -> str | None:
    """The first item in which two lines differ."""
    return next((code for code in ties if one.get(code, 0) != two.get(code, 0)), None)


def _word(one: dict[str, int], two: dict[str, int], ties: Sequence[str]) -> str:
    code = _first(one, two, ties)
    if code is None or one.get(code, 0) < two.get(code, 0):
        return _("同分，参加的评审阶段多的在前")
    return _("同分，比“{item}”：{high} 高于 {low}").format(
        item=desk.item_title(code), high=number(one.get(code, 0)), low=number(two.get(code, 0))
    )


def marked(totals: Sequence[int], dropped: Sequence[int]) -> Iterator[tuple[str, bool]]:
    """Totals as points, each with whether it was left out."""
    left = list(dropped)
    for total in totals:
        out = total in left
        if out:
            left.remove(total)
        yield number(total), out


def opinions(projects: Iterable[int]) -> dict[int, list[Remark]]:
    """What the experts suggest and say in their signed sheets, by project, without their names and in no order of
    theirs: the highest amounts first.
    """
    cards = ScoreCard.objects.signed().filter(reading__project__in=list(projects))
    said = cards.exclude(comment="", suggested_fen__isnull=True)
    found: dict[int, list[Remark]] = {}
    for project, amount, text in said.values_list("reading__project", "suggested_fen", "comment"):
        found.setdefault(project, []).append(Remark(amount, text))
    for told in found.values():
        told.sort(key=lambda one: (-(one.amount_fen or 0), one.comment))
    return found


def suggested(told: Iterable[Remark]) -> int | None:
    """The mean of the amounts that were suggested, in whole fen; None when nobody did."""
    given = [one.amount_fen for one in told if one.amount_fen is not None]
    return sum(given) // len(given) if given else None


def open_stages(round_: Round) -> list[str]:
    """Stages of a round that are not over, in words; a round without stages has none to rank by."""
    rows = ReviewStage.objects.filter(round=round_, closed_at__isnull=True)
    return [_(STAGE_KIND_TITLES[row.kind]) for row in rows]


def may_rank(round_: Round) -> bool:
    """Whether a ranking can be made now: every stage is over and the committee has decided nothing yet."""
    stages = list(ReviewStage.objects.filter(round=round_).values_list("closed_at", flat=True))
    decided = CommitteeDecision.objects.current().filter(project__round=round_)
    return bool(stages) and None not in stages and not decided.exists()
