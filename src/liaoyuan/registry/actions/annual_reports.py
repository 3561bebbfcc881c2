"""The steps of one annual report: to the supervisor, its first review, to the registrar, examination, conclusion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.queries import calendar
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.registry.actions import organizations, records, standings
from liaoyuan.registry.actions.annual import refusal
from liaoyuan.registry.choices import ANNUAL_OPEN_STATES, AnnualState, Event, Ground, Listing, Permission, Track
from liaoyuan.registry.models import AnnualReport, ListingProposal, Standing
from liaoyuan.registry.models.annual import JUDGED
from liaoyuan.registry.params.annual_form import missing_fields
from liaoyuan.registry.params.annual_words import ANNUAL_STATE_TITLES
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries import annual_facts

_OPEN = tuple(str(s) for s in ANNUAL_OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Hand:
    """A report under its lock, with the body's present standing and whether the body itself acts."""

    report: AnnualReport
    standing: Standing
    own: bool


def is_own(by: Any, report: AnnualReport) -> bool:
    """Whether the user acts for the body itself."""
    return report.organization_id in access.reach(by, Permission.OWN_FILE).organizations


def fills(by: Any, report: AnnualReport) -> bool:
    """Whether the user may write the report: the body itself, or an office for it (代填), its street's too."""
    office = access.has(by, Permission.ANNUAL_FILL) and access.covers(
        by, Permission.ANNUAL_FILL, report.organization, write=False
    )
    return office or is_own(by, report)


def decides(by: Any, report: AnnualReport) -> bool:
    """Whether the user examines and concludes the report."""
    return access.has(by, Permission.ANNUAL_EDIT) and access.covers(
        by, Permission.ANNUAL_EDIT, report.organization, write=True
    )


def _hand(report: AnnualReport, by: Actor, *, office: bool, states: Iterable[str], on_behalf: str = "") -> Hand:
    """Permission, lock, the row anew; refused in another state, in a closed round, or on nobody's word."""
    allowed = decides(by, report) if office else fills(by, report)
    if not allowed:
        raise PermissionDenied(str(Permission.ANNUAL_EDIT if office else Permission.ANNUAL_FILL))
    locks.one_at_a_time("annualreport", report.pk)
    found = AnnualReport.objects.select_for_update().filter(pk=report.pk).first()
    if found is None:  # a late report that was withdrawn meanwhile
        raise refusal("ANNUAL.gone")
    found.round = type(found.round).objects.select_related("area").get(pk=found.round_id)
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=found.organization_id)
    if not found.goes_on:
        raise refusal("ANNUAL.closed", year=found.round.year)
    if found.state not in states:
        raise refusal("ANNUAL.state", name=row.name, state=_(ANNUAL_STATE_TITLES[found.state]))
    own = is_own(by, found)
    if not office and not own and not on_behalf.strip():
        raise refusal("ANNUAL.word", "word_by")
    return Hand(found, row, own)


def _day(on: date, at: datetime, after: date | None) -> None:
    if on > localdate(at):
        raise refusal("ANNUAL.late", "on")
    if after is not None and on < after:
        raise refusal("ANNUAL.early", "on", day=after.isoformat())


def _moved(hand: Hand, state: AnnualState, event: Event, by: Actor, at: datetime, *, fields: Sequence[str],
           findings: Sequence[Finding] = (), on_behalf: str = "", **told: Any) -> AnnualReport:  # fmt: skip
    report = hand.report
    was, report.state = report.state, str(state)
    report.version += 1
    report.save(update_fields=["state", "version", *fields])
    payload = {"year": report.round.year, "changes": {"state": [was, str(state)]}, **told}
    if report.makes_up_id is not None:
        payload["late"] = True
    events.record(
        event, organizations.subject(report.organization, hand.standing), by=by, at=at, payload=payload,
        findings=findings, on_behalf=on_behalf,
    )  # fmt: skip
    return report


def asked_on_submit(report: AnnualReport, row: Standing, on: date) -> list[Finding]:
    """ANN-02, -03, -05, -06: the right form with its papers."""
    facts = annual_facts.of_report(report, row)
    return policy.evaluate(Moment.ANNUAL_SUBMIT, facts, policy.limits(on, policy.chain(row.registrar_area.path)), on)


@transaction.atomic
def submit(*, report: AnnualReport, on: date, by: Actor, at: datetime, on_behalf: str = "") -> AnnualReport:
    """Hand the report in: to the supervising authority, or to the registrar where none reviews it or it comes back.

    Refused: not filled in, not pledged, the wrong form (ANN-03), papers missing (ANN-05, -06), a day to come.
    """
    hand = _hand(report, by, office=False, states=(str(AnnualState.DRAFT), str(AnnualState.RETURNED)),
                 on_behalf=on_behalf)  # fmt: skip
    report = hand.report
    again = report.state == AnnualState.RETURNED
    _day(on, at, localdate(report.returned_at) if again and report.returned_at else report.missed_on)
    content = report.content
    for step, fields in missing_fields(report.kind, content):
        raise refusal("ANNUAL.missing", step=_(step), fields="、".join(_(title) for title in fields))
    if not content.pledged:
        raise refusal("ANNUAL.pledge", "pledged")
    told = refuse_if_blocked(asked_on_submit(report, hand.standing, on))
    if again or not report.supervised:
        return _file(hand, on, by, at, told, on_behalf)
    report.submitted_on, report.submitted_at, report.submitted_by = on, at, standings.recorder(by)
    return _moved(
        hand, AnnualState.SUBMITTED, Event.REPORT_SUBMITTED, by, at, findings=told, on_behalf=on_behalf,
        fields=("submitted_on", "submitted_at", "submitted_by"), on=on.isoformat(),
    )  # fmt: skip


def _file(hand: Hand, on: date, by: Actor, at: datetime, told: Sequence[Finding], on_behalf: str) -> AnnualReport:
    report = hand.report
    fields: tuple[str, ...] = ()
    if report.filed_on is None:
        report.filed_on, report.filed_at, report.filed_by = on, at, standings.recorder(by)
        fields = ("filed_on", "filed_at", "filed_by")
    return _moved(
        hand, AnnualState.FILED, Event.REPORT_FILED, by, at, fields=fields, findings=told, on_behalf=on_behalf,
        on=on.isoformat(),
    )  # fmt: skip


@transaction.atomic
def review(
    *, report: AnnualReport, on: date, opinion: str, passed: bool, by: Actor, at: datetime, on_behalf: str = ""
) -> AnnualReport:
    """Write down the supervisor's first review. Not passed, the report goes back to the body as a draft."""
    hand = _hand(report, by, office=False, states=(str(AnnualState.SUBMITTED),), on_behalf=on_behalf)
    report = hand.report
    _day(on, at, report.submitted_on)
    if not passed:
        if not opinion.strip():
            raise refusal("ANNUAL.reason", "opinion")
        report.submitted_on = report.submitted_at = report.submitted_by = None
        return _moved(
            hand, AnnualState.DRAFT, Event.REPORT_REVIEWED, by, at, on_behalf=on_behalf, on=on.isoformat(),
            fields=("submitted_on", "submitted_at", "submitted_by"), reason=opinion.strip()[:200],
        )  # fmt: skip
    report.reviewed_on, report.reviewed_at, report.reviewed_by = on, at, standings.recorder(by)
    report.review_opinion = opinion.strip()[:200]
    return _moved(
        hand, AnnualState.REVIEWED, Event.REPORT_REVIEWED, by, at, on_behalf=on_behalf, on=on.isoformat(),
        fields=("reviewed_on", "reviewed_at", "reviewed_by", "review_opinion"),
    )  # fmt: skip


@transaction.atomic
def file(*, report: AnnualReport, on: date, by: Actor, at: datetime, on_behalf: str = "") -> AnnualReport:
    """Hand the reviewed report in at the registrar."""
    hand = _hand(report, by, office=False, states=(str(AnnualState.REVIEWED),), on_behalf=on_behalf)
    _day(on, at, hand.report.reviewed_on)
    return _file(hand, on, by, at, (), on_behalf)


@transaction.atomic
def examine(*, report: AnnualReport, by: Actor, at: datetime) -> AnnualReport:
    """Take a filed report up for examination."""
    hand = _hand(report, by, office=True, states=(str(AnnualState.FILED),))
    hand.report.examined_at, hand.report.examined_by = at, standings.recorder(by)
    return _moved(hand, AnnualState.EXAMINING, Event.REPORT_EXAMINED, by, at, fields=("examined_at", "examined_by"))


@transaction.atomic
def send_back(*, report: AnnualReport, reason: str, by: Actor, at: datetime) -> AnnualReport:
    """Ask for corrections (补正), due some working days later; the reason is what the body reads."""
    hand = _hand(report, by, office=True, states=(str(AnnualState.FILED), str(AnnualState.EXAMINING)))
    report = hand.report
    if len(reason.strip()) < 2:
        raise refusal("ANNUAL.reason", "reason")
    on = localdate(at)
    limits = queries.limits_at(report.round.area, on)
    due = calendar.workdays().add_workdays(on, limits["correction.annual_workdays"])
    report.returned_at, report.returned_by = at, standings.recorder(by)
    report.return_reason, report.return_due = reason.strip()[:300], due.date
    return _moved(
        hand, AnnualState.RETURNED, Event.REPORT_RETURNED, by, at, reason=report.return_reason,
        due=due.date.isoformat(), provisional=due.provisional,
        fields=("returned_at", "returned_by", "return_reason", "return_due"),
    )  # fmt: skip


@transaction.atomic
def conclude(*, report: AnnualReport, result: str, on: date, note: str = "", by: Actor, at: datetime) -> AnnualReport:
    """Conclude (合格, 基本合格, 不合格) an examined report, or exempt (免检) or note as missed one not handed in.

    Writes the year's conclusion in the register; that of a late report (补报) stands beside the missed year there.
    """
    judged = result in JUDGED
    if not judged and result not in ("missed", "exempt"):
        raise refusal("ANNUAL.result", "result")
    open_states = (*_OPEN, str(AnnualState.SUBMITTED), str(AnnualState.REVIEWED))
    hand = _hand(report, by, office=True, states=(str(AnnualState.EXAMINING),) if judged else open_states)
    if not judged and hand.report.makes_up_id is not None:
        raise refusal("LATE.result", "result")
    if not judged and hand.report.filed_on is not None:
        raise refusal("ANNUAL.state", name=hand.standing.name, state=_(ANNUAL_STATE_TITLES[hand.report.state]))
    _day(on, at, hand.report.filed_on)
    if result == "exempt" and len(note.strip()) < 2:
        raise refusal("ANNUAL.reason", "note")
    return _concluded(hand, result, on, note, by, at)


def _concluded(hand: Hand, result: str, on: date, note: str, by: Actor, at: datetime) -> AnnualReport:
    report = hand.report
    report.result, report.result_note = result, note.strip()[:300]
    report.concluded_on, report.concluded_at, report.concluded_by = on, at, standings.recorder(by)
    if report.makes_up_id is None:
        records.write_records(
            report.organization, {"annual_results": {report.round.year: result}}, as_of=on, by=standings.recorder(by),
            at=at,
        )  # fmt: skip
    organizations.touched(report.organization)
    return _moved(
        hand, AnnualState.CONCLUDED, Event.REPORT_CONCLUDED, by, at, on=on.isoformat(), result=result,
        fields=("result", "result_note", "concluded_on", "concluded_at", "concluded_by"),
    )  # fmt: skip


@transaction.atomic
def conclude_missed(*, reports: Sequence[AnnualReport], on: date, by: Actor, at: datetime) -> list[ListingProposal]:
    """Note the chosen reports as 未参加, as the officer decided, and propose what ANN-08 says. All or none.

    A body with a proposal that is open, or already on the abnormal list, gets no second one. Returns the new proposals.
    """
    if not reports:
        raise refusal("ANNUAL.nobody")
    proposals = []
    for report in sorted(reports, key=lambda one: one.pk):
        done = conclude(report=report, result="missed", on=on, by=by, at=at)
        row = Standing.objects.now_open().select_related("registrar_area").get(organization=done.organization_id)
        years = annual_facts.missed_years(done.organization_id, done.round.year)
        found = policy.evaluate(
            Moment.ANNUAL_CLOSE, annual_facts.AnnualFacts(missed_years=years),
            policy.limits(on, policy.chain(row.registrar_area.path)), on,
        )  # fmt: skip
        for finding in found:
            revoke = "annual.missed_revocation" in finding.params_used
            wants = Listing.REVOCATION if revoke else Listing.ABNORMAL
            if annual_facts.may_be_proposed(done.organization_id, wants, on):
                proposals.append(_proposed(done, row, wants, finding, on, by, at))
    return proposals


def _proposed(
    report: AnnualReport, row: Standing, wants: Listing, finding: Finding, on: date, by: Actor, at: datetime
) -> ListingProposal:
    made = ListingProposal.objects.create(
        organization=report.organization, wants=str(wants), ground=str(Ground.ANNUAL), report=report, arisen_on=on,
        reason=_("未参加 {year} 年度年检（年报）").format(year=report.round.year), proposed_at=at,
        proposed_by=standings.recorder(by),
    )  # fmt: skip
    events.record(
        Event.PROPOSED, organizations.subject(report.organization, row), by=by, at=at, findings=[finding],
        payload={"wants": str(wants), "ground": str(Ground.ANNUAL), "year": report.round.year},
    )  # fmt: skip
    return made


@transaction.atomic
def change_track(*, report: AnnualReport, track: Track, by: Actor, at: datetime, on_behalf: str = "") -> AnnualReport:
    """Another form, after the body became a charity or ceased to be one. Refused when the register says otherwise."""
    hand = _hand(report, by, office=False, states=_OPEN[:2], on_behalf=on_behalf)
    report, charity = hand.report, bool(hand.standing.is_charity)
    if (track == Track.CHARITY) != charity or (track == Track.FOUNDATION) != (report.kind == "JJ" and not charity):
        raise refusal("ANNUAL.track", "track")
    report.track = str(track)
    direct = hand.standing.supervisor.strip() in ("", queries.DIRECT)
    report.supervised = track == Track.CHECK and not direct
    return _moved(
        hand, AnnualState(report.state), Event.REPORT_TRACKED, by, at, fields=("track", "supervised"),
        on_behalf=on_behalf, track=str(track),
    )  # fmt: skip
