"""Rounds of annual reports: opened with one row per body in scope, published, closed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import access, bulk, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.queries import calendar
from liaoyuan.kit.findings import Finding, Limits, Refused, Severity
from liaoyuan.registry.actions import standings
from liaoyuan.registry.choices import KIND_TITLES, AnnualState, Event, Kind, Permission
from liaoyuan.registry.models import AnnualReport, AnnualRound, AnnualTerm
from liaoyuan.registry.params.annual_words import ANNUAL_MESSAGES
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries.annual import Candidate, Term

_FIRST_YEAR = 2000
_LONGEST = 2  # a report is due in the year after, at the latest in the one after that
_REPORT = ("round_id", "organization_id", "kind", "track", "supervised", "state", "version", "review_opinion",
           "return_reason", "result", "result_note", "late_note")  # fmt: skip


def refusal(code: str, field: str = "", **args: Any) -> Refused:
    """A refusal worded in `params.annual_words`."""
    return Refused([Finding(code, Severity.BLOCK, ANNUAL_MESSAGES[code], field=field, args=args)])


def subject(round_: AnnualRound) -> tuple[str, str, str]:
    """The round as the subject of an event."""
    return "annualround", str(round_.pk), f"{round_.area.name} {round_.year}"


@transaction.atomic
def open_round(
    *,
    area: Area,
    year: int,
    terms: Sequence[Term],
    notice: str = "",
    audit_fields: Iterable[str] = (),
    by: Actor,
    at: datetime,
) -> AnnualRound:
    """Open the round of a year: its dates, and one report per live registered body in scope, in some few statements.

    Refused: a year opened before, one to come, dates out of order or before the year's end, nobody in scope.
    """
    access.require_area(by, Permission.ANNUAL_EDIT, area.path)
    locks.one_at_a_time("annual", area.pk)
    on = localdate(at)
    if not _FIRST_YEAR <= year <= on.year:
        raise refusal("ANNUAL.year", "year")
    if AnnualRound.objects.filter(area=area, year=year).exists():
        raise refusal("ANNUAL.twice", "year", year=year)
    _check(terms, year)
    limits = queries.limits_at(area, on)
    bodies = queries.in_scope(queries.live_bodies(area), year, terms, limits, on)
    if not bodies:
        raise refusal("ANNUAL.empty")
    before = queries.previous(area, year)
    round_ = AnnualRound.objects.create(
        area=area, year=year, notice=notice.strip()[:120], audit_fields=sorted(audit_fields),
        copied_from=before if any(term.copied for term in terms) else None, opened_at=at,
        opened_by=standings.recorder(by),
    )  # fmt: skip
    _write_terms(round_, terms)
    _add(round_, bodies, limits)
    events.record(
        Event.ANNUAL_OPENED, subject(round_), by=by, at=at,
        payload={"year": year, "bodies": len(bodies), "terms": [_plain(term) for term in terms]},
    )  # fmt: skip
    return round_


def _check(terms: Sequence[Term], year: int) -> None:
    end = date(year, 12, 31)
    for term in terms:
        kind = _(KIND_TITLES[Kind(term.kind)])
        steps = [day for day in (term.supervisor_due, term.review_due, term.registrar_due) if day is not None]
        if steps != sorted(steps):
            raise refusal("ANNUAL.order", f"{term.kind}_registrar_due", kind=kind)
        if steps[0] <= end:
            raise refusal("ANNUAL.past", f"{term.kind}_registrar_due", kind=kind, year=year)
        if steps[-1].year > year + _LONGEST:
            raise refusal("ANNUAL.far", f"{term.kind}_registrar_due", kind=kind, year=year + _LONGEST)
        if term.cutoff_on > end:
            raise refusal("ANNUAL.cutoff", f"{term.kind}_cutoff_on", kind=kind, year=year)


def _plain(term: Term) -> dict[str, str | None]:
    days = {name: getattr(term, name) for name in ("cutoff_on", "supervisor_due", "review_due", "registrar_due")}
    return {"kind": term.kind, **{name: day.isoformat() if day else None for name, day in days.items()}}


def _write_terms(round_: AnnualRound, terms: Sequence[Term]) -> None:
    AnnualTerm.objects.bulk_create(
        [
            AnnualTerm(
                round=round_, kind=term.kind, cutoff_on=term.cutoff_on, supervisor_due=term.supervisor_due,
                review_due=term.review_due, registrar_due=term.registrar_due,
            )
            for term in terms
        ]
    )  # fmt: skip


def _add(round_: AnnualRound, bodies: Iterable[Candidate], limits: Limits) -> None:
    """One row per body; the unique constraint holds that nobody has two."""
    bulk.load(
        AnnualReport, _REPORT,
        (
            (round_.pk, body.organization, body.kind, str(body.track(limits)), body.supervised(limits),
             str(AnnualState.NONE), 1, "", "", "", "", "")
            for body in bodies
        ),
    )  # fmt: skip


def locked(round_: AnnualRound) -> AnnualRound:
    """The round under its lock; refused when it is closed."""
    locks.one_at_a_time("annual", round_.area_id)
    found = AnnualRound.objects.select_for_update().select_related("area").get(pk=round_.pk)
    if found.closed_at is not None:
        raise refusal("ANNUAL.closed", year=found.year)
    return found


@transaction.atomic
def change_terms(*, round_: AnnualRound, terms: Sequence[Term], by: Actor, at: datetime) -> AnnualRound:
    """Move the dates of an open round, as a later notice says. Who takes part does not change; see `top_up`."""
    access.require_area(by, Permission.ANNUAL_EDIT, round_.area.path)
    round_ = locked(round_)
    _check(terms, round_.year)
    was = queries.terms_of(round_)
    AnnualTerm.objects.filter(round=round_).delete()
    _write_terms(round_, terms)
    events.record(
        Event.ANNUAL_CHANGED, subject(round_), by=by, at=at,
        payload={"was": [_plain(term) for term in was], "terms": [_plain(term) for term in terms]},
    )  # fmt: skip
    return round_


@transaction.atomic
def top_up(*, round_: AnnualRound, by: Actor, at: datetime) -> int:
    """Add bodies in scope that have no report yet; done again, it adds none. Returns how many were added."""
    access.require_area(by, Permission.ANNUAL_EDIT, round_.area.path)
    round_ = locked(round_)
    on = localdate(at)
    bodies = queries.missing(round_, on)
    if bodies:
        _add(round_, bodies, queries.limits_at(round_.area, on))
        told = {"organizations": [body.organization for body in bodies]}
        events.record(Event.ANNUAL_FILLED, subject(round_), by=by, at=at, payload=told)
    return len(bodies)


@transaction.atomic
def publish(*, round_: AnnualRound, begins_on: date, by: Actor, at: datetime) -> AnnualRound:
    """Publish the conclusions (公示) from a day on; the last day is the n-th working day after it.

    Refused while a report has no conclusion, and for a day before today.
    """
    access.require_area(by, Permission.ANNUAL_EDIT, round_.area.path)
    round_ = locked(round_)
    left = AnnualReport.objects.regular().filter(round=round_).exclude(state=AnnualState.CONCLUDED).count()
    if left:
        raise refusal("ANNUAL.unfinished", n=left)
    if begins_on < localdate(at):
        raise refusal("ANNUAL.early", "begins_on", day=localdate(at).isoformat())
    if begins_on.year > localdate(at).year + 1:
        raise refusal("ANNUAL.begins", "begins_on")
    limits = queries.limits_at(round_.area, begins_on)
    last = calendar.workdays().add_workdays(begins_on, limits["publicity.annual_workdays"])
    round_.published_at, round_.published_by = at, standings.recorder(by)
    round_.publicity_from, round_.publicity_to, round_.publicity_provisional = begins_on, last.date, last.provisional
    round_.save(update_fields=["published_at", "published_by", "publicity_from", "publicity_to",
                               "publicity_provisional"])  # fmt: skip
    events.record(
        Event.ANNUAL_PUBLISHED, subject(round_), by=by, at=at,
        payload={"from": begins_on.isoformat(), "to": last.date.isoformat(), "provisional": last.provisional},
    )  # fmt: skip
    return round_


@transaction.atomic
def close_round(*, round_: AnnualRound, by: Actor, at: datetime) -> AnnualRound:
    """Close a round. Refused while a report has no conclusion or the publicity is not over."""
    access.require_area(by, Permission.ANNUAL_EDIT, round_.area.path)
    round_ = locked(round_)
    reports = AnnualReport.objects.regular().filter(round=round_)
    left = reports.filter(~Q(state=AnnualState.CONCLUDED.value)).count()
    if left:
        raise refusal("ANNUAL.unfinished", n=left)
    if round_.publicity_to is None or localdate(at) <= round_.publicity_to:
        raise refusal("ANNUAL.unpublished")
    round_.closed_at, round_.closed_by = at, standings.recorder(by)
    round_.save(update_fields=["closed_at", "closed_by"])
    events.record(
        Event.ANNUAL_CLOSED, subject(round_), by=by, at=at, payload={"year": round_.year, "bodies": reports.count()}
    )
    return round_
