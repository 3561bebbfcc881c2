"""Reading the facts of the party floor from plain JSON."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.choices.dues import DuesCategory
from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import BranchKind, OfficerHow, OfficerKind

#: Facts whose texts are codes.
_CODES: dict[str, type[StrEnum]] = {
    "affiliation": AffiliationKind,
    "kind": AffiliationKind,
    "branch_kind": BranchKind,
    "category": DuesCategory,
    "decision": DecisionKind,
    "how": OfficerHow,
    "post": OfficerKind,
}


def read(given: Mapping[str, Any], shapes: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, Any]:
    """As `kit.facts.read`; numbers are not below nought, codes are known. Raises ValueError with a Chinese sentence."""
    found = plain.read(given, shapes, titles)
    for name, value in found.items():
        numbers = value if shapes[name] == "wholes" else (value,) if shapes[name] == "int" else ()
        if any(number < 0 for number in numbers):
            raise ValueError(f"事实“{name}”（{titles[name]}）不能小于零：{value!r}。")
        if name in _CODES and value and value not in set(_CODES[name]):
            raise ValueError(f"事实“{name}”（{titles[name]}）没有这个代码：{value!r}。")
    return found
