"""Core's jobs: reading an uploaded sheet, importing a large batch, tidying up. Ids in, one action out."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import clock, jobs, registries, shelf, staging
from liaoyuan.core.actions import imports, messages, tidying
from liaoyuan.core.choices import BatchState
from liaoyuan.core.jobs import Progress
from liaoyuan.core.models import ImportBatch
from liaoyuan.core.outlets.parcels import MayBeSent, NotSent
from liaoyuan.core.registries import JobKind, Scheduled
from liaoyuan.kit.sheets.refusal import Unreadable


def read_upload(progress: Progress, batch_id: int) -> None:
    """Read the rows of an upload into its batch; the upload is gone afterwards."""
    by = progress.person
    batch = ImportBatch.objects.select_related("area").filter(pk=batch_id).first()
    if batch is None:
        raise jobs.Failed(_("这个批次已不在。"))
    if batch.state != BatchState.READING:
        return
    stored = str(progress.kept["file"])
    with shelf.copy_of(stored) as path:
        order = imports.order_of(batch, progress.order, path)
        try:
            staging.read(batch, order, progress, by=by, at=batch.created_at)
        except (Unreadable, staging.NoHeader) as error:
            with progress.commit():  # what was read so far goes with a file that cannot be read to its end
                batch.rows.all().delete()
            raise jobs.Failed(staging.sentence_of(error)) from error
    shelf.drop(stored)


def apply_batch(progress: Progress, batch_id: int) -> None:
    """Import a staged batch: one transaction of its own, guarded by the batch's state, so that it happens once."""
    batch = ImportBatch.objects.select_related("area").get(pk=batch_id)
    if batch.state != BatchState.APPLIED:  # else an earlier attempt had written it and died before it could say so
        progress.at(0, None, _("正在写入登记库"))
        with progress.commit():
            by = progress.person
        confirm = bool(progress.order.get("confirm_review"))
        apply = registries.import_kinds[batch.kind].apply
        batch = apply(batch=batch, confirm_review=confirm, by=by, at=clock.now())
    told = _("已导入：新增 %(created)s，更新 %(updated)s。")
    written = {"created": batch.counts["written:create"], "updated": batch.counts["written:update"]}
    with progress.finish(told % written, notice=True):
        pass


def tidy(progress: Progress) -> None:
    """Once a day: results past their time, files that nothing names, rows of old jobs."""
    tidying.tidy(at=clock.real_now(), files_before=_day_ago())


def send_messages(progress: Progress, *ids: int) -> None:
    """Send messages one by one: claimed under the lease, sent, settled. See `core.actions.messages`."""
    mark = f"{progress.job_id}.{progress.token}"
    with progress.commit():
        messages.recover(ids=ids, mark=mark, at=clock.now())
    for done, pk in enumerate(ids):
        progress.at(done, len(ids), _("正在发送"))
        with progress.commit():
            message = messages.claim(pk=pk, mark=mark, at=clock.now())
        if message is None:
            continue
        failed: NotSent | MayBeSent | None = None
        try:
            messages.deliver(message)
        except (NotSent, MayBeSent) as error:
            failed = error
        messages.settle(message=message, at=clock.now(), failed=failed)
    progress.at(len(ids), len(ids))
    with progress.finish():
        messages.later(ids=ids, by=progress.requested_by, at=clock.now())


def sweep_messages(progress: Progress) -> None:
    """Once a day: messages that no job will come for."""
    with progress.finish():
        messages.sweep(at=clock.now())


def _day_ago() -> datetime:
    return clock.real_now() - timedelta(seconds=max(86400, 2 * settings.JOB_LEASE_SECONDS))


KINDS = (
    (JobKind("core.import_read", "读取导入的表格", read_upload), None),
    (JobKind("core.import_apply", "写入导入批次", apply_batch), None),
    (JobKind("core.tidy", "清理过期文件和任务", tidy), Scheduled("core.tidy", daily="03:10")),
    (JobKind(messages.JOB, "发送消息", send_messages), None),
    (
        JobKind("core.messages_sweep", "找回没有人发送的消息", sweep_messages),
        Scheduled("core.messages_sweep", daily="06:40"),
    ),
)
