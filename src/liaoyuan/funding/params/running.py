"""MID, EXE, FIN, SAN: checks, changes, the end of a project and what follows misconduct (handbook §3.7, §9.3)."""

from liaoyuan.funding.choices.money import AmendmentKind, Misconduct
from liaoyuan.funding.choices.running import Overdue, Risk
from liaoyuan.funding.params.table import ALWAYS, OWN, default_row, row, rule

_USUAL = "各地公益创投的做法"

STATEMENTS = (
    rule(
        "GV-MID-01", "中期评估的时间", "中期评估在项目期限过去规定比例时进行。", "venture_project", ("project_daily",),
        (
            row("GV-MID-01", True, _USUAL, since=ALWAYS, mark="K"),
            default_row("gv.mid.window", [45, 60]),
        ),
        {
            "GV-MID-01": "项目期限 {first} 至 {last}，中期评估应在 {due} 前进行。",
            "GV-MID-01.outside": "中期评估于 {checked} 进行，应在 {from_day} 至 {due} 之间。",
        },
    ),
    rule(
        "GV-EXE-01", "协议以外的活动", "不在协议期限和地点内的活动，其支出不予认可。", "venture_project",
        ("project_activity",),
        (row("GV-EXE-01", True, OWN, since=ALWAYS, mark="D"),),
        {
            "GV-EXE-01": "活动日期 {day} 不在协议期限 {first} 至 {last} 内，支出不予认可。",
            "GV-EXE-01.place": "活动地点“{place}”不在协议约定的{places}，支出不予认可。",
        },
    ),
    rule(
        "GV-EXE-02", "变更须批准", "更换负责人、改变期限和目标，或预算科目调整超过规定比例的，须经批准。", "amendment",
        ("project_amend",),
        (
            row("GV-EXE-02", True, _USUAL, since=ALWAYS, severity="block", mark="K"),
            row("GV-EXE-02.notice", True, _USUAL, since=ALWAYS, severity="info", mark="K"),
            default_row("gv.adjust.free_percent", 10, mark="K"),
            default_row("gv.adjust.approval_percent", 10, mark="K"),
            default_row("gv.adjust.kinds", [AmendmentKind.LEADER.value, AmendmentKind.PERIOD.value,
                                        AmendmentKind.TARGET.value], mark="K"),
        ),
        {
            "GV-EXE-02": "变更{kinds}须经主办单位批准。",
            "GV-EXE-02.budget": "{title}由 {approved} 元调整为 {new} 元，变动 {ratio}%，超过 {most}%，"
                                "须经主办单位批准。",
            "GV-EXE-02.notice": "{title}由 {approved} 元调整为 {new} 元，变动 {ratio}%，超过 {most}%，"
                                "请向承办单位报备。",
        },
    ),
    rule(
        "GV-EXE-03", "重复使用的照片", "同一张照片不用于两次活动或两个项目。", "venture_project", ("project_photo",),
        (row("GV-EXE-03", True, OWN, since=ALWAYS, mark="D"),),
        {"GV-EXE-03": "这张照片已用于{names}，请说明。"},
    ),
    rule(
        "GV-FIN-01", "结项材料的期限", "项目结束后在规定日数内提交结项材料。", "venture_project", ("project_daily",),
        (
            row("GV-FIN-01", True, _USUAL, since=ALWAYS, mark="K"),
            default_row("gv.final.days", 30),
        ),
        {
            "GV-FIN-01": "项目 {last} 结束，结项材料应在 {due} 前提交，还没有提交。",
            "GV-FIN-01.late": "结项材料 {received} 提交，超过 {due} 的期限。",
        },
    ),
    rule(
        "GV-FIN-02", "指标完成率", "指标完成率低于规定比例的，没有理由不评为合格。", "venture_project",
        ("project_accept",),
        (
            row("GV-FIN-02", True, _USUAL, since=ALWAYS, mark="K"),
            default_row("gv.final.completion_percent", 80),
        ),
        {"GV-FIN-02": "指标“{indicator}”完成 {percent}%，不足 {least}%，评为{grade}须写明理由。"},
    ),
)  # fmt: skip

END_STATEMENTS = (
    rule(
        "GV-FIN-04", "结余资金", "没有用完的资金退回或经同意另作他用；结转超过规定月数的收回。", "venture_project",
        ("project_daily",),
        (
            row("GV-FIN-04", True, "广州市公益创投项目管理办法（旧）", since=ALWAYS),
            default_row("gv.unused.months", 24),
        ),
        {
            "GV-FIN-04": "结余资金 {amount} 元还没有退回，也没有同意另作他用。",
            "GV-FIN-04.old": "结余资金 {amount} 元自 {since} 起没有使用，已满 {months} 个月，应收回。",
        },
    ),
    rule(
        "GV-FIN-05", "项目档案", "档案清单上的材料齐全，才能办结归档。", "venture_project", ("project_close",),
        (
            row("GV-FIN-05", True, OWN, since=ALWAYS, severity="block", mark="D"),
            default_row(
                "gv.archive.papers",
                ["征集公告", "申报书", "资格审查记录", "评分表", "公示记录", "协议", "预算表", "拨付凭证", "活动记录",
                 "中期报告", "结项报告", "决算表", "变更材料", "满意度调查", "评估意见", "绩效公开"],
            ),
            default_row("gv.audit.over_fen", None),
        ),
        {
            "GV-FIN-05": "档案还缺：{papers}。",
            "GV-FIN-05.audit": "资助金额 {amount} 元，超过 {most} 元的项目须有审计报告。",
        },
    ),
    rule(
        "GV-SAN-01", "弄虚作假和不合格的后果",
        "弄虚作假、挪用资金、违反协议或结项不合格的，在规定年数内不得申报，并记入信用信息。",
        "venture_project", ("project_sanction",),
        (
            row("GV-SAN-01", True, "中山市2013年博爱100公益创投", since=ALWAYS, severity="info"),
            default_row("gv.sanction.years", {kind.value: 3 for kind in Misconduct}),
        ),
        {
            "GV-SAN-01": "因{grounds}，自 {first} 起 {years} 年内（至 {last}）不得申报。",
            "GV-SAN-01.credit": "因{grounds}作出的处理还没有记入信用信息。",
        },
    ),
)  # fmt: skip

#: Figures that no rule reads.
RUNNING_PARAMETERS = (
    default_row("gv.archive.days", None),
    default_row("gv.month.due_day", 10),
    default_row("gv.overdue.kinds", [kind.value for kind in Overdue]),
    default_row("gv.reply.workdays", 5),
    default_row("gv.sample.percent", 20),
    default_row("gv.sample.risks", {
        Risk.OVERDUE.value: 5, Risk.PHOTOS.value: 4, Risk.BEHIND.value: 3, Risk.SPENDING.value: 3,
        Risk.SILENT.value: 3, Risk.OUTSIDE.value: 2,
    }),
    default_row("gv.sample.behind_percent", 20),
    default_row("gv.sample.silent_days", 45),
)  # fmt: skip

RUNNING_PARAMETER_TITLES: dict[str, str] = {
    "gv.mid.window": "中期评估的时间（项目期限的 %，起止）",
    "gv.adjust.free_percent": "科目调整不须报批的幅度（%）",
    "gv.adjust.approval_percent": "科目调整须批准的幅度（%）",
    "gv.adjust.kinds": "须批准的变更",
    "gv.final.days": "提交结项材料的日数",
    "gv.final.completion_percent": "评为合格的最低指标完成率（%）",
    "gv.unused.months": "结余资金收回的月数",
    "gv.archive.papers": "项目档案清单",
    "gv.audit.over_fen": "须审计的资助金额",
    "gv.sanction.years": "各种情形不得申报的年数",
    "gv.archive.days": "结项后归档的日数",
    "gv.month.due_day": "月报在下月几日以前交",
    "gv.overdue.kinds": "逾期时暂缓拨付的材料",
    "gv.reply.workdays": "对督导和处理意见回复的工作日数",
    "gv.sample.percent": "随机抽查的比例（%）",
    "gv.sample.risks": "按风险抽查的原因和分值",
    "gv.sample.behind_percent": "指标落后、支出超前于进度的幅度（%）",
    "gv.sample.silent_days": "没有工作记录的日数",
}
