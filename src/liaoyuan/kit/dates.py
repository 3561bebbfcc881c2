"""Days: reading them from cells, and the month and year arithmetic of the statutes.

Every day is a calendar date in Asia/Shanghai. A stretch of days is half-open: its first day belongs to it, its end
does not, and ``None`` is an open end.
"""

import math
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from liaoyuan.kit import numerals
from liaoyuan.kit.cells import BLANK_DATES, Parsed, accept, is_blank, reject, review
from liaoyuan.kit.text import half_width

EARLIEST = date(1900, 1, 2)
FURTHEST = date(2100, 12, 31)  # later than any term: a year beyond it is a slip of the keys (2918 for 2018)
OPEN_ENDS = frozenset({"长期", "永久", "长期有效", "永久有效", "无期限", "无固定期限", "不限", "至今", "今"})

_SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1991, and no day before that carries an offset
_SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 0, right for every serial after its invented 1900-02-29
_SERIALS = range(10_000, 73_051)  # 1927-05-18 to 2100-01-01: five digits
# Serials that also read as a year and a month without its zero (20181): the days of 1952 to 1957.
_YEAR_MONTH_SERIALS = range(19_001, 21_010)
_YEARS = range(1900, 2101)

_USUAL = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_TIME = (
    r"(?:[ T]?(?:上午|下午)?[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9]{1,2}(?:\.[0-9]+)?)?秒?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_SEP = r"[-/.\\,、。年月 ]"
_YEAR_FIRST = re.compile(rf"(?P<y>[0-9]{{4}}){_SEP}(?P<m>[0-9]{{1,2}}){_SEP}(?P<d>[0-9]{{1,2}})[日号]?{_TIME}")
_COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[0-9]{6})?")
_YEAR_MONTH = re.compile(r"(?P<y>[0-9]{4})[-/.年 ](?P<m>[0-9]{1,2})(?:月份?)?|(?P<y2>[0-9]{4})(?P<m2>[0-9]{2})")
_YEAR = re.compile(r"(?P<y>[0-9]{4})年?")
_SHORT = re.compile(rf"(?P<a>[0-9]{{1,2}}){_SEP}(?P<b>[0-9]{{1,2}}){_SEP}(?P<c>[0-9]{{1,2}})[日号]?{_TIME}")
_SHORT_COMPACT = re.compile(r"(?P<a>[0-9]{2})(?P<b>[0-9]{2})(?P<c>[0-9]{2})")
_YEAR_LAST = re.compile(rf"(?P<a>[0-9]{{1,2}})[-/. ](?P<b>[0-9]{{1,2}})[-/. ](?P<y>[0-9]{{4}}){_TIME}")
_NUMBER = re.compile(r"[0-9]{5}(?:\.[0-9]*)?")
_N = f"[{numerals.NUMERALS}OＯ0-9]"
_NUMERAL_DATE = re.compile(rf"(?P<y>{_N}{{4}})年(?:(?P<m>{_N}{{1,3}})月(?:份|(?P<d>{_N}{{1,4}})[日号])?)?")
_DASHES = str.maketrans("－–—−‐‑‒―─~～", "-----------")


@dataclass(frozen=True, slots=True)
class _Limits:
    earliest: date
    latest: date

    def check(self, day: date, doubt: str | None = None) -> Parsed[str]:
        if day in BLANK_DATES:
            return accept(None)
        return Parsed(day.isoformat(), doubt) if self.earliest <= day <= self.latest else reject("date_out_of_range")


def parse_date(
    cell: object,
    *,
    earliest: date = EARLIEST,
    latest: date | None = None,
    month_ok: bool = False,
    open_ok: bool = False,
) -> Parsed[str]:
    """Read one day as ISO text (``2018-10-26``; ``2018-10`` and ``2018`` where the day is missing).

    Takes date cells, Excel serial numbers (also as text), and the usual Chinese writings. A month alone is in doubt
    unless ``month_ok``; "长期" is in doubt unless ``open_ok`` makes it an accepted ``None``. Two-digit years, days
    before months and what may be a truncated number are in doubt, impossible days and days outside
    ``earliest``..``latest`` (default: 2100) are errors.
    """
    limits = _Limits(earliest, latest or FURTHEST)
    if isinstance(cell, str) and (match := _USUAL.fullmatch(cell)):
        usual = _date(int(match[1]), int(match[2]), int(match[3]))
        if usual is not None:
            return limits.check(usual)
    if is_blank(cell, in_date_column=True):
        return accept(None)
    if isinstance(cell, datetime):
        if cell.tzinfo is not None:
            return limits.check(cell.astimezone(_SHANGHAI).date(), "time_zone")
        return limits.check(cell.date())
    if isinstance(cell, date):
        return limits.check(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(cell, limits, month_ok=month_ok)
    if not isinstance(cell, str):
        return reject("date_unreadable")
    text = half_width(cell)
    text = re.sub(r"\s*([-/.,年月日、])\s*", r"\1", " ".join(text.translate(_DASHES).split()))
    if text in OPEN_ENDS:
        return accept(None) if open_ok else review(None, "open_ended")
    return _text(text, limits, month_ok=month_ok)


def _number(number: float, limits: _Limits, *, month_ok: bool) -> Parsed[str]:
    """A bare number cell: a serial, 20181026, 201810, 2018, or 2018.1 (January, or October without its zero)."""
    if math.isinf(number):
        return reject("date_unreadable")
    whole = int(number)
    if number != whole and whole in _YEARS:
        text = f"{number:.15g}"
        return _text(text, limits, month_ok=False) if len(text) <= 7 else reject("date_unreadable")
    if number != whole and whole not in _SERIALS:
        return reject("date_unreadable")
    return _digits(str(whole), limits, month_ok=month_ok)


def _digits(text: str, limits: _Limits, *, month_ok: bool) -> Parsed[str]:
    if len(text) == 5:
        serial = int(text)
        if serial not in _SERIALS:
            return reject("date_unreadable")
        doubt = "serial_or_month" if serial in _YEAR_MONTH_SERIALS and serial % 10 else None
        return limits.check(_SERIAL_ZERO + timedelta(serial), doubt)
    return _text(text, limits, month_ok=month_ok)


def _text(text: str, limits: _Limits, *, month_ok: bool) -> Parsed[str]:
    """Cleaned text in one of the known shapes, the unambiguous ones first."""
    if match := _YEAR_FIRST.fullmatch(text):
        if match["zone"]:
            return _zoned(text, limits)
        return _day(match["y"], match["m"], match["d"], limits)
    if match := _COMPACT.fullmatch(text):
        return _day(match["y"], match["m"], match["d"], limits)
    if (match := _YEAR_MONTH.fullmatch(text)) and int(match["y"] or match["y2"]) in _YEARS:
        month = match["m"] or match["m2"]
        if 1 <= int(month) <= 12:
            return _month(match["y"] or match["y2"], month, text, limits, month_ok=month_ok)
        if match["y"]:
            return reject("date_impossible")
    if (match := _YEAR.fullmatch(text)) and int(match["y"]) in _YEARS:
        return review(match["y"], "year_only")
    return _doubtful_text(text, limits, month_ok=month_ok)


def _doubtful_text(text: str, limits: _Limits, *, month_ok: bool) -> Parsed[str]:
    """A serial number as text, day and month before the year, two-digit years, and Chinese numerals."""
    if _NUMBER.fullmatch(text):
        return _digits(text[:5], limits, month_ok=month_ok)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(int(match["a"]), int(match["b"]), int(match["y"]), limits)
    if match := _SHORT.fullmatch(text) or _SHORT_COMPACT.fullmatch(text):
        return _short(int(match["a"]), int(match["b"]), int(match["c"]), limits)
    if match := _NUMERAL_DATE.fullmatch(text):
        return _numeral_date(match, limits, month_ok=month_ok)
    return reject("date_unreadable")


def _day(year: str, month: str, day: str, limits: _Limits, doubt: str | None = None) -> Parsed[str]:
    found = _date(int(year), int(month), int(day))
    return limits.check(found, doubt) if found else reject("date_impossible")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(year: str, month: str, text: str, limits: _Limits, *, month_ok: bool) -> Parsed[str]:
    first = date(int(year), int(month), 1)
    if not limits.earliest.replace(day=1) <= first <= limits.latest:
        return reject("date_out_of_range")
    value = f"{first:%Y-%m}"
    if text == f"{year}.1":  # a number cell drops the zero of 2018.10, and CSV files keep what it shows
        return review(value, "month_or_ten")
    return accept(value) if month_ok else review(value, "month_only")


def _zoned(text: str, limits: _Limits) -> Parsed[str]:
    """A moment with an offset, as programs write it: 2018-10-25T16:00:00.000Z is 2018-10-26 in Shanghai."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # the offset stands behind a writing that is not ISO
        return reject("date_unreadable")
    return limits.check(moment.astimezone(_SHANGHAI).date(), "time_zone")


def _year_last(first: int, second: int, year: int, limits: _Limits) -> Parsed[str]:
    """10/26/2018 or 26/10/2018: always in doubt; 3/4/2018 is kept as month before day, as Excel writes it."""
    day = _date(year, first, second) or _date(year, second, first)
    return limits.check(day, "day_month_order") if day else reject("date_impossible")


def _short(first: int, second: int, third: int, limits: _Limits) -> Parsed[str]:
    """18-10-26: in doubt. The century is the 2000s unless that lies after 2049 or after the latest day allowed."""
    for (year, month, day), doubt in (
        ((first, second, third), "two_digit_year"),
        ((third, first, second), "day_month_order"),
        ((third, second, first), "day_month_order"),
    ):
        recent = _date(2000 + year, month, day)
        if recent and year < 50 and recent <= limits.latest:
            return limits.check(recent, doubt)
        if older := _date(1900 + year, month, day):
            return limits.check(older, doubt)
    return reject("date_impossible")


def _numeral_date(match: re.Match[str], limits: _Limits, *, month_ok: bool) -> Parsed[str]:
    """二〇一八年十月二十六日; the letter O is a common stand-in for 〇."""
    year, month, day = (_numeral(match[name]) if match[name] else 0 for name in ("y", "m", "d"))
    if year is None or month is None or day is None or year not in _YEARS:
        return reject("date_unreadable")
    if not match["m"]:
        return review(str(year), "year_only")
    if not 1 <= month <= 12:
        return reject("date_impossible")
    if not match["d"]:
        return _month(str(year), str(month), "", limits, month_ok=month_ok)
    return _day(str(year), str(month), str(day), limits)


def _numeral(text: str) -> int | None:
    text = text.replace("O", "〇").replace("Ｏ", "〇")
    if text.isascii():
        return int(text)
    read = numerals.read(text)
    return read[0] if read else None


_PERIOD_WORDS = re.compile(r"^(?:有效期|期限)?[:：]?(?:自|从|由)?|(?:止|截止|为止)$")


def parse_period(
    cell: object, *, earliest: date = EARLIEST, latest: date | None = None
) -> Parsed[tuple[str | None, str | None]]:
    """First and last day of a term as written (both included): "2018.1.1-2022.12.31", "2018年1月1日—长期".

    An open side is ``None``. The doubt of a side is the doubt of the whole; one date alone is a start, in doubt.
    """
    if is_blank(cell, in_date_column=True):
        return accept(None)
    if not isinstance(cell, str):
        return _one_date(parse_date(cell, earliest=earliest, latest=latest))
    text = " ".join(half_width(cell).translate(_DASHES).split())
    text = _PERIOD_WORDS.sub("", text)
    if text in OPEN_ENDS:
        return accept((None, None))
    sides = _sides(text)
    if sides is None:
        return _one_date(parse_date(text, earliest=earliest, latest=latest))
    doubt = None
    start = parse_date(sides[0], earliest=earliest, latest=latest, open_ok=True)
    end = parse_date(sides[1], earliest=earliest, latest=latest, open_ok=True)
    if end.error and start.value and re.match(r"[0-9]{1,2}[-/.月]", sides[1]):
        end = parse_date(f"{start.value[:4]}-{sides[1]}", earliest=earliest, latest=latest)
        doubt = "period_end_without_year"
    if start.error or end.error:
        return reject(start.error or end.error or "period_unreadable")
    if start.value and end.value and end.value < start.value[: len(end.value)]:
        return reject("period_reversed")
    value = (start.value, end.value)
    doubt = doubt or start.doubt or end.doubt
    return review(value, doubt) if doubt else accept(value)


def _one_date(read: Parsed[str]) -> Parsed[tuple[str | None, str | None]]:
    if read.error:
        return reject("period_unreadable" if read.error == "date_unreadable" else read.error)
    return review((read.value, None), "period_one_date")


def _sides(text: str) -> tuple[str, str] | None:
    """The two halves of a term: at 至 or 到, or at the one hyphen that leaves a readable date on both sides."""
    for word in ("起至", "至", "到", "--", " - "):
        left, found, right = text.partition(word)
        if found and word not in right:
            return left.strip(" 起-"), right.strip(" -")
    halves = [(text[:i].strip(" 起"), text[i + 1 :].strip()) for i, char in enumerate(text) if char == "-"]
    readable = [(a, b) for a, b in halves if a and _readable(a) and (_readable(b) or b in OPEN_ENDS)]
    whole = [(a, b) for a, b in readable if parse_date(a).ok and parse_date(b, open_ok=True).ok]
    best = whole or readable
    return best[0] if len(best) == 1 else None


def _readable(text: str) -> bool:
    return bool(text) and parse_date(text).error is None


def add_months(day: date, months: int) -> date:
    """Same day ``months`` later (earlier when negative), or that month's last day: 01-31 + 3 months = 04-30."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """满一年 is the same date next year; 02-29 becomes 02-28."""
    return add_months(day, 12 * years)


def half_open_overlaps(a_from: date | None, a_to: date | None, b_from: date | None, b_to: date | None) -> bool:
    """Whether [a_from, a_to) and [b_from, b_to) share a day; ``None`` is an open end; an empty stretch shares none."""
    starts = [day for day in (a_from, b_from) if day is not None]
    ends = [day for day in (a_to, b_to) if day is not None]
    return not starts or not ends or max(starts) < min(ends)
