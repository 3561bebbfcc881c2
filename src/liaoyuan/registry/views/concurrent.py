"""Two who change one body at once: what both changed is shown side by side, one decides, nothing is lost."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.kit.money import format_wan
from liaoyuan.registry.forms import organizations as forms
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries.record import words
from liaoyuan.registry.queries.standings import COLUMN_OF, PERSONAL, POINT, SECRET
from liaoyuan.ui import conflicts

#: How the three columns of a point are called when they are compared: they are one fact.
_POINT = "point"


def fingerprint(sealed: Any) -> str:
    """Marks a stored ciphertext, so that a form notices that a masked value was changed meanwhile."""
    return hashlib.sha256(str(sealed).encode()).hexdigest()[:16] if sealed else ""


def _marks(row: Standing) -> dict[str, str]:
    """Marks of the masked values, made of their ciphertext: of the number itself a hash would tell too much."""
    return {name: fingerprint(getattr(row, COLUMN_OF.get(name, name), "")) for name in SECRET}


def mark_secrets(form: forms.FactsForm, row: Standing, stored: Mapping[str, Any]) -> str:
    """What the user sees, with marks of the masked values."""
    seen = conflicts.load(forms.seen_of(form, stored))
    return conflicts.dump(seen | {name: mark for name, mark in _marks(row).items() if name in form.fields})


def _one_point(values: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in values.items() if name not in POINT}
    if any(name in values for name in POINT):
        point = [values.get(name) for name in POINT]
        told[_POINT] = point if point[0] is not None else ""
    return told


def of(
    form: forms.FactsForm, row: Standing, stored: Mapping[str, Any], changes: Mapping[str, Any], data: Mapping[str, Any]
) -> conflicts.Conflict:
    """What both changed, and what only the other did, since the form was opened."""
    now = _one_point(stored) | _marks(row)
    now["code"] = stored.get("code") or stored.get("code_as_given") or ""
    said = {name: (str(form.fields[name].label), _say(form, row, name, now)) for name in form.fields if name in now}
    return conflicts.compare(
        seen=_one_point(form.seen_before()), changes=_one_point(changes), stored=now, words=said, data=data
    )


def _say(form: forms.FactsForm, row: Standing, name: str, now: Mapping[str, Any]) -> Callable[[Any], str]:
    """A value of a field in words; a masked one stays masked."""
    choices = dict(getattr(form.fields[name], "choices", ()) or ())

    def say(value: Any) -> str:
        if value in (None, ""):
            return ""
        if name in SECRET:
            if value == now.get(name):
                return str(words(row, COLUMN_OF.get(name, name)) or "••••")
            is_mark = isinstance(value, str) and len(value) == 16 and value.isalnum() and not value.isdigit()
            return _("（打开时的内容）") if is_mark else zones.mask(PERSONAL[name], str(value))
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if name == "capital_fen":
            return _("{wan} 万元").format(wan=format_wan(value))
        if isinstance(value, list):
            return "，".join(str(part) for part in value[:2])
        return str(choices.get(value, value))

    return say


def taken(conflict: conflicts.Conflict, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes without those for which the other's text was chosen."""
    dropped = {clash.name for clash in conflict.clashes if clash.chosen == "theirs"}
    if _POINT in dropped:
        dropped |= set(POINT)
    return {name: value for name, value in changes.items() if name not in dropped}


def set_aside(conflict: conflicts.Conflict) -> str:
    """The texts that were not taken, in words: they go into the timeline. A masked one is not written down."""
    told = []
    for clash in conflict.clashes:
        text = clash.mine if clash.chosen == "theirs" else clash.theirs
        told.append(_("未采用“{title}”：{text}").format(title=clash.label, text=text or "—"))
    return "；".join(told)
