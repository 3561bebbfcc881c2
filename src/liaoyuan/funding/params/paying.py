"""CON and PAY: agreements and instalments (handbook §3.1, §9.3)."""

from liaoyuan.funding.choices.money import TrancheTrigger
from liaoyuan.funding.params.table import ALWAYS, OWN, default_row, row, rule

STATEMENTS = (
    rule(
        "GV-CON-01", "签约的时间", "公示期满、没有未答复的异议，才能签订协议。", "agreement", ("agreement_sign",),
        (
            row("GV-CON-01", True, OWN, since=ALWAYS, severity="block", mark="D"),
            row("GV-CON-01.late", True, OWN, since=ALWAYS, severity="warn", mark="D"),
            default_row("gv.sign.workdays", None),
        ),
        {
            "GV-CON-01": "公示至 {last}，期满后才能签订协议。",
            "GV-CON-01.none": "立项名单没有公示，不能签订协议。",
            "GV-CON-01.objection": "还有 {count} 件异议没有答复，不能签订协议。",
            "GV-CON-01.late": "{approved} 立项，应在 {due} 前签订协议。",
        },
    ),
    rule(
        "GV-CON-02", "协议的内容", "协议金额不超过批准的金额，签约组织与立项组织一致，收款账户是该组织自己的账户。",
        "agreement",
        ("agreement_sign",),
        (row("GV-CON-02", True, OWN, since=ALWAYS, severity="block", mark="D"),),
        {
            "GV-CON-02": "协议金额 {amount} 元，超过批准的 {approved} 元。",
            "GV-CON-02.organization": "立项的组织是{approved}，签约的是{signing}。",
            "GV-CON-02.account": "收款账户的户名“{account}”不是签约组织{signing}。",
        },
    ),
    rule(
        "GV-PAY-01", "分期拨付", "各期比例合计百分之百；每期的条件已经具备；累计拨付不超过协议金额。", "tranche",
        ("tranche_approve",),
        (
            row("GV-PAY-01", True, OWN + "；淄博市2019年公益创投办法", since=ALWAYS, severity="block", mark="D"),
            default_row("gv.tranche.percents", [50, 30, 20]),
            default_row("gv.tranche.triggers", [TrancheTrigger.SIGNED.value, TrancheTrigger.MID_PASSED.value,
                                            TrancheTrigger.ACCEPTED.value]),
        ),
        {
            "GV-PAY-01": "累计拨付 {paid} 元，加本期 {amount} 元共 {sum} 元，超过协议金额 {contract} 元。",
            "GV-PAY-01.sum": "各期比例为 {percents}，合计 {sum}%，应为 100%。",
            "GV-PAY-01.share": "第 {no} 期应不超过协议金额 {contract} 元的 {percent}%，即 {due} 元，"
                               "所填为 {amount} 元。",
            "GV-PAY-01.trigger": "第 {no} 期的拨付条件“{trigger}”还没有具备。",
            "GV-PAY-01.number": "协议共分 {count} 期，没有第 {no} 期。",
        },
    ),
    rule(
        "GV-PAY-02", "拨付的期限", "签订协议后在规定的工作日内拨付首期；其后各期自条件具备之日起计算。", "tranche",
        ("tranche_daily",),
        (
            row("GV-PAY-02", True, "中山市2013年博爱100公益创投", since=ALWAYS),
            default_row("gv.tranche.workdays", []),
        ),
        {"GV-PAY-02": "第 {no} 期的条件 {met} 具备，应在 {due} 前拨付。"},
        reads=("gv.tranche.triggers",),
    ),
    rule(
        "GV-PAY-03", "暂停拨付", "中期评估不合格、报告逾期的，不拨付下一期。", "tranche", ("tranche_approve",),
        (row("GV-PAY-03", True, "中山市2013年博爱100公益创投", since=ALWAYS, severity="block"),),
        {
            "GV-PAY-03": "中期评估的结论是{outcome}，不能拨付第 {no} 期。",
            "GV-PAY-03.report": "有 {count} 份报告逾期未交，不能拨付第 {no} 期。",
        },
        reads=("gv.tranche.triggers",),
    ),
    rule(
        "GV-PAY-04", "经办、审批、付款分开", "拨付的经办人、审批人、付款人是三个不同的人。", "tranche",
        ("tranche_approve",),
        (row("GV-PAY-04", True, OWN, since=ALWAYS, severity="block", mark="D"),),
        {"GV-PAY-04": "{first}和{second}是同一人：{name}。"},
    ),
)  # fmt: skip

PAYING_PARAMETER_TITLES: dict[str, str] = {
    "gv.sign.workdays": "立项后签订协议的工作日数",
    "gv.tranche.percents": "各期拨付比例（%）",
    "gv.tranche.triggers": "各期拨付条件（signed 签约，started 启动，mid_passed 中期合格，accepted 结项合格，"
    "audited 审计）",
    "gv.tranche.workdays": "各期拨付的工作日数，按期次",
}
