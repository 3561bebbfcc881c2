"""The demo, built once for a file of tests and rolled back after it; business time stands still on its day."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import install, parameters
from liaoyuan.registry.actions import demo

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """The model district with areas and shipped parameters."""
    with django_db_blocker.unblock(), transaction.atomic():
        install.load_areas(at=AT)
        parameters.sync_shipped(at=AT)
        yield demo.build(scale=1, seed=1026, by=Operator("tests"), at=AT, say=lambda text: None)
        transaction.set_rollback(True)


@pytest.fixture
def on_the_day(monkeypatch):
    """26 October 2026, ten o'clock."""
    monkeypatch.setenv("LIAOYUAN_NOW", AT.isoformat())
