"""What the journeys ask of every page: nothing for axe to find, no sideways scroll, in each of its states."""

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
#: Name of a state → width, height, large text.
STATES = {"desk": (1440, 900, False), "phone": (360, 780, False), "large": (360, 780, True)}
_SIGNATURE = """() => [...new Set([...document.querySelectorAll('body *')].map(e =>
  `${e.parentElement.tagName}>${e.tagName}.${e.getAttribute('class') ?? ''}[${e.getAttributeNames().sort()}]`
))].sort()"""
_RUN = """only => axe.run({resultTypes: ['violations'], ...(only ? {runOnly: only} : {})}).then(
  told => told.violations.map(v => [v.id, v.nodes.map(n => n.html).slice(0, 2)]))"""
#: Rows and list items that repeat the markup of three before them are taken out: axe needs a minute for 50 rows.
_THIN = """() => { for (const box of document.querySelectorAll('tbody, .todo-list, .timeline, .tree, main > .row')) {
  const seen = {};
  for (const row of [...box.children]) {
    const key = [...row.querySelectorAll('*')].map(e => `${e.tagName}.${e.getAttribute('class') ?? ''}`).join();
    seen[key] = (seen[key] ?? 0) + 1;
    if (seen[key] > 3 && !row.querySelector('[rowspan]')) row.remove();
  }
} }"""
#: What larger letters can spoil; the other rules have been asked of the same markup on a phone.
_OF_LARGE = ["target-size", "scrollable-region-focusable"]


class Looker:
    """Looks at pages and remembers what was seen: the same markup under the same address is looked at once, by
    whichever process of the run comes first.
    """

    def __init__(self, memory: Path) -> None:
        self.memory = memory
        memory.mkdir(exist_ok=True)

    def is_new(self, key: str) -> bool:
        """Whether nobody has looked at it; from now on somebody has."""
        try:
            (self.memory / hashlib.sha256(key.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def look(self, page, about: str = "") -> dict[str, list]:
        """Faults of the page as it stands, by state."""
        page.set_viewport_size({"width": 1440, "height": 900})
        path = re.sub("[0-9]+", "0", page.evaluate("location.pathname"))
        key = json.dumps([path, about, page.evaluate(_SIGNATURE)])
        if not self.is_new(key):
            return {}
        found = {}
        wide = [name for name in STATES if self._is_wide(page, name)]
        page.evaluate(_THIN)
        page.evaluate(_AXE)
        for name in STATES:
            self._into(page, name)
            faults = page.evaluate(_RUN, _OF_LARGE if name == "large" else None)
            if name in wide:
                faults.append(["sideways scroll", page.evaluate(_WIDE)])
            if faults:
                found[f"{about or page.url} {name}"] = faults
        page.evaluate("document.documentElement.dataset.text = 'normal'")
        return found

    @staticmethod
    def _into(page, name: str) -> None:
        """Bring the page into a state."""
        width, height, large = STATES[name]
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(f"document.documentElement.dataset.text = '{'large' if large else 'normal'}'")

    def _is_wide(self, page, name: str) -> bool:
        """Whether the whole page, before anything is taken out, is wider than its window in a state."""
        self._into(page, name)
        for _attempt in range(30):  # a chart is drawn anew a moment after its window has another width
            if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"):
                return False
            page.wait_for_timeout(100)
        return True


_WIDE = """[...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-wrap, .tabs'))
  .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""
