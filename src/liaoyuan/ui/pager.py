"""Pages of a list with exact totals, and the query string they stand in: a list is wholly described by its address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from django.http import HttpRequest

PER_PAGE = (20, 50, 100)
_AROUND = 2  # neighbours of the present page that get a link


class Provider(Protocol):
    """Anything with a total and slices: a QuerySet, a list of hits."""

    def count(self) -> int:
        """How many rows there are."""

    def __getitem__(self, part: slice) -> Iterable[Any]: ...


class Query:
    """The present query string. `query(sort="-name", q=None)` is a link with changes; any change leads to page 1."""

    __slots__ = ("_written", "pairs")

    def __init__(self, request: HttpRequest) -> None:
        self.pairs = [(name, value) for name, values in request.GET.lists() for value in values]
        self._written = [(name, urlencode([(name, value)])) for name, value in self.pairs if name != "page"]

    def __call__(self, **changes: Any) -> str:
        """`?a=1&b=2` with the changes: None or an empty value takes a name out, a list gives it several values."""
        kept = [written for name, written in self._written if name not in changes]
        for name, value in changes.items():
            many = value if isinstance(value, list | tuple) else [value]
            kept += [urlencode([(name, str(one))]) for one in many if one is not None and one != ""]
        return "?" + "&".join(kept)

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The pairs a GET form has to carry on as hidden inputs, except the names that it asks itself, and the page."""
        return [pair for pair in self.pairs if pair[0] not in without and pair[0] != "page"]


@dataclass(frozen=True, slots=True)
class Page[T]:
    """The rows of one page and where it stands: numbers from 1, totals exact."""

    items: list[T]
    total: int
    number: int
    pages: int
    per_page: int
    query: Query

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 when there is none."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return min(self.number * self.per_page, self.total)

    @property
    def links(self) -> list[int]:
        """Page numbers to link: the first, the last, the neighbours; 0 stands for a gap."""
        near = range(self.number - _AROUND, self.number + _AROUND + 1)
        wanted = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        found: list[int] = []
        for n in wanted:
            if found and n - found[-1] == 2:
                found.append(n - 1)  # a gap of one page is that page
            elif found and n - found[-1] > 2:
                found.append(0)
            found.append(n)
        return found

    def href(self, number: int) -> str:
        """Address of another page of the same list."""
        return self.query(page=number if number > 1 else None)


def whole_number(text: str | None, default: int) -> int:
    """A number of the address: 1 to 9 digits, else `default`."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else default


def paginate[T](provider: Provider | Sequence[T], query: Query, number: int, per_page: int) -> Page[T]:
    """Cut one page out; a number past the end gives the last page. A QuerySet without an order is refused."""
    if getattr(provider, "ordered", True) is False:
        msg = "a list without an order shows rows twice or never: order the QuerySet"
        raise ValueError(msg)
    total = len(provider) if isinstance(provider, Sequence) else provider.count()
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    start = (number - 1) * per_page
    items = list(provider[start : start + per_page]) if total else []
    return Page(items, total, number, pages, per_page, query)
