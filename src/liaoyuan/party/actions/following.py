"""What was recorded of a person from the vote of a meeting follows when the totals of that vote are corrected."""

from datetime import datetime

from liaoyuan.core.access import Actor
from liaoyuan.party.actions import developing, entering
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.models import Decision, DevelopmentStep, DevelopmentVote
from liaoyuan.party.queries import corrections, courses


def lock(decision: Decision) -> None:
    """Wait for whoever records a step from this vote; after the meeting's own lock."""
    if decision.applicant is not None:
        entering.lock(parties=[decision.meeting.party_organization_id])
        developing.lock(decision.applicant)


def follow(decision: Decision, *, flipped: bool, by: Actor, at: datetime) -> None:
    """Its copy is superseded, and with the same result written again with the new totals.

    With another result it is recorded anew from the meeting, and the step that it made counts as not made. The caller
    has asked that nothing later rests on it.
    """
    for row in DevelopmentVote.objects.current().filter(decision=decision):
        DevelopmentVote.objects.filter(pk=row.pk).update(superseded_at=at)
        if not flipped:
            row.pk, row._state.adding, row.recorded_at, row.recorded_by = None, True, at, entering.recorder(by)
            row.yes, row.no, row.abstain = decision.yes or 0, decision.no or 0, decision.abstain or 0
            row.save(force_insert=True)
    if not flipped or decision.applicant is None:
        return
    made = DevelopmentStep.objects.current().filter(decision=decision, number__in=corrections.MADE_BY_VOTE)
    for step in made:
        DevelopmentStep.objects.filter(pk=step.pk).update(superseded_at=at)
        course = courses.of(developing.again(decision.applicant))
        developing.done(course, Event.STEP_TAKEN_BACK, by=by, at=at, step=step.number,
                        note=developing.title(step.number))  # fmt: skip
