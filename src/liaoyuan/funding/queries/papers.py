"""Files of an application: who finds it, which attachments it lacks, what an expert is told, the stamped scans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.models import Attachment
from liaoyuan.core.models.files import AttachmentQuerySet
from liaoyuan.core.queries import files
from liaoyuan.core.queries.files import Line, Place
from liaoyuan.core.registries import FileSubject
from liaoyuan.funding.models import Project, Reading, Revision
from liaoyuan.funding.params.archive_papers import CHECKLIST
from liaoyuan.funding.params.papers import PAPERS_KEY, SCAN, SUBJECT
from liaoyuan.funding.queries import contents, limits
from liaoyuan.funding.queries.former import FUNDED
from liaoyuan.kit.files.texts import READABLE

_WITH = ("round__programme__area", "organization", "sponsor", "area")


def find(user: Any, key: str) -> Project | None:
    """The project, if the user sees it. An expert reads its attachments at his desk, never here."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return Project.objects.select_related(*_WITH).visible_to(user).filter(pk=int(key)).first()


def _archived(project: Project) -> bool:
    """From the award on the papers of the archive are collected, before it those of the application."""
    return project.state in FUNDED


PROJECT_FILES = FileSubject(
    kind=SUBJECT,
    title="申报项目",
    find=find,
    holder=lambda project: project,
    label=lambda project: project.title,
    address=lambda project: reverse(
        "funding:project_archive" if _archived(project) else "funding:project_files", args=[project.pk]
    ),
    papers=lambda project: CHECKLIST if _archived(project) else PAPERS_KEY,
    chain=lambda project: limits.chain(project.round),
)


def wanted(project: Project, on: date) -> list[str]:
    """The attachments that the round's place or programme asks for."""
    return list(policy.limits(on, limits.chain(project.round)).get(PAPERS_KEY) or [])


def place(user: Any, project: Project) -> Place:
    """The project as a place of files, as the user sees it."""
    return Place(PROJECT_FILES, project, user)


def lines(user: Any, project: Project, on: date) -> list[Line]:
    """The checklist of the project's attachments."""
    return files.checklist(place(user, project), wanted(project, on), on)


@dataclass(frozen=True, slots=True)
class Told:
    """An attachment as an expert is told of it; with `row` he may read it: the file, or its words without names."""

    label: str
    given: bool
    row: Attachment | None = None


def for_reader(reading: Reading, on: date) -> list[Told]:
    """The attachments of what an expert reads, in an order that he may number. While names are hidden no name of a file
    is told, and only those are read whose words can be shown without names.
    """
    project = Project.objects.select_related(*_WITH).get(pk=reading.project_id)
    names = wanted(project, on)
    rows = list(of_projects([project.pk]).order_by("pk"))
    if reading.stage.blind:
        return _blindly(rows, names)
    given = {row.paper for row in rows}
    missing = [Told(_(name), False) for name in names if name not in given]
    return [Told(f"{_(row.paper)}：{row.name}", True, row) for row in rows] + missing


def _blindly(rows: list[Attachment], names: list[str]) -> list[Told]:
    """The wanted papers in their order, what else was given behind them, each by its number alone."""
    found: list[Told] = []
    for name in names:
        own = [row for row in rows if row.paper == name]
        found += [Told(_(name), True, _legible(row)) for row in own] or [Told(_(name), False)]
    others = [row for row in rows if row.paper not in names]
    return found + [Told(_("其他附件 {n}").format(n=n), True, _legible(row)) for n, row in enumerate(others, 1)]


def _legible(row: Attachment) -> Attachment | None:
    return row if row.file.kind in READABLE else None


def of_projects(projects: Iterable[int]) -> AttachmentQuerySet:
    """The living attachments of applications but for the stamped scans."""
    keys = [str(key) for key in projects]
    rows = Attachment.objects.living().filter(subject_kind=SUBJECT, subject_id__in=keys)
    return rows.exclude(purpose=SCAN.code).select_related("file")


@dataclass(frozen=True, slots=True)
class Scan:
    """A stamped scan: whether the version that it carries is still the present one."""

    row: Attachment
    code: str
    holds: bool


def code_of(project: Project) -> str:
    """The code of what stands in the application now."""
    return contents.version_code(contents.content(contents.whole(project)))


def scans(project: Project) -> list[Scan]:
    """The stamped scans, the latest first."""
    now = code_of(project)
    rows = Attachment.objects.living().of(SUBJECT, project.pk).filter(purpose=SCAN.code).order_by("-pk")
    return [Scan(row, row.note, row.note == now) for row in rows]


def version_of(project: Project, code: str) -> int | None:
    """The number of the kept version with the code; None when there is none."""
    return Revision.objects.filter(project=project, code=code).values_list("number", flat=True).first()
