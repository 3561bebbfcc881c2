"""The sheets of F09: columns of what was collected and used, their drop-downs and notes."""

from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.choices.dues import DUES_TITLES

#: What the column 是否交纳 says of a month.
DONE_TITLES: dict[str, str] = {"paid": "已交", "unpaid": "未交"}
_MASKED = "打码导出；写明事由才能导出明文，导回时打码的不会改动。"

#: 党费收缴表: the form's columns in its order, then what makes a row whole again when it comes back.
COLLECTED = (
    Column("月份", key="month", required=True), Column("姓名", key="name", required=True),
    Column("计费基数", key="base", width=14, note=_MASKED), Column("比例", key="rate"), Column("应交", key="due"),
    Column("实交", key="paid"), Column("补交月份", key="made_up", note="补交往月党费的，写所补的月份。"),
    Column("减免(批准文号)", key="waiver", width=20, note="先在党费页登记减免，这里写批准文号。"),
    Column("交费日期", key="paid_on", width=12), Column("收款人", key="payee"),
    Column("交纳标准", key="category", width=18, choices=tuple(DUES_TITLES.values())),
    Column("是否交纳", key="done", choices=tuple(DONE_TITLES.values())),
    Column("所在党支部", key="branch", width=28, required=True),
)  # fmt: skip
#: 党费使用表.
USED = (
    Column("日期", key="on", width=12, required=True), Column("事由", key="purpose", width=32, required=True),
    Column("金额", key="amount", required=True), Column("批准人", key="approved_by", width=14, required=True),
    Column("票据号", key="voucher_no", width=16), Column("所在党支部", key="branch", width=28, required=True),
)  # fmt: skip
