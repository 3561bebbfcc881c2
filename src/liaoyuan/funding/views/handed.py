"""Files of money: one upload taken in, one kept content handed out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from liaoyuan.core import clock, doors, reads, registries
from liaoyuan.core.actions import files as actions
from liaoyuan.core.files import sending
from liaoyuan.core.models import StoredFile
from liaoyuan.core.queries import files as queries
from liaoyuan.core.vault import VaultError
from liaoyuan.funding.models import Agreement
from liaoyuan.kit.files.kinds import MEDIA_TYPES
from liaoyuan.kit.findings import Finding, Refused, Severity


def taken(request: HttpRequest, agreement: Agreement, purpose: str, upload: Any) -> StoredFile | None:
    """The upload of a form, read, judged and kept; None when nothing was sent. Refused with its sentence."""
    if not upload:
        return None
    place = queries.place_of(doors.person(request), "agreement", str(agreement.pk))
    if place is None:
        raise PermissionDenied(purpose)
    told = actions.take_in(
        place=place, purpose=registries.file_purposes[purpose], name=upload.name, chunks=upload.chunks(),
        by=doors.person(request), at=clock.now(),
    )  # fmt: skip
    return told.file


def needed(request: HttpRequest, agreement: Agreement, purpose: str, upload: Any) -> StoredFile:
    """The same; Refused when nothing was sent."""
    found = taken(request, agreement, purpose, upload)
    if found is None:
        raise Refused([Finding("VOUCHER", Severity.BLOCK, _("请上传凭证。"), field="uploads")])
    return found


def out(
    request: HttpRequest, file: StoredFile | None, name: str, *, back: str, sealed: Any = None
) -> HttpResponseBase:  # fmt: skip
    """A kept content as a download; of a picture the copy that does not tell where it was taken. `sealed` names the
    subject of the read event of a content of class C3.
    """
    if file is None:
        raise Http404
    part = "copy" if file.copy_name else "original"
    try:
        content, size = queries.content(file, part)
    except (OSError, ValueError, VaultError):
        messages.error(request, _("“{name}”的内容读不出来，请联系系统管理员运行 liaoyuan check。").format(name=name))
        return redirect(back)
    began = sending.asked_range(request, size)
    if sealed is not None and request.method == "GET" and (began is None or began[0] == 0):
        reads.downloaded(sealed, file=file.pk, name=name, original=False, by=doors.person(request), at=clock.now())
    kind = "jpg" if file.copy_name else file.kind
    return sending.send(
        request, content, size, media_type="image/jpeg" if file.copy_name else MEDIA_TYPES[file.kind],
        name=f"{name}.{kind}", inline=False, mark=f"{file.sha256[:32]}-{part}",
    )  # fmt: skip
