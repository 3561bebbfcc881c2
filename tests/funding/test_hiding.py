"""Names and numbers taken out of texts, however they are spaced; likeness of texts against a plain count."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.funding.rules import hiding, similarity

NAME, HEAD, CODE, PHONE = "滨湖区甲示例服务中心", "钱三七", "52320211MJ6000027R", "13987654321"
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TERMS = [NAME, HEAD, CODE, PHONE]
AREAS = ["江苏省", "无锡市", "滨湖区"]
WORDS = st.text(alphabet="为社区老人服务，每周三下午。 \n", max_size=30)
GAPS = st.lists(st.sampled_from(["", " ", "　", "-", "·", "\n", "、"]), min_size=20, max_size=20)


def wide(text):
    """Letters and digits in full width."""
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in text)


def bare(text):
    return similarity.plain(text)


@CALM
@given(WORDS, WORDS, st.sampled_from(TERMS), GAPS, st.booleans())
def test_a_name_is_found_however_it_is_written(before, after, term, gaps, widened):
    told = wide(term) if widened else term.lower()
    spread = "".join(char + gap for char, gap in zip(told, gaps, strict=False))
    found = hiding.hide(before + spread + after, TERMS)
    assert bare(term) not in bare(found.text)
    assert found.found
    assert not hiding.betrays(found.text, TERMS)
    assert before.rstrip() in found.text
    assert after.strip() in found.text


@CALM
@given(WORDS)
def test_a_text_without_names_stays_as_it_is(text):
    assert hiding.hide(text, TERMS) == hiding.Hidden(text, ())


def test_numbers_are_found_by_their_shape():
    for told in (
        "0510-85123456", "139 8765 4321", "１３９８７６５４３２１", "6222 0211 0000 1234 567", "110101199003070011",
        "lingju@example.org", "甲中心申报书（盖章）.docx", "预算.XLSX", "+86 13987654321",
    ):  # fmt: skip
        assert hiding.hide(f"请联系{told}。", []).text.count(hiding.MASK) == 1, told
        assert not any(char.isdigit() for char in bare(hiding.hide(f"请联系{told}。", []).text)), told


def test_days_and_amounts_are_no_numbers_of_anybody():
    for told in (
        "2026-03-01 至 2026-05-31",
        "2026.03-2026.11",
        "每月 12 次，共 600 人次",
        "合计 100000.00 元",
        "B01",
        "30%",
    ):
        assert hiding.hide(told, TERMS).text == told


def test_short_names():
    assert hiding.short_names(NAME, AREAS) == ["甲示例服务中心", "甲示例"]
    assert hiding.short_names("无锡市滨湖区阳光社会工作服务中心", AREAS) == ["阳光社会工作服务中心", "阳光"]
    assert hiding.short_names("滨湖区养老服务中心", AREAS) == ["养老服务中心"]
    assert hiding.short_names("九色公益服务中心", AREAS) == ["九色"]


def naive(one, other):
    def pairs(text):
        clean = [char for char in text if char.isalnum()]
        return ["".join(clean[n : n + 2]) for n in range(len(clean) - 1)]

    first, second = pairs(one), pairs(other)
    rest, shared = list(second), 0
    for pair in first:
        if pair in rest:
            rest.remove(pair)
            shared += 1
    return 200 * shared // (len(first) + len(second)) if first and second else 0


@CALM
@given(st.text(alphabet="老人服务陪伴，。 ab1", max_size=30), st.text(alphabet="老人服务陪伴，。 ab1", max_size=30))
def test_likeness_is_that_of_a_plain_count(one, other):
    assert similarity.percent(one, other) == naive(one, other) == similarity.percent(other, one)
    if len(bare(one)) > 1:
        assert similarity.percent(one, one) == 100


def test_passages_stand_where_they_are():
    one, other = "我们每周三下午入户走访独居老人。", "本项目每周三下午，入户走访独居老人，共 30 户。"
    (passage,) = similarity.passages(one, other)
    assert one[passage.start : passage.end] == "每周三下午入户走访独居老人"
    assert other[passage.other_start : passage.other_end] == "每周三下午，入户走访独居老人"


def test_marks_of_a_copied_half_meet():
    half = "".join(chr(0x4E00 + n * 7) for n in range(400))
    one = half + "".join(chr(0x6000 + n * 5) for n in range(400))
    other = "".join(chr(0x7000 + n * 3) for n in range(400)) + half
    assert len(set(similarity.marks([one])) & set(similarity.marks([other]))) >= 3
    assert len(similarity.marks([one])) == similarity.KEPT
