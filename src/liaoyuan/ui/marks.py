"""The smallest parts of a page, used by macros and by the cells of tables: icon, verdict, difference.

They are plain functions and not macros because a list calls them in each row. Everything given is escaped.
"""

from collections.abc import Mapping
from functools import lru_cache

from django.templatetags.static import static
from markupsafe import Markup, escape

#: State of a verdict → its icon: colour is never the only sign.
VERDICTS = {
    "ok": "circle-check",
    "review": "help-circle",
    "reject": "circle-x",
    "duplicate": "copy",
    "skip": "circle-dashed",
    "info": "info-circle",
    "closed": "ban",
}


@lru_cache(maxsize=256)
def icon(name: str, large: bool = False) -> Markup:
    """An icon of the sprite; decoration only, so a word stands beside it or in `visually-hidden`."""
    css = "icon icon--lg" if large else "icon"
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        css, static("ui/build/icons.svg"), name
    )


@lru_cache(maxsize=1024)
def verdict(state: str, word: str) -> Markup:
    """A badge of a state (see `VERDICTS`; KeyError for another) with its word."""
    return Markup('<span class="verdict verdict--{}">{} {}</span>').format(state, icon(VERDICTS[state]), word)


def diff(old: object, new: object) -> Markup:
    """One cell before and after; equal values are shown once, an empty side is left out."""
    before, after = ("" if value is None else str(value) for value in (old, new))
    if before == after:
        return Markup('<span class="diff__same">{}</span>').format(after)
    parts = [Markup("<{0}>{1}</{0}>").format(tag, text) for tag, text in (("del", before), ("ins", after)) if text]
    return Markup('<span class="diff__cell">{}</span>').format(Markup("").join(parts))


def attributes(named: Mapping[str, object]) -> Markup:
    """` name="value"` for each; the names are ours, the values are escaped."""
    return Markup("".join([f' {name}="{escape(value)}"' for name, value in named.items()]))  # noqa: S704


def link(href: str, text: object) -> Markup:
    """A link for a cell that is put together in Python."""
    return Markup('<a href="%s">%s</a>') % (href, text)
