"""Visits: samples drawn and kept, visits planned, recorded, answered by the body, concluded."""

import secrets
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.running import VisitKind, VisitResult, VisitState
from liaoyuan.funding.models import GrantVisit, Project, Round, VisitSample
from liaoyuan.funding.queries import limits, running, visits
from liaoyuan.funding.rules import sampling

_VISITS = (Permission.EDIT, Permission.EVALUATE, Permission.CONFIRM)


def _require(by: Actor, row: Project | Round, *wanted: Permission) -> None:
    if not any(access.covers(by, one, row, write=True) for one in wanted):
        raise PermissionDenied(str(wanted[0]))


@transaction.atomic
def draw(
    *, round_: Round, kind: str, many: int, seed: str = "", planned_on: date | None = None, by: Actor, at: datetime
) -> VisitSample:
    """Draw projects to be visited. A random sample keeps its seed (made here unless given) and all that took part; a
    sample by risk keeps the weights, each visit its reasons.
    """
    _require(by, round_, Permission.EDIT, Permission.EVALUATE)
    entering.lock(rounds=[round_.pk])
    among = visits.population(round_)
    if kind not in (VisitKind.RANDOM, VisitKind.RISK):
        raise entering.refusal("SAMPLE-KIND", _("请选择随机抽查或按风险抽查。"), "kind")
    if not 0 < many <= len(among):
        told = _("可以抽取的项目有 {count} 个，请填 1 至 {count}。") if among else _("现在没有可以抽取的项目。")
        raise entering.refusal("SAMPLE-SIZE", told, "many", count=len(among))
    held = limits.limits_of(round_)
    weights = dict(held.get("gv.sample.risks") or {})
    found = visits.risks(among, localdate(at)) if kind == VisitKind.RISK else {}
    keys = [row.pk for row in among]
    if kind == VisitKind.RANDOM:
        seed = seed.strip()[:40] or secrets.token_hex(8)
        chosen = sampling.at_random(seed, keys, many)
    else:
        seed, chosen = "", sampling.by_risk(found, weights, many)
        if not chosen:
            raise entering.refusal("SAMPLE-NONE", _("现在没有项目有风险原因。"), "kind")
    made = VisitSample.objects.create(
        round=round_, number=VisitSample.objects.filter(round=round_).count() + 1, kind=kind, seed=seed,
        size=len(chosen), population=keys, rules=weights if kind == VisitKind.RISK else {}, drawn_at=at,
        drawn_by=entering.recorder(by),
    )  # fmt: skip
    GrantVisit.objects.bulk_create(
        GrantVisit(project_id=key, sample=made, kind=kind, reasons=[str(one) for one in found.get(key, ())],
                   planned_on=planned_on, planned_at=at, planned_by=entering.recorder(by))
        for key in chosen
    )  # fmt: skip
    payload = {"sample": made.number, "kind": kind, "seed": seed, "chosen": chosen, "among": len(keys)}
    events.record(Event.SAMPLE_DRAWN, round_, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def plan(*, project: Project, planned_on: date | None, by: Actor, at: datetime) -> GrantVisit:
    """Plan a visit of one's own."""
    _require(by, project, *_VISITS)
    row = entering.living_project(project)
    if not running.started(row):
        raise entering.refusal("VISIT-STATE", _("项目还没有开始实施。"))
    made = GrantVisit.objects.create(project=row, kind=VisitKind.ROUTINE.value, planned_on=planned_on, planned_at=at,
                                     planned_by=entering.recorder(by))  # fmt: skip
    payload = {"visit": made.pk, "day": entering.day(planned_on)}
    events.record(Event.VISIT_PLANNED, row, by=by, at=at, payload=payload)
    return made


def _locked(visit: GrantVisit, version: int | None, *states: VisitState) -> GrantVisit:
    entering.living_project(visit.project)
    row = GrantVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if row.state not in states or (version is not None and row.version != version):
        raise entering.refusal("VISIT-STALE", _("您打开页面之后，督导有变化。您填写的内容还在，请核对后再办。"))
    row.project = visit.project
    return row


@transaction.atomic
def record(
    *, visit: GrantVisit, visited_on: date, visitors: str, seen: str, faults: str = "", version: int | None = None,
    by: Actor, at: datetime,
) -> GrantVisit:  # fmt: skip
    """Enter what was seen. With faults the body gets so many working days to reply; without, the visit is concluded."""
    _require(by, visit.project, *_VISITS)
    row = _locked(visit, version, VisitState.PLANNED)
    if visited_on > localdate(at):
        raise entering.refusal("VISIT-DAY", _("走访日期不能晚于今天。"), "visited_on")
    for name, text, title in (("visitors", visitors, _("走访人")), ("seen", seen, _("看到的情况"))):
        if not text.strip():
            raise entering.refusal("VISIT-MISSING", _("请填写{title}。"), name, title=title)
    row.visited_on, row.visitors, row.seen = visited_on, visitors.strip()[:80], seen.strip()[:2000]
    row.faults = faults.strip()[:1000]
    row.recorded_at, row.recorded_by = at, entering.recorder(by)
    if row.faults:
        held = limits.limits_of(visit.project.round)
        days = held.get("gv.reply.workdays") or 0
        row.state, row.reply_by = str(VisitState.RECORDED), held.calendar.add_workdays(localdate(at), days).date
    else:
        row.state, row.result = str(VisitState.CLOSED), str(VisitResult.FINE)
        row.closed_at, row.closed_by = at, entering.recorder(by)
    entering.touched(row, "visited_on", "visitors", "seen", "faults", "recorded_at", "recorded_by", "state",
                     "reply_by", "result", "closed_at", "closed_by")  # fmt: skip
    payload = {"visit": row.pk, "on": visited_on.isoformat(), "faults": bool(row.faults), "note": row.faults[:200]}
    events.record(Event.VISIT_RECORDED, visit.project, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def reply(*, visit: GrantVisit, text: str, version: int | None = None, by: Actor, at: datetime) -> GrantVisit:
    """The body says what it has to say to the faults before the conclusion; what must be mended, how it was mended."""
    access.require(by, Permission.OWN_EDIT, visit.project)
    row = _locked(visit, version, VisitState.RECORDED, VisitState.MENDING)
    said = text.strip()[:1000]
    if len(said) < 2:
        raise entering.refusal("VISIT-REPLY", _("请写明回复。"), "text")
    if row.state == VisitState.MENDING:
        row.mended, row.mended_at, row.mended_by = said, at, entering.recorder(by)
        entering.touched(row, "mended", "mended_at", "mended_by")
    else:
        row.reply, row.replied_at, row.replied_by = said, at, entering.recorder(by)
        entering.touched(row, "reply", "replied_at", "replied_by")
    payload = {"visit": row.pk, "note": said[:200], "mended": row.state == VisitState.MENDING}
    events.record(Event.VISIT_REPLIED, visit.project, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def close(
    *, visit: GrantVisit, result: str, conclusion: str, mend_by: date | None = None, version: int | None = None,
    by: Actor, at: datetime,
) -> GrantVisit:  # fmt: skip
    """Conclude a visit with faults, after the body has spoken or its day for it is over. With the result that it must
    be mended the visit stays open until the day `mend_by`; the body reports, and the visit is concluded again.
    """
    _require(by, visit.project, *_VISITS)
    row = _locked(visit, version, VisitState.RECORDED, VisitState.MENDING)
    _heard(row, localdate(at))
    if result not in {str(one) for one in VisitResult}:
        raise entering.refusal("VISIT-RESULT", _("请选择结果。"), "result")
    if len(conclusion.strip()) < 2:
        raise entering.refusal("VISIT-CONCLUSION", _("请写明结论，采纳或不采纳回复的理由。"), "conclusion")
    row.result, row.conclusion = result, conclusion.strip()[:500]
    if result == VisitResult.RECTIFY:
        if mend_by is None or mend_by < localdate(at):
            raise entering.refusal("VISIT-MEND-BY", _("须整改的，请写明整改期限，不早于今天。"), "mend_by")
        row.state, row.mend_by, row.mended_at, row.mended_by = str(VisitState.MENDING), mend_by, None, None
    else:
        row.state, row.closed_at, row.closed_by = str(VisitState.CLOSED), at, entering.recorder(by)
    entering.touched(row, "state", "result", "conclusion", "mend_by", "mended_at", "mended_by", "closed_at",
                     "closed_by")  # fmt: skip
    _told(Event.VISIT_CLOSED, row, by=by, at=at, result=result,
          due=entering.day(row.mend_by) if result == VisitResult.RECTIFY else None)  # fmt: skip
    return row


def _heard(row: GrantVisit, today: date) -> None:
    """Refuse a conclusion while the body may still speak."""
    if row.state == VisitState.MENDING:
        spoken, until = row.mended_at, row.mend_by
    else:
        spoken, until = row.replied_at, row.reply_by
    if spoken is None and until is not None and today <= until:
        told = _("组织还没有回复，{day} 以后才能作出结论。")
        raise entering.refusal("VISIT-HEARING", told, day=until.isoformat())


@transaction.atomic
def drop(*, visit: GrantVisit, reason: str, version: int | None = None, by: Actor, at: datetime) -> GrantVisit:
    """Give up a planned visit, with the reason; a drawn one stays readable in its sample."""
    _require(by, visit.project, *_VISITS)
    row = _locked(visit, version, VisitState.PLANNED)
    if len(reason.strip()) < 2:
        raise entering.refusal("VISIT-REASON", _("请写明取消的原因。"), "reason")
    row.state, row.conclusion = str(VisitState.DROPPED), reason.strip()[:500]
    row.closed_at, row.closed_by = at, entering.recorder(by)
    entering.touched(row, "state", "conclusion", "closed_at", "closed_by")
    _told(Event.VISIT_DROPPED, row, by=by, at=at)
    return row


def _told(event: Event, row: GrantVisit, *, by: Actor, at: datetime, **more: Any) -> None:
    payload = {"visit": row.pk, "note": row.conclusion[:200], **more}
    events.record(event, row.project, by=by, at=at, payload=payload)
