"""Two who edit one record at once: both texts are kept and shown side by side, and one decides (docs/adr/0025).

A form carries what its user saw (`seen`, JSON) and the version of the record. What he changed and somebody else changed
meanwhile to something else is a clash; nothing is written until he has chosen for each clash whose text holds. The text
that was not taken goes into the record's course.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import QueryDict

#: Prefix of the choice in the form: `keep-<name>` is `mine` or `theirs`.
KEEP = "keep-"


class Clash(NamedTuple):
    """One field that both changed: as it was when the form was opened, as it is stored, as it was typed."""

    name: str
    label: str
    was: str
    theirs: str
    mine: str
    chosen: str = ""


class Other(NamedTuple):
    """One field that only the other changed: it stays as he left it."""

    name: str
    label: str
    was: str
    theirs: str


class Conflict(NamedTuple):
    """What happened between opening and saving."""

    clashes: list[Clash]
    others: list[Other]

    @property
    def undecided(self) -> bool:
        """Whether a choice is missing."""
        return any(not clash.chosen for clash in self.clashes)

    def taken(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The changes without those for which the other's text was chosen."""
        dropped = {clash.name for clash in self.clashes if clash.chosen == "theirs"}
        return {name: value for name, value in changes.items() if name not in dropped}

    def set_aside(self, changes: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
        """The values that were not taken, by field."""
        return {clash.name: (changes if clash.chosen == "theirs" else stored).get(clash.name) for clash in self.clashes}


def dump(values: Mapping[str, Any]) -> str:
    """What the user sees, as the form carries it."""
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, default=str)


def load(text: str) -> dict[str, Any]:
    """What the user saw when he opened the form; nothing where it was tampered with."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def compare(
    *,
    seen: Mapping[str, Any],
    changes: Mapping[str, Any],
    stored: Mapping[str, Any],
    words: Mapping[str, tuple[str, Any]],
    data: QueryDict | Mapping[str, Any],
) -> Conflict:
    """What both changed and what only the other changed since the form was opened.

    `changes` are the user's own values that differ from what he saw; `words` gives by field its label and a function
    that says a value in words; `data` what was posted, with the choices.
    """
    clashes, others = [], []
    for name, (label, say) in words.items():
        if name not in seen or _same(stored.get(name), seen[name]):
            continue
        was, theirs = say(seen[name]), say(stored.get(name))
        if name not in changes:
            others.append(Other(name, label, was, theirs))
        elif not _same(changes[name], stored.get(name)):
            chosen = data.get(f"{KEEP}{name}", "")
            clashes.append(
                Clash(name, label, was, theirs, say(changes[name]), chosen if chosen in ("mine", "theirs") else "")
            )
    return Conflict(clashes, others)


def _same(one: Any, other: Any) -> bool:
    return (one or "") == (other or "") and (one is False) == (other is False)
