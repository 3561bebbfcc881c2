"""The projects that an expert reads, as a workbook without names: its own name and properties tell nothing either."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied

from liaoyuan.core import access
from liaoyuan.core.access import Actor
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Reading, ReviewStage
from liaoyuan.funding.params.application_form import SECTION_TITLES
from liaoyuan.funding.queries import blind
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column

#: What the file is called, whoever asks for it.
NAME = "评审材料.xlsx"
COLUMNS = (Column("隐名编号", width=14), Column("部分", width=12), Column("栏目", width=20), Column("内容", width=90))


def _rows(readings: list[Reading]) -> Iterator[tuple[Any, ...]]:
    for seen in blind.of_readings(readings):
        for field in seen.fields:
            yield seen.label, SECTION_TITLES[field.section], field.title, field.text
        for title, fen in (("预算总额", seen.total_fen), ("申请资助", seen.grant_fen), ("自筹配套", seen.own_fen)):
            yield seen.label, SECTION_TITLES["budget"], title, f"{fen // 100}.{fen % 100:02} 元"


def write(path: Path, stage: ReviewStage, by: Actor) -> int:
    """Write what the expert reads in a stage, in the order of the labels; the number of its rows.

    Raises PermissionDenied for somebody who reads nothing in it.
    """
    rows = Reading.objects.of(by).filter(stage=stage, stage__begun_at__isnull=False).order_by("label", "pk")
    readings = list(rows)
    if not access.has(by, Permission.REVIEW_SCORE) or not readings:
        raise PermissionDenied(str(Permission.REVIEW_SCORE))
    return writing.write_xlsx(path, COLUMNS, _rows(readings), sheet="项目")
