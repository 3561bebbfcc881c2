"""The roster F03 as a sheet: its columns, their drop-downs and notes, the words of its values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES, WORK_TIME_TITLES

#: 组织关系状态 as sheets write it.
STATE_TITLES = {
    AffiliationKind.FORMAL: "已转入", AffiliationKind.TEMPORARY: "未转入", AffiliationKind.DOUBLE: "双管",
    AffiliationKind.FLOATING: "流动", AffiliationKind.ON_DUTY: "在职报到", AffiliationKind.RESIDENT: "入住",
}  # fmt: skip
_TITLES: dict[str, Mapping[Any, str]] = {
    "gender": GENDER_TITLES, "education": EDUCATION_TITLES, "work_time": WORK_TIME_TITLES, "state": STATE_TITLES,
}  # fmt: skip
#: What stands in a cell for a stored value.
WORDS = {name: {str(code): title for code, title in titles.items()} for name, titles in _TITLES.items()}
MASKED = "打码导出；写明事由才能导出明文，导回时打码的不会改动。"


def _column(key: str, title: str, **more: Any) -> Column:
    if key in _TITLES:
        more["choices"] = tuple(_TITLES[key].values())
    return Column(title, key=key, **more)


MEMBERS = (
    _column("name", "姓名", required=True), _column("gender", "性别"), _column("ethnicity", "民族"),
    _column("native_place", "籍贯", width=14), _column("birth", "出生年月", width=12, note=MASKED),
    _column("education", "学历"), _column("degree", "学位"), _column("school", "毕业院校及专业", width=24),
    _column("worked_since", "参加工作时间", width=12), _column("admitted_on", "入党时间", width=12),
    _column("confirmed_on", "转正时间", width=12), _column("branch", "所在党支部", width=28, required=True),
    _column("post", "党内职务", width=14), _column("job", "单位及职务", width=24), _column("work_time", "岗位(专/兼)"),
    _column("home", "组织关系所在地", width=28), _column("state", "组织关系状态", width=12),
    _column("home_contact", "原支部及联系人", width=18), _column("category", "人员类别", width=14),
    _column("mobile", "手机", width=14, note=MASKED), _column("police_station", "户籍派出所", width=16),
    _column("home_address", "现住址", width=28, note=MASKED), _column("skills", "技能/证书", width=18),
    _column("floating_note", "流动情况", width=18), _column("note", "备注", width=24),
    _column("joined_on", "组织关系起日", width=12), _column("organization", "所在组织", width=28),
    _column("evidence", "依据", width=20),
)  # fmt: skip
#: What is typed by hand has the identity number too; it is only ever brought in.
TEMPLATE = (
    *MEMBERS[:5], Column("身份证号", key="id_number", width=22, note="加密保存；不导出。"),
    *(replace(column, note="") if column.note == MASKED else column for column in MEMBERS[5:]),
)  # fmt: skip
