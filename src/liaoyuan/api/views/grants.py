"""Rounds of grants and applications: read, begun, written and handed in by the same actions as on the pages."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from liaoyuan.api.forms.fields import Key, answers
from liaoyuan.api.forms.grants import (
    BeginIn,
    GrantDetail,
    GrantPage,
    GrantRoundDetail,
    GrantRounds,
    HandIn,
    ProjectsQuery,
    SectionsIn,
)
from liaoyuan.api.queries import grants as telling
from liaoyuan.api.views.door import Refusal, caller
from liaoyuan.core import clock
from liaoyuan.funding.actions import handing_in, projects, whole
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Need, Project, Round
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.queries.bodies import living

router = Router(tags=["公益创投"])
_SEES = (Permission.VIEW, Permission.OWN_VIEW)
_WRITES = (Permission.EDIT, Permission.OWN_EDIT)


@router.get("/rounds", response=answers(GrantRounds), summary="公益创投的各届", operation_id="grant_rounds",
            url_name="grant_rounds")  # fmt: skip
def rounds(request: HttpRequest) -> dict[str, Any]:
    """令牌范围内的各届：日期、情况、申报个数、资金总额。需要权限 funding.view 或 funding.own.view。"""
    user, today = caller(request, *_SEES).user, clock.today()
    rows = reading.listed(user).order_by("-opens_on", "-pk")
    return {"items": [telling.round_(row, today) for row in rows]}


@router.get("/rounds/{pk}", response=answers(GrantRoundDetail, 404), summary="一届", operation_id="grant_round",
            url_name="grant_round")  # fmt: skip
def one_round(request: HttpRequest, pk: Annotated[Key, Path()]) -> dict[str, Any]:
    """一届的公告和规则的数字。需要权限 funding.view 或 funding.own.view。"""
    user = caller(request, *_SEES).user
    row = reading.listed(user).filter(pk=pk).first()
    if row is None:
        raise Refusal(404)
    return {**telling.round_(row, clock.today()), "call": row.call, "figures": telling.judged_by(row)}


@router.post("/rounds/{pk}/projects", response=answers(GrantDetail, 404, 409, status=201), summary="开始一份申报",
             operation_id="grant_begin", url_name="grant_begin")  # fmt: skip
def begin(request: HttpRequest, pk: Annotated[Key, Path()], payload: BeginIn) -> Status[dict[str, Any]]:
    """为本组织，或者承办单位代填，开始一份草稿；可以从以前的项目复制。需要权限 funding.own.edit 或 funding.edit。"""
    user = caller(request, *_WRITES).user
    row = Round.objects.visible_to(user).select_related("programme__area").filter(pk=pk).first()
    if row is None:
        raise Refusal(404)
    body = living().filter(pk=payload.organization).first()
    if body is None:
        raise Refusal(422, fields=[("organization", "没有这个组织。")])
    source = Project.objects.visible_to(user).filter(pk=payload.copied_from or 0).first()
    if payload.copied_from and source is None:
        raise Refusal(422, fields=[("copied_from", "没有这个项目。")])
    need = Need.objects.published().filter(round=row, pk=payload.need or 0).first()
    if payload.need and need is None:
        raise Refusal(422, fields=[("need", "这一届没有公布这条需求。")])
    made = projects.begin(
        round_=row, organization=body, title=payload.title, copied_from=source, need=need,
        on_behalf=payload.on_behalf, by=user, at=clock.now(),
    )  # fmt: skip
    return Status(201, _told(user, made.pk))


@router.get("/projects", response=answers(GrantPage), summary="申报项目", operation_id="grant_projects",
            url_name="grant_projects")  # fmt: skip
def listing(request: HttpRequest, query: Query[ProjectsQuery]) -> dict[str, Any]:
    """令牌范围内的项目，与申报项目页面相同。需要权限 funding.view 或 funding.own.view。"""
    user = caller(request, *_SEES).user
    rows = queries.listed(user, query.q, query.round, str(query.state or "")).order_by("-pk")
    total, start = rows.count(), (query.page - 1) * query.per
    items = rows[start : start + query.per] if start < total else []
    return {
        "total": total, "page": query.page, "pages": max(1, -(-total // query.per)), "per": query.per,
        "items": [telling.line(row, getattr(row, "body_name", None)) for row in items],
    }  # fmt: skip


@router.get("/projects/{pk}", response=answers(GrantDetail, 404), summary="一份申报", operation_id="grant_project",
            url_name="grant_project")  # fmt: skip
def one(request: HttpRequest, pk: Annotated[Key, Path()]) -> dict[str, Any]:
    """申报书的全部内容、版本；还能改的说明缺什么、规则提出什么。需要权限 funding.view 或 funding.own.view。"""
    return _told(caller(request, *_SEES).user, pk)


@router.put("/projects/{pk}", response=answers(GrantDetail, 404, 409), summary="保存申报书的各部分",
            operation_id="grant_save", url_name="grant_project")  # fmt: skip
def save(request: HttpRequest, pk: Annotated[Key, Path()], payload: SectionsIn) -> dict[str, Any]:
    """写明的部分一次全部保存，没有写明的不变；有一处不对就都不保存，findings 逐处说明。

    需要权限 funding.own.edit 或 funding.edit。
    """
    user = caller(request, *_WRITES).user
    whole.save(
        project=_seen(user, pk), told=payload.told(), version=payload.version, on_behalf=payload.on_behalf, by=user,
        at=clock.now(),
    )  # fmt: skip
    return _told(user, pk)


@router.post("/projects/{pk}/submit", response=answers(GrantDetail, 404, 409), summary="提交申报",
             operation_id="grant_submit", url_name="grant_submit")  # fmt: skip
def submit(request: HttpRequest, pk: Annotated[Key, Path()], payload: HandIn) -> dict[str, Any]:
    """与页面相同的规则和名额。负责人先在页面上确认申报书，或者承办单位写明收到纸质承诺书的日期。

    需要权限 funding.own.edit 或 funding.edit。
    """
    user = caller(request, *_WRITES).user
    handing_in.submit(
        project=_seen(user, pk), confirmed=payload.confirmed, on_paper=payload.on_paper,
        late_reason=payload.late_reason, version=payload.version, on_behalf=payload.on_behalf, by=user,
        at=clock.now(),
    )  # fmt: skip
    return _told(user, pk)


def _seen(user: Any, pk: int) -> Project:
    rows = Project.objects.visible_to(user).select_related("round__programme__area", "organization", "sponsor", "area")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Refusal(404)
    return row


def _told(user: Any, pk: int) -> dict[str, Any]:
    found = telling.detail(user, pk, clock.today())
    if found is None:
        raise Refusal(404)
    return found
