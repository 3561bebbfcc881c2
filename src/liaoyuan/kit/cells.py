"""What reading one cell of a spreadsheet can give, and which cells count as blank.

A cell is read in one of three ways: *accepted* (no guess was needed), in *doubt* (understood only by a guess that a
person must confirm) or *in error* (cannot be stored). Readers never raise for what a user typed. A blank cell is
accepted with the value ``None``: a blank never overwrites anything, so it needs neither a doubt nor an error.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Parsed[T]:
    """One cell read: its value and at most one of ``doubt`` and ``error``, both short stable codes of `MESSAGES`."""

    value: T | None
    doubt: str | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """True when the cell was read without a guess (a blank cell too)."""
        return self.doubt is None and self.error is None

    @property
    def code(self) -> str | None:
        """The doubt or the error, whichever is set."""
        return self.error or self.doubt


def accept[T](value: T | None) -> Parsed[T]:
    """Read without a guess; ``None`` for a blank cell."""
    return Parsed(value)


def review[T](value: T | None, code: str) -> Parsed[T]:
    """Understood as ``value`` by a guess; a person must confirm it. ``code`` is a key of `MESSAGES`."""
    return Parsed(value, doubt=code)


def reject[T](code: str) -> Parsed[T]:
    """Cannot be stored. ``code`` is a key of `MESSAGES`."""
    return Parsed(None, error=code)


# One sentence per code; {given} is the cell as the user typed it. These sentences are gettext msgids.
MESSAGES: Mapping[str, str] = {
    # text, whole numbers, choices
    "approximate": "“{given}”是约数，请确认按这个数字登记。",
    "bool_cross": "“{given}”可能表示“否”，也可能表示打叉选中，请确认。",
    "bool_unreadable": "“{given}”看不出是“是”还是“否”，请填“是”或“否”。",
    "choice_unknown": "“{given}”不在可选的值里，请改成下拉列表中的一项。",
    "formula_error": "单元格里是公式错误“{given}”，请先在表格中改正。",
    "int_fraction": "“{given}”不是整数，请填整数。",
    "int_negative": "“{given}”是负数，这里不能为负。",
    "int_too_large": "“{given}”太大，请核对。",
    "int_unreadable": "“{given}”读不出数字，请填阿拉伯数字。",
    "numeral_ambiguous": "中文数字“{given}”的写法有歧义，请确认读出的数字。",
    "number_scientific": "“{given}”是科学计数法，可能已丢失末位，请对照原件确认。",
    "separator_misplaced": "“{given}”的千位分隔符或小数点位置不对，请确认读出的数字。",
    "text_damaged": "“{given}”里有无法显示的乱码，请对照原件确认。",
    # dates and periods
    "date_impossible": "日历上没有“{given}”这一天。",
    "date_out_of_range": "日期“{given}”超出了这一栏允许的范围。",
    "date_unreadable": "“{given}”读不出日期，请写成 2018-10-26 的样子。",
    "day_month_order": "“{given}”的日和月顺序不确定，请确认读出的日期。",
    "month_only": "“{given}”只有年和月，缺少日，请确认。",
    "month_or_ten": "“{given}”可能是1月，也可能是末尾的0丢了的10月，请确认。",
    "open_ended": "“{given}”表示没有截止日期，请确认留空。",
    "period_end_without_year": "“{given}”的结束日期没有写年份，已按开始的年份读，请确认。",
    "period_one_date": "“{given}”只有一个日期，已当作开始日期，请确认。",
    "period_reversed": "“{given}”的结束早于开始。",
    "period_unreadable": "“{given}”读不出起止日期，请写成“2018-01-01至2022-12-31”的样子。",
    "serial_or_month": "“{given}”可能是日期的序列号，也可能是没写完的年月，请确认。",
    "time_zone": "“{given}”带有时区，已换算成北京时间的日期，请确认。",
    "two_digit_year": "“{given}”的年份只有两位，请确认读出的年份。",
    "year_only": "“{given}”只有年份，缺少月和日，请确认。",
    # money
    "money_currency": "“{given}”不是人民币金额，请换算成人民币。",
    "money_implausible": "“{given}”按这一栏的单位算数额很大，请确认单位是元还是万元。",
    "money_negative": "“{given}”是负数，金额不能为负。",
    "money_sub_fen": "“{given}”的金额不足一分，请写到分为止。",
    "money_too_large": "“{given}”的金额太大，请核对。",
    "money_unreadable": "“{given}”读不出金额，请写成 300000 或 30万元 的样子。",
    "unit_unknown": "“{given}”没有写明单位是元还是万元，请确认读出的金额。",
    # points
    "point_unreadable": "“{given}”读不出坐标，请写成“120.2938, 31.5412”的样子：先经度，后纬度。",
    "point_outside": "坐标“{given}”不在中国范围内，请核对。",
    "longitude_outside": "“{given}”不是中国的经度（73 至 136 度），请核对是否与纬度填反。",
    "latitude_outside": "“{given}”不是中国的纬度（3 至 54 度），请核对是否与经度填反。",
    # codes and identity numbers
    "letter_o_for_zero": "“{given}”里把数字写成了形似的字母（如字母O当作0），请确认读出的代码。",
    "number_cell_lost_digits": "代码“{given}”存成了数字，末几位已丢失，请对照证书确认。",
    "uscc_17": "统一社会信用代码“{given}”只有17位，少一位，请对照证书确认。",
    "uscc_alphabet": "统一社会信用代码“{given}”里有不允许的字符，请对照证书确认。",
    "uscc_check": "统一社会信用代码“{given}”的校验位不符，请对照证书确认。",
    "uscc_length": "统一社会信用代码“{given}”不是18位，请对照证书确认。",
    "uscc_not_a_code": "“{given}”不是统一社会信用代码；没有代码时请留空。",
    "ric_check": "身份证号“{given}”的校验位不符，请对照证件确认。",
    "ric_date": "身份证号“{given}”中的出生日期不存在。",
    "ric_length": "身份证号“{given}”不是18位。",
    "ric_alphabet": "身份证号“{given}”里有不允许的字符。",
}

# What people write to say "nothing", after trimming and casefolding. The date sentinels are matched by `_NO_DATE`.
BLANKS = frozenset(
    {
        *("", "无", "暂无", "nan", "nat", "none", "null", "n/a"),
        *("/", "//", "\\", "／", "-", "--", "---", "－", "–", "—", "——", "−", "─"),
    }
)
# Days that programs write for "no date": Excel's and Unix's zero, and the zero of a common database.
BLANK_DATES = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1970, 1, 1)})
BLANK_SERIALS = frozenset({0, 1, 25569})  # Excel's numbers of 1900-01-00, 1900-01-01 and 1970-01-01

_NO_DATE = re.compile(
    r"(?:(?:1900|1970)[-/.年]0?1[-/.月]0?1|1900[-/.年]0?1[-/.月]00?|1899[-/.年]12[-/.月]3[01]|0000[-/.]00[-/.]00)日?"
    r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
)
_LONGEST_BLANK = 40
# Characters that cannot be seen: zero width, direction marks, soft hyphen, byte order mark.
INVISIBLE = frozenset(
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\ufeff"
)
_DROP_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))


def is_blank(cell: object, *, in_date_column: bool = False) -> bool:
    """True for a cell that says nothing: empty, white or invisible, a sentinel word, a sentinel date.

    Sentinel dates count as text and as date cells everywhere, as bare Excel numbers only with ``in_date_column``,
    because 0 and 1 are true values of a number column.
    """
    if cell is None:
        return True
    if isinstance(cell, str):
        if len(cell) > 4 and "\u4e00" <= cell[0] <= "\u9fff":  # the usual name; no sentinel of ours is so long
            return False
        if len(cell) > _LONGEST_BLANK and not cell.isspace():
            return not cell.translate(_DROP_INVISIBLE).strip()
        text = (cell if cell.isascii() else cell.translate(_DROP_INVISIBLE)).strip().casefold()
        return text in BLANKS or (
            text[:4] in {"1900", "1970", "1899", "0000"} and bool(_NO_DATE.fullmatch(text.upper()))
        )
    if isinstance(cell, datetime):
        return cell.date() in BLANK_DATES
    if isinstance(cell, date):
        return cell in BLANK_DATES
    if isinstance(cell, time):
        return in_date_column and cell == time(0, 0)
    if isinstance(cell, float) and math.isnan(cell):
        return True
    if in_date_column and isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell in BLANK_SERIALS
    return False
