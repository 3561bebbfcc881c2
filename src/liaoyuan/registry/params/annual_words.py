"""Words of annual reports and of the procedures about lists; the sentences in which their actions refuse."""

from liaoyuan.registry.choices import AnnualState, Ground, LetterStep, Listing, Track

TRACK_TITLES: dict[str, str] = {Track.CHECK: "年检", Track.FOUNDATION: "基金会年度报告", Track.CHARITY: "慈善组织年报"}

ANNUAL_STATE_TITLES: dict[str, str] = {
    AnnualState.NONE: "未报",
    AnnualState.DRAFT: "草稿",
    AnnualState.SUBMITTED: "已报主管单位",
    AnnualState.REVIEWED: "初审通过",
    AnnualState.FILED: "已报登记机关",
    AnnualState.EXAMINING: "审查中",
    AnnualState.RETURNED: "待补正",
    AnnualState.CONCLUDED: "已有结论",
}

LISTING_TITLES: dict[str, str] = {
    Listing.ABNORMAL: "列入活动异常名录",
    Listing.SERIOUS: "列入严重违法失信名单",
    Listing.REVOCATION: "撤销登记",
}

GROUND_TITLES: dict[str, str] = {
    Ground.ANNUAL: "未按规定报送年度报告",
    Ground.ADDRESS: "通过登记的住所无法取得联系",
    Ground.PARTY: "未按规定设立党组织",
    Ground.RECTIFICATION: "逾期未整改",
    Ground.PENALTY: "受到警告或小额罚款",
    Ground.LONG: "在活动异常名录满 2 年",
    Ground.OTHER: "其他",
}

#: What a document of these procedures is called after its step.
STEP_TITLES: dict[str, str] = {
    LetterStep.LETTER1: "第一封信函",
    LetterStep.LETTER2: "第二封信函",
    LetterStep.NOTICE: "告知书",
    LetterStep.DECISION: "列入决定书",
    LetterStep.REMOVAL: "移出决定书",
}

#: Why an action about a round, a report or a proposal refuses.
ANNUAL_MESSAGES: dict[str, str] = {
    "ANNUAL.year": "年度应在 2000 年与今年之间。",
    "ANNUAL.twice": "{year} 年度已经开启过。",
    "ANNUAL.empty": "没有应当参加的组织，请核对登记截止日。",
    "ANNUAL.order": "{kind}：报主管单位、初审、报登记机关的日期须依次不早于前一个。",
    "ANNUAL.past": "{kind}：期限须在 {year} 年度结束之后。",
    "ANNUAL.far": "{kind}：期限不能晚于 {year} 年底。",
    "ANNUAL.begins": "公示开始日期不能晚于明年底。",
    "ANNUAL.cutoff": "{kind}：登记截止日不能晚于 {year} 年 12 月 31 日。",
    "ANNUAL.closed": "{year} 年度已经关闭，不能再改。",
    "ANNUAL.unfinished": "还有 {n} 家没有结论，不能关闭。",
    "ANNUAL.unpublished": "结论还没有公示期满，不能关闭。",
    "ANNUAL.state": "“{name}”的年报现在是“{state}”，不能这样办理。",
    "ANNUAL.stale": "您打开页面之后，别人保存了这份年报。请核对最新内容后再保存。",
    "ANNUAL.missing": "“{step}”还没有填完：{fields}。",
    "ANNUAL.pledge": "请先在“承诺”中勾选对所填内容的真实性负责。",
    "ANNUAL.late": "日期不能晚于今天。",
    "ANNUAL.early": "日期不能早于上一步的 {day}。",
    "ANNUAL.reason": "请写明理由。",
    "ANNUAL.result": "请选择结论。",
    "ANNUAL.not_filed": "“{name}”没有报到登记机关，结论只能是未参加或免检。",
    "ANNUAL.nobody": "请先勾选组织。",
    "ANNUAL.track": "慈善组织报年度报告和财务会计报告，其他组织参加年检，与登记情况不符，不能这样改。",
    "ANNUAL.members": "单位会员数与个人会员数之和须等于会员总数。",
    "ANNUAL.word": "代填要写明按谁的说法。",
    "ANNUAL.gone": "这份补报已经撤销。",
    "LATE.missed": "“{name}”{year} 年度的结论不是未参加，不用补报。",
    "LATE.twice": "“{name}”{year} 年度已在收补报。",
    "LATE.ended": "“{name}”已经终止，不再收补报。",
    "LATE.due": "补报截止日应在今天与 {last} 之间。",
    "LATE.result": "补报的结论只能是合格、基本合格或不合格。",
    "LATE.begun": "“{name}”的补报已经开始填写或附了材料，不能撤销。",
    "LISTING.twice": "“{name}”已有一件没有办结的建议。",
    "LISTING.listed": "“{name}”已经在这份名单上。",
    "LISTING.done": "这件建议已经办结。",
    "LISTING.step": "请先办理上一步：{step}。",
    "LISTING.again": "这一步已经办理。",
    "LISTING.number": "请填写文号。",
    "LISTING.heard": "陈述申辩意见应在告知之后、决定之前收到。",
    "LISTING.letters": "以无法取得联系为由列入，须两次信函都无人签收。",
    "LISTING.none": "“{name}”没有办理中的建议。",
    "LISTING.drafted": "{step}已在本系统起草，请打开那份文书办理；要改用系统外的文号，请先放弃草稿或者撤销文书。",
    "LISTING.served": "{step}是本系统签发的文书，请打开那份文书登记送达。",
    "LISTING.unlinked": "这份文书没有对应的建议或者名单，不能签发。请放弃草稿，从建议页或者名单页起草。",
    "LISTING.used": "“{number}”已据此办理了下一步（{step}），不能撤销。请先撤销或者放弃下一步的文书。",
    "LISTING.settled": "“{number}”是已办结事项的依据，不能撤销；列入有误的，请办理移出。",
    "LISTING.removed": "该组织已经移出这份名单。",
}
