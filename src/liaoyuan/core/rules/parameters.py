"""Pure rules of policy rows: what shape a value has, how it is written and read, what makes an edit whole."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from liaoyuan.core.params import POLICY_MESSAGES
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.money import format_yuan


class Shape(StrEnum):
    """What kind of value a parameter takes."""

    SWITCH = "switch"
    WHOLE = "whole"
    FEN = "fen"
    TEXT = "text"
    WHOLES = "wholes"
    TEXTS = "texts"
    TABLE = "table"


SHAPE_TITLES = {
    Shape.SWITCH: "开启或关闭",
    Shape.WHOLE: "不小于零的整数",
    Shape.FEN: "金额",
    Shape.TEXT: "文字",
    Shape.WHOLES: "用顿号或逗号隔开的整数",
    Shape.TEXTS: "用顿号或逗号隔开的词",
    Shape.TABLE: "JSON 对照表",
}


def refusal(code: str, variant: str, field: str = "", **args: Any) -> Finding:
    """A blocking finding about a policy row, worded in `core.params`."""
    return Finding(
        code=code, severity=Severity.BLOCK, message=POLICY_MESSAGES[f"{code}.{variant}"], field=field, args=args
    )


def shape_of(key: str, samples: Iterable[Any]) -> Shape:
    """The shape of a parameter by the values the release gives it; a null alone says a whole number, an empty list
    leaves the shape to another value.
    """
    given = [value for value in samples if value is not None]
    if not given:
        return Shape.WHOLE
    value = next((value for value in given if value != []), given[0])
    if isinstance(value, bool):
        return Shape.SWITCH
    if isinstance(value, int):
        return Shape.FEN if key.endswith("_fen") else Shape.WHOLE
    if isinstance(value, str):
        return Shape.TEXT
    if isinstance(value, list):
        return Shape.WHOLES if value and isinstance(value[0], int) else Shape.TEXTS
    return Shape.TABLE


def fits(value: Any, shape: Shape, *, nullable: bool) -> bool:
    """Whether a value is of the shape. Null (no figure) only where the release itself knows none."""
    if value is None:
        return nullable
    if shape == Shape.SWITCH:
        return isinstance(value, bool)
    if shape in (Shape.WHOLE, Shape.FEN):
        return _whole(value)
    if shape == Shape.TEXT:
        return isinstance(value, str)
    if shape == Shape.TABLE:
        return isinstance(value, dict)
    if not isinstance(value, list):
        return False
    return all(map(_whole, value)) if shape == Shape.WHOLES else all(isinstance(part, str) for part in value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


#: Values that are words.
_VALUE_TITLES = {"none": "没有规定", "on": "开启", "off": "关闭"}


def written(value: Any, shape: Shape) -> str:
    """A value as people read it."""
    if value is None:
        return _VALUE_TITLES["none"]
    if shape == Shape.SWITCH:
        return _VALUE_TITLES["on" if value else "off"]
    if shape == Shape.FEN:
        return f"{format_yuan(value)} 元"
    if shape in (Shape.WHOLES, Shape.TEXTS):
        return "、".join(map(str, value)) or "无"
    if shape == Shape.TABLE:
        return (
            "；".join(f"{k}：{'、'.join(map(str, v)) if isinstance(v, list) else v}" for k, v in value.items()) or "无"
        )
    return str(value)


def typed(value: Any, shape: Shape) -> str:
    """A value as the edit form shows it; `read` reads it back."""
    if value is None:
        return ""
    if shape == Shape.SWITCH:
        return "on" if value else "off"
    if shape == Shape.FEN:
        return format_yuan(value)
    if shape == Shape.TABLE:
        return json.dumps(value, ensure_ascii=False, indent=1)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def read(text: str, shape: Shape) -> Any:
    """The value typed for a shape; "" is null. Raises ValueError for what does not fit. Amounts are read elsewhere."""
    text = text.strip()
    if not text:
        return [] if shape in (Shape.WHOLES, Shape.TEXTS) else None
    if shape == Shape.SWITCH:
        return {"on": True, "off": False}[text] if text in ("on", "off") else _bad(text)
    if shape == Shape.WHOLE:
        return _number(text)
    if shape == Shape.TABLE:
        found = json.loads(text)
        return found if isinstance(found, dict) else _bad(text)
    if shape in (Shape.WHOLES, Shape.TEXTS):
        parts = [p.strip() for p in text.replace("，", "、").replace(",", "、").split("、") if p.strip()]
        return [_number(part) for part in parts] if shape == Shape.WHOLES else parts
    return text


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else _bad(text)


def _bad(text: str) -> Any:
    raise ValueError(text)


def edit_findings(
    *, key: str, value: Any, severity: str, source: str, valid_from: date, valid_to: date | None, samples: Sequence[Any]
) -> list[Finding]:
    """What keeps an edit from being written; `samples` are the release's own values of the key."""
    if not samples:
        return [refusal("PARAMETER", "key", "key", key=key)]
    found = []
    shape = shape_of(key, samples)
    if not fits(value, shape, nullable=any(sample is None for sample in samples)):
        found.append(refusal("PARAMETER", "value", "value", key=key, shape=SHAPE_TITLES[shape]))
    if severity not in set(Severity):
        found.append(refusal("PARAMETER", "severity", "severity"))
    if not source.strip():
        found.append(refusal("PARAMETER", "source", "source"))
    if valid_to is not None and valid_to <= valid_from:
        found.append(refusal("PARAMETER", "dates", "valid_to"))
    return found


def notice_lines(text: str, year: int) -> tuple[list[tuple[date, bool, str]], list[Finding]]:
    """Read a holiday notice, one day a line: "2027-01-01 休 元旦", "2027-02-07 班 春节". Blank lines are nothing."""
    days: dict[date, tuple[date, bool, str]] = {}
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split(maxsplit=2)
        if not parts:
            continue
        try:
            day, rests = date.fromisoformat(parts[0]), {"休": True, "班": False}[parts[1]]
        except (ValueError, KeyError, IndexError):
            found.append(refusal("CALENDAR", "line", "notice", number=number, line=line.strip()[:40]))
            continue
        if day.year != year:
            found.append(refusal("CALENDAR", "other_year", "notice", number=number, day=day.isoformat(), year=year))
        elif day in days:
            found.append(refusal("CALENDAR", "twice", "notice", day=day.isoformat()))
        else:
            days[day] = (day, not rests, parts[2].strip()[:40] if len(parts) > 2 else "")
    if not found and all(works for _, works, _ in days.values()):
        found.append(refusal("CALENDAR", "no_rest", "notice"))
    return sorted(days.values()), found
