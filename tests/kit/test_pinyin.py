"""Pinyin of names that people of the district search for."""

import pypinyin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit import pinyin


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("蠡园街道", "liyuanjiedao", "lyjd"),
        ("重庆银行业协会音乐会", "chongqingyinhangyexiehuiyinyuehui", "cqyhyxhyyh"),
        ("家长成长会", "jiazhangchengzhanghui", "jzczh"),
        ("无锡市滨湖区为老服务中心", "wuxishibinhuquweilaofuwuzhongxin", "wxsbhqwlfwzx"),
        ("ＡＢＣ e家（1号）", "abcejia1hao", "abcej1h"),
        ("吕", "lv", "l"),
        ("", "", ""),
        ("—。", "", ""),
    ],
)
def test_the_likeliest_reading(name, full, initials):
    assert pinyin.full(name) == full
    assert pinyin.initials(name) == initials
    assert ((full, initials) in pinyin.readings(name)) == bool(full)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(("曾丽", "zengli"), ("单明", "shanming"), ("单明", "danming"), ("仇英", "qiuying"), ("解明", "xieming")),
        *(
            ("朝阳社区", "chaoyangshequ"),
            ("朝阳社区", "zhaoyangshequ"),
            ("长乐社区", "changleshequ"),
            ("行知学校", "xingzhixuexiao"),
        ),
        *(("区敏", "oumin"), ("查理", "zhali"), ("乐嘉", "yuejia"), ("乐嘉", "lejia")),
    ],
)
def test_a_reading_that_a_searcher_has_in_mind_is_found(name, typed):
    assert typed in [full for full, _ in pinyin.readings(name)]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=14))
def test_readings_are_few_distinct_and_agree_with_the_dictionary(name):
    found = pinyin.readings(name)
    assert len(found) == len(set(found)) <= 8
    if name and found:
        assert found[0] == (pinyin.full(name), pinyin.initials(name))
    per_char = [set(pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)[0]) for char in name]
    if len(name) == 1 and found:
        assert {full for full, _ in found} <= per_char[0]


def test_our_own_readings_are_among_those_of_the_dictionary():
    for char, ours in [*pinyin._common.items(), *pinyin._surnames.items()]:
        listed = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)[0]
        assert set(ours) <= set(listed), char
    for word, ours in pinyin._words.items():
        assert len(word) == len(ours)
        for char, reading in zip(word, ours, strict=True):
            assert reading in pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)[0], word
