"""Reading documents: who sees which, their register, templates in force, notices that stand, letters that came back."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries, vault
from liaoyuan.core.choices import DeliveryResult, DocumentState, Permission
from liaoyuan.core.models import (
    Area,
    Case,
    Delivery,
    Document,
    DocumentBatch,
    DocumentNumber,
    DocumentTemplate,
    Issuer,
    PublicityNotice,
)
from liaoyuan.core.params import DOCUMENT_STATE_TITLES
from liaoyuan.core.queries import calendar
from liaoyuan.core.queries.files import SEALED_CLASSES
from liaoyuan.core.registries import DocumentKind
from liaoyuan.core.rules import documents as rules

#: Purpose under which the texts of documents of class C3 and above are kept.
PURPOSE = "document.values"
_MARKS = {"draft": "review", "reviewed": "info", "issued": "ok", "withdrawn": "reject", "discarded": "closed"}
LIVING = (DocumentState.ISSUED, DocumentState.WITHDRAWN)


def kind_of(code: str) -> DocumentKind | None:
    """The kind of a code; None for one that no floor enters any more."""
    return registries.document_kinds.get(code)


def _paths(user: Any, permission: str) -> Q | None:
    """Condition over `area` for one permission; None = everything."""
    reach = access.reach(user, permission)
    if reach.everything:
        return None
    found = Q(pk__in=[])
    for path in reach.paths:
        found |= Q(area__path__startswith=path)
    return found


def visible(user: Any) -> QuerySet[Document]:
    """Documents of the user's areas, of bodies that sit there, and what was issued to the user's own bodies; of kinds
    that ask for a permission of their own those of the areas over which he holds it.
    """
    rows = Document.objects.select_related("issuer", "drafted_by", "issued_by")
    closed: dict[str, list[str]] = {}
    for kind in registries.document_kinds.values():
        if kind.view_permission:
            closed.setdefault(kind.view_permission, []).append(kind.code)
    for permission, codes in closed.items():
        allowed = _paths(user, permission)
        if allowed is not None:
            rows = rows.filter(~Q(code__in=codes) | allowed)
    reach = access.reach(user, Permission.DOCUMENT_VIEW)
    if reach.everything:
        return rows
    found = Q(pk__in=[])
    for path in reach.paths:
        found |= Q(area__path__startswith=path) | Q(place__path__startswith=path)
    own = access.reach(user, Permission.DOCUMENT_OWN_VIEW).organizations
    if own:
        keys = [str(key) for key in own]
        found |= Q(subject_kind="organization", subject_id__in=keys, state__in=LIVING)
        cases = Case.objects.filter(subject_kind="organization", subject_id__in=keys).values_list("pk", flat=True)
        found |= Q(subject_kind="case", subject_id__in=[str(key) for key in cases], state__in=LIVING)
    return rows.filter(found)


def of_subject(user: Any, kind: str, key: Any) -> QuerySet[Document]:
    """Documents about one subject that the user may see, newest first."""
    return visible(user).filter(subject_kind=kind, subject_id=str(key)).order_by("-drafted_at", "-pk")


def of_case(user: Any, key: int) -> QuerySet[Document]:
    """Documents about a case that the user may see, with the one that tells its decision; newest first."""
    about = Q(subject_kind="case", subject_id=str(key)) | Q(mark=rules.decision_mark(key))
    return visible(user).filter(about).order_by("-drafted_at", "-pk")


def find(user: Any, key: str) -> Document | None:
    """One document by its key, if the user may see it."""
    known = key.isascii() and key.isdigit() and len(key) < 19
    return visible(user).filter(pk=int(key)).first() if known else None


def scope_of(document: Document) -> tuple[list[str], list[str], str]:
    """Which grants cover a document: its office's area may write, the subject's place may read."""
    own = ""
    if document.state in LIVING and document.subject_kind == "organization":
        own = document.subject_id
    elif document.state in LIVING and document.subject_kind == "case":
        case = Case.objects.filter(pk=int(document.subject_id), subject_kind="organization").first()
        own = case.subject_id if case is not None else ""
    return [document.area.path], [document.place.path] if document.place else [], own


def by_key(key: str) -> Document | None:
    """The row of a key, for those who need the subject itself."""
    return Document.objects.filter(pk=int(key)).first() if key.isdigit() and len(key) < 19 else None


def state_of(document: Document) -> tuple[str, str]:
    """Mark and word of a document's state."""
    return _MARKS[document.state], _(DOCUMENT_STATE_TITLES[document.state])


def subject_of(document: Document) -> Any:
    """The record a document is about; None when its floor cannot find it any more."""
    resolver = registries.scope_kinds.get(document.subject_kind)
    return resolver.find(document.subject_id) if resolver is not None and resolver.find is not None else None


def values_of(document: Document) -> dict[str, str]:
    """The texts of its fields, opened when they are kept sealed."""
    return dict(_opened(document)["values"] if document.sealed else document.values)


def snapshot_of(document: Document) -> dict[str, Any]:
    """Everything its files were made from."""
    return dict(_opened(document)["snapshot"] if document.sealed else document.snapshot)


def _opened(document: Document) -> Mapping[str, Any]:
    return json.loads(vault.decrypt(document.sealed, purpose=PURPOSE))


def is_sealed(document: Document) -> bool:
    """Whether its files and texts are kept sealed."""
    return document.sensitivity in SEALED_CLASSES


def issuers(user: Any, permission: str = Permission.DOCUMENT_DRAFT) -> QuerySet[Issuer]:
    """Open offices in the user's areas."""
    rows = Issuer.objects.filter(closed_at__isnull=True).select_related("area").order_by("area__path", "mark")
    paths = _paths(user, permission)
    return rows if paths is None else rows.filter(paths)


def offices(user: Any, permission: str = Permission.DOCUMENT_VIEW) -> QuerySet[Issuer]:
    """All offices in the user's areas, closed ones too."""
    rows = Issuer.objects.select_related("area").order_by("area__path", "mark")
    paths = _paths(user, permission)
    return rows if paths is None else rows.filter(paths)


def issuer_for(user: Any, area: Area, permission: str = Permission.DOCUMENT_DRAFT) -> Issuer | None:
    """The office nearest to an area that the user may draft for: its own, else the next above, else the first."""
    found = list(issuers(user, permission))
    above = [row for row in found if area.path.startswith(row.area.path)]
    return max(above, key=lambda row: (len(row.area.path), -row.pk), default=found[0] if found else None)


def batches(user: Any) -> QuerySet[DocumentBatch]:
    """Batches whose office lies in the user's areas."""
    rows = DocumentBatch.objects.select_related("issuer", "made_by")
    reach = access.reach(user, Permission.DOCUMENT_VIEW)
    if reach.everything:
        return rows
    found = Q(pk__in=[])
    for path in reach.paths:
        found |= Q(issuer__area__path__startswith=path)
    return rows.filter(found)


# Numbers


def register(user: Any) -> QuerySet[DocumentNumber]:
    """The lines of the register of the user's offices."""
    rows = DocumentNumber.objects.select_related("issuer", "document", "taken_by")
    reach = access.reach(user, Permission.DOCUMENT_VIEW)
    if reach.everything:
        return rows
    found = Q(pk__in=[])
    for path in reach.paths:
        found |= Q(issuer__area__path__startswith=path)
    return rows.filter(found)


def following(issuer: Issuer, year: int) -> int:
    """The next number of an office in a year."""
    last = DocumentNumber.objects.filter(issuer=issuer, year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


# Templates


def template_for(code: str, area: Area) -> DocumentTemplate | None:
    """The template in force for an area: its own, else that of the nearest area above; None = the shipped one."""
    codes = [part for part in area.path.split("/") if part]
    rows = DocumentTemplate.objects.filter(code=code, ended_at__isnull=True, area__code__in=codes)
    return max(rows.select_related("area", "file"), key=lambda row: len(row.area.path), default=None)


def templates_for(codes: Sequence[str], area: Area) -> dict[str, DocumentTemplate]:
    """`template_for` for several kinds at once; a kind of which the shipped one holds is absent."""
    parts = [part for part in area.path.split("/") if part]
    rows = DocumentTemplate.objects.filter(code__in=codes, ended_at__isnull=True, area__code__in=parts)
    ordered = sorted(rows.select_related("area", "file"), key=lambda row: len(row.area.path))
    return {row.code: row for row in ordered}


def templates(code: str) -> QuerySet[DocumentTemplate]:
    """Every version of a kind, newest first."""
    rows = DocumentTemplate.objects.filter(code=code).select_related("area", "file", "uploaded_by", "ended_by")
    return rows.order_by("-uploaded_at", "-pk")


# Notices and service


def notices(on: date) -> list[PublicityNotice]:
    """Notices that stand on a day, for everybody, those that end first before the others."""
    rows = (
        PublicityNotice.objects.filter(Q(closes_on__gte=on) | Q(provisional=True), opens_on__lte=on)
        .filter(document__state=DocumentState.ISSUED)
        .select_related("document", "document__issuer", "document__pdf")
    )
    found = [(term_of(row).closes_on, row.pk, row) for row in rows]
    return [row for closes_on, _pk, row in sorted(found) if closes_on >= on]


def term_of(notice: PublicityNotice) -> rules.Term:
    """The term as the calendar knows it today: an end that was provisional is counted anew."""
    if not notice.provisional:
        return rules.Term(notice.opens_on, notice.closes_on, provisional=False)
    return rules.term(notice.opens_on, notice.workdays, calendar.workdays())


def certifiable(user: Any, kind: DocumentKind, subject_kind: str, key: Any) -> list[Document]:
    """Issued notices about a subject that a document of this kind may certify."""
    if not kind.follows:
        return []
    rows = of_subject(user, subject_kind, key).filter(code=kind.follows, state=DocumentState.ISSUED)
    return list(rows.select_related("publicity"))


def unsigned(subject_kind: str, keys: Sequence[Any], codes: Sequence[str] = ()) -> dict[str, list[Delivery]]:
    """Letters that came back unsigned, by subject, earliest first: two of them matter for the abnormal list.

    Of one document only its last attempt counts, and none once it was signed for.
    """
    rows = Delivery.objects.filter(
        document__subject_kind=subject_kind, document__subject_id__in=[str(key) for key in keys],
        document__state=DocumentState.ISSUED,
    )  # fmt: skip
    if codes:
        rows = rows.filter(document__code__in=codes)
    last: dict[int, Delivery] = {}
    signed: set[int] = set()
    for row in rows.select_related("document").order_by("sent_on", "pk"):
        last[row.document_id] = row
        if row.result == DeliveryResult.SIGNED:
            signed.add(row.document_id)
    found: dict[str, list[Delivery]] = {}
    for key, row in last.items():
        if key not in signed and row.result == DeliveryResult.UNSIGNED:
            found.setdefault(row.document.subject_id, []).append(row)
    return found


def checked(code: str) -> Document | None:
    """The issued or withdrawn document of a check code, whatever blanks, dashes and case it was typed with."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(plain) != 16 or not plain.isascii():
        return None
    spelled = "-".join(plain[i : i + 4] for i in range(0, 16, 4))
    rows = Document.objects.filter(check_code=spelled, state__in=LIVING)
    return rows.select_related("issuer", "pdf", "publicity").first()
