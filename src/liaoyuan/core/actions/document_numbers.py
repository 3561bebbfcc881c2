"""文号: offices with their signs, and the register of their numbers, consecutive without gap or double.

A number is taken under the lock of the office's row, inside the transaction that issues the document: either both
stand or neither. The unique constraint stands behind the lock.
"""

from datetime import date, datetime

from django.db import transaction

from liaoyuan.core import access, clock, events
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event, Permission
from liaoyuan.core.models import Area, Document, DocumentNumber, Issuer, User
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.rules import documents as rules
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.findings import Refused

#: Kept in the register, which speaks Chinese.
_OUTSIDE = "系统外发出，办理时补记"


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


def take(issuer: Issuer, document: Document, *, on: date, by: Actor, at: datetime) -> DocumentNumber:
    """The next number for a document; the caller holds the office's row."""
    return DocumentNumber.objects.create(
        issuer=issuer, year=on.year, serial=queries.following(issuer, on.year), document=document,
        title=document.title, receiver=document.subject_label, dated_on=on, taken_at=at, taken_by=_person(by),
    )  # fmt: skip


def void(document: Document, *, by: Actor, at: datetime) -> None:
    """The number of a withdrawn document stays taken, as void."""
    DocumentNumber.objects.filter(document=document).update(void_at=at, void_by=_person(by))


@transaction.atomic
def register(
    *, issuer: Issuer, first: int, last: int, title: str, reason: str, dated_on: date, by: Actor, at: datetime,
    receiver: str = "",
) -> list[DocumentNumber]:  # fmt: skip
    """Enter numbers used outside the system (登记系统外文号), one or a run of them, with the reason.

    Refused when one is taken, or when the run would leave a number out.
    """
    access.require_area(by, Permission.DOCUMENT_DRAFT, issuer.area.path)
    row = Issuer.objects.select_for_update().get(pk=issuer.pk)
    year = dated_on.year
    found = []
    if not title.strip():
        found.append(refusal("title", "title", family="NUMBER"))
    if len(reason.strip()) < 2:
        found.append(refusal("reason", "reason", family="NUMBER"))
    if dated_on > clock.localdate(at):
        found.append(refusal("future", "dated_on"))
    taken = DocumentNumber.objects.filter(issuer=row, year=year, serial__range=(first, last)).order_by("serial")
    numbers = [rules.number_text(row.mark, year, serial) for serial in taken.values_list("serial", flat=True)[:3]]
    found += rules.may_register(first, last, queries.following(row, year), numbers)
    if found:
        raise Refused(found)
    made = DocumentNumber.objects.bulk_create(
        DocumentNumber(
            issuer=row, year=year, serial=serial, title=title.strip()[:200], receiver=receiver.strip()[:120],
            dated_on=dated_on, reason=reason.strip()[:200], taken_at=at, taken_by=_person(by),
        )
        for serial in range(first, last + 1)
    )  # fmt: skip
    told = {"year": year, "first": first, "last": last, "title": title.strip()[:200], "note": reason.strip()[:200]}
    events.record(Event.NUMBER_REGISTERED, row, by=by, at=at, payload=told)
    return made


@transaction.atomic
def enter_outside(*, number: str, area: Area, title: str, receiver: str, on: date, by: Actor, at: datetime) -> str:
    """A number typed for a letter from outside the system; returns it as it is to be kept.

    Under the sign of an office of the area, or of one above it, it enters the register as a number used outside, unless
    it stands there as such; refused when it is a document's of this system, void, or would leave a number out.
    """
    told = rules.number_parts(number)
    offices = Issuer.objects.filter(mark=told[0]).select_related("area") if told else ()
    near = [row for row in offices if area.path.startswith(row.area.path)]
    if told is None or not near:
        return number.strip()
    issuer = max(near, key=lambda row: (len(row.area.path), -row.pk))
    _mark, year, serial = told
    text = rules.number_text(issuer.mark, year, serial)
    issuer = Issuer.objects.select_for_update(of=("self",)).get(pk=issuer.pk)
    line = DocumentNumber.objects.filter(issuer=issuer, year=year, serial=serial).first()
    if line is None:
        if year != on.year:
            raise Refused([refusal("year", "number", family="NUMBER")])
        register(
            issuer=issuer, first=serial, last=serial, title=title, receiver=receiver, dated_on=on, by=by, at=at,
            reason=_OUTSIDE,
        )  # fmt: skip
    elif line.document_id is not None or line.void_at is not None:
        word = "void" if line.void_at is not None else "ours"
        raise Refused([refusal(word, "number", family="NUMBER", number=text)])
    return text


@transaction.atomic
def open_issuer(
    *, area: Area, name: str, mark: str, by: Actor, at: datetime, phone: str = "", address: str = ""
) -> Issuer:
    """Enter an office with its sign. Two offices of one area cannot share one."""
    access.require_area(by, Permission.DOCUMENT_SETUP, area.path)
    name, mark = name.strip(), mark.strip()
    _judge(area, name, mark, None)
    made = Issuer.objects.create(
        area=area, name=name, mark=mark, phone=phone.strip()[:40], address=address.strip()[:120], made_at=at,
        made_by=_person(by),
    )  # fmt: skip
    events.record(Event.ISSUER_EDITED, made, by=by, at=at, payload={"name": name, "mark": mark, "area": area.code})
    return made


def _judge(area: Area, name: str, mark: str, own: int | None) -> None:
    found = []
    if not 2 <= len(name) <= 60:
        found.append(refusal("name", "name", family="ISSUER"))
    if not rules.mark_is_sound(mark):
        found.append(refusal("mark", "mark", family="ISSUER"))
    elif Issuer.objects.filter(area=area, mark=mark).exclude(pk=own or 0).exists():
        found.append(refusal("taken", "mark", family="ISSUER", mark=mark))
    if found:
        raise Refused(found)


@transaction.atomic
def change_issuer(*, issuer: Issuer, name: str, mark: str, phone: str, address: str, by: Actor, at: datetime) -> Issuer:
    """Correct an office. Its sign stays once a number was taken under it."""
    access.require_area(by, Permission.DOCUMENT_SETUP, issuer.area.path)
    row = Issuer.objects.select_for_update(of=("self",)).select_related("area").get(pk=issuer.pk)
    name, mark = name.strip(), mark.strip()
    if mark != row.mark and DocumentNumber.objects.filter(issuer=row).exists():
        raise Refused([refusal("used", "mark", family="ISSUER", mark=row.mark)])
    _judge(row.area, name, mark, row.pk)
    changes = {"name": [row.name, name], "mark": [row.mark, mark]}
    row.name, row.mark, row.phone, row.address = name, mark, phone.strip()[:40], address.strip()[:120]
    row.save()
    events.record(Event.ISSUER_EDITED, row, by=by, at=at, payload={"changes": changes})
    return row


@transaction.atomic
def close_issuer(*, issuer: Issuer, by: Actor, at: datetime) -> Issuer:
    """No more documents in this office's name; its register stays."""
    access.require_area(by, Permission.DOCUMENT_SETUP, issuer.area.path)
    row = Issuer.objects.select_for_update(of=("self",)).get(pk=issuer.pk)
    if row.closed_at is None:
        row.closed_at, row.closed_by = at, _person(by)
        row.save(update_fields=["closed_at", "closed_by"])
        events.record(Event.ISSUER_EDITED, row, by=by, at=at, payload={"closed": True})
    return row
