"""What a trial of parameters changes, as a workbook: a sheet of applications, then what was tried."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.trials import TRIAL_KIND_TITLES, VERDICT_TITLES
from liaoyuan.funding.models import Trial
from liaoyuan.funding.queries import trial_results as results
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column

#: Titles as the sheet shows them; several findings of one application take a line each.
COLUMNS = (
    Column("届", key="round", width=24), Column("编号", key="number", width=14),
    Column("项目名称", key="title", width=28), Column("申报组织", key="body", width=30),
    Column("变化", key="kind", width=22), Column("原结论", key="before"), Column("试算的结论", key="after"),
    Column("申请资助（元）", key="grant", kind="number", width=16),
    Column("立项金额（元）", key="approved", kind="number", width=16),
    Column("规则", key="code", width=12), Column("增减", key="way"), Column("说明", key="message", width=60),
    Column("参数和依据", key="basis", width=60),
)  # fmt: skip


def yuan(fen: int) -> Decimal:
    """An amount as a number of yuan, exact to the fen."""
    return Decimal(fen) / 100


def write(trial: Trial, path: Path) -> int:
    """Write the workbook; returns the number of lines."""
    tried = [[title, value] for title, value in results.changes(trial)]
    if trial.place:
        tried.insert(0, [_("换用的参数"), results.place(trial)])
    notes = [*tried, [_("试算日期"), localdate(trial.asked_at).isoformat()], [_("项目数"), str(trial.judged)]]
    return writing.write_xlsx(path, COLUMNS, _lines(trial), sheet=_("变化"), notes=notes)


def _lines(trial: Trial) -> Iterator[list[Any]]:
    for line in results.listed(trial).order_by("pk").iterator(chunk_size=500):
        project = line.project
        head = [
            project.round.title, project.number, project.title, line.body_name or "",  # type: ignore[attr-defined]
            _(TRIAL_KIND_TITLES[line.kind]), _(VERDICT_TITLES[line.before]), _(VERDICT_TITLES[line.after]),
            yuan(line.grant_fen), yuan(line.approved_fen) if line.approved_fen else None,
        ]  # fmt: skip
        for new, code, message, basis in results.said(line):
            yield [*head, code, _("新增") if new else _("不再提示"), message, basis]
