"""An expert's own score sheets of a stage (F14): labels instead of names, his points, what he suggests and says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import CARD_STATE_TITLES
from liaoyuan.funding.models import ReviewStage
from liaoyuan.funding.queries import desk
from liaoyuan.funding.rules import remarks
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column

#: What the file is called, whoever asks for it.
NAME = "我的评分表.xlsx"


def write(path: Path, stage: ReviewStage, by: Actor) -> int:
    """Write the sheets in the order of their labels; the number of rows. Raises PermissionDenied for a stranger."""
    rows = desk.whole_of(by, stage.pk)
    if not access.has(by, Permission.REVIEW_SCORE) or not rows:
        raise PermissionDenied(str(Permission.REVIEW_SCORE))
    items = desk.items(stage.sheet)
    columns = [
        Column(_("项目"), width=16),
        *(Column(_("{title}（{most} 分）").format(title=item.title, most=item.most)) for item in items),
        Column(_("总分")), Column(_("建议资助金额（元）"), width=16), Column(_("评语"), width=60), Column(_("状态")),
        Column(_("签字日期"), width=12),
    ]  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        for row, card, points in rows:
            remark = card.remark if card is not None else remarks.Remark(None, "")
            yield (
                desk.name(row), *(_points(points.get(item.code)) for item in items),
                _points(sum(points.values()) if points else None),
                None if remark.amount_fen is None else remark.amount_fen / 100, remark.comment,
                _(CARD_STATE_TITLES[card.state]) if card is not None else "",
                localdate(card.signed_at) if card is not None and card.signed_at is not None else None,
            )  # fmt: skip

    return writing.write_xlsx(path, columns, lines(), sheet="评分表")


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
