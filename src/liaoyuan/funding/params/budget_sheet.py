"""The paper form F13 (handbook §3.4) as sheets: their names, columns with widths, hints, words of a verdict."""

LINES_SHEET, TEAM_SHEET, CHECKS_SHEET = "项目预算表", "项目团队", "核对"

LINE_COLUMNS: tuple[tuple[str, int], ...] = (
    ("序号", 6), ("科目", 26), ("明细", 24), ("单价（元）", 12), ("单位", 8), ("数量", 8), ("频次", 8),
    ("金额（元）", 14),
    ("资助资金（元）", 14), ("自筹/配套资金（元）", 14), ("领取人", 12), ("单价的种类", 18), ("测算依据", 24),
    ("备注", 16),
    ("核对", 26),
)  # fmt: skip
TEAM_COLUMNS: tuple[tuple[str, int], ...] = (
    ("姓名", 12), ("专职", 8), ("劳动合同", 10), ("社会保险", 10), ("投入本项目（%）", 14),
    ("投入其他在施项目（%）", 18),
    ("核对", 16),
)  # fmt: skip
CHECK_COLUMNS: tuple[tuple[str, int], ...] = (
    ("规则", 14), ("核对的内容", 48), ("现为", 16), ("限额", 16), ("结论", 12), ("依据", 48),
)  # fmt: skip

HINTS: dict[str, str] = {
    LINES_SHEET: "金额由单价、数量、频次算出，不用填写；同一人的报酬请填领取人，姓名与“项目团队”一致。",
    TEAM_SHEET: "专职人员须有劳动合同和社会保险记录；时间是占本人全部工作时间的百分比。",
    CHECKS_SHEET: "按本届的限额自动核对，提交时系统以同样的规则再核对一次。限额为 0 的按行数、人数核对。",
}

YES, NO = "是", "否"
#: Words of a verdict: lawful, refused, asked for a reason.
PASSING, FAULTY, WATCHED = "通过", "不符合", "请说明"
