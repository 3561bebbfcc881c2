"""Areas, the office and an open round for the tests about grants."""

from datetime import date

import pytest

from liaoyuan.core.actions import parameters
from liaoyuan.core.models import SeparationSetting
from tests.core.factories import AT
from tests.funding import granting, ground
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


@pytest.fixture
def office_level(db):
    """Fields of class C3 may be filled."""
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)


@pytest.fixture
def desk(office_level, areas):
    return granting.desk(areas["district"])


@pytest.fixture
def proposed(round_, body, head):
    return granting.proposed(round_, body, head)
