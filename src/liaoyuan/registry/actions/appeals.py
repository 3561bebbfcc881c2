"""Objections to a proposed level: written within the publicity, weighed by the committee, told in days (RAT-06)."""

from datetime import date, datetime

from django.db import transaction

from liaoyuan.core import policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked
from liaoyuan.registry.actions import rating_entries, rating_rounds, standings
from liaoyuan.registry.actions.rating_entries import Votes
from liaoyuan.registry.choices import AppealOutcome, EntryState, Event
from liaoyuan.registry.models import RatingAppeal, RatingEntry
from liaoyuan.registry.rules.facts import OrganizationFacts
from liaoyuan.registry.rules.rounds import refusal


@transaction.atomic
def file(
    *, entry: RatingEntry, filed_on: date, filed_by_body: bool, words: str, by: Actor, at: datetime, on_behalf: str = ""
) -> RatingAppeal:
    """Take in a written objection, of the body itself or of somebody else. Refused outside the publicity period and
    while another one waits.
    """
    rating_entries.require_filler(by, entry, entry.organization_id, entry.round)
    row = rating_entries.locked(entry, EntryState.DECIDED)
    first, last = row.round.publicity_from, row.round.publicity_until
    if first is None or last is None:
        raise Refused([refusal("RATING.unpublished")])
    if not first <= filed_on <= last or filed_on > localdate(at):
        raise Refused([refusal("APPEAL.window", "filed_on", first=first.isoformat(), last=last.isoformat())])
    if not words.strip():
        raise Refused([refusal("RATING.reason", "words")])
    if RatingAppeal.objects.filter(entry=row, outcome=AppealOutcome.OPEN.value).exists():
        raise Refused([refusal("APPEAL.open")])
    made = RatingAppeal.objects.create(
        entry=row, filed_on=filed_on, filed_by_body=filed_by_body, words=words.strip()[:1000], recorded_at=at,
        recorded_by=standings.recorder(by),
    )  # fmt: skip
    rating_entries.tell(Event.APPEALED, row, rating_entries.name_of(row), by=by, at=at, on_behalf=on_behalf,
                        appeal=made.pk, on=filed_on.isoformat())  # fmt: skip
    return made


@transaction.atomic
def decide(
    *, appeal: RatingAppeal, level: str, votes: Votes, on: date, words: str, by: Actor, at: datetime
) -> RatingAppeal:
    """The committee's review, by totals: half of *all* members, as the round says. The level it names holds from now.

    Refused before the objection was filed, after today, and once decided.
    """
    round_ = rating_rounds.entered(appeal.entry.round, by=by)
    row = rating_entries.locked(appeal.entry, EntryState.DECIDED)
    held = RatingAppeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if held.outcome != AppealOutcome.OPEN:
        raise Refused([refusal("APPEAL.decided")])
    if not held.filed_on <= on <= localdate(at):
        raise Refused([refusal("RATING.decided_late", "decided_on")])
    rating_entries.recorded(row, round_, held, level=level, votes=votes, on=on, words=words, by=by, at=at)
    changed = level != row.level
    held.outcome = str(AppealOutcome.CHANGED if changed else AppealOutcome.KEPT)
    held.decided_on = on
    held.save(update_fields=["outcome", "decided_on"])
    old = row.level
    if changed:
        row.level = level
        row.save(update_fields=["level"])
    rating_entries.tell(
        Event.APPEAL_DECIDED, row, rating_entries.name_of(row), by=by, at=at, appeal=held.pk, on=on.isoformat(),
        votes=list(votes), members=round_.members, level=[old, level],
    )  # fmt: skip
    return held


def asked_on_notice(appeal: RatingAppeal, notified_on: date) -> list[Finding]:
    """RAT-06: told in writing within the days."""
    limits = policy.limits(notified_on, policy.chain(appeal.entry.round.area.path))
    facts = OrganizationFacts(decided_on=appeal.decided_on, notified_on=notified_on)
    return policy.evaluate(Moment.DECIDED, facts, limits, notified_on)


@transaction.atomic
def notify(*, appeal: RatingAppeal, on: date, by: Actor, at: datetime) -> RatingAppeal:
    """Write down that the decision was told in writing. RAT-06 warns when that was late."""
    rating_rounds.entered(appeal.entry.round, by=by)
    held = RatingAppeal.objects.select_for_update(of=("self",)).select_related("entry__round__area").get(pk=appeal.pk)
    if held.decided_on is None:
        raise Refused([refusal("APPEAL.undecided")])
    if held.notified_on is not None:
        raise Refused([refusal("APPEAL.notified", day=held.notified_on.isoformat())])
    if not held.decided_on <= on <= localdate(at):
        raise Refused([refusal("APPEAL.notice_early", "notified_on", day=held.decided_on.isoformat())])
    told = refuse_if_blocked(asked_on_notice(held, on), confirmed=True)
    held.notified_on = on
    held.save(update_fields=["notified_on"])
    rating_entries.tell(Event.APPEAL_NOTIFIED, held.entry, rating_entries.name_of(held.entry), by=by, at=at,
                        findings=told, appeal=held.pk, on=on.isoformat())  # fmt: skip
    return held
