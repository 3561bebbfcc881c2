"""Lists: columns declared once, state in the address (sort, page, columns shown), cells written outside the template.

    COLUMNS = (Column("name", _("名称"), sortable=True, link=link_to("registry:organization_detail")), …)
    state = TableState.from_request(request, COLUMNS, default_sort="name")
    table = state.table(organizations.order_by(*state.order_by()))

Cells are formatted in Python: the template's loop then only prints, which is what a page of 50 rows spends its time on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from operator import attrgetter, itemgetter
from typing import Any, Literal, NamedTuple, Self

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from markupsafe import Markup, escape

from liaoyuan.ui import marks, texts
from liaoyuan.ui.pager import PER_PAGE, Page, Provider, Query, paginate, whole_number

#: The operations of a row as pairs of word and address.
type Ops = Callable[[Any], Sequence[tuple[str, str]]]
type Kind = Literal["text", "number", "yuan", "wan", "date", "datetime", "bool", "verdict", "markup", "short"]

_WRITERS: dict[str, Callable[[Any], object]] = {
    "text": lambda value: "" if value is None else value,
    "short": lambda value: "" if value is None else value,
    "number": texts.number,
    "yuan": texts.yuan,
    "wan": texts.wan,
    "date": texts.date_short,
    "datetime": texts.datetime_short,
    "bool": texts.yes_no,
    "verdict": lambda value: marks.verdict(*value) if value else "",  # value: (state, word)
    "markup": lambda value: "" if value is None else value,  # value: Markup; a str is escaped
}
_FIGURES = frozenset({"number", "yuan", "wan"})
#: Cells that stay on one line: days, codes.
_SHORT = frozenset({"date", "datetime", "short"})
_MARKED = frozenset({"verdict", "markup"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` names it in the address and is the row's attribute (dots go deeper) or its key in a mapping.

    `value` computes the cell instead; `link` gives the cell's address or None; `sortable` is True (sort by `key`) or
    the names to order by; `default` = shown until one chooses columns; `fixed` = always shown.
    """

    key: str
    title: str | Promise
    sortable: bool | str | tuple[str, ...] = False
    default: bool = True
    kind: Kind = "text"
    link: Callable[[Any], str | None] | None = None
    value: Callable[[Any], Any] | None = None
    fixed: bool = False

    @property
    def orders(self) -> tuple[str, ...]:
        """Names to order by, ascending; empty when the column cannot be sorted."""
        if self.sortable is True:
            return (self.key.replace(".", "__"),)
        if not self.sortable:
            return ()
        return (self.sortable,) if isinstance(self.sortable, str) else self.sortable


class Row(NamedTuple):
    """One line: its id for the selection, its name for the ear, its written cells, and the object it shows."""

    id: object
    label: str
    cells: Markup
    item: Any


class Head(NamedTuple):
    """One head cell; `href` sorts by the column (empty: cannot be sorted), `sorted` as `aria-sort` says it."""

    title: str
    css: str
    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Table:
    """What the macro `data_table` prints. `live` = links ask for the fragment (the page wraps it, see the gallery)."""

    state: "TableState"
    page: Page
    heads: list[Head]
    rows: list[Row]
    has_ops: bool = False
    live: bool = False


@dataclass(frozen=True, slots=True)
class TableState:
    """What the address says about a list. Unknown columns, sorts and pages fall back; nothing of it can fail."""

    columns: tuple[Column, ...]
    shown: tuple[Column, ...]
    sort: str
    descending: bool
    page: int
    per_page: int
    query: Query = field(repr=False)

    @classmethod
    def from_request(
        cls,
        request: HttpRequest,
        columns: Sequence[Column],
        *,
        default_sort: str = "",
        per_page: int = PER_PAGE[0],
    ) -> Self:
        """Read `sort` (`-key` = descending), `page`, `per` and `cols` (repeated). Columns stay in declared order."""
        asked = request.GET.get("sort", "")
        known = {c.key for c in columns if c.orders}
        sort = asked if asked.removeprefix("-") in known else default_sort
        chosen = {key for value in request.GET.getlist("cols") for key in value.split(",")}
        shown = tuple(c for c in columns if c.key in chosen)
        if not shown:
            shown = tuple(c for c in columns if c.default or c.fixed)
        else:
            shown = tuple(c for c in columns if c.key in chosen or c.fixed)
        size = whole_number(request.GET.get("per"), per_page)
        return cls(
            columns=tuple(columns),
            shown=shown,
            sort=sort.removeprefix("-"),
            descending=sort.startswith("-"),
            page=whole_number(request.GET.get("page"), 1),
            per_page=size if size in PER_PAGE else per_page,
            query=Query(request),
        )

    def order_by(self, tie: str = "pk") -> list[str]:
        """Names for `QuerySet.order_by`, ending with `tie`, so that equal rows keep their places between pages."""
        column = next((c for c in self.columns if c.key == self.sort), None)
        names = [*column.orders] if column else []
        if self.descending:
            names = [name[1:] if name.startswith("-") else f"-{name}" for name in names]
        return [*names, tie]

    def page_of(self, provider: Provider | Sequence[Any]) -> Page:
        """The asked page of the provider."""
        return paginate(provider, self.query, self.page, self.per_page)

    def table(
        self,
        provider: Provider | Sequence[Any] | Page,
        *,
        row_id: Callable[[Any], object] | str = "pk",
        ops: Ops | None = None,
        live: bool = False,
    ) -> Table:
        """Cut the page out (unless a page is given) and write its cells."""
        page = provider if isinstance(provider, Page) else self.page_of(provider)
        rows = write_rows(page.items, self.shown, row_id=row_id, ops=ops)
        return Table(self, page, self.heads(), rows, has_ops=ops is not None, live=live)

    def heads(self) -> list[Head]:
        """Head cells; a click sorts ascending first, then turns."""
        found = []
        for column in self.shown:
            now = column.key == self.sort
            sorted_ = ("descending" if self.descending else "ascending") if now else ""
            href = self.query(sort=f"-{column.key}" if now and not self.descending else column.key)
            css = "num" if column.kind in _FIGURES else ""
            found.append(Head(str(column.title), css, href if column.orders else "", sorted_))
        return found

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column with whether it is shown, for the chooser."""
        keys = {c.key for c in self.shown}
        return [(c, c.key in keys) for c in self.columns]


def write_rows(
    items: Sequence[Any],
    columns: Sequence[Column],
    *,
    row_id: Callable[[Any], object] | str = "pk",
    ops: Ops | None = None,
) -> list[Row]:
    """Write the cells of some rows. For short tables without a state of their own too.

    Column by column, so that what does not change from row to row is looked up once.
    """
    if not items:
        return []
    identify = row_id if callable(row_id) else _getter(row_id, items[0])
    names = _texts(columns[0], items)
    written = [
        _column(column, items, names if place == 0 else _texts(column, items), first=place == 0)
        for place, column in enumerate(columns)
    ]
    if ops is not None:
        written.append(_operations([ops(item) for item in items]))
    return [
        Row(identify(item), unescape(name), Markup("".join(cells)), item)  # noqa: S704 - each cell is escaped
        for item, name, cells in zip(items, names, zip(*written, strict=True), strict=True)
    ]


def _texts(column: Column, items: Sequence[Any]) -> list[str]:
    """What the cells of one column say, escaped."""
    read, write = column.value or _getter(column.key, items[0]), _WRITERS[column.kind]
    if column.kind in _MARKED:
        return [str(escape(write(read(item)))) for item in items]
    return _escaped([str(write(read(item))) for item in items])


def _column(column: Column, items: Sequence[Any], texts_: list[str], *, first: bool) -> list[str]:
    """All cells of one column."""
    css = "num" if column.kind in _FIGURES else "short" if column.kind in _SHORT else ""
    css = "sticky table-cards__title" if first else css
    told = {"class": css, "data-label": "" if first else str(column.title)}
    start = f"<td{marks.attributes({name: value for name, value in told.items() if value})}>"
    if column.link is None:
        return [f"{start}{text}</td>" for text in texts_]
    hrefs = _escaped([column.link(item) or "" for item in items])
    return [
        f'{start}<a href="{href}">{text}</a></td>' if href and text else f"{start}{text}</td>"
        for href, text in zip(hrefs, texts_, strict=True)
    ]


def _operations(rows: list[Sequence[tuple[str, str]]]) -> list[str]:
    """The last cell of each row: its links."""
    parts = iter(_escaped([str(part) for links in rows for pair in links for part in pair]))
    cells = []
    for links in rows:
        anchors = []
        for _pair in links:
            word, href = next(parts), next(parts)
            anchors.append(f'<a href="{href}">{word}</a>')
        cells.append(f'<td class="row-ops">{"".join(anchors)}</td>')
    return cells


def _escaped(values: list[str]) -> list[str]:
    """Escape many texts at the price of one: joined by a character that no text has (else one by one)."""
    found = str.split(escape("\x1f".join(values)), "\x1f")
    return found if len(found) == len(values) else [str(escape(value)) for value in values]


def _getter(key: str, item: Any) -> Callable[[Any], Any]:
    return itemgetter(key) if isinstance(item, Mapping) else attrgetter(key)


_PLACE = 918273645


def link_to(url_name: str, key: str = "pk") -> Callable[[Any], str]:
    """Addresses of rows for `Column.link`: the path is looked up once per process, not once per row.

    For paths with exactly one argument, a number or text (`<int:pk>`, `<str:code>`).
    """
    pattern: list[str] = []

    def href(item: Any) -> str:
        if not pattern:
            pattern.extend(reverse(url_name, args=[_PLACE]).split(str(_PLACE)))
        value = item[key] if isinstance(item, Mapping) else attrgetter(key)(item)
        return f"{pattern[0]}{value}{pattern[1]}"

    return href
