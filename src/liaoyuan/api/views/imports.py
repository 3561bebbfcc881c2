"""Bulk import: a file becomes a batch with its report; the batch is applied, undone or discarded.

The same staging, rules and actions as on the import page, under the same permission and area.
"""

import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Form, Path, Query, Router, Status
from ninja.files import UploadedFile

from liaoyuan.api.forms.fields import Key, answers
from liaoyuan.api.forms.imports import BatchesQuery, BatchPage, Decision, LinePage, LinesQuery, Report, Upload, Written
from liaoyuan.api.queries import imports as queries
from liaoyuan.api.queries.tokens import Caller
from liaoyuan.api.views.door import Refusal, caller
from liaoyuan.core import access, clock, registries, staging
from liaoyuan.core.actions import imports as actions
from liaoyuan.core.choices import BatchState
from liaoyuan.core.models import Area, ImportBatch
from liaoyuan.core.queries import batches
from liaoyuan.kit.sheets.refusal import Unreadable

router = Router(tags=["批量导入"])
_PER = 50


def _caller(request: HttpRequest) -> Caller:
    return caller(request, *(kind.permission for kind in registries.import_kinds.values()))


def _batch(user: object, pk: int) -> ImportBatch:
    batch = batches.visible(user).filter(pk=pk).first()
    if batch is None:
        raise Refusal(404)
    return batch


@router.post(
    "",
    response={**answers(Report, 413, status=201), 202: Report},
    summary="上传表格",
    operation_id="import_upload",
    url_name="import_upload",
)
def upload(request: HttpRequest, form: Form[Upload], file: File[UploadedFile]) -> Status[dict[str, object]]:
    """读出、校验、与库里比较，返回批次和报告，登记库还没有变化。同一份文件再传一次得到同一个批次。

    超过 1 MB 的文件由后台读取：答复是 202，批次的 state 是 reading；再问批次的报告，到 staged 时读完。

    需要权限 registry.import（备案表为 registry.filing.edit，党建各表为 party.import），并且 area 在您的授权范围之内。
    """
    user = _caller(request).user
    area, mapping = _asked(user, form, file)
    try:
        with tempfile.NamedTemporaryFile(prefix="liaoyuan-") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
            kept.flush()
            order = staging.Order(
                kind=form.kind, path=FilePath(kept.name), file_name=file.name or "", area=area,
                as_of=form.as_of or clock.today(), sheet=form.sheet or None, mapping=mapping, unit=form.unit or None,
            )  # fmt: skip
            batch = actions.receive(order=order, by=user, at=clock.now())
    except (Unreadable, staging.NoHeader) as error:
        told = staging.sentence_of(error)
        raise Refusal(422, told, [("file", told)]) from error
    return Status(202 if batch.state == BatchState.READING else 201, queries.report(batch))


def _asked(user: object, form: Upload, file: UploadedFile) -> tuple[Area, dict[str, str]]:
    """The area and the mapping that are asked, judged before the file is read."""
    kind = registries.import_kinds.get(form.kind)
    if kind is None:
        raise Refusal(422, fields=[("kind", f"只能是其中之一：{'、'.join(registries.import_kinds)}。")])
    area = Area.objects.filter(code=form.area).first()
    if area is None:
        raise Refusal(422, fields=[("area", "没有这个区划代码。")])
    access.require_area(user, kind.permission, area.path)
    if not form.pledge:
        raise Refusal(422, fields=[("pledge", "请先确认文件不涉密：pledge=true。")])
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise Refusal(413, f"文件超过 {settings.UPLOAD_MAX_BYTES // 2**20} MB，请拆分后再传。")
    mapping: dict[str, str] = {}
    for pair in form.map:
        label, sign, field = pair.partition("=")
        if not sign or not label.strip() or field.strip() not in kind.fields:
            raise Refusal(422, fields=[("map", f"“{pair}”不是“列名=字段”，或没有这个字段。")])
        mapping[label.strip()] = field.strip()
    return area, mapping


@router.get("", response=answers(BatchPage), summary="批次", operation_id="import_list", url_name="import_list")
def listing(request: HttpRequest, query: Query[BatchesQuery]) -> dict[str, object]:
    """您可以导入的区划和种类的批次，最近的在前。"""
    rows = batches.visible(_caller(request).user).order_by("-created_at", "-pk")
    if query.state:
        rows = rows.filter(state=str(query.state))
    total, start = rows.count(), (query.page - 1) * _PER
    items = rows[start : start + _PER] if start < total else []
    return {
        "total": total, "page": query.page, "pages": max(1, -(-total // _PER)),
        "items": [queries.line(batch) for batch in items],
    }  # fmt: skip


@router.get(
    "/{pk}", response=answers(Report, 404), summary="批次的报告", operation_id="import_report", url_name="import_report"
)
def report(request: HttpRequest, pk: Annotated[Key, Path()]) -> dict[str, object]:
    """批次现在的状态和报告。"""
    return queries.report(_batch(_caller(request).user, pk))


@router.get(
    "/{pk}/lines",
    response=answers(LinePage, 404),
    summary="批次的各行",
    operation_id="import_lines",
    url_name="import_lines",
)
def lines(request: HttpRequest, pk: Annotated[Key, Path()], query: Query[LinesQuery]) -> dict[str, object]:
    """表里的每一行读成了什么、有什么疑点，一页一页地给。"""
    batch = _batch(_caller(request).user, pk)
    rows = batch.rows.order_by("number")
    if query.verdict:
        rows = rows.filter(verdict=str(query.verdict))
    total, start = rows.count(), (query.page - 1) * query.per
    items = queries.lines(batch, rows[start : start + query.per]) if start < total else []
    return {"total": total, "page": query.page, "pages": max(1, -(-total // query.per)), "items": items}


@router.post(
    "/{pk}/apply",
    response={**answers(Written, 404, 409), 202: Written},
    summary="导入批次",
    operation_id="import_apply",
    url_name="import_apply",
)
def apply(request: HttpRequest, pk: Annotated[Key, Path()], query: Query[Decision]) -> Status[dict[str, object]]:
    """把可以导入的行写入登记库。待核的行留在批次里，除非 confirm_review 为 true。登记库已有变化时是 409。

    要写的行多于 5,000 时由后台写入：答复是 202，再问批次的报告，到 applied 时写完。
    """
    user = _caller(request).user
    batch = _batch(user, pk)
    done = actions.bring_in(batch=batch, confirm_review=query.confirm_review, by=user, at=clock.now())
    batch.refresh_from_db()
    return Status(200 if isinstance(done, ImportBatch) else 202, queries.written(batch))


@router.post(
    "/{pk}/undo",
    response=answers(Written, 404, 409),
    summary="撤销导入",
    operation_id="import_undo",
    url_name="import_undo",
)
def undo(request: HttpRequest, pk: Annotated[Key, Path()]) -> dict[str, object]:
    """登记库恢复到导入之前。导入之后又改过同一事项的，是 409，一行也不撤。"""
    user = _caller(request).user
    batch = _batch(user, pk)
    registries.import_kinds[batch.kind].undo(batch=batch, by=user, at=clock.now())
    batch.refresh_from_db()
    return queries.written(batch)


@router.delete(
    "/{pk}",
    response=answers(None, 404, 409, status=204),
    summary="放弃批次",
    operation_id="import_discard",
    url_name="import_discard",
)
def discard(request: HttpRequest, pk: Annotated[Key, Path()]) -> Status[None]:
    """放弃还没有导入的批次，它的各行随即删去。"""
    user = _caller(request).user
    actions.discard(batch=_batch(user, pk), by=user, at=clock.now())
    return Status(204, None)
