"""The summary of a review (F14): places, sheets without names, what was dropped, mean. No expert is named in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.models import Ranking
from liaoyuan.funding.queries import ranking as queries
from liaoyuan.funding.rules.shares import number
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column


def write(path: Path, ranking: Ranking) -> int:
    """Write the lines of a ranking in their order; the number of rows."""
    rows = queries.lines(ranking).order_by("place", "project__number")
    told = queries.parted(ranking, queries.tied(ranking))
    said = queries.opinions(ranking.lines.values_list("project", flat=True))
    columns = [
        Column(_("名次")), Column(_("项目编号"), width=14), Column(_("项目"), width=28),
        Column(_("申报组织"), width=28),
        Column(_("各份总分"), width=36), Column(_("去掉"), width=14), Column(_("平均分")), Column(_("最大差距")),
        Column(_("并列"), width=30), Column(_("最低分")), Column(_("申请资助（元）"), width=14),
        Column(_("建议资助金额（元）"), width=14), Column(_("拟资助（元）"), width=14),
    ]  # fmt: skip

    low, reached = _("没有达到"), _("达到")

    def lines() -> Iterator[tuple[Any, ...]]:
        for row in rows.iterator(chunk_size=500):
            project = row.project
            yield (
                row.place, project.number, project.title, row.body_name, "、".join(number(one) for one in row.totals),
                "、".join(number(one) for one in row.dropped), row.mean / 100, row.spread / 100,
                told.get(row.project_id, ""), low if row.outcome == ReviewOutcome.REFUSED else reached,
                project.grant_fen / 100,
                _yuan(queries.suggested(said.get(row.project_id, ()))), _yuan(row.amount_fen or None),
            )  # fmt: skip

    notes = [(str(title), str(value)) for title, value, _note in queries.method(ranking)]
    notes += [(_("版次"), str(ranking.number)), (_("校验码"), ranking.code)]
    return writing.write_xlsx(path, columns, lines(), sheet="评审汇总", notes=notes)


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100
