"""Core's jobs: reading an uploaded sheet, importing a large batch, tidying up. Ids in, one action out."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import clock, jobs, registries, shelf, staging
from liaoyuan.core.access import Actor, Operator
from liaoyuan.core.actions import (
    backups,
    case_exports,
    comparing,
    deciding,
    document_batches,
    imports,
    messages,
    retention,
    tidying,
)
from liaoyuan.core.backup.failure import BackupError
from liaoyuan.core.choices import BatchState, CompareState
from liaoyuan.core.documents import packing
from liaoyuan.core.exports import cases as case_sheets
from liaoyuan.core.jobs import Progress
from liaoyuan.core.models import Comparison, DocumentBatch, ImportBatch, Job
from liaoyuan.core.outlets.parcels import MayBeSent, NotSent
from liaoyuan.core.queries import backups as backup_queries
from liaoyuan.core.queries import case_exports as case_rows
from liaoyuan.core.queries import documents
from liaoyuan.core.registries import JobKind, Scheduled
from liaoyuan.kit.sheets.refusal import Unreadable

#: So many failures are remembered with their reasons.
_TOLD = 200


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


def compare(progress: Progress, pk: int) -> None:
    """Set an uploaded file of another system against ours; an attempt after a death begins anew."""
    comparison = Comparison.objects.select_related("area").filter(pk=pk).first()
    if comparison is None:
        raise jobs.Failed(_("这次对账已不在。"))
    if comparison.state != CompareState.READING:
        return
    try:
        with shelf.copy_of(comparison.upload) as path:
            comparing.run(comparison=comparison, path=path, by=progress.person, at=clock.now(), steps=progress)
    except (Unreadable, staging.NoHeader) as error:
        with progress.commit():
            comparing.fail(comparison=comparison)
        raise jobs.Failed(staging.sentence_of(error)) from error


def draft_documents(progress: Progress, batch_id: int) -> None:
    """Draft the letters of a batch, one chunk each; `kept` holds how many are done and why some were not."""
    batch = DocumentBatch.objects.select_related("issuer__area").get(pk=batch_id)
    by, at, keys = progress.person, clock.now(), batch.subjects
    done, failed = int(progress.kept.get("done", 0)), list(progress.kept.get("failed", []))
    for number in range(done, len(keys)):
        progress.at(number, len(keys), _("正在起草"))
        with progress.commit(done=number + 1):
            why = document_batches.draft_one(batch=batch, key=keys[number], by=by, at=at)
            if why:
                failed.append([keys[number], why])
                progress.kept["failed"] = failed[:_TOLD]
    told = _("已起草 {n} 份。").format(n=batch.documents.count())
    if failed:
        told += _("没有起草 {n} 份，如：{why}").format(n=len(failed), why=failed[0][1])
    with progress.finish(told, notice=True):
        pass


def issue_documents(progress: Progress, batch_id: int) -> None:
    """Sign the letters of a batch that wait, one chunk each, then pack the PDFs of all that are signed."""
    batch = DocumentBatch.objects.get(pk=batch_id)
    by, at = progress.person, clock.now()
    waiting = batch.documents.filter(state__in=["draft", "reviewed"]).order_by("pk")
    last = int(progress.kept.get("last", 0))
    total, failed = batch.documents.count(), list(progress.kept.get("failed", []))
    for document in waiting.filter(pk__gt=last):
        progress.at(batch.documents.filter(state="issued").count(), total, _("正在签发"))
        with progress.commit(last=document.pk):
            why = document_batches.sign_one(document=document, by=by, at=at)
            if why:
                failed.append([document.pk, why])
                progress.kept["failed"] = failed[:_TOLD]
    with shelf.work_file(".zip") as path:
        count = packing.pack(batch, path)
        told = _("已签发 {n} 份。").format(n=count)
        if failed:
            told += _("没有签发 {n} 份，如：{why}").format(n=len(failed), why=failed[0][1])
        with progress.finish(told, result=path if count else None, name=f"{batch.title}.zip", notice=True):
            pass


def deliver_documents(progress: Progress, batch_id: int) -> None:
    """Write down that the signed letters of a batch were sent, one chunk each."""
    batch = DocumentBatch.objects.get(pk=batch_id)
    by, at = progress.person, clock.now()
    way, sent_on = str(progress.order["way"]), date.fromisoformat(progress.order["sent_on"])
    last, done = int(progress.kept.get("last", 0)), int(progress.kept.get("done", 0))
    failed = list(progress.kept.get("failed", []))
    rows = list(document_batches.unsent(batch).filter(pk__gt=last))
    for number, document in enumerate(rows):
        progress.at(number, len(rows), _("正在登记送达"))
        with progress.commit(last=document.pk):
            why = document_batches.send_one(document=document, way=way, sent_on=sent_on, by=by, at=at)
            if why:
                failed.append([document.pk, why])
                progress.kept["failed"] = failed[:_TOLD]
            else:
                done += 1
                progress.kept["done"] = done
    told = _("已登记送达 {n} 份。").format(n=done)
    if failed:
        told += _("没有登记 {n} 份，如：{why}").format(n=len(failed), why=failed[0][1])
    with progress.finish(told, notice=True):
        pass


def tidy(progress: Progress) -> None:
    """Once a day: results past their time, files that nothing names, rows of old jobs."""
    tidying.tidy(at=clock.real_now(), files_before=_day_ago())


def end_by_clock(progress: Progress) -> None:
    """Once a day, where the district has said so: what is older than its class of data allows, some at a time."""
    by, at = _actor(progress), clock.real_now()
    ended: Counter[str] = Counter()
    for code, title, keys in retention.due_by_clock(at):
        progress.at(ended.total(), None, _(title))
        with progress.commit():
            ended[code] += retention.end(code=code, keys=keys, by=by, at=at)
    with progress.finish():
        retention.tell(ended, by=by, at=at)


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


def make_backup(progress: Progress) -> None:
    """A backup into the backups folder, under a name of its moment; the oldest beyond the number kept go.

    Without a requester, as once a day, the product itself acts. Made again from the beginning after a death.
    """
    by = _actor(progress)
    at = clock.real_now()
    path = backup_queries.folder() / f"liaoyuan-{at.astimezone(clock.SHANGHAI):%Y%m%d-%H%M%S}.zip"
    try:
        manifest = backups.create_backup(path=path, by=by, at=at, progress=progress.at)
    except BackupError as error:
        raise jobs.Failed(str(error)) from error
    gone = backups.thin_out(keep=settings.BACKUP_KEEP)
    told = _("已备份到 {name}，{tables} 张表。").format(name=path.name, tables=len(manifest["tables"]))
    if gone:
        told += _("旧备份清理了 {n} 份。").format(n=len(gone))
    with progress.finish(told, notice=progress.requested_by is not None):
        pass


def try_backup(progress: Progress) -> None:
    """Restore a backup of the folder into a scratch place and compare.

    By itself once in seven days, with the newest backup; that one has then stood for an hour at least. Afterwards the
    contents go that nobody attached and that a proved backup holds.
    """
    by = _actor(progress)
    name = progress.order.get("file") or backup_queries.to_try(clock.real_now())
    if not name:
        with progress.finish(_("现在没有要演练的备份。")):
            pass
        return
    progress.at(0, None, _("正在恢复到临时位置并比对"))
    try:
        result = backups.verify_backup(path=backup_queries.folder() / name, by=by, at=clock.real_now())
    except (BackupError, OSError) as error:
        raise jobs.Failed(str(error)) from error
    if not result["ok"]:
        raise jobs.Failed("；".join(f"{c['name']}：{c['detail']}" for c in result["checks"] if not c["ok"]))
    dropped = backups.drop_uncited(by=by, at=clock.real_now())
    told = _("{name} 恢复演练通过。").format(name=name)
    if dropped:
        told += _("清除了 {n} 份上传后没有用上的文件。").format(n=dropped)
    with progress.finish(told, notice=progress.requested_by is not None):
        pass


def _actor(progress: Progress) -> Actor:
    """Who asked, or the product itself where nobody did."""
    return Operator("schedule") if progress.requested_by is None else progress.person


def export_cases(progress: Progress) -> None:
    """Write the list of cases; its result and its line in the log stand together. A later attempt begins anew."""
    form, by, on = str(progress.order["form"]), progress.person, clock.today()
    rows = case_rows.rows(by, case_rows.unpacked(progress.order["wish"]), on)
    total, powers = rows.count(), case_rows.powers(by)
    progress.at(0, total, _("正在写表格"))
    with shelf.work_file(f".{form}") as path:
        count = case_sheets.write(
            rows, path=path, form=form, on=on, tell=lambda n: progress.at(n, total, _("正在写表格"))
        )
        with progress.finish(_("共 {n} 行").format(n=count), result=path, name=progress.label, **powers):
            case_sheets.log(rows=count, form=form, wish=progress.order["wish"], by=by, at=clock.now())


def wind_cases(progress: Progress) -> None:
    """Once a day: clocks of cases that ran into a year whose holidays have been entered since."""
    with progress.finish("", notice=False):
        deciding.wind_provisional(at=clock.real_now())


def _day_ago() -> datetime:
    return clock.real_now() - timedelta(seconds=max(86400, 2 * settings.JOB_LEASE_SECONDS))


def _may_fetch(user: Any, job: Job) -> bool:
    return job.subject_id is not None and documents.batches(user).filter(pk=job.subject_id).exists()


KINDS = (
    (JobKind("core.documents_draft", "起草一批文书", draft_documents), None),
    (JobKind("core.documents_deliver", "登记一批文书的送达", deliver_documents), None),
    (JobKind("core.documents_issue", "签发一批文书", issue_documents, _may_fetch), None),
    (JobKind("core.import_read", "读取导入的表格", read_upload), None),
    (JobKind("core.import_apply", "写入导入批次", apply_batch), None),
    (JobKind(comparing.JOB, "对账", compare), None),
    (JobKind(case_exports.JOB, "导出事项", export_cases, case_rows.may_fetch), None),
    (JobKind("core.wind_cases", "重算事项期限", wind_cases), Scheduled("core.wind_cases", daily="03:40")),
    (JobKind("core.tidy", "清理过期文件和任务", tidy), Scheduled("core.tidy", daily="03:10")),
    (JobKind("core.retention", "清理超过保存期限的数据", end_by_clock), Scheduled("core.retention", daily="03:20")),
    (JobKind(messages.JOB, "发送消息", send_messages), None),
    (
        JobKind("core.messages_sweep", "找回没有人发送的消息", sweep_messages),
        Scheduled("core.messages_sweep", daily="06:40"),
    ),
    (JobKind(backup_queries.CREATE_JOB, "制作备份", make_backup), Scheduled(backup_queries.CREATE_JOB, daily="02:30")),
    (
        JobKind(backup_queries.VERIFY_JOB, "恢复演练", try_backup),
        Scheduled(backup_queries.VERIFY_JOB, daily="03:40"),
    ),
)
