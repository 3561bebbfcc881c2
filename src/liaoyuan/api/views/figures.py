"""Statistics, search, and what the token itself opens."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router

from liaoyuan.api.forms.fields import Text, answers
from liaoyuan.api.forms.figures import Hits, Me, SearchQuery, Statistics, StatisticsQuery
from liaoyuan.api.views.door import Refusal, caller
from liaoyuan.core import access, clock, registries, search
from liaoyuan.core.models import Area
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.registry.choices import Permission
from liaoyuan.reports.queries.areas import chosen

router = Router(tags=["统计和检索"])


@router.get("/me", response=answers(Me), summary="令牌能做什么", operation_id="me", url_name="me")
def me(request: HttpRequest) -> dict[str, object]:
    """令牌的主人、用途、今天有效的权限和到期时间。任何有效的令牌都可以用来试连。"""
    found = caller(request)
    return {
        "user": found.user.username, "token": found.token.name, "permissions": sorted(found.permissions),
        "expires_at": found.token.expires_at, "today": clock.today(),
    }  # fmt: skip


@router.get(
    "/statistics/{name}",
    response=answers(Statistics, 404),
    summary="登记统计",
    operation_id="statistics",
    url_name="statistics",
)
def statistics(
    request: HttpRequest,
    name: Annotated[Text, Path(description="统计的名称，现有 registry")],
    query: Query[StatisticsQuery],
) -> dict[str, object]:
    """与统计页面和命令 liaoyuan stats 相同的数字：登记和备案分开，已终止的不计。需要权限 registry.stats。"""
    user = caller(request, Permission.STATS).user
    counted = registries.stats_kinds.get(name) if name == "registry" else None  # others count by other permissions
    area = _area(user, query.area)
    if counted is None or area is None:
        raise Refusal(404)
    dims = [part.strip() for part in query.by.split(",") if part.strip()]
    if len(dims) != len(set(dims)):
        raise Refusal(422, fields=[("by", "同一项不能写两次。")])
    try:
        found: dict[str, object] = counted(
            by=user, as_of=query.as_of or clock.today(), known_at=clock.now(), area=area, dims=dims
        )
    except ValueError as error:
        raise Refusal(422, fields=[("by", str(error))]) from error
    return found


def _area(user: object, code: str) -> Area | None:
    """The area asked for, if it lies within the caller's reach; without a code the widest of his own."""
    if not code:
        return chosen(user, "")
    area = Area.objects.filter(code=code).first()
    allowed = access.reach(user, Permission.STATS)
    if area is None or not (allowed.everything or any(area.path.startswith(path) for path in allowed.paths)):
        return None
    return area


@router.get("/search", response=answers(Hits), summary="检索", operation_id="search", url_name="search")
def find(request: HttpRequest, query: Query[SearchQuery]) -> dict[str, object]:
    """名称、曾用名、代码、拼音、首字母的任意一段，最相近的在前，total 是准确的总数；不含人员。

    需要权限 registry.view 或 party.view。
    """
    user = caller(request, Permission.VIEW, Permission.OWN_VIEW, Party.VIEW).user
    found = search.find(query.q, user=user, kind=query.kind or None, limit=query.limit, offset=query.offset)
    return {
        "total": found.total,
        "hits": [
            {"kind": hit.kind, "id": hit.object_id, "name": hit.title, "code": hit.code, "former": hit.matched}
            for hit in found.hits
        ],
    }
