"""Which expert reads which project: everybody about as many, nobody where a tie binds him, the same seed the same plan.

Each project takes `wanted` different experts among those free for it. Places are filled one after the other along a
shortest chain of exchanges that ends at the expert with the fewest projects who can be reached: the loads are then as
even as the ties allow (no plan has a smaller sum of squares, and none whose largest load is smaller).
"""

import hashlib
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """Who reads what: experts by project, in order; how many are missing, by project, where too few are free."""

    readers: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, int] = field(default_factory=dict)

    def loads(self, experts: Collection[str]) -> dict[str, int]:
        """How many projects each expert reads."""
        found = dict.fromkeys(experts, 0)
        for readers in self.readers.values():
            for expert in readers:
                found[expert] = found.get(expert, 0) + 1
        return found


def _drawn(seed: str, keys: Collection[str]) -> list[str]:
    """The keys in the order of the draw: by a digest of seed and key, so that it can be checked by hand."""
    return sorted(keys, key=lambda key: (hashlib.sha256(f"{seed}:{key}".encode()).digest(), key))


class _Draw:
    """The plan while it grows. `fixed` are places that stand already and are not exchanged."""

    def __init__(self, order: Sequence[str], free: Mapping[str, Collection[str]],
                 fixed: Mapping[str, Collection[str]], skilled: Mapping[str, Collection[str]]) -> None:  # fmt: skip
        self.order = {expert: place for place, expert in enumerate(order)}
        self.free = {project: sorted(set(experts) & set(order), key=self.order.__getitem__)
                     for project, experts in free.items()}  # fmt: skip
        self.fixed = {project: set(fixed.get(project, ())) for project in free}
        self.skilled = {project: frozenset(skilled.get(project, ())) for project in free}
        self.taken: dict[str, set[str]] = {project: set() for project in free}
        self.reads: dict[str, set[str]] = {expert: set() for expert in order}
        self.loads = dict.fromkeys(order, 0)
        for experts in fixed.values():
            for expert in experts:
                self.loads[expert] = self.loads.get(expert, 0) + 1

    def candidates(self, project: str) -> list[str]:
        """Who is free for the project and does not read it yet."""
        busy = self.taken[project] | self.fixed[project]
        return [expert for expert in self.free[project] if expert not in busy]

    def place(self, project: str) -> bool:
        """Fill one place of the project; False when nobody is free for it."""
        near = self.candidates(project)
        if not near:
            return False
        best = min(near, key=lambda expert: (self.loads[expert], expert not in self.skilled[project],
                                             self.order[expert]))  # fmt: skip
        if self.loads[best] == min(self.loads[expert] for expert in self.order):
            self._put(project, best)
            return True
        self._exchange(self._chain(project, near, best))
        return True

    def _put(self, project: str, expert: str) -> None:
        self.taken[project].add(expert)
        self.reads[expert].add(project)
        self.loads[expert] += 1

    def _chain(self, project: str, near: Sequence[str], best: str) -> list[tuple[str, str]]:
        """A shortest chain of (project, expert who takes it) to the least busy expert within reach."""
        came: dict[str, tuple[str, str]] = {expert: (project, "") for expert in near}
        waiting, end, least = deque(near), best, min(self.loads[expert] for expert in self.order)
        while waiting and self.loads[end] > least:
            expert = waiting.popleft()
            for other in sorted(self.reads[expert]):
                for further in self.candidates(other):
                    if further not in came:
                        came[further] = (other, expert)
                        waiting.append(further)
                        end = min(end, further, key=self.loads.__getitem__)
                if self.loads[end] == least or len(came) == len(self.order):
                    break
        chain: list[tuple[str, str]] = []
        while end:
            held, before = came[end]
            chain.append((held, end))
            end = before
        return chain

    def _exchange(self, chain: Sequence[tuple[str, str]]) -> None:
        """Give each project of the chain to its new expert; the one before him there lets go."""
        for place, (project, expert) in enumerate(chain):
            if place + 1 < len(chain):
                leaving = chain[place + 1][1]
                self.taken[project].discard(leaving)
                self.reads[leaving].discard(project)
                self.loads[leaving] -= 1
            self._put(project, expert)


def assign(
    free: Mapping[str, Collection[str]], *, wanted: int, experts: Collection[str], seed: str,
    fixed: Mapping[str, Collection[str]] | None = None, skilled: Mapping[str, Collection[str]] | None = None,
) -> Plan:  # fmt: skip
    """Fill `wanted` places of every project of `free` (project → experts whom no tie binds).

    `fixed` (project → experts) stands already: it counts into the loads and is kept. `skilled` (project → experts whose
    speciality it is) only decides between equally busy ones. Round after round each project gets one more place, so
    that nobody's shortage is another's plenty.
    """
    standing = fixed or {}
    draw = _Draw(_drawn(seed, experts), free, standing, skilled or {})
    short: set[str] = set()
    for number in range(wanted):
        for project in _drawn(seed, free):
            if len(draw.fixed[project]) + len(draw.taken[project]) > number or project in short:
                continue
            if not draw.place(project):
                short.add(project)
    readers = {p: tuple(sorted(draw.fixed[p] | draw.taken[p], key=lambda e: (draw.order.get(e, -1), e)))
               for p in free}  # fmt: skip
    return Plan(readers, {p: wanted - len(readers[p]) for p in sorted(free) if len(readers[p]) < wanted})
