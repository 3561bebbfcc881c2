"""A list cut by its keys: wide rows are neither sorted nor carried past; only those of the page are read whole."""

from typing import Any

from django.db.models import QuerySet


class Narrow:
    """An ordered QuerySet as a pager wants it. What it annotates is reckoned for the rows of the page alone, but for
    what it filters or sorts by.
    """

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.ordered = rows.ordered

    def count(self) -> int:
        """How many rows there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Any]:
        """The rows of a slice with plain bounds, in their order."""
        keys = list(self.rows.values_list("pk", flat=True)[part])
        found = {row.pk: row for row in self.rows.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]
