"""The column orders and header words of the sheets the logical rows are written into."""

from __future__ import annotations

from dataclasses import dataclass

from tests.truth.rows import ANNUAL_YEARS

#: Columns that are no fields: numbers of lines, and the column an import must drop.
NO_FIELDS = ("seq", "political")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, and its header in one row (``top``) or two (``top`` over ``bottom``)."""

    key: str
    top: str
    bottom: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is built. Columns of their own: ``code_or_filing`` (both in one) and ``annual`` (all years)."""

    columns: tuple[Column, ...]
    title: tuple[str, ...] = ()
    merged_kinds: bool = False
    furniture: bool = True
    hidden: bool = False

    @property
    def header_height(self) -> int:
        """Header rows: two as soon as one column has a second line."""
        return 2 if any(column.bottom for column in self.columns) else 1

    @property
    def header_rows(self) -> list[int]:
        """Sheet rows of the header, counted from 1."""
        first = len(self.title) + 1
        return list(range(first, first + self.header_height))

    def has(self, key: str) -> bool:
        """Whether a column of this key stands in the sheet."""
        return any(column.key == key for column in self.columns)


_TITLE = ("无锡市滨湖区社会组织基本情况台账（演示数据）", "填报单位：社会组织科　　填报日期：2026年10月26日")

#: The usual order of F01 with the usual words; every layout starts from it.
_USUAL: tuple[tuple[str, str], ...] = (
    ("seq", "序号"),
    ("name", "名称"),
    ("code", "统一社会信用代码"),
    ("filing_no", "备案号"),
    ("kind", "类型"),
    ("registrar", "登记管理机关"),
    ("supervisor", "业务主管单位"),
    ("industry_regulator", "行业管理部门"),
    ("party_lead", "党建领导机关"),
    ("legal_representative", "法定代表人/负责人"),
    ("phone", "联系电话"),
    ("address", "住所"),
    ("street", "所属街道"),
    ("community", "所属社区"),
    ("registered_on", "成立日期"),
    ("capital_fen", "注册资金(万元)"),
    ("scope", "业务范围"),
    ("field", "行业分类"),
    ("district_field", "所属领域"),
    ("certificate_from", "证书有效期起"),
    ("certificate_to", "证书有效期止"),
    ("full_time", "专职人数"),
    ("part_time", "兼职人数"),
    ("members_unit", "会员数(单位)"),
    ("members_person", "会员数(个人)"),
    ("council_count", "理事数"),
    ("supervisors_count", "监事数"),
    ("party_members_declared", "党员数"),
    ("rating", "评估等级"),
    ("rated_on", "评估时间"),
    ("rating_until", "有效期至"),
    *((f"annual_{year}", f"{year}年年检结论") for year in ANNUAL_YEARS),
    ("is_charity", "是否慈善组织"),
    ("public_fundraising", "公开募捐资格"),
    ("tax_deductible", "税前扣除资格"),
    ("credit_status", "信用状态"),
    ("status", "状态"),
    ("closed_on", "注销日期"),
    ("note", "备注"),
)


def _columns(*, without: tuple[str, ...] = (), two_rows: bool = False, **words: str) -> tuple[Column, ...]:
    """The usual columns with other header words; with ``two_rows`` the compound headers are split over two rows."""
    split = {
        "certificate_from": ("证书有效期", "起"),
        "certificate_to": ("证书有效期", "止"),
        "members_unit": ("会员数", "单位"),
        "members_person": ("会员数", "个人"),
        **{f"annual_{year}": ("年检结论（近3年）", f"{year}年") for year in ANNUAL_YEARS},
    }
    found: list[Column] = []
    for key, usual in _USUAL:
        if key in without:
            continue
        if two_rows and key in split:
            found.append(Column(key, *split[key]))
        else:
            found.append(Column(key, words.get(key, usual)))
    return tuple(found)


def _combined(columns: tuple[Column, ...], header: str) -> tuple[Column, ...]:
    """Code and filing number in the one column of the usual form."""
    kept = [column for column in columns if column.key != "filing_no"]
    return tuple(Column("code_or_filing", header) if column.key == "code" else column for column in kept)


def _moved(columns: tuple[Column, ...], key: str, place: int) -> tuple[Column, ...]:
    found = [column for column in columns if column.key != key]
    found.insert(place, next(column for column in columns if column.key == key))
    return tuple(found)


def _one_annual_column(columns: tuple[Column, ...], header: str) -> tuple[Column, ...]:
    years = [column for column in columns if column.key.startswith("annual_")]
    kept = [column for column in columns if column not in years[1:]]
    return tuple(Column("annual", header) if column == years[0] else column for column in kept)


def _with(columns: tuple[Column, ...], column: Column, place: int) -> tuple[Column, ...]:
    return (*columns[:place], column, *columns[place:])


WORKBOOK = Layout(
    _columns(
        two_rows=True, name="单位名称", phone="联系\n电话", capital_fen="注册资金\n（万元）", full_time="专职\n人数"
    ),
    title=_TITLE,
    merged_kinds=True,
    hidden=True,
)
OLD_WORKBOOK = Layout(
    _combined(
        _columns(name="社会组织名称", registered_on="成立登记日期", kind="社会组织类型"), "统一社会信用代码/备案号"
    ),
    title=_TITLE[:1],
    merged_kinds=True,
    hidden=True,
)
GBK = Layout(
    _combined(
        _columns(name="机构名称", kind="类别", capital_fen="开办资金(万元)", supervisor="业务主管部门"),
        "统一社会信用代码/备案号",
    ),
    title=_TITLE[:1],
)
GB18030 = Layout(
    _columns(code="信用代码", filing_no="备案编号", registered_on="成立时间", street="街道(镇)", community="村(社区)")
)
UTF8_BOM = Layout(
    _moved(_columns(code="统一代码", kind="组织类型", status="登记状态", rated_on="评估日期"), "note", 3),
    furniture=False,
)
UTF16 = Layout(
    _with(_columns(legal_representative="法定代表人", full_time="专职"), Column("political", "政治面貌"), 11)
)
SEMICOLON = Layout(
    _one_annual_column(_columns(without=("seq",), name="组织名称", rating="等级", phone="手机"), "年检结论(近3年)")
)
NO_UNIT = Layout(_columns(capital_fen="注册资金"), furniture=False)
HEADER_YUAN = Layout(_columns(capital_fen="注册资金（元）"), title=_TITLE[:1])
PLAIN = Layout(_columns(), furniture=False)
