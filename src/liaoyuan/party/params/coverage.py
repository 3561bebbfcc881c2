"""COV, INS, RED: coverage, points of checking in step, instructors, marks of projects (handbook §2.10)."""

from liaoyuan.party.params.table import BR, OP, OPINION, OWN, row, rule

_LOCAL = "各地同步检查的做法（登记、年检年报、评估“三同步”）"
_DAILY = ("party_org_daily",)

#: The questions of a check in step, as facts name them.
QUESTION_TITLES: dict[str, str] = {
    "members": "有没有党员",
    "organization": "有没有党组织",
    "form": "有没有确定组建形式",
    "instructor": "有没有党建工作指导员",
    "charter": "章程有没有写入党的建设",
}

#: Points of checking in step that a place may choose from; a place may name others.
POINT_TITLES: dict[str, str] = {
    "registration": "成立登记",
    "annual": "年检年报",
    "rating": "等级评估",
    "change": "变更、换届",
    "charter": "章程核准",
    "inspection": "日常检查",
    "credit": "信用管理",
}

STATEMENTS = (
    rule(
        "PB-COV-01", "覆盖须有文件",
        "计入党的组织覆盖或工作覆盖的组织，须有现行有效的文件（批复、联合党支部名单、指导员聘书）。",
        "coverage", ("coverage_report",),
        (row("PB-COV-01", True, OWN, since=OP, severity="block", mark="D"),),
        {
            "PB-COV-01": "计为已覆盖，但没有登记依据的文件。",
            "PB-COV-01.over": "计为已覆盖，但依据的文件“{document}”已于 {last} 失效。",
        },
    ),
    rule(
        "PB-COV-02", "有党员未覆盖",
        "有 1 至 2 名党员、没有建立也没有参加党支部的组织，应当联合组建。",
        "organization", _DAILY,
        (row("PB-COV-02", True, OPINION, since=BR, severity="info", mark="K"),),
        {"PB-COV-02": "有党员 {count} 名，没有建立也没有参加党支部，建议就近参加联合党支部。"},
        reads=("pb.form.min_formal",),
    ),
    rule(
        "PB-COV-03", "没有党员的组织",
        "没有党员、没有党组织覆盖的组织，选派党建工作指导员或联络员。",
        "organization", _DAILY,
        (row("PB-COV-03", True, OPINION, since=OP, mark="K"),),
        {"PB-COV-03": "没有党员，也没有党建工作指导员，请选派指导员或联络员。"},
    ),
    rule(
        "PB-COV-04", "覆盖率的分母",
        "覆盖率的分母是存续的登记组织，不含已注销、清算中的组织和空壳组织；备案的社区社会组织另列。",
        "coverage", ("coverage_report",),
        (
            row("PB-COV-04", True, OWN, since=OP, severity="block", mark="D"),
            row("pb.cov.states", ["active"], OWN, since=OP, mark="D"),
            row("pb.cov.count_shells", False, OWN, since=OP, mark="D"),
        ),
        {
            "PB-COV-04": "不是存续的组织，不能计入覆盖率的分母。",
            "PB-COV-04.shell": "是空壳组织，不能计入覆盖率的分母。",
            "PB-COV-04.filed": "是备案的社区社会组织，须另列，不能计入登记组织的分母。",
        },
    ),
    rule(
        "PB-COV-05", "正式与双管不相加",
        "党员数按正式组织关系统计，双隶属党员另列，不得相加。",
        "coverage", ("coverage_report",),
        (row("PB-COV-05", True, "党内统计的口径", since=OP, severity="block"),),
        {"PB-COV-05": "填报党员 {reported} 名，正式组织关系 {formal} 名，双隶属 {dual} 名须另列，不得相加。"},
    ),
    rule(
        "PB-COV-06", "同步检查", "在登记、年检年报、评估等环节，同步了解党员、党组织、组建形式、指导员和章程的情况。",
        "organization", ("sync_point",),
        (
            row("PB-COV-06", True, OPINION, since=OP),
            row("pb.sync.points", ["registration", "annual", "rating"], _LOCAL, since=OP),
            row("pb.sync.questions", ["members", "organization", "form", "instructor", "charter"], _LOCAL, since=OP),
        ),
        {"PB-COV-06": "同步检查还没有填写：{questions}。"},
    ),
    rule(
        "PB-INS-01", "党建工作指导员",
        "指导员有现行有效的聘书，聘期一般不超过 24 个月，一名指导员联系的组织一般不超过 5 个。",
        "instructor", ("instructor_assign",),
        (
            row("PB-INS-01", True, OPINION, since=OP, mark="K"),
            row("pb.ins.bodies", 5, OWN, since=OP, mark="K"),
            row("pb.ins.term_months", 24, OWN, since=OP, mark="K"),
        ),
        {
            "PB-INS-01": "指导员联系 {bodies} 个组织，一般不超过 {most} 个。",
            "PB-INS-01.letter": "指导员没有聘书编号。",
            "PB-INS-01.over": "聘书已于 {last} 到期。",
            "PB-INS-01.long": "聘期 {first} 至 {last}，一般不超过 {months} 个月。",
        },
    ),
    rule(
        "PB-INS-02", "指导员走访", "指导员每月至少走访联系的组织 1 次，并有记录。", "instructor", ("instructor_daily",),
        (
            row("PB-INS-02", True, OPINION, since=OP, mark="K"),
            row("pb.ins.visits_per_month", 1, OWN, since=OP, mark="K"),
            row("pb.ins.month_days", 5, OWN, since=OP, mark="D"),
        ),
        {"PB-INS-02": "本月走访 {visits} 次，应在 {last} 前走访 {least} 次。"},
    ),
    rule(
        "PB-RED-01", "红色、示范项目",
        "标记为红色或示范的项目，所在组织须有党支部，并写明带头的党员。",
        "venture_project", ("project_tag",),
        (row("PB-RED-01", True, "滨湖区红色公益项目的做法", since=OP, mark="SEED"),),
        {
            "PB-RED-01": "所在组织没有党支部，不能标记为红色或示范项目。",
            "PB-RED-01.leader": "没有写明带头的党员。",
        },
    ),
)  # fmt: skip

#: Figures of gap D (形式覆盖): nothing held for so many months, nobody visited for so many days.
COVERAGE_PARAMETERS = (
    row("pb.cov.quiet_months", 3, OWN, since=OP, mark="D"),
    row("pb.cov.visit_days", 90, OWN, since=OP, mark="D"),
)

#: Why an organization is a gap, by `Gap` and kind of reason, and what may be done.
GAP_MESSAGES: dict[str, str] = {
    "A": "有正式党员 {full} 名，达到 {least} 名，没有建立党支部。",
    "A.joint": "有正式党员 {full} 名，达到 {least} 名，仍在联合党支部或区域、行业党支部，应当单独组建。",
    "B": "有正式党员 {full} 名，没有建立也没有参加党支部。",
    "B.probationary": "有预备党员 {probationary} 名，没有建立也没有参加党支部。",
    "C": "没有党员，也没有党建工作指导员。",
    "C.instructed": "没有党员，已有党建工作指导员。",
    "C.dual": "没有组织关系在本组织的党员，双隶属党员 {dual} 名另列。",
    "D.meeting": "已覆盖，但自 {since} 起 {months} 个月没有开过会。",
    "D.visit": "已覆盖，但指导员自 {since} 起 {days} 日没有走访。",
}
WAY_MESSAGES: dict[str, str] = {
    "independent": "正式党员 {count} 名，可以单独组建党支部。",
    "transfer": "正式党员 {full} 名，但可以计入组建的只有 {count} 名，先办理组织关系转接。",
    "joint": "正式党员 {count} 名，不足 {least} 名，与邻近、相近的单位联合组建。",
    "instructor": "没有正式党员，选派党建工作指导员，培养入党积极分子。",
}

COVERAGE_PARAMETER_TITLES: dict[str, str] = {
    "pb.cov.states": "计入覆盖率分母的组织状态（代码）",
    "pb.cov.count_shells": "空壳组织计入分母",
    "pb.cov.quiet_months": "多少个月没有开会算形式覆盖",
    "pb.cov.visit_days": "指导员多少日没有走访算形式覆盖",
    "pb.sync.points": "同步检查的环节（代码）",
    "pb.sync.questions": "同步检查的内容（代码）",
    "pb.ins.bodies": "一名指导员联系组织数的一般上限",
    "pb.ins.term_months": "指导员聘期的一般上限（月）",
    "pb.ins.visits_per_month": "指导员每月走访次数",
    "pb.ins.month_days": "月末前多少日提醒走访",
}
