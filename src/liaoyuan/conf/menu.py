"""The menu tree by business area. An entry shows when the user holds one of its permissions; no entry without a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. `permissions` empty = everybody who is logged in."""

    title: str
    url_name: str
    icon: str
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A business area with its entries."""

    title: str
    entries: tuple[Entry, ...]


MENU: tuple[Section, ...] = ()
