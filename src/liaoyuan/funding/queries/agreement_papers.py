"""Agreements as subjects of files."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import FileSubject
from liaoyuan.funding.models import Agreement
from liaoyuan.funding.params.agreement_papers import PAPER_TITLES, SUBJECT
from liaoyuan.funding.queries import agreed, limits


def _seen_by(user: Any, key: str) -> Agreement | None:
    return agreed.visible(user, int(key)) if key.isdecimal() and len(key) < 19 else None


FILES = FileSubject(
    kind=SUBJECT,
    title=PAPER_TITLES[SUBJECT],
    find=_seen_by,
    holder=lambda row: row.project,
    label=lambda row: _("{name}“{title}”的协议").format(name=row.body_name, title=row.project.title),
    address=lambda row: reverse("funding:agreement", args=[row.project_id]),
    papers=lambda row: "",
    chain=lambda row: limits.chain(row.project.round),
)
