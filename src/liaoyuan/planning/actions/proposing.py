"""Proposals of instructors: asked for, written down, bent by pins, accepted line by line through the party floor."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, jobs
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import User
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.party.actions import instructors as appointing
from liaoyuan.party.choices.coverage import InstructorKind
from liaoyuan.party.models import Instructor, InstructorAssignment
from liaoyuan.planning.actions import accepting, entering
from liaoyuan.planning.choices.codes import Event
from liaoyuan.planning.choices.words import PIN_TITLES, PinKind, ProposalState
from liaoyuan.planning.models import InstructorLine, InstructorPin, InstructorProposal, Plan, Scenario
from liaoyuan.planning.queries.instructing import Answer
from liaoyuan.registry.models import Organization
from liaoyuan.solvers.coverage.records import canonical

JOB = "planning.instruct"
SUBJECT = "proposal"


@transaction.atomic
def ask(*, plan: Plan, by: Actor, at: datetime) -> InstructorProposal:
    """Ask for a plan's next proposal of instructors; a job computes it. Refused while one is being computed."""
    plan = entering.living_plan(plan, by)
    if plan.finished_at is None:
        raise entering.refusal("PLAN-UNMADE", _("方案还没有算完。"))
    for left in plan.proposals.filter(state=ProposalState.SOLVING.value):
        if jobs.unfinished(f"{JOB}:{left.pk}") is not None:
            raise entering.refusal("PLAN-BUSY", _("指导员正在编排，请等它算完。"))
        give_up(proposal=left, sentence=_("任务已中断。"))
    last = plan.proposals.order_by("-number").first()
    made = InstructorProposal.objects.create(
        plan=plan, number=last.number + 1 if last else 1, on=localdate(at), asked_at=at,
        asked_by=entering.recorder(by), earlier=plan.proposals.made().order_by("-number").first(),
    )  # fmt: skip
    events.record(Event.PROPOSAL_ASKED, entering.plan_subject(plan), by=by, at=at, payload={"number": made.number})
    label = _("编排指导员 {name}").format(name=plan.scenario.name)
    jobs.enqueue_on_commit(
        JOB, made.pk, key=f"{JOB}:{made.pk}", by=by if isinstance(by, User) else None, at=at, label=label,
        subject=(SUBJECT, made.pk),
    )  # fmt: skip
    return made


def keep_input(*, proposal: InstructorProposal, raw: Mapping[str, Any]) -> InstructorProposal:
    """Write down what a proposal is computed from; called inside the job's transaction."""
    proposal.instance, proposal.input_hash = dict(raw), hashlib.sha256(canonical(raw)).hexdigest()
    proposal.save(update_fields=["instance", "input_hash"])
    return proposal


def give_up(*, proposal: InstructorProposal, sentence: str) -> None:
    """Say why it could not be computed; one that is written down stays."""
    rows = InstructorProposal.objects.filter(pk=proposal.pk, state=ProposalState.SOLVING.value)
    rows.update(state=ProposalState.FAILED.value, note=sentence[:200])


@transaction.atomic
def keep(*, proposal: InstructorProposal, found: Answer, by: Actor | None, at: datetime) -> InstructorProposal:
    """Write down the answer as lines, after what was accepted of the proposal before. Refused when that is done."""
    rows = InstructorProposal.objects.select_for_update(of=("self",)).select_related("plan__scenario")
    row = rows.get(pk=proposal.pk)
    if row.state != ProposalState.SOLVING:
        raise entering.refusal("PLAN-MADE", _("这次编排已经算完。"))
    placed = [pair for pair in found.pairs if pair.instructor is not None]
    row.state, row.optimal, row.finished_at, row.more = str(ProposalState.READY), found.optimal, at, dict(found.more)
    row.needing, row.placed = len(found.pairs), len(placed)
    row.metres, row.cost = sum(pair.metres or 0 for pair in placed), sum(pair.cost for pair in placed)
    row.result_hash = hashlib.sha256(canonical([asdict(pair) for pair in found.pairs])).hexdigest()
    row.save()
    if row.earlier_id is not None:
        _carry(row, {pair.body for pair in found.pairs})
    InstructorLine.objects.bulk_create(
        InstructorLine(
            proposal=row, organization_id=pair.body, street_id=pair.street, need=pair.need,
            instructor_id=pair.instructor, fixed=pair.fixed, metres=pair.metres, cost=pair.cost, second_id=pair.second,
            price=pair.price,
        )
        for pair in found.pairs
    )  # fmt: skip
    events.record(Event.PROPOSAL_MADE, entering.plan_subject(row.plan), by=by, at=at, payload={
        "number": row.number, "input": row.input_hash, "result": row.result_hash, "placed": row.placed,
        "metres": row.metres,
    })  # fmt: skip
    return row


def _carry(row: InstructorProposal, without: set[int]) -> None:
    """What was accepted stays on the list."""
    for line in InstructorLine.objects.filter(proposal=row.earlier_id, accepted_at__isnull=False).order_by("pk"):
        if line.organization_id not in without:
            line.pk, line.proposal = None, row
            line.save(force_insert=True)


@transaction.atomic
def pin(
    *, scenario: Scenario, kind: str, organization: Organization, instructor: Instructor, reason: str = "", by: Actor,
    at: datetime,
) -> InstructorPin:  # fmt: skip
    """Fix a pair, or bar it, for every later proposal of the scenario. What was laid down of the same pair, and another
    instructor fixed for the body, is taken back. Barring needs a reason.
    """
    scenario = entering.living(scenario, by)
    if PinKind(kind) == PinKind.BAR and len(reason.strip()) < 2:
        raise entering.refusal("PLAN-REASON", _("请写明理由。"), "reason")
    if instructor.ended_on is not None:
        raise entering.refusal("INSTRUCTOR-ENDED", _("这名指导员已停止。"), "instructor")
    held = InstructorPin.objects.held().filter(scenario=scenario, organization=organization)
    for row in held.select_related("scenario"):
        if row.instructor_id == instructor.pk or (row.kind == kind == PinKind.FIX):
            _lift(row, by, at)
    made = InstructorPin.objects.create(
        scenario=scenario, kind=str(PinKind(kind)), organization=organization, instructor=instructor,
        reason=reason.strip()[:200], made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    _tell(Event.PINNED, made, by, at)
    return made


@transaction.atomic
def unpin(*, row: InstructorPin, by: Actor, at: datetime) -> InstructorPin:
    """Take a pin back; proposals that were made under it stay as they are."""
    entering.living(row.scenario, by)
    found = InstructorPin.objects.select_for_update(of=("self",)).select_related("scenario").get(pk=row.pk)
    if found.lifted_at is not None:
        raise entering.refusal("PLAN-LIFTED", _("这条锁定已经取消。"))
    return _lift(found, by, at)


def _lift(row: InstructorPin, by: Actor, at: datetime) -> InstructorPin:
    row.lifted_at, row.lifted_by = at, entering.recorder(by)
    row.save(update_fields=["lifted_at", "lifted_by"])
    _tell(Event.UNPINNED, row, by, at)
    return row


def _tell(code: Event, row: InstructorPin, by: Actor, at: datetime) -> None:
    told = {"kind": PIN_TITLES[row.kind], "organization": row.organization_id, "instructor": row.instructor_id,
            "note": row.reason}  # fmt: skip
    events.record(code, entering.subject(row.scenario), by=by, at=at, payload=told)


@dataclass(slots=True)
class Outcome:
    """What became of lines that were to be accepted: those that are, and for the others why not."""

    done: list[InstructorLine] = field(default_factory=list)
    refused: list[tuple[InstructorLine, list[Finding]]] = field(default_factory=list)


@transaction.atomic
def accept(
    *, proposal: InstructorProposal, lines: Sequence[int], letter: str, letter_from: date, letter_until: date,
    start: date, by: Actor, at: datetime, confirmed: bool = False,
) -> Outcome:  # fmt: skip
    """Take lines of a proposal: the party floor's assignment of each, under its rules, or nothing of it.

    Each line stands for itself: a refused one leaves no trace and is told. What PB-INS-01 finds - also where it only
    warns - holds a line until it is `confirmed`. Refused altogether unless the plan is approved.
    """
    rows = InstructorLine.objects.filter(proposal=proposal, pk__in=lines)
    bodies = sorted(rows.values_list("organization_id", flat=True))
    plan = accepting.approved(proposal.plan, by, bodies)
    keys = rows.filter(instructor__isnull=False).values("instructor")
    list(Instructor.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    told = Outcome()
    here = rows.select_for_update(of=("self",)).select_related("organization", "instructor__area")
    for row in here.order_by("instructor", "organization"):
        try:
            with transaction.atomic():
                row.assignment = _appoint(row, letter, (letter_from, letter_until, start), by, at, confirmed)
                row.accepted_at, row.accepted_by = at, entering.recorder(by)
                row.save(update_fields=["assignment", "accepted_at", "accepted_by"])
                events.record(Event.LINE_ACCEPTED, entering.plan_subject(plan), by=by, at=at, payload={
                    "body": row.organization_id, "instructor": row.instructor_id, "assignment": row.assignment_id,
                })  # fmt: skip
        except Refused as refused:
            told.refused.append((row, list(refused.findings)))
        else:
            told.done.append(row)
    return told


def _appoint(
    row: InstructorLine, letter: str, days: tuple[date, date, date], by: Actor, at: datetime, confirmed: bool
) -> InstructorAssignment:  # fmt: skip
    first, last, start = days
    if row.accepted_at is not None:
        raise entering.refusal("PLAN-TAKEN", _("已经采纳。"))
    if row.instructor is None:
        raise entering.refusal("PLAN-NOBODY", _("这一家没有排到指导员。"))
    held = InstructorAssignment.objects.current().filter(organization=row.organization_id, valid_to__gt=start)
    if held.lettered(start).exists():
        raise entering.refusal("PLAN-LETTERED", _("这一家已有聘书有效的指导员或联络员。"))
    said = appointing.asked(row.instructor, row.organization, letter=letter, letter_from=first, letter_until=last,
                            on=start)  # fmt: skip
    if said and not confirmed:
        raise Refused(said)
    return appointing.assign(
        instructor=row.instructor, organization=row.organization, kind=InstructorKind.INSTRUCTOR, letter=letter,
        letter_from=first, letter_until=last, start=start, by=by, at=at, confirmed=confirmed,
    )  # fmt: skip
