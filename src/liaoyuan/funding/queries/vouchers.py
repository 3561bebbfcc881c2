"""Files beside agreements: who finds one, where the way back leads."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import FileSubject
from liaoyuan.funding.models import Agreement
from liaoyuan.funding.queries import limits


def _find(user: Any, key: str) -> Agreement | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    rows = Agreement.objects.visible_to(user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor"
    )
    return rows.filter(pk=int(key)).first()


AGREEMENTS = FileSubject(
    kind="agreement", title="公益创投协议", find=_find, holder=lambda row: row,
    label=lambda row: _("{project}的协议").format(project=row.project.title),
    address=lambda row: reverse("funding:project_money", args=[row.project_id]), papers=lambda row: "",
    chain=lambda row: limits.chain(row.project.round),
)  # fmt: skip
