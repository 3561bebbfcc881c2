"""Objections to a notice (公示异议): recorded by an officer while it stands, decided one by one. Never who objected."""

from datetime import date, datetime

from django.db import transaction

from liaoyuan.core import clock, events
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.documents import known_kind, permitted, person
from liaoyuan.core.choices import DocumentState, Event, ObjectionState
from liaoyuan.core.models import Document, Objection, PublicityNotice
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.findings import Refused


def _notice(document: Document) -> PublicityNotice:
    rows = PublicityNotice.objects.select_for_update(of=("self",)).select_related("document__issuer__area")
    return rows.select_related("document__area", "document__place", "document__issuer__area").get(document=document)


@transaction.atomic
def object_to(*, notice: Document, received_on: date, way: str, text: str, by: Actor, at: datetime) -> Objection:
    """Record an objection that came in while the notice stood; it may be written down later."""
    row = _notice(notice)
    permitted(row.document, known_kind(row.document.code).draft_permission, by)
    span = queries.term_of(row)
    if row.document.state != DocumentState.ISSUED:
        raise Refused([refusal("notice_closed", "received_on")])
    if not span.opens_on <= received_on <= min(span.closes_on, clock.localdate(at)):
        begin, end = span.opens_on.isoformat(), span.closes_on.isoformat()
        raise Refused([refusal("notice_day", "received_on", begin=begin, end=end)])
    if len(text.strip()) < 2:
        raise Refused([refusal("text", "text")])
    made = Objection.objects.create(
        notice=row, received_on=received_on, way=way.strip()[:20], text=text.strip()[:500], recorded_at=at,
        recorded_by=person(by),
    )  # fmt: skip
    _record(Event.OBJECTION_RECORDED, made, by=by, at=at)
    return made


@transaction.atomic
def answer(*, objection: Objection, upheld: bool, answer: str, by: Actor, at: datetime) -> Objection:
    """Decide an objection, with what was found. An upheld one keeps the certificate from being issued."""
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    document = _notice(row.notice.document).document
    permitted(document, known_kind(document.code).draft_permission, by)
    if row.state != ObjectionState.OPEN:
        raise Refused([refusal("objection_answered")])
    if len(answer.strip()) < 2:
        raise Refused([refusal("text", "answer")])
    row.state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    row.answer, row.answered_at, row.answered_by = answer.strip()[:500], at, person(by)
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    _record(Event.OBJECTION_ANSWERED, row, by=by, at=at)
    return row


def _record(code: Event, row: Objection, *, by: Actor, at: datetime) -> None:
    document = row.notice.document
    told = {"document": document.pk, "objection": row.pk, "state": row.state}
    events.record(code, ("document", str(document.pk), document.title[:120]), by=by, at=at, payload=told)
