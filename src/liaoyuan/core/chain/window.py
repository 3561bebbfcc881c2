"""A disturbed stretch of the chain: which of its rows were changed, inserted, deleted or put in another order.

Before the stretch the hash is known, and mostly after it too (the next good row names it). In between every row is
tried in every place; what fits proves itself, what is left over is named by counting.
"""

from dataclasses import dataclass, field
from itertools import permutations

from liaoyuan.core.chain.faults import CHANGED, DELETED, INSERTED, REORDERED, Fault, Faults
from liaoyuan.core.chain.links import Fitting, Link, digest

#: Stretches up to so many rows are also tried in every order (somebody may have repaired the hashes inside).
_ORDERS = 4


@dataclass(slots=True)
class Window:
    """The rows of a stretch and the places `first` … `last`; `before`/`after` are the hashes around it.

    `after` empty = unknown (the chain ends here). `shift` turns a row's stored number into its place in the chain.
    """

    rows: list[Link]
    first: int
    last: int
    before: str
    after: str
    shift: int
    placed: dict[int, Link] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hashes[self.first - 1] = self.before
        if self.after:
            self.hashes[self.last] = self.after

    def solve(self, fits: Fitting, faults: Faults) -> None:
        """Place what can be placed, name the rest. Afterwards `hashes` holds the known hash per place."""
        self._forward(fits)
        self._backward(fits)
        self._by_columns(fits)
        self._by_order(fits)
        self._name(faults)

    def in_other_order(self, fits: Fitting) -> bool:
        """Whether all rows, put in another order, lead from the hash before to the hash after."""
        self._by_order(fits)
        return not self._open()

    def _open(self) -> list[int]:
        return [place for place in range(self.first, self.last + 1) if place not in self.placed]

    def _free(self) -> list[Link]:
        taken = {id(link) for link in self.placed.values()}
        return [link for link in self.rows if id(link) not in taken]

    def _agrees(self, place: int, before: str, after: str) -> bool:
        """Whether a row with these hashes in this place contradicts nothing that is known."""
        return self.hashes.get(place - 1, before) == before and self.hashes.get(place, after) == after

    def _put(self, place: int, link: Link, before: str, after: str) -> None:
        self.placed[place] = link
        self.hashes[place] = after
        self.hashes.setdefault(place - 1, before)

    def _forward(self, fits: Fitting) -> None:
        """From the front: the row that names the known hash as its predecessor and proves its own."""
        place, tip = self.first, self.before
        while place <= self.last:
            named = (r for r in self._free() if r.prev_hash == tip and self._agrees(place, tip, r.hash))
            link = next((r for r in named if fits(r.content, place, tip, r.hash)), None)
            if link is None:
                return
            self._put(place, link, tip, link.hash)
            place, tip = place + 1, link.hash

    def _backward(self, fits: Fitting) -> None:
        """From the end: the row that has the known hash and proves it."""
        place, target = self.last, self.after
        while target and place >= self.first and place not in self.placed:
            named = (r for r in self._free() if r.hash == target and self._agrees(place, r.prev_hash, target))
            link = next((r for r in named if fits(r.content, place, r.prev_hash, target)), None)
            if link is None:
                return
            self._put(place, link, link.prev_hash, target)
            place, target = place - 1, link.prev_hash

    def _by_columns(self, fits: Fitting) -> None:
        """Any row in any place, by every pair of hashes that the rows themselves or their places name."""
        if len(self.rows) > 32:
            return
        standing = {link.seq + self.shift: link for link in self.rows}
        for place in self._open():
            there = standing.get(place)
            for link in self._free():
                pairs = {(link.prev_hash, link.hash)}
                pairs.add((self.hashes.get(place - 1, ""), self.hashes.get(place, "")))
                if there is not None:
                    pairs.add((there.prev_hash, there.hash))
                contents = [link.content]
                if there is not None and there is not link:
                    contents.append({**link.content, "id": there.content.get("id")})
                likely = [pair for pair in sorted(pairs) if all(pair) and self._agrees(place, *pair)]
                hit = next((pair for c in contents for pair in likely if fits(c, place, *pair)), None)
                if hit is not None:
                    self._put(place, link, *hit)
                    break

    def _by_order(self, fits: Fitting) -> None:
        """Few rows between two known hashes: try each order, computing the hashes in between anew."""
        places, rows = self._open(), self._free()
        whole = len(places) == len(rows) and 2 <= len(rows) <= _ORDERS
        if not whole or places[-1] - places[0] + 1 != len(places):
            return
        before, after = self.hashes.get(places[0] - 1, ""), self.hashes.get(places[-1], "")
        if not before or not after:
            return
        for order in permutations(rows):
            tip = before
            for place, link in zip(places[:-1], order[:-1], strict=True):
                tip = digest(link.content, place, tip, fits.likely)
            if fits(order[-1].content, places[-1], tip, after):
                tip = before
                for place, link in zip(places, order, strict=True):
                    known = digest(link.content, place, tip, fits.likely)
                    self._put(place, link, tip, known)
                    tip = known
                return

    def _name(self, faults: Faults) -> None:
        order = {id(link): number for number, link in enumerate(self.rows)}
        moved = self._moved(order)
        for place, link in sorted(self.placed.items()):
            if id(link) in moved:
                faults.add(REORDERED, link.seq)
            elif self.hashes.get(place - 1) != link.prev_hash or self.hashes.get(place) != link.hash:
                faults.add(CHANGED, link.seq)
        places, rows = self._open(), self._free()
        for link in rows:
            place = link.seq + self.shift
            if place in places:
                places.remove(place)
                fault = faults.add(CHANGED, link.seq)
                self._leave(faults, place, fault, link)
            else:
                fault = faults.add(INSERTED, link.seq)
            faults.leave_stray(link, fault)
        for place in places:
            fault = faults.add(DELETED, place - self.shift)
            self._leave(faults, place, fault, None)

    def _leave(self, faults: Faults, place: int, fault: Fault, occupant: Link | None) -> None:
        before, after = self.hashes.get(place - 1, ""), self.hashes.get(place, "")
        if before and after:
            faults.leave_place(place, before, after, fault, occupant)

    def _moved(self, order: dict[int, int]) -> set[int]:
        """Rows that stand out of order and not at their own place."""
        entries = [(place, order[id(link)], link) for place, link in self.placed.items()]
        moved = set()
        for place, number, link in entries:
            inverted = any((p - place) * (n - number) < 0 for p, n, _ in entries)
            if inverted and link.seq + self.shift != place:
                moved.add(id(link))
        return moved
