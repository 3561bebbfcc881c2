"""Mutations of cells that hold one word out of a list: types, ratings, results, states, fields, yes and no, places."""

from __future__ import annotations

from collections.abc import Callable

from tests.truth.change import FILED, Mutation, cell, judge
from tests.truth.clean import FIELD_WORDS
from tests.truth.rows import Row

#: Words for a type that a row of that type already is.
_KINDS: dict[str, tuple[str, ...]] = {
    "ST": ("社团", "社会团体法人", "ＳＴ", " 社会团体 ", "st"),
    "MF": (
        "民非",
        "民办非企业",
        "社会服务机构",
        "民办非企业单位(法人)",
        "社会服务机构（民办非企业单位）",
        "MF",
        "民　非",
    ),
    "JJ": ("基金会法人", "非公募基金会", "公募基金会", "JJ"),
    "BA": ("备案", "备案社区社会组织", "社区社会组织（备案）", "备案类", "备案组织", "BA"),
}
_UNKNOWN_KINDS = ("有限公司", "事业单位", "个体工商户", "待定", "民办")

_RATINGS: dict[str, str] = {
    "AAAAA": "5A",
    "AAAA": "4A",
    "AAA": "3A",
    "AA": "2A",
    "A": "1A",
    "5A级": "5A",
    "５Ａ": "5A",
    "４Ａ级": "4A",
    "3a": "3A",
    " 4A ": "4A",
    "ＡＡＡ": "3A",
    "5 A": "5A",
    "AAAA级": "4A",
    "1A": "1A",
}
_UNKNOWN_RATINGS = ("6A", "AAAAAA", "0A", "优秀", "B")

_STATUSES: dict[str, str] = {
    "存续": "active",
    "在册": "active",
    "已登记": "active",
    "正常 ": "active",
    "清算": "liquidating",
    "清算中": "liquidating",
    "注销": "deregistered",
    "已注销": "deregistered",
    "撤销": "revoked",
    "撤销登记": "revoked",
    "吊销": "certificate_revoked",
    "吊销证书": "certificate_revoked",
    "吊销登记证书": "certificate_revoked",
    "取缔": "banned",
    "已取缔": "banned",
}
_CREDITS: dict[str, str] = {
    "正常": "normal",
    "异常": "abnormal",
    "活动异常": "abnormal",
    "异常名录": "abnormal",
    "活动异常名录": "abnormal",
    "严重违法失信": "serious",
    "严重违法失信名单": "serious",
    "严重失信": "serious",
}
_RESULTS: dict[str, str] = {
    "合格": "qualified",
    "年检合格": "qualified",
    "基本合格": "basically",
    "不合格": "unqualified",
    "未参加": "missed",
    "未年检": "missed",
    "免检": "exempt",
    "　合格 ": "qualified",
}
_DISTRICT_FIELDS = {"经济": "economy", "科技": "technology", "劳动": "labour", "民生": "livelihood", " 卫生 ": "health"}


def _kind_word(name: str, kind: str, word: str) -> Mutation:
    def change(row: Row) -> None:
        row.put("kind", word, kind)

    return Mutation(name, "kind", change, frozenset({kind}))


def _renamed(name: str, column: str, change_text: Callable[[str], str], **how: object) -> Mutation:
    """A place name written otherwise; the value may be stored as written or as the official name."""

    def change(row: Row) -> None:
        official = str(row.fields[column])
        shown = change_text(official)
        row.put(column, shown, official)
        judge(row, **how)  # type: ignore[arg-type]
        row.open[column] = (official, shown.strip())

    return Mutation(name, column, change)


def _list(prefix: str, column: str, words: dict[str, str]) -> list[Mutation]:
    return [cell(f"{prefix}-{place}", column, shown, value) for place, (shown, value) in enumerate(words.items())]


def _unknown(prefix: str, column: str, words: tuple[str, ...]) -> list[Mutation]:
    return [
        cell(f"{prefix}-{place}", column, shown, None, "reject", ruling="W3", also=("review",))
        for place, shown in enumerate(words)
    ]


def _kinds() -> list[Mutation]:
    rows = [
        _kind_word(f"kind-{kind.lower()}-{place}", kind, word)
        for kind, words in _KINDS.items()
        for place, word in enumerate(words)
    ]
    rows += [cell(f"kind-unknown-{place}", "kind", word, None, "reject") for place, word in enumerate(_UNKNOWN_KINDS)]
    return rows


WORD_MUTATIONS: tuple[Mutation, ...] = (
    *_kinds(),
    *_list("rating", "rating", _RATINGS),
    *_unknown("rating-unknown", "rating", _UNKNOWN_RATINGS),
    cell("rating-none-yet", "rating", "未评估", None, ruling="W2", also=("review", "reject")),
    cell("rating-numeral", "rating", "五A", "5A", ruling="W2", also=("review", "reject")),
    *_list("status", "status", _STATUSES),
    *_unknown("status-unknown", "status", ("不明", "异常", "停摆")),
    *_list("credit", "credit_status", _CREDITS),
    *_unknown("credit-unknown", "credit_status", ("A级", "不明")),
    *_list("annual", "annual_2024", _RESULTS),
    *_unknown("annual-unknown", "annual_2024", ("优良", "整改中")),
    *(cell(f"field-name-{number}", "field", word, number) for number, word in FIELD_WORDS.items()),
    cell("field-code-text", "field", "09", "09"),
    cell("field-code-and-name", "field", "09 社会服务", "09", ruling="W8", also=("review",)),
    cell("field-code-number", "field", 9, "09", ruling="W8", also=("review",)),
    *_unknown("field-unknown", "field", ("航天", "15")),
    *_list("district-field", "district_field", _DISTRICT_FIELDS),
    cell("charity-yes", "is_charity", "是", True),
    cell("charity-no", "is_charity", "否", False),
    cell("charity-yes-blanks", "is_charity", " 是 ", True),
    cell("charity-true-cell", "is_charity", True, True, ruling="W1", also=("review",)),
    cell("charity-tick", "is_charity", "√", True, ruling="W1", also=("review",)),
    cell("fundraising-has", "public_fundraising", "有", True),
    cell("fundraising-none", "public_fundraising", "无", None, ruling="W4", either=(None, False)),
    cell("deductible-cross", "tax_deductible", "×", False, ruling="W1", also=("review",)),
    *_unknown("charity-unknown", "is_charity", ("申请中", "也许")),
    cell("street-unknown", "street", "五里湖街道", "五里湖街道", "review"),
    cell("street-misspelt", "street", "蠡圆街道", "蠡圆街道", "review", either=("蠡圆街道", "蠡园街道")),
    cell("street-other-district", "street", "东华门街道", "东华门街道", "review"),
    cell("street-text", "street", "详见住所", "详见住所", "review"),
    _renamed("street-blanks", "street", lambda name: f" {name}　", verdict="accept"),
    _renamed("street-short", "street", lambda name: name[:2], verdict="review", ruling="W7", also=("accept",)),
    _renamed(
        "street-with-district", "street", lambda name: f"滨湖区{name}", verdict="accept", ruling="W7", also=("review",)
    ),
    _renamed(
        *("community-short", "community"),
        lambda name: name.removesuffix("居委会").removesuffix("村委会"),
        verdict="accept",
        ruling="W5",
        also=("review",),
    ),
    cell("community-unknown", "community", "新生社区居委会", "新生社区居委会", "review", ruling="W6", also=("accept",)),
    Mutation("community-missing-filed", "community", lambda row: row.put("community", None, None), FILED),
)
