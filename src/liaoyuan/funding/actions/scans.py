"""The stamped print of an application, scanned: taken in only when it carries the code of what stands there now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import files
from liaoyuan.core.models import Attachment
from liaoyuan.core.queries import files as stored
from liaoyuan.funding.actions import entering, projects
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Project
from liaoyuan.funding.params.papers import SCAN
from liaoyuan.funding.queries import papers
from liaoyuan.kit.files import printed
from liaoyuan.kit.files.kinds import FileKind
from liaoyuan.kit.text import half_width

#: How a code of a version looks, see `contents.version_code`.
CODE = r"(?<![0-9A-Z])[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}(?![0-9A-Z])"


@transaction.atomic
def take(
    *, project: Project, name: str, chunks: Iterable[bytes], code: str = "", by: Actor, at: datetime
) -> Attachment:
    """Attach a scan of the stamped application. `code` is what the clerk reads at the foot of the page; a PDF with a
    text is asked itself, and then both must be the code of the present content. Refused in words otherwise.
    """
    if not projects.may_write(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    entering.lock(bodies=[(project.round_id, project.organization_id)])
    row = entering.living_project(project)
    now, typed = papers.code_of(row), half_width(code).strip().upper()
    if typed:
        _holds(row, typed, now, "code")
    place = papers.place(by, row)
    purpose = replace(SCAN, own=(Permission.OWN_EDIT,), edit=(Permission.EDIT,))
    taken = files.take_in(place=place, purpose=purpose, name=name, chunks=chunks, by=by, at=at)
    found: set[str] = set()
    if taken.file.kind == FileKind.PDF:
        source, _size = stored.content(taken.file, "original")
        with source:
            found = printed.codes(source.read(), CODE)
    if found and now not in found:
        _holds(row, sorted(found)[0], now, "file")
    if not found and not typed:
        told = _("这份扫描件里读不出版本码，请照页上印的填写。")
        raise entering.refusal("SCAN-CODE", told, "code")
    return files.attach(
        place=place, purpose=purpose, paper=SCAN.title, taken=taken, note=now, by=by, at=at
    )  # fmt: skip


def _holds(row: Project, given: str, now: str, field: str) -> None:
    """Refuse the code of another content, naming the version that it is of."""
    if given == now:
        return
    number = papers.version_of(row, given)
    if number is not None:
        told = _("“{given}”是第 {number} 版的版本码，内容后来改过，现在是 {now}。请打印现在的申报书，重新签章。")
    else:
        told = _("“{given}”不是这份申报书的版本码，现在是 {now}。请核对是不是这个项目、是不是最后一版。")
    raise entering.refusal("SCAN-CODE", told, field, given=given, number=number, now=now)
