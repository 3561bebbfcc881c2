"""The application F12 as a file that is filled in offline: its tables, their heads, hints, the lines left blank."""

from liaoyuan.funding.params.application_form import INDICATOR_TITLES, RISK_TITLES, STEP_TITLES, TEAM_TITLES

FORM_TITLE = "公益创投项目申报书"
#: What of the section "basic" stands in the file. Need and sponsor are chosen on the page.
BASIC_TITLES: dict[str, str] = {
    "title": "项目名称", "field": "领域", "area": "落地街道（社区）", "starts_on": "开始日期", "ends_on": "结束日期",
}  # fmt: skip
PLEDGE_HEADS: dict[str, str] = {"kind": "红色元素", "title": "承诺内容", "planned_on": "计划日期"}
#: The repeated sections with the heads of their columns; the budget follows F13.
LINE_HEADS: dict[str, dict[str, str]] = {
    "team": TEAM_TITLES, "plan": STEP_TITLES, "outcomes": INDICATOR_TITLES, "risks": RISK_TITLES,
    "pledges": PLEDGE_HEADS,
}  # fmt: skip
#: Names of the sheets of the workbook: the budget's own three stand beside them.
SHEET_TITLES: dict[str, str] = {
    "basic": "基本情况", "content": "项目内容", "team": "团队和分工", "plan": "实施计划", "outcomes": "预期成效",
    "risks": "风险与对策", "pledges": "党建融入",
}  # fmt: skip
#: Columns of the budget in the Word file.
BUDGET_HEADS: dict[str, str] = {
    "budget_class": "科目", "title": "明细", "price_fen": "单价（元）", "quantity": "数量", "unit": "单位",
    "times": "频次", "own_fen": "自筹配套（元）", "member": "领取人", "price_kind": "单价的种类",
    "basis": "测算依据", "note": "备注",
}  # fmt: skip
FILE_HINTS: dict[str, str] = {
    "basic": "日期写成 2027-01-10 的样子；街道或社区写名称。",
    "team": "项目负责人、专职写“是”或“否”。",
    "budget": "金额由系统按单价×数量×频次算；领取人写团队里的姓名，没有的留空。",
    "pledges": "红色元素写：党支部参与、党员先锋岗、志愿队、红色教育、宣讲、为居民服务、与社区党组织共建。",
}
#: Blank lines below what stands in a table already.
BLANK_LINES = 4
#: The largest file that is read, in bytes.
MOST_BYTES = 5 * 2**20
