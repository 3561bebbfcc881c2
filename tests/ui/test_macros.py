"""Each macro in its usual, empty and wrong state; what is given is escaped, what is missing is an error."""

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from jinja2 import UndefinedError

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.ui import samples
from liaoyuan.ui.charts import Chart
from liaoyuan.ui.forms import Chip, Problem, describe
from liaoyuan.ui.pages import render as render_page
from liaoyuan.ui.tables import Column, TableState
from tests.ui.pages import render, request

EVIL = "<script>alert(1)</script>\"'&"
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "use", "path"}


class Shape(HTMLParser):
    """Tags properly nested, ids unique, labels and references leading somewhere."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        assert len(named) == len(attrs), f"an attribute twice: {attrs}"
        self.tags.append((tag, named))
        if named.get("id"):
            self.ids.append(named["id"])
        for name in ("for", "aria-describedby", "aria-controls"):
            self.wanted |= set((named.get(name) or "").split())
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open, f"</{tag}> without a start"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def whole_gallery(path: str = "/ui/gallery/", **options) -> Shape:
    asked = request(path, **options)
    return Shape(render_page(asked, "ui/gallery.html", samples.gallery(asked)).content.decode())


def test_gallery_is_well_formed_and_refers_to_what_is_there():
    page = whole_gallery()
    assert len(page.ids) == len(set(page.ids))
    assert page.wanted <= set(page.ids)
    assert not [attrs for _tag, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize(
    "path", ["?street=蠡园街道&since=2020-01-01", "?q=没有这家", "?q=%3Cscript%3E", "?page=99&per=7&sort=x"]
)
def test_gallery_in_other_states(path):
    page = whole_gallery("/ui/gallery/" + path)
    assert page.wanted <= set(page.ids)
    assert ("没有符合条件的组织" in page.text) == path.startswith("?q")


def test_every_control_has_a_name_for_the_ear():
    page = whole_gallery()
    labelled = {attrs.get("for") for attrs in page.named("label")}
    html = render_page(asked := request(), "ui/gallery.html", samples.gallery(asked)).content.decode()
    inside = {
        found
        for label in re.findall(r"<label\b.*?</label>", html, re.S)
        for found in re.findall(r'name="([^"]+)"', label)
    }
    for tag in ("input", "select", "textarea"):
        for attrs in page.named(tag):
            if attrs.get("type") != "hidden":
                assert attrs.get("aria-label") or attrs.get("id") in labelled or attrs.get("name") in inside, attrs


def test_an_undefined_variable_fails():
    for source in ("{{ nobody }}", "{% if nobody %}{% endif %}", "{% for x in nobody %}{% endfor %}", "{{ a.b }}"):
        with pytest.raises(UndefinedError):
            render(source, a={})


def test_what_is_given_is_escaped_by_every_macro():
    finding = Finding("X", Severity.WARN, "坏{what}", "f", args={"what": EVIL}, params_used={EVIL: EVIL}, source=EVIL)

    class Wrong(forms.Form):
        f = forms.CharField(label=EVIL, help_text=EVIL)
        c = forms.ChoiceField(label=EVIL, choices=[(EVIL, EVIL)])
        t = forms.CharField(label=EVIL, widget=forms.Textarea)
        r = forms.ChoiceField(label=EVIL, choices=[(EVIL, EVIL)], widget=forms.RadioSelect)

    fields = describe(Wrong({"f": EVIL, "c": EVIL + "x", "t": EVIL}), [finding], rules={"f": EVIL})
    columns = (
        Column("a", EVIL, sortable=True, link=lambda row: EVIL),
        Column("b", EVIL),
        Column("v", EVIL, kind="verdict"),
    )
    state = TableState.from_request(request("/?x=" + "%22%3E%3Cscript%3E"), columns)
    table = state.table(
        [{"a": EVIL, "b": EVIL, "v": ("ok", EVIL), "pk": EVIL}], row_id="pk", ops=lambda row: [(EVIL, EVIL)]
    )
    chart = Chart("bar", EVIL, [EVIL], {EVIL: [1]}, unit=EVIL, axis=EVIL, links=[EVIL])
    item = {"on": date(2026, 1, 2), "what": EVIL, "who": EVIL, "href": EVIL, "kind": "", "recorded": None}
    node = {"name": EVIL, "href": EVIL, "current": True, "count": 1, "open": True, "children": []}
    html = render(
        """{% call ui.page_head(e, e) %}{{ ui.button(e, e, "x", attrs={"data-confirm": e}) }}{% endcall %}
        {{ ui.button(e) }}
        {{ ui.empty(e, e) }}{% call ui.panel(e, id="p", href=e, href_text=e) %}{% endcall %}{{ ui.panel(e, lazy=e) }}
        {{ ui.tabs([(e, e, true, 1)], e) }}{{ ui.confirm_form("", e, e, question=e, word=e) }}
        {{ ui.query_form([fields.f], more=[fields.c], saved=[(e, e, true)], chips=[chip], hidden=[(e, e)],
        live=e, action=e) }}
        {% call ui.data_table(table, e, "", e, matching=true) %}{{ e }}{% endcall %}
        {{ ui.pager(table) }}{{ ui.column_chooser(table) }}
        {{ ui.area_tree([{"name": e, "href": e, "current": false, "count": none, "open": false,
        "children": [node]}], e) }}
        {% for f in fields.values() %}{{ ui.field(f, check=e) }}{% endfor %}{{ ui.error_summary([problem]) }}
        {{ ui.upload("", e, fields.f, 1, e, e) }}{{ ui.progress(e, e) }}{{ ui.findings([finding]) }}
        {{ ui.facts([(e, e, e)]) }}
        {{ ui.timeline([item]) }}{{ ui.masked(e, "", e, e) }}{{ ui.as_of(day, none, [(e, e)], e) }}{{ ui.chart(chart) }}
        {{ ui.stat_cards([(e, e, e, e, e)]) }}{{ verdict("ok", e) }}{{ diff(e, e ~ "2") }}
        {{ _("共 %(n)s 条", n=e) }}{{ e|dash }}""",
        e=EVIL, fields=fields, table=table, chart=chart, item=item, node=node, finding=finding,
        chip=Chip(EVIL, EVIL), problem=Problem(EVIL, EVIL), day=date(2026, 1, 2),
    )  # fmt: skip
    assert "<script" not in html
    page = Shape(html)
    assert page.text.count(EVIL) > 40
    assert {name for _tag, attrs in page.tags for name in attrs if re.search(r"[\"'<>&]", name)} == set()
    assert json.loads(next(a["data-chart"] for a in page.named("div") if "data-chart" in a))["categories"] == [EVIL]


def test_findings_say_word_source_and_value():
    html = render(
        "{{ ui.findings(list) }}",
        list=[
            Finding(
                "PAY-01",
                Severity.BLOCK,
                "人员费占{share}%，超过50%",
                args={"share": 51},
                params_used={"cap": 50},
                source="第九条",
            ),
            Finding("N-02", Severity.INFO, "可以先备案"),
        ],
    )
    page = Shape(html)
    assert "人员费占51%，超过50%" in page.text
    assert "第九条 · cap 50 · PAY-01" in page.text
    assert "禁止" in page.text
    assert "说明" in page.text
    assert "N-02" not in page.text  # nothing to cite


def test_figures_of_findings_are_told_in_the_words_of_their_floor():
    html = render(
        "{{ ui.findings(list) }}",
        list=[
            Finding("GV-EXE-02", Severity.WARN, "须批准", params_used={"gv.adjust.kinds": ["leader", "period"]}),
            Finding("FIL-02", Severity.WARN, "人数不够", params_used={"filing.members_min": 5}),
        ],
    )  # fmt: skip
    page = Shape(html)
    assert "须批准的变更 项目负责人、实施期限 · GV-EXE-02" in page.text
    assert "filing.members_min" not in page.text and "leader" not in page.text and " 5 · FIL-02" in page.text


@pytest.mark.parametrize(
    ("state", "total", "wanted"),
    [
        ("running", None, {"hx-get", "hx-trigger"}),
        ("running", 10, {"hx-get"}),
        ("done", 10, set()),
        ("failed", None, set()),
    ],
)
def test_progress_asks_again_only_while_it_runs(state, total, wanted):
    page = Shape(render("{{ ui.progress('/job/1/', 'x', 3, total, state) }}", state=state, total=total))
    box = page.named("div")[0]
    assert wanted <= set(box)
    assert ("hx-trigger" in box) == (state == "running")
    bar = page.named("progress")[0]
    assert ("value" in bar) == (not (state == "running" and total is None))


def test_confirm_form_is_a_post_with_the_token():
    page = Shape(
        render("{{ ui.confirm_form(t, '/x/', '注销', question='确定？', word='注销') }}", t="CSRF"),
    )
    form = page.named("form")[0]
    assert form["method"] == "post"
    assert form["data-confirm"] == "确定？"
    assert form["data-confirm-word"] == "注销"
    assert "CSRF" in page.text


def test_masked_offers_a_reason_only_when_it_may_be_shown():
    assert "<form" not in render("{{ ui.masked('138****1234') }}")
    assert "<form" not in render("{{ ui.masked('', '', '/reveal/') }}")
    page = Shape(render("{{ ui.masked('138****1234', '', '/reveal/', '电话') }}"))
    assert page.named("form")[0]["method"] == "post"
    assert "required" in next(a for a in page.named("input") if a.get("name") == "reason")


def test_as_of_is_marked_when_it_is_not_today():
    today, past = date(2026, 10, 26), date(2025, 12, 31)
    assert "2025年12月31日" in render("{{ ui.as_of(a, b, [], '?') }}", a=past, b=today)
    assert "as-of--past" not in render("{{ ui.as_of(b, b, [], '?') }}", b=today)


def test_chart_has_the_same_figures_in_its_table():
    chart = Chart("line", "历年", ["2024", "2025"], {"登记": [1572, None], "备案": [0, 3]}, unit="家", axis="年")
    page = Shape(render("{{ ui.chart(c) }}", c=chart))
    told = json.loads(next(a["data-chart"] for a in page.named("div") if "data-chart" in a))
    assert told == {"type": "line", "title": "历年", "categories": ["2024", "2025"], "unit": "家",
                    "series": [{"name": "登记", "data": [1572, None]}, {"name": "备案", "data": [0, 3]}]}  # fmt: skip
    assert re.findall(r"<td class=\"num\">(.*?)</td>", render("{{ ui.chart(c) }}", c=chart)) == ["1,572", "0", "—", "3"]


def test_chart_refuses_figures_that_do_not_fit():
    with pytest.raises(ValueError, match="figure"):
        Chart("bar", "x", ["a", "b"], {"s": [1]})
    with pytest.raises(ValueError, match="links"):
        Chart("bar", "x", ["a"], {"s": [1]}, links=["/1", "/2"])
    with pytest.raises(ValueError, match="no such chart"):
        Chart("radar", "x", [], {})  # type: ignore[arg-type]
