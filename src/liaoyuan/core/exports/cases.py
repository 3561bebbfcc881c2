"""The list of cases as a sheet (事项台账): one line a case, without its contents and without applicants' names.

The same rows give the same bytes: fixed order, fixed document time.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import reads, registries
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Case
from liaoyuan.core.models.cases import CaseQuerySet
from liaoyuan.core.queries import calendar
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.rules.cases import CASE_DECISION_TITLES, CASE_STATE_TITLES
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column

FORMS = ("xlsx", "csv")
_EVERY = 500

COLUMNS = (
    Column("事项编号", key="number", width=22), Column("事项", key="kind", width=20),
    Column("名称", key="label", width=36), Column("办理机关所在区划", key="area", width=18),
    Column("状态", key="state"), Column("提交日期", key="applied_on", width=12),
    Column("收件日期", key="received_on", width=12), Column("期限", key="term", width=14),
    Column("已用", key="used", kind="number"), Column("中止", key="stopped", kind="number"),
    Column("应决定日", key="due_on", width=12), Column("超期", key="late"), Column("经办人", key="handler"),
    Column("外部系统受理号", key="outside_number", width=20), Column("决定", key="decision"),
    Column("决定日期", key="decided_on", width=12), Column("决定文号", key="decision_no", width=24),
    Column("送达日期", key="delivered_on", width=12), Column("送达方式", key="delivery", width=20),
)  # fmt: skip


def write(rows: CaseQuerySet, *, path: Path, form: str, on: date, tell: Callable[[int], None]) -> int:
    """Write the cases as they stand on the day; returns the number of rows."""
    lines = _lines(rows, on, tell)
    if form == "csv":
        return writing.write_csv(path, COLUMNS, lines)
    notes = [
        [_("数据日期"), on.isoformat()],
        [_("期限"), _("“已用”“中止”与“期限”同一单位；已决定的算到决定之日。")],
        [_("个人信息"), _("不含申请人姓名和申请内容。")],
    ]
    return writing.write_xlsx(path, COLUMNS, lines, sheet=_("事项"), notes=notes)


def log(*, rows: int, form: str, wish: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """The line in the log."""
    reads.exported("cases", rows=rows, by=by, at=at, filters={**wish, "form": form})


def _lines(rows: CaseQuerySet, on: date, tell: Callable[[int], None]) -> Iterator[list[Any]]:
    days = calendar.workdays()
    for done, case in enumerate(rows.iterator(chunk_size=_EVERY)):
        if done % _EVERY == 0:
            tell(done)
        yield _line(case, on, days)


def _line(case: Case, on: date, days: Any) -> list[Any]:
    kind = registries.case_kinds.get(case.kind)
    clock = queries.clock_of(case, on, days)
    late = case.due_on is not None and (case.decided_on or on) > case.due_on
    unit = _("个工作日") if case.term_workdays else _("日")
    told = {
        "kind": _(kind.title) if kind else case.kind, "area": case.area.name,
        "state": _(CASE_STATE_TITLES[case.state]), "applied_on": localdate(case.applied_at),
        "term": f"{case.term_days} {unit}" if case.term_days else "",
        "used": clock.used if clock else None, "stopped": clock.stopped if clock else None,
        "late": _("是") if late else _("否") if case.due_on else "",
        "handler": str(case.handler or ""),
        "decision": _(CASE_DECISION_TITLES[case.decision]) if case.decision else "",
    }  # fmt: skip
    return [_plain(told[c.key] if c.key in told else getattr(case, c.key)) for c in COLUMNS]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
