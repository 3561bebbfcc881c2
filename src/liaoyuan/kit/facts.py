"""Plain facts for rules: their shapes, the JSON schema that names them, and reading them from JSON.

A record of facts is a frozen dataclass. The shape of a field follows from its annotation: text, texts (a tuple), int,
whole numbers (a tuple of int), bool, date, or records (a tuple of another record of facts).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, get_args

_WORDS = (("tuple[int", "wholes"), ("date", "date"), ("bool", "bool"), ("int", "int"), ("tuple", "texts"))
_SCHEMAS: dict[str, Mapping[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "texts": {"type": ["array", "null"], "items": {"type": "string"}},
    "wholes": {"type": ["array", "null"], "items": {"type": "integer"}},
    "int": {"type": ["integer", "null"]},
    "bool": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
}


def shapes_of(*records: type) -> dict[str, str]:
    """The shape of each fact of the records by name."""
    return {
        f.name: "records" if part_of(f.type) else next((shape for word, shape in _WORDS if word in str(f.type)), "text")
        for record in records
        for f in fields(record)
    }


def part_of(annotation: Any) -> type | None:
    """The record of facts that a field is a tuple of, or None."""
    inner = get_args(annotation)[:1]
    return inner[0] if inner and isinstance(inner[0], type) and is_dataclass(inner[0]) else None


def schema_of(
    names: Iterable[str],
    shapes: Mapping[str, str],
    titles: Mapping[str, str],
    parts: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown.

    `parts` are the schemas of the records that facts are tuples of, by name.
    """
    known = {name: {"type": ["array", "null"], "items": dict(part)} for name, part in (parts or {}).items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            name: {**(known[name] if name in known else _SCHEMAS[shapes[name]]), "title": titles[name]}
            for name in names
        },
    }


def columns_of(properties: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Titles of the facts of a schema by name; those within records follow as `lines.amount_fen`."""
    found = {}
    for name, shape in properties.items():
        found[name] = str(shape["title"])
        inner = shape.get("items", {}).get("properties", {})
        found |= {f"{name}.{part}": title for part, title in columns_of(inner).items()}
    return found


def read(
    given: Mapping[str, Any],
    shapes: Mapping[str, str],
    titles: Mapping[str, str],
    *,
    strict: bool = True,
    parts: Mapping[str, Callable[[Mapping[str, Any]], Any]] | None = None,
) -> dict[str, Any]:
    """Facts from plain JSON: ISO days, whole numbers, true/false; null is left out, as unknown.

    Raises ValueError with a Chinese sentence for a value of the wrong type and, when `strict`, for an unknown name;
    otherwise unknown names are left out (a row of a sheet has more columns than the rules read). `parts` read the
    records that facts are tuples of, by name.
    """
    values = {}
    for name, value in given.items():
        if name not in shapes:
            if strict:
                raise ValueError(f"不认识的事实“{name}”。")
        elif value is None:
            continue
        elif shapes[name] == "records":
            if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
                raise _wrong(name, titles.get(name, name), value)
            values[name] = tuple((parts or {})[name](one) for one in value)
        else:
            values[name] = _READERS[shapes[name]](name, titles.get(name, name), value)
    return values


def told(value: Any) -> str:
    """A plain fact as a page writes it: lists with 、, records as name = value, truth and nothing as JSON has them."""
    if isinstance(value, Mapping):
        return "（" + "，".join(f"{name} = {told(part)}" for name, part in value.items()) + "）"
    if isinstance(value, list | tuple):
        return "、".join(map(told, value))
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _wrong(name: str, title: str, value: Any) -> ValueError:
    return ValueError(f"事实“{name}”（{title}）的值不对：{value!r}。")


def _text(name: str, title: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _wrong(name, title, value)


def _texts(name: str, title: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
        return tuple(value)
    raise _wrong(name, title, value)


def _whole(name: str, title: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(name, title, value)


def _wholes(name: str, title: str, value: Any) -> tuple[int, ...]:
    if isinstance(value, list | tuple) and all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        return tuple(value)
    raise _wrong(name, title, value)


def _truth(name: str, title: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(name, title, value)


def _day(name: str, title: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"事实“{name}”（{title}）应为日期，如 2024-05-01：{value!r}。") from None


_READERS: dict[str, Callable[[str, str, Any], Any]] = {
    "text": _text,
    "texts": _texts,
    "wholes": _wholes,
    "int": _whole,
    "bool": _truth,
    "date": _day,
}
