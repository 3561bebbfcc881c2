"""The payment file for the finance office: one line an instalment, as CSV and as a workbook."""

from collections.abc import Iterable
from typing import Any

from liaoyuan.core import shelf, vault
from liaoyuan.core.clock import localdate
from liaoyuan.funding.models import Tranche
from liaoyuan.funding.queries import secrets
from liaoyuan.kit.sheets.writing import Column, write_csv, write_xlsx

_WIDTHS = {"收款账号": 26, "户名": 32, "开户银行": 32, "项目名称": 28, "资金来源": 40}
COLUMNS = tuple(
    Column(title, width=_WIDTHS.get(title, 14))
    for title in ("序号", "项目编号", "项目名称", "期次", "户名", "开户银行", "收款账号", "金额（元）", "资金来源",
                  "审批日期", "核验码")
)  # fmt: skip


def rows(tranches: Iterable[Tranche]) -> list[tuple[Any, ...]]:
    """The lines in the order of the projects' numbers; amounts as texts with two decimals."""
    found = []
    for number, row in enumerate(tranches, 1):
        agreement = row.agreement
        pools = "，".join(share.pool.title for share in agreement.shares.all())
        found.append((
            str(number), agreement.project.number, agreement.project.title, str(row.no), agreement.account_name,
            agreement.account_bank, vault.decrypt(agreement.account_number, purpose=secrets.ACCOUNT),
            f"{row.amount_fen // 100}.{row.amount_fen % 100:02d}", pools,
            localdate(row.approved_at).isoformat() if row.approved_at is not None else "",
            row.sheet.check_code if row.sheet is not None else "",
        ))  # fmt: skip
    return found


def files(lines: list[tuple[Any, ...]]) -> tuple[bytes, bytes]:
    """CSV and workbook of the lines; the same lines give the same bytes."""
    with shelf.work_file(".csv") as csv, shelf.work_file(".xlsx") as xlsx:
        write_csv(csv, COLUMNS, lines)
        write_xlsx(xlsx, COLUMNS, lines, sheet="付款清单", title="公益创投付款清单")
        return csv.read_bytes(), xlsx.read_bytes()
