"""The figures of a round as pages show them: what each is, its value, where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import registries
from liaoyuan.core.rules.parameters import SHAPE_TITLES, Shape, fits, shape_of, written
from liaoyuan.core.staging import note
from liaoyuan.funding.models import Round
from liaoyuan.funding.params.schema import KEYS
from liaoyuan.funding.queries import limits
from liaoyuan.kit.findings import Limits, Refused, Severity


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
    """What a figure is called."""
    return _(registries.parameter_titles.get(key, key))


def of_round(round_: Round) -> list[Figure]:
    """The figures of the round in the order of the handbook; those without one are left out."""
    return shown(limits.limits_of(round_))


def shown(held: Limits) -> list[Figure]:
    """Figures as people read them."""
    found = []
    for key in KEYS:
        if key not in held or held[key] is None or held[key] == []:
            continue
        row = held.row(key)
        found.append(
            Figure(key, title(key), written(row.value, shape(key)), row.status == "draft",
                   row.jurisdiction == limits.OWN, row.source)
        )  # fmt: skip
    return found


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
