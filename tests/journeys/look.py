"""What the journeys ask of every page: nothing for axe to find, no sideways scroll, in each of its states."""

import json
import re
from importlib.resources import files

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
#: Name of a state → width, height, large text.
STATES = {"desk": (1440, 900, False), "phone": (360, 780, False), "large": (360, 780, True)}
_SIGNATURE = """() => [...new Set([...document.querySelectorAll('body *')].map(e =>
  `${e.parentElement.tagName}>${e.tagName}.${e.getAttribute('class') ?? ''}[${e.getAttributeNames().sort()}]`
))].sort()"""
_RUN = """only => axe.run({resultTypes: ['violations'], ...(only ? {runOnly: only} : {})}).then(
  told => told.violations.map(v => [v.id, v.nodes.map(n => n.html).slice(0, 2)]))"""
#: What larger letters can spoil; the other rules have been asked of the same markup on a phone.
_OF_LARGE = ["target-size", "scrollable-region-focusable"]


class Looker:
    """Looks at pages and remembers what it has seen: the same markup under the same address is looked at once."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def look(self, page, about: str = "") -> dict[str, list]:
        """Faults of the page as it stands, by state."""
        page.set_viewport_size({"width": 1440, "height": 900})
        path = re.sub("[0-9]+", "0", page.evaluate("location.pathname"))
        key = json.dumps([path, about, page.evaluate(_SIGNATURE)])
        if key in self.seen:
            return {}
        self.seen.add(key)
        found = {}
        page.evaluate(_AXE)
        for name, (width, height, large) in STATES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(f"document.documentElement.dataset.text = '{'large' if large else 'normal'}'")
            faults = page.evaluate(_RUN, _OF_LARGE if large else None)
            if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"):
                faults.append(["sideways scroll", page.evaluate(_WIDE)])
            if faults:
                found[f"{about or page.url} {name}"] = faults
        page.evaluate("document.documentElement.dataset.text = 'normal'")
        return found


_WIDE = """[...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-wrap, .tabs'))
  .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
