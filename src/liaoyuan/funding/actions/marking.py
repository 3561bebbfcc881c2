"""Keeping the runs of characters by which an application is found as a double."""

from liaoyuan.funding.models import Project, TextMark
from liaoyuan.funding.queries import doubles


def mark(row: Project, *, again: bool = True) -> None:
    """Keep the runs of an application that was handed in; when it is handed in `again` in place of the earlier ones."""
    if again:
        TextMark.objects.filter(project=row).delete()
    TextMark.objects.bulk_create(TextMark(project=row, mark=number) for number in doubles.marks(row))
