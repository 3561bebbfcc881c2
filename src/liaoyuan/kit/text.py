"""Text as people type it in Chinese offices: cleaning, comparing, and reading counts, yes/no and choices from cells.

Decision on brackets: in text that holds a Han character （） are kept full width and half-width () become （）, because
registered Chinese names are printed with （）; elsewhere brackets are half width. `match_key` ignores all of this.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from liaoyuan.kit import numerals
from liaoyuan.kit.cells import INVISIBLE, Parsed, accept, is_blank, reject, review

_CONTROL = (n for n in (*range(0x20), *range(0x7F, 0xA0)) if chr(n) not in "\t\n\r\x0b\x0c\x85")
_INVISIBLE: dict[int, str | None] = {**dict.fromkeys(map(ord, INVISIBLE)), **dict.fromkeys(_CONTROL)}
_HALF_WIDTH: dict[int, str | None] = {
    **_INVISIBLE,
    **{n: chr(n - 0xFEE0) for n in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    0xA0: " ",
}
# Full-width punctuation that belongs to Chinese writing stays; letters, digits and technical signs become half width.
_CHINESE_MARKS = "，：；！？（）～"
_CLEAN = {code: to for code, to in _HALF_WIDTH.items() if chr(code) not in _CHINESE_MARKS}
# Characters whose compatibility form says the same: radicals, compatibility ideographs, half-width katakana, ligatures.
# NFKC on the rest would change what a text says: ① → 1, ㎡ → m2, … → ..., ½ → 1⁄2.
_SAME_MEANING = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\uff65-\uff9f\U0002f800-\U0002fa1f]")
_HAN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U000323af]")
_GAP_IN_HAN = re.compile("(?<=[\u3007\u3400-\u9fff（）]) +(?=[\u3007\u3400-\u9fff（）])")
_CLEAN_ALREADY = re.compile("[\u4e00-\u9fff][\u4e00-\u9fff（），、。：；0-9A-Za-z#·-]*")
_BRACKETS = str.maketrans("()", "（）")
_NO_BRACKETS = str.maketrans("（）", "()")

_FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_COUNT = re.compile(
    r"(?P<about>大约|大概|约|近|逾|超)?(?:共|合计)?(?P<sign>[-+])?(?P<whole>[0-9][0-9,]*)(?P<part>\.[0-9]+)?(?P<wan>万)?"
    r"(?P<odd>余|多|\+)?(?P<word>人次|人|名|个|家|户|位|所|支|条|项|件|次)?(?P<more>左右|上下|以上|多)?"
)
_COUNT_WORD = re.compile(r"(人次|人|名|个|家|户|位|所|支|条|项|件|次)$")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_TRUE = frozenset({"是", "有", "√", "✓", "✔", "☑", "对", "y", "yes", "1", "true", "t", "已有", "具有", "具备"})
_FALSE = frozenset(
    {"否", "无", "没有", "×", "✗", "✘", "✕", "☐", "□", "不是", "n", "no", "0", "false", "f", "不具有", "不具备"}
)
MAX_INT = 2_147_483_647  # the widest whole number both databases store in an integer column


def half_width(text: str) -> str:
    """Full-width ASCII to half width, ideographic and no-break spaces to plain ones, invisible characters dropped.

    For codes, numbers and dates: nothing else is changed, so no digit of another script turns into 0-9 unnoticed.
    """
    if not text.isascii():
        text = text.translate(_HALF_WIDTH)
    return text.strip()


def normalize(text: str) -> str:
    """One clean line of text: half-width letters and digits, white space collapsed, brackets as the module decides."""
    if _CLEAN_ALREADY.fullmatch(text):
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_CLEAN))
        text = _SAME_MEANING.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
        text = text.translate(_BRACKETS if _HAN.search(text) else _NO_BRACKETS)
    elif not text.isprintable():
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def normalize_name(text: str) -> str:
    """`normalize` for names of bodies and persons: spaces between Chinese characters (张　三) are dropped too."""
    return _GAP_IN_HAN.sub("", normalize(text))


@lru_cache(maxsize=8192)
def match_key(text: str) -> str:
    """Key under which two spellings of one name are equal: casefolded NFKC of letters and digits alone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def bigrams(text: str, *, tail: bool = False) -> list[str]:
    """Overlapping pairs of `match_key(text)` in order: 养老院 → 养老, 老院. One character gives itself.

    ``tail`` appends the last character alone, so that an index of pairs also answers a prefix query for it.
    """
    key = match_key(text)
    if len(key) < 2:
        return [key] if key else []
    pairs = [key[i : i + 2] for i in range(len(key) - 1)]
    return [*pairs, key[-1]] if tail else pairs


def join_groups(digits: str) -> tuple[str, bool]:
    """Digits without thousands separators, and whether every separator stood at its proper place."""
    return (digits, True) if "," not in digits else (digits.replace(",", ""), bool(_GROUPED.fullmatch(digits)))


def cell_text(cell: object) -> str:
    """A cell as the text a user sees: 12.0 as 12, a date in ISO form, TRUE as 是. ``None`` gives an empty text."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def parse_text(cell: object) -> Parsed[str]:
    """A cell of a free text column, normalised. Doubt ``text_damaged``; error ``formula_error``."""
    if is_blank(cell):
        return accept(None)
    text = normalize(cell_text(cell))
    if text in _FORMULA_ERRORS:
        return reject("formula_error")
    return review(text, "text_damaged") if "\ufffd" in text else accept(text)


def parse_name(cell: object) -> Parsed[str]:
    """As `parse_text`, for a name: spaces between Chinese characters are dropped."""
    read = parse_text(cell)
    return Parsed(_GAP_IN_HAN.sub("", read.value), read.doubt) if read.value and " " in read.value else read


def parse_int(cell: object, *, maximum: int = MAX_INT) -> Parsed[int]:
    """A count ≥ 0: 12, 12.0, "１２", "12人", "1,200", "1.2万", "二十三". Doubt for "约12" and misplaced separators."""
    if is_blank(cell):
        return accept(None)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _whole_number(cell, maximum)
    if not isinstance(cell, str):
        return reject("int_unreadable")
    text = "".join(half_width(cell).split())
    match = _COUNT.fullmatch(text)
    if match is None:
        return _numeral_count(text, maximum)
    if match["sign"] == "-" and match["whole"].strip("0,"):
        return reject("int_negative")
    digits, proper = join_groups(match["whole"])
    ten_thousandths = (match["part"] or ".")[1:].rstrip("0")
    places = 4 if match["wan"] else 0
    if len(ten_thousandths) > places:
        return reject("int_fraction")
    value = int(digits + ten_thousandths.ljust(places, "0"))
    if value > maximum:
        return reject("int_too_large")
    if match["about"] or match["odd"] or match["more"]:
        return review(value, "approximate")
    return accept(value) if proper else review(value, "separator_misplaced")


def _whole_number(number: float, maximum: int) -> Parsed[int]:
    if number < 0:
        return reject("int_negative")
    if number > maximum:
        return reject("int_too_large")
    return accept(int(number)) if number == int(number) else reject("int_fraction")


def _numeral_count(text: str, maximum: int) -> Parsed[int]:
    read = numerals.read(_COUNT_WORD.sub("", text))
    if read is None:
        return reject("formula_error" if text in _FORMULA_ERRORS else "int_unreadable")
    value, plain = read
    if value > maximum:
        return reject("int_too_large")
    return accept(value) if plain else review(value, "numeral_ambiguous")


def parse_bool(cell: object) -> Parsed[bool]:
    """A yes/no cell: 是/否, 有/无, √/×, Y/N, 1/0, true/false. 无 means no here; a Latin X is in doubt."""
    if isinstance(cell, bool):
        return accept(cell)
    text = half_width(cell_text(cell)).casefold()
    if text in _TRUE:
        return accept(True)
    if text in _FALSE:
        return accept(False)
    if text == "x":
        return review(False, "bool_cross")
    return accept(None) if is_blank(cell) else reject("bool_unreadable")


def parse_choice(cell: object, table: Mapping[str, str]) -> Parsed[str]:
    """The value that ``table`` (synonym → value) gives the cell, compared by `match_key`; anything else is an error."""
    if isinstance(cell, str) and cell in table:
        return accept(table[cell])
    key = match_key(cell_text(cell))
    value = _folded(tuple(table.items())).get(key) if key else None
    if value is not None:
        return accept(value)
    return accept(None) if is_blank(cell) else reject("choice_unknown")


@lru_cache(maxsize=256)
def _folded(items: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The table by `match_key`; two synonyms that fold together with different values are a programming error."""
    folded: dict[str, str] = {}
    for synonym, value in items:
        if folded.setdefault(match_key(synonym), value) != value:
            msg = f"{synonym!r} and another synonym read alike but mean {value!r} and {folded[match_key(synonym)]!r}"
            raise ValueError(msg)
    return folded
