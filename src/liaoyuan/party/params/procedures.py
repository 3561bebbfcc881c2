"""The case of founding a branch: its fields as the case tells them, papers, term (支部工作条例 art. 6)."""

from liaoyuan.core.casekinds import CaseField
from liaoyuan.party.choices.organizations import BRANCH_KIND_TITLES
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

_PAPERS = ("关于设立党支部的请示", "党员名册", "党员书面同意转入的意见和转接计划", "书记人选情况")
FOUND_PARAMETERS = (
    row("pb.found.papers", list(_PAPERS), OWN, since=BR, mark="D"),
    row("pb.found.reply_days", 30, f"{BRANCH_RULE}第六条（一般 1 个月）", since=BR, mark="D"),
)  # fmt: skip
FOUND_PARAMETER_TITLES: dict[str, str] = {
    "pb.found.papers": "设立党支部的材料",
    "pb.found.reply_days": "设立党支部的批复期限（日）",
}
