"""Reading instances: what is accepted, and every refusal in one sentence that names what is wrong."""

import json

import pytest

from liaoyuan.solvers.coverage import instance
from liaoyuan.solvers.coverage.refusal import MESSAGES, UnusableInstance


def _set(path, value):
    def change(raw):
        *way, last = path
        for step in way:
            raw = raw[step]
        raw[last] = value

    return change


def _drop(*path):
    def change(raw):
        *way, last = path
        for step in way:
            raw = raw[step]
        del raw[last]

    return change


def _locks(*locks):
    return _set(["locks"], [{"kind": kind, "ids": ids, **more} for kind, ids, more in locks])


def lock(kind, *ids, **more):
    return (kind, list(ids), more)


BAD = [
    ("nan place", _set(["organizations", 0, "x"], float("nan")), "not_finite", "o0"),
    ("infinite place", _set(["organizations", 2, "y"], float("-inf")), "not_finite", "o2"),
    ("nan host", _set(["hosts", 0, "x"], float("nan")), "not_finite", "h1"),
    ("half a place", _set(["organizations", 0, "x"], None), "half_place", "o0"),
    ("far away", _set(["organizations", 0, "x"], 1e12), "number", "o0"),
    ("place as text", _set(["organizations", 0, "x"], "3"), "number", "o0"),
    ("same id", _set(["organizations", 1, "id"], "o0"), "duplicate", "o0"),
    ("same host", lambda raw: raw["hosts"].append(raw["hosts"][0]), "duplicate", "h1"),
    ("same branch", _set(["branches"], [{"id": "b1"}, {"id": "b1"}]), "duplicate", "b1"),
    ("unknown branch", _set(["organizations", 1, "branch"], "b7"), "unknown_branch", "b7"),
    ("no id", _drop("organizations", 3, "id"), "missing", "4"),
    ("number as id", _set(["organizations", 3, "id"], 17), "shape", "4"),
    ("empty id", _set(["organizations", 3, "id"], ""), "shape", "4"),
    ("no place given", _drop("organizations", 3, "x"), "missing", "o3"),
    ("negative members", _set(["organizations", 3, "members"], -1), "number", "o3"),
    ("half a member", _set(["organizations", 3, "members"], 1.5), "number", "o3"),
    ("true members", _set(["organizations", 3, "members"], True), "number", "o3"),
    ("nan members", _set(["organizations", 3, "members"], float("nan")), "not_finite", "o3"),
    ("no members", _drop("organizations", 3, "members"), "missing", "o3"),
    ("field a number", _set(["organizations", 3, "field"], 3), "shape", "o3"),
    ("slots negative", _set(["hosts", 0, "slots"], -1), "number", "h1"),
    ("organizations an object", _set(["organizations"], {}), "shape", "organizations"),
    ("an organization a text", _set(["organizations", 0], "o0"), "shape", "1"),
    ("no organizations", _drop("organizations"), "missing", "organizations"),
    ("unknown parameter", _set(["params", "radius"], 3), "unknown_key", "radius"),
    ("parameter nan", _set(["params", "radius_m"], float("nan")), "not_finite", "radius_m"),
    ("parameter negative", _set(["params", "w_field"], -3), "number", "w_field"),
    ("parameter a text", _set(["params", "move"], "viel"), "number", "move"),
    ("no units", _set(["params", "max_units"], 0), "number", "max_units"),
    ("wrong mode", _set(["params", "mode"], "all"), "number", "mode"),
    ("limits crossed", _set(["params", "max_members"], 2), "limits", "3"),
    ("too many ways", lambda raw: raw["params"].update(max_units=40, min_members=30), "too_rich", "5000"),
    ("lock kind", _locks(lock("pair", "o0", "o1")), "lock_kind", "pair"),
    ("lock without ids", _set(["locks"], [{"kind": "seat"}]), "shape", "1"),
    ("lock of one", _locks(lock("together", "o0")), "lock_ids", "together"),
    ("lock names twice", _locks(lock("apart", "o0", "o0")), "lock_twice", "o0"),
    ("lock unknown", _locks(lock("seat", "o0"), lock("together", "o0", "zz")), "lock_unknown", "zz"),
    ("lock independent", _locks(lock("together", "o0", "o5")), "lock_independent", "o5"),
    ("lock out of play", _locks(lock("together", "o0", "o4")), "lock_idle", "o4"),
    ("group too small", _locks(lock("group", "o1", "o2")), "lock_small", "o2"),
    ("group too large",
     lambda raw: (_set(["params", "max_units"], 2)(raw), _locks(lock("group", "o0", "o1", "o2"))(raw)),
     "lock_large", "o1"),
    ("seat without members", lambda raw: (_set(["params", "mode"], "fill")(raw), _locks(lock("seat", "o4"))(raw)),
     "lock_seatless", "o4"),
    ("nobody may sit", _locks(lock("group", "o0", "o1"), lock("not_seat", "o0", "o1")), "no_seat_left", "o0"),
    ("two groups", _locks(lock("group", "o0", "o1"), lock("group", "o1", "o3")), "conflict", "o1"),
    ("together across", _locks(lock("group", "o0", "o1"), lock("together", "o1", "o3")), "conflict", "o3"),
    ("chain apart", _locks(lock("together", "o0", "o1"), lock("together", "o1", "o2"), lock("apart", "o0", "o2")),
     "conflict", "o2"),
    ("apart in a group", _locks(lock("group", "o0", "o1"), lock("apart", "o0", "o1")), "conflict", "o1"),
    ("two seats in one", _locks(lock("together", "o0", "o1"), lock("seat", "o0", "o1")), "conflict", "o1"),
    ("seat and not", _locks(lock("seat", "o0"), lock("not_seat", "o0")), "conflict", "o0"),
    ("allow half a unit", _locks(lock("allow", "o0", "o1", max_units=2.5)), "number", "max_units"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "named"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_cannot_be_used_is_refused_with_its_name(whole, change, code, named):
    change(whole)
    with pytest.raises(UnusableInstance) as refused:
        instance.read(json.dumps(whole))
    assert refused.value.code == code
    assert named in str(refused.value)
    assert "{" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "null", '"a"', '{"organizations": [}', b"\xff\xfe\x00", "[" * 100000]
)
def test_no_instance_at_all(text):
    with pytest.raises(UnusableInstance):
        instance.read(text)


def test_every_sentence_is_used():
    tested = {row[2] for row in BAD} | {"json"}
    assert set(MESSAGES) == tested


def test_the_order_of_the_file_changes_nothing(whole):
    turned = {**whole, "organizations": whole["organizations"][::-1]}
    assert instance.parse(whole) == instance.parse(turned)


def test_a_branch_beyond_the_limits_is_kept_as_it_is(whole):
    whole["params"]["max_units"] = 1
    assert instance.parse(whole).over_limit == {"b1": ("o0", "o6")}


def test_defaults_are_those_of_the_contract():
    read = instance.parse({"organizations": []}).params
    assert (read.max_units, read.min_members, read.max_members, read.radius_m, read.dist_factor) == (
        5,
        3,
        50,
        8000,
        1.3,
    )
    assert (read.w_field, read.w_street, read.w_unit, read.f_new, read.f_keep) == (1500, 800, 200, 4000, 2500)
    assert (read.move, read.attach, read.p_member, read.p_none, read.mode) == (1500, 2500, 60000, 2500, "members")
