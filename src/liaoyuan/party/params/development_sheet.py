"""F07 发展党员登记表/进度表 as a sheet: its columns, the step each date makes, the words of its cells (handbook §8).

No Django here. `STEP_OF` says which step a column with a day makes, `MARK_OF` which day between two steps.
"""

from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.params.way import CONFIRM_OUTCOME_TITLES, EXAMINED_TITLES, MarkKind
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES

#: Columns that are told of the applicant, and when the application was handed in.
PERSON_TITLES: dict[str, str] = {
    "name": "姓名", "branch": "所在党支部", "gender": "性别", "birth": "出生日期", "education": "学历",
    "job": "单位及职务", "organization": "所在组织",
}  # fmt: skip
#: Columns with a day, by the step they make.
STEP_TITLES: dict[int, str] = {
    1: "申请日期", 2: "谈话日期", 3: "确定积极分子日期", 4: "积极分子备案日期", 5: "指定联系人日期",
    7: "列为发展对象日期", 8: "发展对象备案日期", 9: "确定介绍人日期", 10: "政审结论日期", 11: "培训日期",
    12: "支委会审查日期", 13: "预审日期", 14: "填写志愿书日期", 15: "支部大会日期", 16: "审批前谈话日期",
    17: "审批日期", 18: "组织部门备案日期", 19: "编入支部日期", 20: "宣誓日期", 22: "转正申请日期", 23: "转正大会日期",
    24: "转正审批日期", 25: "归档日期",
}  # fmt: skip
#: Column by step, named as `rules.steps` names the step's day.
STEP_OF: dict[str, int] = {
    "applied_on": 1, "talked_on": 2, "activist_on": 3, "activist_filed_on": 4, "contacts_on": 5,
    "candidate_on": 7, "candidate_filed_on": 8, "introduced_on": 9, "reviewed_on": 10, "trained_on": 11,
    "examined_on": 12, "prereviewed_on": 13, "form_filled_on": 14, "meeting_on": 15, "interviewed_on": 16,
    "approved_on": 17, "filed_on": 18, "assigned_on": 19, "oath_on": 20, "confirm_applied_on": 22,
    "confirm_meeting_on": 23, "confirm_approved_on": 24, "archived_on": 25,
}  # fmt: skip
MARK_OF: dict[str, MarkKind] = {
    "publicity": MarkKind.PUBLICITY, "received": MarkKind.RECEIVED, "confirm_publicity": MarkKind.CONFIRM_PUBLICITY,
    "confirm_received": MarkKind.CONFIRM_RECEIVED,
}  # fmt: skip
MARK_SHEET_TITLES: dict[str, str] = {
    "publicity": "公示起日", "received": "收到接收决议日期", "confirm_publicity": "转正公示起日",
    "confirm_received": "收到转正决议日期",
}  # fmt: skip
#: The rest.
MORE_TITLES: dict[str, str] = {
    "contact_1": "培养联系人1", "contact_2": "培养联系人2", "introducer_1": "入党介绍人1",
    "introducer_2": "入党介绍人2",
    **{f"exam_{n}": f"考察记录{n}" for n in range(1, 7)}, "training_days": "培训天数", "training_hours": "培训学时",
    "training_reason": "经批准不参加培训的理由", "form_no": "志愿书编号", "votes": "票数",
    "special_reason": "审批超期的特殊情况",
    "approved_no": "审批文号", **{f"probation_{n}": f"预备期考察{n}" for n in range(1, 4)}, "outcome": "转正决定",
    "confirm_votes": "转正票数", "confirm_no": "转正审批文号",
}  # fmt: skip
EXAMS = tuple(f"exam_{n}" for n in range(1, 7))
PROBATION_EXAMS = tuple(f"probation_{n}" for n in range(1, 4))
DAY_TITLES: dict[str, str] = {name: STEP_TITLES[number] for name, number in STEP_OF.items()} | MARK_SHEET_TITLES
FIELD_TITLES: dict[str, str] = {**PERSON_TITLES, **DAY_TITLES, **MORE_TITLES}
#: Columns that are reckoned and never read back.
RECKONED_TITLES: dict[str, str] = {
    "publicity_until": "公示止日", "probation_until": "预备期满日期", "extension": "延长预备期",
    "confirm_publicity_until": "转正公示止日", "stage": "阶段",
}  # fmt: skip
#: What zone internet neither stores nor reads.
PAPERS = (
    "training_days",
    "training_hours",
    "training_reason",
    "form_no",
    "special_reason",
    "approved_no",
    "confirm_no",
)
EXAM_NOTE = "写成 2025-09-01 继续培养考察；一格里有几次的用；分开。只记日期和结论。"
VOTES_NOTE = "写成 应到8 实到7 书面0 赞成7 反对0 弃权0。只记总数。"
OUTCOME_NOTE = "按期转正、取消预备党员资格，或延长预备期6个月。"

#: In the order of the form.
ORDER = (
    "name", "branch", "gender", "birth", "education", "job", "organization", "applied_on", "talked_on", "activist_on",
    "activist_filed_on", "contacts_on", "contact_1", "contact_2", *EXAMS, "candidate_on", "candidate_filed_on",
    "introduced_on", "introducer_1", "introducer_2", "reviewed_on", "trained_on", "training_days", "training_hours",
    "training_reason", "examined_on", "prereviewed_on", "form_filled_on", "form_no", "publicity", "publicity_until",
    "meeting_on", "votes", "interviewed_on", "received", "approved_on", "approved_no", "special_reason", "filed_on",
    "assigned_on", "oath_on", "probation_until", "extension", *PROBATION_EXAMS, "confirm_applied_on",
    "confirm_publicity", "confirm_publicity_until", "confirm_meeting_on", "outcome", "confirm_votes",
    "confirm_received", "confirm_approved_on", "confirm_no", "archived_on", "stage",
)  # fmt: skip
_CHOICES = {"gender": tuple(GENDER_TITLES.values()), "education": tuple(EDUCATION_TITLES.values())}


def _column(key: str) -> Column:
    note = ""
    if key in EXAMS + PROBATION_EXAMS:
        note = EXAM_NOTE
    elif key in ("votes", "confirm_votes"):
        note = VOTES_NOTE
    elif key == "outcome":
        note = OUTCOME_NOTE
    title = FIELD_TITLES.get(key) or RECKONED_TITLES[key]
    return Column(title, key=key, width=max(12, len(title) * 2), note=note, required=key in ("name", "branch"),
                  choices=_CHOICES.get(key, ()))  # fmt: skip


COLUMNS = tuple(_column(key) for key in ORDER)
TEMPLATE = tuple(column for column in COLUMNS if column.key in FIELD_TITLES)
WORDS = {
    "gender": {str(code): title for code, title in GENDER_TITLES.items()},
    "education": {str(code): title for code, title in EDUCATION_TITLES.items()},
    "exam": {str(code): title for code, title in EXAMINED_TITLES.items()},
    "outcome": {str(code): title for code, title in CONFIRM_OUTCOME_TITLES.items()},
}
