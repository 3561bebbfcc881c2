"""DEV: the twenty-five steps of admitting members, their floors and terms (handbook §2.6)."""

from liaoyuan.party.params.table import CHARTER, DEVELOPMENT_RULE, DV, OWN, row, rule

_STEP = ("development_step",)
_DAILY = ("development_daily",)
_PROBATION = CHARTER + "第七条"

STATEMENTS = (
    rule(
        "PB-DEV-01", "入党申请人的年龄", "递交入党申请书之日年满 18 周岁。", "development", _STEP,
        (
            row("PB-DEV-01", True, DEVELOPMENT_RULE, since=DV, severity="block"),
            row("pb.dev.age", 18, DEVELOPMENT_RULE, since=DV),
        ),
        {"PB-DEV-01": "申请人 {day} 未满 {age} 周岁，{first} 年满。"},
    ),
    rule(
        "PB-DEV-02", "派人谈话的期限", "党组织收到入党申请书后，应当在 1 个月内派人谈话。", "development", _DAILY,
        (
            row("PB-DEV-02", True, DEVELOPMENT_RULE, since=DV),
            row("pb.dev.talk_months", 1, DEVELOPMENT_RULE, since=DV),
        ),
        {"PB-DEV-02": "{applied} 收到入党申请书，应在 {last} 前派人谈话，已超过 {days} 日。"},
    ),
    rule(
        "PB-DEV-03", "培养联系人", "指定 1 至 2 名正式党员作培养联系人，本人不能作自己的联系人。", "development", _STEP,
        (
            row("PB-DEV-03", True, DEVELOPMENT_RULE, since=DV, severity="block"),
            row("pb.dev.contacts", [1, 2], DEVELOPMENT_RULE, since=DV),
        ),
        {
            "PB-DEV-03": "培养联系人须为 {first} 至 {last} 名，现为 {count} 名。",
            "PB-DEV-03.full": "培养联系人须是正式党员，其中 {count} 名不是。",
            "PB-DEV-03.self": "本人不能作自己的培养联系人。",
        },
    ),
    rule(
        "PB-DEV-04", "半年一次的考察", "党支部每 6 个月对入党积极分子进行一次考察。", "development", _DAILY,
        (
            row("PB-DEV-04", True, DEVELOPMENT_RULE, since=DV),
            row("pb.dev.review_months", 6, DEVELOPMENT_RULE, since=DV),
        ),
        {"PB-DEV-04": "上一次考察（或确定为积极分子）是 {since}，应在 {last} 前考察，已超过 {days} 日。"},
    ),
    rule(
        "PB-DEV-05", "积极分子培养教育 1 年以上", "确定为入党积极分子满 1 年，方可列为发展对象。", "development", _STEP,
        (
            row("PB-DEV-05", True, DEVELOPMENT_RULE + "第十三条", since=DV, severity="block"),
            row("pb.dev.cultivate_months", 12, DEVELOPMENT_RULE + "第十三条", since=DV),
        ),
        {"PB-DEV-05": "{activist} 确定为入党积极分子，须满 {months} 个月，最早 {first} 列为发展对象。"},
    ),
    rule(
        "PB-DEV-06", "入党介绍人",
        "入党介绍人须为 2 名不同的正式党员；受留党察看处分、尚未恢复党员权利的不能作介绍人。",
        "development", _STEP,
        (
            row("PB-DEV-06", True, DEVELOPMENT_RULE, since=DV, severity="block"),
            row("pb.dev.introducers", 2, DEVELOPMENT_RULE, since=DV),
        ),
        {
            "PB-DEV-06": "入党介绍人须为 {need} 名，现为 {count} 名。",
            "PB-DEV-06.same": "入党介绍人须是不同的人，且不是本人。",
            "PB-DEV-06.full": "入党介绍人须是正式党员，其中 {count} 名不是。",
            "PB-DEV-06.barred": "入党介绍人中有 {count} 名受留党察看处分或尚未恢复党员权利。",
        },
    ),
    rule(
        "PB-DEV-07", "预审前的政治审查", "上级党委预审前，政治审查须有结论；没有结论的不能接收。", "development", _STEP,
        (row("PB-DEV-07", True, DEVELOPMENT_RULE + "第十六条", since=DV, severity="block"),),
        {
            "PB-DEV-07": "还没有政治审查结论，不能报上级党委预审。",
            "PB-DEV-07.late": "政治审查结论的日期 {reviewed} 晚于预审日期 {day}。",
        },
    ),
    rule(
        "PB-DEV-08", "短期集中培训",
        "发展对象的短期集中培训不少于 3 天或 24 个学时；经批准不参加的写明理由。",
        "development", _STEP,
        (
            row("PB-DEV-08", True, DEVELOPMENT_RULE, since=DV, severity="block"),
            row("pb.dev.training_days", 3, DEVELOPMENT_RULE, since=DV),
            row("pb.dev.training_hours", 24, DEVELOPMENT_RULE, since=DV),
        ),
        {"PB-DEV-08": "集中培训 {days} 天、{hours} 学时，须不少于 {least_days} 天或 {least_hours} 学时。"},
    ),
    rule(
        "PB-DEV-09", "即将离开的发展对象",
        "未来 3 个月内将离开工作、学习单位的，一般不办理接收手续。",
        "development", _STEP,
        (
            row("PB-DEV-09", True, DEVELOPMENT_RULE, since=DV),
            row("pb.dev.leaving_months", 3, DEVELOPMENT_RULE, since=DV),
        ),
        {"PB-DEV-09": "发展对象 {leaves} 将离开单位，距预审不足 {months} 个月，一般不办理接收手续。"},
    ),
    rule(
        "PB-DEV-10", "会前公示",
        "接收预备党员和转正的支部大会前，公示不少于 5 个工作日（按本地规定）。",
        "development", _STEP,
        (
            row("PB-DEV-10", True, DEVELOPMENT_RULE, since=DV, mark="K"),
            row("pb.dev.publicity_workdays", 5, OWN, since=DV, mark="K"),
        ),
        {
            "PB-DEV-10": "{published} 起公示，须满 {days} 个工作日（{last} 期满），之后方可召开支部大会。",
            "PB-DEV-10.missing": "没有公示的日期，支部大会前须公示 {days} 个工作日。",
        },
    ),
    rule(
        "PB-DEV-11", "接收和转正的表决",
        "到会有表决权的党员须超过应到会的半数，赞成超过应到会的半数方为通过；会前提交的书面意见计算在内；逐人表决。",
        "party_vote", ("vote_close",),
        (row("PB-DEV-11", True, DEVELOPMENT_RULE, since=DV, severity="block"),),
        {
            "PB-DEV-11": "应到会有表决权的党员 {expected} 名，到会须 {quorum} 名以上，实到 {present} 名，不能表决。",
            "PB-DEV-11.yes": "应到会有表决权的党员 {expected} 名，须 {needed} 票赞成方为通过，现为 {yes} 票。",
            "PB-DEV-11.many": "赞成 {yes} 票，多于应到会有表决权的党员 {expected} 名。",
            "PB-DEV-11.each": "接收和转正须逐人表决，本次表决涉及 {count} 名。",
            "PB-DEV-11.roster": "填写的应到会人数 {expected} 与名册算出的 {roster} 不一致。",
        },
        reads=("pb.vote.admission_quorum", "pb.vote.admission_yes", "pb.vote.quorum_over"),
    ),
    rule(
        "PB-DEV-12", "接收预备党员的审批期限", "上级党委收到后应在 3 个月内审批；有特殊情况写明理由，不超过 6 个月。",
        "development", _STEP + _DAILY,
        (
            row("PB-DEV-12", True, DEVELOPMENT_RULE, since=DV),
            row("PB-DEV-12.special", True, DEVELOPMENT_RULE, since=DV, severity="block"),
            row("pb.dev.approval_months", 3, DEVELOPMENT_RULE, since=DV),
            row("pb.dev.approval_special_months", 6, DEVELOPMENT_RULE, since=DV),
        ),
        {
            "PB-DEV-12": "{received} 收到，应在 {last} 前审批；有特殊情况须写明理由，最迟 {most}。",
            "PB-DEV-12.special": "{received} 收到，审批最迟 {most}，已超过 {months} 个月。",
        },
    ),
    rule(
        "PB-DEV-13", "预备期",
        "预备期 1 年，自支部大会通过接收之日起算；满 1 年方可申请和讨论转正。",
        "development", _STEP,
        (
            row("PB-DEV-13", True, _PROBATION, since=DV, severity="block"),
            row("pb.dev.probation_months", 12, _PROBATION, since=DV),
        ),
        {"PB-DEV-13": "预备期自 {meeting} 的支部大会起算，到 {last} 期满，{day} 不能办理转正。"},
    ),
    rule(
        "PB-DEV-14", "按期讨论转正", "预备期满后 1 个月内召开支部大会讨论转正（惯例）。", "development", _DAILY,
        (
            row("PB-DEV-14", True, DEVELOPMENT_RULE, since=DV, mark="K"),
            row("pb.dev.confirm_months", 1, OWN, since=DV, mark="K"),
        ),
        {"PB-DEV-14": "预备期已于 {ended} 期满，应在 {last} 前召开支部大会讨论转正。"},
        reads=("pb.dev.probation_months",),
    ),
    rule(
        "PB-DEV-15", "延长预备期", "预备期只能延长 1 次，延长的时间不少于 6 个月、不超过 1 年。", "development", _STEP,
        (
            row("PB-DEV-15", True, DEVELOPMENT_RULE, since=DV, severity="block"),
            row("pb.dev.extensions", 1, DEVELOPMENT_RULE, since=DV),
            row("pb.dev.extension_months", [6, 12], DEVELOPMENT_RULE, since=DV),
        ),
        {
            "PB-DEV-15": "延长预备期须为 {first} 至 {last} 个月，现为 {months} 个月。",
            "PB-DEV-15.again": "预备期已延长 {count} 次，最多 {most} 次。",
        },
    ),
    rule(
        "PB-DEV-16", "转正的审批期限", "上级党委收到转正的决议后，应在 3 个月内审批。", "development", _DAILY,
        (
            row("PB-DEV-16", True, DEVELOPMENT_RULE, since=DV),
            row("pb.dev.confirm_approval_months", 3, DEVELOPMENT_RULE, since=DV),
        ),
        {"PB-DEV-16": "{received} 收到转正的决议，应在 {last} 前审批，已超过 {days} 日。"},
    ),
    rule(
        "PB-DEV-17", "发展党员计划", "当年接收预备党员不超过上级下达的计划数。", "development", _STEP,
        (row("PB-DEV-17", True, DEVELOPMENT_RULE, since=DV, severity="block", mark="K"),),
        {"PB-DEV-17": "当年计划 {quota} 名，已用 {used} 名，不能再报预审。"},
    ),
    rule(
        "PB-DEV-18", "按步骤办理",
        "发展党员按 25 个步骤办理，不越过前面的步骤，日期不早于前面的步骤，也不晚于今天。",
        "development", _STEP,
        (row("PB-DEV-18", True, OWN, since=DV, severity="block", mark="D"),),
        {
            "PB-DEV-18": "办理第 {step} 步“{title}”以前，须先完成第 {before} 步“{before_title}”。",
            "PB-DEV-18.order": "第 {step} 步“{title}”的日期 {day} 早于"
                               "第 {before} 步“{before_title}”的日期 {before_day}。",
            "PB-DEV-18.future": "第 {step} 步“{title}”的日期 {day} 晚于今天。",
        },
    ),
)  # fmt: skip

DEVELOPMENT_PARAMETER_TITLES: dict[str, str] = {
    "pb.dev.age": "申请入党的最低年龄（周岁）",
    "pb.dev.talk_months": "派人谈话的期限（月）",
    "pb.dev.contacts": "培养联系人数（从、到）",
    "pb.dev.review_months": "考察积极分子的间隔（月）",
    "pb.dev.cultivate_months": "积极分子最短培养时间（月）",
    "pb.dev.introducers": "入党介绍人数",
    "pb.dev.training_days": "集中培训最少天数",
    "pb.dev.training_hours": "集中培训最少学时",
    "pb.dev.leaving_months": "多少个月内离开的一般不接收",
    "pb.dev.publicity_workdays": "会前公示的工作日数",
    "pb.dev.approval_months": "接收预备党员的审批期限（月）",
    "pb.dev.approval_special_months": "特殊情况的审批期限（月）",
    "pb.dev.probation_months": "预备期（月）",
    "pb.dev.confirm_months": "期满后讨论转正的期限（月）",
    "pb.dev.extensions": "预备期最多延长次数",
    "pb.dev.extension_months": "预备期一次延长的月数（从、到）",
    "pb.dev.confirm_approval_months": "转正的审批期限（月）",
}
