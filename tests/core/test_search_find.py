"""Search equals a patient reader's scan, whatever way the hits are collected, on whichever database runs the suite."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.core import registries, search
from liaoyuan.core.access import Operator
from liaoyuan.core.models import SearchDocument
from liaoyuan.core.queries import hits
from liaoyuan.registry.choices import Permission
from tests.core import search_ground as ground
from tests.core.search_ground import KIND, Thing, expected

pytestmark = pytest.mark.django_db
OPERATOR = Operator("tests")

AREAS = ("滨湖区", "无锡市", "蠡园街道", "")
CORES = (
    "九色",
    "九和",
    "银行",
    "重阳",
    "𠮷祥",
    "ＡＢＣ",
    "e家亲",
    "阳光·彩虹",
    "长者",
    "乐（团）",
    "3号",
    "Straße",
    "ｆａｎ",
)
WORDS = ("公益", "养老服务", "音乐", "fan", "一二一", "湖湖", "123", "服务服务")
FORMS = ("中心", "协会", "队", "")
QUERIES = (
    "九", "养", "𠮷", "湖", "九色", "湖湖", "养老", "滨湖区", "服务服", "养老服务中心", "滨湖区九色公益中心", "jsgy",
    "JS", "jiuse", "yinhang", "bhqyh", "chongyang", "zhongyang", "a", "f", "fan", "ＦＡＮ", "strasse", "STRASSE", "3",
    "12", "123", "mj0", "MJ 00", "公益 jiu", "中心 滨湖", "九　色", "乐团", "（团）", "中心九", "心滨", "520",
    "5202-11", "ba-", "滨社备", "滨社备字第1号", "522", "务服务", "区九色公", "阳光彩虹公益协会", "zhonxin", "zhongxin",
    "xin", "in", "无 无", "",
)  # fmt: skip


def corpus(seed: int = 5, size: int = 160) -> dict[int, Thing]:
    """Names from few parts, so that every part has many hits; former names, three kinds of codes."""
    draw = random.Random(seed)

    def name() -> str:
        made = draw.choice(AREAS) + draw.choice(CORES) + draw.choice(WORDS) + draw.choice(FORMS)
        return draw.choice((made, made, made + str(draw.randrange(30))))

    things = {}
    for pk in range(1, size + 1):
        names = [name() for _ in range(draw.choice((1, 1, 1, 2, 3)))]
        codes = draw.choice((
            [f"52320211MJ{pk:06d}{draw.choice('0123XY')}X"], [f"BA-320211-00{pk % 10}"], [f"滨社备字第{pk}号"], [],
            [f"5202-{pk}", "无"],
        ))  # fmt: skip
        things[pk] = Thing(pk, names, codes, weight=draw.choice((0, 2, 3)))
    # texts that are a whole query, and titles of one or two characters
    for names, codes in (
        (["九色"], ["123"]),
        (["湖湖", "湖"], ["湖"]),
        (["3"], ["a"]),
        (["九色", "九"], []),
        (["湖"], ["BA"]),
    ):
        pk = len(things) + 1
        things[pk] = Thing(pk, list(names), list(codes), weight=pk % 3)
    return things


@pytest.fixture
def things(monkeypatch):
    """The corpus, written and indexed."""
    found = corpus()
    monkeypatch.setitem(registries.searchables, KIND, ground.searchable(found, Permission.VIEW))
    search.refresh(KIND, list(found))
    return found


@pytest.fixture(params=["few", "many", "many, none seen", "waiting", "whole"])
def way(request, monkeypatch, things):
    """All ways to collect hits: ranked at once, walked in order, read without index, cut from the sorted whole."""
    if request.param.startswith("many"):
        monkeypatch.setattr(hits, "_FEW", 0)
        monkeypatch.setattr(hits, "_MANY", 1 if request.param == "many" else 10_000)
    elif request.param == "waiting":
        SearchDocument.objects.all().delete()
        monkeypatch.setattr(search, "_index_portion", lambda: 0)
        search.refresh(KIND, list(things))
    elif request.param == "whole":
        monkeypatch.setattr(hits, "_FEW", 0)
        monkeypatch.setattr(hits, "_FAR", 0)
    return request.param


def keys(query: str, **options) -> tuple[int, list[int]]:
    found = search.find(query, user=OPERATOR, **{"limit": 1000, **options})
    return found.total, [hit.object_id for hit in found.hits]


@pytest.mark.parametrize("query", QUERIES)
def test_hits_total_and_order_equal_a_naive_scan(query, way, things, monkeypatch):
    if way != "whole":
        monkeypatch.setattr(hits, "_FAR", 10_000)
    wanted = expected(things, query)
    assert keys(query) == (len(wanted), wanted)


def test_the_queries_find_something_of_every_kind(things):
    counts = {query: len(expected(things, query)) for query in QUERIES}
    assert sum(1 for count in counts.values() if count) > 40
    ranks = {ground.place(thing, query) for query in QUERIES for thing in things.values()}
    assert ranks == {None, 0, 1, 2, 3, 4, 5, 6}


def test_pages_are_slices_of_the_whole(way, things):
    for query in ("湖", "中心", "fan", "i", "公益 九"):
        wanted = expected(things, query)
        for offset in range(0, len(wanted) + 7, 7):
            total, page = keys(query, limit=7, offset=offset)
            assert (total, page) == (len(wanted), wanted[offset : offset + 7])
    assert keys("湖", limit=0) == (len(expected(things, "湖")), [])


def test_any_part_of_any_text_equals_a_naive_scan(way, things):
    texts = [text for thing in things.values() for text in (*thing.names, *thing.codes)]
    texts += [sound for text in texts for pair in ground.pinyin.readings(text) for sound in pair]
    part = st.builds(
        lambda text, start, size: text[start % max(1, len(text)) :][:size],
        st.sampled_from(texts), st.integers(0, 60), st.integers(1, 30),
    )  # fmt: skip
    queries = st.one_of(part, st.builds("{} {}".format, part, part), st.builds("{}{}".format, part, part))

    @given(queries)
    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    def check(query):
        wanted = expected(things, query)
        assert keys(query) == (len(wanted), wanted)

    check()


def test_any_text_is_a_query(way, things):
    @given(st.one_of(st.text(max_size=60), st.text(alphabet="\"'*():^-+{}%_\\&|!<>#~@$ \0九a1é", max_size=40)))
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    def check(query):
        wanted = expected(things, query)
        assert keys(query) == (len(wanted), wanted)

    check()


HOSTILE = (
    "九" * 1000, "a" * 1000, "九 " * 500, "a b " * 250, "NEAR(九 色) OR AND NOT", "\0", "😀" * 300, "' OR 1=1 --",
    "\ud800",
    " ".join(chr(0x4E00 + i) for i in range(500)), "".join(map(chr, range(0x4E00, 0x51E8))),
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_long_and_hostile_queries_are_answered(way, things, query):
    assert search.find(query, user=OPERATOR).total >= 0
    assert isinstance(search.first(query, user=OPERATOR), list)


def test_first_hits_are_the_beginning_of_the_page(way, things):
    for query in QUERIES:
        hits_ = search.first(query, user=OPERATOR, limit=5)
        assert [hit.object_id for hit in hits_] == expected(things, query)[:5]


def test_a_former_name_is_told_when_the_present_one_does_not_say_why(things, monkeypatch):
    things.clear()
    things[1] = Thing(1, ["滨湖区晨曦中心", "无锡市朝阳·服务社", "朝霞社"], ["52320211MJ0000011X"])
    search.refresh(KIND, list(range(1, 200)))

    def matched(query):
        return [hit.matched for hit in search.find(query, user=OPERATOR).hits]

    assert matched("晨曦") == matched("MJ00") == matched("cx") == [""]
    assert matched("朝阳服务") == matched("朝阳 滨湖") == matched("wxs") == ["无锡市朝阳·服务社"]
    assert matched("朝霞") == ["朝霞社"]
    assert matched("没有") == []


def test_the_order_does_not_depend_on_when_things_were_written(things):
    before = {query: keys(query) for query in QUERIES}
    shuffled = list(things)
    random.Random(1).shuffle(shuffled)
    SearchDocument.objects.all().delete()
    for start in range(0, len(shuffled), 13):
        search.refresh(KIND, shuffled[start : start + 13])
    assert {query: keys(query) for query in QUERIES} == before
