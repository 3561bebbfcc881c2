"""Numbers that spreadsheet programs show as dates: which formats mean a date, and what day a serial number is.

Days are counted from 1900 (with its invented 29 February) or, in workbooks from old Macs, from 1904.
Number formats: ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from math import isfinite

from liaoyuan.kit.sheets.model import Cell

_LAST_SERIAL = 2_958_465
"""9999-12-31 counted from 1900."""
_LONGEST_DURATION = 1_000
"""Days. Below it a clock format shows a clock time or a sum of hours, above it the clock of some day."""
_EXACT = 10**21
"""Above this a whole number is an amount of nothing; it stays a float."""


class Shown(IntEnum):
    """What a number format shows."""

    NUMBER = 0
    DATE = 1
    TIME = 2


_BUILTIN = dict.fromkeys((*range(14, 18), *range(27, 32), 22, 36, *range(50, 55), 57, 58), Shown.DATE) | dict.fromkeys(
    (*range(18, 22), *range(32, 36), *range(45, 48), 55, 56), Shown.TIME
)
"""Formats without a code in the file. 27 to 36 and 50 to 58 are the Chinese ones (`yyyy年m月`, `上午/下午h时mm分`)."""
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_EXPONENT = re.compile(r"[eE][+-]")


@lru_cache(maxsize=512)
def shown_by(code: str) -> Shown:
    """Whether a format code shows a date, a clock time or a plain number. Literals, colours and conditions are ignored.

    >>> shown_by('yyyy"年"m"月"')
    <Shown.DATE: 1>
    """
    first = _EXPONENT.sub("", _SILENT.sub("", code).split(";")[0]).lower().replace("general", "")
    if "#" in first or "?" in first or ("0" in first and "y" not in first and ":" not in first):
        return Shown.NUMBER
    if "y" in first or "d" in first or "e" in first or "aaa" in first:
        return Shown.DATE
    if "h" in first or "s" in first:
        return Shown.TIME
    # A lone m is a month (`m"月"`), since minutes need an hour or a second beside them.
    return Shown.DATE if "m" in first else Shown.NUMBER


def shown_by_id(number: int, codes: dict[int, str]) -> Shown:
    """The same for a format number: the file's own codes first, then the built-in ones."""
    return shown_by(codes[number]) if number in codes else _BUILTIN.get(number, Shown.NUMBER)


def number_of(text: str) -> int | float | str:
    """A stored number, a whole one as `int` (`5.2320211509491E+17` is 523202115094910000); what is none stays text."""
    try:
        value = float(text)
    except ValueError:
        return text
    if not isfinite(value):
        return text
    if value == int(value) and abs(value) < _EXACT:
        # Through the decimal digits, not the binary float, or an 18-digit code would grow digits nobody typed.
        return int(Decimal(text)) if len(text) <= 400 else int(value)
    return value


def whole(value: float) -> int | float | str:
    """A binary number as `number_of` its shortest decimal writing."""
    return number_of(repr(value))


def moment(value: float, shown: Shown, *, from_1904: bool = False) -> Cell:
    """The day, the moment (whole seconds) or the clock time that a serial number is shown as.

    A serial outside the calendar, and day 60 of 1900 that never was, stay numbers.
    """
    if shown is Shown.TIME and 0 <= value < _LONGEST_DURATION:
        seconds = round(value * 86_400)
        hours, rest = divmod(seconds, 3_600)
        text = f"{hours:02}:{rest // 60:02}"
        return f"{text}:{rest % 60:02}" if rest % 60 else text
    if from_1904:
        value += 1_462
    if not 0 <= value <= _LAST_SERIAL + 1 or int(value) == 60 or shown is Shown.NUMBER:
        return whole(value)
    # Before its invented 29 February the 1900 calendar is one day behind; day 0 stands for "no date" (1899-12-30).
    start = date(1899, 12, 31) if 1 <= value < 60 else date(1899, 12, 30)
    seconds = round((value - int(value)) * 86_400)
    if seconds == 0:
        return start + timedelta(days=int(value)) if value <= _LAST_SERIAL else whole(value)
    try:
        return datetime(start.year, start.month, start.day) + timedelta(days=int(value), seconds=seconds)  # noqa: DTZ001 -- a sheet's clock has no zone
    except OverflowError:
        return whole(value)
