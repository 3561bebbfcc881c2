"""Rounds of ratings: sheets of indicators, opening, publicity (公示), award, close."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from liaoyuan.core import access, events, locks, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.queries import calendar
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked
from liaoyuan.registry.actions import ratings, standings
from liaoyuan.registry.choices import AppealOutcome, EntryState, Event, Permission, RoundStage
from liaoyuan.registry.models import RatingAppeal, RatingEntry, RatingItem, RatingRound, RatingSheet
from liaoyuan.registry.params import ratings as params
from liaoyuan.registry.params.rating_sheets import EXAMPLES, SINCE, SOURCE, Line
from liaoyuan.registry.queries import ratings as queries
from liaoyuan.registry.rules import rounds as rules
from liaoyuan.registry.rules.rounds import TENTHS, Dates, refusal

_DAY = timedelta(days=1)


class Row(NamedTuple):
    """One line of a sheet as it is entered; `points` in tenths."""

    first: str
    second: str
    third: str
    tenths: int
    bonus: bool


@transaction.atomic
def enter_sheet(
    *, area: Area, kind: str, title: str, valid_from: date, source: str, rows: Sequence[Row], by: Actor, at: datetime,
    origin: str = "local",
) -> RatingSheet:  # fmt: skip
    """Keep a sheet of indicators for a type from a day on. An older sheet stays: scores rest on it."""
    access.require_area(by, Permission.RATING_MANAGE, area.path)
    locks.one_at_a_time("rating.sheet", area.pk, kind)
    if not rows:
        raise Refused([refusal("SHEET.empty")])
    if RatingSheet.objects.filter(area=area, kind=kind, valid_from=valid_from).exists():
        raise Refused([refusal("SHEET.twice", "valid_from", day=valid_from.isoformat())])
    made = RatingSheet.objects.create(
        area=area, kind=kind, title=title.strip(), valid_from=valid_from, source=source.strip(), origin=origin,
        created_at=at, created_by=standings.recorder(by),
    )  # fmt: skip
    RatingItem.objects.bulk_create(
        [RatingItem(sheet=made, number=number, **row._asdict()) for number, row in enumerate(rows, 1)]
    )
    events.record(
        Event.SHEET_ENTERED, made, by=by, at=at,
        payload={"kind": kind, "items": len(rows), "tenths": sum(r.tenths for r in rows), "on": valid_from.isoformat()},
    )  # fmt: skip
    return made


def adopt_example(*, area: Area, kind: str, by: Actor, at: datetime) -> RatingSheet:
    """Keep the release's example as a sheet of the area."""
    return enter_sheet(
        area=area, kind=kind, title="示例指标", valid_from=date.fromisoformat(SINCE), source=SOURCE,
        rows=[_row(line) for line in EXAMPLES[kind]], by=by, at=at, origin="example",
    )  # fmt: skip


def _row(line: Line) -> Row:
    return Row(line.first, line.second, line.third, line.points * TENTHS, line.bonus)


@transaction.atomic
def open_round(
    *, area: Area, year: int, number: int, title: str, dates: Dates, members: int, by: Actor, at: datetime
) -> RatingRound:
    """Begin a round. It keeps the figures that hold on the day of the call, and the sheets of that day.

    Refused without a sheet of any type, for dates out of order and for a number that is taken.
    """
    access.require_area(by, Permission.RATING_MANAGE, area.path)
    locks.one_at_a_time("rating.rounds", area.pk)
    refuse_if_blocked(rules.in_order(dates))
    if RatingRound.objects.filter(area=area, year=year, number=number).exists():
        raise Refused([refusal("RATING.twice", "number", year=year, number=number)])
    sheets = {kind: queries.sheet_for(area.path, kind, dates.called_on) for kind in ("ST", "MF", "JJ")}
    if not any(sheets.values()):
        raise Refused([refusal("SHEET.none")])
    limits = policy.limits(dates.called_on, policy.chain(area.path))
    num, den = limits[params.VOTES]
    keys = (params.LEVELS, params.PUBLICITY, params.VOTES)
    made = RatingRound.objects.create(
        area=area, year=year, number=number, title=title.strip(), members=members, levels=limits[params.LEVELS],
        publicity_days=limits[params.PUBLICITY], vote_num=num, vote_den=den,
        draft_figures=any(limits.row(key).status == "draft" for key in keys),
        sheet_st=sheets["ST"], sheet_mf=sheets["MF"], sheet_jj=sheets["JJ"], opened_at=at,
        opened_by=standings.recorder(by), **_columns(dates),
    )  # fmt: skip
    events.record(
        Event.ROUND_OPENED, made, by=by, at=at,
        payload={"year": year, "number": number, "levels": made.levels, "publicity_days": made.publicity_days,
                 "votes": [num, den], "dates": {name: day.isoformat() for name, day in _columns(dates).items()}},
    )  # fmt: skip
    return made


def _columns(dates: Dates) -> dict[str, date]:
    return {
        "called_on": dates.called_on, "assess_until": dates.assess_until, "visits_from": dates.visits_from,
        "visits_until": dates.visits_until, "review_on": dates.review_on,
    }  # fmt: skip


def entered(round_: RatingRound, *, by: Actor) -> RatingRound:
    """Lock a round that is not closed, with the permission over its area; for every action that decides in it."""
    access.require_area(by, Permission.RATING_MANAGE, round_.area.path)
    locks.one_at_a_time("rating.round", round_.pk)
    row = RatingRound.objects.select_for_update(of=("self",)).select_related("area").get(pk=round_.pk)
    if row.closed_at is not None:
        raise Refused([refusal("RATING.closed")])
    return row


@transaction.atomic
def change_round(
    *, round_: RatingRound, title: str, dates: Dates, members: int, by: Actor, at: datetime
) -> RatingRound:
    """Other dates, title or number of members; not once the results are public."""
    row = entered(round_, by=by)
    if row.publicity_from is not None:
        raise Refused([refusal("RATING.published")])
    refuse_if_blocked(rules.in_order(dates))
    new: dict[str, Any] = {"title": title.strip(), "members": members, **_columns(dates)}
    changes = {
        name: [str(getattr(row, name)), str(value)] for name, value in new.items() if getattr(row, name) != value
    }
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=list(new))
    events.record(Event.ROUND_CHANGED, row, by=by, at=at, payload={"changes": changes})
    return row


@transaction.atomic
def publish(*, round_: RatingRound, on: date, by: Actor, at: datetime) -> RatingRound:
    """Make the proposed levels public for the round's working days, the first day counting.

    Refused while a body that handed in has no decision, and when nobody has.
    """
    row = entered(round_, by=by)
    if row.publicity_from is not None:
        raise Refused([refusal("RATING.published")])
    waiting = RatingEntry.objects.filter(round=row, state=EntryState.SUBMITTED.value).with_names().first()
    if waiting is not None:
        raise Refused([refusal("RATING.undecided", name=waiting.name)])  # type: ignore[attr-defined]
    if not RatingEntry.objects.filter(round=row, state=EntryState.DECIDED.value).exists():
        raise Refused([refusal("RATING.nobody")])
    last = calendar.workdays().add_workdays(on - _DAY, row.publicity_days)
    row.publicity_from, row.publicity_until, row.provisional = on, last.date, last.provisional
    row.save(update_fields=["publicity_from", "publicity_until", "provisional"])
    levels = dict(RatingEntry.objects.filter(round=row).present().values_list("organization_id", "level"))
    events.record(
        Event.ROUND_PUBLISHED, row, by=by, at=at,
        payload={"from": on.isoformat(), "until": last.date.isoformat(), "provisional": last.provisional,
                 "levels": {str(pk): level for pk, level in sorted(levels.items())}},
    )  # fmt: skip
    return row


class Awarded(NamedTuple):
    """What an award did: how many got a level, how many none, and who was refused, with the findings."""

    given: int
    without: int
    refused: list[tuple[str, list[Finding]]]


@transaction.atomic
def award(*, round_: RatingRound, on: date, evidence: str, by: Actor, at: datetime) -> Awarded:
    """After the publicity give every decided body its level, as a rating of the register valid as RAT-03 says.

    A body with an appeal that waits, or that a rule bars meanwhile (CRD-04), is left as it is and named.
    """
    row = entered(round_, by=by)
    today = localdate(at)
    if queries.stage(row, today) != RoundStage.AWARD:
        told = (
            refusal("RATING.publicity", day=row.publicity_until.isoformat())
            if row.publicity_until
            else refusal("RATING.unpublished")
        )
        raise Refused([told])
    open_ = set(
        RatingAppeal.objects.filter(entry__round=row, outcome=AppealOutcome.OPEN.value).values_list("entry", flat=True)
    )
    given = without = 0
    refused: list[tuple[str, list[Finding]]] = []
    rows = RatingEntry.objects.select_for_update(of=("self",)).filter(round=row, state=EntryState.DECIDED.value)
    for entry in list(rows.select_related("organization").with_names().order_by("pk")):
        name: str = entry.name  # type: ignore[attr-defined]
        if entry.pk in open_:
            refused.append((name, [refusal("RATING.appeals", name=name)]))
            continue
        try:
            if entry.level:
                with transaction.atomic():
                    entry.rating = ratings.add(
                        organization=entry.organization, level=entry.level, rated_on=on, until=None, evidence=evidence,
                        by=by, at=at, confirmed=True,
                    )  # fmt: skip
        except Refused as told:
            refused.append((name, told.findings))
            continue
        entry.state = EntryState.AWARDED.value
        entry.save(update_fields=["state", "rating"])
        given, without = given + bool(entry.level), without + (not entry.level)
    if not given and not without and refused:
        raise Refused([finding for _name, told_ in refused for finding in told_])
    return Awarded(given, without, refused)


@transaction.atomic
def close(*, round_: RatingRound, by: Actor, at: datetime) -> RatingRound:
    """End a round whose bodies are all awarded or have left it."""
    row = entered(round_, by=by)
    left = RatingEntry.objects.filter(round=row).present().exclude(state=EntryState.AWARDED.value).count()
    if left:
        raise Refused([refusal("RATING.open_entries", n=left)])
    row.closed_at, row.closed_by = at, standings.recorder(by)
    row.save(update_fields=["closed_at", "closed_by"])
    events.record(Event.ROUND_CLOSED, row, by=by, at=at, payload=_counts(row))
    return row


def _counts(row: RatingRound) -> Mapping[str, Any]:
    counts: dict[str, int] = {}
    for level in RatingEntry.objects.filter(round=row).present().values_list("level", flat=True):
        counts[level or "none"] = counts.get(level or "none", 0) + 1
    return {"levels": dict(sorted(counts.items()))}
