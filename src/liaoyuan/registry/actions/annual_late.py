"""Late reports (补报): a body noted as having missed a year may still hand in its report, beside that conclusion."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.kit.dates import add_years
from liaoyuan.registry.actions import organizations, standings
from liaoyuan.registry.actions.annual import refusal
from liaoyuan.registry.actions.annual_reports import decides
from liaoyuan.registry.choices import LIVE, AnnualState, Event, Permission
from liaoyuan.registry.models import AnnualContent, AnnualReport, Standing
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries import annual_facts
from liaoyuan.registry.queries.annual import Candidate


def _locked(report: AnnualReport, by: Actor) -> tuple[AnnualReport, Standing]:
    """Permission, lock, the row anew with the body's present standing. The round may be closed."""
    if not decides(by, report):
        raise PermissionDenied(str(Permission.ANNUAL_EDIT))
    locks.one_at_a_time("annualreport", report.pk)
    found = AnnualReport.objects.select_for_update().filter(pk=report.pk).first()
    if found is None:
        raise refusal("ANNUAL.gone")
    found.round = type(found.round).objects.select_related("area").get(pk=found.round_id)
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=found.organization_id)
    return found, row


@transaction.atomic
def open_late(*, report: AnnualReport, due_on: date, note: str = "", by: Actor, at: datetime) -> AnnualReport:
    """Take in a late report for a missed year until `due_on`. The conclusion 未参加 stays with its day.

    The new report has the form that the register asks for today. Refused for any other conclusion, a second time, for
    a body that has ended, and for a day that is past or more than a year away.
    """
    first, row = _locked(report, by)
    year, on = first.round.year, localdate(at)
    if first.result != "missed" or first.concluded_on is None:
        raise refusal("LATE.missed", name=row.name, year=year)
    if AnnualReport.objects.filter(makes_up=first).exists():
        raise refusal("LATE.twice", name=row.name, year=year)
    if row.status not in [str(status) for status in LIVE]:
        raise refusal("LATE.ended", name=row.name)
    last = add_years(on, 1)
    if not on <= due_on <= last or due_on < first.concluded_on:
        raise refusal("LATE.due", "due_on", last=last.isoformat())
    limits = queries.limits_at(first.round.area, on)
    body = Candidate(first.organization_id, first.kind, row.field, bool(row.is_charity), row.supervisor, None)
    made = AnnualReport.objects.create(
        round=first.round, organization=first.organization, kind=first.kind, track=str(body.track(limits)),
        supervised=body.supervised(limits), makes_up=first, missed_on=first.concluded_on, late_due=due_on,
        late_note=note.strip()[:200], late_at=at, late_by=standings.recorder(by),
    )  # fmt: skip
    events.record(
        Event.LATE_OPENED, organizations.subject(first.organization, row), by=by, at=at,
        payload={"year": year, "missed_on": first.concluded_on.isoformat(), "due": due_on.isoformat(),
                 "note": made.late_note},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_late(*, report: AnnualReport, by: Actor, at: datetime) -> AnnualReport:
    """Undo `open_late`, as long as nothing was written or attached. Returns the report of the missed year."""
    late, row = _locked(report, by)
    first = late.makes_up
    if first is None:
        raise refusal("LATE.missed", name=row.name, year=late.round.year)
    begun = late.state != AnnualState.NONE or AnnualContent.objects.filter(report=late).exists()
    if begun or annual_facts.attached(late):
        raise refusal("LATE.begun", name=row.name)
    due = late.late_due.isoformat() if late.late_due else ""
    late.delete()
    events.record(
        Event.LATE_WITHDRAWN, organizations.subject(first.organization, row), by=by, at=at,
        payload={"year": first.round.year, "due": due},
    )  # fmt: skip
    return first
