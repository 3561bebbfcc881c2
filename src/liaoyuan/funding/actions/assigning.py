"""Who reads what: drawn evenly without those who stand aside; single readings added and taken back."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, experts, stages
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.review import CardState, ReaderRole, StageKind
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import GrantExpert, Project, Reading, ReviewStage
from liaoyuan.funding.queries import ties
from liaoyuan.funding.rules import assigning
from liaoyuan.kit.findings import refuse_if_blocked

_LETTERS = "23456789ABCDEFGHJKMNPQRTUVWXYZ"


def label(stage: ReviewStage, project: Project) -> str:
    """What a project is called while names are hidden: nobody who does not know the seed can tell whose it is."""
    number = int.from_bytes(hashlib.sha256(f"{stage.seed}:{stage.pk}:{project.pk}".encode()).digest()[:8])
    letters = []
    for _n in range(7):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def _open(stage: ReviewStage, by: Actor) -> ReviewStage:
    access.require(by, Permission.EDIT, stage.round)
    entering.lock(rounds=[stage.round_id])
    row = stages.living_stage(stage)
    if row.closed_at is not None:
        raise entering.refusal("STAGE-CLOSED", _("这个评审阶段已经结束。"))
    return row


def _due(row: ReviewStage, only: Iterable[Project] | None) -> list[Project]:
    """The projects that a stage reads: on paper all that are eligible, before the panel those named."""
    states = [str(ProjectState.IN_REVIEW)]
    if row.kind == StageKind.DESK:
        states.append(str(ProjectState.ELIGIBLE))
    found = Project.objects.filter(round=row.round_id, state__in=states).select_related(
        "round__programme__area", "organization"
    )
    if only is not None:
        found = found.filter(pk__in=[project.pk for project in only])
    return list(found.order_by("pk"))


@transaction.atomic
def assign(
    *, stage: ReviewStage, drawn: Iterable[GrantExpert], projects: Iterable[Project] | None = None, by: Actor,
    at: datetime,
) -> list[Reading]:  # fmt: skip
    """Draw the readers of every project that lacks some, among the experts given (GV-REV-02 sets aside).

    Loads differ by as little as the ties allow; the stage's seed and the same rows give the same draw. What was
    assigned before stays, so that a late project can be drawn for. Refused whole where a project would have too few.
    """
    row = _open(stage, by)
    pool = [expert for expert in drawn if expert.ended_at is None]
    signed, on = ties.declared(row.round), localdate(at)
    undeclared = sorted(expert.name for expert in pool if expert.pk not in signed)
    if undeclared:
        raise entering.refusal("STAGE-UNDECLARED", _("还没有签署回避声明：{names}。"), names="、".join(undeclared))
    due = _due(row, projects)
    known = ties.of_many(pool, row.round, on)
    free = {
        str(project.pk): [
            str(expert.pk) for expert in pool
            if not ties.bars(ties.findings(expert, project, known[expert.pk], on, signed=True))
        ]
        for project in due
    }  # fmt: skip
    held: dict[str, list[str]] = {}
    for project, expert in Reading.objects.standing().filter(stage=row).values_list("project", "expert"):
        held.setdefault(str(project), []).append(str(expert))
    skilled = {str(p.pk): [str(e.pk) for e in pool if p.field and p.field in e.specialities] for p in due}
    plan = assigning.assign(free, wanted=row.readers, experts=[str(e.pk) for e in pool], seed=row.seed, fixed=held,
                            skilled=skilled)  # fmt: skip
    if plan.missing:
        named = {str(project.pk): project.number for project in due}
        told = _("专家不够：{names}。请增加专家。")
        short = "、".join(f"{named[key]}（缺 {count} 名）" for key, count in plan.missing.items())
        raise entering.refusal("STAGE-FEW", told, names=short)
    by_key = {str(project.pk): project for project in due}
    made = [
        Reading(stage=row, project=by_key[key], expert_id=int(expert), label=label(row, by_key[key]), assigned_at=at,
                assigned_by=entering.recorder(by))
        for key, readers in plan.readers.items() for expert in readers if expert not in held.get(key, ())
    ]  # fmt: skip
    Reading.objects.bulk_create(made)
    row.version += 1
    row.save(update_fields=["version"])
    payload = {"kind": row.kind, "seed": row.seed, "readings": len(made), "experts": sorted(e.pk for e in pool)}
    events.record(Event.STAGE_ASSIGNED, row.round, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def add(
    *, stage: ReviewStage, project: Project, expert: GrantExpert, role: str = ReaderRole.READER.value, by: Actor,
    at: datetime,
) -> Reading:  # fmt: skip
    """One more reader for a project, where somebody fell out or the sheets lie far apart."""
    row = _open(stage, by)
    if role not in {str(one) for one in ReaderRole}:
        raise entering.refusal("READING-ROLE", _("请选择评审的身份。"), "role")
    if project.round_id != row.round_id or project.state not in (ProjectState.IN_REVIEW, ProjectState.ELIGIBLE):
        raise entering.refusal("PROJECT-STATE", _("这个项目不在这一届的评审中。"))
    if Reading.objects.standing().filter(stage=row, project=project, expert=expert).exists():
        raise entering.refusal("READING-TWICE", _("这名专家已评审这个项目。"), "expert")
    on = localdate(at)
    told = ties.findings(
        expert, project, ties.of(expert, row.round, on), on, signed=expert.pk in ties.declared(row.round)
    )
    findings = refuse_if_blocked(told, confirmed=True)
    made = Reading.objects.create(
        stage=row, project=project, expert=expert, role=role, label=label(row, project), assigned_at=at,
        assigned_by=entering.recorder(by),
    )  # fmt: skip
    payload = {"reading": made.pk, "role": role, "expert": expert.pk}
    events.record(Event.READING_ADDED, row.round, by=by, at=at, payload=payload, findings=findings)
    return made


def _end(reading: Reading, reason: str, by: Actor, at: datetime) -> Reading:
    row = Reading.objects.select_for_update(of=("self",)).select_related("stage__round", "expert").get(pk=reading.pk)
    if row.ended_at is not None:
        raise entering.refusal("READING-GONE", _("这名专家已撤下。"))
    if row.cards.filter(state=str(CardState.SIGNED)).exists():
        raise entering.refusal("READING-SIGNED", _("已签字的评分须先写明理由作废，才能撤下专家。"))
    if not reason.strip():
        raise entering.refusal("READING-REASON", _("请写明撤下的理由。"), "reason")
    row.ended_at, row.ended_by, row.ended_reason = at, entering.recorder(by), reason.strip()[:200]
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    payload = {"reading": row.pk, "expert": row.expert_id, "note": row.ended_reason}
    events.record(Event.READING_ENDED, row.stage.round, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def take_off(*, reading: Reading, reason: str, by: Actor, at: datetime) -> Reading:
    """The office takes a reader off a project that he has not signed."""
    _open(reading.stage, by)
    return _end(reading, reason, by, at)


@transaction.atomic
def clear(*, stage: ReviewStage, reason: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Take back the whole draw before anybody reads, so that it can be made with other experts; how many it were."""
    _open(stage, by)
    row = stages.living_stage(stage, version)
    if row.begun_at is not None:
        raise entering.refusal("STAGE-BEGUN", _("评审已经开始，只能逐个撤下专家。"))
    if not reason.strip():
        raise entering.refusal("READING-REASON", _("请写明撤下的理由。"), "reason")
    why = reason.strip()[:200]
    count = (
        Reading.objects.standing()
        .filter(stage=row)
        .update(ended_at=at, ended_by=entering.recorder(by), ended_reason=why)
    )
    entering.touched(row)
    events.record(Event.READING_ENDED, row.round, by=by, at=at, payload={"kind": row.kind, "all": count, "note": why})
    return count


@transaction.atomic
def stand_aside(*, reading: Reading, kind: str, note: str = "", by: Actor, at: datetime) -> Reading:
    """A reader who recognizes a project and has a tie with it leaves it; the tie holds from now on."""
    if not Reading.objects.of(by).filter(pk=reading.pk).exists():
        raise PermissionDenied(str(Permission.REVIEW_SCORE))
    entering.lock(rounds=[reading.stage.round_id])
    row = _end(reading, _("专家申请回避"), by, at)
    experts.keep_tie(row.expert, {"kind": kind, "project": row.project, "note": note}, by=by, at=at)
    return row
