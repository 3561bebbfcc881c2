"""One body in a round: it enters (RAT-01, RAT-02, CRD-04), scores itself, is visited, decided, or leaves."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Refused, refuse_if_blocked
from liaoyuan.registry.actions import rating_rounds, standings
from liaoyuan.registry.choices import LIVE, REGISTERED, EntryState, Event, Permission
from liaoyuan.registry.models import (
    Assignment,
    Organization,
    RatingAppeal,
    RatingDecision,
    RatingEntry,
    RatingItem,
    RatingRound,
    RatingScore,
)
from liaoyuan.registry.params.ratings import ENTRY_TITLES
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.registry.rules.rounds import refusal

PAGE_LONGEST = 100


class Mark(NamedTuple):
    """Points (tenths, None = not scored) and evidence for one indicator."""

    tenths: int | None
    page: str = ""


class Votes(NamedTuple):
    """A vote of the committee as totals."""

    present: int
    yes: int
    no: int
    abstain: int


def require_filler(by: Actor, entry: RatingEntry | None, organization: int, round_: RatingRound) -> None:
    """Who may fill in for a body: its own head, or who runs the round (代填)."""
    if not (queries.own(by, organization) or queries.runs(by, round_)):
        raise PermissionDenied(str(Permission.RATING_OWN))


@transaction.atomic
def enter(
    *, round_: RatingRound, organization: Organization, declared: Mapping[str, Any], by: Actor, at: datetime,
    confirmed: bool = False, on_behalf: str = "",
) -> RatingEntry:  # fmt: skip
    """Let a body take part. `declared`: penalised_on, penalty_open, investigated.

    Refused by RAT-01, RAT-02 and CRD-04, past the last day, for a body that is not live, registered and of the area.
    """
    require_filler(by, None, organization.pk, round_)
    locks.one_at_a_time("rating.round", round_.pk)
    row_ = RatingRound.objects.select_related("area").get(pk=round_.pk)
    on = localdate(at)
    if row_.closed_at is not None:
        raise Refused([refusal("RATING.closed")])
    if on > row_.assess_until:
        raise Refused([refusal("RATING.late", day=row_.assess_until.isoformat())])
    row = queries.open_row(organization.pk)
    sheet = row_.sheet_of(row.kind)
    if row.kind not in REGISTERED or row.status not in {str(s) for s in LIVE} or row.organization.is_external:
        raise Refused([refusal("RATING.unfit", "organization")])
    if not row.registrar_area.path.startswith(row_.area.path):
        raise Refused([refusal("RATING.away", "organization")])
    if sheet is None:
        raise Refused([refusal("SHEET.none", "organization")])
    if RatingEntry.objects.filter(round=row_, organization=organization).present().exists():
        raise Refused([refusal("RATING.entered", "organization")])
    told = refuse_if_blocked(queries.asked(row, on, declared), confirmed=confirmed)
    made = RatingEntry.objects.create(
        round=row_, organization=row.organization, sheet_id=sheet, created_at=at, created_by=standings.recorder(by),
        on_behalf=on_behalf[:120], penalised_on=declared.get("penalised_on"),
        penalty_open=bool(declared.get("penalty_open")), investigated=bool(declared.get("investigated")),
    )  # fmt: skip
    tell(Event.RATING_ENTERED, made, row.name, by=by, at=at, findings=told, on_behalf=on_behalf, round=str(row_))
    return made


def tell(
    event: Event, entry: RatingEntry, name: str, *, by: Actor, at: datetime, findings: Any = (), on_behalf: str = "",
    **payload: Any,
) -> None:  # fmt: skip
    """An event of the body about its part in a round."""
    events.record(
        event, ("organization", str(entry.organization_id), name[:120]), by=by, at=at, findings=findings,
        on_behalf=on_behalf, payload={"entry": entry.pk, **payload},
    )  # fmt: skip


def name_of(entry: RatingEntry) -> str:
    """The present name of the body."""
    return queries.open_row(entry.organization_id).name


def locked(entry: RatingEntry, *states: EntryState) -> RatingEntry:
    """The entry's row anew, under its lock; refused in another state and once the round is closed."""
    locks.one_at_a_time("rating.entry", entry.pk)
    rows = RatingEntry.objects.select_for_update(of=("self",)).select_related("round__area", "organization")
    row = rows.get(pk=entry.pk)
    if row.round.closed_at is not None:
        raise Refused([refusal("RATING.closed")])
    if states and row.state not in {str(state) for state in states}:
        raise Refused([refusal("RATING.state", state=_(ENTRY_TITLES[row.state]))])
    return row


def write_scores(
    entry: RatingEntry, assignment: Assignment | None, marks: Mapping[int, Mark], items: list[RatingItem]
) -> dict[int, int | None]:
    """Replace the scores of one sheet; returns the points by indicator. Refused above an indicator's full score."""
    known = {item.pk: item for item in items}
    wrong = []
    for pk, mark in marks.items():
        if pk in known and mark.tenths is not None and not 0 <= mark.tenths <= known[pk].tenths:
            wrong.append(refusal("RATING.score", f"s{pk}", item=known[pk].third, most=rules.written(known[pk].tenths)))
        if pk in known and len(mark.page) > PAGE_LONGEST:
            wrong.append(refusal("RATING.page", f"p{pk}", item=known[pk].third, limit=PAGE_LONGEST))
    refuse_if_blocked(wrong)
    old = RatingScore.objects.filter(entry=entry, assignment=assignment)
    if assignment is None:
        old = RatingScore.objects.filter(entry=entry, assignment__isnull=True)
    old.filter(item__in=known).delete()
    RatingScore.objects.bulk_create(
        [
            RatingScore(entry=entry, assignment=assignment, item=known[pk], tenths=mark.tenths, most=known[pk].tenths,
                        page=mark.page.strip())
            for pk, mark in marks.items()
            if pk in known and (mark.tenths is not None or mark.page.strip())
        ]
    )  # fmt: skip
    return {pk: mark.tenths for pk, mark in marks.items() if pk in known}


@transaction.atomic
def save_self(*, entry: RatingEntry, marks: Mapping[int, Mark], version: int, by: Actor, at: datetime) -> RatingEntry:
    """Keep the draft of a self-assessment; `version` refuses when somebody else saved meanwhile.

    A draft is no event: the whole sheet enters the audit when it is handed in.
    """
    require_filler(by, entry, entry.organization_id, entry.round)
    row = locked(entry, EntryState.DRAFT)
    if localdate(at) > row.round.assess_until:
        raise Refused([refusal("RATING.late", day=row.round.assess_until.isoformat())])
    if row.version != version:
        raise Refused([refusal("RATING.stale")])
    points = write_scores(row, None, marks, queries.items_of(row.sheet_id))
    row.self_tenths = sum(value for value in points.values() if value is not None)
    row.version += 1
    row.save(update_fields=["self_tenths", "version"])
    return row


@transaction.atomic
def submit(*, entry: RatingEntry, by: Actor, at: datetime, confirmed: bool = False, on_behalf: str = "") -> RatingEntry:
    """Hand in the self-assessment. Refused while an indicator has no points, past the last day, and by the rules of
    an application as of today.
    """
    require_filler(by, entry, entry.organization_id, entry.round)
    row = locked(entry, EntryState.DRAFT)
    on = localdate(at)
    if on > row.round.assess_until:
        raise Refused([refusal("RATING.late", day=row.round.assess_until.isoformat())])
    items = queries.items_of(row.sheet_id)
    scored = {pk: score.tenths for pk, score in queries.scores_of(row).items()}
    refuse_if_blocked(rules.unscored([(i.pk, i.third, i.bonus) for i in items], scored))
    standing = queries.open_row(row.organization_id)
    told = refuse_if_blocked(queries.asked(standing, on, queries.declared_of(row)), confirmed=confirmed)
    row.self_tenths = sum(value for value in scored.values() if value is not None)
    row.state, row.submitted_at, row.submitted_by = EntryState.SUBMITTED.value, at, standings.recorder(by)
    row.returned_reason, row.on_behalf = "", on_behalf[:120] or row.on_behalf
    row.save(update_fields=["self_tenths", "state", "submitted_at", "submitted_by", "returned_reason", "on_behalf"])
    by_number = {item.pk: item.number for item in items}
    scores = {str(by_number[pk]): value for pk, value in sorted(scored.items())}
    tell(Event.RATING_SUBMITTED, row, standing.name, by=by, at=at, findings=told, on_behalf=on_behalf,
         tenths=row.self_tenths, scores=scores)  # fmt: skip
    return row


@transaction.atomic
def send_back(*, entry: RatingEntry, reason: str, by: Actor, at: datetime) -> RatingEntry:
    """Give a self-assessment back for correction, with the reason; its experts' scores stay."""
    round_ = rating_rounds.entered(entry.round, by=by)
    row = locked(entry, EntryState.SUBMITTED)
    if not reason.strip():
        raise Refused([refusal("RATING.reason", "reason")])
    if localdate(at) > round_.assess_until:
        raise Refused([refusal("RATING.late", day=round_.assess_until.isoformat())])
    row.state, row.submitted_at, row.submitted_by = EntryState.DRAFT.value, None, None
    row.returned_reason = reason.strip()[:300]
    row.save(update_fields=["state", "submitted_at", "submitted_by", "returned_reason"])
    tell(Event.RATING_RETURNED, row, name_of(row), by=by, at=at, reason=row.returned_reason)
    return row


@transaction.atomic
def withdraw(*, entry: RatingEntry, reason: str, by: Actor, at: datetime) -> RatingEntry:
    """Leave the round; not once its results are public."""
    require_filler(by, entry, entry.organization_id, entry.round)
    locks.one_at_a_time("rating.round", entry.round_id)
    row = locked(entry, EntryState.DRAFT, EntryState.SUBMITTED, EntryState.DECIDED)
    if row.round.publicity_from is not None:
        raise Refused([refusal("RATING.published")])
    if not reason.strip():
        raise Refused([refusal("RATING.reason", "reason")])
    row.state, row.returned_reason = EntryState.WITHDRAWN.value, reason.strip()[:300]
    row.save(update_fields=["state", "returned_reason"])
    tell(Event.RATING_WITHDRAWN, row, name_of(row), by=by, at=at, reason=row.returned_reason)
    return row


@transaction.atomic
def visit(*, entry: RatingEntry, on: date, words: str, by: Actor, at: datetime) -> RatingEntry:
    """Write down the visit on the spot (实地考察)."""
    round_ = rating_rounds.entered(entry.round, by=by)
    row = locked(entry, EntryState.SUBMITTED)
    if not round_.called_on <= on <= localdate(at):
        raise Refused([refusal("RATING.visit", "visited_on")])
    row.visited_on, row.visit_note = on, words.strip()[:500]
    row.save(update_fields=["visited_on", "visit_note"])
    tell(Event.RATING_VISITED, row, name_of(row), by=by, at=at, on=on.isoformat())
    return row


@transaction.atomic
def decide(
    *, entry: RatingEntry, level: str, votes: Votes, on: date, words: str, by: Actor, at: datetime
) -> RatingDecision:
    """The committee's decision on a body, by totals. It replaces an earlier one until the results are public.

    Refused without an expert's sheet, when the votes do not add up or do not carry (share of *all* members), and for a
    level other than the proposed one without words.
    """
    round_ = rating_rounds.entered(entry.round, by=by)
    row = locked(entry, EntryState.SUBMITTED, EntryState.DECIDED)
    if round_.publicity_from is not None:
        raise Refused([refusal("RATING.published")])
    if on > localdate(at):
        raise Refused([refusal("RATING.decided_late", "decided_on")])
    if not row.expert_count:
        raise Refused([refusal("RATING.no_scores")])
    if level != rules.proposed(round_.levels, row.expert_sum, row.expert_count) and not words.strip():
        raise Refused([refusal("RATING.reason", "words")])
    RatingDecision.objects.current().filter(entry=row, appeal__isnull=True).update(superseded_at=at)
    made = recorded(row, round_, None, level=level, votes=votes, on=on, words=words, by=by, at=at)
    row.level, row.state = level, EntryState.DECIDED.value
    row.save(update_fields=["level", "state"])
    tell(Event.RATING_DECIDED, row, name_of(row), by=by, at=at, level=level, votes=list(votes), on=on.isoformat(),
         members=round_.members)  # fmt: skip
    return made


def recorded(
    entry: RatingEntry, round_: RatingRound, appeal: RatingAppeal | None, *, level: str, votes: Votes, on: date,
    words: str, by: Actor, at: datetime,
) -> RatingDecision:  # fmt: skip
    """Keep a vote that carries; refused otherwise."""
    refuse_if_blocked(
        rules.carried(members=round_.members, present=votes.present, votes=(votes.yes, votes.no, votes.abstain),
                      num=round_.vote_num, den=round_.vote_den)
    )  # fmt: skip
    return RatingDecision.objects.create(
        entry=entry, appeal=appeal, level=level, decided_on=on, members=round_.members,
        least=rules.least_votes(round_.members, round_.vote_num, round_.vote_den), words=words.strip()[:500],
        recorded_at=at, recorded_by=standings.recorder(by), **votes._asdict(),
    )  # fmt: skip
