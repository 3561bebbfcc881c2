"""Files of a project: which project, who sees it, where one goes back to, which checklist holds."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from liaoyuan.core.registries import FileSubject
from liaoyuan.funding.models import Project
from liaoyuan.funding.params.papers import CHECKLIST
from liaoyuan.funding.queries import limits


def _find(user: Any, key: str) -> Project | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    rows = Project.objects.handed_in().visible_to(user)
    return rows.select_related("round__programme__area", "organization", "sponsor").filter(pk=int(key)).first()


def _chain(project: Project) -> Sequence[str]:
    return limits.chain(project.round)


SUBJECT = FileSubject(
    kind="project",
    title="公益创投项目",
    find=_find,
    holder=lambda project: project,
    label=str,
    address=lambda project: reverse("funding:project_archive", args=[project.pk]),
    papers=lambda project: CHECKLIST,
    chain=_chain,
)
