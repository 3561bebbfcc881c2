"""Social organizations as people name them in forms of this floor."""

from collections.abc import Iterable

from django.db.models import Q

from liaoyuan.kit.text import half_width
from liaoyuan.registry.models import Organization, Standing

_OTHER = ("其他：", "其他:")


def one_of(text: str) -> Organization | None:
    """The one live organization with this full name, code or filing number; None when none or several fit."""
    word = half_width(text).strip()
    if not word:
        return None
    named = Standing.objects.now_open().filter(name=word).values("organization")
    rows = Organization.objects.known().filter(live=True)
    found = list(rows.filter(Q(pk__in=named) | Q(code=word.upper()) | Q(filing_no=word))[:2])
    return found[0] if len(found) == 1 else None


def units_of(lines: Iterable[str]) -> tuple[list[Organization | str], list[str]]:
    """Units by the lines of a form, in order and each once; and the lines that fit no organization or several."""
    found: dict[int | str, Organization | str] = {}
    unknown = []
    for line in lines:
        word = line.strip()
        if not word:
            continue
        other = next((word.removeprefix(start).strip() for start in _OTHER if word.startswith(start)), "")
        if other:
            found[other] = other[:120]
            continue
        body = one_of(word)
        if body is None:
            unknown.append(word[:60])
        else:
            found[body.pk] = body
    return list(found.values()), unknown


def lines_of(units: Iterable[tuple[int | None, str]]) -> str:
    """Units as the form writes them: (key or None, name)."""
    return "\n".join(name if key else f"其他：{name}" for key, name in units)
