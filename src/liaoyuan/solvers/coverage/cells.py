"""Single values out of a JSON record, each refused in one sentence that names its place."""

import math
from typing import Any, Final

from liaoyuan.solvers.coverage.refusal import SHAPE_TITLES, UnusableInstance

_FARTHEST: Final = 1e9
_MOST: Final = 10**9


def object_of(value: Any, place: str) -> dict[str, Any]:
    """The value as an object. Raises UnusableInstance."""
    if not isinstance(value, dict):
        raise UnusableInstance("shape", place=place, wanted=SHAPE_TITLES["object"])
    return value


def text_of(row: dict[str, Any], name: str, place: str) -> str:
    """A text that is not empty. Raises UnusableInstance."""
    if name not in row:
        raise UnusableInstance("missing", place=place, name=name)
    if not isinstance(row[name], str) or not row[name]:
        raise UnusableInstance("shape", place=f"{place}的“{name}”", wanted=SHAPE_TITLES["text"])
    return str(row[name])


def optional_of(row: dict[str, Any], name: str, place: str) -> str | None:
    """A text or None. Raises UnusableInstance."""
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise UnusableInstance("shape", place=f"{place}的“{name}”", wanted=SHAPE_TITLES["text_or_null"])
    return value


def point_of(row: dict[str, Any], place: str) -> tuple[float | None, float | None]:
    """Both coordinates in metres, or two None. Raises UnusableInstance."""
    for name in ("x", "y"):
        if name not in row:
            raise UnusableInstance("missing", place=place, name=name)
    if row["x"] is None and row["y"] is None:
        return None, None
    if row["x"] is None or row["y"] is None:
        raise UnusableInstance("half_place", place=place)
    return real_of(row, "x", place, -_FARTHEST), real_of(row, "y", place, -_FARTHEST)


def real_of(row: dict[str, Any], name: str, place: str, least: float) -> float:
    """A finite number between `least` and a thousand million. Raises UnusableInstance."""
    value = row[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnusableInstance("number", place=place, name=name, wanted=SHAPE_TITLES["real"], value=_shown(value))
    if isinstance(value, float) and not math.isfinite(value):
        raise UnusableInstance("not_finite", place=place, name=name)
    if not least <= value <= _FARTHEST:
        wanted = SHAPE_TITLES["place" if least < 0 else "real"]
        raise UnusableInstance("number", place=place, name=name, wanted=wanted, value=_shown(value))
    return float(value)


def whole_of(row: dict[str, Any], name: str, place: str, least: int) -> int:
    """A whole number of a record, at least `least`. Raises UnusableInstance."""
    if name not in row:
        raise UnusableInstance("missing", place=place, name=name)
    value = row[name]
    if isinstance(value, float) and not math.isfinite(value):
        raise UnusableInstance("not_finite", place=place, name=name)
    right = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not right or not least <= value <= _MOST:
        wanted = SHAPE_TITLES["integer"].format(least=least)
        raise UnusableInstance("number", place=place, name=name, wanted=wanted, value=_shown(value))
    return int(value)


def _shown(value: Any) -> str:
    return repr(value)[:40]
