"""One kind of document for many subjects: drafted by one job, read over and signed by another, packed as
one file; a third writes down that all were sent.

Each letter is a chunk of its own: what an attempt wrote stays, a later one goes on behind it, and a mark per subject
keeps a letter from being drafted twice. A subject that cannot be written to is told with its reason, the others go on.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, jobs, registries
from liaoyuan.core.actions import documents
from liaoyuan.core.choices import DeliveryResult, DeliveryWay, DocumentState
from liaoyuan.core.models import Document, DocumentBatch, Issuer, Job, User
from liaoyuan.core.rules import documents as rules
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.findings import Refused

#: Most letters of one batch.
MOST = 3000


@transaction.atomic
def prepare(
    *, code: str, keys: Sequence[int], fields: Mapping[str, str], issuer: Issuer, key: str, by: User, at: datetime
) -> tuple[DocumentBatch, Job]:
    """Ask for a letter of one kind to each subject. `key` makes asking twice one batch."""
    kind = documents.known_kind(code)
    access.require_area(by, kind.draft_permission, issuer.area.path)
    mark = f"documents.draft:{by.pk}:{key}"
    asked = Job.objects.filter(key=mark).order_by("pk").first()
    if asked is not None:
        return DocumentBatch.objects.get(pk=asked.subject_id or 0), asked
    if not keys:
        raise Refused([refusal("batch_empty")])
    if len(keys) > MOST:
        raise Refused([refusal("batch_many", limit=MOST)])
    values = {field.name: field.default for field in kind.fields if field.default} | dict(fields)
    specs = [
        rules.Spec(field.name, field.title, field.kind, field.required and not field.given)
        for field in kind.fields
        if not field.filled
    ]
    documents.refuse(rules.value_findings(specs, values))
    title = values.get("title") or kind.title
    batch = DocumentBatch.objects.create(
        code=code, title=title[:200], issuer=issuer, values=values, subjects=sorted(set(keys)), made_at=at, made_by=by
    )
    told = _("起草{title}（{n} 份）").format(title=_(kind.title), n=len(batch.subjects))
    job = jobs.enqueue_on_commit(
        "core.documents_draft", batch.pk, key=mark, by=by, at=at, label=told, subject=("documentbatch", batch.pk)
    )
    return batch, job


def draft_one(*, batch: DocumentBatch, key: int, by: User, at: datetime) -> str:
    """Draft the letter to one subject; returns why not, or nothing. Blank texts of `given` fields come from facts."""
    kind = documents.known_kind(batch.code)
    resolver = registries.scope_kinds[kind.subject_kind]
    subject = resolver.find(str(key)) if resolver.find is not None else None
    if subject is None:
        return _("没有找到这个对象。")
    given = {name: value for name, value in batch.values.items() if value}
    try:
        documents.draft(
            code=batch.code, subject=subject, fields=given, issuer=batch.issuer, batch=batch, by=by, at=at,
            mark=f"batch:{batch.pk}:{key}",
        )  # fmt: skip
    except PermissionDenied:
        return _("不在您的权限内。")
    except Refused as refused:
        return str(refused)
    return ""


@transaction.atomic
def sign(*, batch: DocumentBatch, by: User, at: datetime) -> Job:
    """Ask for every letter of a batch that waits to be read over and signed by the actor, and for one packed file."""
    kind = documents.known_kind(batch.code)
    access.require_area(by, kind.issue_permission, batch.issuer.area.path)
    waiting = batch.documents.filter(state__in=[DocumentState.DRAFT, DocumentState.REVIEWED]).count()
    done = batch.documents.filter(state=DocumentState.ISSUED).count()
    if not waiting and not done:
        raise Refused([refusal("batch_empty")])
    told = _("签发{title}（{n} 份）").format(title=_(kind.title), n=waiting or done)
    return jobs.enqueue_on_commit(
        "core.documents_issue", batch.pk, key=f"documents.issue:{batch.pk}", by=by, at=at, label=told,
        subject=("documentbatch", batch.pk),
    )  # fmt: skip


@transaction.atomic
def send_out(*, batch: DocumentBatch, way: str, sent_on: date, by: User, at: datetime) -> Job:
    """Ask that every signed letter without a word of its service be written down as sent on a day."""
    kind = documents.known_kind(batch.code)
    access.require_area(by, kind.draft_permission, batch.issuer.area.path)
    waiting = unsent(batch).count()
    if not waiting:
        raise Refused([refusal("batch_unsent")])
    if sent_on > clock.localdate(at):
        raise Refused([refusal("future", "sent_on")])
    told = _("登记{title}的送达（{n} 份）").format(title=_(kind.title), n=waiting)
    return jobs.enqueue_on_commit(
        "core.documents_deliver", batch.pk, key=f"documents.deliver:{batch.pk}", by=by, at=at, label=told,
        order={"way": str(DeliveryWay(way)), "sent_on": sent_on.isoformat()}, subject=("documentbatch", batch.pk),
    )  # fmt: skip


def unsent(batch: DocumentBatch) -> QuerySet[Document]:
    """The signed letters of a batch of whose service nothing is written down."""
    return batch.documents.filter(state=DocumentState.ISSUED, deliveries__isnull=True).order_by("pk")


def send_one(*, document: Document, way: str, sent_on: date, by: User, at: datetime) -> str:
    """Write down that one letter was sent and that its receipt is awaited; returns why not, or nothing."""
    try:
        documents.deliver(document=document, way=way, sent_on=sent_on, result=DeliveryResult.WAITING, by=by, at=at)
    except PermissionDenied:
        return _("不在您的权限内。")
    except Refused as refused:
        return str(refused)
    return ""


def sign_one(*, document: Document, by: User, at: datetime) -> str:
    """Read over and sign one letter; returns why not, or nothing."""
    try:
        if document.state == DocumentState.DRAFT:
            document = documents.review(document=document, by=by, at=at)
        documents.issue(document=document, by=by, at=at)
    except PermissionDenied:
        return _("不在您的权限内。")
    except Refused as refused:
        return str(refused)
    return ""
