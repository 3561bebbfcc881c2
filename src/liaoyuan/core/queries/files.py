"""Reading attachments: whose they are, who may see them, what is missing, which photos look alike, what may go."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, NamedTuple

from django.db.models import Q

from liaoyuan.core import access, registries, vault
from liaoyuan.core.choices import Permission
from liaoyuan.core.files import store
from liaoyuan.core.files.sealed import Reader
from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.core.registries import FilePurpose, FileSubject
from liaoyuan.kit.files import photos

#: Classes that are kept sealed, whose files are not named in events and whose downloads are read events.
SEALED_CLASSES = frozenset({"C3", "C4"})
_SHOWN = 6
_MOST_BITS = 11


@dataclass(slots=True)
class Place:
    """A record that files are attached to, as one user sees it, with what he may do there."""

    subject: FileSubject
    record: Any
    user: Any
    holder: Any = None
    _held: dict[tuple[str, bool], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.holder = self.subject.holder(self.record)

    @property
    def kind(self) -> str:
        """The subject's kind."""
        return self.subject.kind

    @property
    def key(self) -> str:
        """The subject's key."""
        return str(self.record.pk)

    @property
    def label(self) -> str:
        """The subject's name."""
        return self.subject.label(self.record)

    @property
    def address(self) -> str:
        """The page of the subject."""
        return self.subject.address(self.record)

    def may(self, permissions: Iterable[str], *, write: bool) -> bool:
        """Whether one of the permissions covers the holder."""
        return any(self._covers(permission, write) for permission in permissions)

    def _covers(self, permission: str, write: bool) -> bool:
        asked = (permission, write)
        if asked not in self._held:
            self._held[asked] = access.has(self.user, permission) and access.covers(
                self.user, permission, self.holder, write=write
            )
        return self._held[asked]

    def sees(self, attachment: Attachment) -> bool:
        """Whether the user may open this attachment of the place."""
        purpose = registries.file_purposes.get(attachment.purpose)
        return purpose is not None and self.may(purpose.view, write=False)

    def original(self) -> bool:
        """Whether the user may take out untouched originals."""
        return self.may([Permission.FILE_ORIGINAL], write=False)

    def changes(self, attachment: Attachment) -> bool:
        """Whether the user may replace or remove it: his own upload, or as one who keeps the record."""
        purpose = registries.file_purposes.get(attachment.purpose)
        if purpose is None:
            return False
        mine = attachment.uploaded_by_id is not None and attachment.uploaded_by_id == self.user.pk
        return self.may(purpose.edit, write=True) or (mine and self._own(purpose))

    def adds(self, purpose: FilePurpose) -> bool:
        """Whether the user may upload for a purpose."""
        return self.may(purpose.edit, write=True) or self._own(purpose)

    def _own(self, purpose: FilePurpose) -> bool:
        """Whether the user's own uploads are his: for himself, or for a holder for whom he fills in."""
        return self.may(purpose.own, write=True) or self.may(purpose.behalf, write=False)


def place_of(user: Any, kind: str, key: str) -> Place | None:
    """The record (kind, key), if it is one that takes files and the user may see it."""
    subject = registries.file_subjects.get(kind)
    record = subject.find(user, key) if subject is not None else None
    return Place(subject, record, user) if subject is not None and record is not None else None


def purposes_of(place: Place, *, write: bool) -> list[FilePurpose]:
    """The purposes of a place for which the user may upload, or which he may see."""
    return [
        purpose
        for purpose in registries.file_purposes.values()
        if place.kind in purpose.kinds_of_subject
        and (place.adds(purpose) if write else place.may(purpose.view, write=False))
    ]


def purpose_for(kind: str, paper: str) -> FilePurpose | None:
    """The purpose of a line of a checklist: the one that bears its name, else the general one of that kind."""
    own = [p for p in registries.file_purposes.values() if kind in p.kinds_of_subject]
    named = next((p for p in own if p.title == paper), None)
    return named or next((p for p in own if p.general and not p.photo), None)


def attachment_of(user: Any, pk: int) -> tuple[Attachment, Place] | None:
    """An attachment that was not removed with its place, if the user may open it."""
    row = Attachment.objects.filter(pk=pk, removed_at__isnull=True).select_related("file", "uploaded_by").first()
    place = place_of(user, row.subject_kind, row.subject_id) if row is not None else None
    return (row, place) if row is not None and place is not None and place.sees(row) else None


def listing(place: Place) -> list[Attachment]:
    """All attachments of a place that the user may see, newest first: living, replaced and removed ones."""
    rows = Attachment.objects.of(place.kind, place.key).select_related("file", "uploaded_by", "removed_by")
    return [row for row in rows.order_by("-uploaded_at", "-pk") if place.sees(row)]


def of_subjects(kind: str, keys: Iterable[Any]) -> dict[str, list[Attachment]]:
    """Living attachments by subject key, for links beside records; the caller has checked the scope."""
    found: dict[str, list[Attachment]] = {}
    for row in Attachment.objects.living().filter(subject_kind=kind, subject_id__in=[str(k) for k in keys]):
        found.setdefault(row.subject_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a checklist. `state` is given, missing or expired; `hidden` = given, but not for this user to see;
    `received_on`: the day on which it came on paper.
    """

    paper: str
    state: str
    rows: tuple[Attachment, ...] = ()
    may_add: bool = False
    hidden: bool = False
    received_on: date | None = None


def checklist(place: Place, papers: Sequence[str], on: date) -> list[Line]:
    """What is given, missing and expired of the wanted papers on a day, in their order."""
    rows = list(Attachment.objects.living().of(place.kind, place.key).select_related("file").order_by("-pk"))
    on_paper = place.subject.on_paper(place.record) if place.subject.on_paper is not None else {}
    told = []
    for paper in papers:
        purpose = purpose_for(place.kind, paper)
        own = [row for row in rows if row.paper == paper]
        fresh = [row for row in own if row.valid_until is None or row.valid_until >= on]
        seen = tuple(row for row in own if place.sees(row))
        told.append(
            Line(
                paper,
                "given" if fresh or paper in on_paper else "expired" if own else "missing",
                seen,
                purpose is not None and place.adds(purpose),
                bool(own) and not seen,
                on_paper.get(paper),
            )
        )
    return told


class Likeness(NamedTuple):
    """One kept photo that looks like another: in how many bits they differ, and whose it is."""

    row: Attachment
    apart: int
    where: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Photos that look like one: those the user may see, and how many others there are."""

    seen: tuple[Likeness, ...] = ()
    elsewhere: int = 0

    def __bool__(self) -> bool:
        return bool(self.seen) or self.elsewhere > 0


def alike(user: Any, file: StoredFile, bits: int) -> Alike:
    """Living photos, of whatever subject, whose hash differs from the file's in at most `bits` bits (11 at most).

    Two hashes within 11 bits agree in one of four half-words but for two bits at most, so four indexed look-ups find
    them all.
    """
    parts = file.parts
    if parts is None:
        return Alike()
    bits = max(0, min(bits, _MOST_BITS))
    close = Q(pk__in=[])
    for number, part in enumerate(parts, start=1):
        close |= Q(**{f"file__look_{number}__in": photos.near(part, bits // photos.PARTS)})
    codes = [purpose.code for purpose in registries.file_purposes.values() if purpose.photo]
    rows = Attachment.objects.living().filter(close, purpose__in=codes).select_related("file").order_by("pk")
    found = []
    for row in rows:
        other = row.file.parts
        apart = photos.distance(photos.joined(parts), photos.joined(other)) if other else bits + 1
        if apart <= bits:
            found.append((row, apart))
    found.sort(key=lambda pair: (pair[1], pair[0].pk))
    places: dict[tuple[str, str], Place | None] = {}
    seen: list[Likeness] = []
    elsewhere = 0
    for row, apart in found:
        at = (row.subject_kind, row.subject_id)
        if at not in places:
            places[at] = place_of(user, *at)
        place = places[at]
        if place is not None and place.sees(row):
            if len(seen) < _SHOWN:
                seen.append(Likeness(row, apart, place.label))
        else:
            elsewhere += 1
    return Alike(tuple(seen), elsewhere)


def key_of(file: StoredFile) -> bytes | None:
    """The file's own key, None when it lies open. Raises VaultError when the vault cannot open it."""
    return base64.b64decode(vault.decrypt(file.wrapped_key, purpose="stored-file")) if file.wrapped_key else None


def content(file: StoredFile, form: str) -> tuple["BinaryIO | Reader", int]:
    """The original, the copy without EXIF or the thumb, with its size. FileNotFoundError when the store lost it."""
    name, size = {
        "original": (file.name, file.size),
        "copy": (file.copy_name, file.copy_size),
        "thumb": (file.thumb_name, file.thumb_size),
    }[form]
    return store.open_content(name, size, key_of(file)), size


def sample(count: int) -> list[tuple[StoredFile, str]]:
    """Some contents and what is wrong with each ("missing", "changed" or empty): the newest, and others by chance."""
    newest = list(StoredFile.objects.order_by("-pk")[: count // 2])
    others = StoredFile.objects.exclude(pk__in=[row.pk for row in newest]).order_by("?")
    return [
        (row, store.faults(row.name, row.sha256, row.size, key_of(row))) for row in [*newest, *others[: count // 2]]
    ]
