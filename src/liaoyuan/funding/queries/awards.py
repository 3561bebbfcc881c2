"""Published lists as pages show them: what may be listed, the reserve, days left, what the public reads. Fen."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.core.choices import DocumentState
from liaoyuan.core.models import Document
from liaoyuan.core.queries import documents as core
from liaoyuan.funding.choices.awards import OPEN_OBJECTIONS, ListState, Remedy
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import AwardLine, AwardList, AwardObjection, CommitteeDecision, Project, RankingLine, Round
from liaoyuan.funding.queries import bodies, limits, publicity, rounds
from liaoyuan.funding.rules.reviews import UNIT_TITLES

_OPEN = [str(state) for state in OPEN_OBJECTIONS]


class Proposed(NamedTuple):
    """A project that may stand on a list, with the amount that was decided."""

    project: Project
    body: str
    fen: int


def proposed(round_: Round) -> list[Proposed]:
    """Proposed projects that stand on no list yet, with what the committee decided, else what they ask for."""
    listed = AwardLine.objects.living().filter(award_list__round=round_).values("project")
    rows = Project.objects.filter(round=round_, state=ProjectState.PROPOSED.value).exclude(pk__in=listed)
    found = list(rows.select_related("area").order_by("number", "pk"))
    decided = CommitteeDecision.objects.current().filter(project__in=found, outcome=ReviewOutcome.PROPOSED.value)
    amounts = dict(decided.values_list("project", "amount_fen"))
    names = bodies.names(row.organization_id for row in found)
    return [
        Proposed(row, names.get(row.organization_id, ""), amounts.get(row.pk, row.grant_fen)) for row in found
    ]  # fmt: skip


class Reserved(NamedTuple):
    """A project of the reserve: its place in the ranking that holds, its body, what it asks for."""

    place: int | None
    project: Project
    body: str


def reserve(round_: Round) -> list[Reserved]:
    """The reserve (候补) in the order of the ranking: who moves up when somebody falls."""
    decided = CommitteeDecision.objects.current().filter(
        project__round=round_, outcome=ReviewOutcome.RESERVE.value, project__state=ProjectState.IN_REVIEW.value
    )
    found = [one.project for one in decided.select_related("project__area")]
    places: dict[int, int] = {}
    for project, place in (
        RankingLine.objects.filter(project__in=found).order_by("snapshot__number").values_list("project", "place")
    ):  # fmt: skip
        places[project] = place
    names = bodies.names(row.organization_id for row in found)
    told = [Reserved(places.get(row.pk), row, names.get(row.organization_id, "")) for row in found]
    return sorted(told, key=lambda one: (one.place is None, one.place or 0, one.project.number))


def lists(round_: Round) -> QuerySet[AwardList]:
    """The lists of a round, the latest first, with `many` projects, their `sum_fen` and how many objections wait."""
    lines = AwardLine.objects.filter(award_list=OuterRef("pk")).order_by().values("award_list")
    waiting = AwardObjection.objects.filter(award_list=OuterRef("pk"), state__in=_OPEN).order_by().values("award_list")
    return (
        AwardList.objects.filter(round=round_)
        .annotate(
            many=Coalesce(Subquery(lines.annotate(n=Count("pk")).values("n")), 0),
            sum_fen=Coalesce(Subquery(lines.annotate(n=Sum("amount_fen")).values("n")), 0),
            waiting=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        )
        .order_by("-pk")
    )


def state_words(row: AwardList, on: date) -> tuple[str, str]:
    """Mark and word of a list on the day, with the days left while it stands."""
    if row.state == ListState.DRAFT:
        return "review", _("起草")
    if row.state == ListState.WITHDRAWN or row.closes_on is None:
        return "closed", _("已撤下")
    left = (row.closes_on - on).days
    if left < 0:
        return "ok", _("公示期满")
    return "info", _("公示中，今天最后一天") if left == 0 else _("公示中，还剩 {n} 天").format(n=left)


@dataclass(frozen=True, slots=True)
class Shown:
    """What everybody reads of a list: its term, its lines, how to object."""

    title: str
    number: str
    office: str
    text: str
    term: str
    first: date
    last: date
    provisional: bool
    lines: list[tuple[Any, ...]]
    total_fen: int
    receiver: str
    phone: str
    address: str
    channel: str


def shown(row: AwardList, on: date) -> Shown:
    """The list as the public reads it, or would read it if it were published on the day."""
    if row.opens_on is not None and row.closes_on is not None:
        first, last, provisional = row.opens_on, row.closes_on, row.provisional
    else:
        first = on
        last, provisional = publicity.term(limits.limits_of(row.round), on)
    lines = publicity.table(row)
    document = row.document
    issuer = document.issuer if document is not None else None
    kept = core.snapshot_of(document) if document is not None and document.state == DocumentState.ISSUED else {}
    return Shown(
        title=row.title,
        number=document.number if document is not None else "",
        office=issuer.name if issuer is not None else row.round.programme.host,
        text=row.text,
        term=f"{row.days} {_(UNIT_TITLES[row.unit])}",
        first=first, last=last, provisional=provisional, lines=lines,
        total_fen=sum(line[-1] for line in lines),
        receiver=row.receiver,
        phone=kept.get("office_phone", issuer.phone if issuer is not None else ""),
        address=kept.get("office_address", issuer.address if issuer is not None else ""),
        channel=row.channel,
    )  # fmt: skip


def public(pk: int, on: date) -> AwardList | None:
    """The list, if everybody may read it on the day."""
    rows = AwardList.objects.filter(pk=pk, round__practice=False).select_related(
        "round__programme__area", "document__issuer"
    )
    found = rows.first() if pk < 2**63 else None
    return found if found is not None and found.stands(on) else None


def approvable(row: AwardList, on: date) -> list[tuple[AwardLine, int]]:
    """Lines that wait for an approval once the days are over, with how many objections still hold each back."""
    if not row.over(on):
        return []
    waiting = AwardObjection.objects.unanswered().filter(award_list=row)
    whole = waiting.filter(line__isnull=True).count()
    told = dict(waiting.filter(line__isnull=False).order_by().values_list("line").annotate(n=Count("pk")))
    rows = row.lines.filter(approval__isnull=True).exclude(remedy=Remedy.REFUSED.value)
    return [(line, whole + told.get(line.pk, 0)) for line in rows]


def approvals(row: AwardList) -> list[tuple[Document, int, int]]:
    """The approvals of a list with how many projects each has and for how much."""
    found: dict[int, list[AwardLine]] = {}
    for line in row.lines.filter(approval__isnull=False).select_related("approval__drafted_by"):
        found.setdefault(line.approval_id or 0, []).append(line)
    told = []
    for lines in found.values():
        document = lines[0].approval
        if document is not None:
            told.append((document, len(lines), sum(line.approved_fen or line.due_fen for line in lines)))
    return sorted(told, key=lambda one: one[0].pk)


def of_project(project: Project) -> list[AwardLine]:
    """Where the project stood on published lists, the latest first."""
    rows = AwardLine.objects.filter(project=project, award_list__published_at__isnull=False)
    return list(rows.select_related("award_list__round__programme__area", "approval").order_by("-pk"))


def line_words(line: AwardLine, open_: int = 0) -> tuple[str, str]:
    """Mark and word of a line."""
    if line.award_list.state == ListState.WITHDRAWN:
        return "closed", _("名单已撤下")
    if line.remedy == Remedy.REFUSED:
        return "reject", _("不予立项")
    if line.approved_at is not None:
        return "ok", _("已立项")
    if line.approval_id is not None:
        return "review", _("批复待签发")
    if open_:
        return "review", _("{n} 件异议待答复").format(n=open_)
    return "info", _("拟立项")


def visible(user: Any, pk: int) -> AwardList | None:
    """The list, if the user sees it as an office; bodies read the public page."""
    rows = AwardList.objects.visible_to(user).select_related("round__programme__area", "document__issuer")
    row = rows.filter(pk=pk).first()
    return row if row is not None and rounds.inside(user, row.round) else None


def open_of_line(row: AwardList) -> dict[int | None, int]:
    """How many objections wait by line; None counts those to the whole list."""
    waiting = AwardObjection.objects.unanswered().filter(award_list=row).order_by()
    return dict(waiting.values_list("line").annotate(n=Count("pk")))
