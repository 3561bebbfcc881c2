"""Areas, the office and an open round for the tests about grants."""

import pytest

from liaoyuan.core.actions import parameters
from tests.core.factories import AT
from tests.funding import ground
from tests.registry import factories as registry


@pytest.fixture
def areas(db):
    return registry.binhu()


@pytest.fixture
def shipped(db):
    """The parameters of the release in the table."""
    parameters.sync_shipped(at=AT)


@pytest.fixture
def office(areas):
    return ground.office()


@pytest.fixture
def round_(areas, office):
    return ground.opened(areas["district"], office)


@pytest.fixture
def body(areas):
    return ground.body("滨湖区甲示例服务中心", street=areas["heli"])


@pytest.fixture
def head(body):
    return ground.head(body, "fuze")
