"""The independent checker: recomputes feasibility and cost of a plan from the raw JSON alone.

It shares no code with the solver, neither reading nor arithmetic, so that one mistake cannot hide in both. Every number
a user sees has passed here. A violation is `{"code", "ids", "message"}`.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from types import NoneType
from typing import Any, Final

MESSAGES: Final[dict[str, str]] = {
    "SHAPE": "方案的“{what}”缺失或格式不对。",
    "UNKNOWN": "方案里的“{what}”不在实例里，或不参加编组。",
    "TWICE": "“{what}”被安排了不止一次。",
    "LEFT_OUT": "“{what}”既没有编组、挂靠，也没有列为未覆盖。",
    "INDEPENDENT": "单独建支部的名单不对：{what}。",
    "FIXED": "超限而保留的支部名单不对：{what}。",
    "SEAT": "所在单位“{what}”不在组内或没有党员。",
    "UNITS": "“{what}”所在的组单位数超过上限。",
    "FEW": "“{what}”所在的组党员不足。",
    "MANY": "“{what}”所在的组党员超过上限。",
    "FAR": "“{what}”超出半径。",
    "LABEL": "“{what}”所在的组沿用的支部不是所在单位的现有支部，或被沿用了两次。",
    "MEMBERS": "“{what}”所在的组写的党员数不对。",
    "COST": "“{what}”的费用不对。",
    "SLOTS": "“{what}”的挂靠单位超过名额。",
    "ROOM": "“{what}”的挂靠党员超过余量。",
    "REASON": "“{what}”的未覆盖原因不对。",
    "LOCK": "第 {what} 条锁定没有做到。",
    "TOTAL": "总费用不对：{what}。",
    "BOUND": "下界高于费用，或差距与两者不符：{what}。",
    "HASH": "方案的校验值不符：{what}。",
}
REASONS: Final = ("NO_NEIGHBOUR", "NOT_ENOUGH_MEMBERS", "SLOTS_FULL", "LOCK_CONFLICT", "MISSING_LOCATION")
_DEFAULTS: Final[dict[str, Any]] = {
    "max_units": 5, "min_members": 3, "max_members": 50, "radius_m": 8000, "dist_factor": 1.3, "w_field": 1500,
    "w_street": 800, "w_unit": 200, "f_new": 4000, "f_keep": 2500, "move": 1500, "attach": 2500, "p_member": 60000,
    "p_none": 2500, "mode": "members",
}  # fmt: skip


_TEXT = (str,)
#: What each part of a plan names, as far as planning again reads it.
_PARTS: dict[str, dict[str, tuple[type, ...]]] = {
    "groups": {"units": (list,), "seat": _TEXT, "label": (str, NoneType)},
    "attached": {"unit": _TEXT, "host": _TEXT},
    "uncovered": {"unit": _TEXT},
}


def verify(instance: Mapping[str, Any], plan: Any) -> dict[str, Any]:
    """Check a plan against an instance that the reader has accepted: `{"ok", "cost", "violations"}`.

    `cost` is recomputed (None where the plan is too broken to add up). Any JSON value is taken as a plan.
    """
    check = _Check(instance)
    cost = check.run(plan)
    return {"ok": not check.found, "cost": cost, "violations": check.found}


def is_plan(value: Any) -> bool:
    """Whether a JSON value has the parts of a plan at all; whether they are right is for `verify`."""
    return isinstance(value, dict) and all(
        isinstance(value.get(part), list) and all(isinstance(row, dict) for row in value[part]) for part in _PARTS
    )


def can_be_bent(value: Any) -> bool:
    """Whether a JSON value is a plan that names in each row what planning again from it reads."""
    return is_plan(value) and all(_names(row, names) for part, names in _PARTS.items() for row in value[part])


def _names(row: Mapping[str, Any], names: Mapping[str, tuple[type, ...]]) -> bool:
    there = all(name in row and isinstance(row[name], kinds) for name, kinds in names.items())
    return there and all(isinstance(one, str) for one in row.get("units", ()))


class _Check:
    def __init__(self, instance: Mapping[str, Any]) -> None:
        self.p = {**_DEFAULTS, **instance.get("params", {})}
        self.orgs = {row["id"]: row for row in instance["organizations"]}
        self.hosts = {row["id"]: row for row in instance.get("hosts") or []}
        self.locks = instance.get("locks") or []
        self.found: list[dict[str, Any]] = []
        self.alone = {k for k, o in self.orgs.items() if o["members"] >= self.p["min_members"]}
        playing = {
            k for k in self.orgs if k not in self.alone and (self.orgs[k]["members"] or self.p["mode"] == "fill")
        }
        self.lost = {k for k in playing if self.orgs[k]["x"] is None}
        self.fixed = self.beyond(playing - self.lost)
        self.kept = {one for units in self.fixed.values() for one in units}
        self.playing = playing - self.lost - self.kept
        self.place: dict[str, tuple[str, Any]] = {}
        self.seats: set[str] = set()

    def beyond(self, located: set[str]) -> dict[str, list[str]]:
        whole: dict[str, list[str]] = {}
        for key in sorted(located):
            if self.orgs[key].get("branch") is not None:
                whole.setdefault(self.orgs[key]["branch"], []).append(key)
        return {
            b: units for b, units in whole.items()
            if len(units) > self.p["max_units"] or sum(self.orgs[k]["members"] for k in units) > self.p["max_members"]
        }  # fmt: skip

    def bad(self, code: str, what: object, ids: Iterable[object] = ()) -> None:
        """Note one violation."""
        message = MESSAGES[code].format(what=what)
        self.found.append({"code": code, "ids": [str(one) for one in ids] or [str(what)], "message": message})

    def way(self, key: str, there: Mapping[str, Any]) -> int | None:
        """Cost of the arc from an organization to a seat or host; None beyond the radius."""
        row = self.orgs[key]
        if there["x"] is None or row["x"] is None:
            return None
        east, north = float(row["x"]) - float(there["x"]), float(row["y"]) - float(there["y"])
        metres = math.sqrt(east * east + north * north)
        if metres > self.p["radius_m"]:
            return None
        cost = round(self.p["dist_factor"] * metres)
        for name, weight in (("field", "w_field"), ("street", "w_street"), ("unit", "w_unit")):
            mine, theirs = row.get(name), there.get(name)
            if mine is not None and theirs is not None and mine != theirs:
                cost += self.p[weight]
        return int(cost)

    def moved(self, key: str, label: object) -> int:
        branch = self.orgs[key].get("branch")
        return int(self.p["move"]) if branch is not None and branch != label else 0

    def run(self, plan: Any) -> int | None:
        if not isinstance(plan, dict):
            self.bad("SHAPE", "plan")
            return None
        parts = {name: self.rows(plan, name) for name in ("groups", "attached", "uncovered")}
        total = sum(self.group(n, row) for n, row in enumerate(parts["groups"]))
        labels = [row.get("label") for row in parts["groups"] if row.get("label") is not None]
        for label in sorted({str(one) for one in labels if labels.count(one) > 1}):
            self.bad("LABEL", label)
        total += self.attachments(parts["attached"])
        total += sum(self.left(row) for row in parts["uncovered"])
        for key in sorted((self.playing | self.lost) - set(self.place)):
            self.bad("LEFT_OUT", key)
        self.lists(plan)
        for number, lock in enumerate(self.locks, 1):
            if not self.kept_lock(lock):
                self.bad("LOCK", number, lock["ids"])
        if plan.get("cost") != total:
            self.bad("TOTAL", f"{plan.get('cost')} ≠ {total}")
        self.promises(plan, total)
        return total

    def rows(self, plan: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        value = plan.get(name)
        if not isinstance(value, list) or any(not isinstance(row, dict) for row in value):
            self.bad("SHAPE", name)
            return []
        return value

    def put(self, key: object, place: tuple[str, Any]) -> bool:
        """Note where a unit is; False where it cannot be counted."""
        if not isinstance(key, str) or key not in self.playing | self.lost:
            self.bad("UNKNOWN", key)
            return False
        if key in self.place:
            self.bad("TWICE", key)
            return False
        self.place[key] = place
        return True

    def group(self, number: int, row: Mapping[str, Any]) -> int:
        seat, label, units = row.get("seat"), row.get("label"), row.get("units")
        if not isinstance(units, list) or not isinstance(seat, str) or not isinstance(label, str | None):
            self.bad("SHAPE", f"groups[{number}]")
            return 0
        units = [key for key in units if self.put(key, ("group", number))]
        if seat not in units or self.orgs[seat]["members"] < 1:
            self.bad("SEAT", seat)
            return 0
        self.seats.add(seat)
        members = sum(self.orgs[key]["members"] for key in units)
        most, crowd = self.p["max_units"], self.p["max_members"]
        for lock in self.locks:
            if lock["kind"] == "allow" and set(lock["ids"]) == set(units):
                most = max(most, lock.get("max_units") or 0)
                crowd = max(crowd, lock.get("max_members") or 0)
        if len(units) > most:
            self.bad("UNITS", seat)
        if members < self.p["min_members"]:
            self.bad("FEW", seat)
        if members > crowd:
            self.bad("MANY", seat)
        if label is not None and label != self.orgs[seat].get("branch"):
            self.bad("LABEL", seat)
        if row.get("members") != members:
            self.bad("MEMBERS", seat)
        cost = int(self.p["f_keep"] if label is not None else self.p["f_new"])
        for key in units:
            way = 0 if key == seat and key not in self.lost else self.way(key, self.orgs[seat])
            if way is None:
                self.bad("FAR", key)
            cost += (way or 0) + self.moved(key, label)
        if row.get("cost") != cost:
            self.bad("COST", seat)
        return cost

    def attachments(self, rows: Sequence[Mapping[str, Any]]) -> int:
        total = 0
        there: dict[str, list[str]] = {}
        for row in rows:
            key, host = row.get("unit"), row.get("host")
            if not isinstance(host, str) or host not in self.hosts:
                self.bad("UNKNOWN", host)
                continue
            if not self.put(key, ("host", host)):
                continue
            key = str(key)
            way = self.way(key, self.hosts[host])
            if way is None:
                self.bad("FAR", key)
            cost = (way or 0) + int(self.p["attach"]) + self.moved(key, None)
            if row.get("cost") != cost:
                self.bad("COST", key)
            there.setdefault(host, []).append(key)
            total += cost
        for host, keys in sorted(there.items()):
            if len(keys) > self.hosts[host]["slots"]:
                self.bad("SLOTS", host)
            if sum(self.orgs[key]["members"] for key in keys) > self.hosts[host]["member_room"]:
                self.bad("ROOM", host)
        return total

    def left(self, row: Mapping[str, Any]) -> int:
        key, reason = row.get("unit"), str(row.get("reason"))
        if not self.put(key, ("left", reason)):
            return 0
        if reason not in REASONS or (reason == "MISSING_LOCATION") != (key in self.lost):
            self.bad("REASON", key)
        return int(self.p["p_member"] if self.orgs[str(key)]["members"] else self.p["p_none"])

    def lists(self, plan: Mapping[str, Any]) -> None:
        alone = plan.get("independent")
        if not isinstance(alone, list) or sorted(map(str, alone)) != sorted(self.alone):
            wrong = self.alone ^ {str(one) for one in alone} if isinstance(alone, list) else {"independent"}
            self.bad("INDEPENDENT", "、".join(sorted(wrong)[:8]))
        told = plan.get("fixed") or []
        if not isinstance(told, list) or any(not isinstance(row, dict) for row in told):
            self.bad("SHAPE", "fixed")
            return
        given = {str(row.get("branch")): _texts(row.get("units")) for row in told}
        if given != self.fixed or any(row.get("reason") != "OVER_LIMIT" for row in told):
            self.bad("FIXED", "、".join(sorted(set(given) ^ set(self.fixed))[:8]) or "units")

    def kept_lock(self, lock: Mapping[str, Any]) -> bool:
        """Whether a lock holds; one that place or capacity defeats leaves its units uncovered with LOCK_CONFLICT."""
        kind, ids = lock["kind"], [key for key in lock["ids"] if key not in self.kept]
        where = [self.place.get(key, ("left", None)) for key in ids]
        given_up = all(_given_up(place) for place in where)
        torn = len(ids) < len(lock["ids"]) or any(key in self.lost for key in ids)
        if kind == "apart":
            placed = [place for place in where if place[0] != "left"]
            return len(placed) == len(set(placed))
        if kind == "not_seat":
            return not any(key in self.seats for key in ids)
        if kind == "seat":
            return all(k in self.seats or _given_up(place) for k, place in zip(ids, where, strict=True))
        if kind == "allow" or given_up:
            return not (kind == "group" and not torn and self.could_meet(ids))
        if torn or len(set(where)) != 1 or where[0][0] == "left":
            return False
        return kind == "together" or (where[0][0] == "group" and self.place_size(where[0]) == len(ids))

    def place_size(self, place: tuple[str, Any]) -> int:
        return sum(1 for other in self.place.values() if other == place)

    def could_meet(self, ids: Sequence[str]) -> bool:
        """Whether these units have a lawful seat among them that all of them reach."""
        banned = {key for lock in self.locks if lock["kind"] == "not_seat" for key in lock["ids"]}
        wanted = {key for lock in self.locks if lock["kind"] == "seat" for key in lock["ids"]} & set(ids)
        return any(
            self.orgs[seat]["members"] > 0 and seat not in banned and wanted <= {seat}
            and all(self.way(key, self.orgs[seat]) is not None for key in ids)
            for seat in ids
        )  # fmt: skip

    def promises(self, plan: Mapping[str, Any], total: int) -> None:
        bound, gap = plan.get("bound"), plan.get("gap")
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int) or bound > total):
            self.bad("BOUND", bound)
        elif bound is not None and gap is not None:
            exact = (total - bound) / total if total else 0.0
            if isinstance(gap, bool) or not isinstance(gap, int | float) or abs(gap - exact) > 1e-4:
                self.bad("BOUND", gap)
        if plan.get("hash") is not None:
            told = {name: value for name, value in plan.items() if name not in ("hash", "seconds")}
            text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            if hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() != plan["hash"]:
                self.bad("HASH", plan["hash"])


def _given_up(place: tuple[str, Any]) -> bool:
    return place in (("left", "LOCK_CONFLICT"), ("left", "MISSING_LOCATION"))


def _texts(value: object) -> list[str]:
    return sorted(map(str, value)) if isinstance(value, list) else []
