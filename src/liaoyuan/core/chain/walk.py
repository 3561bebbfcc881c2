"""Walk the chain once, in order of its numbers, in flat memory, and say what was done to it.

Most rows follow: the number is the next one, the predecessor's hash is the one before, the row's own hash fits. Where
one does not, the walk gathers rows until the chain can be picked up again and gives the stretch to `window`. The last
few good rows are kept, because a row that somebody changed *and* hashed anew is given away only by its successor.
Signed heads are compared with the places they speak of.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liaoyuan.core.chain import faults as kinds
from liaoyuan.core.chain.faults import Faults
from liaoyuan.core.chain.heads import Head
from liaoyuan.core.chain.links import GENESIS, Fitting, Link
from liaoyuan.core.chain.window import Window

#: So many good rows are kept, and so many rows a disturbed stretch may have before it is closed by force.
_KEPT = 16
_LONGEST = 512
#: Renumbered rows are looked for so far from their number, and so often.
_FAR = 64
_SEARCHES = 2000
#: A gap of so many numbers is told as one fault.
_WIDE = 5000


@dataclass(slots=True)
class Outcome:
    """What the walk found. `position` is the last place of the chain, `covered` the last place a head speaks of."""

    faults: list[kinds.Fault]
    more: int
    position: int
    tip: str
    covered: int
    outside_matched: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One place passed: its hash, and the row that stood there (None where it was told by others)."""

    position: int
    hash: str
    link: Link | None


class _Ahead:
    """An iterator that can be looked into."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._source = iter(links)
        self._held: deque[Link] = deque()

    def take(self) -> Link | None:
        return self._held.popleft() if self._held else next(self._source, None)

    def peek(self) -> Link | None:
        if not self._held:
            link = next(self._source, None)
            if link is None:
                return None
            self._held.append(link)
        return self._held[0]

    def put_back(self, link: Link) -> None:
        self._held.appendleft(link)


class _Heads:
    """Heads in order of their numbers, compared with the places the walk has settled."""

    def __init__(self, heads: Iterable[Head], faults: Faults) -> None:
        self._source = iter(heads)
        self._faults = faults
        self._next: Head | None = next(self._source, None)
        self._matched = 0
        self._broken = False
        self.last = 0
        self.outside_matched = 0

    def settle(self, position: int, value: str) -> None:
        """The chain's hash at this place is now known."""
        while self._next is not None and self._next.seq <= position:
            if self._next.seq == position:
                self._compare(self._next, value)
            self._advance()

    def rest(self) -> Iterator[Head]:
        """The heads beyond all settled places, one by one."""
        while self._next is not None:
            yield self._next
            self._advance()

    def _advance(self) -> None:
        if self._next is not None:
            self.last = self._next.seq
        self._next = next(self._source, None)

    def _compare(self, head: Head, value: str) -> None:
        if head.hash == value:
            self._matched = head.seq
            if head.outside:
                self.outside_matched = head.seq
        elif not self._broken:
            # One row alone between a head that fits and this one: that row was changed. Else the chain was made anew.
            alone = self._matched == head.seq - 1 and not head.outside
            self._faults.add(kinds.CHANGED if alone else kinds.REWRITTEN, head.seq)
            self._broken = True


class Walk:
    """One walk over one chain. `links` come in order of number, `heads` too."""

    def __init__(self, links: Iterable[Link], heads: Iterable[Head]) -> None:
        self._ahead = _Ahead(links)
        self._faults = Faults()
        self._heads = _Heads(heads, self._faults)
        self._fits = Fitting()
        self._position = 0
        self._tip = GENESIS
        self._shift = 0
        self._recent: deque[_Step] = deque([_Step(0, GENESIS, None)])
        self._searches = _SEARCHES

    def run(self) -> Outcome:
        """Walk to the end."""
        while (link := self._ahead.take()) is not None:
            if self._follows(link):
                self._pass(link.hash, link)
            elif self._stands_linked(link):
                fault = self._faults.add(kinds.CHANGED, link.seq)
                self._faults.leave_stray(link, fault)
                self._faults.leave_place(self._position + 1, self._tip, link.hash, fault, link)
                self._pass(link.hash, None)
            else:
                self._disturbed(link)
        return self._finish()

    def _follows(self, link: Link) -> bool:
        place = self._position + 1
        return (
            link.seq + self._shift == place
            and link.prev_hash == self._tip
            and self._fits(link.content, place, self._tip, link.hash)
        )

    def _stands_linked(self, link: Link) -> bool:
        """Whether number and hashes stand in line with both neighbours: then only the content is wrong."""
        after = self._ahead.peek()
        in_line = link.seq + self._shift == self._position + 1 and link.prev_hash == self._tip
        return in_line and after is not None and after.seq == link.seq + 1 and after.prev_hash == link.hash

    def _pass(self, value: str, link: Link | None) -> None:
        self._position += 1
        self._tip = value
        self._recent.append(_Step(self._position, value, link))
        if len(self._recent) > _KEPT:
            self._settle_one()

    def _settle_one(self) -> None:
        step = self._recent.popleft()
        self._heads.settle(step.position, step.hash)

    def _jump(self, position: int, tip: str) -> None:
        """Go on after a stretch whose places are dealt with."""
        self._position, self._tip = position, tip
        self._recent.append(_Step(position, tip, None))
        while len(self._recent) > _KEPT:
            self._settle_one()

    def _disturbed(self, link: Link) -> None:
        rows: list[Link] = []
        displaced: set[int] = set()
        candidate: Link | None = link
        while candidate is not None and len(rows) < _LONGEST:
            found = self._picks_up(candidate, rows, displaced)
            if found is not None:
                self._ahead.put_back(candidate)
                self._bridge(rows, found, candidate.prev_hash)
                return
            rows.append(candidate)
            candidate = self._ahead.take()
        if candidate is None:
            self._end_window(rows)
            return
        self._ahead.put_back(candidate)
        last = max(self._position, *(row.seq + self._shift for row in rows))
        self._solve(rows, last, candidate.prev_hash)

    def _picks_up(self, link: Link, rows: list[Link], displaced: set[int]) -> int | None:
        """The shift with which the chain goes on at this row, or None.

        A row proves its place by its own hashes. So that a single row that was moved is not taken for the chain, its
        successor must go on with the same shift.
        """
        after = self._ahead.peek()
        for shift in self._shifts():
            place = link.seq + shift
            if place < 1 or not self._fits(link.content, place, link.prev_hash, link.hash):
                continue
            if shift == self._shift and place == self._position + 1 and link.prev_hash == self._tip:
                return shift
            if after is None:
                put_in = self._shift - shift  # a last row alone proves a shift by as many rows as were just put in
                if shift == self._shift or (not displaced and put_in <= max(1, len(rows))):
                    return shift
            elif (
                after.seq == link.seq + 1
                and after.prev_hash == link.hash
                and self._fits(after.content, after.seq + shift, after.prev_hash, after.hash)
            ):
                return shift
            if shift != self._shift:
                displaced.add(id(link))
            return None
        return None

    def _shifts(self) -> Iterator[int]:
        yield self._shift
        if self._searches <= 0:
            return
        self._searches -= 1
        for step in range(1, _FAR + 1):
            yield self._shift + step
            yield self._shift - step

    def _bridge(self, rows: list[Link], shift: int, before: str) -> None:
        """Deal with the stretch before a row that picks the chain up: `before` is the hash it names."""
        row = self._ahead.peek()
        assert row is not None  # noqa: S101 - put back just now
        last = row.seq + shift - 1
        known = next((s.position for s in reversed(self._recent) if s.hash == before), None)
        if known is not None:
            self._skip(rows, known, last)
        elif last > self._position or rows:
            self._solve(self._pulled_back(min(last - 1, self._position)) + rows, last, before)
        else:
            self._solve_repaired(last, before)
        self._shift = shift
        self._position, self._tip = last, before

    def _pulled_back(self, position: int) -> list[Link]:
        """Take back the good rows above a place: they turned out not to be the chain."""
        taken: list[Link] = []
        while len(self._recent) > 1 and self._recent[-1].position > position:
            step = self._recent.pop()
            if step.link is not None:
                taken.append(step.link)
        self._position, self._tip = self._recent[-1].position, self._recent[-1].hash
        return taken[::-1]

    def _skip(self, rows: list[Link], known: int, last: int) -> None:
        """The chain goes on from a place already passed: all rows since were put in; numbers nobody has are missing."""
        rows = self._pulled_back(known) + rows
        for row in rows:
            self._faults.leave_stray(row, self._faults.add(kinds.INSERTED, row.seq))
        taken = {row.seq + self._shift for row in rows}
        self._told(kinds.DELETED, (known + 1, last), taken)
        self._jump(last, self._tip)

    def _told(self, kind: str, places: tuple[int, int], taken: Iterable[int] = ()) -> None:
        """One fault for each place, or a single one for a stretch too long to be told place by place."""
        first, last = places
        if last - first >= _WIDE:
            self._faults.add(kind, first - self._shift, last - self._shift)
            return
        for place in range(first, last + 1):
            if place not in taken:
                self._faults.add(kind, place - self._shift)

    def _too_wide(self, rows: list[Link], last: int) -> bool:
        """Whether a stretch lacks too many rows to be looked at place by place; if so it is told as one fault."""
        first = self._position + 1
        if last - first - len(rows) < _WIDE:
            return False
        self._faults.add(kinds.DELETED, first - self._shift, last - self._shift)
        for row in rows:
            self._faults.add(kinds.CHANGED, row.seq)
        return True

    def _solve_repaired(self, last: int, before: str) -> None:
        """No row is wrong in itself, but the next one names another hash: one row, or a few in another order, were
        changed and hashed anew.
        """
        steps = list(self._recent)
        for count in (2, 3, 4):
            links = [step.link for step in steps[-count:]]
            if len(steps) <= count or any(link is None for link in links):
                break
            rows = [link for link in links if link is not None]
            window = Window(rows, last - count + 1, last, steps[-count - 1].hash, before, self._shift)
            if window.in_other_order(self._fits):
                self._pulled_back(last - count)
                self._take(window, before)
                return
        self._solve(self._pulled_back(last - 1), last, before)

    def _solve(self, rows: list[Link], last: int, after: str) -> None:
        if self._too_wide(rows, last):
            self._jump(last, after)
            return
        window = Window(rows, self._position + 1, last, self._tip, after, self._shift)
        self._take(window, after)

    def _take(self, window: Window, after: str) -> None:
        window.solve(self._fits, self._faults)
        for place in range(window.first, window.last):
            value = window.hashes.get(place)
            if value and len(value) == len(GENESIS):
                self._jump(place, value)
        if window.last >= window.first or not self._recent:
            self._jump(window.last, after)

    def _end_window(self, rows: list[Link]) -> None:
        """The chain ends inside a stretch: a head may know the hash of its last place."""
        first = self._position + 1
        wanted = max(row.seq + self._shift for row in rows)
        while self._recent:
            self._settle_one()
        after, reach = "", 0
        for head in self._heads.rest():
            if reach < wanted <= head.seq:
                after = head.hash if head.seq == wanted else ""
            elif head.seq < wanted:
                after = head.hash
            reach = head.seq
        last = max(self._position, min(reach, wanted))
        if not self._too_wide(rows, last):
            window = Window(rows, first, last, self._tip, after if last >= first else "", self._shift)
            window.solve(self._fits, self._faults)
        self._position = last

    def _finish(self) -> Outcome:
        while self._recent:
            self._settle_one()
        for _ in self._heads.rest():
            pass  # only to learn how far the heads reach
        last = self._heads.last
        if last > self._position:
            self._faults.add(kinds.CUT, self._position + 1 - self._shift, last)
        elif last and self._position > last:
            self._told(kinds.INSERTED, (last + 1, self._position))
        elif self._position and not last:
            self._faults.add(kinds.REWRITTEN, self._position)
        self._faults.resolve(self._fits)
        return Outcome(
            faults=self._faults.found,
            more=self._faults.more,
            position=self._position,
            tip=self._tip,
            covered=last,
            outside_matched=self._heads.outside_matched,
        )
