"""Unified social credit codes, resident identity numbers, filing numbers, and the masks of personal data.

Codes: GB 32100-2015 with the organization code of GB 11714 inside; identity numbers: GB 11643. Really issued codes can
break a check digit, so a wrong one is a doubt, never a refusal. Letters are capitals, half width.
"""

import math
import re
from datetime import date
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from stdnum.cn import uscc as _uscc

from liaoyuan.kit.cells import Parsed, accept, is_blank, reject, review
from liaoyuan.kit.text import half_width, normalize

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_KINDS = {"51": "ST", "52": "MF", "53": "JJ"}  # 社会团体, 民办非企业单位, 基金会
USCC_PREFIXES = frozenset({*USCC_KINDS, "59"})  # 59: other bodies registered by civil affairs

_USCC = re.compile(rf"[{USCC_ALPHABET}]{{2}}[0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_VALUES = {char: int(char, 36) for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_LOOKALIKES = str.maketrans("OISZ", "0152")  # letters the standard leaves out because they look like digits
_DIVISION_LOOKALIKES = str.maketrans("OQDILZSGB", "001112568")  # in the six digits of the division no letter is right
_CODE_LIKE = range(9, 25)  # lengths that a mistyped code may have; 9 is an organization code alone
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_FLOAT_TEXT = re.compile(r"[0-9]{9,}\.0+")
_HAN = re.compile("[\u3007\u3400-\u9fff]")


def org_check_char(body: str) -> str:
    """Check character of an organization code (GB 11714): ``body`` is its first 8 characters, 0-9 and A-Z."""
    rest = 11 - sum(map(mul, map(_ORG_VALUES.__getitem__, body), _ORG_WEIGHTS)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


@lru_cache(maxsize=4096)
def _faults(code: str) -> tuple[str, ...]:
    if len(code) != 18:
        return ("length",)
    if not _USCC.fullmatch(code):
        return ("alphabet",)
    faults = []
    if _uscc.calc_check_digit(code[:17]) != code[17]:
        faults.append("check")
    if org_check_char(code[8:16]) != code[16]:
        faults.append("org_check")
    if code[:2] not in USCC_PREFIXES:
        faults.append("prefix")
    return tuple(faults)


def uscc_faults(code: str) -> list[str]:
    """What is wrong with a cleaned code: length, alphabet, check, org_check, prefix (not of civil affairs).

    A code of the wrong length or alphabet is not examined further.
    """
    return list(_faults(code))


def uscc_whole(code: str) -> bool:
    """Whether a cleaned code has the length and the alphabet of one."""
    return len(code) == 18 and _USCC.fullmatch(code) is not None


def uscc_kind(code: str) -> str | None:
    """ST, MF or JJ by the first two characters, else ``None``."""
    return USCC_KINDS.get(code[:2])


def uscc_division(code: str) -> str | None:
    """The six digits of the registrar's division (not of the domicile; never changed later), if they are digits."""
    division = code[2:8]
    return division if re.fullmatch("[0-9]{6}", division) else None


def _checks(code: str) -> bool:
    faults = _faults(code)
    return not faults or faults == ("prefix",)


def parse_uscc(cell: object) -> Parsed[str]:
    """Read a code; spaces, hyphens, full width and small letters are cleaned silently, everything else is in doubt.

    Doubts: ``letter_o_for_zero`` (the value is corrected when the correction passes both check digits),
    ``number_cell_lost_digits``, ``uscc_17``, ``uscc_length``, ``uscc_alphabet``, ``uscc_check``. What is not at all
    like a code (text, fewer than 9 or more than 24 characters) is an error. The prefix is not examined here.
    """
    if isinstance(cell, str) and _USCC.fullmatch(cell):
        return _code_text(cell)
    if is_blank(cell):
        return accept(None)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number_cell(cell)
    if not isinstance(cell, str):
        return reject("uscc_not_a_code")
    text = half_width(cell).strip("'`’‘\"")
    if _SCIENTIFIC.fullmatch(text) or _FLOAT_TEXT.fullmatch(text):
        return review(text, "number_cell_lost_digits")
    text = re.sub(r"[\s\-－–—‐‑]+", "", text)
    if not (text.isascii() and text.isalnum()):
        like = len(text) in _CODE_LIKE and not _HAN.search(text)
        return review(text, "uscc_alphabet") if like else reject("uscc_not_a_code")
    return _code_text(text.upper())


def _code_text(code: str) -> Parsed[str]:
    if len(code) == 18:
        if _checks(code):
            return accept(code)
        if _faults(code) == ("alphabet",):
            return _lookalikes(code)
        # spreadsheets keep 15 digits of a number and fill up with zeros
        return review(code, "number_cell_lost_digits" if code.isdigit() and code.endswith("000") else "uscc_check")
    if len(code) == 17:
        return review(code, "uscc_17")
    return review(code, "uscc_length") if len(code) in _CODE_LIKE else reject("uscc_length")


def _lookalikes(code: str) -> Parsed[str]:
    """A code with letters where only digits can stand: corrected if that makes it right, otherwise as given."""
    corrected = (code[:2] + code[2:8].translate(_DIVISION_LOOKALIKES) + code[8:]).translate(_LOOKALIKES)
    if "alphabet" in _faults(corrected):
        return review(code, "uscc_alphabet")
    return review(corrected if _checks(corrected) else code, "letter_o_for_zero")


def _number_cell(cell: float) -> Parsed[str]:
    """A code kept as a number: beyond 15 digits Excel has replaced the last ones by zeros."""
    if not math.isfinite(cell) or cell < 0 or cell != int(cell):
        return reject("uscc_not_a_code")
    digits = f"{int(cell)}"
    if len(digits) > 15:
        return review(digits, "number_cell_lost_digits")
    return review(digits, "uscc_length") if len(digits) in _CODE_LIKE else reject("uscc_length")


_RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RIC_CHECKS = "10X98765432"


def ric_birth(number: str) -> date | None:
    """Date of birth in an identity number of 18 or (before 1999) 15 digits, ``None`` when there is no such day."""
    digits = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def ric_faults(number: str) -> list[str]:
    """What is wrong with an identity number: length, alphabet, date, check.

    Only the calendar date and the check digit are examined: lists of divisions refuse numbers that were issued under
    abolished ones. A small x is understood as X. The old numbers of 15 digits have no check digit.
    """
    number = number.upper()
    if len(number) not in (15, 18):
        return ["length"]
    if not re.fullmatch("[0-9]{15}|[0-9]{17}[0-9X]", number):
        return ["alphabet"]
    faults = [] if ric_birth(number) else ["date"]
    if len(number) == 18:
        total = sum(int(digit) * weight for digit, weight in zip(number[:17], _RIC_WEIGHTS, strict=True))
        if _RIC_CHECKS[total % 11] != number[17]:
            faults.append("check")
    return faults


def parse_ric(cell: object) -> Parsed[str]:
    """Read an identity number. Doubts: ``ric_check``, ``number_cell_lost_digits``; other faults are errors."""
    if is_blank(cell):
        return accept(None)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        whole = math.isfinite(cell) and cell == int(cell)
        digits = f"{int(cell)}" if whole else ""
        # 15 digits fit into a number, so an old number is whole; a number of 18 digits has lost its last three
        if len(digits) > 15:
            return review(digits, "number_cell_lost_digits")
    elif isinstance(cell, str):
        digits = re.sub(r"[\s\-]+", "", half_width(cell).strip("'`’‘\"")).upper()
        if _SCIENTIFIC.fullmatch(digits):
            return review(digits, "number_cell_lost_digits")
    else:
        return reject("ric_alphabet")
    faults = ric_faults(digits)
    if faults == ["check"]:
        lost = digits.isdigit() and digits.endswith("000")
        return review(digits, "number_cell_lost_digits" if lost else "ric_check")
    return reject(f"ric_{faults[0]}") if faults else accept(digits)


class FilingNo(NamedTuple):
    """Our own number of a filed body: division (6 digits), street (3 digits), year and running number."""

    division: str
    street: str
    year: int
    seq: int


_FILING_NO = re.compile(r"BA-([0-9]{6})-([0-9]{3})-([0-9]{4})-([0-9]{4})")


def filing_no(division: str, street3: str, year: int, seq: int) -> str:
    """``BA-320211-004-2026-0001``. ValueError when a part does not fit."""
    text = f"BA-{division}-{street3}-{year:04}-{seq:04}"
    if not _FILING_NO.fullmatch(text) or seq < 1:
        msg = f"{text!r} is not a filing number"
        raise ValueError(msg)
    return text


def split_filing_no(text: str) -> FilingNo | None:
    """The parts of our own filing number, ``None`` for any other text (formats differ by place)."""
    match = _FILING_NO.fullmatch(text)
    return FilingNo(match[1], match[2], int(match[3]), int(match[4])) if match else None


def parse_filing_no(cell: object) -> Parsed[str]:
    """Read a filing number: our own form is put into its standard writing, local forms stay as text.

    A number cell of more than 15 digits is in doubt (``number_cell_lost_digits``).
    """
    if is_blank(cell):
        return accept(None)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell) and cell == int(cell):
        digits = f"{int(cell)}"
        return accept(digits) if len(digits) <= 15 else review(digits, "number_cell_lost_digits")
    text = normalize(str(cell))
    if _SCIENTIFIC.fullmatch(text):
        return review(text, "number_cell_lost_digits")
    own = re.sub(r"[\s－–—]+", "-", text.upper())
    return accept(own if split_filing_no(own) else text)


def mask_mobile(number: str) -> str:
    """138****1234; of other telephone numbers only the last two digits stay."""
    digits = re.sub("[^0-9]", "", number)
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[7:]}"
    return f"****{digits[-2:]}" if len(digits) > 6 else "****"


def mask_ric(number: str) -> str:
    """320211********1234; what is not an identity number is hidden whole."""
    if not re.fullmatch("[0-9]{15}|[0-9]{17}[0-9Xx]", number):
        return "****"
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def mask_name(name: str) -> str:
    """张*: the first character, whatever the length of the name."""
    return f"{name.strip()[:1]}*" if name.strip() else ""


_CITY = re.compile(
    r"(?:[^省市区县街路村号弄]{2,8}(?:省|自治区))?(?:[^省市区县街路村号弄]{1,9}?(?:市|自治州|地区|盟))|[^省市区县街路村号弄]{2,8}(?:省|自治区)"
)


def mask_address(address: str) -> str:
    """江苏省无锡市**: province and city stay; an address that names neither is hidden whole."""
    match = _CITY.match(normalize(address).replace(" ", ""))
    return f"{match[0]}**" if match else "**"


def mask_birth(born: date | str) -> str:
    """19**-**: the century alone. Takes a date or ISO text."""
    text = born.isoformat() if isinstance(born, date) else born
    return f"{text[:2]}**-**" if re.match("[0-9]{4}", text) else "**"
