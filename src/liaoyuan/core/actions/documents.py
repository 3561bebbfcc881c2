"""Documents (文书): drafted, read over, signed with a number, served, withdrawn. The one door for every floor.

    row = documents.draft(code="rectify", subject=organization, fields={"facts": "…"}, by=officer, at=now)
    documents.review(document=row, by=colleague, at=now)
    documents.issue(document=row, by=head, at=now)            # number, files, check code
    documents.deliver(document=row, way="post", sent_on=day, receiver="…", result="signed", signed_on=day, by=…, at=…)
    documents.withdraw(document=row, reason="…", by=head, at=now)

Kinds are entered by floors: `registries.add_documents(DocumentKind(...))`. A floor whose case has its own reading over
enters its kind with `reviewed=False` and calls draft and issue alone. `mark` makes asking twice one document.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events, locks, sensitive, sessions, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import document_numbers, files
from liaoyuan.core.choices import DeliveryResult, DeliveryWay, DocumentState, Event
from liaoyuan.core.documents import contents, making, words
from liaoyuan.core.models import (
    Attachment,
    Delivery,
    Document,
    DocumentBatch,
    Issuer,
    PublicityNotice,
    StoredFile,
    User,
)
from liaoyuan.core.params import DOCUMENT_STATE_TITLES
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.registries import DocumentKind
from liaoyuan.core.rules import documents as rules
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.files.kinds import FileKind
from liaoyuan.kit.findings import Finding, Refused

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Purposes of the files of an issued document, by kind of file.
PURPOSES = {FileKind.PDF: "document_pdf", FileKind.DOCX: "document_docx"}


def person(by: Actor) -> User | None:
    """The account that acts; None for the command line."""
    return by if isinstance(by, User) else None


def known_kind(code: str) -> DocumentKind:
    """The kind of a code, or Refused."""
    kind = queries.kind_of(code)
    if kind is None:
        raise Refused([refusal("kind", "code")])
    return kind


@transaction.atomic
def draft(
    *,
    code: str,
    subject: Any,
    fields: Mapping[str, str],
    by: Actor,
    at: datetime,
    issuer: Issuer | None = None,
    follows: Document | None = None,
    batch: DocumentBatch | None = None,
    on_behalf: str = "",
    mark: str = "",
) -> Document:
    """Draft a document about a subject (起草). Without `issuer` it is the nearest office that the actor may draft for.

    Refused with a finding per field for what is missing, too long or unknown. A `mark` that was used gives that row.
    """
    kind = known_kind(code)
    if kind.printed or type(subject).__name__.lower() != kind.subject_kind:
        raise Refused([refusal("subject", title=kind.title)])
    access.require(by, kind.draft_permission, subject)
    if mark:
        locks.one_at_a_time("document", mark)
        known = Document.objects.filter(mark=mark).first()
        if known is not None:
            return known
    on = clock.localdate(at)
    area, place = contents.areas_of(subject)
    issuer = issuer or queries.issuer_for(by, area, kind.draft_permission)
    if issuer is None:
        raise Refused([refusal("issuer", "issuer")])
    _office(issuer, kind.draft_permission, by)
    values = _judged(kind, contents.first_values(kind, subject, on) | dict(fields), on)
    row = Document(
        code=kind.code, title=_title(kind, values), subject_kind=kind.subject_kind, subject_id=str(subject.pk),
        subject_label=contents.label_of(subject), area=area, place=place, issuer=issuer, batch=batch,
        follows=_followed(kind, subject, follows), sensitivity=kind.sensitivity, on_behalf=on_behalf.strip()[:120],
        mark=mark, drafted_at=at, drafted_by=person(by),
    )  # fmt: skip
    _write_values(row, values)
    row.save(force_insert=True)
    _record(Event.DOCUMENT_DRAFTED, row, by=by, at=at, quiet=True)
    _follow(kind, row, Event.DOCUMENT_DRAFTED, by, at)
    return row


def _follow(kind: DocumentKind, row: Document, step: Event, by: Actor, at: datetime) -> None:
    """What the kind's floor does about a step; Refused there, the step is not taken either."""
    if kind.follow is not None:
        kind.follow(row, str(step), by, at)


def _office(issuer: Issuer, permission: str, by: Actor) -> None:
    """The actor may write in this office's name."""
    if issuer.closed_at is not None:
        raise Refused([refusal("issuer_closed", "issuer", name=issuer.name)])
    access.require_area(by, permission, issuer.area.path)


def _judged(kind: DocumentKind, given: Mapping[str, str], on: date) -> dict[str, str]:
    asked = [field for field in kind.fields if not field.filled]
    specs = [rules.Spec(field.name, field.title, field.kind, field.required) for field in asked]
    values = {name: words.plain(str(value)) for name, value in given.items()}
    found = rules.value_findings(specs, values)
    if kind.sensitivity in ("C3", "C4") and not sensitive.may_be_filled(on):
        found.append(refusal("trial"))
    if found:
        raise Refused(found)
    return values


def _title(kind: DocumentKind, values: Mapping[str, str]) -> str:
    return (values.get("title") or kind.title)[:200]


def _write_values(row: Document, values: Mapping[str, str], snapshot: Mapping[str, Any] | None = None) -> None:
    if row.sensitivity in ("C3", "C4"):
        told = json.dumps({"values": dict(values), "snapshot": dict(snapshot or {})}, ensure_ascii=False)
        row.sealed, row.values, row.snapshot = vault.encrypt(told, purpose=queries.PURPOSE), {}, {}
        row.title = known_kind(row.code).title
    else:
        row.values, row.snapshot = dict(values), dict(snapshot or {})


def _followed(kind: DocumentKind, subject: Any, given: Document | None) -> Document | None:
    """The notice that a certificate certifies."""
    if not kind.follows:
        return None
    if given is None or given.code != kind.follows or given.subject_id != str(subject.pk):
        raise Refused([refusal("notice_missing", "follows")])
    return given


def locked(document: Document) -> Document:
    """The row under a lock, with its office."""
    rows = Document.objects.select_for_update(of=("self",)).select_related("issuer__area", "area", "place")
    return rows.get(pk=document.pk)


def permitted(row: Document, permission: str, by: Actor) -> DocumentKind:
    """The kind, if the actor's grants cover the document and its office."""
    if not access.covers(by, permission, row, write=True):
        raise PermissionDenied(permission)
    access.require_area(by, permission, row.issuer.area.path)
    return known_kind(row.code)


def _step(row: Document, kind: DocumentKind, by: Actor, at: datetime) -> rules.Step:
    actor = person(by)
    level = sessions.read_installation().level(clock.localdate(at))
    return rules.Step(
        row.state, row.drafted_by_id, actor.pk if actor else None, level, kind.reviewed,
        _(DOCUMENT_STATE_TITLES[row.state]),
    )  # fmt: skip


def refuse(found: list[Finding]) -> None:
    """Raise what stands against it."""
    if found:
        raise Refused(found)


@transaction.atomic
def change(*, document: Document, fields: Mapping[str, str], by: Actor, at: datetime) -> Document:
    """Change the texts of a draft; what had been read over must be read over again. The drafter is who wrote last."""
    row = locked(document)
    kind = known_kind(row.code)
    permitted(row, kind.draft_permission, by)
    if row.state not in (DocumentState.DRAFT, DocumentState.REVIEWED):
        raise Refused([refusal("state", state=_(DOCUMENT_STATE_TITLES[row.state]))])
    values = _judged(kind, fields, clock.localdate(at))
    row.title = _title(kind, values)
    _write_values(row, values)
    row.state, row.reviewed_at, row.reviewed_by = DocumentState.DRAFT, None, None
    row.drafted_by = person(by)
    row.save()
    _record(Event.DOCUMENT_CHANGED, row, by=by, at=at, quiet=True)
    return row


@transaction.atomic
def review(*, document: Document, by: Actor, at: datetime) -> Document:
    """核稿: a second person has read the draft. May be done by who drafts here or who signs."""
    row = locked(document)
    kind = known_kind(row.code)
    if not access.covers(by, kind.issue_permission, row, write=True):
        permitted(row, kind.draft_permission, by)
    refuse(rules.may_review(_step(row, kind, by, at)))
    row.state, row.reviewed_at, row.reviewed_by, row.note = DocumentState.REVIEWED, at, person(by), ""
    row.save(update_fields=["state", "reviewed_at", "reviewed_by", "note"])
    _record(Event.DOCUMENT_REVIEWED, row, by=by, at=at, quiet=True)
    return row


@transaction.atomic
def send_back(*, document: Document, reason: str, by: Actor, at: datetime) -> Document:
    """Back to its drafter with a reason (退回修改)."""
    row = locked(document)
    kind = known_kind(row.code)
    if not access.covers(by, kind.issue_permission, row, write=True):
        permitted(row, kind.draft_permission, by)
    if row.state not in (DocumentState.DRAFT, DocumentState.REVIEWED):
        raise Refused([refusal("state", state=_(DOCUMENT_STATE_TITLES[row.state]))])
    row.note = _reason(reason)
    row.state, row.reviewed_at, row.reviewed_by = DocumentState.DRAFT, None, None
    row.save(update_fields=["state", "reviewed_at", "reviewed_by", "note"])
    _record(Event.DOCUMENT_RETURNED, row, by=by, at=at, quiet=True, reason=row.note)
    return row


@transaction.atomic
def discard(*, document: Document, reason: str, by: Actor, at: datetime) -> Document:
    """Give a draft up. It never had a number."""
    row = locked(document)
    kind = permitted(row, known_kind(row.code).draft_permission, by)
    if row.state not in (DocumentState.DRAFT, DocumentState.REVIEWED):
        raise Refused([refusal("state", state=_(DOCUMENT_STATE_TITLES[row.state]))])
    row.state, row.note = DocumentState.DISCARDED, _reason(reason)
    row.save(update_fields=["state", "note"])
    _record(Event.DOCUMENT_DISCARDED, row, by=by, at=at, quiet=True, reason=row.note)
    _follow(kind, row, Event.DOCUMENT_DISCARDED, by, at)
    return row


def _reason(given: str) -> str:
    if len(given.strip()) < 2:
        raise Refused([refusal("reason", "reason")])
    return given.strip()[:200]


@transaction.atomic
def issue(*, document: Document, by: Actor, at: datetime, dated_on: date | None = None) -> Document:
    """签发: takes the next number, makes Word and PDF, gives a check code, opens a notice. All of it or nothing.

    `dated_on` is the day in the document, today if none is given; the number is of its year.
    """
    row = locked(document)
    kind = known_kind(row.code)
    permitted(row, kind.issue_permission, by)
    refuse(rules.may_issue(_step(row, kind, by, at)))
    on = clock.localdate(at)
    dated_on = dated_on or on
    if not on - timedelta(days=366) <= dated_on <= on:
        raise Refused([refusal("dated", "dated_on")])
    row.dated_on = dated_on
    if kind.ready is not None:
        kind.ready(row, by, at)
    issuer = Issuer.objects.select_for_update().select_related(None).get(pk=row.issuer_id)
    _office(row.issuer, kind.issue_permission, by)
    values = queries.values_of(row)
    facts = contents.facts_of(row, kind, on)
    span = contents.term_of(kind, values, on)
    facts |= contents.around(span) | (_certified(row, on) if kind.follows else {})
    line = document_numbers.take(issuer, row, on=dated_on, by=by, at=at) if kind.numbered else None
    row.number = rules.number_text(issuer.mark, line.year, line.serial) if line else ""
    row.check_code = _new_code()
    frame = contents.frame_of(row, issuer)
    template = queries.template_for(row.code, row.issuer.area)
    shown = {**facts, **contents.shown_values(kind, values), "number": row.number, "dated": frame.dated}
    made = making.make(making.template_bytes(kind, template), shown, frame, at=at)
    row.template = template
    row.docx = _kept(row, made.docx, FileKind.DOCX, by, at)
    row.pdf = _kept(row, made.pdf, FileKind.PDF, by, at)
    _write_values(row, values, {**shown, "demo": frame.demo, "address": frame.address})
    row.state, row.issued_at, row.issued_by = DocumentState.ISSUED, at, person(by)
    row.save()
    if span is not None:
        PublicityNotice.objects.create(
            document=row, opens_on=span.opens_on, closes_on=span.closes_on, workdays=int(values[kind.notice_days]),
            provisional=span.provisional,
        )  # fmt: skip
    _record(Event.DOCUMENT_ISSUED, row, by=by, at=at, sha256=row.pdf.sha256, sm3=row.pdf.sm3)
    _follow(kind, row, Event.DOCUMENT_ISSUED, by, at)
    return row


def _certified(row: Document, on: date) -> dict[str, str]:
    """The places of a certificate; Refused while its notice stands or an objection is open."""
    notice = row.follows
    if notice is None or notice.state != DocumentState.ISSUED:
        raise Refused([refusal("notice_missing", "follows")])
    term = PublicityNotice.objects.select_for_update().get(document=notice)
    if Document.objects.filter(follows=notice, code=row.code, state=DocumentState.ISSUED).exists():
        raise Refused([refusal("notice_certified", "follows")])
    states = list(term.objections.values_list("state", flat=True))
    span = queries.term_of(term)
    refuse(rules.may_certify(span, on, states.count("open"), states.count("upheld")))
    return {
        "notice_title": notice.title, "notice_number": notice.number, "opens_on": rules.day_text(span.opens_on),
        "closes_on": rules.day_text(span.closes_on),
    }  # fmt: skip


def _new_code() -> str:
    """Sixteen signs in four groups: 80 bits, none mistaken for another on paper."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _n in range(4)) for _m in range(4))


def _kept(row: Document, data: bytes, kind: FileKind, by: Actor, at: datetime) -> StoredFile:
    """The file in the store, attached to the document so that there is one way out."""
    file = files.keep_made(data, kind, sensitivity=row.sensitivity, at=at)
    name = files.clean_name(f"{row.number or row.title} {row.subject_label}.{kind}")
    Attachment.objects.create(
        file=file, subject_kind="document", subject_id=str(row.pk), purpose=PURPOSES[kind], paper=str(kind).upper(),
        sensitivity=row.sensitivity, name=name, uploaded_at=at, uploaded_by=person(by), pledged_at=at,
    )  # fmt: skip
    return file


@transaction.atomic
def deliver(
    *, document: Document, way: str, sent_on: date, result: str, by: Actor, at: datetime, receiver: str = "",
    signed_on: date | None = None, note: str = "",
) -> Delivery:  # fmt: skip
    """Record one attempt to serve an issued document (送达), signed for or not."""
    row = locked(document)
    kind = permitted(row, known_kind(row.code).draft_permission, by)
    if row.state != DocumentState.ISSUED or row.issued_at is None:
        raise Refused([refusal("state", state=_(DOCUMENT_STATE_TITLES[row.state]))])
    signed_on = signed_on if result == DeliveryResult.SIGNED else None
    issued_on = min(clock.localdate(row.issued_at), row.dated_on or date.max)
    refuse(
        rules.delivery_findings(
            issued_on=issued_on, sent_on=sent_on, signed_on=signed_on, result=result, receiver=receiver,
            today=clock.localdate(at),
        )
    )  # fmt: skip
    made = Delivery.objects.create(
        document=row, way=str(DeliveryWay(way)), sent_on=sent_on, receiver=receiver.strip()[:60],
        result=str(DeliveryResult(result)), signed_on=signed_on, note=note.strip()[:200], recorded_at=at,
        recorded_by=person(by),
    )  # fmt: skip
    _record(
        Event.DOCUMENT_DELIVERED, row, by=by, at=at, way=made.way, result=made.result, on=sent_on.isoformat()
    )  # fmt: skip
    _follow(kind, row, Event.DOCUMENT_DELIVERED, by, at)
    return made


@transaction.atomic
def withdraw(*, document: Document, reason: str, by: Actor, at: datetime) -> Document:
    """撤销: the document stays with its number, both void; the check page says so, a notice comes down."""
    row = locked(document)
    kind = permitted(row, known_kind(row.code).issue_permission, by)
    if row.state != DocumentState.ISSUED:
        raise Refused([refusal("state", state=_(DOCUMENT_STATE_TITLES[row.state]))])
    row.withdrawn_because = _reason(reason)
    row.state, row.withdrawn_at, row.withdrawn_by = DocumentState.WITHDRAWN, at, person(by)
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_because"])
    document_numbers.void(row, by=by, at=at)
    _record(Event.DOCUMENT_WITHDRAWN, row, by=by, at=at, reason=row.withdrawn_because)
    _follow(kind, row, Event.DOCUMENT_WITHDRAWN, by, at)
    return row


def _record(code: Event, row: Document, *, by: Actor, at: datetime, quiet: bool = False, **more: Any) -> None:
    """What concerns only the office is about the document, what its subject may know about the subject."""
    kind = known_kind(row.code)
    told = kind.title if row.sensitivity in ("C3", "C4") else row.title
    told = f"{row.number} {told}".strip()
    subject = ("document", str(row.pk), told[:120]) if quiet else (row.subject_kind, row.subject_id, row.subject_label)
    note = f"{told}（{more['reason']}）" if more.get("reason") else told
    events.record(
        code, subject, by=by, at=at, payload={"note": note, "document": row.pk, **more}, on_behalf=row.on_behalf
    )
