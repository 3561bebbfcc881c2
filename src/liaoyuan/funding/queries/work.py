"""Records of work as pages show them: their content, photos, the same photo elsewhere."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import Attachment
from liaoyuan.funding.models import Expense, Project, WorkRecord
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.funding.rules.running import last_of
from liaoyuan.kit.findings import Finding

#: The kind under which photos are attached to a record.
SUBJECT = "workrecord"
#: So many vouchers are offered to be linked.
OFFERED = 30


def of(project: Project, month: date | None = None) -> QuerySet[WorkRecord]:
    """The records of a project, those taken back too; of one month where one is given."""
    rows = WorkRecord.objects.filter(project=project).select_related("step", "pledge", "entered_by")
    if month is not None:
        rows = rows.filter(held_on__gte=month, held_on__lte=last_of(month))
    return rows.prefetch_related("contributions__indicator").order_by("-held_on", "-pk")


def last_place(project: Project) -> str:
    """Where the project worked last; before its first record the place of its agreement."""
    last = WorkRecord.objects.living().filter(project=project).order_by("-held_on", "-pk").first()
    if last is not None:
        return last.place
    agreement = project.agreements.living().first()
    return agreement.places[0] if agreement is not None and agreement.places else ""


def content(record: WorkRecord) -> dict[str, Any]:
    """What a record says, as plain JSON."""
    return {
        "held_on": record.held_on.isoformat(), "place": record.place, "title": record.title, "content": record.content,
        "served": record.served, "persons": record.persons, "volunteers": record.volunteers, "step": record.step_id,
        "pledge": record.pledge_id,
        "counts": {str(one.indicator_id): one.count for one in record.contributions.all()},
        "vouchers": [one.expense_id for one in record.vouchers.all()],
    }  # fmt: skip


def vouchers(project: Project, chosen: Iterable[int] = ()) -> list[Expense]:
    """The latest vouchers of a project, and those that are chosen already."""
    rows = Expense.objects.filter(agreement__project=project, voided_at__isnull=True).order_by("-spent_on", "-pk")
    found = list(rows[:OFFERED])
    shown = {row.pk for row in found}
    return found + [row for row in rows.filter(pk__in=[key for key in chosen if key not in shown])]


def photos(records: Iterable[int]) -> dict[int, list[Attachment]]:
    """The living photos of records by key."""
    rows = Attachment.objects.living().filter(
        subject_kind=SUBJECT, subject_id__in=[str(key) for key in records], file__width__isnull=False
    )
    found: dict[int, list[Attachment]] = {}
    for row in rows.select_related("file").order_by("pk"):
        found.setdefault(int(row.subject_id), []).append(row)
    return found


def same_photos(records: Iterable[WorkRecord], *, every: bool) -> dict[int, tuple[str, ...]]:
    """By record which other ones use one of its photos. Another body's is named only to who sees all (`every`)."""
    own = {row.pk: row for row in records}
    mine = photos(own)
    files = {photo.file.sha256 for rows in mine.values() for photo in rows}
    if not files:
        return {}
    rows = Attachment.objects.living().filter(subject_kind=SUBJECT, file__sha256__in=files).select_related("file")
    uses = [(row.file.sha256, int(row.subject_id)) for row in rows.order_by("pk")]
    others = WorkRecord.objects.filter(pk__in={key for _file, key in uses}).select_related("project")
    by = {row.pk: row for row in others}
    found: dict[int, tuple[str, ...]] = {}
    for pk, photos_ in mine.items():
        there = {photo.file.sha256 for photo in photos_}
        named = [
            _name(own[pk], by[key], every=every) for file, key in uses if file in there and key != pk and key in by
        ]
        if named:
            found[pk] = tuple(dict.fromkeys(named))
    return found


def _name(own: WorkRecord, other: WorkRecord, *, every: bool) -> str:
    if not every and other.project.organization_id != own.project.organization_id:
        return _("另一个组织的项目")
    told = f"{other.title}（{other.held_on.isoformat()}）"
    return told if other.project_id == own.project_id else f"{other.project.title}：{told}"


def findings(project: Project, same: tuple[str, ...], on: date) -> list[Finding]:
    """GV-EXE-03: what the rules say of photos that were used twice."""
    read = ProjectFacts(same_photos=same)
    return list(policy.evaluate(Moment.PROJECT_PHOTO, read, limits.limits_of(project.round), on)) if same else []
