"""The generator of the demo: the same seed gives the same rows, another seed others, a larger scale whole multiples."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import install
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import demo, demo_dues
from liaoyuan.registry.actions.demo_bodies import Maker, Places
from tests.registry.factories import AT, user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)


@pytest.fixture
def places():
    install.load_areas(at=AT)
    district = Area.objects.get(code="320211")
    streets = list(Area.objects.filter(parent=district).order_by("code"))
    return Places(district, streets, {s.pk: list(Area.objects.filter(parent=s).order_by("code")) for s in streets})


def made(places, *, scale=1, seed=1026, today=TODAY):
    maker = Maker(scale, seed, today, places)
    found = maker.bodies()
    demo_dues.deal(maker, found)
    return found


def rows(found, today=TODAY):
    return [
        (b.code, b.filing_no, b.registered_on, b.closed_on, b.ratings, b.results, b.credits, b.honours,
         b.predecessor and b.predecessor.filing_no, [(p.start, p.end, dict(p.values)) for p in b.history(today)])
        for b in found
    ]  # fmt: skip


def test_the_same_seed_and_day_give_the_same_rows(places):
    one = rows(made(places))
    assert one == rows(made(places))
    assert one != rows(made(places, seed=7))


@pytest.mark.parametrize(("seed", "today"), [(1, date(2026, 1, 1)), (2, date(2024, 2, 29)), (3, date(2027, 12, 31))])
def test_any_seed_and_day_keep_the_counts_and_what_is_due(places, seed, today):
    found = made(places, seed=seed, today=today)
    live = [b for b in found if b.status in ("active", "liquidating")]
    assert Counter(b.kind for b in live) == {"MF": 381, "ST": 131, "JJ": 1, "BA": 1059}
    soon = [today + timedelta(days=n) for n in range(31)]
    due = [b.facts.get(n) for b in live for n in ("certificate_to", "term_to", "filing_to") if b.facts.get(n) in soon]
    rated = [r for b in live for r in b.ratings if r[2] - timedelta(days=1) in soon]
    assert (len(due), len(rated)) == (7, 3)
    for body in found:
        history = body.history(today)
        assert all(p.end > p.start for p in history)
        assert body.registered_on is None or body.registered_on <= today
        assert body.closed_on is None or body.registered_on < body.closed_on <= today


@pytest.mark.parametrize("scale", [1, 5])
def test_cases_are_about_bodies_in_ordinary_work(places, scale):
    found = made(places, scale=scale)
    chosen = demo._associations(found, found[0])[:12]
    assert len(chosen) == 12 and {b.kind for b in chosen} == {"ST"}
    assert {b.status for b in chosen} == {"active"} and not any(b.credits for b in chosen)


def test_a_larger_scale_is_a_whole_multiple_without_repeated_names(places):
    found = made(places, scale=4)
    live = Counter(b.kind for b in found if b.live)
    assert live == {"MF": 4 * 381, "ST": 4 * 131, "JJ": 4, "BA": 4 * 1059}
    names = {p.values["name"] for b in found for p in b.history(TODAY)}
    assert len(names) >= len(found)
    assert len({b.code or b.filing_no for b in found}) == len(found)


def test_without_areas_it_says_what_to_run_first():
    with pytest.raises(Refused, match="liaoyuan init"):
        demo.build(scale=1, seed=1, by=Operator("tests"), at=AT, say=lambda text: None)


def test_only_an_operator_or_an_importer_may_build():
    with pytest.raises(PermissionDenied):
        demo.build(scale=1, seed=1, by=user("nobody"), at=AT, say=lambda text: None)
