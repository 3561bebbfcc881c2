"""Annual rounds of the demo: one closed, one open, and two proposals under way. Trouble belongs to invented bodies.

The closed round is the year before last; the open one is last year's. After its last day only bodies that fail in the
demo are late; before it the others stand anywhere on their way. The article's organizations are in neither.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from liaoyuan.core import bulk
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.core.models import Area
from liaoyuan.core.queries import calendar
from liaoyuan.registry.actions import standings
from liaoyuan.registry.actions.demo_bodies import Body
from liaoyuan.registry.choices import REGISTERED, AnnualState, Ground, Listing
from liaoyuan.registry.models import AnnualContent, AnnualReport, AnnualRound, AnnualTerm, ListingProposal
from liaoyuan.registry.models.annual import JUDGED
from liaoyuan.registry.queries import annual as queries
from liaoyuan.registry.queries.annual import Candidate

_WAY = (
    AnnualState.NONE, AnnualState.NONE, AnnualState.DRAFT, AnnualState.NONE, AnnualState.SUBMITTED, AnnualState.NONE,
    AnnualState.REVIEWED, AnnualState.NONE, AnnualState.FILED, AnnualState.NONE,
)  # fmt: skip
#: Reports of the open round that wait to be examined, for each unit of scale.
_WAITING = 9
_COLUMNS = (
    "round_id", "organization_id", "kind", "track", "supervised", "state", "version", "submitted_on", "submitted_at",
    "reviewed_on", "reviewed_at", "review_opinion", "filed_on", "filed_at", "examined_at", "return_reason",
    "concluded_on", "concluded_at", "result", "result_note", "late_note",
)  # fmt: skip


class Planned(NamedTuple):
    """Where one body stands in a round; `result` empty = no conclusion."""

    body: Body
    state: AnnualState
    result: str = ""


def years(today: date) -> tuple[int, int]:
    """The closed year and the open one."""
    return today.year - 2, today.year - 1


def deal(bodies: Sequence[Body], today: date, scale: int) -> dict[int, list[Planned]]:
    """Who stands where, by year; takes the conclusions back that the open round has not reached yet."""
    closed, current = years(today)
    ours = [b for b in bodies if b.live and b.kind in REGISTERED and not b.article]
    plans = {closed: [Planned(b, AnnualState.CONCLUDED, b.results[closed]) for b in ours if closed in b.results]}
    over = today > date(today.year, 5, 31)
    waiting = 0
    told = []
    for number, body in enumerate(b for b in ours if _in_scope(b, current)):
        result = body.results.get(current, "")
        if body.fails and result not in JUDGED[1:]:
            body.results.pop(current, None)
            told.append(Planned(body, AnnualState.DRAFT if number % 3 == 0 else AnnualState.NONE))
        elif result and (body.fails or result == "exempt" or waiting >= _WAITING * scale or not body.plain):
            told.append(Planned(body, AnnualState.CONCLUDED, result))
        elif over:
            waiting += 1
            body.results.pop(current, None)
            told.append(Planned(body, AnnualState.EXAMINING if waiting % 3 == 0 else AnnualState.FILED))
        else:
            told.append(Planned(body, _WAY[number % len(_WAY)]))
    plans[current] = told
    return plans


def _in_scope(body: Body, year: int) -> bool:
    last = date(year, 6, 30) if body.kind == "MF" else date(year, 12, 31)
    return body.registered_on is not None and body.registered_on <= last


def load(plans: dict[int, list[Planned]], area: Area, today: date, *, by: Actor, at: datetime) -> None:
    """Write the rounds, their reports and what was filled in; then the two proposals."""
    closed, current = years(today)
    recorder = standings.recorder(by)
    limits = queries.limits_at(area, today)
    before = None
    for year in (closed, current):
        round_ = AnnualRound(
            area=area, year=year, notice="演示数据", audit_fields=["04", "05"], copied_from=before, opened_by=recorder,
            opened_at=_moment(min(date(year + 1, 1, 8), today), at),
        )  # fmt: skip
        if year == closed:
            first = date(year + 1, 7, 1)
            last = calendar.workdays().add_workdays(first, limits["publicity.annual_workdays"])
            round_.published_at, round_.published_by = _moment(first, at), recorder
            round_.publicity_from, round_.publicity_to = first, last.date
            round_.publicity_provisional = last.provisional
            round_.closed_at, round_.closed_by = _moment(date(year + 1, 7, 20), at), recorder
        round_.save(force_insert=True)
        before = round_
        AnnualTerm.objects.bulk_create(
            [
                AnnualTerm(
                    round=round_, kind=term.kind, cutoff_on=term.cutoff_on, supervisor_due=term.supervisor_due,
                    review_due=term.review_due, registrar_due=term.registrar_due,
                )
                for term in queries.law_terms(limits, year)
            ]
        )  # fmt: skip
        bulk.load(AnnualReport, _COLUMNS, (_report(round_, plan, today, at, limits) for plan in plans[year]))
    _contents(current, {plan.body.pk: plan.body for plan in plans[current]}, at)
    _proposals([plan.body for plan in plans[current] if plan.body.fails], today, by=by, at=at)


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(9), tzinfo=SHANGHAI), at)


def _report(round_: AnnualRound, plan: Planned, today: date, at: datetime, limits: Any) -> tuple[Any, ...]:
    body, state = plan.body, plan.state
    told = Candidate(
        body.pk, body.kind, body.facts.get("field", ""), bool(body.facts.get("is_charity")),
        body.facts.get("supervisor", ""), body.registered_on,
    )  # fmt: skip
    supervised = told.supervised(limits)
    if state in (AnnualState.SUBMITTED, AnnualState.REVIEWED) and not supervised:
        state = AnnualState.DRAFT
    judged = plan.result in JUDGED
    filed = judged or state in (AnnualState.FILED, AnnualState.EXAMINING)
    reviewed = supervised and (filed or state == AnnualState.REVIEWED)
    submitted = supervised and (reviewed or state == AnnualState.SUBMITTED)

    def step(there: bool, month: int, day: int) -> tuple[date | None, datetime | None]:
        on = min(date(round_.year + 1, month, day), today)
        return (on, _moment(on, at)) if there else (None, None)

    turn = body.pk % 20
    sent, seen = step(submitted, 3, 1 + turn), step(reviewed, 4, 1 + turn)
    came = step(filed, 5, 1 + turn) if supervised else step(filed, 3, 1 + turn)
    looked = step(judged or state == AnnualState.EXAMINING, 5, 31)[1]
    done = step(bool(plan.result), 6, 20)
    note = "演示数据：免检" if plan.result == "exempt" else ""
    return (
        round_.pk, body.pk, body.kind, str(told.track(limits)), supervised, str(state), 1, *sent, *seen,
        "同意" if reviewed else "", *came, looked, "", *done, plan.result, note, "",
    )  # fmt: skip


def _contents(year: int, bodies: dict[int, Body], at: datetime) -> None:
    """What the reports of the open round say, for those that were handed in: figures that follow from the body."""
    rows = AnnualReport.objects.filter(round__year=year, state__in=[
        str(s) for s in AnnualState if s not in (AnnualState.NONE, AnnualState.DRAFT)
    ]).exclude(result__in=["missed", "exempt"])  # fmt: skip
    made = []
    for pk, organization in rows.values_list("pk", "organization"):
        facts = bodies[organization].facts
        full, part = facts.get("full_time") or 0, facts.get("part_time") or 0
        capital = facts.get("capital_fen") or 3_000_000
        income = capital // 2 + full * 8_000_000
        unit, person = facts.get("members_unit"), facts.get("members_person")
        made.append(
            AnnualContent(
                report_id=pk, saved_at=at, members_unit=unit, members_person=person,
                members_total=None if unit is None or person is None else unit + person, officers_count=3,
                council_count=facts.get("council_count"), supervisors_count=facts.get("supervisors_count"),
                full_time=full, part_time=part, insured_count=full, branches_count=0, council_meetings=2,
                assembly_meetings=1, re_elected=False, charter_changed=False, charter_party=True, party_form="none",
                assets_fen=capital + income, liabilities_fen=capital // 10, income_donation_fen=income // 10,
                income_government_fen=income // 2, income_service_fen=income - income // 10 - income // 2,
                income_dues_fen=0, income_other_fen=0, expense_business_fen=income * 7 // 10,
                expense_admin_fen=income // 10, expense_fundraising_fen=0, expense_other_fen=0,
                public_benefit_fen=income // 2, purchases_count=1, purchases_fen=income // 2, activities_count=12,
                activities="演示数据：每月开展活动一次", pledged=True,
            )
        )  # fmt: skip
    AnnualContent.objects.bulk_create(made, batch_size=500)


def _proposals(failing: Sequence[Body], today: date, *, by: Actor, at: datetime) -> None:
    """Two under way: a first letter came back, a notice was served."""
    free = [body for body in failing if not body.credits]
    numbers = iter(range(1, 9))

    def number(word: str) -> str:
        return f"演示{word}〔{today.year}〕{next(numbers)}号"

    def base(body: Body, ground: Ground, reason: str, days: int) -> dict[str, Any]:
        day = today - timedelta(days=days)
        return {
            "organization_id": body.pk, "wants": str(Listing.ABNORMAL), "ground": str(ground), "reason": reason,
            "arisen_on": day, "proposed_at": _moment(day, at), "proposed_by": standings.recorder(by),
        }  # fmt: skip

    if len(free) < 2:
        return
    ListingProposal.objects.create(
        **base(free[0], Ground.ADDRESS, "演示数据：按登记的住所两次上门未找到", 30), letter1_no=number("函"),
        letter1_on=today - timedelta(days=25), letter1_result="unsigned", letter1_result_on=today - timedelta(days=20),
    )  # fmt: skip
    served = today - timedelta(days=5)
    limits = queries.limits_at(Area.objects.get(pk=free[1].facts["registrar_area_id"]), today)
    last = calendar.workdays().add_workdays(served, limits["listing.hearing_workdays"])
    ListingProposal.objects.create(
        **base(free[1], Ground.RECTIFICATION, "演示数据：责令整改后逾期未报告", 40), notice_no=number("告"),
        notice_on=served, heard_until=last.date, heard_provisional=last.provisional,
    )  # fmt: skip
