"""ORG-REG, ORG-CHG, ORG-DER, ORG-IDLE: registration, changes and the end."""

from liaoyuan.registry.params.table import (
    CHARITY,
    CHARITY_LAW,
    JJ,
    JJ_LAW,
    MF,
    MF_LAW,
    OWN,
    ST,
    ST_LAW,
    Statement,
    row,
)

_DECISION = ST_LAW + "第十二条；" + MF_LAW + "第十一条；" + JJ_LAW + "第十一条"
_END = ST_LAW + "第二十一条；" + MF_LAW + "第十七条；" + JJ_LAW + "第十八条"

STATEMENTS = (
    Statement(
        "ORG-REG-01", "社会团体的会员数",
        "社会团体有 50 个以上的个人会员，或者 30 个以上的单位会员；两者混合的，总数不少于 50 个。",
        "organization", ("registration",),
        (
            row("ORG-REG-01", True, ST_LAW + "第十条", since=ST, severity="block"),
            row("st.members_person", 50, ST_LAW + "第十条", since=ST),
            row("st.members_unit", 30, ST_LAW + "第十条", since=ST),
            row("st.members_mixed", 50, ST_LAW + "第十条", since=ST),
        ),
        {
            "ORG-REG-01": "社会团体现有个人会员 {person} 个、单位会员 {unit} 个；"
            "应有个人会员 {person_min} 个以上，或单位会员 {unit_min} 个以上，或混合共 {mixed_min} 个以上。",
        },
    ),
    Statement(
        "ORG-REG-02", "社会团体的活动资金",
        "地方社会团体有 3 万元以上的活动资金，全国性社会团体有 10 万元以上的活动资金。",
        "organization", ("registration",),
        (
            row("ORG-REG-02", True, ST_LAW + "第十条", since=ST, severity="block"),
            row("st.funds_local_fen", 3_000_000, ST_LAW + "第十条", since=ST, note="单位：分"),
            row("st.funds_national_fen", 10_000_000, ST_LAW + "第十条", since=ST, note="单位：分"),
        ),
        {"ORG-REG-02": "社会团体的活动资金为 {funds} 元，应不少于 {minimum} 元。"},
    ),
    Statement(
        "ORG-REG-03", "基金会的原始基金",
        "非公募基金会的原始基金不低于 200 万元，地方性公募基金会不低于 400 万元，全国性公募基金会不低于 800 万元；"
        "原始基金为到账货币资金。",
        "organization", ("registration",),
        (
            row("ORG-REG-03", True, JJ_LAW + "第八条", since=JJ, severity="block"),
            row("jj.fund_nonpublic_fen", 200_000_000, JJ_LAW + "第八条", since=JJ, note="单位：分"),
            row("jj.fund_public_local_fen", 400_000_000, JJ_LAW + "第八条", since=JJ, note="单位：分"),
            row("jj.fund_public_national_fen", 800_000_000, JJ_LAW + "第八条", since=JJ, note="单位：分"),
        ),
        {
            "ORG-REG-03": "基金会的原始基金为 {funds} 元，应不低于 {minimum} 元。",
            "ORG-REG-03.paid": "基金会的原始基金应为到账货币资金，现填未到账。",
        },
    ),
    Statement(
        "ORG-REG-04", "登记机关的决定期限",
        "登记机关自收到全部有效文件之日起 60 日内作出决定；慈善组织设立登记 30 日内。过八成时提醒。",
        "application", ("procedure_daily",),
        (
            row("ORG-REG-04", True, _DECISION, since=MF, severity="info"),
            row("ORG-REG-04.soon", True, _DECISION, since=MF, severity="warn"),
            row("ORG-REG-04.late", True, _DECISION, since=MF, severity="warn"),
            row("decision.days", 60, _DECISION, since=MF),
            row("decision.charity_days", 30, CHARITY_LAW + "第十条", since=CHARITY),
            row("decision.warn_percent", 80, OWN, since=MF, mark="D"),
        ),
        {
            "ORG-REG-04.soon": "决定期限 {days} 日已用 {used} 日，超过 {percent}%，应于 {due} 前作出决定。",
            "ORG-REG-04.late": "应于 {due} 前作出决定（{days} 日），已超过 {over} 日。",
        },
    ),
    Statement(
        "ORG-REG-05", "民办非企业单位不设分支机构",
        "民办非企业单位不得设立分支机构。",
        "branch_office", ("procedure_submit", "procedure_decide"),
        (
            row("ORG-REG-05", True, MF_LAW + "第十三条", since=MF, severity="block"),
            row("mf.branches_max", 0, MF_LAW + "第十三条", since=MF),
        ),
        {"ORG-REG-05": "民办非企业单位将有 {count} 个分支机构，最多 {most} 个。"},
    ),
    Statement(
        "ORG-REG-06", "社会团体的分支机构",
        "社会团体不得设立地域性的分支机构，分支机构不得再设立分支机构。",
        "branch_office", ("procedure_submit", "procedure_decide"),
        (row("ORG-REG-06", True, ST_LAW + "第十七条", since=ST, severity="block"),),
        {
            "ORG-REG-06": "社会团体不得设立地域性的分支机构。",
            "ORG-REG-06.sub": "社会团体的分支机构不得再设立分支机构。",
        },
    ),
    Statement(
        "ORG-REG-07", "党建承诺书和党员情况调查表",
        "新成立的社会组织提交支持党建工作承诺书和从业人员党员情况调查表。",
        "application", ("procedure_submit", "procedure_decide"),
        (
            row("ORG-REG-07", True, "民函〔2016〕257号", since="2016-09-01", severity="block"),
            row("party_papers.count", 2, "民函〔2016〕257号", since="2016-09-01"),
        ),
        {"ORG-REG-07": "党建材料应有 {wanted} 件，现有 {given} 件，缺：{missing}。"},
    ),
    Statement(
        "ORG-REG-08", "党建材料的移送",
        "登记后 5 个工作日内把党建材料移送党建工作机构（地方规定）。",
        "organization", ("procedure_daily",),
        (
            row("ORG-REG-08", True, "河南省有关通知（2017）", since="2017-03-01", jurisdiction="41"),
            row("party_papers.forward_workdays", 5, "河南省有关通知（2017）", since="2017-03-01", jurisdiction="41"),
        ),
        {
            "ORG-REG-08": "登记后 {days} 个工作日内（{due} 前）应移送党建材料，还没有移送。",
            "ORG-REG-08.forwarded": "党建材料于 {forwarded} 移送，晚于 {days} 个工作日的期限 {due}。",
        },
    ),
    Statement(
        "ORG-CHG-01", "变更登记的期限",
        "登记事项变更，自业务主管单位审查同意之日起 30 日内向登记机关申请。",
        "change", ("procedure_submit",),
        (
            row("ORG-CHG-01", True, ST_LAW + "第十八条；" + MF_LAW + "第十五条", since=MF),
            row("change.days", 30, ST_LAW + "第十八条；" + MF_LAW + "第十五条", since=MF),
        ),
        {
            "ORG-CHG-01": "业务主管单位 {consented} 审查同意，应于 {due} 前（{days} 日内）申请变更登记，"
            "现于 {filed} 申请。",
        },
    ),
    Statement(
        "ORG-CHG-02", "章程核准的期限",
        "修改章程，自业务主管单位审查同意之日起 30 日内报登记机关核准。",
        "charter", ("procedure_submit",),
        (
            row("ORG-CHG-02", True, ST_LAW + "第十八条；" + MF_LAW + "第十五条", since=MF),
            row("charter.days", 30, ST_LAW + "第十八条；" + MF_LAW + "第十五条", since=MF),
        ),
        {"ORG-CHG-02": "业务主管单位 {consented} 审查同意，应于 {due} 前（{days} 日内）报送核准，现于 {filed} 报送。"},
    ),
    Statement(
        "ORG-CHG-03", "换届、变更法定代表人前的审计",
        "社会团体、基金会换届之前，各类组织变更法定代表人之前，进行财务审计。",
        "change", ("procedure_submit", "procedure_decide"),
        (
            row(
                "ORG-CHG-03", True, ST_LAW + "第二十七条；" + MF_LAW + "第二十二条；" + JJ_LAW + "第三十七条",
                since=MF, severity="block",
            ),
        ),
        {
            "ORG-CHG-03": "变更法定代表人之前应进行财务审计，还没有审计报告。",
            "ORG-CHG-03.election": "换届之前应进行财务审计，还没有审计报告。",
        },
    ),
    Statement(
        "ORG-DER-01", "注销登记的期限",
        "清算结束之日起 15 日内办理注销登记。",
        "deregistration", ("procedure_submit",),
        (
            row("ORG-DER-01", True, _END, since=MF),
            row("deregistration.days", 15, _END, since=MF),
        ),
        {"ORG-DER-01": "清算于 {ended} 结束，应于 {due} 前（{days} 日内）申请注销登记，现于 {filed} 申请。"},
    ),
    Statement(
        "ORG-DER-02", "清算期间不开展新活动",
        "清算期间不得开展清算以外的活动：不新办活动，不申报项目，不签新合同。",
        "organization", ("apply",),
        (row("ORG-DER-02", True, ST_LAW + "第二十条", since=ST, severity="block"),),
        {"ORG-DER-02": "清算期间不得开展清算以外的活动，不能再申请。"},
    ),
    Statement(
        "ORG-IDLE-01", "一年未开展活动",
        "社会团体取得证书满 1 年、基金会满 12 个月未开展活动的，可能被撤销登记。",
        "organization", ("monthly",),
        (
            row("ORG-IDLE-01", True, ST_LAW + "第二十九条；" + JJ_LAW + "第四十一条", since=JJ),
            row("idle.days", 365, ST_LAW + "第二十九条；" + JJ_LAW + "第四十一条", since=JJ),
        ),
        {
            "ORG-IDLE-01": "取得证书已满 {days} 日，没有开展活动的记录，请核实。",
            "ORG-IDLE-01.since": "自 {last} 起已满 {days} 日没有开展活动的记录，请核实。",
        },
    ),
)  # fmt: skip
