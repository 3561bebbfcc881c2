"""Party organizations as a dated tree, coverage in figures and body by body: the same as on the pages, no person."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from liaoyuan.api.forms.fields import Key, answers
from liaoyuan.api.forms.organizations import DayQuery
from liaoyuan.api.forms.party import (
    Coverage,
    CoverageQuery,
    PartyDetail,
    PartyPage,
    PartyQuery,
    VerdictPage,
    VerdictsQuery,
)
from liaoyuan.api.queries import party as queries
from liaoyuan.api.views.door import Refusal, caller
from liaoyuan.core import clock
from liaoyuan.core.models import Area
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import coverage_stats as stats
from liaoyuan.party.queries import directory, uncovered
from liaoyuan.party.queries.coverage import Asked

router = Router(tags=["党建"])


def _cut(total: int, query: Any) -> tuple[dict[str, int], slice]:
    """What is told of a page, and which rows stand on it; none past the last one."""
    start = min((query.page - 1) * query.per, total)
    told = {"total": total, "page": query.page, "pages": max(1, -(-total // query.per)), "per": query.per}
    return told, slice(start, start + query.per)


@router.get("/organizations", response=answers(PartyPage), summary="查询党组织", operation_id="party_list",
            url_name="party_list")  # fmt: skip
def organizations(request: HttpRequest, query: Query[PartyQuery]) -> dict[str, Any]:
    """令牌范围内某一天的党组织：隶属、所属党委、组建形式、批复文号；不含任何人员。需要权限 party.view。"""
    user = caller(request, Permission.VIEW).user
    area = Area.objects.filter(code=query.area).first() if query.area else None
    if query.area and area is None:
        raise Refusal(422, fields=[("area", "没有这个区划代码。")])
    on = query.as_of or clock.today()
    rows = directory.rows(user, directory.Criteria(
        on, q=query.q, form=query.form or "", kind=query.kind or "", below=query.below, area=area, state=query.state,
    )).order_by("name", "pk")  # fmt: skip
    if query.below and not PartyOrganization.objects.visible_to(user).filter(pk=query.below).exists():
        rows = rows.none()
    told, part = _cut(rows.count(), query)
    return {**told, "as_of": on, "items": queries.lines(user, list(rows[part]), on)}


@router.get("/organizations/{pk}", response=answers(PartyDetail, 404), summary="一个党组织",
            operation_id="party_detail", url_name="party_detail")  # fmt: skip
def organization(request: HttpRequest, pk: Annotated[Key, Path()], query: Query[DayQuery]) -> dict[str, Any]:
    """某一天的情况、成员单位和下级；范围之外的、当日没有的都是 404。不含任何人员。需要权限 party.view。"""
    user = caller(request, Permission.VIEW).user
    found = queries.detail(user, pk, query.as_of or clock.today())
    if found is None:
        raise Refusal(404)
    return found


def _area(user: Any, code: str) -> Area:
    """The area asked for, without a code the widest of the caller's own. Outside of his reach there is none."""
    area = stats.areas_for(user).filter(code=code).first() if code else stats.own_area(user)
    if area is None:
        raise Refusal(404)
    return area


@router.get("/coverage", response=answers(Coverage, 404), summary="覆盖情况的数字", operation_id="party_coverage",
            url_name="party_coverage")  # fmt: skip
def coverage(request: HttpRequest, query: Query[CoverageQuery]) -> dict[str, Any]:
    """与覆盖情况页面和命令 liaoyuan stats coverage 相同的数字。需要权限 party.stats。

    令牌带 party.members.view 并且名册权限覆盖整个区划时，党员人数准确；否则截至上一季度末，小数隐去。
    """
    user = caller(request, Permission.STATS).user
    area = _area(user, query.area)
    dims = [part.strip() for part in query.by.split(",") if part.strip()]
    if len(dims) != len(set(dims)):
        raise Refusal(422, fields=[("by", "同一项不能写两次。")])
    try:
        return stats.stats(by=user, as_of=query.as_of or clock.today(), known_at=clock.now(), area=area, dims=dims)
    except ValueError as error:
        raise Refusal(422, fields=[("by", str(error))]) from error


@router.get("/coverage/organizations", response=answers(VerdictPage, 404), summary="各组织的覆盖情况",
            operation_id="party_verdicts", url_name="party_verdicts")  # fmt: skip
def verdicts(request: HttpRequest, query: Query[VerdictsQuery]) -> dict[str, Any]:
    """每个组织由谁覆盖、依据哪个文件、有什么缺口和原因、可以怎样组建、下一步谁办。需要权限 party.stats。"""
    user = caller(request, Permission.STATS).user
    asked = Asked(_area(user, query.area), query.as_of or clock.today())
    criteria = uncovered.Criteria(asked, shown=query.shown, q=query.q, kind=query.kind, street=query.street)
    found = uncovered.Listing(user, criteria)
    told, part = _cut(found.count(), query)
    items = queries.verdicts(user, asked, found.standings(part))
    return {**told, "area": asked.area.code, "as_of": asked.on, "items": items}
