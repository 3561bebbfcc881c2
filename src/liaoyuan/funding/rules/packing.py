"""Which projects fit: money of several pools, quotas, caps. In the order of the ranking, and the best pack.

Amounts are fen, values hundredths of points; only whole numbers are compared. Money of a street's pool goes only to
that street; a project takes it first and the rest from the pools of the whole round. The pack is worth as many points
in all as can be had; where the search is cut off, the bound that no pack can pass is told with it.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

#: How many branches the search looks at before it is cut off.
MOST_NODES = 200_000
#: Up to how many projects the number still allowed is used as a bound: its table grows with their square.
_TABLE = 400
_STEPS = 100
#: What a project can fail by besides a quota's own key.
MONEY = "money"


@dataclass(frozen=True, slots=True)
class Item:
    """A project: what it is worth, what it asks for, its street, the keys of the quotas that count it."""

    key: str
    value: int
    cost: int
    street: str = ""
    counts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """How many projects with a key shall at least and may at most be chosen, and how much money they may have."""

    least: int = 0
    most: int | None = None
    most_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What binds the choice: money by street ("" = the whole round), quotas by key. Amounts are fen."""

    money: Mapping[str, int]
    quotas: Mapping[str, Quota] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """The chosen projects. `bound` is what no pack can pass; it equals `value` when the pack is proven best. `unmet`
    are the keys of quotas whose least number is not reached.
    """

    chosen: tuple[str, ...]
    value: int
    bound: int
    unmet: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether no better pack exists."""
        return self.value == self.bound


class _Choice:
    """A choice that grows and shrinks; what it used is kept, so that a trial is a few additions."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.by_street: dict[str, int] = {}
        self.excess = 0
        self.counts: dict[str, int] = {}
        self.fen: dict[str, int] = {}

    def _excess(self, street: str, more: int) -> int:
        """How the need of common money grows when projects of the street take `more`."""
        own, used = (self.ground.money.get(street, 0) if street else 0), self.by_street.get(street, 0)
        return max(0, used + more - own) - max(0, used - own)

    def barred(self, item: Item) -> tuple[str, ...]:
        """What the project would break: `money`, keys of quotas. Nothing when it fits."""
        found = [MONEY] if self.excess + self._excess(item.street, item.cost) > self.ground.money.get("", 0) else []
        for key in item.counts:
            quota = self.ground.quotas.get(key)
            if quota is None:
                continue
            many = quota.most is not None and self.counts.get(key, 0) + 1 > quota.most
            dear = quota.most_fen is not None and self.fen.get(key, 0) + item.cost > quota.most_fen
            if many or dear:
                found.append(key)
        return tuple(found)

    def put(self, item: Item, sign: int = 1) -> None:
        """Take the project in, or out with `sign` -1."""
        self.excess += self._excess(item.street, sign * item.cost)
        self.by_street[item.street] = self.by_street.get(item.street, 0) + sign * item.cost
        for key in item.counts:
            self.counts[key] = self.counts.get(key, 0) + sign
            self.fen[key] = self.fen.get(key, 0) + sign * item.cost

    def room(self) -> int:
        """How much money is left at most, wherever it may go."""
        own = sum(max(0, fen - self.by_street.get(street, 0)) for street, fen in self.ground.money.items() if street)
        return self.ground.money.get("", 0) - self.excess + own


def barred(chosen: Collection[Item], item: Item, ground: Ground) -> tuple[str, ...]:
    """What a project would break if it joined the chosen ones: `money`, keys of quotas. Nothing when it fits."""
    choice = _Choice(ground)
    for one in chosen:
        choice.put(one)
    return choice.barred(item)


def in_order(items: Sequence[Item], ground: Ground) -> tuple[Pack, dict[str, tuple[str, ...]]]:
    """Down the list: whoever fits is chosen, whoever does not is passed over; why, by project."""
    choice, chosen, why = _Choice(ground), [], {}
    for item in items:
        told = choice.barred(item)
        if told:
            why[item.key] = told
        else:
            choice.put(item)
            chosen.append(item)
    value = sum(item.value for item in chosen)
    return Pack(tuple(item.key for item in chosen), value, value, _unmet(choice)), why


def _unmet(choice: _Choice) -> tuple[str, ...]:
    return tuple(sorted(key for key, q in choice.ground.quotas.items() if choice.counts.get(key, 0) < q.least))


def _prices(items: Sequence[Item], wide: bool) -> list[int]:
    """Prices of a place to try: none, and steps up to what the best project is worth."""
    most = max((item.value for item in items), default=0)
    return sorted({most * step // _STEPS for step in range(_STEPS)}) if wide and items else [0]


class _Search:
    """Branch and bound, depth first, the most points for the money first. `open` is what was cut off could reach."""

    def __init__(self, items: Sequence[Item], ground: Ground, most_nodes: int) -> None:
        whole = sum(ground.money.values())
        kept = [item for item in items if item.cost <= whole]
        self.ground, self.choice, self.left, self.open = ground, _Choice(ground), most_nodes, -1
        #: Quotas that count every project: their number is a bound on the whole.
        self.wide = [key for key, q in ground.quotas.items() if q.most is not None
                     and all(key in item.counts for item in kept)]  # fmt: skip
        self.price = min(_prices(kept, bool(self.wide)), key=lambda price: self._root(kept, price))
        self._sort(kept, self.price)
        self.tails = self._tails()
        self.tops = self._tops()

    def _root(self, items: Sequence[Item], price: int) -> int:
        self._sort(items, price)
        return self._by_money(0) + price * self._number(0)

    def _sort(self, items: Sequence[Item], price: int) -> None:
        """Bring the projects into the order of the search: by what they are worth above the price of a place."""
        place = {item.key: n for n, item in enumerate(items)}
        worth = {item.key: max(0, item.value - price) for item in items}
        self.items = sorted(items, key=lambda i: (-(worth[i.key] * 10**6 // max(i.cost, 1)), place[i.key]))
        self.costs = [0, *accumulate(item.cost for item in self.items)]
        self.values = [0, *accumulate(worth[item.key] for item in self.items)]

    def _tails(self) -> list[dict[str, int]]:
        """How many projects of each key with a least number come at or after each place."""
        asked = {key for key, quota in self.ground.quotas.items() if quota.least}
        found: list[dict[str, int]] = [{}]
        for item in reversed(self.items):
            mine = [key for key in item.counts if key in asked]
            found.append({**found[-1], **{key: found[-1].get(key, 0) + 1 for key in mine}} if mine else found[-1])
        return found[::-1]

    def _tops(self) -> list[list[int]]:
        """By place: what the best one, two, three … of the projects at or after it are worth."""
        if len(self.items) > _TABLE:
            return []
        rest = [sorted((item.value for item in self.items[n:]), reverse=True) for n in range(len(self.items) + 1)]
        return [[0, *accumulate(values)] for values in rest]

    def _number(self, place: int) -> int:
        """How many more projects may be chosen."""
        left = [(self.ground.quotas[key].most or 0) - self.choice.counts.get(key, 0) for key in self.wide]
        return min([len(self.items) - place, *left])

    def _by_money(self, place: int) -> int:
        """What the money left can buy from here on, the last project cut."""
        room = self.choice.room()
        end = bisect_right(self.costs, self.costs[place] + room) - 1
        gained = self.values[end] - self.values[place]
        if end < len(self.items):
            worth, cost = self.values[end + 1] - self.values[end], self.costs[end + 1] - self.costs[end]
            gained += -(-worth * (room - self.costs[end] + self.costs[place]) // max(cost, 1))
        return gained

    def bound(self, place: int, value: int) -> int:
        """What can be reached from here at most.

        Each place has a price: what a project is worth above it is bought by the money, the price itself is paid once
        for each place still allowed. Nobody is worth more than the best ones of that number together either.
        """
        number = self._number(place)
        gained = self._by_money(place) + self.price * number
        return value + (min(gained, self.tops[place][number]) if self.tops else gained)

    def hopeless(self, place: int) -> bool:
        """Whether some quota's least number is out of reach from here."""
        counts, tail = self.choice.counts, self.tails[place]
        return any(counts.get(key, 0) + tail.get(key, 0) < q.least for key, q in self.ground.quotas.items() if q.least)

    def run(self, best: int) -> tuple[str, ...] | None:
        """The keys of the best choice worth more than `best`; None when none is found."""
        found: tuple[str, ...] | None = None
        chosen: list[str] = []
        stack: list[tuple[int, int, Item | None]] = [(0, 0, None)]
        while stack:
            place, value, back = stack.pop()
            if back is not None:
                self.choice.put(back, -1)
                chosen.pop()
                continue
            bound = self.bound(place, value)
            if bound <= best or self.hopeless(place):
                continue
            if self.left <= 0:
                self.open = max(self.open, bound)
                continue
            self.left -= 1
            if place == len(self.items):
                best, found = value, tuple(chosen)
                continue
            item = self.items[place]
            stack.append((place + 1, value, None))
            if not self.choice.barred(item):
                self.choice.put(item)
                chosen.append(item.key)
                stack += [(0, 0, item), (place + 1, value + item.value, None)]
        return found


def best(items: Sequence[Item], ground: Ground, *, most_nodes: int = MOST_NODES) -> Pack:
    """The pack worth most points; `items` in the order of the ranking, which is kept where it is as good as any.

    Where the least numbers of the quotas cannot be reached together (or no choice that does was found), the pack is the
    best one without them and tells which stay unmet.
    """
    plain, _why = in_order(items, ground)
    search = _Search(items, ground, most_nodes)
    found = search.run(-1 if plain.unmet else plain.value)
    if found is None and plain.unmet:
        free = replace(ground, quotas={key: replace(quota, least=0) for key, quota in ground.quotas.items()})
        return replace(relaxed := best(items, free, most_nodes=most_nodes), unmet=_short(items, relaxed.chosen, ground))
    if found is None:
        return replace(plain, bound=max(plain.value, search.open))
    kept = set(found)
    value = sum(item.value for item in items if item.key in kept)
    return Pack(tuple(item.key for item in items if item.key in kept), value, max(value, search.open))


def _short(items: Sequence[Item], chosen: Collection[str], ground: Ground) -> tuple[str, ...]:
    """The quotas whose least number a choice does not reach."""
    choice = _Choice(ground)
    for item in items:
        if item.key in chosen:
            choice.put(item)
    return _unmet(choice)


def draws(chosen: Sequence[Item], money: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """From which money each chosen project is paid: its street's first, then the whole round's. Fen by street or ""."""
    left, found = dict(money), {}
    for item in chosen:
        own = min(item.cost, left.get(item.street, 0)) if item.street else 0
        parts = {item.street: own} if own else {}
        if item.cost > own:
            parts[""] = item.cost - own
        for key, fen in parts.items():
            left[key] = left.get(key, 0) - fen
        found[item.key] = parts
    return found


def differing(order: Pack, pack: Pack) -> tuple[frozenset[str], frozenset[str]]:
    """Who is only in the order's choice, and who only in the pack."""
    one, other = frozenset(order.chosen), frozenset(pack.chosen)
    return one - other, other - one
