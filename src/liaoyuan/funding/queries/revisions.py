"""Kept versions of an application and what differs between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Project, Revision
from liaoyuan.funding.params.application_form import (
    INDICATOR_TITLES,
    LINE_TITLES,
    PLEDGE_TITLES,
    RISK_TITLES,
    SECTION_TITLES,
    STEP_TITLES,
    TEAM_TITLES,
    TEXTS,
)
from liaoyuan.kit.money import format_yuan

_BASIC = {
    "title": "项目名称", "field": "领域", "area": "落地街道（社区）", "need": "对应需求", "sponsor": "支持组织",
    "starts_on": "开始日期", "ends_on": "结束日期",
}  # fmt: skip
_ROWS = {
    "team": TEAM_TITLES, "plan": STEP_TITLES, "outcomes": INDICATOR_TITLES, "risks": RISK_TITLES,
    "pledges": {"kind": "红色元素", "title": "承诺内容", "planned_on": "计划日期"},
    "budget": {**LINE_TITLES, "amount_fen": "金额（元）"},
}  # fmt: skip
OCCASION_TITLES: dict[str, str] = {
    "submitted": "提交",
    "resubmitted": "补正后提交",
    "signed": "签约",
    "amended": "变更",
    "uploaded": "上传文件之前",
    "put_back": "恢复旧版本之前",
}

#: Kept while the body still writes: the office does not read drafts.
DRAFTS = ("uploaded", "put_back")


def seen(user: Any, row: Project) -> QuerySet[Revision]:
    """The kept versions of an application that the user may read: what was handed in; to the body its drafts, too."""
    rows = Revision.objects.filter(project=row)
    own = access.covers(user, Permission.OWN_VIEW, row, write=False) or row.number == ""
    return rows if own else rows.exclude(occasion__in=DRAFTS)


@dataclass(frozen=True, slots=True)
class Change:
    """One place that differs: its section, what it is, before and after."""

    section: str
    title: str
    before: str
    after: str


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two contents, in the order of the form; rows are compared place by place."""
    found: list[Change] = []
    texts = {text.key: text.title for text in TEXTS}
    for section, title in SECTION_TITLES.items():
        one, two = before.get(section), after.get(section)
        if one == two:
            continue
        if section in _ROWS:
            found += _rows(_(title), section, one or [], two or [])
        else:
            names = texts if section == "content" else _BASIC
            one, two = one or {}, two or {}
            found += [
                Change(_(title), _(names.get(key, key)), _text(key, one.get(key)), _text(key, two.get(key)))
                for key in dict.fromkeys([*names, *one, *two])
                if (one.get(key) or "") != (two.get(key) or "")
            ]
    return found


def _rows(title: str, section: str, one: list[Any], two: list[Any]) -> list[Change]:
    found = []
    for number in range(max(len(one), len(two))):
        left = one[number] if number < len(one) else None
        right = two[number] if number < len(two) else None
        if left != right:
            place = _("第 {number} 行").format(number=number + 1)
            found.append(Change(title, place, line_words(section, left), line_words(section, right)))
    return found


def line_words(section: str, line: Mapping[str, Any] | None) -> str:
    """One row as a sentence."""
    if line is None:
        return ""
    told = [
        f"{_(title)} {_text(key, line[key])}"
        for key, title in _ROWS[section].items()
        if line.get(key) not in (None, "")
    ]
    return "，".join(told)


def _text(key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if key.endswith("_fen"):
        return format_yuan(int(value))
    if key == "quantity":
        return f"{int(value) / 100:g}"
    if key == "budget_class":
        return _(BUDGET_CLASS_TITLES.get(value, value))
    if key == "kind":
        return _(PLEDGE_TITLES.get(value, value))
    return str(value)


@dataclass(frozen=True, slots=True)
class Part:
    """A section for reading: its heading, pairs of heading and text, or a table: heads (word, is a number), rows."""

    title: str
    pairs: list[tuple[str, str, str]]
    heads: list[tuple[str, bool]]
    rows: list[list[str]]


_NUMBERS = frozenset({"percent", "persons", "target", "times", "quantity"})


def parts(told: Mapping[str, Any]) -> list[Part]:
    """A content for the eye: texts as pairs, rows as tables without the columns in which nothing stands."""
    found = []
    for section, (title, pairs, _lines) in zip(_told(told), readable(told), strict=True):
        lines = told[section] if section in _ROWS else []
        keys = [key for key in _ROWS.get(section, ()) if any(line.get(key) not in (None, "") for line in lines)]
        heads = [(_(_ROWS[section][key]), key in _NUMBERS or key.endswith("_fen")) for key in keys]
        found.append(Part(title, pairs, heads, [[_text(key, line.get(key)) for key in keys] for line in lines]))
    return found


def _told(told: Mapping[str, Any]) -> list[str]:
    """Sections that are told by themselves, in their order."""
    return [section for section in SECTION_TITLES if section != "basic" and told.get(section)]


def readable(told: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str, str]], list[str]]]:
    """A content for reading: for each section its heading, pairs of heading and text, and rows as sentences."""
    texts = {text.key: text.title for text in TEXTS}
    found: list[tuple[str, list[tuple[str, str, str]], list[str]]] = []
    for section in _told(told):
        part, title = told[section], SECTION_TITLES[section]
        if section in _ROWS:
            found.append((_(title), [], [line_words(section, line) for line in part]))
        else:
            pairs = [(_(word), str(part.get(key, "")), "") for key, word in texts.items() if part.get(key)]
            found.append((_(title), pairs, []))
    return found
