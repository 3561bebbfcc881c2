"""The files of the documents of a round: of a draft as it would be, of an issued one as it was."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.core import clock, doors, reads
from liaoyuan.core.choices import DocumentState
from liaoyuan.core.documents import contents
from liaoyuan.core.files import sending
from liaoyuan.core.models import Document
from liaoyuan.core.queries import documents, files
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.queries import letters_read as queries
from liaoyuan.kit.files.kinds import MEDIA_TYPES
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.texts import sentence

_DRAFTS = (DocumentState.DRAFT, DocumentState.REVIEWED)


@doors.needs(Permission.VIEW, Permission.OWN_VIEW)
@require_safe
def file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Word or PDF of a document. One with an account number in it is a read event."""
    row = queries.find(request.user, pk)
    if row is None or row.state == DocumentState.DISCARDED:
        raise Http404
    name = f"{re.sub(r'[\\/:*?"<>|]', '', row.number or row.title)}.{form}"
    if row.state in _DRAFTS:
        kind = documents.kind_of(row.code)
        if kind is None:
            raise Http404
        try:
            made = contents.preview(row, kind, clock.now())
        except Refused as refused:
            messages.error(request, "；".join(sentence(finding) for finding in refused.findings))
            return redirect("funding:round_list")
        _read(request, row, 0, name)
        data = made.pdf if form == "pdf" else made.docx
        return sending.made(request, data, media_type=MEDIA_TYPES[form], name=_("草稿 {name}").format(name=name))
    kept = row.pdf if form == "pdf" else row.docx
    if kept is None:
        raise Http404
    content, size = files.content(kept, "original")
    _read(request, row, kept.pk, name)
    return sending.send(request, content, size, media_type=MEDIA_TYPES[form], name=name, inline=False,
                        mark=kept.sha256[:32])  # fmt: skip


def _read(request: HttpRequest, row: Document, key: int, name: str) -> None:
    if documents.is_sealed(row) and request.method == "GET":
        subject = (row.subject_kind, row.subject_id, row.subject_label)
        reads.downloaded(subject, file=key, name=name, original=False, by=doors.person(request), at=clock.now())
