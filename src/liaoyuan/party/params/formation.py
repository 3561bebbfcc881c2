"""FORM and TMP: founding, size, units and end of a branch; branches that exist for a task (handbook §2.1, §2.8)."""

from liaoyuan.party.params.table import BR, BRANCH_RULE, CHARTER, OWN, row, rule

_DISTRICT = "320211"
_FOUND_FIRST = "滨湖区社会组织党支部先成立、后转接的做法"

#: What a branch does, as facts name it.
ACT_TITLES: dict[str, str] = {
    "admission": "接收党员",
    "discipline": "处分处置党员",
    "dues": "收缴党费",
    "delegates": "选举党代表大会代表",
    "reelection": "换届选举",
}

STATEMENTS = (
    rule(
        "PB-FORM-01", "应建党支部",
        "有正式党员 3 名以上的组织应当成立党支部；已书面同意转入的专职正式党员一并计算，预备党员、双隶属党员不计。",
        "organization", ("party_daily",),
        (
            row("PB-FORM-01", True, BRANCH_RULE + "第四条", since=BR),
            row("pb.form.min_formal", 3, BRANCH_RULE + "第四条", since=BR),
            row("pb.form.gap_days", [30, 60, 90], OWN, since=BR, mark="D"),
        ),
        {
            "PB-FORM-01": "有正式党员 {count} 名（组织关系在本组织 {formal} 名，书面同意转入 {committed} 名），"
                          "达到 {least} 名，应当成立党支部，已 {days} 日未建。",
            "PB-FORM-01.transfer": "有正式党员 {count} 名，达到 {least} 名，但组织关系在本组织的只有 {formal} 名，"
                                   "须先办理组织关系转接，再成立党支部。",
        },
        reads=("pb.form.count_committed",),
    ),
    rule(
        "PB-FORM-02", "独立党支部的正式党员数",
        "申请成立独立党支部，正式党员须在 3 名以上；书面同意转入的是否计算、双隶属的是否计算，按本地参数。",
        "founding", ("party_apply",),
        (
            row("PB-FORM-02", True, BRANCH_RULE + "第四条", since=BR, severity="block"),
            row("PB-FORM-02.plan", True, OWN, since=BR, mark="D"),
            row("PB-FORM-02.dual", True, OWN, since=BR, mark="D"),
            row("pb.form.count_committed", False, OWN, since=BR, mark="D"),
            row("pb.form.count_committed", True, _FOUND_FIRST, since=BR, mark="K", jurisdiction=_DISTRICT),
            row("pb.form.count_dual", False, OWN, since=BR, mark="D"),
        ),
        {
            "PB-FORM-02": "独立党支部须有正式党员 {least} 名以上，现为 {count} 名（组织关系在本组织 {formal} 名，"
                          "书面同意转入 {committed} 名）。",
            "PB-FORM-02.plan": "组织关系在本组织的正式党员只有 {formal} 名，另有 {committed} 名书面同意转入，"
                               "须附转接计划。",
            "PB-FORM-02.dual": "正式党员 {count} 名，须计入双隶属党员 {dual} 名才达到 {least} 名，"
                               "请核实组织关系能否转入。",
        },
        reads=("pb.form.min_formal",),
    ),
    rule(
        "PB-FORM-03", "党支部的规模",
        "党支部的党员人数一般不超过 50 名；超过 50 名的设党总支，超过 100 名的设党委。",
        "branch", ("party_apply", "party_daily"),
        (
            row("PB-FORM-03", True, BRANCH_RULE + "第四条", since=BR),
            row("PB-FORM-03.great", True, CHARTER, since=BR, mark="D"),
            row("PB-FORM-03.general", True, CHARTER, since=BR, mark="D"),
            row("PB-FORM-03.committee", True, CHARTER, since=BR, mark="D"),
            row("pb.form.max", 50, BRANCH_RULE + "第四条", since=BR),
            row("pb.form.general_max", 100, CHARTER, since=BR),
        ),
        {
            "PB-FORM-03": "党支部有党员 {members} 名，一般不超过 {most} 名，可以改设党总支。",
            "PB-FORM-03.great": "党总支有党员 {members} 名，超过 {most} 名，可以改设党委。",
            "PB-FORM-03.general": "设党总支一般要有党员 {least} 名以上，现有 {members} 名；确有需要的请写明理由。",
            "PB-FORM-03.committee": "设党委一般要有党员 {least} 名以上，现有 {members} 名；确有需要的请写明理由。",
        },
    ),
    rule(
        "PB-FORM-04", "联合党支部的单位", "联合党支部覆盖的单位一般不超过 5 个，地域相邻或者行业相近。",
        "joint_branch", ("party_apply", "party_save"),
        (
            row("PB-FORM-04", True, BRANCH_RULE + "第五条", since=BR),
            row("PB-FORM-04.fit", True, BRANCH_RULE + "第五条", since=BR, severity="info"),
            row("pb.form.max_units", 5, BRANCH_RULE + "第五条", since=BR),
        ),
        {
            "PB-FORM-04": "联合党支部覆盖 {units} 个单位，一般不超过 {most} 个。",
            "PB-FORM-04.fit": "成员单位分布在{streets}，行业有{fields}，既不相邻也不相近，请核实是否便于开展活动。",
        },
    ),
    rule(
        "PB-FORM-05", "联合党支部中可以单独组建的单位",
        "联合党支部由正式党员不足 3 名的单位组成；其中单位的正式党员达到 3 名的，应当单独成立党支部。",
        "joint_branch", ("party_apply", "party_daily"),
        (row("PB-FORM-05", True, BRANCH_RULE + "第五条", since=BR),),
        {"PB-FORM-05": "{unit}的正式党员达到 {count} 名（以 {least} 名为界），应当单独成立党支部。"},
        reads=("pb.form.min_formal",),
    ),
    rule(
        "PB-FORM-06", "联合党支部的正式党员数",
        "申请成立联合党支部，各单位的正式党员合计须在 3 名以上，计算口径与独立党支部相同。",
        "founding", ("party_apply",),
        (
            row("PB-FORM-06", True, BRANCH_RULE + "第五条", since=BR, severity="block", mark="K"),
            row("PB-FORM-06.plan", True, OWN, since=BR, mark="D"),
            row("PB-FORM-06.dual", True, OWN, since=BR, mark="D"),
        ),
        {
            "PB-FORM-06": "联合党支部须有正式党员 {least} 名以上，现合计 {count} 名（组织关系在各单位 {formal} 名，"
                          "书面同意转入 {committed} 名）。",
            "PB-FORM-06.plan": "组织关系在各单位的正式党员只有 {formal} 名，另有 {committed} 名书面同意转入，"
                               "须附转接计划。",
            "PB-FORM-06.dual": "正式党员合计 {count} 名，须计入双隶属党员 {dual} 名才达到 {least} 名，"
                               "请核实组织关系能否转入。",
        },
        reads=("pb.form.min_formal", "pb.form.count_committed", "pb.form.count_dual"),
    ),
    rule(
        "PB-FORM-07", "一个单位只在一个联合党支部", "一个单位同时只参加一个存续的联合党支部。",
        "joint_branch", ("party_save",),
        (row("PB-FORM-07", True, OWN, since=BR, severity="block", mark="D"),),
        {"PB-FORM-07": "{units}已在另一个联合党支部，须先退出。"},
    ),
    rule(
        "PB-FORM-08", "批复的期限", "基层党委收到成立党支部的申请后，一般在 1 个月内批复。",
        "founding", ("party_daily",),
        (
            row("PB-FORM-08", True, BRANCH_RULE + "第六条", since=BR),
            row("pb.form.reply_months", 1, BRANCH_RULE + "第六条", since=BR),
        ),
        {"PB-FORM-08": "{applied} 提出的申请应在 {last} 前批复，已超过 {days} 日。"},
    ),
    rule(
        "PB-FORM-09", "批复后的选举和备案",
        "批复后 30 日内召开党员大会选举，选举后 30 日内报上级党委组织部门备案；"
        "成立后正在转接组织关系的由上级任命书记，不提问。",
        "branch", ("party_daily",),
        (
            row("PB-FORM-09", True, BRANCH_RULE + "第六条", since=BR),
            row("pb.form.election_days", 30, OWN, since=BR, mark="D"),
            row("pb.form.filing_days", 30, OWN, since=BR, mark="D"),
        ),
        {
            "PB-FORM-09": "{replied} 批复后已 {days} 日没有选举，应在 {most} 日内召开党员大会选举。",
            "PB-FORM-09.filing": "{elected} 选举后已 {days} 日没有备案，应在 {most} 日内报上级党委组织部门备案。",
        },
    ),
    rule(
        "PB-FORM-10", "不再符合组建条件",
        "正式党员不足 3 名满 90 日的党支部，由上级党组织及时调整或撤销；成立后正在转接组织关系的，自转接期满起。",
        "branch", ("party_daily",),
        (
            row("PB-FORM-10", True, BRANCH_RULE + "第七条", since=BR, severity="info", mark="K"),
            row("pb.form.below_days", 90, OWN, since=BR, mark="D"),
        ),
        {
            "PB-FORM-10": "正式党员 {formal} 名，不足 {least} 名已 {days} 日，请上级党组织研究调整或撤销。",
            "PB-FORM-10.transfer": "组织关系转接已于 {due} 期满，正式党员 {formal} 名，仍不足 {least} 名，"
                                   "请上级党组织研究。",
        },
        reads=("pb.form.min_formal",),
    ),
    rule(
        "PB-FORM-11", "项目上的党支部", "为期 6 个月以上、有正式党员 3 名以上的项目，符合条件的应当成立党支部。",
        "venture_project", ("project_start",),
        (
            row("PB-FORM-11", True, BRANCH_RULE, since=BR, severity="info"),
            row("pb.form.project_months", 6, BRANCH_RULE, since=BR),
        ),
        {"PB-FORM-11": "项目为期 {months} 个月，有正式党员 {count} 名，建议成立党支部。"},
        reads=("pb.form.min_formal",),
    ),
    rule(
        "PB-TMP-01", "临时党支部不办理的事项",
        "临时党支部一般不接收党员、不处分处置党员、不收缴党费、不选举党代表大会代表、不进行换届；功能型党支部和正在转接组织关系的党支部照本系统约定。",
        "temporary_branch", ("party_act",),
        (
            row("PB-TMP-01", True, BRANCH_RULE + "第八条", since=BR, severity="block"),
            row("PB-TMP-01.functional", True, OWN, since=BR, severity="block", mark="D"),
            row("PB-TMP-01.transfer", True, OWN, since=BR, severity="block", mark="D"),
            row("pb.form.temporary_banned", ["admission", "discipline", "dues", "delegates", "reelection"],
                BRANCH_RULE + "第八条", since=BR),
            row("pb.form.transfer_banned", ["admission", "dues", "reelection"], OWN, since=BR, mark="D"),
        ),
        {
            "PB-TMP-01": "临时党支部不办理“{act}”，请到党员组织关系所在的党支部办理。",
            "PB-TMP-01.functional": "功能型党支部不办理“{act}”，请到党员组织关系所在的党支部办理。",
            "PB-TMP-01.transfer": "党支部成立后正在转接组织关系，正式党员 {formal} 名，不足 {least} 名，"
                                  "暂不办理“{act}”。",
        },
        reads=("pb.form.min_formal",),
    ),
    rule(
        "PB-TMP-02", "临时党支部的期限", "临时党支部有结束日期，临时机构撤销时随之撤销。",
        "temporary_branch", ("party_daily",),
        (row("PB-TMP-02", True, BRANCH_RULE + "第八条", since=BR),),
        {
            "PB-TMP-02": "临时党支部没有写明结束日期。",
            "PB-TMP-02.over": "临时党支部应在 {last} 结束，已过 {days} 日，请撤销或说明理由后延长。",
        },
    ),
)  # fmt: skip

FORMATION_TITLES: dict[str, str] = {
    "pb.form.min_formal": "成立党支部最少正式党员数",
    "pb.form.gap_days": "应建未建逐次提醒的日数",
    "pb.form.count_committed": "组建时计算书面同意转入的专职党员",
    "pb.form.count_dual": "组建时计算双隶属党员",
    "pb.form.max": "党支部党员数的一般上限",
    "pb.form.general_max": "党总支党员数的一般上限",
    "pb.form.max_units": "联合党支部单位数的一般上限",
    "pb.form.reply_months": "批复的期限（月）",
    "pb.form.election_days": "批复后选举的期限（日）",
    "pb.form.filing_days": "选举后备案的期限（日）",
    "pb.form.below_days": "正式党员不足多少日提示调整",
    "pb.form.project_months": "建议成立项目党支部的项目期限（月）",
    "pb.form.temporary_banned": "临时党支部不办理的事项（代码）",
    "pb.form.transfer_banned": "转接组织关系期间不办理的事项（代码）",
}
