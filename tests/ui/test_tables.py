"""Lists: whatever the address says, there is an answer; pages together hold every row once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from math import ceil

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from liaoyuan.ui.pager import PER_PAGE, Query, paginate, whole_number
from liaoyuan.ui.tables import Column, TableState, link_to, write_rows

COLUMNS = (
    Column("name", "名称", sortable=True, fixed=True),
    Column("on", "日期", kind="date", sortable="registered_on"),
    Column("fen", "金额", kind="wan", sortable=("fen", "name")),
    Column("note", "备注", default=False),
)


def state(query: str = "", **options) -> TableState:
    return TableState.from_request(RequestFactory().get("/x/" + query), COLUMNS, **options)


class Rows:
    """A provider that is no list: a total and slices."""

    def __init__(self, n: int) -> None:
        self.n = n

    def count(self) -> int:
        return self.n

    def __getitem__(self, part: slice):
        return range(self.n)[part]


@given(total=st.integers(0, 700), per=st.sampled_from(PER_PAGE), as_list=st.booleans())
def test_pages_together_hold_every_row_once(total, per, as_list):
    provider = list(range(total)) if as_list else Rows(total)
    query = Query(RequestFactory().get("/"))
    first = paginate(provider, query, 1, per)
    assert first.pages == max(1, ceil(total / per))
    seen = []
    for number in range(1, first.pages + 1):
        page = paginate(provider, query, number, per)
        assert page.total == total
        assert page.items == list(range(total))[page.first - 1 if total else 0 : page.last]
        seen += page.items
    assert seen == list(range(total))


@given(number=st.integers(-5, 10**12), total=st.integers(0, 5000))
def test_a_page_past_the_end_is_the_last(number, total):
    page = paginate(Rows(total), Query(RequestFactory().get("/")), number, 20)
    assert 1 <= page.number <= page.pages
    assert bool(page.items) == bool(total)


@given(pages=st.integers(1, 60), number=st.integers(1, 60))
def test_links_lead_to_the_ends_and_the_neighbours(pages, number):
    number = min(number, pages)
    links = paginate(Rows(pages * 20), Query(RequestFactory().get("/")), number, 20).links
    numbers = [n for n in links if n]
    assert numbers == sorted(set(numbers))
    assert {1, pages, number} <= set(numbers) <= set(range(1, pages + 1))
    assert len(links) <= 9
    for left, right in pairwise(links):
        assert left == 0 or right == 0 or right == left + 1
    for place, n in enumerate(links):
        assert n or links[place + 1] - links[place - 1] > 2  # a gap hides at least two pages


def test_an_unordered_queryset_is_refused():
    class Unordered(Rows):
        ordered = False

    with pytest.raises(ValueError, match="order"):
        paginate(Unordered(3), Query(RequestFactory().get("/")), 1, 20)


@given(
    st.dictionaries(
        st.sampled_from(["page", "per", "sort", "cols", "q", "x"]),
        st.lists(
            st.one_of(st.text(max_size=12), st.sampled_from(["1", "-2", "name", "-name", "on", "9" * 400, "²", "１"])),
            max_size=3,
        ),
        max_size=6,
    )
)
def test_whatever_the_address_says_there_is_an_answer(said):
    query = QueryDict(mutable=True)
    for name, values in said.items():
        query.setlist(name, values)
    request = RequestFactory().get("/x/")
    request.GET = query
    found = TableState.from_request(request, COLUMNS, default_sort="-on")
    assert found.per_page in PER_PAGE
    assert found.sort in {"name", "on", "fen"}
    assert found.order_by()[-1] == "pk"
    assert found.shown
    assert COLUMNS[0] in found.shown
    table = found.table([{"name": "甲", "on": date(2026, 1, 2), "fen": 1, "note": None, "pk": 1}], row_id="pk")
    assert len(table.rows) == 1
    assert all(head.href.startswith("?") for head in table.heads if head.href)


def test_the_address_decides():
    found = state("?sort=-fen&page=3&per=50&cols=note&cols=on")
    assert [c.key for c in found.shown] == ["name", "on", "note"]  # declared order, fixed ones stay
    assert (found.sort, found.descending, found.page, found.per_page) == ("fen", True, 3, 50)
    assert found.order_by() == ["-fen", "-name", "pk"]
    assert [c.key for c in state().shown] == ["name", "on", "fen"]
    assert state("?sort=note", default_sort="on").order_by("code") == ["registered_on", "code"]
    assert state("?sort=--name").order_by() == ["pk"]


def test_a_click_sorts_then_turns_and_keeps_the_rest():
    heads = {h.title: h for h in state("?q=a&sort=name&page=4").table([]).heads}
    assert heads["名称"].sorted == "ascending"
    assert heads["名称"].href == "?q=a&sort=-name"
    assert heads["日期"].href == "?q=a&sort=on"
    assert {h.title: h for h in state("?sort=-name").table([]).heads}["名称"].href == "?sort=name"


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(max_size=5)), max_size=6), st.text(max_size=5))
def test_query_keeps_what_it_does_not_change(pairs, value):
    request = RequestFactory().get("/")
    request.GET = QueryDict(mutable=True)
    for name, one in pairs:
        request.GET.appendlist(name, one)
    query = Query(request)
    again = QueryDict(query(z=value)[1:])
    assert again.getlist("z") == ([value] if value else [])
    for name, values in request.GET.lists():
        if name not in ("z", "page"):
            assert again.getlist(name) == values
    assert "page" not in QueryDict(query(a=1)[1:])
    assert QueryDict(query(page=2)[1:])["page"] == "2"


def test_query_takes_lists_and_takes_away():
    query = Query(RequestFactory().get("/?a=1&a=2&b=3&page=2"))
    assert query(a=None) == "?b=3"
    assert query(b=["x", "", "y"]) == "?a=1&a=2&b=x&b=y"
    assert query.hidden("b") == [("a", "1"), ("a", "2")]
    assert Query(RequestFactory().get("/?a=1"))(a=None) == "?"


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("0", 0), ("-1", 5), ("", 5), (None, 5), ("1e3", 5), ("９", 5), ("9" * 10, 5)]
)
def test_whole_number(text, number):
    assert whole_number(text, 5) == number


@dataclass
class Thing:
    pk: int
    name: str | None
    value: object = None
    inner: "Thing | None" = None


def cells(value: object, kind: str) -> str:
    return str(write_rows([Thing(1, "甲", value)], (Column("name", "名"), Column("value", "值", kind=kind)))[0].cells)


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("text", "<b>", "&lt;b&gt;"),
        ("text", None, ""),
        ("text", 0, "0"),
        ("text", "a\x1fb", "a\x1fb"),
        ("number", 1572, "1,572"),
        ("wan", 3_500_000, "3.5"),
        ("yuan", 123_456, "1,234.56"),
        ("date", date(2018, 10, 26), "2018-10-26"),
        ("date", datetime(2018, 10, 25, 16, 30, tzinfo=UTC), "2018-10-26"),
        ("datetime", datetime(2018, 10, 25, 16, 30, tzinfo=UTC), "2018-10-26 00:30"),
        ("bool", True, "是"),
        ("bool", None, ""),
        ("markup", Markup("<i>x</i>"), "<i>x</i>"),
        ("markup", "<i>", "&lt;i&gt;"),
        ("verdict", None, ""),
    ],
)
def test_cells_are_written_and_escaped(kind, value, written):
    css = {"number": "num", "wan": "num", "yuan": "num", "date": "short", "datetime": "short"}.get(kind, "")
    css = f' class="{css}"' if css else ""
    assert cells(value, kind).endswith(f'<td{css} data-label="值">{written}</td>')


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_columns_are_escaped_like_single_texts(texts):
    """Escaping a column at once gives what escaping each cell gives, also with the joining character inside."""
    rows = write_rows([Thing(n, text) for n, text in enumerate(texts)], (Column("name", "名"),))
    for text, row in zip(texts, rows, strict=True):
        assert row.cells == Markup('<td class="sticky table-cards__title">{}</td>').format(text)
        assert row.label == text


def test_links_operations_and_deep_keys():
    things = [Thing(1, "甲&乙", inner=Thing(9, "里")), Thing(2, None, inner=Thing(8, "外"))]
    rows = write_rows(
        things,
        (Column("name", "名", link=lambda t: f"/x/?a=1&b={t.pk}" if t.name else None), Column("inner.name", "内")),
        ops=lambda t: [("看", "/1/"), ("改", "/2/")] if t.pk == 1 else [],
    )
    assert '<a href="/x/?a=1&amp;b=1">甲&amp;乙</a>' in rows[0].cells
    assert '<a href="/1/">看</a><a href="/2/">改</a>' in rows[0].cells
    assert 'data-label="内">里</td>' in rows[0].cells
    assert rows[1].cells.endswith('<td class="row-ops"></td>')
    assert "<a " not in rows[1].cells
    assert rows[1].item is things[1]


def test_link_to_looks_the_path_up_once():
    href = link_to("thing")
    assert [href(Thing(5, "")), href({"pk": 6})] == ["/things/5/edit/", "/things/6/edit/"]
    assert link_to("named", "name")(Thing(1, "BA-1")) == "/named/BA-1/"
