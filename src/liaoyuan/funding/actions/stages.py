"""Stages of a review: the score sheet, the stage itself, its begin and its end."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, moving
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.review import CardState, StageKind
from liaoyuan.funding.choices.states import ProjectState, Requirement
from liaoyuan.funding.models import Project, Reading, ReviewStage, Round, ScoreSheet
from liaoyuan.funding.queries import limits, results, ties
from liaoyuan.funding.rules.facts.reviews import ReviewFacts
from liaoyuan.kit.findings import Finding, refuse_if_blocked

_MOST_WEIGHT = 100


def _round(round_: Round, by: Actor) -> Round:
    access.require(by, Permission.EDIT, round_)
    entering.lock(rounds=[round_.pk])
    return entering.living_round(round_)


def living_stage(stage: ReviewStage, version: int | None = None) -> ReviewStage:
    """The stage again, under the lock. Refused when it changed since the page was opened."""
    rows = ReviewStage.objects.select_for_update(of=("self",)).select_related("round__programme__area", "sheet")
    found = rows.get(pk=stage.pk)
    if version is not None and found.version != version:
        raise entering.refusal("STAGE-STALE", _("您打开页面之后，别人修改了这个评审阶段。请核对最新内容后再保存。"))
    return found


@transaction.atomic
def draw_up_sheet(
    *, round_: Round, items: Mapping[str, int] | None = None, bonus: Mapping[str, int] | None = None,
    ties: Sequence[str] | None = None, note: str = "", by: Actor, at: datetime,
) -> ScoreSheet:  # fmt: skip
    """Draw up a version of the score sheet, by the round's figures or with items of its own (item → full points).

    The full points of the items are 100 together; the bonus comes on top.
    """
    row = _round(round_, by)
    held = limits.limits_of(row)
    own = dict(items) if items is not None else dict(held["gv.score.items"])
    more = dict(bonus) if bonus is not None else dict(held["gv.score.bonus"])
    order = list(ties) if ties is not None else list(held["gv.rank.ties"])
    if any(most <= 0 for most in (*own.values(), *more.values())) or sum(own.values()) != _MOST_WEIGHT:
        raise entering.refusal("SHEET-SUM", _("评分项的满分合计须为 100 分，每项大于 0 分。"), "items")
    if set(own) & set(more) or not set(order) <= set(own):
        raise entering.refusal("SHEET-ITEMS", _("加分项不能与评分项重名；并列时比较的须是评分项。"), "ties")
    if own.get("party", 0) > held["gv.score.party_max"]:
        raise entering.refusal(
            "SHEET-PARTY", _("党建引领一项最高 {most} 分。"), "items", most=held["gv.score.party_max"]
        )
    number = (row.sheets.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = ScoreSheet.objects.create(
        round=row, number=number, items=own, bonus=more, ties=order, note=note.strip()[:200], made_at=at,
        made_by=entering.recorder(by),
    )  # fmt: skip
    events.record(Event.SHEET_DRAWN_UP, row, by=by, at=at, payload={"number": number, "items": own, "bonus": more})
    return made


@transaction.atomic
def plan(
    *, round_: Round, kind: str = StageKind.DESK.value, sheet: ScoreSheet | None = None, weight: int = _MOST_WEIGHT,
    readers: int | None = None, blind: bool = True, held_on: date | None = None, seed: str = "", by: Actor,
    at: datetime,
) -> ReviewStage:  # fmt: skip
    """Plan a stage. Without a seed of its own (a number drawn in public) one is drawn here and kept."""
    row = _round(round_, by)
    if kind not in {str(one) for one in StageKind}:
        raise entering.refusal("STAGE-KIND", _("请选择评审阶段。"), "kind")
    if ReviewStage.objects.filter(round=row, kind=kind).exists():
        raise entering.refusal("STAGE-TWICE", _("这一届已有这个评审阶段。"), "kind")
    if not 1 <= weight <= _MOST_WEIGHT:
        raise entering.refusal("STAGE-WEIGHT", _("权重为 1 至 100。"), "weight")
    if sheet is not None and sheet.round_id != row.pk:
        raise entering.refusal("STAGE-SHEET", _("这张评分表不属于这一届。"), "sheet")
    number = readers if readers is not None else limits.limits_of(row)["gv.review.experts_min"]
    findings = refuse_if_blocked(_enough(row, number, localdate(at)))
    made = ReviewStage.objects.create(
        round=row, kind=kind, sheet=sheet or row.sheets.first() or draw_up_sheet(round_=row, by=by, at=at),
        weight=weight, readers=number, blind=blind and kind == StageKind.DESK, held_on=held_on,
        seed=seed.strip()[:40] or secrets.token_hex(8), planned_at=at, planned_by=entering.recorder(by),
    )  # fmt: skip
    payload = {"kind": kind, "seed": made.seed, "readers": number}
    events.record(Event.STAGE_PLANNED, row, by=by, at=at, payload=payload, findings=findings)
    return made


def _enough(round_: Round, count: int, on: date) -> list[Finding]:
    """GV-REV-01: as many experts as the round asks for, an odd number."""
    return policy.evaluate(Moment.REVIEW_OPEN, ReviewFacts(experts=count), limits.limits_of(round_), on)


@transaction.atomic
def begin(*, stage: ReviewStage, version: int | None = None, by: Actor, at: datetime) -> ReviewStage:
    """Let the experts read. On paper the assigned projects move into review; the score sheet is frozen.

    Projects that are eligible later are assigned and begun by a further call.
    """
    access.require(by, Permission.EDIT, stage.round)
    entering.lock(rounds=[stage.round_id])
    row = living_stage(stage, version)
    if row.closed_at is not None:
        raise entering.refusal("STAGE-CLOSED", _("这个评审阶段已经结束。"))
    readers = results.readers(row)
    if not readers:
        raise entering.refusal("STAGE-EMPTY", _("还没有分配评审专家。"))
    on, signed = localdate(at), ties.declared(row.round)
    experts = Reading.objects.standing().filter(stage=row).select_related("expert")
    undeclared = sorted({r.expert.name for r in experts if r.expert_id not in signed})
    if undeclared:
        raise entering.refusal("STAGE-UNDECLARED", _("还没有签署回避声明：{names}。"), names="、".join(undeclared))
    waiting = Project.objects.filter(pk__in=list(readers), state=str(ProjectState.ELIGIBLE))
    for project in waiting.order_by("pk"):
        one = entering.living_project(project)
        refuse_if_blocked(_enough(row.round, readers[one.pk], on))
        moving.move(one, "review", by=by, met=(Requirement.EXPERTS, Requirement.RULES))
        entering.touched(one, "state")
    if row.begun_at is None:
        row.begun_at, row.begun_by = at, entering.recorder(by)
        ScoreSheet.objects.filter(pk=row.sheet_id, frozen_at__isnull=True).update(
            frozen_at=at, frozen_by=entering.recorder(by)
        )
    entering.touched(row, "begun_at", "begun_by")
    events.record(Event.STAGE_BEGUN, row.round, by=by, at=at, payload={"kind": row.kind, "projects": len(readers)})
    return row


@transaction.atomic
def close(
    *, stage: ReviewStage, confirmed: bool = False, version: int | None = None, by: Actor, at: datetime
) -> tuple[ReviewStage, list[Finding]]:
    """End a stage: every reader has signed what is still under review, and totals that lie far apart were talked over.

    Where GV-REV-05 only warns, `confirmed` closes in spite of it; what it said is kept with the event.
    """
    access.require(by, Permission.EDIT, stage.round)
    entering.lock(rounds=[stage.round_id])
    row = living_stage(stage, version)
    if row.begun_at is None or row.closed_at is not None:
        raise entering.refusal("STAGE-STATE", _("这个评审阶段没有开始，或者已经结束。"))
    reading = Reading.objects.standing().filter(stage=row, project__state=str(ProjectState.IN_REVIEW))
    left = reading.exclude(cards__state=str(CardState.SIGNED))
    if left.exists():
        names = sorted({one.expert.name for one in left.select_related("expert")})
        told = _("还有 {count} 份评分没有签字：{names}。")
        raise entering.refusal("STAGE-UNSIGNED", told, count=left.count(), names="、".join(names))
    findings = refuse_if_blocked(results.spread_findings(row, localdate(at)))
    if findings and not confirmed:
        raise entering.refusal("STAGE-SPREAD", _("还有 {count} 个项目的评分差距没有讨论。确认后才能结束。"),
                               count=len(findings))  # fmt: skip
    row.closed_at, row.closed_by = at, entering.recorder(by)
    entering.touched(row, "closed_at", "closed_by")
    events.record(Event.STAGE_CLOSED, row.round, by=by, at=at, findings=findings, payload={"kind": row.kind})
    return row, findings
