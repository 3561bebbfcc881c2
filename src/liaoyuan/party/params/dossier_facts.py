"""What the papers of the way into the party may tell: the places of their templates, with Chinese titles. No Django."""

#: The applicant and where he is.
_PERSON_TITLES: dict[str, str] = {
    "name": "姓名", "gender": "性别", "birth": "出生年月", "education": "学历", "job": "单位及职务",
    "body": "所在组织", "branch": "党支部", "committee": "上级党委", "contacts": "培养联系人",
    "introducers": "入党介绍人", "group": "党小组", "talker": "谈话人", "recommended_by": "推荐方式",
}  # fmt: skip
#: Days and numbers besides those of the steps.
_MORE_TITLES: dict[str, str] = {
    "exam_on": "本次考察的日期", "exam_result": "本次考察的结论", "exam_nth": "第几次考察",
    "training_days": "培训天数", "training_hours": "培训学时", "training_reason": "经批准不参加培训的理由",
    "notice_on": "接收公示起日", "notice_until": "接收公示止日", "confirm_notice_on": "转正公示起日",
    "confirm_notice_until": "转正公示止日", "received_on": "上级党委收到接收决议的日期",
    "confirm_received_on": "上级党委收到转正决议的日期", "probation_until": "预备期满日期",
    "expected": "接收大会应到", "present": "接收大会实到", "written": "接收大会书面意见", "yes": "接收大会赞成",
    "no": "接收大会反对", "abstain": "接收大会弃权", "met_no": "接收大会会议编号",
    "confirm_expected": "转正大会应到", "confirm_present": "转正大会实到", "confirm_written": "转正大会书面意见",
    "confirm_yes": "转正大会赞成", "confirm_no": "转正大会反对", "confirm_abstain": "转正大会弃权",
    "confirm_met_no": "转正大会会议编号", "outcome": "转正讨论的结果", "extended_months": "延长月数",
    "extended_on": "批准延长的日期", "extended_no": "批准延长的文号", "index": "材料清单",
}  # fmt: skip

#: The steps as `rules.steps` names them, without those that are examinations.
_STEP_NAMES = {
    "applied": "递交入党申请书", "talked": "派人谈话", "activist": "推荐和确定入党积极分子",
    "activist_filed": "上级党委备案", "contacts": "指定培养联系人", "candidate": "确定发展对象",
    "candidate_filed": "报上级党委备案", "introduced": "确定入党介绍人", "reviewed": "进行政治审查",
    "trained": "开展集中培训", "examined": "支部委员会审查", "prereviewed": "上级党委预审",
    "form_filled": "填写入党志愿书", "meeting": "支部大会讨论接收", "interviewed": "上级党委派人谈话",
    "approved": "上级党委审批", "filed": "组织部门备案", "assigned": "编入党支部和党小组", "oath": "入党宣誓",
    "confirm_applied": "提出转正申请", "confirm_meeting": "支部大会讨论转正",
    "confirm_approved": "上级党委审批", "archived": "材料归档",
}  # fmt: skip


def _steps() -> dict[str, str]:
    """The day and the number of the paper of each step."""
    told = {}
    for key, title in _STEP_NAMES.items():
        told[f"{key}_on"] = f"{title}的日期"
        told[f"{key}_no"] = f"{title}的文号或编号"
    return told


STEP_FACTS = frozenset(_steps())
FACT_TITLES: dict[str, str] = {**_PERSON_TITLES, **_steps(), **_MORE_TITLES}
#: Told where they are known; a paper without them is whole.
OPTIONAL = frozenset(
    {"education", "job", "body", "written", "confirm_written", "training_reason", "met_no", "confirm_met_no"}
    | {name for name in FACT_TITLES if name.endswith("_no") and name not in ("confirm_no", "form_filled_no")}
)
