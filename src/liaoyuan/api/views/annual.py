"""Annual rounds and the reports of one: the same rows as the pages, without heads and telephone numbers."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from liaoyuan.api.forms.annual import ReportPage, ReportQuery, Rounds
from liaoyuan.api.forms.fields import Key, answers
from liaoyuan.api.views.door import Refusal, caller
from liaoyuan.core import clock
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.models import AnnualReport, AnnualRound
from liaoyuan.registry.queries import annual as queries

router = Router(tags=["年检年报"])
_SEES = (Permission.VIEW, Permission.OWN_VIEW)


@router.get("", response=answers(Rounds), summary="年检年报的各年度", operation_id="annual_rounds",
            url_name="annual_rounds")  # fmt: skip
def rounds(request: HttpRequest) -> dict[str, Any]:
    """令牌范围内开启过的年度、期限和数量。需要权限 registry.view。"""
    user = caller(request, *_SEES).user
    rows = AnnualRound.objects.visible_to(user).select_related("area").prefetch_related("terms").order_by("-year", "pk")
    return {
        "items": [
            {
                "id": row.pk, "year": row.year, "area": row.area.code, "notice": row.notice, "bodies": row.bodies,
                "filed": row.filed, "concluded": row.done, "publicity_from": row.publicity_from,
                "publicity_to": row.publicity_to, "publicity_provisional": row.publicity_provisional,
                "closed": row.closed_at is not None,
                "terms": [
                    {
                        "kind": term.kind, "cutoff_on": term.cutoff_on, "supervisor_due": term.supervisor_due,
                        "review_due": term.review_due, "registrar_due": term.registrar_due,
                    }
                    for term in row.terms.all()
                ],
            }
            for row in queries.with_counts(rows, user)
        ]
    }  # fmt: skip


@router.get("/{pk}/reports", response=answers(ReportPage, 404), summary="一个年度的年报",
            operation_id="annual_reports", url_name="annual_reports")  # fmt: skip
def reports(request: HttpRequest, pk: Annotated[Key, Path()], query: Query[ReportQuery]) -> dict[str, Any]:
    """令牌范围内的年报，一页一页地给，total 是准确的总数；不含负责人和电话。需要权限 registry.view。"""
    user = caller(request, *_SEES).user
    if not AnnualRound.objects.visible_to(user).filter(pk=pk).exists():
        raise Refusal(404)
    found = AnnualReport.objects.filter(round=pk).visible_to(user)
    rows = queries.asked(
        found, on=clock.today(), text=query.q, state=str(query.state or ""), kind=query.kind, result=query.result,
        late=query.late,
    ).order_by("name", "pk")  # fmt: skip
    total = rows.count()
    start = (query.page - 1) * query.per
    items = rows[start : start + query.per] if start < total else []
    return {
        "total": total, "page": query.page, "pages": max(1, -(-total // query.per)), "per": query.per,
        "items": [
            {
                "id": row.pk, "organization": row.organization_id, "name": row.name,
                "number": row.organization.code or row.organization.code_as_given, "kind": row.kind,
                "track": row.track, "street": row.street, "supervisor": row.supervisor, "state": row.state,
                "result": row.result, "submitted_on": row.submitted_on, "reviewed_on": row.reviewed_on,
                "filed_on": row.filed_on, "concluded_on": row.concluded_on, "next_due": queries.next_due(row),
                "late_filed_on": row.late.filed_on if row.late else None,
                "late_result": row.late.result if row.late else "",
            }
            for row in items
        ],
    }  # fmt: skip
