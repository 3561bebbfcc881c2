"""The figures of a round as pages show them: what each is, its value, where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import registries
from liaoyuan.core.rules.parameters import SHAPE_TITLES, Shape, fits, shape_of, written
from liaoyuan.core.staging import note
from liaoyuan.funding.choices.budget import (
    BUDGET_CLASS_TITLES,
    CAP_BASE_TITLES,
    COUNT_JOINT_TITLES,
    COUNT_SPONSORED_TITLES,
    FORBIDDEN_ITEM_TITLES,
    FUNDING_LEVEL_TITLES,
    PRICE_KIND_TITLES,
    REGION_TITLES,
)
from liaoyuan.funding.choices.money import (
    AMENDMENT_TITLES,
    FINAL_GRADE_TITLES,
    MISCONDUCT_TITLES,
    TRANCHE_TRIGGER_TITLES,
)
from liaoyuan.funding.choices.review import ACCEPT_ITEM_TITLES, CONFLICT_TITLES, SCORE_ITEM_TITLES
from liaoyuan.funding.choices.running import OVERDUE_TITLES, RISK_TITLES
from liaoyuan.funding.choices.words import DAY_UNIT_TITLES
from liaoyuan.funding.models import Round
from liaoyuan.funding.params.schema import KEYS
from liaoyuan.funding.queries import limits
from liaoyuan.kit.findings import Limits, Refused, Severity
from liaoyuan.registry.choices import CREDIT_TITLES, KIND_TITLES

#: What applicants ask first; the other figures follow behind a fold.
MAIN = (
    "gv.max_apply", "gv.staff.percent", "gv.staff.base", "gv.staff.grant_percent", "gv.cap_project_fen",
    "gv.min_project_fen", "gv.grant_max_percent", "gv.own_min_percent", "gv.types", "gv.region", "gv.fields",
    "gv.period_min_months", "gv.period_max_months", "gv.class.percent", "gv.publicity.days", "gv.tranche.percents",
)  # fmt: skip
_TYPES = {str(kind): word for kind, word in KIND_TITLES.items()}
_LISTS = {str(code): word for code, word in CREDIT_TITLES.items()}
#: Figures whose values are codes, with their words.
_WORDS: dict[str, Mapping[str, str]] = {
    "gv.count_sponsored": COUNT_SPONSORED_TITLES, "gv.count_joint": COUNT_JOINT_TITLES, "gv.bar_lists": _LISTS,
    "gv.warn_lists": _LISTS, "gv.types": _TYPES, "gv.region": REGION_TITLES,
    "gv.bar_levels": FUNDING_LEVEL_TITLES, "gv.staff.base": CAP_BASE_TITLES, "gv.staff.classes": BUDGET_CLASS_TITLES,
    "gv.staff.grant_classes": BUDGET_CLASS_TITLES, "gv.class.percent": BUDGET_CLASS_TITLES,
    "gv.class.base": BUDGET_CLASS_TITLES, "gv.class.max_fen": BUDGET_CLASS_TITLES,
    "gv.price.caps": PRICE_KIND_TITLES, "gv.forbidden.items": FORBIDDEN_ITEM_TITLES,
    "gv.forbidden.words": FORBIDDEN_ITEM_TITLES, "gv.score.items": SCORE_ITEM_TITLES,
    "gv.accept.items": ACCEPT_ITEM_TITLES, "gv.accept.grades": FINAL_GRADE_TITLES,
    "gv.recusal.kinds": CONFLICT_TITLES, "gv.rank.ties": SCORE_ITEM_TITLES, "gv.publicity.unit": DAY_UNIT_TITLES,
    "gv.objection.unit": DAY_UNIT_TITLES, "gv.tranche.triggers": TRANCHE_TRIGGER_TITLES,
    "gv.adjust.kinds": AMENDMENT_TITLES, "gv.sanction.years": MISCONDUCT_TITLES,
    "gv.overdue.kinds": OVERDUE_TITLES, "gv.sample.risks": RISK_TITLES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its value as people read it, whether it is a draft, whether the round's own, its source."""

    key: str
    title: str
    value: str
    draft: bool
    own: bool
    source: str


def samples(key: str) -> list[Any]:
    """The values that the release gives a key."""
    return [row["value"] for row in registries.parameters if row["key"] == key]


def shape(key: str) -> Shape:
    """What kind of value a figure takes."""
    return shape_of(key, samples(key))


def title(key: str) -> str:
    """What a figure is called; the explanation of its codes is left out where its value is told in words."""
    told = _(registries.parameter_titles.get(key, key))
    return told.split("（")[0].split(" (")[0] if key in _WORDS else told


def of_round(round_: Round) -> list[Figure]:
    """The figures of the round in the order of the handbook; those without one are left out."""
    return shown(limits.limits_of(round_))


def shown(held: Limits) -> list[Figure]:
    """Figures as people read them."""
    found = []
    for key in (*MAIN, *(key for key in KEYS if key not in MAIN)):
        if key not in held or held[key] is None or held[key] in ([], {}):
            continue
        row = held.row(key)
        found.append(
            Figure(key, title(key), words(key, row.value), row.status == "draft",
                   row.jurisdiction == limits.OWN, row.source)
        )  # fmt: skip
    return found


def told(key: str, value: Any) -> str:
    """A figure with its value as people read them."""
    return f"{title(key)} {words(key, value)}"


def words(key: str, value: Any) -> str:
    """A figure as people read it: codes as their words."""
    titles = _WORDS.get(key)
    if titles is None:
        return written(value, shape(key))
    if isinstance(value, list):
        return "、".join(_word(titles, one) for one in value)
    if isinstance(value, dict):
        return "；".join(
            f"{'、'.join(_word(titles, code) for code in name.split('+'))} "
            f"{'、'.join(map(str, one)) if isinstance(one, list) else one}"
            for name, one in value.items()
        )
    return _word(titles, value)


def _word(titles: Mapping[str, str], code: Any) -> str:
    return _(titles[code]) if code in titles else str(code)


def check(round_: Round, values: Mapping[str, Any]) -> None:
    """Refuse figures that a round does not have, and values of another shape."""
    found = []
    for key, value in values.items():
        if key not in KEYS:
            told = _("一届没有这个参数：{key}。")
            found.append(note("ROUND-KEY", Severity.BLOCK, told, field_name="values", key=key))
        elif not fits(value, shape(key), nullable=any(sample is None for sample in samples(key))):
            told = _("{title}的值不对，应为{shape}。")
            found.append(note("ROUND-VALUE", Severity.BLOCK, told, field_name=key, title=title(key),
                              shape=_(SHAPE_TITLES[shape(key)])))  # fmt: skip
    if found:
        raise Refused(found)
