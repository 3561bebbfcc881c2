"""REL and TRN: affiliations, transfers, letters, silence, training of members (handbook §2.2, §2.7, §2.8)."""

from liaoyuan.party.params.table import BR, CHARTER, ED, EDUCATION_RULE, OP, OPINION, OWN, row, rule, standing

_LETTER = "组织关系介绍信的有效期（通行做法）"
_SECOND_HAND = "见于二手资料，各地做法不一，请以上级规定为准"

STATEMENTS = (
    rule(
        "PB-REL-01", "一份正式组织关系",
        "一名党员同时有且只有一份正式组织关系（包括在本系统以外的党组织）。",
        "member", ("member_save",),
        (row("PB-REL-01", True, EDUCATION_RULE, since=ED, severity="block"),),
        {
            "PB-REL-01": "有 {count} 份没有结束的正式组织关系，只能有一份。",
            "PB-REL-01.none": "没有正式组织关系，请填写所在的党组织（可以是本系统以外的）。",
        },
    ),
    rule(
        "PB-REL-02", "应当转接组织关系",
        "工作单位或者经常居住地发生变动，或者外出 6 个月以上、地点固定的，转移组织关系。",
        "member", ("member_daily",),
        (
            row("PB-REL-02", True, EDUCATION_RULE, since=ED),
            row("pb.rel.away_months", 6, EDUCATION_RULE, since=ED),
        ),
        {
            "PB-REL-02": "自 {since} 起外出、地点固定，已满 {months} 个月，应当转移组织关系。",
            "PB-REL-02.unit": "{moved} 工作单位或经常居住地变动，应当转移组织关系。",
        },
    ),
    rule(
        "PB-REL-03", "介绍信的有效期",
        "组织关系介绍信的有效期由开具的党组织确定，最长 90 日；过期的重新开具。",
        "transfer", ("letter_accept",),
        (
            row("PB-REL-03", True, _LETTER, since=ED, severity="block", note=_SECOND_HAND),
            row("PB-REL-03.slow", True, OWN, since=ED, mark="D"),
            *standing("pb.rel.letter_days", 90, _LETTER, since=ED),
            row("pb.rel.letter_warn_days", 30, OWN, since=ED, mark="D"),
        ),
        {
            "PB-REL-03": "介绍信 {issued} 开具，有效期 {days} 日，{last} 到期，须由转出方重新开具。",
            "PB-REL-03.slow": "介绍信 {issued} 开具，{accepted} 才接收，已超过 {days} 日。",
        },
    ),
    rule(
        "PB-REL-04", "回执",
        "接收前由转出方的党组织负责管理；开具 30 日、60 日没有回执的提醒。",
        "transfer", ("transfer_daily",),
        (
            row("PB-REL-04", True, EDUCATION_RULE, since=ED),
            row("pb.rel.receipt_days", [30, 60], OWN, since=ED, mark="D"),
        ),
        {"PB-REL-04": "{issued} 开具的介绍信已 {days} 日没有回执，接收前仍由转出方负责。"},
    ),
    rule(
        "PB-REL-05", "谁能开具介绍信",
        "组织关系介绍信由有审批预备党员权限的基层党委开具。",
        "transfer", ("letter_issue",),
        (row("PB-REL-05", True, EDUCATION_RULE, since=ED, severity="block"),),
        {"PB-REL-05": "{issuer}没有审批预备党员的权限，不能开具组织关系介绍信。"},
    ),
    rule(
        "PB-REL-06", "双隶属党员的权利",
        "双隶属等参加关系的党员，在参加的党支部不表决、不任职、不交党费；成立后正在转接的党支部，上级任命的书记除外。",
        "affiliation", ("officer_appoint", "dues_build"),
        (row("PB-REL-06", True, EDUCATION_RULE, since=ED, severity="block"),),
        {
            "PB-REL-06": "{kind}的党员组织关系不在本支部，不能在本支部任职。",
            "PB-REL-06.dues": "{kind}的党员组织关系不在本支部，党费向组织关系所在的党支部交纳。",
        },
    ),
    rule(
        "PB-REL-07", "双隶属的期限",
        "双隶属写明结束日期，一般不超过 6 个月，期满复核。",
        "affiliation", ("affiliation_daily",),
        (
            row("PB-REL-07", True, OWN, since=OP, mark="D"),
            row("pb.rel.dual_months", 6, OWN, since=OP, mark="D"),
        ),
        {
            "PB-REL-07": "双隶属已于 {last} 期满 {days} 日，请转接组织关系或写明理由后延长。",
            "PB-REL-07.missing": "双隶属没有写明结束日期，一般不超过 {months} 个月（{most}）。",
            "PB-REL-07.long": "双隶属到 {last} 结束，超过 {months} 个月（{most}）。",
        },
    ),
    rule(
        "PB-REL-08", "专职工作的党员转入组织关系",
        "专职工作满 6 个月、组织关系仍不在本组织的党员，提示转入。",
        "member", ("member_daily",),
        (
            row("PB-REL-08", True, OPINION, since=OP, mark="K"),
            row("pb.rel.employed_months", 6, OPINION, since=OP, mark="K"),
        ),
        {"PB-REL-08": "{since} 起在本组织专职工作，已满 {months} 个月，组织关系没有转入。"},
    ),
    rule(
        "PB-REL-09", "没有参加组织生活、没有交纳党费",
        "连续 3 个月没有参加组织生活、没有交纳党费的，由支部书记谈话；满 6 个月的由人决定是否立案，系统从不自动处置。",
        "member", ("member_daily",),
        (
            row("PB-REL-09", True, CHARTER + "第九条", since=BR, mark="K"),
            row("pb.rel.silent_months", [3, 6], CHARTER + "第九条", since=BR, mark="K"),
        ),
        {
            "PB-REL-09": "自 {since} 起没有组织生活和党费的记录，已满 {months} 个月，请支部书记谈话了解。",
            "PB-REL-09.long": "自 {since} 起没有组织生活和党费的记录，已满 {months} 个月，请党支部听取本人说明后研究。",
        },
    ),
    rule(
        "PB-TRN-01", "党员教育培训的学时",
        "党员每年集中学习培训不少于 32 学时，党组织书记不少于 56 学时；10 月 1 日、12 月 1 日提醒。",
        "member", ("member_daily",),
        (
            row("PB-TRN-01", True, EDUCATION_RULE, since=ED),
            row("pb.trn.hours", 32, EDUCATION_RULE, since=ED),
            row("pb.trn.secretary_hours", 56, EDUCATION_RULE, since=ED),
            row("pb.trn.from", ["10-01", "12-01"], OWN, since=ED, mark="D"),
            row("pb.trn.rotation_months", [12, 6], EDUCATION_RULE, since=ED),
        ),
        {"PB-TRN-01": "今年学习培训 {hours} 学时，应不少于 {least} 学时。"},
    ),
)  # fmt: skip

AFFILIATION_PARAMETER_TITLES: dict[str, str] = {
    "pb.rel.away_months": "外出多少个月应当转移组织关系",
    "pb.rel.letter_days": "介绍信有效期上限（日）",
    "pb.rel.letter_warn_days": "接收介绍信多少日后提醒",
    "pb.rel.receipt_days": "没有回执逐次提醒的日数",
    "pb.rel.dual_months": "双隶属的一般期限（月）",
    "pb.rel.employed_months": "专职工作多少个月提示转入",
    "pb.rel.silent_months": "没有记录多少个月谈话、研究",
    "pb.trn.hours": "党员年度学时",
    "pb.trn.secretary_hours": "党组织书记年度学时",
    "pb.trn.from": "学时从几月几日起提醒",
    "pb.trn.rotation_months": "书记多少个月参加一次县级以上轮训、新任书记多少个月以内",
}
