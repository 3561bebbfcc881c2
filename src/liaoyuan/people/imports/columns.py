"""Columns of the forms F18 and F19 (handbook §5, §8): fields, titles, names people give them, how to read a cell.

Field names are part of the contract of the command line; docs/guide/fields.md names them.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from liaoyuan.kit import dates, identifiers, text
from liaoyuan.kit.cells import Parsed, accept, is_blank, reject, review
from liaoyuan.people.choices import (
    BASIS_TITLES,
    EDUCATION_TITLES,
    GENDER_TITLES,
    LEVEL_TITLES,
    WORK_TIME_TITLES,
    Basis,
    CertificateLevel,
    WorkTime,
)
from liaoyuan.registry.imports.columns import as_written, name_as_written

type Reader = Callable[[Any], Parsed[Any]]
type Table = Mapping[str, tuple[str, Reader, tuple[str, ...]]]

#: What is never stored, however the column is called: membership enters by the party floor alone, the rest never.
DROPPED = (
    "政治面貌",
    "党派",
    "党员",
    "入党",
    "民族",
    "宗教",
    "信仰",
    "籍贯",
    "婚姻",
    "健康",
    "病史",
    "评价",
    "积分",
    "排名",
)
#: Sentences of the readers below; {given} is the cell as typed.
MESSAGES: Mapping[str, str] = {
    "mobile_unreadable": "“{given}”不像一个电话号码，请核对。",
    "hours_unreadable": "“{given}”读不出时长，请填小时数。",
    "times_unreadable": "“{given}”读不出起止时间，请写成“09:00-11:30”的样子。",
    "times_reversed": "“{given}”的止时不晚于起时。",
    "epoch": "“{given}”可能是空日期导出的结果，也可能真是这一天，请确认。",
    "graduate": "“{given}”可能是硕士，也可能是博士，已按硕士读，请确认。",
}


def _choices(titles: Mapping[Any, str], **more: str) -> dict[str, str]:
    return {**{title: str(code) for code, title in titles.items()}, **{str(c): str(c) for c in titles}, **more}


GENDERS = _choices(GENDER_TITLES, 男性="m", 女性="f")
EDUCATIONS = _choices(
    EDUCATION_TITLES,
    小学="basic", 初中="basic", 高中="secondary", 中专="secondary", 职高="secondary", 中技="secondary",
    技校="secondary", 高中中专="secondary", 大专="college", 专科="college", 大学专科="college", 高职="college",
    大学="bachelor", 大学本科="bachelor", 学士="bachelor", 硕士研究生="master", 博士研究生="doctor",
)  # fmt: skip
WORK_TIMES = _choices(WORK_TIME_TITLES, 全职=WorkTime.FULL, 专职人员=WorkTime.FULL, 兼职人员=WorkTime.PART)
_ASSISTANT, _WORKER, _SENIOR = CertificateLevel.ASSISTANT, CertificateLevel.WORKER, CertificateLevel.SENIOR
LEVELS = _choices(
    LEVEL_TITLES, 助理=_ASSISTANT, 助理社工师=_ASSISTANT, 初级=_ASSISTANT, 初级社工=_ASSISTANT, 社工师=_WORKER,
    中级=_WORKER, 中级社会工作师=_WORKER, 中级社工=_WORKER, 高级=_SENIOR, 高级社工师=_SENIOR,
)  # fmt: skip
BASES = _choices(
    BASIS_TITLES, 法定职责=Basis.DUTY, 劳动合同=Basis.CONTRACT, 聘用合同=Basis.CONTRACT, 同意=Basis.CONSENT
)
_NOTHING = frozenset({"无", "没有", "未取得", "无证", "暂无", "无证书"})
_MOBILE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,5})?|[48]00-?\d{3}-?\d{4}|\d{7,8}")
_HOURS = re.compile(r"(\d+(?:\.\d+)?)(?:学时|课时|小时|个小时|时|h)?", re.IGNORECASE)
_TIME = r"([01]?\d|2[0-3])[:：时点]([0-5]\d)?分?"
_TIMES = re.compile(rf"{_TIME}\s*(?:-|–|—|~|～|至|到)\s*{_TIME}")


def choice(table: Mapping[str, str]) -> Reader:
    """A reader of one of the values; 无 and its like is blank."""

    def read(cell: Any) -> Parsed[str]:
        if text.cell_text(cell).strip() in _NOTHING:
            return accept(None)
        return text.parse_choice(cell, table)

    return read


def read_education(cell: Any) -> Parsed[str]:
    """A level of education; 研究生 alone is in doubt."""
    if text.match_key(text.cell_text(cell)) == "研究生":
        return review("master", "graduate")
    return text.parse_choice(cell, EDUCATIONS)


def read_birth(cell: Any) -> Parsed[str]:
    """A day or a month of birth; a year alone is in doubt. What elsewhere counts as an empty day may be a birthday."""
    if is_blank(cell):
        return review("1970-01-01", "epoch") if text.cell_text(cell).strip()[:4] == "1970" else accept(None)
    return dates.parse_date(cell, month_ok=True)


def read_mobile(cell: Any) -> Parsed[str]:
    """A telephone number."""
    if is_blank(cell):
        return accept(None)
    given = re.sub(r"\s", "", text.half_width(text.cell_text(cell)))
    return accept(given) if _MOBILE.fullmatch(given) else reject("mobile_unreadable")


def read_registration(cell: Any) -> Parsed[tuple[str | None, str | None]]:
    """When a certificate's registration ends, or its whole period."""
    one = dates.parse_date(cell, open_ok=False)
    if one.value is not None and not one.error:
        return Parsed((None, one.value), one.doubt, None)
    return dates.parse_period(cell)


def read_hours(cell: Any) -> Parsed[str]:
    """A number of hours with at most two decimals, as text."""
    if is_blank(cell):
        return accept(None)
    match = _HOURS.fullmatch(text.half_width(text.cell_text(cell)).replace(" ", ""))
    try:
        value = Decimal(match[1]).quantize(Decimal("0.01")) if match else None
    except InvalidOperation:
        value = None
    if match is None or value is None or value != Decimal(match[1]) or value > 9999:
        return reject("hours_unreadable")
    return accept(plain_hours(value))


def plain_hours(value: Any) -> str:
    """Hours as text without needless zeros."""
    shown = f"{Decimal(value):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def read_number(cell: Any) -> Parsed[str]:
    """The number of a certificate or volunteer; one that a sheet kept as a figure may have lost digits."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**15:
        return review(text.cell_text(cell), "number_cell_lost_digits")
    return as_written(cell)


def read_years(cell: Any) -> Parsed[int]:
    """A number of years: 5, "5年"."""
    given = text.half_width(text.cell_text(cell)).strip() if isinstance(cell, str) else cell
    if isinstance(given, str):
        given = re.sub(r"(?:周年|年)$", "", given)
    return text.parse_int(given, maximum=80)


def read_times(cell: Any) -> Parsed[tuple[str, str]]:
    """From and to on one day: "09:00-11:30", "9时—11时30分"."""
    if is_blank(cell):
        return accept(None)
    match = _TIMES.fullmatch(text.half_width(text.cell_text(cell)).strip())
    if match is None:
        return reject("times_unreadable")
    first, last = (f"{int(match[i]):02d}:{match[i + 1] or '00'}" for i in (1, 3))
    return accept((first, last)) if first < last else reject("times_reversed")


_ORGANIZATION = (
    "机构",
    "所在机构",
    "机构名称",
    "组织",
    "组织名称",
    "单位",
    "单位名称",
    "工作单位",
    "所属组织",
    "所属机构",
)
_CODE = ("统一社会信用代码", "信用代码", "机构代码", "统一社会信用代码/备案号", "备案号", "统一代码")
_ID = ("身份证号", "身份证号码", "证件号", "证件号码", "身份证", "证件号(加密)", "公民身份号码")

#: F18 社工人员花名册.
PEOPLE: Table = {
    "name": ("姓名", name_as_written, ("姓名", "名字", "人员姓名", "社工姓名")),
    "gender": ("性别", choice(GENDERS), ("性别",)),
    "birth": ("出生年月", read_birth, ("出生年月", "出生日期", "出生", "生日")),
    "id_number": ("身份证号", identifiers.parse_ric, _ID),
    "mobile": ("手机", read_mobile, ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式")),
    "education": ("学历", read_education, ("学历", "文化程度", "最高学历")),
    "major": ("专业", as_written, ("专业", "所学专业", "毕业专业")),
    "level": (
        "证书级别",
        choice(LEVELS),
        ("证书级别", "社工证级别", "社工证书", "社工职称", "证书", "级别", "资格证书"),
    ),
    "number": ("证书号", read_number, ("证书号", "管理号", "证书编号", "证书管理号", "证书号码")),
    "approved_on": ("取证时间", dates.parse_date, ("取证时间", "批准日期", "取证日期", "发证日期", "取得时间")),
    "registration_no": ("登记证书号", as_written, ("登记证书号", "登记证号", "登记号")),
    "registration": (
        "登记有效期",
        read_registration,
        ("登记有效期", "登记有效期至", "证书登记有效期", "登记有效期(起止)"),
    ),
    "organization": ("机构", name_as_written, _ORGANIZATION),
    "code": ("统一社会信用代码/备案号", as_written, _CODE),
    "job": ("岗位", as_written, ("岗位", "职位", "岗位名称", "工作岗位")),
    "work_time": (
        "专/兼职",
        choice(WORK_TIMES),
        ("专/兼职", "专兼职", "专职/兼职", "用工形式", "全职/兼职", "是否专职"),
    ),
    "started_on": ("入职日期", dates.parse_date, ("入职日期", "入职时间", "到岗时间", "到岗日期")),
    "contract": (
        "合同起止",
        dates.parse_period,
        ("合同起止", "合同期限", "劳动合同起止", "合同起止时间", "合同有效期"),
    ),
    "insured": ("社保", text.parse_bool, ("社保", "参加社保", "是否参加社保", "是否缴纳社保", "社会保险")),
    "practice_years": (
        "从业年限",
        read_years,
        ("从业年限", "从业年数", "社工从业年限", "工作年限", "从业年限(年)"),
    ),
    "service_field": ("服务领域", as_written, ("服务领域", "领域", "工作领域")),
    "mentor": ("督导", as_written, ("督导", "督导姓名", "督导人")),
    "education_hours": (
        "继续教育学时",
        read_hours,
        ("继续教育学时", "继续教育", "学时", "继续教育时数", "继续教育(学时)"),
    ),
    "basis": ("处理依据", choice(BASES), ("处理依据", "个人信息处理依据")),
    "consent_no": ("同意书编号", as_written, ("同意书编号", "同意书")),
    "note": ("备注", as_written, ("备注", "说明")),
}
#: F19 志愿者/服务记录表.
SERVICE: Table = {
    "name": ("姓名", name_as_written, ("姓名", "志愿者", "志愿者姓名", "名字")),
    "id_number": ("证件号", identifiers.parse_ric, _ID),
    "number": ("志愿者编号", read_number, ("志愿者编号", "编号", "志愿者号", "注册号", "志愿者注册编号")),
    "activity": ("活动名称", as_written, ("活动名称", "活动", "项目名称", "服务项目", "活动主题")),
    "organization": ("组织", name_as_written, _ORGANIZATION),
    "code": ("统一社会信用代码/备案号", as_written, _CODE),
    "on": ("日期", dates.parse_date, ("日期", "服务日期", "活动日期", "时间")),
    "times": ("起止", read_times, ("起止", "起止时间", "服务时间", "时间段", "服务时段")),
    "hours": ("时长(h)", read_hours, ("时长(h)", "时长", "服务时长", "时长(小时)", "服务时长(小时)", "小时数")),
    "content": ("内容", as_written, ("内容", "服务内容", "活动内容")),
    "place": ("地点", as_written, ("地点", "服务地点", "活动地点")),
    "category": ("服务对象类别", as_written, ("服务对象类别", "服务对象", "对象类别")),
    "recorder": ("记录人", name_as_written, ("记录人", "登记人")),
    "confirmer": ("确认人", name_as_written, ("确认人", "审核人")),
}


def titles(table: Table) -> dict[str, str]:
    """Chinese titles by field."""
    return {name: entry[0] for name, entry in table.items()}


def synonyms(table: Table) -> dict[str, tuple[str, ...]]:
    """Column names by field."""
    return {name: entry[2] for name, entry in table.items()}


_TITLES: dict[str, Mapping[Any, str]] = {
    "gender": GENDER_TITLES, "education": EDUCATION_TITLES, "work_time": WORK_TIME_TITLES, "level": LEVEL_TITLES,
    "basis": BASIS_TITLES,
}  # fmt: skip


def words(name: str, value: Any) -> str:
    """A normalised value as a person reads it."""
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return _TITLES.get(name, {}).get(value, str(value))
