"""The least cost of a tiny instance by trying every plan; shares no code with the solver."""

import math
from functools import cache
from itertools import combinations

DEFAULTS = {
    "max_units": 5, "min_members": 3, "max_members": 50, "radius_m": 8000, "dist_factor": 1.3, "w_field": 1500,
    "w_street": 800, "w_unit": 200, "f_new": 4000, "f_keep": 2500, "move": 1500, "attach": 2500, "p_member": 60000,
    "p_none": 2500, "mode": "members",
}  # fmt: skip
BROKEN = 10**9


class Brute:
    """All plans of an instance that the reader accepts."""

    def __init__(self, raw):
        self.p = {**DEFAULTS, **raw["params"]}
        self.hosts = raw["hosts"]
        self.locks = raw["locks"]
        rows = [o for o in raw["organizations"] if o["members"] < self.p["min_members"]]
        rows = [o for o in rows if o["members"] or self.p["mode"] == "fill"]
        there = {}
        for o in rows:
            if o["branch"] and o["x"] is not None:
                there.setdefault(o["branch"], []).append(o)
        over = [units for units in there.values() if len(units) > self.p["max_units"]
                or sum(o["members"] for o in units) > self.p["max_members"]]  # fmt: skip
        kept = {o["id"] for units in over for o in units}
        self.rows = [o for o in rows if o["id"] not in kept]
        self.at = {o["id"]: n for n, o in enumerate(self.rows)}
        self.labels = sorted({o["branch"] for o in self.rows if o["branch"]})
        self.base = 0
        self.bundles = self._bundles(kept)
        self.groups = {frozenset(self.at[i] for i in k["ids"] if i in self.at): len(k["ids"]) for k in self.of("group")}
        self.wanted = {self.at[i] for k in self.of("seat") for i in k["ids"] if i in self.at}
        self.banned = {self.at[i] for k in self.of("not_seat") for i in k["ids"] if i in self.at}
        self.foes = [{self.at[i] for i in k["ids"] if i in self.at} for k in self.of("apart")]
        self.torn = {self.at[i] for k in self.locks if k["kind"] in ("together", "group") for i in k["ids"]
                     if i in self.at and any(j not in self.at for j in k["ids"])}  # fmt: skip

    def of(self, kind):
        return [k for k in self.locks if k["kind"] == kind]

    def _bundles(self, kept):
        found = [{self.at[i] for i in k["ids"] if i in self.at} for k in self.of("together")]
        merged = True
        while merged:
            merged = False
            for a, b in combinations(found, 2):
                if a & b:
                    found = [x for x in found if x is not a and x is not b] + [a | b]
                    merged = True
                    break
        return [frozenset(b) for b in found]

    def way(self, o, seat):
        if o["x"] is None or seat["x"] is None:
            return None
        far = math.hypot(o["x"] - seat["x"], o["y"] - seat["y"])
        if far > self.p["radius_m"]:
            return None
        cost = round(self.p["dist_factor"] * far)
        for name in ("field", "street", "unit"):
            if o[name] is not None and seat[name] is not None and o[name] != seat[name]:
                cost += self.p["w_" + name]
        return cost

    def moved(self, o, label):
        return self.p["move"] if o["branch"] is not None and o["branch"] != label else 0

    def group(self, units):
        """Label (or None) → least cost of a group of exactly these units."""
        chosen = frozenset(units)
        if chosen & self.torn or any(len(chosen & f) > 1 for f in self.foes):
            return {}
        if any(chosen & b and not b <= chosen for b in self.bundles):
            return {}
        if any(chosen & g and chosen != g for g in self.groups):
            return {}
        most, crowd = self.p["max_units"], self.p["max_members"]
        for k in self.of("allow"):
            if {self.at.get(i) for i in k["ids"]} == chosen:
                most, crowd = max(most, k["max_units"]), max(crowd, k["max_members"])
        members = sum(self.rows[u]["members"] for u in units)
        if not (self.p["min_members"] <= members <= crowd and len(units) <= most):
            return {}
        found = {}
        for seat in units:
            s = self.rows[seat]
            if not s["members"] or seat in self.banned or (self.wanted & chosen) - {seat}:
                continue
            ways = [0 if u == seat and s["x"] is not None else self.way(self.rows[u], s) for u in units]
            if None in ways:
                continue
            for label in {None, s["branch"]}:
                cost = self.p["f_new"] if label is None else self.p["f_keep"]
                cost += sum(ways) + sum(self.moved(self.rows[u], label) for u in units)
                found[label] = min(found.get(label, BROKEN), cost)
        return found

    def least(self):
        """The least cost; unmet locks count first."""
        groups = {}
        for size in range(1, 8):
            for units in combinations(range(len(self.rows)), size):
                for label, cost in self.group(units).items():
                    groups.setdefault(units[0], []).append((frozenset(units), label, cost))

        @cache
        def rest(left, slots, room, labels, guests):
            if not left:
                return 0
            first = min(left)
            together = next((b for b in [*self.groups, *self.bundles] if first in b), frozenset({first}))
            price = sum(self.p["p_member"] if self.rows[u]["members"] else self.p["p_none"] for u in together)
            forced = len(together) > 1 or first in self.wanted or first in self.torn
            best = price + BROKEN * forced + rest(left - together, slots, room, labels, guests)
            for units, label, cost in groups.get(first, ()):
                if units <= left and label not in labels:
                    used = labels | {label} if label else labels
                    best = min(best, cost + rest(left - units, slots, room, used, guests))
            if not (together & (self.wanted | self.torn) or any(first in g for g in self.groups)):
                for h, host in enumerate(self.hosts):
                    ways = [self.way(self.rows[u], host) for u in together]
                    persons = sum(self.rows[u]["members"] for u in together)
                    if None in ways or slots[h] < len(together) or room[h] < persons:
                        continue
                    mine = guests[h] | together
                    if any(len(mine & f) > 1 for f in self.foes):
                        continue
                    cost = sum(ways) + sum(self.p["attach"] + self.moved(self.rows[u], None) for u in together)
                    now = [*slots], [*room], [*guests]
                    now[0][h] -= len(together)
                    now[1][h] -= persons
                    now[2][h] = mine
                    best = min(best, cost + rest(left - together, *(tuple(x) for x in now[:2]), labels, tuple(now[2])))
            return best

        start = tuple(h["slots"] for h in self.hosts), tuple(h["member_room"] for h in self.hosts)
        whole = frozenset(range(len(self.rows)))
        return rest(whole, *start, frozenset(), (frozenset(),) * len(self.hosts)) % BROKEN
