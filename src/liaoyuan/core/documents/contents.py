"""What stands in a document besides what was typed: facts of its subject, its office, its term; and a preview."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings

from liaoyuan.core import clock, registries, sessions
from liaoyuan.core.documents import making, pdf
from liaoyuan.core.models import Area, Document, Issuer
from liaoyuan.core.queries import calendar
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.registries import DocumentKind
from liaoyuan.core.rules import documents as rules

#: Documents speak Chinese, whatever language their writer reads.
UNSURE = "（暂定，以国务院办公厅公布的放假安排为准）"


def areas_of(subject: Any) -> tuple[Area, Area | None]:
    """Whose office may write about a subject, and where it sits."""
    writable, readable, _own = registries.scope_kinds[type(subject).__name__.lower()].resolve(subject)
    paths = {path for path in (writable[0], *readable) if path}
    found = {row.path: row for row in Area.objects.filter(path__in=paths)}
    deepest = max((path for path in readable if path in found), key=len, default="")
    return found[writable[0]], found.get(deepest)


def label_of(subject: Any) -> str:
    """A subject's name as pages tell it."""
    known = registries.file_subjects.get(type(subject).__name__.lower())
    return (known.label(subject) if known is not None else str(subject))[:120]


def first_values(kind: DocumentKind, subject: Any, on: date) -> dict[str, str]:
    """First values: what the form would have shown before anybody typed."""
    facts = kind.facts(subject, on) if kind.facts is not None else {}
    return {
        field.name: facts.get(field.name, "") if field.given else field.default
        for field in kind.fields
        if not field.filled and (field.default or (field.given and facts.get(field.name)))
    }


def facts_of(row: Document, kind: DocumentKind, on: date) -> dict[str, str]:
    """Texts of the places that are filled by themselves."""
    subject = queries.subject_of(row)
    facts = dict(kind.facts(subject, on)) if kind.facts is not None and subject is not None else {}
    if kind.about is not None:
        facts |= kind.about(row, on)
    issuer = row.issuer
    common = {
        "office": issuer.name, "office_phone": issuer.phone, "office_address": issuer.address,
        "name": label_of(subject) if subject is not None else row.subject_label,
    }  # fmt: skip
    return {**{field.name: "" for field in making.places(kind) if field.filled}, **common, **facts}


def term_of(kind: DocumentKind, values: Mapping[str, str], on: date) -> rules.Term | None:
    """How long a notice of the kind stands from a day on."""
    return rules.term(on, int(values[kind.notice_days]), calendar.workdays()) if kind.notice_days else None


def around(span: rules.Term | None) -> dict[str, str]:
    """The places of a term."""
    if span is None:
        return {}
    end = rules.day_text(span.closes_on)
    if span.provisional:
        end += UNSURE
    return {"opens_on": rules.day_text(span.opens_on), "closes_on": end}


def frame_of(row: Document, issuer: Issuer) -> pdf.Frame:
    """What stands around the words of an issued document."""
    practice = sessions.read_installation().offset is not None
    return pdf.Frame(
        title=row.title, office=issuer.name, seal=issuer.name, code=row.check_code,
        address=f"{settings.ADDRESS}/verify/{row.check_code}/", number=row.number,
        dated=rules.day_text(row.dated_on) if row.dated_on else "", demo="演示数据" if practice else "",
    )  # fmt: skip


def shown_values(kind: DocumentKind, values: Mapping[str, str]) -> dict[str, str]:
    """The typed texts as the document says them."""
    return {f.name: rules.shown_value(f.kind, values.get(f.name, "")) for f in kind.fields if not f.filled}


def preview(row: Document, kind: DocumentKind, at: datetime) -> making.Made:
    """A draft's files as they would be, marked as a draft, without number, code and seal. Nothing is kept."""
    on = clock.localdate(at)
    values = queries.values_of(row)
    shown = {
        **facts_of(row, kind, on), **around(term_of(kind, values, on)), **shown_values(kind, values),
        "number": f"{row.issuer.mark}〔{on.year}〕　号", "dated": rules.day_text(on),
    }  # fmt: skip
    frame = pdf.Frame(title=row.title, office=row.issuer.name, demo="草　稿")
    template = queries.template_for(row.code, row.issuer.area)
    return making.make(making.template_bytes(kind, template), shown, frame, at=at)
