"""What the quarterly report of a committee knows by itself: figures of its area at the end of the last quarter."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Formation, PartyOrganization
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.coverage import Asked, Figures
from liaoyuan.party.queries.coverage_stats import rate
from liaoyuan.people.queries.workforce import published_day


def facts(party: PartyOrganization, on: date) -> Mapping[str, str]:
    """Texts of the report, as of the last end of a quarter. Numbers of members are told as they stand, never added."""
    day = published_day(on)
    before = published_day(day - timedelta(days=1))
    asked = Asked(party.area, day)
    now, was = figures.figures(asked)[0], figures.figures(Asked(party.area, before))[0]
    return {
        "name": reading.name_of(party), "figures": _told(now, day), "change": _changed(now, was, before),
        "definition": _(figures.DEFINITION),
    }  # fmt: skip


def _share(part: int, whole: int) -> str:
    found = rate(part, whole)
    return "—" if found is None else f"{found}%"


def _told(told: Figures, day: date) -> str:
    words = _(
        "截至 {day}，应统计组织 {base} 家，组织覆盖 {covered} 家（{organized}），工作覆盖 {worked} 家（{work}）；"
        "应建党组织 {due} 家，已建 {built} 家（{founded}）。应建未建 {a} 家，有党员未覆盖 {b} 家，无党员 {c} 家，"
        "形式覆盖 {d} 家。"
    )
    return words.format(
        day=day.isoformat(), base=told.base, covered=told.covered, organized=_share(told.covered, told.base),
        worked=told.worked, work=_share(told.worked, told.base), due=told.due, built=told.built,
        founded=_share(told.built, told.due), **{gap.lower(): count for gap, count in told.gaps.items()},
    )  # fmt: skip


def _changed(now: Figures, was: Figures, before: date) -> str:
    words = _("与 {day} 相比，组织覆盖 {covered:+d} 家，工作覆盖 {worked:+d} 家，应建未建 {a:+d} 家。")
    return words.format(
        day=before.isoformat(), covered=now.covered - was.covered, worked=now.worked - was.worked,
        a=now.gaps["A"] - was.gaps["A"],
    )  # fmt: skip


def reporting(area_pk: int) -> int | None:
    """The committee that reports for an area."""
    rows = Formation.objects.now_open().filter(form=Form.COMMITTEE.value, party_organization__area=area_pk)
    living = rows.filter(party_organization__dissolved_on__isnull=True, party_organization__voided_at__isnull=True)
    return living.order_by("party_organization").values_list("party_organization_id", flat=True).first()
