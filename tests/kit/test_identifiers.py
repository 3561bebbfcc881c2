"""Codes and numbers against published vectors and against check digits found by trying every character."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit import identifiers as ids
from liaoyuan.kit.cells import Parsed

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
with (Path(__file__).parent / "data" / "identifier_vectors.csv").open(encoding="utf-8", newline="") as file:
    VECTORS = list(csv.DictReader(file))
HANDBOOK = {
    "51320211MJ60000192": "ST",
    "52320211MJ6000027R": "MF",
    "52320211MJ61234A8K": "MF",
    "53320211MJ6000035H": "JJ",
}


def org_check(body: str) -> str:
    """The one character that makes the weighted sum of an organization code divisible by 11."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, [3, 7, 9, 10, 5, 8, 4, 2], strict=True))
    return next(char for value, char in enumerate("0123456789X") if (total + value) % 11 == 0)


def uscc_check(first17: str) -> str:
    """The one character that makes the weighted sum of a code divisible by 31."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first17))
    return next(char for value, char in enumerate(ALPHABET) if (total + value) % 31 == 0)


@st.composite
def codes(draw):
    prefix = draw(st.sampled_from(["51", "52", "53", "59"]))
    division = draw(st.from_regex("[1-9][0-9]{5}", fullmatch=True))
    body = draw(st.text(ALPHABET, min_size=8, max_size=8))
    first17 = prefix + division + body + org_check(body)
    return first17 + uscc_check(first17)


@pytest.mark.parametrize("row", [row for row in VECTORS if row["kind"] == "uscc"], ids=lambda row: row["value"])
def test_published_codes(row):
    code = row["value"]
    faults = [fault for fault in ids.uscc_faults(code) if fault != "prefix"]  # most belong to companies
    read = ids.parse_uscc(code)
    if row["expected"] == "valid":
        assert (faults, read) == ([], Parsed(code))
    elif row["expected"] == "issued_nonconforming":
        assert (faults, read) == (["check"], Parsed(code, doubt="uscc_check"))
    else:
        assert faults and not read.ok and (read.value, read.error) == (code, None)


@pytest.mark.parametrize("row", [row for row in VECTORS if row["kind"] == "ric"], ids=lambda row: row["value"])
def test_published_identity_numbers(row):
    if row["note"] == "strict=true":  # refused by a list of divisions, which is not examined; listed again without
        assert {"expected": "valid", "note": "strict=false"}.items() <= next(
            other for other in VECTORS if other["value"] == row["value"] and other is not row
        ).items()
        return
    assert (ids.ric_faults(row["value"]) == []) == (row["expected"] == "valid")


@pytest.mark.parametrize(("code", "kind"), HANDBOOK.items())
def test_the_handbooks_codes(code, kind):
    assert ids.uscc_faults(code) == [] and ids.parse_uscc(code) == Parsed(code)
    assert ids.uscc_kind(code) == kind and ids.uscc_division(code) == "320211"
    for place in range(18):
        for char in ALPHABET:
            changed = code[:place] + char + code[place + 1 :]
            if changed != code:
                assert {"check", "org_check", "alphabet"} & set(ids.uscc_faults(changed)), changed
                assert not ids.parse_uscc(changed).ok


@given(codes())
def test_generated_codes(code):
    assert ids.uscc_faults(code) == []
    wide = code.translate({ord(char): ord(char) + 0xFEE0 for char in ALPHABET})
    for cell in (
        code,
        code.lower(),
        wide,
        f" {code[:8]} {code[8:]}\u200b",
        f"{code[:2]}-{code[2:8]}-{code[8:]}",
        f"'{code}",
    ):
        assert ids.parse_uscc(cell) == Parsed(code), cell


@given(codes(), st.data())
def test_letters_for_digits_are_corrected_where_the_check_digits_agree(code, data):
    letters = {"0": "OoＯ", "1": "Ii", "2": "Zz", "5": "Ss"}
    places = [place for place, char in enumerate(code) if char in letters]
    if not places:
        return
    cell = list(code)
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, unique=True)):
        cell[place] = data.draw(st.sampled_from(letters[code[place]]))
    assert ids.parse_uscc("".join(cell)) == Parsed(code, doubt="letter_o_for_zero")


@given(codes())
def test_a_number_cell_is_never_accepted(code):
    digits = "".join(char if char.isdigit() else "7" for char in code)
    for cell in (int(digits), float(digits), f"{digits[0]}.{digits[1:8]}E+17"):
        assert ids.parse_uscc(cell).doubt == "number_cell_lost_digits"
    assert ids.parse_uscc(float(digits)).value == f"{float(digits):.0f}"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("52320211MJ6000027", Parsed("52320211MJ6000027", doubt="uscc_17")),
        ("5232O211MJ6000028R", Parsed("5232O211MJ6000028R", doubt="letter_o_for_zero")),
        ("52320211MJ6000028R", Parsed("52320211MJ6000028R", doubt="uscc_check")),
        ("52320211MJ6V00027R", Parsed("52320211MJ6V00027R", doubt="uscc_alphabet")),
        ("52320211MJ6О00027R", Parsed("52320211MJ6О00027R", doubt="uscc_alphabet")),  # a Cyrillic letter
        ("52320211MJ6000027R1", Parsed("52320211MJ6000027R1", doubt="uscc_length")),
        ("MJ6000027", Parsed("MJ6000027", doubt="uscc_length")),
        ("523202110000000000", Parsed("523202110000000000", doubt="number_cell_lost_digits")),
        (320211000012345, Parsed("320211000012345", doubt="uscc_length")),
        ("1234", Parsed(None, error="uscc_length")),
        ("办理中", Parsed(None, error="uscc_not_a_code")),
        (True, Parsed(None, error="uscc_not_a_code")),
        (date(2018, 1, 1), Parsed(None, error="uscc_not_a_code")),
    ],
)
def test_codes_in_doubt_and_what_is_no_code(cell, expected):
    assert ids.parse_uscc(cell) == expected


def test_faults_of_a_code():
    assert ids.uscc_faults("52320211MJ6000027") == ["length"]
    assert ids.uscc_faults("52320211MJ6OOO027R") == ["alphabet"]
    assert ids.uscc_faults("91330100799655058B") == ["prefix"]
    assert ids.uscc_kind("91330100799655058B") is None and ids.uscc_kind("59320211MJ6000035H") is None
    assert ids.uscc_division("52A") is None


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(100_000, 999_999))
def test_generated_identity_numbers(born, order, division):
    first17 = f"{division}{born:%Y%m%d}{order:03}"
    # ISO 7064 MOD 11-2: the number read in powers of two leaves 1 when divided by 11
    fits = [
        char
        for value, char in enumerate("0123456789X")
        if (sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first17)) + value) % 11 == 1
    ]
    number = first17 + fits[0]
    assert ids.ric_faults(number) == [] and ids.ric_birth(number) == born
    assert ids.parse_ric(f" {number.lower()} ") == Parsed(number)
    for wrong in set("0123456789X") - set(fits):
        assert ids.ric_faults(first17 + wrong) == ["check"]
        assert not ids.parse_ric(first17 + wrong).ok


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("110101199003070011", Parsed("110101199003070011")),
        ("610104620927690", Parsed("610104620927690")),
        (610104620927690.0, Parsed("610104620927690")),
        (1.10101199003070e17, Parsed("110101199003070000", doubt="number_cell_lost_digits")),
        ("1.10101E+17", Parsed("1.10101E+17", doubt="number_cell_lost_digits")),
        ("110101199003070000", Parsed("110101199003070000", doubt="number_cell_lost_digits")),
        ("110101199003070012", Parsed("110101199003070012", doubt="ric_check")),
        ("110101199002300011", Parsed(None, error="ric_date")),
        ("1101011990", Parsed(None, error="ric_length")),
        ("11010119900307001A", Parsed(None, error="ric_alphabet")),
        (True, Parsed(None, error="ric_alphabet")),
    ],
)
def test_identity_numbers(cell, expected):
    assert ids.parse_ric(cell) == expected


@given(
    st.from_regex("[0-9]{6}", fullmatch=True),
    st.from_regex("[0-9]{3}", fullmatch=True),
    st.integers(1949, 2100),
    st.integers(1, 9999),
)
def test_filing_numbers(division, street, year, seq):
    number = ids.filing_no(division, street, year, seq)
    assert number == f"BA-{division}-{street}-{year}-{seq:04d}"
    assert ids.split_filing_no(number) == (division, street, year, seq)
    assert ids.parse_filing_no(f" {number.lower()} ".replace("-", "－")) == Parsed(number)


def test_other_filing_numbers_stay_as_they_are():
    assert ids.parse_filing_no("滨民备字〔2019〕第012号") == Parsed("滨民备字〔2019〕第012号")
    assert ids.split_filing_no("滨民备字〔2019〕第012号") is None
    assert ids.parse_filing_no(20190012.0) == Parsed("20190012")
    assert ids.parse_filing_no(3.2021100120190012e17).doubt == "number_cell_lost_digits"
    for parts in (
        ("32021", "004", 2026, 1),
        ("320211", "4", 2026, 1),
        ("320211", "004", 2026, 0),
        ("320211", "004", 2026, 10_000),
    ):
        with pytest.raises(ValueError, match="filing number"):
            ids.filing_no(*parts)


def test_masks():
    assert ids.mask_mobile("13812341234") == "138****1234"
    assert ids.mask_mobile("138 1234 1234") == "138****1234"
    assert ids.mask_mobile("0510-85101234") == "****34" and ids.mask_mobile("12345") == "****"
    assert ids.mask_ric("320211199003071234") == "320211********1234"
    assert ids.mask_ric("320211900307123") == "320211*****7123" and ids.mask_ric("1234") == "****"
    assert ids.mask_name("张三") == ids.mask_name("张三丰") == "张*" and ids.mask_name(" ") == ""
    assert ids.mask_birth("1990-05-20") == ids.mask_birth(date(1990, 5, 20)) == "19**-**"
    assert ids.mask_birth("?") == "**"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("江苏省无锡市滨湖区蠡湖大道1号", "江苏省无锡市**"),
        ("无锡市滨湖区蠡湖大道1号", "无锡市**"),
        ("北京市海淀区", "北京市**"),
        ("内蒙古自治区呼和浩特市新城区", "内蒙古自治区呼和浩特市**"),
        ("滨湖区蠡园街道城市花园3幢", "**"),
        ("蠡湖大道1号", "**"),
        ("", "**"),
    ],
)
def test_addresses_are_masked_below_the_city(address, masked):
    assert ids.mask_address(address) == masked


def test_every_published_vector_is_examined():
    """Each line of the file falls to one of the two tests above."""
    assert Counter(row["kind"] for row in VECTORS) == {"uscc": 221, "ric": 44}
    assert Counter(row["expected"] for row in VECTORS) == {"valid": 243, "invalid": 18, "issued_nonconforming": 4}
