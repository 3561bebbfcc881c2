"""Money: integer fen, read from cells without binary fractions, written plainly and in capitals (大写).

Where neither the column nor the cell names a unit, the amount is kept as yuan from 1,000 upwards and as 万元 below, and
is in doubt: registered capitals are written 30 or 300000, hardly ever anything between.
"""

import math
import re
from decimal import Decimal

from liaoyuan.kit import numerals
from liaoyuan.kit.cells import Parsed, accept, is_blank, reject, review
from liaoyuan.kit.text import half_width, join_groups

FEN_PER_YUAN = 100
UNITS = {"元": 100, "万元": 1_000_000}  # the units a column may be in, in fen
MAX_FEN = 10**15  # 10 万亿 yuan: far above any budget, safe in every integer column of 64 bits
_IMPLAUSIBLE_WAN = 10_000  # a bare number from 1 亿 yuan in a 万元 column was probably meant in yuan
_YUAN_FROM = 1_000

_MAGNITUDES = {"": 1, "十": 10, "百": 100, "千": 1_000, "仟": 1_000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_MAGNITUDES |= {f"{small}{wan}": _MAGNITUDES[small] * 10**4 for small in "十百千" for wan in "万萬"}
_N = r"[0-9][0-9, ]*(?:\.[0-9]*)?|\.[0-9]+"
_PREFIX = re.compile(r"^(?:人民币|RMB|CNY|[¥￥])[:： ]*", re.IGNORECASE)
_FOREIGN = re.compile(r"美元|美金|欧元|港币|港元|日元|英镑|韩元|台币|USD|EUR|HKD|JPY|GBP|[$€£]", re.IGNORECASE)
_AMOUNT = re.compile(
    rf"(?P<about>约|大约|近)?(?P<number>{_N})(?P<odd>余|多)?(?P<size>[十百千]?[万萬]|[百千仟亿億])?(?P<yuan>元|圆|块)?"
    r"(?:整|正)?(?P<more>左右|上下|余|多)?"
)
_PARTS = re.compile(
    r"(?:(?P<wan>[0-9]+)万)?(?:(?P<qian>[0-9])千)?(?:(?P<yuan>[0-9]+)?[元圆块])?"
    r"(?:(?P<jiao>[0-9])角)?(?:(?P<fen>[0-9])分)?(?:整|正)?"
)
_CAPITALS = re.compile(
    rf"(?P<yuan>[{numerals.NUMERALS}]+)?(?P<mark>[元圆圓])?(?P<gap>[零〇])?"
    rf"(?:(?P<jiao>[{numerals.NUMERALS}])角)?(?P<gap2>[零〇])?(?:(?P<fen>[{numerals.NUMERALS}])分)?(?:整|正)?"
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")


def parse_money(cell: object, *, unit: str | None) -> Parsed[int]:
    """Read an amount as fen. ``unit`` is the column's: "元", "万元" or ``None``; a unit in the cell wins over it.

    Takes "30万元", "300,000元", "¥30,000.00", "3万5千元", "叁拾万元整". Doubts: no unit anywhere (0 needs none), an
    implausible bare number in a 万元 column, misplaced separators, "约30万", 3E+05. Errors: negative amounts, parts of
    a fen, other currencies, what cannot be read.
    """
    if unit is not None and unit not in UNITS:
        msg = f"unit is 元, 万元 or None, not {unit!r}"
        raise ValueError(msg)
    if is_blank(cell):
        return accept(None)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if math.isinf(cell):
            return reject("money_unreadable")
        # 15 significant digits are what Excel shows; the rest is noise of its binary fractions (0.1 + 0.2)
        amount = Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")
        return reject("money_negative") if amount < 0 else _in_unit(amount, unit)
    if not isinstance(cell, str):
        return reject("money_unreadable")
    text = " ".join(half_width(cell).split())
    if _FOREIGN.search(text):
        return reject("money_currency")
    text = re.sub(r"\((万?元|人民币)\)$", r"\1", _PREFIX.sub("", text)).removesuffix("人民币")
    if re.fullmatch(r"[-−－负]\s*[^-]*|\([0-9.,]+\)", text):
        return reject("money_negative")
    text = _PREFIX.sub("", text.removeprefix("+"))
    return _text(text, unit)


def _text(text: str, unit: str | None) -> Parsed[int]:
    if _SCIENTIFIC.fullmatch(text):
        read = _in_unit(Decimal(text), unit)
        return review(read.value, "number_scientific") if read.value is not None else read
    if match := _AMOUNT.fullmatch(text):
        return _amount(match, unit)
    text = text.replace(" ", "")
    if (match := _PARTS.fullmatch(text)) and any(match.groups()):
        wan, qian, yuan, jiao, fen = (int(match[name] or 0) for name in ("wan", "qian", "yuan", "jiao", "fen"))
        return _bounded((wan * 10_000 + qian * 1_000 + yuan) * FEN_PER_YUAN + jiao * 10 + fen)
    if (match := _CAPITALS.fullmatch(text)) and any(match.groups()):
        return _capitals(match, unit)
    return reject("money_unreadable")


def _amount(match: re.Match[str], unit: str | None) -> Parsed[int]:
    """One number with its unit, if any."""
    whole, point, part = match["number"].strip().partition(".")
    digits, proper = join_groups(re.sub(r"[, ]+", ",", whole))
    number = Decimal(f"{digits or 0}.{part or 0}")
    if match["size"] or match["yuan"]:
        read = _bounded_exact(number * _MAGNITUDES[match["size"] or ""] * FEN_PER_YUAN)
        yuan = not match["size"]
    else:
        read, yuan = _in_unit(number, unit), unit == "元"
    if read.value is None:
        return read
    if match["about"] or match["odd"] or match["more"]:
        return review(read.value, "approximate")
    # 30.000 yuan has no third decimal: the point was meant to part the thousands
    if not proper or (yuan and point and len(part) == 3):
        return review(read.value, "separator_misplaced")
    return read


def _capitals(match: re.Match[str], unit: str | None) -> Parsed[int]:
    """叁拾万元整, 伍角, 三十万: the numeral names its unit by 元, 角, 分 or by its own 万."""
    small = 0
    for name, size in (("jiao", 10), ("fen", 1)):
        digit = numerals.read(match[name]) if match[name] else (0, True)
        if digit is None or digit[0] > 9:
            return reject("money_unreadable")
        small += digit[0] * size
    whole = numerals.read(match["yuan"]) if match["yuan"] else (0, True)
    # the numeral takes the 零 before 角 and 分 into itself only where 元 is missing
    if whole is None or (match["yuan"] and small and not match["mark"]) or (match["mark"] and not match["yuan"]):
        return reject("money_unreadable")
    value, plain = whole
    if match["mark"] or small or any(c in match["yuan"] for c in "万萬亿億"):
        read = _bounded(value * FEN_PER_YUAN + small)
    else:
        read = _in_unit(Decimal(value), unit)
        if unit == "万元" and any(c in match["yuan"] for c in "千仟"):
            read = review(read.value, "money_implausible")
    return read if plain or read.value is None else review(read.value, "numeral_ambiguous")


def _in_unit(number: Decimal, unit: str | None) -> Parsed[int]:
    """A bare number in the unit of its column."""
    if unit is None:
        read = _bounded_exact(number * UNITS["元" if number >= _YUAN_FROM else "万元"])
        return review(read.value, "unit_unknown") if read.value else read
    read = _bounded_exact(number * UNITS[unit])
    if unit == "万元" and number >= _IMPLAUSIBLE_WAN and read.value is not None:
        return review(read.value, "money_implausible")
    return read


def _bounded_exact(fen: Decimal) -> Parsed[int]:
    if fen > MAX_FEN:
        return reject("money_too_large")
    return accept(int(fen)) if fen == int(fen) else reject("money_sub_fen")


def _bounded(fen: int) -> Parsed[int]:
    return accept(fen) if fen <= MAX_FEN else reject("money_too_large")


def format_yuan(fen: int) -> str:
    """Yuan with separators and two decimals, without a sign for the currency: 30000000 → 300,000.00."""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02}"


def format_wan(fen: int) -> str:
    """万元, exact, without trailing zeros: 3500000 → 3.5."""
    wan, rest = divmod(abs(fen), UNITS["万元"])
    return f"{'-' if fen < 0 else ''}{wan:,}.{rest:06}".rstrip("0").rstrip(".")


def to_capitals(fen: int) -> str:
    """The amount in financial capitals: 12345 → 壹佰贰拾叁元肆角伍分, 100500 → 壹仟零伍元整. 0 ≤ ``fen`` < 10^18."""
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    jiao, last = divmod(rest, 10)
    head = f"{numerals.write(yuan, capital=True)}元" if yuan or not rest else ""
    if not rest:
        return f"{head}整"
    tail = f"{numerals.write(jiao, capital=True)}角" if jiao else ("零" if head else "")
    return f"{head}{tail}{numerals.write(last, capital=True)}分" if last else f"{head}{tail}整"


def share_exceeds(part: int, total: int, num: int, den: int) -> bool:
    """Whether ``part`` is more than ``num``/``den`` of ``total``, by cross-multiplication (the exact share is not).

    ``den`` > 0 and ``num`` ≥ 0, else ValueError. Of a total of 0 any positive part exceeds every share.
    """
    if den <= 0 or num < 0:
        msg = "a share has den > 0 and num >= 0"
        raise ValueError(msg)
    return part * den > total * num
