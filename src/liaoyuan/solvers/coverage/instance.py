"""Reading an instance of the coverage planner from JSON, with every refusal in one sentence that names the ids.

Records are sorted by id, so that the order of a file changes nothing.
"""

import hashlib
import json
import math
from dataclasses import fields
from itertools import pairwise
from typing import Any, Final

from liaoyuan.solvers.coverage import locks
from liaoyuan.solvers.coverage.cells import object_of, optional_of, point_of, real_of, text_of, whole_of
from liaoyuan.solvers.coverage.records import Host, Instance, Organization, Params, canonical
from liaoyuan.solvers.coverage.refusal import SHAPE_TITLES, UnusableInstance

#: Ways to fill a group with units of 0 … min_members - 1 persons; pricing looks at each of them.
MOST_COMBINATIONS: Final = 5000
_LIMITS: Final = ("max_units", "min_members", "max_members")


def read(text: str | bytes) -> Instance:
    """Read an instance. Raises UnusableInstance with one sentence that names what is wrong."""
    return parse(decoded(text))


def decoded(text: str | bytes) -> Any:
    """The JSON value of a file. Raises UnusableInstance where it is none."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half a character pair cannot be written out again
        return value
    except (ValueError, RecursionError) as error:
        raise UnusableInstance("json", detail=str(error).splitlines()[0][:120]) from None


def parse(raw: Any) -> Instance:
    """The instance of a JSON value. Raises UnusableInstance."""
    top = object_of(raw, "文件")
    params = _params(object_of(top.get("params", {}), "params"))
    organizations = _sorted([_organization(row, n) for n, row in _rows(top, "organizations", needed=True)], "组织")
    hosts = _sorted([_host(row, n) for n, row in _rows(top, "hosts")], "挂靠支部")
    branches = [
        text_of(object_of(row, f"branches 第 {n} 条"), "id", f"branches 第 {n} 条") for n, row in _rows(top, "branches")
    ]
    for one, other in zip(sorted(branches), sorted(branches)[1:], strict=False):
        if one == other:
            raise UnusableInstance("duplicate", place="现有支部", id=one)
    known = set(branches)
    for org in organizations:
        if org.branch is not None and org.branch not in known:
            raise UnusableInstance("unknown_branch", id=org.id, branch=org.branch)
    given = [locks.parse(object_of(row, f"第 {n} 条锁定"), n) for n, row in _rows(top, "locks")]
    digest = hashlib.sha256(canonical(raw)).hexdigest()
    made = Instance(params, tuple(organizations), tuple(hosts), tuple(branches), tuple(given), digest)
    locks.check(made)
    return made


def _params(raw: dict[str, Any]) -> Params:
    known = {one.name: one for one in fields(Params)}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name == "seed":
            continue
        if name not in known:
            raise UnusableInstance("unknown_key", name=name)
        if name == "mode":
            if value not in ("members", "fill"):
                raise UnusableInstance("number", place="params", name=name, wanted=SHAPE_TITLES["mode"], value=value)
            values[name] = value
        elif name in ("radius_m", "dist_factor"):
            values[name] = real_of(raw, name, "params", 0.0)
        else:
            values[name] = whole_of(
                raw, name, "params", 1 if name in ("max_units", "min_members", "max_members") else 0
            )
    made = Params(**values)
    if made.min_members > made.max_members:
        raise UnusableInstance("limits", detail=f"min_members {made.min_members} > max_members {made.max_members}")
    count = math.comb(made.max_units - 1 + made.min_members, made.min_members)
    if count > MOST_COMBINATIONS:
        raise UnusableInstance("too_rich", count=count, limit=MOST_COMBINATIONS)
    return made


def _branch(raw: Any, place: str) -> str:
    return text_of(object_of(raw, place), "id", place)


def _organization(raw: Any, number: int) -> Organization:
    place = f"organizations 第 {number} 条"
    row = object_of(raw, place)
    key = text_of(row, "id", place)
    place = f"组织“{key}”"
    x, y = point_of(row, place)
    words = {name: optional_of(row, name, place) for name in ("field", "street", "unit", "branch")}
    return Organization(id=key, x=x, y=y, members=whole_of(row, "members", place, 0), **words)


def _host(raw: Any, number: int) -> Host:
    place = f"hosts 第 {number} 条"
    row = object_of(raw, place)
    key = text_of(row, "id", place)
    place = f"挂靠支部“{key}”"
    x, y = point_of(row, place)
    words = {name: optional_of(row, name, place) for name in ("field", "street", "unit")}
    slots, room = whole_of(row, "slots", place, 0), whole_of(row, "member_room", place, 0)
    return Host(id=key, x=x, y=y, slots=slots, member_room=room, **words)


def _rows(top: dict[str, Any], name: str, *, needed: bool = False) -> list[tuple[int, Any]]:
    if needed and name not in top:
        raise UnusableInstance("missing", place="文件", name=name)
    value = top.get(name, [])
    if not isinstance(value, list):
        raise UnusableInstance("shape", place=f"“{name}”", wanted=SHAPE_TITLES["list"])
    return list(enumerate(value, 1))


def _sorted[Row: (Organization, Host)](rows: list[Row], what: str) -> list[Row]:
    rows = sorted(rows, key=lambda row: row.id)
    for one, other in pairwise(rows):
        if one.id == other.id:
            raise UnusableInstance("duplicate", place=what, id=one.id)
    return rows
