"""Reading rounds of ratings: facts for the rules, the lists of a round, an expert's work, what may be lowered."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum

from liaoyuan.core import access, policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Finding
from liaoyuan.registry.choices import AppealOutcome, EntryState, Permission, RoundStage, TieKind, Trigger
from liaoyuan.registry.models import (
    AnnualResult,
    Assessor,
    AssessorTie,
    Assignment,
    LevelWeighing,
    Organization,
    Rating,
    RatingAppeal,
    RatingEntry,
    RatingItem,
    RatingRound,
    RatingScore,
    RatingSheet,
    Standing,
)
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.rules import ratings as rules
from liaoyuan.registry.rules import rounds
from liaoyuan.registry.rules.facts import OrganizationFacts

_DAY = timedelta(days=1)
#: Results of an annual inspection that may call to lower a rating.
_POOR = ("unqualified", "basically")


def dates_of(round_: RatingRound) -> rounds.Dates:
    """The round's dates in the rules' shape."""
    return rounds.Dates(
        round_.called_on, round_.assess_until, round_.visits_from, round_.visits_until, round_.review_on,
        round_.publicity_from, round_.publicity_until, round_.closed_at is not None,
    )  # fmt: skip


def stage(round_: RatingRound, on: date) -> RoundStage:
    """Where the round stands on the day."""
    return rounds.stage(dates_of(round_), on)


def open_row(organization: int) -> Standing:
    """The open standing of a body, with its registrar's area and itself."""
    rows = Standing.objects.now_open().select_related("registrar_area", "organization", "street", "community")
    return rows.get(organization=organization)


def annual(ids: Iterable[int], on: date) -> dict[int, tuple[int, str, str]]:
    """Of each body: the latest year with a result of the two before this one, its result, that of the year before."""
    found: dict[int, dict[int, str]] = {}
    rows = AnnualResult.objects.current().filter(organization__in=list(ids), year__range=(on.year - 3, on.year - 1))
    for pk, year, result in rows.values_list("organization_id", "year", "result"):
        found.setdefault(pk, {})[year] = result
    told = {}
    for pk, years in found.items():
        last = max(years)
        if last >= on.year - 2:
            told[pk] = (last, years[last], years.get(last - 1, ""))
    return told


def facts_of_apply(row: Standing, on: date, declared: Mapping[str, Any]) -> OrganizationFacts:
    """What is known of a body that applies, with what it declares (penalties, an investigation)."""
    stored = fact_queries.of_stored(row, on)
    year, last, before = annual([row.organization_id], on).get(row.organization_id, (None, "", ""))
    return replace(
        stored, annual_year=year, annual_last=last, annual_before=before,
        penalised_on=declared.get("penalised_on"), penalty_open=declared.get("penalty_open"),
        investigated=declared.get("investigated"),
    )  # fmt: skip


def asked(row: Standing, on: date, declared: Mapping[str, Any]) -> list[Finding]:
    """What the rules say of an application for a rating: RAT-01, RAT-02, CRD-04 and ORG-DER-02."""
    limits = policy.limits(on, policy.chain(row.registrar_area.path))
    known = facts_of_apply(row, on, declared)
    codes = ("CRD-04", "ORG-DER-02")
    told = [finding for code in codes for finding in policy.evaluate(code, known, limits, on)]
    return [*policy.evaluate(Moment.RATING_APPLY, known, limits, on), *told]


def declared_of(entry: RatingEntry) -> dict[str, Any]:
    """What a body declared when it entered the round."""
    return {name: getattr(entry, name) for name in ("penalised_on", "penalty_open", "investigated")}


def ties_of(assessor: Assessor, organization: int) -> OrganizationFacts:
    """What binds an assessor to a body: an interest, a post still held, or the latest day on which he left."""
    rows = list(AssessorTie.objects.filter(assessor=assessor, organization=organization, superseded_at__isnull=True))
    return _told(rows)


def _told(rows: Iterable[AssessorTie]) -> OrganizationFacts:
    rows = list(rows)
    left = [row.left_on for row in rows if row.left_on is not None]
    return OrganizationFacts(
        interested=any(row.kind == TieKind.INTEREST and row.left_on is None for row in rows),
        holds_post=any(row.kind == TieKind.POST and row.left_on is None for row in rows),
        left_on=max(left, default=None),
    )


def recusal(assessor: Assessor, entry: RatingEntry, on: date) -> list[Finding]:
    """What RAT-05 says of an assessor for a body."""
    limits = policy.limits(on, policy.chain(entry.round.area.path))
    return policy.evaluate(Moment.ASSIGN, ties_of(assessor, entry.organization_id), limits, on)


class Choice(NamedTuple):
    """An assessor as the form of assignment offers him: the sentence why not, "" when he may."""

    assessor: Assessor
    why_not: str


def choices(entry: RatingEntry, on: date) -> list[Choice]:
    """The assessors of the round's area for a body, in some few statements; those who must stand aside say why."""
    path = entry.round.area.path
    above = path.strip("/").split("/")
    people = list(Assessor.objects.active().filter(area__code__in=above).order_by("name", "pk"))
    held: dict[int, list[AssessorTie]] = {}
    for tie in AssessorTie.objects.filter(
        assessor__in=people, organization=entry.organization_id, superseded_at__isnull=True
    ):
        held.setdefault(tie.assessor_id, []).append(tie)
    taken = set(Assignment.objects.standing().filter(entry=entry).values_list("assessor_id", flat=True))
    plan = policy.plan(Moment.ASSIGN, policy.limits(on, policy.chain(path)))
    found = []
    for one in people:
        if one.pk not in taken:
            told = plan.run(_told(held.get(one.pk, [])), on)
            found.append(Choice(one, told[0].text if told else ""))
    return found


def items_of(sheet: int) -> list[RatingItem]:
    """The indicators of a sheet, in order."""
    return list(RatingItem.objects.filter(sheet=sheet).order_by("number"))


def scores_of(entry: RatingEntry, assignment: Assignment | None = None) -> dict[int, RatingScore]:
    """Scores by indicator: the body's own, or those of an assignment."""
    rows = RatingScore.objects.filter(entry=entry)
    rows = rows.filter(assignment=assignment) if assignment else rows.filter(assignment__isnull=True)
    return {row.item_id: row for row in rows}


def sheet_for(path: str, kind: str, on: date) -> RatingSheet | None:
    """The sheet that holds for a type on a day: of the nearest area above, the latest that has begun."""
    codes = path.strip("/").split("/")
    rows = RatingSheet.objects.filter(area__code__in=codes, kind=kind, valid_from__lte=on).select_related("area")
    return max(rows, key=lambda row: (len(row.area.path), row.valid_from, row.pk), default=None)


def places(user: Any) -> list[Area]:
    """The areas for which the user may open a round."""
    reach = access.reach(user, Permission.RATING_MANAGE)
    if reach.everything:
        return list(Area.objects.live().filter(level__in=["district", "city", "province"]).order_by("code")[:200])
    return list(Area.objects.live().filter(path__in=reach.paths).order_by("code"))


def runs(user: Any, round_: RatingRound) -> bool:
    """Whether the user runs the round's ratings."""
    reach = access.reach(user, Permission.RATING_MANAGE)
    return reach.everything or any(round_.area.path.startswith(path) for path in reach.paths)


def own(user: Any, organization: int) -> bool:
    """Whether the body is the user's own, for which he applies."""
    return organization in access.reach(user, Permission.RATING_OWN).organizations


def counted(rows: Any) -> Any:
    """Rounds with the number of bodies in them and of those awarded."""
    present = ~Q(entries__state=EntryState.WITHDRAWN.value)
    return rows.annotate(
        bodies=Count("entries", filter=present), awarded=Count("entries", filter=Q(entries__rating__isnull=False))
    )


def seen(user: Any, pk: int) -> RatingEntry | None:
    """An entry that the user sees, or that is assigned to him as an assessor."""
    rows = RatingEntry.objects.select_related("round__area", "organization", "sheet").with_names()
    mine = Assignment.objects.of(user).values("entry")
    visible = RatingEntry.objects.visible_to(user).values("pk")
    return rows.filter(Q(pk__in=visible) | Q(pk__in=mine)).filter(pk=pk).first()


def own_bodies(user: Any, round_: RatingRound) -> list[Standing]:
    """The user's own live registered bodies that the round is for and that are not in it."""
    own_ = access.reach(user, Permission.RATING_OWN).organizations
    there = RatingEntry.objects.filter(round=round_).present().values("organization")
    rows = Standing.objects.now_open().live().within(round_.area.path).exclude(kind__in=["BA", "NB"])
    return list(rows.filter(organization__in=own_).exclude(organization__in=there).order_by("name", "pk"))


def headed(items: Iterable[RatingItem]) -> list[tuple[RatingItem, str, str, str]]:
    """Indicators with their first and second headings where these change, and their points as written."""
    found = []
    before: tuple[str, str] = ("", "")
    for item in items:
        here = (item.first, item.second)
        found.append((item, item.first if item.first != before[0] else "", item.second if here != before else "",
                      rounds.written(item.tenths)))  # fmt: skip
        before = here
    return found


class SheetRow(NamedTuple):
    """One indicator of a sheet as a page shows it; headings only where they change. `expert` is the experts' mean."""

    item: RatingItem
    first: str
    second: str
    most: str
    own: str
    page: str
    expert: str


def sheet_rows(entry: RatingEntry, items: Iterable[RatingItem], *, experts: bool) -> list[SheetRow]:
    """The sheet of F17: own points, evidence and, with `experts`, the mean of the sheets handed in."""
    own = scores_of(entry)
    sums: dict[int, int] = {}
    count = 0
    if experts:
        done = Assignment.objects.standing().filter(entry=entry, finished_at__isnull=False)
        count = done.count()
        told = RatingScore.objects.filter(assignment__in=done).order_by().values_list("item").annotate(n=Sum("tenths"))
        sums = {item: points or 0 for item, points in told}
    found = []
    for item, first, second, most in headed(items):
        score = own.get(item.pk)
        mean = rounds.written(rounds.mean(sums.get(item.pk, 0), count))
        points, page = (rounds.written(score.tenths), score.page) if score else ("", "")
        found.append(SheetRow(item, first, second, most, points, page, mean))
    return found


class Cause(NamedTuple):
    """A rating that may be lowered: of whom, by what, and the sentence of RAT-04."""

    organization: int
    name: str
    level: str
    trigger: str
    about: str
    sentence: str
    finding: Finding


def causes(user: Any, on: date) -> list[Cause]:
    """Ratings in force that an annual result since the rating calls to lower and nobody has weighed, in few statements.

    Results of years before the rating say nothing of it.
    """
    # Few bodies had such a result, many are rated.
    poor = AnnualResult.objects.current().filter(result__in=_POOR, year__range=(on.year - 3, on.year - 1))
    rated = list(Rating.objects.active(on).visible_to(user).filter(organization__in=poor.values("organization"))
                 .order_by("organization"))  # fmt: skip
    told = annual([row.organization_id for row in rated], on)
    worth = [row for row in rated if row.organization_id in told
             and told[row.organization_id][0] >= row.valid_from.year - 1
             and told[row.organization_id][1] in _POOR]  # fmt: skip
    ids = [row.organization_id for row in worth]
    done = set(
        LevelWeighing.objects.filter(organization__in=ids, trigger=Trigger.ANNUAL.value)
        .values_list("organization_id", "about")
    )  # fmt: skip
    rows = {row.organization_id: row for row in Standing.objects.now_open().live().filter(organization__in=ids)
            .select_related("registrar_area")}  # fmt: skip
    plans: dict[int, policy.Plan] = {}
    found = []
    for rating in worth:
        row = rows.get(rating.organization_id)
        year, last, before = told[rating.organization_id]
        if row is None or (rating.organization_id, str(year)) in done:
            continue
        area = row.registrar_area
        if area.pk not in plans:
            plans[area.pk] = policy.plan(Moment.EVENT, policy.limits(on, policy.chain(area.path)))
        known = OrganizationFacts(rating=rating.level, annual_year=year, annual_last=last, annual_before=before)
        for finding in plans[area.pk].run(known, on):
            found.append(Cause(rating.organization_id, row.name, rating.level, str(Trigger.ANNUAL), str(year),
                               finding.text, finding))  # fmt: skip
    return sorted(found, key=lambda cause: (cause.name, cause.organization))


def waiting_appeals(user: Any) -> Any:
    """Appeals in the user's rounds that are not decided or not told yet."""
    open_ = Q(outcome=AppealOutcome.OPEN.value) | Q(decided_on__isnull=False, notified_on__isnull=True)
    return RatingAppeal.objects.visible_to(user).filter(open_).select_related("entry__round__area")


def notice_due(appeal: RatingAppeal) -> date | None:
    """By when the decision on an appeal is told (RAT-06); None before the decision."""
    if appeal.decided_on is None:
        return None
    limits = policy.limits(appeal.decided_on, policy.chain(appeal.entry.round.area.path))
    return rules.notice_due(appeal.decided_on, limits)


def find_body(user: Any, text: str, round_: RatingRound) -> list[Standing]:
    """Live registered bodies of the round's area whose name or code holds the words; at most twenty."""
    rows = Standing.objects.now_open().live().within(round_.area.path).exclude(kind__in=["BA", "NB"])
    rows = rows.filter(organization__in=Organization.objects.visible_to(user))
    text = text.strip()
    return list(rows.filter(Q(name__icontains=text) | Q(organization__code=text.upper())).order_by("name", "pk")[:20])
