"""The demo's reviews: experts declare, read and sign; the committee decides."""

from collections.abc import Sequence
from datetime import datetime

from liaoyuan.funding.actions import assigning, experts, ranking, scoring, selecting, stages
from liaoyuan.funding.actions.demo_applying import again
from liaoyuan.funding.actions.demo_cast import HOST, OFFICE, Cast
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.models import GrantExpert, Project, Reading, ReviewStage, Round
from liaoyuan.funding.rules.remarks import Remark

#: Shares of the full points (percent) by item, in turn, so that no two sheets are alike.
_SHARES = (88, 82, 90, 76, 84, 80, 92, 78)
_COMMENTS = (
    "需求调研扎实，服务对象明确，建议把满意度调查的方式写得更具体。", "方案可行，团队稳定，预算测算依据清楚。",
    "指标可以核对，建议增加志愿者流失的应对措施。", "与社区资源结合较好，后续运营的资金来源需要再论证。",
)  # fmt: skip


def begun(cast: Cast, round_: Round, drawn: Sequence[GrantExpert], days: int) -> ReviewStage:
    """A stage on paper in which every eligible project has all the experts drawn as readers."""
    at = cast.at(days)
    for expert in drawn:
        declared(cast, round_, expert, days)
    stage = stages.plan(round_=round_, readers=len(drawn), seed=f"{20_260_000 + days}", by=cast[OFFICE], at=at)
    assigning.assign(stage=stage, drawn=drawn, by=cast[OFFICE], at=at)
    return stages.begin(stage=stage, by=cast[OFFICE], at=at)


def declared(cast: Cast, round_: Round, expert: GrantExpert, days: int) -> None:
    """An expert signs his declaration for the round."""
    experts.declare(round_=round_, expert=expert, by=expert.user, at=cast.at(days))


def readings(stage: ReviewStage) -> list[Reading]:
    """All readings of a stage, project after project."""
    rows = Reading.objects.standing().filter(stage=stage).select_related("expert__user", "stage__round", "project")
    return list(rows.order_by("project", "expert"))


def scored(cast: Cast, reading: Reading, at: datetime, *, less: int = 0, sign: bool = True) -> None:
    """Fill in a sheet and sign it; `less` lowers every item by so many percent of its full points."""
    items: dict[str, int] = reading.stage.sheet.items
    turn = reading.pk
    strict = reading.project_id * 5 % 13 + reading.expert_id * 3 % 7  # projects are unlike, and so are experts
    points = {
        item: most * max(0, _SHARES[(turn + place) % len(_SHARES)] + 4 - strict - less) // 50 * 50
        for place, (item, most) in enumerate(sorted(items.items()))
    }
    comment = _COMMENTS[turn % len(_COMMENTS)]
    by = reading.expert.user
    scoring.save(reading=reading, points=points if sign else dict(list(points.items())[:4]), by=by, at=at,
                 remark=Remark(None, comment))  # fmt: skip
    if sign:
        scoring.sign(reading=reading, by=by, at=at)


def closed(cast: Cast, round_: Round, drawn: Sequence[GrantExpert], days: int, *, weak: int | None = None) -> None:
    """A review from the declarations to the ranking and the selection; `weak` is the project that nobody liked."""
    stage = begun(cast, round_, drawn, days)
    for reading in readings(stage):
        scored(cast, reading, cast.at(days - 4), less=35 if reading.project_id == weak else 0)
    stages.close(stage=stage, confirmed=True, by=cast[OFFICE], at=cast.at(days - 6))
    ranking.rank(round_=round_, by=cast[OFFICE], at=cast.at(days - 6, 14))
    selecting.select(round_=round_, by=cast[OFFICE], at=cast.at(days - 6, 15))


def proposed(cast: Cast, rows: Sequence[Project], days: int) -> list[Project]:
    """The committee proposes the projects with what they asked for."""
    for row in rows:
        selecting.decide(project=again(row), outcome=str(ReviewOutcome.PROPOSED), amount_fen=row.grant_fen,
                         reason="评审委员会一致同意。", by=cast[HOST], at=cast.at(days))  # fmt: skip
    return [again(row) for row in rows]


def put_back(cast: Cast, row: Project, outcome: ReviewOutcome, reason: str, days: int) -> None:
    """The committee reserves or refuses a project, with the reason its body reads."""
    selecting.decide(project=again(row), outcome=str(outcome), reason=reason, by=cast[HOST], at=cast.at(days))
