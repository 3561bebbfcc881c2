"""BUD and FIN-03: shares, caps, unit prices, sums of a budget; its final accounts (handbook §3.4, §9.3)."""

from liaoyuan.funding.choices.budget import BudgetClass, CapBase, ForbiddenItem, PriceKind
from liaoyuan.funding.params.table import ALWAYS, OWN, PLACES, default_row, row, rule

#: A cap is tested four times: handed in, agreed, changed, settled.
_FOUR = ("budget_submit", "budget_contract", "budget_change", "budget_final")
_FORM_C = "未见发文单位的项目申报表（资金编制说明）"

STATEMENTS = (
    rule(
        "GV-BUD-01", "专职人员工资的上限",
        "专职人员工资不超过项目预算总额的规定比例；在劳务费、管理费列支专职人员报酬的一并计入。", "budget", _FOUR,
        (
            row("GV-BUD-01", True, "无锡市滨湖区公益创投的做法", since=ALWAYS, severity="block", mark="SEED"),
            row("GV-BUD-01.person", True, OWN, since=ALWAYS, severity="warn", mark="D"),
            default_row("gv.staff.percent", 50),
            default_row("gv.staff.base", CapBase.TOTAL.value),
            default_row("gv.staff.classes", [BudgetClass.STAFF.value]),
        ),
        {
            "GV-BUD-01": "专职人员工资 {staff} 元，占{base} {whole} 元的 {ratio}%，超过 {most}%，超出 {excess} 元。",
            "GV-BUD-01.hidden": "专职人员工资 {staff} 元（其中在劳务费、管理费列支 {hidden} 元），"
                                "占{base} {whole} 元的 {ratio}%，"
                                "超过 {most}%，超出 {excess} 元。",
            "GV-BUD-01.person": "第 {no} 行列支“{name}”的专职工资，须是专职人员，有劳动合同和社会保险记录。",
        },
    ),
    rule(
        "GV-BUD-02", "资助资金用于人员的上限", "资助资金用于人员费用的部分不超过资助资金的规定比例。", "budget", _FOUR,
        (
            row("GV-BUD-02", True, "《广州市社会组织公益创投项目管理办法》（穗社管规字〔2019〕1号）", since=ALWAYS,
                severity="block"),
            default_row("gv.staff.grant_percent", None),
            default_row("gv.staff.grant_classes", [BudgetClass.STAFF.value, BudgetClass.LABOUR.value]),
        ),
        {
            "GV-BUD-02": "资助资金用于人员费用 {staff} 元，占资助资金 {whole} 元的 {ratio}%，超过 {most}%，"
                         "超出 {excess} 元。",
        },
    ),
    rule(
        "GV-BUD-03", "资助金额", "申请的资助金额在规定的幅度内，并不超过项目预算总额的规定比例。", "budget", _FOUR,
        (
            row("GV-BUD-03", True, PLACES, since=ALWAYS, severity="block"),
            default_row("gv.cap_project_fen", 10_000_000),
            default_row("gv.min_project_fen", None),
            default_row("gv.grant_max_percent", None),
        ),
        {
            "GV-BUD-03": "资助金额 {grant} 元，超过每个项目 {most} 元的上限。",
            "GV-BUD-03.min": "资助金额 {grant} 元，低于每个项目 {least} 元的下限。",
            "GV-BUD-03.ratio": "资助金额 {grant} 元，占预算总额 {whole} 元的 {ratio}%，超过 {most}%，"
                               "最多 {payable} 元。",
        },
    ),
    rule(
        "GV-BUD-04", "自筹资金", "自筹和配套资金不低于项目预算总额的规定比例。", "budget", _FOUR,
        (
            row("GV-BUD-04", True, "广州市公益创投项目管理办法", since=ALWAYS, severity="block"),
            default_row("gv.own_min_percent", None),
        ),
        {"GV-BUD-04": "自筹资金 {own} 元，不足预算总额 {whole} 元的 {least}%，至少 {needed} 元。"},
    ),
    rule(
        "GV-BUD-05", "各类支出的上限", "各类支出不超过规定的比例或金额；比例为零的不得列支。", "budget", _FOUR,
        (
            row("GV-BUD-05", True, _FORM_C, since=ALWAYS, severity="block"),
            default_row("gv.class.percent", {"B03": 20, "B04": 10, "B05+B07": 20, "B10": 10, "B11": 5}),
            default_row("gv.class.base", {}, note="没有列出的科目以项目预算总额为基数"),
            default_row("gv.class.max_fen", {}),
        ),
        {
            "GV-BUD-05": "{title} {amount} 元，占{base} {whole} 元的 {ratio}%，超过 {most}%，超出 {excess} 元。",
            "GV-BUD-05.none": "不得列支{title}，所列为 {amount} 元。",
            "GV-BUD-05.absolute": "{title} {amount} 元，超过 {most} 元的上限。",
        },
    ),
    rule(
        "GV-BUD-06", "单价标准", "专家、培训、会议等的单价不超过规定的标准。", "budget_line", _FOUR,
        (
            row("GV-BUD-06", True, _FORM_C, since=ALWAYS),
            default_row("gv.price.caps", {PriceKind.EQUIPMENT_ITEM.value: 199_999}, note="单件 2000 元以下，单位为分"),
        ),
        {"GV-BUD-06": "第 {no} 行{title}单价 {price} 元，超过 {most} 元的标准。"},
    ),
    rule(
        "GV-BUD-07", "不得列支的支出",
        "不得列支固定资产、工程建设、向服务对象发放现金和礼品、罚款、债务、投资、车辆等规定的项目。",
        "budget_line", _FOUR,
        (
            row("GV-BUD-07", True, "绍兴市上虞区微公益创投（虞民〔2020〕33号）；" + _FORM_C, since=ALWAYS,
                severity="block"),
            row("GV-BUD-07.word", True, OWN, since=ALWAYS, severity="warn", mark="D"),
            default_row("gv.forbidden.items", [ForbiddenItem.CONTINGENCY.value]),
            default_row("gv.forbidden.words", {
                ForbiddenItem.ASSETS.value: ["固定资产"], ForbiddenItem.BUILDING.value: ["装修", "基建", "工程款"],
                ForbiddenItem.CASH.value: ["现金", "慰问金", "红包"], ForbiddenItem.GIFTS.value: ["礼品", "购物卡"],
                ForbiddenItem.FINES.value: ["罚款", "滞纳金"], ForbiddenItem.DEBTS.value: ["还款", "借款"],
                ForbiddenItem.INVESTMENT.value: ["投资"], ForbiddenItem.VEHICLES.value: ["购车", "汽车"],
                ForbiddenItem.CONTINGENCY.value: ["不可预见", "预备费"],
            }, note="明细里的词只是提示，由人判断"),
        ),
        {
            "GV-BUD-07": "第 {no} 行“{item}”属于{title}，不得列支。",
            "GV-BUD-07.word": "第 {no} 行“{item}”里有“{word}”，如属于{title}不得列支，请说明。",
        },
    ),
    rule(
        "GV-BUD-08", "预算的计算",
        "每行金额等于单价乘数量乘频次，等于资助与自筹之和；各行合计与申报的金额一致，精确到分。", "budget", _FOUR,
        (row("GV-BUD-08", True, OWN, since=ALWAYS, severity="block", mark="D"),),
        {
            "GV-BUD-08.line": "第 {no} 行应为 {due} 元（单价 × 数量 × 频次），所填为 {given} 元。",
            "GV-BUD-08.split": "第 {no} 行资助 {grant} 元与自筹 {own} 元合计 {sum} 元，金额为 {given} 元。",
            "GV-BUD-08.total": "各行金额合计 {sum} 元，预算总额为 {given} 元。",
            "GV-BUD-08.grant": "各行资助资金合计 {sum} 元，申请资助 {given} 元。",
            "GV-BUD-08.own": "各行自筹资金合计 {sum} 元，自筹资金为 {given} 元。",
        },
    ),
    rule(
        "GV-BUD-09", "人员投入的时间", "同一人在本项目和其他在施项目投入的时间合计不超过百分之百。", "staffing",
        ("budget_submit", "budget_contract", "budget_change"),
        (
            row("GV-BUD-09", True, OWN, since=ALWAYS, severity="block", mark="D"),
            default_row("gv.time_max_percent", 100),
        ),
        {"GV-BUD-09": "{name}在本项目投入 {own}% 的时间，在其他在施项目投入 {other}%，合计 {sum}%，超过 {most}%。"},
    ),
)  # fmt: skip

FINAL_STATEMENTS = (
    rule(
        "GV-FIN-03", "决算的核定", "结项时按决算重新核对专职人员工资的上限；超支的部分不予支付。", "budget",
        ("budget_final",),
        (row("GV-FIN-03", True, "无锡市滨湖区公益创投的做法", since=ALWAYS, severity="block", mark="SEED"),),
        {
            "GV-FIN-03": "专职人员工资核定 {staff} 元，按批准的{base} {whole} 元最多核定 {payable} 元。",
            "GV-FIN-03.spent": "{title}核定 {settled} 元，实际支出 {spent} 元，超出的部分不予支付。",
            "GV-FIN-03.over": "{title}核定 {settled} 元，批准的预算 {approved} 元，可以调增 {free}%，"
                              "最多核定 {payable} 元。",
        },
        reads=("gv.staff.percent", "gv.staff.base", "gv.staff.classes", "gv.adjust.free_percent"),
    ),
)  # fmt: skip

BUDGET_PARAMETER_TITLES: dict[str, str] = {
    "gv.staff.percent": "专职人员工资的上限（%）",
    "gv.staff.base": "专职人员工资上限的基数（total 预算总额，grant 资助资金）",
    "gv.staff.classes": "计入专职人员工资的科目",
    "gv.staff.grant_percent": "资助资金用于人员费用的上限（%）",
    "gv.staff.grant_classes": "计入人员费用的科目",
    "gv.cap_project_fen": "每个项目资助金额的上限",
    "gv.min_project_fen": "每个项目资助金额的下限",
    "gv.grant_max_percent": "资助金额占预算总额的上限（%）",
    "gv.own_min_percent": "自筹资金占预算总额的下限（%）",
    "gv.class.percent": "各类支出的上限（%，几类合计写作 B05+B07）",
    "gv.class.base": "各类支出上限的基数（total 预算总额，grant 资助资金）",
    "gv.class.max_fen": "各类支出的金额上限（分）",
    "gv.price.caps": "单价标准（分）",
    "gv.forbidden.items": "不得列支的支出",
    "gv.forbidden.words": "提示不得列支的词",
    "gv.time_max_percent": "一人投入各项目时间合计的上限（%）",
}
