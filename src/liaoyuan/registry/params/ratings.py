"""等级评估: the round's own figures (dated parameters), words of its states, sentences of its refusals.

A round copies the figures with which it was opened; a later change of a parameter leaves a running round alone.
"""

from collections.abc import Mapping
from typing import Any

from liaoyuan.registry.choices import AppealOutcome, EntryState, RoundStage, TieKind
from liaoyuan.registry.params.table import RATING, RATING_RULE, row

#: A round's list of levels: the least points (whole points) from the highest level down.
LEVELS = "rating.round.levels"
PUBLICITY = "rating.round.publicity_workdays"
VOTES = "rating.round.vote_share"
RETURN = "rating.round.return_days"

ROUND_PARAMETER_TITLES: dict[str, str] = {
    LEVELS: "评估各等级的最低分",
    PUBLICITY: "评估结果公示的工作日数",
    VOTES: "评估委员会通过的票数（全体委员的几分之几）",
    RETURN: "降级、取消等级后交回证书牌匾的期限（日）",
}

ROUND_PARAMETERS: tuple[Mapping[str, Any], ...] = (
    row(LEVELS, {"5A": 950, "4A": 901, "3A": 851, "2A": 801}, "安庆市社会组织评估（满分 1000 分，另加分不超过 100 分）",
        since=RATING, mark="K", note="外地的分数线，待本地确认；没有列出的等级不由分数产生"),
    row(PUBLICITY, 7, RATING_RULE, since=RATING, mark="K", note="公示天数凭经验，待本地确认"),
    row(VOTES, [1, 2], RATING_RULE + "第二十二条", since=RATING),
    row(RETURN, 15, RATING_RULE + "第三十条", since=RATING),
)  # fmt: skip

STAGE_TITLES: dict[str, str] = {
    RoundStage.CALL: "自评",
    RoundStage.VISITS: "实地考察和评分",
    RoundStage.REVIEW: "评审",
    RoundStage.PUBLICITY: "公示",
    RoundStage.AWARD: "复核和授予",
    RoundStage.CLOSED: "已结束",
}

ENTRY_TITLES: dict[str, str] = {
    EntryState.DRAFT: "自评中",
    EntryState.SUBMITTED: "已提交",
    EntryState.DECIDED: "已评审",
    EntryState.AWARDED: "已授予",
    EntryState.WITHDRAWN: "已退出",
}

TIE_TITLES: dict[str, str] = {TieKind.POST: "任职", TieKind.INTEREST: "其他利害关系"}

APPEAL_TITLES: dict[str, str] = {
    AppealOutcome.OPEN: "待复核",
    AppealOutcome.KEPT: "维持",
    AppealOutcome.CHANGED: "改变",
}

#: What the actions of a round refuse; `{…}` are arguments.
RATING_MESSAGES: dict[str, str] = {
    "RATING.dates": "日期须依次为：通知、自评截止、实地考察起止、评审会。",
    "RATING.twice": "{year} 年第 {number} 批已经有了。",
    "RATING.closed": "这一批评估已经结束。",
    "RATING.published": "评估结果已经公示，不能再改。",
    "RATING.unpublished": "评估结果还没有公示。",
    "RATING.publicity": "公示期到 {day} 为止，还没有结束。",
    "RATING.undecided": "“{name}”还没有评审结论。",
    "RATING.nobody": "还没有提交自评的组织。",
    "RATING.appeals": "“{name}”的复核还没有作出决定。",
    "RATING.open_entries": "还有 {n} 家没有办完，不能结束。",
    "RATING.entered": "该组织已在这一批评估里。",
    "RATING.unfit": "只有存续的登记组织可以参加评估。",
    "RATING.away": "该组织的登记机关不在这一批评估的范围内。",
    "RATING.late": "自评已于 {day} 截止。",
    "RATING.state": "现在的状态是“{state}”，不能这样办理。",
    "RATING.stale": "这份评分表在您打开之后被别人改过，请重新打开。",
    "RATING.score": "“{item}”的分数须是 0 到 {most} 之间、最多一位小数的数。",
    "RATING.page": "“{item}”的佐证说明超过 {limit} 个字。",
    "RATING.missing": "还有 {n} 项没有打分，第一项是“{item}”。",
    "RATING.reason": "请写明理由。",
    "RATING.no_scores": "还没有评估专家完成评分。",
    "RATING.votes": "票数不对：同意、反对、弃权之和不能超过到会人数，到会人数不能超过全体委员 {members} 人。",
    "RATING.not_carried": "须有全体委员 {members} 人的 {num}/{den} 以上同意（{least} 票），现为 {yes} 票。",
    "RATING.level": "请选择等级，或者选“不授予等级”。",
    "RATING.visit": "考察日期须在通知之后、今天以前。",
    "RATING.decided_late": "评审日期不能晚于今天。",
    "ASSESSOR.twice": "已经有同名、同单位的评估人员。",
    "ASSESSOR.account": "这个账号已经是另一位评估人员的。",
    "ASSESSOR.ended": "这位评估人员已停用。",
    "ASSESSOR.assigned": "这位评估人员已经分配给该组织。",
    "ASSESSOR.away": "这位评估人员不在这一批评估的范围内。",
    "ASSESSOR.tie": "离开的日期不能晚于今天；没有离开的不填。",
    "ASSESSOR.conflict": "已声明回避，不能评分。",
    "ASSESSOR.undeclared": "请先作回避声明，再评分。",
    "ASSESSOR.finished": "评分已经提交，不能再改。",
    "APPEAL.window": "异议须在公示期（{first} 至 {last}）内书面提出。",
    "APPEAL.open": "已经有一份没有决定的异议。",
    "APPEAL.decided": "这份异议已经作出复核决定。",
    "APPEAL.undecided": "还没有复核决定，不能告知。",
    "APPEAL.notified": "复核决定已于 {day} 告知。",
    "APPEAL.notice_early": "告知日期不能早于决定日期 {day}，也不能晚于今天。",
    "LEVEL.none": "该组织现在没有评估等级。",
    "LEVEL.done": "这一情形已于 {day} 作出决定。",
    "LEVEL.returned": "证书牌匾已于 {day} 交回。",
    "LEVEL.return_early": "交回日期不能早于决定日期，也不能晚于今天。",
    "SHEET.empty": "指标表是空的。",
    "SHEET.row": "第 {row} 行：{fault}",
    "SHEET.twice": "这个类型已有自 {day} 起的指标表，请改用另一个日期。",
    "SHEET.none": "请先为参评的类型准备指标表。",
}

#: What is wrong with a row of a sheet of indicators.
SHEET_FAULT_MESSAGES: dict[str, str] = {
    "header": "没有找到“三级指标”和“分值”两列的表头。",
    "rows": "一份指标表最多 {most} 行。",
    "unnamed": "没有写三级指标。",
    "tenths": "分值“{given}”须是大于零、最多一位小数的数。",
    "bonus": "加分项“{given}”看不懂，请写“是”或“否”。",
    "long": "文字太长（一级 40 字、二级 60 字、三级 200 字以内）。",
}
