"""Columns of the roster F03 (handbook §8): fields, titles, names people give them, how to read a cell.

Field names are part of the contract of the command line; docs/guide/fields.md names them. Dues are not told here: their
columns (党费基数, 月党费) are not read.
"""

from collections.abc import Mapping
from typing import Any

from liaoyuan.kit import dates, identifiers
from liaoyuan.kit.cells import Parsed
from liaoyuan.party.choices.members import AFFILIATION_TITLES, AffiliationKind
from liaoyuan.party.params.roster import STATE_TITLES
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES, WORK_TIME_TITLES
from liaoyuan.people.imports.columns import (
    GENDERS,
    MESSAGES,
    WORK_TIMES,
    Table,
    choice,
    read_birth,
    read_education,
    read_mobile,
)
from liaoyuan.registry.imports.columns import as_written, name_as_written

__all__ = ["DROPPED", "MEMBERS", "MESSAGES", "STATES", "STATE_TITLES", "words"]

#: What is never stored, however the column is called.
DROPPED = ("政治面貌", "宗教", "信仰", "婚姻", "健康", "病史", "评价", "积分", "排名")
STATES: Mapping[str, str] = {
    **{title: str(kind) for kind, title in STATE_TITLES.items()},
    **{title: str(kind) for kind, title in AFFILIATION_TITLES.items()},
    **{str(kind): str(kind) for kind in AffiliationKind},
    "已转": "formal", "转入": "formal", "正式": "formal", "未转": "temporary", "临时编入": "temporary",
    "双隶属": "temporary", "双管党员": "double", "双重管理党员": "double", "流动党员党组织": "floating",
    "报到": "on_duty", "在职党员": "on_duty", "入住党员": "resident",
}  # fmt: skip


def _short_day(cell: Any) -> Parsed[str]:
    """A day, or a month; a year alone is in doubt."""
    return dates.parse_date(cell, month_ok=True)


#: F03 党员花名册, in the order of the form; then what our own export adds.
MEMBERS: Table = {
    "name": ("姓名", name_as_written, ("姓名", "名字", "党员姓名")),
    "gender": ("性别", choice(GENDERS), ("性别",)),
    "ethnicity": ("民族", name_as_written, ("民族",)),
    "native_place": ("籍贯", as_written, ("籍贯",)),
    "birth": ("出生年月", read_birth, ("出生年月", "出生日期", "出生", "生日")),
    "id_number": (
        "身份证号",
        identifiers.parse_ric,
        ("身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号", "身份证"),
    ),
    "education": ("学历", read_education, ("学历", "文化程度", "最高学历")),
    "degree": ("学位", as_written, ("学位",)),
    "school": ("毕业院校及专业", as_written, ("毕业院校及专业", "毕业院校", "毕业院校系及专业", "毕业学校及专业")),
    "worked_since": ("参加工作时间", _short_day, ("参加工作时间", "参加工作日期", "工作时间")),
    "admitted_on": (
        "入党时间",
        _short_day,
        ("入党时间", "入党日期", "加入中共组织的日期", "加入党组织日期", "加入党组织时间"),
    ),
    "confirmed_on": ("转正时间", _short_day, ("转正时间", "转正日期", "转为正式党员日期", "转为正式党员时间")),
    "branch": (
        "所在党支部",
        name_as_written,
        ("所在党支部", "党支部", "所在支部", "支部名称", "党支部名称", "所在党组织", "党组织", "党组织名称"),
    ),
    "post": ("党内职务", as_written, ("党内职务", "支部职务", "党内任职")),
    "job": ("单位及职务", as_written, ("单位及职务", "工作单位及职务", "单位职务", "工作岗位")),
    "work_time": (
        "岗位(专/兼)",
        choice(WORK_TIMES),
        ("岗位(专/兼)", "岗位（专/兼）", "专/兼", "专兼职", "专/兼职", "是否专职"),
    ),
    "home": ("组织关系所在地", name_as_written, ("组织关系所在地", "组织关系所在党组织", "组织关系所在单位")),
    "state": (
        "组织关系状态",
        choice(STATES),
        ("组织关系状态", "组织关系状态(已转入/未转入/双管/流动)", "组织关系情况", "组织关系是否转入"),
    ),
    "home_contact": ("原支部及联系人", as_written, ("原支部及联系人", "原支部联系人", "原党支部及联系人")),
    "category": ("人员类别", as_written, ("人员类别", "党员类别")),
    "mobile": ("手机", read_mobile, ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式")),
    "police_station": ("户籍派出所", as_written, ("户籍派出所", "户籍所在派出所", "户口所在派出所")),
    "home_address": ("现住址", as_written, ("现住址", "家庭住址", "现居住地", "住址", "居住地址")),
    "skills": ("技能/证书", as_written, ("技能/证书", "技能证书", "技能", "特长")),
    "floating_note": ("流动情况", as_written, ("流动情况", "流动党员情况", "外出流向")),
    "note": ("备注", as_written, ("备注", "说明")),
    "joined_on": ("组织关系起日", dates.parse_date, ("组织关系起日", "转入时间", "转入日期", "编入时间", "编入日期")),
    "organization": (
        "所在组织",
        name_as_written,
        ("所在组织", "所在社会组织", "所在社会组织名称", "所属社会组织", "社会组织名称"),
    ),
    "evidence": ("依据", as_written, ("依据", "填报依据", "依据文件")),
}
_WORDS: dict[str, Mapping[Any, str]] = {
    "gender": GENDER_TITLES, "education": EDUCATION_TITLES, "work_time": WORK_TIME_TITLES, "state": STATE_TITLES,
}  # fmt: skip


def words(name: str, value: Any) -> str:
    """A normalised value as a person reads it."""
    if value is None or value == "":
        return "（空）"
    return _WORDS.get(name, {}).get(value, str(value))
