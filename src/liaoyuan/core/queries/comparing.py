"""Reading comparisons: what a page shows of them, and the 回填清单 that goes back to the other system."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries
from liaoyuan.core.choices import CompareState, DifferenceOutcome, DifferenceSort
from liaoyuan.core.models import Area, Comparison, Difference
from liaoyuan.core.queries import batches
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.sheets import writing

STATE_TITLES = {
    "mapping": "待对应列",
    "reading": "正在比对",
    "done": "已比对",
    "failed": "读不了",
    "ended": "已到期清除",
}
SORT_TITLES = {"there": "只有对方有", "here": "只有我方有", "cell": "内容不同"}
OUTCOME_TITLES = {"theirs": "以对方为准", "ours": "以我方为准", "ask": "待核实"}
TAB_TITLES = {"": "未决定", "ask": "待核实", "decided": "已决定", "all": "全部"}
RETURN_MESSAGES = {
    "there": "我方没有这一家，请核对后注销或删除",
    "here": "对方没有这一家，请补登",
    "cell": "“{title}”：{there} 改为 {here}",
}


def visible(user: Any) -> QuerySet[Comparison]:
    """Comparisons of areas and kinds that the user may import."""
    allowed = Q(pk__in=[])
    for kind in registries.compare_kinds:
        reach = access.reach(user, registries.import_kinds[kind].permission)
        if reach.everything:
            allowed |= Q(kind=kind)
        for path in reach.paths:
            allowed |= Q(kind=kind, area__in=Area.objects.within(path))
    return Comparison.objects.filter(allowed).select_related("area", "created_by")


def kinds_for(user: Any) -> list[tuple[str, str]]:
    """Code and title of the kinds that the user may compare."""
    return [
        (k.kind, str(k.title)) for k in registries.compare_kinds.values()
        if access.has(user, registries.import_kinds[k.kind].permission)
    ]  # fmt: skip


def summaries(found: list[Comparison]) -> list[dict[str, Any]]:
    """Lines of the list: words, counts, and how many differences nobody has decided."""
    waiting = Counter(
        dict(
            Difference.objects.filter(comparison__in=found, decision=None).order_by()
            .values_list("comparison").annotate(Count("pk"))
        )
    )  # fmt: skip
    return [
        {
            "row": row,
            "kind": _(str(registries.compare_kinds[row.kind].title)),
            "state": _(STATE_TITLES[row.state]),
            "counts": [(_(SORT_TITLES[s]), int(row.counts.get(str(s), 0))) for s in DifferenceSort],
            "same": int(row.counts.get("same", 0)),
            "waiting": waiting[row.pk],
            "is_done": row.state == CompareState.DONE,
        }
        for row in found
    ]


def tab_of(rows: QuerySet[Difference], tab: str) -> QuerySet[Difference]:
    """The differences of one tab: undecided, to be asked, decided, all."""
    if tab == "ask":
        return rows.filter(decision__outcome=DifferenceOutcome.ASK)
    if tab == "decided":
        return rows.filter(decision__outcome__in=[DifferenceOutcome.THEIRS, DifferenceOutcome.OURS])
    return rows if tab == "all" else rows.filter(decision=None)


class Asked(NamedTuple):
    """What a list of differences asks: which tab, which sort, which field, which words."""

    tab: str = ""
    sort: str = ""
    field: str = ""
    text: str = ""


def matching(comparison: Comparison, asked: Asked) -> QuerySet[Difference]:
    """The differences that the list shows."""
    return tab_of(narrowed(comparison, asked.sort, asked.field, asked.text), asked.tab)


class Stamp(NamedTuple):
    """How many differences a list shows, how many of them are decided, and a text that changes with every decision."""

    total: int
    decided: int
    text: str


def stamp(rows: QuerySet[Difference]) -> Stamp:
    """The state of a list: decisions are never changed, only replaced by later ones."""
    told = rows.order_by().aggregate(
        n=Count("pk"), decided=Count("decision"), last=Max("decision"), top=Max("pk"), sum=Sum("decision")
    )
    text = "-".join(str(told[name] or 0) for name in ("n", "decided", "last", "top", "sum"))
    return Stamp(told["n"], told["decided"], text)


def tabs(rows: QuerySet[Difference], current: str, query: Any) -> list[tuple[str, str, bool, int]]:
    """Tabs of the result with counts, for the filter in force."""
    by = Counter(dict(rows.order_by().values_list("decision__outcome").annotate(Count("pk"))))
    counts = {
        "": by[None], "ask": by["ask"], "decided": by["theirs"] + by["ours"], "all": sum(by.values()),
    }  # fmt: skip
    return [(_(title), query(show=code), code == current, counts[code]) for code, title in TAB_TITLES.items()]


def narrowed(comparison: Comparison, sort: str, name: str, q: str) -> QuerySet[Difference]:
    """The differences of a comparison that fit the filter."""
    rows = comparison.differences.all()
    if sort in set(DifferenceSort):
        rows = rows.filter(sort=sort)
    if name:
        rows = rows.filter(field=name)
    if q:
        rows = rows.filter(Q(label__icontains=q) | Q(key__icontains=q))
    return rows.select_related("decision__decided_by").order_by("pk")


def fields_of(comparison: Comparison) -> list[tuple[str, str]]:
    """The fields in which something differs, with their titles."""
    names = comparison.differences.exclude(field="").order_by("field").values_list("field", flat=True).distinct()
    return [(name, title_of(comparison.kind, name)) for name in names]


def title_of(kind: str, name: str) -> str:
    """The title of a field; a year's result names its year."""
    base, _sign, year = name.partition(":")
    fields = registries.import_kinds[kind].fields
    if base == "annual":
        return _("{year}年{title}").format(year=year, title=_(str(fields.get("annual_results", base))))
    return _(str(fields.get(base, base)))


def mapping_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """The other system's columns, each with the field it is taken for."""
    return [{"label": label, "field": comparison.mapping.get(label, "")} for label in comparison.labels if label]


def choices_of(comparison: Comparison) -> list[tuple[str, str]]:
    """What a column may be taken for."""
    kind = registries.import_kinds[comparison.kind]
    told = [(name, _(str(title))) for name, title in kind.fields.items()]
    years = {name: title_of(kind.kind, name) for name in comparison.mapping.values() if ":" in name}
    return [*told, *years.items()]


def shown(rows: list[Difference], comparison: Comparison) -> list[dict[str, Any]]:
    """Differences for the page: words of both sides, sensitive ones masked, and what was decided."""
    session = session_of(comparison)
    subject = registries.searchables.get(registries.import_kinds[comparison.kind].subject_kind)
    return [
        {
            "row": row,
            "href": reverse(subject.url_name, args=[row.object_id]) if subject and row.object_id else "",
            "token": f"{row.pk}:{row.decision_id or 0}",
            "sort": _(SORT_TITLES[row.sort]),
            "title": title_of(comparison.kind, row.field) if row.field else "",
            "there": words(session, row.there) if row.sort == DifferenceSort.CELL else "",
            "here": words(session, row.here) if row.sort == DifferenceSort.CELL else "",
            "doubts": doubts_of(row),
            "decision": row.decision,
            "outcome": _(OUTCOME_TITLES[row.decision.outcome]) if row.decision else "",
        }
        for row in rows
    ]


def words(session: Any, values: dict[str, Any]) -> str:
    """The value of one side as a person reads it."""
    told = session.shown(values)
    return "、".join(session.words(name, value) for name, value in told.items()) or "（空）"


def session_of(comparison: Comparison) -> Any:
    """The import session that reads and shows values of this kind."""
    kind = registries.import_kinds[comparison.kind]
    return kind.session(
        area=comparison.area, as_of=comparison.as_of, at=comparison.created_at, unit=comparison.unit or None
    )


def doubts_of(row: Difference) -> list[Finding]:
    """What was doubtful when the other side's value was read."""
    return [
        Finding(code=f["code"], severity=Severity(f["severity"]), message="{told}", field=f["field"],
                args={"told": f["message"]}, params_used=f["params_used"], source=f["source"])
        for f in row.doubts
    ]  # fmt: skip


def decided(comparison: Comparison, outcome: str) -> list[Difference]:
    """The differences of a comparison that were decided so, in order."""
    return list(comparison.differences.filter(decision__outcome=outcome).order_by("object_id", "pk"))


def report(comparison: Comparison) -> dict[str, Any]:
    """The answer of the command line (design/cli.md): only what nobody has decided, and how many are the same."""
    session = session_of(comparison)
    told: dict[str, Any] = {"only_there": [], "only_here": [], "differing": []}
    rows = comparison.differences.filter(decision=None).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        if row.sort == DifferenceSort.CELL:
            there, here = (_plain(session.shown(side)) for side in (row.there, row.here))
            told["differing"].append({"key": row.key, "field": row.field, "there": there, "here": here})
        else:
            place = "only_there" if row.sort == DifferenceSort.THERE else "only_here"
            told[place].append({"key": row.key, "name": row.label})
    return {**told, "same": int(comparison.counts["same"])}


def _plain(values: dict[str, Any]) -> Any:
    return next(iter(values.values()), None) if len(values) < 2 else values


def write_returns(comparison: Comparison, path: Path) -> int:
    """The 回填清单: what our side was decided to be right about, in the other system's columns; returns the rows.

    A row holds who it is and the decided cells only, coloured, with the old value as a comment; a row the other system
    lacks is whole. Sensitive values stand masked, identity numbers not at all. The same decisions give the same bytes.
    """
    rows = decided(comparison, DifferenceOutcome.OURS)
    kind = registries.compare_kinds[comparison.kind]
    book = kind.book(area=comparison.area, as_of=comparison.as_of)
    book.load([row.object_id for row in rows if row.object_id])
    session = session_of(comparison)
    places = {name: i for i, label in enumerate(comparison.labels) if (name := comparison.mapping.get(label))}
    groups: dict[tuple[int | None, str], list[Difference]] = {}
    for row in rows:
        groups.setdefault((row.object_id, row.key), []).append(row)

    def produce() -> Iterator[writing.Returned]:
        for (pk, _key), group in groups.items():
            ours = dict(book.shown(pk)) if pk else session.shown(group[0].there)
            whole = group[0].sort != DifferenceSort.CELL
            names = list(places) if whole else [n for n in places if n in book.IDENTITY]
            cells: list[Any] = [None] * len(comparison.labels)
            for name in [*names, *(row.field for row in group if row.field in places)]:
                cells[places[name]] = kind.cell(name, ours, comparison.unit)
            told = [(places.get(row.field), _return_told(comparison, session, row)) for row in group]
            yield group[0].number or 0, cells, told

    return writing.return_xlsx(path, [comparison.labels], produce(), sheet=_("回填清单"), title=_("回填说明"))


def _return_told(comparison: Comparison, session: Any, row: Difference) -> str:
    told = _(RETURN_MESSAGES[row.sort]).format(
        title=title_of(comparison.kind, row.field),
        there=words(session, row.there), here=words(session, row.here),
    )  # fmt: skip
    return f"{told}（{row.decision.note}）" if row.decision and row.decision.note else told


def batch_of(comparison: Comparison) -> dict[str, Any] | None:
    """The latest import made of this comparison's decisions, for a line with a link."""
    if comparison.batch is None:
        return None
    return {"pk": comparison.batch.pk, "state": _(batches.STATE_TITLES[comparison.batch.state])}
