"""The cases of founding, adjusting and dissolving: their fields as the case tells them, papers, term (arts. 6, 7)."""

from liaoyuan.core.casekinds import CaseField
from liaoyuan.party.choices.organizations import BRANCH_KIND_TITLES
from liaoyuan.party.choices.reorganizing import ORIGIN_TITLES
from liaoyuan.party.params.table import BR, BRANCH_RULE, OWN, row

FOUND = "party.found"
FOUND_CASE_TITLES: dict[str, str] = {FOUND: "设立党支部"}
FOUND_NOTE_TITLES: dict[str, str] = {
    FOUND: "单位申请，基层党委会议研究后批复；成立大会选举或任命书记，结果报上级备案。",
}

#: What the case tells of the application; it is written on the application's own page.
FOUND_FIELDS: tuple[CaseField, ...] = (
    CaseField("name", "拟设党支部名称"),
    CaseField("branch_kind", "组建形式", "choice", choices={str(k): t for k, t in BRANCH_KIND_TITLES.items()}),
    CaseField("superior", "上级党组织"),
    CaseField("carrier", "依托单位"),
    CaseField("units", "成员单位", "long"),
    CaseField("formal", "正式党员（组织关系在本组织）", "number"),
    CaseField("committed", "正式党员（书面同意转入）", "number"),
    CaseField("dual", "双隶属党员", "number"),
    CaseField("transfer_due_on", "转接到期日"),
    CaseField("purpose", "设立理由", "long"),
)

ADJUST = "party.adjust"
DISSOLVE = "party.dissolve"
CHANGE_CASE_TITLES: dict[str, str] = {ADJUST: "调整党组织", DISSOLVE: "撤销党组织"}
CHANGE_NOTE_TITLES: dict[str, str] = {
    ADJUST: "党组织或成员单位申请，或上级党委直接决定；批复之日起生效，改变形式的再选举或任命班子，报上级备案。",
    DISSOLVE: "不再符合条件或任务结束的，经批复撤销；党员、转接、党费、阵地须先办结，材料和印章移交后报上级备案。",
}
#: What the case tells of the application; it is written on the application's own page.
CHANGE_FIELDS: tuple[CaseField, ...] = (
    CaseField("party", "党组织"),
    CaseField("approver", "批准的党委"),
    CaseField("origin", "申请方式", "choice", choices={str(k): t for k, t in ORIGIN_TITLES.items()}),
    CaseField("unit", "申请单位"),
    CaseField("changes", "调整内容", "long"),
    CaseField("formal", "正式党员（组织关系在此）", "number"),
    CaseField("reason", "理由", "long"),
    CaseField("members_to", "党员去向", "long"),
)
_ADJUST_PAPERS = ("关于调整党组织的请示", "党员大会或支委会研究的记录", "有关单位的意见")
_DISSOLVE_PAPERS = ("关于撤销党组织的请示", "党员去向安排", "党费和印章等材料的清点情况")

_PAPERS = ("关于设立党支部的请示", "党员名册", "党员书面同意转入的意见和转接计划", "书记人选情况")
FOUND_PARAMETERS = (
    row("pb.found.papers", list(_PAPERS), OWN, since=BR, mark="D"),
    row("pb.adjust.papers", list(_ADJUST_PAPERS), OWN, since=BR, mark="D"),
    row("pb.dissolve.papers", list(_DISSOLVE_PAPERS), OWN, since=BR, mark="D"),
    row("pb.found.reply_days", 30, f"{BRANCH_RULE}第六条（一般 1 个月）", since=BR, mark="D"),
)  # fmt: skip
FOUND_PARAMETER_TITLES: dict[str, str] = {
    "pb.found.papers": "设立党支部的材料",
    "pb.adjust.papers": "调整党组织的材料",
    "pb.dissolve.papers": "撤销党组织的材料",
    "pb.found.reply_days": "设立、调整、撤销党组织的批复期限（日）",
}
