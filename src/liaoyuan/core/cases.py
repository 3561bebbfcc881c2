"""Files that hang on a case: who sees them, which papers the case needs. The acts stand in core.actions.cases."""

from typing import Any

from django.urls import reverse

from liaoyuan.core import policy
from liaoyuan.core.models import Case
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.registries import FileSubject


def _papers_key(case: Case) -> str:
    kind = queries.kind_of(case)
    return kind.materials(case) if kind.materials is not None else ""


def _seen_by(user: Any, key: str) -> Case | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    return queries.visible(user).select_related("area").filter(pk=int(key)).first()


#: Files that hang on a case.
FILES = FileSubject(
    kind=queries.SUBJECT,
    title="事项",
    find=_seen_by,
    holder=lambda case: case,
    label=lambda case: case.label,
    address=lambda case: reverse("core:case_detail", args=[case.pk]),
    papers=_papers_key,
    chain=lambda case: policy.chain(case.area.path),
    on_paper=queries.on_paper,
)
