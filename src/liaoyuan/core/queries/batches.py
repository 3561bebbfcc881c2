"""Reading import batches: the report of the command line, the rows returned to the user."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries, vault
from liaoyuan.core.choices import Verdict
from liaoyuan.core.models import Area, ImportBatch, ImportRow
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.sheets import writing

RAW_PURPOSE = "import.raw"
_WRITTEN = {"create": "created", "update": "updated", "unchanged": "unchanged"}


def report(batch: ImportBatch) -> dict[str, Any]:
    """The report of design/cli.md: verdicts, what was or would be written, one line per data row."""
    return {**report_head(batch), "lines": list(lines(batch, session_of(batch)))}


def report_pieces(batch: ImportBatch, head: Mapping[str, Any]) -> Iterator[str]:
    """The report as JSON text, piece by piece: a large sheet does not fit into the memory."""
    text = json.dumps({**head, "lines": []}, ensure_ascii=False, indent=1)
    before, sign, after = text.rpartition("[]")
    mark = "["
    yield before
    for line in lines(batch, session_of(batch)):
        yield f"{mark}\n{indent(json.dumps(line, ensure_ascii=False, indent=1), '  ')}"
        mark = ","
    yield (sign if mark == "[" else "\n ]") + after


def causes(batch: ImportBatch) -> Counter[str]:
    """How often each finding stands at rows that were not simply accepted."""
    rows = batch.rows.filter(verdict__in=[Verdict.REVIEW, Verdict.REJECT]).order_by("number")
    told = rows.values_list("findings", flat=True).iterator(chunk_size=2000)
    return Counter(finding["code"] for findings in told for finding in findings)


def report_head(batch: ImportBatch) -> dict[str, Any]:
    """The report without its lines."""
    verdicts = {str(v): int(batch.counts.get(str(v), 0)) for v in Verdict}
    written = {title: int(batch.counts.get(f"accept:{action}", 0)) for action, title in _WRITTEN.items()}
    return {
        "kind": batch.kind,
        "file": batch.file_name,
        "sha256": batch.sha256,
        "encoding": batch.encoding or None,
        "sheet": batch.sheet or None,
        "header_rows": batch.header_rows,
        "mapping": batch.mapping,
        "rows": sum(verdicts.values()),
        "verdicts": verdicts,
        **written,
        "notes": batch.notes,
        "batch": str(batch.pk),
    }


def lines(batch: ImportBatch, session: Any) -> Iterator[dict[str, Any]]:
    """One line per row of the sheet, in order."""
    for row in batch.rows.order_by("number").iterator(chunk_size=2000):
        yield {
            "row": row.number,
            "verdict": row.verdict,
            "action": row.action or None,
            "key": row.key,
            "fields": session.shown(row.fields),
            "findings": row.findings,
        }


def write_errors(batch: ImportBatch, path: Path) -> int:
    """The rows that wait for somebody, in the layout of the user's own sheet; returns how many.

    Titles, header and columns stand as they stood; doubtful cells are coloured and carry their doubt as a comment, and
    a last column 错误说明 says all of it. Confirmed rows are left out. The workbook can be mended and uploaded again.
    """
    top = json.loads(vault.decrypt(batch.top, purpose=RAW_PURPOSE)) if batch.top else {"rows": [], "merged": []}
    if not top["rows"]:  # a batch of an earlier release: the names of the columns are all that is known
        top = {"rows": [[0, batch.labels]], "merged": []}
    places: dict[str, int] = {}
    for index, label in enumerate(batch.labels):
        if batch.mapping.get(label):
            places.setdefault(batch.mapping[label], index)
    rows = batch.rows.filter(verdict__in=[Verdict.REVIEW, Verdict.REJECT, Verdict.DUPLICATE], confirmed=False)

    def produce() -> Iterator[writing.Returned]:
        for row in rows.order_by("number").iterator(chunk_size=500):
            told = [(places.get(f["field"]), f["message"]) for f in row.findings]
            yield row.number, raw_cells(row), told

    return writing.return_xlsx(
        path, [cells for _number, cells in top["rows"]], produce(), header=len(batch.header_rows),
        merged=[_shifted(merge, top["rows"][0][0]) for merge in top["merged"]], sheet=batch.sheet,
    )  # fmt: skip


def _shifted(merge: list[int], first: int) -> tuple[int, int, int, int]:
    """A merged range by the rows of the workbook that is given back: both count from 0."""
    return merge[0] - first, merge[1], merge[2] - first, merge[3]


def mapped_cells(batch: ImportBatch, cells: list[str]) -> dict[str, str]:
    """Field → text of a row, for the form that corrects it."""
    found: dict[str, str] = {}
    for index, label in enumerate(batch.labels):
        name = batch.mapping.get(label)
        if name and index < len(cells):
            found[name] = cells[index]
    return found


def as_json(value: Any) -> str:
    """Canonical JSON of a small value, for pages."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


STATE_TITLES = {
    "reading": "读取中断",
    "staged": "待处理",
    "applied": "已导入",
    "undone": "已撤销",
    "discarded": "已放弃",
}
RUNNING_TITLES = {"reading": "正在读取", "staged": "正在写入"}
VERDICT_TITLES = {"accept": "可导入", "review": "待核", "reject": "退回", "duplicate": "重复", "skip": "跳过"}
ACTION_TITLES = {"create": "新增", "update": "更新", "unchanged": "无变化"}


def visible(user: Any) -> QuerySet[ImportBatch]:
    """Batches of areas and kinds that the user may import."""
    allowed = Q(pk__in=[])
    for kind in registries.import_kinds.values():
        reach = access.reach(user, kind.permission)
        if reach.everything:
            allowed |= Q(kind=kind.kind)
        for path in reach.paths:
            allowed |= Q(kind=kind.kind, area__in=Area.objects.within(path))
    return ImportBatch.objects.filter(allowed).select_related("area", "created_by", "applied_by", "undone_by")


def areas_for(user: Any) -> QuerySet[Area]:
    """Areas a user may import for: the areas of the grants themselves."""
    codes: list[str] = []
    for kind in registries.import_kinds.values():
        codes += [path.strip("/").split("/")[-1] for path in access.reach(user, kind.permission).paths]
    return Area.objects.filter(code__in=codes)


def session_of(batch: ImportBatch) -> Any:
    """The import session that reads and shows rows of this batch."""
    kind = registries.import_kinds[batch.kind]
    return kind.session(area=batch.area, as_of=batch.as_of, at=batch.created_at, unit=batch.unit or None)


def summary(batch: ImportBatch, *, running: bool = False) -> dict[str, Any]:
    """Counts and words of a batch for lists and heads; `running` = a job is at work on it."""
    return {
        "batch": batch,
        "state": _((running and RUNNING_TITLES.get(batch.state)) or STATE_TITLES[batch.state]),
        "kind": _(str(registries.import_kinds[batch.kind].title)),
        "rows": sum(int(batch.counts.get(str(v), 0)) for v in Verdict),
        "verdicts": [(str(v), _(VERDICT_TITLES[v]), int(batch.counts.get(str(v), 0))) for v in Verdict],
    }


def ready_counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows importing would create and update right now."""
    rows = batch.rows.filter(Q(verdict=Verdict.ACCEPT) | Q(verdict=Verdict.REVIEW, confirmed=True))
    return {action: rows.filter(action=action).count() for action in ("create", "update", "unchanged")}


def tabs_of(batch: ImportBatch, current: str) -> list[tuple[str, str, bool, int]]:
    """Tabs of the preview with counts."""
    counts = batch.counts
    shown = [("", _("全部"), sum(int(counts.get(str(v), 0)) for v in Verdict if v != Verdict.SKIP))]
    shown += [
        (str(v), _(VERDICT_TITLES[v]), int(counts.get(str(v), 0)))
        for v in (Verdict.REVIEW, Verdict.REJECT, Verdict.DUPLICATE, Verdict.ACCEPT, Verdict.SKIP)
    ]
    return [(title, f"?show={code}", code == current, count) for code, title, count in shown]


def rows_of(batch: ImportBatch, tab: str) -> QuerySet[ImportRow]:
    """Rows of one tab in the order of the sheet."""
    rows = batch.rows.order_by("number")
    return rows.filter(verdict=tab) if tab in set(Verdict) else rows.exclude(verdict=Verdict.SKIP)


def findings_of(row: ImportRow) -> list[Finding]:
    """The stored findings of a row as findings again."""
    return [
        Finding(
            code=f["code"],
            severity=Severity(f["severity"]),
            message="{told}",
            field=f["field"],
            args={"told": f["message"]},
            params_used=f["params_used"],
            source=f["source"],
        )
        for f in row.findings
    ]


def shown_row(row: ImportRow, kind: registries.ImportKind, session: Any) -> dict[str, Any]:
    """A row for the preview: its cells as new values, changes as old and new, doubts."""
    fields = session.shown(row.fields)
    changes = []
    for name, pair in (row.before or {}).items():
        if name != "_":
            old = "***" if name in session.secret else pair[0]
            changes.append(
                (
                    _(str(kind.fields.get(name, name))),
                    session.words(name, old),
                    session.words(name, fields.get(name, pair[1])),
                )
            )
    cells = [
        (_(str(kind.fields[name])), session.words(name, value)) for name, value in fields.items() if name in kind.fields
    ]
    return {
        "mark": "ok" if row.verdict == Verdict.ACCEPT else row.verdict,
        "pk": row.pk,
        "number": row.number,
        "verdict": row.verdict,
        "verdict_title": _(VERDICT_TITLES[row.verdict]),
        "action": _(ACTION_TITLES[row.action]) if row.action in ACTION_TITLES else "",
        "label": row.label,
        "key": row.key,
        "confirmed": row.confirmed,
        "changes": changes,
        "cells": cells,
        "findings": findings_of(row),
        "object_id": row.object_id,
    }


def words(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "、".join(f"{k}：{v}" for k, v in sorted(value.items()))
    return str(value)


def editable_cells(batch: ImportBatch, row: ImportRow, session: Any) -> dict[str, str]:
    """Field → text of a row for the correction form: the sheet's own cells, else what was read."""
    raw = mapped_cells(batch, raw_cells(row))
    known = session.shown(row.fields)
    names = dict.fromkeys([*batch.mapping.values(), *raw])
    return {name: raw.get(name, words(known[name]) if known.get(name) not in (None, "") else "") for name in names}


def write_template(kind: registries.ImportKind, path: Path) -> None:
    """An empty workbook with the usual columns, drop-downs, comments at the titles, and a page of notes."""
    columns = kind.columns or [writing.Column(names[0]) for names in kind.synonyms.values() if names]
    writing.write_xlsx(path, columns, iter(()), notes=[[_(title), _(text)] for title, text in TEMPLATE_MESSAGES])


#: What the page of notes in a template says.
TEMPLATE_MESSAGES = (
    ("怎样填", "从第二行起一行一条。红色标题的列必填，其余可以不填；不填的格子不会改动已有的内容。"),
    ("下拉", "带下拉的列可以选，也可以自己写；认不出的写法会标出来，由您确认。"),
    ("日期", "写 2018-10-26、2018年10月26日、2018.10.26 都可以；只知道年月的写 2018-10。"),
    ("金额", "标题写着万元的按万元填，也可以在格子里写明单位。"),
    ("代码", "统一社会信用代码、备案号按文本填，不要改成数字格式。"),
    ("列的次序", "列可以增删和调换次序，用自己的台账也可以，不必搬进模板。"),
    ("上传以后", "先看到逐格的变化和疑点，确认后才写入，写入后可以整批撤销。"),
)


def raw_cells(row: ImportRow) -> list[str]:
    """The sheet's own cells of a row that was kept aside."""
    return json.loads(vault.decrypt(row.raw, purpose=RAW_PURPOSE)) if row.raw else []


def waiting(batch: ImportBatch) -> int:
    """How many review rows nobody has confirmed yet."""
    return batch.rows.filter(verdict=Verdict.REVIEW, confirmed=False).count()
