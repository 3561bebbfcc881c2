"""Hand-over files: made when a project's manager changes, kept with what stood on the day."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import files
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.models import Agreement, HandOverFile
from liaoyuan.funding.queries import handing_over
from liaoyuan.kit.files.kinds import FileKind


@transaction.atomic
def make(*, agreement: Agreement, gives: str, takes: str, reason: str, by: Actor, at: datetime) -> HandOverFile:
    """Make the hand-over file from one manager to the next."""
    if not access.covers(by, Permission.OWN_CERTIFY, agreement.project, write=True):
        access.require(by, Permission.CONFIRM, agreement.project)
    if not gives.strip() or not takes.strip() or gives.strip() == takes.strip():
        raise entering.refusal("HANDOVER-NAMES", _("请填写移交人和接收人，须为两个人。"), "takes")
    row = Agreement.objects.select_related("project__round__programme__area").get(pk=agreement.pk)
    told = handing_over.content(row, localdate(at))
    title = f"{row.project.number} {row.project.title} {gives.strip()}→{takes.strip()}"
    made = HandOverFile.objects.create(
        agreement=row, gives=gives.strip()[:60], takes=takes.strip()[:60], reason=reason.strip()[:200], content=told,
        file=files.keep_made(handing_over.workbook(told, title), FileKind.XLSX, sensitivity="C2", at=at), made_at=at,
        made_by=entering.recorder(by),
    )  # fmt: skip
    events.record(Event.HANDED_OVER, row.project, by=by, at=at, payload={"agreement": row.pk, "file": made.pk})
    return made
