"""OFF and ELE: committees, secretaries, terms, elections; VOTE: the arithmetic of the vote (handbook §2.2-2.4)."""

from liaoyuan.party.params.table import (
    BR,
    BRANCH_RULE,
    DEVELOPMENT_RULE,
    DV,
    EL,
    ELECTION_RULE,
    OWN,
    row,
    rule,
    standing,
)

STATEMENTS = (
    rule(
        "PB-OFF-01", "设不设支部委员会",
        "正式党员 7 名以上的党支部设立支部委员会；不足 7 名的设 1 名书记，必要时设 1 名副书记。",
        "branch", ("election_open",),
        (
            row("PB-OFF-01", True, BRANCH_RULE, since=BR),
            row("pb.off.committee_from", 7, BRANCH_RULE, since=BR),
        ),
        {
            "PB-OFF-01": "有正式党员 {formal} 名，达到 {least} 名，应当设立支部委员会。",
            "PB-OFF-01.small": "有正式党员 {formal} 名，不足 {least} 名，设 1 名书记，必要时设 1 名副书记，"
                               "不设支部委员会。",
        },
    ),
    rule(
        "PB-OFF-02", "支部委员会的人数", "支部委员会由 3 至 5 人组成，一般不超过 7 人。",
        "branch", ("election_open",),
        (
            row("PB-OFF-02", True, BRANCH_RULE, since=BR),
            row("PB-OFF-02.most", True, BRANCH_RULE, since=BR, severity="block"),
            row("pb.off.seats", [3, 5], BRANCH_RULE, since=BR),
            row("pb.off.seats_max", 7, BRANCH_RULE, since=BR),
        ),
        {
            "PB-OFF-02": "拟设委员 {seats} 名，支部委员会由 {first} 至 {last} 人组成。",
            "PB-OFF-02.most": "拟设委员 {seats} 名，超过 {most} 名。",
        },
    ),
    rule(
        "PB-OFF-03", "书记的党龄", "党支部书记一般应当有 1 年以上党龄；党龄自预备期满转正之日起算。",
        "party_officer", ("officer_appoint",),
        (
            row("PB-OFF-03", True, BRANCH_RULE + "第二十三条", since=BR),
            row("pb.off.seniority_months", 12, BRANCH_RULE + "第二十三条", since=BR),
        ),
        {
            "PB-OFF-03": "拟任书记 {confirmed} 转正，到 {first} 才满 {months} 个月党龄。",
            "PB-OFF-03.probationary": "拟任书记没有转正日期，书记须是正式党员并有 {months} 个月以上党龄。",
        },
    ),
    rule(
        "PB-OFF-04", "任期和换届提醒",
        "党支部委员会每届任期 3 年，村和社区 5 年；任期届满前 180、90、30 日和届满当日提醒。",
        "branch", ("party_daily",),
        (
            row("PB-OFF-04", True, BRANCH_RULE, since=BR),
            row("pb.off.term_months", 36, BRANCH_RULE, since=BR),
            row("pb.off.village_months", 60, BRANCH_RULE, since=BR),
            row("pb.off.alarm_days", [180, 90, 30, 0], BRANCH_RULE, since=BR,
                note="提前 6 个月提醒已见于文本副本，其余为本系统约定"),
        ),
        {
            "PB-OFF-04": "任期到 {last} 届满，还有 {days} 日，请准备换届。",
            "PB-OFF-04.over": "任期已于 {last} 届满，超过 {days} 日，请按期换届或报批延期。",
        },
    ),
    rule(
        "PB-OFF-05", "延期和提前换届", "延期或者提前换届须经上级党组织批准，延期或者提前的时间不超过 1 年。",
        "branch", ("term_extend",),
        (
            row("PB-OFF-05", True, ELECTION_RULE + "第三条", since=EL, severity="block"),
            row("pb.off.extend_months", 12, ELECTION_RULE + "第三条", since=EL),
        ),
        {
            "PB-OFF-05": "任期 {last} 届满，延期到 {asked}，超过 {months} 个月（最迟 {most}）。",
            "PB-OFF-05.early": "任期 {last} 届满，提前到 {asked}，超过 {months} 个月（最早 {most}）。",
            "PB-OFF-05.approval": "延期或提前换届须填写上级党组织的批准文号。",
        },
    ),
    rule(
        "PB-ELE-01", "候选人的差额", "委员候选人的差额不少于应选人数的 20%。",
        "party_election", ("election_open",),
        (
            row("PB-ELE-01", True, ELECTION_RULE, since=EL, severity="block", mark="K"),
            *standing("pb.ele.extra_share", [1, 5], ELECTION_RULE, since=EL, mark="K"),
        ),
        {"PB-ELE-01": "应选委员 {seats} 名，候选人不少于 {least} 名，现为 {candidates} 名。"},
    ),
    rule(
        "PB-ELE-02", "选举的到会人数", "进行选举时，到会有选举权的党员须达到应到会的五分之四。",
        "party_election", ("election_count",),
        (
            row("PB-ELE-02", True, ELECTION_RULE, since=EL, severity="block", mark="K",
                note="五分之四见于旧规则的文本副本，现行条例未见原文，待本地确认"),
            *standing("pb.vote.election_quorum", [4, 5], ELECTION_RULE, since=EL, mark="K"),
        ),
        {
            "PB-ELE-02": "应到会有选举权的党员 {expected} 名，实到 {present} 名，不足 {quorum} 名，不能选举。",
            "PB-ELE-02.roster": "填写的应到会人数 {expected} 与名册算出的 {roster} 不一致。",
        },
    ),
    rule(
        "PB-ELE-03", "当选和收回的选票",
        "得赞成票超过实到会有选举权人数的半数，方能当选；收回的选票多于发出的，选举无效。",
        "party_election", ("election_count",),
        (
            row("PB-ELE-03", True, ELECTION_RULE, since=EL, severity="block", mark="K"),
            *standing("pb.vote.election_yes", [1, 2], ELECTION_RULE, since=EL, mark="K"),
        ),
        {
            "PB-ELE-03": "实到 {present} 名，当选须得 {needed} 票以上，所填当选者的最少得票为 {yes} 票。",
            "PB-ELE-03.ballots": "发出选票 {issued} 张，收回 {returned} 张，收回多于发出，选举无效。",
        },
    ),
    rule(
        "PB-ELE-04", "选举权", "正式党员有选举权；预备党员、受留党察看处分的党员没有选举权，被留置、逮捕的停止行使。",
        "party_election", ("election_open",),
        (row("PB-ELE-04", True, ELECTION_RULE + "第五条", since=EL, severity="block"),),
        {
            "PB-ELE-04": "选举人名册中有预备党员 {count} 名，没有选举权。",
            "PB-ELE-04.barred": "选举人名册中有留党察看或停止行使选举权的党员 {count} 名。",
            "PB-ELE-04.elsewhere": "选举人名册中有组织关系不在本支部的党员 {count} 名，不在本支部选举。",
        },
    ),
)  # fmt: skip

_ORDINARY = BRANCH_RULE + "第十一条"
_COMMITTEE = BRANCH_RULE + "第十二条"

#: Shares as numerator and denominator; `pb.vote.quorum_over` names the kinds whose quorum must exceed its share.
VOTE_PARAMETERS = (
    *standing("pb.vote.ordinary_quorum", [1, 2], _ORDINARY, since=BR),
    *standing("pb.vote.ordinary_yes", [1, 2], _ORDINARY, since=BR),
    *standing("pb.vote.admission_quorum", [1, 2], DEVELOPMENT_RULE, since=DV),
    *standing("pb.vote.admission_yes", [1, 2], DEVELOPMENT_RULE, since=DV),
    *standing("pb.vote.committee_quorum", [1, 2], _COMMITTEE, since=BR),
    *standing("pb.vote.committee_yes", [1, 2], _COMMITTEE, since=BR, mark="K"),
    *standing("pb.vote.quorum_over", ["admission", "confirmation"], DEVELOPMENT_RULE, since=DV),
    row("pb.vote.few", 5, OWN, since="1998-10-25", mark="D"),
)

OFFICER_PARAMETER_TITLES: dict[str, str] = {
    "pb.off.committee_from": "设立支部委员会的正式党员数",
    "pb.off.seats": "支部委员会的人数（从、到）",
    "pb.off.seats_max": "支部委员会人数上限",
    "pb.off.seniority_months": "书记的最短党龄（月）",
    "pb.off.term_months": "任期（月）",
    "pb.off.village_months": "村、社区党组织的任期（月）",
    "pb.off.alarm_days": "任期届满前提醒的日数",
    "pb.off.extend_months": "延期或提前换届的上限（月）",
    "pb.ele.extra_share": "候选人差额的比例（分子、分母）",
    "pb.vote.election_quorum": "选举：到会不少于应到会的比例（分子、分母）",
    "pb.vote.election_yes": "选举：赞成超过实到会的比例（分子、分母）",
    "pb.vote.ordinary_quorum": "一般事项：到会与应到会的比例（分子、分母）",
    "pb.vote.ordinary_yes": "一般事项：赞成超过应到会的比例（分子、分母）",
    "pb.vote.admission_quorum": "接收、转正：到会与应到会的比例（分子、分母）",
    "pb.vote.admission_yes": "接收、转正：赞成超过应到会的比例（分子、分母）",
    "pb.vote.committee_quorum": "委员会：到会与委员数的比例（分子、分母）",
    "pb.vote.committee_yes": "委员会：赞成超过委员数的比例（分子、分母）",
    "pb.vote.quorum_over": "到会须超过（而不只达到）比例的事项（代码）",
    "pb.vote.few": "应到会不足多少名时票数只给计票人和上级看",
}
