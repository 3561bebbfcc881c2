"""Keeping the runs of characters by which an application is found as a double."""

from liaoyuan.funding.models import Project, TextMark
from liaoyuan.funding.queries import doubles


def mark(row: Project) -> None:
    """Keep the runs of an application that was handed in, in place of those of an earlier version."""
    TextMark.objects.filter(project=row).delete()
    TextMark.objects.bulk_create(TextMark(project=row, mark=number) for number in doubles.marks(row))
