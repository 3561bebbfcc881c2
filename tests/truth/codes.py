"""Mutations of the unified social credit code and of the filing number.

Every change of a code is checked here against the arithmetic of ``clean``: a code meant to be wrong is wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.truth.change import FILED, REGISTERED, Mutation, judge
from tests.truth.clean import CODE_CLASSES, KIND_WORDS, code_check, code_of, is_code
from tests.truth.rows import Cell, Row

_FULL_WIDTH = {number: number + 0xFEE0 for number in range(0x21, 0x7F)}


def _full_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _grouped(code: str, between: str) -> str:
    return between.join((code[:2], code[2:8], code[8:17], code[17:]))


_SPELLINGS: dict[str, Callable[[str], str]] = {
    "spaces": lambda code: _grouped(code, " "),
    "dashes": lambda code: _grouped(code, "-"),
    "full-width-dashes": lambda code: _grouped(code, "－"),
    "lower-case": str.lower,
    "full-width": _full_width,
    "full-width-lower-case": lambda code: _full_width(code.lower()),
    "apostrophe": lambda code: "'" + code,
    "trailing-blank": lambda code: code + " ",
    "leading-blanks": lambda code: "  " + code,
    "ideographic-space": lambda code: code + "　",
    "zero-width-space": lambda code: code[:8] + "\u200b" + code[8:],
    "zero-width-space-at-end": lambda code: code + "\u200b",
    "no-break-space": lambda code: "\u00a0" + code,
    "no-break-space-inside": lambda code: code[:2] + "\u00a0" + code[2:],
    "tab-at-end": lambda code: code + "\t",
    "line-break-at-end": lambda code: code + "\n",
    "spaced-lower-full-width": lambda code: " " + _full_width(_grouped(code.lower(), "-")) + "　",
}
_INVISIBLE = {"byte-order-mark": "\ufeff", "left-to-right-mark": "\u200e", "soft-hyphen": "\u00ad"}


def _spelled(name: str, spell: Callable[[str], str], ruling: str = "") -> Mutation:
    def change(row: Row) -> None:
        code = str(row.fields["code"])
        row.put("code", spell(code), code)
        judge(row, "accept", ruling=ruling, also=("review",) if ruling else ())

    return Mutation(f"code-{name}", "code", change, REGISTERED)


def _doubtful(
    name: str,
    spoil: Callable[[str], Cell],
    *findings: str,
    ruling: str = "",
    also: tuple[str, ...] = (),
    code_has: str = "",
) -> Mutation:
    """A code that may be kept aside as given, as proposed, or empty, and never be accepted."""

    def change(row: Row) -> None:
        right = str(row.fields["code"])
        shown = spoil(right)
        row.put("code", shown, None)
        assert shown != right and not is_code(str(shown)), f"{name} leaves {right} right"
        row.key = None
        judge(row, "review", ruling=ruling, also=also, findings=findings, open_values={"code": ()})

    return Mutation(f"code-{name}", "code", change, REGISTERED, code_has=code_has)


def _other_check(code: str) -> str:
    return code[:17] + ("1" if code[17] != "1" else "2")


def _other_inner_check(code: str) -> str:
    """The organization's own check character wrong, the last character right for it."""
    body = code[:16] + ("1" if code[16] != "1" else "2")
    return body + code_check(body)


def _swapped(code: str) -> str:
    """Two unequal neighbours exchanged, the commonest typing error."""
    for place in range(15, 8, -1):
        if code[place] != code[place - 1]:
            return code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]
    return _other_check(code)


def _digits_only(code: str) -> str:
    """A valid code of the same division without any letter, which a spreadsheet turns into a number."""
    for number in range(10_000_000 + int(code[10:16]) * 10, 99_999_999):
        found = code_of(code[:2], code[2:8], f"{number:08d}")
        if found.isdigit() and not found.endswith("000"):
            return found
    raise AssertionError("no code of digits alone")


def _lost_digits(code: str) -> Cell:
    """The number a spreadsheet keeps of an 18-digit code: 15 significant digits."""
    return float(_digits_only(code)[:15] + "000")


def _against_class(row: Row) -> None:
    """A valid code of another class than the type says: 51 on a service unit, 52 on an association."""
    code = str(row.fields["code"])
    other = code_of("52" if row.kind == "ST" else "51", code[2:8], code[8:16])
    row.put("code", other, other)
    row.key = other
    judge(row, "review", findings=("ORG-ID-03",), open_values={"code": (other, None)})
    # Which of the two is wrong is not known, so a proposal of the other type is allowed, a silent change is not.
    row.open["kind"] = (row.kind, None)


def _prefixed(prefix: str, *, ruling: str = "") -> Callable[[Row], None]:
    def change(row: Row) -> None:
        code = str(row.fields["code"])
        other = code_of(prefix, code[2:8], code[8:16])
        row.put("code", other, other)
        row.key = None
        judge(row, "review", ruling=ruling, findings=("ORG-ID-03",), open_values={"code": (other, None)})

    return change


def _other_kind(row: Row) -> None:
    """An exempt body (NB) with a valid code of class 59."""
    code = str(row.fields["code"])
    other = code_of(CODE_CLASSES["NB"], code[2:8], code[8:16])
    row.put("code", other, other)
    row.put("kind", KIND_WORDS["NB"], "NB")
    row.kind = "NB"
    row.key = other
    judge(row, "accept", ruling="C5", also=("review",))


def _no_code(shown: Cell) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        row.put("code", shown, None)
        row.key = None
        judge(row, "review", findings=("ORG-ID-01",))

    return change


def _only_filing_number(row: Row) -> None:
    number = f"BA-320211-003-2019-{int(str(row.fields['phone'])[-6:]) + 900_000}"
    row.put("code", None, None)
    row.put("filing_no", number, number)
    row.key = None
    judge(row, "review", ruling="C9", findings=("ORG-ID-01",))


def _kind_blank(shown: Cell) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        row.put("kind", shown, None)
        judge(row, "review", ruling="C7", also=("accept",), open_values={"kind": (None, row.kind)})

    return change


def _labelled(row: Row) -> None:
    """The code behind its own label in the cell."""
    code = str(row.fields["code"])
    shown = f"统一社会信用代码：{code}"
    row.put("code", shown, code)
    judge(row, "review", ruling="C6", also=("accept",), open_values={"code": (code, shown, None)})


def _filed_with_code(*, keep_number: bool) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        if not keep_number:
            row.put("filing_no", None, None)
        code = code_of("52", "320211", f"MB{str(row.fields['phone'])[-6:]}")
        row.put("code", code, None)
        row.key = None
        judge(row, "reject", findings=("ORG-ID-06",))

    return change


def _filed_without_number(shown: Cell) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        row.put("filing_no", shown, None)
        row.key = None
        judge(row, "reject", ruling="C8", also=("review",), findings=("ORG-ID-06",))

    return change


def _filing_spelled(spell: Callable[[str], str], ruling: str = "") -> Callable[[Row], None]:
    def change(row: Row) -> None:
        number = str(row.fields["filing_no"])
        row.put("filing_no", spell(number), number)
        judge(row, "accept", ruling=ruling, also=("review",) if ruling else ())

    return change


def _filing_local(row: Row) -> None:
    """A local form of number: formats differ by place, so the text is the number."""
    number = f"锡滨备字〔2019〕第{str(row.fields['phone'])[-6:]}号"
    row.put("filing_no", number, number)
    row.key = number
    judge(row, "accept")


CODE_MUTATIONS: tuple[Mutation, ...] = (
    *(_spelled(name, spell) for name, spell in _SPELLINGS.items()),
    *(_spelled(name, lambda code, sign=sign: code[:6] + sign + code[6:], "C1") for name, sign in _INVISIBLE.items()),  # type: ignore[misc]
    _doubtful("letter-o-for-zero", lambda code: code[:8] + code[8:].replace("0", "O"), code_has="0"),
    _doubtful("letter-o-lower-case", lambda code: code[:8].lower() + code[8:].replace("0", "o").lower(), code_has="0"),
    _doubtful("letter-o-full-width", lambda code: code[:8] + code[8:].replace("0", "Ｏ", 1), code_has="0"),
    _doubtful("letter-i-for-one", lambda code: code[:2] + code[2:].replace("1", "I", 1)),
    _doubtful("forbidden-letter-s", lambda code: code[:12] + "S" + code[13:]),
    _doubtful("forbidden-letter-z", lambda code: code[:12] + "Z" + code[13:]),
    _doubtful("cyrillic-letter", lambda code: code.replace("M", "\u041c")),
    _doubtful("17-characters", lambda code: code[:17], "ORG-ID-01"),
    _doubtful("17-characters-inside", lambda code: code[:9] + code[10:], "ORG-ID-01"),
    _doubtful("19-characters", lambda code: code + "0", "ORG-ID-01"),
    _doubtful("wrong-check", _other_check, "ORG-ID-02"),
    _doubtful("wrong-inner-check", _other_inner_check, "ORG-ID-02"),
    _doubtful("neighbours-swapped", _swapped, "ORG-ID-02"),
    _doubtful("number-lost-digits", _lost_digits),
    _doubtful("number-lost-digits-as-text", lambda code: f"{float(_digits_only(code)):.5E}"),
    _doubtful("number-lost-digits-long-text", lambda code: _digits_only(code)[:15] + "000"),
    _doubtful("two-in-one-cell", lambda code: f"{code}、{code[:17]}", ruling="C3", also=("reject",)),
    _doubtful("being-issued", lambda code: "办理中", ruling="C4"),
    _doubtful("old-certificate-number", lambda code: f"苏锡滨民政字第{code[10:16]}号", ruling="C4"),
    _doubtful("business-registration-number", lambda code: f"320211{code[10:16]}018", ruling="C4"),
    Mutation("code-against-type", "code", _against_class, REGISTERED),
    Mutation("code-first-character-9", "code", _prefixed("91"), REGISTERED),
    Mutation("code-first-character-1", "code", _prefixed("12"), REGISTERED),
    Mutation("code-first-character-n", "code", _prefixed("N2"), REGISTERED),
    Mutation("code-class-59-on-registered", "code", _prefixed("59", ruling="C5"), REGISTERED),
    Mutation("code-class-59-on-other", "kind", _other_kind, REGISTERED),
    Mutation("code-missing", "code", _no_code(None), REGISTERED),
    Mutation("code-missing-blanks", "code", _no_code("  "), REGISTERED),
    Mutation("code-missing-slash", "code", _no_code("/"), REGISTERED),
    Mutation("code-missing-word", "code", _no_code("暂无"), REGISTERED),
    Mutation("code-missing-filing-number-given", "code", _only_filing_number, REGISTERED),
    Mutation("code-with-label", "code", _labelled, REGISTERED),
    Mutation("kind-missing", "kind", _kind_blank(None), REGISTERED),
    Mutation("kind-missing-slash", "kind", _kind_blank("/"), REGISTERED),
    Mutation("filed-with-code-and-number", "code", _filed_with_code(keep_number=True), FILED),
    Mutation("filed-with-code-alone", "code", _filed_with_code(keep_number=False), FILED),
    Mutation("filed-without-number", "filing_no", _filed_without_number(None), FILED),
    Mutation("filed-without-number-word", "filing_no", _filed_without_number("无"), FILED),
    Mutation("filed-number-blanks", "filing_no", _filing_spelled(lambda number: f" {number}　"), FILED),
    Mutation("filed-number-full-width", "filing_no", _filing_spelled(_full_width, "C2"), FILED),
    Mutation("filed-number-lower-case", "filing_no", _filing_spelled(str.lower, "C2"), FILED),
    Mutation("filed-number-local-form", "filing_no", _filing_local, FILED),
)
