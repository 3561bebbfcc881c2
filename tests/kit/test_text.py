"""Cleaning and comparing text; counts, yes/no and choices. Chinese numerals against an own way of saying numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit import numerals, text
from liaoyuan.kit.cells import Parsed

TYPES = {"社会团体": "ST", "民办非企业单位": "MF", "社会服务机构": "MF", "基金会": "JJ", "1A": "1A"}


@pytest.mark.parametrize(
    ("given_", "clean"),
    [
        ("　无锡市\u200b滨湖区 ", "无锡市滨湖区"),
        ("蠡园街道(湖滨社区)", "蠡园街道（湖滨社区）"),
        ("蠡园街道（湖滨社区）", "蠡园街道（湖滨社区）"),
        ("（ABC）", "(ABC)"),
        ("ＡＢＣ１２３号", "ABC123号"),
        ("养老\r\n  服务", "养老 服务"),
        ("咨询，培训；①助残②扶老，面积３０㎡……", "咨询，培训；①助残②扶老，面积30㎡……"),
        ("\u2f00\uf9ba", "一了"),  # a radical and a compatibility ideograph that look like the letters meant
        ("a\xa0b\x07c", "a bc"),
    ],
)
def test_normalize(given_, clean):
    assert text.normalize(given_) == clean
    assert text.normalize(clean) == clean


@given(st.text())
def test_normalizing_twice_changes_nothing_more(given_):
    once = text.normalize(given_)
    assert text.normalize(once) == once
    assert text.normalize_name(text.normalize_name(given_)) == text.normalize_name(given_)


def test_names_lose_the_spaces_between_chinese_characters_only():
    assert text.normalize_name("张　　三") == "张三"
    assert text.normalize_name("益家 Home Care 中心") == "益家 Home Care 中心"
    assert text.parse_name("李 四").value == "李四"


def test_two_spellings_of_a_name_have_one_key():
    keys = {
        text.match_key(name)
        for name in ("无锡市（滨湖）ABC中心", "无锡市(滨湖)ａｂｃ 中心", "无锡市·滨湖·Abc－中心", "无锡市滨湖ABC中心")
    }
    assert len(keys) == 1
    assert text.match_key("甲") != text.match_key("乙")


def test_bigrams():
    assert text.bigrams("养老院") == ["养老", "老院"]
    assert text.bigrams("养老院", tail=True) == ["养老", "老院", "院"]
    assert text.bigrams("养") == ["养"] and text.bigrams(" ") == []


@given(st.text("甲乙丙丁ab", min_size=1, max_size=12), st.integers(0, 11), st.integers(2, 12))
def test_every_part_of_a_name_has_its_pairs_among_those_of_the_name(name, start, length):
    part = name[start : start + length]
    if len(part) > 1:
        assert set(text.bigrams(part)) <= set(text.bigrams(name))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((12, 12), (12.0, 12), ("12", 12), ("１２", 12), ("12人", 12), ("12 人", 12), ("12.0", 12), ("1,200", 1200)),
        *(("1，200人", 1200), ("1.2万", 12000), ("1.2万人", 12000), ("0", 0), (0, 0), ("共12人", 12), ("+5", 5)),
        *(
            ("二十三", 23),
            ("二十三人", 23),
            ("十", 10),
            ("一百零五", 105),
            ("廿三", 23),
            ("两百", 200),
            ("零", 0),
            ("叁", 3),
        ),
    ],
)
def test_a_count_without_doubt(cell, value):
    assert text.parse_int(cell) == Parsed(value)


@pytest.mark.parametrize(
    ("cell", "value", "doubt"),
    [
        *(("约12", 12, "approximate"), ("12人左右", 12, "approximate"), ("12余人", 12, "approximate")),
        *(("10+", 10, "approximate"), ("12人以上", 12, "approximate")),
        *(("12,00", 1200, "separator_misplaced"), ("1,2345", 12345, "separator_misplaced")),
        *(
            ("一百二", 120, "numeral_ambiguous"),
            ("二三", 23, "numeral_ambiguous"),
            ("三万五", 35000, "numeral_ambiguous"),
        ),
    ],
)
def test_a_count_in_doubt(cell, value, doubt):
    assert text.parse_int(cell) == Parsed(value, doubt=doubt)


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        *((12.5, "int_fraction"), ("12.5", "int_fraction"), ("1.23456万", "int_fraction")),
        *((-3, "int_negative"), ("-3", "int_negative"), ("－3", "int_negative"), (-0.5, "int_negative")),
        *((3e9, "int_too_large"), ("3000000000", "int_too_large"), (float("inf"), "int_too_large")),
        *(
            ("12-15", "int_unreadable"),
            ("若干", "int_unreadable"),
            (True, "int_unreadable"),
            ("十几", "int_unreadable"),
        ),
        *(
            (date(2018, 1, 2), "int_unreadable"),
            ("3e5", "int_unreadable"),
            ("#REF!", "formula_error"),
            ("٣", "int_unreadable"),
        ),
    ],
)
def test_what_is_no_count(cell, error):
    assert text.parse_int(cell) == Parsed(None, error=error)


@pytest.mark.parametrize("cell", ["是", "有", "√", "Y", "ｙ", "yes", "1", 1, 1.0, True, "TRUE", " 是 "])
def test_yes(cell):
    assert text.parse_bool(cell) == Parsed(True)


@pytest.mark.parametrize("cell", ["否", "无", "×", "N", "no", "0", 0, 0.0, False, "False", "没有"])
def test_no(cell):
    assert text.parse_bool(cell) == Parsed(False)


def test_neither_yes_nor_no():
    assert text.parse_bool("x") == Parsed(False, doubt="bool_cross")
    assert text.parse_bool("2018年认定").error == text.parse_bool(2).error == "bool_unreadable"
    assert text.parse_bool("/") == Parsed(None)


def test_a_choice_is_a_synonym_and_nothing_else():
    for cell in ("民办非企业单位", " 民办 非企业单位", "社会服务机构", "社会服务机构。"):
        assert text.parse_choice(cell, TYPES) == Parsed("MF")
    assert text.parse_choice("１ａ", TYPES) == Parsed("1A")
    assert text.parse_choice("社会", TYPES).error == text.parse_choice("其他", TYPES).error == "choice_unknown"
    assert text.parse_choice("√", TYPES).error == "choice_unknown"
    with pytest.raises(ValueError, match="read alike"):
        text.parse_choice("c", {"A b": "1", "ab": "2"})


def test_free_text():
    assert text.parse_text(13812341234.0) == Parsed("13812341234")
    assert text.parse_text("乱\ufffd码") == Parsed("乱\ufffd码", doubt="text_damaged")
    assert text.parse_text("#N/A").error == "formula_error"


def say(number: int) -> str:
    """A number below ten million, digit by digit with its unit; runs of zeros become one 零 and end none."""
    names = ["", "十", "百", "千", "万", "十", "百"]
    digits = str(number)
    spoken = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit != "0":
            spoken += "零一二三四五六七八九"[int(digit)] + names[place]
        else:
            spoken += "万零" if place == 4 else "零"
    while "零零" in spoken or "零万" in spoken:
        spoken = spoken.replace("零零", "零").replace("零万", "万")
    return spoken.rstrip("零") or "零"


@given(st.integers(0, 9_999_999))
def test_numerals_are_read_as_they_are_said(number):
    assert numerals.read(say(number)) == (number, True)
    assert numerals.read(say(number).replace("一十", "十")) == (number, True)


@given(st.integers(0, 10**16 - 1), st.booleans())
def test_numerals_are_read_as_they_are_written(number, capital):
    assert numerals.read(numerals.write(number, capital=capital)) == (number, True)


@pytest.mark.parametrize(
    ("number", "ordinary", "capital"),
    [
        *(
            (10, "十", "壹拾"),
            (110, "一百一十", "壹佰壹拾"),
            (1005, "一千零五", "壹仟零伍"),
            (10005, "一万零五", "壹万零伍"),
        ),
        *(
            (100010, "十万零一十", "壹拾万零壹拾"),
            (105000, "十万五千", "壹拾万伍仟"),
            (100000005, "一亿零五", "壹亿零伍"),
        ),
        *((20304, "二万零三百零四", "贰万零叁佰零肆"), (1020000, "一百零二万", "壹佰零贰万"), (0, "零", "零")),
    ],
)
def test_numerals_are_written_by_the_rules(number, ordinary, capital):
    assert numerals.write(number) == ordinary
    assert numerals.write(number, capital=True) == capital


@pytest.mark.parametrize("not_one", ["", "人", "百", "万", "二三百", "三百千", "一千零", "十十", "万万", "一百零零五"])
def test_what_is_no_numeral(not_one):
    assert numerals.read(not_one) is None
