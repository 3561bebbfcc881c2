"""REV and PUB: experts, recusal, scores, publicity and objections (handbook §3.5, §3.6, §9.3)."""

from liaoyuan.funding.choices.review import AcceptItem, ConflictKind, ScoreItem
from liaoyuan.funding.params.table import ALWAYS, OWN, PRIVACY_LAW, PRIVACY_SINCE, default_row, row, rule

_SHANGHAI = "上海市社区公益服务招投标办法（2009年至2012年）"

STATEMENTS = (
    rule(
        "GV-REV-01", "评审专家人数", "每个项目的评审专家不少于规定的人数，并为单数。", "review", ("review_open",),
        (
            row("GV-REV-01", True, "各地公益创投的做法", since=ALWAYS, severity="block", mark="K"),
            default_row("gv.review.experts_min", 5),
            default_row("gv.review.odd", True),
        ),
        {
            "GV-REV-01": "评审专家须有 {least} 名以上，现为 {count} 名。",
            "GV-REV-01.odd": "评审专家须为单数，现为 {count} 名。",
        },
    ),
    rule(
        "GV-REV-02", "评审回避",
        "专家与申报组织有任职、亲属、合同、辅导等关系的，不评审其项目；看到申报组织以前先签署声明。", "expert",
        ("review_assign",),
        (
            row("GV-REV-02", True, "参照《社会组织评估管理办法》（民政部令第39号）", since=ALWAYS, severity="block"),
            default_row("gv.recusal.kinds", [kind.value for kind in ConflictKind]),
            default_row("gv.recusal.post_months", 24),
            default_row("gv.recusal.contract_months", 12),
        ),
        {
            "GV-REV-02": "专家须回避：{kind}。",
            "GV-REV-02.ended": "专家须回避：{kind}，{ended} 结束，满 {months} 个月即 {last} 后才能评审。",
            "GV-REV-02.undeclared": "专家还没有签署回避声明。",
        },
    ),
    rule(
        "GV-REV-03", "评分表", "每一项都打分，分数在该项的幅度内；签字以后不再改动。", "score", ("score_save",),
        (
            row("GV-REV-03", True, OWN, since=ALWAYS, severity="block", mark="D"),
            default_row("gv.score.items", {
                ScoreItem.NEED.value: 20, ScoreItem.GOALS.value: 10, ScoreItem.PLAN.value: 20,
                ScoreItem.NOVELTY.value: 10, ScoreItem.TEAM.value: 15, ScoreItem.BUDGET.value: 15,
                ScoreItem.LASTING.value: 5, ScoreItem.PARTY.value: 5,
            }),
            default_row("gv.score.bonus", {"matching": 5}),
        ),
        {
            "GV-REV-03.missing": "还没有打分：{items}。",
            "GV-REV-03.range": "{item}为 {points} 分，应在 0 至 {most} 分之间。",
            "GV-REV-03.unknown": "评分表没有“{item}”这一项。",
            "GV-REV-03.locked": "评分已于 {signed} 签字，只能写明理由作废后重新打分。",
        },
    ),
    rule(
        "GV-REV-04", "汇总和并列", "满规定份数时去掉一个最高分和一个最低分，取平均分；并列的先后次序事先公布。",
        "review",
        ("review_rank",),
        (
            row("GV-REV-04", True, "各地公益创投的做法", since=ALWAYS, severity="info", mark="K"),
            default_row("gv.review.drop_from", 5),
            default_row("gv.rank.ties", [ScoreItem.NEED.value, ScoreItem.BUDGET.value]),
        ),
        {
            "GV-REV-04": "并列时的次序没有事先公布，应为：{ties}。",
            "GV-REV-04.few": "只有 {count} 份评分，不足 {least} 份，不去掉最高分和最低分。",
        },
    ),
    rule(
        "GV-REV-05", "评分差距", "专家对同一项目的总分相差超过规定分数的，须讨论并由第三名专家复评。", "review",
        ("review_close",),
        (
            row("GV-REV-05", True, OWN, since=ALWAYS, mark="D"),
            default_row("gv.review.spread", 20),
        ),
        {"GV-REV-05": "评分最高 {high} 分、最低 {low} 分，相差 {spread} 分，超过 {most} 分，还没有讨论记录。"},
    ),
    rule(
        "GV-PUB-01", "公示期", "拟立项名单公示不少于规定的日数，期满才能批准。", "publicity_list", ("list_approve",),
        (
            row("GV-PUB-01", True, _SHANGHAI, since=ALWAYS, severity="block"),
            default_row("gv.publicity.days", 5),
            default_row("gv.publicity.unit", "workday"),
        ),
        {
            "GV-PUB-01": "公示 {first} 至 {last}，不足 {days} {unit}，应至 {due} 以后。",
            "GV-PUB-01.running": "公示至 {last}，期满后才能批准。",
            "GV-PUB-01.none": "拟立项名单还没有公示。",
        },
    ),
    rule(
        "GV-PUB-02", "异议的答复", "收到异议后在规定期限内复核并答复。", "objection", ("objection_daily",),
        (
            row("GV-PUB-02", True, _SHANGHAI, since=ALWAYS),
            default_row("gv.objection.days", 5),
            default_row("gv.objection.unit", "workday"),
            default_row("gv.objection.final_days", None),
        ),
        {
            "GV-PUB-02": "{received} 收到的异议应在 {due} 前复核，还没有结果。",
            "GV-PUB-02.final": "{received} 收到的异议应在 {due} 前由主办单位答复，还没有答复。",
        },
    ),
    rule(
        "GV-PUB-03", "公示不含个人信息", "公示的名单不含手机号、身份证号、住址、银行账号等个人信息。", "publicity_list",
        ("list_publish",),
        (
            row("GV-PUB-03", True, PRIVACY_LAW + "第二十五条、第二十八条", since=PRIVACY_SINCE, severity="block"),
            row("gv.publicity.hidden",
                ["手机", "电话", "身份证", "住址", "出生", "银行", "账号", "邮箱", "服务对象姓名"],
                OWN, since=ALWAYS, mark="D"),
        ),
        {"GV-PUB-03": "公示的名单里有“{columns}”，请去掉后再公示。"},
    ),
)  # fmt: skip

#: Figures of ranking and of checks that no rule reads.
REVIEW_PARAMETERS = (
    default_row("gv.score.sheet", "standard"),
    default_row("gv.score.party_max", 10, note="党建引领一项的分值可以设为 0 至 10 分，在公告中写明"),
    default_row("gv.review.pass_score", 60, mark="K"),
    default_row("gv.accept.items", {
        AcceptItem.PROGRESS.value: 30, AcceptItem.QUALITY.value: 25, AcceptItem.FINANCE.value: 25,
        AcceptItem.SATISFACTION.value: 10, AcceptItem.ARCHIVE.value: 10,
    }, mark="K"),
    default_row("gv.accept.grades", {"excellent": 90, "passed": 60}, mark="K"),
    default_row("gv.max_win", None),
    default_row("gv.pool_total_fen", None),
)  # fmt: skip

REVIEW_PARAMETER_TITLES: dict[str, str] = {
    "gv.review.experts_min": "每个项目最少的评审专家人数",
    "gv.review.odd": "评审专家须为单数",
    "gv.recusal.kinds": "须回避的关系",
    "gv.recusal.post_months": "任职、顾问、理事关系结束后仍须回避的月数",
    "gv.recusal.contract_months": "合同往来结束后仍须回避的月数",
    "gv.score.items": "评分表的各项和分值",
    "gv.score.bonus": "加分项和最高加分",
    "gv.review.drop_from": "满几份去掉最高分和最低分",
    "gv.rank.ties": "并列时比较的评分项，按先后",
    "gv.review.spread": "须讨论的评分差距（分）",
    "gv.publicity.days": "公示的最少日数",
    "gv.publicity.unit": "公示日数的单位（workday 工作日，day 日）",
    "gv.objection.days": "复核异议的期限",
    "gv.objection.unit": "异议期限的单位（workday 工作日，day 日）",
    "gv.objection.final_days": "主办单位答复异议的期限",
    "gv.publicity.hidden": "公示时不能有的栏目",
    "gv.score.sheet": "评分表",
    "gv.score.party_max": "党建引领一项的最高分值",
    "gv.review.pass_score": "评审的最低分",
    "gv.accept.items": "中期和结项评估表的各项和分值",
    "gv.accept.grades": "结项等次的最低分",
    "gv.max_win": "每个组织每届最多立项项目数",
    "gv.pool_total_fen": "本届资金总额",
}
