"""The pieces that schemas are made of: text without control characters, strict days, bounded numbers, errors."""

import re
from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("含有不能使用的控制字符。")
    return text


def _strict_day(given: Any) -> Any:
    if isinstance(given, str) and not _DAY.fullmatch(given):
        raise ValueError("请写成 2026-10-26 的样子。")
    return given


def _near_day(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("日期须在 1900 年至 2199 年之间。")
    return day


#: Text of one line, at most 100 characters.
Text = Annotated[str, AfterValidator(_plain), Field(max_length=100)]
#: A day as 2026-10-26, in China.
Day = Annotated[date, BeforeValidator(_strict_day), AfterValidator(_near_day)]
#: A primary key.
Key = Annotated[int, Field(ge=1, le=2**63 - 1, description="编号")]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000, description="第几页，从 1 起")]


class FieldProblem(Schema):
    """What is wrong with one field; `field` empty = the whole request."""

    field: str
    message: str


class Problem(Schema):
    """Every refusal has this shape. `message` is a sentence for a person, `code` stays the same for a program."""

    status: int
    code: str
    message: str
    fields: list[FieldProblem] = Field(default_factory=list)
    findings: list[dict[str, Any]] = Field(default_factory=list)


def answers(ok: Any, *codes: int, status: int = 200) -> dict[int, Any]:
    """The answers of an operation: its own, and the refusals that every operation may give."""
    return {status: ok, **dict.fromkeys(sorted({400, 401, 403, 422, *codes}), Problem)}
