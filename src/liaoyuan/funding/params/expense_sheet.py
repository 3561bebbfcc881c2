"""Columns of a sheet of expenses: what they are called when it goes out, and what people call them."""

#: Names by field, the first one is that of the sheet that goes out.
EXPENSE_COLUMN_TITLES: dict[str, str] = {
    "voucher_no": "凭证号",
    "spent_on": "日期",
    "budget_class": "科目",
    "payee": "收款方",
    "title": "事由",
    "amount_fen": "金额（元）",
    "grant_fen": "其中资助资金（元）",
}
#: Other names of the columns.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "voucher_no": ("凭证编号", "票据号", "发票号", "发票号码", "单据号"),
    "spent_on": ("支出日期", "开票日期", "付款日期", "时间"),
    "budget_class": ("预算科目", "支出科目", "费用类别", "类别"),
    "payee": ("收款单位", "收款人", "对方", "供应商", "商家"),
    "title": ("用途", "内容", "摘要", "支出事由", "说明"),
    "amount_fen": ("金额", "支出金额", "发票金额", "小计"),
    "grant_fen": ("资助资金", "其中资助资金", "资助支出", "资助资金（元）"),
}
