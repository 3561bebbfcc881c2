"""Awards as open data: only what was published and approved, nothing of practice rounds, of drafts, of persons."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.funding.choices.awards import ListState
from liaoyuan.funding.models import Agreement, AwardLine
from liaoyuan.funding.queries.former import FUNDED
from liaoyuan.kit.identifiers import uscc_whole

#: The list of identifiers to which the code of a Chinese body belongs, as org-id.guide names it.
CODES = "CN-USCI"
_PREFIX = "360G"


def awards(on: date, area: Area | None = None) -> QuerySet[AwardLine]:
    """Approved projects of lists whose days are over on the day, with the days of their agreements (`starts`, `ends`),
    the latest first.
    """
    signed = Agreement.objects.living().filter(project=OuterRef("project"), signed_on__isnull=False)
    rows = AwardLine.objects.living().filter(
        approved_at__isnull=False, award_list__state=ListState.PUBLISHED.value, award_list__closes_on__lt=on,
        award_list__round__practice=False, project__state__in=sorted(str(state) for state in FUNDED),
    )  # fmt: skip
    if area is not None:
        rows = rows.filter(award_list__round__programme__area__in=Area.objects.within(area.path))
    return rows.annotate(
        starts=Subquery(signed.values("starts_on")[:1]), ends=Subquery(signed.values("ends_on")[:1])
    ).select_related("award_list__round__programme__area", "project", "organization").order_by(
        "-award_list__round__year", "award_list__round", "number", "pk"
    )  # fmt: skip


def asked(on: date, text: str = "", year: int | None = None) -> QuerySet[AwardLine]:
    """Those that fit a question of the public page."""
    rows = awards(on)
    if text.strip():
        rows = rows.filter(Q(project_title__icontains=text.strip()) | Q(body_name__icontains=text.strip()))
    return rows if year is None else rows.filter(award_list__round__year=year)


def years(on: date) -> list[int]:
    """The years of which there are awards, the latest first."""
    rows = awards(on).order_by("-award_list__round__year").values_list("award_list__round__year", flat=True)
    return list(rows.distinct())


def period(line: AwardLine) -> tuple[date | None, date | None]:
    """When the project runs: as agreed, before that as applied for."""
    starts, ends = line.starts, line.ends  # type: ignore[attr-defined]
    return (starts, ends) if starts is not None else (line.project.starts_on, line.project.ends_on)


def grant(line: AwardLine) -> dict[str, Any]:
    """One award in the shape of the 360Giving Data Standard 1.4; money in yuan."""
    round_ = line.award_list.round
    programme = round_.programme
    assert line.approved_at is not None and line.approved_fen is not None  # noqa: S101 - as `awards` asks
    starts, ends = period(line)
    planned = {"startDate": starts, "endDate": ends}
    told: dict[str, Any] = {
        "id": f"{_PREFIX}-{programme.code}-{line.number}",
        "title": line.project_title,
        "description": f"{round_.title}立项项目：{line.project_title}",
        "currency": "CNY",
        "amountAwarded": yuan(line.approved_fen),
        "awardDate": localdate(line.approved_at).isoformat(),
        "recipientOrganization": [{"id": body_id(line), "name": line.body_name}],
        "fundingOrganization": [{"id": f"{_PREFIX}-{programme.code}-host", "name": programme.host}],
        "grantProgramme": [{"code": programme.code, "title": round_.title}],
        "fromOpenCall": "Yes",
        "dateModified": line.approved_at.replace(microsecond=0).isoformat(),
    }
    dates = {name: day.isoformat() for name, day in planned.items() if day is not None}
    if dates:
        told["plannedDates"] = [dates]
    if line.place:
        told["beneficiaryLocation"] = [{"name": line.place, "countryCode": "CN"}]
    return told


def body_id(line: AwardLine) -> str:
    """The recipient by its unified social credit code; one without by its filing number, within the programme."""
    code = line.organization.code
    if code and uscc_whole(code):
        return f"{CODES}-{code}"
    own = line.organization.filing_no or code or str(line.organization_id)
    return f"{_PREFIX}-{line.award_list.round.programme.code}-org-{own}"


def yuan(fen: int) -> int | float:
    """Fen as yuan: a whole number where it is one."""
    return fen // 100 if fen % 100 == 0 else fen / 100
