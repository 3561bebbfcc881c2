"""ANN and RAT: annual checks and reports, ratings."""

from liaoyuan.registry.params.table import (
    CHARITY,
    CHARITY_LAW,
    CREDIT,
    CREDIT_RULE,
    JJ,
    JJ_LAW,
    MF,
    MF_LAW,
    OWN,
    RATING,
    RATING_RULE,
    ST_LAW,
    Statement,
    row,
)

_CHECK = ST_LAW + "第二十八条；" + MF_LAW + "第二十三条"
_JIANGSU = "江苏省 2023 年度年检通知"

STATEMENTS = (
    Statement(
        "ANN-01", "年检材料的期限",
        "社会团体、民办非企业单位 3 月 31 日前把上年度报告报业务主管单位，5 月 31 日前报登记机关；"
        "当年通知另定的从其规定。",
        "annual", ("annual_daily",),
        (
            row("ANN-01", True, _CHECK, since=MF),
            row("annual.supervisor_due", "03-31", _CHECK, since=MF),
            row("annual.registrar_due", "05-31", _CHECK, since=MF),
            row("annual.remind_days", [30, 7], OWN, since=MF, mark="D"),
        ),
        {
            "ANN-01.supervisor_due": "{year} 年度报告应在 {last} 前报业务主管单位，还有 {days} 日。",
            "ANN-01.registrar_due": "{year} 年度报告应在 {last} 前报登记机关，还有 {days} 日。",
            "ANN-01.supervisor_due_over": "{year} 年度报告应在 {last} 前报业务主管单位，已过 {days} 日。",
            "ANN-01.registrar_due_over": "{year} 年度报告应在 {last} 前报登记机关，已过 {days} 日。",
        },
    ),
    Statement(
        "ANN-02", "基金会的年度报告",
        "基金会 3 月 31 日前向登记机关报送上年度工作报告，附会计师事务所的审计报告。",
        "annual", ("annual_daily", "annual_submit"),
        (
            row("ANN-02", True, JJ_LAW + "第三十六条", since=JJ),
            row("annual.foundation_due", "03-31", JJ_LAW + "第三十六条", since=JJ),
        ),
        {
            "ANN-02.registrar_due": "{year} 年度报告应在 {last} 前报登记机关，还有 {days} 日。",
            "ANN-02.registrar_due_over": "{year} 年度报告应在 {last} 前报登记机关，已过 {days} 日。",
            "ANN-02.audit": "基金会的年度报告应当附会计师事务所的审计报告。",
        },
        reads=("annual.remind_days",),
    ),
    Statement(
        "ANN-03", "慈善组织报年报",
        "慈善组织报送年度工作报告和财务会计报告，不参加年检。",
        "annual", ("annual_open", "annual_submit"),
        (row("ANN-03", True, CHARITY_LAW + "第十三条", since=CHARITY, severity="block"),),
        {
            "ANN-03": "该组织是慈善组织，应当报送年度工作报告和财务会计报告，不参加年检。",
            "ANN-03.other": "该组织不是慈善组织，应当参加年检，不能按慈善组织年报报送。",
            "ANN-03.financial": "慈善组织的年报应当附财务会计报告。",
        },
    ),
    Statement(
        "ANN-04", "年检范围",
        "参加年检的范围按当年通知的登记截止日：民办非企业单位 6 月 30 日以前登记，"
        "社会团体、基金会 12 月 31 日以前登记（江苏）。",
        "annual", ("annual_open",),
        (
            row("ANN-04", True, _JIANGSU, since="2024-01-01", severity="info", jurisdiction="32"),
            row("annual.cutoff", {"MF": "06-30", "ST": "12-31", "JJ": "12-31"}, _JIANGSU, since="2024-01-01",
                jurisdiction="32"),
        ),
        {"ANN-04": "成立于 {registered}，晚于登记截止日 {last}，不在本年度范围内。"},
    ),
    Statement(
        "ANN-05", "教育、卫生类附审计报告",
        "教育、卫生类民办非企业单位年检附审计报告（江苏）。",
        "annual", ("annual_submit",),
        (
            row("ANN-05", True, _JIANGSU, since="2024-01-01", severity="block", jurisdiction="32"),
            row("annual.audit_fields", ["04", "05"], _JIANGSU, since="2024-01-01", jurisdiction="32"),
        ),
        {"ANN-05": "教育、卫生类民办非企业单位应当附审计报告。"},
    ),
    Statement(
        "ANN-06", "整改报告",
        "上年度年检基本合格、不合格的，附整改报告。",
        "annual", ("annual_submit",),
        (row("ANN-06", True, _JIANGSU, since="2024-01-01", severity="block"),),
        {"ANN-06": "上年度年检结论为{result}，应当附整改报告。"},
    ),
    Statement(
        "ANN-07", "会员数合计",
        "社会团体的单位会员数与个人会员数之和等于会员总数。",
        "annual", ("annual_save",),
        (row("ANN-07", True, "社会团体年度工作报告书填表要求", since=MF, severity="block"),),
        {"ANN-07": "单位会员 {unit}、个人会员 {person}，合计 {sum}，与会员总数 {total} 不符。"},
    ),
    Statement(
        "ANN-08", "未参加年检",
        "1 年未参加年检的，提出列入活动异常名录的建议；连续 2 年的，提出撤销登记的建议（地方规定）。",
        "annual", ("annual_close",),
        (
            row("ANN-08", True, CREDIT_RULE, since=CREDIT, severity="info"),
            row("annual.missed_abnormal", 1, CREDIT_RULE, since=CREDIT),
            row("annual.missed_revocation", 2, "宜昌市年检通知", since=CREDIT),
        ),
        {
            "ANN-08": "{years} 年未参加年检，可提出列入活动异常名录的建议。",
            "ANN-08.revocation": "连续 {years} 年未参加年检，可提出撤销登记的建议。",
        },
    ),
    Statement(
        "RAT-01", "申请评估的条件",
        "取得登记证书满 2 个年度、未参加过评估，或者评估等级满 5 年有效期的，可以申请评估。",
        "rating", ("rating_apply",),
        (
            row("RAT-01", True, RATING_RULE + "第六条", since=RATING, severity="block"),
            row("rating.registered_years", 2, RATING_RULE + "第六条", since=RATING),
            row("rating.early_days", 0, OWN, since=RATING, mark="D", note="等级期满前多少日起可以再申请；0：期满以后"),
        ),
        {
            "RAT-01": "成立于 {registered}，须满 {years} 年，最早 {earliest} 可以申请评估。",
            "RAT-01.valid": "评估等级 {level} 有效期至 {last}，最早 {earliest} 可以再申请评估。",
        },
        reads=("rating.valid_months",),
    ),
    Statement(
        "RAT-02", "不予评估的情形",
        "未参加上年度年检、上年度年检不合格或连续 2 年基本合格、上年度受行政处罚或处罚未执行完毕、"
        "正在被立案调查、在活动异常名录或严重违法失信名单的，不予评估。",
        "rating", ("rating_apply",),
        (
            row("RAT-02", True, RATING_RULE + "第七条", since=RATING, severity="block"),
            row("rating.listed_bars", True, "民政部 2021 年评估规定", since="2021-12-01"),
        ),
        {
            "RAT-02.missed": "未参加 {year} 年度年检（年报），不予评估。",
            "RAT-02.unqualified": "{year} 年度年检结论为不合格，不予评估。",
            "RAT-02.basically": "{before}、{year} 年度年检连续两年基本合格，不予评估。",
            "RAT-02.penalised": "上年度（{day}）受过行政处罚，不予评估。",
            "RAT-02.unexecuted": "行政处罚尚未执行完毕，不予评估。",
            "RAT-02.investigated": "正在被立案调查，不予评估。",
            "RAT-02.listed": "在活动异常名录或严重违法失信名单上，不予评估。",
        },
    ),
    Statement(
        "RAT-03", "评估等级的有效期",
        "评估等级有效期 5 年，期满前 180、90 日提醒。",
        "rating", ("daily",),
        (
            row("RAT-03", True, RATING_RULE + "第二十八条", since=RATING),
            row("rating.valid_months", 60, RATING_RULE + "第二十八条", since=RATING),
            row("rating.remind_days", [180, 90], OWN, since=RATING, mark="D"),
        ),
        {
            "RAT-03": "评估等级 {level} 有效期至 {last}，还有 {days} 日。",
            "RAT-03.over": "评估等级 {level} 已于 {last} 期满。",
        },
    ),
    Statement(
        "RAT-04", "降低评估等级",
        "上年度年检不合格、连续 2 年基本合格或受行政处罚的，提出降低一级的建议。",
        "organization", ("event",),
        (row("RAT-04", True, RATING_RULE + "第三十条", since=RATING, severity="info"),),
        {
            "RAT-04.unqualified": "{year} 年度年检不合格，可以把 {level} 等级降低一级，由工作人员决定。",
            "RAT-04.basically": "{before}、{year} 年度年检连续两年基本合格，可以把 {level} 等级降低一级，"
            "由工作人员决定。",
            "RAT-04.penalised": "{day} 受行政处罚，可以把 {level} 等级降低一级，由工作人员决定。",
        },
    ),
    Statement(
        "RAT-05", "评估人员的回避",
        "与被评组织有利害关系，或者离开该组织不满 2 年的，应当回避。",
        "assessor", ("assign",),
        (
            row("RAT-05", True, RATING_RULE + "第十九条", since=RATING, severity="block"),
            row("rating.recusal_months", 24, RATING_RULE + "第十九条", since=RATING),
        ),
        {
            "RAT-05.interest": "评估人员与该组织有利害关系，应当回避。",
            "RAT-05.holds": "评估人员现在该组织任职，应当回避。",
            "RAT-05.left": "评估人员于 {left} 离开该组织，不满 {months} 个月，{until} 以前应当回避。",
        },
    ),
    Statement(
        "RAT-06", "复核决定的告知",
        "复核决定作出之日起 15 日内书面告知。",
        "appeal", ("decided",),
        (
            row("RAT-06", True, RATING_RULE + "第二十三条", since=RATING),
            row("rating.notice_days", 15, RATING_RULE + "第二十三条", since=RATING),
        ),
        {"RAT-06": "复核决定于 {decided} 作出，最迟应在 {due} 书面告知，现为 {notified}。"},
    ),
)  # fmt: skip
