"""Reading annual rounds: the dates a new round would have, who takes part, how many stand where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import Area, AuditEvent
from liaoyuan.core.queries import calendar
from liaoyuan.kit.dates import add_years
from liaoyuan.kit.findings import Limits
from liaoyuan.kit.workdays import Calendar
from liaoyuan.registry.choices import REGISTERED, AnnualState, Event, Kind, Listing, Permission, Track
from liaoyuan.registry.models import AnnualReport, AnnualResult, AnnualRound, AnnualTerm, Standing
from liaoyuan.registry.models.annual import AnnualReportQuerySet
from liaoyuan.registry.queries import annual_facts
from liaoyuan.registry.rules.annual import day_of
from liaoyuan.registry.rules.annual_facts import AnnualFacts

#: What a body without supervising authority writes in its place (F16).
DIRECT = "直接登记"
#: States in which nothing has been handed in.
WAITING = (AnnualState.NONE, AnnualState.DRAFT)
#: In the address of a list: bodies without a street.
NO_STREET = "none"
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True, slots=True)
class Term:
    """The dates of one type as a round has or would have them. `copied`: moved from the year before."""

    kind: str
    cutoff_on: date
    supervisor_due: date | None
    review_due: date | None
    registrar_due: date
    copied: bool = False


class Told(NamedTuple):
    """What the working-day calendar says of a day: words, whether one works, the next working day, provisional."""

    words: str
    works: bool
    next_on: date
    provisional: bool


def areas_of(user: Any) -> list[Area]:
    """Areas whose registrar the user opens rounds for."""
    paths = access.reach(user, Permission.ANNUAL_EDIT).paths
    codes = [path.strip("/").rsplit("/", 1)[-1] for path in paths]
    return list(Area.objects.filter(code__in=codes).order_by("code"))


def limits_at(area: Area, on: date) -> Limits:
    """The parameters that hold at a registrar."""
    return policy.limits(on, policy.chain(area.path))


def previous(area: Area, year: int) -> AnnualRound | None:
    """The latest round before the year."""
    return AnnualRound.objects.filter(area=area, year__lt=year).order_by("-year").first()


def terms_of(round_: AnnualRound) -> list[Term]:
    """The dates of a round by type, in the order of the types."""
    rows = {row.kind: row for row in AnnualTerm.objects.filter(round=round_)}
    return [
        Term(kind, row.cutoff_on, row.supervisor_due, row.review_due, row.registrar_due)
        for kind in REGISTERED
        if (row := rows.get(str(kind))) is not None
    ]


def proposed(area: Area, year: int, on: date) -> tuple[list[Term], AnnualRound | None]:
    """The dates a round of the year would have: last year's moved on, else the law's; and the round they come from."""
    before = previous(area, year)
    if before is not None:
        years = year - before.year
        told = [_moved(term, years) for term in terms_of(before)]
        if told:
            return told, before
    return law_terms(limits_at(area, on), year), None


def _moved(term: Term, years: int) -> Term:
    def moved(day: date | None) -> date | None:
        return add_years(day, years) if day else None

    return replace(
        term, cutoff_on=add_years(term.cutoff_on, years), supervisor_due=moved(term.supervisor_due),
        review_due=moved(term.review_due), registrar_due=add_years(term.registrar_due, years), copied=True,
    )  # fmt: skip


def law_terms(limits: Limits, year: int) -> list[Term]:
    """The dates that hold without a notice of the year (ANN-01, ANN-02, ANN-04)."""
    cutoffs = limits.get("annual.cutoff") or {}
    told = []
    for kind in REGISTERED:
        last = day_of(year, cutoffs.get(str(kind), "12-31"))
        if kind == Kind.JJ:
            told.append(Term(str(kind), last, None, None, day_of(year + 1, limits["annual.foundation_due"])))
            continue
        final = day_of(year + 1, limits["annual.registrar_due"])
        told.append(Term(str(kind), last, day_of(year + 1, limits["annual.supervisor_due"]), final, final))
    return told


def told_of(day: date, days: Calendar) -> Told:
    """What the calendar says of a day, for the officer who fixes it."""
    works, after = days.is_workday(day), days.next_workday(day)
    label = days.label(day)
    words = _(_WEEKDAYS[day.weekday()])
    if label:
        words += _("（{label}）").format(label=label)
    return Told(words, bool(works) if works is not None else after.date == day, after.date, after.provisional)


class Candidate(NamedTuple):
    """One body that may have to report."""

    organization: int
    kind: str
    field: str
    is_charity: bool
    supervisor: str
    registered_on: date | None

    def track(self, limits: Limits) -> Track:
        """Which form it hands in (ANN-03)."""
        if self.is_charity and limits.is_on("ANN-03"):
            return Track.CHARITY
        return Track.FOUNDATION if self.kind == Kind.JJ else Track.CHECK

    def supervised(self, limits: Limits) -> bool:
        """Whether a supervising authority reviews the report first."""
        direct = self.supervisor.strip() in ("", DIRECT)
        return self.track(limits) == Track.CHECK and not direct


def live_bodies(area: Area) -> list[Candidate]:
    """The live registered bodies of a registrar."""
    rows = Standing.objects.now_open().live().filter(
        registrar_area__in=Area.objects.within(area.path), kind__in=[str(k) for k in REGISTERED]
    )  # fmt: skip
    told = rows.order_by("organization_id").values_list(
        "organization_id", "kind", "field", "is_charity", "supervisor", "organization__registered_on"
    )
    return [Candidate(pk, kind, field, bool(charity), sup, on) for pk, kind, field, charity, sup, on in told]


def in_scope(
    bodies: Iterable[Candidate], year: int, terms: Sequence[Term], limits: Limits, on: date
) -> list[Candidate]:
    """Those that take part in the year (ANN-04), by the dates of the round."""
    cutoffs = {term.kind: term.cutoff_on for term in terms}
    plan = policy.plan("ANN-04", limits)
    found = []
    for body in bodies:
        if body.kind not in cutoffs:
            continue
        facts = AnnualFacts(kind=body.kind, year=year, registered_on=body.registered_on, cutoff_on=cutoffs[body.kind])
        if not plan.run(facts, on):
            found.append(body)
    return found


def missing(round_: AnnualRound, on: date) -> list[Candidate]:
    """Bodies in scope that have no report in the round: registered or moved in since it was opened."""
    have = set(AnnualReport.objects.filter(round=round_).values_list("organization", flat=True))
    limits = limits_at(round_.area, on)
    bodies = in_scope(live_bodies(round_.area), round_.year, terms_of(round_), limits, on)
    return [body for body in bodies if body.organization not in have]


class Cell(NamedTuple):
    """How many reports of one street and type stand in one state."""

    street: str
    street_id: int | None
    kind: str
    state: str
    result: str
    many: int


def cells(reports: AnnualReportQuerySet) -> list[Cell]:
    """The counts behind the board, in one statement."""
    rows = reports.with_body().order_by().values("street", "street_id", "kind", "state", "result")
    told = rows.annotate(n=Count("pk")).order_by("street", "street_id", "kind", "state", "result")
    return [
        Cell(row["street"] or "", row["street_id"], row["kind"], row["state"], row["result"], row["n"]) for row in told
    ]


def asked(
    reports: AnnualReportQuerySet,
    *,
    on: date,
    text: str = "",
    state: str = "",
    kind: str = "",
    street: str = "",
    result: str = "",
    late: bool = False,
    soon: bool = False,
    made_up: bool | None = False,
) -> Any:
    """The reports that fulfil a query. `street` is a key, or NO_STREET; `made_up` asks for late reports (补报) instead
    of the round's own, None for both.
    """
    if made_up is not None:
        reports = reports.made_up() if made_up else reports.regular()
    rows = reports.late(on) if late else reports.close_to(on, on + timedelta(days=30)) if soon else reports.with_dues()
    rows = rows.with_body()
    if text:
        rows = rows.filter(
            Q(name__icontains=text) | Q(organization__code__icontains=text) | Q(supervisor__icontains=text)
        )
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if result:
        rows = rows.filter(result=result)
    if street == NO_STREET:
        rows = rows.filter(street_id__isnull=True)
    elif street:
        rows = rows.filter(street_id=int(street))
    return rows


def results_before(organizations: Iterable[int], year: int) -> Mapping[int, str]:
    """The conclusion of the year before, by organization."""
    rows = AnnualResult.objects.current().filter(organization__in=list(organizations), year=year - 1)
    return dict(rows.values_list("organization", "result"))


def next_due(report: AnnualReport) -> date | None:
    """The last day of the next step of a body; None when it has nothing to do. Needs `with_dues`."""
    waiting = report.state in (AnnualState.NONE, AnnualState.DRAFT)
    if waiting and report.supervised:
        return report.supervisor_due  # type: ignore[attr-defined]
    if waiting or report.state in (AnnualState.SUBMITTED, AnnualState.REVIEWED):
        return report.registrar_due  # type: ignore[attr-defined]
    return report.return_due if report.state == AnnualState.RETURNED else None


def is_provisional(day: date | None, days: Calendar | None = None) -> bool:
    """Whether a day lies beyond the known calendar."""
    return day is not None and day.year not in (days or calendar.workdays()).years


def with_counts(rounds: Any, user: Any) -> Any:
    """Each round with `bodies`, `filed` and `done` among the reports that the user may see."""
    seen = AnnualReport.objects.regular().visible_to(user).filter(round=OuterRef("pk")).order_by().values("round")

    def count(**wanted: Any) -> Coalesce:
        rows = seen.filter(**wanted).annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(rows), 0)

    return rounds.annotate(
        bodies=count(), filed=count(filed_on__isnull=False), done=count(state=AnnualState.CONCLUDED.value)
    )


def own_reports(organizations: Sequence[int]) -> list[AnnualReport]:
    """The reports of one's own bodies, newest year first."""
    if not organizations:
        return []
    rows = AnnualReport.objects.filter(organization__in=organizations).with_body().with_dues().select_related("round")
    return list(rows.order_by("-round__year", "name")[:100])


def soon(reports: AnnualReportQuerySet, on: date) -> int:
    """How many are due within thirty days."""
    return reports.close_to(on, on + timedelta(days=30)).count()


def streets_of(reports: AnnualReportQuerySet) -> list[tuple[int, str]]:
    """The streets in which bodies of these reports have their domicile."""
    rows = Standing.objects.now_open().filter(organization__in=reports.values("organization"), street__isnull=False)
    return list(rows.order_by("street__code").values_list("street_id", "street__name").distinct())


def owing(reports: Any) -> Any:
    """Those among the reports that the registrar does not have: who has complied drops out."""
    return reports.filter(state__in=[str(s) for s in (*WAITING, AnnualState.SUBMITTED, AnnualState.REVIEWED)])


def last_calls(organizations: Sequence[int], since: datetime) -> dict[int, tuple[datetime, str]]:
    """The latest telephone note of each body since a moment: when, what."""
    rows = AuditEvent.objects.filter(
        code=Event.NOTE, subject_kind="organization", subject_id__in=[str(pk) for pk in organizations], at__gte=since
    ).order_by("at", "pk")
    found = {}
    for key, at, told in rows.values_list("subject_id", "at", "payload"):
        if told.get("kind") == "call":
            found[int(key)] = (at, str(told.get("text", "")))
    return found


def would_follow(report: AnnualReport, round_: AnnualRound, on: date) -> tuple[int, str]:
    """(years missed in a row with this one, what would be proposed: abnormal, revocation or "")."""
    years = annual_facts.missed_years(report.organization_id, round_.year - 1) + 1
    limits = limits_at(round_.area, on)
    found = policy.evaluate(Moment.ANNUAL_CLOSE, AnnualFacts(missed_years=years), limits, on)
    if not found:
        return years, ""
    wants = Listing.REVOCATION if "annual.missed_revocation" in found[0].params_used else Listing.ABNORMAL
    return years, str(wants) if annual_facts.may_be_proposed(report.organization_id, wants, on) else ""


class Lines(NamedTuple):
    """How many of a round are late, due soon (and the first of those days) and waiting to be examined."""

    late: int
    soon: int
    first: date | None
    waiting: int


def line_counts(rounds: Sequence[int], on: date, ahead: Mapping[int, int]) -> dict[int, Lines]:
    """The counts of several rounds in one statement; `ahead` are the days each looks ahead.

    They count as `late` and `close_to` do: by the day of the step that comes next.
    """
    rows = AnnualReport.objects.regular().filter(round__in=rounds).with_dues().annotate(
        due=Case(
            When(state__in=[str(s) for s in WAITING], supervised=True, then=F("supervisor_due")),
            When(state__in=[str(s) for s in (*WAITING, AnnualState.SUBMITTED, AnnualState.REVIEWED)],
                 then=F("registrar_due")),
        ),
        waits=Case(When(state__in=[str(AnnualState.FILED), str(AnnualState.EXAMINING)], then=1), default=0),
    )  # fmt: skip
    told: dict[int, list[Any]] = {}
    grouped = rows.order_by().values("round", "due", "waits").annotate(n=Count("pk"))
    for row in grouped:
        late, soon, first, waiting = told.setdefault(row["round"], [0, 0, None, 0])
        day, n = row["due"], row["n"]
        if day is not None and day < on:
            late += n
        elif day is not None and (day - on).days <= ahead[row["round"]]:
            soon, first = soon + n, min(first or day, day)
        told[row["round"]] = [late, soon, first, waiting + n * row["waits"]]
    return {pk: Lines(*counts) for pk, counts in told.items()}
