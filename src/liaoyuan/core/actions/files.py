"""Taking files in, attaching, replacing and removing them. Nothing is deleted: what is removed keeps its content.

A file is taken in first (read, judged, hashed, kept in the store) and attached afterwards, so that an uploader can be
shown photos that look alike before anything is saved. A content that nobody attaches lies uncited in the store.
"""

import base64
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import clock, events, locks, policy, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Answer, Event
from liaoyuan.core.files import store
from liaoyuan.core.models import Attachment, StoredFile, User
from liaoyuan.core.params import FILE_MESSAGES
from liaoyuan.core.queries import files as queries
from liaoyuan.core.queries.files import Alike, Place
from liaoyuan.core.registries import FilePurpose
from liaoyuan.kit.files import inspection, photos
from liaoyuan.kit.files.kinds import DOCUMENTS, KIND_TITLES, PICTURES, FileKind, Inspected
from liaoyuan.kit.files.refusal import MESSAGES, NOTE_MESSAGES, Unwanted
from liaoyuan.kit.findings import Finding, Limits, Refused, Severity

#: How many files one upload may bring.
MOST = 20
_HIDDEN_SIGNS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:*?\"<>|]")
_LEFTOVERS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file in the store, not yet attached: its name with the right ending, what to say, photos that look alike."""

    file: StoredFile
    name: str
    notes: tuple[Finding, ...] = ()
    alike: Alike = field(default_factory=Alike)


def refusal(variant: str, field_name: str = "uploads", **args: Any) -> Refused:
    """A refusal of the upload itself, worded in `core.params`."""
    code = f"FILE.{variant}"
    return Refused([Finding(code, Severity.BLOCK, FILE_MESSAGES[code], field=field_name, args=args)])


def clean_name(given: str) -> str:
    """A name without folders, hidden signs and excess; never empty."""
    plain = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    plain = re.sub(r"\s+", " ", _HIDDEN_SIGNS.sub("", plain)).strip(" .") or "文件"
    stem, dot, ending = plain.rpartition(".")
    return plain if len(plain) <= 150 else f"{stem[:140]}{dot}{ending[:9]}" if dot else plain[:150]


def limits_of(place: Place, on: date) -> Limits:
    """The parameters that hold at the place."""
    return policy.limits(on, place.subject.chain(place.record))


def max_bytes(purpose: FilePurpose, limits: Limits) -> int:
    """The most bytes of one file for a purpose."""
    return int(limits.get(f"file.max_mb.{purpose.code}", limits["file.max_mb"])) * 2**20


def take_in(
    *, place: Place, purpose: FilePurpose, name: str, chunks: Iterable[bytes], by: Actor, at: datetime
) -> Taken:
    """Read an upload and keep its content. Refused, with nothing kept, when it is not what may be kept here."""
    if not place.adds(purpose):
        raise PermissionDenied(purpose.code)
    limits = limits_of(place, clock.localdate(at))
    shown = clean_name(name)
    store.sweep(clock.real_now() - _LEFTOVERS)
    most = max_bytes(purpose, limits)
    try:
        arrived = store.receive(chunks, limit=most)
    except store.TooLarge:
        raise _unwanted(Unwanted("too_large", limit=most // 2**20), shown) from None
    try:
        found = inspection.inspect(arrived.path, shown)
        _fits_purpose(found.kind, purpose)
        photo = None
        if found.kind in PICTURES:
            photo = photos.read(arrived.path, found.kind, megapixels=int(limits["file.megapixels"]))
        file = _kept(arrived, found.kind, photo, purpose.sensitivity, at)
    except Unwanted as error:
        raise _unwanted(error, shown) from error
    finally:
        store.discard(arrived)
    right = inspection.right_name(shown, found.kind)
    near = queries.alike(by, file, int(limits["file.alike_bits"])) if purpose.photo else Alike()
    return Taken(file, right, _notes(found, shown, right), near)


def _unwanted(error: Unwanted, name: str) -> Refused:
    args = {**error.args_of, "name": name}
    if "what" in args:
        args["what"] = _(str(args["what"]))
    return Refused([Finding(f"FILE.{error.code}", Severity.BLOCK, MESSAGES[error.code], field="uploads", args=args)])


def _fits_purpose(kind: FileKind, purpose: FilePurpose) -> None:
    wanted = purpose.kinds or frozenset(map(str, DOCUMENTS))
    if str(kind) in wanted:
        return
    if kind == FileKind.ZIP:
        raise Unwanted("archive")
    named = "、".join(_(KIND_TITLES[k]) for k in KIND_TITLES if k in wanted)
    raise Unwanted("not_here", what=KIND_TITLES[kind], wanted=named)


def _notes(found: Inspected, name: str, right: str) -> tuple[Finding, ...]:
    codes = list(found.notes)
    if right != name:
        codes.insert(0, "renamed")
    args = {"name": name, "what": _(KIND_TITLES[found.kind]), "right": right}
    return tuple(
        Finding(f"FILE.{code}", Severity.WARN, NOTE_MESSAGES[code], field="uploads", args=args) for code in codes
    )


def keep_made(data: bytes, kind: FileKind, *, sensitivity: str, at: datetime) -> StoredFile:
    """Keep a content that the product made itself, such as an issued document, inside the caller's transaction."""
    arrived = store.receive([data], limit=len(data))
    try:
        return _kept(arrived, kind, None, sensitivity, at)
    finally:
        store.discard(arrived)


def _kept(
    arrived: store.Arrived, kind: FileKind, photo: photos.Photo | None, sensitivity: str, at: datetime
) -> StoredFile:
    """The row of the content, made when it is new; the content lies in the store before the row says so."""
    hidden = sensitivity in queries.SEALED_CLASSES
    known = _known(arrived.sha256, hidden)
    if known is not None and not store.faults(known.name, known.sha256, known.size, queries.key_of(known)):
        store.touch(known.name)
        return known
    key = os.urandom(32) if hidden else None
    row = StoredFile(
        sha256=arrived.sha256, sm3=arrived.sm3, size=arrived.size, kind=str(kind), created_at=at,
        name=store.keep(arrived, key),
        wrapped_key=vault.encrypt(base64.b64encode(key).decode(), purpose="stored-file") if key else "",
    )  # fmt: skip
    if photo is not None:
        row.width, row.height, row.taken_at = photo.width, photo.height, photo.taken_at
        row.copy_name, row.copy_size = store.put(photo.copy, key), len(photo.copy)
        row.thumb_name, row.thumb_size = store.put(photo.thumb, key), len(photo.thumb)
        if photo.look is not None:
            row.look_1, row.look_2, row.look_3, row.look_4 = photos.parts_of(photo.look)
    if known is not None:  # its content was lost or changed: what came now takes its place
        row.pk, row.created_at = known.pk, known.created_at
        row.save()
        return row
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody else kept the same content meanwhile
        return StoredFile.objects.get(sha256=arrived.sha256, wrapped_key="")
    return row


def _known(sha256: str, hidden: bool) -> StoredFile | None:
    rows = StoredFile.objects.filter(sha256=sha256)
    return (rows.exclude(wrapped_key="") if hidden else rows.filter(wrapped_key="")).order_by("pk").first()


@transaction.atomic
def attach(
    *,
    place: Place,
    purpose: FilePurpose,
    paper: str,
    taken: Taken,
    note: str = "",
    valid_until: date | None = None,
    replaces: Attachment | None = None,
    answer: str = "",
    answer_note: str = "",
    by: Actor,
    at: datetime,
) -> Attachment:
    """Attach a taken file. A photo that looks like others needs an answer; a replaced file stays as a version."""
    if not place.adds(purpose):
        raise PermissionDenied(purpose.code)
    locks.one_at_a_time("attachment", place.kind, place.key)
    _answered(taken, answer, answer_note)
    if replaces is not None:
        replaces = _changing(place, replaces)
        if replaces.paper != paper:
            raise refusal("other_paper", name=replaces.name)
        replaces.replaced_at = at
        replaces.save(update_fields=["replaced_at"])
    row = Attachment.objects.create(
        file=taken.file, subject_kind=place.kind, subject_id=place.key, purpose=purpose.code, paper=paper[:60],
        sensitivity=purpose.sensitivity, name=taken.name, note=note.strip()[:200], valid_until=valid_until,
        uploaded_at=at, uploaded_by=by if isinstance(by, User) else None, pledged_at=at, replaces=replaces,
        alike=_told(taken.alike), answer=answer if taken.alike else "",
        answer_note=answer_note.strip()[:200] if taken.alike else "",
    )  # fmt: skip
    code = Event.FILE_ADDED if replaces is None else Event.FILE_REPLACED
    _record(code, place, row, by=by, at=at, findings=taken.notes)
    return row


def _answered(taken: Taken, answer: str, answer_note: str) -> None:
    if not taken.alike:
        return
    if answer not in (Answer.SAME, Answer.AGAIN):
        raise refusal("answer", "answer", name=taken.name)
    if answer == Answer.AGAIN and len(answer_note.strip()) < 2:
        raise refusal("answer_note", "answer_note", name=taken.name)


def _told(alike: Alike) -> dict[str, Any]:
    if not alike:
        return {}
    seen = [{"attachment": found.row.pk, "distance": found.apart} for found in alike.seen]
    return {"seen": seen, "elsewhere": alike.elsewhere}


def _changing(place: Place, attachment: Attachment) -> Attachment:
    """The attachment under a lock, if it lives at this place and the user may change it."""
    row = Attachment.objects.select_for_update().of(place.kind, place.key).filter(pk=attachment.pk).first()
    if row is None or row.removed_at is not None or row.replaced_at is not None:
        raise refusal("gone", name=attachment.name)
    if not place.changes(row):
        raise PermissionDenied(row.purpose)
    return row


@transaction.atomic
def remove(*, place: Place, attachment: Attachment, reason: str, by: Actor, at: datetime) -> Attachment:
    """Take an attachment off its subject, with a reason. Row and content stay; earlier versions do not come back."""
    locks.one_at_a_time("attachment", place.kind, place.key)
    row = _changing(place, attachment)
    reason = reason.strip()[:200]
    if len(reason) < 2:
        raise refusal("reason", "reason")
    row.removed_at, row.removed_because = at, reason
    row.removed_by = by if isinstance(by, User) else None
    row.save(update_fields=["removed_at", "removed_by", "removed_because"])
    _record(Event.FILE_REMOVED, place, row, by=by, at=at, reason=reason)
    return row


@transaction.atomic
def retire(*, kind: str, keys: Sequence[int], reason: str, at: datetime) -> int:
    """Take every attachment off some subjects whose class of data has come to its end; how many there were.

    For a class of retention, which tells of the run itself: no event for each file.
    """
    rows = Attachment.objects.filter(subject_kind=kind, subject_id__in=[str(key) for key in keys], removed_at=None)
    return rows.update(removed_at=at, removed_by=None, removed_because=reason[:200])


def _record(
    code: Event,
    place: Place,
    row: Attachment,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    findings: Sequence[Finding] = (),
) -> None:
    """The event stands in the holder's timeline; a C3 or C4 file is not named there."""
    quiet = row.sensitivity in queries.SEALED_CLASSES
    told = row.paper if quiet else f"{row.paper}：{row.name}"
    payload = {
        "note": f"{told}（{reason}）" if reason else told, "attachment": row.pk, "sha256": row.file.sha256,
        "sm3": row.file.sm3, "class": row.sensitivity,
    }  # fmt: skip
    if row.answer:
        payload["answer"] = row.answer
    events.record(code, subject_of(place), by=by, at=at, payload=payload, findings=() if quiet else findings)


def subject_of(place: Place) -> tuple[str, str, str]:
    """What events about a place's files are about: the record whose scope counts."""
    return type(place.holder).__name__.lower(), str(place.holder.pk), place.label[:120]
