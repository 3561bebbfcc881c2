"""Whether fields of class C3 and C4 may be filled: never while one person holds all offices (level trial).

Asked by the actions and by staging, so that no page, file, interface or command fills one; forms only tell it before
one types. Which fields are C3/C4 is known to `core.events`, where each floor enters its own. Taking a value away is
allowed.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from liaoyuan.core import events, sessions
from liaoyuan.core.choices import Separation
from liaoyuan.core.rules.accounts import refusal
from liaoyuan.kit.findings import Finding


def may_be_filled(on: date) -> bool:
    """Whether sensitive fields may be filled on the day: at every level but trial, read from the database."""
    return sessions.read_installation().level(on) != Separation.TRIAL


def withheld(names: Iterable[str], on: date) -> list[str]:
    """Those of the fields that may not be filled on the day, in their order."""
    found = [name for name in names if events.is_sensitive(name)]
    return [] if not found or may_be_filled(on) else found


def findings(given: Mapping[str, Any], titles: Mapping[str, str], on: date) -> list[Finding]:
    """SEC-04: a blocking finding for each sensitive field that is filled and may not be; `titles` name the fields."""
    filled = [name for name, value in given.items() if value not in (None, "")]
    return [refusal("SEC-04", "trial", name, title=titles.get(name, name)) for name in withheld(filled, on)]
