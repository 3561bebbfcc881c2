"""Chinese numerals, ordinary (二十三) and financial capitals (贰拾叁): reading and writing of whole numbers ≥ 0."""

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_CAPITALS = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_VARIANTS = {
    "零": "〇○",
    "一": "壹",
    "二": "贰貳弍两兩",
    "三": "叁參叄",
    "四": "肆",
    "五": "伍",
    "六": "陆陸",
    "七": "柒",
    "八": "捌",
    "九": "玖",
    "十": "拾",
    "百": "佰",
    "千": "仟",
    "万": "萬",
    "亿": "億",
}
_PLAIN = str.maketrans({variant: plain for plain, variants in _VARIANTS.items() for variant in variants})
NUMERALS = "".join(plain + variants for plain, variants in _VARIANTS.items()) + "廿卅"
_SECTIONS = ((10**8, "亿"), (10**4, "万"))


def write(number: int, *, capital: bool = False) -> str:
    """The numeral of 0 ≤ number < 10^16: 100010 → 十万零一十; capitals always write 壹拾, never a bare 拾."""
    if not 0 <= number < 10**16:
        msg = "numerals are written for 0 <= number < 10**16"
        raise ValueError(msg)
    text = _write(number) or "零"
    if capital:
        return text.translate(_CAPITALS)
    return text[1:] if text.startswith("一十") else text


def _write(number: int) -> str:
    for size, name in _SECTIONS:
        if number >= size:
            high, low = divmod(number, size)
            # a zero is spoken where the next section does not begin with its highest place
            gap = "零" if low and low < size // 10 else ""
            return _write(high) + name + gap + _write(low)
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _UNITS[place]
        zero = digit == 0
    return text


def read(text: str) -> tuple[int, bool] | None:
    """The number of a numeral and whether its writing leaves no doubt; ``None`` for what is none.

    Doubt: digits in a row (二三: "two or three"?) and an omitted last unit (一百二 = 120). A missing or needless 零
    between units is none: the rules for bills allow both writings of 壹拾万零柒仟.
    """
    plain = text.translate(_PLAIN).replace("廿", "二十").replace("卅", "三十")
    if not plain:
        return None
    if len(plain) > 1 and all(c in _DIGITS for c in plain):
        return int("".join(str(_DIGITS.index(c)) for c in plain)), False
    value = _read(plain)
    if value is None or value >= 10**16:
        return None
    return value, _bare(write(value)) == _bare(plain)


def _bare(plain: str) -> str:
    return plain.replace("一十", "十").replace("零", "")


def _read(plain: str) -> int | None:
    """Value of a numeral written with units, high sections first."""
    for size, name in _SECTIONS:
        high, found, low = plain.rpartition(name)
        if found:
            head = _read(high)
            if not head:
                return None
            if low and low in _DIGITS[1:]:  # 三万五: the last unit is left out
                return head * size + _DIGITS.index(low) * size // 10
            tail = _read(low) if low else 0
            return None if tail is None or tail >= size else head * size + tail
    return _read_section(plain)


def _read_section(plain: str) -> int | None:
    """Value below 10,000: digits before 千, 百, 十 in falling order, and one last digit."""
    value, digit, last = 0, None, 4
    if plain == "零":
        return 0
    zero = False
    for char in plain:
        if char in _UNITS[1:]:
            place = _UNITS.index(char)
            if place >= last or (digit is None and place != 1):
                return None
            value += (1 if digit is None else digit) * 10**place
            digit, last, zero = None, place, False
        elif char == "零":
            if digit is not None or zero:
                return None
            zero = True
        elif char in _DIGITS and digit is None:
            digit = _DIGITS.index(char)
        else:
            return None
    if digit is None:
        return None if zero else value
    return value + digit * (10 ** (last - 1) if last in (2, 3) and not zero else 1)
