"""The shipped layouts of the papers of the way into the party: (style, text with places), as `core.documents.shipped`.

Staff replace any of them by a Word template of their own (文书模板).
"""

type Layout = tuple[tuple[str, str], ...]


def _form(title: str, *lines: str, sign: str = "{{ branch }}", on: str) -> Layout:
    """A form: heading, lines, signature and day."""
    body = tuple(("body", line) for line in lines)
    return (("title", title), *body, ("gap", ""), ("sign", f"{sign}（盖章）"), ("date", "{{ " + on + " }}"))


def _letter(title: str, to: str, *lines: str, sign: str, on: str, number: str = "") -> Layout:
    """A letter to somebody."""
    head = (("number", "{{ " + number + " }}"),) if number else ()
    body = tuple(("body", line) for line in lines)
    return (("title", title), *head, ("to", f"{to}："), *body, ("gap", ""), ("sign", sign),
            ("date", "{{ " + on + " }}"))  # fmt: skip


_WHO = "姓名：{{ name }}　性别：{{ gender }}　出生年月：{{ birth }}　学历：{{ education }}"
_WORKS = "所在组织：{{ body }}　单位及职务：{{ job }}"
_BRANCH, _COMMITTEE = "{{ branch }}", "{{ committee }}"
_TOTALS = ("应到会有表决权的党员 {{ expected }} 名，实到 {{ present }} 名，会前书面意见 {{ written }} 份；"
           "赞成 {{ yes }} 票，反对 {{ no }} 票，弃权 {{ abstain }} 票。")  # fmt: skip
_CONFIRM_TOTALS = ("应到会有表决权的党员 {{ confirm_expected }} 名，实到 {{ confirm_present }} 名，"
                   "会前书面意见 {{ confirm_written }} 份；赞成 {{ confirm_yes }} 票，反对 {{ confirm_no }} 票，"
                   "弃权 {{ confirm_abstain }} 票。")  # fmt: skip
_INTRODUCED = "培养联系人：{{ contacts }}　入党介绍人：{{ introducers }}"
_KEY_DAYS = ("{{ applied_on }}递交入党申请书，{{ activist_on }}确定为入党积极分子，"
             "{{ candidate_on }}确定为发展对象，{{ reviewed_on }}形成政治审查结论。")  # fmt: skip
_PLEASE = "妥否，请批示。"

_FIRST: dict[str, Layout] = {
    "cover": (
        ("gap", ""), ("title", "入党申请书"), ("gap", ""), ("body", "申请人：{{ name }}"),
        ("body", "递交日期：{{ applied_on }}"), ("body", "收到的党组织：{{ branch }}"),
        ("note", "申请书由本人书写，附于本封面之后；系统不保存申请书的内容。"),
    ),
    "receipt": _letter(
        "入党申请书收件回执", "{{ name }}同志", "你于{{ applied_on }}递交的入党申请书已收到。",
        "党组织将在一个月内派人与你谈话。", sign=_BRANCH, on="applied_on",
    ),
    "talk": _form(
        "派人谈话登记表", _WHO, "申请日期：{{ applied_on }}", "谈话日期：{{ talked_on }}",
        "谈话人：{{ talker }}　谈话对象：{{ name }}", "本表只登记谈话的日期和双方，不记录谈话内容。", on="talked_on",
    ),
    "recommend": _form(
        "推荐入党积极分子登记表", _WHO, _WORKS, "申请日期：{{ applied_on }}　谈话日期：{{ talked_on }}",
        "推荐方式（党员推荐、群团组织推优）：{{ recommended_by }}", on="activist_on",
    ),
    "activist": _form(
        "关于确定入党积极分子的决议", "{{ branch }}于{{ activist_on }}研究，同意确定{{ name }}同志为入党积极分子。",
        "会议编号：{{ activist_no }}", on="activist_on",
    ),
    "activist_request": _letter(
        "关于确定入党积极分子的备案报告", _COMMITTEE,
        "{{ branch }}于{{ activist_on }}确定{{ name }}同志为入党积极分子，现报请备案。", sign=_BRANCH, on="activist_on",
    ),
    "activist_form": _form(
        "入党积极分子备案表", _WHO, _WORKS, "党支部：{{ branch }}", "确定为入党积极分子：{{ activist_on }}",
        "备案日期：{{ activist_filed_on }}　备案编号：{{ activist_filed_no }}", sign=_COMMITTEE, on="activist_filed_on",
    ),
    "contacts": _letter(
        "指定培养联系人通知", "{{ contacts }}同志",
        "{{ branch }}指定你为入党积极分子{{ name }}同志的培养联系人，自{{ contacts_on }}起。", sign=_BRANCH,
        on="contacts_on",
    ),
    "examination": _form(
        "入党积极分子考察登记表", _WHO, "确定为入党积极分子：{{ activist_on }}　培养联系人：{{ contacts }}",
        "第 {{ exam_nth }} 次考察　考察日期：{{ exam_on }}", "结论：{{ exam_result }}",
        "本表只登记日期和结论，不记录思想汇报和谈话内容。", on="exam_on",
    ),
}  # fmt: skip
_SECOND: dict[str, Layout] = {
    "heard": _form(
        "发展对象听取意见登记表", "拟确定的发展对象：{{ name }}", "已听取党小组、培养联系人、党员和群众的意见。",
        "培养联系人：{{ contacts }}", "本表只登记已听取意见，不记录意见内容。", on="candidate_on",
    ),
    "candidate": _form(
        "关于确定发展对象的决议",
        "{{ name }}同志于{{ activist_on }}确定为入党积极分子，已培养教育满一年。",
        "{{ branch }}于{{ candidate_on }}研究，同意确定为发展对象。", "会议编号：{{ candidate_no }}", on="candidate_on",
    ),
    "candidate_request": _letter(
        "关于确定发展对象的备案报告", _COMMITTEE,
        "{{ branch }}于{{ candidate_on }}确定{{ name }}同志为发展对象，现报请备案。", sign=_BRANCH, on="candidate_on",
    ),
    "candidate_form": _form(
        "发展对象备案表", _WHO, _WORKS, "党支部：{{ branch }}",
        "入党积极分子：{{ activist_on }}　发展对象：{{ candidate_on }}",
        "备案日期：{{ candidate_filed_on }}　备案编号：{{ candidate_filed_no }}", sign=_COMMITTEE,
        on="candidate_filed_on",
    ),
    "introducers": _form(
        "入党介绍人确定书", "发展对象：{{ name }}", "{{ introduced_on }}确定入党介绍人：{{ introducers }}",
        "介绍人签名：", on="introduced_on",
    ),
    "review": (
        ("gap", ""), ("title", "政治审查结论"), ("gap", ""), ("body", "发展对象：{{ name }}"),
        ("body", "形成结论的日期：{{ reviewed_on }}"), ("body", "编号：{{ reviewed_no }}"),
        ("body", "结论：已形成"), ("note", "审查材料由党组织另行保管，系统不保存审查的内容。"),
    ),
    "training": _form(
        "短期集中培训证明", "{{ name }}同志于{{ trained_on }}参加发展对象短期集中培训，"
        "共 {{ training_days }} 天、{{ training_hours }} 学时。",
        "经批准不参加培训的理由：{{ training_reason }}", "编号：{{ trained_no }}", sign=_COMMITTEE, on="trained_on",
    ),
    "committee": _form(
        "支部委员会审查登记表", _WHO, _WORKS, _INTRODUCED, _KEY_DAYS,
        "支部委员会于{{ examined_on }}集体审查，同意报上级党委预审。", on="examined_on",
    ),
    "pre_request": _letter(
        "关于接收{{ name }}同志为预备党员的预审请示", _COMMITTEE, _KEY_DAYS,
        "{{ examined_on }}经支部委员会审查，认为基本具备接收为预备党员的条件，现报请预审。", _PLEASE, sign=_BRANCH,
        on="examined_on",
    ),
    "pre_reply": _letter(
        "关于{{ name }}同志预审情况的批复", _BRANCH, "你支部的请示收悉。经预审，同意发给入党志愿书。",
        sign=_COMMITTEE, on="prereviewed_on", number="prereviewed_no",
    ),
    "form_issued": _form(
        "入党志愿书领取登记表", "领取人：{{ name }}", "志愿书编号：{{ form_filled_no }}",
        "填写日期：{{ form_filled_on }}", "领取人签名：", on="form_filled_on",
    ),
}  # fmt: skip
_THIRD: dict[str, Layout] = {
    "notice": _letter(
        "关于拟接收{{ name }}同志为预备党员的公示", "全体党员和群众", _KEY_DAYS, _INTRODUCED,
        "现予公示，公示期自{{ notice_on }}起至{{ notice_until }}止。有意见的请向{{ branch }}反映。", sign=_BRANCH,
        on="notice_on",
    ),
    "notice_result": _letter(
        "关于{{ name }}同志公示情况的报告", _COMMITTEE,
        "{{ name }}同志的公示自{{ notice_on }}起至{{ notice_until }}止，公示期满，现报告。", sign=_BRANCH,
        on="meeting_on",
    ),
    "count": _form(
        "支部大会计票单", "事项：接收{{ name }}同志为预备党员",
        "会议日期：{{ meeting_on }}　会议编号：{{ met_no }}", _TOTALS,
        "只记总数，不记每个人怎么投票。", "监票人：　　　　　计票人：", on="meeting_on",
    ),
    "resolution": _form(
        "关于接收{{ name }}同志为预备党员的决议",
        "{{ branch }}于{{ meeting_on }}召开支部大会，讨论{{ name }}同志的入党问题。",
        "入党介绍人：{{ introducers }}", _TOTALS, "大会决议：同意接收{{ name }}同志为中共预备党员。", on="meeting_on",
    ),
    "request": _letter(
        "关于接收{{ name }}同志为预备党员的审批请示", _COMMITTEE,
        "{{ branch }}于{{ meeting_on }}召开支部大会，通过接收{{ name }}同志为预备党员的决议。", _TOTALS,
        "现报请审批。", sign=_BRANCH, on="meeting_on",
    ),
    "interview": _form(
        "审批前谈话登记表", "谈话对象：{{ name }}　谈话日期：{{ interviewed_on }}", "谈话人：{{ talker }}",
        "本表只登记谈话的日期和双方，不记录谈话内容。", sign=_COMMITTEE, on="interviewed_on",
    ),
    "approval": _letter(
        "关于接收{{ name }}同志为预备党员的批复", _BRANCH, "你支部的请示于{{ received_on }}收悉。",
        "经{{ approved_on }}会议研究，批准{{ name }}同志为中共预备党员，"
        "预备期自{{ meeting_on }}起，到{{ probation_until }}止。", sign=_COMMITTEE, on="approved_on",
        number="approved_no",
    ),
    "told": _letter(
        "接收预备党员通知书", "{{ name }}同志",
        "经{{ branch }}支部大会{{ meeting_on }}通过、上级党委{{ approved_on }}批准，你被接收为中共预备党员，"
        "预备期到{{ probation_until }}满。", sign=_BRANCH, on="approved_on",
    ),
    "filing": _form(
        "组织部门备案表", _WHO, "党支部：{{ branch }}　审批日期：{{ approved_on }}　文号：{{ approved_no }}",
        "备案日期：{{ filed_on }}　备案编号：{{ filed_no }}", sign=_COMMITTEE, on="filed_on",
    ),
    "assigned": _letter(
        "编入党支部和党小组通知", "{{ name }}同志", "自{{ assigned_on }}起，你编入{{ branch }}，党小组：{{ group }}。",
        sign=_BRANCH, on="assigned_on",
    ),
    "oath": _form("入党宣誓登记表", "宣誓人：{{ name }}", "宣誓日期：{{ oath_on }}", "领誓人：", on="oath_on"),
}  # fmt: skip
_LAST: dict[str, Layout] = {
    "probation": _form(
        "预备党员考察登记表", _WHO, "预备期：{{ meeting_on }}至{{ probation_until }}",
        "第 {{ exam_nth }} 次考察　考察日期：{{ exam_on }}", "结论：{{ exam_result }}",
        "本表只登记日期和结论，不记录思想汇报和谈话内容。", on="exam_on",
    ),
    "confirm_cover": (
        ("gap", ""), ("title", "转正申请书"), ("gap", ""), ("body", "申请人：{{ name }}"),
        ("body", "申请日期：{{ confirm_applied_on }}"), ("body", "预备期：{{ meeting_on }}至{{ probation_until }}"),
        ("note", "申请书由本人书写，附于本封面之后；系统不保存申请书的内容。"),
    ),
    "confirm_notice": _letter(
        "关于{{ name }}同志转正的公示", "全体党员和群众",
        "{{ name }}同志预备期于{{ probation_until }}满，{{ confirm_applied_on }}提出转正申请。",
        "现予公示，公示期自{{ confirm_notice_on }}起至{{ confirm_notice_until }}止。有意见的请向{{ branch }}反映。",
        sign=_BRANCH, on="confirm_notice_on",
    ),
    "confirm_result": _letter(
        "关于{{ name }}同志转正公示情况的报告", _COMMITTEE,
        "{{ name }}同志的转正公示自{{ confirm_notice_on }}起至{{ confirm_notice_until }}止，公示期满，现报告。",
        sign=_BRANCH, on="confirm_meeting_on",
    ),
    "confirm_count": _form(
        "支部大会计票单", "事项：{{ name }}同志{{ outcome }}",
        "会议日期：{{ confirm_meeting_on }}　会议编号：{{ confirm_met_no }}", _CONFIRM_TOTALS,
        "只记总数，不记每个人怎么投票。", "监票人：　　　　　计票人：", on="confirm_meeting_on",
    ),
    "confirm_resolution": _form(
        "关于{{ name }}同志{{ outcome }}的决议",
        "{{ branch }}于{{ confirm_meeting_on }}召开支部大会，讨论{{ name }}同志的转正问题。", _CONFIRM_TOTALS,
        "大会决议：{{ outcome }}。", on="confirm_meeting_on",
    ),
    "confirm_request": _letter(
        "关于{{ name }}同志转正问题的审批请示", _COMMITTEE,
        "{{ branch }}于{{ confirm_meeting_on }}召开支部大会，决议：{{ outcome }}。", _CONFIRM_TOTALS, "现报请审批。",
        sign=_BRANCH, on="confirm_meeting_on",
    ),
    "confirm_approval": _letter(
        "关于{{ name }}同志转正问题的批复", _BRANCH, "你支部的请示于{{ confirm_received_on }}收悉。",
        "经{{ confirm_approved_on }}会议研究，批准你支部的决议：{{ outcome }}。", sign=_COMMITTEE,
        on="confirm_approved_on", number="confirm_approved_no",
    ),
    "extension": _letter(
        "延长预备期通知书", "{{ name }}同志",
        "经支部大会讨论、上级党委{{ extended_on }}批准（{{ extended_no }}），"
        "你的预备期延长 {{ extended_months }} 个月，"
        "到{{ probation_until }}满。", sign=_BRANCH, on="extended_on",
    ),
    "archive": (
        ("title", "发展党员材料归档目录"), ("body", "姓名：{{ name }}　党支部：{{ branch }}"),
        ("body", "{{ index }}"), ("gap", ""), ("sign", "{{ branch }}"), ("date", "{{ archived_on }}"),
    ),
}  # fmt: skip
LAYOUTS: dict[str, Layout] = {**_FIRST, **_SECOND, **_THIRD, **_LAST}
