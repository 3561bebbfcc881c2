"""The draw of readers: as even as the ties allow, by trying everything; the same seed the same draw."""

import random
from itertools import combinations, product

import pytest

from liaoyuan.funding.rules import assigning


def small(seed):
    dice = random.Random(seed)
    experts = [f"e{n}" for n in range(dice.randint(1, 5))]
    free = {f"p{n}": [e for e in experts if dice.random() < 0.6] for n in range(dice.randint(1, 5))}
    return experts, free, dice.randint(1, 3)


def evenest(experts, free, wanted, held=None):
    """The loads, the greatest first, of the evenest lawful draw, by trying all."""
    held = held or {}
    choices = []
    for project, mine in free.items():
        rest = [e for e in mine if e not in held.get(project, ())]
        choices.append(list(combinations(rest, min(max(wanted - len(held.get(project, ())), 0), len(rest)))))
    found = None
    for chosen in product(*choices):
        loads = dict.fromkeys(experts, 0)
        for readers in (*chosen, *held.values()):
            for expert in readers:
                loads[expert] += 1
        ordered = sorted(loads.values(), reverse=True)
        found = ordered if found is None or ordered < found else found
    return found


@pytest.mark.parametrize("part", range(4))
def test_no_draw_is_evener(part):
    for seed in range(part * 500, (part + 1) * 500):
        experts, free, wanted = small(seed)
        plan = assigning.assign(free, wanted=wanted, experts=experts, seed=str(seed))
        for project, mine in free.items():
            readers = plan.readers[project]
            assert set(readers) <= set(mine)
            assert len(set(readers)) == len(readers) == min(wanted, len(mine))
            assert plan.missing.get(project, 0) == wanted - len(readers)
        assert sorted(plan.loads(experts).values(), reverse=True) == evenest(experts, free, wanted), seed


def test_without_ties_loads_differ_by_one_at_most():
    for projects, number, wanted in ((109, 20, 5), (58, 7, 5), (1, 9, 3), (13, 6, 5)):
        experts = [f"e{n}" for n in range(number)]
        plan = assigning.assign({f"p{n}": experts for n in range(projects)}, wanted=wanted, experts=experts, seed="x")
        loads = plan.loads(experts).values()
        assert sum(loads) == projects * wanted
        assert max(loads) - min(loads) <= 1


def test_what_stands_is_kept_and_counts():
    for seed in range(300):
        experts, free, wanted = small(f"held{seed}")
        first = assigning.assign(free, wanted=wanted, experts=experts, seed="s")
        held = {p: readers[:1] for p, readers in first.readers.items() if readers}
        plan = assigning.assign(free, wanted=wanted, experts=experts, seed="t", fixed=held)
        assert all(set(readers) <= set(plan.readers[p]) for p, readers in held.items())
        assert sorted(plan.loads(experts).values(), reverse=True) == evenest(experts, free, wanted, held), seed


def test_the_seed_and_nothing_else_decides():
    experts = [f"e{n}" for n in range(9)]
    free = {f"p{n}": experts for n in range(12)}
    one = assigning.assign(free, wanted=3, experts=experts, seed="a")
    turned = {p: experts[::-1] for p in reversed(free)}
    assert assigning.assign(turned, wanted=3, experts=experts[::-1], seed="a").readers == one.readers
    assert assigning.assign(free, wanted=3, experts=experts, seed="b").readers != one.readers


def test_among_equally_busy_ones_the_speciality_decides():
    experts = [f"e{n}" for n in range(6)]
    plan = assigning.assign({"p": experts}, wanted=2, experts=experts, seed="x", skilled={"p": ["e4", "e5"]})
    assert set(plan.readers["p"]) == {"e4", "e5"}


def test_a_big_round_is_drawn_evenly_in_spite_of_ties():
    dice = random.Random(3)
    experts = [f"e{n}" for n in range(60)]
    free = {f"p{n}": [e for e in experts if dice.random() < 0.95] for n in range(3_000)}
    loads = assigning.assign(free, wanted=5, experts=experts, seed="x").loads(experts).values()
    assert max(loads) - min(loads) <= 1
