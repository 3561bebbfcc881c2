"""What a project's manager hands to his successor: everything that stands on the day, as plain rows and a workbook."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liaoyuan.core import shelf
from liaoyuan.funding.choices.awards import TRANCHE_STATE_TITLES
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.money import AMENDMENT_TITLES
from liaoyuan.funding.choices.states import PROJECT_STATE_TITLES
from liaoyuan.funding.models import Agreement
from liaoyuan.funding.queries import money, where
from liaoyuan.kit.money import format_yuan
from liaoyuan.kit.sheets.writing import Column, write_xlsx

COLUMNS = (Column("部分", width=12), Column("事项", width=30), Column("内容", width=60))


def content(agreement: Agreement, on: date) -> dict[str, Any]:
    """The rows (part, item, text) with the day they were read."""
    return {"on": on.isoformat(), "rows": [list(row) for row in _rows(agreement, on)]}


def _rows(agreement: Agreement, on: date) -> list[tuple[str, str, str]]:
    project, sums = agreement.project, money.of_agreement(agreement)
    told = where.of_agreement(agreement, on)
    rows = [
        ("项目", "编号、名称", f"{project.number} {project.title}"),
        ("项目", "状态", PROJECT_STATE_TITLES[project.state]),
        ("项目", "实施期限", f"{agreement.starts_on.isoformat()} 至 {agreement.ends_on.isoformat()}"),
        ("项目", "实施地点", "、".join(agreement.places)),
        ("资金", "协议金额", format_yuan(sums.agreed)),
        ("资金", "已拨", format_yuan(sums.paid)),
        ("资金", "已退回", format_yuan(sums.returned)),
        ("资金", "已支出的资助资金", format_yuan(sums.spent)),
        ("资金", "手头结余", format_yuan(sums.held)),
        ("资金", "下一期", told.text),
    ]
    rows += [
        ("拨付", f"第 {one.no} 期 {one.percent}%", f"{format_yuan(one.amount_fen)}，{TRANCHE_STATE_TITLES[one.state]}")
        for one in agreement.tranches.all()
    ]
    rows += [("团队", one.name, one.role) for one in project.team.all()]
    rows += [("指标", one.title, f"{one.target} {one.unit}") for one in project.indicators.all()]
    rows += [
        ("预算", f"{BUDGET_CLASS_TITLES[one.budget_class]} {one.title}", format_yuan(one.amount_fen))
        for one in project.lines.all()
    ]
    rows += [
        ("凭证", f"{one.spent_on.isoformat()} {one.voucher_no}", f"{one.title}，{format_yuan(one.amount_fen)}")
        for one in agreement.expenses.filter(voided_at__isnull=True)
    ]
    rows += [
        ("变更", f"第 {one.number} 件", "、".join(AMENDMENT_TITLES[kind] for kind in one.kinds))
        for one in agreement.amendments.order_by("number")
    ]
    return rows


def workbook(told: Mapping[str, Any], title: str) -> bytes:
    """The rows as a workbook; the same rows give the same bytes."""
    with shelf.work_file(".xlsx") as path:
        write_xlsx(path, COLUMNS, told["rows"], sheet="交接清单", title=title)
        return path.read_bytes()
