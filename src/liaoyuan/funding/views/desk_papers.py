"""An attachment at the desk of an expert: the file itself, or its words without names while names are hidden."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.files import sending
from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.core.queries import files
from liaoyuan.core.vault import VaultError
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Reading
from liaoyuan.funding.queries import desk as queries
from liaoyuan.funding.queries import paper_words, papers
from liaoyuan.funding.views import desk
from liaoyuan.kit.files.kinds import MEDIA_TYPES, PICTURES
from liaoyuan.ui.pages import render


@doors.needs(Permission.REVIEW_SCORE)
@require_safe
def read(request: HttpRequest, pk: int, label: str, number: int) -> HttpResponseBase:
    """The attachment with this number of a project that one reads. Nothing of a hidden file leaves but its words."""
    reading = desk.seen(request, pk, label)
    if not queries.declared(reading):
        return redirect("funding:desk_declare", reading.stage.round_id)
    told = papers.for_reader(reading, clock.today())
    one = told[number - 1] if 1 <= number <= len(told) else None
    if one is None or one.row is None:
        raise Http404
    if reading.stage.blind:
        name = queries.name(reading)
        return render(request, "funding/desk_paper.html", {
            "title": one.label, "name": name, "crumbs": desk.crumbs((name, desk.there(reading)), (one.label, "")),
            "text": paper_words.without_names(reading.project, one.row), "back": desk.there(reading),
        })  # fmt: skip
    return _sent(request, reading, one.row)


def _sent(request: HttpRequest, reading: Reading, row: Attachment) -> HttpResponseBase:
    """The file; of a picture the copy without EXIF."""
    picture = row.file.kind in PICTURES
    part = "copy" if picture else "original"
    try:
        content, size = files.content(row.file, part)
    except (OSError, ValueError, VaultError):
        messages.error(request, _("“{name}”的内容读不出来，请告诉主办单位。").format(name=row.name))
        return redirect(desk.there(reading))
    name = f"{row.name.rpartition('.')[0] or row.name}.jpg" if picture else row.name
    return sending.send(request, content, size, media_type=_media_type(row.file), name=name, inline=False,
                        mark=f"{row.file.sha256[:32]}-{part}")  # fmt: skip


def _media_type(file: StoredFile) -> str:
    return "image/jpeg" if file.kind in PICTURES else MEDIA_TYPES[file.kind]
