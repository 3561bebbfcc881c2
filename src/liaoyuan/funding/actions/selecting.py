"""From the ranking to the list: the order and the best pack side by side, then the committee's decisions. Fen."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, moving
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.choices.states import ProjectState, Requirement
from liaoyuan.funding.models import CommitteeDecision, Discussion, Project, RankingLine, Round, Selection, SelectionLine
from liaoyuan.funding.queries import limits, selecting
from liaoyuan.funding.rules import packing
from liaoyuan.funding.rules.facts.reviews import ReviewFacts
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked

_EVENTS = {
    ReviewOutcome.PROPOSED: Event.PROJECT_PROPOSED,
    ReviewOutcome.RESERVE: Event.PROJECT_RESERVED,
    ReviewOutcome.REFUSED: Event.PROJECT_REFUSED,
}


@transaction.atomic
def select(*, round_: Round, by: Actor, at: datetime, most_nodes: int = packing.MOST_NODES) -> Selection:
    """Work out from the ranking that holds whom the money, the quotas and the caps allow: down the list, and the pack
    worth most points. Both are kept with what bound them and why each project is not in.
    """
    access.require(by, Permission.EDIT, round_)
    entering.lock(rounds=[round_.pk])
    row = entering.living_round(round_)
    ranking = selecting.latest(row)
    if ranking is None:
        raise entering.refusal("SELECT-RANK", _("请先汇总排名。"))
    lines = selecting.fundable(ranking)
    projects = [line.project for line in lines]
    ground = selecting.open_ground(row, projects)
    items = selecting.items_of(projects, {line.project_id: line.mean for line in lines})
    order, why = packing.in_order(items, ground)
    pack = packing.best(items, ground, most_nodes=most_nodes)
    number = (ranking.selections.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = Selection.objects.create(
        snapshot=ranking, number=number, ground=selecting.told(ground), order_value=order.value, pack_value=pack.value,
        bound=pack.bound, unmet={"order": list(order.unmet), "pack": list(pack.unmet)}, made_at=at,
        made_by=entering.recorder(by),
    )  # fmt: skip
    packed = [item for item in items if item.key in pack.chosen]
    SelectionLine.objects.bulk_create(
        SelectionLine(
            selection=made, project=line.project, place=line.place, asked_fen=item.cost,
            in_order=item.key in order.chosen, in_pack=item.key in pack.chosen,
            order_barred=list(why.get(item.key, ())),
            pack_barred=[] if item.key in pack.chosen else list(packing.barred(packed, item, ground)),
        )
        for line, item in zip(lines, items, strict=True)
    )  # fmt: skip
    payload = {"number": number, "order": order.value, "pack": pack.value, "bound": pack.bound}
    events.record(Event.ROUND_SELECTED, row, by=by, at=at, payload=payload)
    return made


def _decided(project: Project, version: int | None) -> tuple[Project, RankingLine, CommitteeDecision | None]:
    row = entering.living_project(project, version)
    if row.state not in (ProjectState.IN_REVIEW, ProjectState.PROPOSED):
        raise entering.refusal("PROJECT-STATE", _("这个项目现在不能由评审委员会决定。"))
    ranking = selecting.latest(row.round)
    line = ranking.lines.filter(project=row).first() if ranking is not None else None
    if line is None or not line.snapshot.selections.exists():
        raise entering.refusal("SELECT-FIRST", _("请先汇总排名、测算拟立项名单。"))
    return row, line, CommitteeDecision.objects.current().filter(project=row).first()


@transaction.atomic
def decide(
    *, project: Project, outcome: str, amount_fen: int = 0, reason: str = "", version: int | None = None, by: Actor,
    at: datetime,
) -> CommitteeDecision:  # fmt: skip
    """Enter what the committee decided: propose with an amount not above what was asked, reserve, or refuse.

    A reason is needed for everybody who is not proposed, and for whom is proposed though neither the order nor the
    pack holds him or the ranking puts him below the pass score. Money, quotas and caps hold over all proposals
    together. A reserve may be proposed later; what was proposed is only refused.
    """
    access.require(by, Permission.CONFIRM, project)
    if outcome not in {str(one) for one in ReviewOutcome}:
        raise entering.refusal("DECIDE-OUTCOME", _("请选择决定。"), "outcome")
    entering.lock(rounds=[project.round_id])
    row, line, before = _decided(project, version)
    kind, words = ReviewOutcome(outcome), reason.strip()[:1000]
    selection = line.snapshot.selections.order_by("-number")[0]
    _lawful(row, kind, before)
    findings: list[Finding] = []
    if kind == ReviewOutcome.PROPOSED:
        _amount(row, amount_fen)
        told = selection.lines.filter(project=row).first()
        if not words and (told is None or not (told.in_order or told.in_pack)):
            raise entering.refusal("DECIDE-REASON", _("名次和最优组合里都没有这个项目，请写明拟立项的理由。"), "reason")
        findings = _asked(row, line, at)
        moving.move(row, "propose", by=by, met=(Requirement.RANKING, Requirement.RULES))
    elif not words:
        raise entering.refusal("DECIDE-REASON", _("候补和不予立项须写明理由。"), "reason")
    elif kind == ReviewOutcome.REFUSED:
        moving.move(row, "refuse", by=by, met=(Requirement.REASON,))
        row.ended_at, row.ended_by, row.ended_reason = at, entering.recorder(by), words[:200]
    entering.touched(row, "state", "ended_at", "ended_by", "ended_reason")
    CommitteeDecision.objects.current().filter(project=row).update(superseded_at=at)
    made = CommitteeDecision.objects.create(
        selection=selection, project=row, outcome=outcome,
        amount_fen=amount_fen if kind == ReviewOutcome.PROPOSED else 0, asked_fen=row.grant_fen, reason=words,
        decided_at=at, decided_by=entering.recorder(by),
    )  # fmt: skip
    payload: dict[str, Any] = {"number": row.number, "amount_fen": made.amount_fen, "note": words[:200]}
    events.record(_EVENTS[kind], row, by=by, at=at, payload=payload, findings=findings)
    return made


@transaction.atomic
def decide_all(
    *, round_: Round, lines: Iterable[Mapping[str, Any]], number: int, by: Actor, at: datetime
) -> list[CommitteeDecision]:
    """Enter several decisions at once, in their order: project, outcome, amount_fen, reason, version. All or none.

    `number` is that of the selection on the page: refused when another one was worked out since. A finding about a
    project names its field with the project's key.
    """
    access.require(by, Permission.CONFIRM, round_)
    entering.lock(rounds=[round_.pk])
    latest = Selection.objects.filter(snapshot=selecting.latest(round_)).order_by("-number").first()
    if latest is None or latest.number != number:
        raise entering.refusal("SELECT-STALE", _("您打开页面之后，名单重新测算过。请核对最新内容后再决定。"))
    made = []
    for line in lines:
        project: Project = line["project"]
        if project.round_id != round_.pk:
            raise entering.refusal("PROJECT-STATE", _("这个项目不在这一届。"))
        try:
            made.append(decide(**line, by=by, at=at))
        except Refused as refused:
            raise Refused(
                [replace(f, field=f"{f.field or 'outcome'}-{project.pk}") for f in refused.findings]
            ) from refused
    return made


def _lawful(row: Project, kind: ReviewOutcome, before: CommitteeDecision | None) -> None:
    """Refuse what was decided already, and to take a proposal back to the reserve."""
    if before is not None and before.outcome == kind:
        raise entering.refusal("DECIDE-TWICE", _("这个项目已经这样决定。"))
    if row.state == ProjectState.PROPOSED and kind == ReviewOutcome.RESERVE:
        raise entering.refusal("DECIDE-BACK", _("已列入拟立项的项目不能改为候补，可以不予立项。"))


def _amount(row: Project, amount_fen: int) -> None:
    """Refuse an amount above what was asked, and what the money, the quotas and the caps of the round do not allow."""
    if not 0 < amount_fen <= row.grant_fen:
        told = _("拟资助金额须大于零，不超过申请的 {asked} 元。")
        raise entering.refusal("DECIDE-AMOUNT", told, "amount_fen", asked=f"{row.grant_fen / 100:.2f}")
    chosen = selecting.proposed_in(row.round, without=row.pk)
    (item,) = selecting.items_of([row], {}, {row.pk: amount_fen})
    barred = packing.barred(chosen, item, selecting.ground_of(row.round, [row.organization_id]))
    if barred:
        told = _("不能列入拟立项：{reasons}。")
        raise entering.refusal("DECIDE-GROUND", told, "amount_fen", reasons="；".join(selecting.reasons(barred)))


def _asked(row: Project, line: RankingLine, at: datetime) -> list[Finding]:
    """The rules of ranking and of closing, once more, about this project's sheets."""
    held, on = limits.limits_of(row.round), localdate(at)
    facts = ReviewFacts(
        ties_announced=True, totals=tuple(line.totals), discussed=Discussion.objects.filter(project=row).exists()
    )
    told = policy.evaluate(Moment.REVIEW_RANK, facts, held, on)
    return refuse_if_blocked([*told, *policy.evaluate(Moment.REVIEW_CLOSE, facts, held, on)], confirmed=True)
