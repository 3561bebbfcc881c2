"""Columns of the forms F01 and F02 (handbook §8): fields, titles, names people give them, how to read a cell.

Field names are part of the contract of the command line and the API; docs/guide/fields.md is generated from here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from liaoyuan.kit import dates, geo, identifiers, money, text
from liaoyuan.kit.cells import INVISIBLE, Parsed, accept
from liaoyuan.registry.choices import (
    ANNUAL_RESULT_TITLES,
    CREDIT_TITLES,
    DISTRICT_FIELD_TITLES,
    FIELD_TITLES,
    FILING_CATEGORY_TITLES,
    HONOUR_LEVEL_TITLES,
    KIND_TITLES,
    STATUS_TITLES,
    CreditStatus,
    Kind,
    Status,
)

type Reader = Callable[[Any], Parsed[Any]]


def _choices(titles: Mapping[Any, str], **more: str) -> dict[str, str]:
    table = {title: str(code) for code, title in titles.items()}
    table.update({str(code): str(code) for code in titles})
    return {**table, **more}


KINDS = _choices(
    KIND_TITLES,
    社团=Kind.ST,
    团体=Kind.ST,
    民非=Kind.MF,
    民办非企业=Kind.MF,
    社会服务机构=Kind.MF,
    社会服务机构民办非企业单位=Kind.MF,
    民办非企业单位社会服务机构=Kind.MF,
    非公募基金会=Kind.JJ,
    公募基金会=Kind.JJ,
    社会团体法人=Kind.ST,
    民办非企业单位法人=Kind.MF,
    基金会法人=Kind.JJ,
    社区社会组织备案=Kind.BA,
    社区社会组织=Kind.BA,
    备案=Kind.BA,
    备案组织=Kind.BA,
    备案社会组织=Kind.BA,
    备案类=Kind.BA,
    城乡社区社会组织=Kind.BA,
)
STATUSES = _choices(
    STATUS_TITLES,
    已登记=Status.ACTIVE,
    存续=Status.ACTIVE,
    在册=Status.ACTIVE,
    已备案=Status.ACTIVE,
    正常运行=Status.ACTIVE,
    在业=Status.ACTIVE,
    注销=Status.DEREGISTERED,
    撤销=Status.REVOKED,
    已撤销=Status.REVOKED,
    吊销=Status.CERTIFICATE_REVOKED,
    吊销登记证书=Status.CERTIFICATE_REVOKED,
    已吊销=Status.CERTIFICATE_REVOKED,
    已取缔=Status.BANNED,
    清算=Status.LIQUIDATING,
)
CREDITS = _choices(
    CREDIT_TITLES,
    良好=CreditStatus.NORMAL,
    异常名录=CreditStatus.ABNORMAL,
    异常=CreditStatus.ABNORMAL,
    活动异常=CreditStatus.ABNORMAL,
    列入异常名录=CreditStatus.ABNORMAL,
    列入活动异常名录=CreditStatus.ABNORMAL,
    严重违法失信=CreditStatus.SERIOUS,
    失信=CreditStatus.SERIOUS,
    严重失信=CreditStatus.SERIOUS,
    列入严重违法失信名单=CreditStatus.SERIOUS,
)
_NUMBERED = {
    shown: code
    for code, title in FIELD_TITLES.items()
    for shown in (str(int(code)), f"{code}{title}", f"{int(code)}{title}", f"{title}{code}")
}
FIELDS_14 = _choices(FIELD_TITLES, 工商业服务=("01"), 生态=("08"), 环境保护=("08"), 科技与研究=("03"), **_NUMBERED)
FIELDS_8 = _choices(DISTRICT_FIELD_TITLES, 民政="livelihood", 民政类="livelihood", 就业="labour")
CATEGORIES = _choices(
    FILING_CATEGORY_TITLES,
    服务="service",
    公益="welfare",
    公益慈善="welfare",
    公益慈善类="welfare",
    文体="culture_sports",
    文体活动="culture_sports",
    文体活动类="culture_sports",
    邻里="neighbourhood",
    邻里互助="neighbourhood",
    社区互助="neighbourhood",
    农技="farming",
    农村生产技术服务="farming",
)
RESULTS = _choices(
    ANNUAL_RESULT_TITLES,
    未检="missed",
    未参检="missed",
    未年检="missed",
    未报="missed",
    免年检="exempt",
    年检合格="qualified",
    年检基本合格="basically",
    年检不合格="unqualified",
)
HONOUR_LEVELS = _choices(
    HONOUR_LEVEL_TITLES,
    国家="national",
    国="national",
    全国="national",
    全国级="national",
    国家级别="national",
    省="province",
    省部级="province",
    市="city",
    地市级="city",
    设区市级="city",
    区="district",
    县="district",
    县级="district",
    区县级="district",
    县区级="district",
)
DATUMS = _choices(
    geo.DATUM_NAMES,
    天地图="wgs84",
    CGCS2000="wgs84",
    国家2000="wgs84",
    卫星定位="wgs84",
    北斗="wgs84",
    高德="gcj02",
    高德地图="gcj02",
    腾讯="gcj02",
    腾讯地图="gcj02",
    火星坐标="gcj02",
    国测局="gcj02",
    百度="bd09",
    百度地图="bd09",
)
_RATING_WORDS = {"未评": None, "未评估": None, "未参评": None, "无等级": None}
_RATING = re.compile(r"(?:([1-5])A|(A{1,5}))(?:级)?(?:社会组织)?")
_GAP = re.compile(r"(?<=[\u2e80-\u9fff])[ \u3000]+(?=[\u2e80-\u9fff])")
_SPACE = re.compile(r"\s")
_YEAR_RESULT = re.compile(r"(20\d\d)\s*年?(?:度)?\s*[:：]?\s*([^\d,，;；、/\s]+)")


def read_rating(cell: Any) -> Parsed[str]:
    """1A … 5A: "5A", "AAAAA", "5A级"; 未评 is blank; anything else is an error."""
    given = text.half_width(text.cell_text(cell)).upper().replace(" ", "")
    if given in _RATING_WORDS:
        return accept(None)
    match = _RATING.fullmatch(given)
    if match:
        return accept(f"{match[1] or len(match[2])}A")
    return text.parse_choice(cell, {})


def read_results(cell: Any) -> Parsed[dict[str, str]]:
    """Annual results of several years in one cell: "2023合格、2024基本合格"."""
    read = text.parse_text(cell)
    if not read.value:
        return Parsed(None, read.doubt, read.error)
    found: dict[str, str] = {}
    for year, word in _YEAR_RESULT.findall(read.value):
        result = text.parse_choice(word, RESULTS)
        if result.error or result.value is None:
            return Parsed(None, error=result.error)
        found[year] = result.value
    return accept(found) if found else Parsed(None, error="choice_unknown")


def read_result(cell: Any) -> Parsed[str]:
    """The annual result of one year."""
    return text.parse_choice(cell, RESULTS)


def as_written(cell: Any) -> Parsed[str]:
    """A text as it stands in the cell: only blanks around it and invisible characters go."""
    read = text.parse_text(cell)
    if not read.value or not isinstance(cell, str):
        return read
    if read.value == cell and read.doubt is None:
        return read
    return Parsed("".join(c for c in cell if c not in INVISIBLE).strip(), read.doubt)


def name_as_written(cell: Any) -> Parsed[str]:
    """As `as_written`; line breaks and blanks between Chinese characters, which layout put there, go too."""
    read = as_written(cell)
    if not read.value or not _SPACE.search(read.value):
        return read
    return Parsed(_GAP.sub("", " ".join(read.value.split())), read.doubt)


def _choice(table: Mapping[str, str]) -> Reader:
    return lambda cell: text.parse_choice(cell, table)


def _open_date(cell: Any) -> Parsed[str]:
    return dates.parse_date(cell, open_ok=True)


def read_body_code(cell: Any) -> Parsed[str]:
    """A unified code or a filing number that names a body: capitals in half width; our own numbers as we write them."""
    if isinstance(cell, int | float):
        return Parsed(None, error="number_cell_lost_digits")
    given = text.half_width(text.cell_text(cell)).strip().upper()
    return identifiers.parse_filing_no(given) if given.startswith("BA") else Parsed(given or None)


def read_last_day(cell: Any) -> Parsed[str]:
    """The last day of a validity: a day, the end of a period, "" for what holds for good (长期)."""
    if text.half_width(text.cell_text(cell)).strip() in dates.OPEN_ENDS:
        return accept("")
    read = dates.parse_date(cell)
    if not read.error:
        return read
    period = dates.parse_period(cell)
    if period.value is None:
        return read
    return Parsed(period.value[1] or "", period.doubt)


#: field → (Chinese title, reader, column names in the order of likelihood). Money is read apart: it needs the unit.
ORGANIZATION: dict[str, tuple[str, Reader | None, tuple[str, ...]]] = {
    "name": ("名称", name_as_written, ("名称", "单位名称", "社会组织名称", "机构名称", "组织名称")),
    "code": (
        "统一社会信用代码",
        None,
        ("统一社会信用代码", "信用代码", "社会信用代码", "统一代码", "统一社会信用代码/备案号", "统一信用代码"),
    ),
    "filing_no": ("备案号", identifiers.parse_filing_no, ("备案号", "备案编号", "备案证号", "备案证书号")),
    "kind": ("类型", _choice(KINDS), ("类型", "组织类型", "社会组织类型", "类别", "机构类型")),
    "registrar": ("登记管理机关", name_as_written, ("登记管理机关", "登记机关")),
    "supervisor": ("业务主管单位", name_as_written, ("业务主管单位", "主管单位", "业务主管部门")),
    "industry_regulator": ("行业管理部门", name_as_written, ("行业管理部门", "行业主管部门")),
    "party_lead": ("党建领导机关", name_as_written, ("党建领导机关", "党建工作机构", "党建主管部门")),
    "legal_representative": (
        "法定代表人/负责人",
        name_as_written,
        ("法定代表人", "法人代表", "负责人", "法定代表人/负责人", "法人"),
    ),
    "phone": ("联系电话", as_written, ("联系电话", "电话", "手机", "联系方式", "手机号码", "手机号")),
    "address": ("住所", as_written, ("住所", "地址", "住所地址", "活动场所", "注册地址", "办公地址")),
    "street": ("所属街道", name_as_written, ("所属街道", "街道", "街道(镇)", "镇(街道)", "所属街道(镇)", "乡镇街道")),
    "community": ("所属社区", name_as_written, ("所属社区", "社区", "村(社区)", "社区(村)", "所属社区(村)")),
    "longitude": ("经度", geo.parse_longitude, ("经度", "坐标经度", "东经")),
    "latitude": ("纬度", geo.parse_latitude, ("纬度", "坐标纬度", "北纬")),
    "point": ("经纬度", geo.parse_point, ("经纬度", "坐标", "经纬度坐标", "坐标(经度,纬度)")),
    "point_datum": ("坐标系", _choice(DATUMS), ("坐标系", "坐标系统", "坐标类型")),
    "registered_on": (
        "成立日期",
        dates.parse_date,
        ("成立日期", "登记日期", "成立登记日期", "成立时间", "注册日期", "备案日期", "登记时间", "备案时间"),
    ),
    "capital_fen": (
        "注册资金",
        None,
        ("注册资金(万元)", "注册资金", "开办资金", "开办资金(万元)", "原始基金", "注册资本", "注册资金(元)"),
    ),
    "scope": ("业务范围", as_written, ("业务范围",)),
    "field": ("行业分类", _choice(FIELDS_14), ("行业分类", "行业", "所属行业")),
    "district_field": ("所属领域", _choice(FIELDS_8), ("所属领域", "领域")),
    "certificate_from": (
        "证书有效期起",
        dates.parse_date,
        ("证书有效期起", "证书有效期自", "证书有效期开始", "证书起"),
    ),
    "certificate_to": ("证书有效期止", _open_date, ("证书有效期止", "证书有效期至", "证书有效期结束", "证书止")),
    "certificate": ("证书有效期", dates.parse_period, ("证书有效期", "证书有效期(起止)", "证书有效期起止")),
    "full_time": ("专职人数", text.parse_int, ("专职人数", "专职人员", "专职", "专职人员数", "专职工作人员数")),
    "part_time": ("兼职人数", text.parse_int, ("兼职人数", "兼职人员", "兼职", "兼职人员数", "兼职工作人员数")),
    "members_unit": ("单位会员数", text.parse_int, ("会员数(单位)", "单位会员数", "单位会员", "会员数单位")),
    "members_person": (
        "个人会员数",
        text.parse_int,
        ("会员数(个人)", "个人会员数", "个人会员", "会员数个人", "成员数", "成员人数"),
    ),
    "council_count": ("理事数", text.parse_int, ("理事数", "理事人数", "理事")),
    "supervisors_count": ("监事数", text.parse_int, ("监事数", "监事人数", "监事")),
    "party_members_declared": ("党员数", text.parse_int, ("党员数", "党员人数", "党员")),
    "rating": ("评估等级", read_rating, ("评估等级", "等级", "等级评估", "社会组织评估等级")),
    "rated_on": ("评估时间", dates.parse_date, ("评估时间", "评估日期", "评定时间")),
    "rating_until": ("评估有效期至", dates.parse_date, ("有效期至", "评估有效期至", "等级有效期至", "评估有效期")),
    "annual_results": (
        "年检结论",
        read_results,
        ("年检结论", "年检结论(近3年)", "年检情况", "近3年年检结论", "年检结果"),
    ),
    "is_charity": ("是否慈善组织", text.parse_bool, ("是否慈善组织", "慈善组织")),
    "public_fundraising": ("公开募捐资格", text.parse_bool, ("公开募捐资格", "公募资格")),
    "tax_deductible": ("税前扣除资格", text.parse_bool, ("税前扣除资格", "公益性捐赠税前扣除资格")),
    "credit_status": ("信用状态", _choice(CREDITS), ("信用状态", "信用情况", "信用")),
    "status": ("状态", _choice(STATUSES), ("状态", "登记状态", "组织状态", "存续状态")),
    "closed_on": ("注销日期", dates.parse_date, ("注销日期", "注销时间", "终止日期")),
    "note": ("备注", as_written, ("备注", "说明")),
}
FILING: dict[str, tuple[str, Reader | None, tuple[str, ...]]] = {
    **{
        f: ORGANIZATION[f]
        for f in (
            "name",
            "filing_no",
            "street",
            "community",
            "legal_representative",
            "phone",
            "party_members_declared",
            "status",
            "closed_on",
            "note",
        )
    },
    "category": ("类别", _choice(CATEGORIES), ("类别", "备案类别", "组织类别", "类型")),
    "id_number": ("身份证号", identifiers.parse_ric, ("身份证号", "身份证号码", "负责人身份证号", "身份证")),
    "member_count": ("成员数", text.parse_int, ("成员数", "成员人数", "人数", "会员数")),
    "address": ("活动场所", as_written, ("活动场所", "活动地点", "地址", "住所")),
    "registered_on": ("备案日期", dates.parse_date, ("备案日期", "备案时间", "成立日期")),
    "filing_until": ("有效期", _open_date, ("有效期", "有效期至", "备案有效期", "备案有效期至")),
    "guidance_unit": ("指导单位", name_as_written, ("指导单位", "业务指导单位")),
}


ANNUAL = tuple(
    f"{{year}}{word}"
    for word in (
        "年年检",
        "年年检结论",
        "年度年检",
        "年度年检结论",
        "年度检查",
        "年检",
        "年检结论",
        "年年报",
        "年度年报",
        "年检查结论",
    )
)


def read_money(unit: str | None) -> Reader:
    """A reader of money columns whose unit is known from the header, the caller, or not at all."""
    return lambda cell: money.parse_money(cell, unit=unit)


#: F25 荣誉登记表, with the body that each line speaks of.
HONOUR: dict[str, tuple[str, Reader | None, tuple[str, ...]]] = {
    "organization": (
        "组织", name_as_written,
        ("组织", "组织名称", "社会组织", "社会组织名称", "单位名称", "机构名称", "获奖单位", "获奖组织"),
    ),
    "code": (
        "统一社会信用代码/备案号", read_body_code,
        ("统一社会信用代码/备案号", "统一社会信用代码", "信用代码", "备案号", "社会信用代码", "代码"),
    ),
    "title": (
        "名称", name_as_written,
        ("名称", "荣誉名称", "荣誉", "荣誉称号", "奖项", "奖项名称", "称号", "表彰名称", "获奖名称"),
    ),
    "level": (
        "级别", _choice(HONOUR_LEVELS),
        ("级别(国/省/市/区)", "级别", "荣誉级别", "奖项级别", "表彰级别", "获奖级别"),
    ),
    "issuer": ("颁发单位", name_as_written, ("颁发单位", "授予单位", "颁奖单位", "发证单位", "表彰单位", "授予机关")),
    "given_on": (
        "日期", dates.parse_date,
        ("日期", "授予日期", "授予时间", "获奖日期", "获奖时间", "颁发日期", "颁发时间", "表彰日期", "时间"),
    ),
    "until": ("有效期", read_last_day, ("有效期", "有效期至", "有效期止", "有效期限", "有效期截止")),
    "evidence": ("证书扫描", as_written, ("证书扫描", "证书扫描件", "证书编号", "证书号", "证书", "附件", "依据")),
}  # fmt: skip


def titles(table: Mapping[str, tuple[str, Reader | None, tuple[str, ...]]]) -> dict[str, str]:
    """Chinese titles by field."""
    return {name: entry[0] for name, entry in table.items()}


def synonyms(table: Mapping[str, tuple[str, Reader | None, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Column names by field; a column of one year's annual result becomes the field `annual:<year>`."""
    found = {name: entry[2] for name, entry in table.items()}
    if "annual_results" in table:
        found["annual:{year}"] = ANNUAL
    return found


#: Titles of the coded fields.
_TITLES: dict[str, Mapping[Any, str]] = {
    "kind": KIND_TITLES,
    "field": FIELD_TITLES,
    "district_field": DISTRICT_FIELD_TITLES,
    "status": STATUS_TITLES,
    "credit_status": CREDIT_TITLES,
    "category": FILING_CATEGORY_TITLES,
    "level": HONOUR_LEVEL_TITLES,
}


def words(name: str, value: Any) -> str:
    """A normalised value as a person reads it: titles for codes, yuan for fen, yes and no."""
    if value is None or value == "":
        return "（空）"
    if name == "capital_fen" and isinstance(value, int):
        return f"{money.format_yuan(value)} 元"
    if name == "annual_results" and isinstance(value, dict):
        return "、".join(f"{y}年{ANNUAL_RESULT_TITLES.get(r, '（空）')}" for y, r in sorted(value.items()))
    if name == "point_datum" and value in geo.DATUM_NAMES:
        return geo.DATUM_NAMES[geo.Datum(value)]
    if isinstance(value, bool):
        return "是" if value else "否"
    return _TITLES.get(name, {}).get(value, str(value))
