"""Whether a level is lowered (RAT-04): an officer decides, nothing happens by itself; the plaque comes back."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked
from liaoyuan.registry.actions import organizations, ratings, standings
from liaoyuan.registry.choices import Event, Permission, Trigger
from liaoyuan.registry.models import LevelWeighing, Organization, Rating, Standing
from liaoyuan.registry.params.ratings import RETURN
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.registry.rules.rounds import refusal


def asked(row: Standing, on: date, penalised_on: date | None) -> list[Finding]:
    """What RAT-04 says of a body's level as of the day: its annual results, or a penalty that is told."""
    known = queries.facts_of_apply(row, on, {"penalised_on": penalised_on})
    if penalised_on is not None:  # a penalty is weighed by itself, whatever the annual results are
        known = replace(known, annual_last="", annual_before="")
    limits = policy.limits(on, policy.chain(row.registrar_area.path))
    return policy.evaluate(Moment.EVENT, known, limits, on)


@transaction.atomic
def weigh(
    *, organization: Organization, penalised_on: date | None, lowered: bool, reason: str, on: date, by: Actor,
    at: datetime,
) -> LevelWeighing:  # fmt: skip
    """Decide whether the level goes down one step from the day `on`, for a penalty or for the annual results.

    Refused without a level, when RAT-04 does not speak, without a reason, and when the same was decided before. The
    certificate and plaque of a lowered level come back within the days of the parameter.
    """
    organization, row = organizations.entered(organization, Permission.RATING_MANAGE, by=by)
    if not reason.strip():
        raise Refused([refusal("RATING.reason", "reason")])
    if on > localdate(at):
        raise Refused([refusal("RATING.decided_late", "decided_on")])
    rating = Rating.objects.active(on).filter(organization=organization).first()
    told = refuse_if_blocked(asked(row, on, penalised_on), confirmed=True)
    if rating is None or not told:
        raise Refused([refusal("LEVEL.none")])
    trigger = Trigger.PENALTY if penalised_on else Trigger.ANNUAL
    about = penalised_on.isoformat() if penalised_on else str(told[0].args["year"])
    done = LevelWeighing.objects.filter(organization=organization, trigger=trigger, about=about).first()
    if done is not None:
        raise Refused([refusal("LEVEL.done", day=done.decided_on.isoformat())])
    level, due = "", None
    if lowered:
        level = rules.lower(rating.level)
        ratings.lower(rating=rating, level=level, on=on, evidence=reason, by=by, at=at)
        limits = policy.limits(on, policy.chain(row.registrar_area.path))
        due = on + timedelta(days=limits[RETURN])
    made = LevelWeighing.objects.create(
        organization=organization, rating=rating, trigger=trigger, about=about, lowered=lowered, level=level,
        reason=reason.strip()[:300], decided_on=on, return_due=due, decided_at=at, decided_by=standings.recorder(by),
    )  # fmt: skip
    organizations.touched(organization)
    events.record(
        Event.LEVEL_WEIGHED, organizations.subject(organization, row), by=by, at=at, findings=told,
        payload={"lowered": lowered, "level": [rating.level, level if lowered else rating.level],
                 "trigger": str(trigger), "about": about, "reason": made.reason, "on": on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def returned(*, weighing: LevelWeighing, on: date, by: Actor, at: datetime) -> LevelWeighing:
    """The certificate and plaque of the former level came back."""
    organization, row = organizations.entered(weighing.organization, Permission.RATING_MANAGE, by=by)
    held = LevelWeighing.objects.select_for_update().get(pk=weighing.pk)
    if held.returned_on is not None:
        raise Refused([refusal("LEVEL.returned", day=held.returned_on.isoformat())])
    if not held.lowered or not held.decided_on <= on <= localdate(at):
        raise Refused([refusal("LEVEL.return_early", "returned_on")])
    held.returned_on = on
    held.save(update_fields=["returned_on"])
    events.record(Event.PLAQUE_RETURNED, organizations.subject(organization, row), by=by, at=at,
                  payload={"on": on.isoformat()})  # fmt: skip
    return held
