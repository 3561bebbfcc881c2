"""The best pack against trying everything, the order of the list, the bound of a search that was cut off."""

import random
from itertools import combinations

import pytest

from liaoyuan.funding.rules import packing
from liaoyuan.funding.rules.packing import Ground, Item, Quota


def lawful(chosen, ground, *, least=True):
    """Money and quotas counted anew from what was chosen."""
    need = dict.fromkeys(ground.money, 0)
    for item in chosen:
        need[item.street] = need.get(item.street, 0) + item.cost
    common = need.pop("", 0) + sum(max(0, fen - ground.money.get(street, 0)) for street, fen in need.items())
    if common > ground.money.get("", 0):
        return False
    for key, quota in ground.quotas.items():
        mine = [item for item in chosen if key in item.counts]
        if quota.most is not None and len(mine) > quota.most:
            return False
        if quota.most_fen is not None and sum(item.cost for item in mine) > quota.most_fen:
            return False
        if least and len(mine) < quota.least:
            return False
    return True


def tried(items, ground, *, least=True):
    """The most points by trying every choice; None when none is lawful."""
    worth = [
        sum(item.value for item in chosen)
        for size in range(len(items) + 1)
        for chosen in combinations(items, size)
        if lawful(chosen, ground, least=least)
    ]
    return max(worth, default=None)


def drawn(seed, most=7):
    """A small problem with everything that may bind."""
    dice = random.Random(seed)
    items = [
        Item(
            f"p{n}", dice.randint(0, 12), dice.randint(0, 10), dice.choice(["", "河埒", "蠡园"]),
            ("all", *(key for key in ("field", "body") if dice.random() < 0.5)),
        )
        for n in range(dice.randint(0, most))
    ]  # fmt: skip
    ground = Ground(
        {"": dice.randint(0, 25), "河埒": dice.randint(0, 8), "蠡园": dice.randint(0, 8)},
        {
            "all": Quota(dice.choice([0, 0, 2]), dice.choice([None, 2, 4])),
            "field": Quota(dice.choice([0, 1]), dice.choice([None, 2]), dice.choice([None, 10])),
            "body": Quota(most=dice.choice([None, 1])),
        },
    )
    return items, ground


@pytest.mark.parametrize("part", range(4))
def test_the_pack_is_the_best_of_all_choices(part):
    unreachable = 0
    for seed in range(part * 600, (part + 1) * 600):
        items, ground = drawn(seed)
        pack = packing.best(items, ground)
        chosen = [item for item in items if item.key in pack.chosen]
        best = tried(items, ground)
        assert pack.proven, seed
        assert pack.value == sum(item.value for item in chosen)
        if best is None:
            unreachable += 1
            assert pack.unmet
            assert pack.value == tried(items, ground, least=False), seed
            assert lawful(chosen, ground, least=False)
        else:
            assert pack.value == best, seed
            assert pack.unmet == ()
            assert lawful(chosen, ground)
    assert 0 < unreachable < 600


@pytest.mark.parametrize("seed", range(12))
def test_ten_projects_are_tried_as_well(seed):
    dice = random.Random(f"ten{seed}")
    items = [Item(str(n), dice.randint(6_000, 9_500), dice.randint(3, 20), "", ("all",)) for n in range(10)]
    ground = Ground({"": 60}, {"all": Quota(most=6)})
    assert packing.best(items, ground).value == tried(items, ground)


@pytest.mark.parametrize("seed", range(300))
def test_the_order_of_the_list_is_a_plain_walk(seed):
    items, ground = drawn(f"walk{seed}")
    taken = []
    for item in items:
        if lawful([*taken, item], ground, least=False):
            taken.append(item)
    order, why = packing.in_order(items, ground)
    assert order.chosen == tuple(item.key for item in taken)
    assert set(why) == {item.key for item in items} - set(order.chosen)
    assert all(why.values())
    for item in items:
        if item.key in why:
            assert packing.barred(taken, item, ground) or item not in taken


def test_where_nothing_is_better_the_order_stands():
    items = [Item("甲", 9_000, 10), Item("乙", 8_000, 10), Item("丙", 8_000, 10)]
    ground = Ground({"": 20})
    assert packing.best(items, ground).chosen == packing.in_order(items, ground)[0].chosen == ("甲", "乙")


def test_two_small_ones_for_a_big_one_and_who_changed():
    items = [Item("大", 9_000, 20), Item("中", 8_500, 10), Item("小", 8_000, 10)]
    ground = Ground({"": 20})
    order, why = packing.in_order(items, ground)
    pack = packing.best(items, ground)
    assert (order.chosen, order.value) == (("大",), 9_000)
    assert why == {"中": ("money",), "小": ("money",)}
    assert (pack.chosen, pack.value, pack.bound) == (("中", "小"), 16_500, 16_500)
    assert packing.differing(order, pack) == (frozenset({"大"}), frozenset({"中", "小"}))
    assert packing.barred(items[1:], items[0], ground) == ("money",)


def test_money_of_a_street_goes_nowhere_else():
    ground = Ground({"": 10, "河埒": 10})
    assert packing.best([Item("甲", 5, 20, "河埒")], ground).chosen == ("甲",)
    assert packing.best([Item("甲", 5, 11, "蠡园")], ground).chosen == ()
    assert packing.draws([Item("甲", 5, 14, "河埒"), Item("乙", 5, 6, "蠡园")], ground.money) == {
        "甲": {"河埒": 10, "": 4}, "乙": {"": 6},
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(200))
def test_what_is_drawn_never_overdraws(seed):
    items, ground = drawn(f"draw{seed}")
    chosen = [item for item in items if item.key in packing.best(items, ground).chosen]
    used = dict.fromkeys(ground.money, 0)
    for item in chosen:
        parts = packing.draws(chosen, ground.money)[item.key]
        assert sum(parts.values()) == item.cost
        assert set(parts) <= {item.street, ""}
        for key, fen in parts.items():
            used[key] += fen
    assert all(used[key] <= fen for key, fen in ground.money.items())


@pytest.mark.parametrize("nodes", [0, 1, 5, 30])
def test_a_search_that_is_cut_off_tells_a_bound_that_holds(nodes):
    for seed in range(150):
        items, ground = drawn(f"cut{seed}")
        ground = Ground(ground.money, {key: Quota(0, q.most, q.most_fen) for key, q in ground.quotas.items()})
        pack = packing.best(items, ground, most_nodes=nodes)
        best = tried(items, ground)
        assert pack.value <= best <= pack.bound
        assert pack.value >= packing.in_order(items, ground)[0].value


@pytest.mark.parametrize("seed", range(3))
def test_a_whole_round_is_proven_best(seed):
    """109 applications for 400 万 with street money and 42 places, as Binhu had in 2020: the bound is reached."""
    dice = random.Random(seed)
    streets = [f"s{n}" for n in range(6)]
    items = sorted(
        (Item(str(n), dice.randint(6_000, 9_500), dice.randint(30, 200) * 100_000, dice.choice(["", *streets]),
              ("all",)) for n in range(109)), key=lambda item: -item.value,
    )  # fmt: skip
    ground = Ground({"": 340_000_000, **dict.fromkeys(streets, 10_000_000)}, {"all": Quota(most=42)})
    pack = packing.best(items, ground)
    assert pack.proven
    assert pack.value > packing.in_order(items, ground)[0].value
