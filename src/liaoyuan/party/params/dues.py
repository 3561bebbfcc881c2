"""FEE: rates, base, start, waiver, large dues (handbook §2.9). Amounts in fen, rates in 1/10000 of the whole base."""

from liaoyuan.party.params.table import ALWAYS, DUES_RULE, FE, OWN, row, rule

STATEMENTS = (
    rule(
        "PB-FEE-01", "党费的数额",
        "按全部基数对应的比例计算，不分段累进；月工资、年薪、不按月收入、离退休、农民和没有收入的各有标准。",
        "dues", ("dues_build",),
        (
            row("PB-FEE-01", True, DUES_RULE + "第一条至第七条", since=FE, severity="block"),
            row("PB-FEE-01.farmer", True, DUES_RULE + "第六条", since=FE, severity="block", mark="K"),
            row("pb.fee.brackets", {"3000": 50, "5000": 100, "10000": 150, "more": 200},
                DUES_RULE + "第一条、第二条", since=FE),
            row("pb.fee.retired", {"5000": 50, "more": 100}, DUES_RULE + "第五条", since=FE),
            row("pb.fee.flat_fen", 20, DUES_RULE + "第七条", since=FE, mark="K"),
            row("pb.fee.farmer", [20, 100], DUES_RULE + "第六条", since=FE, mark="K"),
            row("pb.fee.rounding", "half_up", OWN, since=ALWAYS, mark="D"),
            row("pb.fee.round_to_fen", 1, OWN, since=ALWAYS, mark="D"),
        ),
        {
            "PB-FEE-01": "{category}，基数 {base} 元，每月应交党费 {due} 元，所填为 {given} 元。",
            "PB-FEE-01.farmer": "农民党员每月交纳党费 {least} 元至 {most} 元，所填为 {given} 元。",
            "PB-FEE-01.base": "{category}的党员须填写交纳党费的基数。",
        },
    ),
    rule(
        "PB-FEE-02", "党费基数",
        "每年核定一次交纳党费的基数，工资变动时重新核定，由本人签字。",
        "member", ("dues_daily",),
        (row("PB-FEE-02", True, DUES_RULE, since=FE, mark="K"),),
        {
            "PB-FEE-02": "{year} 年的党费基数还没有核定。",
            "PB-FEE-02.changed": "工资 {changed} 有变动，党费基数是 {set} 核定的，请重新核定。",
            "PB-FEE-02.signed": "党费基数还没有本人签字。",
        },
    ),
    rule(
        "PB-FEE-03", "减免党费",
        "少交或免交党费，由本人申请、支部委员会讨论、上级基层党委批准。",
        "dues", ("dues_waive",),
        (row("PB-FEE-03", True, DUES_RULE + "第九条", since=FE, severity="block"),),
        {
            "PB-FEE-03": "减免党费须有上级基层党委的批准文件。",
            "PB-FEE-03.branch": "减免党费须先经党支部讨论同意，请填写讨论日期。",
        },
    ),
    rule(
        "PB-FEE-04", "从何时起交纳", "预备党员从支部大会通过其为预备党员之日起交纳党费。", "dues", ("dues_build",),
        (row("PB-FEE-04", True, DUES_RULE + "第八条", since=FE, severity="info"),),
        {"PB-FEE-04": "{admitted} 支部大会通过接收，从当月起交纳党费，{month} 不计。"},
    ),
    rule(
        "PB-FEE-05", "自愿多交", "自愿一次多交 1000 元以上的，全部上缴，并取得收据。", "dues", ("dues_save",),
        (
            row("PB-FEE-05", True, DUES_RULE + "第十条", since=FE, mark="K"),
            row("pb.fee.extra_fen", 100_000, DUES_RULE + "第十条", since=FE, mark="K"),
        ),
        {"PB-FEE-05": "一次多交 {extra} 元，达到 {least} 元，应当全部上缴并取得收据。"},
    ),
)  # fmt: skip

#: After how many unpaid months the branch talks with the member, and when it looks into the matter itself.
DUES_PARAMETERS = (row("pb.fee.late_months", [3, 6], OWN, since=ALWAYS, mark="D"),)

DUES_PARAMETER_TITLES: dict[str, str] = {
    "pb.fee.brackets": "工资收入的党费比例（不超过多少元：万分之几）",
    "pb.fee.retired": "离退休党员的党费比例（不超过多少元：万分之几）",
    "pb.fee.flat_fen": "没有收入的党员每月党费",
    "pb.fee.farmer": "农民党员每月党费（从、到，单位分）",
    "pb.fee.rounding": "党费尾数的取法（half_up 四舍五入，down 舍去，up 进位）",
    "pb.fee.round_to_fen": "党费取整到",
    "pb.fee.late_months": "未交党费几个月须谈话、几个月须由支部研究",
    "pb.fee.extra_fen": "多交多少须上缴",
}
