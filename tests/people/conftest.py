"""Accounts and bodies for the tests about persons."""

import pytest

from tests.registry import factories as make


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


@pytest.fixture
def association(areas):
    return make.organization("滨湖区甲示例协会", "ST", street=areas["heli"], legal_representative="赵甲一")


@pytest.fixture
def foundation(areas):
    return make.organization("滨湖区乙示例基金会", "JJ", street=areas["heli"])


@pytest.fixture
def centre(areas):
    return make.organization("滨湖区丙示例中心", "MF", street=areas["heli"], full_time=2, part_time=0)
