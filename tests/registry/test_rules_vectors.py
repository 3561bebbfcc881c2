"""The handbook's test vectors, and the check characters against an independent computation."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.core import policy
from liaoyuan.kit.workdays import Calendar
from liaoyuan.registry.rules.facts import OrganizationFacts

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ON = date(2026, 10, 26)
LIMITS = policy.build(policy.shipped_rows(), ON, policy.chain("binhu"), lambda: Calendar(()))
VALID = {"51320211MJ60000192": "ST", "52320211MJ6000027R": "MF", "52320211MJ61234A8K": "MF", "53320211MJ6000035H": "JJ"}
ISSUED = ("9144030071526726XG", "91330100799655058B", "91110000600037341L")


def codes(moment: str, **fields) -> list[str]:
    return [f.code for f in policy.evaluate(moment, OrganizationFacts(**fields), LIMITS, ON)]


@pytest.mark.parametrize("code", VALID)
def test_valid_codes_pass(code):
    assert codes("import", code=code, kind=VALID[code], registrar_division="320211") == []


@pytest.mark.parametrize("code", VALID)
def test_any_changed_character_breaks_the_check(code):
    for place in range(18):
        for other in ALPHABET:
            if other != code[place]:
                changed = code[:place] + other + code[place + 1 :]
                assert codes("ORG-ID-02", code=changed, kind=VALID[code]) == ["ORG-ID-02"]


@pytest.mark.parametrize("code", ISSUED)
def test_issued_company_codes_check_but_are_of_another_department(code):
    assert codes("ORG-ID-02", code=code, kind="MF") == []
    assert codes("ORG-ID-03", code=code, kind="MF") == ["ORG-ID-03"]


def test_a_filed_body_with_a_code_is_asked_whether_it_registered():
    facts = OrganizationFacts(kind="BA", filing_no="BA-320211-004-2024-0001", code="52320211MJ6000027R")
    found = policy.evaluate("save", facts, LIMITS, ON)
    assert [f.code for f in found] == ["ORG-ID-06"]
    assert "是否已登记" in found[0].text
    assert "关联" in found[0].text


def checks(code: str) -> bool:
    """GB 32100 and GB 11714 by their textbook formulas."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    body = sum(int(c, 36) * w for c, w in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    inner = (11 - body % 11) % 11  # 11 → 0
    return ALPHABET[-total % 31] == code[17] and ("X" if inner == 10 else str(inner)) == code[16]


@given(st.text(ALPHABET, min_size=18, max_size=18))
def test_check_characters_equal_the_textbook(code):
    assert (codes("ORG-ID-02", code=code, kind="MF") == []) == checks(code)


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_the_expected_character_is_the_right_one(body):
    for last in ALPHABET:
        found = policy.evaluate("ORG-ID-02", OrganizationFacts(code=body + last, kind="MF"), LIMITS, ON)
        if found and "末位" in found[0].text:
            right = body + found[0].args["expected"]
            assert all(
                "末位" not in f.text for f in policy.evaluate("ORG-ID-02", OrganizationFacts(code=right), LIMITS, ON)
            )


@given(st.text(max_size=24), st.sampled_from(["ST", "MF", "JJ", "BA", "NB", ""]))
def test_no_text_breaks_a_rule(code, kind):
    facts = OrganizationFacts(name=code, code=code, kind=kind, filing_no=code, registrar_division="320211")
    for moment in ("save", "import", "naming", "registration", "daily", "apply", "remove"):
        for finding in policy.evaluate(moment, facts, LIMITS, ON):
            assert finding.text


@pytest.mark.parametrize(
    ("kind", "prefix", "told"),
    [
        ("ST", "51", False), ("MF", "52", False), ("JJ", "53", False), ("NB", "59", False), ("ST", "59", True),
        ("MF", "51", True), ("ST", "52", True), ("JJ", "51", True), ("NB", "51", True), ("ST", "12", True),
        ("NB", "12", True), ("BA", "51", False),
    ],
)  # fmt: skip
def test_prefix_fits_the_type(kind, prefix, told):
    assert bool(codes("ORG-ID-03", kind=kind, code=prefix + "320211MJ60000192")) == told


@pytest.mark.parametrize(
    ("registrar", "told"), [("320211", False), ("320213", True), ("", False), ("3202", True), ("320211004", False)]
)
def test_the_code_names_its_registrar(registrar, told):
    assert bool(codes("ORG-ID-04", kind="ST", code="51320211MJ60000192", registrar_division=registrar)) == told


def test_a_city_registers_under_its_padded_code():
    assert codes("ORG-ID-04", kind="ST", code="51320200MJ60000192", registrar_division="3202") == []


@given(person=st.integers(0, 80), unit=st.integers(0, 80))
def test_association_members_by_the_words_of_the_law(person, unit):
    """条例 art 10: 50 个以上个人会员或者 30 个以上单位会员；会员由个人会员和单位会员组成的，总数不得少于 50 个."""
    lawful = person >= 50 or unit >= 30 or (person > 0 and unit > 0 and person + unit >= 50)
    assert (codes("ORG-REG-01", kind="ST", members_person=person, members_unit=unit) == []) == lawful


def test_undeclared_members_are_not_judged():
    assert codes("ORG-REG-01", kind="ST") == []
    assert codes("ORG-REG-01", kind="MF", members_person=1) == []
