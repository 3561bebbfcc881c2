"""Reading late reports (补报): what a list entry is made up by, which wait at the office, who may come off a list."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from liaoyuan.registry.choices import ANNUAL_RESULT_TITLES, AnnualState, CreditStatus, Ground, Permission
from liaoyuan.registry.models import OPEN, AnnualReport, CreditEntry, ListingProposal, Standing
from liaoyuan.registry.models.rounds import within_reach

#: States in which the registrar has nothing yet.
_AWAITED = (AnnualState.NONE, AnnualState.DRAFT, AnnualState.SUBMITTED, AnnualState.REVIEWED, AnnualState.RETURNED)


def ground_of(entry: CreditEntry) -> tuple[str, bool | None]:
    """(ground, whether the missed year was made up for) of an entry; None where no missed year brought it."""
    made = ListingProposal.objects.filter(entry=entry).select_related("report__late_report").first()
    if made is None:
        return "", None
    if made.ground != Ground.ANNUAL or made.report is None:
        return made.ground, None
    late = made.report.late
    return made.ground, late is not None and late.state == AnnualState.CONCLUDED


def late_of(entry: CreditEntry) -> AnnualReport | None:
    """The concluded late report that an entry's removal rests on."""
    rows = AnnualReport.objects.made_up().filter(makes_up__proposals__entry=entry, state=AnnualState.CONCLUDED)
    return rows.select_related("round").first()


def proof_of(entry: CreditEntry) -> dict[str, Any]:
    """What a removal form may say by itself, because a late report made up for the missed year: fields → values."""
    late = late_of(entry)
    if late is None or late.concluded_on is None:
        return {}
    told = _("{year} 年度报告已补报，{day} 作出结论")
    return {"complied": True, "reason": told.format(year=late.round.year, day=late.concluded_on.isoformat())}


def words_of(report: AnnualReport, known_at: datetime | None = None) -> str:
    """What became of a missed year: "" without a late report, else where that one stands, with its day."""
    late = report.late
    if late is None:
        return ""
    if late.concluded_at is None or (known_at is not None and late.concluded_at > known_at):
        return _("正在收补报")
    return _("{day} 补报，{result}").format(
        day=late.filed_on.isoformat() if late.filed_on else "", result=_(ANNUAL_RESULT_TITLES[late.result])
    )


def by_year(organization: int, known_at: datetime | None) -> dict[int, str]:
    """The words about each missed year of a body for which a late report was taken in, as known at a moment."""
    rows = AnnualReport.objects.regular().filter(organization=organization, late_report__isnull=False)
    if known_at is not None:
        rows = rows.filter(late_report__late_at__lte=known_at)
    return {row.round.year: words_of(row, known_at) for row in rows.select_related("round", "late_report")}


class Waiting(NamedTuple):
    """Late reports of one round: not handed in though their day is over, and waiting to be examined."""

    round: int
    year: int
    over: int
    examine: int


def waiting(user: Any, on: date) -> list[Waiting]:
    """The late reports at the user's office, by round, of closed rounds too; one statement."""
    where = within_reach(user, Permission.ANNUAL_EDIT, "round__area")
    awaited = Q(state__in=[str(s) for s in _AWAITED])
    rows = (
        AnnualReport.objects.made_up().filter(where).exclude(state=AnnualState.CONCLUDED).order_by()
        .values("round", "round__year")
        .annotate(over=Count("pk", filter=awaited & Q(late_due__lt=on)), examine=Count("pk", filter=~awaited))
        .order_by("round__year", "round")
    )  # fmt: skip
    return [Waiting(row["round"], row["round__year"], row["over"], row["examine"]) for row in rows]


class MadeUp(NamedTuple):
    """A body on the abnormal list for a missed year that has made up for it."""

    entry: CreditEntry
    name: str
    late: AnnualReport


def made_up_listed(user: Any, on: date) -> list[MadeUp]:
    """Bodies that the user may take off the abnormal list (LST-04): their late report has a conclusion."""
    where = within_reach(user, Permission.CREDIT_EDIT, "registrar_area")
    rows = (
        CreditEntry.objects.active(on)
        .filter(list_kind=str(CreditStatus.ABNORMAL), valid_to=OPEN, proposal__ground=str(Ground.ANNUAL),
                proposal__report__late_report__state=AnnualState.CONCLUDED)
        .select_related("proposal__report__late_report", "proposal__report__round")
        .order_by("valid_from", "pk")
    )  # fmt: skip
    entries: Sequence[CreditEntry] = list(rows)
    if not entries:
        return []
    bodies = Standing.objects.now_open().filter(where, organization__in=[e.organization_id for e in entries])
    names = dict(bodies.values_list("organization", "name"))
    found = []
    for entry in entries:
        missed = entry.proposal.report
        if missed is not None and missed.late is not None and entry.organization_id in names:
            found.append(MadeUp(entry, names[entry.organization_id], missed.late))
    return found
