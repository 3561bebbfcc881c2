"""Areas, a committee and bodies for the tests about party organizations."""

import pytest

from tests.party import factories as make
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
def centre(areas):
    return registry.organization("滨湖区甲示例服务中心", "MF", street=areas["heli"])


@pytest.fixture
def other_centre(areas):
    return registry.organization("滨湖区乙示例服务中心", "MF", street=areas["heli"])
