"""A stored plan as the planner's JSON again, locks as its locks, ids as names."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.choices.words import Place
from liaoyuan.planning.models import Plan, PlanLock, Scenario
from liaoyuan.planning.rules.naming import branch_id, key_of
from liaoyuan.solvers.coverage import checker
from liaoyuan.solvers.coverage.refusal import CHEAPEST_MESSAGES


def locks_of(scenario: Scenario) -> list[dict[str, Any]]:
    """The locks that hold, as the planner reads them."""
    rows = PlanLock.objects.filter(scenario=scenario, lifted_at__isnull=True).order_by("pk")
    return [lock_json(row) for row in rows]


def lock_json(row: PlanLock) -> dict[str, Any]:
    """One lock as the planner reads it."""
    lock: dict[str, Any] = {"kind": row.kind, "ids": sorted(str(key) for key in row.bodies)}
    return lock if row.max_units is None else {**lock, "max_units": row.max_units, "reason": row.reason}


def input_of(plan: Plan) -> dict[str, Any]:
    """What the plan was computed from, with the locks laid down since that it keeps to anyhow. Those it does not keep
    to yet wait for the next planning.
    """
    raw = plan.input.instance
    locks = [*raw["locks"], *(lock for lock in locks_of(plan.scenario) if lock not in raw["locks"])]
    said = checker.verify({**raw, "locks": locks}, as_json(plan))
    unmet = [one["ids"] for one in said["violations"] if one["code"] == "LOCK"]
    return {**raw, "locks": [lock for lock in locks if lock in raw["locks"] or lock["ids"] not in unmet]}


def as_json(plan: Plan) -> dict[str, Any]:
    """The plan put together from its rows. Its hash is that of the plan which was stored, or a row is missing."""
    rows = list(plan.bodies.order_by("organization_id"))
    inside: dict[int, list[str]] = {}
    for row in rows:
        if row.group_id is not None:
            inside.setdefault(row.group_id, []).append(str(row.organization_id))
    fixed: dict[str, list[str]] = {}
    for row in rows:
        if row.place == Place.FIXED:
            fixed.setdefault(branch_id(row.branch_id or 0), []).append(str(row.organization_id))
    groups = [
        {
            "seat": str(row.seat_id), "label": branch_id(row.label_id) if row.label_id else None,
            "units": sorted(inside.get(row.pk, [])), "members": row.members, "cost": row.cost, **row.more,
        }
        for row in plan.groups.all()
    ]  # fmt: skip
    return {
        "cost": plan.cost, "bound": plan.bound, "gap": plan.gap_ppm / 1_000_000, "certified": True,
        "independent": sorted(str(row.organization_id) for row in rows if row.place == Place.INDEPENDENT),
        "groups": sorted(groups, key=lambda group: str(group["seat"])),
        "attached": _sorted(
            {"unit": str(row.organization_id), "host": branch_id(row.host_id or 0), "cost": row.cost,
             **row.more}
            for row in rows if row.place == Place.ATTACHED
        ),
        "uncovered": _sorted(
            {"unit": str(row.organization_id), "reason": row.reason, "cheapest": row.cheapest, **row.more}
            for row in rows if row.place == Place.UNCOVERED
        ),
        "fixed": [
            {"branch": one, "units": sorted(units), "reason": "OVER_LIMIT"} for one, units in sorted(fixed.items())
        ],
        **plan.input.more, "hash": plan.plan_hash,
    }  # fmt: skip


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["unit"]))


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    told = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)]
    return re.compile("".join(told) + r"\Z")


_CHEAPEST = {code: _pattern(message) for code, message in CHEAPEST_MESSAGES.items()}


def cheapest_words(text: str, names: Mapping[str, str]) -> str:
    """The cheapest way out as the planner told it, with names in place of keys, in the reader's language."""
    for code, pattern in _CHEAPEST.items():
        found = pattern.match(text)
        if found:
            args = {name: names.get(value, value) for name, value in found.groupdict().items()}
            return _(CHEAPEST_MESSAGES[code]).format(**args)
    return text


def named_in(texts: Iterable[str]) -> dict[str, str]:
    """Names by id of the bodies and branches that the planner's sentences name."""
    ids = {one for text in texts for one in re.findall(r"“(p?\d+)”", text)}
    keys = {one: key_of(one) for one in ids}
    branches = parties.names(key for one, key in keys.items() if one == branch_id(key))
    bodies = parties.body_names(key for one, key in keys.items() if one != branch_id(key))
    return {one: (branches if one == branch_id(key) else bodies).get(key, one) for one, key in keys.items()}
