"""Organizations: the list with the filters of its page, and all facts of one."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router

from liaoyuan.api.forms.fields import Key, answers
from liaoyuan.api.forms.organizations import DayQuery, OrganizationDetail, OrganizationPage, OrganizationQuery
from liaoyuan.api.queries import organizations as queries
from liaoyuan.api.views.door import Refusal, caller
from liaoyuan.core import clock
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.queries import lookup
from liaoyuan.registry.queries.listing import TRAITS, Criteria, Listing

router = Router(tags=["社会组织"])
_SEES = (Permission.VIEW, Permission.OWN_VIEW)


@router.get(
    "",
    response=answers(OrganizationPage),
    summary="查询社会组织",
    operation_id="organization_list",
    url_name="organization_list",
)
def listing(request: HttpRequest, query: Query[OrganizationQuery]) -> dict[str, object]:
    """令牌范围内的组织，一页一页地给，total 是准确的总数。筛选条件与名录页面相同。需要权限 registry.view。"""
    user = caller(request, *_SEES).user
    places = {name: getattr(query, name) for name in ("area", "street", "community")}
    found = lookup.places(places, user)
    if found.unknown:
        told = "没有这样的区划，或不在您的范围内。"
        raise Refusal(422, fields=[(name, told) for name, value in places.items() if value in found.unknown])
    on = query.as_of or clock.today()
    criteria = Criteria(
        on=on, q=query.q, group=query.group, kind=query.kind or "", status=query.status or "",
        area=found.area, streets=found.streets, communities=found.communities, field=query.field or "",
        district_field=query.district_field or "", rating=query.rating or "", credit=query.credit or "",
        since=query.since, until=query.until, expires=query.expires, external=query.external,
        traits=tuple(name for name in TRAITS if getattr(query, name)),
    )  # fmt: skip
    rows = Listing(user, criteria, [query.sort])
    total = rows.count()
    start = (query.page - 1) * query.per
    items = rows[start : start + query.per] if start < total else []
    return {
        "total": total, "page": query.page, "pages": max(1, -(-total // query.per)), "per": query.per, "as_of": on,
        "items": [queries.line(row) for row in items],
    }  # fmt: skip


@router.get(
    "/{pk}",
    response=answers(OrganizationDetail, 404),
    summary="一个组织的全部登记事项",
    operation_id="organization_detail",
    url_name="organization_detail",
)
def detail(request: HttpRequest, pk: Annotated[Key, Path()], query: Query[DayQuery]) -> dict[str, object]:
    """某一天的登记事项；范围之外的、当日还没有成立的都是 404。电话打码，不提供身份证号。需要权限 registry.view。"""
    user = caller(request, *_SEES).user
    found = queries.detail(pk, user, query.as_of or clock.today())
    if found is None:
        raise Refusal(404)
    return found
