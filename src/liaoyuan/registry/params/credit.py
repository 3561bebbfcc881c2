"""CRD, CHA and FIL: credit lists, charity, filed community bodies."""

from liaoyuan.registry.params.table import (
    CHARITY,
    CHARITY_LAW,
    CREDIT,
    CREDIT_RULE,
    FILING,
    OWN,
    RECOGNITION,
    Statement,
    row,
)

_YANGZHOU = "扬州市社区社会组织登记备案规定"

STATEMENTS = (
    Statement(
        "CRD-01", "信用信息的录入期限",
        "信用信息自产生之日起 5 个工作日内录入。",
        "credit", ("save",),
        (
            row("CRD-01", True, CREDIT_RULE, since=CREDIT),
            row("credit.entry_workdays", 5, CREDIT_RULE, since=CREDIT),
        ),
        {
            "CRD-01": "信用信息产生于 {arisen}，最迟应在 {due} 录入，实际录入 {recorded}。",
            "CRD-01.provisional": "信用信息产生于 {arisen}，最迟应在 {due} 录入，实际录入 {recorded}；"
            "期限跨入工作日历未公布的年份，暂按周一至周五推算。",
        },
    ),
    Statement(
        "CRD-02", "异常名录满两年",
        "被列入活动异常名录满 2 年的，提出列入严重违法失信名单的建议。",
        "organization", ("daily",),
        (
            row("CRD-02", True, CREDIT_RULE, since=CREDIT, severity="info"),
            row("credit.abnormal_months", 24, CREDIT_RULE, since=CREDIT),
        ),
        {"CRD-02": "自 {listed} 列入活动异常名录，已于 {full} 满 {months} 个月，可提出列入严重违法失信名单。"},
    ),
    Statement(
        "CRD-03", "移出严重违法失信名单",
        "列入严重违法失信名单后连续 2 年没有新的违法失信行为的，才可移出。",
        "credit", ("remove",),
        (
            row("CRD-03", True, CREDIT_RULE, since=CREDIT, severity="block"),
            row("credit.serious_months", 24, CREDIT_RULE, since=CREDIT),
        ),
        {"CRD-03": "自 {since} 起须满 {months} 个月，最早 {earliest} 可移出严重违法失信名单，现为 {removed}。"},
    ),
    Statement(
        "CRD-04", "在名单上的限制",
        "在严重违法失信名单上的，不得申报项目、申请评估和慈善组织认定；在活动异常名录上的，提醒，或按本地规定不得申报。",
        "organization", ("apply",),
        (
            row("CRD-04", True, CREDIT_RULE + "；深圳市福田区有关办法第八条", since=CREDIT, severity="block"),
            row("CRD-04.abnormal", True, CREDIT_RULE, since=CREDIT, severity="warn"),
            row("credit.abnormal_bars", False, OWN, since=CREDIT, mark="D", note="异常名录也不得申报的，改为 true"),
        ),
        {
            "CRD-04": "该组织在严重违法失信名单上，不得申报。",
            "CRD-04.abnormal": "该组织在活动异常名录上。",
            "CRD-04.barred": "该组织在活动异常名录上，按本地规定不得申报。",
        },
    ),
    Statement(
        "CHA-01", "慈善组织认定的限制",
        "在活动异常名录、严重违法失信名单上，或者近 2 年受过行政处罚的，不予认定为慈善组织。",
        "charity", ("charity_apply",),
        (
            row("CHA-01", True, RECOGNITION + "第四条", since=CHARITY, severity="block"),
            row("charity.penalty_months", 24, "《慈善组织认定办法》（2016年）", since=CHARITY),
        ),
        {
            "CHA-01.listed": "在活动异常名录或严重违法失信名单上，不予认定为慈善组织。",
            "CHA-01.penalised": "于 {day} 受过行政处罚，不满 {months} 个月，{until} 以前不予认定为慈善组织。",
        },
    ),
    Statement(
        "CHA-02", "公开募捐的资格和方案",
        "公开募捐须有公开募捐资格，募捐方案在开展活动前备案；应对突发事件来不及的，在开展后 10 日内补办。",
        "campaign", ("start",),
        (
            row("CHA-02", True, CHARITY_LAW + "第二十二条、第二十四条、第二十六条", since=CHARITY, severity="block"),
            row("charity.emergency_days", 10, CHARITY_LAW + "第七十三条", since=CHARITY),
        ),
        {
            "CHA-02.qualification": "没有公开募捐资格，不能开展公开募捐。",
            "CHA-02.plan": "募捐方案须在 {start} 开展活动前备案。",
            "CHA-02.emergency": "应对突发事件的募捐方案须在 {due} 前补办备案。",
        },
    ),
    Statement(
        "CHA-03", "慈善项目的公开",
        "慈善项目周期超过 6 个月的，至少每 3 个月公开一次进展；结束后 3 个月内全面公开。",
        "project", ("campaign_daily",),
        (
            row("CHA-03", True, CHARITY_LAW + "第七十九条", since=CHARITY),
            row("charity.report_months", 3, CHARITY_LAW + "第七十九条", since=CHARITY),
            row("charity.long_project_months", 6, CHARITY_LAW + "第七十九条", since=CHARITY),
        ),
        {
            "CHA-03.progress": "项目周期超过 {long} 个月，最迟应在 {due} 公开进展。",
            "CHA-03.final": "项目于 {end} 结束，最迟应在 {due} 全面公开募捐和项目实施情况。",
        },
    ),
    Statement(
        "FIL-01", "备案组织的最少成员数",
        "备案的社区社会组织的成员数不少于本地规定；国家没有统一数字。"
        "达到本地登记条件的，提示可以登记（扬州：个人 20 名或单位 10 个）。",
        "filing", ("save",),
        (
            row("FIL-01", True, "民发〔2017〕191号；地方规定", since=FILING),
            row("FIL-01.register", True, _YANGZHOU, since=FILING, severity="info"),
            row("filing.members_min", None, "国家没有统一规定", since=FILING, note="空：没有规定"),
            row("filing.members_min", 5, "常见的发起人数", since=FILING, mark="K", jurisdiction="320211"),
            row("filing.register_person", None, "国家没有统一规定", since=FILING, note="空：没有规定"),
            row("filing.register_person", 20, _YANGZHOU, since=FILING, jurisdiction="3210"),
            row("filing.register_unit", None, "国家没有统一规定", since=FILING, note="空：没有规定"),
            row("filing.register_unit", 10, _YANGZHOU, since=FILING, jurisdiction="3210"),
        ),
        {
            "FIL-01": "备案组织现有成员 {count} 人，本地规定不少于 {least} 人。",
            "FIL-01.register": "备案组织现有个人成员 {person} 名、单位成员 {unit} 个，"
            "已达到本地登记条件，可以申请登记。",
        },
        jurisdiction="domicile",
    ),
    Statement(
        "FIL-02", "备案组织的活动范围",
        "备案的社区社会组织在本社区、本街道内活动，不收费，不营利。",
        "filing", ("filing_confirm",),
        (row("FIL-02", True, "民发〔2017〕191号；地方规定", since=FILING),),
        {
            "FIL-02.area": "备案组织应在本社区、本街道内活动。",
            "FIL-02.fees": "备案组织不收费。",
            "FIL-02.profit": "备案组织不得从事营利活动。",
        },
        jurisdiction="domicile",
    ),
    Statement(
        "FIL-03", "备案的有效期",
        "备案有有效期或须每年确认的，期满前提醒；有效月数由本地规定，空为长期。",
        "filing", ("daily",),
        (
            row("FIL-03", True, "地方规定", since=FILING, mark="K"),
            row("filing.valid_months", None, "地方规定", since=FILING, mark="K", note="空：长期有效"),
            row("filing.remind_days", [60, 30], OWN, since=FILING, mark="D"),
        ),
        {
            "FIL-03": "备案有效期至 {last}，还有 {days} 日。",
            "FIL-03.over": "备案已于 {last} 期满，尚未续期。",
        },
        jurisdiction="domicile",
    ),
)  # fmt: skip
