"""MTG: meetings, their frequency, minutes and votes (handbook §2.4, §2.5)."""

from liaoyuan.party.params.table import BR, BRANCH_RULE, OWN, row, rule

_MEMBERS = BRANCH_RULE + "第十一条"
_COMMITTEE = BRANCH_RULE + "第十二条"

#: The three steps of a review, as facts name them.
REVIEW_STEP_TITLES: dict[str, str] = {"self": "个人自评", "mutual": "党员互评", "poll": "民主测评"}

STATEMENTS = (
    rule(
        "PB-MTG-01", "支部党员大会", "支部党员大会一般每季度召开 1 次；季末前 10 日提醒。",
        "branch", ("life_daily",),
        (
            row("PB-MTG-01", True, _MEMBERS, since=BR),
            row("pb.mtg.members_per_quarter", 1, _MEMBERS, since=BR),
            row("pb.mtg.quarter_days", 10, OWN, since=BR, mark="D"),
        ),
        {"PB-MTG-01": "本季度召开支部党员大会 {held} 次，应在 {last} 前召开 {least} 次。"},
    ),
    rule(
        "PB-MTG-02", "支部委员会会议", "设支部委员会的党支部，一般每月召开 1 次支部委员会会议；不设的不提问。",
        "branch", ("life_daily",),
        (
            row("PB-MTG-02", True, _COMMITTEE, since=BR),
            row("pb.mtg.committee_per_month", 1, _COMMITTEE, since=BR),
            row("pb.mtg.month_days", 5, OWN, since=BR, mark="D"),
        ),
        {"PB-MTG-02": "本月召开支部委员会会议 {held} 次，应在 {last} 前召开 {least} 次。"},
    ),
    rule(
        "PB-MTG-03", "党小组会", "划分党小组的党支部，党小组会一般每月召开 1 次；不划分的不提问。",
        "branch", ("life_daily",),
        (
            row("PB-MTG-03", True, BRANCH_RULE, since=BR),
            row("pb.mtg.groups_per_month", 1, BRANCH_RULE, since=BR),
        ),
        {"PB-MTG-03": "有 {groups} 个党小组，开会最少的本月召开 {held} 次，应在 {last} 前召开 {least} 次。"},
        reads=("pb.mtg.month_days",),
    ),
    rule(
        "PB-MTG-04", "党课", "党支部每季度安排 1 次党课（各地规定不一，以本地为准）。",
        "branch", ("life_daily",),
        (
            row("PB-MTG-04", True, BRANCH_RULE, since=BR, mark="K"),
            row("pb.mtg.lectures_per_quarter", 1, BRANCH_RULE, since=BR, mark="K"),
        ),
        {"PB-MTG-04": "本季度安排党课 {held} 次，应在 {last} 前安排 {least} 次。"},
        reads=("pb.mtg.quarter_days",),
    ),
    rule(
        "PB-MTG-05", "主题党日", "党支部每月相对固定 1 天开展主题党日。",
        "branch", ("life_daily",),
        (
            row("PB-MTG-05", True, BRANCH_RULE + "第十六条", since=BR, mark="K"),
            row("pb.mtg.theme_days_per_month", 1, BRANCH_RULE + "第十六条", since=BR, mark="K"),
        ),
        {"PB-MTG-05": "本月开展主题党日 {held} 次，应在 {last} 前开展 {least} 次。"},
        reads=("pb.mtg.month_days",),
    ),
    rule(
        "PB-MTG-06", "组织生活会", "组织生活会每年至少召开 1 次，一般在第四季度；12 月 1 日起提醒。",
        "branch", ("life_daily",),
        (
            row("PB-MTG-06", True, BRANCH_RULE + "第十七条", since=BR, mark="K"),
            row("pb.mtg.life_per_year", 1, BRANCH_RULE + "第十七条", since=BR, mark="K"),
            row("pb.mtg.year_from", "12-01", OWN, since=BR, mark="D"),
        ),
        {"PB-MTG-06": "今年召开组织生活会 {held} 次，应在 {last} 前召开 {least} 次。"},
    ),
    rule(
        "PB-MTG-07", "民主评议党员", "每年开展 1 次民主评议党员，经过个人自评、党员互评、民主测评；12 月 1 日起提醒。",
        "branch", ("life_daily",),
        (
            row("PB-MTG-07", True, BRANCH_RULE, since=BR),
            row("pb.mtg.reviews_per_year", 1, BRANCH_RULE, since=BR),
            row("pb.mtg.review_steps", ["self", "mutual", "poll"], BRANCH_RULE, since=BR),
        ),
        {
            "PB-MTG-07": "今年开展民主评议党员 {held} 次，应在 {last} 前开展 {least} 次。",
            "PB-MTG-07.steps": "今年的民主评议党员缺少{steps}。",
        },
        reads=("pb.mtg.year_from",),
    ),
    rule(
        "PB-MTG-08", "党员大会表决",
        "到会有表决权的党员达到应到会的半数方能表决，赞成超过应到会的半数方为通过；应到会人数由当日名册算出。",
        "party_vote", ("vote_close",),
        (row("PB-MTG-08", True, _MEMBERS, since=BR, severity="block"),),
        {
            "PB-MTG-08": "应到会有表决权的党员 {expected} 名，实到 {present} 名，不足 {quorum} 名，不能表决。",
            "PB-MTG-08.yes": "应到会有表决权的党员 {expected} 名，须 {needed} 票赞成方为通过，现为 {yes} 票。",
            "PB-MTG-08.many": "赞成 {yes} 票，多于应到会有表决权的党员 {expected} 名。",
            "PB-MTG-08.roster": "填写的应到会人数 {expected} 与名册算出的 {roster} 不一致。",
        },
        reads=("pb.vote.ordinary_quorum", "pb.vote.ordinary_yes", "pb.vote.quorum_over"),
    ),
    rule(
        "PB-MTG-09", "委员会会议表决", "到会委员达到委员总数的半数方能开会，赞成超过委员总数的半数方为通过。",
        "party_vote", ("vote_close",),
        (
            row("PB-MTG-09", True, _COMMITTEE, since=BR, severity="block"),
            row("PB-MTG-09.yes", True, _COMMITTEE, since=BR, severity="block", mark="K"),
        ),
        {
            "PB-MTG-09": "委员 {expected} 名，到会 {present} 名，不足 {quorum} 名，不能表决。",
            "PB-MTG-09.yes": "委员 {expected} 名，须 {needed} 票赞成方为通过，现为 {yes} 票。",
            "PB-MTG-09.many": "赞成 {yes} 票，多于委员 {expected} 名。",
            "PB-MTG-09.roster": "填写的委员人数 {expected} 与名册算出的 {roster} 不一致。",
        },
        reads=("pb.vote.committee_quorum", "pb.vote.committee_yes", "pb.vote.quorum_over"),
    ),
    rule(
        "PB-MTG-10", "会议记录的期限", "会后 7 日内补全会议记录：主持人、记录人、人数、议题、签名。",
        "party_meeting", ("meeting_daily",),
        (
            row("PB-MTG-10", True, OWN, since=BR, mark="D"),
            row("pb.mtg.minutes_days", 7, OWN, since=BR, mark="D"),
        ),
        {"PB-MTG-10": "{held} 的会议记录缺少{what}，应在 {last} 前补全。"},
    ),
    rule(
        "PB-MTG-11", "到会、缺席与应到会",
        "有表决权的到会人数加缺席人数等于应到会人数，缺席写明原因，其他到会者记为列席；应到会为 0 的会议不表决。",
        "party_meeting", ("meeting_save",),
        (row("PB-MTG-11", True, OWN, since=BR, severity="block", mark="D"),),
        {
            "PB-MTG-11": "到会 {present} 名，缺席 {absent} 名，合计 {total} 名，应等于应到会 {expected} 名。",
            "PB-MTG-11.reason": "缺席的党员中有 {count} 名没有写明原因。",
            "PB-MTG-11.empty": "应到会有表决权的党员为 0 名，会议可以记录，但不能表决。",
        },
    ),
)  # fmt: skip

#: Figures that no rule reads: how long a code for signing in holds.
SIGN_IN_PARAMETERS = (row("pb.mtg.sign_in_seconds", 300, OWN, since="1998-10-25", mark="D"),)

MEETING_PARAMETER_TITLES: dict[str, str] = {
    "pb.mtg.sign_in_seconds": "签到二维码的有效时间（秒）",
    "pb.mtg.members_per_quarter": "支部党员大会每季度次数",
    "pb.mtg.quarter_days": "季末前多少日提醒",
    "pb.mtg.committee_per_month": "支部委员会会议每月次数",
    "pb.mtg.month_days": "月末前多少日提醒",
    "pb.mtg.groups_per_month": "党小组会每月次数",
    "pb.mtg.lectures_per_quarter": "党课每季度次数",
    "pb.mtg.theme_days_per_month": "主题党日每月次数",
    "pb.mtg.life_per_year": "组织生活会每年次数",
    "pb.mtg.year_from": "年度组织生活从几月几日起提醒",
    "pb.mtg.reviews_per_year": "民主评议党员每年次数",
    "pb.mtg.review_steps": "民主评议党员的步骤（代码）",
    "pb.mtg.minutes_days": "补全会议记录的期限（日）",
}
