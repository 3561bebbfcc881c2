"""DEV: what is asked at each of the twenty-five steps, and day by day between them (handbook §2.6, §9.2)."""

from datetime import date
from typing import Any

from liaoyuan.kit.dates import add_months, add_years
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.rules.development import probation_end, publicity_end
from liaoyuan.party.rules.facts.development import DevelopmentFacts
from liaoyuan.party.rules.steps import STEPS

_APPLICATION, _CONTACTS, _CANDIDATE, _INTRODUCERS, _TRAINING, _PREREVIEW = 1, 5, 7, 9, 11, 13
_MEETING, _APPROVAL, _CONFIRM_APPLY, _CONFIRM_MEETING = 15, 17, 22, 23


def dates_of(facts: DevelopmentFacts) -> dict[str, date]:
    """The days of the steps that are made, by the keys of `STEPS`, for `rules.development.window`."""
    days = {step.key: getattr(facts, f"{step.key}_on") for step in STEPS.values()}
    return {key: day for key, day in days.items() if day is not None}


def _day(facts: DevelopmentFacts, on: date) -> date:
    return facts.step_on or on


def age(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-01: grown up on the day of the application; the birthday itself passes."""
    if facts.step != _APPLICATION or facts.birth is None:
        return []
    years = limits["pb.dev.age"]
    first, day = add_years(facts.birth, years), _day(facts, on)
    if day >= first:
        return []
    return [
        limits.finding("PB-DEV-01", field="birth", uses=("pb.dev.age",), day=day.isoformat(), age=years,
                       first=first.isoformat())
    ]  # fmt: skip


def talk(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-02: somebody talks with the applicant in time."""
    if facts.applied_on is None or facts.talked_on is not None:
        return []
    last = add_months(facts.applied_on, limits["pb.dev.talk_months"])
    if on <= last:
        return []
    return [
        limits.finding("PB-DEV-02", field="talked_on", uses=("pb.dev.talk_months",),
                       applied=facts.applied_on.isoformat(), last=last.isoformat(), days=(on - last).days)
    ]  # fmt: skip


def contacts(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-03: one or two full members look after the activist."""
    if facts.step != _CONTACTS or facts.contacts is None:
        return []
    first, last = limits["pb.dev.contacts"]
    found = []
    if not first <= facts.contacts <= last:
        found.append(
            limits.finding("PB-DEV-03", field="contacts", uses=("pb.dev.contacts",), first=first, last=last,
                           count=facts.contacts)
        )  # fmt: skip
    if facts.contacts_not_full:
        found.append(limits.finding("PB-DEV-03", field="contacts", variant="full", count=facts.contacts_not_full))
    if facts.contact_is_self:
        found.append(limits.finding("PB-DEV-03", field="contacts", variant="self"))
    return found


def half_yearly(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-04: the activist is examined every half year until the admitting meeting."""
    if facts.activist_on is None or facts.meeting_on is not None:
        return []
    since = max(day for day in (facts.activist_on, facts.last_review_on) if day is not None)
    last = add_months(since, limits["pb.dev.review_months"])
    if on <= last:
        return []
    return [
        limits.finding("PB-DEV-04", field="last_review_on", uses=("pb.dev.review_months",), since=since.isoformat(),
                       last=last.isoformat(), days=(on - last).days)
    ]  # fmt: skip


def cultivated(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-05: a full year as an activist."""
    if facts.step != _CANDIDATE or facts.activist_on is None:
        return []
    months = limits["pb.dev.cultivate_months"]
    first = add_months(facts.activist_on, months)
    if _day(facts, on) >= first:
        return []
    return [
        limits.finding("PB-DEV-05", field="step_on", uses=("pb.dev.cultivate_months",),
                       activist=facts.activist_on.isoformat(), months=months, first=first.isoformat())
    ]  # fmt: skip


def introducers(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-06: exactly so many introducers, full members, different persons, rights whole."""
    if facts.step != _INTRODUCERS or facts.introducers is None:
        return []
    need, found = limits["pb.dev.introducers"], []
    if facts.introducers != need:
        found.append(
            limits.finding("PB-DEV-06", field="introducers", uses=("pb.dev.introducers",), need=need,
                           count=facts.introducers)
        )  # fmt: skip
    if facts.introducers_same:
        found.append(limits.finding("PB-DEV-06", field="introducers", variant="same"))
    for count, variant in ((facts.introducers_not_full, "full"), (facts.introducers_barred, "barred")):
        if count:
            found.append(limits.finding("PB-DEV-06", field="introducers", variant=variant, count=count))
    return found


def reviewed(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-07: the political review has its conclusion before the committee looks at the candidate."""
    if facts.step != _PREREVIEW:
        return []
    if facts.reviewed_on is None:
        return [limits.finding("PB-DEV-07", field="reviewed_on")]
    day = _day(facts, on)
    if facts.reviewed_on <= day:
        return []
    return [
        limits.finding("PB-DEV-07", field="reviewed_on", variant="late", reviewed=facts.reviewed_on.isoformat(),
                       day=day.isoformat())
    ]  # fmt: skip


def training(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-08: enough days or enough hours; an approved exception has its reason."""
    if facts.step != _TRAINING or facts.training_exception:
        return []
    if facts.training_days is None and facts.training_hours is None:
        return []
    days, hours = facts.training_days or 0, facts.training_hours or 0
    least_days, least_hours = limits["pb.dev.training_days"], limits["pb.dev.training_hours"]
    if days >= least_days or hours >= least_hours:
        return []
    return [
        limits.finding("PB-DEV-08", field="training_days", uses=("pb.dev.training_days", "pb.dev.training_hours"),
                       days=days, hours=hours, least_days=least_days, least_hours=least_hours)
    ]  # fmt: skip


def leaving(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-09: who will soon leave the unit is normally not admitted."""
    if facts.step != _PREREVIEW or facts.leaves_on is None:
        return []
    months = limits["pb.dev.leaving_months"]
    day = _day(facts, on)
    if facts.leaves_on < day or facts.leaves_on > add_months(day, months):
        return []
    return [
        limits.finding("PB-DEV-09", field="leaves_on", uses=("pb.dev.leaving_months",),
                       leaves=facts.leaves_on.isoformat(), months=months)
    ]  # fmt: skip


def publicity(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-10: so many working days of 公示 lie before the meeting; its first day is not counted."""
    if facts.step not in (_MEETING, _CONFIRM_MEETING):
        return []
    days, uses = limits["pb.dev.publicity_workdays"], ("pb.dev.publicity_workdays",)
    if facts.publicity_on is None:
        return [limits.finding("PB-DEV-10", field="publicity_on", variant="missing", uses=uses, days=days)]
    last = publicity_end(facts.publicity_on, limits)
    if _day(facts, on) > last:
        return []
    return [
        limits.finding("PB-DEV-10", field="publicity_on", uses=uses, days=days, last=last.isoformat(),
                       published=facts.publicity_on.isoformat())
    ]  # fmt: skip


def approval(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-12: the committee decides within its term, with a reason within the longer one; at the step and daily."""
    received = facts.received_on
    if received is None or facts.step not in (None, _APPROVAL) or facts.approved_on is not None:
        return []
    day = _day(facts, on)
    months = limits["pb.dev.approval_special_months"]
    last, most = add_months(received, limits["pb.dev.approval_months"]), add_months(received, months)
    if day > most:
        return [
            limits.finding("PB-DEV-12", field="step_on", variant="special", uses=("pb.dev.approval_special_months",),
                           received=received.isoformat(), most=most.isoformat(), months=months)
        ]  # fmt: skip
    if day <= last or facts.special_reason:
        return []
    return [
        limits.finding("PB-DEV-12", field="special_reason", uses=("pb.dev.approval_months",), last=last.isoformat(),
                       received=received.isoformat(), most=most.isoformat())
    ]  # fmt: skip


def probation(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-13: a full year from the admitting meeting before confirmation is asked for and discussed."""
    if facts.step not in (_CONFIRM_APPLY, _CONFIRM_MEETING) or facts.meeting_on is None:
        return []
    last, day = probation_end(facts.meeting_on, limits, facts.extended_months or 0), _day(facts, on)
    if day >= last:
        return []
    return [
        limits.finding("PB-DEV-13", field="step_on", uses=("pb.dev.probation_months",), last=last.isoformat(),
                       meeting=facts.meeting_on.isoformat(), day=day.isoformat())
    ]  # fmt: skip


def confirmation_due(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-14: probation is over, the meeting is soon."""
    if facts.meeting_on is None or facts.confirm_meeting_on is not None:
        return []
    ended = probation_end(facts.meeting_on, limits, facts.extended_months or 0)
    last = add_months(ended, limits["pb.dev.confirm_months"])
    if on <= last:
        return []
    return [
        limits.finding("PB-DEV-14", field="confirm_meeting_on",
                       uses=("pb.dev.probation_months", "pb.dev.confirm_months"),
                       ended=ended.isoformat(), last=last.isoformat())
    ]  # fmt: skip


def extension(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-15: probation is extended once, by so many months."""
    if facts.step != _CONFIRM_MEETING or facts.outcome != "extend":
        return []
    most, found = limits["pb.dev.extensions"], []
    done = facts.extensions or 0
    if done >= most:
        found.append(
            limits.finding("PB-DEV-15", field="outcome", variant="again", uses=("pb.dev.extensions",), count=done,
                           most=most)
        )  # fmt: skip
    first, last = limits["pb.dev.extension_months"]
    if facts.extend_months is not None and not first <= facts.extend_months <= last:
        found.append(
            limits.finding("PB-DEV-15", field="extend_months", uses=("pb.dev.extension_months",), first=first,
                           last=last, months=facts.extend_months)
        )  # fmt: skip
    return found


def confirmation_approval(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-16: the committee decides on the confirmation within its term."""
    received = facts.confirm_received_on
    if received is None or facts.confirm_approved_on is not None:
        return []
    last = add_months(received, limits["pb.dev.confirm_approval_months"])
    if on <= last:
        return []
    return [
        limits.finding("PB-DEV-16", field="confirm_approved_on", uses=("pb.dev.confirm_approval_months",),
                       received=received.isoformat(), last=last.isoformat(), days=(on - last).days)
    ]  # fmt: skip


def quota(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-17: the year's plan is not exceeded."""
    if facts.step != _PREREVIEW or facts.quota is None or (facts.quota_used or 0) < facts.quota:
        return []
    return [limits.finding("PB-DEV-17", field="quota", quota=facts.quota, used=facts.quota_used or 0)]


def order(facts: DevelopmentFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PB-DEV-18: what the step needs is made, on no later day than the step, and the step not in the future.

    The statutory floors of single steps are rules of their own (PB-DEV-05, -10, -13).
    """
    if facts.step is None:
        return []
    step, day, dates = STEPS[facts.step], _day(facts, on), dates_of(facts)
    told: dict[str, Any] = {"step": step.number, "title": step.title}
    if day > on:
        return [limits.finding("PB-DEV-18", field="step_on", variant="future", day=day.isoformat(), **told)]
    for number in step.needs:
        before = STEPS[number]
        about: dict[str, Any] = {**told, "before": number, "before_title": before.title}
        if before.key not in dates:
            return [limits.finding("PB-DEV-18", field="step", **about)]
        if dates[before.key] > day:
            return [
                limits.finding("PB-DEV-18", field="step_on", variant="order", day=day.isoformat(),
                               before_day=dates[before.key].isoformat(), **about)
            ]  # fmt: skip
    return []
