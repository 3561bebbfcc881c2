"""Records of work as subjects of files."""

from typing import Any

from django.urls import reverse

from liaoyuan.core.registries import FileSubject
from liaoyuan.funding.models import ProjectAudit, WorkRecord
from liaoyuan.funding.queries import consequences, limits, work


def _record(user: Any, key: str) -> WorkRecord | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    rows = WorkRecord.objects.visible_to(user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor"
    )  # fmt: skip
    return rows.filter(pk=int(key)).first()


RECORDS = FileSubject(
    kind=work.SUBJECT,
    title="工作记录",
    find=_record,
    holder=lambda row: row.project,
    label=lambda row: row.title,
    address=lambda row: reverse("funding:work_detail", args=[row.pk]),
    papers=lambda row: "",
    chain=lambda row: limits.chain(row.project.round),
)


def _audit(user: Any, key: str) -> ProjectAudit | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    rows = ProjectAudit.objects.visible_to(user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor"
    )  # fmt: skip
    return rows.filter(pk=int(key)).first()


AUDITS = FileSubject(
    kind=consequences.AUDIT,
    title="审计报告",
    find=_audit,
    holder=lambda row: row.project,
    label=lambda row: row.auditor,
    address=lambda row: reverse("funding:project_reports", args=[row.project_id]),
    papers=lambda row: "",
    chain=lambda row: limits.chain(row.project.round),
)
