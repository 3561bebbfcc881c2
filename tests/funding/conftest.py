"""Areas, the office and an open round for the tests about grants."""

import re
from contextlib import contextmanager
from datetime import date

import pytest
from django.apps import apps
from django.db import connection

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
def party_refused():
    """A context in which a statement fails that names a table of the party's floor, or how many members a body told of;
    it gives the statements asked.
    """
    tables = [model._meta.db_table for model in apps.get_app_config("party").get_models(include_auto_created=True)]
    forbidden = re.compile(rf"\b(?:{'|'.join(tables)}|party_members_declared)\b", re.IGNORECASE)

    @contextmanager
    def refusing():
        asked = []

        def watch(execute, sql, params, many, context):
            asked.append(sql)
            if forbidden.search(sql):
                raise AssertionError(f"reads the party: {sql}")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            yield asked

    return refusing


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
