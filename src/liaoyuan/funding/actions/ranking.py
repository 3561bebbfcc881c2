"""Ranking a round: the signed sheets of its closed stages brought into order and kept as they stood."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import CommitteeDecision, Project, Ranking, RankingLine, ReviewStage, Round
from liaoyuan.funding.queries import results
from liaoyuan.funding.rules import scoring
from liaoyuan.funding.rules.facts.reviews import ReviewFacts
from liaoyuan.funding.rules.scoring import Place, Result
from liaoyuan.kit.findings import Finding, Limits, refuse_if_blocked


@transaction.atomic
def rank(*, round_: Round, by: Actor, at: datetime) -> Ranking:
    """Bring the projects under review into order by all closed stages, each by its weight, and keep the order.

    A project that was not called to a later stage stands behind those that were, with the mean of what it has.
    Refused while a stage runs, while a project under review has no signed sheet, and after the committee decided.
    """
    access.require(by, Permission.EDIT, round_)
    entering.lock(rounds=[round_.pk])
    row = entering.living_round(round_)
    stages = list(
        ReviewStage.objects.filter(round=row).select_related("sheet", "round__programme__area").order_by("pk")
    )
    if not stages or any(stage.closed_at is None for stage in stages):
        raise entering.refusal("RANK-OPEN", _("所有评审阶段都结束以后才能汇总。"))
    if CommitteeDecision.objects.current().filter(project__round=row).exists():
        raise entering.refusal("RANK-DECIDED", _("评审委员会已经作出决定，不能重新汇总。"))
    by_stage = [results.of_stage(stage) for stage in stages]
    reviewed = Project.objects.filter(round=row, state=str(ProjectState.IN_REVIEW))
    names = dict(reviewed.order_by("pk").values_list("pk", "number"))
    bare = [number for pk, number in names.items() if not any(pk in found for found in by_stage)]
    if bare or not names:
        raise entering.refusal("RANK-BARE", _("还没有评分：{names}。"), names="、".join(bare) or _("没有评审中的项目"))
    held = results.limits_for(stages[-1])
    groups = _groups(list(names), stages, by_stage)
    findings = _asked([one for group in groups for one in group], stages, held, localdate(at))
    return _kept(row, stages, _placed(groups, held), findings, held, by=by, at=at)


def _groups(
    projects: Iterable[int], stages: list[ReviewStage], by_stage: list[dict[int, Result]]
) -> list[list[Result]]:
    """Results by how many stages a project went through, most first."""
    found: dict[int, list[Result]] = {}
    for pk in projects:
        own = [(found_[pk], stage.weight) for stage, found_ in zip(stages, by_stage, strict=True) if pk in found_]
        found.setdefault(len(own), []).append(scoring.weighed([r for r, _w in own], [w for _r, w in own]))
    return [found[count] for count in sorted(found, reverse=True)]


def _asked(found: Iterable[Result], stages: list[ReviewStage], held: Limits, on: date) -> list[Finding]:
    """GV-REV-04: the order of ties stood fast before, enough sheets to drop extremes. Each sentence once."""
    announced = all(
        stage.sheet.frozen_at is not None and stage.begun_at is not None and stage.sheet.frozen_at <= stage.begun_at
        for stage in stages
    )
    told: dict[str, Finding] = {}
    for result in found:
        facts = ReviewFacts(ties_announced=announced, totals=result.totals)
        for finding in policy.evaluate(Moment.REVIEW_RANK, facts, held, on):
            told.setdefault(finding.text, finding)
    return refuse_if_blocked(told.values(), confirmed=True)


def _placed(groups: list[list[Result]], held: Limits) -> list[tuple[Place, Result]]:
    """Places of all projects: group after group, each in the order of the rules."""
    found: list[tuple[Place, Result]] = []
    for group in groups:
        ahead, by_key = len(found), {result.project: result for result in group}
        for place in scoring.ranking(group, held, places=len(group)):
            found.append((Place(place.project, place.rank + ahead, place.tied, place.outcome), by_key[place.project]))
    return found


def _line(place: Place, result: Result) -> dict[str, Any]:
    return {
        "project_id": int(place.project), "place": place.rank, "tied": place.tied, "mean": result.mean,
        "exact_num": result.exact.numerator, "exact_den": result.exact.denominator, "spread": result.spread,
        "totals": sorted(result.totals), "dropped": sorted(result.dropped),
        "items": {item: scoring.rounded(value) for item, value in result.items.items()}, "outcome": str(place.outcome),
    }  # fmt: skip


def _kept(
    row: Round, stages: list[ReviewStage], placed: list[tuple[Place, Result]], findings: list[Finding], held: Limits, *,
    by: Actor, at: datetime,
) -> Ranking:  # fmt: skip
    method = {
        "stages": [{"kind": stage.kind, "weight": stage.weight, "sheet": stage.sheet.number} for stage in stages],
        "drop_from": held["gv.review.drop_from"], "ties": list(held["gv.rank.ties"]),
        "pass_score": held["gv.review.pass_score"],
    }  # fmt: skip
    lines = [_line(place, result) for place, result in placed]
    text = json.dumps([method, lines], ensure_ascii=False, sort_keys=True)
    number = (Ranking.objects.filter(round=row).order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = Ranking.objects.create(
        round=row, number=number, method=method, findings=[f.as_dict() for f in findings],
        code=hashlib.sha256(text.encode()).hexdigest(), made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    RankingLine.objects.bulk_create(RankingLine(snapshot=made, **line) for line in lines)
    payload = {"number": number, "projects": len(lines), "code": made.code}
    events.record(Event.ROUND_RANKED, row, by=by, at=at, payload=payload, findings=findings)
    return made
