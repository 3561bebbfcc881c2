"""The planner's district and who works on it."""

import pytest

from tests.core.factories import user
from tests.party import factories as make
from tests.planning import planning_ground as ground
from tests.registry import factories as registry


@pytest.fixture
def areas(db):
    return registry.binhu()


@pytest.fixture
def committee(areas):
    return make.committee(areas["district"])


@pytest.fixture
def lead(areas):
    return make.lead()


@pytest.fixture
def head(areas):
    return make.lead("head", "party_head")


@pytest.fixture
def street(areas):
    return user("street", ("street_office", "area", areas["heli"].code), is_demo=True)


@pytest.fixture
def district(areas, committee):
    return ground.lay(areas, committee)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
