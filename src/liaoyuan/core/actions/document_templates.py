"""Replacing a kind's Word template by one's own, dated and by area, and going back to the shipped one."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from liaoyuan.core import access, clock, events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import files
from liaoyuan.core.actions.documents import known_kind, person
from liaoyuan.core.choices import Event, Permission
from liaoyuan.core.documents import making, trial
from liaoyuan.core.models import Area, DocumentTemplate
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.files import inspection
from liaoyuan.kit.files.kinds import FileKind
from liaoyuan.kit.files.refusal import MESSAGES, Unwanted
from liaoyuan.kit.findings import Finding, Refused, Severity


def judge(code: str, name: str, data: bytes) -> None:
    """Refused when a file is no template of the kind: another kind of file, macros, unknown fields, too slow."""
    kind = known_kind(code)
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(data)
        file.flush()
        try:
            found = inspection.inspect(Path(file.name), name)
        except Unwanted as error:
            args = {**error.args_of, "name": name}
            told = Finding(f"FILE.{error.code}", Severity.BLOCK, MESSAGES[error.code], field="file", args=args)
            raise Refused([told]) from error
    if found.kind != FileKind.DOCX:
        raise Refused([refusal("kind", "file", family="TEMPLATE")])
    places = {field.name: "text" for field in making.places(kind)}
    wanted = ["number"] if kind.numbered else []
    faults = trial.run(data, places, wanted, making.examples(kind))
    if faults:
        raise Refused([refusal(fault.code, "file", family="TEMPLATE", **fault.args) for fault in faults])


@transaction.atomic
def replace(*, code: str, area: Area, name: str, data: bytes, by: Actor, at: datetime) -> DocumentTemplate:
    """Put a template in force for an area from today; the one before it ends. `judge` has found it sound."""
    known_kind(code)
    access.require_area(by, Permission.DOCUMENT_SETUP, area.path)
    locks.one_at_a_time("document-template", code, area.pk)
    file = files.keep_made(data, FileKind.DOCX, sensitivity="C1", at=at)
    rows = DocumentTemplate.objects.filter(code=code, area=area)
    present = rows.filter(ended_at__isnull=True).first()
    if present is not None and present.file_id == file.pk:
        raise Refused([refusal("same", "file", family="TEMPLATE")])
    if present is not None:
        _end(present, by, at)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    made = DocumentTemplate.objects.create(
        code=code, area=area, version=last + 1, file=file, name=files.clean_name(name),
        valid_from=clock.localdate(at), uploaded_at=at, uploaded_by=person(by),
    )  # fmt: skip
    told = {"kind": code, "version": made.version, "area": area.code, "sha256": file.sha256, "note": made.name}
    events.record(Event.TEMPLATE_REPLACED, made, by=by, at=at, payload=told)
    return made


@transaction.atomic
def restore(*, template: DocumentTemplate, by: Actor, at: datetime) -> DocumentTemplate:
    """Go back: the template ends, and with it what stands above it or the shipped one is in force again."""
    access.require_area(by, Permission.DOCUMENT_SETUP, template.area.path)
    locks.one_at_a_time("document-template", template.code, template.area_id)
    row = DocumentTemplate.objects.select_related("area").get(pk=template.pk)
    if row.ended_at is not None:
        raise Refused([refusal("shipped", family="TEMPLATE")])
    _end(row, by, at)
    told = {"kind": row.code, "version": row.version, "area": row.area.code}
    events.record(Event.TEMPLATE_RESTORED, row, by=by, at=at, payload=told)
    return row


def _end(row: DocumentTemplate, by: Actor, at: datetime) -> None:
    row.ended_at, row.ended_by = at, person(by)
    row.save(update_fields=["ended_at", "ended_by"])
