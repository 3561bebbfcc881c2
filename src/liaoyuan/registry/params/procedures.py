"""Procedures of the register as data: the fields of their forms, the papers they need, by whom they are run.

Each paper list is a dated parameter row; its marks say how it was verified (`table.row`). `mode.*`: true = the
province's system runs the procedure and only number, dates and result are recorded here.
"""

from collections.abc import Mapping
from typing import Any

from liaoyuan.core.registries import CaseField, FilePurpose
from liaoyuan.registry.choices import FIELD_TITLES, FILING_CATEGORY_TITLES, Permission
from liaoyuan.registry.params.table import (
    ALWAYS,
    CHARITY,
    CHARITY_LAW,
    FILING,
    JJ,
    JJ_LAW,
    MF,
    MF_LAW,
    OWN,
    RECOGNITION,
    ST,
    ST_LAW,
    row,
)

SET_UP = "registry.set_up"
CHANGE = "registry.change"
CHARTER = "registry.charter"
DEREGISTER = "registry.deregister"
BRANCH = "registry.branch"
CORRECT = "registry.correct"
FILE = "registry.file"
RECOGNISE = "registry.recognise"

PROCEDURE_TITLES: dict[str, str] = {
    SET_UP: "成立登记",
    CHANGE: "变更登记",
    CHARTER: "章程核准",
    DEREGISTER: "注销登记",
    BRANCH: "设立分支机构",
    CORRECT: "信息变更申请",
    FILE: "社区社会组织备案",
    RECOGNISE: "慈善组织认定",
}
PROCEDURE_NOTE_TITLES: dict[str, str] = {
    SET_UP: "准予以后，按申请内容建立组织档案。代码可以在决定前补填。",
    CHANGE: "只填要变更的项；准予以后，从生效日起写入登记事项。",
    CHARTER: "写明修改的要点；章程全文作为文件上传。",
    DEREGISTER: "准予以后，组织的状态改为“已注销”。",
    BRANCH: "民办非企业单位不设分支机构；社会团体不设地域性分支机构。",
    CORRECT: "只填要改的项；登记机关逐项核对后采纳。名称、法定代表人等登记事项请办理变更登记。",
    FILE: "街道确认以后，按所填内容建立备案组织的档案。备案号不填的，确认时按所在街道和年份编出。",
    RECOGNISE: "已经登记的社会组织申请。准予以后，从决定之日起登记为慈善组织；公开募捐资格另行办理。",
}

PROCEDURE_MESSAGES: dict[str, str] = {
    "PROCEDURE.body": "没有这个组织。",
    "PROCEDURE.nothing": "没有填写要变更的项。",
    "PROCEDURE.until": "备案有效期至 {until}，不能早于备案日期 {day}。",
    "PROCEDURE.street": "“{street}”不在办理机关的辖区内。",
}

KIND_TITLES = {"ST": "社会团体", "MF": "民办非企业单位", "JJ": "基金会"}
#: Headings of the forms.
PART_TITLES = ("登记事项", "住所", "人员", "党建材料", "章程", "依据", "备案", "地点", "活动", "认定条件", "申请")
(_BASIC, _PLACE, _PEOPLE, _PARTY, _CHARTER, _GROUNDS, _FILING, _SITE, _ACTIVITY, _TERMS, _WISH) = PART_TITLES
_PHONE: dict[str, Any] = {"purpose": "organization.phone", "personal": "organization.phone", "longest": 60}

SET_UP_FIELDS: tuple[CaseField, ...] = (
    CaseField("name", "名称", required=True, longest=120, rules=("ORG-NAME-01", "ORG-NAME-02"), part=_BASIC),
    CaseField("kind", "类型", "choice", required=True, choices=KIND_TITLES, part=_BASIC),
    CaseField("code", "统一社会信用代码", longest=18, help="核准以后由赋码系统给出的，可以在决定前补填", part=_BASIC),
    CaseField("registered_on", "成立日期", "date", help="不填则为决定日期", part=_BASIC),
    CaseField("supervisor", "业务主管单位", longest=80, help="直接登记的不填", part=_BASIC),
    CaseField("field", "行业分类", "choice", choices=FIELD_TITLES, part=_BASIC),
    CaseField("scope", "业务范围", "long", longest=2000, part=_BASIC),
    CaseField("capital_fen", "注册资金", "money", rules=("ORG-REG-02", "ORG-REG-03"), part=_BASIC),
    CaseField("capital_paid_in", "原始基金为到账货币资金", "yesno", help="基金会填写", part=_BASIC),
    CaseField("public_fundraising", "公开募捐资格", "yesno", part=_BASIC),
    CaseField("is_charity", "同时申请登记为慈善组织", "yesno", rules=("ORG-REG-04",), part=_BASIC),
    CaseField("members_person", "个人会员数", "number", rules=("ORG-REG-01",), part=_PEOPLE),
    CaseField("members_unit", "单位会员数", "number", part=_PEOPLE),
    CaseField("council_count", "理事数", "number", rules=("GOV-03",), part=_PEOPLE),
    CaseField("supervisors_count", "监事数", "number", part=_PEOPLE),
    CaseField("full_time", "专职人数", "number", part=_PEOPLE),
    CaseField("legal_representative", "法定代表人", longest=60, personal="organization.legal_representative",
              part=_PEOPLE),
    CaseField("phone", "联系电话", **_PHONE, part=_PEOPLE),
    CaseField("party_members_declared", "党员数（申报）", "number", part=_PEOPLE),
    CaseField("address", "住所", longest=200, part=_PLACE),
    CaseField("street", "所属街道", "street", part=_PLACE),
    CaseField("party_pledge", "已交支持党建工作承诺书", "yesno", rules=("ORG-REG-07",), part=_PARTY),
    CaseField("party_survey", "已交从业人员党员情况调查表", "yesno", part=_PARTY),
    CaseField("forwarded_on", "党建材料移送日期", "date", rules=("ORG-REG-08",), part=_PARTY, after=True),
    CaseField("charter_clause", "章程载有党建条款", "yesno", rules=("GOV-09",), part=_CHARTER),
    CaseField("charter_text", "党建条款原文", "long", longest=4000, help="粘贴以后自动核对", part=_CHARTER),
)  # fmt: skip

CHANGE_FIELDS: tuple[CaseField, ...] = (
    CaseField("name", "名称", longest=120, rules=("ORG-NAME-01", "ORG-NAME-02"), part=_BASIC),
    CaseField("legal_representative", "法定代表人", longest=60, personal="organization.legal_representative",
              part=_BASIC),
    CaseField("supervisor", "业务主管单位", longest=80, part=_BASIC),
    CaseField("capital_fen", "注册资金", "money", part=_BASIC),
    CaseField("scope", "业务范围", "long", longest=2000, part=_BASIC),
    CaseField("address", "住所", longest=200, part=_BASIC),
    CaseField("street", "所属街道", "street", part=_BASIC),
    CaseField("consented_on", "业务主管单位审查同意日期", "date", rules=("ORG-CHG-01",), part=_GROUNDS),
    CaseField("re_election", "因换届变更", "yesno", part=_GROUNDS),
    CaseField("audited", "已有财务审计报告", "yesno", rules=("ORG-CHG-03",), part=_GROUNDS),
    CaseField("effective_on", "生效日期", "date", help="不填则为决定日期", part=_GROUNDS),
)  # fmt: skip
#: What the decision of a change writes; the other fields are its grounds.
CHANGED = ("name", "legal_representative", "supervisor", "capital_fen", "scope", "address", "street")

CHARTER_FIELDS: tuple[CaseField, ...] = (
    CaseField("meeting_on", "表决通过日期", "date"),
    CaseField("charter_consented_on", "业务主管单位审查同意日期", "date", rules=("ORG-CHG-02",)),
    CaseField("summary", "修改要点", "long", required=True, longest=2000),
    CaseField("charter_clause", "章程载有党建条款", "yesno", rules=("GOV-09",)),
    CaseField("charter_text", "党建条款原文", "long", longest=4000, help="粘贴以后自动核对"),
)

DEREGISTER_FIELDS: tuple[CaseField, ...] = (
    CaseField("reason", "注销事由", "long", required=True, longest=500),
    CaseField("liquidated_on", "清算结束（清算报告）日期", "date", rules=("ORG-DER-01",)),
    CaseField("closed_on", "注销日期", "date", help="不填则为决定日期"),
)

BRANCH_FIELDS: tuple[CaseField, ...] = (
    CaseField("branch_name", "分支机构名称", required=True, longest=120, rules=("ORG-REG-05", "ORG-DER-02")),
    CaseField("regional", "地域性分支机构", "yesno", rules=("ORG-REG-06",)),
    CaseField("below_branch", "由分支机构再设立", "yesno"),
    CaseField("address", "住所", longest=200),
    CaseField("head", "负责人", longest=60, personal="organization.legal_representative"),
)

_TOLD = (
    CaseField("phone", "联系电话", **_PHONE),
    CaseField("address", "住所", longest=200),
    CaseField("full_time", "专职人数", "number"),
    CaseField("part_time", "兼职人数", "number"),
    CaseField("members_person", "个人会员数", "number"),
    CaseField("members_unit", "单位会员数", "number"),
    CaseField("council_count", "理事数", "number"),
    CaseField("supervisors_count", "监事数", "number"),
    CaseField("party_members_declared", "党员数（申报）", "number"),
)
CORRECT_FIELDS: tuple[CaseField, ...] = _TOLD
#: A filed body has no council and calls its members otherwise.
CORRECT_FILED_FIELDS: tuple[CaseField, ...] = (
    CaseField("phone", "联系电话", **_PHONE),
    CaseField("address", "活动场所", longest=200),
    CaseField("member_count", "成员数", "number"),
    CaseField("party_members_declared", "党员数（申报）", "number"),
)

FILE_FIELDS: tuple[CaseField, ...] = (
    CaseField("name", "名称", required=True, longest=120, rules=("FIL-04",), part=_FILING),
    CaseField("category", "类别", "choice", required=True, choices=FILING_CATEGORY_TITLES, part=_FILING),
    CaseField("field", "行业分类", "choice", choices=FIELD_TITLES, part=_FILING),
    CaseField("filing_no", "备案号", longest=40, rules=("ORG-ID-05",), part=_FILING,
              help="街道已有编号的填写；不填则在确认时编出"),
    CaseField("registered_on", "备案日期", "date", help="不填则为决定日期", part=_FILING),
    CaseField("filing_until", "备案有效期至", "date", help="长期有效的不填", part=_FILING),
    CaseField("guidance_unit", "指导单位", longest=80, part=_FILING),
    CaseField("street", "所属街道", "street", required=True, part=_SITE),
    CaseField("community", "所属社区", "community", part=_SITE),
    CaseField("address", "活动场所", longest=200, part=_SITE),
    CaseField("legal_representative", "负责人", required=True, longest=60,
              personal="organization.legal_representative", part=_PEOPLE),
    CaseField("phone", "联系电话", **_PHONE, part=_PEOPLE),
    CaseField("member_count", "成员数", "number", required=True, rules=("FIL-01",), part=_PEOPLE),
    CaseField("party_members_declared", "党员数（申报）", "number", part=_PEOPLE),
    CaseField("outside_area", "在本社区、本街道以外活动", "yesno", rules=("FIL-02",), part=_ACTIVITY),
    CaseField("charges_fees", "收费", "yesno", part=_ACTIVITY),
    CaseField("for_profit", "从事营利活动", "yesno", part=_ACTIVITY),
)  # fmt: skip

RECOGNISE_FIELDS: tuple[CaseField, ...] = (
    CaseField("reason", "申请理由和开展慈善活动的情况", "long", required=True, longest=2000, part=_WISH),
    CaseField("resolved_on", "会议表决通过日期", "date", part=_WISH,
              help="社会团体为会员（代表）大会，基金会和民办非企业单位为理事会"),
    CaseField("agreed_on", "业务主管单位同意日期", "date", help="没有业务主管单位的不填", part=_WISH),
    CaseField("penalised_on", "最近一次受行政处罚的日期", "date", rules=("CHA-01",), part=_WISH,
              help="没有受过处罚的不填"),
    CaseField("charity_purpose", "以开展慈善活动为宗旨", "yesno", rules=("CHA-04",), part=_TERMS),
    CaseField("ratios_kept", "上一年度慈善活动支出和管理费用合规", "yesno", part=_TERMS),
    CaseField("no_distribution", "收益全部用于慈善目的，财产没有分配", "yesno", part=_TERMS),
    CaseField("remainder_clause", "章程载明剩余财产转给其他慈善组织", "yesno", part=_TERMS),
    CaseField("finance_rules", "财务制度健全，薪酬制度合理", "yesno", part=_TERMS),
)  # fmt: skip

_PARTY_PAPERS = ["支持党建工作承诺书", "从业人员党员情况调查表"]
_ST_PAPERS = ["登记申请书", "业务主管单位批准文件", "验资凭证", "场所使用权证明", "发起人和拟任负责人情况", "章程草案"]
_MF_PAPERS = ["登记申请书", "业务主管单位批准文件", "场所使用权证明", "验资报告", "拟任负责人情况", "章程草案"]
_JJ_PAPERS = ["申请书", "章程草案", "验资证明和住所证明", "理事和拟任负责人情况", "业务主管单位批准文件"]
PROCEDURE_PARAMETERS: tuple[Mapping[str, Any], ...] = (
    row("procedure.papers.set_up.st", _ST_PAPERS + _PARTY_PAPERS, ST_LAW + "第十一条", since=ST, mark="K"),
    row("procedure.papers.set_up.mf", _MF_PAPERS + _PARTY_PAPERS, MF_LAW + "第九条", since=MF, mark="K"),
    row("procedure.papers.set_up.jj", _JJ_PAPERS + _PARTY_PAPERS, JJ_LAW + "第九条", since=JJ, mark="K"),
    row("procedure.papers.change", ["变更登记申请书", "业务主管单位审查同意文件", "会议决议"], ST_LAW + "第十八条",
        since=ALWAYS, mark="K"),
    row("procedure.papers.charter", ["章程核准申请表", "会议决议", "章程修改对照", "业务主管单位审查同意文件"],
        ST_LAW + "第十八条", since=ALWAYS, mark="K"),
    row("procedure.papers.deregister", ["注销登记申请书", "业务主管单位审查文件", "清算报告书", "登记证书和印章"],
        ST_LAW + "第二十一条", since=ALWAYS, mark="K"),
    row("procedure.papers.branch", ["设立申请书", "会议决议", "场所证明"], ST_LAW + "第十七条", since=ALWAYS, mark="K"),
    row("procedure.papers.file", ["备案申请表", "发起人名单", "章程或者活动规则", "负责人身份证明", "活动场所证明",
        "社区意见"], "民发〔2017〕191号；地方规定", since=FILING, mark="K"),
    row("procedure.papers.recognise", ["申请书", "符合认定条件的书面承诺", "会议纪要", "慈善宗旨和活动情况说明",
        "上一年度财务审计报告", "业务主管单位同意的证明"], RECOGNITION + "第七条", since=CHARITY, mark="K"),
    row("procedure.days.file", 10, "地方规定", since=FILING, mark="K", note="单位：工作日；空：没有规定"),
    row("procedure.days.recognise", 20, CHARITY_LAW + "第十条", since=CHARITY),
    row("procedure.mode.recognise", False, OWN, since=ALWAYS, mark="D", note="是：由省级系统办理，这里只登记结果"),
    *(row(f"procedure.mode.{name}", True, OWN, since=ALWAYS, mark="D", note="是：由省级系统办理，这里只登记结果")
      for name in ("set_up", "change", "charter", "deregister", "branch")),
)  # fmt: skip
PROCEDURE_PARAMETER_TITLES: dict[str, str] = {
    "procedure.papers.set_up.st": "社会团体成立登记的材料",
    "procedure.papers.set_up.mf": "民办非企业单位成立登记的材料",
    "procedure.papers.set_up.jj": "基金会成立登记的材料",
    "procedure.papers.change": "变更登记的材料",
    "procedure.papers.charter": "章程核准的材料",
    "procedure.papers.deregister": "注销登记的材料",
    "procedure.papers.branch": "设立分支机构的材料",
    "procedure.papers.file": "社区社会组织备案的材料",
    "procedure.papers.recognise": "慈善组织认定的材料",
    "procedure.days.file": "备案的办理期限",
    "procedure.days.recognise": "慈善组织认定的决定期限",
    "procedure.mode.recognise": "慈善组织认定由外部系统办理",
    "procedure.mode.set_up": "成立登记由外部系统办理",
    "procedure.mode.change": "变更登记由外部系统办理",
    "procedure.mode.charter": "章程核准由外部系统办理",
    "procedure.mode.deregister": "注销登记由外部系统办理",
    "procedure.mode.branch": "设立分支机构由外部系统办理",
}

#: Papers of a case: who handles it uploads, a body's own people theirs.
PURPOSE_TITLES: dict[str, str] = {"case_paper": "事项材料"}
CASE_PAPER = FilePurpose(
    "case_paper", PURPOSE_TITLES["case_paper"], ("case",), view=(Permission.VIEW, Permission.OWN_VIEW),
    edit=(Permission.EDIT, Permission.FILING_EDIT), own=(Permission.OWN_FILE,), general=True,
)  # fmt: skip
